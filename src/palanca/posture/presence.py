"""How far a state's presence reaches: embassies, organisations, agreements, beside its peers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from palanca.catalogue import Catalogue, Standing, Unknown
from palanca.catalogue.unknown import unknown
from palanca.posture.peers import Peers, among, peers


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
    return Presence(country, chosen, tuple(_counts(tables, country, partner, chosen)))


def _counts(tables: Catalogue, country: str, partner: str, chosen: Peers) -> Iterator[Count]:
    measures = {
        "embassies_abroad": ("embassies", sent(tables)),
        "embassies_received": ("embassies", received(tables)),
        "memberships": ("memberships", joined(tables)),
        "memberships_shared_with_partner": ("memberships", shared(tables, partner)),
        "trade_agreement_partners": ("trade_agreements", treaty_partners(tables)),
        "trade_agreements_with_partner": ("trade_agreements", agreements(tables, partner)),
    }
    for name, (table, counts) in measures.items():
        yield _count(tables, name, table, counts, country, chosen)


def _count(
    tables: Catalogue, name: str, table: str, counts: Mapping[str, int], country: str, chosen: Peers
) -> Count:
    held = tables[table]
    listed = country in counts or (bool(counts) and "partner" in name)
    value = counts.get(country, 0) if listed else _missing(held.title.en, held.title.es)
    standing = None if isinstance(value, Unknown) else among(value, counts, chosen)
    return Count(name, value, standing, table, held.origin.vintage.isoformat())


def _missing(english: str, spanish: str) -> Unknown:
    return unknown(f"{english}: the country is not on the list", f"{spanish}: el país no figura en la lista")


def sent(tables: Catalogue) -> dict[str, int]:
    """Return resident embassies by sending state."""
    return _sizes(tables["embassies"].frame, "country")


def received(tables: Catalogue) -> dict[str, int]:
    """Return resident embassies by host."""
    return _sizes(tables["embassies"].frame, "host")


def joined(tables: Catalogue) -> dict[str, int]:
    """Return full memberships by country."""
    return _sizes(tables["memberships"].frame, "country")


def shared(tables: Catalogue, partner: str) -> dict[str, int]:
    """Return memberships that each country shares with a partner."""
    frame = tables["memberships"].frame
    theirs = frame.filter(pl.col("country") == partner)["organization"]
    both = frame.filter(pl.col("organization").is_in(theirs.implode()), pl.col("country") != partner)
    return _sizes(both, "country")


def agreements(tables: Catalogue, partner: str) -> dict[str, int]:
    """Return trade agreements of each country with a partner."""
    frame = tables["trade_agreements"].frame
    first = frame.filter(pl.col("first") == partner).select("second", "agreements")
    second = frame.filter(pl.col("second") == partner).select("first", "agreements")
    return dict([*first.iter_rows(), *second.iter_rows()])


def treaty_partners(tables: Catalogue) -> dict[str, int]:
    """Return how many countries each has a trade agreement with."""
    frame = tables["trade_agreements"].frame
    ends = pl.concat([frame.select(country="first"), frame.select(country="second")])
    return _sizes(ends, "country")


def _sizes(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.group_by(column).len().iter_rows())
