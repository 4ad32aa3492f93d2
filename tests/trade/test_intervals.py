"""Intervals over everything uncertain hold what is reported, and each part is told by itself."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_worlds import named_world
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.trade import Closure, Deficits, Horizon, Model
from palanca.trade.alternatives import alternatives, number
from palanca.trade.elasticities import elasticities
from palanca.trade.ensemble import CLOSE, Shown
from palanca.trade.intervals import EVERYTHING, PARTS, Plan, everything, holding, intervals, portions
from palanca.trade.law import Ground
from palanca.trade.measure import measure
from palanca.trade.simulation import Sampling, simulate

WORLD = named_world()
KNOWN = elasticities(WORLD)
ACT = measure("us-25-percent-on-canada-and-mexico")
DRAWN = {"closure": Closure(), "shown": Shown(("MEX", "USA"))}


@pytest.fixture(scope="module")
def drawn():
    return simulate([ACT], WORLD, sampling=Sampling(12), countries=("MEX", "USA"))


def test_every_value_lies_inside_its_interval(drawn):
    rows = drawn.effects.drop_nulls("value")
    assert rows.height
    assert rows["lower"].null_count() == 0
    assert rows.filter(~pl.col("value").is_between("lower", "upper")).is_empty()


def test_every_value_on_file_lies_inside_its_interval():
    rows = table("measure_effects").frame.drop_nulls("lower")
    assert rows.height
    assert rows.filter(~pl.col("value").is_between("lower", "upper")).is_empty()


@given(*(st.floats(-50, 50) for _ in range(3)))
def test_an_interval_is_taken_as_far_as_its_value(value, one, other):
    low, high = holding(value, min(one, other), max(one, other))
    assert low <= value <= high
    assert (low, high) == holding(value, low, high)


def test_each_part_is_told_by_itself_beside_everything(drawn):
    told = set(drawn.parts.filter(horizon="long")["part"])
    assert told == {EVERYTHING, *PARTS} - {"claims"}  # the measure exempts nothing
    assert "errors" not in set(drawn.parts.filter(horizon="short")["part"])  # the short run is a range


def test_the_same_seed_gives_the_same_numbers():
    plan = Plan(KNOWN, 5, seed=3)
    one, two = (intervals([ACT], Ground(WORLD), plan, **DRAWN).run.results for _ in range(2))
    assert one.equals(two)


def test_a_part_leaves_the_rest_at_the_centre():
    whole = everything([ACT], KNOWN, Closure(Horizon.LONG))
    found = portions(whole, 6, seed=1)
    centre = KNOWN[Horizon.LONG].centre.values
    for name in ("deficits", "worlds"):
        assert_allclose([draw.elasticity for draw in found[name]], [centre] * len(found[name]), rtol=1e-12)
    assert {draw.closure.deficits for draw in found["worlds"]} == {Deficits.FIXED}
    assert {draw.closure.deficits for draw in found["deficits"]} == set(Deficits)
    assert [draw.world for draw in found["worlds"]] == list(range(1, number() + 1))
    assert {draw.world for name in ("studies", "errors", "deficits") for draw in found[name]} == {0}


def test_deficits_that_are_chosen_away_are_not_drawn():
    whole = everything([ACT], KNOWN, Closure(deficits=Deficits.ZERO))
    assert whole.deficits == (Deficits.ZERO,)


def test_other_worlds_keep_accounts_and_move_trade():
    was = WORLD.structure
    for world in alternatives(was):
        before = Model(world, KNOWN[Horizon.LONG].centre, settings=CLOSE).before
        assert np.abs(before.wage - 1).max() < 1e-6  # they are solved to 1e-9, from another start
        assert_allclose(world.value_added.sum(), was.value_added.sum(), rtol=1e-9)
        assert_allclose(world.deficit, was.deficit)
        assert np.abs(world.sourcing - was.sourcing).max() > 1e-3
        assert ((world.sourcing > 0) == (was.sourcing > 0)).all()
