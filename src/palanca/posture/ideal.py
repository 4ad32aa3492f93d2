"""Ideal points of states by year, from their votes: one dimension, dynamic, with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from palanca.posture import ordinal
from palanca.posture.ordinal import Array, Ballots, Beliefs, Questions
from palanca.posture.rollcalls import ABSENT, RollCalls, repeats
from palanca.posture.walk import Solved, Walk, pull, solve, walk
from palanca.solve.fixed_point import Settings, fixed_point

Done = Callable[[str], None]
UNSURE = 0.3  # spread of the points while questions are first fitted
FIRST_STEPS = 4
SAME = 1e-9  # spread below which all states voted alike
EASINGS = 2  # times the ties are loosened within a step
LONGEST = 0.5  # largest move of a point in one step, so that a far start does not overshoot


def nothing(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Assumptions:
    """What is believed before the votes are seen, and when the estimate is done.

    Attributes:
        beliefs: about middle, spread and slope of a question.
        first_step: standard deviation of a year's move that the estimate starts from.
        anchor: standard deviation, in each year, of the belief that a point lies around zero.
        positive: states whose mean is positive in every year: they set the sign.
        longest_gap: years after which a subject that returns is another question.
        tails: degrees of freedom of a year's move; few let a sudden turn through.
        breaks: state → years in which another government takes the seat, so that the path starts anew.
        tolerance: largest change of any point in the last step.
        steps: most steps of one estimate.
        trial_steps: steps after which the best start is kept.
        depth: steps remembered by the acceleration.
    """

    beliefs: Beliefs
    first_step: float
    anchor: float
    positive: tuple[str, ...]
    breaks: tuple[tuple[str, int], ...] = ()
    longest_gap: int = 3
    tails: float = 4.0
    tolerance: float = 1e-6
    steps: int = 150
    trial_steps: int = 6
    depth: int = 8


@dataclass(frozen=True, eq=False)
class Fit:
    """Ideal points and how they were reached.

    Attributes:
        states: codes.
        years: first to last, without gaps.
        mean: (states, years), centre of the belief after the votes.
        deviation: (states, years), its standard deviation.
        votes: (states, years), votes cast.
        questions: parameters by question.
        step: standard deviation of a year's move.
        objective: log evidence by Laplace's approximation, up to a constant.
        starts: objective of each start after the trial, in order of `STARTS`.
        taken: steps it took.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    mean: Array
    deviation: Array
    votes: NDArray[np.int64]
    questions: Questions
    step: float
    objective: float
    starts: tuple[float, ...]
    taken: int


@dataclass(frozen=True, eq=False)
class Problem:
    """Votes laid out for the estimate.

    Attributes:
        ballots: the votes.
        tied: (states, years − 1), whether a state's path runs on.
        cast: (states, years), votes cast.
        sides: (states,), whether the state sets the sign.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    ballots: Ballots
    tied: NDArray[np.bool_]
    cast: NDArray[np.int64]
    sides: NDArray[np.bool_]
    given: Assumptions

    @property
    def shape(self) -> tuple[int, int]:
        """States and years."""
        return self.cast.shape[0], self.cast.shape[1]


@dataclass(frozen=True, eq=False)
class State:
    """Where an estimate stands: points, questions, the size of a year's move, and what the last step saw."""

    mean: Array
    questions: Questions
    step: float
    solved: Solved | None = None
    covariance: Array | None = None
    objective: float = -np.inf


def fit(calls: RollCalls, given: Assumptions, *, start: int | None = None, done: Done = nothing) -> Fit:
    """Return the ideal points of all states in all years.

    Variational EM: the paths' beliefs are normal around their best point, the questions' parameters are
    fitted to their average, and the steps are accelerated. Several starts are tried for a few steps and the
    one with the greatest evidence is kept, because a single start can settle in another mode in some years.

    Args:
        calls: the votes.
        given: beliefs before the votes.
        start: take this start, without trial.
        done: told what is being done.

    Raises:
        NotConverged: the points still move after the last step allowed.
    """
    problem = laid_out(calls, given)
    tried = []
    for begin in STARTS if start is None else [STARTS[start]]:
        done(f"trying the start {begin.__name__.replace('_', ' ')}")
        tried.append(_advanced(problem, _first(problem, begin(problem)), given.trial_steps))
    best = max(tried, key=lambda one: one.objective)
    done("estimating all years together")
    settings = Settings(tolerance=given.tolerance, iterations=given.steps, depth=given.depth)
    at, outcome = fixed_point(lambda point: _mapped(problem, point), _packed(best), settings=settings)
    found = _oriented(problem, _one_step(problem, _unpacked(problem, at)))
    level, scale = _units(problem, found)
    return Fit(
        problem.states,
        problem.years,
        (found.mean - level) / scale,
        np.sqrt(_whole_variance(problem, found)) / scale,
        problem.cast,
        _in_units(found.questions, level, scale),
        found.step / scale,
        found.objective,
        tuple(one.objective for one in tried),
        outcome.iterations,
    )


def _packed(state: State) -> Array:
    parts = (state.mean.ravel(), *state.questions.stacked().T, [np.log(state.step)])
    return np.concatenate(parts)


def _unpacked(problem: Problem, point: Array) -> State:
    cells, count = problem.cast.size, problem.ballots.questions
    questions = Questions(*point[cells:-1].reshape(3, count))
    return State(point[:cells].reshape(problem.shape), questions, float(np.exp(point[-1])))


def _mapped(problem: Problem, point: Array) -> Array:
    return _packed(_one_step(problem, _unpacked(problem, point)))


def laid_out(calls: RollCalls, given: Assumptions) -> Problem:
    """Return the votes as the estimate needs them; states that never voted are left out."""
    voted = (calls.votes != ABSENT).any(axis=0)
    states = tuple(code for code, kept in zip(calls.states, voted, strict=True) if kept)
    first, last = int(calls.years.min()), int(calls.years.max())
    years = tuple(range(first, last + 1))
    row, column = np.nonzero(calls.votes[:, voted] != ABSENT)
    year = calls.years[row] - first
    cell = (column * len(years) + year).astype(np.int32)
    question = repeats(calls, longest_gap=given.longest_gap)[row]
    order = np.argsort(question, kind="stable")
    choice = calls.votes[:, voted][row, column]
    ballots = Ballots(question[order], cell[order], choice[order], len(states), len(years))
    cast = np.bincount(cell, minlength=len(states) * len(years)).reshape(len(states), len(years))
    sides = np.isin(states, given.positive)
    return Problem(states, years, ballots, _tied(cast, states, first, given), cast, sides, given)


def _tied(
    cast: NDArray[np.int64], states: Sequence[str], first: int, given: Assumptions
) -> NDArray[np.bool_]:
    """Return whether each state's path runs on from a year to the next, (states, years − 1)."""
    seen = cast > 0
    begun, ended = np.maximum.accumulate(seen, axis=1), np.maximum.accumulate(seen[:, ::-1], axis=1)[:, ::-1]
    here = begun & ended
    tied = np.asarray(here[:, 1:] & here[:, :-1])
    for state, year in given.breaks:
        if state in states and 0 < year - first <= tied.shape[1]:
            tied[states.index(state), year - first - 1] = False
    return tied


def _first(problem: Problem, points: Array) -> State:
    """Return the state an estimate starts from: points given, questions fitted to them."""
    count = problem.ballots.questions
    means = problem.given.beliefs.means
    questions = Questions(np.full(count, means[0]), np.full(count, means[1]), np.zeros(count))
    spread = (points.ravel(), np.full(points.size, UNSURE))
    for _ in range(FIRST_STEPS):
        questions, _ = ordinal.improved_questions(problem.ballots, questions, spread, problem.given.beliefs)
    return State(points, questions, problem.given.first_step)


def _advanced(problem: Problem, state: State, steps: int) -> State:
    """Return the state some steps on."""
    for _ in range(steps):
        state = _one_step(problem, state)
    return state


def _one_step(problem: Problem, state: State) -> State:
    """Return points one scoring step on, then questions fitted to them, then the size of a year's move.

    Moves have Student's distribution, written as normal moves of uncertain size: a move longer than usual
    loosens its own tie.
    """
    score, information, logs = ordinal.state_terms(problem.ballots, state.questions, state.mean.ravel())
    score, information = score.reshape(problem.shape), information.reshape(problem.shape)
    ease, squares = np.ones(problem.tied.shape), np.square(np.diff(state.mean, axis=1))
    for _ in range(EASINGS):
        ease = (problem.given.tails + 1) / (problem.given.tails + squares / state.step**2)
        prior = walk(problem.tied * ease, state.step, problem.given.anchor)
        solved = solve(prior, information, score + information * state.mean)
        squares = _squares(state.mean, solved)
    mean = state.mean + np.clip(solved.solution - state.mean, -LONGEST, LONGEST)
    spread = (mean.ravel(), np.sqrt(solved.variance).ravel())
    questions, covariance = ordinal.improved_questions(
        problem.ballots, state.questions, spread, problem.given.beliefs
    )
    objective = _evidence(problem, state, prior, logs, solved)
    moves = ease[problem.tied] * _squares(mean, solved)[problem.tied]
    return State(mean, questions, float(np.sqrt(moves.mean())), solved, covariance, objective)


def _evidence(problem: Problem, state: State, prior: Walk, logs: float, solved: Solved) -> float:
    """Return the log evidence at `state`, by Laplace's approximation for the paths."""
    free = solve(prior, np.zeros(problem.shape), np.zeros(problem.shape)).log_determinant
    quadratic = float((state.mean * pull(prior, state.mean)).sum())
    paths = 0.5 * (free - solved.log_determinant) - 0.5 * quadratic
    return logs + paths + problem.given.beliefs.density(state.questions)


def _squares(mean: Array, solved: Solved) -> Array:
    """Return the expected squares of the moves between years, (states, years − 1)."""
    both = solved.variance[:, 1:] + solved.variance[:, :-1] - 2 * solved.neighbour
    return np.asarray(np.diff(mean, axis=1) ** 2 + both)


def _whole_variance(problem: Problem, state: State) -> Array:
    """Return variances of the points that include what is not known of the questions, (states, years).

    A question's error moves the score of every point that it bears on; first order, questions independent.
    """
    if state.solved is None or state.covariance is None:
        raise ValueError("variances are known after a step only")
    ballots, questions = problem.ballots, state.questions
    at, theta = ballots.question, state.mean.ravel()[ballots.cell]
    found, _ = ordinal.local(*ordinal.cuts(questions, at, theta), ballots.choice)
    total = found.low_low + 2 * found.low_high + found.high_high
    width, slope = np.exp(questions.spread)[at], questions.slope[at]
    turned = np.stack(
        [slope * total, slope * width * (found.high_high - found.low_low), -slope * theta * total], axis=1
    )
    per_vote = np.einsum("vi,vij,vj->v", turned, state.covariance[at], turned)
    extra = np.bincount(ballots.cell, per_vote, theta_size(problem)).reshape(problem.shape)
    return np.asarray(state.solved.variance + state.solved.variance**2 * extra)


def theta_size(problem: Problem) -> int:
    """Return how many pairs of state and year there are."""
    return problem.shape[0] * problem.shape[1]


def _oriented(problem: Problem, state: State) -> State:
    """Return the estimate with the sign that the states of `positive` set over all years."""
    side = state.mean[problem.sides][problem.cast[problem.sides] > 0]
    if side.size and side.mean() < 0:
        mirrored = replace(state.questions, slope=-state.questions.slope)
        return replace(state, mean=-state.mean, questions=mirrored)
    return state


def _units(problem: Problem, state: State) -> tuple[float, float]:
    """Return mean and standard deviation of all points of states that voted: the zero and unit reported."""
    seen = state.mean[problem.cast > 0]
    return float(seen.mean()), float(seen.std()) or 1.0


def _in_units(questions: Questions, level: float, scale: float) -> Questions:
    """Return the questions as they read once points have been moved by `level` and divided by `scale`."""
    return Questions(questions.middle - questions.slope * level, questions.spread, questions.slope * scale)


def by_side(problem: Problem) -> Array:
    """Return a start from how much more often a state votes with the states of `positive` than others do."""
    return _by_year(problem, lambda agreement, sides: agreement[:, sides].mean(axis=1))


def by_spectrum(problem: Problem) -> Array:
    """Return a start from the main direction of agreement among states in each year."""
    return _by_year(problem, _direction)


def by_disturbed_side(problem: Problem) -> Array:
    """Return the start by side with noise of a fixed seed."""
    noise = np.random.default_rng(20170217).normal(0, 0.5, problem.shape)
    return by_side(problem) + np.where(problem.cast > 0, noise, 0)


STARTS = (by_side, by_spectrum, by_disturbed_side)


def _direction(agreement: Array, sides: NDArray[np.bool_]) -> Array:
    centred = agreement - agreement.mean(axis=0)
    centred -= centred.mean(axis=1, keepdims=True)
    vector = np.asarray(eigh(centred + centred.T, subset_by_index=[len(centred) - 1] * 2)[1][:, 0])
    return vector * (np.sign(vector[sides].sum()) or 1.0)


def _by_year(problem: Problem, value: Callable[[Array, NDArray[np.bool_]], Array]) -> Array:
    """Return standardised values by state and year; a year without votes takes those before it."""
    points = np.zeros(problem.shape)
    years = problem.ballots.cell % problem.shape[1]
    order = np.argsort(years, kind="stable")
    ends = np.searchsorted(years[order], np.arange(problem.shape[1] + 1))
    for at, (begin, end) in enumerate(pairwise(ends)):
        if begin == end:
            points[:, at] = points[:, at - 1]
            continue
        seen = np.flatnonzero(problem.cast[:, at])
        agreement = _agreement(problem, order[begin:end])[np.ix_(seen, seen)]
        found = value(agreement, problem.sides[seen])
        points[seen, at] = (found - found.mean()) / max(found.std(), SAME)
    return points


def _agreement(problem: Problem, votes: NDArray[np.intp]) -> Array:
    """Return graded agreement of all states on some votes, (states, states); half where there are none."""
    asked, row = np.unique(problem.ballots.question[votes], return_inverse=True)
    state = problem.ballots.cell[votes] // problem.shape[1]
    present, graded = np.zeros((2, len(asked), problem.shape[0]))
    present[row, state] = 1
    graded[row, state] = problem.ballots.choice[votes] / 2
    both = present.T @ present
    squares = np.square(graded)
    apart = squares.T @ present - 2 * graded.T @ graded + present.T @ squares
    return np.asarray(np.where(both > 0, 1 - apart / np.maximum(both, 1), 0.5))
