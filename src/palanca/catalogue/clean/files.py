"""Read a publisher's text file whole before its types are guessed."""

from pathlib import Path
from typing import Any

import polars as pl


def csv(path: Path, **options: Any) -> pl.DataFrame:
    """Return the CSV at `path`; column types are inferred from every row, not the first hundred."""
    return pl.read_csv(path, infer_schema_length=None, **options)
