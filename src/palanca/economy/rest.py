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
    """Return the sales of the rest to each destination, split by use as its buyers use imports.

    Args:
        observed: for its sales, of goods by sector and of services as one.
        final: (N, J, N + 1), final sales of the table's countries.
        choices: for the smallest value added.
    """
    foreign = ~np.eye(len(final), dtype=bool)[:, None, :]
    inputs = (observed.intermediate * foreign).sum(0)
    whole = inputs + (final[:, :, :-1] * foreign).sum(0)
    sold = by_sector(observed, observed.sales[-1, :, :-1], whole)
    wanted = observed.use * share(sold * share(inputs, whole), observed.use.sum(2).T).T[:, :, None]
    extra = affordable(wanted, observed, choices.least_value_added)
    return Supply(extra, sold - extra.sum(2).T, float(1 - extra.sum() / wanted.sum()))


def by_sector(observed: Observed, known: Array, like: Array) -> Array:
    """Return sales by sector, (J, M), from those of goods and of services as one, (G + 1, M).

    Args:
        observed: for which sectors are goods.
        known: the sales.
        like: (J, M), in whose proportions services are split.
    """
    result = np.empty_like(like)
    result[observed.goods] = known[:-1]
    services = like[~observed.goods]
    result[~observed.goods] = share(services, services.sum(0, keepdims=True)) * known[-1]
    return result


def affordable(wanted: Array, observed: Observed, least: float) -> Array:
    """Return inputs from the rest, (N, J, J), cut so that value added is at least a part of output."""
    room = (1 - least) * observed.output - observed.use.sum(1)
    part = np.minimum(1.0, share(np.maximum(room, 0.0), wanted.sum(1)))
    return np.asarray(wanted * np.where(wanted.sum(1) > 0, part, 1.0)[:, None, :])


def closed(observed: Observed, final: Array, sold: Supply) -> Closed:
    """Return flows of all countries; the rest makes what it sells by the technique of its peers."""
    bought, exports = final[:, :, -1].sum(0), sold.extra.sum((0, 2)) + sold.final.sum(1)
    own = home_sales(observed, final)
    inputs = technology(observed, sold.extra) * (own + exports)
    part = np.minimum(share(inputs.sum(1), own + bought), 1.0)
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


def home_sales(observed: Observed, final: Array) -> Array:
    """Return what the rest sells to itself, (J,): goods as known, services in its peers' proportions."""
    like = peers(observed)
    at_home = (observed.intermediate[like, :, like] + final[like, :, like]).sum(0)
    return by_sector(observed, observed.sales[-1, :, -1][:, None], at_home[:, None])[:, 0]


def _grown(inner: Array, column: Array, row: Array, corner: Array) -> Array:
    """Return (N, J, N) with a destination, (N, J), an origin, (J, N), and their meeting, (J,), added."""
    wide = np.concatenate([inner, column[:, :, None]], axis=2)
    last = np.concatenate([row, corner[:, None]], axis=1)
    return np.concatenate([wide, last[None]])
