"""The world economy of Caliendo and Parro (2015) in changes: one function per agent or market.

Countries: n buys, i sells. Sectors: j; k as an input. Hats are ratios to the world that the shares
describe. Where exponents meet, a hat is handled by its logarithm. Arrays are (N, J), or (J, N, N) with
axes [j, n, i]; money is in units of the world's value added in that first world.

Source: Caliendo and Parro (2015), Review of Economic Studies 82(1), section 2; the exact hat algebra is
Dekle, Eaton and Kortum's (2008).
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def access(sourcing: Array, barrier: Array, elasticity: Array) -> Array:
    """Return what a seller's share would be at unchanged costs, π κ̂^−θ.

    Args:
        sourcing: (M,), π, shares of spending in some cells.
        barrier: (M,), κ̂, ratio of trade costs, positive; infinite where trade is forbidden.
        elasticity: (M,), θ of the sector of each.
    """
    return np.asarray(sourcing * barrier**-elasticity)


def input_cost(wage: Array, price: Array, value_added_share: Array, input_share: Array) -> Array:
    """Return ln ĉ, (N, J): a unit of output is Cobb-Douglas in factors and inputs.

    Args:
        wage: (N, J), ln ŵ, the same in all sectors where labour moves.
        price: (N, J), ln P̂.
        value_added_share: (N, J).
        input_share: (N, J, J), [n, k, j].
    """
    return np.asarray(value_added_share * wage + np.matmul(price[:, None, :], input_share)[:, 0, :])


def appeal(cost: Array, elasticity: Array) -> Array:
    """Return ĉ^−θ, (J, N): how much a seller's costs speak for it. Cost is ln ĉ, (N, J)."""
    return np.exp(-elasticity[:, None] * cost.T)


def competition(access: Array, appeal: Array) -> Array:
    """Return Σᵢ π κ̂^−θ ĉ^−θ, (J, N): the offers a buyer chooses from, against one before."""
    return np.asarray(np.matmul(access, appeal[:, :, None])[:, :, 0])


def price_index(competition: Array, elasticity: Array) -> Array:
    """Return ln P̂, (N, J), of what a buyer pays; zero where it buys nothing."""
    offers = np.where(competition == 0, 1.0, competition)
    return -(np.log(offers) / elasticity[:, None]).T


def per_offer(spending: Array, competition: Array) -> Array:
    """Return spending, (N, J), over the offers it is split among, (J, N); zero where there are none."""
    return np.divide(spending.T, competition, out=np.zeros_like(competition), where=competition != 0)


def flows(delivered: Array, appeal: Array, per_offer: Array) -> Array:
    """Return what sellers receive from each buyer, (J, N, N), money.

    Args:
        delivered: (J, N, N), access over one plus the tariff.
        appeal: (J, N), ĉ^−θ.
        per_offer: (J, N), spending over competition.
    """
    return np.asarray(delivered * appeal[:, None, :] * per_offer[:, :, None])


def output(delivered: Array, appeal: Array, per_offer: Array) -> Array:
    """Return sales to all buyers, (N, J), money; the flows summed without forming them."""
    return np.asarray((appeal * np.matmul(per_offer[:, None, :], delivered)[:, 0, :]).T)


def untaxed(delivered: Array, appeal: Array, competition: Array) -> Array:
    """Return the part of each buyer's spending that reaches sellers, (N, J); the rest is tariffs."""
    reached = np.matmul(delivered, appeal[:, :, None])[:, :, 0]
    part = np.divide(reached, competition, out=np.ones_like(competition), where=competition != 0)
    return np.asarray(part.T)


def income(factors: Array, spending: Array, untaxed: Array, deficit: Array) -> Array:
    """Return what each country can spend, (N,): factor income, tariff revenue and the deficit."""
    return np.asarray(factors + (spending * (1 - untaxed)).sum(1) + deficit)


def spending(output: Array, income: Array, input_share: Array, final_share: Array) -> Array:
    """Return demand of producers and households for each sector, (N, J), at the buyer's price."""
    return np.asarray(np.matmul(input_share, output[:, :, None])[:, :, 0] + final_share * income[:, None])


def factor_demand(output: Array, value_added_share: Array) -> Array:
    """Return what producers pay their factors, (N, J), money."""
    return value_added_share * output


def imbalance(flows: Array, deficit: Array) -> Array:
    """Return imports less exports less the deficit, (N,), money; zero in every country, none dropped."""
    return np.asarray(flows.sum((0, 2)) - flows.sum((0, 1)) - deficit)
