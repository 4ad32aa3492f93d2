"""The world after a change of tariffs or trade costs, relative to the world before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Economy, Structure, trade_elasticity
from palanca.solve import Outcome, Settings
from palanca.trade import plain, welfare
from palanca.trade.markets import Newton, Solution, clear, unchanged
from palanca.trade.problem import DEFAULT_CLOSURE, Closure, Problem, problem, shocked
from palanca.trade.response import newton
from palanca.trade.shock import Shock, arrays, labelled
from palanca.trade.world import World, evaluate

Array = NDArray[np.float64]

SETTINGS = Settings(tolerance=1e-12, iterations=150, largest_step=1.0)


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """The world after, relative to the world before.

    Changes are ratios (1.02 is two per cent more); money is in the unit of the economy, with the
    factor income of the world held fixed. Dimension `world` has the labels before and after.

    Attributes:
        closure: horizon and deficits.
        real_income: (country), exact change of income over the cost of living: the headline.
        real_wage: (country), change of factor income over the cost of living, tariff revenue left out.
        terms_of_trade, volume_of_trade: (country), parts of the first-order formula, fractions of income.
        wage: (country, sector), change; equal across sectors on the long horizon.
        cost: (country, sector), change of unit cost.
        price: (country, sector), change of what buyers pay.
        living_cost: (country), change of the price of final demand.
        output, value_added: (world, country, sector), money.
        trade: (world, origin, sector, destination), money received by sellers; own sales included.
        tariff: (world, origin, sector, destination), ad valorem, a fraction.
        tariff_revenue, income, deficit: (world, country), money.
        residual: (world, country), imbalance of trade over income, for every country.
        solved: how the solver ended, before and after.
    """

    closure: Closure
    real_income: xr.DataArray
    real_wage: xr.DataArray
    terms_of_trade: xr.DataArray
    volume_of_trade: xr.DataArray
    wage: xr.DataArray
    cost: xr.DataArray
    price: xr.DataArray
    living_cost: xr.DataArray
    output: xr.DataArray
    value_added: xr.DataArray
    trade: xr.DataArray
    tariff: xr.DataArray
    tariff_revenue: xr.DataArray
    income: xr.DataArray
    deficit: xr.DataArray
    residual: xr.DataArray
    solved: tuple[Outcome, Outcome]

    @property
    def welfare_first_order(self) -> xr.DataArray:
        """Terms of trade plus volume of trade, (country), a fraction of income before."""
        return self.terms_of_trade + self.volume_of_trade

    @property
    def exports(self) -> xr.DataArray:
        """Trade across borders, (world, origin, sector, destination), money received by sellers."""
        return self.trade.where(self.trade["origin"] != self.trade["destination"], 0.0)

    @property
    def imports(self) -> xr.DataArray:
        """Trade across borders at the price after tariff, (world, origin, sector, destination), money."""
        return self.exports * (1 + self.tariff)


@dataclass(frozen=True, eq=False)
class Model:
    """A world ready for many shocks: what does not depend on the shock is computed once.

    Attributes:
        structure: the world in shares.
        elasticity: (sector), θ.
        closure: horizon and deficits.
        settings: of the solver; the residual is the largest relative excess demand for factors.
        compiled: whether to use the compiled path, which is imported when first needed.
    """

    structure: Structure
    elasticity: xr.DataArray
    closure: Closure = DEFAULT_CLOSURE
    settings: Settings = SETTINGS
    compiled: bool = True

    @cached_property
    def before(self) -> World:
        """The world without any change, solved under the closure.

        Raises:
            NotConverged: no such world was found.
        """
        start = unchanged(self._problem)
        step = newton(self._problem, self._engine, start)
        return self._solved(self._problem, self.structure.tariff, start, step)

    def after(self, shock: Shock, *, start: World | None = None, raises: bool = True) -> World:
        """Return the world after `shock`.

        Args:
            shock: new tariffs and trade costs.
            start: a world to search from; the one before, if not given.
            raises: whether to raise when the search fails, rather than return a world that does not
                clear.

        Raises:
            BadShock: the shock does not fit the world.
            NotConverged: the search failed and `raises` is true.
        """
        tariff, iceberg = arrays(shock, self.structure)
        changed = shocked(self._problem, self.structure, tariff, iceberg)
        near = (start or self.before).solution
        return self._solved(changed, tariff, near, self._newton, raises=raises)

    def equilibrium(self, shock: Shock) -> Equilibrium:
        """Return the labelled change from the world before to the one after `shock`.

        Raises:
            BadShock: the shock does not fit the world.
            NotConverged: one of the two worlds was not found.
        """
        return compared(self, self.before, self.after(shock))

    @cached_property
    def _problem(self) -> Problem:
        theta = trade_elasticity(_by_label(self.elasticity), self.structure.sectors)
        return problem(self.structure, theta.values, self.closure)

    @cached_property
    def _newton(self) -> Newton:
        return newton(self._problem, self._engine, self.before.solution)

    @cached_property
    def _engine(self) -> ModuleType:
        if not self.compiled:
            return plain
        from palanca.trade import kernels

        return kernels

    def _solved(
        self, world: Problem, tariff: Array, start: Solution, step: Newton, *, raises: bool = True
    ) -> World:
        solution, outcome = clear(world, self._engine, start=start, newton=step, settings=self.settings)
        if raises:
            outcome.required(f"The equilibrium of {self.structure.name} ({self.closure})")
        return evaluate(world, self.structure, tariff, solution, outcome)


def equilibrium(
    economy: Economy | Structure,
    shock: Shock,
    *,
    elasticity: xr.DataArray,
    closure: Closure = DEFAULT_CLOSURE,
    settings: Settings = SETTINGS,
) -> Equilibrium:
    """Solve for the world after `shock`, relative to the world before it.

    Args:
        economy: the world before, balanced or in shares.
        shock: new tariffs and trade costs.
        elasticity: (sector), θ, minus the elasticity of import shares to trade costs.
        closure: horizon and deficits; with zero deficits the world before has none either.
        settings: of the solver.

    Raises:
        BadShock, BadElasticity: what was passed does not fit the economy.
        NotConverged: one of the two worlds was not found.

    Source: Caliendo and Parro (2015), Review of Economic Studies 82(1).
    """
    structure = economy.structure if isinstance(economy, Economy) else economy
    return Model(structure, elasticity, closure, settings).equilibrium(shock)


def compared(model: Model, before: World, after: World) -> Equilibrium:
    """Return two worlds of one model as a labelled change."""
    countries, sectors = list(model.structure.countries), list(model.structure.sectors)
    place, cell = {"country": countries}, {"country": countries, "sector": sectors}

    def change(values: Array) -> xr.DataArray:
        return xr.DataArray(values, place if values.ndim == 1 else cell)

    def both(field: str) -> xr.DataArray:
        pair = [getattr(world, field) for world in (before, after)]
        whole = [labelled(side, model.structure) if side.ndim == 3 else change(side) for side in pair]
        return _paired(whole)

    return Equilibrium(
        closure=model.closure,
        real_income=change(welfare.real_income(before, after)),
        real_wage=change(welfare.real_wage(before, after)),
        terms_of_trade=change(welfare.terms_of_trade(before, after)),
        volume_of_trade=change(welfare.volume_of_trade(before, after)),
        wage=change(after.wage / before.wage),
        cost=change(after.cost / before.cost),
        price=change(after.price / before.price),
        living_cost=change(after.living_cost / before.living_cost),
        **{field: both(field) for field in PAIRED},
        solved=(before.outcome, after.outcome),
    )


PAIRED = (
    "output",
    "value_added",
    "trade",
    "tariff",
    "tariff_revenue",
    "income",
    "deficit",
    "residual",
)


def balanced(model: Model, *, year: int, unit: str) -> Economy:
    """Return the world before any shock as accounts, both uses of a good sourced alike.

    Args:
        model: the world in shares and its closure.
        year, unit: what the accounts say they describe.

    Raises:
        NotConverged: no such world was found.
    """
    world, structure = model.before, model.structure
    use = structure.input_share * world.output[:, None, :]
    final = structure.final_share * world.income[:, None]
    bought = use.sum(2) + final
    part = np.divide(final, bought, out=np.zeros_like(final), where=bought > 0).T[:, :, None]
    return Economy(
        name=f"{structure.name}, {model.closure}",
        year=year,
        unit=unit,
        intermediate=labelled(world.trade * (1 - part), structure),
        final=labelled(world.trade * part, structure),
        use=_cells(use, structure, ("country", "input", "user")),
        tariff=labelled(structure.tariff, structure),
        value_added=_cells(world.value_added, structure, ("country", "sector")),
        deficit=_cells(world.deficit, structure, ("country",)),
        assumptions=("Both uses of a good are sourced alike.",),
    )


def _by_label(elasticity: xr.DataArray) -> dict[str, float]:
    labels = [str(label) for label in elasticity["sector"].values]
    return dict(zip(labels, elasticity.values.tolist(), strict=True))


def _cells(values: Array, structure: Structure, dims: Sequence[str]) -> xr.DataArray:
    coords = {dim: list(structure.countries if dim == "country" else structure.sectors) for dim in dims}
    return xr.DataArray(values, coords)


def _paired(sides: Sequence[xr.DataArray]) -> xr.DataArray:
    values = np.stack([side.values for side in sides])
    coords = {"world": ["before", "after"], **{str(dim): sides[0][dim].values for dim in sides[0].dims}}
    return xr.DataArray(values, coords)
