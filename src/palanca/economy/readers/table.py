"""An inter-country table whose cells are known to the user of each input, and the economy it makes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.economy.accounts import Economy, share
from palanca.economy.assemble import Described, Flows, assembled
from palanca.errors import BadTable

Array = NDArray[np.float64]

TOLERANCE = 1e-3  # of a row's total; balancing leaves a few parts in ten thousand in published files


@dataclass(frozen=True, eq=False)
class Table:
    """Who buys what from whom, for which use.

    Attributes:
        name: what the economy will be called.
        year, unit: of the accounts.
        countries, sectors: N and J labels.
        inputs: (N, J, N, J) [origin, input, destination, user], money.
        final: (N, J, N) [origin, sector, destination], money, all categories together.
        output: (N, J), money, as the producer states it.
    """

    name: str
    year: int
    unit: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    inputs: Array
    final: Array
    output: Array


def economy_of(table: Table, *, least_value_added: float) -> Economy:
    """Return the balanced economy of a table; no tariffs, value added includes taxes on inputs.

    Final demand is negative where stocks are drawn down; such cells are set to zero. Where value added
    would be less than a part of output, inputs beyond that are counted as final demand instead. Both
    are stated among the assumptions, with their size.

    Args:
        table: whose numbers are in order; see `checked`.
        least_value_added: that part, a fraction.
    """
    final = np.maximum(table.final, 0.0)
    kept = kept_inputs(table, final, least_value_added)
    moved = (table.inputs * (1 - kept)).sum(3)
    drawn = float((final - table.final).sum() / table.final.sum())
    said = _stated(drawn, float(moved.sum() / table.inputs.sum()))
    inputs = table.inputs * kept
    intermediate, use = inputs.sum(3), inputs.sum(0).transpose(1, 0, 2)
    flows = Flows(
        table.countries, table.sectors, intermediate, final + moved, use, tariff=np.zeros_like(intermediate)
    )
    return assembled(flows, Described(table.name, table.year, table.unit, said))


def kept_inputs(table: Table, final: Array, least: float) -> Array:
    """Return the part of its inputs that each user, (N, J), can pay for and still add its least value."""
    sales = table.inputs.sum((2, 3)) + final.sum(2)
    bought = table.inputs.sum((0, 1))
    affordable = share(np.maximum((1 - least) * sales, 0.0), bought)
    return np.where(bought > 0, np.minimum(affordable, 1.0), 1.0)


def checked(table: Table, *, total: str, smallest: float) -> Table:
    """Return the table if its numbers are in order.

    Args:
        table: to be checked.
        total: what its producer calls the total of a row.
        smallest: money below which a row's total may be off whatever its size.

    Raises:
        BadTable: cells are no numbers, inputs are negative, or rows do not add up; every fault is named.
    """
    if faults := list(_faults(table, total, smallest)):
        raise BadTable(f"The numbers of {table.name} cannot be used:", faults)
    return table


def _faults(table: Table, total: str, smallest: float) -> Iterator[str]:
    endless = {
        name: int((~np.isfinite(getattr(table, name))).sum()) for name in ("inputs", "final", "output")
    }
    yield from (f"{bad} cells of {name} are not numbers" for name, bad in endless.items() if bad)
    if any(endless.values()):
        return
    if (table.inputs < 0).any():
        yield f"{int((table.inputs < 0).sum())} inputs are negative"
    sales = table.inputs.sum((2, 3)) + table.final.sum(2)
    wrong = np.argwhere(np.abs(sales - table.output) > TOLERANCE * np.abs(table.output) + smallest)
    if len(wrong):
        named = [f"{table.countries[n]}_{table.sectors[j]}" for n, j in wrong[:5]]
        yield f"{len(wrong)} rows do not add up to {total}: {', '.join(named)}"


def _stated(drawn: float, moved: float) -> tuple[str, ...]:
    return (
        f"Final demand met from stocks is set to zero; part of final demand: {drawn:.2g}.",
        f"Inputs that would leave no value added are counted as final demand; part of inputs: {moved:.2g}.",
        "Value added includes taxes less subsidies on inputs, duties among them; no tariff is set apart.",
    )
