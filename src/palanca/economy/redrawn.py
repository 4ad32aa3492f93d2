"""The world as another source might have it: trade between countries off by as much as sources differ."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from palanca.economy.accounts import Economy
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.assumed import assumed
from palanca.economy.balance import fitted, scaled

Array = NDArray[np.float64]

CLOSE = 1e-7  # of the largest cell: far below the errors drawn
ROUNDS = 50


def redrawn(economy: Economy, *, seed: int, error: float | None = None) -> Economy:
    """Return the economy with each pair's trade off by a lognormal factor, the same for the same seed.

    Each country's output, spending and deficit are kept: only who buys from whom is drawn.

    Args:
        economy: the world.
        seed: of the draw.
        error: standard deviation of ln trade of a pair; that between sources, if not given.
    """
    spread = assumed("world")["pair_error"].value if error is None else error
    count = len(economy.countries)
    factor = np.exp(spread * np.random.default_rng(seed).standard_normal((count, count)))
    np.fill_diagonal(factor, 1.0)
    held = np.concatenate([economy.intermediate.values, economy.final.values], axis=2)
    bought, output = held.sum(0), economy.output.values
    steps = (lambda table: scaled(table, 0, bought), lambda table: scaled(table, 2, output))
    drawn = fitted(held * np.tile(factor, 2)[:, None, :], steps, rounds=ROUNDS, tolerance=CLOSE)[0]
    return _with(economy, drawn[:, :, :count], drawn[:, :, count:])


def _with(economy: Economy, intermediate: Array, final: Array) -> Economy:
    flows = Flows(
        economy.countries,
        economy.sectors,
        intermediate,
        final,
        economy.use.values,
        tariff=economy.tariff.values,
    )
    named = assembled(flows, Described(economy.name, economy.year, economy.unit))
    return replace(named, assumptions=economy.assumptions)
