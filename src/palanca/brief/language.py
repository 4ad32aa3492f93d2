"""Two languages from the first sentence: numbers, dates, names, and words that values choose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from babel.dates import format_date
from pydantic import Field, RootModel

from palanca.catalogue import Country, Text
from palanca.catalogue.dates import period as period
from palanca.catalogue.parameters import parameters, read
from palanca.catalogue.text import Language, Strict

HOLE = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_]+)?)(?:\|([A-Za-z_]+))?\}")
MONEY = (
    (1e12, "trillion", "billones de"),
    (1e9, "billion", "mil millones de"),
    (1e6, "million", "millones de"),
)
REMEMBERED = 1 << 14  # numbers and days whose words are kept: those of a few briefs
NO_BREAK = "\N{NO-BREAK SPACE}"
SPANISH_I = re.compile(r"[IÍ]|Hi(?!e)")  # names before which `y` is `e`
SEPARATORS = str.maketrans(",.", ".,")  # of Spanish, for thousands and decimals


class Unit(Strict):
    """How values of a unit are written.

    Attributes:
        fine: decimals of a value under one.
        coarse: size from which a value is written without decimals.
    """

    decimals: int = Field(ge=0, le=6)
    fine: int | None = Field(default=None, ge=0, le=6)
    coarse: float | None = Field(default=None, gt=0)
    en: str
    es: str
    scale: Literal["money"] | None = None
    clamp: bool = False


class Units(RootModel[dict[str, Unit]]):
    """All units by name."""


class Form(Strict):
    """Words chosen by a value: three by its sign, or one more than there are cuts."""

    sign: tuple[Text, Text, Text] | None = None
    cuts: tuple[float, ...] = ()
    words: tuple[Text, ...] = ()

    def choose(self, value: float) -> Text:
        """Return the words for `value`, already rounded as it is printed."""
        if self.sign:
            return self.sign[(value > 0) - (value < 0) + 1]
        return self.words[sum(value >= cut for cut in self.cuts)]

    def all(self) -> tuple[Text, ...]:
        """Return every choice of words."""
        return self.sign or self.words


class Lexicon(RootModel[dict[str, Form]]):
    """All forms by name."""


def unit(name: str) -> Unit:
    """Return how values of the unit are written."""
    return parameters("units", Units).root[name]


def lexicon() -> dict[str, Form]:
    """Return the words that values choose, by name of the form."""
    return read("sentences/lexicon.yaml", Lexicon).root


@lru_cache(maxsize=REMEMBERED)
def rounded(value: float, decimals: int) -> float:
    """Return the value as it is printed, halves to even on its shortest decimal writing."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_EVEN)) + 0.0


def decimals(value: float, name: str) -> int:
    """Return how many decimals a value of the unit is printed with."""
    about = unit(name)
    if about.coarse is not None and abs(rounded(value, about.decimals)) >= about.coarse:
        return 0
    fine = about.fine is not None and value and abs(rounded(value, about.fine)) < 1
    return about.fine if fine and about.fine is not None else about.decimals


def printed(value: float, name: str) -> float:
    """Return the number a reader sees for a value of the unit, before any scale."""
    near = rounded(value, decimals(value, name))
    return min(max(near, 1.0), 99.0) if unit(name).clamp and 0 < value < 100 else near


@lru_cache(maxsize=REMEMBERED)
def number(value: float, name: str, language: Language) -> str:
    """Return a value with its unit in words of the language."""
    about = unit(name)
    if about.scale:
        text = _money(value, about.decimals, language)
    else:
        text = plain(printed(value, name), decimals(value, name), language)
    return (about.en if language == "en" else about.es).replace("{n}", text)


@cache
def plain(value: float, decimals: int, language: Language) -> str:
    """Return a bare number with separators of the language and a true minus sign, halves to even."""
    text = f"{Decimal(repr(value + 0.0)):,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return text.translate(SEPARATORS) if language == "es" else text


def _money(value: float, decimals: int, language: Language) -> str:
    for size, english, spanish in MONEY:
        if rounded(abs(value) / size, decimals) >= 1:
            word = english if language == "en" else spanish
            return f"{plain(rounded(value / size, decimals), decimals, language)}{NO_BREAK}{word}"
    return plain(rounded(value, 0), 0, language)


def day(when: date, language: Language) -> str:
    """Return a day in words of the language."""
    return period(when.isoformat(), language)


def short_month(text: str, language: Language) -> str:
    """Return an ISO month as a short label."""
    year, month = text.split("-")[:2]
    return format_date(date(int(year), int(month), 1), "MMM y", locale=language)


SPANISH_JOIN = {"of": ("de", {"el": "del"}), "to": ("a", {"el": "al"}), "in": ("en", {}), "with": ("con", {})}


def name(country: Country, form: str, language: Language) -> str:
    """Return a country's name: `the`, `The` (start of a sentence), or after `of`, `to`, `in`, `with`."""
    bare, article = country.name[language], country.article[0 if language == "en" else 1]
    full = f"{article} {bare}".strip()
    if form == "bare":
        return bare
    if form == "The":
        return full[0].upper() + full[1:]
    if form == "the":
        return full
    return f"{form} {full}" if language == "en" else _joined(form, bare, article)


def _joined(form: str, bare: str, article: str) -> str:
    word, contractions = SPANISH_JOIN[form]
    if article in contractions:
        return f"{contractions[article]} {bare}"
    return " ".join(filter(None, (word, article, bare)))


@dataclass(frozen=True, slots=True)
class Hole:
    """A typed place in a template: `{name}`, `{name.attribute}` or `{name|form}`."""

    name: str
    form: str


@lru_cache(maxsize=REMEMBERED)
def pieces(template: str) -> tuple[str | Hole, ...]:
    """Return the literal texts and holes of a template in order."""
    found: list[str | Hole] = []
    end = 0
    for match in HOLE.finditer(template):
        found += [template[end : match.start()], Hole(match[1], match[2] or "")]
        end = match.end()
    return tuple(piece for piece in (*found, template[end:]) if piece != "")


@cache
def holes(template: str) -> tuple[Hole, ...]:
    """Return the holes of a template in order."""
    return tuple(piece for piece in pieces(template) if isinstance(piece, Hole))


def series(names: Sequence[str], language: Language) -> str:
    """Return names as a list in words: `A, B and C`."""
    *first, last = names
    if not first:
        return last
    join = "and" if language == "en" else "e" if SPANISH_I.match(last) else "y"
    return f"{', '.join(first)} {join} {last}"


def inner(text: str) -> str:
    """Return a name as it stands inside a sentence: its first letter in lower case, but for an acronym's."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def sentence_case(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def increasing(cuts: tuple[float, ...]) -> bool:
    """Return whether the cuts of a form rise."""
    return all(low < high for low, high in pairwise(cuts))
