"""Accounts that balance, and the fault each check finds when they do not."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from palanca.economy import Economy, Structure, aggregate, synthetic
from palanca.errors import UnbalancedEconomy, UnknownCountry, UnknownSector

SEEDS = st.integers(0, 10**6)
FIELDS = ("intermediate", "final", "use", "tariff", "value_added", "deficit")
ECONOMY = synthetic(3, 2, seed=1)


def changed(field, where, to):
    array = getattr(ECONOMY, field).copy()
    array.loc[where] = to
    return {field: array}


@given(st.integers(2, 6), st.integers(1, 5), SEEDS)
def test_random_worlds_balance(countries, sectors, seed):
    economy = synthetic(countries, sectors, seed=seed)
    assert_allclose(economy.income, economy.final_spending.sum("sector"), rtol=1e-12)
    assert_allclose(economy.output, economy.cost, rtol=1e-12)


def test_the_same_seed_gives_the_same_world():
    assert_array_equal(synthetic(3, 2, seed=1).trade, ECONOMY.trade)
    assert (synthetic(3, 2, seed=2).trade != ECONOMY.trade).any()


def test_sectors_that_do_not_cross_borders():
    abroad = synthetic(3, 2, seed=1, traded=1).structure.sourcing[1]
    assert_array_equal(abroad, np.eye(3))


# Each change breaks one thing; what depends on it breaks with it, in the same error.
@pytest.mark.parametrize(
    ("field", "where", "to", "fault"),
    [
        ("final", {"origin": "C00", "sector": "S00", "destination": "C00"}, 1e3, "sales differ from inputs"),
        ("use", {"country": "C01", "input": "S00", "user": "S01"}, 9.0, "spending on an input differs"),
        ("deficit", {"country": "C02"}, 5.0, "income differs from final spending: C02"),
        ("deficit", {"country": "C02"}, 5.0, "deficits sum to"),
        ("value_added", {"country": "C00", "sector": "S00"}, -1.0, "value added is negative: C00 S00"),
        ("value_added", {"country": "C00", "sector": "S00"}, 0.0, "value added is zero though output is not"),
        ("final", {"origin": "C00", "sector": "S00", "destination": "C01"}, -1.0, "final flow is negative"),
        ("intermediate", {"origin": "C00"}, -1.0, "intermediate flow is negative"),
        ("tariff", {"origin": "C00"}, -1.0, "tariff is -100 % or below"),
        ("use", {"country": "C01"}, np.nan, "use is not a number: C01 S00 S00"),
        ("tariff", {"origin": "C00"}, np.inf, "tariff is not a number"),
    ],
)
def test_each_fault_has_its_message(field, where, to, fault):
    with pytest.raises(UnbalancedEconomy) as caught:
        replace(ECONOMY, **changed(field, where, to))
    assert any(fault in message for message in caught.value.faults), caught.value.faults


def test_all_faults_are_in_one_error():
    broken = changed("deficit", {"country": "C02"}, 5.0) | changed("value_added", {"sector": "S01"}, -1.0)
    with pytest.raises(UnbalancedEconomy) as caught:
        replace(ECONOMY, **broken)
    assert len(caught.value.faults) >= 4
    assert "synthetic world 1 do not balance" in str(caught.value)


def test_a_message_names_three_cells_and_counts_the_rest():
    with pytest.raises(UnbalancedEconomy, match=r"C00 S00, C00 S01, C01 S00 and 3 more"):
        replace(ECONOMY, value_added=-ECONOMY.value_added)


def test_labels_that_do_not_match_are_named():
    other = ECONOMY.final.assign_coords(origin=["C00", "C01", "XYZ"])
    with pytest.raises(UnbalancedEconomy, match="final: origin and value_added differ in C02, XYZ"):
        replace(ECONOMY, final=other)


def test_an_array_without_labels_is_refused():
    with pytest.raises(UnbalancedEconomy, match="deficit has labelled dimensions"):
        replace(ECONOMY, deficit=xr.DataArray(ECONOMY.deficit.values))


def test_a_label_twice_is_refused():
    twice = xr.concat([ECONOMY.deficit, ECONOMY.deficit[:1]], "country")
    with pytest.raises(UnbalancedEconomy, match="country has a label twice"):
        replace(ECONOMY, deficit=twice)


@given(SEEDS)
def test_the_order_of_labels_and_axes_is_free(seed):
    draw = np.random.default_rng(seed)
    turned = {}
    for field in FIELDS:
        array = getattr(ECONOMY, field)
        turned[field] = array.sel({dim: draw.permutation(array[dim].values.tolist()) for dim in array.dims})
        turned[field] = turned[field].transpose(*draw.permutation(array.dims))
    turned["value_added"] = ECONOMY.value_added
    other = Economy("turned", 2000, "one", **turned)
    for field in FIELDS:
        assert_array_equal(getattr(other, field), getattr(ECONOMY, field))


def test_an_economy_is_frozen():
    with pytest.raises(AttributeError):
        ECONOMY.year = 1


@given(st.integers(2, 6), st.integers(1, 5), SEEDS)
def test_shares_rebuild_the_accounts(countries, sectors, seed):
    economy = synthetic(countries, sectors, seed=seed)
    shares = economy.structure
    spending = economy.intermediate_spending + economy.final_spending
    flow = shares.sourcing * spending.values.T[:, :, None] / (1 + shares.tariff)
    assert_allclose(flow, economy.trade.transpose("sector", "destination", "origin"), rtol=1e-12)
    assert_allclose(shares.value_added_share + shares.input_share.sum(1), 1.0, rtol=1e-12)
    assert_allclose(shares.final_share * economy.income.values[:, None], economy.final_spending, rtol=1e-12)


@pytest.mark.parametrize(
    ("field", "at", "to", "fault"),
    [
        ("sourcing", (0, 0, 0), 0.0, "sourcing shares do not sum to one: S00 C00"),
        ("sourcing", (0, 0), 0.0, "something is bought from nowhere: S00 C00"),
        ("sourcing", (0, 0, 0), -0.5, "a sourcing share is negative: S00 C00"),
        ("input_share", (1, 0, 0), 0.9, "value added and input shares do not sum to one: C01 S00"),
        ("final_share", (2, 0), 0.9, "final shares do not sum to one: C02"),
        ("final_share", (2, 0), -0.9, "a final share is negative: C02"),
        ("value_added", (2, 0), -0.9, "value added is negative: C02 S00"),
        ("deficit", (0,), 9.0, "deficits sum to"),
        ("tariff", (0, 0, 0), np.nan, "tariff has 1 entries that are not numbers"),
    ],
)
def test_each_fault_of_shares_has_its_message(field, at, to, fault):
    array = getattr(ECONOMY.structure, field).copy()
    array[at] = to
    with pytest.raises(UnbalancedEconomy) as caught:
        replace(ECONOMY.structure, **{field: array})
    assert any(fault in message for message in caught.value.faults), caught.value.faults


def test_shares_of_another_shape_are_refused():
    with pytest.raises(UnbalancedEconomy, match=r"deficit has shape \(2,\), not \(3,\)"):
        replace(ECONOMY.structure, deficit=np.zeros(2))


def test_a_sector_nobody_produces_or_buys_is_no_fault():
    values = {field: getattr(ECONOMY, field).copy() for field in FIELDS}
    empty = {
        field: xr.concat([array, 0 * array.isel({dim: [0]}).assign_coords({dim: ["none"]})], dim)
        for field, dim, array in ((field, "sector", values[field]) for field in FIELDS)
        if "sector" in array.dims
    }
    use = values["use"].reindex(input=["S00", "S01", "none"], user=["S00", "S01", "none"], fill_value=0.0)
    economy = Economy("with an empty sector", 2000, "one", deficit=ECONOMY.deficit, use=use, **empty)
    assert isinstance(economy.structure, Structure)
    assert economy.structure.value_added_share[:, 2].tolist() == [0.0, 0.0, 0.0]


@given(SEEDS)
def test_merging_keeps_totals_and_revenue(seed):
    economy = synthetic(4, 3, seed=seed)
    merged = aggregate(economy, countries={"C01": "EU", "C02": "EU"}, sectors={"S00": "S02"})
    assert merged.countries == ("C00", "EU", "C03")
    assert merged.sectors == ("S02", "S01")
    assert_allclose(merged.trade.sum(), economy.trade.sum(), rtol=1e-12)
    assert_allclose(merged.tariff_revenue.sum(), economy.tariff_revenue.sum(), rtol=1e-12)
    alone = merged.deficit.sel(country=["C00", "C03"]), economy.deficit.sel(country=["C00", "C03"])
    assert_allclose(*alone, rtol=1e-12)
    assert merged.assumptions == economy.assumptions


@given(SEEDS)
def test_merging_in_one_step_or_two_is_the_same(seed):
    economy = synthetic(4, 3, seed=seed, traded=2)
    once = aggregate(economy, countries={"C01": "C00", "C02": "C00"}, sectors={"S01": "S00"})
    twice = aggregate(aggregate(economy, countries={"C01": "C00"}), countries={"C02": "C00"})
    twice = aggregate(twice, sectors={"S01": "S00"})
    for field in FIELDS:
        if field != "tariff":
            assert_allclose(getattr(once, field), getattr(twice, field), rtol=1e-11, atol=1e-12)
    assert_allclose(once.tariff_revenue, twice.tariff_revenue, rtol=1e-11)


def test_a_merged_tariff_is_weighted_by_trade():
    merged = aggregate(ECONOMY, sectors={"S01": "S00"})
    flow, tariff = (
        getattr(ECONOMY, name).sel(origin="C00", destination="C01") for name in ("trade", "tariff")
    )
    weighted = float((flow * tariff).sum() / flow.sum())
    assert_allclose(merged.tariff.sel(origin="C00", destination="C01", sector="S00"), weighted)


def test_where_nothing_is_traded_a_merged_tariff_is_the_plain_mean():
    economy = synthetic(2, 3, seed=4, traded=1)
    merged = aggregate(economy, sectors={"S02": "S01"})
    cell = {"origin": "C00", "destination": "C01"}
    mean = float(economy.tariff.sel({**cell, "sector": ["S01", "S02"]}).mean())
    assert_allclose(merged.tariff.sel({**cell, "sector": "S01"}), mean)


def test_merging_what_is_not_there_is_refused():
    with pytest.raises(UnknownCountry, match="has no ZZZ"):
        aggregate(ECONOMY, countries={"ZZZ": "EU"})
    with pytest.raises(UnknownSector, match="has no cars"):
        aggregate(ECONOMY, sectors={"cars": "S00"})


def test_merging_nothing_changes_nothing():
    same = aggregate(ECONOMY)
    for field in FIELDS:
        assert_allclose(getattr(same, field), getattr(ECONOMY, field), rtol=1e-14)
