"""Who published the documents that show an act, and the confidence that they allow."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import Self

from pydantic import Field, field_validator, model_validator

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Strict, Text
from palanca.events.event import Confidence, Event, parties

ORDER: tuple[Confidence, ...] = ("low", "medium", "high")
OFFICIAL, RECORD, UNCLASSIFIED = "official", "record", "unclassified"
ADDRESS = r"https?://([^/?#]*@)?(?P<host>[^/?#:@]+)(:\d*)?(?P<path>[^?#]*)"
PLACE = r"^[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s?#]*[^\s?#/])?$"


class SourceClass(Strict):
    """How far one document of a class carries.

    Attributes:
        alone: the confidence that one such document allows.
        counts: whether it is one of the two independent sources that allow high confidence.
    """

    title: Text
    alone: Confidence
    counts: bool
    meaning: str = Field(min_length=5)


class Carrier(Strict):
    """A host that reprints whole texts of others."""

    reason: str = Field(min_length=5)


class Publisher(Strict):
    """Who stands behind documents.

    Attributes:
        group: its class.
        of: countries whose acts, or acts towards whom, it is official about; all where empty.
        at: hosts, each with or without the beginning of a path.
        names: how a title of a source begins that names it.
        copies: publishers whose reports it repeats, so that the two are not independent.
    """

    title: str = Field(min_length=2)
    group: str = Field(alias="class")
    of: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    reason: str = Field(min_length=5)

    @field_validator("of")
    @classmethod
    def _are_parties(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - parties()):
            raise ValueError(f"no country (ISO3) and no group of countries: {', '.join(unknown)}")
        return value

    @field_validator("at")
    @classmethod
    def _are_places(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [one for one in value if not re.fullmatch(PLACE, one)]:
            raise ValueError(f"a host in lower case, with or without a path: not {', '.join(wrong)}")
        return value

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.at or self.names):
            raise ValueError("neither an address nor a name to know it by")
        return self


class Publishers(Strict):
    """All of `data/codes/source_classes.yaml`."""

    classes: dict[str, SourceClass]
    reasons: dict[Confidence, Text]
    carriers: dict[str, Carrier]
    publishers: dict[str, Publisher]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [
            f"class {name!r} is missing"
            for name in (OFFICIAL, RECORD, UNCLASSIFIED)
            if name not in self.classes
        ]
        faults += [
            f"carrier {one!r} is no host in lower case"
            for one in self.carriers
            if not re.fullmatch(PLACE, one)
        ]
        seen: dict[str, str] = dict.fromkeys(self.carriers, "a carrier")
        for name, one in self.publishers.items():
            if one.group not in self.classes:
                faults.append(f"{name}: unknown class {one.group!r}; known: {', '.join(self.classes)}")
            faults += [
                f"{name}: copies {other!r}, which is not listed"
                for other in one.copies
                if other not in self.publishers
            ]
            for mark in (*one.at, *one.names):
                if mark in seen:
                    faults.append(f"{name}: {mark!r} is also of {seen[mark]}")
                seen[mark] = name
        if faults:
            raise ValueError("; ".join(faults))
        return self


@dataclass(frozen=True)
class Standing:
    """One document behind an act.

    Attributes:
        publisher: name in the list, none where it is not in it.
        group: class of source.
    """

    publisher: str | None
    group: str


def publishers() -> Publishers:
    """Return the classes of sources, and who belongs to which."""
    return read("codes/source_classes.yaml", Publishers)


def sources(event: Event) -> tuple[Standing, ...]:
    """Return who published each document that shows an act, the main one first."""
    return tuple(_standing(event, url) for url in event.urls or ("",))


def _standing(event: Event, url: str) -> Standing:
    told = publishers()
    place = _place(url)
    name = _named(event.source) if place in told.carriers or not url else _places().get(place or "")
    if name is None:
        return Standing(None, UNCLASSIFIED)
    one = told.publishers[name]
    foreign = one.group == OFFICIAL and one.of and not {event.actor, event.target} & set(one.of)
    return Standing(name, RECORD if foreign else one.group)


@cache
def _places() -> Mapping[str, str | None]:
    """Return every listed place with its publisher; none for a carrier."""
    told = publishers()
    owned = {place: name for name, one in told.publishers.items() for place in one.at}
    return {**owned, **dict.fromkeys(told.carriers)}


@lru_cache(maxsize=8192)
def _place(url: str) -> str | None:
    return _longest(url, _places())


def _longest(url: str, places: Iterable[str]) -> str | None:
    """Return the longest listed place that an address lies at."""
    parts = re.match(ADDRESS, url, re.IGNORECASE)
    host, path = (parts["host"].lower().rstrip("."), f"{parts['path']}/") if parts else ("", "")
    found = [place for place in places if _lies_at(host, path, *place.partition("/")[::2])]
    return max(found, key=len, default=None)


def _lies_at(host: str, path: str, wanted: str, beginning: str) -> bool:
    inside = host == wanted or host.endswith(f".{wanted}")
    return inside and (not beginning or path.startswith(f"/{beginning}/"))


def _named(title: str) -> str | None:
    """Return the publisher with which the title of a source begins."""
    found = [
        (len(word), name)
        for name, one in publishers().publishers.items()
        for word in one.names
        if re.match(rf"{re.escape(word)}(?!\w)", title)
    ]
    return max(found)[1] if found else None


def allowed(event: Event) -> Confidence:
    """Return the highest confidence that the sources of an act allow.

    High needs an official source or two independent ones: two publishers of classes that count, neither
    of which copies the other.
    """
    told, found = publishers(), sources(event)
    counted = {one.publisher for one in found if one.publisher and told.classes[one.group].counts}
    if independent(counted, told.publishers):
        return "high"
    return max((told.classes[one.group].alone for one in found), key=ORDER.index)


def independent(names: Iterable[str], told: Mapping[str, Publisher]) -> bool:
    """Return whether two of some publishers do not copy one another."""
    pairs = combinations(names, 2)
    return any(one not in told[other].copies and other not in told[one].copies for one, other in pairs)


def confidence(event: Event) -> Confidence:
    """Return the confidence of an act: what its reader says, no higher than its sources allow."""
    return min(event.confidence, allowed(event), key=ORDER.index)


def least(events: Iterable[Event]) -> Confidence:
    """Return the confidence of what rests on several acts: that of the least sure of them."""
    return min((confidence(event) for event in events), key=ORDER.index, default="low")
