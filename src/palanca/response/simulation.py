"""Two-sided processes with known numbers, without marks, to see what a fit finds in what they draw."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palanca.response.hawkes import SIDES, Fit, Record, Side

Array = NDArray[np.float64]


def process(branching: Sequence[Sequence[float]], rates: Sequence[float], baseline: Sequence[float]) -> Fit:
    """Return a process without marks and with one baseline.

    Args:
        branching: (receiver, sender), acts of the receiver set off by one act of the sender.
        rates: of the kernel by receiver, per day.
        baseline: acts a day by side.
    """
    one, other = (
        Side(
            baseline=np.array([baseline[i]]),
            weights=np.array(branching[i]).reshape(2, 1, 1),
            rate=rates[i],
            level=0.0,
            shares=np.zeros(3),
            branching=np.array(branching[i]),
        )
        for i in SIDES
    )
    return Fit((one, other))


def empty(days: int) -> Record:
    """Return a record of so many days without acts, in one period."""
    none = np.zeros(0, dtype=np.int64)
    return Record(none, none, none, none, np.zeros(days, dtype=np.int64), np.zeros((0, 2), dtype=np.int64))


def expected(made: Fit) -> Array:
    """Return (side, quantity) of a process without marks in the long run, ordered as `quantities`."""
    branching = made.branching
    acts = np.linalg.solve(np.eye(2) - branching, [one.baseline[0] for one in made.sides])
    return np.array(
        [
            [
                branching[i, 1 - i] * acts[1 - i] / acts[i],
                branching[i, 1 - i],
                branching[i, i],
                1 / made.sides[i].rate,
            ]
            for i in SIDES
        ]
    )
