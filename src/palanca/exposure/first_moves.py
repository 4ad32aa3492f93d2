"""For every pair of countries: the moves that buy most security per dollar, and the trade each cut takes.

Both are closed forms of the program in `reallocation`, at unchanged prices, with intervals; the price of a
cut and the exact loss after it are solved pair by pair, by `diversify`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from palanca.catalogue.parameters import parameters
from palanca.economy import Economy
from palanca.economy.world import REST, TABLES, USD_PER_MILLION, from_tables
from palanca.exposure.diversify import CUTS, PURCHASES, SALES, Limits, Trade, trade_of
from palanca.exposure.move_ranges import around
from palanca.exposure.reallocation import by_cell, gradient, power, reachable, smallest
from palanca.exposure.withdrawal import Models, prepared

Derivation = Callable[[Path], pl.DataFrame]
PERCENT = 100.0
DIGITS = 5  # significant digits kept
MOVES, FRONTIER = "diversification_moves", "diversification_frontier"
LISTED = 3


def derivations(world: Mapping[str, Derivation]) -> dict[str, Derivation]:
    """Return how both tables are derived from those of the world economy.

    Args:
        world: how the tables of the world economy are derived.
    """

    @cache
    def made(raw: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
        return tables(from_tables({name: world[name](raw) for name in TABLES}))

    return {MOVES: lambda raw: made(raw)[0], FRONTIER: lambda raw: made(raw)[1]}


def tables(economy: Economy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return first moves and frontier of every ordered pair but the rest of the world, USD."""
    models, limits = prepared(economy), parameters("diversification", Limits)
    first: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for a, b in permutations([code for code in economy.countries if code != REST], 2):
        label = {"country": a, "partner": b, "year": economy.year}
        trade = trade_of(models, a, b, limits=limits)
        first += [{**label, **row} for row in moves(trade, limits)]
        points += [{**label, **row} for row in frontier(trade)]
    return around(economy, limits, _rounded(pl.DataFrame(first)), _rounded(pl.DataFrame(points)))


def of_pair(models: Models, a: str, b: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return first moves and frontier of one pair, money in USD."""
    limits = parameters("diversification", Limits)
    trade = trade_of(models, a, b, limits=limits)
    return list(moves(trade, limits)), list(frontier(trade))


def moves(trade: Trade, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the sectors and sides where the first dollars buy most, best first; money in USD.

    Sectors that carry hardly any of the partner's power are passed over.
    """
    cells, still = trade.cells, np.zeros_like(trade.cells.value)
    whole, sectors = power(cells, still), len(trade.elasticity)
    if not whole:
        return
    part = by_cell(cells, still) / whole
    moved = np.minimum(limits.root["shown_part"].value * cells.share * cells.value, cells.bound)
    cut = (by_cell(cells, still) - by_cell(cells, moved)) / whole
    listed = np.flatnonzero((part >= limits.root["least_part"].value) & (moved > 0))
    order = listed[np.argsort(-gradient(cells, still)[listed], kind="stable")]
    for place, cell in enumerate(order[:LISTED], start=1):
        yield {
            "place": place,
            "side": PURCHASES if cell < sectors else SALES,
            "sector": trade.structure.sectors[cell % sectors],
            "share_pct": float(PERCENT * cells.share[cell]),
            "stake_usd": float(cells.share[cell] * cells.value[cell]) * USD_PER_MILLION,
            "part_pct": float(PERCENT * part[cell]),
            "moved_usd": float(moved[cell]) * USD_PER_MILLION,
            "cut_pct": float(PERCENT * cut[cell]),
        }


def frontier(trade: Trade) -> Iterator[dict[str, Any]]:
    """Yield the least trade to move for each cut that can be reached; money in USD."""
    most = PERCENT * reachable(trade.cells)
    for cut in CUTS:
        if cut <= most:
            moved = smallest(trade.cells, cut / PERCENT).moved.sum()
            yield {"cut_pct": float(cut), "moved_usd": float(moved) * USD_PER_MILLION}


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.selectors.float()
    kinds = {"year": pl.Int16, "place": pl.Int8}
    kept = {name: kind for name, kind in kinds.items() if name in frame.columns}
    return frame.with_columns(numbers.round_sig_figs(DIGITS)).cast(kept)  # type: ignore[arg-type]
