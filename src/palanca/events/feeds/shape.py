"""How a file of a feed is really written, where that is not as its publisher lays it out.

Others save such files anew: with another separator, in UTF-16, with quotes or decimal commas; and
publishers rename their columns.
"""

import csv
import io
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from palanca.catalogue import intake
from palanca.errors import BadFeed
from palanca.events.feeds.layouts import SEPARATORS, Layout
from palanca.events.feeds.opening import beginning, encoding_of

SAMPLE_LINES = 200  # that show whether numbers have decimal commas
NUMBERS = ("intensity", "tone", "mentions", "sources", "articles")


def fitted(file: str, layout: Layout, *, tell: bool = False) -> Layout:
    """Return the layout that fits a file.

    Args:
        file: as published, or saved anew.
        layout: of its publisher.
        tell: say in the log what is not as published.
    """
    seen = Path(file).stat()
    found, told = _fitted(file, (seen.st_size, seen.st_mtime_ns), layout)
    if tell:
        intake.hear(Path(file).name, told)
    return found


@lru_cache(maxsize=65_536)
def _fitted(file: str, seen: tuple[int, int], layout: Layout) -> tuple[Layout, tuple[str, ...]]:
    """Return the layout that fits a file of a size and day, and what is not as published."""
    words = beginning(file)
    lines = [line for line in words.splitlines() if line.strip()][:SAMPLE_LINES]
    if not lines:
        return layout, ()
    separator = _separator(lines[0], layout)
    quoted = separator == "tab" and layout.header and lines[0].startswith('"')
    changed = layout.model_copy(update={"separator": separator, "quoted": quoted})
    rows = list(csv.reader(lines, delimiter=changed.mark, quoting=csv.QUOTE_NONE if changed.by_lines else 0))
    told = _told(file, layout, changed)
    if layout.header and rows:
        changed, renamed = _named(changed, [cell.strip() for cell in rows[0]])
        told += renamed
    if _decimal_comma(changed, rows):
        changed = changed.model_copy(update={"decimal_comma": True})
        told.append("decimal comma")
    return (changed if told else layout), tuple(told)


def _separator(line: str, layout: Layout) -> str:
    """Return what separates cells: what gives most of the columns, the publisher's own where several do."""

    def score(name: str) -> tuple[int, bool]:
        cells = next(csv.reader([line], delimiter=SEPARATORS[name]), [])
        if not layout.header:
            whole = len(layout.columns)
            return whole - layout.lacking <= len(cells) <= whole, name == layout.separator
        known = {column: layout.aliases.get(column, ()) for column in layout.map.values()}
        return len(intake.matched(cells, known)), name == layout.separator

    return max(SEPARATORS, key=score)


def _told(file: str, usual: Layout, found: Layout) -> list[str]:
    shape = intake.Shape(encoding_of(file), 0, found.mark)
    return shape.told(separator=usual.mark) + (["quoted"] if found.quoted else [])


def _named(layout: Layout, found: Sequence[str]) -> tuple[Layout, list[str]]:
    """Return the layout with the headings a file has, and what differs from the publisher's, in words."""
    wanted = {column: layout.aliases.get(column, ()) for column in layout.map.values()}
    names = intake.matched(found, wanted)
    told = [f"{theirs!r} as {ours}" for ours, theirs in names.items() if theirs != ours]
    renamed = {field: names.get(column, column) for field, column in layout.map.items()}
    text = layout.event_text
    if text and layout.map["code"] not in names and (column := intake.matched(found, {text.column: ()})):
        renamed["code"] = column[text.column]
        told.append(f"{layout.map['code']} from {text.column}")
        return layout.model_copy(update={"map": renamed, "codes": dict(codes(text.codes))}), told
    return layout.model_copy(update={"map": renamed}), told


@cache
def codes(name: str) -> tuple[tuple[str, str], ...]:
    """Return the code of each text of an event type, `data/feeds/<name>.csv`."""
    text = (files("palanca") / "data" / "feeds" / f"{name}.csv").read_text("utf-8")
    return tuple((row["text"], row["code"]) for row in csv.DictReader(io.StringIO(text)))


def _decimal_comma(layout: Layout, rows: Sequence[Sequence[str]]) -> bool:
    """Return whether numbers have decimal commas, and none has a point."""
    names = [cell.strip() for cell in rows[0]] if layout.header and rows else list(layout.columns)
    places = [names.index(layout.map[name]) for name in NUMBERS if layout.map.get(name) in names]
    cells = [row[place] for row in rows[layout.header :] for place in places if place < len(row)]
    return any("," in cell for cell in cells) and all(
        intake.COMMA.match(cell) for cell in cells if cell not in layout.empty
    )


def require_readable(paths: Sequence[Path], layout: Layout) -> None:
    """Tell how each file is written, and refuse those that lack columns; every one is in one error.

    Raises:
        BadFeed: files are of another layout.
    """
    faults = []
    for path in paths:
        found = fitted(str(path), layout, tell=True)
        try:
            found.of(names_of(str(path), found), str(path))
        except BadFeed as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise BadFeed(
            f"{len(faults)} files are not laid out as {layout.title}; name their format, or use --map:",
            [str(error).replace("\n", " ") for error in faults],
        )


def names_of(file: str, layout: Layout) -> list[str]:
    """Return the headings of a file that a layout was fitted to."""
    if not layout.header:
        return list(layout.columns)
    line = next((line for line in beginning(file).splitlines()), "")
    if layout.by_lines:
        return [cell.strip() for cell in line.split(layout.mark)]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=layout.mark), [])]
