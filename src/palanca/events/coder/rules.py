"""The rules of the coder, `data/coder/rules.yaml`: which words tell of which kind of act, on what front."""

import re
from dataclasses import dataclass, replace
from functools import cache

from pydantic import Field, field_validator

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict
from palanca.events.coder.clauses import Standing, quoted, speaks_for_itself, standing

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
    planned: float


class Rules(Strict):
    """All rules.

    Attributes:
        quads: class of each kind as the labelled sentences number them.
        amounts_to: what an act that is only planned amounts to, where that is another kind.
        words_alone: kinds that are done by saying so, in a quotation too.
    """

    source: str = Field(min_length=5)
    score: Scoring
    words: dict[Language, frozenset[str]]
    kinds: dict[str, KindRule]
    doubt: Patterns
    amounts_to: dict[str, str]
    words_alone: frozenset[str]
    quads: dict[str, int]
    fronts: dict[str, Patterns]
    instruments: dict[str, Patterns]


@dataclass(frozen=True)
class Found:
    """A kind of act that the words from `start` to `end` tell of.

    Attributes:
        standing: done, or only planned or reported.
        quotation: where the quotation that tells of it begins and ends.
    """

    kind: str
    weight: float
    rule: str
    start: int
    end: int
    standing: Standing = "done"
    quotation: tuple[int, int] | None = None


@cache
def rules() -> Rules:
    """Return the rules."""
    return read("coder/rules.yaml", Rules)


def kind_of(sentence: str, language: Language) -> Found | None:
    """Return the kind of act that a sentence tells of most surely, if any.

    What it denies, supposes, wishes or gives to critics and the like is none; a plan to do harm is a threat.
    """
    best: Found | None = None
    sentence = sentence[:-1].replace(".", "·") + sentence[-1:]  # patterns stop at a full stop
    for kind, weight, number, pattern in _kinds(language):
        for match in pattern.finditer(sentence):
            rule = f"{kind}.{language}.{number}"
            found = _judged(sentence, Found(kind, weight, rule, *_anchor(match)), language)
            if found and (best is None or found.weight > best.weight):
                best = found
    return best


MODAL = re.compile(r"\b(?:will|would|going to|\w{2,}r(?:á|án|emos|é))\b", re.IGNORECASE)
CONDITION = re.compile(r"(?:if|unless|si)\b", re.IGNORECASE)


def _anchor(match: re.Match[str]) -> tuple[int, int]:
    """Return where the words that tell of the act stand; after a condition that leads, from their verb on."""
    modal = MODAL.search(match[0]) if CONDITION.match(match[0]) else None
    return match.start() + (modal.start() if modal else 0), match.end()


def _judged(sentence: str, found: Found, language: Language) -> Found | None:
    """Return what is left of an act when the whole sentence is read, if anything."""
    span = (found.start, found.end)
    told, quotation = standing(sentence, span, language), quoted(sentence, span)
    if told not in ("done", "planned", "reported"):
        return None
    kinds = rules().amounts_to
    kind = kinds.get(found.kind, found.kind) if told == "planned" else found.kind
    if quotation and not (kind in rules().words_alone and _own(sentence, span, quotation, language)):
        return None
    if kind != found.kind or (kind in kinds.values() and MODAL.search(sentence, *span)):
        told = "done"
    return replace(found, kind=kind, weight=rules().kinds[kind].weight, standing=told, quotation=quotation)


def _own(sentence: str, span: tuple[int, int], quotation: tuple[int, int], language: Language) -> bool:
    """Return whether a quotation says what its speaker does or will do, not what others did."""
    return speaks_for_itself(sentence[slice(*quotation)], language) or bool(
        MODAL.search(sentence, quotation[0], span[1])
    )


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
