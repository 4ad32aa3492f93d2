"""What changes: tariffs, and other costs of trade up to forbidding it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.economy.accounts import SECTOR_DIMS
from palanca.errors import BadShock

Array = NDArray[np.float64]

FLOW = ("origin", "sector", "destination")

DIMS = ("sector", "destination", "origin")
TRANSFER_ROUNDING = 1e-12  # of the world's value added: sums of doubles


@dataclass(frozen=True, eq=False)
class Shock:
    """New tariffs and changed trade costs; what is None stays as it is.

    Attributes:
        tariff: (origin, sector, destination), new ad valorem tariff, a fraction, above −1.
        iceberg: (origin, sector, destination), ratio of all other trade costs to those before,
            positive; infinite where trade is forbidden.
        transfer: (country), what each receives from the others beyond what it did before, in units of
            the world's value added; sums to zero.
    """

    tariff: xr.DataArray | None = None
    iceberg: xr.DataArray | None = None
    transfer: xr.DataArray | None = None


NO_CHANGE = Shock()


@dataclass(frozen=True, eq=False)
class Change:
    """A shock read against one world: checked, in its order, and ready for any elasticities.

    Attributes:
        tariff: (J, N, N) [sector, destination, origin], tariffs in force.
        cells: (M,), flat places where something is traded and its cost changes.
        barrier: (M,), ratio of the cost of trade there, tariff and all; infinite where it is forbidden.
        transfer: (N,), received beyond what was before, over the world's value added.
    """

    tariff: Array
    cells: NDArray[np.intp]
    barrier: Array
    transfer: Array

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return not self.cells.size and not self.transfer.any()


def changes(shock: Shock, structure: Structure) -> Change:
    """Return what a shock changes in a world.

    Raises:
        BadShock: the shock does not fit the world; every fault is listed.
    """
    tariff, iceberg = arrays(shock, structure)
    barrier = (1 + tariff) / (1 + structure.tariff) * iceberg
    cells = np.flatnonzero((barrier != 1) & (structure.sourcing > 0))
    return Change(tariff, cells, barrier.ravel()[cells], transfers(shock, structure))


def added_tariff(
    structure: Structure,
    rate: float,
    *,
    origin: str | Sequence[str],
    destination: str | Sequence[str],
    sectors: Sequence[str] | None = None,
) -> Shock:
    """Return the shock that adds `rate`, a fraction, to tariffs on the cells named; own sales are spared.

    Raises:
        BadShock: a country or sector is not in the world.
    """
    cells = _cells(structure, origin, destination, sectors)
    return Shock(tariff=labelled(structure.tariff + rate * cells, structure))


def embargo(
    structure: Structure,
    *,
    origin: str | Sequence[str],
    destination: str | Sequence[str],
    sectors: Sequence[str] | None = None,
) -> Shock:
    """Return the shock that forbids trade in the cells named; own sales are spared.

    Raises:
        BadShock: a country or sector is not in the world.
    """
    cells = _cells(structure, origin, destination, sectors)
    return Shock(iceberg=labelled(np.where(cells, np.inf, 1.0), structure))


def labelled(array: Array, structure: Structure) -> xr.DataArray:
    """Return (J, N, N) [sector, destination, origin] as (origin, sector, destination)."""
    return cells(array.transpose(2, 0, 1), structure, FLOW)


def cells(values: Array, structure: Structure, dims: Sequence[str]) -> xr.DataArray:
    """Return an array over countries, sectors or the worlds before and after, with the labels of a world."""
    return _blank(structure.countries, structure.sectors, tuple(dims)).copy(deep=False, data=values)


def arrays(shock: Shock, structure: Structure) -> tuple[Array, Array]:
    """Return new tariffs and iceberg ratios, (J, N, N) [sector, destination, origin] each.

    Raises:
        BadShock: labels do not match, an entry is out of range, or a buyer loses every supplier of
            something; every fault is listed.
    """
    faults = [
        *_label_faults("tariff", shock.tariff, structure),
        *_label_faults("iceberg", shock.iceberg, structure),
    ]
    if not faults:
        tariff = structure.tariff if shock.tariff is None else _ordered(shock.tariff, structure)
        iceberg = np.ones_like(tariff) if shock.iceberg is None else _ordered(shock.iceberg, structure)
        faults = list(_value_faults(tariff, iceberg, structure))
    if faults:
        raise BadShock(f"The shock does not fit {structure.name}:", faults)
    return tariff, iceberg


def transfers(shock: Shock, structure: Structure) -> Array:
    """Return what each country receives beyond what it did before, (N,), over the world's value added.

    Raises:
        BadShock: labels do not match, a value is not finite, or they do not sum to zero.
    """
    if shock.transfer is None:
        return np.zeros(len(structure.countries))
    labels = [str(label) for label in shock.transfer["country"].values]
    if sorted(labels) != sorted(structure.countries):
        raise BadShock("transfer does not name every country of the world once.")
    values = np.asarray(shock.transfer.sel(country=list(structure.countries)).values, dtype=np.float64)
    if not np.isfinite(values).all() or abs(values.sum()) > TRANSFER_ROUNDING:
        raise BadShock("transfer has entries that are not numbers, or does not sum to zero.")
    return values


def _value_faults(tariff: Array, iceberg: Array, structure: Structure) -> Iterator[str]:
    if not (np.isfinite(tariff) & (tariff > -1)).all():
        yield "tariff has entries that are not numbers above -1"
    if not (iceberg > 0).all():
        yield "iceberg has entries that are not positive numbers"
    sourced = structure.sourcing > 0
    lost = sourced.any(2) & ~(sourced & np.isfinite(iceberg)).any(2)
    for sector, country in np.argwhere(lost)[:5]:
        yield f"{structure.countries[country]} loses every supplier of {structure.sectors[sector]}"


def _label_faults(name: str, array: xr.DataArray | None, structure: Structure) -> Iterator[str]:
    if array is None:
        return
    if set(array.dims) != set(DIMS) or not set(DIMS) <= set(array.coords):
        yield f"{name} has labelled dimensions {array.dims}, not origin, sector, destination"
        return
    for dim, expected in _labels(structure.countries, structure.sectors).items():
        found = [str(label) for label in array.get_index(dim)]
        if odd := sorted(set(found) ^ set(expected)):
            yield f"{name}: {dim} differs from the world in {', '.join(odd[:5])}"
        elif len(found) > len(expected):
            yield f"{name}: {dim} has a label twice"


def _ordered(array: xr.DataArray, structure: Structure) -> Array:
    order = _labels(structure.countries, structure.sectors)
    whole = array.transpose(*DIMS)
    if any(whole.get_index(dim).tolist() != labels for dim, labels in order.items()):
        whole = whole.sel(order)
    return np.ascontiguousarray(whole.values, dtype=np.float64)


@lru_cache(maxsize=64)
def _blank(countries: tuple[str, ...], sectors: tuple[str, ...], dims: tuple[str, ...]) -> xr.DataArray:
    """Return an array over these: its labels are indexed once, not for each shock and each result."""
    known = {"world": ("before", "after"), **dict.fromkeys(SECTOR_DIMS, sectors)}
    return xr.DataArray(np.nan, {dim: list(known.get(dim, countries)) for dim in dims}, dims)


def _labels(countries: Sequence[str], sectors: Sequence[str]) -> dict[str, list[str]]:
    return {"sector": list(sectors), "destination": list(countries), "origin": list(countries)}


def _cells(
    structure: Structure,
    origin: str | Sequence[str],
    destination: str | Sequence[str],
    sectors: Sequence[str] | None,
) -> NDArray[np.bool_]:
    chosen = {"origin": _listed(origin), "destination": _listed(destination)}
    kinds = structure.sectors if sectors is None else _listed(sectors)
    lost = [f"{dim} {label}" for dim in chosen for label in chosen[dim] if label not in structure.countries]
    lost += [f"sector {label}" for label in kinds if label not in structure.sectors]
    if lost:
        raise BadShock(f"{structure.name} does not have:", lost)
    among = _members(structure.countries, chosen["destination"])[:, None] & _members(
        structure.countries, chosen["origin"]
    )
    return _members(structure.sectors, kinds)[:, None, None] & among & ~np.eye(len(among), dtype=bool)


def _listed(labels: str | Iterable[str]) -> tuple[str, ...]:
    return (labels,) if isinstance(labels, str) else tuple(labels)


def _members(labels: Sequence[str], chosen: Iterable[str]) -> NDArray[np.bool_]:
    return np.isin(np.array(labels), list(chosen))
