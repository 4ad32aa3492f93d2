"""What is uncertain, drawn: elasticities, use of preferences, retaliation, horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.trade.problem import Closure, Deficits, Horizon

Array = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What may differ between draws.

    Attributes:
        estimates: (study, sector), θ of published studies; not a number where a study has none.
        correlated: whether all sectors lie at the same place between the published estimates, or each at
            its own.
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


def centre(estimates: xr.DataArray) -> Array:
    """Return the mean of ln θ over studies, (J,); a sector without estimates takes the mean of the others.

    Args:
        estimates: (study, sector), θ.
    """
    logs = _logs(estimates)
    count = np.isfinite(logs).sum(0)
    mean = np.where(np.isfinite(logs), logs, 0.0).sum(0) / np.maximum(count, 1)
    level = float(mean[count > 0].mean()) if count.any() else 0.0
    return np.where(count > 0, mean, level)


def between_studies(estimates: xr.DataArray, parts: Array) -> Array:
    """Return θ, (J,), at a fraction of the way from the least to the greatest published estimate.

    Every gap between neighbouring estimates counts alike, and nothing lies outside them; a sector with
    fewer than two takes the mean range of the others around its mean.

    Args:
        estimates: (study, sector), θ.
        parts: (J,), between zero and one.
    """
    logs, middle = _logs(estimates), centre(estimates)
    columns = [np.sort(column[np.isfinite(column)]) for column in logs.T]
    ranges = [column[-1] - column[0] for column in columns if len(column) > 1]
    half = float(np.mean(ranges)) / 2 if ranges else 0.0
    points = [
        column if len(column) > 1 else np.array([middle[place] - half, middle[place] + half])
        for place, column in enumerate(columns)
    ]
    return np.exp([float(np.quantile(known, part)) for known, part in zip(points, parts, strict=True)])


def _logs(estimates: xr.DataArray) -> Array:
    return np.log(np.asarray(estimates.transpose("study", "sector").values, dtype=np.float64))


def draws(uncertainty: Uncertainty, number: int, *, seed: int) -> list[Draw]:
    """Return `number` random draws, the same for the same seed."""
    points = np.random.default_rng(seed).random((number, len(uncertainty.names)))
    return draws_at(uncertainty, points)


def draws_at(uncertainty: Uncertainty, points: Array) -> list[Draw]:
    """Return the draws at points of the unit cube, (M, K), K as many as `uncertainty.names`."""
    return [_draw(uncertainty, number, point) for number, point in enumerate(points)]


def _draw(uncertainty: Uncertainty, number: int, point: Array) -> Draw:
    *shocks, claimed, retaliation, horizon, deficits = (float(value) for value in point)
    parts = np.broadcast_to(np.array(shocks), (len(uncertainty.sectors),))
    return Draw(
        number=number,
        elasticity=tuple(between_studies(uncertainty.estimates, parts).tolist()),
        claimed=_between(uncertainty.claimed, claimed),
        retaliation=retaliation < uncertainty.retaliation,
        closure=Closure(_chosen(uncertainty.horizons, horizon), _chosen(uncertainty.deficits, deficits)),
        point=tuple(point.tolist()),
    )


def _between(limits: tuple[float, float] | None, part: float) -> float | None:
    return None if limits is None else limits[0] + part * (limits[1] - limits[0])


def _chosen(options: Sequence[T], part: float) -> T:
    return options[min(int(part * len(options)), len(options) - 1)]
