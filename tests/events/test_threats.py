"""One act carries out at most one threat on a matter; the earlier ones are overtaken."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.events import rates
from palanca.events.event import Event
from palanca.events.ledger import shipped
from palanca.events.settlement import act_by_act
from palanca.events.threats import fates, on_one_matter

PAIRS = (("USA", "MEX"), ("MEX", "USA"), ("CHN", "AUS"), ("AUS", "CHN"))


def act(day, kind, *links, actor="USA", instrument="tariff", front="trade", others=()):
    when = date(2020, 1, 1) + timedelta(day)
    return Event(
        id=f"d{day:03d}-{actor.lower()}-{kind.replace('_', '-')}",
        date=when,
        actor=actor,
        target={"USA": "CAN", "CAN": "USA"}[actor],
        kind=kind,
        front=front,
        other_fronts=others,
        instrument=instrument,
        linked_to=links,
        title="What happened",
        source="A gazette",
        confidence="high",
        recorded_on=when,
    )


def told(*events):
    return fates(events, "USA", "CAN")


def test_an_act_carries_out_the_last_threat_of_a_chain():
    first = act(0, "threat")
    second = act(30, "threat", first.id)
    done = act(50, "measure", second.id)
    found = told(first, second, done)
    assert (found[first.id].by, found[first.id].done) == (second, None)
    assert (found[second.id].by, found[second.id].done) == (None, done)
    (wait,) = rates.by_matter((first, second, done), "USA", "CAN")
    assert (wait.start, wait.end) == (second.id, done.id)


def test_an_act_that_answers_two_branches_carries_out_the_later():
    first, second = act(0, "threat"), act(30, "threat")
    done = act(50, "measure", first.id, second.id)
    found = told(first, second, done)
    assert (found[first.id].by, found[second.id].done) == (second, done)


def test_an_act_may_carry_out_threats_on_two_matters():
    water, trade = act(0, "threat", front="water"), act(30, "threat")
    done = act(50, "measure", water.id, trade.id)
    assert {fate.done for fate in told(water, trade, done).values()} == {done}
    joined = act(40, "threat", front="migration", others=("trade",))
    both = act(50, "measure", trade.id, joined.id)
    found = told(trade, joined, both)
    assert (found[trade.id].by, found[joined.id].done) == (joined, both)


def test_a_threat_that_was_dropped_is_not_overtaken_and_one_by_other_means_takes_no_place():
    first = act(0, "threat")
    settled = act(10, "agreement", first.id)
    again = act(30, "threat", settled.id)
    assert told(first, settled, again)[first.id].withdrawn == settled
    duty = act(5, "measure", first.id, instrument="visa")
    lifted = act(10, "agreement", duty.id)
    assert told(first, duty, lifted)[first.id].withdrawn is None, "the measure was dropped, not the threat"
    other = act(30, "threat", first.id, instrument="visa")
    assert told(first, other)[first.id].by is None


def test_a_young_threat_is_open_and_an_overtaken_one_is_watched_to_that_day():
    first = act(0, "threat")
    second = act(30, "threat", first.id)
    last = act(100, "protest", actor="CAN")
    events = (first, second, last)
    assert rates.standing(events, "USA", "CAN") == {first.id: "overtaken", second.id: "open"}
    waits = {wait.start: wait for wait in rates.threats(events, "USA", "CAN")}
    assert (waits[first.id].days, waits[first.id].end) == (30, None)
    assert (waits[second.id].days, waits[second.id].end) == (70, None)
    assert rates.decided(waits.values()) == []
    old = act(500, "protest", actor="CAN")
    assert rates.standing((*events, old), "USA", "CAN")[second.id] == "not carried out"
    assert len(rates.decided(rates.by_matter((*events, old), "USA", "CAN"))) == 1


def test_what_comes_after_the_horizon_did_not_come_within_it():
    first = act(0, "threat")
    late = act(rates.horizon() + 1, "measure", first.id)
    (wait,) = rates.decided(rates.threats((first, late), "USA", "CAN"))
    assert (wait.end, wait.days) == (None, rates.horizon())
    assert rates.standing((first, late), "USA", "CAN")[first.id] == "carried out"


def coherent(events, actor, target):
    """Assert what holds of the threats of any ledger."""
    found = fates(events, actor, target)
    threats = [e for e in events if e.kind == "threat" and (e.actor, e.target) == (actor, target)]
    assert sorted(found) == sorted(event.id for event in threats)
    for fate in found.values():
        assert sum(one is not None for one in (fate.done, fate.withdrawn, fate.by)) <= 1
        if fate.by:
            assert on_one_matter(fate.by, fate.threat)
            assert fate.by.date >= fate.threat.date
            assert fate.by.id != fate.threat.id
    done = [fate for fate in found.values() if fate.done]
    for one in done:
        for other in done:
            if one is not other and one.done == other.done:
                assert not on_one_matter(one.threat, other.threat)
    standing = rates.standing(events, actor, target)
    counts = Counter(standing.values())
    assert set(counts) <= set(rates.STANDINGS)
    assert len(rates.by_matter(events, actor, target)) <= max(1, len(found))
    waits = rates.threats(events, actor, target)
    assert sum(wait.end is not None for wait in waits) == counts["carried out"] == len(done)
    assert all(0 <= wait.days <= wait.watched for wait in waits)
    told = [one for one in act_by_act(events, actor, target, alone=True) if one.id in found]
    assert sum(one.outcome_kind == "carried out" for one in told) == sum(
        found[one.id].done is not None for one in told
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_threats_of_the_shipped_ledgers_are_coherent(pair):
    coherent(shipped().between(*pair), *pair)


@given(st.data())
def test_threats_of_any_ledger_are_coherent(data):
    kinds = st.sampled_from(
        ["threat", "threat", "measure", "escalation", "agreement", "suspension", "protest"]
    )
    fronts = st.sampled_from([("trade", ()), ("water", ()), ("water", ("trade",))])
    made = []
    for day in range(data.draw(st.integers(1, 14))):
        known = [one.id for one in made]
        links = data.draw(st.lists(st.sampled_from(known), unique=True, max_size=3)) if known else []
        front, others = data.draw(fronts)
        made.append(
            act(
                40 * day,
                data.draw(kinds),
                *links,
                actor=data.draw(st.sampled_from(["USA", "USA", "CAN"])),
                instrument=data.draw(st.sampled_from(["tariff", "tariff", "visa"])),
                front=front,
                others=others,
            )
        )
    for pair in (("USA", "CAN"), ("CAN", "USA")):
        coherent(made, *pair)


def test_the_shipped_threats_stand_as_their_entries_say():
    found = rates.standing(shipped().between("MEX", "USA"), "USA", "MEX")
    assert Counter(found.values()) == {
        "carried out": 4,
        "withdrawn": 3,
        "overtaken": 4,
        "open": 3,
        "not carried out": 7,
    }
    assert found["2025-08-08-usa-military-directive"] == "overtaken"
    assert found["2026-01-08-usa-land-strikes-announced"] == "open"


def test_duties_lifted_withdraw_no_threat_of_a_boycott():
    found = rates.standing(shipped().between("AUS", "CHN"), "CHN", "AUS")
    assert found == {"2020-04-26-chn-boycott-warning": "not carried out"}


def test_a_statement_is_no_threat():
    kinds = {event.id: event.kind for event in shipped().events}
    for name in (
        "2019-11-05-usa-wage-war-offer",
        "2026-01-13-usa-usmca-irrelevant",
        "2026-09-22-usa-unga-epicentre-speech",
    ):
        assert kinds[name] == "statement"
