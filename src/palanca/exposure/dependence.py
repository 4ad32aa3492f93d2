"""Dependence on the pair: who needs the other more."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Figure, Table
from palanca.catalogue.figure import combine, standing

HERE = "exposure.dependence"


def asymmetry(share: float, share_back: float) -> float:
    """Return Hirschman's asymmetry in percentage points.

    Form used: the share of a country's total goods trade (exports plus imports) that is with the
    partner, less the share of the partner's total goods trade that is with the country.

    Source: Hirschman (1945), National Power and the Structure of Foreign Trade.
    """
    return share - share_back


def salience(share: float, share_back: float) -> float:
    """Return √(s·s′), how much the pair matters to both; shares between 0 and 1.

    Source: Barbieri (1996), Journal of Peace Research 33(1).
    """
    return math.sqrt(share * share_back)


def symmetry(share: float, share_back: float) -> float:
    """Return 1 − |s − s′|, how equal the two dependences are; shares between 0 and 1.

    Source: Barbieri (1996), Journal of Peace Research 33(1).
    """
    return 1 - abs(share - share_back)


def interdependence(share: float, share_back: float) -> float:
    """Return salience times symmetry.

    Source: Barbieri (1996), Journal of Peace Research 33(1).
    """
    return salience(share, share_back) * symmetry(share, share_back)


BARBIERI: dict[str, Callable[[float, float], float]] = {
    "salience": salience,
    "symmetry": symmetry,
    "interdependence": interdependence,
}


@cache
def both_ways(table: Table) -> dict[str, dict[str, float]]:
    """Return, by partner, the share (0 to 1) of each country's total goods trade that is with it."""
    flows = table.frame.select("exporter", "importer", "trade_usd")
    seen = pl.concat([flows, flows.select(exporter="importer", importer="exporter", trade_usd="trade_usd")])
    trade = seen.group_by("exporter", "importer", maintain_order=True).agg(pl.col("trade_usd").sum())
    whole = pl.col("trade_usd") / pl.col("trade_usd").sum().over("exporter")
    found: dict[str, dict[str, float]] = {}
    for owner, other, share in trade.with_columns(trade_usd=whole).iter_rows():
        found.setdefault(other, {})[owner] = share
    return found


def figures(tables: Catalogue, country: str, partner: str) -> Iterator[Figure]:
    """Yield trade share, asymmetry, Barbieri's three measures, and trade with the partner over GDP."""
    totals = tables["trade_totals"]
    share = _trade_share(totals, country, partner)
    yield share
    yield _on_pair(
        totals, "asymmetry_pp", "percentage_points", country, partner, lambda s, t: 100 * asymmetry(s, t)
    )
    for name, measure in BARBIERI.items():
        yield _on_pair(totals, name, "index", country, partner, measure)
    yield from _over_gdp(tables, country, partner)
    first, second = sorted((country, partner))
    yield tables["pair_distances"].figure("distance_km", "distance_km", first=first, second=second)


def _trade_share(totals: Table, country: str, partner: str) -> Figure:
    shares = both_ways(totals).get(partner, {})
    value = 100 * shares[country] if country in shares else totals.missing(exporter=country, importer=partner)
    return Figure(
        name="trade_share_pct",
        value=value,
        unit="percent",
        period=totals.last_period,
        table=totals.name,
        evidence=(
            totals.evidence("trade_usd", {"exporter": country}),
            totals.evidence("trade_usd", {"importer": country}),
        ),
        method=f"{HERE}.both_ways",
        among=standing(value, [100 * share for owner, share in shares.items() if owner != country]),
    )


def _on_pair(
    totals: Table, name: str, unit: str, country: str, partner: str, measure: Callable[[float, float], float]
) -> Figure:
    shares = both_ways(totals)
    there, back = _trade_share(totals, country, partner), _trade_share(totals, partner, country)
    figure = combine(name, unit, lambda s, t: measure(s / 100, t / 100), there, back, method=f"{HERE}.{name}")
    rivals = [
        measure(share, shares[owner][partner])
        for owner, share in shares.get(partner, {}).items()
        if owner != country
    ]
    return replace(figure, among=standing(figure.value, rivals))


def _over_gdp(tables: Catalogue, country: str, partner: str) -> Iterator[Figure]:
    totals, year = tables["trade_totals"], int(tables["trade_totals"].last_period or 0)
    size = tables["gdp"].figure("gdp_usd", "gdp_usd", country=country, year=year)
    sizes = dict(tables["gdp"].rows(year=year).select("country", "gdp_usd").iter_rows())
    ends = {
        "exports_to_partner_gdp_pct": ("exporter", "importer"),
        "imports_from_partner_gdp_pct": ("importer", "exporter"),
    }
    for name, (own, other) in ends.items():
        flow = totals.figure(name, "trade_usd", **{own: country, other: partner})
        figure = combine(name, "percent", _percent, flow, size, method=f"{HERE}.over_gdp")
        trade = totals.rows(**{other: partner}).select(own, "trade_usd").iter_rows()
        rivals = [_percent(value, sizes[who]) for who, value in trade if who != country and sizes.get(who)]
        yield replace(figure, among=standing(figure.value, rivals))


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole
