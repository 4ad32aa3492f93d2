"""Numbers that a statement is judged by and that no figure of the brief holds yet."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from palanca.catalogue import Catalogue, Evidence, Table, Unknown
from palanca.catalogue.figure import Key, standing
from palanca.catalogue.unknown import unknown
from palanca.events import rates
from palanca.exposure.customs import ALL, GROUPS, YEAR
from palanca.posture import agreement, coherence
from palanca.posture.gap import gap
from palanca.posture.presence import presence as counted

PERCENT = 100.0
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

    The law is that of the last date in force on the day of the tables; collected is the last month.
    """
    law, customs = tables["statutory_tariffs"], tables["customs_imports"]
    days = law.rows(importer=importer).filter(
        ~pl.col("scheduled") & (pl.col("date") <= tables.as_of.isoformat())
    )
    day = str(days["date"].max()) if days.height else ""
    added = dict(days.filter(pl.col("date") == day).select("partner", "added_pct").iter_rows())
    month = customs.last_period
    taken = customs.rows(importer=importer, sector=ALL, month=month).filter(pl.col("imports_usd") > 0)
    rate = PERCENT * pl.col("duty_usd") / pl.col("imports_usd")
    collected = dict(taken.filter(~pl.col("partner").is_in(GROUPS)).select("partner", rate).iter_rows())
    found: dict[str, float | str] = {}
    proof: list[Evidence] = []
    for name, when, table, column, held in (
        ("added", day, law, "added_pct", added),
        ("collected", month, customs, "duty_usd", collected),
    ):
        if country in held and len(held) > 1:
            others = [value for code, value in held.items() if code != country]
            place = standing(held[country], others)
            found |= {f"{name}_pct": held[country], f"{name}_period": when, f"{name}_others": len(others)}
            found[f"{name}_rank"] = 1 + sum(value > held[country] for value in others)
            found[f"{name}_percentile"] = place.percentile if place else 0.0
            key = "date" if table is law else "month"
            proof.append(table.evidence(column, {"importer": importer, key: when}))
    ends = [float(value) for name, value in found.items() if name.endswith("percentile")]
    if not ends:
        return law.missing(importer=importer, partner=country)
    return Measured(ends[0], min(ends), max(ends), found, tuple(proof))


def sales_change(tables: Catalogue, country: str, partner: str, start: int) -> Measured | Unknown:
    """Return the change of sales to a partner, points of product and points of exports, since a year.

    Sales are those that the partner's customs records; the first year is the last before `start`, or the
    first on file.
    """
    customs = tables["customs_imports"]
    sold = _sold(customs, country, partner)
    product, ratios = (
        _column(tables["gdp"], country, "gdp_usd"),
        _column(tables["trade_ratios"], country, "exports_gdp_pct"),
    )
    points = {
        year: (PERCENT * value / product[year], PERCENT**2 * value / product[year] / ratios[year])
        for year, value in sold.items()
        if year in product and ratios.get(year)
    }
    before = [year for year in points if year < (start)]
    first, last = (max(before) if before else min(points, default=0)), max(points, default=0)
    if first == last:
        return unknown(
            "sales to the partner over product are not on file for two years",
            "las ventas al socio sobre el producto no constan para dos años",
        )
    moves = [after - earlier for earlier, after in zip(points[first], points[last], strict=True)]
    values: dict[str, float | str] = {"from": str(first), "to": str(last)}
    for name, at in (("product", 0), ("exports", 1)):
        values |= {f"of_{name}_before_pct": points[first][at], f"of_{name}_after_pct": points[last][at]}
        values[f"of_{name}_change_pp"] = moves[at]
    years = (first, last)
    proof = (
        customs.evidence("imports_usd", {"importer": partner, "partner": country, "sector": ALL}),
        tables["gdp"].evidence("gdp_usd", {"country": country, "year": years}),
        tables["trade_ratios"].evidence("exports_gdp_pct", {"country": country, "year": years}),
    )
    return Measured(moves[0], min(moves), max(moves), values, proof)


def _sold(customs: Table, country: str, partner: str) -> dict[int, float]:
    """Return what a partner bought in each year of which every month is on file."""
    rows = customs.rows(importer=partner, partner=country, sector=ALL)
    yearly = rows.group_by(pl.col("month").str.head(4).cast(pl.Int64).alias("year")).agg(
        pl.col("imports_usd").sum(), pl.len()
    )
    return dict(yearly.filter(pl.col("len") == YEAR).sort("year").select("year", "imports_usd").iter_rows())


def _column(table: Table, country: str, column: str) -> dict[int, float]:
    return dict(table.rows(country=country).drop_nulls(column).select("year", column).iter_rows())


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
