"""How each side answers, in a brief: computed from the ledger, and silent where it does not reach."""

from datetime import date

import pytest

from palanca.brief import gate, sections
from palanca.catalogue import Catalogue


@pytest.fixture(scope="module")
def case():
    return sections.case("MEX", "USA")


@pytest.fixture(scope="module")
def section(case):
    return sections.answers(case)


def keys(section):
    return [claim.id.split(":")[0] for claim in section.claims]


def test_both_directions_pass_the_gate(case, section):
    gate.enforce(section.claims, case.tables)
    for key in ("answers-links", "answers-timing", "answers-methods", "answers-initiative"):
        assert keys(section).count(key) == 2
    assert {"bought-eased", "bought-silence", "bought-matched", "bought-contrast"} <= set(keys(section))
    assert [chart.id for chart in section.charts] == ["answers", "bought-MEX"]
    for chart in section.charts:
        for language in ("en", "es"):
            assert chart.spec(language)["layer"]


def test_interval_and_tests_are_those_of_the_table(case, section):
    claim = next(one for one in section.claims if one.id == "answers-timing:MEX-USA")
    rows = case.tables["reactivity"].rows(actor="MEX", other="USA", variant="all", quantity="reactivity")
    assert claim.value("share").value == pytest.approx(100 * rows["value"][0])
    assert claim.value("p").value == pytest.approx(100 * rows["p_bootstrap"][0])


def test_no_causal_word(section):
    causal = {"because", "caused", "led", "effect", "thanks", "due", "porque", "causó", "debido", "gracias"}
    for claim in section.claims:
        words = {
            word.strip(".,:;()").lower() for text in (claim.text.en, claim.text.es) for word in text.split()
        }
        assert not words & causal


def test_pair_with_few_acts_has_links_and_no_timing():
    part = sections.answers(sections.case("AUS", "CHN"))
    assert "answers-timing" not in keys(part)
    assert any(item.id.startswith("answers-timing") for item in part.dropped)


def test_as_of_another_day_no_stale_estimate():
    part = sections.answers(sections.case("MEX", "USA", catalogue=Catalogue(date(2019, 6, 1))))
    assert "answers-timing" not in keys(part)
    assert any(item.id.startswith("answers-timing") for item in part.dropped)


def test_notes_go_with_what_is_said():
    part = sections.answers(sections.case("CAN", "USA"))
    assert part.claims == ()
    assert part.notes == ()
    assert part.charts == ()


def test_the_answer_of_a_sentence_is_said_to_be_the_strongest(section):
    for one in section.claims:
        if one.id.startswith("bought-eased"):
            assert "strongest answer" in one.text.en
            assert "respuesta más fuerte" in one.text.es


def test_pair_without_a_ledger_is_silent():
    part = sections.answers(sections.case("FRA", "DEU"))
    assert part.claims == ()
    assert part.charts == ()
