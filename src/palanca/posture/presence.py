"""How far a state's presence reaches: embassies, organisations, agreements, beside its peers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Standing, Table, Unknown
from palanca.catalogue.unknown import unknown
from palanca.posture.peers import Peers, among, peers
from palanca.posture.states import named


@dataclass(frozen=True, slots=True)
class Count:
    """One count of presence.

    Attributes:
        name: what is counted.
        value: how many, or why it is not known.
        among: standing among the peers.
        table: it was counted in.
        vintage: of the table, ISO; the count is of that day and shows no trend.
    """

    name: str
    value: int | Unknown
    among: Standing | None
    table: str
    vintage: str


@dataclass(frozen=True)
class Presence:
    """Presence of a country with a partner and in the world."""

    country: str
    peers: Peers
    counts: tuple[Count, ...]


def presence(tables: Catalogue, country: str, partner: str) -> Presence:
    """Return every count of presence of a country, each beside its peers."""
    chosen = peers(tables, country)
    return Presence(country, chosen, tuple(_counts(tables, partner, chosen)))


def _counts(tables: Catalogue, partner: str, chosen: Peers) -> Iterator[Count]:
    members, treaties = joined(tables), in_force(tables)
    common, signed = shared(tables, partner), agreements(tables, partner)
    yield _count(tables["embassies"], "embassies_abroad", sent(tables), chosen)
    yield _count(tables["embassies"], "embassies_received", received(tables), chosen)
    yield _count(tables["memberships"], "memberships", members, chosen)
    both = {code: common.get(code, 0) for code in members}
    yield _count(tables["memberships"], "memberships_shared_with_partner", both, chosen)
    yield _count(tables["agreement_years"], "trade_agreements", treaties, chosen)
    ties = {code: signed.get(code, 0) for code in treaties}
    yield _count(tables["trade_agreements"], "trade_agreements_with_partner", ties, chosen)


def _count(table: Table, name: str, counts: Mapping[str, int], chosen: Peers) -> Count:
    """Return one count of a country; one that the table leaves out is not known to have none."""
    held = counts.get(chosen.country)
    value = _missing(table.title.en, table.title.es, chosen.country) if held is None else held
    standing = None if held is None else among(held, counts, chosen)
    return Count(name, value, standing, table.name, table.origin.vintage.isoformat())


def _missing(english: str, spanish: str, code: str) -> Unknown:
    name = named(code)
    return unknown(f"{english}: {name.en} is not on the list", f"{spanish}: {name.es} no figura en la lista")


def sent(tables: Catalogue) -> Mapping[str, int]:
    """Return resident embassies by sending state."""
    return _sizes(tables["embassies"], "country")


def received(tables: Catalogue) -> Mapping[str, int]:
    """Return resident embassies by host."""
    return _sizes(tables["embassies"], "host")


def joined(tables: Catalogue) -> Mapping[str, int]:
    """Return full memberships by country."""
    return _sizes(tables["memberships"], "country")


def shared(tables: Catalogue, partner: str) -> dict[str, int]:
    """Return memberships that each country shares with a partner."""
    table = tables["memberships"]
    theirs = tuple(table.rows(country=partner)["organization"])
    both = Counter(table.rows(organization=theirs)["country"].to_list())
    return {code: count for code, count in both.items() if code != partner}


def agreements(tables: Catalogue, partner: str) -> dict[str, int]:
    """Return how many trade agreements of any kind each country has with a partner."""
    table = tables["trade_agreements"]
    first = table.rows(first=partner).select("second", "agreements")
    second = table.rows(second=partner).select("first", "agreements")
    return dict([*first.iter_rows(), *second.iter_rows()])


def in_force(tables: Catalogue) -> Mapping[str, int]:
    """Return trade agreements of any kind by party; one with the parties of an earlier one counts once."""
    return _in_force(tables["agreement_years"])


@cache
def _in_force(table: Table) -> Mapping[str, int]:
    new = (pl.col("agreements").cast(pl.Int64) - pl.col("renewed")).sum()
    return dict(table.frame.group_by("country").agg(new).iter_rows())


@cache
def _sizes(table: Table, column: str) -> Mapping[str, int]:
    return dict(table.frame.group_by(column).len().iter_rows())
