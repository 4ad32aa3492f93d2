"""What readers of the entries decided where the rules cannot see, and what settles pressure."""

from typing import Any, Literal

from pydantic import RootModel, field_validator

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.episodes import rules
from palanca.events.event import Event

Outcome = Literal[
    "carried out", "overtaken", "escalated", "suspended", "partly relieved", "withdrawn", "open"
]


class Reading(Strict):
    """What a reader of the entries decided.

    `settles` says what a settling event does to the pressure; `outcome` and `event` say how the
    episode that an event opens ended, and where; `joint` whether both sides took part in an event;
    `answered` by what an entry of pressure itself says that it was answered, where no row does.
    """

    settles: Outcome | None = None
    outcome: Outcome | None = None
    event: str | None = None
    joint: bool | None = None
    answered: str | None = None
    why: str

    @field_validator("answered")
    @classmethod
    def _is_an_answer(cls, value: str | None) -> str | None:
        kinds = [answer.kind for answer in rules().answers]
        if value is not None and value not in kinds:
            raise ValueError(f"unknown answer {value!r}; known: {', '.join(kinds)}")
        return value


class Readings(RootModel[dict[str, Reading]]):
    """All readings by event."""


def readings() -> dict[str, Reading]:
    """Return what readers of the entries decided, by event."""
    return parameters("readings", Readings).root


def settles(event: Event, pressure: Event) -> Outcome | None:
    """Return what an event does to an act of pressure that it follows; none where it settles nothing."""
    known = readings().get(event.id)
    ours = {event.actor, event.target} == {pressure.actor, pressure.target}
    if not ours or (event.kind != "agreement" and event.actor != pressure.actor):
        return None
    if known and known.settles:
        return known.settles
    found: Any = rules().outcomes.get(event.kind)
    outcome: Outcome | None = found
    return outcome


def joint(event: Event) -> bool:
    """Return whether both sides took part in an event, whichever of them its entry names as the actor."""
    known, told = readings().get(event.id), rules().joint
    if known and known.joint is not None:
        return known.joint
    return event.kind in told.acts and event.instrument not in told.not_by
