"""From wages to excess demand for factors, and the wages at which there is none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from palanca.solve import Outcome, Settings, root
from palanca.trade.closure import Horizon
from palanca.trade.problem import Problem

Array = NDArray[np.float64]
Newton = Callable[[Array], Array]

BLUNTEST = 1e-4  # accuracy of prices and spending while wages are still far off
JOINT = 0.1  # of the tolerance: so near, the search that follows only has to look
SHARPEST = 1e-14  # below this, sums over a few thousand terms are rounding


class Engine(Protocol):
    """Prices and spending at given wages: `plain` or `kernels`."""

    def prices(self, problem: Problem, wage: Array, start: Array, accuracy: float) -> Array:
        """See `plain.prices`."""

    def spending(
        self, problem: Problem, wage: Array, price: Array, start: Array, accuracy: float
    ) -> tuple[Array, Array]:
        """See `plain.spending`."""

    def joint(
        self, problem: Problem, step: Newton, start: "Solution", *, accuracy: float, sweeps: int
    ) -> tuple["Solution", int]:
        """Return wages, prices and spending moved together until nothing moves by more than `accuracy`.

        Also return how many sweeps that took; none, and `start`, where it cannot be done.
        """


@dataclass(frozen=True, eq=False)
class Solution:
    """Wages, prices and spending that clear all markets, in changes and in units of world value added.

    Attributes:
        wage: (N, J), ln ŵ, the same in all sectors of a country on the long horizon.
        price: (N, J), ln P̂.
        spending: (N, J), at the buyer's price.
    """

    wage: Array
    price: Array
    spending: Array


class Markets:
    """Excess demand for factors as a function of wages; it remembers prices between calls.

    Args:
        problem: the world.
        engine: what computes prices and spending.
        start: where prices and spending are first looked for.
    """

    def __init__(self, problem: Problem, engine: Engine, start: Solution) -> None:
        self.problem, self.engine, self.last = problem, engine, start

    def excess(self, wage: Array, accuracy: float) -> Array:
        """Return ln demand less ln supply of factors, (N,) or, by sector, (N · J,).

        Args:
            wage: ln ŵ, of that shape; scaled to the numeraire before it is used.
            accuracy: of prices and spending.
        """
        problem, accuracy = self.problem, min(max(accuracy, SHARPEST), BLUNTEST)
        wages = numeraire(by_sector(wage, problem), problem)
        near = self._foreseen(wages)
        price = self.engine.prices(problem, wages, near.price, accuracy)
        spent, sold = self.engine.spending(problem, wages, price, near.spending, accuracy)
        if np.isfinite(price).all() and np.isfinite(spent).all():
            self.last = Solution(wages, price, spent)
        demand, supply = problem.value_added_share * sold, np.exp(wages) * problem.value_added
        if problem.horizon is Horizon.LONG:
            demand, supply = demand.sum(1), supply.sum(1)
        return _log_ratio(demand, supply).ravel()

    def _foreseen(self, wages: Array) -> Solution:
        """Return the last prices and spending, moved as far as a country's own wages explain."""
        last, rise = self.last, wages - self.last.wage
        if self.problem.horizon is Horizon.SHORT or not rise.any():
            return last
        return Solution(wages, last.price + self.problem.pass_through * rise, last.spending * np.exp(rise))


def unchanged(problem: Problem, engine: Engine) -> Solution:
    """Return no change of wages, with the prices and spending that go with it: where a search begins."""
    zero = np.zeros_like(problem.value_added)
    guess = Solution(zero, zero, problem.final_share * problem.size[:, None])
    markets = Markets(problem, engine, guess)
    markets.excess(of_factors(zero, problem), SHARPEST)
    return markets.last


def clear(
    problem: Problem, engine: Engine, *, start: Solution, newton: Newton, settings: Settings
) -> tuple[Solution, Outcome]:
    """Return the wages, prices and spending that clear every market, and how the search ended.

    Args:
        problem: the world.
        engine: what computes prices and spending.
        start: where to begin.
        newton: maps excess demand to a step of wages; see `response.newton`.
        settings: the residual is the largest relative excess demand for factors in any country.
    """
    close = JOINT * settings.tolerance
    start, made = engine.joint(problem, newton, start, accuracy=close, sweeps=settings.iterations)
    settings = replace(settings, expected=settings.tolerance) if made else settings
    markets = Markets(problem, engine, start)
    wage, outcome = root(
        markets.excess, of_factors(start.wage, problem), newton=newton, settings=settings, raises=False
    )
    if not outcome.converged:
        markets.excess(wage, settings.tolerance)
    solution = replace(markets.last, wage=numeraire(by_sector(wage, problem), problem))
    return solution, replace(outcome, iterations=made + outcome.iterations)


def by_sector(wage: Array, problem: Problem) -> Array:
    """Return ln ŵ, (N, J), from one wage per country or one per sector of each."""
    shape = problem.value_added.shape
    columns = wage.reshape(shape[0], -1)
    return np.ascontiguousarray(np.broadcast_to(columns, shape))


def of_factors(wage: Array, problem: Problem) -> Array:
    """Return the wages to be searched over, (N,) or (N · J,), from (N, J)."""
    return wage[:, 0].copy() if problem.horizon is Horizon.LONG else wage.ravel().copy()


def numeraire(wage: Array, problem: Problem) -> Array:
    """Return ln ŵ, (N, J), scaled so that the factor income of the world is one."""
    return np.asarray(wage - np.log((np.exp(wage) * problem.value_added).sum() / problem.value_added.sum()))


def _log_ratio(demand: Array, supply: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(supply == 0, 0.0, np.log(demand / supply))
