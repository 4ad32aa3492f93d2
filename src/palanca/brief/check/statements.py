"""The catalogue of testable statements, and where a text makes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

from pydantic import Field, RootModel, model_validator

from palanca.brief.check import text as reading
from palanca.brief.check.text import Span
from palanca.catalogue import Text, countries
from palanca.catalogue.parameters import parameters, read
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.errors import BadParameter

GAP = r"(?:\W+\w+){0,4}?\W+"


class Meaning(Strict):
    """What each verdict on the statement, as the catalogue words it, means."""

    supported: Text
    contradicted: Text
    mixed: Text


class Statement(Strict):
    """One statement that texts make.

    Attributes:
        patterns: regular expressions without accents by language; `~` stands for up to four words.
        opposite: the same for words that state the contrary.
        test: name of the measure that decides, and key of `data/parameters/statements.yaml`.
        above: whether the statement holds above the threshold; below it otherwise.
        arguments: of the measure.
        why: why it cannot be tested, in place of a test.
    """

    title: Text
    patterns: dict[Language, tuple[str, ...]]
    opposite: dict[Language, tuple[str, ...]] = Field(default_factory=dict)
    test: str | None = None
    above: bool = True
    arguments: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    meaning: Meaning | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for patterns in (*self.patterns.values(), *self.opposite.values()):
            for pattern in patterns:
                compiled(pattern)
        if (self.test is None) == (self.why is None) or (self.test is None) != (self.meaning is None):
            raise ValueError("give either a test with its meaning or why there is none")
        if set(self.patterns) != set(LANGUAGES):
            raise ValueError("patterns are needed in both languages")
        return self


class Statements(RootModel[dict[str, Statement]]):
    """All statements by name, `data/statements/statements.yaml`."""


class Rule(Strict):
    """What a test is set against, and how far it is to be trusted."""

    unit: str
    threshold: float
    date: date
    source: str = Field(min_length=20)
    confidence: Confidence


class Rules(RootModel[dict[str, Rule]]):
    """All rules by test, `data/parameters/statements.yaml`."""


def statements() -> dict[str, Statement]:
    """Return every statement of the catalogue by name.

    Raises:
        BadParameter: an entry breaks the schema or names a test without a threshold.
    """
    found = read("statements/statements.yaml", Statements).root
    lost = [
        f"{name}: no threshold for {one.test!r}" for name, one in found.items() if one.test not in rules()
    ]
    lost = [fault for fault in lost if not fault.endswith("None")]
    if lost:
        raise BadParameter("data/statements/statements.yaml cannot be used:", lost)
    return found


def rules() -> dict[str, Rule]:
    """Return the threshold and confidence of every test by name."""
    return parameters("statements", Rules).root


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the catalogue as a regular expression of whole words."""
    return re.compile(rf"\b(?:{pattern.replace(' ~ ', GAP).replace(' ', chr(92) + 's+')})\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A statement where a text makes it.

    Attributes:
        name: of the statement; none where the catalogue has no entry for the words.
        affirmed: whether the text states it, or the contrary.
        supposed: whether it is put as possible, wished, asked or claimed by others, not as a fact.
        subject: the country it is about, ISO3.
    """

    name: str | None
    span: Span
    affirmed: bool = True
    supposed: bool = False
    subject: str | None = None


def mentions(text: str, lang: Language, subject: str) -> Iterator[Mention]:
    """Yield every statement of a text in order, those the catalogue does not know among them.

    Args:
        subject: the country that the text is about until it names another, ISO3.
    """
    bare = reading.plain(text)
    for sentence in reading.sentences(text):
        subjects = list(_subjects(text, bare, sentence, lang))
        found = _longest(_matches(bare, sentence, lang))
        made = [_mention(bare, sentence, lang, one, _last(subjects, one[1][0], subject)) for one in found]
        rest = [
            Mention(None, part) for part in reading.parts(text, sentence) if _uncovered(bare, part, found)
        ]
        yield from sorted((*made, *rest), key=lambda one: one.span)
        subject = subjects[-1][1] if subjects else subject


Match = tuple[str, Span, bool]


def _matches(bare: str, sentence: Span, lang: Language) -> Iterator[Match]:
    for name, one in statements().items():
        for patterns, affirmed in ((one.patterns, True), (one.opposite, False)):
            for pattern in patterns.get(lang, ()):
                for match in compiled(pattern).finditer(bare, *sentence):
                    yield name, match.span(), affirmed


def _longest(found: Iterator[Match]) -> list[Match]:
    """Return matches that do not overlap; where several do, the longest stays."""
    kept: list[Match] = []
    for one in sorted(found, key=lambda match: (match[1][0] - match[1][1], match[1])):
        if all(one[1][1] <= other[1][0] or other[1][1] <= one[1][0] for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda match: match[1])


def _mention(bare: str, sentence: Span, lang: Language, found: Match, subject: str) -> Mention:
    name, span, affirmed = found
    before = bare[reading.clause_start(bare, sentence, span[0], lang) : span[0]]
    inside = bare[slice(*span)]
    known = reading.words()
    supposed = bool(reading.any_of(known.supposes[lang]).search(before + inside))
    after = bare[span[1] : sentence[1]]
    told = before + reading.any_of(known.joins[lang]).split(after)[0]
    claimed = bool(reading.any_of(known.claims[lang]).search(told))
    asked = after.rstrip().endswith("?")
    return Mention(
        name, span, affirmed != denied(before, inside, lang), supposed or claimed or asked, subject
    )


def denied(before: str, inside: str, lang: Language) -> bool:
    """Return whether a clause turns round what it says: a denial or a failure, but not both.

    Args:
        before: the clause up to the words of the statement.
        inside: those words, where only a denial counts, as "far from" may be part of them.
    """
    known = reading.words()
    left = reading.any_of(known.idle[lang]).sub(" ", before)
    fails = reading.any_of(known.fails[lang])
    failed = bool(fails.search(left))
    return failed != bool(reading.any_of(known.denies[lang]).search(f"{fails.sub(' ', left)} {inside}"))


def _uncovered(bare: str, part: Span, found: list[Match]) -> bool:
    long = len(reading.WORD.findall(bare, *part)) >= reading.words().least_words
    return long and all(span[1] <= part[0] or part[1] <= span[0] for _, span, _ in found)


def _last(subjects: list[tuple[int, str]], at: int, before: str) -> str:
    return next((code for place, code in reversed(subjects) if place <= at), before)


def _subjects(text: str, bare: str, sentence: Span, lang: Language) -> Iterator[tuple[int, str]]:
    """Yield the countries named where a subject stands: at the start of a clause."""
    leads = reading.any_of(reading.words().leads[lang])
    for match in _names().finditer(bare, *sentence):
        code = _code(text[match.start() : match.end()])
        start = reading.clause_start(bare, sentence, match.start(), lang)
        if code and not reading.WORD.search(leads.sub(" ", bare[start : match.start()])):
            yield match.start(), code


def _code(name: str) -> str | None:
    """Return the country of a name; a short one counts only in capitals, as "us" is a word too."""
    known = _codes().get(reading.plain(" ".join(name.split())))
    return known if known and (len(name) > SHORT or name.isupper()) else None


SHORT = 4  # characters of a name that may be a word


@cache
def _codes() -> dict[str, str]:
    return {
        reading.plain(name): one.iso3
        for one in countries().values()
        for name in (one.iso3, one.name.en, one.name.es, *one.aliases)
    }


@cache
def _names() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_codes(), key=len, reverse=True)))
    return re.compile(rf"\b(?:{names})(?!\w)")
