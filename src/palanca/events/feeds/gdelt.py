"""GDELT's own lists of files, and the files, fetched and checked against the size and MD5 they give.

The master list has one line per file: size in bytes, MD5, address. The last-update list has the same for
the newest quarter of an hour.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from palanca.catalogue.sources.fetch import PATIENCE, Patience, download
from palanca.errors import BadFeed, DownloadError

MASTER = "http://data.gdeltproject.org/gdeltv2/masterfilelist.txt"
LATEST = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"
EVENTS = re.compile(r"/(\d{14})\.export\.CSV\.zip$")
LINE = re.compile(r"^(\d+) ([0-9a-f]{32}) (https?://\S+)$")
Advance = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Listed:
    """A file of events as GDELT lists it.

    Attributes:
        time: end of the quarter of an hour it covers, UTC.
    """

    url: str
    size: int
    md5: str
    time: datetime

    @property
    def name(self) -> str:
        """What the file is called on disk."""
        return self.url.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Listing:
    """The files of events on a list, and the lines that could not be read, with their number."""

    files: tuple[Listed, ...]
    malformed: tuple[tuple[int, str], ...]

    def between(self, since: date | None, until: date | None) -> tuple[Listed, ...]:
        """Return the files of those days, both included."""
        return tuple(
            one
            for one in self.files
            if (since is None or one.time.date() >= since) and (until is None or one.time.date() <= until)
        )


def listing(text: str) -> Listing:
    """Return what a list says; files other than of events are left out, and are no fault."""
    files, malformed = [], []
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.match(line.strip())
        if match is None:
            malformed.append((number, line))
        elif event := EVENTS.search(match[3]):
            time = _time(event[1])
            if time is None:
                malformed.append((number, line))
            else:
                files.append(Listed(match[3], int(match[1]), match[2], time))
    return Listing(tuple(files), tuple(malformed))


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S")
    except ValueError:
        return None


def fetch_listing(url: str, folder: Path, *, patience: Patience = PATIENCE) -> Listing:
    """Fetch a list anew and read it.

    Raises:
        DownloadError: it cannot be had.
        BadFeed: it names no file of events.
    """
    path = download(url, folder / url.rsplit("/", 1)[1], sha256=None, patience=patience)
    found = listing(path.read_text("utf-8", errors="replace"))
    if not found.files:
        raise BadFeed(f"{url} names no file of events: is it GDELT's list?")
    return found


def fetch(
    wanted: Sequence[Listed],
    folder: Path,
    *,
    advance: Advance | None = None,
    patience: Patience = PATIENCE,
) -> tuple[list[Path], list[str]]:
    """Fetch files that are not here whole; return those that are, and a fault for each that is not.

    A download that was cut off is resumed. One file that cannot be had does not keep the others away:
    GDELT's list names some that are gone.
    """
    here, faults = [], []
    for one in wanted:
        try:
            here.append(_fetched(one, folder, advance, patience))
        except DownloadError as error:
            faults.append(str(error))
    return here, faults


def _fetched(one: Listed, folder: Path, advance: Advance | None, patience: Patience) -> Path:
    path = folder / one.name
    if not _is_whole(path, one):
        told = (lambda done, total: advance(one.name, done, total)) if advance else (lambda done, total: None)
        download(one.url, path, sha256=None, size=one.size, advance=told, patience=patience)
        if not _is_whole(path, one):
            path.unlink()
            raise DownloadError(
                f"{one.url} is not the file that the list describes (MD5 {one.md5}): deleted."
            )
    return path


def _is_whole(path: Path, one: Listed) -> bool:
    if not path.is_file() or path.stat().st_size != one.size:
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest() == one.md5
