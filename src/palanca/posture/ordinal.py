"""Ordinal votes on one dimension: probabilities, and one step of the estimate on each side.

A state at θ asked a question with slope β and cut points c₀ < c₁ votes no, abstains or votes yes as
βθ + ε falls below c₀, between, or above c₁; ε is standard normal. Source: Bailey, Strezhnev and Voeten
(2017), Journal of Conflict Resolution 61(2).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

NO, YES = 0, 2
DENSEST = 1 / np.sqrt(2 * np.pi)
UPPER = np.triu_indices(3)
FLOOR = 1e-12  # keeps logarithms and ratios finite; far below what a vote can tell
FARTHEST = 7.0  # beyond this the normal tail is below the floor
NODES = (-1.0, 1.0)  # Gauss-Hermite with equal weights, exact to the third power


@dataclass(frozen=True, eq=False)
class Ballots:
    """Votes cast, sorted by question.

    Attributes:
        question: (votes,), number of the question.
        cell: (votes,), state · years + year, both counted from zero.
        choice: (votes,), 0 no, 1 abstain, 2 yes.
        states: how many.
        years: how many.
    """

    question: NDArray[np.int32]
    cell: NDArray[np.int32]
    choice: NDArray[np.int8]
    states: int
    years: int

    @cached_property
    def questions(self) -> int:
        """How many questions were put."""
        return int(self.question[-1]) + 1

    @cached_property
    def _starts(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        begins = np.flatnonzero(np.diff(self.question, prepend=-1))
        return begins, self.question[begins].astype(np.intp)

    def summed(self, *values: Array) -> Array:
        """Return sums by question of values by vote, (values, questions)."""
        begins, asked = self._starts
        found = np.zeros((len(values), self.questions))
        for row, one in enumerate(values):
            found[row, asked] = np.add.reduceat(one, begins)
        return found

    def only(self, wanted: NDArray[np.bool_]) -> "Ballots":
        """Return the votes marked true; numbers of questions and cells stay."""
        return Ballots(self.question[wanted], self.cell[wanted], self.choice[wanted], self.states, self.years)


@dataclass(frozen=True, eq=False)
class Questions:
    """Parameters by question, each (questions,): cut points are middle ∓ exp(spread)."""

    middle: Array
    spread: Array
    slope: Array

    def stacked(self) -> Array:
        """Return the three parameters, (questions, 3)."""
        return np.stack([self.middle, self.spread, self.slope], axis=1)


@dataclass(frozen=True)
class Beliefs:
    """Normal beliefs before the data: means and standard deviations of middle, spread, slope."""

    means: tuple[float, float, float]
    deviations: tuple[float, float, float]

    def gradient(self, questions: Questions) -> Array:
        """Return the slope of the log density, (questions, 3)."""
        return (np.array(self.means) - questions.stacked()) * self.precision

    @property
    def precision(self) -> Array:
        """One over the variances, (3,)."""
        return 1 / np.square(self.deviations)

    def density(self, questions: Questions) -> float:
        """Return the log density of all questions, up to a constant."""
        return -0.5 * float((np.square(questions.stacked() - np.array(self.means)) * self.precision).sum())


@dataclass(frozen=True, eq=False)
class Local:
    """Derivatives of the log probability of each vote by the two cut points less βθ; all (votes,)."""

    low: Array
    high: Array
    low_low: Array
    low_high: Array
    high_high: Array


def cuts(questions: Questions, at: NDArray[np.int32], points: Array) -> tuple[Array, Array]:
    """Return c₀ − βθ and c₁ − βθ of each vote, (votes,); `points` is θ by vote."""
    width = np.exp(questions.spread)
    pull = questions.slope[at] * points
    low = (questions.middle - width)[at] - pull
    high = (questions.middle + width)[at] - pull
    return np.clip(low, -FARTHEST, FARTHEST), np.clip(high, -FARTHEST, FARTHEST)


def probabilities(low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Return the probabilities of no, abstention and yes, each (votes,)."""
    below, above = ndtr(low), ndtr(-high)
    return (
        np.maximum(below, FLOOR),
        np.maximum(1 - below - above, FLOOR),
        np.maximum(above, FLOOR),
    )


def local(low: Array, high: Array, choice: NDArray[np.int8]) -> tuple[Local, Array]:
    """Return score and expected information of each vote, and the probability it had, (votes,)."""
    no, abstain, yes = probabilities(low, high)
    dense_low, dense_high = (DENSEST * np.exp(-0.5 * cut * cut) for cut in (low, high))
    is_no, is_yes = choice == NO, choice == YES
    chosen = np.where(is_no, no, np.where(is_yes, yes, abstain))
    middle = 1 / abstain
    return (
        Local(
            low=np.where(is_yes, 0.0, np.where(is_no, dense_low, -dense_low)) / chosen,
            high=np.where(is_no, 0.0, np.where(is_yes, -dense_high, dense_high)) / chosen,
            low_low=dense_low**2 * (1 / no + middle),
            low_high=-dense_low * dense_high * middle,
            high_high=dense_high**2 * (middle + 1 / yes),
        ),
        chosen,
    )


def improved_questions(
    ballots: Ballots, questions: Questions, points: tuple[Array, Array], beliefs: Beliefs
) -> tuple[Questions, Array]:
    """Return questions one scoring step on, and their covariances, (questions, 3, 3).

    Args:
        ballots: the votes.
        questions: where the step starts.
        points: mean and standard deviation of θ by cell, (cells,) each; the step averages over them.
        beliefs: about the parameters.
    """
    count = len(questions.slope)
    gradient, information = np.zeros((3, count)), np.zeros((3, 3, count))
    at, width = ballots.question, np.exp(questions.spread)[ballots.question]
    mean, deviation = (part[ballots.cell] for part in points)
    for node in NODES:
        theta = mean + node * deviation
        found, _ = local(*cuts(questions, at, theta), ballots.choice)
        both, cross = found.low + found.high, found.high_high - found.low_low
        total = found.low_low + 2 * found.low_high + found.high_high
        gradient += ballots.summed(both, width * (found.high - found.low), -theta * both)
        information[UPPER] += ballots.summed(
            total,
            width * cross,
            -theta * total,
            width**2 * (total - 4 * found.low_high),
            -theta * width * cross,
            theta**2 * total,
        )
    gradient /= len(NODES)
    information /= len(NODES)
    return _stepped(
        questions, gradient.T + beliefs.gradient(questions), information.transpose(2, 0, 1), beliefs
    )


def _stepped(
    questions: Questions, gradient: Array, information: Array, beliefs: Beliefs
) -> tuple[Questions, Array]:
    whole = information + np.triu(information, 1).transpose(0, 2, 1) + np.diag(beliefs.precision)
    covariance = np.linalg.inv(whole)
    step = np.clip(np.einsum("qij,qj->qi", covariance, gradient), -1.0, 1.0)
    moved = questions.stacked() + step
    found = Questions(moved[:, 0], np.clip(moved[:, 1], -4.0, 2.0), moved[:, 2])
    return found, np.asarray(covariance, np.float64)


def state_terms(ballots: Ballots, questions: Questions, mean: Array) -> tuple[Array, Array, float]:
    """Return score and information of θ by cell, (cells,) each, and the log probability of all votes."""
    at, cells = ballots.question, ballots.states * ballots.years
    found, chosen = local(*cuts(questions, at, mean[ballots.cell]), ballots.choice)
    slope = questions.slope[at]
    score = np.bincount(ballots.cell, -slope * (found.low + found.high), cells)
    total = found.low_low + 2 * found.low_high + found.high_high
    information = np.bincount(ballots.cell, slope**2 * total, cells)
    return (
        np.asarray(score, np.float64),
        np.asarray(information, np.float64),
        float(np.log(chosen).sum()),
    )
