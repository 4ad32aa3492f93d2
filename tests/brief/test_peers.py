"""The sections against peers and on what changed: they pass the gate and say what the response says."""

from datetime import date

import pytest

from palanca.brief import gate
from palanca.brief.claims import Claim
from palanca.brief.sections import case, changed, peers
from palanca.catalogue import Catalogue, table
from palanca.catalogue.countries import countries
from palanca.response import response

PAIRS = (("MEX", "USA"), ("USA", "MEX"), ("DEU", "USA"), ("CAN", "USA"), ("KEN", "USA"), ("FRA", "DEU"))


@pytest.fixture(scope="module")
def mexico():
    return case("MEX", "USA")


@pytest.fixture(scope="module")
def told(mexico):
    return {claim.id: claim for claim in (*peers(mexico).claims, *changed(mexico).claims)}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_pair_passes_the_gate(pair):
    at = case(*pair)
    claims = (*peers(at).claims, *changed(at).claims)
    assert all(isinstance(claim, Claim) for claim in claims)
    gate.enforce(claims, at.tables)


def test_ranks_are_those_of_the_response(told):
    record = response("MEX", "USA").as_dict()["tariffs"]
    law, place = record["statutory_added"][-1], told["peers-place-ahead:MEX-USA"]
    assert law["scheduled"]
    assert (place.value("rank").value, place.value("rate.period").value) == (law["rank"], law["period"])
    last, month = record["collected"][-1], told["peers-month:MEX-USA"]
    assert (month.value("rank").value, month.value("of").value) == (last["rank"], last["of"])
    assert month.value("gap").value == pytest.approx(last["gap"], abs=1e-4)
    dates = told["peers-dates:MEX-USA"]
    assert dates.value("dates").value == 23
    assert dates.value("worst").value == min(one["rank"] for one in record["statutory_added"])


def test_the_source_of_the_difference_adds_up(told):
    claim = told["peers-source:MEX-USA"]
    parts = sum(claim.value(name).value for name in ("security", "mix", "rate"))
    assert parts == pytest.approx(claim.value("gap").value)


def test_each_episode_is_told_with_its_least_p(told):
    for one in response("MEX", "USA").as_dict()["synthetic"]:
        claim = told[f"peers-twin:MEX-USA:{one['episode']}"]
        assert claim.kind == "estimate"
        assert claim.value("p").value == pytest.approx(100 * one["placebos_all"]["p_ratio"], abs=1e-2)
        assert claim.value("gap").value == pytest.approx(one["gap"], abs=1e-4)
        chance = one["placebos_all"]["p_ratio"] > 0.05
        assert ("not told apart" in claim.text.en) == chance


def test_verdicts_are_words_chosen_by_the_measure(told):
    assert "a rise that reaches the threshold" in told["changed-measure:MEX-USA:sales_gdp_pct"].text.en
    assert "within the threshold" in told["changed-measure:MEX-USA:sector_hhi"].text.en
    assert "un alza que alcanza el umbral" in told["changed-measure:MEX-USA:sales_gdp_pct"].text.es


def test_the_verdict_counts_what_is_listed_as_exposure(rounds):
    """Thirty partners of the United States: each count of the verdict is that of the rows that follow it."""
    partners = table("customs_imports").rows(importer="USA")["partner"].unique().sort()
    codes = [code for code in partners if code in countries()][:30]
    assert len(codes) >= 29
    for code in ["MEX", *codes[: rounds(3, 30)]]:
        found = changed(case(code, "USA"))
        rows = [item for item in found.items if item.id.startswith("changed-measure:")]
        turns = [one.value("turn").value if isinstance(one, Claim) else None for one in rows]
        (verdict,) = (claim for claim in found.claims if claim.id.startswith("changed-verdict"))
        told = {name: verdict.value(name).value for name in ("down", "up", "same", "lost")}
        turn = {"down": -1.0, "up": 1.0, "same": 0.0, "lost": None}
        assert told == {name: turns.count(way) for name, way in turn.items()}, code


def test_what_is_not_known_says_which_years_are_on_file(mexico):
    reasons = " ".join(one.reasons[0].en for one in changed(mexico).dropped)
    assert "on file: 2023" in reasons
    assert "on file: 2022" in reasons
    (nothing,) = peers(case("FRA", "DEU")).dropped
    assert "United States; Germany is not one" in nothing.reasons[0].en


def test_a_member_of_a_union_is_said_to_stand_under_it():
    dropped = {one.id: one.reasons[0].en for one in peers(case("DEU", "USA")).dropped}
    assert "holds the union" in dropped["peers-place:DEU-USA"]


def test_the_charts_draw_every_date_and_every_partner(mexico):
    places, twin = peers(mexico).charts
    assert places.data.filter(measure="place_statutory").height == 23
    assert twin.data["partner"].n_unique() == 30
    for chart in (places, twin):
        for language in ("en", "es"):
            assert chart.spec(language)["width"] == "container"


def test_an_early_day_is_told_without_later_rows():
    early = case("MEX", "USA", catalogue=Catalogue(date(2025, 6, 1)))
    claims = (*peers(early).claims, *changed(early).claims)
    gate.enforce(claims, early.tables)
    months = [value.value for claim in claims for value in claim.values if value.unit == "period"]
    assert max(months) <= "2025-06-01"


def test_before_anything_was_on_file_nothing_is_told():
    empty = case("MEX", "USA", catalogue=Catalogue(date(1990, 1, 1)))
    assert not peers(empty).claims
