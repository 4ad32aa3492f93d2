"""What a country gains or loses between two worlds: exactly, and to first order.

Three numbers that are often taken for one. Real income is exact and counts tariff revenue. The real
wage leaves revenue out. The first-order formula, in one discrete step, values new imports at the old
tariff and depends on the numeraire; along a path of small steps it becomes exact.
"""

import numpy as np
from numpy.typing import NDArray

from palanca.trade.world import World

Array = NDArray[np.float64]


def real_income(before: World, after: World) -> Array:
    """Return the ratio of income over the cost of living, (N,), after to before."""
    return (after.income / before.income) / (after.living_cost / before.living_cost)


def real_wage(before: World, after: World) -> Array:
    """Return the ratio of factor income over the cost of living, (N,), after to before.

    Where labour moves between sectors this is the wage; where it does not, the average of its sectors.
    """
    paid = after.value_added.sum(1) / before.value_added.sum(1)
    return np.asarray(paid / (after.living_cost / before.living_cost))


def terms_of_trade(before: World, after: World) -> Array:
    """Return Σ [E (ĉₙ − 1) − M (ĉᵢ − 1)] / I, (N,), a fraction of income before.

    Exports E and imports M are at the seller's price and, like income I, at their value before; ĉ is
    the change of unit cost, at a numeraire of fixed world factor income.

    Source: Caliendo and Parro (2015), equation 16, first term, in one discrete step.
    """
    dearer = (after.cost / before.cost - 1).T
    foreign = _foreign(before.trade)
    earned = (foreign.sum(1) * dearer).sum(0)
    paid = np.einsum("jni,ji->n", foreign, dearer)
    return np.asarray((earned - paid) / before.income)


def volume_of_trade(before: World, after: World) -> Array:
    """Return Σ τ M (M̂ − ĉᵢ) / I, (N,), a fraction of income before; τ is the tariff before.

    Source: Caliendo and Parro (2015), equation 16, second term, in one discrete step.
    """
    dearer = (after.cost / before.cost).T
    more = _foreign(after.trade) - _foreign(before.trade) * dearer[:, None, :]
    return np.asarray((before.tariff * more).sum((0, 2)) / before.income)


def first_order(before: World, after: World) -> Array:
    """Return terms of trade plus volume of trade, (N,), a fraction of income before."""
    return terms_of_trade(before, after) + volume_of_trade(before, after)


def _foreign(trade: Array) -> Array:
    """Return flows, (J, N, N), without own sales."""
    return trade * ~np.eye(trade.shape[1], dtype=bool)
