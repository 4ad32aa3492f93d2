"""States as the General Assembly knew them: members, former members, and those that never were."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from palanca.catalogue import Text, country
from palanca.catalogue.countries import countries
from palanca.errors import UnknownCountry

STORED = {"ZZB": "EAZ"}  # the library's own code for Zanzibar


@dataclass(frozen=True, slots=True)
class Former:
    """A state that no longer exists.

    Attributes:
        first: first year with a vote on file.
        last: last year with one.
        successors: codes of the states on its territory.
    """

    code: str
    name: Text
    first: int
    last: int
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state by its code, and whether it still exists."""

    code: str
    name: Text
    former: Former | None = None


def code(stored: str) -> str:
    """Return our code of a state for the one that a publisher's file uses."""
    return STORED.get(stored, stored)


@cache
def former() -> dict[str, Former]:
    """Return every former member by code."""
    text = (files("palanca") / "data" / "codes" / "assembly.csv").read_text("utf-8")
    return {row["code"]: _former(row) for row in csv.DictReader(text.splitlines())}


def _former(row: dict[str, str]) -> Former:
    name = Text(en=row["name_en"], es=row["name_es"])
    return Former(row["code"], name, int(row["from"]), int(row["to"]), tuple(row["successors"].split(";")))


@cache
def _names() -> dict[str, str]:
    text = (files("palanca") / "data" / "codes" / "assembly.csv").read_text("utf-8")
    return {
        name.casefold(): row["code"]
        for row in csv.DictReader(text.splitlines())
        for name in (row["code"], row["name_en"], row["name_es"], *row["aliases"].split(";"))
        if name
    }


def state(name: str) -> State:
    """Return the state called `name`, present or former.

    Raises:
        UnknownCountry: no state of that name.
    """
    found = former().get(_names().get(name.strip().casefold(), ""))
    if found is not None:
        return State(found.code, found.name, found)
    here = country(name)
    return State(here.iso3, here.name)


def require_present(*names: str) -> None:
    """Refuse former states where only those of today are measured; every one is in one error.

    Raises:
        UnknownCountry: one of the names is of a state that no longer exists.
    """
    found = [former()[_names()[name.strip().casefold()]] for name in names if _is_former(name)]
    if found:
        raise UnknownCountry("\n".join(map(_gone, found)))


def _is_former(name: str) -> bool:
    return _names().get(name.strip().casefold(), "") in former()


def _gone(one: Former) -> str:
    after = ", ".join(f"{named(code).en} ({code})" for code in one.successors)
    return (
        f"{one.name.en} no longer exists, and this is about states of today. Name what followed: {after}; or "
        f"see its votes of {one.first} to {one.last} with: palanca posture {one.code} PARTNER"
    )


def named(code: str) -> Text:
    """Return the name of a state by its code.

    Raises:
        UnknownCountry: no state has the code.
    """
    if code in former():
        return former()[code].name
    if code not in countries():
        raise UnknownCountry(f"No state has the code {code!r}.")
    return countries()[code].name
