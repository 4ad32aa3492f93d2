"""Governments named in a sentence: by the country's name, its people, capital, leaders and agencies."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from palanca.catalogue.countries import countries

SPANISH_ENDINGS = {
    "és": ("és", "esa", "eses", "esas"),
    "án": ("án", "ana", "anes", "anas"),
    "ón": ("ón", "ona", "ones", "onas"),
    "ol": ("ol", "ola", "oles", "olas"),
    "o": ("o", "a", "os", "as"),
}
CODE = 3  # letters; shorter aliases of countries are used only in capitals


@dataclass(frozen=True)
class Mention:
    """A government named, and where in the sentence."""

    iso3: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """Return the governments named in a sentence, in their order."""
    pattern, owners = _dictionary()
    found = [Mention(owners[match[0]], match.start(), match.end()) for match in pattern.finditer(text)]
    return [mention for mention in found if mention.iso3]


@cache
def _dictionary() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a name, the longest first, and whose each name is; nobody's hide what they hold."""
    owners: dict[str, str] = {}
    for country in countries().values():
        for name in (country.name.en, country.name.es, *country.aliases):
            owners.setdefault(name.replace("’", "'"), country.iso3)
    text = (files("palanca") / "data" / "coder" / "actors.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split(";"):
            for form in _forms(name, row["sort"], row["language"]):
                owners[form] = row["iso3"]
    longest = sorted(owners, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"), owners


def _forms(name: str, sort: str, language: str) -> tuple[str, ...]:
    """Return how a name is written; Spanish names of a people by gender and number."""
    if sort != "demonym":
        return (name,)
    if language == "en":
        return (name, f"{name}s")
    return (*_inflected(name), *(form.capitalize() for form in _inflected(name)))


def _inflected(name: str) -> tuple[str, ...]:
    for ending, forms in SPANISH_ENDINGS.items():
        if name.endswith(ending):
            return tuple(name.removesuffix(ending) + form for form in forms)
    return (name, f"{name}s", f"{name}es")
