"""Where the data of published tables lie."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def nafta_folder():
    """Where the inputs of Caliendo and Parro (2015) lie; PALANCA_SHARED names the folder of shared data."""
    root = Path(__file__).resolve().parents[2]
    shared = Path(os.environ.get("PALANCA_SHARED", root.parent / "shared"))
    folder = shared / "data" / "trade" / "caliendo_parro_2015"
    if not folder.is_dir():
        pytest.skip(f"no data of Caliendo and Parro (2015) in {folder}; set PALANCA_SHARED")
    return folder
