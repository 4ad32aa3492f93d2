"""Which flows of an economy a clause acts on, and how far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import product_sectors
from palanca.economy import Economy
from palanca.trade import products
from palanca.trade.measure import ALL, ON_EXPORTS, Claimed, Clause, Measure, expanded

Array = NDArray[np.float64]
PERCENT = 100.0


@dataclass(frozen=True)
class Act:
    """One clause of a measure, with the countries of an economy that it binds.

    Attributes:
        clause: what is done.
        sender, target: countries of the economy.
        claimed: part of trade that claims a preference, a fraction, in place of what is on record.
    """

    clause: Clause
    sender: tuple[str, ...]
    target: tuple[str, ...]
    claimed: float | None = None

    def flows(self) -> Iterator[tuple[str, str]]:
        """Yield importer and exporter of every flow that is acted on."""
        outward = self.clause.kind in ON_EXPORTS
        for one in self.sender:
            yield from ((two, one) if outward else (one, two) for two in self.target if one != two)


def acts_of(measure: Measure, economy: Economy, *, claimed: float | None = None) -> list[Act]:
    """Return the clauses of a measure with the countries they bind; others than the economy's drop out."""
    return [
        Act(clause, _among(measure.senders(clause), economy), _targets(clause, economy), claimed)
        for clause in measure.clauses
    ]


def goods(economy: Economy) -> tuple[str, ...]:
    """Return the sectors whose products pass a customs office; all, where no label is known to be one."""
    known = set(product_sectors().values())
    return tuple(label for label in economy.sectors if label in known) or economy.sectors


def touched(act: Act, economy: Economy) -> Array:
    """Return the part of each flow that a clause acts on, (J, N, N) [sector, destination, origin]."""
    result = np.zeros(economy.structure.tariff.shape)
    chosen = act.clause.sectors or goods(economy)
    rows = [economy.sectors.index(sector) for sector in chosen if sector in economy.sectors]
    kept = [economy.sectors[row] for row in rows]
    for importer, exporter in act.flows():
        part = _covered(act.clause, importer, exporter)
        paying = 1 - exempt(act, importer, exporter)
        place = economy.countries.index(importer), economy.countries.index(exporter)
        result[rows, *place] = [paying * (1.0 if part is None else part.get(sector, 0.0)) for sector in kept]
    return result


def exempt(act: Act, importer: str, exporter: str) -> float:
    """Return the fraction of a flow that a clause exempts; what claimed a preference, where it says so."""
    if not isinstance(act.clause.exempt, Claimed):
        return act.clause.exempt / PERCENT
    if act.claimed is not None:
        return act.claimed
    return claims(act.clause.exempt.claimed).get((importer, exporter), 0.0)


def claims(month: str) -> Mapping[tuple[str, str], float]:
    """Return the fraction of imports that claimed a preference in a month, by importer and exporter."""
    rows = table("preference_use").frame.filter(pl.col("month") == month)
    pairs = zip(rows["importer"], rows["partner"], strict=True)
    return dict(zip(pairs, (rows["claimed_pct"] / PERCENT).to_list(), strict=True))


def _covered(clause: Clause, importer: str, exporter: str) -> Mapping[str, float] | None:
    if not (clause.hs or clause.spared_hs):
        return None
    return products.share(importer, exporter, clause.hs, clause.spared_hs)


def _targets(clause: Clause, economy: Economy) -> tuple[str, ...]:
    spared = expanded(clause.spared or ())
    named = economy.countries if ALL in clause.target else _among(expanded(clause.target), economy)
    return tuple(label for label in named if label not in spared)


def _among(labels: tuple[str, ...], economy: Economy) -> tuple[str, ...]:
    return tuple(label for label in economy.countries if label in labels)
