"""Levels and trends of the matters that pressure is about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl
from pydantic import Field, RootModel

from palanca.catalogue import Catalogue, Country, Figure, Series, Table, Text, pair
from palanca.catalogue.figure import Evidence, Key, combine, standing
from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict

MONTHS = 12
HERE = "events.fronts"
WINDOWS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": lambda values: float(sum(values)),
    "mean": lambda values: sum(values) / len(values),
    "last": lambda values: float(values[-1]),
}


class Indicator(Strict):
    """One indicator of a front, as `data/parameters/fronts.yaml` describes it.

    `window` tells how twelve months become one number; `last` is for counts that already cover
    twelve months, which must never be added.
    """

    front: Literal["migration", "drugs", "violence", "risk"]
    title: Text
    table: str
    column: str
    where: dict[str, str]
    pairs: tuple[tuple[str, str], ...] | Literal["each"]
    window: Literal["sum", "mean", "last"]
    unit: str
    caveat: Text
    source: str = Field(min_length=5)


class Indicators(RootModel[dict[str, Indicator]]):
    """All indicators by name."""


@dataclass(frozen=True)
class Front:
    """One indicator for one pair: twelve months, the twelve before, and the peak.

    Attributes:
        country: whose indicator it is, where both countries have their own.
        last: the last twelve months on file; `before` the twelve before them.
        change_pct: of `last` on `before`.
        peak: the largest twelve months on file, dated by its last month.
        series: the monthly path.
    """

    name: str
    indicator: Indicator
    country: str | None
    last: Figure
    before: Figure
    change_pct: Figure
    peak: Figure
    series: Series


def fronts(
    country: str | Country, partner: str | Country, *, catalogue: Catalogue | None = None
) -> list[Front]:
    """Return every indicator on file for the pair, with level and trend over twelve months.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
    """
    a, b = pair(country, partner)
    tables = catalogue or Catalogue()
    return [found for wanted in _wanted(a.iso3, b.iso3) if (found := _front(tables, *wanted))]


def _wanted(a: str, b: str) -> Iterator[tuple[str, Indicator, str | None]]:
    for name, indicator in parameters("fronts", Indicators).root.items():
        if indicator.pairs == "each":
            yield from ((name, indicator, iso3) for iso3 in (a, b))
        elif {a, b} in map(set, indicator.pairs):
            yield name, indicator, None


def _front(tables: Catalogue, name: str, indicator: Indicator, country: str | None) -> Front | None:
    table = tables[indicator.table]
    keys = {column: country if value == "each" else value for column, value in indicator.where.items()}
    rows = table.rows(**{column: str(value) for column, value in keys.items()})
    rows = rows.filter(pl.col(indicator.column).is_not_null()).sort("month")
    if rows.height < 2 * MONTHS:
        return None
    read = _Reader(table, name, indicator, {column: str(value) for column, value in keys.items()}, rows)
    last, before = read.window(rows.height), read.window(rows.height - MONTHS)
    return Front(
        name=name if country is None else f"{name}_{country}",
        indicator=indicator,
        country=country,
        last=read.placed(last),
        before=before,
        change_pct=combine("change_pct", "percent", _growth, last, before, method=f"{HERE}.growth"),
        peak=read.window(read.highest()),
        series=read.path(),
    )


def _growth(last: float, before: float) -> float:
    return 100 * (last / before - 1)


@dataclass(frozen=True)
class _Reader:
    """Twelve-month windows over one column of one table; `end` is the row after a window's last."""

    table: Table
    name: str
    indicator: Indicator
    keys: dict[str, str]
    rows: pl.DataFrame

    def window(self, end: int) -> Figure:
        part = self.rows.slice(end - MONTHS, MONTHS)
        return Figure(
            name=self.name,
            value=WINDOWS[self.indicator.window](part[self.indicator.column].to_list()),
            unit=self.indicator.unit,
            period=str(part["month"][-1]),
            table=self.table.name,
            evidence=(self._evidence(part),),
            method=f"{HERE}.{self.indicator.window}",
        )

    def _evidence(self, part: pl.DataFrame) -> Evidence:
        months = part["month"].tail(1) if self.indicator.window == "last" else part["month"]
        keys: dict[str, Key | tuple[Key, ...]] = {**self.keys, "month": tuple(months)}
        return self.table.evidence(self.indicator.column, keys)

    def values(self) -> list[float]:
        column = self.rows[self.indicator.column].to_list()
        ends = range(MONTHS, len(column) + 1)
        return [WINDOWS[self.indicator.window](column[end - MONTHS : end]) for end in ends]

    def highest(self) -> int:
        values = self.values()
        return values.index(max(values)) + MONTHS

    def placed(self, figure: Figure) -> Figure:
        return replace(figure, past=standing(figure.value, self.values()[:-1]))

    def path(self) -> Series:
        return Series(
            name=self.name,
            unit=self.indicator.unit,
            periods=tuple(self.rows["month"]),
            values=tuple(self.rows[self.indicator.column]),
            table=self.table.name,
            evidence=(self.table.evidence(self.indicator.column, self.keys),),
        )
