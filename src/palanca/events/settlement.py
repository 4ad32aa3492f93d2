"""How an episode was answered and settled, by rules that are data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import RootModel

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.episodes import Chain, Rules, chains, rules
from palanca.events.event import Event

Outcome = Literal["carried out", "suspended", "partly relieved", "withdrawn", "escalated", "open"]
OUTCOMES: tuple[Outcome, ...] = (
    *("carried out", "escalated", "suspended", "partly relieved", "withdrawn", "open"),
)
ANSWERS = ("concession", "retaliation", "protest", "negotiation", "none")


class Reading(Strict):
    """What a reader of the entries decided where the rules cannot see.

    `settles` says what a settling event does to the pressure; `outcome` and `event` say how the
    episode that an event opens ended, and where.
    """

    settles: Outcome | None = None
    outcome: Outcome | None = None
    event: str | None = None
    why: str


class Readings(RootModel[dict[str, Reading]]):
    """All readings by event."""


@dataclass(frozen=True)
class Episode:
    """One episode, judged.

    Attributes:
        answer: the strongest answer of the pressed side up to the outcome; the first of its kind.
        answer_kind: concession, retaliation, protest, negotiation or none.
        outcome: the event that settled it, if one did.
        outcome_kind: carried out, suspended, partly relieved, withdrawn, escalated or open.
        events: every event it is built from, in order.
        cut: whether later events were left out for length.
    """

    pressure: Event
    answer: Event | None
    answer_kind: str
    outcome: Event | None
    outcome_kind: Outcome
    events: tuple[Event, ...]
    cut: bool = False

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
    def days_to_answer(self) -> int | None:
        """Days from the pressure to the answer."""
        return (self.answer.date - self.pressure.date).days if self.answer else None

    @property
    def days_to_outcome(self) -> int | None:
        """Days from the answer to the outcome; none where either is missing."""
        return (self.outcome.date - self.answer.date).days if self.answer and self.outcome else None

    def record(self) -> dict[str, Any]:
        """Return the episode as JSON, events by their ids."""
        return {
            "id": self.id,
            "front": self.pressure.front,
            "instrument": self.pressure.instrument,
            "pressure": self.pressure.id,
            "answer": self.answer.id if self.answer else None,
            "answer_kind": self.answer_kind,
            "outcome": self.outcome.id if self.outcome else None,
            "outcome_kind": self.outcome_kind,
            "days_to_answer": self.days_to_answer,
            "days_to_outcome": self.days_to_outcome,
            "events": [event.id for event in self.events],
        }


def episodes(events: Sequence[Event], a: str, b: str, *, alone: bool = False) -> list[Episode]:
    """Return the episodes of a pair, oldest first.

    Args:
        events: of the pair, as `Ledger.between` gives them.
        alone: also return acts of pressure that nothing in the ledger follows.
    """
    found = [settled(chain) for chain in chains(events, a, b)]
    return [one for one in found if alone or one.events[-1] != one.pressure]


def settled(chain: Chain) -> Episode:
    """Return a chain with its answer and outcome."""
    outcome, kind = _outcome(chain)
    answer, how = _answer(chain, outcome)
    return Episode(chain.pressure, answer, how, outcome, kind, chain.events, chain.cut)


def readings() -> dict[str, Reading]:
    """Return what readers of the entries decided, by event."""
    return parameters("readings", Readings).root


def _outcome(chain: Chain) -> tuple[Event | None, Outcome]:
    """Return the first event that settles the pressure, and how."""
    read = readings().get(chain.pressure.id)
    if read and read.outcome:
        return next((event for event in chain.after if event.id == read.event), None), read.outcome
    for event in chain.after:
        if event == chain.next:
            return event, _pressed_again(chain.pressure, event, rules())
        if kind := _settles(event, chain.pressure):
            return event, kind
    return None, "open"


def _settles(event: Event, pressure: Event) -> Outcome | None:
    known = readings().get(event.id)
    ours = {event.actor, event.target} == {pressure.actor, pressure.target}
    if not ours or (event.kind != "agreement" and event.actor != pressure.actor):
        return None
    if known and known.settles:
        return known.settles
    found: Any = rules().outcomes.get(event.kind)
    outcome: Outcome | None = found
    return outcome


def _pressed_again(first: Event, second: Event, told: Rules) -> Outcome:
    done = first.kind == "threat" and second.kind in told.carried_out
    return "carried out" if done and second.instrument == first.instrument else "escalated"


def _answer(chain: Chain, outcome: Event | None) -> tuple[Event | None, str]:
    """Return the first of the strongest answers given up to the outcome."""
    shown = list(chain.after)
    if outcome in shown:
        last = outcome.date if outcome else None
        shown = [event for event in shown if last is None or event.date <= last]
    theirs = [event for event in shown if event.actor == chain.pressure.target]
    for answer in rules().answers:
        for event in theirs:
            if event.kind in answer.acts and (
                answer.kind == "concession" or event.target == chain.pressure.actor
            ):
                return event, answer.kind
    return None, "none"
