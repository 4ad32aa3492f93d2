"""A text as the check reads it: its language, sentences and words, each with its place."""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from palanca.brief.check.words import common_names, words
from palanca.catalogue import intake
from palanca.catalogue.text import LANGUAGES, Language
from palanca.errors import InputError
from palanca.events.coder import actors

Span = tuple[int, int]
WORD = re.compile(r"\w+")
TOKEN = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d|[.,]\d)|\d+(?:[.,]\d+)*"  # thousands may stand apart
    r"|['\u2019]s\b|(?:[^\W\d_]\.){2,}|\w+(?:[-'\u2019](?!s\b)\w+)*|[^\w\s]"
)
PARAGRAPH = re.compile(r"\n\s*\n|;\s*|(?<=[.!?])[\"\u201d\u00bb')\]]+\s+(?=[A-Z\u00c0-\u00dd\u00bf\u00a1])")
PART = re.compile(r"[,:()\u2014\u2013]\s+|\s[\u2014\u2013-]\s")
LONGEST = 1500  # characters that the segmenter is given at once
ARTICLES = {"the", "los", "las", "el", "la"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, sign or country of a sentence.

    Attributes:
        word: in lower case without accents; a country by whatever name as `§` and its ISO3 code.
        raw: as written.
    """

    word: str
    raw: str
    start: int
    end: int

    @property
    def country(self) -> str | None:
        """The country named."""
        return self.word[1:] if self.word.startswith("§") else None


def load(path: Path) -> str:
    """Return the text of a file.

    Raises:
        InputError: it is missing, empty, or not text.
    """
    found = intake.text(path, InputError)
    if not found.strip():
        raise InputError(f"{path} is empty.")
    return found


def plain(text: str) -> str:
    """Return the text in lower case without accents, every character in its place."""
    return "".join(_bare(char) for char in text)


def _bare(char: str) -> str:
    low = unicodedata.normalize("NFD", char.casefold())[:1]
    return "'" if low in "\u2019\u2018" else low or char


def language(text: str) -> Language:
    """Return whether a text is English or Spanish, by its most common words.

    Raises:
        InputError: it is in another language, or too short to tell.
    """
    found = WORD.findall(plain(text))
    known = words()
    counts = {name: sum(word in set(held) for word in found) for name, held in known.common.items()}
    best = max(counts, key=lambda name: counts[name])
    for name in LANGUAGES:
        if name == best and counts[name] >= known.least_share * len(found):
            return name
    raise InputError(
        "The text is neither in English nor in Spanish, or too short to tell: give --lang en or es."
    )


def sentences(text: str, lang: Language = "en") -> Iterator[Span]:
    """Yield the place of every sentence; a semicolon ends one too."""
    for start, end in _pieces(text):
        at = start
        for piece in _segmenter(lang).segment(text[start:end]):
            found = text.find(piece.strip(), at, end)
            if found < 0:
                break
            yield from _trimmed(text, found, found + len(piece.strip()))
            at = found + len(piece.strip())
        if text[at:end].strip():
            yield from _trimmed(text, at, end)


def _pieces(text: str) -> Iterator[Span]:
    """Yield paragraphs, long ones cut at a sentence: the segmenter takes time with the square of them."""
    for start, end in _between(text, (0, len(text)), PARAGRAPH):
        at = start
        while end - at > LONGEST and (cut := text.rfind(". ", at, at + LONGEST) + 1):
            yield from _trimmed(text, at, cut)
            at = cut
        yield from _trimmed(text, at, end)


@cache
def _segmenter(lang: Language) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # pysbd 0.3.4 has escapes that Python 3.12 warns of when it compiles them
        import pysbd

        return pysbd.Segmenter(language=lang, clean=False)


def parts(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the place of every part of a sentence between commas, colons, dashes and brackets."""
    yield from _between(text, sentence, PART)


def _between(text: str, span: Span, divider: re.Pattern[str]) -> Iterator[Span]:
    at = span[0]
    for match in divider.finditer(text, *span):
        yield from _trimmed(text, at, match.start())
        at = match.end()
    yield from _trimmed(text, at, span[1])


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def tokens(text: str, sentence: Span) -> list[Token]:
    """Return the words and signs of a sentence; a country's name is one word, its article within."""
    piece, offset = text[slice(*sentence)], sentence[0]
    named = [one for one in actors.mentions(piece) if plain(piece[one.start : one.end]) not in common_names()]
    found: list[Token] = []
    at = 0
    for one in named:
        found += _words(piece, at, one.start, offset)
        start = one.start
        if found and found[-1].word in ARTICLES and one.start - found[-1].end + offset <= 1:
            start = found.pop().start - offset
        found.append(Token(f"§{one.iso3}", piece[start : one.end], start + offset, one.end + offset))
        at = one.end
    return found + _words(piece, at, len(piece), offset)


def _words(piece: str, start: int, end: int, offset: int) -> list[Token]:
    return [
        Token(_norm(match[0]), match[0], match.start() + offset, match.end() + offset)
        for match in TOKEN.finditer(piece, start, end)
    ]


def _norm(raw: str) -> str:
    if raw[0].isdigit():
        return re.sub(r"\s", "", plain(raw))  # thousands may stand apart
    return "sí" if raw.casefold() == "sí" else plain(raw)  # "si" without its accent is a condition
