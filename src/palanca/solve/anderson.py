"""Anderson acceleration: the next point from the last few steps of a slower iteration."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RIDGE = 1e-14  # keeps nearly parallel steps from blowing up; far below what a step is known to


def mixed(point: Array, step: Array, past_points: Array, past_steps: Array) -> Array:
    """Return the point where the linear model of the steps seen so far vanishes best.

    Args:
        point: (n,), where the iteration is.
        step: (n,), where the plain iteration would move it.
        past_points: (k, n), earlier changes of the point.
        past_steps: (k, n), the changes of the step that came with them.

    Source: Walker and Ni (2011), SIAM Journal on Numerical Analysis 49(4), algorithm AA.
    """
    if len(past_steps) == 0:
        return point + step
    gram = past_steps @ past_steps.T
    gram[np.diag_indices_from(gram)] *= 1 + RIDGE
    weights = np.linalg.lstsq(gram, past_steps @ step, rcond=None)[0].astype(np.float64)
    return point + step - weights @ (past_points + past_steps)


@dataclass
class History:
    """The last few changes of the point and of the step, oldest first."""

    depth: int
    points: list[Array] = field(default_factory=list)
    steps: list[Array] = field(default_factory=list)
    last: tuple[Array, Array] | None = None

    def advance(self, point: Array, step: Array) -> Array:
        """Remember (n,) `point` and `step`; return the accelerated next point, (n,)."""
        if self.last is not None and self.depth:
            self.points = [*self.points, point - self.last[0]][-self.depth :]
            self.steps = [*self.steps, step - self.last[1]][-self.depth :]
        self.last = (point, step)
        shape = (len(self.points), point.size)
        return mixed(point, step, np.reshape(self.points, shape), np.reshape(self.steps, shape))

    def forget(self) -> None:
        """Start afresh, as after a step that went wrong."""
        self.points, self.steps, self.last = [], [], None
