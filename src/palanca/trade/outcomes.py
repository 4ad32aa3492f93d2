"""What is read off a solved world: the quantities that results, ensembles and comparisons report."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.trade import welfare
from palanca.trade.world import World

Array = NDArray[np.float64]
PERCENT = 100.0


def change_pct(before: Array, after: Array) -> Array:
    """Return the change in percent; not a number where there was nothing."""
    ratio = np.divide(after, before, out=np.full_like(before, np.nan), where=before != 0)
    return PERCENT * (ratio - 1)


def real_income_pct(before: World, after: World) -> Array:
    """Return the exact change of real income, (N,), percent."""
    return PERCENT * (welfare.real_income(before, after) - 1)


def real_wage_pct(before: World, after: World) -> Array:
    """Return the change of factor income over the cost of living, (N,), percent."""
    return PERCENT * (welfare.real_wage(before, after) - 1)


def exports_pct(before: World, after: World) -> Array:
    """Return the change of exports at the seller's price, (N,), percent, world factor income fixed."""
    return change_pct(_abroad(before).sum((0, 1)), _abroad(after).sum((0, 1)))


def imports_pct(before: World, after: World) -> Array:
    """Return the change of imports before tariffs, (N,), percent, world factor income fixed."""
    return change_pct(_abroad(before).sum((0, 2)), _abroad(after).sum((0, 2)))


def living_cost_pct(before: World, after: World) -> Array:
    """Return the change of the cost of living, (N,), percent, world factor income fixed."""
    return change_pct(before.living_cost, after.living_cost)


def tariff_revenue_income_pct(before: World, after: World) -> Array:
    """Return the change of tariff revenue over income before, (N,), percent."""
    return PERCENT * (after.tariff_revenue - before.tariff_revenue) / before.income


Quantity = Callable[[World, World], Array]

BY_COUNTRY: Mapping[str, Quantity] = MappingProxyType(
    {
        "real_income_pct": real_income_pct,
        "real_wage_pct": real_wage_pct,
        "exports_pct": exports_pct,
        "imports_pct": imports_pct,
        "living_cost_pct": living_cost_pct,
        "tariff_revenue_income_pct": tariff_revenue_income_pct,
    }
)


def value_added_pct(
    before: World, after: World, structure: Structure, sectors: tuple[str, ...] | None = None
) -> Array:
    """Return the change of value added in some sectors together, (N,), percent, over the cost of living.

    Args:
        before, after: the two worlds.
        structure: whose sectors they have.
        sectors: counted; all, if not given.
    """
    counted = np.isin(np.array(structure.sectors), structure.sectors if sectors is None else sectors)
    was, became = (world.value_added[:, counted].sum(1) for world in (before, after))
    return change_pct(was, became * before.living_cost / after.living_cost)


def output_pct(before: World, after: World) -> Array:
    """Return the change of the quantity produced, (N, J), percent: value of output over its cost."""
    return change_pct(before.output, after.output * before.cost / after.cost)


def _abroad(world: World) -> Array:
    own = np.arange(world.trade.shape[1])
    flows = world.trade.copy()
    flows[:, own, own] = 0.0
    return flows
