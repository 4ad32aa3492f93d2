"""Whom a state votes with, on which issue, whom it moved towards, and what regimes they have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from palanca.catalogue import Catalogue, Standing, Table, Unknown
from palanca.catalogue.codes import groups
from palanca.catalogue.figure import standing
from palanca.catalogue.unknown import unknown
from palanca.posture.agreement import HALF_PERCENT, last_whole_year
from palanca.posture.given import given
from palanca.posture.regimes import Regime, classes, regime
from palanca.posture.states import named as state_name

ALL = "all"
REGIME_NAMES = {
    0: "closed_autocracies",
    1: "electoral_autocracies",
    2: "electoral_democracies",
    3: "liberal_democracies",
}


@dataclass(frozen=True, slots=True)
class Closeness:
    """How a state votes with a group on one issue.

    Attributes:
        group: name.
        issue: code, or `all`.
        graded: graded agreement over all votes with its members, 0 to 1.
        votes: how many pairs of votes that rests on.
        among: standing of the closeness among all states.
        first: first year.
        last: last year, whole.
    """

    group: str
    issue: str
    graded: float
    votes: int
    among: Standing | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a country's own votes came nearer to those of one state.

    Attributes:
        own: change of the share of identical votes that the country's votes brought, in points of 1.
        theirs: change that the state's votes brought.
        regime: of the state.
    """

    state: str
    own: float
    theirs: float
    regime: Regime


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a state votes with liberal democracies, and with closed autocracies.

    Attributes:
        on_issue: graded agreement with the one and the other on one issue, 0 to 1.
        on_all: the same on all issues.
        among: standing of the difference on the issue among all states.
        first: first year.
        last: last year, whole.
    """

    on_issue: tuple[float, float]
    on_all: tuple[float, float]
    among: Standing | None
    first: int
    last: int


def named(tables: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return every group that can be named: those on file, and the classes of regime."""
    kinds = {REGIME_NAMES[value]: codes for value, codes in classes(tables).items()}
    return {**{name.lower(): codes for name, codes in groups().items()}, **kinds}


def closeness(tables: Catalogue, country: str, members: Iterable[str], name: str) -> Iterator[Closeness]:
    """Yield how a country votes with a group, in all and on each issue, in the last whole years.

    The group's own members are compared without themselves.
    """
    first, last = window(tables)
    ways = {"all": tables["vote_agreement"].frame.with_columns(issue=pl.lit(ALL))}
    ways["issues"] = tables["vote_issues"].frame
    for frame in ways.values():
        recent = frame.filter(pl.col("year").is_between(first, last))
        yield from _by_issue(recent, country, tuple(members), (name, first, last))


def _by_issue(
    frame: pl.DataFrame, country: str, members: tuple[str, ...], said: tuple[str, int, int]
) -> Iterator[Closeness]:
    sums, (name, first, last) = _with_group(frame, members), said
    for issue, rows in sorted((str(key[0]), rows) for key, rows in sums.group_by("issue")):
        own = rows.filter(pl.col("state") == country)
        if own.height:
            graded = float(own["graded"][0])
            among = standing(graded, rows.filter(pl.col("state") != country)["graded"])
            yield Closeness(name, issue, graded, int(own["votes"][0]), among, first, last)


def _with_group(frame: pl.DataFrame, members: tuple[str, ...]) -> pl.DataFrame:
    """Return votes and graded agreement of every state with the members of a group, by issue."""
    ends = (("first", "second"), ("second", "first"))
    parts = [_seen_from(frame.filter(pl.col(other).is_in(members)), own, other) for own, other in ends]
    wanted = pl.concat(parts).filter(pl.col("state") != pl.col("other"))
    return wanted.group_by("issue", "state").agg(
        pl.col("votes").sum(), (pl.col("points").sum() / pl.col("votes").sum()).alias("graded")
    )


def leaning(tables: Catalogue, country: str, issue: str) -> Leaning | Unknown:
    """Return how much nearer a country votes to liberal democracies than to closed autocracies.

    On one issue and on all, in the last whole years; the standing is among all states, on the issue.
    """
    first, last = window(tables)
    ends = [REGIME_NAMES[value] for value in (max(REGIME_NAMES), min(REGIME_NAMES))]
    members = named(tables)
    if not members.keys() >= set(ends):
        return unknown("regimes are not on file", "no hay regímenes en archivo")
    groups = tuple(members[end] for end in ends)
    held = {
        name: _graded(tables[table], name, (first, last), groups)
        for name, table in ((issue, "vote_issues"), (ALL, "vote_agreement"))
    }
    if not all(country in graded for pair in held.values() for graded in pair):
        here = state_name(country)
        return unknown(
            f"no votes of {here.en} with both groups in {first}-{last}",
            f"sin votos de {here.es} con ambos grupos en {first}-{last}",
        )
    near, far = held[issue]
    others = [near[code] - far[code] for code in near.keys() & far.keys() - {country}]
    place = standing(near[country] - far[country], others)
    on_all = (held[ALL][0][country], held[ALL][1][country])
    return Leaning((near[country], far[country]), on_all, place, first, last)


@lru_cache(maxsize=64)
def _graded(
    table: Table, issue: str, years: tuple[int, int], groups: tuple[tuple[str, ...], ...]
) -> tuple[dict[str, float], ...]:
    """Return graded agreement of every state with each group on an issue, 0 to 1."""
    frame = table.frame.filter(pl.col("year").is_between(*years))
    if issue == ALL:
        frame = frame.with_columns(issue=pl.lit(ALL))
    sums = (_with_group(frame.filter(pl.col("issue") == issue), members) for members in groups)
    return tuple(dict(one.select("state", "graded").iter_rows()) for one in sums)


def _seen_from(frame: pl.DataFrame, own: str, other: str) -> pl.DataFrame:
    return frame.select(
        "issue",
        state=own,
        other=other,
        year="year",
        votes=pl.col("votes").cast(pl.Int32),
        points=pl.col("same").cast(pl.Float64) + pl.col("halfway").cast(pl.Float64) / 2,
    )


def window(tables: Catalogue) -> tuple[int, int]:
    """Return the first and last of the years that are compared, all whole."""
    last = last_whole_year(tables)
    return last - given().coherence.years + 1, last


def shifts(tables: Catalogue, country: str) -> tuple[Shift, ...] | Unknown:
    """Return the states that a country's own votes came nearer to, furthest first; empty when to none.

    What the other side's votes did is held apart, so that nobody moved towards a state that came to them.
    """
    rule = given().coherence
    first, last = window(tables)
    ends = (("first", "second"), ("second", "first"))
    sides = ((tables["vote_movement"].rows(**{one: country}), one, other) for one, other in ends)
    recent = pl.col("year").is_between(first, last)
    own = pl.concat(_parts(rows.filter(recent), one, other) for rows, one, other in sides)
    weighted = [(pl.col(part) * pl.col("votes")).sum() / pl.col("votes").sum() for part in ("own", "theirs")]
    sums = own.group_by("other", maintain_order=True).agg(*weighted, pl.col("votes").sum())
    known = sums.filter(pl.col("votes") >= rule.least_votes)
    if known.is_empty():
        here = state_name(country)
        return unknown(
            f"no votes of {here.en} in {first}-{last} to set beside those of the years before",
            f"sin votos de {here.es} en {first}-{last} que comparar con los de los años previos",
        )
    moved = known.filter(pl.col("own") >= rule.least_move).sort("own", "other", descending=[True, False])
    return tuple(
        Shift(row["other"], row["own"], row["theirs"], regime(tables, row["other"]))
        for row in moved.iter_rows(named=True)
    )


def _parts(frame: pl.DataFrame, own: str, other: str) -> pl.DataFrame:
    """Return by state and year what each side's votes changed, as `Movement` divides it."""
    cells = ("observed", "both_held", "first_held", "second_held")
    share = {name: pl.col(f"{name}_half_pct").cast(pl.Float64) / HALF_PERCENT for name in cells}
    moved = {
        side: (share[f"{held}_held"] - share["both_held"] + share["observed"] - share[f"{side}_held"]) / 2
        for side, held in (("first", "second"), ("second", "first"))
    }
    return frame.select(
        other=other, votes=pl.col("votes").cast(pl.Float64), own=moved[own], theirs=moved[other]
    )
