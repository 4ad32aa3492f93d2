"""Synthetic twins: the solver beside another, weights recovered, and p-values under no effect."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from palanca.errors import InputError
from palanca.response.synthetic import placebos, simplex_weights

SEEDS = st.integers(0, 2**32 - 1)


def generated(seed, periods=60, units=8):
    """Return paths of units that share three wandering factors, plus noise."""
    draws = np.random.default_rng(seed)
    factors = draws.normal(size=(periods, 3)).cumsum(0)
    return factors @ draws.uniform(0, 1, (3, units)) + 0.5 * draws.normal(size=(periods, units))


@settings(deadline=None, max_examples=25)
@given(SEEDS)
def test_weights_lie_on_the_simplex_and_are_the_optimum_of_another_solver(seed):
    paths = generated(seed)
    target, donors = paths[:, 0] + 1, paths[:, 1:]
    weights = simplex_weights(donors, target)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    count = donors.shape[1]
    other = minimize(
        lambda w: np.square(donors @ w - target).mean(),
        np.full(count, 1 / count),
        jac=lambda w: 2 * donors.T @ (donors @ w - target) / len(target),
        bounds=[(0, None)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda _: np.ones(count)},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    ours = np.square(donors @ weights - target).mean()
    assert ours <= other.fun + 1e-9 * (1 + other.fun)  # SLSQP stops at about its own ftol


@settings(deadline=None, max_examples=25)
@given(SEEDS)
def test_the_first_order_conditions_hold(seed):
    """On the simplex the slope is alike over donors in use and no less on those that are not."""
    paths = generated(seed)
    target, donors = paths[:, 0], paths[:, 1:]
    weights = simplex_weights(donors, target)
    slope = donors.T @ (donors @ weights - target)
    used = weights > 1e-9
    scale = np.abs(donors.T @ donors).max()
    assert np.ptp(slope[used]) <= 1e-8 * scale
    assert slope.min() >= slope[used].max() - 1e-8 * scale


def test_donors_that_move_as_one_share_their_weight():
    paths = generated(9)
    donors = np.column_stack([paths[:, 1], paths[:, 1], paths[:, 2]])
    target = 0.6 * paths[:, 1] + 0.4 * paths[:, 2]
    weights = simplex_weights(donors, target)
    assert weights[:2].sum() == pytest.approx(0.6, abs=1e-6)
    assert donors @ weights == pytest.approx(target, abs=1e-5)


def test_weights_and_an_effect_that_were_put_in_come_out():
    """Made of three donors without noise, the twin is those donors, and the gap is what was added."""
    paths = generated(7)
    truth = np.array([0.5, 0.3, 0.2])
    paths[:, 0] = paths[:, 1:4] @ truth
    paths[50:, 0] += 2.5
    units = tuple("abcdefgh")
    found = placebos(units, paths, 50, unit="a", donors=units[1:])
    assert found.twin.weights[:3] == pytest.approx(truth, abs=1e-6)
    assert found.twin.before == pytest.approx(0, abs=1e-6)
    assert found.twin.gap == pytest.approx(2.5, abs=1e-5)
    assert found.p == pytest.approx(1 / 8)  # the least a comparison of eight can give


def test_an_effect_is_found_under_noise():
    paths = generated(11, periods=120, units=20)
    paths[100:, 0] += 8
    units = tuple(f"u{i}" for i in range(20))
    found = placebos(units, paths, 100, unit="u0", donors=units[1:])
    assert found.p == pytest.approx(1 / 20)
    assert found.twin.gap == pytest.approx(8, abs=2)  # noise of half a point and drifting factors


def test_p_is_uniform_where_nothing_happened():
    """Units change places under no effect, so every rank is as likely: chi-squared on the ranks."""
    units, runs = tuple("abcdefgh"), 200
    ranks = [
        round(8 * placebos(units, generated(seed), 50, unit="a", donors=units[1:]).p) for seed in range(runs)
    ]
    counts = np.bincount(ranks, minlength=9)[1:]
    assert min(ranks) >= 1
    assert np.square(counts - runs / 8).sum() / (runs / 8) < 24.3  # 0.1 % point at seven degrees of freedom
    assert np.mean(np.array(ranks) <= 1) == pytest.approx(1 / 8, abs=0.08)  # three standard errors


@given(st.floats(-5, 5), st.floats(0.1, 10))
@settings(deadline=None, max_examples=15)
def test_level_and_unit_do_not_matter(shift, scale):
    paths = generated(3)
    units = tuple("abcdefgh")
    first = placebos(units, paths, 50, unit="a", donors=units[1:])
    second = placebos(units, scale * (paths + shift), 50, unit="a", donors=units[1:])
    assert second.twin.weights == pytest.approx(first.twin.weights, abs=1e-6)
    assert second.twin.gap == pytest.approx(scale * first.twin.gap, abs=1e-5)
    assert second.p == first.p


def test_units_outside_the_pool_are_no_donors_but_are_placebos():
    paths, units = generated(5), tuple("abcdefgh")
    found = placebos(units, paths, 50, unit="a", donors=("b", "c", "d", "e"))
    assert found.twin.donors == ("b", "c", "d", "e")
    assert found.n == 8
    assert {one.unit for one in found.others} == set(units[1:])
    assert all("h" not in one.donors for one in found.others)
    assert found.among(found.twin.donors).n == 5


@pytest.mark.parametrize(("start", "donors"), [(1, "bcd"), (60, "bcd"), (50, "b")])
def test_too_little_to_compare_is_refused(start, donors):
    with pytest.raises(InputError, match="twin of a needs"):
        placebos(tuple("abcdefgh"), generated(1), start, unit="a", donors=donors)
