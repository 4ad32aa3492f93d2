"""Sectors where a country depends on one seller: identities over random worlds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.economy import synthetic, trade_elasticity
from palanca.errors import InputError
from palanca.exposure.chokepoints import chokepoints, not_replaced, replaced
from palanca.exposure.withdrawal import prepared
from palanca.trade import Horizon, embargo, welfare

weights = st.floats(0.01, 5.0)
shares = st.floats(0.0, 0.99)
SLACK = 1e-12  # sums of doubles
SLACK_PCT = 100 * SLACK


@pytest.fixture(scope="module")
def models():
    world = synthetic(4, 3, seed=7)
    values = dict(zip(world.sectors, (2.0, 5.0, 9.0), strict=True))
    return prepared(world, elasticity=trade_elasticity(values, world.sectors), compiled=False)


@given(weights, shares, st.floats(1.5, 12.0))
def test_loss_without_others_is_that_of_a_smaller_bundle(weight, share, theta):
    """CES by hand: others deliver the same quantities, the seller's part is gone, its bill is not paid."""
    sigma, others = theta + 1, 1 - share
    bundle = others ** (sigma / (sigma - 1))
    by_hand = weight * (-np.log(bundle) - share)
    both = replaced(np.array([weight]), np.array([share]), np.array([theta])) + not_replaced(
        np.array([weight]), np.array([share])
    )
    assert both[0] == pytest.approx(by_hand, abs=SLACK)


@given(weights, shares, shares)
def test_more_is_lost_the_larger_the_share_and_never_a_gain(weight, one, two):
    few, many = sorted((one, two))
    extra = not_replaced(np.full(2, weight), np.array([few, many]))
    assert -SLACK <= extra[0] <= extra[1] + SLACK
    assert not_replaced(np.array([weight]), np.zeros(1))[0] == 0


def test_table_against_the_model(models):
    found = chokepoints(models, "C00", "C01").sectors
    model = models[Horizon.LONG]
    for row in found.iter_rows(named=True):
        shock = embargo(model.structure, origin="C01", destination="C00", sectors=[row["sector"]])
        loss = 100 * (1 - welfare.real_income(model.before, model.after(shock))[0])
        assert row["long_with_others_pct"] == pytest.approx(loss, abs=1e-8)  # the solver's tolerance
        assert row["long_without_others_pct"] >= row["long_with_others_pct"] - SLACK_PCT
        assert row["share_pct"] - SLACK_PCT <= row["import_share_pct"] <= 100 + SLACK_PCT
        assert -SLACK_PCT <= row["others_share_pct"] <= 100 + SLACK_PCT


def test_shares_are_those_of_the_accounts():
    world = synthetic(4, 2, seed=3)
    theta = trade_elasticity(dict.fromkeys(world.sectors, 4.0), world.sectors)
    models = prepared(world, elasticity=theta, compiled=False)
    found = chokepoints(models, "C02", "C00").sectors.sort("sector").to_dicts()
    paid = world.trade * (1 + world.tariff)
    for row in found:
        mine = paid.sel(sector=row["sector"], destination="C02")
        abroad = mine.drop_sel(origin="C02")
        assert row["share_pct"] == pytest.approx(100 * float(mine.sel(origin="C00") / mine.sum()))
        assert row["import_share_pct"] == pytest.approx(100 * float(abroad.sel(origin="C00") / abroad.sum()))


@settings(max_examples=5)  # each solves several worlds
@given(st.integers(0, 10**6))
def test_random_worlds_have_finite_losses(seed):
    world = synthetic(3, 2, seed=seed)
    theta = trade_elasticity(dict.fromkeys(world.sectors, 4.0), world.sectors)
    found = chokepoints(prepared(world, elasticity=theta, compiled=False), "C00", "C02").sectors
    for name in ("long_with_others_pct", "short_without_others_pct"):
        assert found[name].is_finite().all()


def test_unknown_and_same_countries(models):
    with pytest.raises(InputError, match="C99"):
        chokepoints(models, "C00", "C99")
    with pytest.raises(InputError, match="two countries"):
        chokepoints(models, "C00", "C00")
