"""The catalogue of testable statements: how texts make them, and what each is set against."""

import re
from collections import Counter
from datetime import date
from functools import cache
from typing import Self

from pydantic import Field, RootModel, model_validator

from palanca.brief.check import forms
from palanca.brief.check.words import ByLanguage
from palanca.catalogue import Text
from palanca.catalogue.parameters import parameters, read
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.errors import BadParameter

SHORT, LONG = 4, 16  # words that " ~ " and " ~~ " may stand for
WORD = r"[\w§'’-]+"
PLACE = re.compile(r"\(\?P<(\w+)>")
MACRO = re.compile(r"(?<!\?P)<([\w.]+)>")


class Meaning(Strict):
    """What each verdict on the statement, as the catalogue words it, means."""

    supported: Text
    contradicted: Text
    mixed: Text


class Entry(Strict):
    """One statement that texts make.

    Attributes:
        patterns: regular expressions by language, as the head of `data/statements/statements.yaml` explains.
        opposite: the same for words that state the contrary.
        passive: the same where the grammatical subject is what was done; `by` tells who then did it: the
            country, its partner, or the owner of what is named.
        subjects: nouns that may stand as a subject for the country.
        takes: words that add nothing which the test would leave out.
        anyone: whether any subject may stand, as the pattern holds what the statement is about.
        hypothetical: whether the words put it under a condition that the test itself makes.
        about_other: whether the test is of the object, among whose partners the subject stands.
        test: name of the measure that decides, and key of `data/parameters/statements.yaml`.
        above: whether the statement holds above the threshold; below it otherwise.
        third: the entry that it is of where it is compared with a third country.
        arguments: of the measure.
        why: why it cannot be tested, in place of a test.
    """

    title: Text
    patterns: ByLanguage
    opposite: ByLanguage = Field(default_factory=dict)
    passive: ByLanguage = Field(default_factory=dict)
    subjects: ByLanguage = Field(default_factory=dict)
    takes: ByLanguage = Field(default_factory=dict)
    by: str = Field(default="own", pattern="^(own|partner|owner)$")
    anyone: bool = False
    hypothetical: bool = False
    about_other: bool = False
    test: str | None = None
    above: bool = True
    third: str | None = None
    arguments: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    meaning: Meaning | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.test is None) == (self.why is None) or (self.test is None) != (self.meaning is None):
            raise ValueError("give either a test with its meaning or why there is none")
        if set(self.patterns) != set(LANGUAGES):
            raise ValueError("patterns are needed in both languages")
        return self


class Entries(RootModel[dict[str, Entry]]):
    """All statements by name, `data/statements/statements.yaml`."""


class Frame(Strict):
    """More ways to make a statement, by verbs of one meaning; places as in `Entry`."""

    patterns: ByLanguage = Field(default_factory=dict)
    opposite: ByLanguage = Field(default_factory=dict)
    passive: ByLanguage = Field(default_factory=dict)
    subjects: ByLanguage = Field(default_factory=dict)
    takes: ByLanguage = Field(default_factory=dict)


class Frames(RootModel[dict[str, Frame]]):
    """The frames of the entries by name, `data/statements/frames.yaml`."""


def frames() -> dict[str, Frame]:
    """Return the frame of every entry that has one."""
    return read("statements/frames.yaml", Frames).root


class Rule(Strict):
    """What a test is set against, what of a statement it can take, and how far it is to be trusted.

    Attributes:
        takes: the parts of a statement beyond subject and predicate that the test uses.
    """

    unit: str
    threshold: float
    takes: tuple[str, ...] = ()
    date: date
    source: str = Field(min_length=20)
    confidence: Confidence


class Rules(RootModel[dict[str, Rule]]):
    """All rules by test, `data/parameters/statements.yaml`."""


class Classes(RootModel[dict[str, dict[Language, str]]]):
    """Words that patterns name between angle brackets, `data/statements/classes.yaml`."""


@cache
def entries() -> dict[str, Entry]:
    """Return every statement of the catalogue by name.

    Raises:
        BadParameter: an entry breaks the schema or names a test without a threshold.
    """
    found = read("statements/statements.yaml", Entries).root
    known = rules()
    lost = [
        f"{name}: no threshold for {one.test!r}"
        for name, one in found.items()
        if one.test and one.test not in known
    ]
    if lost:
        raise BadParameter("data/statements/statements.yaml cannot be used:", lost)
    return {name: _with(entry, frames().get(name)) for name, entry in found.items()}


def _with(entry: Entry, frame: Frame | None) -> Entry:
    """Return an entry with the patterns of its frame beside its own."""
    if frame is None:
        return entry
    more = {
        name: {lang: (*getattr(entry, name).get(lang, ()), *held) for lang, held in told.items()}
        for name, told in ((name, getattr(frame, name)) for name in Frame.model_fields)
    }
    return entry.model_copy(update={name: {**getattr(entry, name), **held} for name, held in more.items()})


def rules() -> dict[str, Rule]:
    """Return the threshold and confidence of every test by name."""
    return parameters("statements", Rules).root


class Organisations(RootModel[dict[str, str]]):
    """Organisations by the names that texts give them, `data/statements/organisations.yaml`."""


def organisations() -> dict[str, str]:
    """Return the code of every organisation by name, in lower case without accents."""
    return read("statements/organisations.yaml", Organisations).root


@cache
def compiled(pattern: str, language: Language) -> re.Pattern[str]:
    """Return a pattern of the catalogue as a regular expression of whole words.

    Raises:
        ValueError: it names words that `data/statements/classes.yaml` does not hold.
    """
    whole = spelled(pattern, language)
    for mark, most in (("~~", LONG), ("~", SHORT)):
        whole = whole.replace(f" {mark} ", rf" (?:{WORD} ){{0,{most}}}?")
        whole = whole.replace(mark, rf"{WORD}(?: {WORD}){{0,{most - 1}}}?")
    return re.compile(rf"(?<!\S)(?:{_apart(whole)})(?!\S)")


def _apart(pattern: str) -> str:
    """Return a pattern in which a place that is named again has a number behind its name."""
    seen: Counter[str] = Counter()

    def name(match: re.Match[str]) -> str:
        seen[match[1]] += 1
        return f"(?P<{match[1]}{seen[match[1]] if seen[match[1]] > 1 else ''}>"

    return PLACE.sub(name, pattern)


def spelled(pattern: str, language: Language) -> str:
    """Return a pattern with the words that its names between angle brackets stand for."""
    known = read("statements/classes.yaml", Classes).root

    def words(match: re.Match[str]) -> str:
        found = known[match[1]][language] if match[1] in known else forms.spelled(match[1], language)
        if found is None:
            raise ValueError(f"<{match[1]}> is in neither data/statements/classes.yaml nor lemmas.yaml")
        return found

    while MACRO.search(pattern):
        pattern = MACRO.sub(words, pattern)
    return pattern
