"""The world after a change of tariffs or trade costs, relative to the world before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Economy, Structure, trade_elasticity
from palanca.errors import InputError
from palanca.solve import Outcome, Settings
from palanca.trade import plain, welfare
from palanca.trade.closure import DEFAULT_CLOSURE, Closure
from palanca.trade.markets import Newton, Solution, clear, unchanged
from palanca.trade.problem import Problem, problem, shocked
from palanca.trade.response import newton
from palanca.trade.shock import FLOW, Change, Shock, cells, changes
from palanca.trade.solvable import require_earned, require_payable
from palanca.trade.world import World, evaluate

if TYPE_CHECKING:
    from palanca.trade.measure import Measure

Array = NDArray[np.float64]

UNMOVED = 1  # evaluations of a search that finds its starting point to be the answer
FRESH_STEPS = 4  # times the quasi-Newton step is computed anew before a search is given up
SETTINGS = Settings(tolerance=1e-12, iterations=150, depth=8, largest_step=1.0, inner=1e-3)


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """The world after, relative to the world before, with every array labelled.

    Changes are ratios (1.02 is two per cent more); money is in the unit of the economy, with the
    factor income of the world held fixed. Dimension `world` has the labels before and after.

    Attributes:
        structure: the world in shares.
        closure: horizon and deficits.
        before, after: the two worlds, as plain arrays.
    """

    structure: Structure
    closure: Closure
    before: World
    after: World

    @property
    def solved(self) -> tuple[Outcome, Outcome]:
        """How the solver ended, before and after."""
        return self.before.outcome, self.after.outcome

    @cached_property
    def real_income(self) -> xr.DataArray:
        """Exact change of income over the cost of living, (country): the headline."""
        return self._labelled(welfare.real_income(self.before, self.after))

    @cached_property
    def real_wage(self) -> xr.DataArray:
        """Change of factor income over the cost of living, (country); tariff revenue is left out."""
        return self._labelled(welfare.real_wage(self.before, self.after))

    @cached_property
    def terms_of_trade(self) -> xr.DataArray:
        """First part of the first-order formula, (country), a fraction of income before."""
        return self._labelled(welfare.terms_of_trade(self.before, self.after))

    @cached_property
    def volume_of_trade(self) -> xr.DataArray:
        """Second part of the first-order formula, (country), a fraction of income before."""
        return self._labelled(welfare.volume_of_trade(self.before, self.after))

    @cached_property
    def welfare_first_order(self) -> xr.DataArray:
        """Terms of trade plus volume of trade, (country), a fraction of income before."""
        return self.terms_of_trade + self.volume_of_trade

    @cached_property
    def wage(self) -> xr.DataArray:
        """Change of factor prices, (country, sector); equal across sectors on the long horizon."""
        return self._labelled(self.after.wage / self.before.wage)

    @cached_property
    def cost(self) -> xr.DataArray:
        """Change of the cost of a unit of output, (country, sector)."""
        return self._labelled(self.after.cost / self.before.cost)

    @cached_property
    def price(self) -> xr.DataArray:
        """Change of what buyers pay, (country, sector)."""
        return self._labelled(self.after.price / self.before.price)

    @cached_property
    def living_cost(self) -> xr.DataArray:
        """Change of the price of final demand, (country)."""
        return self._labelled(self.after.living_cost / self.before.living_cost)

    @cached_property
    def output(self) -> xr.DataArray:
        """Sales to all destinations, (world, country, sector), money."""
        return self._both(self.before.output, self.after.output)

    @cached_property
    def value_added(self) -> xr.DataArray:
        """Factor income by sector, (world, country, sector), money."""
        return self._both(self.before.value_added, self.after.value_added)

    @cached_property
    def trade(self) -> xr.DataArray:
        """Money received by sellers, (world, origin, sector, destination); own sales included."""
        return self._both(self.before.trade, self.after.trade)

    @cached_property
    def exports(self) -> xr.DataArray:
        """Trade across borders at the seller's price, (world, origin, sector, destination), money."""
        return self.trade.where(self.trade["origin"] != self.trade["destination"], 0.0)

    @cached_property
    def imports(self) -> xr.DataArray:
        """Trade across borders with the tariff paid, (world, origin, sector, destination), money."""
        return self.exports * (1 + self.tariff)

    @cached_property
    def tariff(self) -> xr.DataArray:
        """Tariffs in force, (world, origin, sector, destination), ad valorem, fractions."""
        return self._both(self.before.tariff, self.after.tariff)

    @cached_property
    def tariff_revenue(self) -> xr.DataArray:
        """Tariffs collected, (world, country), money."""
        return self._both(self.before.tariff_revenue, self.after.tariff_revenue)

    @cached_property
    def income(self) -> xr.DataArray:
        """Factor income, tariff revenue and deficit, (world, country), money."""
        return self._both(self.before.income, self.after.income)

    @cached_property
    def deficit(self) -> xr.DataArray:
        """Imports less exports, (world, country), money."""
        return self._both(self.before.deficit, self.after.deficit)

    @cached_property
    def residual(self) -> xr.DataArray:
        """Imbalance of trade over income, (world, country); no market is left out."""
        return self._both(self.before.residual, self.after.residual)

    def _labelled(self, values: Array) -> xr.DataArray:
        dims = ("country", "sector") if values.ndim == 2 else ("country",)
        return cells(values, self.structure, dims)

    def _both(self, before: Array, after: Array) -> xr.DataArray:
        """Label two arrays; of three axes they are [sector, destination, origin]."""
        values, dims = np.stack([before, after]), ("country", "sector")[: before.ndim]
        if before.ndim == len(FLOW):
            values, dims = values.transpose(0, 3, 1, 2), FLOW
        return cells(values, self.structure, ("world", *dims))


@dataclass(frozen=True, eq=False)
class Model:
    """A world ready for many shocks: what does not depend on the shock is computed once.

    Attributes:
        structure: the world in shares.
        elasticity: (sector), θ.
        closure: horizon and deficits.
        settings: of the solver; the residual is the largest relative excess demand for factors.
        compiled: whether to use the compiled path, which is imported when first needed; not where the
            environment forbids numba to compile, as the loops would take hours as they are written.
        lender: a model of the same closure, whose quasi-Newton step is borrowed; where it is of the same
            world, all that does not depend on the elasticities too.
    """

    structure: Structure
    elasticity: xr.DataArray
    closure: Closure = DEFAULT_CLOSURE
    settings: Settings = SETTINGS
    compiled: bool = True
    lender: "Model | None" = None

    def like(self, elasticity: xr.DataArray) -> "Model":
        """Return the model with other elasticities, (sector), that borrows what does not depend on them."""
        return replace(self, elasticity=elasticity, lender=self)

    @cached_property
    def before(self) -> World:
        """The world without any change, solved under the closure.

        Raises:
            NotConverged: no such world was found.
        """
        if self._twin and self._twin.before.outcome.iterations == UNMOVED:
            return self._twin.before
        start = self._twin.before.solution if self._twin else self._start
        return self._solved(self._problem, self.structure.tariff, start, self._first_step)

    def after(self, shock: Shock | Change, *, start: Solution | None = None, raises: bool = True) -> World:
        """Return the world after `shock`.

        Args:
            shock: new tariffs and trade costs, or what they change in this world.
            start: what to search from; the world before, if not given.
            raises: whether to raise when the search fails, rather than return a world that does not
                clear.

        Raises:
            BadShock: the shock does not fit the world.
            NoEquilibrium: the closure has no solution, and `raises` is true.
            NotConverged: the search failed and `raises` is true.
        """
        change = shock if isinstance(shock, Change) else changes(shock, self.structure)
        if start is None and change.nothing:
            return self.before
        near, world = start or self.before.solution, shocked(self._problem, change)
        if raises and not np.isfinite(change.barrier).all():
            require_payable(world, change.transfer, countries=self.structure.countries, closure=self.closure)
        return self._solved(world, change.tariff, near, self._step, raises=raises)

    def equilibrium(self, shock: Shock, *, base: Shock | None = None) -> Equilibrium:
        """Return the labelled change from the world before to the one after `shock`.

        Args:
            shock: new tariffs and trade costs, those of `base` among them.
            base: what changed already in the world before; nothing, if not given.

        Raises:
            BadShock: the shock does not fit the world.
            NotConverged: one of the two worlds was not found.
        """
        before = self.before if base is None else self.after(base)
        after = self.after(shock, start=None if base is None else before.solution)
        return Equilibrium(self.structure, self.closure, before, after)

    @property
    def _twin(self) -> "Model | None":
        """The lender, if it is of this very world."""
        return self.lender if self.lender and self.lender.structure is self.structure else None

    @cached_property
    def _problem(self) -> Problem:
        theta = trade_elasticity(_by_label(self.elasticity), self.structure.sectors).values
        if self._twin:
            return replace(self._twin._problem, elasticity=theta)
        return problem(self.structure, theta, self.closure)

    @cached_property
    def _start(self) -> Solution:
        return unchanged(self._problem, self._engine)

    @cached_property
    def _first_step(self) -> Newton:
        return self.lender._step if self.lender else newton(self._problem, self._engine, self._start)

    @cached_property
    def _step(self) -> Newton:
        if self.lender or self.before.outcome.iterations == UNMOVED:
            return self._first_step
        return newton(self._problem, self._engine, self.before.solution)

    @cached_property
    def _engine(self) -> ModuleType:
        if not self.compiled:
            return plain
        from palanca.trade import kernels

        return plain if kernels.uncompiled() else kernels

    def _solved(
        self, world: Problem, tariff: Array, start: Solution, step: Newton, *, raises: bool = True
    ) -> World:
        solution, outcome = self._searched(world, start, step, self.settings)
        if not outcome.converged:  # what was learnt may have led astray: once more without learning
            plainly = replace(self.settings, depth=0)
            solution, outcome = self._searched(world, start, step, plainly)
        if raises:
            outcome.required(f"The equilibrium of {self.structure.name} ({self.closure})")
        found = evaluate(world, self.structure, tariff, solution, outcome)
        if raises:
            require_earned(found.income, self.structure.countries, self.closure)
        return found

    def _searched(
        self, world: Problem, start: Solution, step: Newton, settings: Settings
    ) -> tuple[Solution, Outcome]:
        search = partial(clear, world, self._engine, settings=settings)
        solution, outcome = search(start=start, newton=step)
        for _ in range(FRESH_STEPS):  # a large shock in an elastic world outruns the step known beforehand
            if outcome.converged or not np.isfinite(solution.wage).all():
                break
            try:
                fresh = newton(world, self._engine, solution)
            except np.linalg.LinAlgError:  # nothing trades any more, so that no wages are better than others
                break
            solution, outcome = search(start=solution, newton=fresh)
        return solution, outcome


def equilibrium(
    economy: Economy | Structure,
    change: "Shock | Measure | Sequence[Measure]",
    *,
    elasticity: xr.DataArray | None = None,
    closure: Closure = DEFAULT_CLOSURE,
    settings: Settings = SETTINGS,
    compiled: bool = False,
) -> Equilibrium:
    """Solve for the world after measures or any other shock, relative to the world before it.

    Args:
        economy: the world before, balanced or, for a shock, in shares.
        change: measures, or new tariffs and trade costs.
        elasticity: (sector), θ, minus the elasticity of import shares to trade costs; what is on
            file for the horizon, if not given.
        closure: horizon and deficits; with zero deficits the world before has none either.
        settings: of the solver.
        compiled: whether to use the compiled path; for one shock, loading it takes longer than it saves.

    Raises:
        BadMeasure, BadShock, BadElasticity: what was passed does not fit the economy.
        InputError: measures or the elasticities on file are wanted of a world in shares.
        NotConverged: one of the two worlds was not found.

    Source: Caliendo and Parro (2015), Review of Economic Studies 82(1).
    """
    structure = economy.structure if isinstance(economy, Economy) else economy
    shock = change if isinstance(change, Shock) else _shock(change, _whole(economy))
    theta = _usual(_whole(economy), closure) if elasticity is None else elasticity
    return Model(structure, theta, closure, settings, compiled).equilibrium(shock)


def _shock(change: "Measure | Sequence[Measure]", economy: Economy) -> Shock:
    from palanca.trade.instruments import shock_of

    return shock_of(change if isinstance(change, Sequence) else [change], economy)


def _usual(economy: Economy, closure: Closure) -> xr.DataArray:
    from palanca.trade.elasticities import usual

    return usual(economy, closure.horizon)


def _whole(economy: Economy | Structure) -> Economy:
    if isinstance(economy, Economy):
        return economy
    raise InputError(f"{economy.name} is given in shares: pass a Shock and the elasticities, or the economy.")


def _by_label(elasticity: xr.DataArray) -> dict[str, float]:
    labels = [str(label) for label in elasticity["sector"].values]
    return dict(zip(labels, elasticity.values.tolist(), strict=True))
