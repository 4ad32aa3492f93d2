"""Who governed a country on a day."""

import csv
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
