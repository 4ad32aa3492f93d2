"""How excess demand for factors responds to wages: the quasi-Newton steps of the solver."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.solve import jacobian
from palanca.trade import model
from palanca.trade.closure import Horizon
from palanca.trade.markets import Engine, Markets, Newton, Solution, of_factors
from palanca.trade.problem import Problem

Array = NDArray[np.float64]

DIFFERENCE = 1e-4  # of ln wages; a finer one costs sweeps and saves the solver no step


def newton(problem: Problem, engine: Engine, at: Solution) -> Newton:
    """Return the quasi-Newton step of wages for worlds near `at`."""
    slopes = by_country(problem, engine, at)
    return long_step(slopes, problem) if problem.horizon is Horizon.LONG else short_step(slopes, problem, at)


def by_country(problem: Problem, engine: Engine, at: Solution) -> Array:
    """Return the response of excess demand, (N, N) or (N · J, N), to the wages of a whole country."""
    countries = np.eye(len(problem.size))
    each = 1 if problem.horizon is Horizon.LONG else problem.value_added.shape[1]
    excess = Markets(problem, engine, at).excess
    ways = countries.repeat(each, axis=1)
    return jacobian(
        excess, of_factors(at.wage, problem), directions=ways, width=DIFFERENCE, accuracy=DIFFERENCE**2
    )


@dataclass(frozen=True, eq=False)
class LongStep:
    """The step for one wage per country: (N, N) `inverse` times excess demand."""

    inverse: Array

    def __call__(self, excess: Array) -> Array:
        """Return the step of wages, (N,)."""
        return np.asarray(self.inverse @ excess)


def long_step(slopes: Array, problem: Problem) -> LongStep:
    """Return the step for one wage per country, to which the numeraire lends the direction it lacks.

    Args:
        slopes: (N, N), response of excess demand to wages.
        problem: for the size of countries.
    """
    return LongStep(np.asarray(np.linalg.inv(problem.size[None, :] - slopes), dtype=np.float64))


def short_step(slopes: Array, problem: Problem, at: Solution) -> Newton:
    """Return the step for one wage per sector: countries as a whole first, then sellers within sectors.

    Args:
        slopes: (N · J, N), response of excess demand to the wages of a whole country.
        problem: for shares.
        at: where the response was taken.
    """
    countries, sectors = problem.value_added.shape
    weight = problem.value_added / problem.size[:, None]
    total = np.einsum("nj,njm->nm", weight, slopes.reshape(countries, sectors, countries))
    whole = np.linalg.inv(problem.size[None, :] - total)
    rivals = np.linalg.inv(rivalry(problem, at))

    def step(excess: Array) -> Array:
        national = whole @ (weight * excess.reshape(countries, sectors)).sum(1)
        left = (excess + slopes @ national).reshape(countries, sectors)
        within: Array = np.einsum("jmn,nj->mj", rivals, left)
        return np.asarray((within + national[:, None]).ravel())

    return step


def rivalry(problem: Problem, at: Solution) -> Array:
    """Return how far excess demand falls as wages rise within one sector, (J, N, N) [j, seller, rival].

    Spending and the prices of other inputs are held fixed; the sector's own output is among its inputs.
    """
    cost = model.input_cost(at.wage, at.price, problem.value_added_share, problem.input_share)
    appeal = model.appeal(cost, problem.elasticity)
    offers = model.competition(problem.access, appeal)
    sourcing = _over(problem.access * appeal[:, None, :], offers[:, :, None])
    sales = model.flows(problem.delivered, appeal, model.per_offer(at.spending, offers))
    buyers = _over(sales, sales.sum(1)[:, None, :]).transpose(0, 2, 1)
    one = np.eye(len(problem.size))
    own_input = np.einsum("njj->jn", problem.input_share)[:, :, None]
    cost_response = np.linalg.solve(one - own_input * sourcing, problem.value_added_share.T[:, :, None] * one)
    return np.asarray(one + problem.elasticity[:, None, None] * ((one - buyers @ sourcing) @ cost_response))


def _over(part: Array, whole: Array) -> Array:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
