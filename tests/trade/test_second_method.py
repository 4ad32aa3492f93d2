"""The same equilibrium by another road: explicit shares, a dense solve for spending, damped wages."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from random_worlds import elasticity_of, random_shock, worlds

from palanca.trade import Model
from palanca.trade.shock import arrays

DAMPING = 0.1


def dense(structure, theta, tariff, iceberg):
    """Return wages and real income, (N,) each, by the algorithm of Caliendo and Parro's own files."""
    added = structure.value_added.sum(1) / structure.world_income
    deficit = structure.deficit / structure.world_income
    barrier = (1 + tariff) / (1 + structure.tariff) * iceberg
    wage = np.ones(len(added))
    for _ in range(20_000):
        price, share = shares(structure, theta, barrier, wage)
        spending, income = budgets(structure, share, tariff, wage * added + deficit)
        flow = share * spending.T[:, :, None] / (1 + tariff)
        excess = (flow.sum((0, 1)) - flow.sum((0, 2)) + deficit) / (wage * added)
        if np.abs(excess).max() < 1e-12:
            break
        wage *= 1 + DAMPING * excess
        wage /= wage @ added
    living = np.exp((structure.final_share * np.log(price)).sum(1))
    return wage, income / living


def shares(structure, theta, barrier, wage):
    price = np.ones_like(structure.value_added)
    for _ in range(5000):
        cost = wage[:, None] ** structure.value_added_share
        cost = cost * np.exp(np.einsum("nkj,nk->nj", structure.input_share, np.log(price)))
        terms = structure.sourcing * (barrier * cost.T[:, None, :]) ** -theta[:, None, None]
        new = (terms.sum(2) ** (-1 / theta[:, None])).T
        done = np.abs(new / price - 1).max() < 1e-15
        price = new
        if done:
            break
    return price, terms / terms.sum(2, keepdims=True)


def budgets(structure, share, tariff, money):
    countries, sectors = structure.value_added.shape
    taxed = share / (1 + tariff)
    system = np.eye(countries * sectors).reshape(countries, sectors, countries, sectors)
    for n in range(countries):
        sold = taxed[:, :, n].T
        system[n] -= np.einsum("kj,mj->kmj", structure.input_share[n], sold)
        revenue = (share[:, n, :] * tariff[:, n, :] / (1 + tariff[:, n, :])).sum(1)
        system[n, :, n, :] -= np.outer(structure.final_share[n], revenue)
    right = structure.final_share * money[:, None]
    flat = np.linalg.solve(system.reshape(countries * sectors, -1), right.ravel())
    spending = flat.reshape(countries, sectors)
    collected = (share * tariff / (1 + tariff)).sum(2).T
    return spending, money + (spending * collected).sum(1)


@settings(max_examples=6)
@given(worlds(), st.integers(0, 10**6))
def test_explicit_shares_and_a_dense_solve_give_the_same_world(world, seed):
    economy, elasticity = world
    structure, shock = economy.structure, random_shock(economy, seed)
    model = Model(structure, elasticity)
    nothing = (structure.tariff, np.ones_like(structure.tariff))
    _, before = dense(structure, elasticity.values, *nothing)
    wage, after = dense(structure, elasticity.values, *arrays(shock, structure))
    hit = model.equilibrium(shock)
    # Both methods stop at a relative excess demand of 1e-12, which elasticities amplify.
    assert_allclose(hit.wage[:, 0], wage, rtol=1e-9)
    assert_allclose(hit.real_income, after / before, rtol=1e-9)


def test_elasticities_are_used_by_sector():
    from palanca.economy import synthetic

    economy = synthetic(2, 2, seed=11)
    theta = elasticity_of(economy, 3)
    swapped = theta.copy(data=theta.values[::-1])
    shock = random_shock(economy, 4)
    one, two = (Model(economy.structure, values).equilibrium(shock) for values in (theta, swapped))
    assert np.abs(one.real_income - two.real_income).max() > 1e-6
