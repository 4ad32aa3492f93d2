"""What two countries lose when trade between them stops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.catalogue import Unknown
from palanca.economy import economy, synthetic, trade_elasticity
from palanca.errors import InputError
from palanca.exposure.withdrawal import prepared, withdrawal, withdrawn
from palanca.trade import Horizon, Model, added_tariff, as_economy, embargo, welfare

# Markets clear to 1e-12 in logs; a loss in percent inherits it times a condition number.
SOLVED_PCT = 1e-7


def one_theta(world, value=5.0):
    return trade_elasticity(dict.fromkeys(world.sectors, value), world.sectors)


@st.composite
def worlds(draw):
    sectors = draw(st.integers(1, 3))
    return synthetic(draw(st.integers(3, 5)), sectors, seed=draw(st.integers(0, 10**6)))


@given(worlds())
def test_leverage_is_inverted_when_the_countries_are_exchanged(world):
    theta = one_theta(world)
    one, other = (withdrawal(world, *pair, elasticity=theta) for pair in (("C00", "C01"), ("C01", "C00")))
    assert one.leverage * other.leverage == pytest.approx(1.0)
    assert one.short.a.loss == pytest.approx(other.short.b.loss, abs=SOLVED_PCT)


@given(worlds())
def test_horizons_are_one_where_there_is_one_sector_and_differ_where_there_are_more(world):
    found = withdrawal(world, "C00", "C01", elasticity=one_theta(world))
    same = abs(found.long.a.loss - found.short.a.loss) < SOLVED_PCT
    assert same == (len(world.sectors) == 1)


@given(worlds())
def test_losses_by_sector_sum_to_the_fall_of_real_factor_income(world):
    models = prepared(world, elasticity=one_theta(world), compiled=False)
    found = withdrawn(models, "C00", "C02")
    model = models[Horizon.SHORT]
    pair = ("C00", "C02")
    after = model.after(embargo(world.structure, origin=pair, destination=pair))
    paid = welfare.real_wage(model.before, after)
    for place, side in ((0, found.short.a), (2, found.short.b)):
        assert_allclose(side.by_sector.sum(), 100 * (1 - paid[place]), atol=1e-9)


@given(worlds())
@settings(max_examples=10)
def test_it_is_the_limit_of_a_tariff_that_stops_trade(world):
    """At θ = 5 a tariff of 10⁶ leaves about 10⁻³⁰ of trade, and its revenue with it."""
    pair, theta = ("C00", "C01"), one_theta(world)
    model = Model(world.structure, theta)
    tariff = added_tariff(world.structure, 1e6, origin=pair, destination=pair)
    almost = 100 * (1 - welfare.real_income(model.before, model.after(tariff)))
    found = withdrawal(world, *pair, elasticity=theta)
    assert_allclose([found.long.a.loss, found.long.b.loss], almost[:2], atol=SOLVED_PCT)


def test_trade_that_has_stopped_cannot_stop_again_and_gives_no_leverage():
    world, pair = synthetic(4, 2, seed=3), ("C00", "C01")
    theta = one_theta(world)
    after = Model(world.structure, theta).after(embargo(world.structure, origin=pair, destination=pair))
    apart = as_economy(after, world.structure, year=2001, unit="one")
    found = withdrawal(apart, *pair, elasticity=theta)
    assert isinstance(found.leverage, Unknown)
    assert found.long.a.loss == pytest.approx(0.0, abs=SOLVED_PCT)


@pytest.mark.usefixtures("compiler")
def test_compiled_and_plain_paths_agree_on_the_world_of_2022():
    world = economy(2022)
    plain, compiled = (withdrawal(world, "MEX", "USA", compiled=how) for how in (False, True))
    for horizon in ("long", "short"):
        one, other = getattr(plain, horizon), getattr(compiled, horizon)
        assert_allclose([one.a.loss, one.b.loss], [other.a.loss, other.b.loss], rtol=1e-8)
        assert_allclose(one.a.by_sector, other.a.by_sector, atol=1e-8)


def test_the_smaller_side_loses_more_of_a_large_partner():
    found = withdrawal(economy(2022), "MEX", "USA")
    assert found.long.a.loss > found.long.b.loss > 0
    assert found.leverage == found.long.a.loss / found.long.b.loss
    assert np.isfinite(found.short.a.by_sector).all()


@pytest.mark.parametrize("pair", [("C00", "C00"), ("C00", "ATLANTIS")])
def test_what_is_no_pair_is_refused(pair):
    world = synthetic(3, 1, seed=1)
    with pytest.raises(InputError):
        withdrawal(world, *pair, elasticity=one_theta(world))
