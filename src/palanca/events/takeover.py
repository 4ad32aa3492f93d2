"""A ledger in the text form, taken over into a database whatever state an interrupted writer left it in.

The log stands. An event that only `events.csv` has was about to be logged when its writer was stopped, and
is added; where the two differ otherwise, the log is right. A log that was altered is refused: only
`palanca ledger repair` founds it anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from palanca.errors import BadEvent, BadLedger
from palanca.events import changes, exchange
from palanca.events.ledger import EVENTS, LOG, Ledger, differing, told_by, validated

WHO, WHY = "palanca", "Found in events.csv without its line in the log: its writer was interrupted"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """What a folder's text form holds.

    Attributes:
        notes: what was not as an undisturbed writer leaves it, and what was made of it.
    """

    ledger: Ledger
    notes: tuple[str, ...] = ()


def is_text(folder: Path) -> bool:
    """Return whether a folder holds the text form, or half of it."""
    return (folder / EVENTS).is_file() or (folder / LOG).is_file()


def taken(folder: Path, start: Ledger) -> Taken:
    """Return what the text form in a folder tells; `start` where there is no log.

    Raises:
        BadLedger: the log was altered; every fault is listed.
    """
    log, faults = changes.parse((folder / LOG).read_bytes()) if (folder / LOG).is_file() else (start.log, [])
    found, wrong = told_by(log)
    if faults or wrong:
        advice = f"See what can be kept of it: palanca ledger repair {folder}"
        raise BadLedger(f"{folder / LOG} cannot be used. {advice}", [*faults, *wrong])
    return joined(found, folder)


def joined(ledger: Ledger, folder: Path) -> Taken:
    """Return a ledger with the events that only the folder's `events.csv` has."""
    rows, notes = _rows(folder / EVENTS)
    known = {change.id for change in ledger.log}
    for row in sorted(
        (row for row in rows if row.get("id") not in known), key=lambda row: str(row.get("date"))
    ):
        try:
            ledger = ledger.add([row], who=WHO, why=WHY, when=date.today())
            notes.append(f"{row['id']}: it was in {EVENTS} only, and is added to the log")
        except BadEvent as error:
            notes.append(
                f"{row.get('id')}: it is in {EVENTS} only and is left out: {'; '.join(error.faults)}"
            )
    return Taken(ledger, (*notes, *_differences(ledger, rows)))


def _rows(path: Path) -> tuple[list[Row], list[str]]:
    if not path.is_file():
        return [], [f"{path.name} is missing: the log stands"]
    try:
        return list(exchange.rows(path)), []
    except BadLedger as error:
        return [], [f"{error} The log stands."]


def _differences(ledger: Ledger, rows: Sequence[Row]) -> Iterator[str]:
    stands = {event.id: event for event in ledger.events}
    for told in validated(rows)[0]:
        if told.id in stands and (fields := differing(told, stands[told.id])):
            yield f"{told.id}: {', '.join(fields)} differ in {EVENTS}: the log stands"
    if rows:
        lost = sorted(stands.keys() - {str(row.get("id")) for row in rows})
        yield from (f"{name}: {EVENTS} has lost it: the log stands" for name in lost)
