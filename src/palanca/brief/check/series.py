"""Numbers that a statement is judged by and that no figure of the brief holds yet."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from palanca.brief.check.statement import Statement
from palanca.catalogue import Catalogue, Evidence, Unknown
from palanca.catalogue.figure import Key, merge
from palanca.events import rates, shares
from palanca.posture import agreement, coherence
from palanca.posture.presence import presence as counted
from palanca.response.panel import panel
from palanca.response.structure import lines, structure
from palanca.response.tariffs import COLLECTED, STATUTORY, Place, tariff_path

PERCENT = 100.0
SALES = {"sales_gdp_pct": "product", "sales_share_pct": "exports"}
AUTOCRACIES = ("closed_autocracies", "electoral_autocracies")
RIGHTS = "hr"


@dataclass(frozen=True)
class Duty:
    """The duty on every seller by one measure, percent, and where one of them stands."""

    name: str
    period: str
    rates: Mapping[str, float]
    place: Place


@dataclass(frozen=True)
class Measured:
    """A value with its span, every number behind it, and the rows read."""

    value: float
    low: float
    high: float
    values: Mapping[str, float | str]
    evidence: tuple[Evidence, ...]


def duties(tables: Catalogue, country: str, importer: str, said: Statement) -> list[Duty]:
    """Return the duty on a seller beside that on others, by law and as collected, within a period.

    The law is that of the last date in force by the end of the period, where it names the country and not its
    union; collected is the last month of the period.
    """
    path = tariff_path(tables, country, importer)
    law = () if isinstance(path.statutory, Unknown) or path.seller != country else path.statutory
    paid = () if isinstance(path.collected, Unknown) else path.collected
    today = tables.as_of.isoformat()
    in_force = [one for one in law if not one.scheduled and one.period <= today and _told(one.period, said)]
    months = [one for one in paid if _told(one.period, said)]
    found = []
    for name, place, of in (
        ("by_law", in_force[-1:], _levels(tables, importer)),
        ("collected", months[-1:], _collected(tables, importer)),
    ):
        found += [Duty(name, one.period, of(one.period), one) for one in place]
    return found


def _told(day: str, said: Statement) -> bool:
    """Return whether a date or month lies in the period of a statement."""
    if said.period is None:
        return True
    whole = date.fromisoformat(day if len(day) == len("2020-01-01") else f"{day}-01")
    return said.period.holds(whole)


def _levels(tables: Catalogue, importer: str) -> Callable[[str], Mapping[str, float]]:
    table = tables[STATUTORY]
    return lambda day: dict(
        table.rows(importer=importer, date=day).select("partner", "level_pct").iter_rows()
    )


def _collected(tables: Catalogue, importer: str) -> Callable[[str], Mapping[str, float]]:
    def rates(month: str) -> dict[str, float]:
        held = panel(tables[COLLECTED], importer)
        row = held.rates[list(held.months).index(month)]
        return {
            code: float(rate) for code, rate in zip(held.partners, row, strict=True) if not math.isnan(rate)
        }

    return rates


def sales_change(
    tables: Catalogue, country: str, partner: str, names: Collection[str] = SALES
) -> Measured | Unknown:
    """Return the change of sales to a partner, points of product and points of exports, since the pressure.

    Sales are those that the partner's customs records.
    """
    found = structure(tables, country, partner, without=lines().measures.keys() - set(names))
    changes = sorted(found.changes, key=lambda one: list(SALES).index(one.name))
    values: dict[str, float | str] = {}
    moves: list[float] = []
    for one in changes:
        if isinstance(one.values, Unknown):
            return one.values
        of, told = SALES[one.name], one.values
        values |= {"from": told.first, "to": told.last}
        values |= {f"of_{of}_before_pct": told.before, f"of_{of}_after_pct": told.after}
        values[f"of_{of}_change_pp"] = told.change
        moves.append(told.change)
    return Measured(moves[0], min(moves), max(moves), values, merge(one.evidence for one in changes))


def vote_agreement(
    tables: Catalogue, country: str, partner: str, said: Statement | None = None
) -> Measured | Unknown:
    """Return graded agreement with the partner, percent, with an exact interval.

    It is of the last whole year, or of the years of the statement's period together.
    """
    last = agreement.last_whole_year(tables)
    period = said.period if said else None
    held = [
        one
        for one in agreement.by_year(tables, country, partner)
        if (one.year == last if period is None else period.holds(date(one.year, 7, 1)))
    ]
    if not held:
        return tables["vote_agreement"].missing(first=country, second=partner)
    votes = sum(one.agreement.votes for one in held)
    points = sum(one.agreement.same + one.agreement.halfway / 2 for one in held)
    low, high = shares.interval(round(points), votes, rates.level())
    value, years = PERCENT * points / votes, tuple(one.year for one in held)
    values: dict[str, float | str] = {"agreement_pct": value, "lower": low, "upper": high, "votes": votes}
    values["year"] = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    first, second = sorted((country, partner))
    keys: dict[str, Key | tuple[Key, ...]] = {"first": first, "second": second, "year": years}
    return Measured(value, low, high, values, (tables["vote_agreement"].evidence("same", keys),))


def autocracies(tables: Catalogue, country: str, names: Sequence[str] = AUTOCRACIES) -> Measured | Unknown:
    """Return where a state stands among all in voting with autocracies on human rights, percentile."""
    groups = coherence.named(tables)
    found = [
        one
        for name in names
        for one in coherence.closeness(tables, country, groups[name], name)
        if one.issue == RIGHTS and one.among
    ]
    if not found:
        return tables["vote_issues"].missing(first=country)
    ends = [one.among.percentile for one in found if one.among]
    values: dict[str, float | str] = {}
    for one, end in zip(found, ends, strict=True):
        values |= {f"{one.group}_agreement_pct": PERCENT * one.graded, f"{one.group}_percentile": end}
    values["years"] = f"{found[0].first}-{found[0].last}"
    proof = (tables["vote_issues"].evidence("same", {"issue": RIGHTS}),)
    return Measured(ends[0], min(ends), max(ends), values, proof)


def presence(tables: Catalogue, country: str, partner: str, names: tuple[str, ...]) -> Measured | Unknown:
    """Return the percentile of counts among peers of like size; the span covers their exact intervals."""
    found = [one for one in counted(tables, country, partner).counts if one.name in names and one.among]
    values: dict[str, float | str] = {}
    ends: list[float] = []
    for one in found:
        if one.among and not isinstance(one.value, Unknown):
            below = round(one.among.below)
            ends += [one.among.percentile, *shares.interval(below, one.among.count, rates.level())]
            values |= {one.name: one.value, f"{one.name}_percentile": one.among.percentile}
            values |= {f"{one.name}_peers": one.among.count, f"{one.name}_on": one.vintage}
    if not ends:
        return tables["memberships"].missing(country=country)
    proof = tuple(tables[one.table].evidence("country", {"country": country}) for one in found)
    return Measured(ends[0], min(ends), max(ends), values, proof)
