"""The rules of the coder, `data/coder/rules.yaml`: which words tell of which kind of act, on what front."""

import re
from dataclasses import dataclass
from functools import cache

from pydantic import Field, field_validator

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

Patterns = tuple[str, ...]


class KindRule(Strict):
    """What tells of one kind of act, by language; `weight` from 0 to 1."""

    weight: float = Field(gt=0, le=1)
    en: Patterns
    es: Patterns

    @field_validator("en", "es")
    @classmethod
    def _are_patterns(cls, value: Patterns) -> Patterns:
        for pattern in value:
            re.compile(pattern)
        return value


class Scoring(Strict):
    """Factors of a score, from 0 to 1."""

    both_sides: float
    one_side: float
    no_side: float
    front_found: float
    front_missing: float
    reported_doubt: float


class Rules(Strict):
    """All rules; `quads` gives the class of each kind as the labelled sentences number them."""

    source: str = Field(min_length=5)
    score: Scoring
    words: dict[Language, frozenset[str]]
    kinds: dict[str, KindRule]
    doubt: Patterns
    quads: dict[str, int]
    fronts: dict[str, Patterns]
    instruments: dict[str, Patterns]


@dataclass(frozen=True)
class Found:
    """A kind of act that the words from `start` to `end` tell of."""

    kind: str
    weight: float
    rule: str
    start: int
    end: int


@cache
def rules() -> Rules:
    """Return the rules."""
    return read("coder/rules.yaml", Rules)


def kind_of(sentence: str, language: Language) -> Found | None:
    """Return the kind of act that a sentence tells of most surely, if any."""
    best: Found | None = None
    sentence = sentence[:-1].replace(".", "·") + sentence[-1:]  # patterns stop at a full stop
    for kind, weight, number, pattern in _kinds(language):
        if best is not None and weight <= best.weight:
            continue
        if match := pattern.search(sentence):
            best = Found(kind, weight, f"{kind}.{language}.{number}", match.start(), match.end())
    return best


@cache
def _kinds(language: Language) -> list[tuple[str, float, int, re.Pattern[str]]]:
    return [
        (kind, rule.weight, number, re.compile(pattern, re.IGNORECASE))
        for kind, rule in rules().kinds.items()
        for number, pattern in enumerate(rule.es if language == "es" else rule.en, 1)
    ]


def front_of(sentence: str) -> str | None:
    """Return the first front, in the order of the rules, that a sentence has a word of."""
    return next((name for name, pattern in _words("fronts") if pattern.search(sentence)), None)


def instrument_of(sentence: str) -> str | None:
    """Return the first instrument, in the order of the rules, that a sentence has a word of."""
    return next((name for name, pattern in _words("instruments") if pattern.search(sentence)), None)


def is_doubtful(sentence: str) -> bool:
    """Return whether a sentence tells of what may be, rather than of what is."""
    return any(re.search(pattern, sentence) for pattern in rules().doubt)


@cache
def _words(which: str) -> list[tuple[str, re.Pattern[str]]]:
    found: dict[str, Patterns] = getattr(rules(), which)
    return [(name, re.compile("|".join(patterns), re.IGNORECASE)) for name, patterns in found.items()]
