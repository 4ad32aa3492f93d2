"""The ledger as a table of the catalogue, so that a number can point at the acts behind it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from palanca.catalogue import Catalogue, Evidence
from palanca.events.event import FIELDS, SEPARATOR, Event
from palanca.events.exchange import frame
from palanca.events.ledger import Ledger, shipped

TABLE = "ledger_events"
DATES, LISTS = ("date", "deadline", "recorded_on"), ("other_fronts", "linked_to")


def derivations() -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how the table is derived: from the ledgers that the package carries."""
    return {TABLE: lambda _: table(shipped().events)}


def table(events: Iterable[Event]) -> pl.DataFrame:
    """Return events as rows of words and numbers: days in ISO form, lists joined by semicolons."""
    return frame(events).with_columns(
        *(pl.col(name).dt.to_string("%Y-%m-%d") for name in DATES),
        *(pl.col(name).list.join(SEPARATOR) for name in LISTS),
    )


def events(catalogue: Catalogue) -> tuple[Event, ...]:
    """Return every event that the public record showed on the day of the catalogue.

    Rows were checked when the table was made; here they are only read.
    """
    rows = catalogue[TABLE].frame.filter(pl.col("recorded_on") <= catalogue.as_of.isoformat())
    return tuple(_event(dict(zip(FIELDS, row, strict=True))) for row in rows.select(FIELDS).rows())


def _event(row: dict[str, object]) -> Event:
    days = {name: date.fromisoformat(str(row[name])) if row[name] else None for name in DATES}
    lists = {name: tuple(str(row[name]).split(SEPARATOR)) if row[name] else () for name in LISTS}
    return Event.model_construct(**{**row, **days, **lists})


def between(catalogue: Catalogue, a: str, b: str) -> tuple[Event, ...]:
    """Return the events of a pair on the day of the catalogue, as `Ledger.between` chooses them."""
    return Ledger(events(catalogue)).between(a, b)


def evidence(catalogue: Catalogue, column: str, found: Iterable[Event]) -> tuple[Evidence, ...]:
    """Return the pointer to the rows of the events; empty for none."""
    ids = tuple(event.id for event in found)
    if not ids:
        return ()
    return (catalogue[TABLE].evidence(column, {"id": ids}),)
