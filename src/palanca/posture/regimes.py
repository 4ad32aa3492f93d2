"""What kind of regime a country has, by every measure on file, and whether they agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from palanca.catalogue import Catalogue, Table
from palanca.posture.given import given

CLASS = "regime_class"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a regime.

    Attributes:
        measure: which.
        edition: release it was taken from.
        year: it describes.
        value: on its own scale.
        democracy: whether it reaches the measure's own line for a democracy.
    """

    measure: str
    edition: str
    year: int
    value: float
    democracy: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """All measures of one country."""

    country: str
    measures: tuple[Measured, ...]

    @property
    def disputed(self) -> bool:
        """Whether the measures disagree on its being a democracy."""
        return len({one.democracy for one in self.measures}) > 1


def regime(tables: Catalogue, country: str) -> Regime:
    """Return the last value of every measure that draws a line for a democracy."""
    return _regime(tables["regimes"], country)


@lru_cache(maxsize=512)
def _regime(table: Table, country: str) -> Regime:
    lines = given().regimes.democracy
    rows = table.rows(country=country).filter(pl.col("measure").is_in(list(lines)))
    last = rows.sort("year").group_by("measure", maintain_order=True).last().sort("measure")
    return Regime(
        country,
        tuple(
            Measured(
                row["measure"],
                row["edition"],
                row["year"],
                row["value"],
                row["value"] >= lines[row["measure"]],
            )
            for row in last.iter_rows(named=True)
        ),
    )


def classes(tables: Catalogue) -> Mapping[int, tuple[str, ...]]:
    """Return the countries of each class of Regimes of the World in its last year."""
    return _classes(tables["regimes"])


@lru_cache(maxsize=8)
def _classes(table: Table) -> Mapping[int, tuple[str, ...]]:
    frame = table.frame.filter(pl.col("measure") == CLASS)
    now = frame.filter(pl.col("year") == pl.col("year").max())
    found = {int(value): tuple(now.filter(pl.col("value") == value)["country"]) for value in range(4)}
    return {value: codes for value, codes in found.items() if codes}
