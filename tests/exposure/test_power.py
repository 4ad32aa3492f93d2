"""Measures of power: identities, limits and joint threats."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.economy import synthetic, trade_elasticity
from palanca.errors import InputError
from palanca.exposure.power import (
    across_sectors,
    by_region,
    hirschman,
    import_dependence,
    liu_yang,
    nested_gradient,
    nested_loss,
    partner_shares,
    spending_weights,
    supply_losses,
    threat,
)

SEEDS = st.integers(0, 10**6)
ACROSS = st.sampled_from([0.3, 0.9, 1.0, 1.5, 4.0])
ROUNDED = 1e-12  # sums, logarithms and powers of a few doubles; losses are below one


@st.composite
def worlds(draw):
    """A random world and θ for it."""
    seed = draw(SEEDS)
    world = synthetic(draw(st.integers(3, 5)), draw(st.integers(1, 4)), seed=seed)
    theta = np.random.default_rng(seed).uniform(1.5, 12.0, len(world.sectors))
    return world, trade_elasticity(dict(zip(world.sectors, theta, strict=True)), world.sectors)


@given(worlds())
def test_powers_are_antisymmetric(drawn):
    world, theta = drawn
    for power in (hirschman(world), liu_yang(world, theta)):
        assert_allclose(power, -power.T, atol=1e-12)


@given(worlds())
def test_shares_of_partners_sum_to_one_hundred(drawn):
    shares = partner_shares(drawn[0])
    assert_allclose(shares.sum(1), 100.0)
    assert_allclose(np.diagonal(shares), 0.0)


@given(worlds())
def test_weights_are_the_spending_of_the_accounts(drawn):
    world, _ = drawn
    spent = (world.intermediate_spending + world.final_spending).values
    assert_allclose(spending_weights(world.structure), spent / spent.sum(1, keepdims=True), rtol=1e-10)


@given(worlds(), ACROSS)
def test_small_shares_give_liu_and_yang(drawn, across):
    """The first order of the loss in ω is Σ Ω ω / θ: imports over θ, over spending instead of product."""
    world, theta = drawn
    part, structure = 1e-7, world.structure
    weight = spending_weights(structure)
    shares = part * structure.sourcing[:, 0, 1]
    loss = nested_loss(weight[0], shares, theta.values, across)
    spent = float((world.intermediate_spending + world.final_spending).values[0].sum())
    product = float(world.value_added.values[0].sum())
    dependence = import_dependence(world, theta)[0, 1] / 100
    assert loss / part == pytest.approx(dependence * product / spent, rel=1e-5)


@given(worlds(), SEEDS)
def test_across_one_is_the_limit_from_both_sides(drawn, seed):
    world, theta = drawn
    weight = spending_weights(world.structure)[0]
    shares = np.random.default_rng(seed).uniform(0, 0.9, weight.shape)
    exact = nested_loss(weight, shares, theta.values, 1.0)
    for across in (1 - 1e-6, 1 + 1e-6):
        assert nested_loss(weight, shares, theta.values, across) == pytest.approx(exact, rel=1e-4)
    written_out = (weight / theta.values * -np.log(1 - shares)).sum()
    assert exact == pytest.approx(written_out)


@given(ACROSS, st.floats(0.05, 0.6), st.floats(1.5, 8.0))
def test_a_sector_without_substitutes_costs_without_bound_unless_others_replace_it(across, part, theta):
    """Measured at ω → 1: unbounded for ρ ≤ 1, and −ln(1 − Ω)/(ρ − 1) for ρ > 1."""
    weight, elasticity = np.array([part, 1 - part]), np.array([theta, theta])
    losses = [
        float(nested_loss(weight, np.array([share, 0.0]), elasticity, across))
        for share in (0.9, 1 - 1e-8, 1.0)
    ]
    assert all(one <= two * (1 + ROUNDED) for one, two in pairwise(losses))  # the last two may be one
    if across <= 1:
        assert losses[-1] == np.inf
    else:
        assert losses[-1] == pytest.approx(-np.log(1 - part) / (across - 1))


@given(worlds(), ACROSS)
def test_the_formula_as_published(drawn, across):
    """Second method: the sum of powers, as it is printed."""
    if across == 1:
        return
    world, theta = drawn
    faced = threat(world, "C00", ["C01", "C02"], elasticity=theta, across=across)
    kept = 1 - faced.shares.sum(0)
    total = (faced.weight * kept ** ((across - 1) / theta.values)).sum()
    assert faced.loss == pytest.approx(-np.log(total) / (across - 1), rel=1e-9)


@given(worlds(), ACROSS)
def test_gradient_is_the_slope_of_the_loss(drawn, across):
    world, theta = drawn
    faced = threat(world, "C01", ["C00"], elasticity=theta, across=across)
    step = 1e-6
    for place in range(len(world.sectors)):
        moved = faced.shares.sum(0)
        moved[place] -= step / faced.weight[place]
        fall = faced.loss - nested_loss(faced.weight, moved, theta.values, across)
        assert fall / step == pytest.approx(float(faced.gradient[place]), rel=1e-3)
    slopes = nested_gradient(faced.weight, faced.shares[0], theta.values, across)
    assert_allclose(slopes, faced.gradient)


@given(worlds(), ACROSS)
def test_members_together_threaten_more_than_alone(drawn, across):
    """At ρ ≤ 1 the loss is convex in what is withdrawn; a coalition of one has no premium."""
    world, theta = drawn
    both = threat(world, "C00", ["C01", "C02"], elasticity=theta, across=across)
    alone = threat(world, "C00", ["C01"], elasticity=theta, across=across)
    assert alone.premium == pytest.approx(0.0, abs=ROUNDED)
    assert both.loss >= alone.loss - ROUNDED
    if across <= 1:
        assert both.premium >= -ROUNDED


@given(worlds())
def test_sectors_add_up_where_they_are_combined_by_cobb_and_douglas(drawn):
    world, theta = drawn
    faced = threat(world, "C00", ["C01"], elasticity=theta, across=1.0)
    assert faced.premium_across_sectors == pytest.approx(0.0, abs=ROUNDED)
    complements = threat(world, "C00", ["C01"], elasticity=theta, across=0.5)
    substitutes = threat(world, "C00", ["C01"], elasticity=theta, across=2.0)
    # All one where there is one sector, or where partners deliver the same share of each.
    assert substitutes.loss - ROUNDED <= faced.loss <= complements.loss + ROUNDED


@given(worlds())
def test_matrix_of_losses_is_what_each_partner_threatens_alone(drawn):
    world, theta = drawn
    losses = supply_losses(world.structure, theta)
    faced = threat(world, "C02", ["C00"], elasticity=theta)
    assert losses[2, 0] == pytest.approx(100 * (1 - np.exp(-faced.loss)))
    assert_allclose(np.diagonal(losses), 0.0)
    assert faced.across == across_sectors()


def test_losses_are_shared_out_to_regions_and_none_is_lost():
    lost = xr.DataArray([1.0, 3.0], {"sector": ["A", "B"]})
    weights = xr.DataArray([[0.25, 1.0], [0.75, 0.0]], {"region": ["north", "south"], "sector": ["A", "B"]})
    assert by_region(lost, weights).values.tolist() == [3.25, 0.75]
    with pytest.raises(InputError, match="No weights of regions for B"):
        by_region(lost, weights.sel(sector=["A"]))
    with pytest.raises(InputError, match="do not sum to one"):
        by_region(lost, weights / 2)


@pytest.mark.parametrize("coalition", [[], ["C00"], ["ATLANTIS"]])
def test_what_is_no_coalition_is_refused(coalition):
    world = synthetic(3, 1, seed=1)
    theta = trade_elasticity({"S00": 4.0}, world.sectors)
    with pytest.raises(InputError):
        threat(world, "C00", coalition, elasticity=theta)
