"""How much of a sector's trade some products are, by the imports on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import groups

TABLE = "product_imports"
ALL_GOODS = "goods"  # label of all goods together, the sector of a world of totals
LENGTHS = (2, 4, 6)  # digits a code of the Harmonized System may have in a measure

CHAPTER = 2  # digits of a chapter

Array = NDArray[np.float64]
Claims = tuple[tuple[str, float], ...]  # chapter and fraction of its imports that claimed a preference


@dataclass(frozen=True, eq=False)
class Basket:
    """What one country imports from another, product by product.

    Attributes:
        codes: six digits of the Harmonized System.
        sectors: of the world economy, one per code.
        imports: money.
        general_duty: money that the general rates would levy.
    """

    codes: tuple[str, ...]
    sectors: tuple[str, ...]
    imports: Array
    general_duty: Array


@dataclass(frozen=True)
class Goods:
    """Some products of a flow.

    Attributes:
        covered: codes; everything, without any.
        spared: codes taken out of them.
        parts: codes of which a fraction is covered.
        claimed: fraction of each chapter that claimed a preference, left out.
        only: whether what claimed a preference is what is kept.
    """

    covered: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    claimed: Claims = ()
    only: bool = False


def share(importer: str, partner: str, goods: Goods) -> Mapping[str, float]:
    """Return the part of each sector's imports, and of all goods, that some products are.

    Where imports of the pair are not on record, those of the importer from all partners stand in, then
    those of every importer on record.
    """
    return _share(importer, _recorded(partner), goods)


def general_rate(importer: str, partner: str) -> Mapping[str, float]:
    """Return the tariff by sector without any preference, a fraction; empty where none is on record.

    The weights are the pair's imports; those of the importer from all partners where the pair has none.
    """
    if importer not in importers():
        return {}
    held = basket(importer, _recorded(partner))
    return {
        sector: float(duty / value)
        for sector, (duty, value) in _sums(held, held.general_duty).items()
        if value > 0
    }


def exists(code: str) -> bool:
    """Return whether anything on record is imported under an HS code of two, four or six digits."""
    return code in _beginnings()


@cache
def importers() -> frozenset[str]:
    """Return the countries whose imports are on record by product."""
    return frozenset(table(TABLE).frame["importer"].unique())


@cache
def basket(importer: str, partner: str) -> Basket:
    """Return what is on record for a pair, or what stands in for it."""
    frame = table(TABLE).frame
    own = frame.filter(pl.col("importer") == importer)
    pair = own.filter(pl.col("partner") == partner)
    chosen = next((found for found in (pair, own) if found.height), frame)
    summed = chosen.group_by("hs6", "sector").agg(pl.col("imports_usd", "general_duty_usd").sum())
    ordered = summed.sort("hs6", "sector")
    return Basket(
        tuple(ordered["hs6"]),
        tuple(ordered["sector"]),
        ordered["imports_usd"].cast(float).to_numpy(),
        ordered["general_duty_usd"].cast(float).to_numpy(),
    )


@cache
def _share(importer: str, partner: str, goods: Goods) -> Mapping[str, float]:
    held = basket(importer, partner)
    sums = _sums(held, held.imports * _weights(held.codes, goods))
    return MappingProxyType({sector: float(part / whole) for sector, (part, whole) in sums.items() if whole})


def _weights(codes: tuple[str, ...], goods: Goods) -> Array:
    """Return the fraction of each product that is among some goods."""
    chosen = _within(codes, goods.covered) if goods.covered else np.ones(len(codes), dtype=bool)
    chosen &= ~_within(codes, goods.spared)
    parts, claimed = dict(goods.parts), dict(goods.claimed)
    part = np.array([_longest(code, parts) for code in codes])
    free = np.array([claimed.get(code[:CHAPTER], 0.0) for code in codes])
    return np.where(chosen, part * (free if goods.only else 1 - free), 0.0)


def _longest(code: str, parts: Mapping[str, float]) -> float:
    """Return the fraction given for the longest beginning of a code; one, where none is."""
    return next((parts[code[:digits]] for digits in reversed(LENGTHS) if code[:digits] in parts), 1.0)


def _within(codes: tuple[str, ...], beginnings: tuple[str, ...]) -> NDArray[np.bool_]:
    known = frozenset(beginnings)
    return np.array([any(code[:length] in known for length in LENGTHS) for code in codes], dtype=bool)


def _sums(held: Basket, values: Array) -> dict[str, tuple[float, float]]:
    labels, place = np.unique(np.array(held.sectors), return_inverse=True)
    part, whole = np.bincount(place, values), np.bincount(place, held.imports)
    sums = {
        str(label): (float(one), float(all_of_it))
        for label, one, all_of_it in zip(labels, part, whole, strict=True)
    }
    return {**sums, ALL_GOODS: (float(part.sum()), float(whole.sum()))}


def _recorded(partner: str) -> str:
    """Return the group under which customs records a partner, or the partner."""
    recorded = _partners()
    inside = (group for group, members in groups().items() if partner in members and group in recorded)
    return partner if partner in recorded else next(inside, partner)


@cache
def _partners() -> frozenset[str]:
    return frozenset(table(TABLE).frame["partner"].unique())


@cache
def _beginnings() -> frozenset[str]:
    codes = table(TABLE).frame["hs6"].unique().to_list()
    return frozenset(code[:length] for code in codes for length in LENGTHS)
