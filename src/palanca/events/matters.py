"""Matters: acts of pressure of one side that links join on one subject, and all that followed from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from palanca.events.episodes import in_order, opens, rules
from palanca.events.event import Event
from palanca.events.readings import settles


@dataclass
class _Open:
    """A matter under way: what joins it, and whether it was dropped since."""

    pressures: list[Event]
    events: list[Event] = field(default_factory=list)
    over: bool = False


@dataclass(frozen=True)
class Matter:
    """Acts of pressure of one side on one subject, the first of which opens it.

    Attributes:
        pressures: in order.
        events: every act of either side that links join to them, in order, the acts of pressure among them.
    """

    pressures: tuple[Event, ...]
    events: tuple[Event, ...]

    @property
    def id(self) -> str:
        """Id of the act that opens it."""
        return self.pressures[0].id


def matters(events: Iterable[Event], a: str, b: str) -> list[Matter]:
    """Return the matters on which either of two countries pressed the other, oldest first.

    An act of pressure joins a matter of its author that it is linked to, directly or through what followed,
    where it shares a front with an act of pressure there and is by the same means, raises what is under way,
    or has the same main front; unless the matter was dropped or settled before. Else it opens one.

    Args:
        events: of the pair, as `Ledger.between` gives them.
    """
    ordered = in_order(events)
    known = {event.id: event for event in ordered}
    found: list[_Open] = []
    within: dict[str, list[_Open]] = {}
    for event in ordered:
        linked = _linked(event, within)
        if {event.actor, event.target} == {a, b} and opens(event, known):
            own = next((one for one in linked if not one.over and _joins(event, one)), None)
            if own is None:
                own = _Open([])
                found.append(own)
            own.pressures.append(event)
            linked = [own, *(one for one in linked if one is not own and _answers(event, one))]
        for one in linked:
            one.events.append(event)
            one.over = one.over or settles(event, one.pressures[0]) == "withdrawn"
        within[event.id] = linked
    return [Matter(tuple(one.pressures), tuple(one.events)) for one in found]


def matter_of(events: Iterable[Event], a: str, b: str) -> dict[str, str]:
    """Return the matter of each act that belongs to one: the one that it presses, else the oldest."""
    found = matters(events, a, b)
    held = {event.id: one.id for one in reversed(found) for event in one.events}
    return held | {act.id: one.id for one in found for act in one.pressures}


def _linked(event: Event, within: Mapping[str, Sequence[_Open]]) -> list[_Open]:
    """Return the matters of what an event is linked to, the latest linked first, each once."""
    found: list[_Open] = []
    for link in reversed(event.linked_to):
        found += [one for one in within.get(link, ()) if not any(one is kept for kept in found)]
    return found


def _answers(event: Event, one: _Open) -> bool:
    """Return whether an act of pressure is one of the side that a matter presses."""
    return event.actor == one.pressures[0].target


def _joins(event: Event, one: _Open) -> bool:
    """Return whether an act of pressure is on the subject of a matter of its author."""
    first = one.pressures[0]
    if (event.actor, event.target) != (first.actor, first.target):
        return False
    return any(on_one_subject(event, held) for held in one.pressures)


def on_one_subject(later: Event, earlier: Event) -> bool:
    """Return whether two acts share a front, and means, main front, or a raise of what is under way."""
    if not set(later.fronts) & set(earlier.fronts):
        return False
    told = rules().matters
    raised = later.kind in told.raises
    return raised or later.instrument == earlier.instrument or later.front == earlier.front
