"""What is uncertain, drawn: elasticities, use of preferences, retaliation, horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.trade.problem import Closure, Deficits, Horizon

Array = NDArray[np.float64]
T = TypeVar("T")
TAIL = 1e-12  # the normal quantile of zero is infinite


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What may differ between draws.

    Attributes:
        estimates: (study, sector), θ of published studies; not a number where a study has none.
        correlated: whether one study errs in all sectors alike, or each sector on its own.
        claimed: least and greatest fraction of trade that claims a preference, where a measure exempts
            it; what customs recorded, if not given.
        retaliation: probability that the targets answer in kind.
        horizons: equally likely.
        deficits: equally likely.
    """

    estimates: xr.DataArray
    correlated: bool = True
    claimed: tuple[float, float] | None = None
    retaliation: float = 0.0
    horizons: tuple[Horizon, ...] = (Horizon.LONG,)
    deficits: tuple[Deficits, ...] = (Deficits.FIXED,)

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors that have estimates."""
        return tuple(str(label) for label in self.estimates["sector"].values)

    @property
    def names(self) -> tuple[str, ...]:
        """What is drawn, in the order of the coordinates of a point."""
        kinds = ("elasticity",) if self.correlated else tuple(f"elasticity {name}" for name in self.sectors)
        return (*kinds, "claimed", "retaliation", "horizon", "deficits")


@dataclass(frozen=True)
class Draw:
    """One set of values.

    Attributes:
        number: of the draw, from zero.
        elasticity: θ by sector, in the order of the sectors.
        claimed: fraction of trade that claims a preference; what customs recorded, if None.
        retaliation: whether the targets answer in kind.
        closure: horizon and deficits.
        point: coordinates between zero and one that the values come from.
    """

    number: int
    elasticity: tuple[float, ...]
    claimed: float | None
    retaliation: bool
    closure: Closure
    point: tuple[float, ...]


def centre_and_spread(estimates: xr.DataArray) -> tuple[Array, Array]:
    """Return mean and standard deviation of ln θ over studies, (J,) each.

    A sector with one estimate takes the mean spread of the others; one with none, their mean too.

    Args:
        estimates: (study, sector), θ.
    """
    logs = np.log(np.asarray(estimates.transpose("study", "sector").values, dtype=np.float64))
    known = np.isfinite(logs)
    count = known.sum(0)
    filled = np.where(known, logs, 0.0)
    mean = filled.sum(0) / np.maximum(count, 1)
    squares = (np.where(known, logs - mean, 0.0) ** 2).sum(0)
    spread = np.sqrt(squares / np.maximum(count - 1, 1))
    several, some = count > 1, count > 0
    typical = float(spread[several].mean()) if several.any() else 0.0
    level = float(mean[some].mean()) if some.any() else 0.0
    return np.where(some, mean, level), np.where(several, spread, typical)


def draws(uncertainty: Uncertainty, number: int, *, seed: int) -> list[Draw]:
    """Return `number` random draws, the same for the same seed."""
    points = np.random.default_rng(seed).random((number, len(uncertainty.names)))
    return draws_at(uncertainty, points)


def draws_at(uncertainty: Uncertainty, points: Array) -> list[Draw]:
    """Return the draws at points of the unit cube, (M, K), K as many as `uncertainty.names`."""
    centre, spread = centre_and_spread(uncertainty.estimates)
    return [_draw(uncertainty, number, point, centre, spread) for number, point in enumerate(points)]


def _draw(uncertainty: Uncertainty, number: int, point: Array, centre: Array, spread: Array) -> Draw:
    *shocks, claimed, retaliation, horizon, deficits = (float(value) for value in point)
    errors = np.array([NormalDist().inv_cdf(min(max(part, TAIL), 1 - TAIL)) for part in shocks])
    return Draw(
        number=number,
        elasticity=tuple(np.exp(centre + spread * errors).tolist()),
        claimed=_between(uncertainty.claimed, claimed),
        retaliation=retaliation < uncertainty.retaliation,
        closure=Closure(_chosen(uncertainty.horizons, horizon), _chosen(uncertainty.deficits, deficits)),
        point=tuple(point.tolist()),
    )


def _between(limits: tuple[float, float] | None, part: float) -> float | None:
    return None if limits is None else limits[0] + part * (limits[1] - limits[0])


def _chosen(options: Sequence[T], part: float) -> T:
    return options[min(int(part * len(options)), len(options) - 1)]
