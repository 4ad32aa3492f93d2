"""How far the trade to move, and what a move cuts, may lie from where they are put, for every pair at once.

In a draw others take over what they have room for in its world. Where a draw cannot reach a cut, all that
others can take over counts as moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.parameters import parameters
from palanca.economy import Economy
from palanca.economy.world import USD_PER_MILLION
from palanca.exposure.diversify import CUTS, PURCHASES, Limits
from palanca.exposure.drawn import worlds
from palanca.exposure.lookthrough import ratio
from palanca.exposure.reallocation import Cells, by_cell, gradient, moved_at
from palanca.trade import Horizon, Model
from palanca.trade.intervals import LOWER, UPPER

Array = NDArray[np.float64]
PERCENT = 100.0
LEVELS = 200  # of security per unit of money, between which the trade of a cut is read off
OF_MOVE = ("share_pct", "stake_usd", "part_pct", "moved_usd", "cut_pct")
OF_CUT = ("moved_usd",)
DIGITS = 4  # significant digits kept of an end


def around(
    economy: Economy, limits: Limits, first: pl.DataFrame, points: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return first moves and frontier with both ends of every number, as far as the number at least.

    Args:
        economy: the world that they were computed of.
        limits: of what can be redirected.
        first, points: rows as `first_moves.tables` makes them.
    """
    place = {code: at for at, code in enumerate(economy.countries)}
    sector = {code: at for at, code in enumerate(economy.sectors)}
    pairs = [
        (place[a], place[b], sector[kind] + (side != PURCHASES) * len(sector))
        for a, b, kind, side in first.select("country", "partner", "sector", "side").iter_rows()
    ]
    cuts = [
        (place[a], place[b], CUTS.index(int(cut)))
        for a, b, cut in points.select("country", "partner", "cut_pct").iter_rows()
    ]
    moves, least = [], []
    for model in worlds(economy, Horizon.LONG):
        found = [of_country(model, limits, country) for country in range(len(place))]
        moves.append(np.array([[found[a][0][name][b, cell] for name in OF_MOVE] for a, b, cell in pairs]))
        least.append(np.array([[found[a][1][b, cut]] for a, b, cut in cuts]))
    return _held(first, OF_MOVE, moves), _held(points, OF_CUT, least)


@dataclass(frozen=True)
class PairRanges:
    """Intervals of one pair, as far as its numbers.

    Attributes:
        power: of the partner, as a loss of ln real income, percent.
        moved: money of the economy, by cut.
    """

    power: list[float]
    moved: list[list[float]]


def pair_ranges(economy: Economy, a: str, b: str, cuts: Sequence[float]) -> PairRanges:
    """Return how far the power of `b` over `a`, and the trade of each cut, may lie from the centre.

    Args:
        economy: the world.
        a, b: codes of the two.
        cuts: percent.
    """
    limits, drawn = parameters("diversification", Limits), worlds(economy, Horizon.LONG)
    country, partner = economy.countries.index(a), economy.countries.index(b)
    found = []
    for model in (drawn.centre, *drawn):
        cells = cells_of(model, limits, country)
        power = PERCENT * by_cell(cells, np.zeros_like(cells.value)).sum(1)
        amounts = least(cells, [cut / PERCENT for cut in cuts])
        found.append([power[partner], *amounts[partner]])
    centre, draws = np.array(found[0]), np.array(found[1:])
    low, high = np.quantile(draws, (LOWER, UPPER), axis=0)
    ends = np.stack([np.minimum(centre, low), np.maximum(centre, high)], axis=1).tolist()
    return PairRanges(ends[0], ends[1:])


def of_country(model: Model, limits: Limits, country: int) -> tuple[dict[str, Array], Array]:
    """Return first moves, (N, C) [partner, cell] each, and least trade by partner and cut, (N, cuts); USD."""
    cells = cells_of(model, limits, country)
    still, stake = np.zeros_like(cells.value), cells.share * cells.value
    power = by_cell(cells, still)
    whole = power.sum(1, keepdims=True)
    moved = np.minimum(limits.root["shown_part"].value * stake, cells.bound)
    first = {
        "share_pct": PERCENT * cells.share,
        "stake_usd": stake * USD_PER_MILLION,
        "part_pct": PERCENT * ratio(power, whole),
        "moved_usd": moved * USD_PER_MILLION,
        "cut_pct": PERCENT * ratio(power - by_cell(cells, moved), whole),
    }
    return first, least(cells, [cut / PERCENT for cut in CUTS]) * USD_PER_MILLION


def least(cells: Cells, cuts: Sequence[float]) -> Array:
    """Return the least trade that makes each cut, (N, cuts), money; see `reallocation.smallest`.

    Args:
        cells: arrays of (N, C), one row per partner.
        cuts: fractions of power.
    """
    still, live = np.zeros_like(cells.value), cells.bound > 0
    ends = [np.log(np.where(live, gradient(cells, moved), np.nan)) for moved in (still, cells.bound)]
    with np.errstate(all="ignore"):
        high, low = np.nanmax(ends[0], axis=1, initial=-np.inf), np.nanmin(ends[1], axis=1, initial=np.inf)
    high, low = (np.where(np.isfinite(end), end, 0.0) for end in (high, low))
    level = high + (low - high) * np.linspace(0, 1, LEVELS)[:, None]  # (levels, N)
    moved = moved_at(cells, level[:, :, None])
    left = by_cell(cells, moved).sum(2)
    made, amount = 1 - ratio(left, left[:1]), moved.sum(2)
    return np.array([np.interp(cuts, made[:, at], amount[:, at]) for at in range(len(still))])


def cells_of(model: Model, limits: Limits, country: int) -> Cells:
    """Return what a country could move away from each partner, (N, C): as `diversify.Trade.cells`."""
    world, own = model.before, np.arange(len(model.structure.countries))
    foreign = world.trade * (own[:, None] != own)
    redirected, home = (limits.root[name].value for name in ("redirected", "home"))
    bought = model.structure.sourcing[:, country] * world.spending[country][:, None]  # (J, N)
    sold = world.trade[:, :, country]
    room_to_buy = np.where(bought > 0, redirected * (foreign.sum(1) - foreign[:, country]), 0.0)
    room_to_buy[:, country] = home * bought[:, country]
    room_to_sell = np.where(sold > 0, redirected * (foreign.sum(2) - foreign[:, :, country]), 0.0)
    room_to_sell[:, country] = 0.0
    there = np.concatenate([bought, sold]) * (own != country)
    room = np.concatenate([room_to_buy, room_to_sell])
    room = room.sum(1, keepdims=True) - room
    value = np.broadcast_to(np.concatenate([bought.sum(1), sold.sum(1)]), there.T.shape)
    theta = model.elasticity.sel(sector=list(model.structure.sectors)).values
    return Cells(
        value=value,
        share=ratio(there.T, value),
        elasticity=np.concatenate([theta, theta + 1]),
        bound=np.minimum(there, room).T,
        income=float(world.income[country]),
    )


def _held(frame: pl.DataFrame, names: Sequence[str], drawn: Sequence[Array]) -> pl.DataFrame:
    """Return a table with the ends of its numbers, (draws, rows, names), in columns of their own."""
    low, high = np.quantile(np.array(drawn), (LOWER, UPPER), axis=0)
    columns = {f"{name}_lower": low[:, at] for at, name in enumerate(names)}
    columns |= {f"{name}_upper": high[:, at] for at, name in enumerate(names)}
    ends = pl.DataFrame(columns).with_columns(pl.all().round_sig_figs(DIGITS))
    return (
        frame.hstack(ends)
        .with_columns(pl.min_horizontal(name, f"{name}_lower").alias(f"{name}_lower") for name in names)
        .with_columns(pl.max_horizontal(name, f"{name}_upper").alias(f"{name}_upper") for name in names)
    )
