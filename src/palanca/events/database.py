"""A ledger's log in one SQLite database, to which lines are added and from which nothing is taken.

Only the log is kept. Events are what it says and are read off it each time, so there are no two things
that could come to differ. Each act is one transaction, on the disk before it is acknowledged.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from palanca.catalogue.files import alone
from palanca.errors import BadLedger, UnwritableFolder
from palanca.events import changes
from palanca.events.changes import Change

DATABASE = "ledger.sqlite"
BESIDE = ("", "-wal", "-shm")  # what SQLite writes beside the database while it is open
PATIENCE_SECONDS = 120.0  # an act takes a tenth of a second, and many may wait for their turn
COLUMNS = ("number", "when", "who", "why", "act", "id", "fields", "previous", "sha256")
TABLE = """CREATE TABLE change (
  "number" INTEGER PRIMARY KEY, "when" TEXT NOT NULL, "who" TEXT NOT NULL, "why" TEXT NOT NULL,
  "act" TEXT NOT NULL, "id" TEXT NOT NULL, "fields" TEXT NOT NULL,
  "previous" TEXT NOT NULL, "sha256" TEXT NOT NULL
)"""
TRIGGERS = {
    "line_is_not_changed": """CREATE TRIGGER line_is_not_changed BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'a line of the log is never changed: add a correction'); END""",
    "line_is_not_removed": """CREATE TRIGGER line_is_not_removed BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'a line of the log is never removed: add a retraction'); END""",
    "line_follows_the_last": f"""CREATE TRIGGER line_follows_the_last BEFORE INSERT ON change
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM change)
  OR NEW.previous IS NOT coalesce((SELECT sha256 FROM change ORDER BY number DESC LIMIT 1), '{changes.START}')
BEGIN SELECT RAISE(ABORT, 'a line of the log follows the last one'); END""",
}
INSERT = f"INSERT INTO change VALUES ({', '.join('?' * len(COLUMNS))})"
SELECT = f"SELECT {', '.join(map('[{}]'.format, COLUMNS))} FROM change ORDER BY number"
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
UNREACHED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_FULL")
REASONS = {
    "SQLITE_FULL": "the disk is full. Free some space there, then run this again",
    "SQLITE_IOERR": "the disk is full or failing. See to it, then run this again",
    "SQLITE_BUSY": "another process has held it for two minutes. Wait for it to end, then run this again",
    "SQLITE_READONLY": "it is read-only. Choose another folder",
    "SQLITE_CANTOPEN": "it cannot be opened there. Choose another folder",
    "SQLITE_PERM": "permission is denied. Choose another folder",
}


Log = tuple[tuple[Change, ...], list[str]]
Answer = TypeVar("Answer")


def log(folder: Path) -> Log | None:
    """Return the log of a folder's database and what is wrong with it; None where there is no log yet.

    Nothing is written. Where the folder or the disk does not let SQLite share the database, a copy is read.

    Raises:
        BadLedger: the file is damaged.
        UnwritableFolder: it may not be read.
    """
    return _asked(folder, log_in)


def is_begun(folder: Path) -> bool:
    """Return whether a folder has a database with a log in it; raises as `log` does."""
    return bool(_asked(folder, _rules))


def _asked(folder: Path, question: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
    path = folder / DATABASE
    if not path.is_file():
        return None
    with told(folder, "read"):
        try:
            with opened(path) as held:
                return question(held)
        except sqlite3.OperationalError as error:
            if not _is(error, UNREACHED):
                raise
            with _copied(path) as copy, opened(copy) as held:
                return question(held)


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="palanca-") as place:
        for end in BESIDE[:2]:
            if (file := path.with_name(path.name + end)).is_file():
                shutil.copyfile(file, Path(place) / file.name)
        yield Path(place) / path.name


def _rules(held: sqlite3.Connection) -> set[str]:
    """Return the names of the table and of the rules that keep it; none where there is no log yet."""
    names = {str(name) for (name,) in held.execute("SELECT name FROM sqlite_master")}
    return names if "change" in names else set()


def log_in(held: sqlite3.Connection) -> Log | None:
    """Return the log in an open database and what is wrong with it; None where there is none yet."""
    rules = _rules(held)
    if not rules:
        return None
    found, faults = changes.examined(partial(line, row) for row in held.execute(SELECT))
    lost = sorted(TRIGGERS.keys() - rules)
    return found, [*faults, *(f"change log: the rule {name} was taken out of the database" for name in lost)]


def line(row: Sequence[Any]) -> dict[str, Any]:
    """Return a row of the table as the log has it."""
    named = dict(zip(COLUMNS, row, strict=True))
    return {**named, "fields": json.loads(named["fields"])}


@contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Hold a folder's database, made if need be, for one act: all of it is kept, or nothing.

    Others who write wait for their turn.

    Raises:
        UnwritableFolder: nothing was changed.
        BadLedger: the file is damaged, or an act would break its rules; nothing was changed.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder), opened(folder / DATABASE, "rwc") as held:  # SQLite alone lets the slow starve
            _write_ahead(held)
            held.execute("PRAGMA synchronous=FULL")
            held.execute("BEGIN IMMEDIATE")
            try:
                yield held
                held.execute("COMMIT")
            finally:
                if held.in_transaction:
                    held.execute("ROLLBACK")


def _write_ahead(held: sqlite3.Connection) -> None:
    """Let readers read while somebody writes; if others are just making the database, next time."""
    try:
        held.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if not _is(error, ("SQLITE_BUSY",)):
            raise


@contextmanager
def opened(path: Path, mode: str = "rw") -> Iterator[sqlite3.Connection]:
    """Hold a database open; `rwc` makes it if it is not there."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    held = sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        yield held
    finally:
        held.close()


def begin(held: sqlite3.Connection, log: Iterable[Change]) -> None:
    """Make the table of the log with its first lines, and the rules that keep it."""
    held.execute(TABLE)
    append(held, log)
    for rule in TRIGGERS.values():
        held.execute(rule)


def renew(held: sqlite3.Connection, log: Iterable[Change]) -> None:
    """Put another log in the place of the one that is there; only repair may."""
    held.execute("DROP TABLE change")  # its rules go with it
    begin(held, log)


def append(held: sqlite3.Connection, new: Iterable[Change]) -> None:
    """Add lines to the log."""
    held.executemany(INSERT, [_row({**change.record(), "sha256": change.sha256}) for change in new])


def _row(told: Mapping[str, Any]) -> tuple[Any, ...]:
    fields = json.dumps(told["fields"], ensure_ascii=False)
    return tuple(fields if name == "fields" else told[name] for name in COLUMNS)


@contextmanager
def told(folder: Path, deed: str = "write to") -> Iterator[None]:
    """Turn what SQLite or the disk refuses into one clear error."""
    try:
        yield
    except sqlite3.Error as error:
        raise _fault(folder / DATABASE, error, deed) from error
    except OSError as error:
        raise UnwritableFolder(f"Cannot {deed} {folder}: {error.strerror}. Choose another folder.") from error


def _fault(path: Path, error: sqlite3.Error, deed: str) -> BadLedger | UnwritableFolder:
    if _is(error, DAMAGED):
        return BadLedger(f"{path} is damaged ({error}). Run: palanca ledger repair {path.parent}")
    reason = next((said for code, said in REASONS.items() if _is(error, (code,))), None)
    if reason:
        return UnwritableFolder(f"Cannot {deed} {path}: {reason}. Nothing was changed.")
    return BadLedger(f"{path} cannot be used: {error}. Nothing was changed.")


def _is(error: sqlite3.Error, codes: Sequence[str]) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(tuple(codes))
