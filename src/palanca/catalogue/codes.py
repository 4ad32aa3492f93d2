"""Names of codes in both languages, and how classifications of sectors correspond."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from palanca.catalogue.text import Text


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of the world economy.

    Attributes:
        code: three letters.
        name: in both languages.
        goods: whether it makes goods; the others make services.
    """

    code: str
    name: Text
    goods: bool


def sector_name(code: str) -> Text:
    """Return the name of a NAICS three-digit sector."""
    return _customs_sectors()[code]


@cache
def sectors() -> Mapping[str, Sector]:
    """Return the sectors of the world economy by code, in their order."""
    found = {row["code"]: Sector(row["code"], _name(row), row["goods"] == "true") for row in _rows("sectors")}
    return MappingProxyType(found)


@cache
def members(classification: str) -> Mapping[str, tuple[str, ...]]:
    """Return the sectors of the world economy to which each code of a classification belongs.

    Args:
        classification: as in `data/codes/sector_members.csv`: `icio_2025`, `wiod_2016`, `naics3`, or a
            study of trade elasticities.
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("sector_members"):
        if row["classification"] == classification:
            found[row["member"]] = (*found.get(row["member"], ()), row["sector"])
    return MappingProxyType(found)


@cache
def product_sectors() -> dict[str, str]:
    """Return the sector of the world economy by the beginning of a NAICS code; the longest one counts."""
    return {row["naics"]: row["sector"] for row in _rows("naics_sectors")}


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Return the members of each group of countries that acts, or is treated, as one."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("groups"):
        found[row["group"]] = (*found.get(row["group"], ()), row["member"])
    return found


@cache
def population() -> Mapping[str, int]:
    """Return people by country in 2019; its source is told where `data/parameters/posture.yaml` uses it."""
    return MappingProxyType({row["country"]: int(row["people"]) for row in _rows("population")})


@cache
def _customs_sectors() -> dict[str, Text]:
    return {row["code"]: _name(row) for row in _rows("naics3")}


def _name(row: Mapping[str, str]) -> Text:
    return Text(en=row["name_en"], es=row["name_es"])


def mark(name: str) -> str:
    """Return the SHA-256 of `data/codes/<name>.csv`."""
    return hashlib.sha256(_text(name).encode()).hexdigest()


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return (files("palanca") / "data" / "codes" / f"{name}.csv").read_text("utf-8")
