"""What the law spares goods that claim a trade preference, and which goods it taxes for security's sake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Table, Unknown
from palanca.catalogue.codes import members
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.unknown import unknown
from palanca.response.given import path
from palanca.trade.clause import Claimed, Clause, expanded
from palanca.trade.measure import Measure, measures
from palanca.trade.products import CHAPTER, LENGTHS, TABLE, Goods, share

GROUND, ANYBODY = "Section 232", ""
USE = "preference_use_by_chapter"
PERCENT = 100.0


@dataclass(frozen=True)
class Exemption:
    """What claims of a trade preference took off the rate of a seller, percentage points.

    Attributes:
        claimed: imports that claimed it, percent.
        effect: below zero: the rate that the law sets for goods without a claim, on those that had one and
            lie outside the chapters under national-security tariffs, over all imports.
        measures: the acts that exempt claimed goods.
        chapters: `effect` by chapter of the Harmonized System, largest first.
    """

    claimed: float
    effect: float
    measures: tuple[str, ...]
    chapters: Mapping[str, float]


def exemption(tables: Catalogue, country: str, importer: str, months: Sequence[str]) -> Exemption | Unknown:
    """Return what claims of a preference took off, by the acts on file that exempt claimed goods.

    An act counts in a month if it was in force on its last day.
    """
    rows = tables[USE].rows(importer=importer, partner=country, month=tuple(months))
    acts = {month: exempting(importer, country, month, measures().values()) for month in months}
    if set(rows["month"]) != set(months):
        return unknown(
            "use of a trade preference is not on file for every month",
            "el uso de una preferencia comercial no está en archivo para todos los meses",
        )
    if not any(acts.values()):
        return unknown(
            "no act on file exempts goods that claim a preference in these months",
            "ninguna medida en archivo exime bienes que usen una preferencia en estos meses",
        )
    imports, kinds = float(rows["imports_usd"].sum()), _sector_of_chapter(tables[TABLE], importer)
    taken: dict[str, float] = {}
    for month, chapter, claimed in rows.select("month", "chapter", "claimed_usd").iter_rows():
        if claimed and chapter not in secure_chapters(tables[TABLE], importer, (month,)):
            rate = _rate(acts[month], kinds.get(chapter, ""))
            taken[chapter] = taken.get(chapter, 0.0) - rate * claimed / imports
    chapters = {code: effect for code, effect in sorted(taken.items(), key=lambda item: item[1]) if effect}
    names = {one.name for found in acts.values() for one, _ in found}
    share_claimed = PERCENT * float(rows["claimed_usd"].sum()) / imports
    return Exemption(share_claimed, sum(chapters.values()), tuple(sorted(names)), chapters)


def exempting(
    importer: str, country: str, month: str, known: Iterable[Measure]
) -> list[tuple[Measure, Clause]]:
    """Return the clauses in force at the end of a month that spare goods which claim a preference.

    Clauses on listed products, those of national-security tariffs among them, are left out.
    """
    return [
        (one, clause)
        for one in in_force(importer, (month,), known)
        if one.start <= period_end(month) and (one.end is None or one.end >= period_end(month))
        for clause in one.clauses
        if isinstance(clause.exempt, Claimed) and not clause.hs and country in expanded(clause.target)
    ]


def in_force(importer: str, months: Sequence[str], known: Iterable[Measure]) -> Iterator[Measure]:
    """Yield the measures that an importer applied and that were in force in any of the months."""
    first, last = date.fromisoformat(f"{min(months)}-01"), period_end(max(months))
    for one in known:
        sent = one.status == "applied" and importer in one.sender
        if sent and one.start <= last and (one.end is None or one.end >= first):
            yield one


def _rate(acts: Iterable[tuple[Measure, Clause]], sector: str) -> float:
    """Return the rate that clauses add on goods of a sector without a claim, percent."""
    rates = (clause.addition for _, clause in acts if clause.sectors is None or sector in clause.sectors)
    return sum(rate for rate in rates if isinstance(rate, float))


@cache
def _sector_of_chapter(products: Table, importer: str) -> Mapping[str, str]:
    """Return the sector of the economy that most imports of each chapter belong to."""
    rows = products.rows(importer=importer).with_columns(chapter=pl.col("hs6").str.slice(0, CHAPTER))
    sums = rows.group_by("chapter", "sector").agg(pl.col("imports_usd").sum())
    first = sums.sort("imports_usd").group_by("chapter", maintain_order=True).last()
    return dict(first.select("chapter", "sector").iter_rows())


def secure_chapters(products: Table, importer: str, months: tuple[str, ...]) -> frozenset[str]:
    """Return the chapters most of whose imports lie under a national-security tariff in any of the months."""
    return _covered_chapters(products, importer, _codes(_security(importer, months)))


@cache
def _covered_chapters(products: Table, importer: str, codes: tuple[str, ...]) -> frozenset[str]:
    rows = products.rows(importer=importer).group_by("hs6").agg(pl.col("imports_usd").sum())
    inside = pl.any_horizontal(pl.col("hs6").str.slice(0, digits).is_in(list(codes)) for digits in LENGTHS)
    parts = rows.with_columns(chapter=pl.col("hs6").str.slice(0, CHAPTER), inside=inside)
    shares = parts.group_by("chapter").agg(
        part=PERCENT * pl.col("imports_usd").filter("inside").sum() / pl.col("imports_usd").sum()
    )
    return frozenset(shares.filter(pl.col("part") >= path().security.covered_pct)["chapter"])


def secure_sectors(importer: str, months: tuple[str, ...]) -> frozenset[str]:
    """Return the customs sectors under a national-security tariff in force in any of the months.

    A customs sector counts where, in one of the sectors of the economy it belongs to, the products named
    make up at least the share of the importer's imports that the parameters say.
    """
    clauses = _security(importer, months)
    codes, least = _codes(clauses), path().security.covered_pct / PERCENT
    covered = share(importer, ANYBODY, Goods(codes)) if codes else {}
    hit = {sector for sector, part in covered.items() if part >= least}
    hit |= {sector for clause in clauses for sector in clause.sectors or ()}
    return frozenset(code for code, owners in members("naics3").items() if hit.intersection(owners))


def _security(importer: str, months: tuple[str, ...]) -> list[Clause]:
    """Return the clauses of national-security tariffs."""
    acts = in_force(importer, months, measures().values())
    return [clause for one in acts if one.authority == GROUND for clause in one.clauses]


def _codes(clauses: Iterable[Clause]) -> tuple[str, ...]:
    return tuple(sorted({code for clause in clauses for code in clause.hs}))
