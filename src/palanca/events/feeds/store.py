"""The store of events: one Parquet file per month, each event once.

`<store>/year=2024/month=03/events.parquet` holds a month. What a month holds depends on the set of rows
that were ever imported into it and on nothing else: not on their order, their files, or how often an
import was killed and begun again. `imports.json` lists the files imported with what was counted, and
`malformed/` their malformed rows.
"""

import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from palanca.catalogue.folders import user_data
from palanca.errors import BadTable
from palanca.events.feeds.rows import SCHEMA, settled

ROWS_AT_ONCE = 250_000  # of a month, while it is merged
ROW_GROUP = 100_000
UNFINISHED = ".unfinished"
TURN = ".turn"  # held by the import that is under way


@dataclass(frozen=True)
class Month:
    """One file of the store."""

    name: str
    path: Path
    rows: int


def default_store() -> Path:
    """Return where events go when no store is named."""
    return user_data() / "feeds"


def scan(store: Path) -> pl.LazyFrame:
    """Return every event of a store, read only as far as needed; empty where there is none."""
    paths = [month.path for month in months(store)]
    return pl.scan_parquet(paths, hive_partitioning=False) if paths else pl.LazyFrame(schema=SCHEMA)


def months(store: Path) -> list[Month]:
    """Return the months of a store in their order."""
    found = sorted(store.glob("year=*/month=*/events.parquet"))
    return [Month(f"{path.parts[-3][5:]}-{path.parts[-2][6:]}", path, height(path)) for path in found]


def height(path: Path) -> int:
    """Return how many rows a Parquet file has."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def place(store: Path, month: str) -> Path:
    """Return the file of a month."""
    return store / f"year={month[:4]}" / f"month={month[5:]}" / "events.parquet"


def merge(store: Path, month: str, staged: Sequence[Path], drafts: Path) -> str:
    """Put staged rows into a month; return its name. To do so twice is as good as once.

    Args:
        drafts: folder of the same disk for the file while it is written.
    """
    target = place(store, month)
    files = [*([target] if target.exists() else []), *staged]
    draft = drafts / f"{month}-{uuid.uuid4().hex}.draft"
    target.parent.mkdir(parents=True, exist_ok=True)
    source = register_io_source(partial(_merged, files), schema=SCHEMA)
    source.sink_parquet(
        draft, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, maintain_order=True
    )
    os.replace(draft, target)
    return month


def _merged(
    files: Sequence[Path],
    with_columns: list[str] | None,
    predicate: pl.Expr | None,
    n_rows: int | None,
    batch_size: int | None,
) -> Iterator[pl.DataFrame]:
    """Yield the rows of the files, each event once, a few days at a time."""
    rows = pl.scan_parquet(list(files), schema=SCHEMA)
    for first, last in _spans(rows):
        yield settled(rows.filter(pl.col("day").is_between(first, last)).collect())


def _spans(rows: pl.LazyFrame) -> list[tuple[Any, Any]]:
    """Return spans of days that hold few enough rows each, or one day."""
    days = rows.group_by("day").len().sort("day").collect()
    spans: list[tuple[Any, Any]] = []
    held = 0
    for day, count in days.iter_rows():
        if spans and held + count <= ROWS_AT_ONCE:
            spans[-1], held = (spans[-1][0], day), held + count
        else:
            spans.append((day, day))
            held = count
    return spans


def records(store: Path) -> list[dict[str, Any]]:
    """Return what was counted in each file imported.

    Raises:
        BadTable: the list is damaged.
    """
    path = store / "imports.json"
    if not path.exists():
        return []
    try:
        return list(json.loads(path.read_text("utf-8")))
    except (ValueError, OSError) as error:
        raise BadTable(f"{path} is damaged ({error}). Import into a new store.") from error
