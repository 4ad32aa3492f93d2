"""Numbers that a statement is judged by and that no figure of the brief holds yet."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from palanca.catalogue import Catalogue, Evidence, Unknown
from palanca.catalogue.figure import Key, merge
from palanca.events import rates
from palanca.posture import agreement, coherence
from palanca.posture.gap import gap
from palanca.posture.presence import presence as counted
from palanca.response.structure import lines, structure
from palanca.response.tariffs import COLLECTED, STATUTORY, tariff_path

PERCENT = 100.0
SALES = {"sales_gdp_pct": "product", "sales_share_pct": "exports"}
AUTOCRACIES = ("closed_autocracies", "electoral_autocracies")
RIGHTS = "hr"


@dataclass(frozen=True)
class Measured:
    """A value with its span, every number behind it, and the rows read."""

    value: float
    low: float
    high: float
    values: Mapping[str, float | str]
    evidence: tuple[Evidence, ...]


def duty_percentiles(tables: Catalogue, country: str, importer: str) -> Measured | Unknown:
    """Return the percentile of the duty on a seller among the others, by law (added) and as collected.

    The law is that of the last date in force on the day of the tables, where it names the country and not
    its union; collected is the last month.
    """
    path = tariff_path(tables, country, importer)
    law = () if isinstance(path.statutory, Unknown) or path.seller != country else path.statutory
    paid = () if isinstance(path.collected, Unknown) else path.collected
    today = tables.as_of.isoformat()
    in_force = [one for one in law if not one.scheduled and one.period <= today]
    found: dict[str, float | str] = {}
    proof: list[Evidence] = []
    for name, places, table, column, key in (
        ("added", in_force[-1:], STATUTORY, "added_pct", "date"),
        ("collected", paid[-1:], COLLECTED, "duty_usd", "month"),
    ):
        for one in places:
            found |= {f"{name}_pct": one.value, f"{name}_period": one.period, f"{name}_others": one.of - 1}
            found |= {f"{name}_rank": one.rank, f"{name}_percentile": one.percentile}
            proof.append(tables[table].evidence(column, {"importer": importer, key: one.period}))
    ends = [float(value) for name, value in found.items() if name.endswith("percentile")]
    if not ends:
        return tables[STATUTORY].missing(importer=importer, partner=country)
    return Measured(ends[0], min(ends), max(ends), found, tuple(proof))


def sales_change(tables: Catalogue, country: str, partner: str) -> Measured | Unknown:
    """Return the change of sales to a partner, points of product and points of exports, since the pressure.

    Sales are those that the partner's customs records.
    """
    found = structure(tables, country, partner, without=lines().measures.keys() - SALES.keys())
    changes = sorted(found.changes, key=lambda one: list(SALES).index(one.name))
    values: dict[str, float | str] = {}
    moves: list[float] = []
    for one in changes:
        if isinstance(one.values, Unknown):
            return one.values
        of, told = SALES[one.name], one.values
        values |= {"from": told.first, "to": told.last}
        values |= {f"of_{of}_before_pct": told.before[0], f"of_{of}_after_pct": told.after[0]}
        values[f"of_{of}_change_pp"] = told.high
        moves.append(told.high)
    return Measured(moves[0], min(moves), max(moves), values, merge(one.evidence for one in changes))


def pacts(tables: Catalogue, country: str, partner: str, start: int) -> Measured | Unknown:
    """Return with how many countries other than the partner a trade agreement was made since a year."""
    table, since = tables["trade_agreements"], start
    ends = [table.rows(**{side: country}).select("last_year", other=other) for side, other in SIDES]
    rows = pl.concat(ends).filter(pl.col("other") != partner)
    if rows.is_empty():
        return table.missing(first=country)
    new = float(rows.filter(pl.col("last_year") >= since).height)
    values: dict[str, float | str] = {"new_partners": new, "since": str(since), "partners": rows.height}
    values["on_file_to"] = table.origin.vintage.isoformat()
    return Measured(new, new, new, values, tuple(table.evidence("last_year", {s: country}) for s, _ in SIDES))


SIDES = (("first", "second"), ("second", "first"))


def vote_agreement(tables: Catalogue, country: str, partner: str) -> Measured | Unknown:
    """Return graded agreement with the partner in the last whole year, percent, with an exact interval."""
    year = agreement.last_whole_year(tables)
    held = next((one for one in agreement.by_year(tables, country, partner) if one.year == year), None)
    if held is None:
        return tables["vote_agreement"].missing(first=country, second=partner)
    votes, points = held.agreement.votes, held.agreement.same + held.agreement.halfway / 2
    low, high = rates.interval(round(points), votes, rates.level())
    value = PERCENT * points / votes
    values: dict[str, float | str] = {
        "agreement_pct": value,
        "lower": low,
        "upper": high,
        "votes": votes,
        "year": str(year),
    }
    first, second = sorted((country, partner))
    keys: dict[str, Key | tuple[Key, ...]] = {"first": first, "second": second, "year": year}
    return Measured(value, low, high, values, (tables["vote_agreement"].evidence("same", keys),))


def autocracies(tables: Catalogue, country: str) -> Measured | Unknown:
    """Return where a state stands among all in voting with autocracies on human rights, percentile."""
    groups = coherence.named(tables)
    found = [
        one
        for name in AUTOCRACIES
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


def shortfall(tables: Catalogue, country: str, partner: str) -> Measured | Unknown:
    """Return agreement less what exposure to the partner would predict, percentage points."""
    found = gap(tables, country, partner)
    if isinstance(found, Unknown):
        return found
    low, high = (PERCENT * end for end in found.residual_interval)
    value = PERCENT * found.residual
    values: dict[str, float | str] = {"residual_pp": value, "lower": low, "upper": high}
    values |= {"predicted_pct": PERCENT * found.predicted, "year": str(found.vote_year)}
    keys = {"year": found.vote_year}
    return Measured(value, low, high, values, (tables["vote_agreement"].evidence("same", keys),))


def presence(tables: Catalogue, country: str, partner: str, names: tuple[str, ...]) -> Measured | Unknown:
    """Return the percentile of counts among peers of like size; the span covers their exact intervals."""
    found = [one for one in counted(tables, country, partner).counts if one.name in names and one.among]
    values: dict[str, float | str] = {}
    ends: list[float] = []
    for one in found:
        if one.among and not isinstance(one.value, Unknown):
            below = round(one.among.percentile * one.among.count / PERCENT)
            ends += [one.among.percentile, *rates.interval(below, one.among.count, rates.level())]
            values |= {one.name: one.value, f"{one.name}_percentile": one.among.percentile}
            values |= {f"{one.name}_peers": one.among.count, f"{one.name}_on": one.vintage}
    if not ends:
        return tables["memberships"].missing(country=country)
    proof = tuple(tables[one.table].evidence("country", {"country": country}) for one in found)
    return Measured(ends[0], min(ends), max(ends), values, proof)
