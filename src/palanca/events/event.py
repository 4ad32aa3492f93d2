"""One dated act of one government towards another, as a ledger holds it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from babel import Locale
from pydantic import BeforeValidator, Field, field_validator, model_validator

from palanca.catalogue.codes import groups
from palanca.catalogue.countries import countries
from palanca.catalogue.parameters import read
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.text import Day, Language, Number, Strict, Text

Class = Literal["pressure", "answer", "settlement", "context"]
Precision = Literal["day", "month", "year"]
Confidence = Literal["high", "medium", "low"]
SEPARATOR = ";"
ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
WORLD = "WLD"
ADDRESS = r"https?://\S+"
LENGTHS = {"day": 10, "month": 7, "year": 4}  # of an ISO date as far as it is known


class Kind(Strict):
    """What sort of act; `class` tells its place in an episode."""

    group: Class = Field(alias="class")
    title: Text
    meaning: str = Field(min_length=5)


class Term(Strict):
    """A front or an instrument."""

    title: Text
    meaning: str = ""


class Vocabulary(Strict):
    """The words an event may use, `data/ledger/vocabulary.yaml`."""

    kinds: dict[str, Kind]
    fronts: dict[str, Term]
    instruments: dict[str, Term]
    answers: dict[str, Term]
    outcomes: dict[str, Term]
    standings: dict[str, Term]
    written_in: Text

    def of(self, group: Class) -> frozenset[str]:
        """Return the kinds of one class."""
        return frozenset(name for name, kind in self.kinds.items() if kind.group == group)


def vocabulary() -> Vocabulary:
    """Return the words an event may use."""
    return read("ledger/vocabulary.yaml", Vocabulary)


@cache
def parties() -> frozenset[str]:
    """Return who may act: every country by ISO3, every group of countries, and the world."""
    return frozenset(countries()) | frozenset(groups()) | {WORLD}


def _blank(value: Any) -> Any:
    """Take an empty cell of a text file for a missing value."""
    return None if isinstance(value, str) and not value.strip() else value


def _several(value: Any) -> Any:
    """Take a cell as a list whose items are separated by semicolons."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(SEPARATOR) if item.strip())
    return value


MaybeDay = Annotated[Day | None, BeforeValidator(_blank)]
MaybeNumber = Annotated[Number | None, BeforeValidator(_blank)]
Names = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Event(Strict):
    """One dated act of an actor towards a target.

    Attributes:
        id: day, actor and a few words, lower case with hyphens; never used twice.
        date: the day of the act; with `precision` month or year, the first day it can be.
        actor: the government that acts, ISO3; a group of countries as in `data/codes/groups.csv`.
        target: the government it acts towards; the actor itself for changes at home.
        front: the issue on which pressure is exerted, which need not be that of the instrument.
        other_fronts: further issues the same act bears on.
        instrument: by what means.
        deadline: the day stated in the act for compliance, expiry or effect.
        linked_to: earlier events that this one answers, carries out, settles or follows.
        unit: of `magnitude`, and required with it.
        title_es: the title in Spanish, where the entry is written in another language.
        source: title of the document that shows the act.
        other_urls: addresses of further documents that show it.
        confidence: high where the document was read and shows who, what and when; how far its publisher
            carries is told by `palanca.events.publishers`.
        recorded_on: the day from which the public record shows the act, by default the last day that
            `date` can mean; a brief as of an earlier day leaves it out.
        language: ISO 639-1 code of title and detail; `title_es` is Spanish whatever it is.
    """

    id: str = Field(pattern=ID, max_length=80)
    date: Day
    precision: Precision = "day"
    actor: str
    target: str
    kind: str
    front: str
    other_fronts: Names = ()
    instrument: str
    deadline: MaybeDay = None
    linked_to: Names = ()
    title: str = Field(min_length=3, max_length=200)
    title_es: str = Field(default="", max_length=200)
    detail: str = Field(default="", max_length=2000)
    magnitude: MaybeNumber = None
    unit: str = ""
    source: str = Field(min_length=3)
    source_url: str = Field(default="", pattern=f"^({ADDRESS})?$")
    other_urls: Names = ()
    confidence: Confidence
    recorded_on: Day
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")

    @model_validator(mode="before")
    @classmethod
    def _recorded_when_over(cls, given: Any) -> Any:
        """Take the last day that `date` can mean where nobody says when the act became known."""
        if not isinstance(given, dict) or given.get("recorded_on"):
            return given
        try:
            last = period_end(str(given.get("date"))[: LENGTHS[given.get("precision") or "day"]])
        except (ValueError, KeyError):
            return given
        return {**given, "recorded_on": last}

    @field_validator("actor", "target")
    @classmethod
    def _is_a_party(cls, value: str) -> str:
        if value not in parties():
            raise ValueError(f"{value!r} is no country (ISO3) and no group of countries")
        return value

    @field_validator("kind")
    @classmethod
    def _is_a_kind(cls, value: str) -> str:
        return _known(value, vocabulary().kinds, "kind")

    @field_validator("front")
    @classmethod
    def _is_a_front(cls, value: str) -> str:
        return _known(value, vocabulary().fronts, "front")

    @field_validator("other_fronts")
    @classmethod
    def _are_fronts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(one, vocabulary().fronts, "front") for one in value)

    @field_validator("instrument")
    @classmethod
    def _is_an_instrument(cls, value: str) -> str:
        return _known(value, vocabulary().instruments, "instrument")

    @field_validator("other_urls")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [one for one in value if not re.fullmatch(ADDRESS, one)]:
            raise ValueError(f"no addresses: {', '.join(wrong)}; a semicolon inside one is written %3B")
        return value

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.magnitude is not None and not self.unit:
            raise ValueError("magnitude has no unit")
        if self.front in self.other_fronts:
            raise ValueError(f"other_fronts repeats the front {self.front!r}")
        if self.deadline and self.deadline < self.date:
            raise ValueError(f"deadline {self.deadline} lies before the event")
        if self.recorded_on < self.date:
            raise ValueError(f"recorded_on {self.recorded_on} lies before the event")
        return self

    @property
    def group(self) -> Class:
        """Class of the kind: pressure, answer, settlement or context."""
        return vocabulary().kinds[self.kind].group

    @property
    def fronts(self) -> tuple[str, ...]:
        """Every front the act bears on, the main one first."""
        return (self.front, *self.other_fronts)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address that shows the act, the main one first."""
        return tuple(filter(None, (self.source_url, *self.other_urls)))

    def titled(self, language: Language) -> str:
        """Return the title in a language; where there is none, as it is written, with its language said."""
        if language == self.language:
            return self.title
        if language == "es" and self.title_es:
            return self.title_es
        written = Locale(language).languages.get(self.language, self.language)
        return vocabulary().written_in[language].format(title=self.title, language=written)


FIELDS = tuple(Event.model_fields)


def _known(value: str, words: Mapping[str, object], what: str) -> str:
    if value not in words:
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(words)}")
    return value
