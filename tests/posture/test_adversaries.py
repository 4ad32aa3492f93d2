"""Adversaries by a rule on votes: small assemblies by hand, then the table against the roll calls."""

import numpy as np
import pytest

from palanca.catalogue import Catalogue, Unknown
from palanca.posture import adversaries, derive, rollcalls, votes
from palanca.posture.adversaries import mentions, on_adversaries, tables_of

YES, ABSTAIN, NO = 2, 1, 0
STATES = ("FRA", "IRN", "IND", "DEU")
APART = np.array([[0, 3, 1, 0.2], [3, 0, 2, 3], [1, 2, 0, 1], [0.2, 3, 1, 0]], float)


def assembly(cast, title="Situation of human rights in the Islamic Republic of Iran"):
    count = len(cast)
    return rollcalls.RollCalls(
        STATES,
        np.array(cast, np.int8),
        tuple(f"{2020 + at}-12-01" for at in range(count)),
        tuple(f"R/{at}" for at in range(count)),
        (title,) * count,
        np.full((count, 6), -1, np.int8),
    )


def pairs(frame):
    return set(frame.select("partner", "adversary").iter_rows())


def test_who_voted_the_other_way_and_stands_far_is_listed():
    first, second = tables_of(assembly([(YES, NO, ABSTAIN, YES)] * 3), APART, 2022)
    assert pairs(first) == {("FRA", "IRN"), ("DEU", "IRN")}
    row = second.filter(country="DEU", partner="FRA").row(0, named=True)
    assert (row["votes"], row["same"], row["halfway"]) == (3, 3, 0)
    half = second.filter(country="IND", partner="FRA").row(0, named=True)
    assert (half["votes"], half["same"], half["halfway"]) == (3, 0, 3)


@pytest.mark.parametrize(
    ("cast", "apart"),
    [
        ([(YES, NO, ABSTAIN, YES)] * 2, APART),  # too few resolutions
        ([(YES, YES, ABSTAIN, YES)] * 3, APART),  # nobody voted the other way
        ([(YES, NO, ABSTAIN, YES)] * 3, np.where(APART == 3, 0.1, APART)),  # they stand near each other
    ],
)
def test_others_are_not(cast, apart):
    first, _ = tables_of(assembly(cast), apart, 2022)
    assert ("FRA", "IRN") not in pairs(first)


def test_the_longest_name_counts_and_some_words_name_no_state():
    titles = (
        "Situation of human rights in the Democratic People's Republic of Korea",
        "Nuclear-weapon-free zone in Latin America and the Caribbean",
        "Necessity of ending the embargo imposed by the United States of America against Cuba",
        "Nigeria",
    )
    assert [set(found) for found in mentions(titles)] == [{"PRK"}, set(), {"USA", "CUB"}, {"NGA"}]


def test_table_equals_the_roll_calls(shared):
    calls = derive.read(shared).calls
    found = on_adversaries(Catalogue(), "MEX", "USA")
    window = calls.only((calls.years >= found.first) & (calls.years <= found.last))
    named = np.array([bool(set(found.adversaries) & names) for names in mentions(window.titles)])
    here = window.only(named)
    assert found.agreement == votes.agreement(here.of("MEX"), here.of("USA"))
    assert found.everything == votes.agreement(window.of("MEX"), window.of("USA"))
    for code in found.adversaries:
        about = window.only(np.array([code in names for names in mentions(window.titles)]))
        one, other = about.of("USA"), about.of(code)
        sided = adversaries.decided(one) & adversaries.decided(other)
        assert (one[sided] != other[sided]).sum() * 2 >= sided.sum() >= 3


def test_who_has_none_is_said_to():
    assert isinstance(on_adversaries(Catalogue(), "MEX", "IND"), Unknown)
    assert isinstance(on_adversaries(Catalogue(), "TWN", "USA"), Unknown)
