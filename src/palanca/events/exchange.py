"""Events as rows of CSV, JSON Lines and Parquet files."""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from palanca.catalogue import export, intake
from palanca.errors import BadLedger
from palanca.events.event import FIELDS, SEPARATOR, Event

Row = dict[str, Any]
OTHER_NAMES = {"date_precision": "precision", "magnitude_unit": "unit", "source_title": "source"}
TYPES: dict[str, Any] = {
    "date": pl.Date,
    "deadline": pl.Date,
    "recorded_on": pl.Date,
    "magnitude": pl.Float64,
    "other_fronts": pl.List(pl.String),
    "linked_to": pl.List(pl.String),
    "other_urls": pl.List(pl.String),
}
SCHEMA = {name: TYPES.get(name, pl.String()) for name in FIELDS}


def rows(path: Path) -> list[Row]:
    """Return the rows of an events file as they stand, unchecked; the suffix tells the format.

    Raises:
        BadLedger: the file is absent, unreadable, of another format, without rows, or has unknown columns.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise BadLedger(f"{path}: events are read from {', '.join(READERS)} files.")
    try:
        found = READERS[suffix](path)
    except (ValueError, RecursionError, *intake.UNREADABLE) as error:
        raise BadLedger(f"{path} cannot be read as {suffix[1:]}: {str(error).splitlines()[0]}") from error
    if not found:
        raise BadLedger(f"{path} has no rows: it needs one event a row, in columns {', '.join(FIELDS)}.")
    named = [{OTHER_NAMES.get(key, key): value for key, value in row.items()} for row in found]
    unknown = sorted({str(key) for row in named for key in row} - set(FIELDS))
    if unknown:
        raise BadLedger(f"{path} has unknown columns: {', '.join(unknown)}. Known: {', '.join(FIELDS)}.")
    return named


def content(events: Sequence[Event], suffix: str) -> bytes:
    """Return the bytes of an events file of the format that `suffix` names, the same each time."""
    if suffix not in WRITERS:
        raise BadLedger(
            f"Events are written as {', '.join(WRITERS)}, not {suffix or 'a file without suffix'}."
        )
    return WRITERS[suffix](events)


def frame(events: Iterable[Event]) -> pl.DataFrame:
    """Return events as a table: one row each, dates as dates, several values as lists."""
    return pl.DataFrame([event.model_dump() for event in events], schema=SCHEMA)


def filled(event: Event) -> Row:
    """Return the fields of an event that hold something, as JSON."""
    return {key: value for key, value in event.model_dump(mode="json").items() if value not in (None, "", [])}


def _from_table(path: Path) -> list[Row]:
    aliases = {name: [other for other, ours in OTHER_NAMES.items() if ours == name] for name in FIELDS}
    found = intake.rows(path, intake.Expected(BadLedger, aliases))
    return [{name: export.restored(cell) for name, cell in _pointed(row).items()} for row in found]


def _pointed(row: dict[str, str]) -> dict[str, str]:
    return {**row, "magnitude": intake.number(row["magnitude"])} if "magnitude" in row else row


def _from_lines(path: Path) -> list[Row]:
    found = [json.loads(line) for line in intake.text(path, BadLedger).split("\n") if line.strip()]
    if not all(isinstance(row, dict) for row in found):
        raise ValueError("each line must be an object")
    return found


def _from_parquet(path: Path) -> list[Row]:
    return pl.read_parquet(io.BytesIO(intake.content(path, BadLedger))).to_dicts()


def _to_csv(events: Sequence[Event]) -> bytes:
    return export.csv_of(FIELDS, (_cells(event.model_dump(mode="json")) for event in events))


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: _cell(value) for key, value in row.items()}


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _to_lines(events: Sequence[Event]) -> bytes:
    return "".join(json.dumps(filled(event), ensure_ascii=False) + "\n" for event in events).encode()


def _to_parquet(events: Sequence[Event]) -> bytes:
    buffer = io.BytesIO()
    frame(events).write_parquet(buffer)
    return buffer.getvalue()


READERS: dict[str, Callable[[Path], list[Row]]] = {
    ".csv": _from_table,
    ".tsv": _from_table,
    ".jsonl": _from_lines,
    ".parquet": _from_parquet,
}
WRITERS: dict[str, Callable[[Sequence[Event]], bytes]] = {
    ".csv": _to_csv,
    ".jsonl": _to_lines,
    ".parquet": _to_parquet,
}
