"""Reactivity by links and by timing on ledgers, and what followed answers."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from palanca.catalogue import Catalogue, Unknown
from palanca.cli import app
from palanca.events import record
from palanca.events.event import Event
from palanca.events.ledger import shipped
from palanca.events.rates import interval
from palanca.response import response, timing, yields
from palanca.response.governments import governing, governments
from palanca.response.reactivity import links


def act(day, actor, target, kind="demand", linked=(), **more):
    fields = {
        "id": f"{day}-{actor.lower()}-{kind.replace('_', '-')}",
        "date": day,
        "actor": actor,
        "target": target,
        "kind": kind,
        "front": "trade",
        "instrument": "tariff",
        "linked_to": linked,
        "title": "An act of trade policy",
        "source": "Made for the test",
        "confidence": "high",
    }
    return Event.model_validate({**fields, **more})


@pytest.fixture
def small():
    threat = act("2020-01-01", "AUS", "CHN", "threat")
    yielded = act("2020-01-11", "CHN", "AUS", "concession", (threat.id,))
    relief = act("2020-03-01", "AUS", "CHN", "suspension", (yielded.id,))
    alone = act("2020-12-01", "CHN", "AUS", "demand")
    at_home = act("2020-01-12", "CHN", "CHN", "capacity_change", (threat.id,))
    other = act("2021-06-01", "AUS", "CHN", "demand")
    return [threat, yielded, relief, alone, at_home, other]


def test_only_acts_aimed_at_the_other_side_count(small):
    found = links(small, "CHN", "AUS")
    assert (found.answering.done, found.answering.n) == (1, 2)
    assert found.initiative.events[: found.initiative.done] == ("2020-12-01-chn-demand",)
    assert found.delays["all"][0].median == 10
    assert (found.within[7].done, found.within[14].done) == (0, 1)
    assert (found.passive.silent.done, found.passive.silent.n) == (1, 2)
    assert (found.passive.answered.n, found.passive.blank) == (1, 1)


def test_words_beside_talks_are_not_words_only():
    demand = act("2020-01-01", "AUS", "CHN", "demand")
    protest = act("2020-01-02", "CHN", "AUS", "protest", (demand.id,))
    talks = act("2020-01-03", "CHN", "AUS", "negotiation", (demand.id,))
    assert links([demand, protest], "CHN", "AUS").passive.answered.done == 1
    assert links([demand, protest, talks], "CHN", "AUS").passive.answered.done == 0


def test_links_of_the_other_direction_are_its_own(small):
    found = links(small, "AUS", "CHN")
    assert (found.answering.done, found.answering.n) == (1, 3)
    assert found.delays["all"][0].median == 50


def test_a_relief_counts_from_the_span_that_holds_it(small):
    (first, last) = yields.cases(small, "CHN", "AUS")
    assert "eased" not in first.followed[30]
    assert "eased" in first.followed[90]
    assert last.followed[30] is None, "the record ends with this act: its span is not over"
    (found,) = [
        one
        for one in yields.yields([first, last])
        if (one.answer, one.what, one.days) == ("concession", "eased", 90)
    ]
    assert (found.count.done, found.count.n) == (1, 1)
    assert found.count.ends == interval(1, 1, 95)
    assert isinstance(found.matched, Unknown)


def test_matching_compares_within_front_and_instrument():
    events = []
    for number in range(6):
        threat = act(f"20{10 + number}-01-01", "AUS", "CHN", "threat")
        events += [threat, act(f"20{10 + number}-01-05", "CHN", "AUS", "concession", (threat.id,))]
        silent = act(f"20{10 + number}-06-01", "AUS", "CHN", "measure")
        events.append(silent)
        if number % 2:
            events.append(act(f"20{10 + number}-06-20", "AUS", "CHN", "relief", (silent.id,)))
    events.append(act("2019-01-01", "AUS", "CHN", "demand", front="energy"))
    found = yields.yields(yields.cases(events, "CHN", "AUS"))
    (one,) = [y for y in found if (y.answer, y.what, y.days) == ("concession", "eased", 30)]
    assert one.pairs == 6
    assert one.matched == pytest.approx(50.0)


def test_few_acts_give_no_number(small):
    found = timing.timing(small, "AUS", "CHN")
    assert found.found is None
    assert "fewer than" in found.why.reason.en
    assert found.as_dict()["followed"] is None


def test_a_side_that_follows_no_more_than_by_chance_has_no_gain_and_no_test():
    tables = Catalogue()
    events = record.between(tables, "MEX", "USA")
    mexico, states = timing.timing(events, "MEX", "USA"), timing.timing(events, "USA", "MEX")
    assert states.found.gain < 0
    told = states.as_dict()
    assert told["followed"] < told["expected"]
    assert [told[name] for name in ("gain", "lower", "upper", "p")] == [None] * 4
    assert "by chance" in told["why"]
    assert mexico.as_dict()["gain"] == pytest.approx(mexico.found.gain, rel=1e-3)
    assert mexico.as_dict()["why"] is None


def test_only_the_whole_record_is_tested():
    events = record.between(Catalogue(), "MEX", "USA")
    part = timing.timing(events, "MEX", "USA", "no context")
    assert part.found.beyond
    assert part.as_dict()["p"] is None


def test_links_do_not_enter_what_timing_says():
    events = record.between(Catalogue(), "MEX", "USA")
    bare = [event.model_copy(update={"linked_to": ()}) for event in events]
    assert timing.timing(bare, "MEX", "USA").as_dict() == timing.timing(events, "MEX", "USA").as_dict()


def test_governments_are_dated_and_sourced():
    assert governing("MEX", date(2024, 9, 30)).name != governing("MEX", date(2024, 10, 1)).name
    assert governing("FRA", date(2024, 9, 30)) is None
    assert all(len(one.source) > 10 for one in governments())


def test_every_first_day_of_a_government_rests_on_an_entry_or_a_report_that_is_named():
    """An entry is of that day, or of the last full day of the government before."""
    for one in governments():
        if one.basis == "ledger":
            (entry,) = [event for event in shipped().events if event.id in one.source]
            assert 0 <= (one.since - entry.date).days <= 1
        else:
            assert one.basis == "press"
            assert "http" in one.source


def test_the_partner_set_beside_is_chosen_by_rule():
    found = yields.contrast(Catalogue(), "MEX", "USA")
    assert (found.peer, found.rule) == ("CAN", "borders the sender")
    assert isinstance(yields.contrast(Catalogue(), "USA", "MEX"), Unknown)
    asian = yields.contrast(Catalogue(), "CAN", "USA")
    assert asian.peer == "MEX"


def test_response_holds_both_directions():
    found = response("MEX", "USA").as_dict()
    assert set(found["answers"]) == {"MEX", "USA"}
    for side in found["answers"].values():
        assert side["links"]["answering"]["n"] > 100
        assert {row["variant"] for row in side["timing"]} == set(timing.VARIANTS)
    json.dumps(found)


def test_pair_without_a_ledger_says_so():
    found = response("FRA", "DEU")
    assert all(side.links is None and not side.cases for side in found.sides.values())
    json.dumps(found.as_dict())


def test_command_prints_json_and_tables():
    runner = CliRunner()
    told = json.loads(runner.invoke(app, ["response", "MEX", "USA", "--json"]).stdout)
    assert told["pair"] == ["MEX", "USA"]
    shown = runner.invoke(app, ["response", "MEX", "USA"])
    assert shown.exit_code == 0
    assert "by timing" in shown.stdout
    assert runner.invoke(app, ["response", "MEX", "MEX"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("MEX", "MEX"), "name two different countries"),
        (("Mexcio", "USA"), "Did you mean Mexico"),
        (("MEX", "USA", "--episode", "2012-01"), "No twin from 2012-01"),
        (("FRA", "DEU", "--episode", "2025-13"), "give months as YYYY-MM"),
        (("MEX", "USA", "--date", "yesterday"), "does not match"),
    ],
)
def test_what_cannot_be_answered_ends_with_one_error(arguments, said):
    done = CliRunner().invoke(app, ["response", *arguments])
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert not done.stdout
    assert "Traceback" not in done.stderr


def test_a_pair_without_acts_says_why_each_part_is_unknown():
    told = json.loads(CliRunner().invoke(app, ["response", "FRA", "DEU", "--json"]).stdout)
    assert told["answers"]["FRA"]["links"] is None
    assert "statutory tariffs" in told["answers"]["FRA"]["contrast"]["reason"]
    assert told["synthetic"]["value"] is None
    assert len(told["synthetic"]["why"]) > 20
