"""The smallest reallocation of trade that cuts a partner's power by a given part: a convex program.

Power is the loss when the partner withdraws, at unchanged prices: of sellers, −ln(1 − ω)/θ per dollar of
purchases over income (nested CES, Cobb-Douglas across sectors: Clayton, Maggiori and Schreger 2024), and of
customers, −ln(1 − φ)/(θ + 1) per dollar of sales (the fall of the price at which the others, whose demand has
elasticity θ + 1, take what the partner no longer does). Both are convex in what is moved away, so

    minimise Σ m   subject to   power(m) ≤ (1 − x) · power(0),   0 ≤ m ≤ bound

is convex, with one constraint that ties the cells together. Its multiplier is one number: at the optimum
every cell that is neither untouched nor at its bound gives the same security per dollar. That number is
found as a root (Brent's method, scipy.optimize.brentq).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from palanca.errors import InputError

Array = NDArray[np.float64]
ROOT = 1e-14  # of the logarithm of the multiplier
SLACK = 1e-9  # of the power before: the constraint holds to this


@dataclass(frozen=True, eq=False)
class Cells:
    """What could be moved, one entry per sector and side of trade.

    Attributes:
        value: (C,), all purchases or sales of the sector, money.
        share: (C,), part of them with the partner, below one.
        elasticity: (C,), θ of purchases, θ + 1 of sales.
        bound: (C,), most that others can take over, at most what the partner has, money.
        income: of the country, money.
    """

    value: Array
    share: Array
    elasticity: Array
    bound: Array
    income: float

    def __post_init__(self) -> None:
        if (self.share >= 1).any():
            raise InputError("A sector is traded with the partner alone: its power there has no bound.")

    @property
    def kept(self) -> Array:
        """Part with others before, (C,)."""
        return 1 - self.share


@dataclass(frozen=True, eq=False)
class Reallocation:
    """The smallest set of moves that reaches a cut.

    Attributes:
        moved: (C,), money.
        marginal: security per unit of money at the margin, of ln real income; not a number where nothing
            is moved or nothing more can be.
    """

    moved: Array
    marginal: float


def power(cells: Cells, moved: Array) -> float:
    """Return the partner's power after `moved`, (C,), as a loss of ln real income."""
    return float(by_cell(cells, moved).sum())


def by_cell(cells: Cells, moved: Array) -> Array:
    """Return the power that each cell gives the partner, (C,); zero where nothing is traded."""
    with_others = cells.kept + _over(moved, cells.value)
    return np.asarray(-cells.value / (cells.income * cells.elasticity) * np.log(with_others))


def gradient(cells: Cells, moved: Array) -> Array:
    """Return the security bought by one more unit of money moved in each cell, (C,), of ln real income."""
    with_others = cells.kept + _over(moved, cells.value)
    return np.asarray(1 / (cells.income * cells.elasticity * with_others))


def reachable(cells: Cells) -> float:
    """Return the largest cut of power within the bounds, a fraction."""
    before = power(cells, np.zeros_like(cells.value))
    return 1 - power(cells, cells.bound) / before if before else 0.0


def smallest(cells: Cells, cut: float) -> Reallocation:
    """Return the smallest reallocation that cuts power by the fraction `cut`.

    Raises:
        InputError: the cut is not between zero and one, or the bounds do not allow it.
    """
    if not 0 <= cut < 1:
        raise InputError(f"The cut {cut} is not a fraction from 0 to below 1.")
    still = np.zeros_like(cells.value)
    before = power(cells, still)
    if cut == 0 or before == 0:
        return Reallocation(still, float("nan"))
    target = (1 - cut) * before
    if power(cells, cells.bound) > target * (1 + SLACK):
        most = reachable(cells)
        raise InputError(f"Others can take over enough to cut power by {most:.1%}, not by {cut:.1%}.")
    live = cells.bound > 0
    highest = float(np.log(gradient(cells, still)[live].max()))
    lowest = float(np.log(gradient(cells, cells.bound)[live].min()))
    if power(cells, moved_at(cells, lowest)) >= target:
        return Reallocation(cells.bound.copy(), float("nan"))
    root = brentq(lambda level: power(cells, moved_at(cells, level)) - target, lowest, highest, xtol=ROOT)
    return Reallocation(moved_at(cells, root), float(np.exp(root)))


def moved_at(cells: Cells, level: Array | float) -> Array:
    """Return what is moved, (C,), where a unit must give security of exp(level) or more."""
    wanted = np.exp(-level) / (cells.income * cells.elasticity) - cells.kept
    return np.asarray(np.clip(cells.value * wanted, 0.0, cells.bound))


def _over(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def spread(amount: float, weight: Array, room: Array) -> Array:
    """Return `amount` split in proportion to `weight`, (N,), none above its `room`; what overflows goes on.

    Among the splits of one amount this one costs a CES buyer least: shares of all who are not full rise by
    the same factor.

    Args:
        amount: at most the room of those with weight.
        weight: (N,), present trade.
        room: (N,), most that each can take.
    """
    free, given = (weight > 0) & (room > 0), np.zeros_like(weight)
    while amount > 0 and free.any():
        part = np.where(free, weight, 0.0)
        part /= part.max()  # what is left may be next to nothing
        part *= amount / part.sum()
        full = free & (part >= room - given)
        if not full.any():
            return np.asarray(given + part)
        amount -= float((room - given)[full].sum())
        given, free = np.where(full, room, given), free & ~full
    return given
