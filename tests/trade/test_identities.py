"""What must hold in any world: identities and invariances over random economies."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from random_worlds import elasticity_of, random_shock, worlds

from palanca.economy import Economy, Structure, synthetic
from palanca.trade import (
    NO_CHANGE,
    Closure,
    Deficits,
    Equilibrium,
    Horizon,
    Model,
    Shock,
    as_economy,
    balanced,
    embargo,
)

SEEDS = st.integers(0, 10**6)
HORIZONS = st.sampled_from(Horizon)
CLOSURES = st.builds(Closure, HORIZONS, st.sampled_from(Deficits))

# Wages are solved to a relative excess demand of 1e-12; results inherit it times a condition number.
SOLVED = 1e-9


@given(worlds(), CLOSURES)
def test_no_measure_is_exactly_no_change(world, closure):
    economy, theta = world
    hit = Model(economy.structure, theta, closure).equilibrium(NO_CHANGE)
    for change in (hit.real_income, hit.real_wage, hit.wage, hit.price, hit.cost):
        assert_array_equal(change, 1.0)
    assert_array_equal(hit.welfare_first_order, 0.0)


@given(worlds(), CLOSURES, SEEDS)
def test_from_a_distant_start_no_measure_still_leads_home(world, closure, seed):
    economy, theta = world
    model = Model(economy.structure, theta, closure)
    far = model.after(random_shock(economy, seed))
    home = Equilibrium(model.structure, closure, model.before, model.after(NO_CHANGE, start=far.solution))
    assert_allclose(home.real_income, 1.0, rtol=SOLVED)


@given(worlds(), HORIZONS)
def test_the_world_before_is_the_economy(world, horizon):
    economy, theta = world
    before = Model(economy.structure, theta, Closure(horizon)).before
    assert_allclose(before.trade, economy.trade.transpose("sector", "destination", "origin"), rtol=SOLVED)
    assert_allclose(before.income, economy.income, rtol=SOLVED)
    assert_allclose(before.tariff_revenue, economy.tariff_revenue, rtol=SOLVED, atol=1e-12)


@given(worlds(), CLOSURES, SEEDS)
def test_every_market_clears_including_the_last(world, closure, seed):
    economy, theta = world
    hit = Model(economy.structure, theta, closure).equilibrium(random_shock(economy, seed))
    assert np.abs(hit.residual).max() < 1e-11
    assert all(outcome.converged for outcome in hit.solved)


@given(worlds(), CLOSURES, SEEDS)
def test_world_factor_income_is_the_numeraire_and_deficits_cancel(world, closure, seed):
    economy, theta = world
    hit = Model(economy.structure, theta, closure).equilibrium(random_shock(economy, seed))
    total = hit.value_added.sum(["country", "sector"])
    assert_allclose(total, economy.value_added.sum(), rtol=1e-11)
    assert_allclose(hit.deficit.sum("country"), 0.0, atol=1e-11 * float(total[0]))


@given(worlds(), HORIZONS, SEEDS)
def test_the_world_after_balances_as_accounts(world, horizon, seed):
    economy, theta = world
    model = Model(economy.structure, theta, Closure(horizon))
    after = as_economy(model.after(random_shock(economy, seed)), economy.structure, year=2001, unit="one")
    assert isinstance(after, Economy)


def test_a_world_of_two_and_one_elastic_sector_is_found():
    """What the search had learnt of it led it astray for ever."""
    economy = synthetic(2, 1, seed=2025, traded=1)
    model = Model(economy.structure, elasticity_of(economy, 2025), Closure(Horizon.SHORT))
    assert model.after(random_shock(economy, 42091)).outcome.converged


@given(worlds(), HORIZONS, SEEDS)
def test_there_and_back_returns_to_one(world, horizon, seed):
    economy, theta = world
    there = Model(economy.structure, theta, Closure(horizon))
    shock = random_shock(economy, seed)
    away = there.after(shock)
    moved = as_economy(away, economy.structure, year=2000, unit="one")
    back = Model(moved.structure, theta, Closure(horizon))
    returned = back.after(Shock(economy.tariff, 1 / shock.iceberg))
    assert_allclose(returned.income / economy.income, 1.0, rtol=SOLVED)
    assert_allclose(away.living_cost * returned.living_cost, 1.0, rtol=SOLVED)


@given(worlds(), CLOSURES, SEEDS, st.sampled_from([1e-6, 1e9]))
def test_units_of_money_are_irrelevant(world, closure, seed, unit):
    economy, theta = world
    shock, shares = random_shock(economy, seed), economy.structure
    money = {"value_added": shares.value_added * unit, "deficit": shares.deficit * unit}
    scaled = Structure(**{**vars(shares), **money})
    one, other = (Model(world, theta, closure).equilibrium(shock) for world in (shares, scaled))
    assert_allclose(one.real_income, other.real_income, rtol=SOLVED)
    assert_allclose(one.output * unit, other.output, rtol=SOLVED, atol=SOLVED * unit)


@given(worlds(), HORIZONS, SEEDS)
def test_the_order_of_countries_and_sectors_is_irrelevant(world, horizon, seed):
    economy, theta = world
    shock, draw = random_shock(economy, seed), np.random.default_rng(seed)
    places, kinds = draw.permutation(economy.countries), draw.permutation(economy.sectors)
    order = {"country": places, "origin": places, "destination": places}
    order |= {"sector": kinds, "input": kinds, "user": kinds}
    fields = ("intermediate", "final", "use", "tariff", "value_added", "deficit")
    shuffled = {
        name: getattr(economy, name).sel({dim: order[dim] for dim in getattr(economy, name).dims})
        for name in fields
    }
    other = Economy(economy.name, economy.year, economy.unit, **shuffled)
    one = Model(economy.structure, theta, Closure(horizon)).equilibrium(shock)
    two = Model(other.structure, theta, Closure(horizon)).equilibrium(shock)
    assert_allclose(one.real_income.sel(country=places), two.real_income, rtol=SOLVED)
    assert_allclose(one.price.sel(country=places, sector=kinds), two.price, rtol=SOLVED)


@pytest.mark.usefixtures("compiler")
@given(worlds(), CLOSURES, SEEDS)
def test_compiled_and_plain_paths_agree(world, closure, seed):
    economy, theta = world
    shock = random_shock(economy, seed)
    fast, slow = (
        Model(economy.structure, theta, closure, compiled=how).equilibrium(shock) for how in (True, False)
    )
    assert_allclose(fast.real_income, slow.real_income, rtol=1e-10)
    assert_allclose(fast.trade, slow.trade, rtol=1e-9, atol=1e-10 * float(slow.trade.max()))


@given(worlds(), CLOSURES, SEEDS)
def test_a_borrowed_step_leads_to_the_same_world(world, closure, seed):
    economy, theta = world
    shock, other = random_shock(economy, seed), elasticity_of(economy, seed)
    own = Model(economy.structure, other, closure).equilibrium(shock)
    borrowed = Model(economy.structure, theta, closure).like(other).equilibrium(shock)
    assert_allclose(borrowed.real_income, own.real_income, rtol=1e-10)


@given(SEEDS)
def test_horizons_are_one_where_there_is_one_sector(seed):
    economy = synthetic(4, 1, seed=seed)
    theta, shock = elasticity_of(economy, seed), random_shock(economy, seed)
    long, short = (
        Model(economy.structure, theta, Closure(horizon)).equilibrium(shock) for horizon in Horizon
    )
    assert_allclose(long.real_income, short.real_income, rtol=SOLVED)


@given(worlds(), SEEDS)
def test_on_the_short_horizon_every_sector_earns_what_it_sells(world, seed):
    economy, theta = world
    after = Model(economy.structure, theta, Closure(Horizon.SHORT)).after(random_shock(economy, seed))
    assert_allclose(after.wage * economy.value_added, after.value_added, rtol=SOLVED)


@given(worlds(), SEEDS)
def test_on_the_long_horizon_wages_are_one_within_a_country(world, seed):
    economy, theta = world
    after = Model(economy.structure, theta).after(random_shock(economy, seed))
    assert_array_equal(after.wage, np.broadcast_to(after.wage[:, :1], after.wage.shape))


@given(worlds(), HORIZONS)
def test_no_deficits_means_none_before_and_after(world, horizon):
    economy, theta = world
    closure = Closure(horizon, Deficits.ZERO)
    hit = Model(economy.structure, theta, closure).equilibrium(random_shock(economy, 1))
    assert_array_equal(hit.deficit, 0.0)
    flow = hit.exports.sum("sector")
    gap = flow.sum("destination").values - flow.sum("origin").values
    assert np.abs(gap / hit.income).max() < 1e-10


@given(worlds(), SEEDS)
def test_rebalancing_first_or_within_the_closure_is_the_same(world, seed):
    economy, theta = world
    closure, shock = Closure(deficits=Deficits.ZERO), random_shock(economy, seed)
    model = Model(economy.structure, theta, closure)
    first = Model(balanced(model, year=2000, unit="one").structure, theta).equilibrium(shock)
    assert_allclose(first.real_income, model.equilibrium(shock).real_income, rtol=SOLVED)


@given(worlds(), HORIZONS, SEEDS)
def test_an_embargo_is_the_limit_of_a_tariff_and_of_a_delay(world, horizon, seed):
    economy, theta = world
    model = Model(economy.structure, theta, Closure(horizon))
    forbidden = embargo(economy.structure, origin="C00", destination="C01")
    cut = np.isinf(forbidden.iceberg)
    limit = model.equilibrium(forbidden).real_income
    # At 10^15 and the smallest elasticity drawn, 1.5, the share left is 10^-22.
    tariff = model.equilibrium(Shock(tariff=economy.tariff.where(~cut, 1e15))).real_income
    delay = model.equilibrium(Shock(iceberg=forbidden.iceberg.where(~cut, 1e15))).real_income
    assert_allclose(tariff, limit, rtol=SOLVED)
    assert_allclose(delay, limit, rtol=SOLVED)
    assert model.after(forbidden).trade[:, 1, 0].max() == 0.0


@given(SEEDS, st.floats(1.5, 12.0))
def test_autarky_costs_the_home_share_to_the_power_of_one_over_theta(seed, theta):
    """Arkolakis, Costinot and Rodríguez-Clare (2012), with one sector and no inputs."""
    draw = np.random.default_rng(seed)
    sales = draw.lognormal(size=(3, 3)) + 3 * np.eye(3)
    flow = sales + sales.T
    home = np.diag(flow) / flow.sum(1)
    structure = Structure(
        name="one sector",
        countries=("A", "B", "C"),
        sectors=("all",),
        sourcing=(flow / flow.sum(1, keepdims=True))[None],
        tariff=np.zeros((1, 3, 3)),
        value_added_share=np.ones((3, 1)),
        input_share=np.zeros((3, 1, 1)),
        final_share=np.ones((3, 1)),
        value_added=flow.sum(1, keepdims=True),
        deficit=np.zeros(3),
    )
    everyone = structure.countries
    elasticity = elasticity_of(structure, 0) * 0 + theta
    alone = Model(structure, elasticity).equilibrium(
        embargo(structure, origin=everyone, destination=everyone)
    )
    assert_allclose(alone.real_income, home ** (1 / theta), rtol=1e-12)
    assert_allclose(1 - 1 / alone.real_income, 1 - home ** (-1 / theta), rtol=SOLVED, atol=1e-12)


def part_of(economy, shock, part):
    return Shock(
        tariff=economy.tariff + part * (shock.tariff - economy.tariff), iceberg=1 + 0 * shock.iceberg
    )


@given(worlds(), CLOSURES, SEEDS)
def test_for_a_small_tariff_first_order_is_exact(world, closure, seed):
    economy, theta = world
    model = Model(economy.structure, theta, closure)
    errors = []
    for part in (1e-2, 1e-3):
        hit = model.equilibrium(part_of(economy, random_shock(economy, seed), part))
        errors.append(float(np.abs(hit.welfare_first_order - (hit.real_income - 1)).max()))
    # The error of a first-order formula falls with the square of the step: a hundredfold here.
    assert errors[1] < errors[0] / 40 + 1e-11


@settings(max_examples=8)
@given(SEEDS, CLOSURES)
def test_along_the_path_first_order_converges_to_exact(seed, closure):
    economy = synthetic(3, 2, seed=seed)
    model = Model(economy.structure, elasticity_of(economy, seed), closure)
    shock = random_shock(economy, seed)
    gaps = []
    for steps in (1, 4, 16):
        worlds = [model.before]
        worlds += [model.after(part_of(economy, shock, (at + 1) / steps)) for at in range(steps)]
        pieces = [hit_between(model, *pair) for pair in pairwise(worlds)]
        whole = hit_between(model, worlds[0], worlds[-1]).real_income
        summed = np.prod([1 + piece.welfare_first_order for piece in pieces], axis=0)
        gaps.append(np.abs(summed - whole).max())
    assert gaps[1] < gaps[0] / 2.5 + 1e-9
    assert gaps[2] < gaps[1] / 2.5 + 1e-9


def hit_between(model, before, after):
    return Equilibrium(model.structure, model.closure, before, after)


@given(worlds(), SEEDS)
def test_flows_add_up(world, seed):
    economy, theta = world
    hit = Model(economy.structure, theta).equilibrium(random_shock(economy, seed))
    flow, after = hit.trade, hit.after
    assert_allclose(flow.sum("destination"), hit.output, rtol=1e-9, atol=1e-12)
    assert_allclose(
        (hit.imports - hit.exports).sum(["origin", "sector"]), hit.tariff_revenue, rtol=1e-9, atol=1e-12
    )
    spent = (flow * (1 + hit.tariff)).sel(world="after").sum("origin").transpose("destination", "sector")
    assert_allclose(spent, after.spending, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("horizon", Horizon)
def test_two_identical_countries_fare_alike(horizon):
    economy = synthetic(2, 2, seed=9)
    twin = {"C00": "C01", "C01": "C00"}
    mirrored = {}
    for name in ("intermediate", "final", "use", "tariff", "value_added", "deficit"):
        array = getattr(economy, name)
        swapped = array.assign_coords(
            {dim: [twin[x] for x in array[dim].values] for dim in array.dims if array[dim].values[0] in twin}
        )
        mirrored[name] = (array + swapped.sel({d: array[d].values for d in array.dims})) / 2
    mirrored["tariff"] = 0 * mirrored["tariff"]
    use = mirrored["use"] / mirrored["use"].sum("user")
    bought = mirrored["intermediate"].sum("origin").rename(destination="country", sector="input")
    mirrored["use"] = use * bought
    output = (mirrored["intermediate"] + mirrored["final"]).sum("destination").rename(origin="country")
    mirrored["value_added"] = output - mirrored["use"].sum("input").rename(user="sector")
    mirrored["deficit"] = 0 * mirrored["deficit"]
    same = Economy("twins", 2000, "one", **mirrored)
    both = Shock(tariff=same.tariff + 0.1)
    hit = Model(same.structure, elasticity_of(same, 1), Closure(horizon)).equilibrium(both)
    assert_allclose(hit.real_income[0], hit.real_income[1], rtol=SOLVED)
