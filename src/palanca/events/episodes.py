"""Episodes: an act of pressure, what is linked to it, and the next act on the same matter."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import Field

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.event import Event, vocabulary


class Answer(Strict):
    """Which acts of the pressed side count as one kind of answer."""

    kind: str
    acts: tuple[str, ...]


class Joint(Strict):
    """Which acts take both sides, whichever of them the entry names; not those by a means of one author."""

    acts: tuple[str, ...]
    not_by: tuple[str, ...]


class Subjects(Strict):
    """Which acts of pressure raise what is under way by whatever means."""

    raises: tuple[str, ...]


class Suggesting(Strict):
    """When a link is suggested: parts of the score add up to one."""

    window_days: int = Field(gt=0)
    least: float
    same_front: float
    same_instrument: float
    answers_other: float
    nearness: float


class Rules(Strict):
    """How acts become episodes and how these are settled, `data/parameters/episodes.yaml`."""

    version: int
    date: date
    source: str = Field(min_length=5)
    longest: int = Field(gt=1)
    counter_words: tuple[str, ...]
    answers: tuple[Answer, ...]
    joint: Joint
    words_only: tuple[str, ...]
    outcomes: Mapping[str, str]
    carried_out: tuple[str, ...]
    matters: Subjects
    suggestions: Suggesting


@dataclass(frozen=True)
class Chain:
    """The events of one episode, in order, before it is judged.

    Attributes:
        pressure: the act that opens it.
        before: answers of the pressed side that the opening act itself is linked to.
        after: what followed, up to and with the next act of pressure.
        next: the act of pressure that ends it and opens the next, if one did.
        cut: whether events were left out for length.
        counter: whether it is a threat in answer to pressure, which opens no episode.
    """

    pressure: Event
    before: tuple[Event, ...]
    after: tuple[Event, ...]
    next: Event | None
    cut: bool = False
    counter: bool = False

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event in order."""
        return (*self.before, self.pressure, *self.after)


@dataclass(frozen=True)
class Suggestion:
    """A link that the rules propose and an analyst accepts or rejects.

    Attributes:
        score: between 0 and 1; the parts are in `data/parameters/episodes.yaml`.
    """

    later: str
    earlier: str
    score: float


def rules() -> Rules:
    """Return the coding rules of episodes."""
    return parameters("episodes", Rules)


def chains(events: Sequence[Event], a: str, b: str, *, counters: bool = False) -> list[Chain]:
    """Return one chain for each act of pressure of one country on the other, oldest first.

    Args:
        events: of one pair, as `Ledger.between` gives them.
        a, b: the pair, ISO3, in any order.
        counters: also return one for each threat in answer to pressure, which opens no episode.
    """
    ordered = in_order(events)
    later = _followers(ordered)
    known = {event.id: event for event in ordered}
    return [
        replace(_chain(event, later, known), counter=not opens(event, known))
        for event in ordered
        if (opens(event, known) or (counters and event.kind == "threat"))
        and {event.actor, event.target} == {a, b}
    ]


def opens(event: Event, known: Mapping[str, Event]) -> bool:
    """Return whether an act opens an episode: it presses another country and does more than answer."""
    if event.group != "pressure" or event.actor == event.target:
        return False
    answered = [known[link] for link in event.linked_to if link in known]
    counter = any(one.group == "pressure" and one.actor == event.target for one in answered)
    return not (counter and event.kind in rules().counter_words)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events by day; within a day, those linked to come before those that link to them."""
    listed = list(events)
    known = {event.id: event for event in listed}

    def depth(event: Event) -> int:
        same_day = (known[link] for link in event.linked_to if link in known)
        return max((1 + depth(one) for one in same_day if one.date == event.date), default=0)

    return sorted(listed, key=lambda event: (event.date, depth(event), event.id))


def _followers(ordered: Sequence[Event]) -> dict[str, list[Event]]:
    """Return the events that link to each event, in order."""
    found: dict[str, list[Event]] = {}
    for event in ordered:
        for link in event.linked_to:
            found.setdefault(link, []).append(event)
    return found


def descendants(start: Event, later: Mapping[str, Sequence[Event]]) -> list[Event]:
    """Return every event that follows from `start` through links, in order."""
    found: dict[str, Event] = {}
    waiting = [start]
    while waiting:
        for event in later.get(waiting.pop().id, ()):
            if event.id not in found:
                found[event.id] = event
                waiting.append(event)
    return in_order(found.values())


def followers(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Return the events that link to each event, in order."""
    return _followers(in_order(events))


def _chain(start: Event, later: Mapping[str, Sequence[Event]], known: Mapping[str, Event]) -> Chain:
    longest = rules().longest
    before = in_order(
        known[link]
        for link in start.linked_to
        if link in known and known[link].actor == start.target and known[link].group == "answer"
    )
    after, following = [], None
    for event in descendants(start, later):
        if event.actor not in (start.actor, start.target):
            continue
        after.append(event)
        if event.actor == start.actor and event.target == start.target and event.group == "pressure":
            following = event
            break
    room = longest - 1 - len(before)
    return Chain(start, tuple(before), tuple(after[:room]), following, cut=len(after) > room)


def suggestions(events: Sequence[Event], rejected: Iterable[tuple[str, str]] = ()) -> list[Suggestion]:
    """Return links the ledger does not hold and the rules propose, best first.

    Acts that a chain of links joins already are not proposed.

    Args:
        rejected: links an analyst has refused, as (later, earlier).
    """
    refused, ordered = set(rejected), in_order(events)
    later = _followers(ordered)
    joined = {event.id: {one.id for one in descendants(event, later)} for event in ordered}
    found = [
        Suggestion(event.id, earlier.id, score)
        for place, event in enumerate(ordered)
        for earlier in _recent(ordered, place)
        if event.id not in joined[earlier.id]
        and (event.id, earlier.id) not in refused
        and (score := _score(event, earlier)) >= rules().suggestions.least
    ]
    return sorted(found, key=lambda one: (-one.score, one.later, one.earlier))


def _recent(ordered: Sequence[Event], place: int) -> Iterator[Event]:
    """Yield the acts of pressure between the same two countries within the window before an act."""
    later = ordered[place]
    if later.group == "context" or later.actor == later.target:
        return
    for earlier in reversed(ordered[:place]):
        if (later.date - earlier.date).days > rules().suggestions.window_days:
            return
        if earlier.group == "pressure" and {earlier.actor, earlier.target} == {later.actor, later.target}:
            yield earlier


def _score(later: Event, earlier: Event) -> float:
    told = rules().suggestions
    shared = set(later.fronts) & set(earlier.fronts)
    front = told.same_front if later.front == earlier.front else told.same_front / 2 if shared else 0.0
    instrument = told.same_instrument if later.instrument == earlier.instrument else 0.0
    answers = later.actor != earlier.actor or later.kind in vocabulary().of("settlement")
    near = 1 - (later.date - earlier.date).days / told.window_days
    return round(front + instrument + (told.answers_other if answers else 0.0) + told.nearness * near, 3)
