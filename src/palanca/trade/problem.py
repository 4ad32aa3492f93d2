"""What one solve needs: the shares of a world, with one change of tariffs and trade costs applied."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.trade import model
from palanca.trade.closure import Closure, Deficits, Horizon
from palanca.trade.shock import Change

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Problem:
    """One world after one change, ready to be solved; money in units of the world's value added.

    Attributes:
        access: (J, N, N), π κ̂^−θ.
        delivered: (J, N, N), access over one plus the new tariff.
        traded: (J,), whether anything of the sector crosses a border.
        elasticity: (J,), θ.
        value_added_share, final_share: (N, J).
        input_share: (N, J, J), [n, k, j].
        value_added: (N, J).
        deficit: (N,).
        pass_through: (N, J), rise of a country's prices with its own wages, those abroad unchanged.
        horizon: whether factors move between sectors.
    """

    access: Array
    delivered: Array
    traded: NDArray[np.bool_]
    elasticity: Array
    value_added_share: Array
    final_share: Array
    input_share: Array
    value_added: Array
    deficit: Array
    pass_through: Array
    horizon: Horizon

    @property
    def size(self) -> Array:
        """Value added of each country, (N,): the scale its residuals are measured on."""
        return np.asarray(self.value_added.sum(1))


def problem(structure: Structure, elasticity: Array, closure: Closure) -> Problem:
    """Return the problem of the world as it is, with deficits as the closure wants them.

    Args:
        structure: the world in shares.
        elasticity: (J,), θ.
        closure: horizon and deficits.
    """
    scale = structure.world_income
    kept = closure.deficits is Deficits.FIXED
    foreign = ~np.eye(len(structure.countries), dtype=bool)
    access, tariff = np.ascontiguousarray(structure.sourcing), np.ascontiguousarray(structure.tariff)
    return Problem(
        access=access,
        delivered=access / (1 + tariff),
        traded=structure.sourcing[:, foreign].max(1, initial=0.0) > 0,
        elasticity=elasticity,
        value_added_share=np.ascontiguousarray(structure.value_added_share),
        final_share=np.ascontiguousarray(structure.final_share),
        input_share=np.ascontiguousarray(structure.input_share),
        value_added=np.ascontiguousarray(structure.value_added) / scale,
        deficit=structure.deficit / scale if kept else np.zeros_like(structure.deficit),
        pass_through=np.ascontiguousarray(pass_through(structure)),
        horizon=closure.horizon,
    )


def pass_through(structure: Structure) -> Array:
    """Return how far a country's prices, (N, J), rise with its wages while those abroad stay."""
    home = np.einsum("jnn->nj", structure.sourcing)
    through_inputs = home[:, :, None] * structure.input_share.transpose(0, 2, 1)
    direct = home * structure.value_added_share
    return np.linalg.solve(np.eye(home.shape[1]) - through_inputs, direct[:, :, None])[:, :, 0]


def shocked(base: Problem, change: Change) -> Problem:
    """Return `base`, the problem of the world as it is, with new tariffs, trade costs and transfers."""
    access, delivered, cells = base.access.copy(), base.delivered.copy(), change.cells
    theta = base.elasticity[cells // base.access[0].size]
    reached = model.access(access.ravel()[cells], change.barrier, theta)
    access.ravel()[cells] = reached
    delivered.ravel()[cells] = reached / (1 + change.tariff.ravel()[cells])
    return replace(base, access=access, delivered=delivered, deficit=base.deficit + change.transfer)
