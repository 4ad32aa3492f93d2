"""Which flows of an economy a clause acts on, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import product_sectors
from palanca.trade import products
from palanca.trade.clause import ALL, ON_EXPORTS, Claimed, Clause, Preferred, expanded
from palanca.trade.measure import Measure

if TYPE_CHECKING:
    from palanca.economy import Economy

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
        place = economy.countries.index(importer), economy.countries.index(exporter)
        part, elsewhere = _paying(act, importer, exporter)
        result[rows, *place] = [part.get(sector, elsewhere) for sector in kept]
    return result


def exempt(act: Act, importer: str, exporter: str) -> float:
    """Return the fraction of a flow that a clause exempts; what claimed a preference, where it says so."""
    rule = act.clause.exempt
    if isinstance(rule, Claimed):
        return _claimed(act, rule, importer, exporter)
    return (rule.preferred if isinstance(rule, Preferred) else rule) / PERCENT


def _claimed(act: Act, rule: Claimed, importer: str, exporter: str) -> float:
    if act.claimed is not None:
        return act.claimed
    return claims(rule.claimed).get((importer, exporter), 0.0)


def claims(month: str) -> Mapping[tuple[str, str], float]:
    """Return the fraction of imports that claimed a preference in a month, by importer and exporter."""
    rows = table("preference_use").frame.filter(pl.col("month") == month)
    pairs = zip(rows["importer"], rows["partner"], strict=True)
    return dict(zip(pairs, (rows["claimed_pct"] / PERCENT).to_list(), strict=True))


def claims_by_chapter(month: str, importer: str, exporter: str) -> products.Claims:
    """Return the fraction of a pair's imports that claimed a preference in a month, by chapter."""
    rows = table("preference_use_by_chapter").rows(importer=importer, partner=exporter, month=month)
    rows = rows.filter(pl.col("imports_usd") > 0)
    part = rows["claimed_usd"] / rows["imports_usd"]
    return tuple(zip(rows["chapter"].to_list(), part.to_list(), strict=True))


def _paying(act: Act, importer: str, exporter: str) -> tuple[Mapping[str, float], float]:
    """Return the part of a flow that pays, by sector with products on record, and that of any other."""
    clause = act.clause
    rule = clause.only or clause.exempt
    free = exempt(act, importer, exporter) if clause.only is None else 0.0
    kept = 1 - free if clause.only is None else _claimed(act, clause.only, importer, exporter)
    goods = products.Goods(clause.hs, clause.spared_hs, _parts(clause), only=clause.only is not None)
    listed = bool(clause.hs or clause.spared_hs)
    if isinstance(rule, Claimed) and act.claimed is None and kept not in (0, 1):
        claimed = claims_by_chapter(rule.claimed, importer, exporter)
        part = products.share(importer, exporter, replace(goods, claimed=claimed))
    elif listed:
        whole = products.share(importer, exporter, replace(goods, only=False))
        part = {sector: kept * value for sector, value in whole.items()}
    else:
        part = {}
    return part, 0.0 if listed else kept


def _parts(clause: Clause) -> tuple[tuple[str, float], ...]:
    return tuple((code, part / PERCENT) for code, part in sorted(clause.parts.items()))


def _targets(clause: Clause, economy: Economy) -> tuple[str, ...]:
    spared = expanded(clause.spared or ())
    named = economy.countries if ALL in clause.target else _among(expanded(clause.target), economy)
    return tuple(label for label in named if label not in spared)


def _among(labels: tuple[str, ...], economy: Economy) -> tuple[str, ...]:
    return tuple(label for label in economy.countries if label in labels)
