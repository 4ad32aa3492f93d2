"""Random worlds that balance, for tests, examples and measurements of speed."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy.accounts import Economy

Array = NDArray[np.float64]

HOME = 10.0  # how much more is sold at home than to one other country, on average
GAP = 0.1  # how far exports may be from balancing imports
SPREAD = 0.8  # standard deviation of ln flows
MISSING = 0.1  # part of the foreign flows that are zero
HIGHEST_TARIFF = 0.3
INPUTS = 0.45  # inputs over output, at most about 1.3 times that in one sector


def synthetic(countries: int, sectors: int, *, seed: int, traded: int | None = None) -> Economy:
    """Return a balanced world of random numbers, the same for the same arguments.

    Args:
        countries: how many, at least two.
        sectors: how many.
        seed: of the random numbers.
        traded: how many sectors cross borders; all, if not given.
    """
    draw = np.random.default_rng(seed)
    trade, tariff = _flows(draw, countries, sectors, sectors if traded is None else traded)
    output = trade.sum(2)
    spending = (trade * (1 + tariff)).sum((0, 1))
    part = np.minimum(INPUTS * output.sum(1) / spending, 0.8)
    bought = (trade * (1 + tariff)).sum(0).T * part[:, None]
    weight = output[:, None, :] * draw.uniform(1.0, 1.3, (countries, sectors, sectors))
    use = bought[:, :, None] * weight / weight.sum(2, keepdims=True)
    places, kinds = [f"C{n:02}" for n in range(countries)], [f"S{j:02}" for j in range(sectors)]
    flow = xr.DataArray(trade, {"origin": places, "sector": kinds, "destination": places})
    return Economy(
        name=f"synthetic world {seed}",
        year=2000,
        unit="one",
        intermediate=flow.copy(data=trade * part),
        final=flow.copy(data=trade * (1 - part)),
        use=xr.DataArray(use, {"country": places, "input": kinds, "user": kinds}),
        tariff=flow.copy(data=tariff),
        value_added=xr.DataArray(output - use.sum(1), {"country": places, "sector": kinds}),
        deficit=xr.DataArray(trade.sum((0, 1)) - output.sum(1), {"country": places}),
        assumptions=("Every number is random.",),
    )


def _flows(draw: np.random.Generator, countries: int, sectors: int, traded: int) -> tuple[Array, Array]:
    """Return random flows and tariffs, (N, J, N) [origin, sector, destination] each."""
    shape = (countries, sectors, countries)
    own = np.arange(countries)
    trade = draw.lognormal(0.0, SPREAD, shape)
    trade[:, 1:, :] *= draw.random((countries, sectors - 1, countries)) > MISSING
    trade[:, traded:, :] = 0.0
    trade[own, :, own] = 0.0
    trade *= draw.uniform(1 - GAP, 1 + GAP, (countries, 1, 1)) * balancing(trade.sum(1))[:, None, None]
    openness = HOME * draw.lognormal(0.0, SPREAD, (countries, sectors))
    trade[own, :, own] = openness * trade.sum((1, 2))[:, None] / (countries - 1) / sectors
    tariff = draw.uniform(0.0, HIGHEST_TARIFF, shape)
    tariff[own, :, own] = 0.0
    return trade, tariff


def balancing(flow: Array) -> Array:
    """Return by how much to scale each origin's flows, (N, N), (N,), so that all trade is balanced."""
    system = np.diag(flow.sum(1)) - flow.T
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(len(flow))[-1] * len(flow))
