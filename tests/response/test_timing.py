"""Acts that follow the other side's beyond chance: draws within windows, a slow second road, size and power.

The full study of size and power, 300 drawn ledgers a row, is `python benchmarks/timing.py`.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.response.jitter import WEEK, Days, followed, following, redrawn, score, weekdays
from palanca.response.reactivity import number
from palanca.response.simulation import answering, bursts, clustered, density, turned

LENGTH = 3800
FULL = (127 / LENGTH, 141 / LENGTH)
DELAYS = (0, 0, 1, 1, 1, 2, 3, 4, 5, 8, 12, 30)
WINDOW = int(number("local_window"))


def common(rng):
    factor = bursts(LENGTH, 45, 0.8, rng)
    return Days(*(rng.poisson(rate * factor) for rate in FULL))


def flat(rng):
    return Days(*(rng.poisson(rate, LENGTH) for rate in FULL))


def rejected(drawn, ledgers, seed):
    rngs = [np.random.default_rng([seed, run]) for run in range(ledgers)]
    return sum(following(drawn(rng), seed=run, draws=99).p <= 0.05 for run, rng in enumerate(rngs))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_acts_stay_within_their_windows_and_neighbours_together(seed):
    rng = np.random.default_rng(seed)
    days = Days(rng.poisson(0.1, 200), rng.poisson(0.1, 200), int(rng.integers(WEEK)))
    acts = np.repeat(np.arange(200), days.receiver)
    drawn = redrawn(days, acts, 20, rng)
    assert drawn.min() >= 0
    assert drawn.max() < 200
    assert (np.abs(drawn - acts[:, None]) < WINDOW).all()
    near = np.diff(acts) <= number("chain_days")
    np.testing.assert_array_equal(np.diff(drawn, axis=0)[near], np.repeat(np.diff(acts)[near, None], 20, 1))


def test_a_lone_act_lands_on_each_day_by_how_many_windows_hold_both():
    """Of 21 windows that hold a day, 21 less d hold one d days off too; 40,000 draws err by under 0.001."""
    receiver, none = np.zeros(400, dtype=np.int64), np.zeros(400, dtype=np.int64)
    receiver[200] = 1
    even = Days(receiver, none)
    off = redrawn(even, np.array([200]), 40_000, np.random.default_rng(1))[0] - 200
    seen = np.bincount(off + WINDOW, minlength=2 * WINDOW) / len(off)
    weight = weekdays(even)[200 - WINDOW : 200 + WINDOW]
    windows = np.maximum(WINDOW - np.abs(np.arange(-WINDOW, WINDOW)), 0)
    plain = windows / WINDOW**2
    assert np.abs(seen / weight / (seen / weight).sum() - plain).max() < 0.005
    assert weight.max() / weight.min() == pytest.approx(2.0), "one act, and one for each day of the week"


def test_what_follows_always_gains_what_chance_would_not_give():
    """An act the day after each of the other's, every sixty days.

    Of the places within a window, the day itself, seven after and the day before count: the sum of 21 − |d|
    for d from −1 to 6, over 21². Weekdays and the last window move it by little, hence 0.02.
    """
    sender = np.zeros(LENGTH, dtype=np.int64)
    sender[30::60] = 1
    found = following(Days(np.roll(sender, 1), sender), seed=1)
    assert found.followed == 1.0
    assert found.expected == pytest.approx((20 + 21 + 20 + 19 + 18 + 17 + 16 + 15) / 441, abs=0.02)
    assert found.gain == pytest.approx(found.followed - found.expected)
    assert found.lower <= found.gain <= found.upper
    assert found.p < 0.01


def slow(days, day):
    """Return what an act adds on a day, by a sum over the other's acts."""
    lags = np.arange(int(number("longest_delay")) + 1)
    kernel = np.exp(-lags / number("mean_delay")) * np.where(lags == 0, number("same_day_weight"), 1.0)
    kernel /= kernel.sum()
    half = int(number("density_window")) // 2
    span = range(max(day - half, 0), min(day + half + 1, days.length))
    both = days.receiver + days.sender
    rate = sum(both[at] for at in span) / len(span) * days.receiver.sum() / both.sum()
    rate = max(rate, 0.2 * days.receiver.sum() / days.length) * weekdays(days)[day]
    found = []
    for sign in (1, -1):
        near = sum(
            kernel[lag] * days.sender[day - sign * lag] for lag in lags if 0 <= day - sign * lag < days.length
        )
        share = number("answering_share") * days.receiver.sum() / days.sender.sum()
        found.append(np.log(1 - number("answering_share") + share * near / rate))
    return found[0] - number("reverse_weight") * found[1]


@pytest.mark.parametrize("seed", range(3))
def test_the_score_is_the_sum_over_all_pairs(seed):
    """By convolution and by a double loop; sums of fifteen terms, so rounding only."""
    rng = np.random.default_rng(seed)
    days = Days(rng.poisson(0.1, 150), rng.poisson(0.1, 150), 3)
    np.testing.assert_allclose(score(days), [slow(days, day) for day in range(150)], rtol=1e-9, atol=1e-12)
    after = [days.sender[max(day - 7, 0) : day + 1].any() for day in range(150)]
    np.testing.assert_array_equal(followed(days) > 0, after)


def test_common_bursts_and_answers_of_the_other_side_are_seldom_called_answers(rounds, seed):
    """At a size of 8 percent, more than 9 of 40 has a chance of one in a thousand."""
    ledgers = rounds(40, 300)
    most = {40: 9, 300: 40}[ledgers]
    own = seed % 10**6
    assert rejected(common, ledgers, own) <= most
    back = lambda rng: answering(flat(rng).turned, 0.25, DELAYS, rng).turned  # noqa: E731 - one use
    assert rejected(back, ledgers, own) <= most


def test_answers_of_a_quarter_are_found_more_often_than_not():
    """Of 30 at a power of 70 percent, fewer than 13 has a chance of one in a thousand."""
    for drawn in (common, flat):
        assert rejected(lambda rng, drawn=drawn: answering(drawn(rng), 0.25, DELAYS, rng), 30, 7) >= 13


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_drawn_ledgers_keep_what_they_should(seed):
    rng = np.random.default_rng(seed)
    acts = rng.poisson(0.05, 1000)
    moved = turned(acts, 1, rng)
    np.testing.assert_allclose(density(moved), density(acts))
    assert density(acts).sum() == pytest.approx(acts.sum())
    own = np.mean([clustered(acts, 0.3, 2.0, rng).sum() for _ in range(40)])
    assert own == pytest.approx(acts.sum(), rel=0.15), "four standard errors of a mean of forty"
