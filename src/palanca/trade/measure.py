"""What a government does to trade: a dated file with its legal basis and its source."""

import contextlib
import difflib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, ValidationInfo, model_validator

from palanca.catalogue import intake
from palanca.catalogue.parameters import load
from palanca.catalogue.snapshot import cutoff
from palanca.catalogue.text import Day, Strict, Text
from palanca.errors import BadMeasure
from palanca.trade import states
from palanca.trade.clause import Clause, Labels, expanded, overlap
from palanca.trade.states import Dated, Source, State

DRAFT = "draft"  # tells the schema that what contradicts itself will be listed with other faults
SUFFIXES = (".yaml", ".yml")
GENERATED = "preference-end-"  # begins the names of measures made from data


class Measure(Strict):
    """What one or more governments do, with dates, legal basis and source.

    Attributes:
        name: of the file.
        title: for people.
        status: whether it was applied, only threatened or announced, or is our own supposition.
        sender: who acts, ISO3 codes.
        start: first day of effect, or the day it was due.
        end: last day of effect; open if not given.
        states: what became of it, in the order of days; by status, start and end, if not given.
        authority: law it rests on.
        source: where it is documented.
        clauses: what it does.
        aim: sectors of the economy that it is aimed at; all, if not given.
        bound: why its effects are an upper bound, where they are.
        note: what the file leaves out, and why.
    """

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    status: Literal["applied", "threatened", "announced", "hypothetical"]
    sender: Labels
    start: Day
    end: Day | None = None
    states: tuple[Dated, ...] = ()
    authority: str = Field(min_length=2)
    source: tuple[Source, ...] = Field(min_length=1)
    clauses: tuple[Clause, ...] = Field(min_length=1)
    aim: tuple[str, ...] = ()
    bound: Text | None = None
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
        if self.states:
            applied = self.status == "applied"
            yield from states.faults(self.states, applied=applied, start=self.start, end=self.end)
        for place, clause in enumerate(self.clauses):
            yield from (f"clauses.{place}: {fault}" for fault in clause.faults())
        for (one, first), (two, second) in itertools.combinations(enumerate(self.clauses, 1), 2):
            if overlap(first, second, self.sender):
                yield f"measure: clauses {one} and {two} overlap"

    def state(self, day: date) -> State | None:
        """Return the state on a day; None before the first on file."""
        if self.states:
            found = states.on(day, self.states)
            return found.state if found else None
        if self.status != "applied" or day < self.start:
            return State.PROPOSED
        return State.ENDED if self.end is not None and self.end < day else State.IN_FORCE

    def senders(self, clause: Clause) -> tuple[str, ...]:
        """Return who acts by a clause of the measure."""
        return expanded(clause.sender or self.sender)


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
    found = measures().get(name) or _generated(name)
    if found:
        return found, []
    if not name.endswith(SUFFIXES):
        return None, [_no_such(name)]
    path = Path(name)
    try:
        found, faults = drafted(path.stem, intake.text(path, BadMeasure))
    except BadMeasure as error:
        return None, [str(error)]
    return found, [f"{path.stem}: {fault}" for fault in faults]


def _generated(name: str) -> Measure | None:
    """Return the measure of this name that is made from data under the law of the cut-off."""
    from palanca.trade.preferences import endings

    return endings(cutoff()).get(name) if name.startswith(GENERATED) else None


def _no_such(name: str) -> str:
    close = difflib.get_close_matches(name, measures(), n=3)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    return (
        f"No measure is called {name!r}. {hint}`palanca measures` lists them; "
        f"a file of your own ends in {' or '.join(SUFFIXES)}."
    )
