"""One year of the world: who sells what to whom, for which use, and what it is made of."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy.checks import account_faults
from palanca.economy.structure import Structure
from palanca.errors import UnbalancedEconomy

Array = NDArray[np.float64]

DIMS = {
    "intermediate": ("origin", "sector", "destination"),
    "final": ("origin", "sector", "destination"),
    "use": ("country", "input", "user"),
    "tariff": ("origin", "sector", "destination"),
    "value_added": ("country", "sector"),
    "deficit": ("country",),
}


@dataclass(frozen=True, eq=False)
class Economy:
    """The accounts of the world in one year, closed and balanced.

    N countries, J sectors; every array is labelled, so the order of its axes and labels is free.
    Money is `unit`; flows are at the price the seller receives, spending at the price the buyer pays.

    Attributes:
        name: what the world is called in messages.
        year: the year described.
        unit: of every amount of money.
        intermediate: (origin, sector, destination), N × J × N, goods bought as inputs, money.
        final: (origin, sector, destination), N × J × N, goods bought by final demand, money.
        use: (country, input, user), N × J × J, spending of each sector on inputs of all origins,
            tariff included, money.
        tariff: (origin, sector, destination), N × J × N, ad valorem, a fraction of the seller's price.
        value_added: (country, sector), N × J, money.
        deficit: (country), N, imports less exports at the seller's price, money.
        assumptions: what is estimated or assumed, one sentence each, to be printed with any result.

    Raises:
        UnbalancedEconomy: labels do not match, or the accounts contradict themselves; every fault is
            listed.
    """

    name: str
    year: int
    unit: str
    intermediate: xr.DataArray
    final: xr.DataArray
    use: xr.DataArray
    tariff: xr.DataArray
    value_added: xr.DataArray
    deficit: xr.DataArray
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if faults := list(_label_faults(self)):
            raise UnbalancedEconomy(f"The arrays of {self.name} do not fit together:", faults)
        for field, dims in DIMS.items():
            order = {dim: list(self.sectors if dim in SECTOR_DIMS else self.countries) for dim in dims}
            object.__setattr__(self, field, _in_order(getattr(self, field), order))
        if faults := account_faults(self):
            raise UnbalancedEconomy(f"The accounts of {self.name} do not balance:", faults)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Labels of the N countries, in the order of `value_added`."""
        return tuple(str(label) for label in self.value_added["country"].values)

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Labels of the J sectors, in the order of `value_added`."""
        return tuple(str(label) for label in self.value_added["sector"].values)

    @cached_property
    def trade(self) -> xr.DataArray:
        """Sales for both uses, (origin, sector, destination), money; own sales included."""
        return _like(self.intermediate, self.intermediate.values + self.final.values)

    @cached_property
    def output(self) -> xr.DataArray:
        """Sales to all destinations, (country, sector), money."""
        return _like(self.value_added, self.trade.values.sum(2))

    @cached_property
    def cost(self) -> xr.DataArray:
        """Inputs plus value added, (country, sector), money; equals output."""
        return _like(self.value_added, self.use.values.sum(1) + self.value_added.values)

    @cached_property
    def intermediate_spending(self) -> xr.DataArray:
        """Inputs bought at the buyer's price, (country, sector), money."""
        return _like(self.value_added, (self.intermediate.values * (1 + self.tariff.values)).sum(0).T)

    @cached_property
    def final_spending(self) -> xr.DataArray:
        """Final demand at the buyer's price, (country, sector), money."""
        return _like(self.value_added, (self.final.values * (1 + self.tariff.values)).sum(0).T)

    @cached_property
    def tariff_revenue(self) -> xr.DataArray:
        """Tariffs collected, (country), money."""
        return _like(self.deficit, (self.trade.values * self.tariff.values).sum((0, 1)))

    @cached_property
    def income(self) -> xr.DataArray:
        """Value added, tariff revenue and deficit, (country), money; equals final spending."""
        earned = self.value_added.values.sum(1) + self.tariff_revenue.values
        return _like(self.deficit, earned + self.deficit.values)

    @cached_property
    def structure(self) -> Structure:
        """This world in shares; both uses of a good are sourced alike, in the pooled proportions."""
        spending = (self.trade.values * (1 + self.tariff.values)).transpose(1, 2, 0)
        output = self.output.values
        return Structure(
            name=self.name,
            countries=self.countries,
            sectors=self.sectors,
            sourcing=share(spending, spending.sum(2, keepdims=True)),
            tariff=self.tariff.values.transpose(1, 2, 0).copy(),
            value_added_share=share(self.value_added.values, output),
            input_share=share(self.use.values, output[:, None, :]),
            final_share=share(self.final_spending.values, self.final_spending.values.sum(1, keepdims=True)),
            value_added=self.value_added.values,
            deficit=self.deficit.values,
        )


SECTOR_DIMS = frozenset({"sector", "input", "user"})


def share(part: Array, whole: Array) -> Array:
    """Return part over whole, shapes broadcast; zero where the whole is zero."""
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


def _in_order(array: xr.DataArray, order: dict[str, list[str]]) -> xr.DataArray:
    """Return a copy of an array with its axes and labels in this order."""
    values = np.array(array.values, dtype=float)
    held = {str(dim): _labels(array, dim) for dim in array.dims}
    if list(held.items()) == list(order.items()) and len(array.coords) == len(order):
        return _like(array, values)
    values = values.transpose([array.dims.index(dim) for dim in order])
    places = ([held[dim].index(label) for label in labels] for dim, labels in order.items())
    return xr.DataArray(values[np.ix_(*places)], order)


def _like(array: xr.DataArray, values: Array) -> xr.DataArray:
    """Return values under the labels of an array, whose order they have: nothing is left to align."""
    return array.copy(deep=False, data=values)


def _labels(array: xr.DataArray, dim: Hashable) -> list[str]:
    return [str(label) for label in array.get_index(dim)]


def _label_faults(economy: Economy) -> Iterator[str]:
    for field, dims in DIMS.items():
        array = getattr(economy, field)
        if set(array.dims) != set(dims) or not set(dims) <= set(array.coords):
            yield f"{field} has labelled dimensions {array.dims}, not {dims}"
            return
    for field, dims in DIMS.items():
        for dim in dims:
            yield from _misfits(economy, field, dim)


def _misfits(economy: Economy, field: str, dim: str) -> Iterator[str]:
    expected = economy.sectors if dim in SECTOR_DIMS else economy.countries
    labels = _labels(getattr(economy, field), dim)
    if len(set(labels)) < len(labels):
        yield f"{field}: {dim} has a label twice"
    if odd := sorted(set(labels) ^ set(expected)):
        yield f"{field}: {dim} and value_added differ in {', '.join(odd[:5])}"
