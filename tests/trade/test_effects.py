"""The tables of what measures do: the solver's own numbers, for the measures as they stand."""

import json
import shutil
import subprocess
import sys
from importlib.resources import files

import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import codes, parameters, snapshot, table
from palanca.catalogue.folders import user_data
from palanca.catalogue.snapshot import cutoff
from palanca.economy import economy
from palanca.trade import digest, effects, law
from palanca.trade.closure import Closure
from palanca.trade.derive import lasting, one_measure
from palanca.trade.intervals import KEYS
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


@pytest.mark.parametrize(("name", "value"), [("measure_effects", "value"), ("measure_sectors", "output_pct")])
def test_every_number_on_file_lies_inside_its_interval_over_the_draws_asked_for(name, value):
    rows = table(name).frame
    assert (rows["draws"] == digest.choices().draws).mean() > 0.95  # a draw may fail, and is then not counted
    assert rows.select(pl.col(value).is_between("lower", "upper").all()).item()
    assert rows["lower"].null_count() == rows["upper"].null_count() == 0


def test_each_part_is_on_file_for_every_effect_of_those_who_act_or_are_acted_on():
    parts = table("measure_parts").frame
    assert set(parts["quantity"]) == set(effects.BOTH_SIDES)
    whole = table("measure_effects").frame.select(*KEYS, "measure", "value")
    both = parts.join(whole, on=["measure", *KEYS])
    assert both.height == parts.height
    assert both.select(pl.col("value").is_between("lower", "upper").all()).item()


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


@pytest.mark.parametrize("name", digest.GROUND)
def test_ground_moves_with_every_table(name):
    before, own = digest.of_ground(), user_data() / "tables" / f"{name}.parquet"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"another table")
    try:
        assert digest.of_ground() != before
    finally:
        own.unlink()


@pytest.mark.parametrize(
    "path",
    [
        *(f"parameters/{topic}.yaml" for topic in digest.CHOSEN),
        *(f"codes/{name}.csv" for name in digest.LABELS),
    ],
)
def test_ground_moves_with_every_file_of_parameters_and_codes(path, tmp_path, monkeypatch):
    before, data = digest.of_ground(), files("palanca") / "data"
    for folder in ("parameters", "codes"):
        shutil.copytree(str(data / folder), tmp_path / "data" / folder)
    for module in (parameters, codes):
        monkeypatch.setattr(module, "files", lambda _: tmp_path)
    assert digest.of_ground() == before
    with (tmp_path / "data" / path).open("a") as file:
        file.write("another: {value: 1}\n")
    assert digest.of_ground() != before


def test_ground_moves_with_sectors_countries_and_seed(monkeypatch):
    found = {digest.of_ground()}
    seed = digest.choices().model_copy(update={"seed": 1})
    for where, name, other in (
        (digest, "countries", lambda: ("AAA",)),
        (codes, "sectors", lambda: ("AAA",)),
        (digest, "choices", lambda: seed),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, other)
            found.add(digest.of_ground())
    assert len(found) == 4


OPENED = """
import sys
seen = set()
sys.addaudithook(lambda event, what: seen.add(str(what[0])) if event == "open" else None)
from palanca.catalogue.snapshot import cutoff
from palanca.trade import effects, law
from palanca.trade.measure import measure
for name in sys.argv[1:]:
    act = measure(name)
    base = law.base(act, cutoff())
    effects.effects(act, 1, base=base)
    effects.judged(act, base)
print(*(path.split("/palanca/data/")[1] for path in seen if "/palanca/data/" in path), sep="\\n")
"""


@pytest.mark.fuzz
def test_effects_rest_on_nothing_that_the_ground_forgets():
    names = (ENDING, "us-25-percent-on-canada-and-mexico-usmca-exempt", "us-remittance-tax-2026")
    run = subprocess.run([sys.executable, "-c", OPENED, *names], capture_output=True, text=True, check=True)
    opened = {path for path in run.stdout.split() if path.startswith(("snapshot/", "parameters/", "codes/"))}
    known = {
        *(f"snapshot/{name}.parquet" for name in digest.GROUND),
        *(f"parameters/{topic}.yaml" for topic in digest.CHOSEN),
        *(f"codes/{name}.csv" for name in (*digest.LABELS, "sectors", "countries")),
        "parameters/simulated.yaml",  # of which the seed counts, and the number of draws by itself
        "snapshot/world_assumptions.parquet",  # words, printed with results
    }
    assert opened <= known


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
