"""How often the intervals of rates, answers and yields hold the truth on synthetic ledgers.

Run: nice python benchmarks/intervals.py [RUNS] [SEED]. Default: 300 ledgers a row, seed 20,000.

A ledger holds matters of one or more acts of pressure. What each matter is like (how often its threats are
carried out, its acts answered, answers words only, concessions relieved) is drawn from a beta distribution;
`alike` is the correlation of two acts of one matter. The truth is the share pooled over as many further
ledgers. `by matter` is the interval that is printed; `exact` takes acts for independent. Nominal: 90 and 95.
"""

import math
import sys
from datetime import date, timedelta

import numpy as np

from palanca.events import rates, shares
from palanca.events.event import Event
from palanca.response import reactivity, yields

RUNS, SEED, DAYS = 300, 20_000, 3800
ROWS = ((8, 0.5), (20, 0.0), (20, 0.5), (20, 1.0), (60, 0.5))  # matters a ledger, how alike acts of one are
LEVELS = (90, 95)
MEANS = {"kept": 0.3, "answered": 0.6, "words": 0.35, "relieved": 0.35, "other means": 0.3}
FRONTS = ("trade", "migration", "water", "cartels", "energy")
TALKS, THREAT, MORE, OWN = 0.3, 0.5, 0.45, 1.0  # shares of answers and acts, a further act, own acts a matter
DAYS_BETWEEN = 25


class Writer:
    """Writes the acts of one ledger."""

    def __init__(self, rng):
        self.rng, self.events = rng, []

    def act(self, day, actor, kind, front, *links, instrument="tariff"):
        """Write one act and return it."""
        when = date(2016, 1, 1) + timedelta(int(day))
        name = f"{when}-{actor.lower()}-{kind}-{len(self.events)}"
        parties = {"USA": "MEX", "MEX": "USA"}
        told = {"title": "What happened", "source": "A gazette", "confidence": "high", "recorded_on": when}
        made = Event(id=name, date=when, actor=actor, target=parties[actor], kind=kind, front=front,
                     instrument=instrument, linked_to=tuple(one.id for one in links), **told)  # fmt: skip
        self.events.append(made)
        return made

    def later(self):
        """Return days to the next act."""
        return 1 + self.rng.integers(DAYS_BETWEEN)

    def matter(self, day, alike):
        """Write a matter that opens on a day."""
        front = self.rng.choice(FRONTS)
        like = {name: drawn(mean, alike, self.rng) for name, mean in MEANS.items()}
        before = ()
        while True:
            kind = "threat" if self.rng.random() < THREAT else "measure"
            pressed = self.act(day, "USA", kind, front, *before)
            if kind == "threat" and self.rng.random() < like["kept"]:
                means = "visa" if self.rng.random() < like["other means"] else "tariff"
                day += self.later()
                pressed = self.act(day, "USA", "measure", front, pressed, instrument=means)
            day += self.answer(day, pressed, front, like)
            if self.rng.random() > MORE:
                return
            before = (pressed,)
            day += self.later()

    def answer(self, day, pressed, front, like):
        """Write the answer to an act, if there is one, and return the days it took."""
        if self.rng.random() > like["answered"]:
            return 0
        wait = self.later()
        words = self.rng.random() < like["words"]
        other = "negotiation" if self.rng.random() < TALKS else "concession"
        given = self.act(day + wait, "MEX", "protest" if words else other, front, pressed)
        if given.kind == "concession" and self.rng.random() < like["relieved"]:
            wait += self.later()
            self.act(day + wait, "USA", "suspension", front, given)
        return wait


def drawn(mean, alike, rng):
    """Return the rate of one matter."""
    if alike in (0.0, 1.0):
        return mean if alike == 0 else float(rng.random() < mean)
    return rng.beta(mean * (1 / alike - 1), (1 - mean) * (1 / alike - 1))


def ledger(matters, alike, rng):
    """Return the acts of one synthetic ledger, oldest first."""
    made = Writer(rng)
    for day in rng.integers(DAYS, size=matters):
        made.matter(day, alike)
        for own in rng.integers(DAYS, size=rng.poisson(OWN)):
            made.act(own, "MEX", "cooperation", rng.choice(FRONTS))
    made.act(DAYS + 2 * rates.horizon(), "MEX", "cooperation", "trade")  # the day to which all are watched
    return tuple(sorted(made.events, key=lambda one: (one.date, one.id)))


def counts(events):
    """Return every share of a ledger that has an interval, by name."""
    linked = reactivity.links(events, "MEX", "USA")
    found = {"acts that answer": linked.answering, "initiative": linked.initiative,
             "words only, of answered": linked.passive.answered,
             "words only, blanks as silence": linked.passive.silent}  # fmt: skip
    for wide in (False, True):
        waits = rates.decided(rates.by_matter(events, "USA", "MEX", wide=wide))
        found["threats by matter, " + ("wide" if wide else "strict")] = first(waits, events)
    given = rates.decided(rates.concessions(events, "MEX", "USA"))
    found["concessions relieved"] = first(given, events)
    cases = yields.cases(events, "MEX", "USA")
    for answer in ("concession", "protest", "none"):
        found[f"eased after {answer}"] = yields.followed(cases, answer, "eased", 90).count
    return {name: one for name, one in found.items() if one and one.n >= rates.few()}


def differences(events):
    """Return what followed an answer beside what followed the others, by name."""
    cases = yields.cases(events, "MEX", "USA")
    found = {f"eased after {answer}, less others": yields.followed(cases, answer, "eased", 90)
             for answer in ("concession", "protest")}  # fmt: skip
    return {name: one for name, one in found.items() if min(one.count.n, one.others.n) >= rates.few()}


def apart(one, level):
    """Return the interval of a difference that takes acts for independent."""
    (p, p_low, p_high), (q, q_low, q_high) = (
        (two.percent, *shares.interval(two.done, two.n, level)) for two in (one.count, one.others)
    )
    return p - q - math.hypot(p - p_low, q_high - q), p - q + math.hypot(p_high - p, q - q_low)


def first(waits, events):
    """Return the share of all of some waits; none of none."""
    return rates.shares(waits, events)[0] if waits else None


def estimated(events):
    """Return the waits whose share is estimated by Kaplan and Meier, by name."""
    found = {}
    for wide in (False, True):
        name = "threats by threat, " + ("wide" if wide else "strict")
        found[name] = rates.threats(events, "USA", "MEX", wide=wide)
    found["concessions relieved, all"] = rates.concessions(events, "MEX", "USA")
    return {name: waits for name, waits in found.items() if len(waits) >= rates.few()}


def ends(events, level):
    """Return, by name, the printed interval and the exact one."""
    rates.level = shares.level = lambda: level
    found = {
        name: (one.ends, shares.interval(one.done, one.n, level)) for name, one in counts(events).items()
    }
    for name, waits in estimated(events).items():
        share, low, high = rates.came(waits, events)
        found[name] = ((low, high), shares.interval(share * len(waits) / 100, len(waits), level))
    for name, one in differences(events).items():
        found[name] = (one.difference[1:], apart(one, level))
    return found


def truth(ledgers):
    """Return the share pooled over ledgers by name."""
    tallies, waited, two = {}, {}, {}
    for at, events in enumerate(ledgers):
        for name, one in counts(events).items():
            tallies.setdefault(name, []).append((one.done, one.n))
        for name, waits in estimated(events).items():
            named = [rates.Wait(f"{at}-{wait.start}", wait.end, wait.days, wait.watched) for wait in waits]
            waited.setdefault(name, []).extend(named)
        for name, one in differences(events).items():
            two.setdefault(name, []).append((one.count.done, one.count.n, one.others.done, one.others.n))
    found = {name: 100 * sum(d for d, _ in told) / sum(n for _, n in told) for name, told in tallies.items()}
    for name, waits in waited.items():
        found[name] = 100 * (1 - rates.survival(waits).after(rates.horizon()))
    for name, rows in two.items():
        done, n, others, of = np.sum(rows, axis=0)
        found[name] = 100 * (done / n - others / of)
    return found


def row(matters, alike, runs, rng):
    """Print how often each interval holds the truth."""
    real = truth([ledger(matters, alike, rng) for _ in range(runs)])
    held = {}
    for _ in range(runs):
        events = ledger(matters, alike, rng)
        for level in LEVELS:
            for name, kinds in ends(events, level).items():
                for kind, (low, high) in zip(("by matter", "exact"), kinds, strict=True):
                    cell = held.setdefault((name, kind, level), [])
                    cell.append((low - 1e-9 <= real[name] <= high + 1e-9, high - low))
    print(f"\n{matters} matters a ledger, acts of one alike {alike:g}")
    for name in real:
        cells = [np.mean(held.get((name, kind, level), [(np.nan, np.nan)]), axis=0)
                 for kind in ("by matter", "exact") for level in LEVELS]  # fmt: skip
        told = "  ".join(f"{100 * cover:3.0f} ({width:2.0f})" for cover, width in cells)
        print(
            f"{name:32s} {real[name]:5.1f}  n {len(held.get((name, 'exact', 95), [])):4d} {told}",
            flush=True,
        )


def main() -> None:
    """Print a table for each kind of ledger."""
    given = [int(one) for one in sys.argv[1:]]
    runs, seed = (*given, *(RUNS, SEED)[len(given):])  # fmt: skip
    print("truth in percent, of differences in points; ledgers told; covers in percent (width in points):")
    print("by matter at 90, 95; exact at 90, 95")
    for at, (matters, alike) in enumerate(ROWS):
        row(matters, alike, runs, np.random.default_rng(seed + at))


if __name__ == "__main__":
    main()
