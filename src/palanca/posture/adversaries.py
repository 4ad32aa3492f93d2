"""Adversaries of a state by a rule on its votes, and how others vote with it on resolutions about them.

Nobody's list is taken. An adversary is a state that titles name, that voted the other way on most of the
resolutions that name it, and of which both stand further from each other than from half of all states.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.countries import countries
from palanca.catalogue.unknown import unknown
from palanca.posture.agreement import of_pair
from palanca.posture.given import given
from palanca.posture.rollcalls import ABSENT, ABSTAIN, Choices, RollCalls
from palanca.posture.states import named
from palanca.posture.votes import Agreement

SHORTEST = 4  # letters of a name that is looked for; shorter ones are codes and abbreviations
LISTED, AGREED = "vote_adversaries", "vote_on_adversaries"
Marks = NDArray[np.bool_]
Distances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OnAdversaries:
    """How a country votes with a partner on resolutions about the partner's adversaries.

    Attributes:
        adversaries: codes, those that opposed the partner most often before the others.
        resolutions: that name one of them.
        agreement: of country and partner on these.
        everything: of the two on all resolutions of the same years.
        first: first year.
        last: last year, whole.
    """

    adversaries: tuple[str, ...]
    resolutions: int
    agreement: Agreement
    everything: Agreement
    first: int
    last: int


def on_adversaries(tables: Catalogue, country: str, partner: str) -> OnAdversaries | Unknown:
    """Return how a country votes with a partner on the partner's adversaries, or why it is not known."""
    row = tables[AGREED].rows(country=country, partner=partner)
    others = tables[LISTED].rows(partner=partner).sort("opposed", "adversary", descending=[True, False])
    if row.is_empty() or others.is_empty():
        here = named(partner)
        return unknown(
            f"no state counts as an adversary of {here.en} by its votes, or there are no votes of both",
            f"ningún Estado cuenta como adversario de {here.es} por sus votos, o no hay votos de ambos",
        )
    held = row.row(0, named=True)
    span = (held["since"], held["year"])
    same_years = of_pair(tables["vote_agreement"], country, partner).filter(pl.col("year").is_between(*span))
    sums = same_years.select(pl.col("votes", "same", "halfway").cast(pl.Int64).sum()).row(0)
    return OnAdversaries(
        tuple(others["adversary"]),
        held["resolutions"],
        Agreement(held["votes"], held["same"], held["halfway"]),
        Agreement(*sums),
        *span,
    )


def mentions(titles: tuple[str, ...]) -> list[frozenset[str]]:
    """Return the states that each title names, by code; of names within one another the longest counts."""
    known, pattern = _names()
    return [frozenset(known[found] for found in pattern.findall(title.lower())) - {""} for title in titles]


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return codes by name in lower case, no code for words that name no state, and a pattern of all."""
    said = {
        name.lower(): code
        for code, one in countries().items()
        for name in (one.name.en, *one.aliases)
        if len(name) >= SHORTEST
    }
    known = said | {name.lower(): "" for name in given().adversaries.not_names}
    longest = sorted(map(re.escape, known), key=len, reverse=True)
    return known, re.compile(r"\b(?:" + "|".join(longest) + r")\b")


def tables_of(calls: RollCalls, apart: Distances, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return adversaries by partner, and agreement with each partner on resolutions about them.

    Args:
        calls: the votes.
        apart: (states, states), how far two states stand apart in `year`; not a number where unknown.
        year: last of the years that count.
    """
    since = year - given().adversaries.years + 1
    recent = calls.only((calls.years >= since) & (calls.years <= year))
    about = mentions(recent.titles)
    listed = list(_listed(recent, about, apart))
    span = {"since": pl.lit(since, pl.Int16), "year": pl.lit(year, pl.Int16)}
    by_partner: dict[str, set[str]] = {}
    for partner, adversary, *_ in listed:
        by_partner.setdefault(partner, set()).add(adversary)
    agreed = [
        row
        for partner, others in sorted(by_partner.items())
        for row in _agreed(recent, partner, np.array([bool(names & others) for names in about]))
    ]
    first = pl.DataFrame(listed, ["partner", "adversary", "resolutions", "opposed"], orient="row")
    second = pl.DataFrame(
        agreed, ["country", "partner", "resolutions", "votes", "same", "halfway"], orient="row"
    )
    small = pl.col(pl.Int64).cast(pl.Int16)
    return first.with_columns(small, **span), second.with_columns(small, **span)


def _listed(
    recent: RollCalls, about: list[frozenset[str]], apart: Distances
) -> Iterator[tuple[str, str, int, int]]:
    """Yield partner, adversary, resolutions on which both took a side, and those on which they differed."""
    rule = given().adversaries
    far = _far(apart)
    for at, state in enumerate(recent.states):
        rows = recent.votes[[row for row, names in enumerate(about) if state in names]]
        sided = decided(rows) & decided(rows[:, [at]])
        against = (sided & (rows != rows[:, [at]])).sum(axis=0)
        both = sided.sum(axis=0)
        opponents = (both >= rule.least) & (against >= rule.opposed * both) & far[:, at]
        for other in np.flatnonzero(opponents):
            yield recent.states[other], state, int(both[other]), int(against[other])


def _far(apart: Distances) -> Marks:
    """Return whether two states stand further apart than each does from half of all states."""
    known = ~np.isnan(apart).all(axis=1)
    middle = np.full(len(apart), np.nan)
    middle[known] = np.nanmedian(apart[known], axis=1)
    return np.asarray((apart > middle[:, None]) & (apart > middle[None, :]))


def decided(cast: Choices) -> Marks:
    """Return where a state voted yes or no."""
    return np.asarray((cast != ABSENT) & (cast != ABSTAIN))


def _agreed(recent: RollCalls, partner: str, wanted: Marks) -> Iterator[tuple[str, str, int, int, int, int]]:
    cast = recent.votes[wanted]
    theirs = cast[:, [recent.states.index(partner)]]
    both = (cast != ABSENT) & (theirs != ABSENT)
    steps = np.abs(cast.astype(int) - theirs)
    for at, state in enumerate(recent.states):
        if state != partner and both[:, at].any():
            alike, apart = (int((both & (steps == gap))[:, at].sum()) for gap in (0, 1))
            yield state, partner, int(wanted.sum()), int(both[:, at].sum()), alike, apart
