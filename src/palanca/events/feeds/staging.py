"""One unit of work read and laid ready: rows by month, malformed rows, and what was counted.

A unit is written to a folder of its own, which gets its name only when it is whole; a unit whose folder
is there is not read again.
"""

import io
import json
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from palanca.errors import BadFeed
from palanca.events.feeds.blocks import Block, lines_block, quoted_blocks
from palanca.events.feeds.layouts import Layout
from palanca.events.feeds.opening import opened
from palanca.events.feeds.rows import SCHEMA, between
from palanca.events.feeds.shape import fitted, names_of
from palanca.events.feeds.units import Part, Unit, blocks

ROWS_HELD = 200_000  # before they are written
SUMMARY, FAULTS = "summary.json", "malformed.jsonl"


@dataclass(frozen=True)
class Job:
    """What every unit of an import has in common.

    Attributes:
        folder: where units are laid ready; every worker must see it.
        pair: keep only events between these two, ISO3.
    """

    folder: str
    layout: Layout
    pair: tuple[str, str] | None

    def place(self, number: int) -> Path:
        """Return the folder of a unit."""
        return Path(self.folder) / f"unit-{number:06d}"


def stage(job: Job, number: int, unit: Unit) -> int:
    """Read a unit and lay it ready, unless it is; return its number."""
    place = job.place(number)
    if not place.exists():
        draft = place.with_name(f".{place.name}-{uuid.uuid4().hex}")
        draft.mkdir(parents=True)
        try:
            _Draft(job, draft).fill(unit)
        except BadFeed:
            shutil.rmtree(draft)
            raise
        _take_name(draft, place)
    return number


def _take_name(draft: Path, place: Path) -> None:
    """Give a whole unit its name; where another worker was first, its copy, which is the same, stays."""
    try:
        os.rename(draft, place)
    except OSError:
        if not place.exists():
            raise
        shutil.rmtree(draft)


class _Draft:
    """A unit that is being read."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.folder = job, folder
        self.held: list[pl.DataFrame] = []
        self.months: Counter[str] = Counter()
        self.written = 0

    def fill(self, unit: Unit) -> None:
        with (self.folder / FAULTS).open("w", encoding="utf-8") as faults:
            parts = [self._part(part, number, faults) for number, part in enumerate(unit)]
        self._write()
        summary = {"parts": parts, "months": dict(sorted(self.months.items()))}
        (self.folder / SUMMARY).write_text(json.dumps(summary), encoding="utf-8")

    def _part(self, part: Part, number: int, faults: io.TextIOBase) -> dict[str, Any]:
        """Read one part; return what was counted in it."""
        digest, lines, kept, outside, reasons = blake2b(digest_size=16), 0, 0, 0, Counter[str]()
        for block in _read(part, self.job, digest):
            rows = between(block.rows, self.job.pair)
            outside += block.rows.height - rows.height
            kept += rows.height
            self._hold(rows)
            for line, reason, text in block.faults:
                reasons[reason] += 1
                told = {"part": number, "line": lines + line, "reason": reason, "text": text}
                faults.write(json.dumps(told, ensure_ascii=False) + "\n")
            lines += block.lines
        return {
            "file": part.file,
            "lines": lines,
            "kept": kept,
            "outside": outside,
            "reasons": dict(sorted(reasons.items())),
            "digest": digest.hexdigest(),
        }

    def _hold(self, rows: pl.DataFrame) -> None:
        self.held.append(rows)
        if sum(frame.height for frame in self.held) >= ROWS_HELD:
            self._write()

    def _write(self) -> None:
        """Write the rows held, one file per month."""
        rows = pl.concat([pl.DataFrame(schema=SCHEMA), *self.held])
        self.held.clear()
        by_month = rows.with_columns(month=pl.col("day").dt.strftime("%Y-%m"))
        for (month,), part in by_month.partition_by("month", as_dict=True, include_key=False).items():
            self.months[str(month)] += part.height
            part.write_parquet(self.folder / f"{month}.{self.written}.parquet", compression="lz4")
        self.written += 1


def _read(part: Part, job: Job, digest: Any) -> Iterator[Block]:
    layout = fitted(part.file, job.layout)
    columns = layout.of(names_of(part.file, layout), part.file)
    if layout.by_lines:
        for number, data in enumerate(blocks(part)):
            digest.update(data)
            first = layout.header and part.start == 0 and number == 0
            yield _headless(data, first, layout, columns)
        return
    with opened(part.file) as file:
        text = io.TextIOWrapper(_Hashed(file, digest), "utf-8-sig", "surrogateescape", newline="")  # type: ignore[type-var]
        if layout.header:
            text.readline()
            yield Block(1, pl.DataFrame(schema=SCHEMA), [])
        yield from quoted_blocks(text, layout, columns)


def _headless(data: bytes, first: bool, layout: Layout, columns: Any) -> Block:
    """Read a block, without the names of the columns if it begins with them."""
    if not first:
        return lines_block(data, layout, columns)
    rest = data[data.index(b"\n") + 1 :] if b"\n" in data else b""
    if not rest:
        return Block(1, pl.DataFrame(schema=SCHEMA), [])
    block = lines_block(rest, layout, columns)
    return Block(block.lines + 1, block.rows, [(line + 1, why, text) for line, why, text in block.faults])


class _Hashed(io.RawIOBase):
    """A file whose bytes go into a hash as they are read."""

    def __init__(self, file: Any, digest: Any) -> None:
        self.file, self.digest = file, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        self.digest.update(data)
        return len(data)
