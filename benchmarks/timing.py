"""How often the test of timing calls common shocks an answer, and how often it finds true answers.

Run: python benchmarks/timing.py [RUNS] [SEED]. Default: 300 drawn ledgers a row, seed 10,000.

Every ledger is as long as that of Mexico and the United States and, on average, as full. Under `size` no act
of the side tested answers, and a test at 5 percent should reject 5 percent; under `power` a quarter of its
acts answer, after delays drawn from those that the ledger's links show. `gain` is the mean of acts that
follow beyond chance, in points; `covers` how often the 95 percent interval holds that mean.
"""

import sys
import time

import numpy as np

from palanca.catalogue import Catalogue
from palanca.events import record
from palanca.response.jitter import WEEK, Days, following
from palanca.response.reactivity import answered
from palanca.response.simulation import answering, bursts, by_weekday, clustered, density, turned
from palanca.response.timing import dated, days_of

PAIR = ("MEX", "USA")
RUNS, SEED, DRAWS = 300, 10_000, 499
SHARE, LEVEL = 0.25, 0.05
FULL, OVER = (127, 141), 3800  # acts of the two sides, and days, where the density is flat
BLOCK, SPREAD = 45, 0.8


class Ledgers:
    """Draws ledgers that are like one on file in some ways."""

    def __init__(self):
        events = record.between(Catalogue(), *PAIR)
        self.real = days_of(dated(events, *PAIR), PAIR[0])
        self.delays = sorted(answered(events, *PAIR).values())
        self.weekdays = self._weekdays()

    def _weekdays(self):
        both = self.real.receiver + self.real.sender
        week = (np.arange(self.real.length) + self.real.weekday) % WEEK
        return np.bincount(week, weights=both, minlength=WEEK) / both.sum()

    def two(self, receiver, sender):
        """Return acts of the two sides as a record that begins on the ledger's day."""
        return Days(receiver, sender, self.real.weekday)

    def quarterly(self, rng):
        """Return independent sides, each at its own three-month density."""
        return self.two(*(rng.poisson(density(one)) for one in (self.real.receiver, self.real.sender)))

    def shifted(self, rng, step=1):
        """Return the ledger with the sender's acts turned round within quarters."""
        return self.two(self.real.receiver, turned(self.real.sender, step, rng))

    def common(self, rng, length=BLOCK, spread=SPREAD):
        """Return sides that share bursts in blocks of days, and nothing else."""
        factor = bursts(self.real.length, length, spread, rng)
        return self.two(*(rng.poisson(full / OVER * factor) for full in FULL))

    def both(self, rng):
        """Return sides at their own density that share bursts too."""
        factor = bursts(self.real.length, BLOCK, SPREAD, rng)
        return self.two(*(rng.poisson(density(x) * factor) for x in (self.real.receiver, self.real.sender)))

    def own(self, days, rng):
        """Return a record in which each side sets off acts of its own."""
        return self.two(*(clustered(one, 0.3, 5.0, rng) for one in (days.receiver, days.sender)))

    def weekly(self, days, rng):
        """Return a record whose acts fall on the days of the week as the ledger's do."""
        sides = (days.receiver, days.sender)
        return self.two(*(by_weekday(one, self.weekdays, days.weekday, rng) for one in sides))

    def answers(self, days, rng):
        """Return a record in which some of the receiver's acts answer the sender."""
        return answering(days, SHARE, self.delays, rng)

    def back(self, days, rng):
        """Return a record in which some of the sender's acts answer the receiver."""
        return self.answers(days.turned, rng).turned


def rows(of):
    """Return each row of the table: what is drawn."""
    return {
        "size: (a) the ledger's three-month density, drawn": of.quarterly,
        "size: (a) the ledger, one side shifted within quarters": of.shifted,
        "size: (a) the same by whole weeks": lambda rng: of.shifted(rng, WEEK),
        "size: (a) drawn, by the ledger's weekdays": lambda rng: of.weekly(of.quarterly(rng), rng),
        "size: (a) drawn, each side sets off its own": lambda rng: of.own(of.quarterly(rng), rng),
        "size: (b) common bursts, 45 days, sigma 0.8": of.common,
        "size: (b) by the ledger's weekdays": lambda rng: of.weekly(of.common(rng), rng),
        "size: (b) each side sets off its own": lambda rng: of.own(of.common(rng), rng),
        "size: (a) times (b)": of.both,
        "size: (a), the other side alone answers": lambda rng: of.back(of.quarterly(rng), rng),
        "size: (b), the other side alone answers": lambda rng: of.back(of.common(rng), rng),
        "power: (a), a quarter answers": lambda rng: of.answers(of.quarterly(rng), rng),
        "power: (a) by the ledger's weekdays": lambda rng: of.answers(of.weekly(of.quarterly(rng), rng), rng),
        "power: (b), a quarter answers": lambda rng: of.answers(of.common(rng), rng),
        "power: (a), both sides answer": lambda rng: of.answers(of.back(of.quarterly(rng), rng), rng),
        "beyond: common bursts, 20 days, sigma 0.8": lambda rng: of.common(rng, 20),
        "beyond: common bursts, 10 days, sigma 0.8": lambda rng: of.common(rng, 10),
        "beyond: common bursts, 45 days, sigma 1.2": lambda rng: of.common(rng, BLOCK, 1.2),
    }


def main(runs=RUNS, seed=SEED):
    """Print how often the test at 5 percent rejects, row by row."""
    start = time.process_time()
    for name, drawn in rows(Ledgers()).items():
        found = [
            following(drawn(np.random.default_rng([seed, run])), seed=run, draws=DRAWS) for run in range(runs)
        ]
        gain = np.array([one.gain for one in found])
        inside = [one.lower <= gain.mean() <= one.upper for one in found]
        above = [one.lower > 0 for one in found]
        print(
            f"{name:55} {100 * np.mean([one.p <= LEVEL for one in found]):5.1f} % "
            f"gain {100 * gain.mean():5.1f}, above zero {100 * np.mean(above):5.1f} %, "
            f"covers {100 * np.mean(inside):3.0f} %",
            flush=True,
        )
    print(f"{runs} ledgers a row, seed {seed}: {time.process_time() - start:.0f} s CPU")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
