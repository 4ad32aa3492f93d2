"""What single acts are about: kinds of acts by their verbs; things, numbers, names and days."""

import re
from collections.abc import Sequence
from functools import cache

from pydantic import RootModel

from palanca.brief.check import forms
from palanca.brief.check.numbers import Numbers
from palanca.brief.check.sentence import SIGNS
from palanca.brief.check.sides import NUMBER, read
from palanca.brief.check.text import Span, Token
from palanca.brief.check.words import ByLanguage, any_of, words
from palanca.catalogue.parameters import read as load
from palanca.catalogue.text import Language, Strict

STEM = 6  # letters by which words of no listed thing are compared
LONG = 3  # letters of the shortest word that limits an act
PERCENT = {"%", "percent"}
ACT = "~"  # before the kinds of an act that a verb beside the first tells


class Likeness(Strict):
    """How much of a telling a row must hold, `data/statements/likeness.yaml`."""

    share: float
    least: float
    undated: float
    doerless: int
    listed: float
    slight: float
    small: int
    alone: float
    other_share: float
    other_least: float
    other_alone: float
    unknown: float
    stray: float
    today: int
    rounding: float
    units: tuple[str, ...]
    kinds_of: dict[str, tuple[str, ...]]
    soft: tuple[str, ...]
    times: dict[str, int]
    idle: ByLanguage


def likeness() -> Likeness:
    """Return how much of a telling a row must hold."""
    return load("statements/likeness.yaml", Likeness)


@cache
def _idle(language: Language) -> frozenset[str]:
    return frozenset(likeness().idle[language])


class Kind(Strict):
    """One kind of single act: its verbs, what they leave undone, and which rows are such acts in any case.

    Attributes:
        either: kinds of rows in which it is an act of both sides, whoever the row names first.
        leads: whether what it is about may be told by another verb: to promise to do a thing.
    """

    en: tuple[str, ...]
    es: tuple[str, ...]
    denies: str = ""
    either: tuple[str, ...] = ()
    leads: bool = False
    kinds: tuple[str, ...] = ()
    means: tuple[str, ...] = ()

    def holds(self, kind: str, instrument: str) -> bool:
        """Return whether a row of a kind and an instrument is such an act."""
        told = bool(self.kinds or self.means)
        return (
            told and (not self.kinds or kind in self.kinds) and (not self.means or instrument in self.means)
        )


class Kinds(RootModel[dict[str, Kind]]):
    """All kinds by name, `data/statements/deeds.yaml`."""


class Things(RootModel[dict[str, dict[Language, tuple[str, ...]]]]):
    """What acts are about by name, `data/statements/concepts.yaml`."""


def kinds() -> dict[str, Kind]:
    """Return all kinds of single acts."""
    return load("statements/deeds.yaml", Kinds).root


@cache
def verbs(language: Language) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """Return what finds the verbs of all kinds, and the kinds that each form may be of."""
    whole = forms.english if language == "en" else forms.spanish
    held: dict[str, set[str]] = {}
    for name, kind in kinds().items():
        for verb in kind.en if language == "en" else kind.es:
            _, _, rest = verb.removeprefix("se ").partition(" ")
            for form in whole(verb):
                held.setdefault(f"{form} {rest}".strip(), set()).add(name)
    pattern = any_of(tuple(map(re.escape, held)))
    return pattern, {form: frozenset(names) for form, names in held.items()}


@cache
def small(language: Language) -> frozenset[str]:
    """Return determiners and pronouns."""
    return frozenset((*words().determiners[language], *words().pronouns[language]))


Limits = tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[int, int | None] | None, list[Token]]


def limits(tokens: Sequence[Token], language: Language, *, opens: bool = True) -> Limits:
    """Return the names, numbers with what they count, and day without a year among words, and the others.

    Args:
        opens: whether the first word opens a sentence, so that its capital tells nothing.
    """
    months = words().months[language]
    names, numbers, rest, day = [], [], [], None
    line = [token for token in tokens if token.word not in SIGNS]
    skip: set[int] = set()
    _, covered = concepts(line, language)
    for at, token in enumerate(line):
        near = [one.word for one in line[at + 1 : at + 6]]
        if at in skip:
            continue
        if token.word in months and token.raw[:1].isupper() | (language == "es"):
            following = near[0] if near and near[0].isdigit() and len(near[0]) < 3 else ""
            ahead = line[at - 1].word if at and line[at - 1].word.isdigit() else ""
            told = following or ahead
            day = (months[token.word], int(told) if told and int(told) < 32 else None)
            skip |= {at + 1} if following else set()
        elif NUMBER.match(token.word) or token.word in small_numbers(language):
            after = line[at + 2].word if len(near) > 1 and near[0] == "de" else near[0] if near else ""
            month = after in months
            value = small_numbers(language).get(token.word, token.word)
            numbers += [] if month else [(str(value), _counted(near, language))]
        else:
            rest.append(token)
            free = at not in covered and not _titled(line, at)
            free = free and (at > 0 or not opens)
            names += [token.raw] if free and _is_name(token, language) else []
    return tuple(names), tuple(numbers), day, rest


def small_numbers(language: Language) -> dict[str, int]:
    """Return the numbers that stay in words in a sentence, two and more."""
    held = load("statements/numbers.yaml", Numbers).values[language]
    return {word: value for word, value in held.items() if value > 1}


def _counted(near: Sequence[str], language: Language) -> str:
    """Return the thing that a number counts: the head of its noun, which English puts last."""
    if near and (near[0] in PERCENT or near[:2] in (["por", "ciento"], ["per", "cent"])):
        return "percent"
    stop = next((at for at, word in enumerate(near) if at and word in small(language) - {"de"}), len(near))
    flat = " ".join(near[:stop])
    found = [(match.start(), name) for name, one in _each(language) for match in one.finditer(flat)]
    return (max(found) if language == "en" else min(found))[1] if found else ""


def _is_name(token: Token, language: Language) -> bool:
    proper = token.raw[:1].isupper() and token.country is None and token.word.isalpha()
    common = (*words().heads[language], *words().harmless[language])
    if token.word in _idle(language) | small(language):
        return False
    return proper and not any_of(common).fullmatch(token.word)


@cache
def _each(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    held = load("statements/concepts.yaml", Things).root
    return tuple((name, any_of(told[language])) for name, told in held.items())


@cache
def listed() -> frozenset[str]:
    """Return the things that are listed by name."""
    return frozenset(load("statements/concepts.yaml", Things).root)


def things(tokens: Sequence[Token], language: Language) -> frozenset[str]:
    """Return what words are about: concepts, stems of other words, and codes of countries."""
    found, covered = concepts(tokens, language)
    about = set(found) - set(likeness().units)
    for index, classes_, _ in read(tokens, language):
        token = tokens[index]
        plain = not classes_ or any(one.startswith("about") for one in classes_)
        if token.country:
            about.add(token.word)
        elif index in covered or not plain or _titled(tokens, index):
            continue
        elif done := verbs(language)[1].get(token.word):
            about.add(ACT + "/".join(sorted(done)))
        elif _counts(token.word, language):
            about.add(stem(token.word))
    return frozenset(about)


def concepts(tokens: Sequence[Token], language: Language) -> tuple[frozenset[str], frozenset[int]]:
    """Return the concepts that words name, and which words name them; the longest of several that overlap."""
    flat, starts, at = " ".join(token.word for token in tokens), [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.word) + 1
    found = [(match.span(), name) for name, one in _each(language) for match in one.finditer(flat)]
    kept: list[tuple[Span, str]] = []
    for span, name in sorted(found, key=lambda one: one[0][0] - one[0][1]):
        if all(span[1] <= other[0] or other[1] <= span[0] or span == other for other, _ in kept):
            kept.append((span, name))
    covered = {at for at, start in enumerate(starts) for (first, last), _ in kept if first <= start < last}
    return frozenset(name for _, name in kept), frozenset(covered)


def _titled(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a word is the first name of somebody whose name tells a country."""
    ahead = [one for one in tokens[at : at + 3] if one.raw[:1].isupper()]
    return tokens[at].raw[:1].isupper() and any(one.country for one in ahead[1:])


def _counts(word: str, language: Language) -> bool:
    return len(word) >= LONG and word[0].isalpha() and word not in small(language) | _idle(language)


def stem(word: str) -> str:
    """Return the letters by which a word is compared with another of its kind."""
    bare = word.removesuffix("'s").removesuffix("s")
    return bare[:STEM]
