"""Shares that a text tells in numbers or words: two thirds, more than half, 80 percent."""

import re
from dataclasses import dataclass
from typing import Literal

from palanca.brief.check.words import any_of
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Strict

Relation = Literal["above", "below", "same"]
OF_EVERY = re.compile(r"(\d+) (?:of|in|out of|de) (?:every |each |cada )?(\d+)(?!\S)")
CENTS = re.compile(r"(\d+) (?:cents|centavos)")
NUMBER = re.compile(r"(\d+(?:[.,]\d+)?) (?:%|percent|per cent|por ciento)")


class Amounts(Strict):
    """Shares in words, `data/statements/amounts.yaml`."""

    exact: float
    about: float
    exact_of: float
    about_of: float
    least: float
    other_exact: float
    other_about: float
    rounds: dict[int, float]
    same_rate: float
    same_votes: float
    same_ratio: float
    rarely: float
    nearly: float
    shares: dict[str, float]
    times: dict[str, float]
    same_times: float
    nearly_same: float
    units: dict[str, int]
    parts: dict[str, int]
    every: dict[str, int]
    places: dict[str, int]
    numbers: dict[str, int]
    articles: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A share, sum or count, and how a value is set beside it.

    Attributes:
        within: how far the value may be off where the relation is `same`.
        loose: how far it may be off so that a round number told outright is neither right nor wrong.
    """

    value: float
    relation: Relation
    within: float
    words: str
    loose: float = 0


def amount(words: str) -> Amount | None:
    """Return the share that words tell; none where they tell none."""
    known = read("statements/amounts.yaml", Amounts)
    percent = _percent(words, known)
    if percent is None:
        return None
    outright, near = (
        min(most, max(known.least, part * percent))
        for most, part in ((known.exact, known.exact_of), (known.about, known.about_of))
    )
    relation = _relation(words, known)
    if relation:
        return Amount(percent, relation, 0, words)
    if any_of(known.near).search(words) or not NUMBER.search(words):
        return Amount(percent, "same", near, words)
    loose = max((off for step, off in known.rounds.items() if percent and percent % step == 0), default=0)
    return Amount(percent, "same", outright, words, loose if loose > outright else 0)


def _relation(words: str, known: Amounts) -> Relation | None:
    """Return above or below where the words say so; none where they say near or nothing."""
    if any_of(known.near).search(words):
        return None
    if any_of(known.above).search(words):
        return "above"
    return "below" if any_of(known.below).search(words) else None


def size(words: str, value: float) -> Amount:
    """Return a sum or count told in words; its own size tells how far it may be off."""
    known = limits()
    relation = _relation(words, known)
    part = known.other_about if any_of(known.near).search(words) else known.other_exact
    return Amount(value, relation or "same", 0 if relation else part * value, words)


def times(words: str) -> Amount:
    """Return how many times another a value is told to be; near where no words say above or below."""
    known = read("statements/amounts.yaml", Amounts)
    said = words.replace("-", " ").split()
    digits = [float(word.replace(",", ".")) for word in said if word[:1].isdigit()]
    factor = digits[0] if digits else next(known.times[word] for word in said if word in known.times)
    relation = _relation(words, known)
    return Amount(factor, relation or "same", 0 if relation else known.same_times * factor, words)


def limits() -> Amounts:
    """Return what counts as the same, as rare and as almost always."""
    return read("statements/amounts.yaml", Amounts)


def place(words: str) -> int:
    """Return the rank that words tell: the largest is first."""
    known = read("statements/amounts.yaml", Amounts).places
    return next((known[word] for word in words.replace("-", " ").split() if word in known), 1)


def number(words: str) -> str:
    """Return the digits of a number told in digits or as so many thousand."""
    known = read("statements/amounts.yaml", Amounts).numbers
    digits = re.sub(r"\D", "", words)
    size = digits or str(next((known[word] for word in words.split() if word in known), 1))
    return f"{size}000" if {"thousand", "mil"} & set(words.split()) else size


def _of_every(known: Amounts) -> re.Pattern[str]:
    """Return what finds so many of so many in words: three out of every four."""
    ones, tens = "|".join(known.units), "|".join(known.every)
    return re.compile(
        rf"\b({ones}) (?:\w+ ){{0,2}}?(?:of|in|out of|de)(?: every| each| cada)? ({tens})(?!\S)"
    )


def _percent(words: str, known: Amounts) -> float | None:
    if number := NUMBER.search(words) or CENTS.search(words):
        return float(number[1].replace(",", "."))
    if (parts := OF_EVERY.search(words)) and int(parts[2]):
        return 100 * int(parts[1]) / int(parts[2])
    told = words.replace("-", " ").split()
    if (parts := _of_every(known).search(words)) and parts[1] in known.units:
        return 100 * known.units[parts[1]] / known.every[parts[2]]
    part = next(
        (known.parts[one] for word in told for one in (word, word.removesuffix("s")) if one in known.parts),
        None,
    )
    if part:
        return 100 * next((known.units[word] for word in told if word in known.units), 1) / part
    return next((known.shares[word] for word in told if word in known.shares), None)
