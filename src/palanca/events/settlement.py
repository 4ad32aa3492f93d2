"""How pressure was answered and settled, by rules that are data: matter by matter, and act by act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from palanca.events.episodes import Chain, chains, in_order, rules
from palanca.events.event import Event
from palanca.events.matters import Matter, matters
from palanca.events.readings import Outcome, joint, readings, settles
from palanca.events.threats import Fate, fates

OUTCOMES: tuple[Outcome, ...] = (
    *("carried out", "overtaken", "escalated", "suspended", "partly relieved", "withdrawn", "open"),
)
NONE = "none"
EASED: tuple[Outcome, ...] = ("suspended", "partly relieved", "withdrawn")
PRESSED: tuple[Outcome, ...] = ("carried out", "overtaken", "escalated", "open")
Answer = tuple[Event | None, str]
Ended = tuple[Event | None, Outcome]


def answers() -> tuple[str, ...]:
    """Return the kinds of answer, the strongest first, and last that there is none."""
    return (*(answer.kind for answer in rules().answers), NONE)


@dataclass(frozen=True)
class Episode:
    """Pressure, answers and outcome, judged: of one matter, or of one act of pressure by itself.

    Attributes:
        pressure: the act that opens it; `pressures` every act of pressure in it.
        first: the first answer up to the outcome; of several on one day the strongest.
        first_kind: its kind, as in `answers`.
        strongest: the strongest answer up to the outcome; of several of its kind the first.
        strongest_kind: its kind; where only the entry of the pressure tells the answer, a kind and no act.
        given: kinds of all answers up to the outcome, in order of day.
        outcome: the event that settled it, if one did.
        outcome_kind: one of `OUTCOMES`; a threat is `carried out` exactly where its fate says so.
        events: every event it is built from, in order.
        fate: what became of the threat, where a threat opens it.
        cut: whether later events were left out for length.
        counter: whether it is a threat in answer to pressure, which opens no episode.
    """

    pressure: Event
    first: Event | None
    first_kind: str
    strongest: Event | None
    strongest_kind: str
    given: tuple[str, ...]
    outcome: Event | None
    outcome_kind: Outcome
    events: tuple[Event, ...]
    fate: Fate | None = None
    cut: bool = False
    counter: bool = False
    pressures: tuple[Event, ...] = ()

    @property
    def id(self) -> str:
        """Id of the act of pressure that opens it."""
        return self.pressure.id

    @property
    def deadline(self) -> date | None:
        """The day stated with the pressure."""
        return self.pressure.deadline

    @property
    def magnitude(self) -> tuple[float, str] | None:
        """Size of the pressure and its unit, where the entry states one."""
        size = self.pressure.magnitude
        return None if size is None else (size, self.pressure.unit)

    @property
    def days_to_first(self) -> int | None:
        """Days from the pressure to the first answer."""
        return self._days(self.first)

    @property
    def days_to_strongest(self) -> int | None:
        """Days from the pressure to the strongest answer."""
        return self._days(self.strongest)

    @property
    def days_to_outcome(self) -> int | None:
        """Days from the pressure to the outcome."""
        return self._days(self.outcome)

    def _days(self, event: Event | None) -> int | None:
        return (event.date - self.pressure.date).days if event else None

    def record(self) -> dict[str, Any]:
        """Return the episode as JSON, events by their ids."""
        named = {"first_answer": self.first, "strongest_answer": self.strongest, "outcome": self.outcome}
        return {
            "id": self.id,
            "front": self.pressure.front,
            "instrument": self.pressure.instrument,
            "pressure": self.pressure.id,
            "pressures": [event.id for event in self.pressures],
            **{name: event.id if event else None for name, event in named.items()},
            "first_answer_kind": self.first_kind,
            "strongest_answer_kind": self.strongest_kind,
            "outcome_kind": self.outcome_kind,
            "days_to_first_answer": self.days_to_first,
            "days_to_strongest_answer": self.days_to_strongest,
            "days_to_outcome": self.days_to_outcome,
            "events": [event.id for event in self.events],
        }


def episodes(
    events: Sequence[Event], a: str, b: str, *, alone: bool = False, counters: bool = False
) -> list[Episode]:
    """Return the episodes of a pair, one for each matter, with every act of pressure on it, oldest first.

    Args:
        events: of the pair, as `Ledger.between` gives them.
        alone: also return acts of pressure that nothing in the ledger follows.
        counters: also return threats in answer to pressure, which open no episode.
    """
    threats = {**fates(events, a, b), **fates(events, b, a)}
    ordered = {event.id: event for event in in_order(events)}
    found = [_whole(one, threats, ordered) for one in matters(events, a, b)]
    if counters:
        found += [one for one in act_by_act(events, a, b, alone=True, counters=True) if one.counter]
        found.sort(key=lambda one: (one.pressure.date, one.id))
    return [one for one in found if alone or len(one.events) > 1]


def act_by_act(
    events: Sequence[Event], a: str, b: str, *, alone: bool = False, counters: bool = False
) -> list[Episode]:
    """Return every act of pressure by itself, oldest first, with what followed up to the next.

    What it was answered with and what came after each act is counted here; what came of a matter is not.

    Args:
        events: of the pair, as `Ledger.between` gives them.
        alone: also return acts of pressure that nothing in the ledger follows.
        counters: also return threats in answer to pressure, which open no episode.
    """
    threats = {**fates(events, a, b), **fates(events, b, a)}
    found = [
        settled(chain, threats.get(chain.pressure.id)) for chain in chains(events, a, b, counters=counters)
    ]
    return [one for one in found if alone or one.events[-1] != one.pressure]


def settled(chain: Chain, fate: Fate | None = None) -> Episode:
    """Return a chain with its answers and outcome."""
    outcome, kind = _outcome(chain, fate)
    beyond = (outcome,) if outcome and outcome not in chain.events else ()
    given = _given((chain.pressure,), chain.after, outcome)
    found = _episode((chain.pressure,), (*chain.events, *beyond), given, (outcome, kind), fate=fate)
    return replace(found, cut=chain.cut, counter=chain.counter)


def _whole(one: Matter, threats: Mapping[str, Fate], ordered: Mapping[str, Event]) -> Episode:
    """Return a matter with its answers and how it stands at the end of the record."""
    outcome, kind = _standing(one, threats, ordered)
    beyond = (outcome,) if outcome and outcome not in one.events else ()
    given = _given(one.pressures, one.events, None)
    fate = threats.get(one.pressures[0].id)
    return _episode(one.pressures, (*one.events, *beyond), given, (outcome, kind), fate=fate)


def _episode(
    pressures: tuple[Event, ...],
    events: tuple[Event, ...],
    given: Sequence[Answer],
    ended: Ended,
    *,
    fate: Fate | None,
) -> Episode:
    dated = [(event, kind) for event, kind in given if event]
    first = min(dated, key=lambda one: (one[0].date, _rank(one[1])), default=None) or _told(given)
    strongest = min(
        given, key=lambda one: (_rank(one[1]), one[0].date if one[0] else date.max), default=(None, NONE)
    )
    return Episode(
        pressure=pressures[0],
        first=first[0],
        first_kind=first[1],
        strongest=strongest[0],
        strongest_kind=strongest[1],
        given=tuple(kind for _, kind in given),
        outcome=ended[0],
        outcome_kind=ended[1],
        events=events,
        fate=fate,
        pressures=pressures,
    )


def _told(given: Sequence[Answer]) -> Answer:
    """Return the strongest answer that an entry of pressure tells itself; none where none does."""
    return min(given, key=lambda one: _rank(one[1]), default=(None, NONE))


def _rank(kind: str) -> int:
    return answers().index(kind)


def _standing(one: Matter, threats: Mapping[str, Fate], known: Mapping[str, Event]) -> Ended:
    """Return the last event that settles a matter, and how; where pressure followed it, how it went on."""
    place = {name: at for at, name in enumerate(known)}
    pressed = one.pressures[-1]
    ends = [
        (event, kind) for event in one.events if (kind := settles(event, pressed)) and kind not in PRESSED
    ]
    for act in one.pressures:
        read = readings().get(act.id)
        if read and read.outcome in EASED and read.event and read.event in known:
            ends.append((known[read.event], read.outcome))
    last = max(ends, key=lambda end: place[end[0].id], default=None)
    if last and place[last[0].id] > place[pressed.id]:
        return last
    done = [fate.done for act in one.pressures if (fate := threats.get(act.id)) and fate.done]
    if done:
        return max(done, key=lambda event: place[event.id]), "carried out"
    return (pressed, "escalated") if len(one.pressures) > 1 else (None, "open")


def _outcome(chain: Chain, fate: Fate | None) -> tuple[Event | None, Outcome]:
    """Return the first event that settles the pressure, and how; the fate of a threat goes first."""
    if fate and (fate.done or fate.withdrawn):
        return (fate.done, "carried out") if fate.done else (fate.withdrawn, "withdrawn")
    read = readings().get(chain.pressure.id)
    if read and read.outcome and not fate:
        return next((event for event in chain.after if event.id == read.event), None), read.outcome
    for event in chain.after:
        if event == chain.next:
            return event, "overtaken" if fate and fate.by == event else "escalated"
        if kind := settles(event, chain.pressure):
            return event, kind
    return None, "open"


def _given(pressures: Sequence[Event], after: Iterable[Event], outcome: Event | None) -> list[Answer]:
    """Return the answers up to an outcome with their kinds: acts linked to it, and told by its own entry."""
    starts, kinds = {one.id: one for one in pressures}, _kinds()
    found: list[Answer] = [
        (event, kinds[event.kind])
        for event in after
        if (start := next((starts[link] for link in event.linked_to if link in starts), None))
        and (outcome is None or event.date <= outcome.date)
        and _answers(event, start, kinds)
    ]
    read = [readings().get(one.id) for one in pressures]
    return found + [(None, one.answered) for one in read if one and one.answered]


def _kinds() -> dict[str, str]:
    """Return the kind of answer that each kind of act counts as."""
    return {act: answer.kind for answer in rules().answers for act in answer.acts}


def _answers(event: Event, start: Event, kinds: dict[str, str]) -> bool:
    """Return whether an event is an act of the pressed side towards the other, or of both."""
    if event.kind not in kinds:
        return False
    if event.actor == start.target:
        return event.target == start.actor or event.kind == "concession"
    return (event.actor, event.target) == (start.actor, start.target) and joint(event)
