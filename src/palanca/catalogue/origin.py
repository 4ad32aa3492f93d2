"""Where a table comes from, kept with the table at every step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import polars as pl

from palanca.catalogue.figure import Evidence, Figure, Key
from palanca.catalogue.sources import Confidence, Licence, TableSpec
from palanca.catalogue.text import Text
from palanca.catalogue.unknown import Unknown, unknown


@dataclass(frozen=True)
class Origin:
    """Producer, terms and identity of a table, down to the footnote of a sentence.

    Attributes:
        vintage: day of the version stored.
        sha256: of the Parquet file the table was read from.
        local: whether it comes from the user's data folder instead of the package.
    """

    source: str
    publisher: str
    citation: str
    licence: Licence
    address: str
    vintage: date
    sha256: str
    local: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A frame with its origin; columns and units are those of its source description."""

    name: str
    frame: pl.DataFrame
    spec: TableSpec
    origin: Origin

    @property
    def title(self) -> Text:
        """Name of the table for people."""
        return self.spec.title

    @property
    def confidence(self) -> Confidence:
        """How far the producer's method is to be trusted, and why."""
        return self.spec.confidence

    @cached_property
    def last_period(self) -> str:
        """Last period on file as ISO text; empty for a table without dates."""
        column = self.spec.period
        if column is None or self.frame.is_empty():
            return ""
        return str(self.frame[column].max())

    def rows(self, **keys: Key | tuple[Key, ...]) -> pl.DataFrame:
        """Return the rows that match every key; a tuple matches any of its values."""
        return _rows(self, tuple(keys.items()))

    def evidence(self, column: str, keys: Mapping[str, Key | tuple[Key, ...]]) -> Evidence:
        """Return the pointer to the rows behind a number."""
        return Evidence(self.name, column, dict(keys), self.origin.vintage.isoformat(), self.origin.sha256)

    def cell(self, column: str, **keys: Key) -> float | Unknown:
        """Return the one number at `keys`; missing rows and empty cells are unknown, never zero."""
        found = self.rows(**keys)[column].drop_nulls()
        if found.is_empty():
            return self.missing(**keys)
        return float(found[0])

    def figure(self, name: str, column: str, **keys: Key) -> Figure:
        """Return the cell at `keys` as a figure, unit and period read off the table."""
        period = self.rows(**keys)[self.spec.period] if self.spec.period else pl.Series([""])
        return Figure(
            name=name,
            value=self.cell(column, **keys),
            unit=self.spec.columns[column].unit,
            period=str(period[0]) if len(period) else "",
            table=self.name,
            evidence=(self.evidence(column, keys),),
            method="catalogue.cell",
        )

    def missing(self, **keys: Key) -> Unknown:
        """Return the unknown that stands for a row this table does not hold."""
        what = ", ".join(str(value) for value in keys.values() if value != "")
        return unknown(f"{self.title.en}: no row for {what}", f"{self.title.es}: sin fila para {what}")


@lru_cache(maxsize=4096)
def _rows(table: Table, keys: tuple[tuple[str, Key | tuple[Key, ...]], ...]) -> pl.DataFrame:
    return table.frame.filter(*(_matches(column, value) for column, value in keys))


def _matches(column: str, value: Key | tuple[Key, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(value)) if isinstance(value, tuple) else pl.col(column) == value
