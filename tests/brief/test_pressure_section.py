"""Pressure and response in a brief: any pair with a ledger has the section, others say that there is none."""

import json
from datetime import date

import polars as pl
import pytest

from palanca.brief import brief, sections
from palanca.brief.sections.pressure import confidence_of
from palanca.catalogue import Catalogue, Text
from palanca.events.event import vocabulary
from palanca.events.publishers import confidence, sources
from palanca.events.rates import STANDINGS


@pytest.fixture(scope="module")
def case():
    return sections.case("MEX", "USA")


@pytest.fixture(scope="module")
def section(case):
    return sections.pressure(case)


def keys(section):
    return [claim.id.split(":")[0] for claim in section.claims]


def test_section_has_rates_episodes_index_and_three_charts(section):
    told = {"ledger-size", "threats-told", "threats-rate", "concessions-told", "concessions-rate"}
    assert told | {"episode-first", "pressure-level", "pressure-news"} <= set(keys(section))
    assert [chart.id for chart in section.charts] == ["episodes", "pressure-USA", "threats-USA"]
    assert len(section.acts) > 290


def claim(section, name):
    return next(one for one in section.claims if one.id == name)


def chart(section, name):
    return next(one for one in section.charts if one.id == name)


def test_text_table_of_episodes_and_chart_count_the_same_rows(section):
    for direction, actor in (("MEX-USA", "USA"), ("USA-MEX", "MEX")):
        told = claim(section, f"threats-told:{direction}")
        rows = chart(section, "episodes").data.filter(actor=actor).filter(pl.col("standing") != "")
        assert told.value("n").value == rows.height
        for name in STANDINGS:
            count = rows.filter(standing=name).height
            assert told.value(name.replace(" ", "_")).value == count
        assert rows.filter(outcome="carried out").height == told.value("carried_out").value
    rate = claim(section, "threats-rate:MEX-USA")
    row = chart(section, "threats-USA").data.row(by_predicate=pl.col("group") == "all", named=True)
    for name, column in (("n", "n"), ("done", "done"), ("share", "percent"), ("lower", "lower")):
        assert rate.value(name).value == row[column]


def test_the_index_of_the_text_is_that_of_the_table(section):
    level, front = (claim(section, f"pressure-{name}:MEX-USA") for name in ("level", "front"))
    data = chart(section, "pressure-USA").data
    rows = data.filter(date=f"{level.value('level.period').value}-01")
    held = dict(zip(rows["front"], rows["level"], strict=True))
    assert held["all"] == pytest.approx(level.value("level").value, abs=0.05)  # the table keeps one decimal
    assert max(held.values()) == held["all"]
    heaviest = max((name for name in held if name != "all"), key=lambda name: held[name])
    assert front.value("front").value == vocabulary().fronts[heaviest].title
    assert held[heaviest] == pytest.approx(front.value("part").value, abs=0.05)
    assert rows["date"][0] == data["date"].max()


def test_sentences_on_acts_tell_the_title_in_both_languages(section):
    titles = {event.id: event for event in section.acts}
    told = [one for one in section.claims if one.id.startswith("episode-")]
    assert told
    for one in told:
        act = titles[one.id.split(":")[2]]
        assert one.value("act").value == Text(en=act.titled("en"), es=act.titled("es"))
        assert "outcome: open" not in one.text.en
    firsts = [one for one in told if one.id.startswith("episode-first")]
    assert all(one.value("act").value.en in one.text.en for one in firsts)
    assert all(one.value("act").value.es in one.text.es for one in firsts)


def test_the_refusal_to_extend_is_talked_over_after_22_days_and_rests_on_an_official_source(section):
    first = claim(section, "episode-first:MEX-USA:2026-07-01-usa-usmca-not-extended")
    assert first.value("days").value == 22
    assert "Greer" in first.value("reply").value.en
    row = next(one for one in section.acts if one.id == "2026-07-01-usa-usmca-not-extended")
    assert confidence(row) == "high"
    assert sources(row)[0].group == "official"
    assert "partisan" in [one.group for one in sources(row)]


def test_a_sentence_is_as_sure_as_the_sources_of_the_acts_it_names(section):
    acts = {event.id: event for event in section.acts}
    weak = [event for event in acts.values() if confidence(event) == "low"]
    assert confidence_of(weak).level == "low"
    for one in section.claims:
        if one.id.startswith("episode-first") and confidence(acts[one.id.split(":")[2]]) == "low":
            assert one.confidence.level == "low"


def test_no_sentence_stands_twice_and_notes_go_with_what_is_said(section):
    for language in ("en", "es"):
        said = [one.text[language] for one in section.claims]
        assert len(said) == len(set(said))
    bare = sections.pressure(sections.case("CAN", "USA"))
    assert {one.id.split(":")[0] for one in bare.claims} == {"ledger-size"}
    assert len(bare.notes) == 1


def test_other_pair_has_the_section_without_a_change_of_code():
    made = brief("AUS", "CHN")
    part = next(section for section in made.body if section.id == "pressure")
    assert {"ledger-size", "threats-told", "episode-first", "episode-ended", "pressure-level"} <= set(
        keys(part)
    )
    assert [chart.id for chart in part.charts] == ["episodes", "pressure-CHN"]
    assert len(part.acts) == 15
    assert "has faded to 0" in claim(part, "pressure-level:AUS-CHN").text.en
    assert "pressure-front" not in keys(part)
    page = made.files(["es"])["brief.es.html"].decode()
    assert "China retira los aranceles al vino" in page
    json.loads(made.files(["es"])["claims.json"])


def test_pair_without_a_ledger_says_so():
    part = sections.pressure(sections.case("FRA", "DEU"))
    assert part.claims == ()
    assert part.dropped
    assert part.charts == ()


def test_as_of_a_day_the_section_knows_no_more():
    part = sections.pressure(sections.case("MEX", "USA", catalogue=Catalogue(date(2019, 6, 1))))
    assert max(event.date for event in part.acts) == date(2019, 5, 30)
    found = claim(part, "threats-told:MEX-USA")
    assert (found.value("carried_out").value, found.value("n").value) == (0, 8)
