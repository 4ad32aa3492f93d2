"""Ideal points of states by year, from their votes: one dimension, with intervals by drawing.

Each year has its own questions, zero and unit. Nothing is bridged by a title, so that no question can carry
a drift from one year to the next; what ties years is that most states move little.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.posture import ordinal, walk
from palanca.posture.ordinal import Array, Choices, Whole
from palanca.posture.rollcalls import ABSENT, RollCalls
from palanca.posture.walk import Habits

Done = Callable[[str], None]
Flags = NDArray[np.bool_]
SAME = 1e-9  # spread below which all states voted alike
FIRST_SWEEPS = 6  # of the questions alone, before points move


def nothing(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Assumptions:
    """What is believed before the votes are seen, and how long is drawn.

    Attributes:
        means: of middle, spread and slope of a question.
        deviations: of the same.
        anchor: standard deviation, in each year, of the belief that a point lies around zero.
        habits: how points move.
        positive: states whose mean is positive: they set the sign.
        breaks: state → years in which another government takes the seat, so that the path starts anew.
        stretch: most years of a path drawn at once.
        warm_up: sweeps thrown away.
        draws: sweeps kept.
        wider: times the deviation of the draws that intervals take.
        outward: share of its way beyond one, a unit of its year, by which a point may be off because votes
            tell that a state stands far out, not how far.
        seed: of the draws.
    """

    means: tuple[float, float, float]
    deviations: tuple[float, float, float]
    anchor: float
    habits: Habits
    positive: tuple[str, ...]
    breaks: tuple[tuple[str, int], ...] = ()
    stretch: int = 8
    warm_up: int = 100
    draws: int = 300
    wider: float = 1.0
    outward: float = 0.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Fit:
    """Ideal points on each year's own scale: mean zero and standard deviation one over states that voted.

    Attributes:
        states: codes.
        years: first to last, without gaps.
        mean: (states, years), over the draws.
        deviation: (states, years), over the draws and for what beliefs decide (`widened`).
        votes: (states, years), votes cast.
        questions: (questions, 3), middle, spread and slope on the scale of their year, in the order of
            `laid_out`.
        step: usual move in a year, on the scale drawn on.
        moved: shares of questions and of stretches that moved in a sweep.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    mean: Array
    deviation: Array
    votes: NDArray[np.int64]
    questions: Array
    step: float
    moved: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Problem:
    """Votes laid out for the draws, by question and by cell, which is a year and a state.

    Attributes:
        rows: (questions,), resolution of `calls` that each question is.
        year: (questions,), counted from the first.
        begins: (questions + 1,), where the votes of each begin in `cells` and `choices`.
        cells: (votes,), year · states + state.
        choices: (votes,).
        own: (years, states, 2), where the votes of each cell begin and end in `asked` and `chosen`.
        asked: (votes,), questions. chosen: (votes,).
        tied: (years + 1, states), whether a state's path runs on into a year.
        cast: (years, states), votes cast.
        sides: (states,), whether the state sets the sign.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    rows: NDArray[np.intp]
    year: NDArray[np.intp]
    begins: Whole
    cells: Whole
    choices: Choices
    own: Whole
    asked: Whole
    chosen: Choices
    tied: Flags
    cast: NDArray[np.int64]
    sides: Flags

    @property
    def shape(self) -> tuple[int, int]:
        """Years and states."""
        return len(self.years), len(self.states)


def fit(calls: RollCalls, given: Assumptions, *, done: Done = nothing) -> Fit:
    """Return the ideal points of all states in all years.

    Questions, paths and sizes of moves are drawn in turn; every draw is put on its year's own scale before
    it is counted, so that what the scale leaves unknown, and what a state says of the very questions that
    place it, is in the interval.

    Args:
        calls: the votes.
        given: beliefs before the votes.
        done: told what is being done.
    """
    problem = laid_out(calls, given)
    done(f"drawing {given.warm_up + given.draws} times from {len(problem.cells)} votes")
    total, square = np.zeros((2, *problem.shape))
    asked, step, moved = np.zeros((len(problem.rows), 3)), 0.0, np.zeros(2)
    for draw in sweeps(problem, given):
        level, scale = scales(problem, draw.points)
        placed = (draw.points - level[:, None]) / scale[:, None]
        total, square = total + placed, square + np.square(placed)
        asked += _in_units(draw.questions, level[problem.year], scale[problem.year])
        step, moved = step + draw.step, moved + draw.moved
    sign = side(problem, total)
    mean = total / given.draws
    spread = np.maximum(square / given.draws - np.square(mean), 0)
    return Fit(
        problem.states,
        problem.years,
        sign * mean.T,
        widened(mean, np.sqrt(spread), given).T,
        problem.cast.T,
        asked * np.array([1, 1, sign]) / given.draws,
        step / given.draws,
        (float(moved[0] / given.draws), float(moved[1] / given.draws)),
    )


def widened(mean: Array, deviation: Array, given: Assumptions) -> Array:
    """Return deviations that add what votes leave open of a point far out, where beliefs place it."""
    return np.asarray(
        np.hypot(given.wider * deviation, given.outward * np.maximum(np.abs(mean) - 1, 0)), np.float64
    )


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw: points, (years, states), questions, (questions, 3), and how much moved."""

    points: Array
    questions: Array
    step: float
    moved: Array


def sweeps(problem: Problem, given: Assumptions) -> Iterator[Draw]:
    """Yield the draws that are kept; each holds the same arrays, moved on."""
    rng, normal = np.random.default_rng(given.seed), ordinal.table()
    points, count = by_side(problem), len(problem.rows)
    questions = np.tile(np.array(given.means), (count, 1))
    precision = np.diag(1 / np.square(given.deviations))
    anchor = np.full(problem.shape, 1 / given.anchor**2)
    moves = walk.usual(given.habits, problem.shape)
    for turn in range(given.warm_up + given.draws):
        for _ in range(1 if turn else FIRST_SWEEPS):
            asked = ordinal.sweep_questions(
                normal, questions, points.ravel(), problem.begins, problem.cells, problem.choices,
                np.array(given.means), precision, rng.standard_normal((count, 3)), rng.random(count),
            )  # fmt: skip
        drawn = ordinal.sweep_paths(
            normal, points, questions, walk.ties(moves, problem.tied), anchor, problem.own, problem.asked,
            problem.chosen, rng.standard_normal(problem.shape), rng.random(problem.shape), given.stretch,
            1 + turn % given.stretch,
        )  # fmt: skip
        moves = walk.drawn(moves, points, problem.tied, given.habits, rng=rng)
        if turn >= given.warm_up:
            yield Draw(points, questions, float(np.sqrt(moves.common)), np.array([asked, drawn]))


def scales(problem: Problem, points: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation by year over the states that voted, (years,) each."""
    seen = problem.cast > 0
    count = np.maximum(seen.sum(axis=1), 1)
    level = (points * seen).sum(axis=1) / count
    scale = np.sqrt((np.square(points - level[:, None]) * seen).sum(axis=1) / count)
    return level, np.where(scale > SAME, scale, 1.0)


def _in_units(questions: Array, level: Array, scale: Array) -> Array:
    """Return questions as they read once points have been moved by `level` and divided by `scale`."""
    middle, spread, slope = questions.T
    return np.stack([middle - slope * level, spread, slope * scale], axis=1)


def side(problem: Problem, points: Array) -> int:
    """Return −1 where the states that set the sign would be negative over all years, else 1."""
    theirs = points[:, problem.sides][problem.cast[:, problem.sides] > 0]
    return -1 if theirs.size and theirs.mean() < 0 else 1


def laid_out(calls: RollCalls, given: Assumptions) -> Problem:
    """Return the votes as the draws need them; states that never voted are left out."""
    voted = (calls.votes != ABSENT).any(axis=0)
    states = tuple(code for code, kept in zip(calls.states, voted, strict=True) if kept)
    first, last = int(calls.years.min()), int(calls.years.max())
    rows = np.argsort(calls.years, kind="stable")
    year = calls.years[rows].astype(np.intp) - first
    votes = calls.votes[rows][:, voted]
    question, state = np.nonzero(votes != ABSENT)
    cells = (year[question] * len(states) + state).astype(np.int32)
    choices = np.ascontiguousarray(votes[question, state])
    order, size = np.argsort(cells, kind="stable"), (last - first + 1) * len(states)
    edges = np.searchsorted(cells[order], np.arange(size + 1)).astype(np.int32)
    shape = (last - first + 1, len(states))
    cast = np.diff(edges).reshape(shape).astype(np.int64)
    return Problem(
        states,
        tuple(range(first, last + 1)),
        rows,
        year,
        np.searchsorted(question, np.arange(len(rows) + 1)).astype(np.int32),
        cells,
        choices,
        np.ascontiguousarray(np.stack([edges[:-1], edges[1:]], axis=1).reshape(*shape, 2)),
        question[order].astype(np.int32),
        choices[order],
        _tied(cast, states, first, given.breaks),
        cast,
        np.isin(states, given.positive),
    )


def _tied(
    cast: NDArray[np.int64], states: Sequence[str], first: int, breaks: Sequence[tuple[str, int]]
) -> Flags:
    """Return whether each state's path runs on into a year, (years + 1, states)."""
    seen = cast > 0
    here = np.maximum.accumulate(seen, axis=0) & np.maximum.accumulate(seen[::-1], axis=0)[::-1]
    tied = np.zeros((len(seen) + 1, len(states)), np.bool_)
    tied[1:-1] = here[1:] & here[:-1]
    for state, year in breaks:
        if state in states and 0 < year - first < len(seen):
            tied[year - first, states.index(state)] = False
    return tied


def by_side(problem: Problem) -> Array:
    """Return a start, (years, states): how much more often a state votes with those of `positive`."""
    choice, cell = problem.choices.astype(float), problem.cells
    question = np.repeat(np.arange(len(problem.rows)), np.diff(problem.begins))
    of_side = problem.sides[cell % problem.shape[1]]
    count = np.bincount(question, of_side, len(problem.rows))
    theirs = np.bincount(question, choice * of_side, len(problem.rows)) / np.maximum(count, 1)
    told = count[question] > 0
    agreed = (1 - np.abs(choice - theirs[question]) / 2) * told
    size = problem.shape[0] * problem.shape[1]
    votes = np.bincount(cell, told, size)
    share = (np.bincount(cell, agreed, size) / np.maximum(votes, 1)).reshape(problem.shape)
    level, scale = scales(problem, share)
    counted = (problem.cast > 0) & (votes.reshape(problem.shape) > 0)
    return np.where(counted, (share - level[:, None]) / scale[:, None], 0.0)
