"""Exposure to growth elsewhere, against the closed form and the exact model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.economy import Structure, economy, synthetic, trade_elasticity
from palanca.errors import InputError
from palanca.exposure.friends import closed_form, friends, growth
from palanca.trade import Model, welfare
from palanca.trade.elasticities import usual


@st.composite
def worlds(draw):
    """A random world and θ for it."""
    seed = draw(st.integers(0, 10**6))
    sectors = draw(st.integers(1, 4))
    traded = draw(st.integers(1, sectors))
    world = synthetic(draw(st.integers(2, 5)), sectors, seed=seed, traded=traded)
    theta = np.random.default_rng(seed).uniform(1.5, 12.0, len(world.sectors))
    return world, trade_elasticity(dict(zip(world.sectors, theta, strict=True)), world.sectors)


def exact(model, country, percent=1.0):
    """Return exact elasticities of factor income and real income to growth in a country."""
    after = model.after(growth(model.structure, country, percent))
    paid = after.value_added.sum(1) / model.before.value_added.sum(1)
    step = np.log1p(percent / 100)
    return np.log(paid) / step, np.log(welfare.real_income(model.before, after)) / step


@given(worlds())
def test_it_is_the_slope_of_the_exact_model(drawn):
    """A step of 10⁻⁴ per cent leaves the second order and the solver's 10⁻¹² both below 10⁻⁵."""
    world, theta = drawn
    found, model = friends(world.structure, theta), Model(world.structure, theta)
    for country in world.countries:
        income, real = exact(model, country, 1e-4)
        assert_allclose(found.income.sel(partner=country), income, atol=1e-5)
        assert_allclose(found.welfare.sel(partner=country), real, atol=1e-5)


def one_sector(draw):
    """Return a random world of one sector without inputs, tariffs or deficits."""
    shares = draw.dirichlet(np.full(4, 0.7), 4) * 0.5 + 0.5 * np.eye(4)
    values, vectors = np.linalg.eig(shares.T)
    income = np.abs(np.real(vectors[:, np.argmax(np.real(values))]))
    income /= income.sum()
    names, one = ("A", "B", "C", "D"), np.ones((4, 1))
    return Structure(
        "one sector", names, ("all",), shares[None], np.zeros((1, 4, 4)), one, np.zeros((4, 1, 1)), one,
        income[:, None], np.zeros(4),
    )  # fmt: skip


@given(st.integers(0, 10**6), st.floats(1.5, 12.0))
def test_with_one_sector_it_is_the_closed_form(seed, theta):
    world = one_sector(np.random.default_rng(seed))
    found = friends(world, trade_elasticity({"all": theta}, ("all",)))
    income, real = closed_form(world.sourcing[0], world.value_added[:, 0], theta)
    assert_allclose(found.income, income, atol=1e-10)
    assert_allclose(found.welfare, real, atol=1e-10)


@given(worlds())
def test_world_factor_income_is_fixed_and_growth_everywhere_helps_everyone(drawn):
    world, theta = drawn
    found = friends(world.structure, theta)
    assert_allclose((found.income * world.value_added.sum("sector")).sum("country"), 0.0, atol=1e-7)
    assert (found.welfare.sum("partner") > 0).all()


def test_it_matches_growth_of_one_per_cent_in_the_world_of_2022():
    """Every country in turn, within one per cent of the largest entry."""
    world = economy(2022)
    theta = usual(world)
    found, model = friends(world.structure, theta), Model(world.structure, theta)
    largest = {name: float(abs(getattr(found, name)).max()) for name in ("income", "welfare")}
    for country in world.countries:
        for name, changes in zip(("income", "welfare"), exact(model, country), strict=True):
            off = abs(getattr(found, name).sel(partner=country).values - changes).max()
            assert off < 0.01 * largest[name], f"{name}, {country}: {off / largest[name]:.4f}"


def test_a_country_that_is_not_there_does_not_grow():
    with pytest.raises(InputError, match="has no ATLANTIS"):
        growth(synthetic(2, 1, seed=1).structure, "ATLANTIS", 1.0)
