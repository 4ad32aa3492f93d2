"""A smaller world: countries merged into regions, sectors into wider ones."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from palanca.economy.accounts import SECTOR_DIMS, Economy
from palanca.errors import UnknownCountry, UnknownSector

FLOWS = ("intermediate", "final")
MONEY = ("use", "value_added", "deficit")


def aggregate(
    economy: Economy,
    *,
    countries: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
) -> Economy:
    """Return the economy with countries and sectors merged; totals and tariff revenue are kept.

    A tariff between merged members becomes a tariff on the region's own sales. The tariff of a merged
    flow is weighted by trade; where there is none, it is the plain mean. Spending on each use is kept,
    so where tariffs differed between the uses the split at the seller's price moves a little.

    Args:
        economy: the world to merge.
        countries: new label of each country to be merged or renamed; the others stay.
        sectors: the same for sectors.

    Raises:
        UnknownCountry, UnknownSector: a label to be merged is not in the economy.
    """
    _known(countries or {}, economy.countries, UnknownCountry, economy.name)
    _known(sectors or {}, economy.sectors, UnknownSector, economy.name)
    places = _groups(economy.countries, countries or {})
    kinds = _groups(economy.sectors, sectors or {})
    tariff = _merged_tariff(economy, places, kinds)
    money = {field: _summed(getattr(economy, field), places, kinds) for field in MONEY}
    for field in FLOWS:
        paid = _summed(getattr(economy, field) * (1 + economy.tariff), places, kinds)
        money[field] = paid / (1 + tariff)
    return Economy(
        name=economy.name,
        year=economy.year,
        unit=economy.unit,
        tariff=tariff,
        assumptions=economy.assumptions,
        **money,
    )


def _merged_tariff(economy: Economy, places: list[str], kinds: list[str]) -> xr.DataArray:
    trade = _summed(economy.trade, places, kinds)
    revenue = _summed(economy.trade * economy.tariff, places, kinds)
    cells = _summed(xr.ones_like(economy.tariff), places, kinds)
    mean = _summed(economy.tariff, places, kinds) / cells
    return (revenue / trade.where(trade > 0)).fillna(mean)


def _summed(array: xr.DataArray, places: list[str], kinds: list[str]) -> xr.DataArray:
    values, coords = array.values, {}
    for axis, dim in enumerate(array.dims):
        groups = kinds if dim in SECTOR_DIMS else places
        coords[dim] = list(dict.fromkeys(groups))
        member = np.equal.outer(np.array(coords[dim]), np.array(groups)).astype(float)
        values = np.moveaxis(np.tensordot(member, values, axes=(1, axis)), 0, axis)
    return xr.DataArray(values, coords, dims=array.dims)


def _groups(labels: Sequence[str], merged: Mapping[str, str]) -> list[str]:
    return [merged.get(label, label) for label in labels]


def _known(
    merged: Mapping[str, str],
    labels: Sequence[str],
    error: type[UnknownCountry] | type[UnknownSector],
    name: str,
) -> None:
    if lost := sorted(set(merged) - set(labels)):
        raise error(f"{name} has no {', '.join(lost[:5])}. It has: {', '.join(labels)}.")
