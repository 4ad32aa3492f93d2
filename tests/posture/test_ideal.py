"""Ideal points: recovered where they are known, and the same on every run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from scipy.stats import norm
from simulated_votes import beliefs, simulated

from palanca.posture import ordinal
from palanca.posture.ideal import STARTS, fit
from palanca.posture.rollcalls import ABSENT
from palanca.posture.walk import pull, solve, walk


@pytest.fixture(scope="module")
def known():
    calls, points = simulated(seed=1)
    return calls, points, fit(calls, beliefs())


TURNING = 45  # of sixty, in order of their points: away from the ends, where votes tell little


def scaled(found, points):
    """Put known points on the estimate's scale, which votes alone cannot fix, by least squares."""
    seen = found.votes > 0
    slope, level = np.polyfit(points[seen], found.mean[seen], 1)
    return seen, slope * points + level


def test_known_points_are_recovered(known):
    _calls, points, found = known
    seen, true = scaled(found, points)
    assert np.corrcoef(true[seen], found.mean[seen])[0, 1] > 0.98
    assert np.abs(true - found.mean)[seen].mean() < 0.15  # a year's thirty votes alone leave 0.3


def test_intervals_cover_what_they_say(known):
    """Nine tenths nominal; cells hang together over years, so that one draw may miss by five in a hundred."""
    _, points, found = known
    seen, true = scaled(found, points)
    inside = np.abs(true - found.mean) <= norm.ppf(0.95) * found.deviation
    assert 0.84 <= inside[seen].mean() <= 0.96


def test_a_turn_is_seen_in_its_year(known):
    _, _, found = known
    fall = np.diff(found.mean[TURNING])
    assert int(np.argmin(fall)) == 5
    assert fall.min() < 3 * np.delete(fall, 5).min()
    assert found.mean[TURNING, :6].mean() - found.mean[TURNING, 6:].mean() > 0.8  # of 1.2 drawn


def test_every_start_ends_at_the_same_points(known):
    """Twenty times the tolerance: a start stops when its last step, not its distance, is that small."""
    calls, _, found = known
    for start in range(len(STARTS)):
        again = fit(calls, beliefs(), start=start)
        assert np.abs(again.mean - found.mean)[found.votes > 0].max() < 5e-3


def test_two_runs_agree(known):
    calls, _, found = known
    again = fit(calls, beliefs())
    assert np.abs(again.mean - found.mean).max() <= 1e-6
    assert np.abs(again.deviation - found.deviation).max() <= 1e-6


def test_the_sign_is_that_of_the_states_that_set_it(known):
    calls, _points, found = known
    mirrored = fit(calls, replace(beliefs(), positive=("S06", "S07", "S08")))
    assert np.abs(found.mean + mirrored.mean)[found.votes > 0].max() < 5e-3


def test_states_that_never_voted_are_left_out():
    calls, _ = simulated(seed=2, states=20, years=3, each=12)
    votes = calls.votes.copy()
    votes[:, 3] = ABSENT
    found = fit(replace(calls, votes=votes), beliefs(20))
    assert "S03" not in found.states
    assert len(found.states) == 19


def test_an_absent_year_is_bridged_with_a_wider_interval():
    """A path without votes in a year is known there no better than with them."""
    calls, _ = simulated(seed=3, states=25, years=5, each=20)
    votes = calls.votes.copy()
    votes[calls.years == 2002, 10] = ABSENT
    whole, found = fit(calls, beliefs(25)), fit(replace(calls, votes=votes), beliefs(25))
    row = found.states.index("S10")
    assert found.votes[row, 2] == 0
    assert found.deviation[row, 2] > whole.deviation[row, 2]
    low, high = sorted(found.mean[row, [1, 3]])
    assert low - 1e-6 <= found.mean[row, 2] <= high + 1e-6  # between its neighbours, as a walk without news


def test_points_are_in_their_own_units(known):
    _, _, found = known
    seen = found.mean[found.votes > 0]
    assert (seen.mean(), seen.std()) == pytest.approx((0, 1))
    beside = found.mean[:, found.votes.sum(axis=0) > 0]
    assert np.abs(beside.mean(axis=0)).max() < 0.4
    assert 0.7 < beside.std(axis=0).min() < beside.std(axis=0).max() < 1.4


@drawn(seed=st.integers(0, 10_000))
def test_walk_equals_dense_algebra(seed):
    rng = np.random.default_rng(seed)
    tied = rng.random((3, 5)) < 0.7
    prior = walk(tied, 0.3, 1.2)
    information, right = rng.uniform(0, 3, (3, 6)), rng.normal(size=(3, 6))
    found, logs = solve(prior, information, right), 0.0
    for state in range(3):
        dense = np.diag(prior.diagonal[state])
        dense += np.diag(prior.beside[state], 1) + np.diag(prior.beside[state], -1)
        np.testing.assert_allclose(pull(prior, right)[state], dense @ right[state], atol=1e-9)
        whole = dense + np.diag(information[state])
        inverse = np.linalg.inv(whole)
        np.testing.assert_allclose(found.solution[state], inverse @ right[state], atol=1e-9)
        np.testing.assert_allclose(found.variance[state], np.diag(inverse), atol=1e-9)
        np.testing.assert_allclose(found.neighbour[state], np.diag(inverse, 1), atol=1e-9)
        logs += np.linalg.slogdet(whole)[1]
    assert found.log_determinant == pytest.approx(logs)


@drawn(seed=st.integers(0, 10_000))
def test_scores_are_the_slopes_of_the_log_probability(seed):
    """Second method: differences; 1e-5 is the error of a step of 1e-6 on curves of order one."""
    rng = np.random.default_rng(seed)
    low = rng.normal(-0.5, 1, 30)
    high, choice, step = low + rng.uniform(0.2, 1.5, 30), rng.integers(0, 3, 30).astype(np.int8), 1e-6
    found, _ = ordinal.local(low, high, choice)
    for name, slope in (("low", found.low), ("high", found.high)):
        up, down = ({"low": low, "high": high} | {name: at} for at in shifted(low, high, name, step))
        logs = [np.log(ordinal.local(**one, choice=choice)[1]) for one in (up, down)]
        np.testing.assert_allclose((logs[0] - logs[1]) / (2 * step), slope, atol=1e-5)


def shifted(low, high, name, step):
    base = low if name == "low" else high
    return base + step, base - step


@drawn(seed=st.integers(0, 10_000))
def test_probabilities_sum_to_one(seed):
    low = np.random.default_rng(seed).normal(0, 2, 20)
    assert np.allclose(sum(ordinal.probabilities(low, low + 0.5)), 1)
