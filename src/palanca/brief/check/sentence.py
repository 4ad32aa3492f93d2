"""A sentence as the check reads it: words in one line, clauses, and what frames them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from palanca.brief.check import text as reading
from palanca.brief.check.normal import normal
from palanca.brief.check.periods import Placed, placed
from palanca.brief.check.text import Span, Token
from palanca.brief.check.words import any_of, words
from palanca.catalogue.text import Language

SIGNS = set(",:()—–;[]")
MARKS = {"“": "”", "«": "»", '"': '"'}
STOPS = set(".!?")
INVERTED = re.compile(r"^(?:(?:had|were|should) (?:§\w+|it|they|the)|de haber)(?!\S)")
SCORN = re.compile(r"^(?:how|what an?) |^¡|!\W*$|(?<!\S)one (?:gathers|imagines|supposes)(?!\S)")
FINITE = 3  # tokens after a comma within which a trailing report stands


@dataclass(frozen=True)
class Sentence:
    """The words of a sentence without its periods, which stand aside.

    Attributes:
        words: with signs, countries as codes.
        periods: with the token before which each stood.
    """

    words: tuple[Token, ...]
    periods: tuple[Placed, ...]
    language: Language
    span: Span
    asks: bool = False
    scorns: bool = False
    starts: tuple[int, ...] = field(default=(), repr=False)

    @cached_property
    def flat(self) -> str:
        """Return the words in one line."""
        return " ".join(token.word for token in self.words)

    def tokens(self, match: re.Match[str] | Span) -> Span:
        """Return the tokens that a match in the line covers."""
        start, end = match.span() if isinstance(match, re.Match) else match
        return bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)

    def line(self, start: int, end: int) -> str:
        """Return tokens in one line."""
        return " ".join(token.word for token in self.words[start:end])

    def found(self, phrases: Sequence[str]) -> Iterator[Span]:
        """Yield the tokens of every phrase of a list that the sentence holds, but for idle ones."""
        for match in any_of(tuple(phrases)).finditer(self.flat):
            span = self.tokens(match)
            if not any(start < span[1] and span[0] < end for start, end in self.idle):
                yield span

    @cached_property
    def idle(self) -> tuple[Span, ...]:
        """Return the tokens of phrases that look like a denial and are none."""
        pattern = any_of(words().idle[self.language])
        return tuple(self.tokens(match) for match in pattern.finditer(self.flat))

    @cached_property
    def reports(self) -> tuple[Span, ...]:
        """Return the tokens that give words to others."""
        false = self.falsehoods
        return tuple(
            one
            for one in self.found(words().reports[self.language])
            if not any(start < one[1] and one[0] < end for start, end in false)
        )

    @cached_property
    def falsehoods(self) -> tuple[Span, ...]:
        """Return the tokens that call what follows false."""
        return tuple(self.found(words().falsehood[self.language]))

    @cached_property
    def conditions(self) -> tuple[Span, ...]:
        """Return the tokens that put what is beside them under a condition."""
        found = list(self.found(words().modalities["conditional"][self.language]))
        return (*found, (0, 1)) if INVERTED.search(self.flat) else tuple(found)

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Return the tokens at which the author takes the word again."""
        return tuple(start for start, _ in self.found(words().turns[self.language]))

    def scope(self, at: int) -> Span:
        """Return the tokens between two turns that hold a token."""
        start = max((turn for turn in self.turns if turn <= at), default=0)
        return start, min((turn for turn in self.turns if turn > at), default=len(self.words))

    def quoted(self, span: Span) -> bool:
        """Return whether tokens stand in quotation marks."""
        opened, closing = False, ""
        for token in self.words[: span[0]]:
            if opened and token.word == closing:
                opened = False
            elif not opened and token.word in MARKS:
                opened, closing = True, MARKS[token.word]
        return opened and any(token.word == closing for token in self.words[span[1] - 1 :])

    def attributed(self, span: Span) -> bool:
        """Return whether the words are given to others: by a report before them, or one that closes."""
        start, end = self.scope(span[0])
        for first, last in self.reports:
            before = start <= first < span[0]
            closes = span[1] <= first < end and self._closes(span[1], first, last, end)
            if before or closes or span[0] <= first < span[1]:
                return True
        return self.quoted(span)

    def _closes(self, after: int, first: int, last: int, end: int) -> bool:
        commas = [at for at in range(after, first) if self.words[at].word == ","]
        rest = [token.word for token in self.words[last:end] if token.word not in STOPS]
        open_ = [at for at, word in enumerate(rest) if word in SIGNS]
        ends = len(rest) <= FINITE or (bool(open_) and open_[0] <= FINITE)
        return ends and (bool(commas) or first == after)

    def conditional(self, span: Span) -> bool:
        """Return whether a condition stands in the same part of the sentence."""
        start, end = self.scope(span[0])
        return any(start <= first < end for first, _ in self.conditions)


def sentences(text: str, language: Language) -> Iterator[tuple[Sentence, bool]]:
    """Yield every sentence of a text, and whether it opens a paragraph."""
    then, last = None, 0
    for span in reading.sentences(text, language):
        found = reading.tokens(text, span)
        periods = placed(found, language, then=then)
        known = [one.period.first for one in periods if one.period.first]
        then = known[-1] if known else then
        yield _sentence(text, span, found, periods, language), "\n\n" in text[last : span[0]]
        last = span[1]


def single(text: str, language: Language) -> Sentence:
    """Return a text that is one sentence."""
    found = reading.tokens(text, (0, len(text)))
    return _sentence(text, (0, len(text)), found, placed(found, language), language)


def _sentence(
    text: str, span: Span, found: list[Token], periods: list[Placed], language: Language
) -> Sentence:
    kept, moved = [], []
    for index, token in enumerate(found):
        inside = next((one for one in periods if one.start <= index < one.end), None)
        if inside is None:
            kept.append(token)
        elif index == inside.start:
            moved.append(Placed(inside.period, len(kept), len(kept)))
    line = normal(kept, [one.start for one in moved], language)
    kept = line.tokens
    moved = [Placed(one.period, at, at) for one, at in zip(moved, line.marks, strict=True)]
    starts, at = [], 0
    for token in kept:
        starts.append(at)
        at += len(token.word) + 1
    raw = text[slice(*span)]
    asks = raw.rstrip("\"”»') ").endswith("?") or raw.startswith("¿")
    flat = " ".join(token.word for token in kept)
    return Sentence(tuple(kept), tuple(moved), language, span, asks, bool(SCORN.search(flat)), tuple(starts))
