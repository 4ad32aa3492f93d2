"""Base rates: exact intervals, waits that have not ended, and how few is too few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf

from palanca.events import rates
from palanca.events.ledger import shipped
from palanca.events.rates import Wait, survival
from palanca.events.shares import clustered, counted, interval, worth
from palanca.events.threats import fates

EVENTS = shipped().between("MEX", "USA")
THREATS = rates.threats(EVENTS, "USA", "MEX")
# Remission of leukaemia under 6-mercaptopurine, weeks; minus means still in remission when last seen.
# Freireich et al. (1963), Blood 21, 699-716; the curve as printed in Kleinbaum and Klein, Survival Analysis.
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
CURVE = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def waits(signed):
    return [Wait(f"a{at}", "b" if days > 0 else None, abs(days), 99) for at, days in enumerate(signed)]


def test_published_survival_curve():
    found = survival(waits(WEEKS))
    assert found.days == tuple(CURVE)
    assert found.waiting == pytest.approx(list(CURVE.values()), abs=0.0006)  # printed to three decimals
    assert (found.n, found.done) == (21, 9)
    assert found.median() == 23
    assert found.after(5) == 1
    assert found.after(12) == pytest.approx(0.753, abs=0.0006)


@given(
    st.lists(st.integers(1, 40).flatmap(lambda day: st.sampled_from([day, -day])), min_size=1, max_size=30)
)
def test_survival_agrees_with_scipy(signed):
    found = survival(waits(signed))
    ended, censored = [d for d in signed if d > 0], [-d for d in signed if d < 0]
    if not ended:
        assert found.days == ()
        return
    theirs = ecdf(CensoredData(uncensored=ended, right=censored)).sf
    assert found.waiting == pytest.approx(theirs.evaluate(np.array(found.days)))
    assert all(later <= sooner for sooner, later in zip(found.waiting, found.waiting[1:], strict=False))


def test_without_censoring_survival_is_the_share_still_waiting():
    found = survival(waits([1, 2, 3, 4]))
    assert found.waiting == pytest.approx([0.75, 0.5, 0.25, 0.0])


def test_published_exact_interval():
    # Agresti (2002), Categorical Data Analysis, section 1.4: none of 25, exact interval (0.000, 0.137).
    assert interval(0, 25, 95) == pytest.approx((0, 13.7), abs=0.05)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_interval_agrees_with_scipy_and_holds_the_share(pair):
    done, n = pair
    low, high = interval(done, n, 95)
    theirs = binomtest(done, n).proportion_ci(0.95, method="exact")
    assert (low, high) == pytest.approx((100 * theirs.low, 100 * theirs.high), abs=1e-6)
    assert low <= 100 * done / n <= high


def test_threats_carried_out_are_those_the_entries_show():
    ended = {wait.start: (wait.end, wait.days) for wait in THREATS if wait.end}
    assert ended == {
        "2024-11-25-usa-25-percent-threat": ("2025-02-01-usa-ieepa-25-percent", 68),
        "2025-04-26-usa-screwworm-ultimatum": ("2025-05-11-usa-cattle-closure-may", 15),
        "2026-06-02-usa-s301-determination": ("2026-07-23-usa-s301-10-percent", 51),
        "2026-06-11-usa-bilateral-deals-floated": ("2026-07-01-usa-usmca-not-extended", 20),
    }


def test_concessions_bring_relief_only_from_the_pressure_they_answered():
    found = {wait.start: wait.days for wait in rates.concessions(EVENTS, "MEX", "USA") if wait.end}
    assert found["2019-06-07-mex-joint-declaration-enforcement"] == 0
    assert found["2025-02-27-mex-transfer-29"] == 7
    assert found["2025-06-26-mex-banks-intervened"] == 13
    assert "2024-12-21-mex-gm-corn-compliance-constitution" not in found  # it settled Mexico's own decree
    assert "2025-04-28-mex-water-releases-april" not in found  # the next thing was another threat


@pytest.mark.parametrize("by", ["front", "instrument", "period"])
def test_groups_add_up_to_all(by):
    whole, parts = rates.shares(THREATS, EVENTS)[0], rates.shares(THREATS, EVENTS, by)
    assert whole.n == len(THREATS) == sum(part.n for part in parts)
    assert whole.done == sum(part.done for part in parts)
    assert {name for part in parts for name in part.events} == set(whole.events)
    assert all(part.few == (part.n < 5) for part in parts)


def test_waits_without_an_end_run_to_the_last_day_on_record_or_to_the_threat_that_took_their_place():
    last = max(event.recorded_on for event in EVENTS)
    known = {event.id: event for event in EVENTS}
    after = {one.threat.id: one.by.date for one in fates(EVENTS, "USA", "MEX").values() if one.by}
    for wait in THREATS:
        assert wait.watched == (after.get(wait.start, last) - known[wait.start].date).days
        if wait.end is None:
            assert wait.days == wait.watched


@given(
    st.lists(
        st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=20
    )
)
def test_interval_by_matter_holds_the_share_and_is_never_narrower_than_the_exact_one(tallies):
    done, n = sum(one for one, _ in tallies), sum(many for _, many in tallies)
    low, high = clustered(tallies, 95)
    exact = interval(done, n, 95)
    assert low <= 100 * done / n + 1e-9
    assert 100 * done / n <= high + 1e-9
    assert low <= exact[0] + 1e-9
    assert exact[1] <= high + 1e-9


def test_acts_that_stand_by_themselves_have_the_exact_interval():
    assert clustered([(1, 1)] * 3 + [(0, 1)] * 7, 95) == interval(3, 10, 95)


def test_acts_of_matters_that_share_one_fate_are_worth_one_each():
    fates_of_four = [(5, 5), (5, 5), (0, 5), (0, 5)]
    # Four independent matters: 4 of the 20 acts count, less what the mean costs (19 for 20, 3 for 4).
    assert worth(0.5, 20, matters=4, variance=0.25 / 3) == 3
    assert clustered(fates_of_four, 95) == interval(1.5, 3, 95)


def test_what_came_within_the_horizon_lies_in_its_interval_and_wide_counts_all_that_strict_does():
    wide = rates.threats(EVENTS, "USA", "MEX", wide=True)
    for waits_ in (THREATS, wide):
        value, low, high = rates.came(waits_, EVENTS)
        assert low <= value <= high
    assert {one.start for one in THREATS if one.end} < {one.start for one in wide if one.end}


def test_a_count_narrowed_keeps_its_matters():
    acts = [event for event in EVENTS if event.kind == "threat"]
    found = counted("all", acts, [acts[0].id], matters={event.id: "one" for event in acts})
    assert found.only(lambda name: True) == found
    assert found.only(lambda name: name != acts[0].id).done == 0
    assert found.ends == clustered([(1, len(acts))], 95)
