"""The region that closes the world: all countries outside a table, made to sell, produce and spend.

It is modelled on its peers, the table's countries for which the final-demand pattern has no row of
their own; they are what the pattern itself counts as the rest of the world.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.economy.accounts import share
from palanca.economy.observed import Choices, Observed

Array = NDArray[np.float64]

ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class Supply:
    """What the rest of the world sells to the table's countries, at the seller's price.

    Attributes:
        extra: (N, J, J) [country, input, user], inputs from the rest.
        final: (J, N) [sector, destination], final goods from the rest.
        cut: part of the inputs given up so that value added stays positive.
    """

    extra: Array
    final: Array
    cut: float


@dataclass(frozen=True, eq=False)
class Closed:
    """Flows of all N + 1 countries, the rest last; see `Economy` for the meaning of each."""

    intermediate: Array
    final: Array
    use: Array


def peers(observed: Observed) -> NDArray[np.intp]:
    """Return the places of the countries that the pattern counts as the rest of the world; else of all."""
    own = set(observed.pattern_countries[:-1])
    others = np.flatnonzero([country not in own for country in observed.countries])
    return others if others.size else np.arange(len(observed.countries))


def supply(observed: Observed, final: Array, choices: Choices) -> Supply:
    """Return the sales of the rest to each destination: in its peers' proportions, at its own total.

    Args:
        observed: goods trade at the seller's price.
        final: (N, J, N + 1), final sales of the table's countries.
        choices: for the smallest value added.
    """
    like = peers(observed)
    inputs, finished = observed.intermediate[like].copy(), final[like][:, :, :-1].copy()
    inputs[np.arange(len(like)), :, like] = 0.0
    finished[np.arange(len(like)), :, like] = 0.0
    inputs, finished = inputs.sum(0), finished.sum(0)
    total = observed.goods_trade[-1, :-1]
    of_peers = (inputs + finished)[observed.goods].sum(0)
    usual = np.nansum(total) / of_peers[np.isfinite(total)].sum()
    size = np.where(np.isfinite(total), share(np.nan_to_num(total), of_peers), usual)
    wanted = observed.use * share(inputs * size, observed.use.sum(2).T).T[:, :, None]
    extra = affordable(wanted, observed, choices.least_value_added)
    return Supply(extra, finished * size, float(1 - extra.sum() / wanted.sum()))


def affordable(wanted: Array, observed: Observed, least: float) -> Array:
    """Return inputs from the rest, (N, J, J), cut so that value added is at least a part of output."""
    room = (1 - least) * observed.output - observed.use.sum(1)
    part = np.minimum(1.0, share(np.maximum(room, 0.0), wanted.sum(1)))
    return np.asarray(wanted * np.where(wanted.sum(1) > 0, part, 1.0)[:, None, :])


def closed(observed: Observed, final: Array, sold: Supply) -> Closed:
    """Return flows of all countries, with production and spending of the rest at its own product."""
    bought, exports = final[:, :, -1].sum(0), sold.extra.sum((0, 2)) + sold.final.sum(1)
    technique = technology(observed, sold.extra)
    own = home_sales(observed, final, technique, bought=bought, exports=exports)
    inputs = technique * (own + exports)
    part = share(inputs.sum(1), own + bought)
    to_rest, from_rest = final[:, :, -1], sold.extra.sum(2).T
    return Closed(
        intermediate=_grown(observed.intermediate, to_rest * part, from_rest, own * part),
        final=_grown(final[:, :, :-1], to_rest * (1 - part), sold.final, own * (1 - part)),
        use=np.concatenate([observed.use + sold.extra, inputs[None]]),
    )


def technology(observed: Observed, extra: Array) -> Array:
    """Return inputs per unit of output, (J, J) [input, user], of the peers together."""
    like = peers(observed)
    used, output = (observed.use + extra)[like].sum(0), observed.output[like].sum(0)
    return share(used, np.broadcast_to(output, used.shape))


def home_sales(observed: Observed, final: Array, technique: Array, *, bought: Array, exports: Array) -> Array:
    """Return what the rest sells to itself, (J,), so that its product is as observed.

    Final demand has its peers' composition; where that would leave less than nothing to be sold or
    bought at home, home sales are raised until it does not.

    Args:
        observed: for the product of the rest and its peers.
        final: (N, J, N + 1), final sales of the table's countries.
        technique: (J, J), inputs per unit of output.
        bought: (J,), imports of the rest.
        exports: (J,), its exports.
    """
    like = peers(observed)
    wanted = final[:, :, like].sum((0, 2))
    spent = observed.rest_product + bought.sum() - exports.sum()
    demand = wanted / wanted.sum() * spent - bought + exports
    own = np.maximum(np.linalg.solve(np.eye(len(technique)) - technique, demand) - exports, 0.0)
    for _ in range(ROUNDS):
        short = technique @ (own + exports) - own - bought
        if short.max() <= 0:
            break
        own += np.maximum(short, 0.0) * 1.01
    return own


def _grown(inner: Array, column: Array, row: Array, corner: Array) -> Array:
    """Return (N, J, N) with a destination, (N, J), an origin, (J, N), and their meeting, (J,), added."""
    wide = np.concatenate([inner, column[:, :, None]], axis=2)
    last = np.concatenate([row, corner[:, None]], axis=1)
    return np.concatenate([wide, last[None]])
