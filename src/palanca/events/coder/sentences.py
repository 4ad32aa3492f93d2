"""Sentences of a text with their place, their language, and the day they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.dates import get_month_names

from palanca.catalogue.text import LANGUAGES, Language
from palanca.events.coder.rules import rules

END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+(?=[\"“‘«(¿¡]*[A-ZÁÉÍÓÚÑ0-9])|\n\s*\n|\n(?=\s*[-*•#])")
SHORT = re.compile(
    r"(?:\b[A-Z]\.|\b(?:Mr|Mrs|Ms|Dr|Sr|Sra|Lic|Gen|Sen|Rep|Gov|St|No|Núm|Art|vs|etc|Jr|EE|UU)\.)$"
)
MONTHS = {
    name.lower(): number
    for code in LANGUAGES
    for number, name in get_month_names("wide", locale=code).items()
}
_NAMES = "|".join(MONTHS)
NAMED = (
    re.compile(
        rf"\b(?P<month>{_NAMES})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>(?:19|20)\d\d))?\b",
        re.I,
    ),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})º?\s+(?:de\s+)?(?P<month>{_NAMES})(?:,?\s+(?:del?\s+)?(?P<year>(?:19|20)\d\d))?\b",
        re.I,
    ),
)
YEAR_ONLY = re.compile(r"\b(?:in|during|en|durante)\s+(?:el año\s+)?((?:18|19|20)\d\d)\b", re.I)
MONTH_ONLY = re.compile(rf"\b(?P<month>{_NAMES})\s+(?:del?\s+)?(?P<year>(?:19|20)\d\d)\b", re.I)


# What is no running text: the head of a page in Markdown, addresses of links, and tags.
HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
MARKUP = re.compile(r"\]\([^()\s]*\)|<[^<>\n]{1,300}>|https?://\S+|[\[*_]{1,2}(?=\w)")


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it stands in its text; `text` has blanks where markup and line ends were."""

    start: int
    end: int
    text: str


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text; a line that only lacks its break is one with the next."""
    text = MARKUP.sub(_blank, HEAD.sub(_blank, text))
    start = 0
    for match in END.finditer(text):
        if SHORT.search(text[start : match.start()]) and "\n" not in match[0]:
            continue
        yield from _sentence(text, start, match.end())
        start = match.end()
    yield from _sentence(text, start, len(text))


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    bare = text[start:end]
    left = start + len(bare) - len(bare.lstrip())
    right = end - (len(bare) - len(bare.rstrip()))
    if right > left:
        yield Sentence(left, right, re.sub(r"\s", " ", text[left:right]))


def _blank(match: re.Match[str]) -> str:
    """Return as many blanks, so that every place stays."""
    return re.sub(r"[^\n]", " ", match[0])


def language(text: str) -> Language:
    """Return the language whose commonest words are more frequent; letters of Spanish alone count as one."""
    words = re.findall(r"[a-záéíóúñü]+", text.lower())
    known = rules().words
    marked = sum(bool(re.search("[áéíóúñ]", word)) for word in words) if not text.isascii() else 0
    counts = {code: sum(word in known[code] for word in words) for code in LANGUAGES}
    return max(LANGUAGES, key=lambda code: counts[code] + (marked if code == "es" else 0))


def named_day(text: str, published: date | None) -> tuple[date, Literal["day", "month", "year"]] | None:
    """Return the day, month or past year that a sentence names; without a year, the last one before."""
    for pattern in NAMED:
        for match in pattern.finditer(text):
            found = _day(match, published)
            if found is not None:
                return found, "day"
    month = MONTH_ONLY.search(text)
    if month:
        return date(int(month["year"]), MONTHS[month["month"].lower()], 1), "month"
    year = YEAR_ONLY.search(text)
    past = year and (published is None or int(year[1]) < published.year)
    return (date(int(year[1]), 1, 1), "year") if year and past else None


def _day(match: re.Match[str], published: date | None) -> date | None:
    month, day = MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        return _valid(int(match["year"]), month, day)
    if published is None:
        return None
    found = _valid(published.year, month, day)
    return found if found is None or found <= published else _valid(published.year - 1, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
