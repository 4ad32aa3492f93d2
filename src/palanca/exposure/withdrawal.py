"""What each side loses when all trade between two countries stops, by the exact model of trade.

Trade stops both ways, in every sector and for either use; each side turns to its other suppliers and
customers, at prices that clear all markets of the world. Losses are of real income, in percent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.catalogue.unknown import Unknown, unknown
from palanca.economy import Economy, Structure
from palanca.errors import InputError
from palanca.trade import Closure, Horizon, Model, Shock, embargo, welfare
from palanca.trade.elasticities import usual
from palanca.trade.world import World

Array = NDArray[np.float64]
Models = Mapping[Horizon, Model]

PERCENT = 100.0
RESOLVED = 1e-8  # percent: losses below are the solver's rounding, and have no ratio


@dataclass(frozen=True, eq=False)
class Side:
    """What one country loses, percent.

    Attributes:
        country: its code.
        loss: of real income; negative where the country gains.
        by_sector: (sector), fall of the sector's real value added over the country's value added before;
            its sum is the fall of real factor income.
    """

    country: str
    loss: float
    by_sector: xr.DataArray


@dataclass(frozen=True, eq=False)
class Stop:
    """Both sides on one horizon.

    Attributes:
        horizon: whether factors move between sectors.
        a: the first country.
        b: the second.
    """

    horizon: Horizon
    a: Side
    b: Side


@dataclass(frozen=True, eq=False)
class Withdrawal:
    """What two countries lose when trade between them stops.

    Attributes:
        economy: name of the world.
        pair: the first country and the second.
        long: factors move between sectors.
        short: factors stay in their sectors, and trade responds as little as in the short run.
    """

    economy: str
    pair: tuple[str, str]
    long: Stop
    short: Stop

    @property
    def leverage(self) -> float | Unknown:
        """Loss of the first over loss of the second, long horizon: above one, the second has the lever.

        Exchanging the countries inverts it. Unknown where the second loses nothing.
        """
        return ratio(self.long.a.loss, self.long.b.loss)


def withdrawal(
    economy: Economy, a: str, b: str, *, elasticity: xr.DataArray | None = None, compiled: bool = False
) -> Withdrawal:
    """Return what `a` and `b` lose when all trade between them stops.

    Args:
        economy: the world before.
        a, b: codes of the two countries.
        elasticity: (sector), θ of both horizons; what is on file for each, if not given.
        compiled: whether to use the compiled path; worth it from about twenty pairs on.

    Raises:
        InputError: a country is not in the economy, or both are the same; or there are no published
            elasticities for its sectors.
        NotConverged: a world was not found.
    """
    return withdrawn(prepared(economy, elasticity=elasticity, compiled=compiled), a, b)


def prepared(
    economy: Economy, *, elasticity: xr.DataArray | None = None, compiled: bool = True
) -> dict[Horizon, Model]:
    """Return the models that many pairs of one world are solved on, by horizon; deficits are fixed.

    Args:
        economy: the world before.
        elasticity: (sector), θ of both horizons; what is on file for each, if not given.
        compiled: whether to use the compiled path.

    Raises:
        InputError: there are no published elasticities for the sectors.
    """
    return {
        horizon: Model(
            economy.structure,
            usual(economy, horizon) if elasticity is None else elasticity,
            Closure(horizon),
            compiled=compiled,
        )
        for horizon in Horizon
    }


def world_of(models: Models, a: str, b: str) -> Structure:
    """Return the world of the models, which has both countries.

    Raises:
        InputError: a country is not in the world, or both are the same.
    """
    structure = models[Horizon.LONG].structure
    if lost := [code for code in (a, b) if code not in structure.countries]:
        raise InputError(f"{structure.name} has no {', '.join(lost)}.")
    if a == b:
        raise InputError(f"{a} cannot stop trade with itself: name two countries.")
    return structure


def withdrawn(models: Models, a: str, b: str) -> Withdrawal:
    """Return what `a` and `b` lose when all trade between them stops, on models made by `prepared`.

    Raises:
        InputError: a country is not in the world, or both are the same.
        NotConverged: a world was not found.
    """
    structure = world_of(models, a, b)
    shock = embargo(structure, origin=(a, b), destination=(a, b))
    stops = {horizon: _stop(model, shock, a, b) for horizon, model in models.items()}
    return Withdrawal(structure.name, (a, b), stops[Horizon.LONG], stops[Horizon.SHORT])


def ratio(a: float, b: float) -> float | Unknown:
    """Return one loss over the other; unknown where either is too small to tell from rounding."""
    if min(abs(a), abs(b)) < RESOLVED:
        return unknown("one side loses nothing", "una de las partes no pierde nada")
    return a / b


def _stop(model: Model, shock: Shock, a: str, b: str) -> Stop:
    before, after = model.before, model.after(shock)
    income = PERCENT * (1 - welfare.real_income(before, after))
    factors = value_added_lost(before, after)
    sides = [_side(model, income, factors, country) for country in (a, b)]
    return Stop(model.closure.horizon, *sides)


def _side(model: Model, income: Array, factors: Array, country: str) -> Side:
    place = model.structure.countries.index(country)
    by_sector = xr.DataArray(factors[place], {"sector": list(model.structure.sectors)})
    return Side(country, float(income[place]), by_sector)


def value_added_lost(before: World, after: World) -> Array:
    """Return the fall of real value added by sector, (N, J), percent of the country's value added before.

    Value added is deflated by the cost of living.
    """
    dearer = (after.living_cost / before.living_cost)[:, None]
    fall = before.value_added - after.value_added / dearer
    return np.asarray(PERCENT * fall / before.value_added.sum(1, keepdims=True))
