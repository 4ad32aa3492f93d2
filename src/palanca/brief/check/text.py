"""A text as the check reads it: language, sentences, clauses, each with its place."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from palanca.catalogue import intake
from palanca.catalogue.parameters import read as parameter
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.errors import InputError

Span = tuple[int, int]
WORD = re.compile(r"\w+")
SENTENCE = re.compile(
    r"(?<=[.!?])[\"')\]\u201d\u00bb]*\s+(?=\W*[A-Z\u00c0-\u00dd0-9\u00bf\u00a1])|;\s*|\n\s*\n"
)
PART = re.compile(r"[,:()\u2014\u2013]\s*")


class Words(Strict):
    """Words that tell a language, and words that a reading of clauses rests on."""

    common: dict[str, tuple[str, ...]]
    joins: dict[str, tuple[str, ...]]
    begins: dict[str, tuple[str, ...]]
    denies: dict[str, tuple[str, ...]]
    fails: dict[str, tuple[str, ...]]
    idle: dict[str, tuple[str, ...]]
    supposes: dict[str, tuple[str, ...]]
    claims: dict[str, tuple[str, ...]]
    leads: dict[str, tuple[str, ...]]
    least_share: float
    least_words: int


def words() -> Words:
    """Return the words that reading rests on, `data/statements/words.yaml`."""
    return parameter("statements/words.yaml", Words)


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


def sentences(text: str) -> Iterator[Span]:
    """Yield the place of every sentence; a semicolon ends one too."""
    yield from _between(text, (0, len(text)), SENTENCE)


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


def clause_start(bare: str, sentence: Span, at: int, lang: Language) -> int:
    """Return where the clause that holds the place `at` begins: after a comma or a word that joins.

    Args:
        bare: the text as `plain` gives it.
    """
    known = words()
    head = bare[sentence[0] : at]
    after = [match.end() for match in PART.finditer(head)]
    after += [match.end() for match in any_of(known.joins[lang]).finditer(head)]
    after += [match.start() for match in any_of(known.begins[lang]).finditer(head)]
    return sentence[0] + max(after, default=0)


def any_of(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of whole words: any of the alternatives, spaces of any width."""
    joined = "|".join(alternatives).replace(" ", r"\s+")
    return re.compile(rf"\b(?:{joined})\b")
