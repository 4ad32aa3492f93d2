# ruff: noqa: PLR0913, PLR0917 - compiled loops take flat arrays, and nesting costs nothing
"""Ordinal votes on one dimension, and one compiled sweep of the draws on each side.

A state at θ asked a question with slope β and cut points c₀ < c₁ votes no, abstains or votes yes as
βθ + ε falls below c₀, between, or above c₁; ε is standard normal, the cut points are middle ∓ exp(spread).
A sweep proposes from the normal belief around one Newton step and accepts by Metropolis and Hastings, so
that nothing rests on beliefs being normal. Sources: Bailey, Strezhnev and Voeten (2017), Journal of
Conflict Resolution 61(2); Gamerman (1997), Statistics and Computing 7, for the proposals.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

Array = NDArray[np.float64]
Whole = NDArray[np.int32]
Choices = NDArray[np.int8]

NO, ABSTAIN, YES = 0, 1, 2
REACH, PER_UNIT = 8.0, 256  # of the table of the normal distribution; beyond it votes tell no more
TINY = 1e-14  # least probability of an abstention between cut points that meet
LEAST = 1e-9  # least curvature, so that a belief has a width
WIDEST = 6.0  # largest spread proposed, in logarithms

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code, made when first called and cached."""
    return cast(Loop, njit(cache=True, nogil=True, error_model="numpy")(loop))


def table() -> Array:
    """Return Φ, φ, ln Φ and φ/Φ on an even grid, (points, 4); between points they are taken as straight."""
    at = np.linspace(-REACH, REACH, int(2 * REACH * PER_UNIT) + 1)
    dense = np.exp(-0.5 * at * at) / np.sqrt(2 * np.pi)
    return np.ascontiguousarray(np.stack([ndtr(at), dense, log_ndtr(at), dense / ndtr(at)], axis=1))


def probabilities(middle: Array, spread: Array, pull: Array) -> Array:
    """Return the probabilities of no, abstention and yes, (votes, 3); `pull` is βθ by vote."""
    low, high = middle - np.exp(spread) - pull, middle + np.exp(spread) - pull
    no, yes = ndtr(low), ndtr(-high)
    return np.asarray(np.maximum(np.stack([no, 1 - no - yes, yes], axis=1), TINY), np.float64)


@compiled
def place(at: float) -> tuple[int, float]:
    """Return the row of the table below a point, and how far it is to the next."""
    inside = min(max(at, -REACH), REACH - 1e-9)
    row = int((inside + REACH) * PER_UNIT)
    return row, (inside + REACH) * PER_UNIT - row


@compiled
def vote(
    normal: Array, low: float, high: float, choice: int
) -> tuple[float, float, float, float, float, float]:
    """Return ln p of one vote, its slopes by the two cut points, and its curvatures (low, both, high)."""
    if choice != ABSTAIN:
        at = low if choice == NO else -high
        row, part = place(at)
        log = normal[row, 2] + part * (normal[row + 1, 2] - normal[row, 2])
        ratio = normal[row, 3] + part * (normal[row + 1, 3] - normal[row, 3])
        bend = ratio * (min(max(at, -REACH), REACH) + ratio)
        if choice == NO:
            return log, ratio, 0.0, bend, 0.0, 0.0
        return log, 0.0, -ratio, 0.0, 0.0, bend
    lower, share = place(low)
    upper, rest = place(high)
    dense_low = normal[lower, 1] + share * (normal[lower + 1, 1] - normal[lower, 1])
    dense_high = normal[upper, 1] + rest * (normal[upper + 1, 1] - normal[upper, 1])
    if low > 0:
        lower, share = place(-low)
        upper, rest = place(-high)
    below = normal[lower, 0] + share * (normal[lower + 1, 0] - normal[lower, 0])
    above = normal[upper, 0] + rest * (normal[upper + 1, 0] - normal[upper, 0])
    chance = max(abs(above - below), TINY)
    left, right = dense_low / chance, dense_high / chance
    return (
        np.log(chance), -left, right, left * (left - low), -left * right, right * (right + high),
    )  # fmt: skip


@compiled
def question(
    normal: Array, one: Array, points: Array, cells: Whole, choices: Choices, mean: Array, precision: Array,
    slope: Array, bend: Array,
) -> float:  # fmt: skip
    """Return the log density of a question's three parameters; fill its slope, (3,), and curvature."""
    width, total = np.exp(one[1]), 0.0
    away = one - mean
    bend[:] = precision
    slope[:] = -precision @ away
    for at in range(len(cells)):
        theta = points[cells[at]]
        pull = one[2] * theta
        log, low, high, low_low, both, high_high = vote(
            normal, one[0] - width - pull, one[0] + width - pull, choices[at]
        )
        total += log
        slope[0] += low + high
        slope[1] += width * (high - low)
        slope[2] -= theta * (low + high)
        whole, cross = low_low + 2 * both + high_high, width * (high_high - low_low)
        bend[0, 0] += whole
        bend[1, 0] += cross
        bend[2, 0] -= theta * whole
        bend[1, 1] += width * width * (low_low - 2 * both + high_high)
        bend[2, 1] -= theta * cross
        bend[2, 2] += theta * theta * whole
    return float(total - 0.5 * (away @ (precision @ away)))


@compiled
def factored(bend: Array, factor: Array) -> float:
    """Fill the lower factor of a curvature, (3, 3), and return half the logarithm of its determinant."""
    total = 0.0
    for i in range(3):
        for j in range(i + 1):
            left = bend[i, j]
            for k in range(j):
                left -= factor[i, k] * factor[j, k]
            factor[i, j] = np.sqrt(max(left, LEAST)) if i == j else left / factor[j, j]
        total += np.log(factor[i, i])
    return total


@compiled
def stepped(factor: Array, slope: Array, noise: Array) -> Array:
    """Return one Newton step with noise of the belief around it, (3,)."""
    found = np.zeros(3)
    for i in range(3):
        left = slope[i]
        for k in range(i):
            left -= factor[i, k] * found[k]
        found[i] = left / factor[i, i]
    found += noise
    for i in range(2, -1, -1):
        left = found[i]
        for k in range(i + 1, 3):
            left -= factor[k, i] * found[k]
        found[i] = left / factor[i, i]
    return found


@compiled
def sweep_questions(
    normal: Array, questions: Array, points: Array, begins: Whole, cells: Whole, choices: Choices,
    mean: Array, precision: Array, noise: Array, luck: Array,
) -> int:  # fmt: skip
    """Draw every question's parameters anew, (questions, 3), in place; return how many moved."""
    slope, bend, factor = np.zeros(3), np.zeros((3, 3)), np.zeros((3, 3))
    quiet, moved = np.zeros(3), 0
    for q in range(len(questions)):
        asked, chosen = cells[begins[q] : begins[q + 1]], choices[begins[q] : begins[q + 1]]
        here = questions[q].copy()
        before = question(normal, here, points, asked, chosen, mean, precision, slope, bend)
        chance = before + factored(bend, factor) - 0.5 * (noise[q] @ noise[q])
        there = here + stepped(factor, slope, noise[q])
        if abs(there[1]) > WIDEST:
            continue
        after = question(normal, there, points, asked, chosen, mean, precision, slope, bend)
        size = factored(bend, factor)
        back = factor.T @ (here - there - stepped(factor, slope, quiet))
        if np.log(luck[q]) < after + size - 0.5 * (back @ back) - chance:
            questions[q] = there
            moved += 1
    return moved


@compiled
def cell(
    normal: Array, theta: float, questions: Array, widths: Array, asked: Whole, choices: Choices
) -> tuple[float, float, float]:
    """Return the log probability of a state's votes of a year, its slope by θ and its curvature."""
    total, slope, bend = 0.0, 0.0, 0.0
    for at in range(len(asked)):
        q = asked[at]
        beta = questions[q, 2]
        middle = questions[q, 0] - beta * theta
        log, low, high, low_low, both, high_high = vote(
            normal, middle - widths[q], middle + widths[q], choices[at]
        )
        total += log
        slope -= beta * (low + high)
        bend += beta * beta * (low_low + 2 * both + high_high)
    return total, slope, bend


@compiled
def stretch(
    normal: Array, path: Array, ties: Array, ends: Array, anchor: Array, questions: Array, widths: Array,
    begins: Whole, asked: Whole, choices: Choices, slope: Array, bend: Array,
) -> float:  # fmt: skip
    """Return the log density of a stretch of a path; fill its slope and the diagonal of its curvature.

    Args:
        path: (years,). ties: (years + 1,), precision of each move, into the stretch and out of it too.
        ends: points before and after it. begins: (years, 2), its votes in `asked` and `choices`.
    """
    total, count = 0.0, len(path)
    for t in range(count):
        first, last = begins[t]
        log, slope[t], bend[t] = cell(
            normal, path[t], questions, widths, asked[first:last], choices[first:last]
        )
        before = ends[0] if t == 0 else path[t - 1]
        after = ends[1] if t == count - 1 else path[t + 1]
        slope[t] -= anchor[t] * path[t] + ties[t] * (path[t] - before) + ties[t + 1] * (path[t] - after)
        bend[t] += anchor[t] + ties[t] + ties[t + 1] + LEAST
        total += log - 0.5 * anchor[t] * path[t] ** 2 - 0.5 * ties[t] * (path[t] - before) ** 2
    return float(total - 0.5 * ties[count] * (path[count - 1] - ends[1]) ** 2)


@compiled
def chained(bend: Array, ties: Array, diagonal: Array, beside: Array) -> float:
    """Fill the lower factor of a tridiagonal curvature; return half the logarithm of its determinant."""
    total = 0.0
    for t in range(len(bend)):
        beside[t] = -ties[t] / diagonal[t - 1] if t else 0.0
        diagonal[t] = np.sqrt(bend[t] - beside[t] ** 2)
        total += np.log(diagonal[t])
    return total


@compiled
def moved_on(diagonal: Array, beside: Array, slope: Array, noise: Array) -> Array:
    """Return one Newton step of a stretch with noise of the belief around it."""
    found, last = np.zeros(len(slope)), len(slope) - 1
    for t in range(last + 1):
        found[t] = (slope[t] - (beside[t] * found[t - 1] if t else 0.0)) / diagonal[t]
    found += noise
    for t in range(last, -1, -1):
        found[t] = (found[t] - (beside[t + 1] * found[t + 1] if t < last else 0.0)) / diagonal[t]
    return found


@compiled
def unlikely(diagonal: Array, beside: Array, away: Array) -> float:
    """Return half the squared length of a step in units of its belief."""
    total = 0.0
    for t in range(len(away)):
        after = beside[t + 1] * away[t + 1] if t + 1 < len(away) else 0.0
        total += (diagonal[t] * away[t] + after) ** 2
    return 0.5 * total


@compiled
def sweep_paths(
    normal: Array, points: Array, questions: Array, ties: Array, anchor: Array, begins: Whole, asked: Whole,
    choices: Choices, noise: Array, luck: Array, longest: int, shift: int,
) -> int:  # fmt: skip
    """Draw every state's path anew, stretch by stretch, (years, states), in place; return stretches moved.

    Args:
        ties: (years + 1, states), precision of the move into each year; zero where no path runs.
        begins: (years, states, 2), votes of each cell in `asked` and `choices`.
        longest: years of a stretch. shift: years of the first, at most that.
    """
    years, states = points.shape
    widths, moved = np.exp(questions[:, 1]), 0
    slope, bend, diagonal, beside = np.zeros((4, longest))
    for s in range(states):
        first, last = 0, min(shift, years)
        while first < years:
            count = last - first
            here, tie = points[first:last, s].copy(), ties[first : last + 1, s].copy()
            ends = np.array([
                points[first - 1, s] if first else 0.0, points[last, s] if last < years else 0.0,
            ])  # fmt: skip
            held = anchor[first:last, s].copy()
            votes, z = begins[first:last, s].copy(), noise[first:last, s].copy()
            before = stretch(
                normal, here, tie, ends, held, questions, widths, votes, asked, choices, slope, bend
            )
            before += chained(bend[:count], tie, diagonal, beside) - 0.5 * float(z @ z)
            there = here + moved_on(diagonal[:count], beside[:count], slope[:count], z)
            after = stretch(
                normal, there, tie, ends, held, questions, widths, votes, asked, choices, slope, bend
            )
            after += chained(bend[:count], tie, diagonal, beside)
            step = moved_on(diagonal[:count], beside[:count], slope[:count], np.zeros(count))
            after -= unlikely(diagonal[:count], beside[:count], here - there - step)
            if np.log(luck[first, s]) < after - before:
                points[first:last, s] = there
                moved += 1
            first, last = last, min(last + longest, years)
    return moved
