"""Fixed points by Anderson acceleration, and the one loop that roots share with them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.solve.anderson import History
from palanca.solve.outcome import Outcome, Reason

Array = NDArray[np.float64]
Advance = Callable[[Array, float], tuple[Array, Array]]


@dataclass(frozen=True)
class Settings:
    """What a solver may spend and when it is done.

    Attributes:
        tolerance: largest absolute residual accepted.
        iterations: evaluations allowed.
        depth: steps remembered by the acceleration; 0 is the plain iteration.
        largest_step: largest change of any coordinate in one step.
        growth: how many times the best residual a point may show before it is refused.
        retreats: times in a row a refused step is halved before giving up.
        inner: accuracy asked of the function, as a fraction of the residual last seen.
        expected: residual expected at the start, on which the accuracy there depends.
    """

    tolerance: float = 1e-10
    iterations: int = 200
    depth: int = 5
    largest_step: float = np.inf
    growth: float = 10.0
    retreats: int = 12
    inner: float = 1e-4
    expected: float = np.inf


DEFAULT = Settings()


def fixed_point(
    function: Callable[[Array], Array],
    start: Array,
    *,
    settings: Settings = DEFAULT,
    raises: bool = True,
) -> tuple[Array, Outcome]:
    """Return the point that `function` leaves where it is, and how the search ended.

    Args:
        function: maps (n,) to (n,); should contract, at least on average.
        start: (n,), where to begin; not modified.
        settings: the residual is the largest absolute change the function still makes.
        raises: whether to raise when the search fails, rather than return the best point.

    Raises:
        NotConverged: the search failed and `raises` is true.
    """

    def advance(point: Array, _: float) -> tuple[Array, Array]:
        step = function(point) - point
        return step, step

    point, outcome = iterate(advance, start, settings)
    return point, outcome.required("The fixed point") if raises else outcome


def iterate(advance: Advance, start: Array, settings: Settings) -> tuple[Array, Outcome]:
    """Return the first point whose residual is within tolerance, or the best one, and how it ended.

    A point that is not finite or much worse than the best one is refused: the search returns to the
    best point, forgets what it had learnt, and tries half the step.

    Args:
        advance: maps (n,) and the accuracy wanted to the step, (n,), and the residual of the point.
        start: (n,).
        settings: see `Settings`.
    """
    point, history, best, refusals = start, History(settings.depth), _Best(start), 0
    for count in range(1, settings.iterations + 1):
        step, residual = advance(point, settings.inner * min(best.residual, settings.expected))
        size = largest(residual)
        if size <= settings.tolerance:
            return point, Outcome(Reason.CONVERGED, size, count)
        if size <= settings.growth * best.residual and np.isfinite(step).all():
            best, refusals = best.against(point, step, size), 0
            target = history.advance(point, step)
        elif best.step is None or refusals == settings.retreats:
            return best.point, best.failed(size, count)
        else:
            refusals += 1
            history.forget()
            point, target = best.point, best.point + best.step * 0.5**refusals
        point = limited(point, target, settings.largest_step)
    return best.point, Outcome(Reason.LIMIT, best.residual, settings.iterations)


def largest(residual: Array) -> float:
    """Return the largest absolute entry, (n,) to a number; not a number if any entry is none."""
    return float(np.max(np.abs(residual), initial=0.0))


def limited(point: Array, target: Array, largest_step: float) -> Array:
    """Return `target`, (n,), drawn towards `point` until no coordinate moves by more than allowed."""
    length = largest(target - point)
    return target if length <= largest_step else point + (target - point) * (largest_step / length)


@dataclass(frozen=True)
class _Best:
    """The best point so far, and the step it proposed."""

    point: Array
    step: Array | None = None
    residual: float = np.inf

    def against(self, point: Array, step: Array, residual: float) -> "_Best":
        return _Best(point, step, residual) if residual < self.residual else self

    def failed(self, size: float, count: int) -> Outcome:
        if self.step is None:
            return Outcome(Reason.NOT_FINITE, size, count)
        return Outcome(Reason.NO_PROGRESS, self.residual, count)
