"""The change log of a ledger: who wrote what, when and why, each line sealed by the one before."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

Act = Literal["add", "correct", "retract", "reject"]
START = "0" * 64
KEYS = {"number", "when", "who", "why", "act", "id", "fields", "previous", "sha256"}
TYPES: Mapping[str, type] = {"number": int, "fields": dict}  # of the values in a line; all others are text


@dataclass(frozen=True)
class Change:
    """One line of the log.

    Attributes:
        number: counts from one without a gap.
        act: `add` an event, `correct` some of its fields, `retract` it, or `reject` a suggested link.
        fields: what the act sets, by field of the event; `{"linked_to": [id]}` for a link rejected.
        previous: seal of the line before; zeros for the first.
        sha256: seal of this line: of `previous` and everything else in it.
    """

    number: int
    when: date
    who: str
    why: str
    act: Act
    id: str
    fields: Mapping[str, Any]
    previous: str = START
    sha256: str = ""

    def record(self) -> dict[str, Any]:
        """Return the line as JSON, the seal left out."""
        return {
            "number": self.number,
            "when": self.when.isoformat(),
            "who": self.who,
            "why": self.why,
            "act": self.act,
            "id": self.id,
            "fields": dict(self.fields),
            "previous": self.previous,
        }

    def seal(self) -> str:
        """Return the SHA-256 of the line in its canonical form."""
        text = json.dumps(self.record(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def append(log: Sequence[Change], new: Iterable[Change]) -> tuple[Change, ...]:
    """Return the log with `new` at its end, numbered and sealed."""
    done = list(log)
    for change in new:
        previous = done[-1].sha256 if done else START
        numbered = replace(change, number=len(done) + 1, previous=previous)
        done.append(replace(numbered, sha256=numbered.seal()))
    return tuple(done)


def fold(log: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """Return the fields of every event that stands after all changes, in order of first entry."""
    state: dict[str, dict[str, Any]] = {}
    for change in log:
        if change.act == "add":
            state[change.id] = {"id": change.id, **change.fields}
        elif change.act == "correct" and change.id in state:
            state[change.id] = {**state[change.id], **change.fields}
        elif change.act == "retract":
            state.pop(change.id, None)
    return state


def rejected(log: Iterable[Change]) -> frozenset[tuple[str, str]]:
    """Return the links an analyst has refused, as (later, earlier)."""
    return frozenset(
        (change.id, earlier)
        for change in log
        if change.act == "reject"
        for earlier in change.fields.get("linked_to", ())
    )


def content(log: Iterable[Change]) -> bytes:
    """Return the bytes of the log file, one JSON object a line."""
    lines = ({**change.record(), "sha256": change.sha256} for change in log)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def parse(text: bytes) -> tuple[tuple[Change, ...], list[str]]:
    """Return the lines of a log that can be read, and what is wrong with it; nothing is raised."""
    lines = text.decode("utf-8", "replace").removesuffix("\n").split("\n") if text else []
    return examined(partial(json.loads, line) for line in lines)


def examined(lines: Iterable[Callable[[], Any]]) -> tuple[tuple[Change, ...], list[str]]:
    """Return the changes that can be read, and what is wrong with them as a log; nothing is raised.

    Args:
        lines: each returns one change as JSON, or raises if it cannot.
    """
    found: list[Change] = []
    faults: list[str] = []
    for place, line in enumerate(lines, 1):
        try:
            found.append(_change(line()))
        except (ValueError, TypeError, KeyError) as error:
            faults.append(f"change log, line {place}: it cannot be read ({error})")
    return tuple(found), [*faults, *faults_of(found)]


def _change(line: Mapping[str, Any]) -> Change:
    if not isinstance(line, dict) or set(line) != KEYS:
        raise ValueError(f"keys must be {', '.join(sorted(KEYS))}")
    wrong = [key for key in KEYS if not isinstance(line[key], TYPES.get(key, str))]
    if wrong:
        raise ValueError(f"{', '.join(sorted(wrong))} of another type than a log has")
    if line["act"] not in get_args(Act):
        raise ValueError(f"unknown act {line['act']!r}")
    return Change(**{**line, "when": date.fromisoformat(line["when"])})


def faults_of(log: Iterable[Change]) -> Iterator[str]:
    """Yield every place where the chain does not hold."""
    previous, expected, known = START, 1, set[str]()
    for change in log:
        where = f"change log, change {change.number}"
        if change.number != expected:
            yield f"{where}: number {expected} was expected; a line was removed, added or moved"
        if change.previous != previous:
            yield f"{where}: it does not follow the line before it; the chain is broken"
        if change.sha256 != change.seal():
            yield f"{where}: its text does not match its SHA-256; it was altered after it was written"
        if change.act == "add" and change.id in known:
            yield f"{where}: {change.id} was added before"
        if change.act != "add" and change.id not in known:
            yield f"{where}: {change.id} was never added"
        if not (change.who.strip() and change.why.strip()):
            yield f"{where}: who and why must be said"
        known.add(change.id)
        previous, expected = change.sha256, change.number + 1
