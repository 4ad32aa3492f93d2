"""Whether structural exposure has fallen since a date, measure by measure, beside the other countries."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

from pydantic import Field

from palanca.catalogue import Catalogue, Evidence, Standing, Unknown
from palanca.catalogue.dates import period
from palanca.catalogue.figure import standing
from palanca.catalogue.parameters import parameters
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.text import Strict
from palanca.catalogue.unknown import unknown
from palanca.events import record
from palanca.response.measured import Measured, measured

Verdict = Literal["fell", "rose", "unchanged", "mixed", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("fell", "rose", "unchanged", "unknown")


class Line(Strict):
    """How far one measure must move to have changed."""

    unit: str
    exposure: Literal[0, 1]
    threshold: float = Field(gt=0)
    date: dt.date
    source: str = Field(min_length=20)


class Since(Strict):
    """From when changes are told where the ledger does not say."""

    date: dt.date
    value: dt.date
    latest: dt.date
    source: str = Field(min_length=20)


class Lines(Strict):
    """Every line, `data/parameters/structure_change.yaml`."""

    since: Since
    measures: dict[str, Line]


def lines() -> Lines:
    """Return how far each measure must move to have changed."""
    return parameters("structure_change", Lines)


@dataclass(frozen=True, slots=True)
class Values:
    """A measure at the two ends of a change."""

    first: str
    last: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """How far the measure moved."""
        return self.after - self.before


@dataclass(frozen=True)
class Change:
    """How one measure moved.

    Attributes:
        name: of the measure.
        years: on file for this country, oldest first.
        values: at both ends; unknown where the years on file do not reach.
        among: standing of the change among those of all other countries on file.
        others: median change of those.
        evidence: rows behind the two values.
    """

    name: str
    line: Line
    years: tuple[str, ...]
    values: Values | Unknown
    among: Standing | None
    others: float | None
    table: str
    evidence: tuple[Evidence, ...]

    @property
    def verdict(self) -> Verdict:
        """Fell, rose or unchanged beside the threshold; unknown where the years on file do not reach."""
        if isinstance(self.values, Unknown):
            return "unknown"
        if abs(self.values.change) < self.line.threshold:
            return "unchanged"
        return "rose" if self.values.change > 0 else "fell"


@dataclass(frozen=True)
class Structure:
    """Every measure of structure since a date.

    Attributes:
        basis: where the date comes from: `given`, `ledger` or `parameters`.
    """

    country: str
    partner: str
    since: date
    basis: str
    changes: tuple[Change, ...]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many measures of exposure moved which way."""
        moved = Counter(one.verdict for one in self.changes if one.line.exposure)
        return {verdict: moved[verdict] for verdict in VERDICTS}

    @property
    def verdict(self) -> Verdict:
        """What the measures of exposure say together."""
        counts = self.counts
        if counts["fell"] and counts["rose"]:
            return "mixed"
        order: tuple[Verdict, ...] = ("fell", "rose", "unchanged")
        return next((one for one in order if counts[one]), "unknown")


def structure(
    tables: Catalogue,
    country: str,
    partner: str,
    since: date | None = None,
    *,
    without: Collection[str] = (),
) -> Structure:
    """Return how every measure of a country's exposure to a partner moved since a day.

    Args:
        since: the default is the partner's first act of pressure in the ledger, else that of the parameters.
        without: measures left out.
    """
    day, basis = (since, "given") if since else start(tables, country, partner)
    told = {name: line for name, line in lines().measures.items() if name not in without}
    known = {one.name: one for one in measured(tables, partner, told)}
    changes = tuple(_change(line, known[name], country, day) for name, line in told.items())
    return Structure(country, partner, day, basis, changes)


def start(tables: Catalogue, country: str, partner: str) -> tuple[date, str]:
    """Return from when changes are told and what says so: the first act of pressure, or the parameters."""
    acts = [
        event.date
        for event in record.between(tables, country, partner)
        if event.group == "pressure" and (event.actor, event.target) == (partner, country)
    ]
    rule = lines().since
    early = bool(acts) and min(acts) <= rule.latest
    return (min(acts), "ledger") if early else (rule.value, "parameters")


def _change(line: Line, one: Measured, country: str, since: date) -> Change:
    years = tuple(one.paths.get(country, {}))
    values = _values(one, years, country, since)
    if isinstance(values, Unknown):
        return Change(one.name, line, years, values, None, None, one.table, ())
    others = [
        path[values.last] - path[values.first]
        for code, path in one.paths.items()
        if code != country and values.first in path and values.last in path
    ]
    return Change(
        one.name,
        line,
        years,
        values,
        standing(values.change, others),
        median(others) if others else None,
        one.table,
        one.evidence(country, (values.first, values.last)),
    )


def _values(one: Measured, years: tuple[str, ...], country: str, since: date) -> Values | Unknown:
    before = [year for year in years if period_end(year) <= since]
    after = [year for year in years if period_end(year) > since]
    if before and after:
        path = one.paths[country]
        return Values(before[-1], after[-1], path[before[-1]], path[after[-1]])
    if not years:
        return unknown("no year is on file", "no hay ningún año en archivo")
    day = since.isoformat()
    shown = years[0] if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return unknown(
        f"on file: {shown}; nothing {'after' if before else 'up to'} {period(day, 'en')}",
        f"en archivo: {shown}; nada {'después del' if before else 'hasta el'} {period(day, 'es')}",
    )
