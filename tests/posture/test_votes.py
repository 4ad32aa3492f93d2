"""Agreement, who changed it, and the published numbers."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from palanca.catalogue import Catalogue
from palanca.posture import agreement, issues, rollcalls, votes
from palanca.posture.given import given, rules
from palanca.posture.rollcalls import ABSENT, RollCalls

# Strict agreement of Mexico and the United States, counted from the same roll calls by another program.
PUBLISHED = dict(
    zip(range(2016, 2025), (0.259, 0.170, 0.168, 0.190, 0.170, 0.235, 0.326, 0.330, 0.301), strict=True)
)


@pytest.fixture(scope="module")
def calls(shared):
    return rollcalls.read(shared)


@pytest.fixture(scope="module")
def topics(calls):
    return issues.completed(calls, rules())


def random_votes(seed, rows=40, states=5):
    return np.random.default_rng(seed).integers(-1, 3, (rows, states)).astype(np.int8)


@drawn(seed=st.integers(0, 10_000))
def test_counts_of_all_pairs_equal_those_of_each(seed):
    cast = random_votes(seed)
    shared, same, halfway = votes.counts(cast)
    for one in range(5):
        for other in range(5):
            found = votes.agreement(cast[:, one], cast[:, other])
            assert (shared[one, other], same[one, other], halfway[one, other]) == (
                found.votes,
                found.same,
                found.halfway,
            )


@drawn(seed=st.integers(0, 10_000))
def test_agreement_is_symmetric_and_bounded(seed):
    one, other = random_votes(seed).T[:2]
    there, back = votes.agreement(one, other), votes.agreement(other, one)
    assert there == back
    assert 0 <= there.strict <= there.graded <= 1
    own = votes.agreement(one, one)
    assert own.strict == own.graded == 1


def test_graded_by_hand():
    """Yes and yes 1, yes and abstain a half, yes and no 0; an absence is no vote."""
    one, other = np.array([2, 2, 2, 2], np.int8), np.array([2, 1, 0, ABSENT], np.int8)
    found = votes.agreement(one, other)
    assert (found.votes, found.strict, found.graded) == (3, 1 / 3, 0.5)


def tiny(cast, years, titles):
    size = len(years)
    return RollCalls(
        ("A", "B"),
        np.array(cast, np.int8),
        tuple(f"{year}-10-01" for year in years),
        tuple(map(str, range(size))),
        tuple(titles),
        np.zeros((size, 6), np.int8),
    )


def held(calls, year):
    return votes.held(calls, calls.issues, year, years=5, longest_gap=3)


def test_a_fall_is_put_down_to_the_side_that_moved():
    """Both voted yes on two questions for two years; then B votes no on both and A stays."""
    cast = [(2, 2)] * 4 + [(2, 0)] * 2
    moved = votes.movement(held(tiny(cast, [2001, 2001, 2002, 2002, 2003, 2003], ["x", "y"] * 3), 2003), 0, 1)
    assert (moved.observed, moved.both_held) == (0, 1)
    assert (moved.first_held, moved.second_held) == (0, 1)
    assert (moved.by_first, moved.by_second) == (0, -1)
    assert moved.repeated == 1


def test_allies_who_always_vote_alike_have_not_moved():
    """Now yes, now no, always together: averages alone would say that they agree half of the time."""
    cast = [(2, 2), (0, 0), (2, 2), (0, 0), (2, 2), (0, 0)]
    moved = votes.movement(
        held(tiny(cast, [2001, 2001, 2002, 2002, 2003, 2003], ["x", "y"] * 2 + ["z"] * 2), 2003), 0, 1
    )
    assert (moved.observed, moved.both_held) == (1, 1)
    assert (moved.by_first, moved.by_second) == (0, 0)


def test_both_held_is_how_often_they_agreed_on_what_is_comparable():
    """Three in four of the earlier votes on the question were alike; now they differ."""
    cast = [(2, 2), (2, 2), (2, 2), (2, 0), (2, 0)]
    moved = votes.movement(held(tiny(cast, [2001, 2002, 2003, 2004, 2005], ["x"] * 5), 2005), 0, 1)
    assert moved.both_held == pytest.approx(0.75)
    assert moved.by_first == pytest.approx(0)  # it voted yes throughout
    assert moved.by_second == pytest.approx(-0.75)


def test_effects_add_up_to_the_change():
    for seed in range(5):
        cast = random_votes(seed, 60, 2)
        calls = tiny(
            cast, [2001 + at // 20 for at in range(60)], [f"t{'abcdefghij'[at % 10]}" for at in range(60)]
        )
        moved = votes.movement(held(calls, 2003), 0, 1)
        assert moved.by_first + moved.by_second == pytest.approx(moved.observed - moved.both_held)


def test_all_pairs_move_as_each_does(calls, topics):
    behaviour = votes.held(calls, topics, 2024, years=5, longest_gap=3)
    observed, both, row, shared = votes.movements(behaviour)
    for one, other in (
        map(calls.states.index, pair) for pair in (("MEX", "USA"), ("TUR", "BRA"), ("KEN", "ISR"))
    ):
        moved = votes.movement(behaviour, one, other)
        assert moved is not None
        assert shared[one, other] == moved.votes
        found = (observed[one, other], both[one, other], row[one, other], row[other, one])
        expected = (moved.observed, moved.both_held, moved.first_held, moved.second_held)
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(("symbol", "tally"), [("A/RES/ES-11/1", (141, 5, 35)), ("A/RES/79/7", (187, 2, 1))])
def test_tallies_are_those_the_assembly_announced(calls, symbol, tally):
    assert calls.tally(symbol) == tally


def test_snapshot_gives_the_published_agreement():
    years = {one.year: one.agreement.strict for one in agreement.by_year(Catalogue(), "MEX", "USA")}
    for year, share in PUBLISHED.items():
        assert years[year] == pytest.approx(share, abs=0.002)  # published to three decimals


def test_snapshot_equals_the_roll_calls(calls):
    for one, other in (("MEX", "USA"), ("SUN", "CUB"), ("FRA", "DEU")):
        for year in agreement.by_year(Catalogue(), one, other):
            here = calls.years == year.year
            assert votes.agreement(calls.of(one)[here], calls.of(other)[here]) == year.agreement


def test_order_of_the_pair_is_irrelevant():
    there, back = (agreement.turns(Catalogue(), *pair) for pair in (("MEX", "USA"), ("USA", "MEX")))
    assert agreement.by_year(Catalogue(), "MEX", "USA") == agreement.by_year(Catalogue(), "USA", "MEX")
    for one, other in zip(there, back, strict=True):
        assert one.movement.by_first == pytest.approx(other.movement.by_second)
        assert one.movement.first_held == other.movement.second_held


def test_the_fall_of_2025_is_the_work_of_one_side():
    """The United States voted no; had it voted as before, agreement would not have fallen."""
    [turn] = [one for one in agreement.turns(Catalogue(), "MEX", "USA") if one.year == 2025]
    moved = turn.movement
    assert turn.partial
    assert moved.observed < 0.07
    assert moved.second_held > 0.35  # with the United States held
    assert moved.first_held < 0.07  # with Mexico held
    assert moved.by_second < -0.3
    assert abs(moved.by_first) < 0.03


def test_1964_has_no_votes_and_the_last_year_is_partial():
    frame = Catalogue()["vote_years"].frame
    assert 1964 not in frame["year"].to_list()
    assert frame.filter(frame["partial"])["year"].to_list() == [2025]


def test_second_file_counts_the_whole_of_2025(calls):
    """The partial roll calls cannot hold more votes of a state than the totals do."""
    totals = Catalogue()["vote_totals"].frame
    here = calls.years == 2025
    for code in ("MEX", "USA", "FRA"):
        [row] = totals.filter(totals["country"] == code).iter_rows(named=True)
        cast = calls.of(code)[here]
        assert int((cast == 0).sum()) <= row["against"]
        assert int((cast != ABSENT).sum()) < row["votes"]
        assert row["in_favour"] + row["against"] + row["abstained"] == row["votes"]


def test_titles_tell_issues_on_years_held_out(calls):
    for score in issues.scores(calls, rules()):
        assert score.accuracy >= score.commonest + given().issues.least_gain, score
        assert score.accuracy > 0.94
        assert score.titles > 1000


def test_coder_is_preferred_and_doubtful_codes_are_not_used(calls, topics):
    here = (calls.years == 2010) & (calls.issues[:, 0] >= 0)
    assert (topics[here] == calls.issues[here]).all()
    late = (calls.years >= 2019) & (calls.years <= 2023) & (calls.issues[:, 0] >= 0)
    stored = calls.issues[late]
    assert (stored[:, 4] == stored[:, 5]).all()  # what makes them doubtful
    assert (topics[late][:, 4] != stored[:, 4]).any()


def test_a_title_that_does_not_decide_stays_open():
    """A title that speaks for both sides as much decides nothing."""
    titles = ("nuclear test", "nuclear zone", "human food", "human water") * 5
    coded = np.zeros((20, 6), np.int8)
    coded[:, 1] = [1, 1, 0, 0] * 5
    found = issues.learnt(titles, coded, rules()).probabilities(("nuclear", "nuclear human", "human"))
    assert found[0, 1] > rules().sure
    assert found[1, 1] == pytest.approx(0.5)
    assert found[2, 1] < 1 - rules().sure
