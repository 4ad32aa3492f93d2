"""A synthetic twin: other partners weighted so that they moved as the seller did before an act.

The gap between the seller and its twin after the act, beside the same gap of every partner taken in its
turn as if the act had been aimed at it, says how unusual the seller's path was. It says nothing of why.

Source: Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105(490).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.errors import InputError

Array = NDArray[np.float64]
Chosen = NDArray[np.bool_]
LEAST_UNITS = 3
PASSES = 3  # of the active-set loop per donor; scipy's own limit
ZERO = 1e-12


@dataclass(frozen=True, eq=False)
class Twin:
    """One unit beside its twin; T periods, D donors.

    Attributes:
        donors: labels.
        weights: (D,), at least zero, sum one.
        path: (T,), of the twin.
        gaps: (T,), the unit less its twin.
        before: root of the mean squared gap before the act.
        after: the same from the act on.
    """

    unit: str
    donors: tuple[str, ...]
    weights: Array
    path: Array
    gaps: Array
    before: float
    after: float
    gap: float

    @property
    def ratio(self) -> float:
        """How many times larger the gap is after the act than before; infinite where the fit is exact."""
        return self.after / self.before if self.before > 0 else float("inf")


@dataclass(frozen=True, eq=False)
class Placebos:
    """The twin of the unit and those of every other unit.

    Attributes:
        twin: of the unit asked about.
        others: of the others, each as if the act had been aimed at it.
    """

    twin: Twin
    others: tuple[Twin, ...]

    @property
    def n(self) -> int:
        """How many units were compared, the one asked about among them; no p-value is below 1/n."""
        return 1 + len(self.others)

    @property
    def p(self) -> float:
        """Share of units whose gap grew at least as much after the act, in times of the gap before it."""
        return self._share(lambda one: one.ratio)

    @property
    def p_gap(self) -> float:
        """Share of units whose mean gap after the act is at least as far from zero."""
        return self._share(lambda one: abs(one.gap))

    def _share(self, size: Callable[[Twin], float]) -> float:
        own = size(self.twin)
        return (1 + sum(size(other) >= own for other in self.others)) / self.n

    def among(self, names: Iterable[str]) -> "Placebos":
        """Return the same with only the named units as placebos."""
        kept = set(names)
        return Placebos(self.twin, tuple(one for one in self.others if one.unit in kept))


def placebos(
    units: tuple[str, ...], paths: Array, start: int, *, unit: str, donors: Iterable[str]
) -> Placebos:
    """Return the twin of a unit and, as placebos, those of all others.

    Every unit is fitted by the donors and the unit asked about, itself left out, so that under no effect
    at all the units could change places.

    Args:
        units: labels, N of them.
        paths: (T, N), without gaps.
        start: row of the first period after the act.
        unit: the one asked about.
        donors: those that may make up a twin.

    Raises:
        InputError: too few periods or donors.
    """
    pool = {*donors, unit}
    if start < 2 or start >= len(paths) or len(pool) < LEAST_UNITS:
        raise InputError(
            f"A twin of {unit} needs two periods before the act, one after it and two donors: "
            f"there are {start}, {len(paths) - start} and {len(pool) - 1}."
        )
    made = {one: _twin(units, paths, start, one, pool - {one}) for one in units}
    return Placebos(made[unit], tuple(twin for one, twin in made.items() if one != unit))


def _twin(units: tuple[str, ...], paths: Array, start: int, unit: str, pool: set[str]) -> Twin:
    chosen = [place for place, one in enumerate(units) if one in pool]
    own, others = paths[:, units.index(unit)], paths[:, chosen]
    weights = simplex_weights(others[:start], own[:start])
    path = others @ weights
    gaps = own - path
    return Twin(
        unit,
        tuple(units[place] for place in chosen),
        weights,
        path,
        gaps,
        rms(gaps[:start]),
        rms(gaps[start:]),
        float(gaps[start:].mean()),
    )


def rms(values: Array) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.square(values).mean()))


def simplex_weights(donors: Array, target: Array) -> Array:
    """Return the weights, at least zero and summing to one, with the least squares of target less donors.

    With w on the simplex, donors @ w - target is A @ w, where A is donors less target in each column. For
    u = t w, |A u|² + (sum u - 1)² is least at a t that leaves a function rising in |A w|; so the
    non-negative u that minimises it is, once scaled to sum one, the answer, without a penalty to choose.

    Args:
        donors: (T, D).
        target: (T,).
    """
    apart = donors - target[:, None]
    scale = float(np.abs(apart).max()) or 1.0
    system = np.vstack([apart / scale, np.ones(donors.shape[1])])
    wanted = np.append(np.zeros(len(target)), 1.0)
    found = nonnegative(system.T @ system, system.T @ wanted)
    return np.asarray(found / found.sum())


def nonnegative(gram: Array, moment: Array) -> Array:
    """Return x, at least zero, that minimises x' gram x / 2 - moment' x.

    Source: Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23, on normal equations (Bro
    and de Jong 1997, Journal of Chemometrics 11).
    """
    x = np.zeros(len(moment))
    free = np.zeros(len(moment), dtype=bool)
    for _ in range(PASSES * len(moment)):
        slope = np.where(free, -np.inf, moment - gram @ x)
        if slope.max() <= ZERO:
            break
        free[int(slope.argmax())] = True
        x, free = _feasible(gram, moment, x, free)
    return x


def _feasible(
    gram: Array, moment: Array, x: Array, free: NDArray[np.bool_]
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the least squares on the free set, from which what would turn negative is taken out."""
    free = free.copy()
    while True:
        wanted = np.zeros_like(x)
        wanted[free] = _solved(gram[np.ix_(free, free)], moment[free])
        low = free & (wanted <= ZERO)
        if not low.any():
            return wanted, free
        step = (x[low] / (x[low] - wanted[low] + ZERO)).min()
        x = x + step * (wanted - x)
        free &= x > ZERO
        x = np.where(free, x, 0.0)
        if not free.any():
            return x, free


def _solved(gram: Array, moment: Array) -> Array:
    """Return the solution of the normal equations, the shortest one where donors move as one."""
    try:
        return np.asarray(np.linalg.solve(gram, moment))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(gram, moment, rcond=None)[0])
