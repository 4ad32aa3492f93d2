"""Measures simulated: which are chosen, what is said of them, and when nothing is."""

import re
from dataclasses import replace
from datetime import date
from itertools import permutations

import polars as pl
import pytest

from palanca.brief import brief, gate
from palanca.brief.claims import Claim
from palanca.brief.effect_figures import vocabulary
from palanca.brief.sections import case, chosen, court, preference, readings
from palanca.brief.sections.chosen import chosen as chosen_measures
from palanca.brief.sections.court import _outside
from palanca.brief.sections.judgments import judgments
from palanca.brief.sections.peers import peers
from palanca.brief.sections.simulated import simulated
from palanca.catalogue import Catalogue, country, table
from palanca.catalogue.codes import sectors
from palanca.catalogue.parameters import parameters
from palanca.economy import economy
from palanca.trade import digest, effects, law
from palanca.trade.acts import goods
from palanca.trade.comparison import Rules, settled
from palanca.trade.measure import measure, measures
from palanca.trade.states import OVER, State

SCHEDULE = "us-statutory-tariffs-"


def section(a, b, as_of=None):
    found = case(a, b, catalogue=Catalogue(as_of) if as_of else Catalogue())
    return found, simulated(found)


@pytest.fixture(scope="module")
def neighbours():
    return section("MEX", "USA")


@pytest.fixture(scope="module")
def strangers():
    return section("DEU", "FRA")


def ids(made):
    return [claim.id.split(":")[0] for claim in made.claims]


def names(made):
    return [card.id for card in made.cards if card.id != "limits"]


def test_what_is_live_or_ahead_comes_first_then_history(neighbours):
    found, made = neighbours
    day, acts = found.tables.as_of, chosen_measures(found)
    assert names(made) == [act.name for act in acts]
    assert len(acts) <= digest.choices().cards
    assert [act.name for act in acts[:3]] == [
        SCHEDULE + "2026-08-22",
        "preference-end-usa-mex",
        "us-cars-2025-11-01",
    ]
    history = [act.state(day) in OVER for act in acts]
    assert history == sorted(history)
    published = set(table("published_estimates").rows(country=("MEX", "USA"))["measure"])
    assert {act.name for act in acts if act.state(day) in OVER} <= published


def test_what_was_struck_down_is_told_as_history(neighbours):
    _, made = neighbours
    said = {claim.id.split(":")[0]: claim for claim in made.claims if claim.id.startswith("measure-was")}
    assert set(said) == {"measure-was"}
    assert "History, struck down on 20 February 2026" in said["measure-was"].text.en
    assert "Historia, medida anulada por los tribunales el 20 de febrero" in said["measure-was"].text.es


def test_each_card_says_what_it_is_on_top_of(neighbours, strangers):
    for found, made in (neighbours, strangers):
        on_law = [
            claim for claim in made.claims if claim.id.startswith(("measure-on-law", "measure-supposed-law"))
        ]
        ahead = [act for act in chosen_measures(found) if act.state(found.tables.as_of) is State.PROPOSED]
        assert len(on_law) == max(len(ahead), 1)
        newest = max(act.start for act in law.law(found.tables.as_of)).isoformat()
        assert {claim.value("law.period").value for claim in on_law} == {newest}


def test_sectors_told_weigh_in_the_economy(neighbours):
    _, made = neighbours
    said = [claim for claim in made.claims if claim.id.startswith("measure-sectors:")]
    assert said
    for claim in said:
        floor = claim.value("floor").value
        assert min(claim.value(name).value for name in ("low_share", "high_share")) >= floor
        assert claim.value("low").value < claim.value("high").value
    aimed = {claim.id.partition(":")[0]: claim for claim in made.claims if claim.id.startswith("measure-aim")}
    metals = [sectors()[code].name.en for code in measure("us-metals-2026-04-06").aim]
    assert aimed["measure-aim"].value("sector").value.en in metals
    assert "changes by" not in aimed["measure-aimed"].text.en  # the sentence on sectors has said it


def test_an_upper_bound_is_said(neighbours):
    found, made = neighbours
    bounded = [act.name for act in chosen_measures(found) if act.bound]
    assert bounded
    assert [
        claim.id.rsplit(":", 1)[1] for claim in made.claims if claim.id.startswith("measure-bound")
    ] == bounded


def test_nothing_is_supposed_of_two_that_hardly_trade():
    _, made = section("UKR", "RUS")
    assert ids(made) == ["measure-hardly"]
    assert not made.cards


def test_every_tariff_that_is_supposed_has_goods_to_fall_on():
    world = economy(2022)
    sold = world.trade.sel(sector=list(goods(world))).sum("sector")
    bare = [
        pair
        for pair in permutations(world.countries[:-1], 2)
        if not sold.sel(origin=pair[0], destination=pair[1])
    ]
    assert bare
    for pair in bare:
        assert chosen.untaxed(case(*pair)), pair


@pytest.mark.parametrize(("country", "gap"), [("MEX", 17.1), ("CAN", 20.0)])
def test_the_end_of_the_preference_is_one_number_in_judgment_and_peers(country, gap):
    """Printed values are those of the rates on goods without a claim, by chapter, in November 2025."""
    found = case(country, "USA")
    judged = preference.spared(found, "2025-11")["effect"].value
    told = [claim for claim in peers(found).claims if claim.id.startswith("peers-exempt")]
    assert judged == pytest.approx(gap, abs=0.05)  # printed to a decimal
    assert [claim.value("effect").value for claim in told] == [judged]
    _, heads = judgments(found)
    said = {claim.id.split(":")[0]: claim for head in heads for claim in head.change}
    assert said["judgment-duty-change"].value("effect").value == judged
    now = said["judgment-duty-change-now"].value("added").value
    card = effects.tariffs(measure(f"preference-end-usa-{country.lower()}"))
    assert now == card[0]["added_pp"]


def test_the_pair_is_the_same_from_either_side(neighbours):
    found, _ = neighbours
    assert chosen_measures(found) == chosen_measures(case("USA", "MEX"))


def test_nothing_is_chosen_twice(neighbours):
    _found, _ = neighbours
    assert measure("us-25-percent-on-mexico-2019").clauses == measure("us-25-percent-on-mexico").clauses
    for a, b in (("MEX", "USA"), ("CHN", "USA"), ("CAN", "USA"), ("MEX", "CHN")):
        acts = chosen_measures(case(a, b))
        assert acts
        assert len({chosen._substance(act) for act in acts}) == len(acts)


def test_a_measure_after_the_date_does_not_show():
    found, made = section("MEX", "USA", date(2026, 7, 20))
    assert all(act.state(date(2026, 7, 20)) for act in chosen_measures(found))
    assert SCHEDULE + "2026-04-06" in names(made)
    assert SCHEDULE + "2026-07-24" not in names(made)
    assert all(
        claim.value("law.period").value <= "2026-07-20" for claim in made.claims if "on-law" in claim.id
    )
    assert any(act.start > date(2026, 7, 20) for act in measures().values())


def test_before_the_world_economy_was_public_nothing_is_simulated():
    _, made = section("MEX", "USA", date(2025, 3, 1))
    assert not made.claims
    assert "was not public on that day" in made.dropped[0].reasons[0].en


def test_a_country_outside_the_world_is_said():
    made = brief("TUV", "USA")
    lost = next(item for item in made.dropped if item.id == "simulated")
    assert "does not hold Tuvalu" in lost.reasons[0].en
    page = made.files(["es"])["brief.es.html"].decode()
    assert "no incluye a Tuvalu" in page


def test_every_claim_passes_the_gate_in_both_languages(neighbours, strangers):
    for found, made in (neighbours, strangers):
        gate.enforce(made.claims, found.tables)
        assert not made.dropped
        for claim in made.claims:
            english, spanish = (
                sorted(set(re.findall(r"\{([a-z_.]+)", claim.template[language])))
                for language in ("en", "es")
            )
            assert english == spanish, claim.id
            assert claim.kind in ("fact", "estimate", "assumption")


def test_both_sides_carry_intervals_of_the_draws(neighbours):
    _, made = neighbours
    sides = [claim for claim in made.claims if claim.id.startswith("measure-side:")]
    assert len(sides) == 4 * len(names(made))
    for claim in sides:
        income = claim.value("income")
        if "income_low" not in {value.name for value in claim.values}:  # both ends are printed alike
            assert (income.lower, income.upper) == (None, None)
            continue
        assert income.lower == claim.value("income_low").value
        assert income.upper == claim.value("income_high").value
        assert income.level == digest.choices().level
        assert claim.value("wage").lower <= claim.value("wage").upper


def test_the_court_is_explained_from_its_tables(neighbours):
    _, made = neighbours
    rows = table("measure_court").rows(country=("MEX", "USA"), measure=tuple(names(made)))
    beside = [claim for claim in made.claims if claim.id.startswith("court-beside")]
    assert len(beside) == rows["published"].count() > 0
    for claim in beside:
        outside = claim.value("published").value < claim.value("least").value
        outside |= claim.value("published").value > claim.value("most").value
        assert ("inside that range" in claim.text.en) == (not outside)
        rule = parameters("court", Rules)
        width = claim.value("most").value - claim.value("least").value
        wide = not outside and width > rule.wide * abs(claim.value("published").value)
        assert ("too wide" in claim.text.en) == wide
        gap = claim.value("published").value - claim.value("ours").value  # both on the horizon of theirs
        assert claim.value("gap").value == pytest.approx(gap)


def test_no_switch_is_given_as_the_reason_of_a_gap(neighbours):
    """No file says which switch another model made, so that it is said once a measure that none is known."""
    _, made = neighbours
    beside = [claim for claim in made.claims if claim.id.startswith("court-beside")]
    switches = [text.en for text in vocabulary().choice.values()]
    assert not [text for text in switches for claim in beside if text in claim.text.en]
    apart = [claim for claim in made.claims if claim.id.startswith("court-apart")]
    judged = [claim.id.split(":")[2].split("/")[0] for claim in beside]
    assert {claim.id.rsplit(":", 1)[1]: claim.value("count").value for claim in apart} == {
        name: judged.count(name) for name in judged
    }


@pytest.mark.parametrize("code", ["MEX", "CAN", "DEU"])
def test_no_estimate_of_another_sign_is_left_out(code):
    """Whoever is chosen, a published number whose sign is not ours is told, in its own unit."""
    found = case(code, "USA")
    rows = table("measure_court").rows(country=(code, "USA"))
    for name in rows["measure"].unique().sort():
        told = {
            claim.id.split(":", 2)[2]: claim for claim in court.beside(found, measure(name)) if claim.kind
        }
        for row in rows.filter(measure=name).iter_rows(named=True):
            about = "/".join(row[k] for k in ("measure", "country", "outcome", "publisher", "horizon"))
            if row["published"] is None:
                value = told[about].value("published").value
                assert ("of the other sign" in told[about].text.en) == (value * row["on_its_horizon"] < 0)
            else:
                assert row["published"] * row["on_its_horizon"] > 0 or about in told


def test_the_choice_that_moves_furthest_is_named(neighbours):
    _, made = neighbours
    choices = table("measure_choices").frame.filter(pl.col("quantity") == "real_income_pct")
    choices = choices.with_columns(size=pl.col("difference").abs())
    for claim in made.claims:
        if claim.id.startswith("choice-moves"):
            name, code = claim.id.rsplit(":", 1)[1].split("/")
            rows = choices.filter(measure=name, country=code)
            assert abs(claim.value("difference").value) == rows["difference"].abs().max()
            moved = claim.value("reference").value, rows.sort("size", descending=True)["value"].to_list()
            seen = [round(value, 2) != round(moved[0], 2) for value in moved[1][:2]]
            assert ("ranks first" in claim.text.en) == all(seen)


def test_use_of_a_preference_is_no_choice_where_it_is_settled(neighbours):
    found, made = neighbours
    told = {
        claim.id.split(":")[2].split("/")[0]
        for claim in made.claims
        if claim.id.startswith("choice-moves-claimed")
    }
    assert told == {act.name for act in chosen_measures(found) if settled(act)}
    rows = table("measure_choices").rows(measure=tuple(told))
    assert "preference" not in set(rows["choice"])


def test_parts_of_a_gap():
    assert _outside(-4.1, -2.8, -0.9) == pytest.approx(-1.3)
    assert _outside(-2.0, -2.8, -0.9) == 0.0
    assert _outside(0.0, -2.8, -0.9) == pytest.approx(0.9)


def test_a_pair_without_a_measure_gets_a_supposed_one(strangers):
    found, made = strangers
    assert not chosen_measures(found)
    assert names(made) == ["supposed-fra-on-deu"]
    said = next(claim for claim in made.claims if claim.id.startswith("measure-supposed-law:"))
    assert said.kind == "assumption"
    assert said.value("rate").value == digest.choices().supposed_rate
    assert "hypothetical" in said.text.en
    assert "court-beside" not in ids(made)


def test_a_supposed_tariff_hurts_who_is_taxed(strangers):
    _, made = strangers
    taxed = next(claim for claim in made.claims if claim.id.endswith("/DEU/long"))
    assert taxed.value("income").value < 0
    assert taxed.value("exports").value < 0
    taxing = next(claim for claim in made.claims if claim.id.endswith("/FRA/long"))
    assert taxing.value("revenue").value > 0


def test_a_measure_that_changed_is_unknown_not_stale(monkeypatch):
    found = case("MEX", "USA")
    act = chosen_measures(found)[0]
    assert readings.fresh(found, act)
    clause = act.clauses[0].model_copy(update={"addition": 26.0})
    assert not readings.fresh(found, act.model_copy(update={"clauses": (clause, *act.clauses[1:])}))
    monkeypatch.setattr(readings.digest, "of_ground", lambda: "0" * 64)
    made = simulated(found)
    assert not made.claims
    assert len(made.dropped) == len(chosen_measures(found))
    assert "have changed since" in made.dropped[0].reasons[0].en


def test_charts_draw_what_the_tables_hold(neighbours):
    _found, made = neighbours
    charts = {chart.id: chart for chart in made.charts}
    assert len(charts) == len(made.charts)
    first = names(made)[-1]
    assert {"measures", f"sides-{first}", f"output-{first}", f"court-{first}"} <= set(charts)
    output = charts[f"output-{first}"].data
    largest = output.group_by("industry", maintain_order=True).agg(pl.col("percent").abs().max())["percent"]
    assert largest.to_list() == sorted(largest, reverse=True)
    for chart in made.charts:
        for language in ("en", "es"):
            assert chart.spec(language)["layer"]


def test_cards_hold_every_item_of_the_section(neighbours, of_mexico):
    _, made = neighbours
    held = [item for card in made.cards for item in card.items]
    assert tuple(held) == made.items
    assert all(isinstance(item, Claim) for item in held)
    page = of_mexico.files(["en"])["brief.en.html"].decode()
    for card in made.cards:
        assert f'id="simulated-{card.id}"' in page
        for _, address in card.links:
            assert address.replace("&", "&amp;") in page


def test_as_of_leaves_out_estimates_that_were_not_published():
    found = case("MEX", "USA")
    early = replace(found, tables=Catalogue(date(2025, 3, 1)))
    assert all(chosen._estimates(act, early) == 0 for act in measures().values())


def test_groups_and_all_reach_a_member():
    found = case("DEU", "USA")
    acts = chosen_measures(found)
    assert {"us-25-percent-on-autos", "us-cars-2025-11-01"} <= {act.name for act in acts}
    assert all(chosen.directions(act, found) for act in acts)
    assert country("DEU").iso3 in str(chosen.directions(measure("us-steel-and-aluminium-2018-eu"), found))


def test_every_word_that_a_measure_or_a_table_uses_is_known():
    words = vocabulary()
    assert {act.authority for act in measures().values()} <= set(words.authority)
    assert set(State) == set(words.state)
    choices = table("measure_choices").frame.select("choice", "setting").unique()
    assert {" ".join(row) for row in choices.iter_rows()} <= set(words.choice)
    estimates = table("published_estimates").frame
    assert set(estimates["outcome"]) <= set(words.outcome)
    assert set(estimates["qualifier"].drop_nulls()) <= set(words.qualifier)
    assert {model for model in estimates["model"] if model.startswith("a ")} <= set(words.model)


def test_a_measure_that_ended_since_is_in_force_on_the_day_of_the_brief():
    _, made = section("BRA", "USA", date(2026, 7, 20))
    said = {
        claim.id.rsplit(":", 1)[1]: claim.text.en
        for claim in made.claims
        if claim.id.startswith("measure-is:")
    }
    assert "In force since 24 February 2026" in said["us-surcharge-2026"]
