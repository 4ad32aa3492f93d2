"""Roots by quasi-Newton steps from a Jacobian computed once, with Anderson acceleration on top."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from palanca.solve.fixed_point import DEFAULT, Settings, iterate, largest
from palanca.solve.outcome import Outcome

Array = NDArray[np.float64]
Function = Callable[[Array, float], Array]


def root(
    function: Function,
    start: Array,
    *,
    newton: Callable[[Array], Array],
    settings: Settings = DEFAULT,
    raises: bool = True,
) -> tuple[Array, Outcome]:
    """Return the point where `function` vanishes, and how the search ended.

    Args:
        function: maps (n,) and an accuracy to (n,); it may be off by that accuracy, so that nothing
            is computed more exactly than the search can use. A root is believed only when the
            accuracy was finer than the tolerance.
        start: (n,), where to begin; not modified.
        newton: maps the function's value, (n,), to a step, (n,): minus the inverse of a Jacobian
            known beforehand, or anything near it.
        settings: the residual is the largest absolute value of the function.
        raises: whether to raise when the search fails, rather than return the best point.

    Raises:
        NotConverged: the search failed and `raises` is true.
    """

    def advance(point: Array, accuracy: float) -> tuple[Array, Array]:
        value = function(point, accuracy)
        if largest(value) <= settings.tolerance < accuracy:
            value = function(point, settings.inner * settings.tolerance)
        usable = np.isfinite(value).all()
        return (newton(value) if usable else np.full_like(point, np.nan)), value

    point, outcome = iterate(advance, start, settings)
    return point, outcome.required("The root") if raises else outcome


def jacobian(
    function: Function,
    point: Array,
    *,
    directions: Array | None = None,
    width: float = 1e-5,
    accuracy: float = 1e-12,
) -> Array:
    """Return the derivatives at `point` by forward differences, (m, k).

    Args:
        function: as in `root`, mapping (n,) to (m,).
        point: (n,).
        directions: (k, n), along which to differentiate; each coordinate in turn, if not given.
        width: the difference taken, in the unit of the point.
        accuracy: asked of the function.
    """
    base = function(point, accuracy)
    ways = np.eye(point.size) if directions is None else directions
    return np.stack([function(point + width * way, accuracy) - base for way in ways], axis=1) / width
