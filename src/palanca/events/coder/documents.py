"""Documents to be read: plain text, HTML pages, JSON and JSON Lines, CSV."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from palanca.catalogue import intake
from palanca.errors import InputError

DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
HIDDEN = {"script", "style", "nav", "header", "footer", "noscript", "template", "svg", "form", "aside"}
BLOCKS = {
    "p",
    "div",
    "li",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "tr",
    "section",
    "article",
    "blockquote",
    "title",
}
DATES = {"article:published_time", "date", "dcterms.date", "datepublished", "pubdate"}


@dataclass(frozen=True)
class Document:
    """A text with what is known of it.

    Attributes:
        name: of the file, and the number of the document where a file holds several.
        text: what spans count in; of an HTML page, its text without what is hidden.
        published: the day.
    """

    name: str
    text: str
    published: date | None = None
    title: str = ""
    url: str = ""


def documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a file, by its ending: .html, .json, .jsonl, .csv, or else plain text.

    JSON objects and CSV rows need a column `text`; `date`, `title` and `url` are used where given.

    Raises:
        InputError: the file cannot be read, or holds no text.
    """
    try:
        content = intake.text(path, InputError)
        reader = {".html": _page, ".htm": _page, ".json": _json, ".jsonl": _json_lines, ".csv": _rows}
        yield from reader.get(path.suffix.lower(), _plain)(path, content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read as documents: {error}") from error


def _plain(path: Path, content: str) -> Iterator[Document]:
    yield Document(path.name, content, day_in(path.name))


def _page(path: Path, content: str) -> Iterator[Document]:
    page = _Page()
    page.feed(content)
    page.close()
    text = re.sub(r"[ \t\xa0]+", " ", "".join(page.text))
    text = re.sub(r" ?\n ?(?:\n ?)*", "\n", text).strip()
    yield Document(path.name, text, page.date or day_in(path.name), page.title.strip(), page.url)


def _json(path: Path, content: str) -> Iterator[Document]:
    found = json.loads(content)
    records = found if isinstance(found, list) else [found]
    yield from (_record(path, number, record) for number, record in enumerate(records, 1))


def _json_lines(path: Path, content: str) -> Iterator[Document]:
    lines = (line for line in content.split("\n") if line.strip())
    yield from (_record(path, number, json.loads(line)) for number, line in enumerate(lines, 1))


def _rows(path: Path, content: str) -> Iterator[Document]:
    expected = intake.Expected(InputError, dict.fromkeys(("text", "date", "title", "url"), ()))
    rows = intake.rows_of(content, expected, named=path.name)
    yield from (_record(path, number, row) for number, row in enumerate(rows, 1))


def _record(path: Path, number: int, record: Any) -> Document:
    text = record.get("text") if isinstance(record, Mapping) else None
    if not text:
        raise ValueError(f"document {number} has no `text`")
    given = {key: str(record.get(key) or "") for key in ("date", "title", "url")}
    return Document(f"{path.name}#{number}", str(text), day_in(given["date"]), given["title"], given["url"])


def day_in(text: str) -> date | None:
    """Return the first day written as 2026-11-23 in a text."""
    for match in DAY.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


class _Page(HTMLParser):
    """The visible text of a page, its title, address and date."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.title, self.url = "", ""
        self.date: date | None = None
        self.hidden, self.in_title = 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag tells, and begin a line where it does."""
        given = {name: value or "" for name, value in attrs}
        self.hidden += tag in HIDDEN
        self.in_title = tag == "title"
        if tag in BLOCKS:
            self.text.append("\n")
        if tag == "link" and given.get("rel") == "canonical":
            self.url = given.get("href", "")
        named = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
        told = (
            given.get("content", "") if named in DATES else given.get("datetime", "") if tag == "time" else ""
        )
        self.date = self.date or day_in(told)

    def handle_endtag(self, tag: str) -> None:
        """Leave what is hidden."""
        self.hidden = max(self.hidden - (tag in HIDDEN), 0)
        self.in_title = False
        if tag in BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep what a reader would see."""
        if self.in_title:
            self.title += data
        elif not self.hidden:
            self.text.append(re.sub(r"\s+", " ", data))
