"""How each side answers, in a brief: computed from the ledger, and silent where it does not reach."""

from datetime import date

import pytest

from palanca.brief import gate, sections
from palanca.catalogue import Catalogue
from palanca.events import record
from palanca.response import timing
from palanca.response.jitter import Following


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
    for key in ("answers-links", "answers-initiative"):
        assert keys(section).count(key) == 2
    assert {"bought-eased", "bought-contrast"} <= set(keys(section))
    assert [chart.id for chart in section.charts] == ["answers", "bought-MEX"]
    for chart in section.charts:
        for language in ("en", "es"):
            assert chart.spec(language)["layer"]


def test_the_gain_leads_and_a_side_without_one_is_not_told(case, section):
    (claim,) = [one for one in section.claims if one.id.startswith("answers-timing")]
    events = record.between(case.tables, "MEX", "USA")
    found = timing.timing(events, "MEX", "USA").found
    assert claim.id == "answers-timing:MEX-USA"
    assert claim.value("gain").value == pytest.approx(100 * found.gain)
    assert claim.value("p").value == pytest.approx(100 * found.p)
    assert "beyond chance" in section.charts[0].title.en
    (lost,) = [item for item in section.dropped if item.id == "answers-timing:USA-MEX"]
    assert "by chance" in lost.reasons[0].en
    assert section.charts[0].data.filter(country="USA")["method"].to_list() == ["by_links"]


def test_what_chance_reaches_is_said_to_be_no_more_than_that(case, monkeypatch):
    weak = Following(followed=0.4, expected=0.36, gain=0.04, lower=-0.03, upper=0.11, p=0.2)
    monkeypatch.setattr(timing, "following", lambda *_, **__: weak)
    told = [one for one in sections.answers(case).claims if one.id.startswith("answers-timing")]
    assert len(told) == 2
    for claim in told:
        assert "not told apart from chance" in claim.text.en
        assert "probability" not in claim.text.en
    gate.enforce(told, case.tables)


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


def test_as_of_a_day_with_few_acts_nothing_is_estimated():
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
