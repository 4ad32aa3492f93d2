"""The files of an import cut into units of work of like size, each read on its own."""

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from palanca.errors import BadFeed, InputError
from palanca.events.feeds.layouts import Layout

BYTES_A_UNIT = 32_000_000
BYTES_A_BLOCK = 16_000_000
PACKED = (".zip", ".gz")


@dataclass(frozen=True)
class Part:
    """The bytes of a file from `start` to `end`: the lines that begin there. A packed file is one part."""

    file: str
    start: int
    end: int


Unit = tuple[Part, ...]


def units(paths: Sequence[Path], layout: Layout, *, size: int = BYTES_A_UNIT) -> list[Unit]:
    """Return the work: large files cut, small ones put together, in the order of `paths`.

    Raises:
        InputError: files that are not there.
    """
    if lost := [str(path) for path in paths if not path.is_file()]:
        raise InputError("No such files:", lost)
    made: list[Unit] = []
    open_unit: list[Part] = []
    held = 0
    for part in (part for path in paths for part in _parts(path, layout, size)):
        open_unit.append(part)
        held += part.end - part.start
        if held >= size:
            made.append(tuple(open_unit))
            open_unit, held = [], 0
    return [*made, tuple(open_unit)] if open_unit else made


def _parts(path: Path, layout: Layout, size: int) -> Iterator[Part]:
    length = path.stat().st_size
    step = size if layout.by_lines and path.suffix not in PACKED else max(length, 1)
    return (Part(str(path), start, min(start + step, length)) for start in range(0, max(length, 1), step))


def fingerprint(paths: Sequence[Path], rules: object) -> str:
    """Return the name of an import: the same files, unchanged, and the same rules."""
    seen = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return sha256(json.dumps([seen, rules], default=str, sort_keys=True).encode()).hexdigest()[:16]


def blocks(part: Part) -> Iterator[bytes]:
    """Yield the whole lines that begin in a part, in blocks."""
    with opened(part.file) as file:
        if part.file.endswith(PACKED):
            yield from _whole_lines(file, None)
            return
        left = part.end - part.start
        if part.start:
            file.seek(part.start - 1)
            left -= len(file.readline()) - 1
        if left > 0:
            yield from _whole_lines(file, left)


def _whole_lines(file: IO[bytes], left: int | None) -> Iterator[bytes]:
    while left is None or left > 0:
        data = file.read(BYTES_A_BLOCK if left is None else min(BYTES_A_BLOCK, left))
        if not data:
            return
        if not data.endswith(b"\n"):
            data += file.readline()
        left = left if left is None else left - len(data)
        yield data


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file, or what a zip or gzip file holds.

    Raises:
        BadFeed: a zip file is broken, or does not hold one file.
    """
    try:
        if name.endswith(".zip"):
            with zipfile.ZipFile(name) as archive, archive.open(_only_member(archive, name)) as file:
                yield file
        elif name.endswith(".gz"):
            with gzip.open(name) as file:
                yield io.BufferedReader(file)
        else:
            with open(name, "rb") as file:
                yield file
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadFeed(f"{name} is damaged ({error}). Fetch it again, or leave it out.") from error


def _only_member(archive: zipfile.ZipFile, name: str) -> str:
    members = [one.filename for one in archive.infolist() if not one.is_dir()]
    if len(members) != 1:
        raise BadFeed(f"{name} holds {len(members)} files where one was expected: unpack it first.")
    return members[0]


def header(name: str, layout: Layout) -> list[str]:
    """Return the names of a file's columns."""
    if not layout.header:
        return list(layout.columns)
    with opened(name) as file:
        line = file.readline().decode("utf-8-sig", "replace").rstrip("\r\n")
    if layout.by_lines:
        return line.split(layout.mark)
    return next(csv.reader([line], delimiter=layout.mark), [])
