# ruff: noqa: PLR0913, PLR0917 - compiled loops take flat arrays, and nesting costs nothing
"""Compiled inner loops of the two-sided Hawkes process: what is left of past acts, ascent, and drawing."""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

TINY = 1e-300  # keeps the logarithm of an intensity of zero finite

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code, made when first called and cached."""
    return cast(Loop, njit(cache=True, nogil=True)(loop))


@compiled
def left(days: Whole, counts: Array, rate: float) -> Array:
    """Return the sum over earlier days of counts · e^(−rate (lag − 1)), in one pass.

    Args:
        days: (d,), rising; counts: (d, c).
    """
    found = np.zeros_like(counts)
    for row in range(1, len(days)):
        gap = days[row] - days[row - 1]
        fade = np.exp(-rate * (gap - 1))
        for c in range(counts.shape[1]):
            found[row, c] = (found[row - 1, c] * np.exp(-rate) + counts[row - 1, c]) * fade
    return found


@compiled
def climb(parts: Array, total: Array, start: Array, most: int, least: float) -> tuple[float, Array]:
    """Return the greatest log-likelihood and its weights, by expectation and maximisation.

    The log-likelihood is concave in the weights; those that start at nothing stay there.

    Args:
        parts: (acts, components) of the intensity at each act; total: (components,) over the record.

    Source: Veen and Schoenberg (2008), Journal of the American Statistical Association 103, 614–624.
    """
    weights = start.copy()
    before, reached = -np.inf, -np.inf
    for _ in range(most):
        gain, reached = np.zeros(len(total)), 0.0
        for row in range(len(parts)):
            level = TINY
            for c in range(len(total)):
                level += parts[row, c] * weights[c]
            reached += np.log(level)
            for c in range(len(total)):
                gain[c] += parts[row, c] / level
        for c in range(len(total)):
            reached -= weights[c] * total[c]
        if reached - before < least:
            break
        before = reached
        for c in range(len(total)):
            weights[c] = weights[c] * gain[c] / total[c] if total[c] > 0 else 0.0
    return reached, weights


@compiled
def grow(
    acts: tuple[Array, Whole, Whole, Whole],
    weights: Array,
    rates: Array,
    kinds: Array,
    fronts: Array,
    end: float,
    most: int,
    seed: int,
) -> tuple[Array, Whole, Whole, Whole]:
    """Return acts that start a record with all that they set off, as time, side, kind and front.

    Args:
        acts: those of the baseline.
        weights: (receiver, side, kind, mode): acts set off by one act, on any front or on its own.
        rates: of the kernel by receiver, per day.
        kinds, fronts: (side, marks): chances of the marks, cumulated.
        most: room for acts; a record that explodes is cut there.
    """
    np.random.seed(seed)
    size = len(acts[0])
    when, side = np.zeros(most), np.zeros(most, dtype=np.int64)
    kind, front = np.zeros(most, dtype=np.int64), np.zeros(most, dtype=np.int64)
    when[:size], side[:size], kind[:size], front[:size] = acts
    at = 0
    while at < size:
        for receiver in range(2):
            for mode in range(weights.shape[3]):
                for _ in range(np.random.poisson(weights[receiver, side[at], kind[at], mode])):
                    then = when[at] + np.random.exponential(1.0 / rates[receiver])
                    if then < end and size < most:
                        when[size], side[size] = then, receiver
                        kind[size] = np.searchsorted(kinds[receiver], np.random.random())
                        drawn = np.searchsorted(fronts[receiver], np.random.random())
                        front[size] = front[at] if mode == 1 else drawn
                        size += 1
        at += 1
    return when[:size], side[:size], kind[:size], front[:size]
