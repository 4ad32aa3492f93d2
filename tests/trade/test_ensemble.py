"""Ensembles: the same for the same seed, found again, and no draw lost without a reason."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
import xarray as xr
from labelled_worlds import named_world
from numpy.testing import assert_allclose

from palanca.catalogue.results import usage
from palanca.economy import trade_elasticity
from palanca.errors import BadMeasure, InputError, NotConverged
from palanca.trade import Horizon, Model
from palanca.trade import ensemble as solving
from palanca.trade.draws import Uncertainty, draws
from palanca.trade.elasticities import alike
from palanca.trade.ensemble import ensemble
from palanca.trade.instruments import shock_of
from palanca.trade.measure import measure
from palanca.trade.outcomes import BY_COUNTRY, real_income_pct
from palanca.trade.sensitivity import shares_of_variance, sobol_draws, sobol_shares
from palanca.trade.spread import STUDIES

WORLD = named_world(2, ("USA", "MEX", "CAN"), ("AGR", "AUT"))
EXEMPT = measure("us-25-percent-on-canada-and-mexico-usmca-exempt")
ESTIMATES = xr.DataArray([[4.0, 3.0], [6.0, 9.0]], {"study": ["a", "b"], "sector": list(WORLD.sectors)})
KNOWN = alike(ESTIMATES)
UNSURE = Uncertainty(KNOWN, claimed=(0.0, 0.9), retaliation=0.5, horizons=tuple(Horizon))


def run(number=6, seed=1, *, unsure=UNSURE, executor=None):
    chosen = draws(unsure, number, seed=seed)
    return ensemble({"one": [EXEMPT]}, WORLD, chosen, names=unsure.names, executor=executor)


def test_the_same_seed_gives_the_same_results_and_another_seed_others():
    first = draws(UNSURE, 5, seed=1)
    assert first == draws(UNSURE, 5, seed=1)
    assert first != draws(UNSURE, 5, seed=2)
    assert first[:3] == draws(UNSURE, 3, seed=1)


def test_every_draw_has_every_quantity_of_every_country():
    found = run()
    assert found.results.height == 6 * len(BY_COUNTRY) * 3
    assert found.failed.is_empty()
    assert found.results["value"].is_finite().all()
    assert set(found.results["horizon"]) <= {"long", "short"}


def test_a_row_is_the_equilibrium_of_its_draw():
    found = run()
    for draw in found.draws:
        theta = trade_elasticity(dict(zip(WORLD.sectors, draw.elasticity, strict=True)), WORLD.sectors)
        model = Model(WORLD.structure, theta, draw.closure)
        acts = solving.answered([EXEMPT], draw.retaliation)
        after = model.after(shock_of(acts, WORLD, claimed=draw.claimed))
        own = found.results.filter(pl.col("draw") == draw.number, pl.col("quantity") == "real_income_pct")
        # Ensembles are solved to 1e-8 of factor demand; a percent is a hundred times that.
        assert_allclose(own["value"], real_income_pct(model.before, after), atol=1e-4)


def test_what_was_solved_is_found_again(monkeypatch):
    first = run(number=3)
    assert [(item.kind, item.results) for item in usage()] == [("ensemble", 1)]
    monkeypatch.setattr(solving, "_solved", None)
    assert run(number=3).results.equals(first.results)


def test_an_interrupted_run_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(solving, "CHUNK", 2)
    whole, solved = solving._solved, []

    def interrupted(job):
        if len(solved) == 2:
            raise KeyboardInterrupt
        solved.append(job)
        return whole(job)

    monkeypatch.setattr(solving, "_solved", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run()
    solved.clear()
    found = run()
    assert len(solved) == 1
    assert found.results["draw"].n_unique() == 6


def test_another_economy_measure_or_draw_is_solved_anew():
    run(number=2)
    run(number=2, seed=3)
    ensemble(
        {"one": [EXEMPT]}, named_world(3, WORLD.countries, WORLD.sectors), draws(UNSURE, 2, seed=1), names=()
    )
    ensemble({"one": [measure("us-25-percent-on-mexico")]}, WORLD, draws(UNSURE, 2, seed=1), names=())
    assert usage()[0].results == 4


def test_an_executor_changes_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(solving, "CHUNK", 2)
    alone = run()
    monkeypatch.setenv("PALANCA_CACHE", str(tmp_path / "other"))
    with ThreadPoolExecutor(2) as pool:
        assert run(executor=pool).results.equals(alone.results)


def test_a_failed_draw_is_a_row_with_a_reason(monkeypatch):
    whole = solving._worlds

    def failing(job, draw, *rest):
        if draw.number == 1:
            raise NotConverged("It did not\n converge.")
        return whole(job, draw, *rest)

    monkeypatch.setattr(solving, "_worlds", failing)
    found = run(number=3)
    lost = found.failed.row(0, named=True)
    assert found.failed.height == 1
    assert (lost["draw"], lost["reason"]) == (1, "It did not converge.")
    assert lost["value"] is None
    assert found.results["draw"].n_unique() == 3
    assert found.summary()["draws"].max() <= 2


def test_a_search_that_cannot_end_is_a_failed_draw(monkeypatch):
    monkeypatch.setattr(solving, "CLOSE", solving.replace(solving.CLOSE, iterations=1))
    found = run(number=2)
    assert found.failed.height == 2
    assert all("did not converge" in reason for reason in found.failed["reason"])


def test_a_measure_without_an_answer_in_kind_is_refused_before_anything_is_solved():
    with pytest.raises(BadMeasure, match="no answer in kind"):
        ensemble({"cars": [measure("us-25-percent-on-autos")]}, WORLD, draws(UNSURE, 9, seed=1), names=())
    assert usage() == []


def test_results_are_written_as_parquet(tmp_path):
    found = run(number=4)
    found.save(tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "results.parquet").equals(found.results)
    assert pl.read_parquet(tmp_path / "out" / "inputs.parquet").columns == ["draw", *UNSURE.names]
    assert pl.read_parquet(tmp_path / "out" / "summary.parquet").equals(found.summary())


def test_shares_of_variance_find_what_matters():
    pytest.importorskip("SALib")
    unsure = Uncertainty(KNOWN, (STUDIES,), claimed=(0.0, 1.0))
    found = run(number=60, unsure=unsure)
    shares = shares_of_variance(found, scenario="one", quantity="imports_pct", country="USA")
    assert shares.sort("share")["name"][-1] == "claimed"  # from the whole tariff to none of it
    assert set(shares["draws"]) == {60}
    with pytest.raises(InputError, match="No solved draws"):
        shares_of_variance(found, scenario="none", quantity="imports_pct", country="USA")


def test_sobol_shares_add_up(monkeypatch):
    pytest.importorskip("SALib")
    unsure = Uncertainty(KNOWN, (STUDIES,), claimed=(0.0, 1.0))
    chosen = sobol_draws(unsure, 8, seed=1)
    found = ensemble({"one": [EXEMPT]}, WORLD, chosen, names=unsure.names)
    shares = sobol_shares(found, scenario="one", quantity="imports_pct", country="USA")
    assert len(chosen) == 8 * (len(unsure.names) + 2)
    totals = dict(zip(shares["name"], shares["total"], strict=True))
    assert max(totals, key=totals.get) == "claimed"
    assert abs(totals["retaliation"]) < 1e-9  # never drawn, so only rounding is left
    with pytest.raises(InputError, match="no value"):
        sobol_shares(found, scenario="none", quantity="imports_pct", country="USA")
