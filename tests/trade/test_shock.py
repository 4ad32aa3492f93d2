"""What can be asked of the model, and what is refused with every fault at once."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose, assert_array_equal
from random_worlds import elasticity_of

from palanca.economy import synthetic, trade_elasticity
from palanca.errors import BadElasticity, BadShock, NotConverged
from palanca.solve import Reason, Settings
from palanca.trade import Closure, Horizon, Model, Shock, added_tariff, embargo, equilibrium
from palanca.trade.elasticities import read
from palanca.trade.shock import arrays, labelled

ECONOMY = synthetic(3, 2, seed=1)
WORLD = ECONOMY.structure
THETA = elasticity_of(ECONOMY, 1)


def test_an_added_tariff_is_added_where_it_is_said():
    shock = added_tariff(WORLD, 0.25, origin="C01", destination=["C00", "C01"], sectors=["S01"])
    change = shock.tariff - ECONOMY.tariff
    assert_allclose(change.sel(origin="C01", destination="C00", sector="S01"), 0.25)
    assert_allclose(change.sum(), 0.25)


def test_a_shock_in_another_order_is_the_same_shock():
    shock = added_tariff(WORLD, 0.25, origin="C01", destination="C00")
    turned = Shock(tariff=shock.tariff.transpose("sector", "origin", "destination")[::-1, ::-1, ::-1])
    assert_array_equal(arrays(turned, WORLD)[0], arrays(shock, WORLD)[0])


def test_unknown_countries_and_sectors_are_named_together():
    with pytest.raises(BadShock) as caught:
        embargo(WORLD, origin="ZZZ", destination="C00", sectors=["S00", "XX"])
    assert caught.value.faults == ("origin ZZZ", "sector XX")


def test_every_fault_of_a_shock_is_in_one_error():
    tariff = labelled(WORLD.tariff, WORLD).copy()
    tariff[0, 0, 1] = np.nan
    iceberg = xr.ones_like(tariff)
    iceberg[0, 0, 1] = 0.0
    with pytest.raises(BadShock) as caught:
        arrays(Shock(tariff, iceberg), WORLD)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("rate", [-1.0, -2.0, np.inf, np.nan])
def test_a_tariff_of_minus_everything_or_no_number_is_refused(rate):
    tariff = labelled(WORLD.tariff, WORLD).copy()
    tariff[0, 0, 1] = rate
    with pytest.raises(BadShock, match="tariff has entries"):
        arrays(Shock(tariff=tariff), WORLD)


def test_labels_of_another_world_are_refused():
    with pytest.raises(BadShock, match="destination differs from the world in C03"):
        arrays(added_tariff(synthetic(4, 2, seed=1).structure, 0.1, origin="C00", destination="C01"), WORLD)


def test_an_array_without_labels_is_refused():
    with pytest.raises(BadShock, match="labelled dimensions"):
        arrays(Shock(tariff=xr.DataArray(WORLD.tariff)), WORLD)


def test_a_label_twice_is_refused():
    tariff = labelled(WORLD.tariff, WORLD)
    with pytest.raises(BadShock, match="a label twice"):
        arrays(Shock(tariff=xr.concat([tariff, tariff[:1]], "origin")), WORLD)


def test_a_buyer_left_without_any_supplier_is_named():
    iceberg = labelled(np.full_like(WORLD.tariff, np.inf), WORLD)
    with pytest.raises(BadShock, match="C00 loses every supplier of S00"):
        arrays(Shock(iceberg=iceberg), WORLD)


def test_equilibrium_takes_an_economy_or_its_shares():
    shock = added_tariff(WORLD, 0.25, origin="C01", destination="C00")
    one = equilibrium(ECONOMY, shock, elasticity=THETA)
    two = equilibrium(WORLD, shock, elasticity=THETA, compiled=True)
    assert_allclose(one.real_income, two.real_income, rtol=1e-10)


def test_inverse_elasticities_are_refused():
    with pytest.raises(BadElasticity, match="look like 1/θ"):
        equilibrium(ECONOMY, Shock(), elasticity=1 / THETA)


def test_every_fault_of_a_file_of_elasticities_is_in_one_error(tmp_path):
    first, second = ECONOMY.sectors[:2]
    rows = [
        ("a", first, "4"),
        ("a", second, "-3"),
        ("b", first, "0.1"),
        ("b", second, "nan"),
        ("c", first, ""),
    ]
    path = tmp_path / "theta.csv"
    path.write_text("\n".join(["study,sector,value", *(",".join(row) for row in rows)]))
    with pytest.raises(BadElasticity) as caught:
        read(path, ECONOMY)
    text = "\n".join(caught.value.faults)
    for part in (
        "2 values are empty, not finite, or no numbers",
        f"a: {second}: -3.0 is not positive",
        "b: the median is below",
        f"c has no value for {second}",
    ):
        assert part in text


def test_missing_and_impossible_elasticities_are_named_together():
    with pytest.raises(BadElasticity) as caught:
        trade_elasticity({"a": 4.0, "b": -1.0, "c": np.nan}, ["a", "b", "c", "d"])
    assert len(caught.value.faults) == 3


def test_elasticities_in_another_order_are_the_same():
    shock = added_tariff(WORLD, 0.25, origin="C01", destination="C00")
    one, two = (Model(WORLD, theta).equilibrium(shock) for theta in (THETA, THETA[::-1]))
    assert_allclose(one.real_income, two.real_income, rtol=1e-12)  # one sum, wherever its terms lie


def test_a_search_cut_short_raises_and_says_under_which_closure():
    model = Model(WORLD, THETA, Closure(Horizon.SHORT), Settings(iterations=1))
    with pytest.raises(NotConverged, match="short horizon, deficits fixed, numeraire world factor income"):
        model.after(added_tariff(WORLD, 0.5, origin="C01", destination="C00"))


def test_a_search_cut_short_can_return_its_reason_instead():
    model = Model(WORLD, THETA, settings=Settings(iterations=1))
    world = model.after(added_tariff(WORLD, 0.5, origin="C01", destination="C00"), raises=False)
    assert world.outcome.reason is Reason.LIMIT
    assert np.abs(world.residual).max() > 1e-12


def test_results_are_frozen_and_labelled():
    hit = equilibrium(ECONOMY, Shock(), elasticity=THETA)
    with pytest.raises(AttributeError):
        hit.closure = None
    assert hit.trade.dims == ("world", "origin", "sector", "destination")
    assert hit.value_added.dims == ("world", "country", "sector")
    assert hit.real_income.sel(country=["C01", "C00"]).shape == (2,)


def test_a_start_elsewhere_leads_to_the_same_world():
    model = Model(WORLD, THETA)
    far = model.after(added_tariff(WORLD, 2.0, origin="C02", destination="C00"))
    shock = added_tariff(WORLD, 0.25, origin="C01", destination="C00")
    one, two = model.after(shock), model.after(shock, start=far.solution)
    assert_allclose(one.income, two.income, rtol=1e-10)
