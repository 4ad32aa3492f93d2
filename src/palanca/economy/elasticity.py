"""Trade elasticities in one convention, checked on the way in."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from palanca.errors import BadElasticity

INVERSE_BELOW = 0.5  # estimates of θ lie above, those of 1/θ (Eaton and Kortum's dispersion) below


def trade_elasticity(values: Mapping[str, float], sectors: Sequence[str]) -> xr.DataArray:
    """Return θ by sector, (sector): minus the elasticity of import shares to trade costs, σ − 1.

    Args:
        values: θ of each sector, positive, a pure number.
        sectors: the sectors needed, in the order wanted.

    Raises:
        BadElasticity: a sector is missing, a value is not positive, or most are so small that they
            must be 1/θ.
    """
    faults = [f"{sector}: missing" for sector in sectors if sector not in values]
    known = {sector: values[sector] for sector in sectors if sector in values}
    faults += [f"{sector}: {value} is not positive" for sector, value in known.items() if not _usable(value)]
    if not faults and np.median(list(known.values())) < INVERSE_BELOW:
        faults.append(f"the median is below {INVERSE_BELOW}: these look like 1/θ, and θ is wanted")
    if faults:
        raise BadElasticity("Trade elasticities cannot be used:", faults)
    return xr.DataArray(list(known.values()), {"sector": list(sectors)}, name="trade_elasticity").astype(
        float
    )


def _usable(value: float) -> bool:
    return bool(np.isfinite(value)) and value > 0
