"""Votes of a pair over the years, read from the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from palanca.catalogue import Catalogue, Table, Text
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Strict
from palanca.posture.votes import Agreement, Movement

HALF_PERCENT = 200  # the table holds half percentage points


class Issues(Strict):
    """Names of issues by code."""

    issues: dict[str, Text]


def issue_name(code: str) -> Text:
    """Return the name of an issue; codes that stand for none of them name themselves."""
    return read("codes/issues.yaml", Issues).issues.get(code, Text(en=code, es=code))


@dataclass(frozen=True, slots=True)
class Year:
    """Agreement of a pair in one year; `partial` while votes of the year are missing from the file."""

    year: int
    agreement: Agreement
    partial: bool
    issue: str = "all"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose votes made the agreement of one year what it is; first is the country, second its partner."""

    year: int
    movement: Movement
    partial: bool


def of_pair(table: Table, first: str, second: str) -> pl.DataFrame:
    """Return a pair's rows in either order, oldest first."""
    orders = (table.rows(first=first, second=second), table.rows(first=second, second=first))
    return pl.concat(orders).sort("year", maintain_order=True)


def partial_years(tables: Catalogue) -> set[int]:
    """Return the years of which votes are missing."""
    return {year for year, partial in _partial(tables["vote_years"]).items() if partial}


def last_whole_year(tables: Catalogue) -> int:
    """Return the last year of which no votes are missing, 0 where there is none."""
    return max((year for year, partial in _partial(tables["vote_years"]).items() if not partial), default=0)


@cache
def _partial(table: Table) -> Mapping[int, bool]:
    return dict(table.frame.select("year", "partial").iter_rows())


def by_year(tables: Catalogue, first: str, second: str) -> tuple[Year, ...]:
    """Return the agreement of a pair in each year in which both voted."""
    return _years(tables, of_pair(tables["vote_agreement"], first, second).with_columns(issue=pl.lit("all")))


def with_partner(tables: Catalogue, partner: str, year: int) -> dict[str, Agreement]:
    """Return the agreement of every state with one partner in a year."""
    table = tables["vote_agreement"]
    rows = pl.concat([table.rows(first=partner, year=year), table.rows(second=partner, year=year)])
    other = pl.when(pl.col("first") == partner).then("second").otherwise("first")
    counts = rows.select(other.alias("state"), "votes", "same", "halfway")
    return {state: Agreement(*held) for state, *held in counts.iter_rows()}


def by_issue(tables: Catalogue, first: str, second: str) -> tuple[Year, ...]:
    """Return the agreement of a pair by year and issue, as far back as the table reaches."""
    parts = [of_pair(tables[name], first, second) for name in ("vote_issues_past", "vote_issues")]
    return _years(tables, pl.concat(parts).sort("issue", "year"))


def _years(tables: Catalogue, rows: pl.DataFrame) -> tuple[Year, ...]:
    missing = partial_years(tables)
    return tuple(
        Year(
            row["year"],
            Agreement(row["votes"], row["same"], row["halfway"]),
            row["year"] in missing,
            row["issue"],
        )
        for row in rows.iter_rows(named=True)
    )


def turns(tables: Catalogue, first: str, second: str) -> tuple[Turn, ...]:
    """Return whose votes made each year's agreement, as far back as the table reaches."""
    missing = partial_years(tables)
    rows = of_pair(tables["vote_movement"], first, second)
    return tuple(
        Turn(row["year"], _movement(row, swapped=row["first"] != first), row["year"] in missing)
        for row in rows.iter_rows(named=True)
    )


def _movement(row: dict[str, int], *, swapped: bool) -> Movement:
    held = [row[f"{side}_held_half_pct"] / HALF_PERCENT for side in ("first", "second")]
    first, second = reversed(held) if swapped else held
    return Movement(
        observed=row["observed_half_pct"] / HALF_PERCENT,
        both_held=row["both_held_half_pct"] / HALF_PERCENT,
        first_held=first,
        second_held=second,
        votes=row["votes"],
    )
