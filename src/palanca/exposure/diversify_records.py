"""Results on diversification and choke points, found again under the hash of what they rest on, as JSON."""

import json
from collections.abc import Callable
from typing import Any

import polars as pl

from palanca.catalogue import table
from palanca.catalogue.codes import sectors
from palanca.catalogue.countries import countries
from palanca.catalogue.parameters import parameters
from palanca.catalogue.results import remember
from palanca.economy import Economy, economy
from palanca.economy.world import TABLES
from palanca.exposure.balance import SECTOR_RANGES
from palanca.exposure.chokepoints import METHOD, chokepoints
from palanca.exposure.diversify import CUTS, Limits, frontier
from palanca.exposure.move_ranges import pair_ranges
from palanca.exposure.withdrawal import Models, prepared
from palanca.trade import Horizon, digest

REST_NAME = "rest of the world"
USD_BN = 1e3  # USD million in a billion
RESTS_ON, CHOSEN = (
    (*TABLES, "trade_elasticities"),
    ("elasticities", "elasticity_ranges", "power", "uncertainty"),
)
LOSSES = tuple(f"{horizon}_{case}" for horizon in Horizon for case in ("with_others", "without_others"))
PRICE = (
    "Price: exact fall of real income in a world where the new pattern is held as buyers' own, and paid for "
    "by what it is worse for them than the one they chose; third countries that buy more are compensated.",
    "Loss: exact fall of real income when all trade between the two stops, in that world.",
    "Intervals: of power and the trade of a cut, over draws of all that is uncertain; price, losses and "
    "moves are told at the centre, for each draw would take a search.",
)


def diversification(a: str, b: str, *, cut: float) -> dict[str, Any]:
    """Return the smallest reallocation that cuts the power of `b` over `a`, money in USD billion.

    Args:
        a, b: ISO3.
        cut: per cent.

    Raises:
        InputError: a country is not in the world, or the cut is out of reach.
    """
    limits = parameters("diversification", Limits)
    asked = [a, b, cut, CUTS, limits.model_dump(mode="json")]
    return _remembered("diversification", asked, lambda models: _diversified(models, a, b, cut))


def suppliers(a: str, b: str) -> dict[str, Any]:
    """Return, sector by sector, what `a` loses when `b` stops selling to it, money in USD billion.

    Raises:
        InputError: a country is not in the world.
    """
    found = _remembered("chokepoints", [a, b], lambda models: _choked(models, a, b))
    rows = table(SECTOR_RANGES).rows(country=a, partner=b).rows_by_key("sector", named=True, unique=True)
    told = [{**one, "intervals": _around(one, rows.get(one["sector"]))} for one in found["sectors"]]
    return {**found, "sectors": told}


def _around(one: dict[str, Any], factors: dict[str, Any] | None) -> dict[str, list[float] | None]:
    """Return the interval of every loss of a sector; none where the pair is not on file."""
    if factors is None:
        return dict.fromkeys((f"{case}_pct" for case in LOSSES), None)
    ends = ("lower", "upper")
    return {
        f"{case}_pct": sorted(one[f"{case}_pct"] * factors[f"{case}_factor_{end}"] for end in ends)
        for case in LOSSES
    }


def _remembered(kind: str, asked: list[Any], make: Callable[[Models], dict[str, Any]]) -> dict[str, Any]:
    rests_on = digest.of(RESTS_ON, CHOSEN)

    def made() -> bytes:
        world = economy(2022)
        found = {**make(prepared(world)), **_said(world)}
        return json.dumps(found, ensure_ascii=False).encode()

    kept: dict[str, Any] = json.loads(remember(kind, [asked, rests_on], made))
    return kept


def _said(world: Economy) -> dict[str, Any]:
    return {"economy": world.name, "year": world.year, "assumptions": list(world.assumptions)}


def _diversified(models: Models, a: str, b: str, cut: float) -> dict[str, Any]:
    found = frontier(models, a, b, cut=cut)
    within = pair_ranges(economy(2022), a, b, found.points["cut_pct"].to_list())
    points = found.points.with_columns(
        moved_usd_bn=pl.col("moved") / USD_BN, marginal_per_usd_bn=pl.col("marginal") * USD_BN
    ).drop("moved", "marginal")
    moves = found.moves.with_columns(
        usd_bn=pl.col("moved") / USD_BN, security_pct_per_usd_bn=pl.col("per_unit") * USD_BN
    )
    cells = found.cells.with_columns(
        at_stake_usd_bn=pl.col("at_stake") / USD_BN,
        bound_usd_bn=pl.col("bound") / USD_BN,
        security_per_usd_bn=pl.col("per_unit") * USD_BN,
    )
    return {
        "pair": [a, b],
        "cut_pct": cut,
        "power_pct": found.power,
        "power_interval": within.power,
        "reachable_pct": found.reachable_pct,
        "frontier": [
            {**_known(row), "moved_lower_usd_bn": ends[0] / USD_BN, "moved_upper_usd_bn": ends[1] / USD_BN}
            for row, ends in zip(points.to_dicts(), within.moved, strict=True)
        ],
        "moves": [_named(row, b) for row in moves.drop("moved", "per_unit").to_dicts()],
        "sectors": cells.drop("at_stake", "bound", "per_unit").to_dicts(),
        "method": list(PRICE),
    }


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124


def _named(row: dict[str, Any], partner: str) -> dict[str, Any]:
    known = countries().get(row["to"])
    names = {"from": partner, "to_name": known.name.en if known else REST_NAME}
    return {**row, **names, "sector_name": sectors()[row["sector"]].name.en}


def _choked(models: Models, a: str, b: str) -> dict[str, Any]:
    found = chokepoints(models, a, b)
    rows = found.sectors.with_columns(purchases_usd_bn=pl.col("purchases") / USD_BN).drop("purchases")
    named = [{**row, "name": sectors()[row["sector"]].name.en} for row in rows.to_dicts()]
    return {"pair": [a, b], "sectors": named, "method": list(METHOD)}
