"""Who governed a country on a day, and the periods that changes of government cut a record into."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Government:
    """One government from its first day on.

    Attributes:
        basis: what its first day rests on, `ledger` (an entry that `source` names) or `press`.
    """

    country: str
    since: date
    name: str
    basis: str
    source: str


@cache
def governments() -> tuple[Government, ...]:
    """Return every dated government on file, oldest first."""
    text = (files("palanca") / "data" / "codes" / "governments.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    found = [
        Government(row["country"], date.fromisoformat(row["since"]), row["name"], row["basis"], row["source"])
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.since))


def governing(country: str, day: date) -> Government | None:
    """Return the government of a country on a day; none where the file does not reach."""
    held = [one for one in governments() if one.country == country and one.since <= day]
    return held[-1] if held else None


def breaks(countries: Iterable[str], first: date, last: date, shortest: int) -> list[date]:
    """Return the first day and every change of government after it, at least so many days apart.

    A period that would be shorter is joined to the next, the last one to the one before.
    """
    named = set(countries)
    changes = [one.since for one in governments() if one.country in named and first < one.since <= last]
    found = [first]
    for day in sorted(changes):
        if (day - found[-1]).days < shortest and found[-1] != first:
            found[-1] = day
        elif (day - found[-1]).days >= shortest:
            found.append(day)
    if len(found) > 1 and (last - found[-1]).days < shortest:
        found.pop()
    return found
