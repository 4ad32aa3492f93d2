"""Tables of the catalogue that this layer derives."""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from palanca.events.ledger import shipped
from palanca.response import timing


def derivations() -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how the table of reactivity is derived: from the ledgers that the package carries."""
    return {timing.TABLE: lambda _: reactivity()}


def reactivity() -> pl.DataFrame:
    """Return what timing says of every pair on the ledgers that has enough acts on both sides."""
    book = shipped()
    pairs = sorted({tuple(sorted((e.actor, e.target))) for e in book.events if e.actor != e.target})
    known = [(a, b, book.between(a, b)) for a, b in pairs]
    return pl.concat([timing.table(events, a, b) for a, b, events in known if timing.enough(events, a, b)])
