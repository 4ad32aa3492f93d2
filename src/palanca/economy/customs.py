"""What a country's own customs recorded, in the sectors of the world economy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.codes import members, sectors

Array = NDArray[np.float64]

WORLD = "WLD"
TOGETHER = "+"  # joins sectors that a customs code covers together


@dataclass(frozen=True)
class Entry:
    """Imports and duties of a year, USD, from one partner in sectors that are recorded together."""

    importer: str
    partner: str
    sectors: tuple[str, ...]
    imports: float
    duty: float

    @property
    def rate(self) -> float:
        """Duties over imports, a fraction; zero where nothing was imported."""
        return max(self.duty, 0.0) / self.imports if self.imports > 0 else 0.0


def entries(customs: pl.DataFrame, year: int, countries: Sequence[str]) -> list[Entry]:
    """Return a year's imports from each of the countries, then from all others, whose partner is `WLD`.

    Args:
        customs: as the table `customs_imports`.
        year: calendar year.
        countries: those of the world economy.
    """
    yearly = _yearly(customs, year)
    named = yearly.filter(pl.col("partner").is_in(list(countries)))
    sums = named.group_by("importer", "group").agg(pl.col("imports_usd", "duty_usd").sum())
    world = yearly.filter(pl.col("partner") == WORLD)
    both = world.join(sums, on=["importer", "group"], how="left", suffix="_named", maintain_order="left")
    others = both.select(
        "importer",
        "partner",
        "group",
        *(pl.col(flow) - pl.col(f"{flow}_named").fill_null(0) for flow in ("imports_usd", "duty_usd")),
    )
    return [
        Entry(importer, partner, tuple(group.split(TOGETHER)), float(imports), float(duty))
        for importer, partner, group, imports, duty in pl.concat([named, others]).iter_rows()
    ]


def rates(found: Sequence[Entry], countries: Sequence[str]) -> Array:
    """Return duties over imports, (N, J, N) [origin, sector, destination], fractions.

    Countries without entries of their own pay the average rate of all others; where no customs is on
    file the rate is zero.
    """
    place, kind = _places(countries), _places(sectors())
    table = np.zeros((len(place), len(kind), len(place)))
    for entry in sorted(found, key=lambda entry: entry.partner != WORLD):
        origins = list(place.values()) if entry.partner == WORLD else [place[entry.partner]]
        cells = np.ix_(origins, [kind[code] for code in entry.sectors], [place[entry.importer]])
        table[cells] = entry.rate
    own = np.arange(len(place))
    table[own, :, own] = 0.0
    return table


def _yearly(customs: pl.DataFrame, year: int) -> pl.DataFrame:
    groups = {code: TOGETHER.join(kinds) for code, kinds in members("naics3").items()}
    return (
        customs.filter(pl.col("month").str.starts_with(f"{year}-"), pl.col("sector").is_in(list(groups)))
        .with_columns(group=pl.col("sector").replace_strict(groups))
        .group_by("importer", "partner", "group")
        .agg(pl.col("imports_usd", "duty_usd").sum())
        .sort("importer", "partner", "group")
    )


def _places(labels: Iterable[str]) -> dict[str, int]:
    return {label: at for at, label in enumerate(labels)}
