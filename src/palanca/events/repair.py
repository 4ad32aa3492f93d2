"""What is wrong with a ledger in a folder, and what mends it without losing what can be read.

The lines of the log up to the first that does not hold stay as they are. Every later line that can be
read is sealed anew and says so; one that cannot be applied is left out and named.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import takewhile
from pathlib import Path

from palanca.errors import BadLedger
from palanca.events import changes, database
from palanca.events.changes import Change
from palanca.events.ledger import LOG, Ledger, told_by, validated
from palanca.events.own import nothing_yet, room, set_aside
from palanca.events.takeover import WHO, is_text, joined

RENEWED = " [sealed anew by palanca ledger repair on {day}]"
Left = list[tuple[Change, str]]  # changes that are left out, each with the reason
UNTIED = "What it was linked to is not on file after a repair"
NOTHING = (
    "It cannot be mended: put back a copy (an export), or move the folder away to begin anew. What is wrong:"
)


@dataclass(frozen=True)
class Repair:
    """What is wrong with a ledger and how it is mended.

    Attributes:
        faults: what is wrong; empty for a ledger that needs nothing.
        steps: what mending does about it.
        ledger: what would stand.
        damaged: whether SQLite can no longer use the file.
        kept: where a copy of what was there lies; None before anything is written.
    """

    faults: tuple[str, ...]
    steps: tuple[str, ...]
    ledger: Ledger
    damaged: bool = False
    kept: Path | None = None


def plan(folder: Path) -> Repair:
    """Return what is wrong with the ledger in a folder and what would mend it; nothing is written.

    Raises:
        BadLedger: there is no ledger, or nothing on file can be read.
        UnwritableFolder: it may not be read.
    """
    try:
        found = database.log(folder)
    except BadLedger as error:
        fault = f"{database.DATABASE} is damaged: {error.__cause__}"
        return replace(_mended(_reached(folder / database.DATABASE), [fault]), damaged=True)
    if found:
        return _mended(*found)
    if is_text(folder):
        return _of_text(folder)
    raise BadLedger(f"There is no ledger in {folder}, so there is nothing to mend.")


def mend(folder: Path) -> Repair:
    """Mend the ledger in a folder, after a copy of it is kept, and return what was done.

    Raises:
        BadLedger: as `plan`.
        UnwritableFolder: nothing was changed.
    """
    found = plan(folder)
    if not found.faults:
        return found
    if found.damaged:
        return _replaced(folder, found)
    with database.writing(folder) as held:
        return _renewed(held, folder)


def _renewed(held: sqlite3.Connection, folder: Path) -> Repair:
    """Mend an open database, with what others wrote since; or the text form, by taking it over."""
    log = database.log_in(held)
    found = _mended(*log) if log else _of_text(folder)
    if log is None:
        database.begin(held, found.ledger.log)
        return replace(found, kept=set_aside(folder))
    kept = room(folder)
    for end in database.BESIDE[:2]:
        if (file := folder / (database.DATABASE + end)).is_file():
            shutil.copyfile(file, kept / file.name)
    database.renew(held, found.ledger.log)
    return replace(found, kept=kept)


def _replaced(folder: Path, found: Repair) -> Repair:
    """Put a new database in the place of one that SQLite cannot use."""
    kept = room(folder)
    for end in database.BESIDE:
        with suppress(FileNotFoundError):
            os.replace(folder / (database.DATABASE + end), kept / (database.DATABASE + end))
    with database.writing(folder) as held:
        database.begin(held, found.ledger.log)
    return replace(found, kept=kept)


def _reached(path: Path) -> tuple[Change, ...]:
    """Return the lines of a damaged database that can be read, up to the first that cannot be reached."""
    rows: list[tuple[object, ...]] = []
    with suppress(sqlite3.DatabaseError), database.opened(path) as held:
        for row in held.execute(database.SELECT):
            rows.append(row)  # what came before the fault is kept
    return changes.examined(partial(database.line, row) for row in rows)[0]


def _of_text(folder: Path) -> Repair:
    path = folder / LOG
    log, faults = changes.parse(path.read_bytes()) if path.is_file() else (nothing_yet(folder).log, [])
    mended = _mended(log, faults, least=0)
    found = joined(mended.ledger, folder)
    if not found.ledger.events:
        raise BadLedger(NOTHING, [*mended.faults, *found.notes])
    return replace(
        mended,
        faults=(*mended.faults, *found.notes),
        steps=(*mended.steps, *found.notes, f"the text files are taken over into {database.DATABASE}"),
        ledger=found.ledger,
    )


def _mended(lines: Sequence[Change], broken: Sequence[str], *, least: int = 1) -> Repair:
    """Return what is wrong with a log, and the ledger that can be made of it."""
    whole, wrong = told_by(lines)
    if not broken and not wrong:
        return Repair((), (), whole)
    sound = _sound(lines)
    rest, left_out = _applied(sound, lines[len(sound) :])
    kept = changes.append(sound, rest)
    untied = _untied(kept)
    mended, unmended = told_by(changes.append(kept, untied))
    if unmended or len(kept) < least:
        raise BadLedger(NOTHING, [*broken, *wrong])
    steps = [
        f"{len(sound)} changes stay as they are",
        *([f"{len(rest)} changes after them are sealed anew, and their reasons say so"] if rest else []),
        *(f"change {one.number} ({one.act} {one.id}) is left out: {why}" for one, why in left_out),
        *(f"{one.id} is no longer linked to what is not on file" for one in untied),
    ]
    return Repair((*broken, *wrong), tuple(steps), mended)


def _untied(log: Sequence[Change]) -> list[Change]:
    """Return the corrections that take away links to events that are not on file."""
    events = validated(list(changes.fold(log).values()))[0]
    known = {event.id for event in events}
    blank = Change(number=0, when=date.today(), who=WHO, why=UNTIED, act="correct", id="", fields={})
    return [
        replace(blank, id=one.id, fields={"linked_to": [link for link in one.linked_to if link in known]})
        for one in events
        if not known.issuperset(one.linked_to)
    ]


def _sound(lines: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes before the first that does not hold."""
    broken = {index for index in range(len(lines)) if not _holds(lines, index)}
    return tuple(change for _, change in takewhile(lambda one: one[0] not in broken, enumerate(lines)))


def _holds(lines: Sequence[Change], index: int) -> bool:
    change, before = lines[index], lines[index - 1].sha256 if index else changes.START
    return change.number == index + 1 and change.previous == before and change.sha256 == change.seal()


def _applied(sound: Sequence[Change], rest: Sequence[Change]) -> tuple[list[Change], Left]:
    """Return the changes that can follow the sound ones, marked as sealed anew, and those that cannot.

    An event may break the schema half-way, so only what stands in the end is judged. Where it does not
    hold, the altered changes to it are left out; where that does not help, all after the break.
    """
    kept, left_out = _in_turn(sound, rest)
    for suspected in (_altered, lambda _: True):
        wrong = _wrong([*sound, *kept])
        out = [change for change in kept if change.id in wrong and suspected(change)]
        kept, lost = _in_turn(sound, [change for change in kept if change not in out])
        left_out += [*((change, wrong[change.id]) for change in out), *lost]
    mark = RENEWED.format(day=date.today().isoformat())
    return [replace(one, who=one.who.strip() or "unknown", why=one.why + mark) for one in kept], left_out


def _altered(change: Change) -> bool:
    return change.sha256 != change.seal()


def _in_turn(sound: Sequence[Change], rest: Iterable[Change]) -> tuple[list[Change], Left]:
    """Return the changes that add an event once or change one that was added, and the others."""
    known = {change.id for change in sound}
    kept, left_out = list[Change](), list[tuple[Change, str]]()
    for change in rest:
        if (change.act == "add") == (change.id in known):
            left_out.append(
                (change, f"the event was {'added before' if change.act == 'add' else 'never added'}")
            )
        else:
            kept.append(change)
            known.add(change.id)
    return kept, left_out


def _wrong(log: Iterable[Change]) -> dict[str, str]:
    """Return the events that break the schema after all changes, and how."""
    faults = {name: validated([fields])[1] for name, fields in changes.fold(log).items()}
    return {name: "; ".join(found) for name, found in faults.items() if found}
