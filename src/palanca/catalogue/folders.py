"""Where a user's own data and cached results live."""

import os
from pathlib import Path

import platformdirs


def user_data() -> Path:
    """Return the user's data folder: `PALANCA_DATA`, or the platform's own place."""
    return Path(os.environ.get("PALANCA_DATA") or platformdirs.user_data_dir("palanca", appauthor=False))


def user_cache() -> Path:
    """Return the folder of cached results: `PALANCA_CACHE`, or the platform's own place."""
    return Path(os.environ.get("PALANCA_CACHE") or platformdirs.user_cache_dir("palanca", appauthor=False))
