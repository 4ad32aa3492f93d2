"""What is uncertain, drawn: elasticities, use of preferences, deficits, base data, retaliation, horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from palanca.trade.closure import Closure, Deficits, Horizon
from palanca.trade.elasticities import Elasticities
from palanca.trade.spread import PARTS, Spread

Array = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What may differ between draws.

    Attributes:
        elasticities: what is known of θ, by horizon.
        parts: what of θ is drawn: the place between studies, errors that all sectors share, errors of each
            sector; the rest stays at the centre.
        claimed: least and greatest fraction of trade that claims a preference, where a measure exempts
            it; what customs recorded, if not given.
        retaliation: probability that the targets answer in kind.
        horizons: equally likely.
        deficits: equally likely.
        months: whose claims stand in for those that a measure names, equally likely; those, if none.
        worlds: base worlds equally likely beside the reported one; see `alternatives`.
    """

    elasticities: Elasticities
    parts: tuple[str, ...] = PARTS
    claimed: tuple[float, float] | None = None
    retaliation: float = 0.0
    horizons: tuple[Horizon, ...] = (Horizon.LONG,)
    deficits: tuple[Deficits, ...] = (Deficits.FIXED,)
    months: tuple[str, ...] = ()
    worlds: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What is drawn, in the order of the coordinates of a point."""
        return (*self.of_elasticity, "claimed", "retaliation", "horizon", "deficits", "months", "worlds")

    @property
    def of_elasticity(self) -> tuple[str, ...]:
        """The coordinates that θ comes from, the same on both horizons."""
        return self.elasticities[self.horizons[0]].names(self.parts)


@dataclass(frozen=True)
class Draw:
    """One set of values.

    Attributes:
        number: of the draw, from zero.
        elasticity: θ by sector, in the order of the sectors.
        claimed: fraction of trade that claims a preference; what customs recorded, if None.
        retaliation: whether the targets answer in kind.
        closure: horizon and deficits.
        month: whose claims of a preference count; that which the measure names, if None.
        world: base world, from one; the reported one, if zero.
        point: coordinates between zero and one that the values come from.
    """

    number: int
    elasticity: tuple[float, ...]
    claimed: float | None
    retaliation: bool
    closure: Closure
    month: str | None
    world: int
    point: tuple[float, ...]


def draws(uncertainty: Uncertainty, number: int, *, seed: int) -> list[Draw]:
    """Return `number` random draws, the same for the same seed."""
    points = np.random.default_rng(seed).random((number, len(uncertainty.names)))
    return draws_at(uncertainty, points)


def draws_at(uncertainty: Uncertainty, points: Array) -> list[Draw]:
    """Return the draws at points of the unit cube, (M, K), K as many as `uncertainty.names`."""
    chosen = [_chosen(range(len(uncertainty.horizons)), float(point[-4])) for point in points]
    width = len(uncertainty.of_elasticity)
    theta = [known.at(points[:, :width], uncertainty.parts) for known in _known(uncertainty)]
    return [
        _draw(uncertainty, number, theta=theta[horizon][number], point=point)
        for number, (horizon, point) in enumerate(zip(chosen, points, strict=True))
    ]


def _known(uncertainty: Uncertainty) -> list[Spread]:
    return [uncertainty.elasticities[horizon] for horizon in uncertainty.horizons]


def _draw(uncertainty: Uncertainty, number: int, *, theta: Array, point: Array) -> Draw:
    claimed, retaliation, horizon, deficits, month, world = (float(value) for value in point[-6:])
    return Draw(
        number=number,
        elasticity=tuple(theta.tolist()),
        claimed=_between(uncertainty.claimed, claimed),
        retaliation=retaliation < uncertainty.retaliation,
        closure=Closure(_chosen(uncertainty.horizons, horizon), _chosen(uncertainty.deficits, deficits)),
        month=_chosen(uncertainty.months or (None,), month),
        world=_chosen(range(1, uncertainty.worlds + 1) or (0,), world),
        point=tuple(point.tolist()),
    )


def _between(limits: tuple[float, float] | None, part: float) -> float | None:
    return None if limits is None else limits[0] + part * (limits[1] - limits[0])


def _chosen(options: Sequence[T], part: float) -> T:
    return options[min(int(part * len(options)), len(options) - 1)]
