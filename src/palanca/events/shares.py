"""Shares of acts, with intervals that count acts of one matter together."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field, RootModel

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.event import Event
from palanca.solve import share_at

CLOSE = 1e-9  # a number of acts this near a whole one is that

Tally = tuple[int, int]


class Number(Strict):
    """One number of judgement."""

    value: float
    unit: str
    date: date
    source: str = Field(min_length=5)


class Numbers(RootModel[dict[str, Number]]):
    """Numbers of judgement about rates."""


def few() -> int:
    """Return how many acts a share needs before it means much."""
    return int(parameters("rates", Numbers).root["few"].value)


def level() -> float:
    """Return the level of the intervals, percent."""
    return parameters("rates", Numbers).root["level"].value


@dataclass(frozen=True)
class Count:
    """So many of so many, with an interval in percent.

    Attributes:
        of: what is counted among: a front, a government, years, or `all`.
        done: how many were counted; `n` among how many.
        events: ids, those counted first.
        matters: the matter of each, in the same order; empty where each stands by itself.
    """

    of: str
    done: int
    n: int
    events: tuple[str, ...]
    matters: tuple[str, ...] = ()

    @property
    def percent(self) -> float | None:
        """Share in percent; none of none."""
        return 100 * self.done / self.n if self.n else None

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the interval, percent, in which acts of one matter count together."""
        return clustered(list(self._tallies().values()), level()) if self.n else (0.0, 100.0)

    @property
    def few(self) -> bool:
        """Whether there are too few for a share."""
        return self.n < few()

    def only(self, holds: Callable[[str], bool]) -> "Count":
        """Return the count among those of its acts, by their ids, of which something holds."""
        kept = [at for at, name in enumerate(self.events) if holds(name)]
        done = sum(at < self.done for at in kept)
        events, matters = (tuple(held[at] for at in kept) for held in (self.events, self._held()))
        return Count(self.of, done, len(kept), events, matters)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, without the ids."""
        low, high = self.ends
        numbers = {"percent": self.percent, "lower": low, "upper": high}
        return {"of": self.of, "done": self.done, "n": self.n, **numbers, "few": self.few}

    def _held(self) -> tuple[str, ...]:
        return self.matters or self.events

    def _tallies(self) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for at, name in enumerate(self._held()):
            done, n = found.get(name, (0, 0))
            found[name] = done + (at < self.done), n + 1
        return found


def counted(
    of: str, acts: Sequence[Event], chosen: Iterable[str], *, matters: Mapping[str, str] | None = None
) -> Count:
    """Return how many of some acts were chosen, by their ids.

    Args:
        matters: the matter of each act; one that is not named stands by itself.
    """
    wanted, held = set(chosen), matters or {}
    done = [event.id for event in acts if event.id in wanted]
    events = (*done, *(event.id for event in acts if event.id not in wanted))
    return Count(of, len(done), len(acts), events, tuple(held.get(one, one) for one in events))


def interval(done: float, n: int, level: float) -> tuple[float, float]:
    """Return the exact interval for a share, percent; between whole numbers done, on a line.

    Source: Clopper and Pearson (1934), Biometrika 26, 404–413.
    """
    below = math.floor(done + CLOSE)
    part = done - below
    if part <= CLOSE:
        return _exact(below, n, level)
    (low, high), (next_low, next_high) = (_exact(whole, n, level) for whole in (below, below + 1))
    return (1 - part) * low + part * next_low, (1 - part) * high + part * next_high


def _exact(done: int, n: int, level: float) -> tuple[float, float]:
    tail = (1 - level / 100) / 2
    low = 0.0 if done == 0 else share_at(done, n, tail)
    high = 1.0 if done == n else share_at(done + 1, n, 1 - tail)
    return 100 * low, 100 * high


def clustered(tallies: Sequence[Tally], level: float) -> tuple[float, float]:
    """Return the interval for a share of acts that come in matters, percent.

    It is the exact one at the number of independent acts that these are worth.

    Args:
        tallies: for each matter how many of its acts were counted, and among how many.

    Source: Korn and Graubard (1998), Survey Methodology 24, 193–201.
    """
    done, n = (sum(one[at] for one in tallies) for at in (0, 1))
    whole = worth(done / n, n, matters=len(tallies), variance=_variance(tallies))
    return interval(done / n * whole, whole, level)


def _variance(tallies: Sequence[Tally]) -> float:
    """Return the variance of a share over matters, by its linear part."""
    done, n = (sum(one[at] for one in tallies) for at in (0, 1))
    k = len(tallies)
    return math.inf if k == 1 else k / (k - 1) * sum((d - done / n * m) ** 2 for d, m in tallies) / n**2


def worth(share: float, n: int, *, matters: int, variance: float) -> int:
    """Return how many independent acts some acts are worth: at most as many as they are.

    Where the share is none or all, nothing shows how alike acts of one matter are: they are worth one each.
    """
    if not CLOSE < share < 1 - CLOSE or n == 1:
        return matters
    ratio = share * (1 - share) / (n - 1) / variance if variance > 0 else 1.0
    return max(1, math.floor(n * min(1.0, ratio) + CLOSE))
