"""The law in force on a day: what a measure that is still ahead is solved on top of."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from palanca.trade.clause import Clause, Kind, Statutory, overlap
from palanca.trade.measure import Measure, measures
from palanca.trade.states import State

if TYPE_CHECKING:
    from palanca.economy import Economy

BASE_YEAR = 2022  # of the world economy: what began by then is in its tariffs


def in_force(day: date) -> list[Measure]:
    """Return the measures on file that are in force on a day, in the order of their first days."""
    return [one for one in measures().values() if one.state(day) is State.IN_FORCE]


def ahead(measure: Measure, day: date) -> bool:
    """Return whether a measure is proposed, and not yet law, on a day."""
    return measure.state(day) is State.PROPOSED


@dataclass(frozen=True, eq=False)
class Ground:
    """The world before some measures: an economy, and the law that came after its year.

    Attributes:
        economy: of the base year.
        law: what is done already.
    """

    economy: Economy
    law: tuple[Measure, ...] = ()


def ground(given: Economy | Ground) -> Ground:
    """Return an economy as the world before, without any later law."""
    return given if isinstance(given, Ground) else Ground(given)


def base(measure: Measure, day: date) -> tuple[Measure, ...]:
    """Return what a measure is solved on top of: the law of the day if it is ahead, else nothing."""
    return law(day) if ahead(measure, day) else ()


@cache
def law(day: date, year: int = BASE_YEAR) -> tuple[Measure, ...]:
    """Return all that is in force on a day, each duty counted once.

    Of a sender whose statutory total by partner is on file, that total stands for all its tariffs. Of any
    other, what began after the base year is added up; in goods where two measures meet and one sets a level
    or a floor, the later one stands.

    Args:
        day: of the law.
        year: of the world economy that it is added to.
    """
    known = [one for one in in_force(day) if one.start.year > year]
    senders = dict.fromkeys(one.sender for one in known)
    return tuple(itertools.chain.from_iterable(_of(sender, known) for sender in senders))


def total(measure: Measure) -> bool:
    """Return whether a measure is the statutory total of a sender by partner."""
    return any(isinstance(clause.addition, Statutory) for clause in measure.clauses)


def levels(first: Clause, second: Clause) -> bool:
    """Return whether one of two clauses sets a level or a floor."""
    return any(rate is not None for item in (first, second) for rate in (item.level, item.floor))


def _of(sender: tuple[str, ...], known: Iterable[Measure]) -> list[Measure]:
    own = [one for one in known if one.sender == sender]
    totals = [one for one in own if total(one)]
    if totals:
        return [totals[-1], *(one for one in own if not _on_goods(one))]
    return list(_standing(own))


def _on_goods(measure: Measure) -> bool:
    return any(clause.kind is not Kind.REMITTANCE for clause in measure.clauses)


def _standing(own: list[Measure]) -> Iterator[Measure]:
    """Yield the measures, less the goods in which a later one sets a level or a floor, or is set by it."""
    for place, one in enumerate(own):
        later = [clause for other in own[place + 1 :] for clause in other.clauses]
        kept = [left for clause in one.clauses if (left := _less(clause, later, one.sender))]
        if kept:
            yield one.model_copy(update={"clauses": tuple(kept)})


def _less(clause: Clause, later: list[Clause], sender: tuple[str, ...]) -> Clause | None:
    """Return a clause without the goods of later ones that it may not be added to; None, without any left."""
    met = [other for other in later if levels(clause, other) and overlap(clause, other, sender)]
    if any(not other.hs for other in met):
        return None
    spared = dict.fromkeys((*clause.spared_hs, *(code for other in met for code in other.hs)))
    return clause.model_copy(update={"spared_hs": tuple(spared)})
