"""Intervals of power and losses: the value lies inside, the model to first order follows the exact one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.economy import synthetic, trade_elasticity
from palanca.exposure.balance import RANGED
from palanca.exposure.dyad_records import on_file
from palanca.exposure.ranges import moved
from palanca.trade import Closure, Horizon, Model, embargo, welfare
from palanca.trade.nearly import nearby


@pytest.mark.parametrize("measure", RANGED)
def test_every_value_lies_inside_its_interval(measure):
    ranges = table("power_ranges").frame
    both = table("power").frame.join(ranges, on=["country", "partner"], validate="1:1")
    assert both.height == ranges.height == table("power").frame.height
    told = both.drop_nulls([measure, f"{measure}_lower"])
    assert told.height == both.drop_nulls(measure).height
    lower, value, upper = (told[f"{measure}{end}"].to_numpy() for end in ("_lower", "", "_upper"))
    assert (lower <= value).all()
    assert (value <= upper).all()


def test_the_record_of_a_pair_holds_every_value_in_its_interval():
    found = on_file("MEX", "USA")
    for side, ends in found["intervals"].items():
        for name, (lower, upper) in ends.items():
            assert lower <= found["sides"][side][name] <= upper
            assert lower < upper


@pytest.mark.parametrize("horizon", Horizon)
@pytest.mark.parametrize("pair", [(0, 1), (2, 4)])
def test_losses_to_first_order_miss_the_exact_by_their_square(horizon, pair):
    structure = synthetic(5, 3, seed=2).structure
    theta = trade_elasticity(dict.fromkeys(structure.sectors, 4.0), structure.sectors)
    model = Model(structure, theta, Closure(horizon), compiled=False)
    codes = [structure.countries[place] for place in pair]
    after = model.after(embargo(structure, origin=codes, destination=codes))
    exact = (1 - welfare.real_income(model.before, after))[list(pair)]
    found = nearby(structure, model.before, theta.values, horizon).losses([pair])[0]
    # Losses run from 2 to 6 per cent; the second derivative of one of them is of the order of θ.
    assert (np.abs(found - exact) < 4 * exact**2).all()


def test_draws_move_the_exact_loss_by_scale_or_where_that_is_unsteady_by_shift():
    exact, centre, drawn = np.array([1.0, 1.0]), np.array([0.9, 0.1]), np.array([1.8, 0.2])
    assert_allclose(moved(exact, centre, drawn), [2.0, 1.1])
