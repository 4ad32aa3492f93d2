"""The smallest reallocation: identities over random cells and worlds, other solvers, brute force."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from palanca.economy import economy, synthetic, trade_elasticity
from palanca.errors import InputError
from palanca.exposure.diversify import frontier, new_sourcing, split, trade_of
from palanca.exposure.reallocation import (
    Cells,
    by_cell,
    gradient,
    moved_at,
    power,
    reachable,
    smallest,
    spread,
)
from palanca.exposure.sourcing import held, mismatch
from palanca.exposure.withdrawal import prepared
from palanca.trade import Horizon

SLACK = 1e-8  # of power before; the program holds its constraint to 1e-9
EXACT = 1e-9  # sums and roots of doubles
NO_LOWER = 8  # SLSQP's word for a point from which rounding lets it find none lower


@st.composite
def cells(draw, most=6):
    """Random sectors, each with a share, an elasticity and a bound."""
    count = draw(st.integers(1, most))
    numbers = np.random.default_rng(draw(st.integers(0, 10**6)))
    value, share = numbers.lognormal(3, 1, count), numbers.uniform(0.02, 0.9, count)
    bound = value * share * numbers.uniform(0.1, 1.0, count)
    return Cells(value, share, numbers.uniform(1.5, 12.0, count), bound, float(value.sum()))


def world(seed, countries=4, sectors=3):
    made = synthetic(countries, sectors, seed=seed)
    values = np.random.default_rng(seed).uniform(2.0, 9.0, sectors)
    theta = trade_elasticity(dict(zip(made.sectors, values, strict=True)), made.sectors)
    return prepared(made, elasticity=theta, compiled=False)


@given(cells())
def test_no_cut_no_move(some):
    assert smallest(some, 0.0).moved.sum() == 0


@given(cells(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_more_cut_is_never_cheaper_and_keeps_its_word(some, one, two):
    most = reachable(some)
    few, many = (most * part for part in sorted((one, two)))
    first, second = smallest(some, few), smallest(some, many)
    assert first.moved.sum() <= second.moved.sum() * (1 + EXACT)
    before = power(some, np.zeros_like(some.value))
    for cut, found in ((few, first), (many, second)):
        assert power(some, found.moved) == pytest.approx((1 - cut) * before, abs=SLACK * before)
        assert (found.moved >= 0).all()
        assert (found.moved <= some.bound * (1 + EXACT)).all()


@given(cells(), st.floats(0.05, 0.95))
def test_every_cell_in_between_gives_the_same_security(some, part):
    found = smallest(some, part * reachable(some))
    gained = gradient(some, found.moved)
    inside = (found.moved > EXACT * some.bound) & (found.moved < some.bound * (1 - EXACT))
    assert gained[inside] == pytest.approx(found.marginal, rel=1e-6)
    assert (gained[found.moved == 0] <= found.marginal * (1 + 1e-6)).all()


@given(cells(), st.integers(0, 10**6))
def test_power_is_convex_in_what_is_moved(some, seed):
    draw = np.random.default_rng(seed)
    one, two = (some.bound * draw.random(len(some.bound)) for _ in range(2))
    middle = power(some, (one + two) / 2)
    assert middle <= (power(some, one) + power(some, two)) / 2 + EXACT


@settings(max_examples=10)  # a grid of 40³ points each
@given(cells(most=3), st.floats(0.1, 0.9))
def test_brute_force_finds_nothing_smaller(some, part):
    cut = part * reachable(some)
    best = smallest(some, cut).moved.sum()
    target = (1 - cut) * power(some, np.zeros_like(some.value))
    axes = [np.linspace(0, bound, 40) for bound in some.bound]
    grid = np.array(list(itertools.product(*axes)))
    feasible = grid.sum(axis=1)[by_cell(some, grid).sum(axis=1) <= target]
    step = sum(axis[1] for axis in axes)
    assert best <= feasible.min() * (1 + EXACT)
    assert feasible.min() <= best + step  # the grid comes as close as its step


@settings(max_examples=10)
@given(cells(), st.floats(0.1, 0.8))
def test_second_solver_agrees(some, part):
    """SLSQP, which knows neither the multiplier nor that the cells are separable."""
    cut = part * reachable(some)
    before, bound = power(some, np.zeros_like(some.value)), some.bound
    found = minimize(
        lambda parts: parts @ bound / bound.sum(),
        np.full_like(bound, part),
        jac=lambda _: bound / bound.sum(),
        bounds=[(0, 1)] * len(bound),
        constraints={
            "type": "ineq",
            "fun": lambda parts: (1 - cut) - power(some, parts * bound) / before,
            "jac": lambda parts: gradient(some, parts * bound) * bound / before,
        },
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert found.success or found.status == NO_LOWER
    # SLSQP's own accuracy
    assert smallest(some, cut).moved.sum() == pytest.approx(found.x @ bound, rel=1e-5)


@given(cells())
def test_gradient_is_the_slope_of_power(some):
    at, step = some.bound / 3, 1e-6 * some.value.min()
    for place in range(len(at)):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        slope = (power(some, down) - power(some, up)) / (2 * step)
        assert gradient(some, at)[place] == pytest.approx(slope, rel=1e-4)


def test_small_shares_give_liu_and_yang():
    """Clayton, Maggiori and Schreger's loss tends to Σ (M/Y)/θ of Liu and Yang as shares vanish."""
    value, theta = np.array([50.0, 70.0]), np.array([3.0, 8.0])
    share = np.array([1e-6, 2e-6])
    some = Cells(value, share, theta, value * share, 100.0)
    assert by_cell(some, np.zeros(2)) == pytest.approx(value * share / 100 / theta, rel=1e-5)


def test_out_of_reach_and_nonsense_are_refused():
    some = Cells(np.array([10.0]), np.array([0.5]), np.array([4.0]), np.array([1.0]), 10.0)
    with pytest.raises(InputError, match="not by 99"):
        smallest(some, 0.99)
    with pytest.raises(InputError, match="fraction"):
        smallest(some, 1.0)
    with pytest.raises(InputError, match="no bound"):
        Cells(np.array([10.0]), np.array([1.0]), np.array([4.0]), np.array([1.0]), 10.0)
    assert smallest(some, reachable(some)).moved == pytest.approx([1.0])
    assert moved_at(some, 100.0) == pytest.approx([0.0])


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 5)), min_size=1, max_size=6), st.floats(0, 1))
def test_spread_fills_in_proportion_up_to_the_room(pairs, part):
    weight, room = (np.array(column) for column in zip(*pairs, strict=True))
    most = room[weight > 0].sum()
    given_out = spread(part * most, weight, room)
    assert given_out.sum() == pytest.approx(part * most)
    assert (given_out <= room * (1 + EXACT) + EXACT).all()
    free = (given_out < room * (1 - 1e-6)) & (weight > 1e-3)
    if free.any() and part > 1e-3:
        ratio = given_out[free] / weight[free]
        assert ratio == pytest.approx(ratio[0], rel=1e-6, abs=1e-9)


@given(st.integers(0, 10**6))
def test_new_pattern_is_a_pattern_within_room(seed):
    models = world(seed)
    trade = trade_of(models, "C00", "C01")
    chosen = smallest(trade.cells, 0.5 * reachable(trade.cells))
    after = new_sourcing(trade, chosen)
    assert after.sum(2) == pytest.approx(trade.structure.sourcing.sum(2))
    assert (after >= -EXACT).all()
    bought, sold = split(trade, chosen)
    sectors = len(trade.elasticity)
    assert bought.sum(1) == pytest.approx(chosen.moved[:sectors])
    assert sold.sum(1) == pytest.approx(chosen.moved[sectors:])
    assert (bought <= trade.room_to_buy * (1 + EXACT) + EXACT).all()
    assert (sold <= trade.room_to_sell * (1 + EXACT) + EXACT).all()
    untouched = [place for place in range(4) if place not in (0, 1)]
    assert (after[:, 0, 1] <= trade.structure.sourcing[:, 0, 1] + EXACT).all()
    assert (after[:, untouched, 0] >= trade.structure.sourcing[:, untouched, 0] - EXACT).all()


@given(st.integers(0, 10**6), st.floats(1.5, 12.0))
def test_mismatch_is_what_a_ces_bundle_loses(seed, theta):
    """The bundle by hand, the envelope at no change, and never a gain."""
    draw = np.random.default_rng(seed)
    before, after = (draw.dirichlet(np.ones(5)).reshape(1, 1, 5) for _ in range(2))
    sigma = theta + 1
    bundle = (before ** (1 / sigma) * after ** (1 - 1 / sigma)).sum() ** (sigma / (sigma - 1))
    worse = mismatch(before, after, np.array([theta]))
    assert worse[0, 0] == pytest.approx(-np.log(bundle))
    assert worse[0, 0] >= -EXACT
    assert mismatch(before, before, np.array([theta]))[0, 0] == pytest.approx(0, abs=EXACT)


def test_wanted_pattern_is_held_at_unchanged_costs():
    """π κ^−θ over its sum is the wanted share, and the price of every bundle is what the pattern costs."""
    models = world(5)
    trade = trade_of(models, "C00", "C01")
    after = new_sourcing(trade, smallest(trade.cells, 0.4 * reachable(trade.cells)))
    shock = held(trade.structure, after, trade.elasticity, np.zeros(4))
    barrier = shock.iceberg.transpose("sector", "destination", "origin").values
    pull = trade.structure.sourcing * barrier ** -trade.elasticity[:, None, None]
    assert pull / pull.sum(2, keepdims=True) == pytest.approx(after)
    price = pull.sum(2) ** (-1 / trade.elasticity)[:, None]
    assert np.log(price) == pytest.approx(
        mismatch(trade.structure.sourcing, after, trade.elasticity), abs=EXACT
    )


@settings(max_examples=5)  # several worlds each
@given(st.integers(0, 10**6))
def test_frontier_of_random_worlds(seed):
    models = world(seed)
    most = 100 * reachable(trade_of(models, "C00", "C01").cells)
    cuts = tuple(most * part for part in (0.0, 0.3, 0.6, 0.9))
    found = frontier(models, "C00", "C01", cut=cuts[1], cuts=cuts)
    points = found.points
    assert points["moved"].is_sorted()
    assert points["cost_pct"][0] == pytest.approx(0, abs=1e-9)
    assert points["price_pct"][0] == pytest.approx(0, abs=1e-9)
    assert points["cost_pct"].is_sorted()
    assert found.moves["moved"].sum() == pytest.approx(points["moved"][1])
    assert found.moves["security_pct"].sum() == pytest.approx(cuts[1], abs=1e-6)


def test_unknown_and_same_countries():
    with pytest.raises(InputError, match="C99"):
        trade_of(world(1), "C00", "C99")
    with pytest.raises(InputError, match="two countries"):
        trade_of(world(1), "C00", "C00")


@pytest.fixture(scope="session")
def models_2022():
    return prepared(economy(2022))


@pytest.mark.parametrize("pair", [("MEX", "USA"), ("CAN", "USA"), ("VNM", "CHN"), ("DEU", "CHN")])
def test_exact_loss_falls_along_the_frontier(models_2022, pair):
    """The estimate of 2022: both horizons, and the power of the solved world near the one asked for."""
    points = frontier(models_2022, *pair).points
    assert points["cut_pct"].to_list() == [0, 10, 20, 25, 30, 40, 50, 60]
    for name in ("long_loss_pct", "short_loss_pct", "power_pct"):
        assert (points[name].diff().drop_nulls() < 0).all(), name
    off = points["power_pct"] - (100 - points["cut_pct"])
    assert abs(off).max() < 3  # percentage points: wages and prices move; largest seen 1.5
    assert (points["moved"].diff().drop_nulls() > 0).all()
    assert (points["price_pct"].diff().drop_nulls() > 0).all()
    assert models_2022[Horizon.LONG].before.outcome.converged
