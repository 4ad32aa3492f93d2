"""One way of putting a thing for several: passives with a doer, deeds told as nouns, numbers in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import Field, RootModel

from palanca.brief.check.entries import spelled
from palanca.brief.check.numbers import digits
from palanca.brief.check.text import Token
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

MOST = 4  # times that one rule may hold in a sentence
GROUP = re.compile(r"<(\w+)>")


class Rule(Strict):
    """One rewriting.

    Attributes:
        cue: words of which the sentence must hold one, before the pattern is tried.
        of: what is found, as patterns of the catalogue are written, and `to` what stands in its place:
            words, and named places between angle brackets.
        within: what the sentence must also hold, for words that elsewhere mean something else.
        each: verbs by noun, one rule for each, at {noun} and {verb}.
    """

    cue: tuple[str, ...]
    of: str
    to: str
    within: str | None = None
    each: dict[str, str] = Field(default_factory=dict)

    def every(self) -> tuple["Rule", ...]:
        """Return the rule for each noun and its verb."""
        if not self.each:
            return (self,)
        nouns: dict[str, list[str]] = {}
        for noun, verb in self.each.items():
            nouns.setdefault(verb, []).append(noun)
        return tuple(
            Rule(
                cue=tuple(held),
                of=self.of.replace("{noun}", f"(?:{'|'.join(held)})"),
                to=self.to.replace("{verb}", verb),
                within=self.within,
            )
            for verb, held in nouns.items()
        )


class Rules(RootModel[dict[Language, tuple[Rule, ...]]]):
    """Rewritings by language, in order, `data/statements/normal.yaml`."""


@dataclass
class Line:
    """Words of a sentence, and the places of its periods among them."""

    tokens: list[Token]
    marks: list[int] = field(default_factory=list)

    def ends(self) -> tuple[str, dict[int, int], dict[int, int]]:
        """Return the words in one line, and which of them begins and ends at each place of it."""
        starts, stops, at = {}, {}, 0
        for index, token in enumerate(self.tokens):
            starts[at] = index
            at += len(token.word)
            stops[at] = index + 1
            at += 1
        return " ".join(token.word for token in self.tokens), starts, stops

    def put(self, start: int, end: int, new: Sequence[Token]) -> None:
        """Put words in the place of others; a period told among these stands before the new ones."""
        moved = len(new) - (end - start)
        self.tokens[start:end] = new
        self.marks = [mark if mark <= start else start if mark < end else mark + moved for mark in self.marks]


@cache
def rules(language: Language) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """Return the rewritings of a language, compiled."""
    held = read("statements/normal.yaml", Rules).root[language]
    every = (one for rule in held for one in rule.every())
    return tuple((one, _compiled(one.of, language)) for one in every)


def normal(tokens: Sequence[Token], marks: Sequence[int], language: Language) -> Line:
    """Return the words of a sentence as the rules rewrite them, and where its periods then stand."""
    told, places = digits(tokens, language)
    line = Line(told, [places[mark] for mark in marks])
    for rule, pattern in rules(language):
        flat = " ".join(token.word for token in line.tokens)
        if not any(cue in flat for cue in rule.cue) or not _within(rule, flat, language):
            continue
        at = 0
        for _ in range(MOST):
            found = _rewritten(line, rule, pattern, at)
            if found is None:
                break
            at = found
    return line


def _within(rule: Rule, flat: str, language: Language) -> bool:
    return rule.within is None or _compiled(rule.within, language).search(flat) is not None


@cache
def _compiled(pattern: str, language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{spelled(pattern, language)})(?!\S)")


def _rewritten(line: Line, rule: Rule, pattern: re.Pattern[str], at: int) -> int | None:
    """Rewrite the first place from a word on where a rule holds; return the word behind it."""
    flat, starts, stops = line.ends()
    begins = next((place for place, index in starts.items() if index >= at), len(flat))
    match = pattern.search(flat, begins)
    if match is None:
        return None
    start, end = starts[match.start()], stops[match.end()]
    first, new = line.tokens[start], []
    for item in rule.to.split():
        if place := GROUP.fullmatch(item):
            new += _held(line, match.span(place[1]))
        else:
            new.append(Token(item, item, first.start, line.tokens[end - 1].end))
    if new:  # the statement goes on to where the words did
        new[-1] = replace(new[-1], end=max(new[-1].end, line.tokens[end - 1].end))
    line.put(start, end, new)
    return start + len(new)


def _held(line: Line, span: tuple[int, int]) -> list[Token]:
    """Return the words that a named place holds; none where it holds none."""
    flat, starts, stops = line.ends()
    said = flat[slice(*span)] if span[0] >= 0 else ""
    if not said.strip():
        return []
    begins = span[0] + len(said) - len(said.lstrip())
    return line.tokens[starts[begins] : stops[begins + len(said.strip())]]
