"""The accounts of a world from its flows: what inputs cost, what is added, who runs a deficit."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy.accounts import Economy, share

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flows:
    """Flows of N countries and J sectors that close the world; see `Economy` for the meaning of each.

    Attributes:
        countries, sectors: labels.
        intermediate, final: (N, J, N) [origin, sector, destination], at the seller's price, money.
        use: (N, J, J) [country, input, user], in the right proportions between users.
        tariff: (N, J, N), ad valorem, fractions.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: Array
    final: Array
    use: Array
    tariff: Array


@dataclass(frozen=True)
class Described:
    """What a world is called, and what its numbers are."""

    name: str
    year: int
    unit: str
    assumptions: tuple[str, ...] = ()


def assembled(flows: Flows, described: Described) -> Economy:
    """Return the accounts of a world: inputs cost what their sources and the customs receive.

    Spending on each input is scaled to that cost, so duties leave value added; deficits follow from trade.

    Raises:
        UnbalancedEconomy: value added would not be positive, or flows are no flows.
    """
    countries, sectors = list(flows.countries), list(flows.sectors)
    flow = {"origin": countries, "sector": sectors, "destination": countries}
    cell = {"country": countries, "sector": sectors}
    trade = flows.intermediate + flows.final
    paid = (flows.intermediate * (1 + flows.tariff)).sum(0).T
    use = flows.use * share(paid, flows.use.sum(2))[:, :, None]
    return Economy(
        name=described.name,
        year=described.year,
        unit=described.unit,
        intermediate=xr.DataArray(flows.intermediate, flow),
        final=xr.DataArray(flows.final, flow),
        use=xr.DataArray(use, {"country": countries, "input": sectors, "user": sectors}),
        tariff=xr.DataArray(flows.tariff, flow),
        value_added=xr.DataArray(trade.sum(2) - use.sum(1), cell),
        deficit=xr.DataArray(trade.sum((0, 1)) - trade.sum((1, 2)), {"country": countries}),
        assumptions=described.assumptions,
    )
