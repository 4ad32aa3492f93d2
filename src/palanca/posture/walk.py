"""A random walk over years for many states at once: steps, variances and determinants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Walk:
    """Prior precision of each state's path: tridiagonal, nothing ties years that are not neighbours.

    Attributes:
        diagonal: (states, years).
        beside: (states, years − 1), the entries next to the diagonal.
    """

    diagonal: Array
    beside: Array


def walk(tied: Array, step: float, anchor: float) -> Walk:
    """Return the walk with independent steps of standard deviation `step`.

    Args:
        tied: (states, years − 1), how firmly a path runs on to the next year; zero where it starts anew.
        step: standard deviation of a year's move.
        anchor: standard deviation of the belief, in each year, that a point lies around zero.
    """
    strength = tied / step**2
    diagonal = np.full((tied.shape[0], tied.shape[1] + 1), 1 / anchor**2)
    diagonal[:, 1:] += strength
    diagonal[:, :-1] += strength
    return Walk(diagonal, -strength)


def pull(prior: Walk, points: Array) -> Array:
    """Return prior precision times points, (states, years)."""
    found = prior.diagonal * points
    found[:, 1:] += prior.beside * points[:, :-1]
    found[:, :-1] += prior.beside * points[:, 1:]
    return found


@dataclass(frozen=True, eq=False)
class Solved:
    """A tridiagonal system solved for each state.

    Attributes:
        solution: (states, years).
        variance: (states, years), diagonal of the inverse.
        neighbour: (states, years − 1), entries of the inverse beside the diagonal.
        log_determinant: of all systems together.
    """

    solution: Array
    variance: Array
    neighbour: Array
    log_determinant: float


def solve(prior: Walk, information: Array, right: Array) -> Solved:
    """Solve (prior + diagonal information) x = right for each state, all (states, years)."""
    years = right.shape[1]
    pivot, carried = np.empty_like(right), np.empty_like(right)
    whole = prior.diagonal + information
    pivot[:, 0], carried[:, 0] = whole[:, 0], right[:, 0]
    for year in range(1, years):
        ratio = prior.beside[:, year - 1] / pivot[:, year - 1]
        pivot[:, year] = whole[:, year] - ratio * prior.beside[:, year - 1]
        carried[:, year] = right[:, year] - ratio * carried[:, year - 1]
    solution, variance = np.empty_like(right), np.empty_like(right)
    neighbour = np.empty_like(prior.beside)
    solution[:, -1], variance[:, -1] = carried[:, -1] / pivot[:, -1], 1 / pivot[:, -1]
    for year in range(years - 2, -1, -1):
        ratio = prior.beside[:, year] / pivot[:, year]
        solution[:, year] = carried[:, year] / pivot[:, year] - ratio * solution[:, year + 1]
        neighbour[:, year] = -ratio * variance[:, year + 1]
        variance[:, year] = 1 / pivot[:, year] - ratio * neighbour[:, year]
    return Solved(solution, variance, neighbour, float(np.log(pivot).sum()))
