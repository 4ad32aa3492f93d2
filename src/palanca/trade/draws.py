"""What is uncertain, drawn: elasticities, use of preferences, retaliation, horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from palanca.trade.elasticities import Elasticities
from palanca.trade.problem import Closure, Deficits, Horizon
from palanca.trade.spread import PARTS

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
    """

    elasticities: Elasticities
    parts: tuple[str, ...] = PARTS
    claimed: tuple[float, float] | None = None
    retaliation: float = 0.0
    horizons: tuple[Horizon, ...] = (Horizon.LONG,)
    deficits: tuple[Deficits, ...] = (Deficits.FIXED,)

    @property
    def names(self) -> tuple[str, ...]:
        """What is drawn, in the order of the coordinates of a point."""
        return (*self.of_elasticity, "claimed", "retaliation", "horizon", "deficits")

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
        point: coordinates between zero and one that the values come from.
    """

    number: int
    elasticity: tuple[float, ...]
    claimed: float | None
    retaliation: bool
    closure: Closure
    point: tuple[float, ...]


def draws(uncertainty: Uncertainty, number: int, *, seed: int) -> list[Draw]:
    """Return `number` random draws, the same for the same seed."""
    points = np.random.default_rng(seed).random((number, len(uncertainty.names)))
    return draws_at(uncertainty, points)


def draws_at(uncertainty: Uncertainty, points: Array) -> list[Draw]:
    """Return the draws at points of the unit cube, (M, K), K as many as `uncertainty.names`."""
    return [_draw(uncertainty, number, point) for number, point in enumerate(points)]


def _draw(uncertainty: Uncertainty, number: int, point: Array) -> Draw:
    *places, claimed, retaliation, horizon, deficits = (float(value) for value in point)
    closure = Closure(_chosen(uncertainty.horizons, horizon), _chosen(uncertainty.deficits, deficits))
    theta = uncertainty.elasticities[closure.horizon].at(np.array([places]), uncertainty.parts)
    return Draw(
        number=number,
        elasticity=tuple(theta[0].tolist()),
        claimed=_between(uncertainty.claimed, claimed),
        retaliation=retaliation < uncertainty.retaliation,
        closure=closure,
        point=tuple(point.tolist()),
    )


def _between(limits: tuple[float, float] | None, part: float) -> float | None:
    return None if limits is None else limits[0] + part * (limits[1] - limits[0])


def _chosen(options: Sequence[T], part: float) -> T:
    return options[min(int(part * len(options)), len(options) - 1)]
