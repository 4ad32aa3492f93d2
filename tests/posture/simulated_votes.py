"""Votes drawn from known points, as the model says they are cast."""

import numpy as np

from palanca.posture.given import assumptions
from palanca.posture.ideal import Assumptions
from palanca.posture.rollcalls import ABSENT, RollCalls

WORDS = ("alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")


def title(number: int) -> str:
    """Return a title without digits, which titles of one question share."""
    return " ".join(WORDS[int(digit)] for digit in f"{number:04d}")


def simulated(
    *, seed: int, states: int = 60, years: int = 12, each: int = 30, absent: float = 0.1
) -> tuple[RollCalls, np.ndarray]:
    """Return votes and the points, (states, years), that they were drawn from.

    A third of each year's questions are those of the year before; four states enter late, two leave early;
    the last stands far out and drifts farther.
    """
    rng = np.random.default_rng(seed)
    start = np.sort(rng.normal(0, 1, states))
    points = start[:, None] + np.cumsum(rng.normal(0, 0.06, (states, years)), axis=1)
    points[3 * states // 4, years // 2 :] -= 1.2  # one state turns
    points[-1] = 3 + np.linspace(0, 0.5, years)
    kept, votes, dates, titles, count = [], [], [], [], 0
    for year in range(years):
        asked = kept[: each // 3]
        while len(asked) < each:
            slope = rng.normal(0, 1.2)
            middle = rng.normal(-0.6, 0.8)
            asked = [*asked, (count, slope, middle, rng.uniform(0.15, 0.6))]
            count += 1
        kept = asked[::-1]
        for number, slope, middle, width in asked:
            pull = slope * points[:, year] + rng.normal(0, 1, states)
            choice = np.where(pull < middle - width, 0, np.where(pull > middle + width, 2, 1))
            choice[rng.random(states) < absent] = ABSENT
            choice[:4] = np.where(year < years // 3, ABSENT, choice[:4])
            choice[4:6] = np.where(year > years // 2, ABSENT, choice[4:6])
            votes.append(choice.astype(np.int8))
            dates.append(f"{2000 + year}-10-01")
            titles.append(title(number))
    names = tuple(f"S{at:02d}" for at in range(states))
    issues = np.full((len(votes), 6), -1, np.int8)
    symbols = tuple(f"A/{at}" for at in range(len(votes)))
    return RollCalls(names, np.array(votes), tuple(dates), symbols, tuple(titles), issues), points


def beliefs(states: int = 60) -> Assumptions:
    """Return the assumptions in use, with fewer draws and the sign set by the highest states."""
    from dataclasses import replace

    positive = tuple(f"S{at:02d}" for at in range(states - 5, states - 1))
    return replace(assumptions(), positive=positive, breaks=(), warm_up=40, draws=120)
