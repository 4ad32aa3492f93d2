"""Countries of like size, chosen by rule, that a count is set against."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Standing, Table
from palanca.catalogue.codes import population
from palanca.catalogue.figure import standing
from palanca.posture.given import given


@dataclass(frozen=True, slots=True)
class Peers:
    """Countries nearest in size.

    Attributes:
        country: whose peers they are.
        codes: nearest first; none where the country has no size on file.
        year: of the sizes.
    """

    country: str
    codes: tuple[str, ...]
    year: int

    @property
    def rule(self) -> str:
        """How they were chosen, in words."""
        also = " and in population" if self.country in population() else ""
        return f"the {len(self.codes)} countries nearest in proportion in GDP ({self.year}){also}"


def sizes(tables: Catalogue) -> tuple[int, dict[str, float]]:
    """Return the last year in which most countries have a GDP on file, and GDP in it, USD."""
    return _sizes(tables["gdp"])


@cache
def _sizes(table: Table) -> tuple[int, dict[str, float]]:
    frame = table.frame.filter(pl.col("gdp_usd") > 0)
    counts = frame.group_by("year").len().sort("year")
    year = max(counts.filter(pl.col("len") >= 0.9 * pl.col("len").max())["year"].to_list(), default=0)
    return year, dict(frame.filter(pl.col("year") == year).select("country", "gdp_usd").iter_rows())


def peers(tables: Catalogue, country: str) -> Peers:
    """Return the countries nearest to one in proportion in GDP and population, each counting as much.

    A country without population on file has peers by GDP alone, and is the peer of none that has it.
    """
    year, money = sizes(tables)
    if country not in money:
        return Peers(country, (), year)
    people = population()
    known = [code for code in money if code != country and (country not in people or code in people)]
    near = sorted(known, key=lambda code: (_distance(money, people, country, code), code))
    return Peers(country, tuple(near[: given().peers.count]), year)


def _distance(money: Mapping[str, float], people: Mapping[str, int], one: str, other: str) -> float:
    wealth = math.log(money[other] / money[one])
    return math.hypot(wealth, math.log(people[other] / people[one])) if one in people else abs(wealth)


def among(value: float, counts: Mapping[str, float], chosen: Peers) -> Standing | None:
    """Return where a value stands among the peers; one that a full list leaves out counts zero."""
    return standing(value, [counts.get(code, 0) for code in chosen.codes])
