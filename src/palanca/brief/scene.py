"""Which words may be said of some values, on the day of the cut-off."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from palanca.brief import language as words
from palanca.brief.sentences import ENDS, OWN, PART, Condition, Template, bind, templates
from palanca.catalogue import Country, Figure, Text, Unknown
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.text import LANGUAGES, Language
from palanca.catalogue.thresholds import threshold, thresholds
from palanca.catalogue.unknown import unknown
from palanca.errors import GateError

MONTH = 365.2425 / 12  # days
LOOSE = re.compile(r" +(?=[ ,.;:)])|(?<=\() +")  # spaces that words left out leave behind
Filling = Figure | Country | Text
ATTRIBUTES: dict[str, tuple[str, Callable[[Figure, date], Any]]] = {
    "period": ("period", lambda figure, _: figure.period or None),
    "age": ("months", lambda figure, day: age(figure.period, day) if figure.period else None),
    "among": ("percentile", lambda figure, _: figure.among and figure.among.percentile),
    "count": ("countries", lambda figure, _: figure.among and figure.among.count),
    "of": ("count", lambda figure, _: figure.among and figure.among.count),
    "under": ("count", lambda figure, _: figure.among and float(round(figure.among.below))),
    "past": ("percentile", lambda figure, _: figure.past and figure.past.percentile),
}


def age(period: str, day: date) -> float:
    """Return the months from the end of an ISO period to a day, at least zero."""
    return max((day - period_end(period)).days / MONTH, 0.0)


@dataclass(frozen=True)
class Number:
    """A value as a reader sees it, with its unit."""

    shown: float
    unit: str
    exact: float


@dataclass(frozen=True)
class Scene:
    """What a sentence may be filled with.

    Attributes:
        as_of: day of the cut-off of the data.
        aged: periods whose age stands before this sentence, so that it need not be said again.
    """

    fillings: Mapping[str, Filling]
    as_of: date
    aged: frozenset[str] = frozenset()

    def words(self, template: Template) -> Text | Unknown:
        """Return the words of a template with all that it takes in, or why a part cannot be decided."""
        taken = {whole: self._part(*whole) for whole in PART.findall(template.en)}
        lost = next((one for one in taken.values() if isinstance(one, Unknown)), None)
        said = {language: _filled(template[language], taken, language) for language in LANGUAGES}
        return Text.model_validate(said) if lost is None else lost

    def chosen(self, key: str) -> Template | Unknown | None:
        """Return the first template from `key` on, by `otherwise`, whose conditions hold.

        Returns:
            None where nothing may be said; the reason where a value that decides it is missing.
        """
        for following in chain_of(key):
            verdict = self._holds(following, templates()[following])
            if isinstance(verdict, Unknown):
                return verdict
            if verdict:
                return templates()[following]
        return None

    def deciding(self, key: str) -> tuple[str, ...]:
        """Return the known values that decide which template is said for `key`."""
        said, asked = self.chosen(key), dict[str, None]()
        for step in chain_of(key):
            known = (name for name in templates()[step].when if isinstance(self._number(step, name), Number))
            asked |= dict.fromkeys(name.split(".")[0] for name in known)
            if templates()[step] is said:
                break
        return tuple(asked)

    def _part(self, key: str, name: str) -> Text | Unknown | None:
        scene = self._about(name) if name else self
        template = scene.chosen(key)
        said = scene.words(template) if isinstance(template, Template) else template
        if not isinstance(said, Text) or not name:
            return said
        return Text(en=bind(said.en, name), es=bind(said.es, name))

    def _about(self, name: str) -> "Scene":
        """Return the scene in which `value`, and the ends of its interval, are those of `name`."""
        ends = {end: self.fillings.get(f"{name}{end}") for end in ("", *ENDS)}
        own = {f"{OWN}{end}": filling for end, filling in ends.items() if filling is not None}
        return replace(self, fillings={**self.fillings, **own})

    def _holds(self, key: str, template: Template) -> bool | Unknown:
        """Return whether all conditions hold; one that does not outweighs one that is not known."""
        verdicts = [self._test(key, name, condition) for name, condition in template.when.items()]
        if any(verdict is False for verdict in verdicts):
            return False
        return next((one for one in verdicts if isinstance(one, Unknown)), True)

    def _test(self, key: str, name: str, condition: Condition) -> bool | Unknown:
        value = self._number(key, name)
        if isinstance(value, Unknown):
            return False if condition.known else value
        against = {test: self._against(key, name, test, condition) for test in condition.tests}
        lost = next((one for one in chain(*against.values()) if isinstance(one, Unknown)), None)
        if lost is not None:
            return lost
        return all(_TESTS[test](value, *others) for test, others in against.items())

    def _against(self, key: str, name: str, test: str, condition: Condition) -> list[Number | Unknown]:
        asked = condition.tests[test]
        if test in ("inside", "clear"):
            return [self._number(key, end) for end in condition.bounds(name)]
        if test in ("above", "apart"):
            return [self._number(key, asked)]
        if test in ("fresh", "older"):
            return [self._age(key, name), _line(asked)]
        return [_line(asked)] if isinstance(asked, str) else []

    def _age(self, key: str, name: str) -> Number | Unknown:
        """Return the age of a value; none at all where it has been told of its period."""
        found, figure = self._number(key, f"{name}.age"), self.fillings.get(name)
        told = isinstance(figure, Figure) and figure.period in self.aged
        return replace(found, exact=0.0) if told and isinstance(found, Number) else found

    def _number(self, key: str, name: str) -> Number | Unknown:
        base, _, attribute = name.partition(".")
        figure = self.fillings.get(base)
        if not isinstance(figure, Figure):
            raise GateError(f"{key}: its `when` asks of {base}, and the section gives no such number.")
        if isinstance(figure.value, Unknown):
            return figure.value
        if not attribute:
            return Number(words.printed(figure.value, figure.unit), figure.unit, figure.value)
        unit, read = ATTRIBUTES[attribute]
        found = read(figure, self.as_of)
        if found is None:
            return no_standing([name])
        return Number(words.printed(found, unit), unit, found)


def chain_of(key: str) -> Iterator[str]:
    """Yield a template and those that take its place, in order."""
    following: str | None = key
    while following:
        yield following
        following = templates()[following].otherwise


def no_standing(missing: list[str]) -> Unknown:
    """Return why a value without standing, change or date says nothing."""
    what = ", ".join(missing)
    return unknown(f"nothing to compare with ({what})", f"sin con qué comparar ({what})")


def lines(template: Text) -> dict[str, Figure]:
    """Return the lines that a template prints by their own name."""
    named = {hole.name for language in LANGUAGES for hole in words.holes(template[language])}
    return {name: threshold(name) for name in sorted(named & thresholds().keys())}


def _line(name: str) -> Number:
    line = thresholds()[name]
    return Number(line.value, line.unit, line.value)


def _filled(text: str, taken: Mapping[tuple[str, str], Text | Unknown | None], language: Language) -> str:
    def words_of(found: re.Match[str]) -> str:
        part = taken[found[1], found[2] or ""]
        said = part[language] if isinstance(part, Text) else ""
        begins = text[: found.start()].rstrip().endswith(".")
        return words.sentence_case(said) if begins else said

    return LOOSE.sub("", PART.sub(words_of, text)).strip()


def _alike(value: Number, line: Number) -> None:
    if words.unit(value.unit).en != words.unit(line.unit).en:
        raise GateError(f"A value in {value.unit} is held against a line in {line.unit}.")


def _least(value: Number, line: Number) -> bool:
    _alike(value, line)
    return value.shown >= line.shown


def _size(value: Number, line: Number) -> bool:
    return _least(replace(value, shown=abs(value.shown)), line)


def _inside(value: Number, low: Number, high: Number) -> bool:
    return low.shown <= value.shown <= high.shown and low.shown < high.shown


_TESTS: dict[str, Callable[..., bool]] = {
    "known": lambda _: True,
    "shows": lambda value: value.shown != 0,
    "least": _least,
    "most": lambda value, line: not _least(value, line) or value.shown == line.shown,
    "more": lambda value, line: _least(value, line) and value.shown != line.shown,
    "size": _size,
    "fresh": lambda _, months, line: months.exact <= line.exact,
    "older": lambda _, months, line: months.exact > line.exact,
    "above": lambda value, other: value.exact > other.exact,
    "apart": lambda value, other: value.shown != other.shown,
    "inside": _inside,
    "clear": lambda _, low, high: low.shown * high.shown > 0,
}
