"""The ledger as a table of the catalogue, so that a number can point at the acts behind it."""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from palanca.catalogue import Catalogue, Evidence, Table
from palanca.events.event import FIELDS, SEPARATOR, Event
from palanca.events.exchange import frame
from palanca.events.ledger import Ledger, shipped
from palanca.events.own import is_own, ledger

TABLE = "ledger_events"
DATES, LISTS = ("date", "deadline", "recorded_on"), ("other_fronts", "linked_to", "other_urls")


def derivations() -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how the table is derived: from the ledgers that the package carries."""
    return {TABLE: lambda _: table(shipped().events)}


def table(events: Iterable[Event]) -> pl.DataFrame:
    """Return events as rows of words and numbers: days in ISO form, lists joined by semicolons."""
    return frame(events).with_columns(
        *(pl.col(name).dt.to_string("%Y-%m-%d") for name in DATES),
        *(pl.col(name).list.join(SEPARATOR) for name in LISTS),
    )


def own() -> bytes | None:
    """Return the table of the user's own ledger as Parquet; None where there is none.

    It is read off the ledger each time, so that no event on file can be missing from a brief.

    Raises:
        BadLedger: the ledger has faults; all are listed.
    """
    if not is_own():
        return None
    buffer = io.BytesIO()
    table(ledger().events).write_parquet(buffer)
    return buffer.getvalue()


def events(catalogue: Catalogue) -> tuple[Event, ...]:
    """Return every event that the public record showed on the day of the catalogue.

    Rows were checked when the table was made; here they are only read.
    """
    return _ledger(catalogue[TABLE], catalogue.as_of).events


@cache
def _ledger(table: Table, day: date) -> Ledger:
    rows = table.frame.filter(pl.col("recorded_on") <= day.isoformat())
    return Ledger(tuple(_event(dict(zip(FIELDS, row, strict=True))) for row in rows.select(FIELDS).rows()))


def _event(row: dict[str, Any]) -> Event:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in DATES}
    lists = {name: tuple(row[name].split(SEPARATOR)) if row[name] else () for name in LISTS}
    cells: dict[str, Any] = {**row, **days, **lists}
    return Event.model_construct(**cells)


def between(catalogue: Catalogue, a: str, b: str) -> tuple[Event, ...]:
    """Return the events of a pair on the day of the catalogue, as `Ledger.between` chooses them."""
    return _between(catalogue[TABLE], catalogue.as_of, a, b)


@cache
def _between(table: Table, day: date, a: str, b: str) -> tuple[Event, ...]:
    return _ledger(table, day).between(a, b)


def evidence(catalogue: Catalogue, column: str, found: Iterable[Event]) -> tuple[Evidence, ...]:
    """Return the pointer to the rows of the events; empty for none."""
    ids = tuple(event.id for event in found)
    if not ids:
        return ()
    return (catalogue[TABLE].evidence(column, {"id": ids}),)
