"""The section that says where little buys much: what it claims is what the tables hold."""

import pytest

from palanca.brief.sections import case, redirection
from palanca.brief.sections.redirection import TOLD
from palanca.catalogue import table


@pytest.fixture(scope="module")
def section():
    return redirection(case("MEX", "USA"))


def test_every_number_is_a_cell_of_the_tables(section):
    assert not section.dropped
    for claim in section.claims:
        assert claim.kind == "estimate"
        for value in (one for one in claim.values if one.unit in ("usd", "percent")):
            proof = claim.evidence[value.evidence[0]]
            cell = table(proof.table).rows(**proof.keys)[proof.column][0]
            assert value.value == cell


def test_both_countries_are_told_with_their_first_moves(section):
    ids = [claim.id for claim in section.claims]
    for pair in ("MEX-USA", "USA-MEX"):
        assert f"diversify-frontier:{pair}" in ids
        assert sum(pair in one for one in ids) == 1 + TOLD  # the frontier and its first moves


def test_the_chart_is_the_frontier(section):
    (chart,) = section.charts
    held = table("diversification_frontier").rows(country="MEX", partner="USA").sort("cut_pct")
    assert chart.data["cut_percent"].to_list() == held["cut_pct"].to_list()
    assert chart.data["billion_usd"].to_list() == pytest.approx((held["moved_usd"] / 1e9).to_list())
    for language in ("en", "es"):
        assert chart.spec(language)["layer" if "layer" in chart.spec(language) else "mark"]


def test_a_pair_outside_the_world_economy_is_not_told():
    nothing = redirection(case("TUV", "NRU"))
    assert not nothing.claims
    assert not nothing.charts
    assert "no row for Tuvalu" in nothing.dropped[0].reasons[0].en
