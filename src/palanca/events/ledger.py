"""The ledger: events on file, checked, with the log of every change to them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import Field, RootModel, ValidationError

from palanca.catalogue.files import write_all
from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict, Text
from palanca.errors import BadEvent, BadLedger
from palanca.events import changes, database, exchange
from palanca.events.changes import Act, Change
from palanca.events.event import Event

EVENTS, LOG = "events.csv", "log.jsonl"


class Line(Strict):
    """A number of judgement about ledgers, `data/parameters/ledger.yaml`."""

    title: Text
    unit: str
    value: float
    date: date
    source: str = Field(min_length=5)


class Lines(RootModel[dict[str, Line]]):
    """All numbers of judgement about ledgers."""


@dataclass(frozen=True)
class Ledger:
    """Events in order of day, and the log they come from.

    Attributes:
        log: every change, oldest first; empty for events read from a bare file.
        rejected: links an analyst has refused, as (later, earlier).
    """

    events: tuple[Event, ...]
    log: tuple[Change, ...] = ()

    @property
    def rejected(self) -> frozenset[tuple[str, str]]:
        """Links an analyst has refused, as (later, earlier)."""
        return changes.rejected(self.log)

    def on(self, day: date) -> "Ledger":
        """Return the ledger with only the events that the public record showed on `day`."""
        return replace(self, events=tuple(event for event in self.events if event.recorded_on <= day))

    def between(self, a: str, b: str) -> tuple[Event, ...]:
        """Return the events of one pair of countries, oldest first; empty when there are none.

        With the acts of the two towards each other come those that links join to them, and, where the
        ledger says more of this pair than of any other, what either does at home.
        """
        two = {a, b}
        inside = [event for event in self.events if {event.actor, event.target} == two]
        if not inside:
            return ()
        known = {event.id for event in inside} | {link for event in inside for link in event.linked_to}
        known |= {event.id for event in self.events if event.actor == event.target in self._closest(a, b)}
        for event in self.events:
            if event.actor in two and known.intersection(event.linked_to):
                known.add(event.id)
        return tuple(event for event in self.events if event.id in known)

    def _closest(self, a: str, b: str) -> set[str]:
        """Return which of the two have more acts with the other than with anybody else."""
        acts = Counter(
            frozenset((event.actor, event.target)) for event in self.events if event.actor != event.target
        )
        ours = acts[frozenset((a, b))]
        return {one for one in (a, b) if ours >= max(n for pair, n in acts.items() if one in pair)}

    def add(self, rows: Iterable[Mapping[str, Any]], *, who: str, why: str, when: date) -> "Ledger":
        """Return the ledger with new events, one line of the log each.

        Args:
            rows: fields by name.

        Raises:
            BadEvent: rows break the schema, are there already, or link to nothing; all faults at once.
        """
        events, faults = validated(list(rows))
        faults += integrity((*self.events, *events))
        used = {change.id for change in self.log} - {event.id for event in self.events}
        faults += [f"{event.id}: the id was used before" for event in events if event.id in used]
        if faults:
            raise BadEvent("Nothing was added. Correct these and try again:", faults)
        new = [_change("add", event.id, _without_id(event), who=who, why=why, when=when) for event in events]
        return Ledger(_in_order((*self.events, *events)), changes.append(self.log, new))

    def correct(self, name: str, fields: Mapping[str, Any], *, who: str, why: str, when: date) -> "Ledger":
        """Return the ledger with some fields of one event changed; the log keeps what they were.

        Raises:
            BadEvent: there is no such event, or it would break the schema.
        """
        old = self._event(name)
        events, faults = validated([{**old.model_dump(mode="json"), **fields, "id": name}])
        kept = (*(event for event in self.events if event.id != name), *events)
        faults += integrity(kept)
        if faults:
            raise BadEvent("Nothing was changed. Correct these and try again:", faults)
        change = _change("correct", name, dict(fields), who=who, why=why, when=when)
        return Ledger(_in_order(kept), changes.append(self.log, [change]))

    def link(self, later: str, earlier: str, *, who: str, why: str, when: date) -> "Ledger":
        """Return the ledger in which a suggested link is accepted."""
        held = self._event(later).linked_to
        return self.correct(later, {"linked_to": [*held, earlier]}, who=who, why=why, when=when)

    def retract(self, name: str, *, who: str, why: str, when: date) -> "Ledger":
        """Return the ledger without an event that was entered in error; the log keeps it.

        Raises:
            BadEvent: there is no such event, or others link to it.
        """
        kept = tuple(event for event in self.events if event.id != self._event(name).id)
        if faults := integrity(kept):
            raise BadEvent(f"{name} cannot be retracted while others link to it:", faults)
        return Ledger(
            kept, changes.append(self.log, [_change("retract", name, {}, who=who, why=why, when=when)])
        )

    def reject(self, later: str, earlier: str, *, who: str, why: str, when: date) -> "Ledger":
        """Return the ledger in which a suggested link is refused and not suggested again."""
        fields = {"linked_to": [self._event(earlier).id]}
        change = _change("reject", self._event(later).id, fields, who=who, why=why, when=when)
        return replace(self, log=changes.append(self.log, [change]))

    def _event(self, name: str) -> Event:
        for event in self.events:
            if event.id == name:
                return event
        raise BadEvent(f"No event is called {name!r}. `palanca ledger export` lists them.")

    def write(self, folder: Path) -> None:
        """Write the text form to `folder`: the events and the log, both or neither."""
        write_all(folder, {EVENTS: exchange.content(self.events, ".csv"), LOG: changes.content(self.log)})


def read(path: Path) -> Ledger:
    """Return the ledger in a folder, or the events of a bare CSV, JSON Lines or Parquet file.

    A folder holds a database, or the text form: events and log, which must agree.

    Raises:
        BadLedger: it is absent, breaks the schema, or its log was altered; all faults at once.
    """
    found, faults = _examined(path)
    if faults:
        advice = f"Run: palanca ledger repair {path}" if path.is_dir() else "Correct its rows"
        raise BadLedger(f"{path} cannot be used. {advice}. What is wrong:", faults)
    return found


def check(path: Path) -> list[str]:
    """Return every fault of a ledger folder or a bare events file; empty when it is sound."""
    return _examined(path)[1]


def _examined(path: Path) -> tuple[Ledger, list[str]]:
    if not path.exists():
        raise BadLedger(f"There is no ledger at {path}.")
    if not path.is_dir():
        events, faults = validated(exchange.rows(path))
        return Ledger(_in_order(events)), faults + integrity(events, faults)
    if kept := database.log(path):
        found, faults = told_by(kept[0])
        return found, [*kept[1], *faults]
    if not ((path / EVENTS).is_file() or (path / LOG).is_file()):
        raise BadLedger(f"There is no ledger in {path}: neither {database.DATABASE} nor {EVENTS}.")
    events, faults = validated(exchange.rows(path / EVENTS))
    faults += integrity(events, faults)
    if not (path / LOG).is_file():
        return Ledger(_in_order(events)), [*faults, f"the change log {LOG} is missing"]
    log, broken = changes.parse((path / LOG).read_bytes())
    return Ledger(_in_order(events), log), [*faults, *broken, *_drift(events, log, faults)]


def told_by(log: Sequence[Change]) -> tuple[Ledger, list[str]]:
    """Return the ledger that a log tells of, and what is wrong with its events."""
    events, faults = validated(list(changes.fold(log).values()))
    return Ledger(_in_order(events), tuple(log)), faults + integrity(events, faults)


def validated(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Event], list[str]]:
    """Return the rows that are events, and one fault for each field that is not."""
    events, faults = [], []
    for place, row in enumerate(rows, 1):
        try:
            events.append(Event.model_validate(_given(row)))
        except ValidationError as error:
            where = f"row {place} ({row.get('id') or 'without id'})"
            faults += [f"{where}: {_said(fault)}" for fault in error.errors()]
    return events, faults


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that hold something."""
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _said(fault: Any) -> str:
    field = ".".join(map(str, fault["loc"]))
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{field}: {reason}" if field else reason


def integrity(events: Sequence[Event], unread: Sequence[str] = ()) -> list[str]:
    """Return what is wrong between events: ids used twice, links that dangle or lead to the future.

    Args:
        unread: faults of rows that could not be read; a link to one of those does not dangle.
    """
    days = {event.id: event.date for event in events}
    faults = [
        f"{name}: the id is used {n} times" for name, n in Counter(e.id for e in events).items() if n > 1
    ]
    for event in events:
        for link in event.linked_to:
            if link not in days:
                if not any(f"({link})" in fault for fault in unread):
                    faults.append(f"{event.id}: linked_to {link!r}, which is not in the ledger")
            elif link == event.id:
                faults.append(f"{event.id}: linked_to itself")
            elif days[link] > event.date:
                faults.append(f"{event.id}: linked_to {link!r}, which lies in its future")
    return faults


def _drift(events: Sequence[Event], log: Sequence[Change], unread: Sequence[str]) -> Iterator[str]:
    """Yield the events that differ from what the log says of them."""
    told, wrong = validated(list(changes.fold(log).values()))
    yield from (f"change log: {fault}" for fault in wrong)
    stands, logged = {e.id: e for e in events}, {e.id: e for e in told}
    for name in sorted(stands.keys() | logged.keys()):
        if name not in logged:
            yield f"{name}: it is not in the change log"
        elif name not in stands:
            if not any(f"({name})" in fault for fault in unread):
                yield f"{name}: the change log has it, {EVENTS} has not"
        elif fields := differing(stands[name], logged[name]):
            yield f"{name}: {', '.join(fields)} differ from the change log"


def differing(one: Event, other: Event) -> list[str]:
    """Return the fields in which two events differ."""
    return [name for name in Event.model_fields if getattr(one, name) != getattr(other, name)]


def duplicates(events: Sequence[Event]) -> list[tuple[str, str, float]]:
    """Return pairs that may be one act told twice: same day, actor and kind, similar titles.

    Returns:
        the two ids and the similarity of their titles, most similar first.
    """
    least = parameters("ledger", Lines).root["similar_title"].value
    groups: dict[tuple[date, str, str], list[Event]] = {}
    for event in events:
        groups.setdefault((event.date, event.actor, event.kind), []).append(event)
    pairs = [
        (one.id, other.id, SequenceMatcher(None, one.title.lower(), other.title.lower()).ratio())
        for group in groups.values()
        for one, other in combinations(group, 2)
    ]
    return sorted((pair for pair in pairs if pair[2] >= least), key=lambda pair: -pair[2])


def _in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.date, event.id)))


def _without_id(event: Event) -> dict[str, Any]:
    return {key: value for key, value in exchange.filled(event).items() if key != "id"}


def _change(act: Act, name: str, fields: Mapping[str, Any], *, who: str, why: str, when: date) -> Change:
    for what, text in (("who makes the change", who), ("why it is made", why)):
        if not text.strip() or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise BadEvent(f"Say in readable text {what}: {text!r} will not do.")
    return Change(number=0, when=when, who=who, why=why, act=act, id=name, fields=fields)


@cache
def shipped() -> Ledger:
    """Return all ledgers of the package as one, their logs joined into one chain."""
    folder = Path(str(files("palanca") / "data" / "ledger"))
    parts = [read(path) for path in sorted(folder.iterdir()) if path.is_dir()]
    events = _in_order(event for part in parts for event in part.events)
    return Ledger(events, changes.append((), (change for part in parts for change in part.log)))
