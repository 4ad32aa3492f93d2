"""Templates of sentences: their words in both languages, and when each may be said.

A template names what must hold of its values before it is said, and which template stands in its place
when that does not hold; without one, nothing is said. `{>key}` takes in the words of another template,
itself said only where it may be; `{>key:hole}` lets its `value` be that hole.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from palanca.brief import language as words
from palanca.catalogue import Text
from palanca.catalogue.parameters import load
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES, Strict
from palanca.catalogue.thresholds import thresholds
from palanca.errors import BadParameter

APART = ("lexicon.yaml", "guard.yaml")
PART = re.compile(r"\{>([a-z-]+)(?::([a-z_0-9]+))?\}")
ENDS = ("_low", "_high")  # of an interval: figures named so bound the figure of the bare name
OWN = "value"  # how a template that is taken in calls what it is about
LINES = ("least", "most", "more", "size", "fresh", "older")


class Condition(Strict):
    """What must hold of one value, as it is printed, for a sentence to be said.

    Attributes:
        known: there is a value; without this a value that is missing drops the sentence with its reason.
        shows: it prints as other than zero.
        least, most, more: it is at least, at most, or more than this line of `parameters/thresholds`.
        size: its distance from zero is at least this line.
        fresh, older: its period ends at most, or more than, so many months before the cut-off of the data.
        above: it is more than the value of that name.
        apart: it prints otherwise than the value of that name.
        ends: names of the ends of its interval, where they are not `<name>_low` and `<name>_high`.
        inside: it lies within its interval, whose ends print apart.
        clear: both ends of its interval lie on one side of zero.
    """

    known: Literal[True] | None = None
    shows: Literal[True] | None = None
    least: str | None = None
    most: str | None = None
    more: str | None = None
    size: str | None = None
    fresh: str | None = None
    older: str | None = None
    above: str | None = None
    apart: str | None = None
    ends: tuple[str, str] | None = None
    inside: Literal[True] | None = None
    clear: Literal[True] | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Condition":
        if not self.tests:
            raise ValueError("it asks nothing; give a test or leave it out")
        if self.ends and not (self.inside or self.clear):
            raise ValueError("`ends` serve `inside` and `clear`, and neither is asked")
        return self

    @cached_property
    def tests(self) -> dict[str, Any]:
        """What is asked, by name of the test."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "ends"}
        return {name: asked for name, asked in given.items() if asked is not None}

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that it names."""
        return tuple(self.tests[name] for name in LINES if name in self.tests)

    def bounds(self, name: str) -> tuple[str, str]:
        """Return the names of the ends of the interval of the value called `name`."""
        return self.ends or (f"{name}{ENDS[0]}", f"{name}{ENDS[1]}")


class Template(Text):
    """Words of a sentence in both languages.

    Attributes:
        when: what must hold of values, by name; of their standings too, as in `share.among`.
        otherwise: template that takes its place where one of them does not hold.
        confidence: how sure it is, where that is not what the section gives.
    """

    when: dict[str, Condition] = Field(default_factory=dict)
    otherwise: str | None = None
    confidence: Confidence | None = None

    def parts(self) -> set[str]:
        """Return the keys of the templates that it takes in."""
        return {found[1] for language in LANGUAGES for found in PART.finditer(self[language])}

    def subjects(self) -> tuple[str, ...]:
        """Return the values that the templates it takes in are about, said or not."""
        return tuple(name for _, name in PART.findall(self.en) if name)


@cache
def templates() -> dict[str, Template]:
    """Return every sentence template by key.

    Raises:
        BadParameter: lists each template that cannot be used, and why.
    """
    folder = files("palanca") / "data" / "sentences"
    names = sorted(item.name for item in folder.iterdir() if item.name not in APART)
    return parse({name: (folder / name).read_text("utf-8") for name in names})


def parse(texts: Mapping[str, str]) -> dict[str, Template]:
    """Return the templates of YAML files, by key."""
    found: dict[str, Template] = {}
    faults: list[str] = []
    for name, text in texts.items():
        for key, content in load(text).items():
            if key in found:
                faults.append(f"{name}, {key}: another template has this key")
            try:
                found[key] = Template.model_validate(content)
            except ValidationError as error:
                faults += [
                    f"{name}, {key}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
                ]
    faults += [f"{key}: {fault}" for key, one in found.items() for fault in _faults(key, one, found)]
    if faults:
        raise BadParameter("data/sentences cannot be used:", faults)
    return found


def _faults(key: str, template: Template, known: Mapping[str, Template]) -> Iterator[str]:
    if template.otherwise and not template.when:
        yield "`otherwise` is never reached, for there is no `when`"
    named = {template.otherwise, *template.parts()} - {None}
    yield from (f"no template is called {name!r}" for name in sorted(map(str, named)) if name not in known)
    if key in _reached(template, known):
        yield "it comes back to itself by `otherwise` or by what it takes in"
    lines = {line for condition in template.when.values() for line in condition.lines}
    yield from (
        f"no line {line!r} is in parameters/thresholds" for line in sorted(lines - thresholds().keys())
    )
    if len({frozenset(PART.findall(template[language])) for language in LANGUAGES}) > 1:
        yield "the two languages take in different templates"
    yield from _unasked(template)


def _reached(template: Template, known: Mapping[str, Template]) -> set[str]:
    """Return the keys that can be reached from a template."""
    reached: set[str] = set()
    ahead = {template.otherwise, *template.parts()} - {None}
    while ahead:
        reached |= (found := {str(name) for name in ahead})
        nexts = [known[name] for name in found if name in known]
        ahead = {name for one in nexts for name in (one.otherwise, *one.parts())} - {None} - reached
    return reached


def _unasked(template: Template) -> Iterator[str]:
    """Yield what a sentence prints without asking: an interval, or a direction beside an interval."""
    holes = words.holes(template.en)
    printed = {hole.name for hole in holes}
    for name in sorted(printed):
        asked = template.when[name].tests if name in template.when else {}
        if {f"{name}{end}" for end in ENDS} <= printed and "inside" not in asked:
            yield f"it prints {name} with its interval and does not ask that it be inside"
        signed = {hole.name for hole in holes if is_signed(hole.form)}
        if name in signed and {f"{name}{end}" for end in ENDS} <= printed and "clear" not in asked:
            yield f"it says where {name} went and does not ask that its interval leave zero out"


def is_signed(form: str) -> bool:
    """Return whether a form chooses its words by the sign of a value."""
    return form in words.lexicon() and words.lexicon()[form].sign is not None


def bind(text: str, name: str) -> str:
    """Return the words of a template whose `value` is the hole `name`."""

    def renamed(found: re.Match[str]) -> str:
        base, dot, attribute = found[1].partition(".")
        if base != OWN and not base.startswith(f"{OWN}_"):
            return found[0]
        form = f"|{found[2]}" if found[2] else ""
        return f"{{{base.replace(OWN, name, 1)}{dot}{attribute}{form}}}"

    return words.HOLE.sub(renamed, text)
