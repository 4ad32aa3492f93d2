"""What a government does to trade: a dated file with its legal basis and its source."""

import contextlib
import difflib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, model_validator

from palanca.catalogue import intake
from palanca.catalogue.codes import groups
from palanca.catalogue.parameters import load
from palanca.catalogue.text import Day, Number, Strict, Text
from palanca.errors import BadMeasure

ALL = "all"
DRAFT = "draft"  # tells the schema that what contradicts itself will be listed with other faults
MONTH = re.compile(r"\d{4}-\d{2}")
SUFFIXES = (".yaml", ".yml")
LOWEST = -100.0  # percent: a tariff of less would pay more than the goods are worth


class Kind(StrEnum):
    """What is done; the sender is the country that does it."""

    TARIFF = "tariff"
    EMBARGO = "embargo"
    EXPORT_BAN = "export ban"
    EXPORT_TAX = "export tax"
    BORDER_DELAY = "border delay"
    REMITTANCE = "remittance tax or cut"
    PREFERENCE_LOSS = "preference loss"


FORBIDS = {Kind.EMBARGO, Kind.EXPORT_BAN}
ON_EXPORTS = {Kind.EXPORT_BAN, Kind.EXPORT_TAX}
RATES = ("addition", "level", "floor")
RATES_OF = {
    Kind.TARIFF: set(RATES),
    Kind.EXPORT_TAX: {"addition"},
    Kind.BORDER_DELAY: {"addition"},
    Kind.REMITTANCE: {"addition"},
}


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Labels = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Codes = tuple[Annotated[str, Field(pattern=r"^\d{2}(\d{2}){0,2}$")], ...]


class Claimed(Strict):
    """Exempt is what claimed a trade preference in one month, as customs recorded it."""

    claimed: str = Field(pattern=f"^{MONTH.pattern}$")


class Statutory(Strict):
    """The rate of each partner is what the law had added over the base year on one day."""

    statutory: Day


class Clause(Strict):
    """One instrument on some goods of some partners.

    Attributes:
        kind: what is done.
        sender: who does it; the senders of the measure, if not given.
        target: partners as ISO3 codes or groups, or `all`.
        spared: partners that `all` does not mean.
        sectors: of the economy; all goods, if neither these nor codes are given.
        hs: two, four or six digits of the Harmonized System.
        spared_hs: codes taken out of what the clause covers.
        addition: percent added to the tariff; the cost of a delay or the part of remittances lost.
        level: percent that the tariff becomes.
        floor: percent that the tariff is raised to where it is lower.
        exempt: percent of the goods covered that pay nothing.
        note: what the clause leaves out or stands in for.
    """

    kind: Kind
    sender: Labels | None = None
    target: Labels
    spared: Labels | None = None
    sectors: Labels | None = None
    hs: Codes = ()
    spared_hs: Codes = ()
    addition: Number | Statutory | None = None
    level: Number | None = None
    floor: Number | None = None
    exempt: Annotated[Number, Field(ge=0, le=100)] | Claimed = 0.0
    note: str = ""

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself."""
        yield from self._rate_faults()
        yield from self._scope_faults()

    def _rate_faults(self) -> Iterator[str]:
        given = {name for name in RATES if getattr(self, name) is not None}
        allowed = RATES_OF.get(self.kind, set())
        if given - allowed:
            yield f"{self.kind} takes no {' or '.join(sorted(given - allowed))}"
        if allowed and len(given & allowed) != 1:
            yield f"{self.kind} takes one of {', '.join(sorted(allowed))}"
        for name in sorted(given):
            value = getattr(self, name)
            if isinstance(value, float) and not math.isfinite(value):
                yield f"{name} {value} is not a number of percent"
            elif isinstance(value, float) and value < LOWEST:
                yield f"{name} {value:g} is below {LOWEST:g} percent"

    def _scope_faults(self) -> Iterator[str]:
        if self.sectors is not None and self.hs:
            yield "name sectors or HS codes, not both"
        if self.kind in FORBIDS and (self.hs or self.spared_hs or self.exempt):
            yield f"{self.kind} forbids whole sectors: HS codes and exemptions do not apply"
        if ALL in self.target and len(self.target) > 1:
            yield "all stands alone as a target"
        if self.spared and ALL not in self.target:
            yield "partners are spared only where the target is all"


class Source(Strict):
    """Where the rate and the dates were read."""

    title: str = Field(min_length=5)
    url: str = Field(pattern=r"^https?://\S+$")
    confidence: Literal["high", "medium", "low"]


class Measure(Strict):
    """What one or more governments do, with dates, legal basis and source.

    Attributes:
        name: of the file.
        title: for people.
        status: whether it was applied, only threatened or announced, or is our own supposition.
        sender: who acts, ISO3 codes.
        start: first day of effect, or the day it was due.
        end: last day of effect; open if not given.
        authority: law it rests on.
        source: where it is documented.
        clauses: what it does.
        note: what the file leaves out, and why.
    """

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    status: Literal["applied", "threatened", "announced", "hypothetical"]
    sender: Labels
    start: Day
    end: Day | None = None
    authority: str = Field(min_length=2)
    source: tuple[Source, ...] = Field(min_length=1)
    clauses: tuple[Clause, ...] = Field(min_length=1)
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> "Measure":
        if info.context != DRAFT and (faults := list(self.faults())):
            raise ValueError("; ".join(faults))
        return self

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself, clause by clause and between them."""
        if self.end is not None and self.end < self.start:
            yield f"measure: end {self.end} is before start"
        for place, clause in enumerate(self.clauses):
            yield from (f"clauses.{place}: {fault}" for fault in clause.faults())
        for (one, first), (two, second) in itertools.combinations(enumerate(self.clauses, 1), 2):
            if overlap(first, second, self.sender):
                yield f"measure: clauses {one} and {two} overlap"

    def senders(self, clause: Clause) -> tuple[str, ...]:
        """Return who acts by a clause of the measure."""
        return expanded(clause.sender or self.sender)


def overlap(first: Clause, second: Clause, sender: tuple[str, ...]) -> bool:
    """Return whether two clauses of one kind meet in some goods of some pair of countries."""
    if first.kind is not second.kind or _both_partial(first, second):
        return False
    return (
        bool(set(expanded(first.sender or sender)) & set(expanded(second.sender or sender)))
        and _partners_meet(first, second)
        and _goods_meet(first, second)
    )


def expanded(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return countries with every group replaced by its members."""
    return tuple(itertools.chain.from_iterable(groups().get(label, (label,)) for label in labels))


def begins(code: str, codes: Codes) -> bool:
    """Return whether an HS code lies in one of `codes`, which may be shorter."""
    return any(code.startswith(part) for part in codes)


def _both_partial(first: Clause, second: Clause) -> bool:
    """Return whether the codes that one clause spares hold all that the other covers."""
    return any(
        one.hs and all(begins(code, other.spared_hs) for code in one.hs)
        for one, other in ((first, second), (second, first))
    )


def _partners_meet(first: Clause, second: Clause) -> bool:
    one, two = set(expanded(first.target)), set(expanded(second.target))
    if ALL in one and ALL in two:
        return True
    if ALL in one or ALL in two:
        broad, narrow = (first, two) if ALL in one else (second, one)
        return bool(narrow - set(expanded(broad.spared or ())))
    return bool(one & two)


def _goods_meet(first: Clause, second: Clause) -> bool:
    if first.hs and second.hs:
        return any(begins(code, second.hs) for code in first.hs) or any(
            begins(code, first.hs) for code in second.hs
        )
    if first.sectors is not None and second.sectors is not None:
        return bool(set(first.sectors) & set(second.sectors))
    return True


def parse(name: str, text: str) -> Measure:
    """Return the measure that YAML `text` describes.

    Raises:
        BadMeasure: the text breaks the schema; every fault is listed.
    """
    found, faults = drafted(name, text)
    return _sound(f"The measure {name} cannot be used:", found, faults)


def drafted(name: str, text: str) -> tuple[Measure | None, list[str]]:
    """Return the measure that YAML `text` describes, None where it breaks the schema, and every fault."""
    try:
        content = {"name": name, **(load(text) or {})}
        found = Measure.model_validate(content, context=DRAFT)
    except ValidationError as error:
        return None, [*_schema_faults(error), *_faults_of_others(content)]
    except (yaml.YAMLError, TypeError) as error:
        return None, [f"not YAML of a measure: {error}"]
    return found, list(found.faults())


def _schema_faults(error: ValidationError) -> Iterator[str]:
    found = error.errors()
    for fault in found:
        inside = [other for other in found if other["loc"][: len(fault["loc"])] == fault["loc"]]
        if fault["type"] != "too_short" or len(inside) == 1:  # else it is short of what is refused inside
            yield f"{'.'.join(str(part) for part in fault['loc']) or 'measure'}: {fault['msg']}"


def _faults_of_others(content: Mapping[str, object]) -> Iterator[str]:
    """Yield what contradicts itself in the clauses that keep to the schema, where others do not."""
    clauses = content.get("clauses")
    for place, clause in enumerate(clauses if isinstance(clauses, list) else []):
        with contextlib.suppress(ValidationError):
            faults = Clause.model_validate(clause).faults()
            yield from (f"clauses.{place}: {fault}" for fault in faults)


def _sound(message: str, found: Measure | None, faults: Sequence[str]) -> Measure:
    if found is None or faults:
        raise BadMeasure(message, faults)
    return found


@cache
def measures() -> dict[str, Measure]:
    """Return every measure of the package by name, in the order of dates."""
    folder = files("palanca") / "data" / "measures"
    names = [item.name for item in folder.iterdir() if item.name.endswith(".yaml")]
    found = [parse(name[: -len(".yaml")], (folder / name).read_text("utf-8")) for name in names]
    return {item.name: item for item in sorted(found, key=lambda item: (item.start, item.name))}


def measure(name: str) -> Measure:
    """Return the measure called `name`, or the one in the YAML file of that path.

    Raises:
        BadMeasure: there is none, or it breaks the schema; the closest names are suggested.
    """
    return _sound("The measure cannot be used:", *draft(name))


def draft(name: str) -> tuple[Measure | None, list[str]]:
    """Return the measure of a name or file, None where there is none, and every fault of it."""
    if name in measures():
        return measures()[name], []
    if not name.endswith(SUFFIXES):
        return None, [_no_such(name)]
    path = Path(name)
    try:
        found, faults = drafted(path.stem, intake.text(path, BadMeasure))
    except BadMeasure as error:
        return None, [str(error)]
    return found, [f"{path.stem}: {fault}" for fault in faults]


def _no_such(name: str) -> str:
    close = difflib.get_close_matches(name, measures(), n=3)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    return (
        f"No measure is called {name!r}. {hint}`palanca measures` lists them; "
        f"a file of your own ends in {' or '.join(SUFFIXES)}."
    )


def answers_itself(act: Measure) -> bool:
    """Return whether the measure already holds what its targets do in return."""
    return any(item.sender is not None and set(item.sender) - set(act.sender) for item in act.clauses)


def unanswered(act: Measure) -> Measure:
    """Return the measure without what its targets do in return."""
    kept = tuple(item for item in act.clauses if not set(item.sender or ()) - set(act.sender))
    return act.model_copy(update={"clauses": kept})


def exempting(act: Measure, month: str) -> Measure:
    """Return the measure with goods exempt that claimed a preference in `month`, where it exempts none."""
    clauses = tuple(
        item
        if item.kind in FORBIDS or item.exempt
        else item.model_copy(update={"exempt": Claimed(claimed=month)})
        for item in act.clauses
    )
    return act.model_copy(update={"clauses": clauses})


def claiming(act: Measure, month: str) -> Measure:
    """Return the measure with the claims of another month, where it exempts what claimed a preference.

    Raises:
        BadMeasure: `month` is not written YYYY-MM.
    """
    if not MONTH.fullmatch(month):
        raise BadMeasure(f"{month!r} is not a month, written YYYY-MM.")
    clauses = tuple(
        item.model_copy(update={"exempt": Claimed(claimed=month)})
        if isinstance(item.exempt, Claimed)
        else item
        for item in act.clauses
    )
    return act.model_copy(update={"clauses": clauses})


def mirrored(act: Measure) -> Measure:
    """Return the answer in kind: every target does to the sender what the sender does to it.

    Raises:
        BadMeasure: a clause acts on all partners, who cannot all be named as those who answer.
    """
    open_ended = [
        f"clause {place}: its target is all"
        for place, item in enumerate(act.clauses, 1)
        if ALL in item.target
    ]
    if open_ended:
        raise BadMeasure(f"{act.name} has no answer in kind:", open_ended)
    clauses = tuple(
        item.model_copy(update={"sender": item.target, "target": act.senders(item), "exempt": 0.0})
        for item in act.clauses
    )
    return act.model_copy(update={"name": f"{act.name}-answered", "clauses": clauses})
