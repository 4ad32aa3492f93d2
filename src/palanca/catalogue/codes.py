"""Names of codes in both languages."""

import csv
from functools import cache
from importlib.resources import files

from palanca.catalogue.text import Text


@cache
def product_sectors() -> dict[str, str]:
    """Return the sector of the world economy by the beginning of a NAICS code; the longest one counts."""
    return {row["naics"]: row["sector"] for row in _rows("naics_sectors.csv")}


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Return the members of each group of countries that acts, or is treated, as one."""
    members: dict[str, tuple[str, ...]] = {}
    for row in _rows("groups.csv"):
        members[row["group"]] = (*members.get(row["group"], ()), row["member"])
    return members


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("palanca") / "data" / "codes" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _sectors() -> dict[str, Text]:
    return {row["code"]: Text(en=row["name_en"], es=row["name_es"]) for row in _rows("naics3.csv")}


def sector_name(code: str) -> Text:
    """Return the name of a NAICS three-digit sector."""
    return _sectors()[code]
