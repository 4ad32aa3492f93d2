"""Where to look for a world: between those already solved at other elasticities."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from palanca.trade.markets import Solution

Array = NDArray[np.float64]

REACH = 2.0  # length over which solutions vary together, in largest distances between those known
RIDGE = 1e-10  # keeps weights finite where two worlds lie close together


@dataclass(frozen=True, eq=False)
class Solved:
    """Solutions at places, (K,) each, and a guess for any other place by kriging.

    Solutions are kept as (3, N, J): wages, prices, spending. A guess only saves steps: the search it starts
    ends within the same tolerance.

    Source: Cressie (1993), Statistics for Spatial Data, chapter 3 (simple kriging, Gaussian kernel).
    """

    places: list[Array] = field(default_factory=list)
    solutions: list[Array] = field(default_factory=list)

    def add(self, place: Array, solution: Solution) -> None:
        """Remember the solution at a place."""
        self.places.append(place)
        self.solutions.append(np.stack([solution.wage, solution.price, solution.spending]))

    def guess(self, place: Array) -> Solution | None:
        """Return what the solutions known make likely at `place`; None where none is known."""
        if not self.places:
            return None
        first = self.solutions[0]
        apart = np.stack(self.solutions) - first
        return Solution(*(first + np.tensordot(self._weights(place), apart, axes=1)))

    def _weights(self, place: Array) -> Array:
        known = np.array(self.places)
        apart = np.linalg.norm(known[:, None] - known[None], axis=2)
        reach = REACH * (apart.max() or 1.0)
        alike = np.exp(-((apart / reach) ** 2) / 2) + RIDGE * np.eye(len(known))
        near = np.exp(-((np.linalg.norm(known - place, axis=1) / reach) ** 2) / 2)
        return np.asarray(np.linalg.solve(alike, near))
