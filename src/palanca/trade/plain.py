"""Prices and spending at given wages, in NumPy: slower than the compiled path, and its check."""

import numpy as np
from numpy.typing import NDArray

from palanca.solve import Settings, fixed_point
from palanca.trade import model
from palanca.trade.markets import Newton, Solution
from palanca.trade.problem import Problem

Array = NDArray[np.float64]

SWEEPS = 500


def prices(problem: Problem, wage: Array, start: Array, accuracy: float) -> Array:
    """Return ln P̂, (N, J), at which every price is what its cheapest sources make it.

    Args:
        problem: the world.
        wage: (N, J), ln ŵ.
        start: (N, J), where to begin.
        accuracy: largest error left in any price, in logs.
    """

    def sweep(flat: Array) -> Array:
        cost = _cost(problem, wage, flat.reshape(wage.shape))
        offers = model.competition(problem.access, model.appeal(cost, problem.elasticity))
        return model.price_index(offers, problem.elasticity).ravel()

    settings = Settings(tolerance=accuracy, iterations=SWEEPS)
    return fixed_point(sweep, start.ravel(), settings=settings, raises=False)[0].reshape(wage.shape)


def spending(
    problem: Problem, wage: Array, price: Array, start: Array, accuracy: float
) -> tuple[Array, Array]:
    """Return spending and output, (N, J) each, when every sector's sales and every budget add up.

    Args:
        problem: the world.
        wage: (N, J), ln ŵ.
        price: (N, J), ln P̂.
        start: (N, J), where to begin.
        accuracy: largest error left, relative to the country's value added.
    """
    appeal = model.appeal(_cost(problem, wage, price), problem.elasticity)
    offers = model.competition(problem.access, appeal)
    untaxed = model.untaxed(problem.delivered, appeal, offers)
    factors = (np.exp(wage) * problem.value_added).sum(1)
    size = problem.size[:, None]

    def sold(spent: Array) -> Array:
        return model.output(problem.delivered, appeal, model.per_offer(spent, offers))

    def sweep(flat: Array) -> Array:
        spent = flat.reshape(wage.shape) * size
        income = model.income(factors, spent, untaxed, problem.deficit)
        demand = model.spending(sold(spent), income, problem.input_share, problem.final_share)
        return (demand / size).ravel()

    settings = Settings(tolerance=accuracy, iterations=SWEEPS)
    found = fixed_point(sweep, (start / size).ravel(), settings=settings, raises=False)[0]
    spent = found.reshape(wage.shape) * size
    return spent, sold(spent)


def joint(
    problem: Problem,
    step: Newton,
    start: Solution,
    *,
    accuracy: float,
    sweeps: int,
) -> tuple[Solution, int]:
    """Return `start` and no sweeps made: the second method searches in its own way."""
    return start, 0


def _cost(problem: Problem, wage: Array, price: Array) -> Array:
    return model.input_cost(wage, price, problem.value_added_share, problem.input_share)
