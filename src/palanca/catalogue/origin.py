"""Where a table comes from, kept with the table at every step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial, reduce

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.countries import countries
from palanca.catalogue.figure import Evidence, Figure, Key
from palanca.catalogue.sources import Confidence, Licence, TableSpec
from palanca.catalogue.text import LANGUAGES, Language, Text
from palanca.catalogue.unknown import Unknown, unknown

Keys = tuple[tuple[str, Key | tuple[Key, ...]], ...]
Places = NDArray[np.uint32]
LARGE = 5000  # rows; below it a look through all of them takes no longer than a look-up


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

    def is_name(self, column: str) -> bool:
        """Whether a column holds names, of countries or sectors, and not periods or numbers."""
        return column != self.spec.period and self.frame.schema[column] == pl.String

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
        english, spanish = (", ".join(self._named(keys.values(), language)) for language in LANGUAGES)
        return unknown(f"{self.title.en}: no row for {english}", f"{self.title.es}: sin fila para {spanish}")

    def _named(self, values: Iterable[Key], language: Language) -> Iterator[str]:
        """Yield keys as people say them: countries and codes by name, empty keys not at all."""
        for value in values:
            if known := countries().get(str(value)):
                yield known.name[language]
            elif label := self.spec.labels.get(str(value)):
                yield label[language]
            elif value != "":
                yield f"{value:g}" if isinstance(value, float) else str(value)


@lru_cache(maxsize=4096)
def _rows(table: Table, keys: Keys) -> pl.DataFrame:
    """Return the rows that match, by way of an index of names where a look through them all takes longer."""
    named = [(column, value) for column, value in keys if table.is_name(column)]
    if table.frame.height < LARGE or not named:
        return table.frame.filter(*(_matches(*key) for key in keys))
    places = sorted((_places(table, *key) for key in named[:2]), key=len)
    near = reduce(partial(np.intersect1d, assume_unique=True), places)
    rest = [key for key in keys if key not in named[:2]]
    return table.frame[near].filter(*(_matches(*key) for key in rest)) if rest else table.frame[near]


def _places(table: Table, column: str, value: Key | tuple[Key, ...]) -> Places:
    """Return the numbers of the rows that hold one of the values, in their order."""
    index, nowhere = _index(table, column), np.array([], np.uint32)
    if not isinstance(value, tuple):
        return index.get(value, nowhere)
    return np.sort(np.concatenate([nowhere, *(index.get(one, nowhere) for one in dict.fromkeys(value))]))


@lru_cache(maxsize=256)
def _index(table: Table, column: str) -> Mapping[Key, Places]:
    """Return the numbers of the rows that hold each value of a column."""
    numbered = table.frame.select(column, row=pl.int_range(pl.len(), dtype=pl.UInt32))
    held = numbered.group_by(column).agg("row")
    return dict(zip(held[column], (rows.to_numpy() for rows in held["row"]), strict=True))


def _matches(column: str, value: Key | tuple[Key, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(value)) if isinstance(value, tuple) else pl.col(column) == value
