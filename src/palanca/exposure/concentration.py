"""How much of a country's trade goes through one partner, and through few partners."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import Catalogue, Figure, Table, Unknown
from palanca.catalogue.figure import standing

SIDES = {"export": ("exporter", "importer"), "import": ("importer", "exporter")}


def hhi(shares: NDArray[np.float64]) -> float:
    """Return the Herfindahl–Hirschman index of shares that sum to one: 1 is a single partner.

    Args:
        shares: (n,), share of each partner.

    Source: Hirschman (1945), National Power and the Structure of Foreign Trade, chapter 6.
    """
    return float(np.square(shares).sum())


@cache
def shares(table: Table) -> pl.DataFrame:
    """Return each pair's share of the exporter's exports and of the importer's imports, with ranks.

    Columns: exporter, importer, year, trade_usd, export_share_pct, export_rank, import_share_pct,
    import_rank.
    """
    frame = table.frame
    for flow, (owner, _) in SIDES.items():
        value = pl.col("trade_usd")
        frame = frame.with_columns(
            (100 * value / value.sum().over(owner)).alias(f"{flow}_share_pct"),
            value.rank("min", descending=True).over(owner).alias(f"{flow}_rank"),
        )
    return frame


@cache
def _book(table: Table) -> Table:
    """Return the shares as a table, whose rows are found by an index."""
    return replace(table, frame=shares(table))


@cache
def indices(table: Table, flow: str) -> dict[str, float]:
    """Return the HHI of partners of every country, in exports or in imports."""
    owner, _ = SIDES[flow]
    groups = shares(table).group_by(owner, maintain_order=True).agg(pl.col(f"{flow}_share_pct") / 100)
    return {name: hhi(np.asarray(values)) for name, values in groups.iter_rows()}


def top(table: Table, country: str, flow: str, count: int) -> pl.DataFrame:
    """Return the largest partners of a country: partner, trade_usd, share_pct, rank."""
    owner, other = SIDES[flow]
    return (
        _book(table)
        .rows(**{owner: country})
        .sort("trade_usd", descending=True)
        .head(count)
        .select(partner=other, trade_usd="trade_usd", share_pct=f"{flow}_share_pct", rank=f"{flow}_rank")
    )


def figures(tables: Catalogue, country: str, partner: str) -> Iterator[Figure]:
    """Yield partner share, rank, HHI and runner-up for exports and imports of `country`."""
    totals, book = tables["trade_totals"], tables["partner_shares"]
    for flow in SIDES:
        rounded = _rounded_share(book, country, partner, flow)
        yield first_known(_share(totals, country, partner, flow), rounded.rename(f"{flow}_share_pct"))
        yield rounded
        yield _rank(totals, country, partner, flow)
        yield _runner_up(totals, country, partner, flow)
        yield _hhi(totals, country, flow)
    yield flow_value(totals, "exports_usd", country, partner)


def flow_value(totals: Table, name: str, exporter: str, importer: str, *, among: str = "exporter") -> Figure:
    """Return what one sells the other, placed among all who sell to that buyer (or buy from that seller)."""
    figure = totals.figure(name, "trade_usd", exporter=exporter, importer=importer)
    fixed = {"importer": importer} if among == "exporter" else {"exporter": exporter}
    own = exporter if among == "exporter" else importer
    rivals = totals.rows(**fixed).filter(pl.col(among) != own)["trade_usd"]
    return replace(figure, among=standing(figure.value, rivals))


def first_known(*candidates: Figure) -> Figure:
    """Return the first figure with a value; the first of all when none has one."""
    return next((one for one in candidates if not isinstance(one.value, Unknown)), candidates[0])


def _keys(country: str, partner: str, flow: str) -> dict[str, str]:
    owner, other = SIDES[flow]
    return {owner: country, other: partner}


def _computed(totals: Table, column: str, keys: dict[str, str]) -> float | Unknown:
    found = _book(totals).rows(**keys)[column]
    return float(found[0]) if len(found) else totals.missing(**keys)


def _share(totals: Table, country: str, partner: str, flow: str) -> Figure:
    keys, (owner, other), column = _keys(country, partner, flow), SIDES[flow], f"{flow}_share_pct"
    value = _computed(totals, column, keys)
    rivals = _book(totals).rows(**{other: partner}).filter(pl.col(owner) != country)[column]
    return Figure(
        name=column,
        value=value,
        unit="percent",
        period=totals.last_period,
        table=totals.name,
        evidence=(totals.evidence("trade_usd", keys), totals.evidence("trade_usd", {owner: country})),
        method="exposure.concentration.shares",
        among=standing(value, rivals),
    )


def _rank(totals: Table, country: str, partner: str, flow: str) -> Figure:
    keys, owner = _keys(country, partner, flow), SIDES[flow][0]
    return Figure(
        name=f"{flow}_rank",
        value=_computed(totals, f"{flow}_rank", keys),
        unit="rank",
        period=totals.last_period,
        table=totals.name,
        evidence=(totals.evidence("trade_usd", keys), totals.evidence("trade_usd", {owner: country})),
        method="exposure.concentration.shares",
    )


def _rounded_share(book: Table, country: str, partner: str, flow: str) -> Figure:
    name, rows = f"{flow}_share_rounded_pct", book.rows(flow=f"{flow}s", partner=partner)
    figure = book.figure(name, "share_pct", country=country, flow=f"{flow}s", partner=partner)
    rivals = rows.filter(pl.col("country") != country)["share_pct"]
    return replace(figure, among=standing(figure.value, rivals))


def _runner_up(totals: Table, country: str, partner: str, flow: str) -> Figure:
    """Return the share of the largest partner other than this one."""
    owner, other = SIDES[flow]
    others = top(totals, country, flow, 2).filter(pl.col("partner") != partner)
    rival = {other: str(others["partner"][0])} if others.height else {}
    named = [{owner: country, **rival}, _keys(country, partner, flow), {owner: country}]
    return Figure(
        name=f"{flow}_share_next_pct",
        value=float(others["share_pct"][0]) if others.height else totals.missing(**{owner: country}),
        unit="percent",
        period=totals.last_period,
        table=totals.name,
        evidence=tuple(totals.evidence("trade_usd", keys) for keys in named if totals.rows(**keys).height),
        method="exposure.concentration.top",
    )


def _hhi(totals: Table, country: str, flow: str) -> Figure:
    owner = SIDES[flow][0]
    everyone = indices(totals, flow)
    value = everyone.get(country, totals.missing(**{owner: country}))
    return Figure(
        name=f"{flow}_hhi",
        value=value,
        unit="index",
        period=totals.last_period,
        table=totals.name,
        evidence=(totals.evidence("trade_usd", {owner: country}),),
        method="exposure.concentration.hhi",
        among=standing(value, [index for name, index in everyone.items() if name != country]),
    )
