"""The embedded statistics of votes, from roll calls; the votes themselves are never written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform
from scipy.stats import norm

from palanca.posture import adversaries, issues, rollcalls, votes
from palanca.posture.given import assumptions, given, rules
from palanca.posture.ideal import Fit, fit
from palanca.posture.rollcalls import ABSENT, ISSUES, UNCODED, Choices, RollCalls
from palanca.posture.states import code

LAST_DAY = "12-20"  # the Assembly's main part ends days before Christmas; a year that stops before is partial
DIGITS = 3  # decimals of an ideal point kept
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Read:
    """Roll calls with the issues of every resolution, (resolutions, 6)."""

    calls: RollCalls
    issues: Choices


def derivations() -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how each table of votes is derived; those of one call read the roll calls once."""
    opened = cache(read)
    tables: dict[str, Callable[[Read], pl.DataFrame]] = {
        "ideal_points": ideal_points,
        "vote_agreement": agreement,
        "vote_adversaries": partial(opposed, which=0),
        "vote_issues": by_issue,
        "vote_issues_past": past_issues,
        "vote_movement": movement,
        "vote_on_adversaries": partial(opposed, which=1),
        "vote_years": years,
    }
    return {name: partial(_table, opened, table) for name, table in tables.items()}


def _table(opened: Callable[[Path], Read], table: Callable[[Read], pl.DataFrame], raw: Path) -> pl.DataFrame:
    return table(opened(raw))


def read(raw: Path) -> Read:
    """Return the roll calls of a folder of raw files, states under their own codes."""
    calls = rollcalls.read(raw)
    renamed = RollCalls(
        tuple(map(code, calls.states)), calls.votes, calls.dates, calls.symbols, calls.titles, calls.issues
    )
    return Read(renamed, issues.completed(renamed, rules()))


def agreement(found: Read) -> pl.DataFrame:
    """Return votes in common, identical votes and half agreements by pair and year."""
    parts = [_counted(found.calls, found.calls.years == year, year) for year in np.unique(found.calls.years)]
    return pl.concat(parts)


def by_issue(found: Read) -> pl.DataFrame:
    """Return the same by issue, in the last years."""
    return _by_issue(found, _last_years(found, given().shipped.issue_years))


def past_issues(found: Read) -> pl.DataFrame:
    """Return the same in the coded years before those."""
    last = _last_years(found, given().shipped.issue_years)
    return _by_issue(found, list(range(given().shipped.first_coded_year, last[0])))


def _by_issue(found: Read, years: list[int]) -> pl.DataFrame:
    calls = found.calls
    parts = [
        _counted(calls, wanted, year).with_columns(issue=pl.lit(name))
        for at, name in enumerate(ISSUES)
        for year in years
        if (wanted := (calls.years == year) & votes.on_issue(found.issues, at)).any()
    ]
    return pl.concat(parts)


def _counted(calls: RollCalls, wanted: NDArray[np.bool_], year: int) -> pl.DataFrame:
    """Return one row per pair that voted together; states that vote alike stand together, to pack well."""
    order = alike(calls.votes[calls.years == year])
    shared, same, halfway = votes.counts(calls.votes[wanted][:, order])
    one, other = np.triu_indices(len(order), 1)
    met = shared[one, other] > 0
    one, other = one[met], other[met]
    columns = {"votes": shared, "same": same, "halfway": halfway}
    return _pairs(calls, order[one], order[other], year).with_columns(
        pl.Series(name, values[one, other].astype(np.uint8)) for name, values in columns.items()
    )


def alike(cast: Choices) -> Indices:
    """Return the columns of states that voted at all, neighbours being those that vote alike."""
    seen = np.flatnonzero((cast != ABSENT).any(axis=0))
    shared, same, _ = votes.counts(cast[:, seen])
    apart = 1 - np.where(shared > 0, same / np.maximum(shared, 1), 0.5)
    np.fill_diagonal(apart, 0)
    return np.asarray(seen[leaves_list(linkage(squareform(apart, checks=False), "average"))])


def _pairs(calls: RollCalls, one: Indices, other: Indices, year: int) -> pl.DataFrame:
    """Return the two states of each pair, each pair in one order only, and the year."""
    states = np.array(calls.states)
    named = pl.DataFrame({"first": states[one], "second": states[other]})
    return named.with_columns(year=pl.lit(year, pl.Int16))


def movement(found: Read) -> pl.DataFrame:
    """Return agreement as it was and with each side held, by pair and year, to half a percentage point."""
    return pl.concat(_moved(found, year) for year in _last_years(found, given().shipped.movement_years))


def _last_years(found: Read, count: int) -> list[int]:
    return [int(year) for year in np.unique(found.calls.years)[-count:]]


def _moved(found: Read, year: int) -> pl.DataFrame:
    calls = found.calls
    behaviour = votes.held(
        calls,
        found.issues,
        year,
        years=given().movement.years,
        longest_gap=given().movement.longest_gap,
    )
    order = alike(behaviour.votes)
    one, other = (order[at] for at in np.triu_indices(len(order), 1))
    observed, both, row, shared = votes.movements(behaviour)
    met = shared[one, other] > 0
    one, other = one[met], other[met]
    values = {
        "observed_half_pct": observed[one, other],
        "both_held_half_pct": both[one, other],
        "first_held_half_pct": row[one, other],
        "second_held_half_pct": row[other, one],
    }
    return _pairs(calls, one, other, year).with_columns(
        pl.Series("votes", shared[one, other].astype(np.uint8)),
        *(pl.Series(name, np.rint(200 * share).astype(np.uint8)) for name, share in values.items()),
    )


def years(found: Read) -> pl.DataFrame:
    """Return what was voted on in each year, and whether the year is whole."""
    calls = found.calls
    return pl.DataFrame([_year(found, int(year)) for year in np.unique(calls.years)]).with_columns(
        pl.col("year", "resolutions", *ISSUES, "undecided", "members").cast(pl.Int16)
    )


def opposed(found: Read, *, which: int) -> pl.DataFrame:
    """Return adversaries by partner (0), or agreement with each partner on resolutions about them (1)."""
    calls, points = found.calls, placed(found)
    year = max(int(one) for one in np.unique(calls.years) if not _partial(calls, int(one)))
    place = np.full(len(calls.states), np.nan)
    at = points.years.index(year)
    for row, state in enumerate(points.states):
        if points.votes[row, at]:
            place[calls.states.index(state)] = points.mean[row, at]
    return adversaries.tables_of(calls, np.abs(place[:, None] - place[None, :]), year)[which]


def _partial(calls: RollCalls, year: int) -> bool:
    """Return whether a year is the last on file and stops before the end of the Assembly's main part."""
    last = max(date for date, kept in zip(calls.dates, calls.years == year, strict=True) if kept)
    return year == int(calls.years.max()) and last[5:] < LAST_DAY


def _year(found: Read, year: int) -> dict[str, object]:
    here = found.calls.years == year
    last = max(date for date, kept in zip(found.calls.dates, here, strict=True) if kept)
    return {
        "year": year,
        "resolutions": int(here.sum()),
        **{name: int((found.issues[here, at] == 1).sum()) for at, name in enumerate(ISSUES)},
        "undecided": int((found.issues[here] == UNCODED).any(axis=1).sum()),
        "members": int((found.calls.votes[here] != ABSENT).any(axis=0).sum()),
        "last_vote": last,
        "partial": _partial(found.calls, year),
    }


@lru_cache(maxsize=1)
def placed(found: Read) -> Fit:
    """Return ideal points and errors of all states, estimated once for the tables that need them."""
    return fit(found.calls, assumptions())


def ideal_points(found: Read) -> pl.DataFrame:
    """Return the ideal point of each state in each year in which it voted, with its interval."""
    points = placed(found)
    width = float(norm.ppf(0.5 + given().ideal_points.interval / 2))
    return pl.DataFrame(
        [
            (
                points.states[state],
                points.years[year],
                mean,
                mean - width * spread,
                mean + width * spread,
                cast,
            )
            for state, year in np.argwhere(points.votes > 0)
            for mean, spread, cast in [
                (points.mean[state, year], points.deviation[state, year], points.votes[state, year])
            ]
        ],
        schema={
            "country": pl.String,
            "year": pl.Int16,
            "point": pl.Float64,
            "lower": pl.Float64,
            "upper": pl.Float64,
            "votes": pl.Int16,
        },
        orient="row",
    ).with_columns(pl.col("point", "lower", "upper").round(DIGITS).cast(pl.Float32))
