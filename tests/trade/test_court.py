"""Our results beside those of others, and what each of our choices changes."""

import numpy as np
import polars as pl
import pytest
import xarray as xr
from labelled_worlds import named_world
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.catalogue.parameters import parameters
from palanca.errors import BadMeasure
from palanca.trade.comparison import Rules
from palanca.trade.court import CHOICES, PUBLISHED, court, manufacturing
from palanca.trade.elasticities import alike
from palanca.trade.measure import measure, measures
from palanca.trade.spread import MEAN, of_studies

WORLD = named_world(2, ("USA", "MEX", "CAN"), ("AGR", "AUT"))
ESTIMATES = xr.DataArray([[4.0, 3.0], [6.0, np.nan]], {"study": ["a", "b"], "sector": list(WORLD.sectors)})
KNOWN = alike(ESTIMATES)


@pytest.fixture(scope="module")
def judged():
    return court(measure("us-25-percent-on-canada-and-mexico"), WORLD, KNOWN, countries=["USA"])


def test_every_combination_of_choices_is_run(judged):
    assert judged.runs.select(CHOICES).unique().height == 2 * 2 * 2 * 2 * 3
    assert judged.runs["reason"].null_count() == judged.runs.height


def test_effects_are_differences_from_the_reference(judged):
    effects = judged.effects.filter(pl.col("country") == "MEX", pl.col("quantity") == "real_income_pct")
    assert sorted(effects["choice"]) == ["deficits", "horizon", "preference", "retaliation", "study", "study"]
    base = (effects["value"] - effects["difference"]).to_numpy()
    assert_allclose(base, base[0], rtol=1e-12)
    row = judged.beside.filter(pl.col("outcome") == "real GDP", pl.col("publisher") == "Kiel Institute")
    assert_allclose(row["reference"][0], base[0])


def test_published_estimates_stand_beside_ours_with_a_reason(judged):
    rows = judged.beside
    published = table("published_estimates").rows(measure=judged.measure.name)
    assert rows.select(*PUBLISHED).equals(published.select(*PUBLISHED))
    assert (rows["least"] <= rows["reference"]).all()
    assert (rows["reference"] <= rows["most"]).all()
    assert rows["other_sign"].to_list() == (rows["value"] * rows["on_its_horizon"] < 0).to_list()
    sums = rows.filter(pl.col("unit") == "USD billion")
    assert sums.height == 2
    assert all("only the sign" in reason for reason in sums["reason"])


def test_a_short_horizon_stands_beside_a_short_run(judged):
    short = judged.beside.filter(pl.col("horizon") == "short run")["on_its_horizon"][0]
    kept = {**judged.reference.row, "horizon": "short"}
    own = judged.runs.filter(
        pl.col("country") == "MEX",
        pl.col("quantity") == "real_income_pct",
        *(pl.col(name) == value for name, value in kept.items()),
    )
    assert_allclose(short, own["value"][0])


def test_a_measure_with_its_answer_is_compared_with_it_alone(judged):
    whole = court(measure("us-25-percent-on-canada-and-mexico-retaliation"), WORLD, KNOWN)
    assert whole.reference.retaliation
    keys = [*CHOICES, "country", "quantity"]
    both = whole.runs.join(judged.runs, on=keys, suffix="_apart")
    assert both.height == whole.runs.height
    assert_allclose(both["value"], both["value_apart"], atol=1e-6)  # the same shocks, solved to 1e-8


def test_what_has_no_answer_in_kind_says_so():
    found = court(measure("us-25-percent-on-autos"), WORLD, KNOWN)
    lost = found.runs.filter(pl.col("reason").is_not_null())
    assert set(lost["retaliation"]) == {"yes"}
    assert lost.height == found.runs.select(CHOICES).unique().height / 2
    assert "retaliation" not in set(found.effects["choice"])


def test_a_measure_that_does_not_fit_is_refused():
    with pytest.raises(BadMeasure, match="touches no trade"):
        court(measure("us-40-percent-on-brazil"), WORLD, KNOWN)


def test_gaps_of_a_study_take_the_mean():
    found = of_studies(ESTIMATES).by_study
    assert list(found) == [MEAN, "a", "b"]
    assert_allclose(found["b"], [6.0, 3.0])
    assert_allclose(found[MEAN], [np.sqrt(24.0), 3.0])


def test_factories_are_known_by_their_sector():
    assert manufacturing(WORLD) == ("AUT",)


def test_every_published_estimate_names_a_shipped_measure_and_has_a_rule():
    frame = table("published_estimates").frame
    rules = parameters("court", Rules)
    assert set(frame["measure"]) <= set(measures())
    pairs = {(rule.outcome, rule.unit) for rule in rules.outcomes}
    assert set(zip(frame["outcome"], frame["unit"], strict=True)) <= pairs
    assert set(frame["horizon"]) <= {rule.published for rule in rules.horizons}


def test_every_published_estimate_is_on_file_beside_ours():
    keys = ["measure", "country", "outcome", "unit", "publisher", "horizon"]
    published, beside = (table(name).frame for name in ("published_estimates", "measure_court"))
    both = published.join(beside, on=keys, how="left")
    assert both["on_its_horizon"].null_count() == 0
    percent = both.filter(unit="percent")
    assert percent["published"].equals(percent["value"], check_names=False)
    assert both.filter(pl.col("unit") != "percent")["published"].null_count() == both.height - percent.height
    other = both.filter(pl.col("value") * pl.col("on_its_horizon") < 0)
    # Ours counts revenue and the terms of trade: where signs differ, it is for them.
    assert set(other["country"]) == {"USA", "MEX"}
    mexican = other.filter(country="MEX")
    assert (mexican["value"].abs() < 0.1).all()  # next to nothing, as published
