"""How an episode was answered and settled, by rules that are data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palanca.events.episodes import Chain, chains, rules
from palanca.events.event import Event
from palanca.events.readings import Outcome, joint, readings, settles
from palanca.events.threats import Fate, fates

OUTCOMES: tuple[Outcome, ...] = (
    *("carried out", "overtaken", "escalated", "suspended", "partly relieved", "withdrawn", "open"),
)
NONE = "none"


def answers() -> tuple[str, ...]:
    """Return the kinds of answer, the strongest first, and last that there is none."""
    return (*(answer.kind for answer in rules().answers), NONE)


@dataclass(frozen=True)
class Episode:
    """One episode, judged.

    Attributes:
        first: the first answer up to the outcome; of several on one day the strongest.
        first_kind: its kind, as in `answers`.
        strongest: the strongest answer up to the outcome; of several of its kind the first.
        strongest_kind: its kind.
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
    """Return the episodes of a pair, oldest first.

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
    given = _given(chain, outcome)
    first = min(given, key=lambda one: (one[0].date, _rank(one)), default=(None, NONE))
    strongest = min(given, key=lambda one: (_rank(one), one[0].date), default=(None, NONE))
    beyond = (outcome,) if outcome and outcome not in chain.events else ()
    return Episode(
        pressure=chain.pressure,
        first=first[0],
        first_kind=first[1],
        strongest=strongest[0],
        strongest_kind=strongest[1],
        given=tuple(kind for _, kind in given),
        outcome=outcome,
        outcome_kind=kind,
        events=(*chain.events, *beyond),
        fate=fate,
        cut=chain.cut,
        counter=chain.counter,
    )


def _rank(one: tuple[Event, str]) -> int:
    return answers().index(one[1])


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


def _given(chain: Chain, outcome: Event | None) -> list[tuple[Event, str]]:
    """Return the answers up to the outcome, each with its kind: acts whose entries link to the pressure."""
    start, told = chain.pressure, rules()
    kinds = {act: answer.kind for answer in told.answers for act in answer.acts}
    return [
        (event, kinds[event.kind])
        for event in chain.after
        if start.id in event.linked_to
        and (outcome is None or event.date <= outcome.date)
        and _answers(event, start, kinds)
    ]


def _answers(event: Event, start: Event, kinds: dict[str, str]) -> bool:
    """Return whether an event is an act of the pressed side towards the other, or of both."""
    if event.kind not in kinds:
        return False
    if event.actor == start.target:
        return event.target == start.actor or event.kind == "concession"
    return (event.actor, event.target) == (start.actor, start.target) and joint(event)
