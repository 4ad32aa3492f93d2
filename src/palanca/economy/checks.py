"""What must hold in the accounts of a world, each with its own message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from palanca.economy.accounts import Economy
    from palanca.economy.structure import Structure

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-9  # of the larger side; accounts summed in double precision agree to about 1e-14
NOISE = 1e-13  # of the country's total, below which a cell is rounding
EXAMPLES = 3  # cells named in a message before it says how many more there are


def account_faults(economy: Economy) -> list[str]:
    """Return what contradicts itself in the accounts of `economy`, one message per kind of fault."""
    broken = list(finite_numbers(economy))
    return broken or [fault for check in ACCOUNT_CHECKS for fault in check(economy)]


def share_faults(structure: Structure) -> list[str]:
    """Return what cannot be a share or a closed world in `structure`, one message per kind of fault."""
    broken = list(finite_shares(structure))
    return broken or [fault for check in SHARE_CHECKS for fault in check(structure)]


def finite_numbers(economy: Economy) -> Iterator[str]:
    """Every entry is a number."""
    for field in ("intermediate", "final", "use", "tariff", "value_added", "deficit"):
        array = getattr(economy, field)
        odd = ~np.isfinite(array.values)
        if odd.any():
            labels = [array[dim].values.tolist() for dim in array.dims]
            yield from described(f"{field} is not a number", odd, labels)


def no_negative_flow(economy: Economy) -> Iterator[str]:
    """Nobody buys less than nothing, and no tariff takes more than the whole value away."""
    for field in ("intermediate", "final"):
        flow = getattr(economy, field)
        yield from described(f"{field} flow is negative", flow.values < 0, _flow_labels(economy))
    yield from described("tariff is -100 % or below", economy.tariff.values <= -1, _flow_labels(economy))


def every_good_sold(economy: Economy) -> Iterator[str]:
    """Sales of a sector, in both uses and to all destinations, pay for its inputs and value added."""
    sales, cost = economy.output.values, economy.cost.values
    where = differs(sales, cost, scale=sales.sum(1, keepdims=True))
    yield from described("sales differ from inputs plus value added", where, _cell_labels(economy))


def inputs_covered(economy: Economy) -> Iterator[str]:
    """What the users of an input spend is what its sellers and the customs receive."""
    paid, received = economy.use.values.sum(2), economy.intermediate_spending.values
    where = differs(paid, received, scale=np.abs(paid).sum(1, keepdims=True))
    yield from described("spending on an input differs from its sources", where, _cell_labels(economy))


def income_spent(economy: Economy) -> Iterator[str]:
    """Value added, tariff revenue and the deficit pay for final demand."""
    income, final = economy.income.values, economy.final_spending.values.sum(1)
    where = differs(income, final, scale=final)
    yield from described("income differs from final spending", where, [list(economy.countries)])


def value_added_where_output(economy: Economy) -> Iterator[str]:
    """Value added is non-negative, and zero only where output is zero."""
    added, output = economy.value_added.values, economy.output.values
    yield from described("value added is negative", added < 0, _cell_labels(economy))
    empty = (added == 0) & (output > 0)
    yield from described("value added is zero though output is not", empty, _cell_labels(economy))


def deficits_cancel(economy: Economy | Structure) -> Iterator[str]:
    """Deficits sum to zero over the world."""
    deficit = np.asarray(economy.deficit)
    total, scale = float(deficit.sum()), float(np.asarray(economy.value_added).sum())
    if abs(total) > TOLERANCE * scale:
        yield f"deficits sum to {total:.3g}, not to zero: a region that closes the world is missing"


def finite_shares(structure: Structure) -> Iterator[str]:
    """Every share and level is a number, in an array of the shape the labels ask for."""
    countries, sectors = structure.shape
    for field, shape in _shapes(countries, sectors).items():
        array = getattr(structure, field)
        if array.shape != shape:
            yield f"{field} has shape {array.shape}, not {shape}"
        elif not np.isfinite(array).all():
            yield f"{field} has {int((~np.isfinite(array)).sum())} entries that are not numbers"


def sources_sum_to_one(structure: Structure) -> Iterator[str]:
    """Sourcing shares are non-negative and sum to one, or to zero where nothing is bought."""
    labels = [list(structure.sectors), list(structure.countries)]
    total = structure.sourcing.sum(2)
    bought = (structure.final_share > 0).T | (np.abs(structure.input_share).sum(2) > 0).T
    whole = np.where(total == 0, 0.0, 1.0)
    yield from described("sourcing shares do not sum to one", differs(total, whole), labels)
    yield from described("something is bought from nowhere", bought & (total == 0), labels)
    negative = structure.sourcing.min(2) < 0
    yield from described("a sourcing share is negative", negative, labels)


def costs_sum_to_one(structure: Structure) -> Iterator[str]:
    """Value added and inputs exhaust the cost of whatever anybody buys."""
    labels = [list(structure.countries), list(structure.sectors)]
    total = structure.value_added_share + structure.input_share.sum(1)
    sold = structure.sourcing.any(1).T
    wrong = differs(total, np.ones_like(total)) & (sold | (total != 0))
    yield from described("value added and input shares do not sum to one", wrong, labels)
    negative = (structure.value_added_share < 0) | (structure.value_added < 0)
    yield from described("value added is negative", negative, labels)


def budgets_sum_to_one(structure: Structure) -> Iterator[str]:
    """Final shares are non-negative and sum to one."""
    labels = [list(structure.countries)]
    total = structure.final_share.sum(1)
    yield from described("final shares do not sum to one", differs(total, np.ones_like(total)), labels)
    negative = structure.final_share.min(1) < 0
    yield from described("a final share is negative", negative, labels)


ACCOUNT_CHECKS: tuple[Callable[[Economy], Iterator[str]], ...] = (
    no_negative_flow,
    every_good_sold,
    inputs_covered,
    income_spent,
    value_added_where_output,
    deficits_cancel,
)

SHARE_CHECKS: tuple[Callable[[Structure], Iterator[str]], ...] = (
    sources_sum_to_one,
    costs_sum_to_one,
    budgets_sum_to_one,
    deficits_cancel,
)


def differs(left: Array, right: Array, *, scale: Array | float = 0.0) -> Mask:
    """Return where two arrays of one shape differ by more than rounding, given the cells' scale."""
    allowed = TOLERANCE * np.maximum(np.abs(left), np.abs(right)) + NOISE * np.abs(scale)
    return np.asarray(np.abs(left - right) > allowed)


def described(fault: str, where: Mask, labels: list[list[str]]) -> Iterator[str]:
    """Yield one message that names the first cells where `where` holds, and how many there are."""
    cells = np.argwhere(where)
    if len(cells):
        names = [
            " ".join(str(axis[at]) for axis, at in zip(labels, cell, strict=True))
            for cell in cells[:EXAMPLES]
        ]
        more = f" and {len(cells) - EXAMPLES} more" if len(cells) > EXAMPLES else ""
        yield f"{fault}: {', '.join(names)}{more}"


def _flow_labels(economy: Economy) -> list[list[str]]:
    return [list(economy.countries), list(economy.sectors), list(economy.countries)]


def _cell_labels(economy: Economy) -> list[list[str]]:
    return [list(economy.countries), list(economy.sectors)]


def _shapes(countries: int, sectors: int) -> dict[str, tuple[int, ...]]:
    return {
        "sourcing": (sectors, countries, countries),
        "tariff": (sectors, countries, countries),
        "value_added_share": (countries, sectors),
        "input_share": (countries, sectors, sectors),
        "final_share": (countries, sectors),
        "value_added": (countries, sectors),
        "deficit": (countries,),
    }
