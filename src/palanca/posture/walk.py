"""How points move from one year to the next: a walk whose usual step differs by state, few steps long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Habits:
    """What is believed of moves before the votes are seen.

    Attributes:
        step: usual move in a year, a standard deviation.
        sureness: how far states share it: degrees of freedom of each state's own variance, halved.
        tails: degrees of freedom of one move; few let a sudden turn through.
    """

    step: float
    sureness: float
    tails: float


@dataclass(frozen=True, eq=False)
class Moves:
    """Variances of moves: `common` · `state` / `ease`.

    Attributes:
        common: variance of a usual move.
        state: (states,), how much more or less a state moves.
        ease: (years + 1, states), small where one move was longer than its state's others.
    """

    common: float
    state: Array
    ease: Array


def usual(habits: Habits, shape: tuple[int, int]) -> Moves:
    """Return moves as they are believed to be for (years, states)."""
    return Moves(habits.step**2, np.ones(shape[1]), np.ones((shape[0] + 1, shape[1])))


def ties(moves: Moves, tied: Flags) -> Array:
    """Return the precision of each move, (years + 1, states); zero where no path runs."""
    return np.where(tied, moves.ease / (moves.common * moves.state), 0.0)


def drawn(moves: Moves, points: Array, tied: Flags, habits: Habits, *, rng: np.random.Generator) -> Moves:
    """Draw the variances anew given the points, (years, states).

    Each is inverse gamma given the others; a move with an uncertain variance has Student's distribution.
    """
    squares = np.zeros(tied.shape)
    squares[1:-1] = np.square(np.diff(points, axis=0))
    squares *= tied
    ease = rng.gamma((habits.tails + 1) / 2, 2 / (habits.tails + squares / (moves.common * moves.state)))
    count, eased = tied.sum(axis=0), (ease * squares).sum(axis=0)
    state = 1 / rng.gamma(habits.sureness + count / 2, 1 / (habits.sureness + eased / (2 * moves.common)))
    rate = habits.step**2 + (eased / state).sum() / 2
    return Moves(float(1 / rng.gamma(1 + count.sum() / 2, 1 / rate)), state, ease)
