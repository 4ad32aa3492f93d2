"""A two-sided Hawkes process on days: acts of two sides that set off acts of their own and of the other.

Acts of side i come at the rate μᵢ(period) + Σⱼ Σ nᵢⱼ(kind) g(lag), where g is exponential. Only the day
of an act is known, so a parent falls anywhere within its day: g is p0 = 1 − (1 − e^−β)/β on the day itself
and (1 − e^−β)²/β · e^−β(k−1) on the k-th day after. Two acts of one day count half each way, or one way
only where a link orders them. With marks, part of what an act sets off stays on its front.

Given β the log-likelihood is concave in all else and the two sides part; β is found by a search.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

SIDES = (0, 1)
SLOWEST, FASTEST = 60.0, 0.5  # mean delay in days between which β is sought
GRID, REFINED = 7, 5  # steps of the search for β: even on a log scale, then golden section
GOLDEN = (5**0.5 - 1) / 2
STEPS, GAIN = 600, 1e-5  # of one ascent; a gain of 1e-5 in log-likelihood is far below any critical value
ROOM = 20  # a drawn record that grows beyond so many times the observed one is cut


@dataclass(frozen=True)
class Record:
    """Acts of two sides by day.

    Attributes:
        day: rising, from 0; side: 0 or 1; kind, front: marks from 0, each act one.
        period: of each day of the record, from 0.
        ordered: (m, 2), earlier and later act of pairs on one day that a link orders.
        kinds, fronts: how many there are; one front means no marks of fronts.
    """

    day: Whole
    side: Whole
    kind: Whole
    front: Whole
    period: Whole
    ordered: Whole
    kinds: int = 1
    fronts: int = 1

    @property
    def modes(self) -> int:
        """Components of one kind of act: on any front, and on its own."""
        return 1 if self.fronts == 1 else 2

    @property
    def periods(self) -> int:
        """Number of baselines."""
        return int(self.period.max()) + 1

    @cached_property
    def frequency(self) -> tuple[Array, Array]:
        """Share of each kind and of each front in the acts of a side, (2, kinds) and (2, fronts)."""
        found = []
        for marks, size in ((self.kind, self.kinds), (self.front, self.fronts)):
            counts = np.array(
                [np.bincount(marks[self.side == s], minlength=size) for s in SIDES], dtype=float
            )
            found.append(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
        return found[0], found[1]

    @cached_property
    def daily(self) -> tuple[Whole, Whole, Array]:
        """Days with acts, the row of each act's day, and counts (days, side, kind, front)."""
        days, row = np.unique(self.day, return_inverse=True)
        counts = np.zeros((len(days), 2, self.kinds, self.fronts))
        np.add.at(counts, (row, self.side, self.kind, self.front), 1.0)
        return days, row, counts

    def size(self, side: int) -> int:
        """Number of acts of a side."""
        return int((self.side == side).sum())


@dataclass(frozen=True)
class Side:
    """How the acts of one side come about.

    Attributes:
        baseline: acts a day by period.
        weights: (side, kind, mode), acts of this side set off by one act of a side and kind.
        rate: of the kernel, per day; 1/rate is the mean delay.
        level: log-likelihood.
        shares: part of its acts attributed to the baseline, to side 0 and to side 1.
        branching: acts set off by one act of side 0 and of side 1, mean over its kinds.
    """

    baseline: Array
    weights: Array
    rate: float
    level: float
    shares: Array
    branching: Array


@dataclass(frozen=True)
class Fit:
    """Both sides of a record."""

    sides: tuple[Side, Side]

    @property
    def branching(self) -> Array:
        """(receiver, sender): acts of the receiver set off by one act of the sender."""
        return np.array([side.branching for side in self.sides])

    @property
    def reactivity(self) -> Array:
        """(receiver,): share of its acts attributed to the other side."""
        return np.array([self.sides[i].shares[2 - i] for i in SIDES])


def same_day(rate: float) -> float:
    """Return the part of what an act sets off that comes on its own day."""
    return float(1 + np.expm1(-rate) / rate)


def intensity(record: Record, receiver: int, rate: float) -> tuple[Array, Array]:
    """Return what each component adds at each act of the receiver, per unit of weight, and in all.

    Returns:
        (acts, components) and (components,): baselines by period; then by side, kind and mode.
    """
    from palanca.response import kernels

    days, row, counts = record.daily
    before = kernels.left(days, counts.reshape(len(days), -1), rate).reshape(counts.shape)
    p0, later = same_day(rate), np.expm1(-rate) ** 2 / rate
    ours = np.flatnonzero(record.side == receiver)
    whole = later * before + p0 * counts
    at, front = row[ours], record.front[ours]
    own = record.frequency[1][receiver][front]
    parts = np.zeros((len(ours), 2, record.kinds, record.modes))
    parts[..., 0] = whole.sum(axis=3)[at]
    index = np.arange(len(ours))
    parts[index, receiver, record.kind[ours], 0] -= p0
    if record.modes > 1:
        parts[..., 1] = whole[at, :, :, front]
        parts[index, receiver, record.kind[ours], 1] -= p0
    _order(parts, record, ours, p0)
    if record.modes > 1:
        parts[..., 0] *= own[:, None, None]
    basis = np.zeros((len(ours), record.periods))
    basis[index, record.period[record.day[ours]]] = own if record.modes > 1 else 1.0
    flat = np.concatenate([basis, parts.reshape(len(ours), -1)], axis=1)
    return np.maximum(flat, 0.0), _total(record, rate)


def _order(parts: Array, record: Record, ours: Whole, p0: float) -> None:
    """Move the weight of pairs on one day to the way their link goes."""
    place = np.full(len(record.day), -1)
    place[ours] = np.arange(len(ours))
    for first, second in record.ordered:
        for parent, child, sign in ((first, second, p0), (second, first, -p0)):
            if place[child] >= 0:
                where = (place[child], record.side[parent], record.kind[parent])
                parts[(*where, 0)] += sign
                if record.modes > 1 and record.front[parent] == record.front[child]:
                    parts[(*where, 1)] += sign


def _total(record: Record, rate: float) -> Array:
    """Return the integral of each component over the record, per unit of weight."""
    length, p0 = len(record.period), same_day(rate)
    mass = p0 + (1 - p0) * -np.expm1(-rate * (length - 1 - record.day))
    sums = np.zeros((2, record.kinds))
    np.add.at(sums, (record.side, record.kind), mass)
    spans = np.bincount(record.period, minlength=record.periods).astype(float)
    return np.concatenate([spans, np.repeat(sums.reshape(-1), record.modes)])


def fit(record: Record, without: Iterable[tuple[int, int]] = ()) -> Fit:
    """Return the process of greatest likelihood.

    Args:
        without: pairs (receiver, sender) that are taken not to be linked.
    """
    barred = set(without)
    return Fit((side(record, 0, (0, 1) not in barred), side(record, 1, (1, 0) not in barred)))


def side(record: Record, receiver: int, crossed: bool = True) -> Side:
    """Return how the acts of one side come about, with or without the other side."""

    def at(place: float) -> tuple[float, Side]:
        found = _given_rate(record, receiver, float(np.exp(-place)), crossed)
        return found.level, found

    places = np.linspace(np.log(FASTEST), np.log(SLOWEST), GRID)
    tried = [at(place) for place in places]
    best = int(np.argmax([level for level, _ in tried]))
    low, high = places[max(best - 1, 0)], places[min(best + 1, GRID - 1)]
    for _ in range(REFINED):
        inner = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        two = [at(place) for place in inner]
        tried += two
        low, high = (low, inner[1]) if two[0][0] > two[1][0] else (inner[0], high)
    return max(tried, key=lambda one: one[0])[1]


def _given_rate(record: Record, receiver: int, rate: float, crossed: bool) -> Side:
    from palanca.response import kernels

    parts, total = intensity(record, receiver, rate)
    count = len(parts)
    start = np.full(len(total), 0.1)
    start[: record.periods] = count / len(record.period) / 2
    if not crossed:
        start[record.periods :].reshape(2, -1)[1 - receiver] = 0.0
    level, weights = kernels.climb(parts, total, start, STEPS, GAIN)
    expected = weights * total
    by_side = expected[record.periods :].reshape(2, -1).sum(axis=1)
    shape = (2, record.kinds, record.modes)
    set_off = weights[record.periods :].reshape(shape)
    branching = (set_off.sum(axis=2) * record.frequency[0]).sum(axis=1)
    return Side(
        baseline=weights[: record.periods],
        weights=set_off,
        rate=rate,
        level=level,
        shares=np.array([expected[: record.periods].sum(), *by_side]) / max(count, 1),
        branching=branching,
    )


def draw(fitted: Fit, like: Record, seed: int) -> Record:
    """Return a record drawn from a fitted process, over the days and marks of another; no links."""
    from palanca.response import kernels

    rng = np.random.default_rng(seed)
    when, sides = [], []
    for s in SIDES:
        number = rng.poisson(fitted.sides[s].baseline[like.period])
        days = np.repeat(np.arange(len(like.period)), number)
        when.append(days + rng.random(len(days)))
        sides.append(np.full(len(days), s))
    side_of = np.concatenate(sides)
    kinds, fronts = (np.cumsum(share, axis=1) for share in like.frequency)
    kinds[:, -1] = fronts[:, -1] = 1.0
    marks = [
        np.array([np.searchsorted(chances[s], rng.random()) for s in side_of], dtype=np.int64)
        for chances in (kinds, fronts)
    ]
    start = (np.concatenate(when), side_of.astype(np.int64), marks[0], marks[1])
    weights = np.array([one.weights for one in fitted.sides])
    rates = np.array([one.rate for one in fitted.sides])
    most = ROOM * (len(like.day) + len(side_of)) + ROOM
    grown = kernels.grow(start, weights, rates, kinds, fronts, float(len(like.period)), most, seed)
    return _sorted(*grown, like)


def _sorted(when: Array, side_of: Whole, kind: Whole, front: Whole, like: Record) -> Record:
    order = np.argsort(when, kind="stable")
    return replace(
        like,
        day=when[order].astype(np.int64),
        side=side_of[order],
        kind=kind[order],
        front=front[order],
        ordered=np.zeros((0, 2), dtype=np.int64),
    )
