"""Countries by any name a person would type, in two languages."""

import csv
import difflib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from palanca.catalogue.text import Text
from palanca.errors import InputError, SamePair, UnknownCountry


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory that some table knows.

    Attributes:
        iso3: ISO 3166 alpha-3 code (XKX for Kosovo, EUU for the European Union).
        article: "the" or "el", "la", "los", "las" where the name takes one, else empty.
    """

    iso3: str
    iso2: str
    name: Text
    article: tuple[str, str]
    aliases: tuple[str, ...]

    def __str__(self) -> str:
        return self.iso3


@cache
def countries() -> dict[str, Country]:
    """Return every country by ISO3 code: the union of all tables."""
    text = (files("palanca") / "data" / "codes" / "countries.csv").read_text("utf-8")
    return {row["iso3"]: _country(row) for row in csv.DictReader(text.splitlines())}


def _country(row: dict[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        name=Text(en=row["name_en"], es=row["name_es"]),
        article=(row["article_en"], row["article_es"]),
        aliases=tuple(filter(None, row["aliases"].split(";"))),
    )


def country(name: str | Country) -> Country:
    """Return the country called `name`: ISO2, ISO3, English, Spanish or a common other name.

    Raises:
        UnknownCountry: no such country; the closest names are suggested.
    """
    if isinstance(name, Country):
        return name
    found = _index().get(_plain(name))
    if found is None:
        raise UnknownCountry(_no_such(name))
    return countries()[found]


def pair(first: str | Country, second: str | Country) -> tuple[Country, Country]:
    """Return both countries; every fault of both names is in one error.

    Raises:
        UnknownCountry: one or both names are unknown.
        SamePair: both name the same country.
    """
    lost = [str(name) for name in (first, second) if _plain(str(name)) not in _index()]
    if lost:
        raise UnknownCountry("\n".join(map(_no_such, lost)))
    a, b = country(first), country(second)
    if a == b:
        raise SamePair(f"{first!s} and {second!s} are both {a.name.en}: name two different countries.")
    return a, b


@cache
def _index() -> dict[str, str]:
    names: dict[str, str] = {}
    for item in countries().values():
        for name in (item.iso3, item.iso2, item.name.en, item.name.es, *item.aliases):
            owner = names.setdefault(_plain(name), item.iso3)
            if owner != item.iso3:
                raise InputError(f"data/codes/countries.csv: {name} names both {owner} and {item.iso3}")
    return names


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(bare.casefold().replace(".", "").replace("-", " ").split())


def _no_such(name: str) -> str:
    close = difflib.get_close_matches(_plain(name), _index(), n=3, cutoff=0.6)
    known = list(dict.fromkeys(_index()[match] for match in close))
    guess = " or ".join(f"{countries()[iso3].name.en} ({iso3})" for iso3 in known)
    hint = f"Did you mean {guess}?" if guess else "Use an ISO code or a name in English or Spanish."
    return f"No country is called {name!r}. {hint}"
