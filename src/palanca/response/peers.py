"""Whom a seller is set against: partners of one importer, chosen by rule from the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Table
from palanca.catalogue.codes import groups
from palanca.response.given import path

RULES = {
    "all": "every other partner on file",
    "agreement": "partners that border the importer or have a trade agreement with it on file",
    "similar": "partners whose goods are most alike: largest sum over six-digit products of the smaller of "
    "the two shares (Finger and Kreinin 1979, Economic Journal 89), imports of 2024",
    "suppliers": "the largest suppliers of the importer, imports of 2024",
}
SETS = tuple(RULES)


@dataclass(frozen=True, slots=True)
class PeerSet:
    """Partners that a seller is set against.

    Attributes:
        name: of the rule.
        rule: how they were chosen, in words.
        members: codes, nearest or largest first; a union of countries stands as one.
    """

    name: str
    rule: str
    members: tuple[str, ...]


def party(country: str, known: Iterable[str]) -> str:
    """Return the code under which a country stands among `known`: its own, else its union's."""
    listed = set(known)
    unions = (name for name, members in groups().items() if country in members and name in listed)
    return country if country in listed else next(unions, country)


def within(codes: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the codes among `known`, a union replaced by those of its members that are."""
    listed = set(known)
    wide = (code for one in codes for code in ((one,) if one in listed else groups().get(one, ())))
    return tuple(code for code in dict.fromkeys(wide) if code in listed)


def peer_sets(tables: Catalogue, country: str, importer: str) -> tuple[PeerSet, ...]:
    """Return every peer set of a seller but that of all partners; one without members is empty."""
    sold = _sales(tables["product_imports"], importer)
    own, count = party(country, sold), path().peers.count
    found = {
        "agreement": _agreed(tables, importer),
        "similar": _alike(tables["product_imports"], importer, own),
        "suppliers": tuple(sold),
    }
    limits = {"agreement": None, "similar": count, "suppliers": count}
    return tuple(
        PeerSet(
            name, RULES[name], tuple(code for code in codes if code not in (own, country))[: limits[name]]
        )
        for name, codes in found.items()
    )


def _agreed(tables: Catalogue, importer: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            {*_others(tables["pair_distances"], importer, pl.col("contiguous"))}
            | {*_others(tables["trade_agreements"], importer, pl.col("agreements") > 0)}
        )
    )


def _others(table: Table, country: str, wanted: pl.Expr) -> Iterable[str]:
    """Yield the other country of each pair of `country` that satisfies a condition."""
    rows = table.frame.filter(wanted, (pl.col("first") == country) | (pl.col("second") == country))
    other = pl.when(pl.col("first") == country).then("second").otherwise("first")
    return rows.select(other.alias("other"))["other"].to_list()


@cache
def _sales(products: Table, importer: str) -> Mapping[str, int]:
    """Return imports by partner, USD, largest first."""
    rows = products.rows(importer=importer).group_by("partner").agg(pl.col("imports_usd").sum())
    return dict(rows.sort("imports_usd", "partner", descending=[True, False]).iter_rows())


@cache
def _alike(products: Table, importer: str, own: str) -> tuple[str, ...]:
    """Return partners by how alike their goods are, nearest first; none where `own` sells none."""
    rows = (
        products.rows(importer=importer)
        .group_by("partner", "hs6", maintain_order=True)
        .agg(pl.col("imports_usd").sum())
    )
    shares = rows.with_columns(share=pl.col("imports_usd") / pl.col("imports_usd").sum().over("partner"))
    mine = shares.filter(pl.col("partner") == own).select("hs6", mine="share")
    both = shares.filter(pl.col("partner") != own).join(mine, on="hs6")
    index = both.group_by("partner", maintain_order=True).agg(index=pl.min_horizontal("share", "mine").sum())
    return tuple(index.sort("index", "partner", descending=[True, False])["partner"])
