"""Countries by any name a person or a publisher would write, in two languages."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from palanca.catalogue.text import Text
from palanca.errors import InputError, SamePair, UnknownCountry

IDLE = frozenset({"the", "of", "de", "del", "el", "la", "las", "los"})  # tell no two countries apart
WHOLE = {"st": "saint", "rep": "republic", "republica": "republic", "dem": "democratic", "&": "and"}
DIAERESIS = "\u0308"  # makes another letter; other marks are often left out or put wrongly
WORD = re.compile(rf"[\w&{DIAERESIS}]+")
BEHIND = re.compile(r"^(.+?)(?:, *(.+)| *\((.+)\))$", re.DOTALL)  # "Korea, Rep.", "Iran (Islamic Rep.)"
CODE = 3  # letters of the longest code
LETTERS = 2  # that a name may be off for it to be suggested
SHORTEST = 4  # letters of a name that is compared with others: shorter ones are all alike
MOST = 3  # suggestions; more tell nothing
REMEMBERED = 1 << 12  # names whose country is kept: codes are asked for again and again


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
    return {row["iso3"]: _country(row) for row in _rows("countries")}


def _country(row: dict[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        name=Text(en=row["name_en"], es=row["name_es"]),
        article=(row["article_en"], row["article_es"]),
        aliases=tuple(filter(None, row["aliases"].split(";"))),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("palanca") / "data" / "codes" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def country(name: str | Country) -> Country:
    """Return the country called `name`: a code of ISO 3166, or a name in English or Spanish.

    Names are those of ISO, of Unicode, of the World Bank, of the IMF, of the UN, and common ones
    (`data/codes/country_names.csv`).

    Raises:
        UnknownCountry: no such country, or several; the closest names are suggested.
    """
    if isinstance(name, Country):
        return name
    found = find(name)
    if found is None:
        raise UnknownCountry(_no_such(name))
    return found


@lru_cache(maxsize=REMEMBERED)
def find(name: str) -> Country | None:
    """Return the country called `name`, or None: much faster than `country` where most names are none."""
    iso3 = next((iso3 for key in _keys(name) if (iso3 := _index().get(key))), None)
    return countries()[iso3] if iso3 else None


def pair(first: str | Country, second: str | Country) -> tuple[Country, Country]:
    """Return both countries; every fault of both names is in one error.

    Raises:
        UnknownCountry: one or both names are unknown.
        SamePair: both name the same country.
    """
    lost = [name for name in (first, second) if not isinstance(name, Country) and find(name) is None]
    if lost:
        raise UnknownCountry("\n".join(map(_no_such, lost)))
    a, b = country(first), country(second)
    if a == b:
        raise SamePair(f"{first!s} and {second!s} are both {a.name.en}: name two different countries.")
    return a, b


@cache
def names() -> dict[str, str]:
    """Return ISO3 by every name and code that is known, as it is written."""
    found: dict[str, str] = {}
    for item in countries().values():
        found |= dict.fromkeys((item.iso3, item.iso2, item.name.en, item.name.es, *item.aliases), item.iso3)
    return found | {row["name"]: row["iso3"] for row in _rows("country_names")}


@cache
def _index() -> dict[str, str]:
    index: dict[str, str] = {}
    for name, iso3 in names().items():
        for key in (key for whole in _keys(name) for key in (whole, whole.replace(DIAERESIS, ""))):
            owner = index.setdefault(key, iso3)
            if owner != iso3:
                raise InputError(f"data/codes: {name} names both {owner} and {iso3}")
    return index


def _keys(name: str) -> Iterator[str]:
    """Yield what a name is looked up by; with what stands behind a comma or in brackets also in front."""
    if whole := _key(name):
        yield whole
    if behind := BEHIND.match(name.strip()):
        yield _key(f"{behind[2] or behind[3]} {behind[1]}")


def _key(name: str) -> str:
    """Return a name without case, marks, spaces and idle words, abbreviations written out."""
    words = [WHOLE.get(word, word) for word in _words(name)]
    key = "".join([word for word in words if word not in IDLE] or words)
    if len(key) <= CODE and len(words) > 1 and "." not in name:
        return f"#{key}"  # "C (C)" is no code, "U. S." is one
    if not key.isdecimal():
        return key
    return key.lstrip("0") if name.strip().isdecimal() else f"#{key}"  # "4.0" is no code


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    kept = (mark for mark in folded if unicodedata.category(mark) not in ("Mn", "Cf") or mark == DIAERESIS)
    return WORD.findall(re.sub("['’‘.]", "", "".join(kept)))


def _no_such(name: str) -> str:
    how = "Use an ISO code or a name in English or Spanish."
    if not name.strip():
        return f"The name of a country is empty ({name!r}): is a variable of the shell not set? {how}"
    if told := _ambiguous().get(_key(name)):
        return f"{name!r} is not one country of today. Do you mean {_listed(told)}?"
    close = _close(_plain(name))
    return f"No country is called {name!r}. {f'Did you mean {_listed(close)}?' if close else how}"


def _listed(codes: tuple[str, ...]) -> str:
    return " or ".join(f"{countries()[iso3].name.en} ({iso3})" for iso3 in codes)


@cache
def _ambiguous() -> dict[str, tuple[str, ...]]:
    """Return the countries that a name may mean which means no single one."""
    return {_key(row["name"]): tuple(row["countries"].split(";")) for row in _rows("ambiguous_names")}


def _close(text: str) -> tuple[str, ...]:
    """Return every country with a name that is as few letters off as a hand slips, unless they are many.

    All of them are told and not the closest alone: which one was meant is not ours to say.
    """
    if len(text) < SHORTEST:
        return ()
    bag = Counter(text)
    near = sorted(
        (_distance(text, plain), iso3)
        for length in range(len(text) - LETTERS, len(text) + LETTERS + 1)
        for plain, letters, iso3 in _by_length()[length]
        if (letters - bag).total() <= LETTERS
    )
    found = tuple(dict.fromkeys(iso3 for distance, iso3 in near if distance <= LETTERS))
    return found if len(found) <= MOST else ()


@cache
def _by_length() -> defaultdict[int, list[tuple[str, Counter[str], str]]]:
    found: defaultdict[int, list[tuple[str, Counter[str], str]]] = defaultdict(list)
    for plain, iso3 in {_plain(name): iso3 for name, iso3 in names().items()}.items():
        if len(plain) >= SHORTEST and not plain.isdecimal():
            found[len(plain)].append((plain, Counter(plain), iso3))
    return found


def _plain(name: str) -> str:
    return "".join(_words(name)).replace(DIAERESIS, "")


def _distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added, left out or exchanged to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]
