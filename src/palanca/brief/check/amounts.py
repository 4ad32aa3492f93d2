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
    same_rate: float
    same_votes: float
    rarely: float
    nearly: float
    shares: dict[str, float]
    times: dict[str, float]
    same_times: float
    units: dict[str, int]
    parts: dict[str, int]
    every: dict[str, int]
    places: dict[str, int]
    numbers: dict[str, int]
    above: tuple[str, ...]
    below: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A share in percent, and how a value is set beside it.

    Attributes:
        within: points that the value may be off where the relation is `same`.
    """

    percent: float
    relation: Relation
    within: float
    words: str


def amount(words: str) -> Amount | None:
    """Return the share that words tell; none where they tell none."""
    known = read("statements/amounts.yaml", Amounts)
    percent = _percent(words, known)
    if percent is None:
        return None
    if any_of(known.near).search(words):
        return Amount(percent, "same", known.about, words)
    if any_of(known.above).search(words):
        return Amount(percent, "above", 0, words)
    if any_of(known.below).search(words):
        return Amount(percent, "below", 0, words)
    return Amount(percent, "same", known.exact if NUMBER.search(words) else known.about, words)


def times(words: str) -> Amount:
    """Return how many times another a value is told to be; near where no words say above or below."""
    known = read("statements/amounts.yaml", Amounts)
    said = words.replace("-", " ").split()
    digits = [float(word.replace(",", ".")) for word in said if word[:1].isdigit()]
    factor = digits[0] if digits else next(known.times[word] for word in said if word in known.times)
    if not any_of(known.near).search(words):
        for relation, held in (("above", known.above), ("below", known.below)):
            if any_of(held).search(words):
                return Amount(factor, relation, 0, words)  # type: ignore[arg-type]
    return Amount(factor, "same", known.same_times * factor, words)


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


def _percent(words: str, known: Amounts) -> float | None:
    if number := NUMBER.search(words) or CENTS.search(words):
        return float(number[1].replace(",", "."))
    if (parts := OF_EVERY.search(words)) and int(parts[2]):
        return 100 * int(parts[1]) / int(parts[2])
    told = words.replace("-", " ").split()
    if {"every", "cada", "in", "out"} & set(told):
        over, under = (known.units.get(word) for word in told if word in known.units), known.every
        base = [under[word] for word in told if word in under]
        return 100 * next(filter(None, over), 0) / base[-1] if base else None
    part = next(
        (known.parts[one] for word in told for one in (word, word.removesuffix("s")) if one in known.parts),
        None,
    )
    if part:
        return 100 * next((known.units[word] for word in told if word in known.units), 1) / part
    return next((known.shares[word] for word in told if word in known.shares), None)
