"""Pressure and response in a brief: any pair with a ledger has the section, others say that there is none."""

import json
from datetime import date

import pytest

from palanca.brief import brief, sections
from palanca.catalogue import Catalogue


@pytest.fixture(scope="module")
def case():
    return sections.case("MEX", "USA")


@pytest.fixture(scope="module")
def section(case):
    return sections.pressure(case)


def keys(section):
    return [claim.id.split(":")[0] for claim in section.claims]


def test_section_has_rates_episodes_index_and_three_charts(section):
    assert {"ledger-size", "threats-carried", "concessions-relief", "pressure-level", "pressure-news"} <= set(
        keys(section)
    )
    assert [chart.id for chart in section.charts] == ["episodes", "pressure-USA", "threats-USA"]
    assert len(section.acts) > 290


def test_rate_is_that_of_the_ledger(section):
    (claim,) = [one for one in section.claims if one.id == "threats-carried:MEX-USA"]
    assert (claim.value("done").value, claim.value("n").value) == (5, 24)
    assert claim.value("lower").value < claim.value("share").value < claim.value("upper").value


def test_other_pair_has_the_section_without_a_change_of_code():
    made = brief("AUS", "CHN")
    part = next(section for section in made.body if section.id == "pressure")
    assert {"ledger-size", "threats-few", "episode-settled", "pressure-level"} <= set(keys(part))
    assert [chart.id for chart in part.charts] == ["episodes", "pressure-CHN"]
    assert len(part.acts) == 15
    page = made.files(["es"])["brief.es.html"].decode()
    assert "China removes the wine duties (en inglés)" in page
    json.loads(made.files(["es"])["claims.json"])


def test_pair_without_a_ledger_says_so():
    part = sections.pressure(sections.case("FRA", "DEU"))
    assert part.claims == ()
    assert part.dropped
    assert part.charts == ()


def test_as_of_a_day_the_section_knows_no_more():
    part = sections.pressure(sections.case("MEX", "USA", catalogue=Catalogue(date(2019, 6, 1))))
    assert max(event.date for event in part.acts) == date(2019, 5, 30)
    (claim,) = [one for one in part.claims if one.id == "threats-carried:MEX-USA"]
    assert (claim.value("done").value, claim.value("n").value) == (0, 8)
