"""Episodes: what each is built from, how it was answered, and what came of it."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from palanca.events.episodes import chains, in_order, rules, suggestions
from palanca.events.event import Event
from palanca.events.ledger import shipped
from palanca.events.readings import joint, readings
from palanca.events.settlement import NONE, OUTCOMES, act_by_act, answers, episodes

EVENTS = shipped().between("MEX", "USA")
EPISODES = {one.id: one for one in act_by_act(EVENTS, "MEX", "USA")}
KEYS = [
    *("id", "front", "instrument", "pressure", "pressures", "first_answer", "strongest_answer", "outcome"),
    *("first_answer_kind", "strongest_answer_kind", "outcome_kind"),
    *("days_to_first_answer", "days_to_strongest_answer", "days_to_outcome", "events"),
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
    (found,) = (item for item in act_by_act(events, "USA", "CAN") if item.pressure == events[0])
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
    ("name", "first", "days", "strongest", "longer", "outcome", "later"),
    [
        ("2019-05-30-usa-tariff-threat", "negotiation", 0, "concession", 8, "suspended", 8),
        ("2020-10-15-usa-cienfuegos-arrest", "resistance", 13, "resistance", 13, "withdrawn", 34),
        ("2025-02-01-usa-ieepa-25-percent", "threat", 0, "concession", 2, "suspended", 2),
        ("2025-03-04-usa-ieepa-in-force", "threat", 0, "threat", 0, "partly relieved", 2),
        ("2025-07-12-usa-30-percent-letter", "concession", 19, "concession", 19, "suspended", 19),
        ("2018-05-31-usa-s232-applied", "retaliation", 0, "retaliation", 0, "withdrawn", 351),
        ("2025-12-08-usa-water-5-percent-threat", "concession", 4, "concession", 4, "withdrawn", 4),
        ("2025-04-26-usa-screwworm-ultimatum", "concession", 2, "concession", 2, "carried out", 15),
        ("2026-06-02-usa-s301-determination", NONE, None, NONE, None, "carried out", 51),
        ("2026-06-11-usa-bilateral-deals-floated", "negotiation", 19, "negotiation", 19, "carried out", 20),
        ("2023-02-13-mex-gm-corn-decree", "measure", 185, "measure", 185, "withdrawn", 677),
        ("2026-04-29-usa-rocha-indictment", "resistance", 1, "measure", 34, "open", None),
        ("2026-07-01-usa-usmca-not-extended", "negotiation", 22, "negotiation", 22, "open", None),
        ("2026-09-22-usa-unga-epicentre-speech", "restraint", 1, "restraint", 1, "open", None),
        ("2024-11-25-usa-25-percent-threat", "threat", 1, "concession", 8, "carried out", 68),
        ("2025-04-10-usa-water-tariff-threat", "concession", 18, "concession", 18, "overtaken", 242),
    ],
)
def test_episode_as_the_entries_tell_it(name, first, days, strongest, longer, outcome, later):
    found = EPISODES[name]
    assert (found.first_kind, found.days_to_first) == (first, days)
    assert (found.strongest_kind, found.days_to_strongest) == (strongest, longer)
    assert (found.outcome_kind, found.days_to_outcome) == (outcome, later)


def sound(item):
    """Assert what holds of every episode, shipped or drawn."""
    assert item.outcome_kind in OUTCOMES
    pairs = ((item.first, item.first_kind), (item.strongest, item.strongest_kind))
    for answer, kind in pairs:
        assert kind in answers()
        told = [readings()[act.id].answered for act in item.pressures if act.id in readings()]
        assert (answer is None) == (kind == NONE or (kind in told and answer is None))
        if answer:
            assert item.id in answer.linked_to, "an answer is linked or it is not one"
            assert answer.actor == item.pressure.target or joint(answer)
            assert answer in item.events
            assert item.outcome is None or answer.date <= item.outcome.date
    assert (item.first_kind == NONE) == (item.strongest_kind == NONE) == (item.given == ())
    assert item.first is None or {item.first_kind, item.strongest_kind} <= set(item.given)
    if item.first and item.strongest:
        assert 0 <= item.days_to_first <= item.days_to_strongest
        assert answers().index(item.strongest_kind) <= answers().index(item.first_kind)
    assert (item.outcome is None) <= (item.outcome_kind == "open")
    assert item.days_to_outcome is None or item.days_to_outcome >= 0
    assert item.outcome is None or item.outcome in item.events
    assert (item.fate is not None) == (item.pressure.kind == "threat")
    if item.fate:
        assert (item.outcome_kind == "carried out") == (item.fate.done is not None)
        assert item.fate.done in (None, item.outcome)


@pytest.mark.parametrize("pair", [("MEX", "USA"), ("AUS", "CHN")])
def test_every_shipped_episode_is_sound(pair):
    for item in act_by_act(shipped().between(*pair), *pair, alone=True):
        sound(item)


def test_a_word_of_restraint_is_no_talks_and_a_notice_is_no_act_of_both():
    known = {item.id: item for item in EVENTS}
    assert known["2026-09-23-mex-unga-muted-reply"].kind == "restraint"
    assert joint(known["2026-07-23-usa-usmca-round-3-greer"])
    assert not joint(known["2017-05-18-usa-nafta-notice"])
    assert EPISODES["2017-04-27-usa-nafta-withdrawal-order"].first is None


def test_no_shipped_amendment_of_a_law_at_home_counts_as_retaliation():
    wrong = [
        item.id for item in EVENTS if item.kind == "retaliation" and "constitution" in item.title.lower()
    ]
    assert wrong == []


def test_return_of_the_general_ends_with_the_prisoner_home():
    found = EPISODES["2020-10-15-usa-cienfuegos-arrest"]
    assert found.outcome.id == "2020-11-18-usa-cienfuegos-returned"
    assert (found.outcome.date - found.pressure.date).days == 34


def test_pause_of_february_bought_thirty_days():
    found = EPISODES["2025-02-01-usa-ieepa-25-percent"]
    assert (found.outcome.magnitude, found.outcome.unit) == (30, "days")
    assert found.strongest.magnitude == 10_000
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
        assert reading.settles or reading.outcome or reading.answered or reading.joint is not None


def test_episode_ends_with_the_next_act_of_pressure_which_opens_the_next():
    first = event(0, "USA", "threat")
    answer = event(5, "CAN", "protest", first.id)
    second = event(9, "USA", "measure", answer.id)
    relief = event(20, "USA", "relief", second.id)
    whole = (first, answer, second, relief)
    found = one(*whole)
    assert [item.id for item in found.events] == [first.id, answer.id, second.id]
    assert found.outcome_kind == "carried out"
    (following,) = (item for item in act_by_act(whole, "USA", "CAN") if item.pressure == second)
    assert following.outcome == relief


def test_other_means_do_not_carry_out_a_threat():
    first = event(0, "USA", "threat")
    assert one(first, event(9, "USA", "measure", first.id)).outcome_kind == "carried out"
    assert one(first, event(9, "USA", "measure", first.id, instrument="visa")).outcome_kind == "escalated"


def test_first_and_strongest_answer_up_to_the_outcome():
    first = event(0, "USA", "threat")
    letter, protest, yielded = (
        event(day, "CAN", kind, first.id)
        for day, kind in ((1, "negotiation"), (2, "protest"), (7, "concession"))
    )
    pause = event(8, "USA", "suspension", yielded.id)
    late = event(30, "CAN", "retaliation", first.id)
    found = one(first, letter, protest, yielded, pause, late)
    assert (found.strongest_kind, found.days_to_strongest) == ("concession", 7)
    assert (found.first_kind, found.days_to_first) == ("negotiation", 1)
    assert (found.outcome_kind, found.days_to_outcome) == ("suspended", 8)


def test_threat_in_answer_to_pressure_opens_nothing():
    first = event(0, "USA", "measure")
    counter = event(1, "CAN", "threat", first.id)
    found = act_by_act((first, counter), "USA", "CAN")
    assert [item.pressure for item in found] == [first]
    assert found[0].first_kind == "threat"


def test_long_chains_are_cut_and_say_so():
    first = event(0, "USA", "threat")
    rest = [event(day, "CAN", "protest", first.id) for day in range(1, 40)]
    found = one(first, *rest)
    assert len(found.events) == rules().longest
    assert found.cut


@given(st.data())
def test_any_chain_of_links_gives_sound_episodes(data):
    kinds = st.sampled_from(
        ["threat", "threat", "measure", "concession", "negotiation", "protest", "suspension", "relief"]
    )
    made = []
    for day in range(data.draw(st.integers(1, 12))):
        links = (
            data.draw(st.lists(st.sampled_from([item.id for item in made]), unique=True, max_size=2))
            if made
            else []
        )
        made.append(event(day, data.draw(st.sampled_from(["USA", "CAN"])), data.draw(kinds), *links))
    found = act_by_act(made, "USA", "CAN", alone=True)
    assert [item.pressure for item in found] == [item.pressure for item in chains(made, "CAN", "USA")]
    for item in found:
        sound(item)
        after = item.events[item.events.index(item.pressure) + 1 :]
        assert all(later.date >= item.pressure.date for later in after)
        pressed = [e for e in after if e.actor == item.pressure.actor and e.group == "pressure"]
        done = item.fate and item.fate.done
        assert len(pressed) <= (2 if done else 1)
        assert not pressed or pressed[-1] == item.events[-1]


@given(st.randoms())
def test_order_of_the_rows_does_not_matter(random):
    mixed = list(EVENTS)
    random.shuffle(mixed)
    assert in_order(mixed) == in_order(EVENTS)


def test_suggestions_are_new_scored_and_can_be_refused():
    found = suggestions(EVENTS)
    known = {item.id: item for item in EVENTS}
    assert found
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    for item in found:
        assert rules().suggestions.least <= item.score <= 1
        assert item.earlier not in known[item.later].linked_to
        assert known[item.earlier].date <= known[item.later].date
    best = found[0]
    assert best not in suggestions(EVENTS, [(best.later, best.earlier)])


def test_every_candidate_of_the_shipped_ledgers_has_been_read():
    """Each suggested link was read and is linked or refused, with who, when and why in the log."""
    whole = shipped()
    assert not suggestions(whole.events, whole.rejected)
    assert whole.rejected
    assert all(change.why and change.who for change in whole.log if change.act == "reject")


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
    kinds = {item.first_kind for item in EPISODES.values()} | {
        item.strongest_kind for item in EPISODES.values()
    }
    assert kinds == set(answers())
    assert set(Counter(item.outcome_kind for item in EPISODES.values())) == set(OUTCOMES)


HAND = yaml.safe_load((Path(__file__).parent / "texts" / "episodes.yaml").read_text())


def test_an_episode_is_one_matter_and_holds_every_act_of_pressure_once():
    found = episodes(EVENTS, "MEX", "USA", alone=True)
    held = [act.id for item in found for act in item.pressures]
    assert sorted(held) == sorted(item.id for item in act_by_act(EVENTS, "MEX", "USA", alone=True))
    for item in found:
        assert set(item.pressures) <= set(item.events)
        assert {act.actor for act in item.pressures} == {item.pressure.actor}
        assert item.outcome is None or item.outcome in item.events


def test_episodes_are_those_that_a_reader_coded_but_for_a_few():
    found = {one.id: one for one in episodes(EVENTS, "MEX", "USA", alone=True)}
    alike = [one for one in HAND if one["acts"][0] in found]
    same = [one for one in alike if [act.id for act in found[one["acts"][0]].pressures] == one["acts"]]
    ends = [one for one in alike if found[one["acts"][0]].outcome_kind == one["outcome"]]
    # Act by act, 19 of 65 were split and 17 ended otherwise: benchmarks/episodes.py.
    assert len(HAND) == 65
    assert len(alike) >= 61
    assert len(same) >= 57
    assert len(ends) >= 53


def test_the_outcome_is_looked_for_in_the_whole_matter():
    first = event(0, "USA", "threat")
    second = event(9, "USA", "measure", first.id)
    answer = event(10, "CAN", "concession", second.id)
    relief = event(20, "USA", "suspension", answer.id)
    (found,) = episodes((first, second, answer, relief), "USA", "CAN")
    assert found.pressures == (first, second)
    assert (found.outcome, found.outcome_kind) == (relief, "suspended")
    again = event(30, "USA", "escalation", relief.id)
    (found,) = episodes((first, second, answer, relief, again), "USA", "CAN")
    assert (found.outcome, found.outcome_kind) == (second, "carried out")
    other = event(9, "USA", "measure", first.id, instrument="visa").model_copy(update={"front": "energy"})
    assert len(episodes((first, other), "USA", "CAN", alone=True)) == 2


def test_a_refusal_is_more_than_words():
    assert "resistance" not in rules().words_only
    assert answers().index("resistance") < answers().index("protest")
