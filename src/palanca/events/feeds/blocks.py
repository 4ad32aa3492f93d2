"""Text of a feed's file as rows of text, block by block; lines that are no row are kept aside."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from palanca.errors import BadFeed
from palanca.events.feeds.layouts import Columns, Layout
from palanca.events.feeds.rows import LINE, typed

NEWLINE = 10
LONGEST = 65_535  # bytes of a line whose columns sixteen bits can surely count
ROWS_A_BLOCK = 50_000  # of a quoted file
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Block:
    """What one block of a file holds.

    Attributes:
        lines: how many lines it has.
        rows: the rows of the store it gives.
        faults: line, counted from the block's first, reason and text of each malformed row.
    """

    lines: int
    rows: pl.DataFrame
    faults: list[tuple[int, str, str]]


def lines_block(data: bytes, layout: Layout, columns: Columns) -> Block:
    """Read whole lines without quotes; each must be UTF-8 and have the right number of columns."""
    lines = Lines(data if data.endswith(b"\n") else data + b"\n", layout.mark)
    faults = lines.faults(columns)
    fine = np.ones(lines.count, dtype=bool)
    fine[list(faults)] = False
    parts = [
        _parsed(lines, fine & (lines.widths == width), layout, columns)
        for width in range(columns.least, columns.most + 1)
    ]
    rows, bad = typed(pl.concat(parts), layout)
    faults |= dict(bad.iter_rows())
    told = [(line, reason, lines.text(line)) for line, reason in sorted(faults.items())]
    return Block(lines.count, rows, told)


class Lines:
    """Where the lines of a block begin and end, and how many columns each has."""

    def __init__(self, data: bytes, mark: str) -> None:
        self.data = data
        letters = np.frombuffer(data, dtype=np.uint8)
        self.ends = np.flatnonzero(letters == NEWLINE)
        self.starts = np.concatenate([[0], self.ends[:-1] + 1])
        marks = (letters == ord(mark)).view(np.uint8)
        self.widths = np.add.reduceat(marks, self.starts, dtype=np.uint16).astype(np.int64) + 1
        for line in map(int, np.flatnonzero(self.ends - self.starts > LONGEST)):
            self.widths[line] = self.line(line).count(mark.encode()) + 1
        self.count = len(self.ends)

    def line(self, line: int) -> bytes:
        """Return one line without its end."""
        return self.data[self.starts[line] : self.ends[line]].rstrip(b"\r")

    def text(self, line: int) -> str:
        """Return one line; a byte that is not UTF-8 is written as its number."""
        return self.line(line).decode("utf-8", "backslashreplace")

    def faults(self, columns: Columns) -> dict[int, str]:
        """Return line and reason where a line cannot be a row."""
        wrong = np.flatnonzero((self.widths < columns.least) | (self.widths > columns.most))
        found = {int(line): f"{self.widths[line]} columns" for line in wrong}
        return found | dict.fromkeys(self._undecodable(), "not UTF-8")

    def _undecodable(self) -> Iterator[int]:
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            for line in range(self.count):
                if not _decodes(self.line(line)):
                    yield line

    def only(self, wanted: Mask) -> bytes:
        """Return the lines wanted, one after the other."""
        if wanted.all():
            return self.data
        edges = np.flatnonzero(np.diff(wanted.astype(np.int8), prepend=0, append=0))
        runs = zip(edges[::2], edges[1::2], strict=True)
        return b"".join(self.data[self.starts[first] : self.ends[last - 1] + 1] for first, last in runs)


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(lines: Lines, wanted: Mask, layout: Layout, columns: Columns) -> pl.DataFrame:
    """Return line and fields of the lines wanted, all of one width, as text."""
    numbers = pl.Series(LINE, np.flatnonzero(wanted), dtype=pl.Int64)
    data = lines.only(wanted)
    if not data:
        return raw_rows(numbers, {}, layout)
    width = int(lines.widths[int(numbers[0])])
    there = [index for index in columns.indices if index < width]
    frame = pl.read_csv(
        data,
        has_header=False,
        separator=layout.mark,
        quote_char=None,
        columns=there,
        schema={f"column_{index}": pl.String for index in range(width)},
    )
    if b"\r" in data and width - 1 in there:
        frame = frame.with_columns(pl.col(f"column_{width - 1}").str.strip_chars_end("\r"))
    found = {index: frame[f"column_{index}"] for index in there}
    return raw_rows(
        numbers,
        {field: found[place] for field, place in columns.places.items() if place in found},
        layout,
    )


def raw_rows(numbers: pl.Series, fields: dict[str, pl.Series], layout: Layout) -> pl.DataFrame:
    """Return the fields beside their lines; a field that is not in these rows is missing."""
    columns = [
        fields[name].alias(name) if name in fields else pl.lit(None, pl.String).alias(name)
        for name in layout.map
    ]
    return numbers.to_frame().with_columns(columns)


def quoted_blocks(stream: Iterable[str], layout: Layout, columns: Columns) -> Iterator[Block]:
    """Read a file whose cells may be quoted and run over lines; the lines counted are the file's.

    Raises:
        BadFeed: a quote is never closed.
    """
    reader, before = csv.reader(stream, delimiter=layout.mark), 0
    while True:
        records, started = [], before
        try:
            for record in reader:
                records.append((before - started, record))
                before = reader.line_num
                if len(records) == ROWS_A_BLOCK:
                    break
        except csv.Error as error:
            raise BadFeed(f"Line {before + 2}: a quote is never closed ({error}). Mend that line.") from error
        if not records:
            return
        yield _quoted_block(records, before - started, layout, columns)


def _quoted_block(
    records: Sequence[tuple[int, list[str]]], lines: int, layout: Layout, columns: Columns
) -> Block:
    whole = dict(records)
    faults = {line: f"{len(record)} columns" for line, record in records if not _fits(record, columns)}
    faults |= {line: "not UTF-8" for line, record in records if not _encodes(record)}
    fine = {line: record for line, record in records if line not in faults}
    cells = {
        field: pl.Series(field, [_cell(record, place) for record in fine.values()], dtype=pl.String)
        for field, place in columns.places.items()
    }
    rows, bad = typed(raw_rows(pl.Series(LINE, list(fine), dtype=pl.Int64), cells, layout), layout)
    faults |= dict(bad.iter_rows())
    told = [(line, reason, _shown(whole[line], layout)) for line, reason in sorted(faults.items())]
    return Block(lines, rows, told)


def _fits(record: Sequence[str], columns: Columns) -> bool:
    return columns.least <= len(record) <= columns.most


def _encodes(record: Sequence[str]) -> bool:
    """Return whether no byte of a record had to be smuggled in because it is not UTF-8."""
    try:
        "".join(record).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _cell(record: Sequence[str], place: int) -> str | None:
    return record[place] if place < len(record) else None


def _shown(record: Sequence[str], layout: Layout) -> str:
    text = layout.mark.join(record)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
