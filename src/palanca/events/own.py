"""The user's own ledger, and any other in a folder of its own: read it, or carry out one act on it.

A ledger begins at its first act: as a copy of what the package carries if it is the user's own, from the
text form if the folder holds one, empty otherwise.
"""

import os
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection

from palanca.catalogue.files import alone, settle
from palanca.catalogue.folders import user_data
from palanca.catalogue.snapshot import forget
from palanca.errors import BadLedger
from palanca.events import database
from palanca.events.ledger import EVENTS, LOG, Ledger, read, shipped, told_by
from palanca.events.takeover import Taken, is_text, taken

Tell = Callable[[str], None]
STALE = "tables/ledger_events.parquet"  # what older versions derived from the text form for briefs


def nothing(_message: str) -> None:
    """Tell nobody."""


def own_folder() -> Path:
    """Return where the user's own ledger lies."""
    return user_data() / "ledger"


def is_own() -> bool:
    """Return whether the user has a ledger of their own."""
    return database.is_begun(own_folder()) or is_text(own_folder())


def ledger(folder: Path | None = None, *, tell: Tell = nothing) -> Ledger:
    """Return the ledger in a folder; without one, the user's own, or else what the package carries.

    Nothing is written.

    Raises:
        BadLedger: it has faults; all are listed.
    """
    place = folder or own_folder()
    if _of_package(place) or (place.is_dir() and database.is_begun(place)):
        return read(place)
    return _told(_beginning(place), tell)


def carry_out(folder: Path | None, act: Callable[[Ledger], Ledger], *, tell: Tell = nothing) -> Ledger:
    """Return the ledger after an act, which is then on the disk; an act that raises changes nothing.

    Others may write at the same time: each act is carried out on what the one before it left.

    Args:
        act: returns the ledger with its changes, and does nothing else.
        tell: told what was taken over from the text form.

    Raises:
        BadLedger: the ledger has faults.
        UnwritableFolder: nothing was changed.
    """
    place = folder or own_folder()
    if _of_package(place):  # stays in the text form, under version control
        with alone(place):
            settle(place)
            after = act(read(place))
            after.write(place)
        return after
    if not (place / database.DATABASE).is_file():
        act(ledger(place))  # a refused act leaves no ledger behind
    with database.writing(place) as held:
        before, from_text = _before(held, place, tell)
        after = act(before)
        _require_sound(after)
        database.append(held, after.log[len(before.log) :])
    if from_text:
        tell(f"The ledger is now in {place / database.DATABASE}; its text files are in {set_aside(place)}.")
    forget()
    return after


def _before(held: Connection, place: Path, tell: Tell) -> tuple[Ledger, bool]:
    """Return the ledger in an open database, begun if need be, and whether it began from a text form."""
    kept = database.log_in(held)
    if kept is None:
        start = _told(_beginning(place), tell)
        database.begin(held, start.log)
        return start, is_text(place)
    found, faults = told_by(kept[0])
    if kept[1] or faults:
        raise BadLedger(
            f"{place} cannot be used. Run: palanca ledger repair {place}. What is wrong:", [*kept[1], *faults]
        )
    return found, False


def _beginning(place: Path) -> Taken:
    return taken(place, nothing_yet(place)) if is_text(place) else Taken(nothing_yet(place))


def nothing_yet(place: Path) -> Ledger:
    """Return what a ledger begins with: what the package carries if it is the user's own, else nothing."""
    return shipped() if place == own_folder() else Ledger(())


def _told(found: Taken, tell: Tell) -> Ledger:
    for note in found.notes:
        tell(note)
    return found.ledger


def _require_sound(made: Ledger) -> None:
    """Refuse to keep what could not be read again."""
    found, faults = told_by(made.log)
    if faults or found.events != made.events:
        raise BadLedger("Nothing was changed: the log would not say what the ledger says.", faults)


def set_aside(place: Path) -> Path:
    """Move the text form into a folder of its own, with the table derived from it; return that folder."""
    aside = room(place)
    for path in (place / EVENTS, place / LOG, *([user_data() / STALE] if place == own_folder() else [])):
        if path.is_file():
            os.replace(path, aside / path.name)
    return aside


def room(place: Path) -> Path:
    """Return a new folder under `kept`, named for the time, for what is replaced."""
    name = datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")
    folder = place / "kept" / name
    folder.mkdir(parents=True)
    return folder


def _of_package(place: Path) -> bool:
    return place.resolve().is_relative_to(Path(str(files("palanca") / "data")).resolve())
