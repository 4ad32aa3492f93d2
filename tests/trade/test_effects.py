"""The tables of what measures do: the solver's own numbers, for the measures as they stand."""

import json

import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import snapshot, table
from palanca.catalogue.snapshot import cutoff
from palanca.economy import economy
from palanca.trade import digest, effects, law
from palanca.trade.closure import Closure
from palanca.trade.derive import lasting, one_measure
from palanca.trade.measure import measure
from palanca.trade.simulation import simulate

ACT = "us-25-percent-on-canada-and-mexico"
ENDING = "preference-end-usa-mex"


@pytest.fixture(scope="module")
def simulation():
    return simulate([measure(ACT)], economy(2022))


def test_table_holds_what_the_solver_says(simulation):
    keys = ["horizon", "country", "quantity"]
    rows = table("measure_effects").rows(measure=ACT)
    both = simulation.effects.join(rows, on=keys, suffix="_on_file")
    assert both.height == 2 * 3 * len(effects.BOTH_SIDES)
    assert_allclose(both["value_on_file"], both["value"], rtol=2e-5, atol=1e-6)  # six digits, solved to 1e-8


def test_sectors_hold_what_the_solver_says(simulation):
    rows = table("measure_sectors").rows(measure=ACT)
    long = simulation.sectors.filter(pl.col("horizon") == "long")
    both = long.join(rows, on=["country", "sector"], suffix="_on_file")
    assert both.height == rows.height == 3 * len(economy(2022).sectors)
    assert_allclose(both["output_pct_on_file"], both["output_pct"], rtol=2e-5, atol=1e-6)


def test_what_is_ahead_is_on_file_on_top_of_the_law():
    act = measure(ENDING)
    ground = law.Ground(economy(2022), law.law(cutoff()))
    found = simulate([act], ground, closures=(Closure(),)).effects
    rows = table("measure_effects").rows(measure=ENDING)
    both = found.join(rows, on=["horizon", "country", "quantity"], suffix="_on_file")
    assert both.height == 2 * len(effects.BOTH_SIDES)
    assert_allclose(both["value_on_file"], both["value"], rtol=2e-5, atol=1e-6)
    row = table("measure_files").rows(measure=ENDING).row(0, named=True)
    assert (row["base"], row["state"]) == ("law", "proposed")
    assert row["base_day"] == max(one.start for one in ground.law).isoformat()


def test_added_tariff_is_the_rate_of_a_measure_on_all_goods():
    row = table("measure_tariffs").rows(measure=ACT, importer="USA", exporter="MEX")
    assert_allclose(row["added_pp"], 25.0)
    assert_allclose(row["forbidden_pct"], 0.0)
    assert_allclose(row["covered_pct"], 100.0)
    closed = effects.tariffs(measure("us-border-closure-2019"))
    assert_allclose([one["forbidden_pct"] for one in closed], 100.0)


def test_every_lasting_measure_is_on_file_as_it_stands():
    rows = table("measure_files").frame
    assert sorted(rows["measure"]) == sorted(act.name for act in lasting())
    for name, mark, ground in rows.select("measure", "digest", "ground").iter_rows():
        act = measure(name)
        assert mark == digest.of_effects(act, law.base(act, cutoff())), f"{name}: build the tables again"
        assert ground == digest.of_ground(), "the tables beneath have changed: build these again"


def test_shares_of_sectors_make_the_whole():
    rows = table("measure_sectors").frame.group_by("measure", "country").agg(pl.col("share_pct").sum())
    assert_allclose(
        rows["share_pct"], 100.0, atol=0.05
    )  # six digits of each; a sector without output is left out


def test_intervals_rest_on_the_draws_asked_for():
    rows = table("measure_effects").frame.filter(pl.col("draws") > 0)
    assert (rows["draws"] == digest.choices().draws).mean() > 0.95  # a draw may fail, and is then not counted
    assert (rows["lower"] <= rows["upper"]).all()
    bare = table("measure_effects").frame.filter(pl.col("draws") == 0)
    assert bare["lower"].null_count() == bare.height
    assert set(bare["quantity"]) == {effects.HEADLINE}


def test_ranges_hold_the_reference_and_every_choice():
    ranges = table("measure_ranges").frame
    assert (ranges["least"] <= ranges["reference"]).all()
    assert (ranges["reference"] <= ranges["most"]).all()
    keys = ["measure", "country", "quantity"]
    both = table("measure_choices").frame.join(ranges, on=keys)
    assert both.height == table("measure_choices").frame.height
    assert ((both["least"] <= both["value"]) & (both["value"] <= both["most"])).all()
    assert_allclose(both["value"] - both["reference"], both["difference"], atol=2e-3)  # six digits of each


def test_reference_is_the_headline_of_the_effects():
    long = table("measure_effects").rows(horizon="long", quantity=effects.HEADLINE)
    both = table("measure_ranges").rows(quantity=effects.HEADLINE).join(long, on=["measure", "country"])
    assert both.height > 100
    assert_allclose(both["reference"], both["value"], rtol=1e-3, atol=2e-5)  # solved to 1e-8 and to 1e-12


def test_digest_sees_who_does_what_on_top_of_what():
    act = measure(ACT)
    other = act.model_copy(update={"clauses": act.clauses[:0]})
    assert digest.of_effects(act) == digest.of_effects(act.model_copy(update={"authority": "another"}))
    assert len({digest.of_effects(act), digest.of_effects(other), digest.of_effects(act, (act,))}) == 3


def test_fingerprint_is_that_of_the_table_read():
    for name in digest.GROUND:
        assert snapshot.fingerprint(name) == table(name).origin.sha256


def test_a_measure_solved_once_is_found_again(monkeypatch):
    calls = []

    def counted(act, number, base):
        calls.append(act)
        return {"measure_effects": []}

    monkeypatch.setattr(effects, "effects", counted)
    monkeypatch.setattr(effects, "judged", lambda act, base: {"measure_court": []})
    first, second = (one_measure("ground", 3, ACT) for _ in range(2))
    assert first == second
    assert set(json.loads(first)) == {"measure_effects", "measure_court", "measure_tariffs"}
    assert len(calls) == 1


def test_what_is_on_file_is_not_solved_again(monkeypatch):
    monkeypatch.setattr(effects, "effects", lambda *_, **__: pytest.fail("solved again"))
    made = json.loads(one_measure(digest.of_ground(), digest.choices().draws, ACT))
    held = table("measure_sectors").rows(measure=ACT).drop("measure", "year").to_dicts()
    assert made["measure_sectors"] == held
