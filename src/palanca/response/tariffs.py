"""Where a seller's tariff stands among those of the importer's other partners, by date and by month.

Statutory and collected are kept apart: the first is the rate that the law added since the base year,
weighted by the imports of that year; the second is duty over imports as customs recorded them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np
import polars as pl

from palanca.catalogue import Catalogue, Table, Unknown
from palanca.catalogue.figure import standing
from palanca.catalogue.unknown import unknown
from palanca.response.panel import not_on_file, panel
from palanca.response.peers import PeerSet, party, peer_sets, within

STATUTORY, COLLECTED = "statutory_tariffs", "customs_imports"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rate stands among those of other partners.

    Attributes:
        period: ISO date or month.
        value: percent.
        rank: one more than the number of partners that pay more, so that 1 is the highest rate.
        of: partners with a rate, the seller among them.
        tied: others with the same rate.
        percentile: percent of the others that pay less; one that pays as much does not.
        median: of the others, percent.
        gaps: value less the median of each peer set, percentage points; unknown without members.
        scheduled: whether the date lay ahead when the table was made.
    """

    period: str
    value: float
    rank: int
    of: int
    tied: int
    percentile: float
    median: float
    gaps: Mapping[str, float | Unknown]
    scheduled: bool = False

    @property
    def gap(self) -> float:
        """Value less the median of all others, percentage points."""
        return self.value - self.median


@dataclass(frozen=True)
class TariffPath:
    """The tariff of one importer on one seller beside those on others.

    Attributes:
        seller: under which code it stands in the statutory table; its union's where it has no row.
        sets: the peer sets.
        statutory: added rate at each policy date, oldest first.
        collected: in each month, oldest first.
    """

    country: str
    importer: str
    seller: str
    sets: tuple[PeerSet, ...]
    statutory: tuple[Place, ...] | Unknown
    collected: tuple[Place, ...] | Unknown


def tariff_path(tables: Catalogue, country: str, importer: str) -> TariffPath:
    """Return where the tariff of `importer` on goods of `country` stands at each date and in each month."""
    law = added(tables[STATUTORY], importer)
    seller = party(country, next(iter(law.values()), {}))
    sets = peer_sets(tables, country, importer)
    rates = _collected(tables[COLLECTED], importer)
    ahead = _scheduled(tables[STATUTORY], importer)
    statutory = _places(law, seller, sets, lambda day: day in ahead)
    collected = _places(rates, country, sets, lambda _: False)
    return TariffPath(
        country,
        importer,
        seller,
        sets,
        statutory or not_on_file(tables[STATUTORY], country, importer),
        collected or not_on_file(tables[COLLECTED], country, importer),
    )


@cache
def added(table: Table, importer: str) -> Mapping[str, Mapping[str, float]]:
    """Return the statutory rate added since the base year, percent, by policy date and partner."""
    rows = table.rows(importer=importer).sort("date", "partner")
    found: dict[str, dict[str, float]] = {}
    for day, partner, rate in rows.select("date", "partner", "added_pct").iter_rows():
        found.setdefault(day, {})[partner] = rate
    return found


@cache
def _collected(table: Table, importer: str) -> Mapping[str, Mapping[str, float]]:
    """Return duty over imports, percent, by month and partner."""
    held = panel(table, importer)
    return {
        month: {
            code: float(rate) for code, rate in zip(held.partners, row, strict=True) if not np.isnan(rate)
        }
        for month, row in zip(held.months, held.rates, strict=True)
    }


def _scheduled(table: Table, importer: str) -> set[str]:
    return set(table.rows(importer=importer).filter(pl.col("scheduled"))["date"])


def _places(
    rates: Mapping[str, Mapping[str, float]],
    seller: str,
    sets: Sequence[PeerSet],
    scheduled: Callable[[str], bool],
) -> tuple[Place, ...]:
    return tuple(
        place(period, seller, known, sets, scheduled=scheduled(period))
        for period, known in rates.items()
        if seller in known and len(known) > 1
    )


def place(
    period: str, seller: str, rates: Mapping[str, float], sets: Sequence[PeerSet], *, scheduled: bool = False
) -> Place:
    """Return where a seller's rate stands among `rates`, which are those of all partners."""
    own = rates[seller]
    others = {code: rate for code, rate in rates.items() if code != seller}
    stands = standing(own, others.values())
    return Place(
        period=period,
        value=own,
        rank=1 + sum(rate > own for rate in others.values()),
        of=len(rates),
        tied=sum(rate == own for rate in others.values()),
        percentile=stands.percentile if stands else 0.0,
        median=median(others.values()),
        gaps={one.name: _gap(own, [others[code] for code in within(one.members, others)]) for one in sets},
        scheduled=scheduled,
    )


def _gap(own: float, peers: Sequence[float]) -> float | Unknown:
    if not peers:
        return unknown("no partner of this peer set is on file", "no hay en archivo socios de este grupo")
    return own - median(peers)
