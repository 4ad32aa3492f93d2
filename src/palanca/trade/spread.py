"""How far trade elasticities may lie from where they are put: between studies, and within one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri

from palanca.economy import trade_elasticity
from palanca.economy.assumed import assumed

Array = NDArray[np.float64]

MEAN = "mean of studies"
STUDIES, TOGETHER, APART = "studies", "together", "apart"
PARTS = (STUDIES, TOGETHER, APART)
TAIL = 0.005  # errors beyond these quantiles are cut, where a normal distribution says least of an estimate


@dataclass(frozen=True, eq=False)
class Spread:
    """θ of one horizon: what each study says, and the error of one study's estimates.

    Attributes:
        estimates: (study, sector), θ, without gaps.
        error: (J,), standard deviation of ln θ within a study.
        common: part of its variance that all sectors share.
    """

    estimates: xr.DataArray
    error: Array
    common: float

    @property
    def sectors(self) -> tuple[str, ...]:
        """Labels of the J sectors."""
        return tuple(str(label) for label in self.estimates["sector"].values)

    @property
    def centre(self) -> xr.DataArray:
        """The geometric mean of the studies, (sector): where results without draws are computed."""
        return self._labelled(np.exp(self._logs.mean(0)))

    @property
    def by_study(self) -> Mapping[str, xr.DataArray]:
        """θ by sector for the mean of studies, which comes first, and for each study."""
        rows = {str(row["study"].item()): self._labelled(row.values) for row in self.estimates}
        return {MEAN: self.centre, **rows}

    def names(self, parts: Sequence[str] = PARTS) -> tuple[str, ...]:
        """Return what the coordinates of a point stand for, where `parts` are drawn."""
        apart = [f"{APART} {sector}" for sector in self.sectors] if APART in parts else []
        return (*(part for part in (STUDIES, TOGETHER) if part in parts), *apart)

    def draw(self, number: int, *, seed: int, parts: Sequence[str] = PARTS) -> Array:
        """Return `number` draws of θ, (number, J), the same for the same seed.

        Args:
            number: of draws.
            seed: of the generator.
            parts: what is drawn; the rest stays at the centre.
        """
        return self.at(np.random.default_rng(seed).random((number, len(self.names(parts)))), parts)

    def at(self, points: Array, parts: Sequence[str] = PARTS) -> Array:
        """Return θ, (M, J), at points of the unit cube, (M, K), K as many as `names`.

        Between studies every gap between neighbours counts alike and each study keeps its own pattern over
        sectors; errors of ln θ are normal.
        """
        place = {name: points[:, at] for at, name in enumerate(self.names(parts))}
        logs = np.broadcast_to(self._logs.mean(0), (len(points), len(self.sectors)))
        if STUDIES in parts:
            logs = self._between(place[STUDIES])
        if TOGETHER in parts:
            logs = logs + np.sqrt(self.common) * self.error * _normal(place[TOGETHER])[:, None]
        if APART in parts:
            own = _normal(points[:, -len(self.sectors) :])
            logs = logs + np.sqrt(1 - self.common) * self.error * own
        return np.asarray(np.exp(logs))

    @property
    def _logs(self) -> Array:
        return np.log(np.asarray(self.estimates.transpose("study", "sector").values, dtype=np.float64))

    def _between(self, part: Array) -> Array:
        """Return ln θ, (M, J), at parts of the way, (M,), from the study with the least θ to the greatest."""
        logs = self._logs
        ordered = logs[np.argsort(logs.mean(1), kind="stable")]
        place = part * (len(ordered) - 1)
        below = np.minimum(place.astype(int), max(len(ordered) - 2, 0))
        above = np.minimum(below + 1, len(ordered) - 1)
        weight = (place - below)[:, None]
        return np.asarray((1 - weight) * ordered[below] + weight * ordered[above])

    def _labelled(self, theta: Array) -> xr.DataArray:
        return trade_elasticity(dict(zip(self.sectors, theta.tolist(), strict=True)), self.sectors)


def of_studies(known: xr.DataArray) -> Spread:
    """Return the spread of published θ; gaps of a study take the mean of the others.

    A sector with a single estimate errs more than others: as much as studies differ where there are several.

    Args:
        known: (study, sector), θ; not a number where a study has none.
    """
    logs = np.log(np.asarray(known.transpose("study", "sector").values, dtype=np.float64))
    count = np.isfinite(logs).sum(0)
    middle = centre(logs)
    filled = np.where(np.isfinite(logs), logs, middle)
    ranges = np.ptp(filled, axis=0)[count > 1]
    between = float(np.sqrt((ranges**2).mean() / 12)) if ranges.size else 0.0  # of a uniform distribution
    within = assumed("elasticity_ranges")["within_study"].value
    error = np.sqrt(within**2 + np.where(count > 1, 0.0, between**2))
    estimates = known.transpose("study", "sector").copy(data=np.exp(filled))
    return Spread(estimates, error, assumed("elasticity_ranges")["in_common"].value)


def of_range(least: float, greatest: float, sectors: Sequence[str]) -> Spread:
    """Return a stated range of θ, the same for all sectors."""
    bounds = np.array([[least], [greatest]]) * np.ones(len(sectors))
    labels = {"study": [f"θ = {least:g}", f"θ = {greatest:g}"], "sector": list(sectors)}
    return Spread(xr.DataArray(bounds, labels), np.zeros(len(sectors)), 0.0)


def centre(logs: Array) -> Array:
    """Return the mean over studies, (J,), of ln θ, (S, J); a sector without any takes that of the others."""
    known = np.isfinite(logs)
    count = known.sum(0)
    mean = np.where(known, logs, 0.0).sum(0) / np.maximum(count, 1)
    return np.where(count > 0, mean, mean[count > 0].mean() if count.any() else 0.0)


def _normal(part: Array) -> Array:
    return np.asarray(ndtri(np.clip(part, TAIL, 1 - TAIL)), dtype=np.float64)
