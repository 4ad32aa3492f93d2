"""Whether a government acts or answers, read from the links of a ledger.

Every share is of acts aimed at the other side. That an act is linked to another is a reader's judgement;
a blank does not prove that it stands alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median
from typing import Any

from palanca.catalogue.parameters import parameters
from palanca.events.episodes import rules
from palanca.events.event import Event
from palanca.events.matters import matter_of
from palanca.events.settlement import NONE, Episode, act_by_act
from palanca.events.shares import Count, Numbers, counted
from palanca.response.governments import governing

WINDOWS = (7, 14, 30, 60)


@dataclass(frozen=True)
class Delay:
    """Days from an act of the other side to the answer."""

    of: str
    n: int
    median: float
    longest: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"of": self.of, "n": self.n, "median_days": self.median, "longest_days": self.longest}


@dataclass(frozen=True)
class Passive:
    """Acts of pressure met with words only, as a range: one with no answer on file is unknown, not silence.

    Attributes:
        answered: of those with an answer on file, met with words only: blanks excluded.
        silent: of all, met with words only or with no answer on file: blanks taken for silence.
    """

    answered: Count
    silent: Count

    @property
    def blank(self) -> int:
        """Acts with no answer on file."""
        return self.silent.n - self.answered.n

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        ends = {"of_answered": self.answered.as_dict(), "blanks_as_silence": self.silent.as_dict()}
        return {**ends, "blank": self.blank}


@dataclass(frozen=True)
class Links:
    """How one side answers the other, by the links.

    Attributes:
        actor: who answers; `other` whom.
        answering: its acts that are linked to an act of the other side.
        within: the same by longest delay in days.
        initiative: its acts that answer nothing and have no pressure of the other side in the window before.
        by_window: initiative by the window in days.
        passive: acts of pressure on it that it met with words only, or with no answer on file.
        delays: days to answer, by `all`, `front`, `government` and `period`.
    """

    actor: str
    other: str
    answering: Count
    within: Mapping[int, Count]
    initiative: Count
    by_window: Mapping[int, Count]
    passive: Passive
    delays: Mapping[str, tuple[Delay, ...]]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "answering": self.answering.as_dict(),
            "answering_within_days": {str(days): one.as_dict() for days, one in self.within.items()},
            "initiative": self.initiative.as_dict(),
            "initiative_by_window_days": {str(days): one.as_dict() for days, one in self.by_window.items()},
            "passive": self.passive.as_dict(),
            "days_to_answer": {by: [one.as_dict() for one in found] for by, found in self.delays.items()},
        }


def number(name: str) -> float:
    """Return a number of judgement of `data/parameters/reactivity.yaml`."""
    return parameters("reactivity", Numbers).root[name].value


def links(events: Sequence[Event], actor: str, other: str) -> Links:
    """Return how one side answers the other, by the links.

    Args:
        events: of the pair, as `Ledger.between` gives them.
    """
    own = aimed(events, actor, other)
    found = answered(events, actor, other)
    window = int(number("window_days"))
    pressed = [event.date for event in aimed(events, other, actor) if event.group == "pressure"]
    told = [one for one in act_by_act(events, actor, other, alone=True) if one.pressure.actor == other]
    count = partial(counted, "all", matters=matter_of(events, actor, other))
    return Links(
        actor,
        other,
        count(own, found.keys()),
        {days: count(own, _quick(found, days)) for days in WINDOWS},
        count(own, _first(own, found, pressed, window)),
        {days: count(own, _first(own, found, pressed, days)) for days in WINDOWS},
        _passive(told, count),
        {by: _delays(own, found, group) for by, group in GROUPS.items()},
    )


def _passive(told: Sequence[Episode], count: Callable[[Sequence[Event], Iterable[str]], Count]) -> Passive:
    words = {one.id for one in told if set(one.given) <= set(rules().words_only)}
    known = [one.pressure for one in told if one.strongest_kind != NONE]
    return Passive(count(known, words), count([one.pressure for one in told], words))


def aimed(events: Iterable[Event], actor: str, other: str) -> list[Event]:
    """Return the acts of one side aimed at the other."""
    return [event for event in events if (event.actor, event.target) == (actor, other)]


def answered(events: Sequence[Event], actor: str, other: str) -> dict[str, int]:
    """Return, for each act of one side that answers the other, the days since the last act it answers."""
    theirs = {event.id: event for event in aimed(events, other, actor)}
    found = {}
    for event in aimed(events, actor, other):
        days = [(event.date - theirs[one].date).days for one in event.linked_to if one in theirs]
        if earlier := [day for day in days if day >= 0]:
            found[event.id] = min(earlier)
    return found


def _quick(found: Mapping[str, int], days: int) -> set[str]:
    return {name for name, waited in found.items() if waited <= days}


def _first(acts: Iterable[Event], found: Mapping[str, int], pressed: Sequence[date], window: int) -> set[str]:
    """Return the acts that answer nothing and have no pressure in the window before them."""
    return {
        event.id
        for event in acts
        if event.id not in found and not any(0 <= (event.date - day).days <= window for day in pressed)
    }


def _delays(
    acts: Iterable[Event], found: Mapping[str, int], group: Callable[[Event], str]
) -> tuple[Delay, ...]:
    groups: dict[str, list[int]] = {}
    for event in acts:
        if event.id in found:
            groups.setdefault(group(event), []).append(found[event.id])
    made = [Delay(of, len(days), float(median(days)), max(days)) for of, days in groups.items()]
    return tuple(sorted(made, key=lambda one: (-one.n, one.of)))


def _government(event: Event) -> str:
    held = governing(event.actor, event.date)
    return f"{held.name}, {held.since.isoformat()}" if held else "unknown"


GROUPS: dict[str, Callable[[Event], str]] = {
    "all": lambda event: "all",
    "front": lambda event: event.front,
    "government": _government,
    "period": lambda event: str(event.date.year),
}
