"""The shipped tables of moves and frontiers against the program solved anew, and what they promise."""

import numpy as np
import polars as pl
import pytest

from palanca.catalogue import countries, table
from palanca.catalogue.parameters import parameters
from palanca.economy import economy
from palanca.exposure.diversify import CUTS, Limits, trade_of
from palanca.exposure.first_moves import FRONTIER, LISTED, MOVES, of_pair
from palanca.exposure.reallocation import power, smallest
from palanca.exposure.withdrawal import prepared

ROUNDED = 1e-4  # five significant digits, and a world balanced again when it is read
PAIRS = [("MEX", "USA"), ("USA", "MEX"), ("VNM", "CHN"), ("DEU", "CHN"), ("ISL", "KHM")]


@pytest.fixture(scope="session")
def models():
    return prepared(economy(2022), compiled=False)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_tables_are_what_the_program_gives(models, pair):
    first, points = of_pair(models, *pair)
    for name, rows in ((MOVES, first), (FRONTIER, points)):
        held = table(name).rows(country=pair[0], partner=pair[1]).to_dicts()
        assert len(held) == len(rows)
        for mine, theirs in zip(rows, held, strict=True):
            for column, value in mine.items():
                expected = pytest.approx(value, rel=ROUNDED) if isinstance(value, float) else value
                assert theirs[column] == expected


def test_every_pair_of_countries_has_a_frontier_that_rises():
    frame = table(FRONTIER).frame.sort("country", "partner", "cut_pct")
    pairs = frame.select("country", "partner").unique()
    assert pairs.height == 80 * 79
    assert set(frame["cut_pct"].unique()) <= set(map(float, CUTS))
    rises = frame.select((pl.col("moved_usd").diff().over("country", "partner") > 0).drop_nulls())
    assert rises.to_series().all()
    assert (frame.filter(pl.col("cut_pct") == 0)["moved_usd"] == 0).all()


def test_moves_are_few_and_within_the_stake():
    frame = table(MOVES).frame
    limits = parameters("diversification", Limits).root
    assert frame["place"].max() <= LISTED
    assert (frame["moved_usd"] <= frame["stake_usd"] * limits["shown_part"].value * (1 + ROUNDED)).all()
    assert (frame["part_pct"] >= 100 * limits["least_part"].value * (1 - ROUNDED)).all()
    assert (frame["cut_pct"] <= frame["part_pct"]).all()
    assert set(frame["country"].unique()) <= set(countries())


def test_a_listed_move_buys_what_it_says(models):
    trade = trade_of(models, "MEX", "USA")
    row = of_pair(models, "MEX", "USA")[0][0]
    moved = np.zeros_like(trade.cells.value)
    place = trade.structure.sectors.index(row["sector"]) + (row["side"] == "sales") * len(trade.elasticity)
    moved[place] = row["moved_usd"] / 1e6
    before = power(trade.cells, np.zeros_like(moved))
    assert 100 * (1 - power(trade.cells, moved) / before) == pytest.approx(row["cut_pct"])
    cheapest = smallest(trade.cells, row["cut_pct"] / 100)
    assert cheapest.moved.sum() <= moved.sum() * (1 + ROUNDED)
