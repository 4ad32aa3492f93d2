"""What a new pattern of sourcing costs those who hold it, and the world in which they hold it."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.trade import Shock
from palanca.trade.shock import labelled

Array = NDArray[np.float64]


def mismatch(before: Array, after: Array, elasticity: Array) -> Array:
    """Return by how much, in logs, a buyer who holds the shares `after` at the prices of `before` pays more.

    A bundle is CES with σ = θ + 1. With shares π chosen at unit prices, a dollar spread by π′ buys
    (Σ π^(1/σ) π′^(1−1/σ))^(σ/(σ−1)) of it: the loss is the Rényi divergence of π′ from π of order
    1 − 1/σ, over θ. Zero where nothing changes, of second order in the change, never negative.

    Args:
        before, after: (J, N, N) [sector, buyer, seller], shares of spending; nothing new where there was
            nothing before.
        elasticity: (J,), θ.

    Returns:
        (J, N), zero where nothing is bought.
    """
    order = (elasticity / (elasticity + 1))[:, None, None]
    kept = (before ** (1 - order) * after**order).sum(2)
    bought = before.sum(2) > 0
    return np.where(bought, -np.log(np.where(bought, kept, 1.0)) / order[:, :, 0], 0.0)


def held(structure: Structure, after: Array, elasticity: Array, transfer: Array) -> Shock:
    """Return the shock after which buyers hold the shares `after` at unchanged costs of sellers.

    Trade costs change by (π′/π)^(−1/θ), which turns shares without changing any buyer's prices, and on top
    of that all purchases of a buyer in a sector cost what its new pattern is worse for it.

    Args:
        structure: the world before.
        after: (J, N, N), shares wanted.
        elasticity: (J,), θ.
        transfer: (N,), received beyond what was before, over the world's value added; sums to zero.
    """
    before = structure.sourcing
    ratio = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    with np.errstate(divide="ignore"):
        turned = np.where(ratio == 1, 1.0, ratio ** (-1 / elasticity)[:, None, None])
    worse = np.exp(mismatch(before, after, elasticity))[:, :, None]
    received = xr.DataArray(transfer, {"country": list(structure.countries)}) if transfer.any() else None
    return Shock(iceberg=labelled(turned * worse, structure), transfer=received)
