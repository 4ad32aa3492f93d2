"""Base rates: how often threats are carried out, how long they take, and what concessions bring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from palanca.catalogue.parameters import parameters
from palanca.events.episodes import descendants, followers
from palanca.events.event import Event
from palanca.events.matters import matter_of
from palanca.events.settlement import EASED, Episode, act_by_act
from palanca.events.shares import Count, Numbers, counted, interval, worth
from palanca.events.shares import few as few
from palanca.events.shares import level as level
from palanca.events.threats import Fate, fates

RELIEF = ("suspension", "relief")
STANDINGS = ("carried out", "withdrawn", "overtaken", "open", "not carried out")


@dataclass(frozen=True)
class Wait:
    """Days from one act to another.

    Attributes:
        start: id of the first act; `end` of the second, none where it has not come.
        days: to the second act; where it has not come, for as long as the first was watched.
        watched: days that the first act was, or could have been, watched: to the last day on record, or
            to the day on which another took its place.
    """

    start: str
    end: str | None
    days: int
    watched: int


@dataclass(frozen=True)
class Survival:
    """Kaplan–Meier estimate of the share still waiting.

    Attributes:
        days: days on which something happened, rising.
        waiting: share still waiting after each of them.
        n: acts watched; `done` those that ended within the record.
    """

    days: tuple[int, ...]
    waiting: tuple[float, ...]
    n: int
    done: int

    def median(self) -> int | None:
        """Return the first day on which at most half are still waiting; none if that never comes."""
        return next((day for day, share in zip(self.days, self.waiting, strict=True) if share <= 0.5), None)

    def after(self, day: int) -> float:
        """Return the share still waiting after `day` days."""
        known = [share for at, share in zip(self.days, self.waiting, strict=True) if at <= day]
        return known[-1] if known else 1.0


def survival(waits: Sequence[Wait]) -> Survival:
    """Return the Kaplan–Meier estimate; waits without an end are censored at their last day.

    Source: Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457–481.
    """
    days = np.array([wait.days for wait in waits])
    ended = np.array([wait.end is not None for wait in waits], dtype=bool)
    times = np.unique(days[ended])
    at_risk = np.array([(days >= time).sum() for time in times])
    events = np.array([((days == time) & ended).sum() for time in times])
    waiting = np.cumprod(1 - events / at_risk) if times.size else np.array([])
    return Survival(tuple(map(int, times)), tuple(map(float, waiting)), len(waits), int(ended.sum()))


def horizon() -> int:
    """Return the days after which an act that had no outcome counts as one without."""
    return int(parameters("rates", Numbers).root["horizon_days"].value)


def decided(waits: Iterable[Wait]) -> list[Wait]:
    """Return the acts watched for the whole horizon; what came after it did not come within it.

    A younger act is open, and one whose place was taken earlier is censored; neither is a failure.
    """
    days = horizon()
    kept = (wait for wait in waits if wait.watched >= days)
    return [wait if wait.days <= days else replace(wait, end=None, days=days) for wait in kept]


def threats(events: Sequence[Event], actor: str, target: str, *, wide: bool = False) -> list[Wait]:
    """Return every threat of one country to another, and the act that carried it out.

    One that a later threat overtook is watched to the day of that threat. Others that were not carried
    out are watched to the last day on record, withdrawn or suspended ones too, which understates how final
    a withdrawal is.

    Args:
        wide: count acts by other means than those threatened too.
    """
    last = _last(events)
    return [_threat(fate, last) for fate in fates(events, actor, target, wide=wide).values()]


def by_matter(events: Sequence[Event], actor: str, target: str, *, wide: bool = False) -> list[Wait]:
    """Return one threat of every matter: the first carried out, else the last, watched to the end."""
    last, held = _last(events), matter_of(events, actor, target)
    groups: dict[str, list[Fate]] = {}
    for name, fate in fates(events, actor, target, wide=wide).items():
        groups.setdefault(held.get(name, name), []).append(fate)
    kept = [next((fate for fate in some if fate.done), some[-1]) for some in groups.values()]
    return [_wait(fate.threat, fate.done, last) for fate in kept]


def _threat(fate: Fate, last: date) -> Wait:
    return _wait(fate.threat, fate.done, fate.by.date if fate.by else last)


def standing(events: Sequence[Event], actor: str, target: str) -> dict[str, str]:
    """Return, for every threat of one country to another, one of `STANDINGS`."""
    last = _last(events)
    return {name: stands(fate, last) for name, fate in fates(events, actor, target).items()}


def stands(fate: Fate, last: date) -> str:
    """Return how a threat stands on the last day on record, one of `STANDINGS`."""
    if fate.done:
        return "carried out"
    if fate.withdrawn:
        return "withdrawn"
    if fate.by:
        return "overtaken"
    return "open" if (last - fate.threat.date).days < horizon() else "not carried out"


def concessions(events: Sequence[Event], actor: str, target: str) -> list[Wait]:
    """Return every concession of one country to another, and the relief that followed from it.

    Relief is a suspension or relief by the other side that follows from the concession through links,
    or what settled, in favour of the one that conceded, the pressure that the concession answered.
    """
    later, last = followers(events), _last(events)
    settled = [one for one in act_by_act(events, actor, target) if one.outcome_kind in EASED]
    found = []
    for event in events:
        if event.kind == "concession" and (event.actor, event.target) == (actor, target):
            eased = [one for one in descendants(event, later) if one.actor == target and one.kind in RELIEF]
            eased += [one.outcome for one in settled if one.outcome and _settled_with(event, one)]
            found.append(_wait(event, min(eased, key=lambda one: one.date, default=None), last))
    return found


def _settled_with(concession: Event, episode: Episode) -> bool:
    """Return whether an episode was settled by or after a concession made in it."""
    start, end = episode.pressure, episode.outcome
    within = end is not None and start.date <= concession.date <= end.date
    return within and start.actor == concession.target and concession in episode.events


def _wait(start: Event, end: Event | None, last: date) -> Wait:
    watched = (last - start.date).days
    return Wait(start.id, end.id if end else None, (end.date - start.date).days if end else watched, watched)


def _last(events: Sequence[Event]) -> date:
    return max((event.recorded_on for event in events), default=date.min)


def shares(waits: Sequence[Wait], events: Sequence[Event], by: str = "all") -> list[Count]:
    """Return the share of acts that ended, for all or by group, the largest group first.

    Args:
        events: of the pair, as `Ledger.between` gives them.
        by: `all`, `front`, `instrument` or `period`.
    """
    known, held = {event.id: event for event in events}, _matters(waits, events)
    groups: dict[str, list[Event]] = {}
    for wait in waits:
        groups.setdefault(GROUPS[by](known[wait.start]), []).append(known[wait.start])
    ended = [wait.start for wait in waits if wait.end]
    found = [counted(name, members, ended, matters=held) for name, members in groups.items()]
    return sorted(found, key=lambda share: (0 if by == "period" else -share.n, share.of))


def _matters(waits: Sequence[Wait], events: Sequence[Event]) -> dict[str, str]:
    """Return the matter of each act of a pair, which the first wait tells."""
    start = next((event for event in events if waits and event.id == waits[0].start), None)
    return matter_of(events, start.actor, start.target) if start else {}


def _period(event: Event) -> str:
    span = int(parameters("rates", Numbers).root["period_years"].value)
    first = event.date.year // span * span
    return f"{first}–{first + span - 1}"


GROUPS: dict[str, Callable[[Event], str]] = {
    "all": lambda event: "all",
    "front": lambda event: event.front,
    "instrument": lambda event: event.instrument,
    "period": _period,
}


def came(waits: Sequence[Wait], events: Sequence[Event]) -> tuple[float, float, float]:
    """Return the estimate of Kaplan and Meier of what ended within the horizon and its interval, percent.

    The interval is that of a share of acts in matters, with the variance that leaving out one matter
    after the other shows.

    Args:
        waits: one or more.
        events: of the pair, as `Ledger.between` gives them.
    """
    groups, held = dict[str, list[Wait]](), _matters(waits, events)
    for wait in waits:
        groups.setdefault(held.get(wait.start, wait.start), []).append(wait)
    rests = [[wait for name, some in groups.items() if name != left for wait in some] for left in groups]
    share, *without = (1 - survival(some).after(horizon()) for some in (waits, *rests))
    k = len(groups)
    spread = (k - 1) * float(np.var(without)) if k > 1 else float("inf")
    whole = worth(share, len(waits), matters=k, variance=spread)
    return (100 * share, *interval(share * whole, whole, level()))
