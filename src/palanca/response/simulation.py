"""Ledgers drawn with known answers, to see how often a test finds what is there and what is not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palanca.response.jitter import WEEK, Days

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

QUARTER = 91  # days, whole weeks


def density(acts: Whole) -> Array:
    """Return acts a day, the same in each quarter of a record."""
    quarter = np.arange(len(acts)) // QUARTER
    return (np.bincount(quarter, weights=acts) / np.bincount(quarter))[quarter]


def bursts(days: int, length: int, spread: float, rng: np.random.Generator) -> Array:
    """Return a factor of mean one that is lognormal and the same within blocks of so many days."""
    block = (np.arange(days) + rng.integers(length)) // length
    return np.asarray(np.exp(spread * rng.standard_normal(block[-1] + 1) - spread**2 / 2)[block])


def clustered(acts: Whole, branching: float, delay: float, rng: np.random.Generator) -> Whole:
    """Return acts, as many on average, of which a part is set off by others of the same side."""
    found = rng.binomial(acts, 1 - branching)
    young = found
    while young.sum():
        mothers = np.repeat(np.arange(len(acts)), young)
        born = np.repeat(mothers, rng.poisson(branching, len(mothers)))
        born = born + rng.geometric(1 / (delay + 1), len(born)) - 1
        young = np.bincount(born[born < len(acts)], minlength=len(acts))
        found = found + young
    return found


def turned(acts: Whole, step: int, rng: np.random.Generator) -> Whole:
    """Return acts turned round within each quarter by some multiple of a step; what was near is parted.

    The least turn is a fortnight, so that no act stays near those of the other side that it answered.
    """
    found = acts.copy()
    for start in range(0, len(acts), QUARTER):
        quarter = acts[start : start + QUARTER]
        least = -(-2 * WEEK // step)
        most = max((len(quarter) - 2 * WEEK) // step, least + 1)
        found[start : start + QUARTER] = np.roll(quarter, step * int(rng.integers(least, most)))
    return found


def by_weekday(acts: Whole, share: Array, weekday: int, rng: np.random.Generator) -> Whole:
    """Return acts, each on another day of its week drawn by the shares of the seven days."""
    at = np.repeat(np.arange(len(acts)), acts)
    moved = at - (at + weekday) % WEEK + rng.choice(WEEK, size=len(at), p=share)
    return np.bincount(np.clip(moved, 0, len(acts) - 1), minlength=len(acts))


def answering(days: Days, share: float, delays: Sequence[int], rng: np.random.Generator) -> Days:
    """Return a record in which some share of the receiver's acts answer acts of the sender.

    Args:
        delays: days from an act to its answer, each equally likely.
    """
    acts = rng.permutation(np.repeat(np.arange(days.length), days.receiver))
    number = rng.binomial(len(acts), share)
    parents = np.repeat(np.arange(days.length), days.sender)
    answers = rng.choice(parents, number) + rng.choice(delays, number)
    every = np.concatenate([acts[number:], answers[answers < days.length]])
    return Days(np.bincount(every, minlength=days.length), days.sender, days.weekday)
