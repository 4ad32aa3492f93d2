"""Where a table comes from, kept with the table at every step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

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
NOWHERE: Places = np.array([], np.uint32)
LARGE = 5000  # rows; below it a loop over them is faster than a plan


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

    @cached_property
    def indexed(self) -> frozenset[str]:
        """Columns whose rows are found by an index: of words and of whole numbers."""
        kinds = self.frame.schema.items()
        return frozenset(name for name, kind in kinds if kind == pl.String or kind.is_integer())

    def rows(self, **keys: Key | tuple[Key, ...]) -> pl.DataFrame:
        """Return the rows that match every key; a tuple matches any of its values."""
        return _rows(self, tuple(keys.items()))

    def evidence(self, column: str, keys: Mapping[str, Key | tuple[Key, ...]]) -> Evidence:
        """Return the pointer to the rows behind a number."""
        return Evidence(self.name, column, dict(keys), self.origin.vintage.isoformat(), self.origin.sha256)

    def cell(self, column: str, **keys: Key) -> float | Unknown:
        """Return the one number at `keys`; missing rows and empty cells are unknown, never zero."""
        found = next((cell for cell in self.rows(**keys)[column] if cell is not None), None)
        return self.missing(**keys) if found is None else float(found)

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
        """Yield keys as people say them: countries and codes by name, empty keys and sizes not at all."""
        for value in values:
            if known := countries().get(str(value)):
                yield known.name[language]
            elif label := self.spec.labels.get(str(value)):
                yield label[language]
            elif value != "" and not isinstance(value, float):
                yield str(value)


@lru_cache(maxsize=4096)
def _rows(table: Table, keys: Keys) -> pl.DataFrame:
    """Return the rows that match: by way of indexes, since each query of the frame plans anew."""
    indexed = {column: _lists(table, column, value) for column, value in keys if column in table.indexed}
    if not indexed:
        return table.frame.filter(*(_matches(*key) for key in keys))
    near = _near(sorted(indexed.values(), key=lambda lists: sum(map(len, lists))))
    rest = [key for key in keys if key[0] not in indexed]
    found = _taken(table.frame, near)
    return found.filter(*(_matches(*key) for key in rest)) if rest else found


def _lists(table: Table, column: str, value: Key | tuple[Key, ...]) -> list[Places]:
    """Return the numbers of the rows that hold each of the values, in their order."""
    index, wanted = _index(table, column), dict.fromkeys(value if isinstance(value, tuple) else (value,))
    return [index[one] for one in wanted if one in index]


def _near(keys: Sequence[list[Places]]) -> Places:
    """Return the numbers of the rows that are in a list of every key, the rarest key first."""
    near = keys[0][0] if len(keys[0]) == 1 else np.sort(np.concatenate([NOWHERE, *keys[0]]), kind="stable")
    for lists in keys[1:]:
        held = np.zeros(len(near), bool)
        for places in lists:
            held |= places.take(np.searchsorted(places, near), mode="clip") == near
        near = near[held]
    return near


def _taken(frame: pl.DataFrame, near: Places) -> pl.DataFrame:
    """Return rows by their numbers, without a copy where they stand together."""
    if not len(near) or int(near[-1]) - int(near[0]) + 1 == len(near):
        return frame.slice(int(near[0]) if len(near) else 0, len(near))
    return frame[near]


@lru_cache(maxsize=256)
def _index(table: Table, column: str) -> Mapping[Key, Places]:
    """Return the numbers of the rows that hold each value of a column."""
    if table.frame.height < LARGE:
        found: dict[Key, list[int]] = {}
        for row, value in enumerate(table.frame[column].to_list()):
            found.setdefault(value, []).append(row)
        return {value: np.array(rows, np.uint32) for value, rows in found.items()}
    numbered = table.frame.select(column, row=pl.int_range(pl.len(), dtype=pl.UInt32))
    held = numbered.group_by(column).agg("row")
    return dict(zip(held[column], (rows.to_numpy() for rows in held["row"]), strict=True))


def _matches(column: str, value: Key | tuple[Key, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(value)) if isinstance(value, tuple) else pl.col(column) == value
