"""Whether acts of one side follow those of the other more often than chance within local windows.

What moves both sides at once, a shock, attention, more sources read, swells the acts of both; no rate of the
whole record or of a government tells that from an answer. So the acts of the side that may answer are drawn
again inside windows of some weeks, as many in each as there were: all that changes more slowly than a window,
known or not, is the same in every draw, and so are the days of the week. Acts of one side on neighbouring
days move as one, which keeps its own clustering. The windows begin on another day in each draw.

Source: Amarasingham, Harrison, Hatsopoulos and Geman (2012), Conditional modeling and the jitter method of
spike resampling, Journal of Neurophysiology 107, 517–531.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.response.reactivity import number

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

WEEK = 7
NORMAL = 1.959964  # of a 95 percent interval
TIE = 1e-9  # sums below this apart are ties
THIN = (
    0.2  # the local rate is at least this part of the mean, so that one act in a quiet year decides nothing
)


@dataclass(frozen=True)
class Days:
    """Acts of two sides by day.

    Attributes:
        receiver, sender: (days,), acts of the side that may answer and of the other.
        weekday: of the first day, Monday is 0.
    """

    receiver: Whole
    sender: Whole
    weekday: int = 0

    @property
    def turned(self) -> "Days":
        """The same with the sides changed."""
        return Days(self.sender, self.receiver, self.weekday)

    @property
    def length(self) -> int:
        """Number of days."""
        return len(self.sender)


@dataclass(frozen=True)
class Following:
    """How often acts of one side follow those of the other.

    Attributes:
        followed: part of its acts on the day of an act of the other or within some days after.
        expected: the same in the draws.
        gain, lower, upper: followed less expected, with a 95 percent interval.
        p: chance of so close a sequence in the draws.
    """

    followed: float
    expected: float
    gain: float
    lower: float
    upper: float
    p: float

    @property
    def beyond(self) -> bool:
        """Whether its acts follow more often than in the draws at all."""
        return self.gain > 0


def following(days: Days, *, seed: int, draws: int | None = None) -> Following:
    """Return how often acts of the receiver follow those of the sender, beside draws within local windows."""
    acts = np.repeat(np.arange(days.length), days.receiver)
    drawn = redrawn(days, acts, draws or int(number("draws")), np.random.default_rng(seed))
    points, near = score(days), followed(days)
    above = int((points[drawn].sum(axis=0) >= points[acts].sum() - TIE).sum())
    expected = near[drawn].mean(axis=1)
    gains = near[acts] - expected
    gain, error = float(gains.mean()), NORMAL * _error(gains, acts // int(number("local_window")))
    share, chance = float(near[acts].mean()), float(expected.mean())
    return Following(share, chance, gain, gain - error, gain + error, (1 + above) / (drawn.shape[1] + 1))


def redrawn(days: Days, acts: Whole, draws: int, rng: np.random.Generator) -> Whole:
    """Return other days for acts within their windows, (acts, draws); acts in a chain move as one."""
    width = int(number("local_window"))
    begins = np.diff(acts, prepend=acts[0] - WEEK * width) > number("chain_days")
    chain = np.cumsum(begins) - 1
    first = acts[begins]
    last = np.append(acts[np.flatnonzero(begins)[1:] - 1], acts[-1])
    origin = rng.integers(width, size=draws)
    start = (first[:, None] + origin) // width * width - origin
    end = np.minimum(start + width, (days.length - (last - first))[:, None])
    until = np.concatenate([[0.0], np.cumsum(weekdays(days))])
    low, high = until[np.maximum(start, 0)], until[end]
    place = np.searchsorted(until, low + rng.random(low.shape) * (high - low), side="right") - 1
    place = np.minimum(place, end - 1)
    return np.asarray(place[chain] + (acts - first[chain])[:, None])


def weekdays(days: Days) -> Array:
    """Return how likely an act of either side is on each day of the record by its day of the week."""
    week = (np.arange(days.length) + days.weekday) % WEEK
    counts = np.bincount(week, weights=days.receiver + days.sender, minlength=WEEK) + 1
    return np.asarray((counts / counts.mean())[week])


def followed(days: Days) -> Array:
    """Return 1.0 on each day that has an act of the sender on it or in the days before, else 0.0."""
    return (_after(days.sender, np.ones(int(number("follow_days")) + 1)) > 0).astype(float)


def score(days: Days) -> Array:
    """Return what an act of the receiver adds to the test by its day.

    It is the logarithm of how much more likely the act is where some share of acts answers the sender, less
    a part of the same with time run backwards: a common shock has no direction, and an answer does.
    """
    lags = np.arange(int(number("longest_delay")) + 1)
    kernel = np.exp(-lags / number("mean_delay"))
    kernel[0] *= number("same_day_weight")
    kernel /= kernel.sum()
    rate = _rate(days)
    forward = _likelier(_after(days.sender, kernel) / rate, days)
    backward = _likelier(_after(days.sender[::-1], kernel)[::-1] / rate, days)
    return forward - number("reverse_weight") * backward


def _likelier(near: Array, days: Days) -> Array:
    share = number("answering_share")
    odds = days.receiver.sum() / max(int(days.sender.sum()), 1)
    return np.asarray(np.log(1 - share + share * near * odds))


def _rate(days: Days) -> Array:
    """Return acts of the receiver a day, by both sides' acts in the quarter around and day of the week."""
    width = int(number("density_window"))
    whole, box = days.receiver.sum(), np.ones(width)
    both = np.convolve(days.receiver + days.sender, box)[width // 2 :][: days.length]
    around = np.convolve(np.ones(days.length), box)[width // 2 :][: days.length]
    rate = both / around * whole / max(int(whole + days.sender.sum()), 1)
    return np.asarray(np.maximum(rate, THIN * whole / days.length) * weekdays(days))


def _after(acts: Whole, kernel: Array) -> Array:
    return np.convolve(acts, kernel)[: len(acts)]


def _error(values: Array, window: Whole) -> float:
    """Return the standard error of a mean of acts whose windows, not themselves, are independent.

    Source: Cochran (1977), Sampling Techniques, section 6.3, of a ratio.
    """
    rest = np.bincount(window, weights=values - values.mean())
    return float(np.sqrt((rest**2).sum()) / len(values))
