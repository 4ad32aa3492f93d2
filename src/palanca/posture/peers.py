"""Countries of like size, chosen by rule, that a count is set against."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from palanca.catalogue import Catalogue, Standing
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
        return (
            f"the {len(self.codes)} countries whose GDP of {self.year} is nearest in proportion; "
            "population is not on file"
        )


def sizes(tables: Catalogue) -> tuple[int, dict[str, float]]:
    """Return the last year in which most countries have a GDP on file, and GDP in it, USD."""
    frame = tables["gdp"].frame.filter(pl.col("gdp_usd") > 0)
    counts = frame.group_by("year").len().sort("year")
    year = max(counts.filter(pl.col("len") >= 0.9 * pl.col("len").max())["year"].to_list(), default=0)
    return year, dict(frame.filter(pl.col("year") == year).select("country", "gdp_usd").iter_rows())


def peers(tables: Catalogue, country: str) -> Peers:
    """Return the countries whose GDP is nearest in proportion to that of one."""
    year, money = sizes(tables)
    if country not in money:
        return Peers(country, (), year)
    here = math.log(money[country])
    far = sorted((abs(math.log(size) - here), code) for code, size in money.items() if code != country)
    return Peers(country, tuple(code for _, code in far[: given().peers.count]), year)


def among(value: float, counts: Mapping[str, float], chosen: Peers) -> Standing | None:
    """Return where a value stands among the peers; one that a full list leaves out counts zero."""
    return standing(value, [counts.get(code, 0) for code in chosen.codes])
