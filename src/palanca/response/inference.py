"""How sure a two-sided Hawkes process is: tests and intervals by drawing, never by a table of χ².

The hypothesis that one side sets off nothing of the other lies on the edge of what weights may be, where
the likelihood ratio does not follow χ². A reader links two acts of one day because one answers the other,
so tests count every pair of one day half each way; estimates use the links.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palanca.response.hawkes import FASTEST, SIDES, SLOWEST, Fit, Record, draw, fit, side

Array = NDArray[np.float64]

SHARE, BRANCHING, DELAY = 0, slice(1, 3), 3  # places among the quantities
TINY = 1e-9  # differences below are ties


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Answering:
    """What timing says of one side.

    Attributes:
        reactivity: share of its acts attributed to the other side.
        branching: its acts set off by one act of the other side; `own` by one act of its own.
        delay: mean days from an act to one it sets off.
        p_bootstrap: chance of so great a likelihood ratio were it not linked to the other side.
        p_shifted: the same when each side keeps its own clustering and the two are shifted apart.
    """

    reactivity: Interval
    branching: Interval
    own: Interval
    delay: Interval
    p_bootstrap: float | None = None
    p_shifted: float | None = None


def unordered(record: Record) -> Record:
    """Return the record with every pair of one day counted half each way."""
    return replace(record, ordered=np.zeros((0, 2), dtype=np.int64))


def ratio(record: Record, receiver: int) -> float:
    """Return twice the gain in log-likelihood when the other side may set off acts of the receiver."""
    gain = side(record, receiver).level - side(record, receiver, crossed=False).level
    return max(2 * gain, 0.0)


def drawn_p(record: Record, receiver: int, draws: int, seed: int) -> float:
    """Return the p-value of the likelihood ratio, from records drawn without the link.

    Source: Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.2.3.
    """
    plain = unordered(record)
    null = fit(plain, without={(receiver, 1 - receiver)})
    seen = ratio(plain, receiver)
    found = [ratio(draw(null, plain, seed + one), receiver) for one in range(draws)]
    return (1 + sum(one >= seen for one in found)) / (draws + 1)


def shifted_p(record: Record, receiver: int, draws: int, seed: int) -> float:
    """Return the p-value when the other side's acts are turned round by some days within each period."""
    plain = unordered(record)
    rng = np.random.default_rng(seed)
    seen = side(plain, receiver).level
    found = [side(shifted(plain, 1 - receiver, rng), receiver).level for _ in range(draws)]
    return (1 + sum(one >= seen for one in found)) / (draws + 1)


def shifted(record: Record, moved: int, rng: np.random.Generator) -> Record:
    """Return the record with the acts of one side turned round within each period by as many days."""
    day = record.day.copy()
    for period in range(record.periods):
        days = np.flatnonzero(record.period == period)
        ours = (record.side == moved) & (record.period[record.day] == period)
        step = int(rng.integers(len(days)))
        day[ours] = days[0] + (record.day[ours] - days[0] + step) % len(days)
    order = np.argsort(day, kind="stable")
    return replace(
        unordered(record),
        day=day[order],
        side=record.side[order],
        kind=record.kind[order],
        front=record.front[order],
    )


def quantities(found: Fit) -> Array:
    """Return (side, quantity): reactivity, branching from the other, from its own, mean delay."""
    return np.array(
        [
            [one.shares[2 - i], one.branching[1 - i], one.branching[i], 1 / one.rate]
            for i, one in enumerate(found.sides)
        ]
    )


def ends(record: Record, draws: int, seed: int, level: float = 95.0) -> tuple[Array, Array, Array]:
    """Return the quantities of both sides and the ends of their intervals, (side, quantity).

    No single bootstrap interval of a ledger's size covers as often as it says: estimates lean, and weights
    end at zero. So each interval is the hull of several: percentile, basic and bias-corrected percentile;
    of branching also basic on the scale of roots, as a count spreads the less the smaller it is, so that
    records drawn from too low an estimate spread too little; for the mean delay, percentile and basic on a
    log scale. What they cover is in `benchmarks/hawkes.py`.

    The mean delay is sought, and its interval ends, between `FASTEST` and `SLOWEST`.

    Source: Davison and Hinkley (1997), sections 5.2.1, 5.3.1 and 5.3.2.
    """
    found = fit(record)
    value = quantities(found)
    drawn = np.array([quantities(fit(draw(found, record, seed + one))) for one in range(draws)])
    tail = (1 - level / 100) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    lean = _leaning(drawn, value, tail)
    lower = np.minimum.reduce([low, 2 * value - high, lean[0]])
    upper = np.maximum.reduce([high, 2 * value - low, lean[1]])
    roots = 2 * np.sqrt(value) - np.sqrt([high, low])
    two = np.maximum(roots, 0.0)[..., BRANCHING] ** 2
    lower[:, BRANCHING] = np.minimum(lower[:, BRANCHING], two[0])
    upper[:, BRANCHING] = np.maximum(upper[:, BRANCHING], two[1])
    lower[:, DELAY] = np.maximum(np.minimum(low, value**2 / high)[:, DELAY], FASTEST)
    upper[:, DELAY] = np.minimum(np.maximum(high, value**2 / np.maximum(low, TINY))[:, DELAY], SLOWEST)
    upper[:, SHARE] = np.minimum(upper[:, SHARE], 1.0)
    return value, np.maximum(lower, 0.0), upper


def _leaning(drawn: Array, value: Array, tail: float) -> Array:
    """Return the ends of the bias-corrected percentile intervals, (end, side, quantity)."""
    from scipy.special import ndtr, ndtri

    below = (drawn < value - TINY).sum(axis=0) + 0.5 * (np.abs(drawn - value) <= TINY).sum(axis=0)
    shift = ndtri((below + 0.5) / (len(drawn) + 1))
    found = np.zeros((2, *value.shape))
    for at in np.ndindex(value.shape):
        chances = ndtr(2 * shift[at] + ndtri([tail, 1 - tail]))
        found[(slice(None), *at)] = np.quantile(drawn[(slice(None), *at)], chances)
    return found


def answering(record: Record, draws: int, seed: int, tests: int = 0) -> tuple[Answering, Answering]:
    """Return what timing says of both sides.

    Args:
        draws: records drawn for the intervals; `tests` for the p-values, none if zero.
    """
    value, low, high = ends(record, draws, seed)
    found = []
    for i in SIDES:
        four = [Interval(*map(float, one)) for one in zip(value[i], low[i], high[i], strict=True)]
        two = (drawn_p(record, i, tests, seed), shifted_p(record, i, tests, seed)) if tests else (None, None)
        found.append(Answering(four[0], four[1], four[2], four[3], *two))
    return found[0], found[1]
