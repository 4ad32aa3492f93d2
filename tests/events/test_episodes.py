"""Episodes: what each is built from, how it was answered, and what came of it."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.events.episodes import chains, in_order, rules, suggestions
from palanca.events.event import Event
from palanca.events.ledger import shipped
from palanca.events.settlement import ANSWERS, OUTCOMES, episodes, readings

EVENTS = shipped().between("MEX", "USA")
EPISODES = {one.id: one for one in episodes(EVENTS, "MEX", "USA")}
KEYS = [
    *("id", "front", "instrument", "pressure", "answer", "answer_kind", "outcome", "outcome_kind"),
    *("days_to_answer", "days_to_outcome", "events"),
]


def event(day, actor, kind, *links, instrument="tariff"):
    number = f"{day:03d}"
    return Event(
        id=f"d{number}-{actor.lower()}-{kind.replace('_', '-')}",
        date=date(2020, 1, 1) + timedelta(day),
        actor=actor,
        target={"USA": "CAN", "CAN": "USA"}[actor],
        kind=kind,
        front="trade",
        instrument=instrument,
        linked_to=links,
        title="What happened",
        source="A gazette",
        confidence="high",
        recorded_on=date(2020, 1, 1) + timedelta(day),
    )


def one(*events):
    (found,) = (item for item in episodes(events, "USA", "CAN") if item.pressure == events[0])
    return found


def test_at_least_twenty_five_episodes_each_with_its_events():
    assert len(EPISODES) >= 25
    known = {item.id for item in EVENTS}
    for item in EPISODES.values():
        ids = [event.id for event in item.events]
        assert set(ids) <= known
        assert len(ids) == len(set(ids)) <= rules().longest
        assert item.id in ids
        assert list(item.record()) == KEYS


@pytest.mark.parametrize(
    ("name", "kind", "days", "outcome", "later"),
    [
        ("2019-05-30-usa-tariff-threat", "concession", 8, "suspended", 0),
        ("2020-10-15-usa-cienfuegos-arrest", "protest", 13, "withdrawn", 21),
        ("2025-02-01-usa-ieepa-25-percent", "concession", 2, "suspended", 0),
        ("2025-03-04-usa-ieepa-in-force", "protest", 0, "partly relieved", 2),
        ("2025-07-12-usa-30-percent-letter", "concession", 19, "suspended", 0),
        ("2018-05-31-usa-s232-applied", "retaliation", 0, "withdrawn", 351),
        ("2025-12-08-usa-water-5-percent-threat", "concession", 4, "withdrawn", 0),
        ("2025-04-26-usa-screwworm-ultimatum", "concession", 2, "carried out", 13),
        ("2026-06-02-usa-s301-determination", "none", None, "carried out", None),
        ("2026-06-11-usa-bilateral-deals-floated", "negotiation", 19, "carried out", 1),
        ("2023-02-13-mex-gm-corn-decree", "retaliation", 185, "withdrawn", 492),
    ],
)
def test_episode_as_the_entries_tell_it(name, kind, days, outcome, later):
    found = EPISODES[name]
    assert (found.answer_kind, found.days_to_answer) == (kind, days)
    assert (found.outcome_kind, found.days_to_outcome) == (outcome, later)


def test_return_of_the_general_ends_with_the_prisoner_home():
    found = EPISODES["2020-10-15-usa-cienfuegos-arrest"]
    assert found.outcome.id == "2020-11-18-usa-cienfuegos-returned"
    assert (found.outcome.date - found.pressure.date).days == 34


def test_pause_of_february_bought_thirty_days():
    found = EPISODES["2025-02-01-usa-ieepa-25-percent"]
    assert (found.outcome.magnitude, found.outcome.unit) == (30, "days")
    assert found.answer.magnitude == 10_000
    assert found.events[-1].id == "2025-03-04-usa-ieepa-in-force"


def test_march_has_the_prisoners_the_duty_and_the_exemption():
    ids = [event.id for event in EPISODES["2025-03-04-usa-ieepa-in-force"].events]
    assert ids[:2] == ["2025-02-27-mex-transfer-29", "2025-03-04-usa-ieepa-in-force"]
    assert "2025-03-06-usa-usmca-exemption" in ids
    assert ids[-1] == "2025-07-12-usa-30-percent-letter"


def test_july_is_settled_for_ninety_days():
    found = EPISODES["2025-07-12-usa-30-percent-letter"]
    assert (found.outcome.magnitude, found.outcome.unit) == (90, "days")
    assert found.deadline == date(2025, 8, 1)
    assert found.magnitude == (30, "percent tariff")


def test_every_reading_names_an_event_of_a_ledger():
    known = {item.id for item in shipped().events}
    for name, reading in readings().items():
        assert {name, reading.event or name} <= known
        assert reading.settles or reading.outcome


def test_episode_ends_with_the_next_act_of_pressure_which_opens_the_next():
    first = event(0, "USA", "threat")
    answer = event(5, "CAN", "protest", first.id)
    second = event(9, "USA", "measure", answer.id)
    relief = event(20, "USA", "relief", second.id)
    whole = (first, answer, second, relief)
    found = one(*whole)
    assert [item.id for item in found.events] == [first.id, answer.id, second.id]
    assert found.outcome_kind == "carried out"
    (following,) = (item for item in episodes(whole, "USA", "CAN") if item.pressure == second)
    assert following.outcome == relief


def test_other_means_do_not_carry_out_a_threat():
    first = event(0, "USA", "threat")
    assert one(first, event(9, "USA", "measure", first.id)).outcome_kind == "carried out"
    assert one(first, event(9, "USA", "measure", first.id, instrument="visa")).outcome_kind == "escalated"


def test_strongest_answer_up_to_the_outcome_counts():
    first = event(0, "USA", "threat")
    letter, protest, yielded = (
        event(day, "CAN", kind, first.id)
        for day, kind in ((1, "negotiation"), (2, "protest"), (7, "concession"))
    )
    pause = event(8, "USA", "suspension", yielded.id)
    late = event(30, "CAN", "retaliation", first.id)
    found = one(first, letter, protest, yielded, pause, late)
    assert (found.answer_kind, found.days_to_answer, found.days_to_outcome) == ("concession", 7, 1)


def test_threat_in_answer_to_pressure_opens_nothing():
    first = event(0, "USA", "measure")
    counter = event(1, "CAN", "threat", first.id)
    found = episodes((first, counter), "USA", "CAN")
    assert [item.pressure for item in found] == [first]
    assert found[0].answer_kind == "protest"


def test_long_chains_are_cut_and_say_so():
    first = event(0, "USA", "threat")
    rest = [event(day, "CAN", "protest", first.id) for day in range(1, 40)]
    found = one(first, *rest)
    assert len(found.events) == rules().longest
    assert found.cut


@given(st.data())
def test_any_chain_of_links_gives_sound_episodes(data):
    kinds = st.sampled_from(
        ["threat", "measure", "concession", "protest", "suspension", "relief", "incident"]
    )
    made = []
    for day in range(data.draw(st.integers(1, 12))):
        links = (
            data.draw(st.lists(st.sampled_from([item.id for item in made]), unique=True, max_size=2))
            if made
            else []
        )
        made.append(event(day, data.draw(st.sampled_from(["USA", "CAN"])), data.draw(kinds), *links))
    found = episodes(made, "USA", "CAN", alone=True)
    assert [item.pressure for item in found] == [item.pressure for item in chains(made, "CAN", "USA")]
    for item in found:
        assert item.outcome_kind in OUTCOMES
        assert item.answer_kind in ANSWERS
        assert (item.answer is None) == (item.answer_kind == "none")
        assert item.days_to_answer is None or item.days_to_answer >= 0
        assert item.days_to_outcome is None or item.days_to_outcome >= 0
        after = item.events[item.events.index(item.pressure) + 1 :]
        assert all(later.date >= item.pressure.date for later in after)
        pressed = [e for e in after if e.actor == item.pressure.actor and e.group == "pressure"]
        assert len(pressed) <= 1
        assert not pressed or pressed[0] == item.events[-1]


@given(st.randoms())
def test_order_of_the_rows_does_not_matter(random):
    mixed = list(EVENTS)
    random.shuffle(mixed)
    assert in_order(mixed) == in_order(EVENTS)


def test_suggestions_are_new_scored_and_can_be_refused():
    whole = shipped()
    found = suggestions(EVENTS, whole.rejected)
    known = {item.id: item for item in EVENTS}
    assert found
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    for item in found:
        assert rules().suggestions.least <= item.score <= 1
        assert item.earlier not in known[item.later].linked_to
        assert known[item.earlier].date <= known[item.later].date
    best = found[0]
    assert best not in suggestions(EVENTS, [(best.later, best.earlier)])
    assert not {(item.later, item.earlier) for item in found} & whole.rejected


def test_a_link_that_is_missing_is_suggested_first():
    first, other = event(0, "USA", "threat"), event(1, "USA", "threat", instrument="visa")
    answer = event(4, "CAN", "concession")
    found = suggestions([first, other, answer])
    assert (found[0].later, found[0].earlier) == (answer.id, first.id)


def test_parts_of_a_score_add_up_to_one():
    told = rules().suggestions
    parts = (told.same_front, told.same_instrument, told.answers_other, told.nearness)
    assert sum(parts) == pytest.approx(1)


def test_most_kinds_of_answer_and_outcome_occur():
    assert set(Counter(item.answer_kind for item in EPISODES.values())) == set(ANSWERS)
    assert set(Counter(item.outcome_kind for item in EPISODES.values())) == set(OUTCOMES)
