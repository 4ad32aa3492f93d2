"""The share at which a count comes up with a given chance, for exact intervals."""

from functools import cache

import numpy as np

STEPS, CLOSE = 100, 1e-14


@cache
def share_at(least: int, n: int, chance: float) -> float:
    """Return the share at which `least` or more of `n` independent trials succeed with `chance`.

    That is the quantile at `chance` of the beta distribution with `least` and `n - least + 1`. Newton's
    steps, halving the bracket where one would leave it.

    Args:
        least: from 1 to `n`.
        chance: between 0 and 1.
    """
    counts = np.arange(least, n + 1)
    ranks = np.arange(1, n + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log(n + 1 - ranks) - np.log(ranks))])[counts]
    low, high, share = 0.0, 1.0, least / (n + 1)
    for _ in range(STEPS):
        terms = np.exp(ways + counts * np.log(share) + (n - counts) * np.log1p(-share))
        over = float(terms.sum()) - chance
        low, high = (low, share) if over > 0 else (share, high)
        slope = least * float(terms[0]) / share
        step = share - over / slope if slope > 0 else low
        moved = step if low < step < high else (low + high) / 2
        if abs(moved - share) <= CLOSE * share:
            return moved
        share = moved
    return share
