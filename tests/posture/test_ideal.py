"""Ideal points: recovered where they are known, held by their intervals, and the same on every run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from scipy.special import log_ndtr, ndtr
from scipy.stats import norm
from simulated_votes import beliefs, simulated

from palanca.posture import ordinal, walk
from palanca.posture.ideal import by_side, fit, laid_out, sweeps
from palanca.posture.rollcalls import ABSENT

TURNING = 45  # of sixty, in order of their points: away from the ends, where votes tell little
NORMAL = ordinal.table()


@pytest.fixture(scope="module")
def known():
    calls, points = simulated(seed=1)
    return calls, points, fit(calls, beliefs())


def placed(found, points):
    """Put known points on each year's own scale, as the estimate is."""
    seen = found.votes > 0
    held = np.where(seen, points, np.nan)
    return seen, (points - np.nanmean(held, axis=0)) / np.nanstd(held, axis=0)


def test_known_points_are_recovered(known):
    _calls, points, found = known
    seen, true = placed(found, points)
    assert np.corrcoef(true[seen], found.mean[seen])[0, 1] > 0.97
    assert np.abs(true - found.mean)[seen].mean() < 0.18  # a year's thirty votes alone leave 0.3


def test_intervals_cover_what_they_say(known):
    """Nine tenths nominal; cells hang together over years, so that one draw may miss by six in a hundred."""
    _, points, found = known
    seen, true = placed(found, points)
    inside = np.abs(true - found.mean) <= norm.ppf(0.95) * found.deviation
    assert 0.84 <= inside[seen].mean() <= 0.98


def test_the_interval_of_a_state_far_out_is_wide_and_holds_it(known):
    """Where nearly every vote is told beforehand, votes say little of how far out a state stands."""
    _, points, found = known
    _, true = placed(found, points)
    inside = np.abs(true[-1] - found.mean[-1]) <= norm.ppf(0.95) * found.deviation[-1]
    assert inside.all()
    assert np.median(found.deviation[-1]) > 1.5 * np.median(found.deviation)


def test_a_turn_is_seen_in_its_year(known):
    _, _, found = known
    fall = np.diff(found.mean[TURNING])
    assert int(np.argmin(fall)) == 5
    assert fall.min() < 3 * np.delete(fall, 5).min()
    assert found.mean[TURNING, :6].mean() - found.mean[TURNING, 6:].mean() > 0.7  # of 1.2 drawn


def test_two_runs_agree_to_the_last_bit(known):
    calls, _, found = known
    again = fit(calls, beliefs())
    assert (again.mean == found.mean).all()
    assert (again.deviation == found.deviation).all()


def test_another_seed_ends_at_the_same_points(known):
    """What is left of chance is a fraction of the interval: 120 draws, perhaps 20 of them independent."""
    calls, _, found = known
    again = fit(calls, replace(beliefs(), seed=1))
    seen = found.votes > 0
    assert (np.abs(again.mean - found.mean) / found.deviation)[seen].mean() < 0.35


def test_a_title_changes_nothing(known):
    """No question bridges two years, so that what it is called cannot carry a drift."""
    calls, _, found = known
    same = fit(replace(calls, titles=("the same",) * len(calls.titles)), beliefs())
    assert (same.mean == found.mean).all()


def test_the_sign_is_that_of_the_states_that_set_it(known):
    calls, _points, found = known
    mirrored = fit(calls, replace(beliefs(), positive=("S06", "S07", "S08")))
    seen = found.votes > 0
    assert np.corrcoef(found.mean[seen], mirrored.mean[seen])[0, 1] < -0.97


def test_each_year_has_its_own_zero_and_unit(known):
    _, _, found = known
    for year in range(len(found.years)):
        here = found.mean[found.votes[:, year] > 0, year]
        assert here.mean() == pytest.approx(0, abs=1e-9)
        assert 0.9 < here.std() <= 1 + 1e-9  # an average over draws, each of spread one


def test_states_that_never_voted_are_left_out():
    calls, _ = simulated(seed=2, states=20, years=3, each=12)
    votes = calls.votes.copy()
    votes[:, 3] = ABSENT
    problem = laid_out(replace(calls, votes=votes), beliefs(20))
    assert "S03" not in problem.states
    assert len(problem.states) == 19
    assert np.isfinite(by_side(problem)).all()


def test_an_absent_year_is_known_less():
    calls, _ = simulated(seed=3, states=25, years=5, each=20)
    votes = calls.votes.copy()
    votes[calls.years == 2002, 10] = ABSENT
    whole, found = fit(calls, beliefs(25)), fit(replace(calls, votes=votes), beliefs(25))
    row = found.states.index("S10")
    assert found.votes[row, 2] == 0
    assert found.deviation[row, 2] > whole.deviation[row, 2]


def test_order_of_resolutions_within_a_file_is_free():
    calls, _ = simulated(seed=4, states=12, years=3, each=8)
    shuffled = calls.only(np.ones(len(calls.dates), np.bool_))
    order = np.argsort(-calls.years.astype(int), kind="stable")
    shuffled = replace(
        calls,
        votes=calls.votes[order],
        dates=tuple(calls.dates[at] for at in order),
        titles=tuple(calls.titles[at] for at in order),
    )
    one, other = (laid_out(each, beliefs(12)) for each in (calls, shuffled))
    assert (one.cells == other.cells).all()
    assert (one.choices == other.choices).all()


@drawn(seed=st.integers(0, 10_000))
def test_a_vote_is_scored_as_the_normal_distribution_says(seed):
    """Second method: the distribution itself and differences; the table is straight between its points."""
    rng = np.random.default_rng(seed)
    low = rng.normal(-0.5, 1.5)
    high, choice, step = low + rng.uniform(0.2, 1.5), int(rng.integers(0, 3)), 1e-3
    found = ordinal.vote(NORMAL, low, high, choice)
    assert found[0] == pytest.approx(exact(low, high, choice), abs=1e-4)
    for at, (by_low, by_high) in ((1, (step, 0)), (2, (0, step))):
        up, down = exact(low + by_low, high + by_high, choice), exact(low - by_low, high - by_high, choice)
        assert found[at] == pytest.approx((up - down) / (2 * step), abs=2e-4)


def exact(low, high, choice):
    return float((log_ndtr(low), np.log(ndtr(high) - ndtr(low)), log_ndtr(-high))[choice])


def test_draws_of_a_point_are_those_of_its_density():
    """Second method: the density of one point given thirty questions, summed over a grid."""
    rng = np.random.default_rng(5)
    questions = np.stack([rng.normal(-0.5, 1, 30), np.full(30, -1.0), rng.normal(0, 0.7, 30)], axis=1)
    choices, asked = rng.integers(0, 3, 30).astype(np.int8), np.arange(30, dtype=np.int32)
    own, points, ties = np.array([[[0, 30]]], np.int32), np.zeros((1, 1)), np.zeros((2, 1))
    draws = []
    for _ in range(4000):
        luck = rng.random((1, 1))
        noise = rng.standard_normal((1, 1))
        ordinal.sweep_paths(
            NORMAL, points, questions, ties, np.ones((1, 1)), own, asked, choices, noise, luck, 1, 1
        )
        draws.append(points[0, 0])
    grid = np.linspace(-5, 5, 1001)
    logs = [ordinal.cell(NORMAL, at, questions, np.exp(questions[:, 1]), asked, choices)[0] for at in grid]
    weight = np.exp(np.array(logs) - 0.5 * grid**2 - max(logs))
    mean = (grid * weight).sum() / weight.sum()
    spread = np.sqrt((np.square(grid - mean) * weight).sum() / weight.sum())
    assert np.mean(draws) == pytest.approx(mean, abs=5 * spread / 60)  # five errors of some 3,600 draws
    assert np.std(draws) == pytest.approx(spread, rel=0.08)


def test_a_question_without_votes_is_drawn_as_believed():
    rng, given = np.random.default_rng(6), beliefs()
    means, precision = np.array(given.means), np.diag(1 / np.square(given.deviations))
    questions = np.tile(means, (4000, 1))
    none, empty = np.zeros(4001, np.int32), np.zeros(0, np.int32)
    moved = ordinal.sweep_questions(
        NORMAL, questions, np.zeros(1), none, empty, empty.astype(np.int8), means, precision,
        rng.standard_normal((4000, 3)), rng.random(4000),
    )  # fmt: skip
    assert moved == 4000
    assert questions.mean(axis=0) == pytest.approx(means, abs=0.15)
    assert questions.std(axis=0) == pytest.approx(np.array(given.deviations), rel=0.05)


def test_a_state_that_moves_more_is_let_move_more():
    rng, given = np.random.default_rng(7), beliefs().habits
    points = np.cumsum(rng.normal(0, np.where(np.arange(30) < 3, 0.5, 0.05), (40, 30)), axis=0)
    tied = np.zeros((41, 30), np.bool_)
    tied[1:40] = True
    moves, states = walk.usual(given, points.shape), []
    for _ in range(60):
        moves = walk.drawn(moves, points, tied, given, rng=rng)
        states.append(moves.state * moves.common)
    usual = np.sqrt(np.mean(states[20:], axis=0))
    assert usual[:3].min() > 4 * usual[3:].max()
    assert (walk.ties(moves, tied)[[0, -1]] == 0).all()


def test_every_sweep_moves_most_of_what_it_draws(known):
    calls, _, found = known
    problem = laid_out(calls, beliefs())
    assert 0.3 < found.moved[0] / len(problem.rows) <= 1
    assert len(list(sweeps(problem, replace(beliefs(), warm_up=1, draws=2)))) == 2


@drawn(seed=st.integers(0, 10_000))
def test_probabilities_sum_to_one(seed):
    middle = np.random.default_rng(seed).normal(0, 2, 20)
    assert np.allclose(ordinal.probabilities(middle, np.full(20, -1.0), middle / 3).sum(axis=1), 1)
