"""The files of an import cut into units of work of like size, each read on its own."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from palanca.errors import InputError
from palanca.events.feeds.layouts import Layout
from palanca.events.feeds.opening import is_whole, opened
from palanca.events.feeds.shape import fitted

BYTES_A_UNIT = 32_000_000
BYTES_A_BLOCK = 16_000_000


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
    if lost := [f"{path}{' is a folder' * path.is_dir()}" for path in paths if not path.is_file()]:
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
    cut = not is_whole(str(path)) and fitted(str(path), layout).by_lines
    step = size if cut else max(length, 1)
    return (Part(str(path), start, min(start + step, length)) for start in range(0, max(length, 1), step))


def fingerprint(paths: Sequence[Path], rules: object) -> str:
    """Return the name of an import: the same files, unchanged, and the same rules."""
    seen = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return sha256(json.dumps([seen, rules], default=str, sort_keys=True).encode()).hexdigest()[:16]


def blocks(part: Part) -> Iterator[bytes]:
    """Yield the whole lines that begin in a part, in blocks."""
    with opened(part.file) as file:
        if is_whole(part.file):
            yield from _whole_lines(file, None)
            return
        left = part.end - part.start
        if part.start:
            file.seek(part.start - 1)
            left -= len(file.readline()) - 1
        elif file.read(len(BOM_UTF8)) == BOM_UTF8:
            left -= len(BOM_UTF8)
        else:
            file.seek(0)
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
