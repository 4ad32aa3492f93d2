"""The one door for text files of others: encoding, separator, headings and decimal commas are recognised.

What is not as usual is told to the log, which the command line prints; what cannot be told apart is
refused, never guessed.
"""

import codecs
import csv
import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from palanca.errors import PalancaError

Error = type[PalancaError]
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)  # of damaged tables
HEAR = logging.getLogger("palanca.intake")
MARKS = {  # byte-order marks; the longer ones first
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
LEGACY = "cp1252"  # of spreadsheets in western Europe and Latin America
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 65_536  # bytes or cells that show how a file is written
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
BEYOND = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")  # a letter of UTF-8 that is not ASCII
COMMA = re.compile(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?([eE][+-]?\d+)?$")
POINT = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d+)?$")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text file of rows is written.

    Attributes:
        encoding: of its letters, as Python names it.
        mark: bytes of its byte-order mark.
        separator: between its cells.
    """

    encoding: str = "utf-8"
    mark: int = 0
    separator: str = ","

    def told(self, *, separator: str = ",") -> list[str]:
        """Return what is not as usual, in words."""
        marked = ["byte-order mark"] if self.mark and self.encoding == "utf-8" else []
        coded = [self.encoding.upper()] if self.encoding != "utf-8" else marked
        return [*([f"{SEPARATORS[self.separator]} separated"] if self.separator != separator else []), *coded]


UTF8 = Shape()


@dataclass(frozen=True)
class Expected:
    """What a reader wants of a table.

    Attributes:
        error: raised where the file cannot be used.
        headings: of its columns, with the other names they are known by.
        numbers: columns whose decimal comma, if they have one, becomes a point.
    """

    error: Error
    headings: Mapping[str, Sequence[str]]
    numbers: Sequence[str] = ()
    known: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = (name for key, aliases in self.headings.items() for name in (key, *aliases))
        object.__setattr__(self, "known", tuple(names))


def hear(name: str, told: Iterable[str]) -> None:
    """Tell how a file was read where that is not as usual."""
    if said := list(told):
        HEAR.info("%s read as: %s", name, ", ".join(said))


def content(path: Path, error: Error) -> bytes:
    """Return the bytes of a file.

    Raises:
        error: it is missing, a folder, not to be read, or empty.
    """
    try:
        found = path.read_bytes()
    except IsADirectoryError as fault:
        raise error(f"{path} is a folder: name a file in it.") from fault
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise error(f"{path} cannot be read: {why}.") from fault
    if not found.removeprefix(codecs.BOM_UTF8).strip():
        raise error(f"{path} is empty.")
    return found


def text(path: Path, error: Error) -> str:
    """Return the text of a file, in whichever encoding it is.

    Raises:
        error: it is missing, a folder, empty, or no text.
    """
    found = content(path, error)
    shape = encoded(found, path.name, error)
    hear(path.name, shape.told())
    return decoded(found, shape, path.name, error)


def decoded(found: bytes, shape: Shape, name: str, error: Error) -> str:
    """Return bytes as text.

    Raises:
        error: they are no text of that encoding.
    """
    try:
        words = found[shape.mark :].decode(shape.encoding)
    except UnicodeDecodeError as fault:
        raise error(f"{name} is not text in {shape.encoding.upper()}: byte {fault.start} is none.") from fault
    if odd := CONTROL.search(words):
        line = words.count("\n", 0, odd.start()) + 1
        raise error(
            f"{name} is not plain text: character {ord(odd[0])} in line {line}. Save it as plain text."
        )
    return words


def encoded(found: bytes, name: str, error: Error) -> Shape:
    """Return the encoding of a text by how it begins.

    Raises:
        error: it is in none that is known, or no text.
    """
    for mark, encoding in MARKS.items():
        if found.startswith(mark):
            return Shape(encoding, len(mark))
    sample = found[:SAMPLE]
    if b"\0" in sample:
        if wide := two_bytes(sample):
            return Shape(wide)
        raise error(f"{name} is not plain text but a binary file.")
    if _is_utf8(found):
        return UTF8
    if BEYOND.search(found) or CONTROL.search(found.decode("latin-1")):
        raise error(f"{name} is not text in UTF-8, nor in another encoding that is known. Save it as UTF-8.")
    return Shape(LEGACY)


def _is_utf8(found: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(found)
    except UnicodeDecodeError:
        return False
    return True


def two_bytes(sample: bytes) -> str | None:
    """Return which UTF-16 a text is in, if it is: of a Western text, one byte of every two is nought."""
    even, odd = sample[::2], sample[1::2]
    for encoding, empty, full in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if empty.count(0) > len(empty) // 2 and not full.count(0):
            return encoding
    return None


def separator(first: str, headings: Sequence[str]) -> str:
    """Return what separates the cells of a heading line: what gives most of the headings expected."""
    known = {_heading(one) for one in headings}

    def score(mark: str) -> int:
        return len(known & {_heading(cell) for cell in next(csv.reader([first], delimiter=mark), [])})

    return max(SEPARATORS, key=score)


def matched(found: Sequence[str], headings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the heading of a file for each expected one that it has: whatever its case, or an alias of it.

    Args:
        found: headings of the file.
        headings: expected heading → its aliases.
    """
    plain = {_heading(name): name for name in reversed(found)}
    named: dict[str, str] = {}
    for name, aliases in headings.items():
        if name in found:
            named[name] = name
        elif other := next((plain[key] for key in map(_heading, (name, *aliases)) if key in plain), None):
            named[name] = other
    return named


def _heading(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.strip("\ufeff").casefold())


def rows(path: Path, expected: Expected) -> list[dict[str, str]]:
    """Return the rows of a text file with a line of headings, under the headings expected where it has them.

    Cells beyond the headings stand under `(more cells)`.

    Raises:
        expected.error: it cannot be read as text, or a heading stands twice.
    """
    found = content(path, expected.error)
    shape = encoded(found, path.name, expected.error)
    return rows_of(decoded(found, shape, path.name, expected.error), expected, named=path.name, shape=shape)


def rows_of(words: str, expected: Expected, *, named: str, shape: Shape = UTF8) -> list[dict[str, str]]:
    """Return the rows of a text with a line of headings; see `rows`."""
    mark = separator(_first(words), expected.known)
    try:
        reader = csv.reader(io.StringIO(words, newline=""), delimiter=mark, strict=True)
        lines = [line for line in reader if line]
    except csv.Error as fault:
        raise expected.error(f"{named} is not a table: {fault}. Mend its quotes.") from fault
    if not lines:
        raise expected.error(f"{named} is empty.")
    names = _renamed(lines[0], expected, named)
    hear(named, replace(shape, separator=mark).told())
    return [_row(names, line) for line in lines[1:]]


def _first(words: str) -> str:
    return next((line for line in re.split(r"[\r\n]", words) if line.strip()), "")


def _row(names: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    more = {"(more cells)": ",".join(line[len(names) :])} if len(line) > len(names) else {}
    return {**dict(zip(names, line, strict=False)), **more}


def _renamed(found: Sequence[str], expected: Expected, named: str) -> list[str]:
    """Return headings under their expected names.

    Raises:
        expected.error: one stands twice, so that nobody can tell which column is meant.
    """
    stripped = [cell.strip() for cell in found]
    ours = {theirs: name for name, theirs in matched(stripped, expected.headings).items()}
    names = [ours.get(name, name) for name in stripped]
    known = set(map(_heading, expected.headings))
    alike = Counter(_heading(name) if _heading(name) in known else name for name in names)
    if twice := sorted(name for name, count in alike.items() if count > 1):
        raise expected.error(f"{named}: headings stand twice: {', '.join(map(repr, twice))}.")
    hear(named, [f"{theirs!r} as {name}" for theirs, name in ours.items() if theirs != name])
    return names


def scanned(path: Path, expected: Expected) -> pl.LazyFrame:
    """Return a table of text under its expected headings; UTF-8 is not read whole.

    Raises:
        expected.error: it cannot be read as text, a heading stands twice, or nobody can tell what a comma
            in a number means.
    """
    sample, shape = _sampled(path, expected.error)
    mark = separator(_first(sample), expected.known)
    names = _renamed(next(csv.reader([_first(sample)], delimiter=mark), []), expected, path.name)
    source = path if shape.encoding == "utf-8" else _recoded(path, shape, expected.error)
    try:
        frame = pl.scan_csv(source, separator=mark, infer_schema=False, new_columns=names)
        cells = frame.select(name for name in expected.numbers if name in names).head(SAMPLE).collect()
    except UNREADABLE as fault:
        raise expected.error(f"{path} cannot be read as a table: {str(fault).splitlines()[0]}.") from fault
    comma = [column.name for column in cells if has_comma(column, mark, expected.error)]
    hear(path.name, replace(shape, separator=mark).told() + [f"decimal comma in {name}" for name in comma])
    return frame.with_columns(_pointed(name) for name in comma)


def table(path: Path, expected: Expected) -> pl.DataFrame:
    """Return a table with its expected columns: text, and numbers, which are null where they are none.

    Raises:
        expected.error: as in `scanned`; or a line has more or fewer cells than there are headings.
    """
    try:
        frame = scanned(path, expected).collect()
    except UNREADABLE as fault:
        raise expected.error(f"{path} cannot be read as a table: {str(fault).splitlines()[0]}.") from fault
    numbers = [name for name in expected.numbers if name in frame.columns]
    return frame.with_columns(pl.col(numbers).str.strip_chars().cast(pl.Float64, strict=False))


def _sampled(path: Path, error: Error) -> tuple[str, Shape]:
    """Return how a file begins, and how it is encoded."""
    if not path.is_file() or path.stat().st_size <= SAMPLE:
        found = content(path, error)
        shape = encoded(found, path.name, error)
        return decoded(found, shape, path.name, error), shape
    with path.open("rb") as file:
        found = file.read(SAMPLE) + file.readline()
    shape = encoded(found, path.name, error)
    words = codecs.getincrementaldecoder(shape.encoding)("replace").decode(found[shape.mark :])
    return words, shape


def _recoded(path: Path, shape: Shape, error: Error) -> io.BytesIO:
    return io.BytesIO(decoded(content(path, error), shape, path.name, error).encode())


def _pointed(name: str) -> pl.Expr:
    """Return a number with its decimal point; what is none of decimal commas is left out."""
    cell = pl.col(name).str.strip_chars()
    pointed = cell.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(cell.str.contains(COMMA.pattern)).then(pointed).alias(name)


def has_comma(cells: pl.Series, mark: str, error: Error) -> bool:
    """Return whether numbers are written with a decimal comma.

    Raises:
        error: nobody can tell: 1,234 may be either unless semicolons separate, or both kinds are there.
    """
    numbers = cells.drop_nulls().str.strip_chars()
    commas = numbers.filter(numbers.str.contains(",", literal=True))
    if commas.is_empty():
        return False
    points = numbers.str.contains(r"^[^,]*\.\d+$") & ~numbers.str.contains(COMMA.pattern)
    told = mark == ";" or not commas.str.contains(POINT.pattern).all()
    if commas.str.contains(COMMA.pattern).all() and told and not points.any():
        return True
    raise error(
        f"{cells.name}: {commas[0]!r} may have a decimal comma or a thousand, or is no number. Write numbers "
        "with a decimal point, and thousands without a mark."
    )


def number(cell: str) -> str:
    """Return a number with its decimal point; a decimal comma is one where it cannot be a thousand."""
    bare = cell.strip()
    return bare.replace(".", "").replace(",", ".") if COMMA.match(bare) and not POINT.match(bare) else bare
