"""The tables of all pairs: complete, consistent, and what the model says when it is solved again."""

import itertools

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import Catalogue, table
from palanca.economy import economy
from palanca.errors import InputError
from palanca.exposure import balance, exposure, power
from palanca.exposure.dyad_records import on_file, record
from palanca.exposure.dyads import dyads, every_pair
from palanca.exposure.friends import friends
from palanca.exposure.lookthrough import hidden, lookthrough
from palanca.trade.elasticities import usual

KEYS = ["country", "partner"]
# The table keeps six significant digits of a whole pair and four of a sector.
KEPT, KEPT_SECTORS = 1e-5, 1e-3
SAMPLE = [("MEX", "USA"), ("DEU", "FRA"), ("ISL", "VNM"), ("CHN", "USA"), ("BRN", "SAU"), ("CAN", "MEX")]


@pytest.fixture(scope="session")
def world():
    return economy(2022)


@pytest.fixture(scope="session")
def whole():
    return table("power").frame


@pytest.fixture(scope="session")
def again(world):
    return dyads(world, SAMPLE, compiled=False)


def square(frame, column, world):
    """Return a column as (N, N), not a number where there is no row."""
    codes = [code for code in world.countries if code != "ROW"]
    wide = frame.pivot("partner", index="country", values=column).sort("country")
    return wide.select(sorted(codes)).to_numpy(), codes


def test_every_ordered_pair_has_one_row(world, whole):
    pairs = {pair for one in every_pair(world) for pair in (one, one[::-1])}
    assert len(pairs) == 80 * 79
    assert set(whole.select(KEYS).iter_rows()) == pairs
    parts = table("power_sectors").frame
    assert parts.height == len(pairs) * len(world.sectors)


@pytest.mark.parametrize("pair", [pair for one in SAMPLE for pair in (one, one[::-1])], ids="-".join)
def test_solving_again_gives_the_table(pair, again, whole):
    """A second path: the table is made by the compiled kernels, this by NumPy."""
    one, other = (frame.row(by_predicate=_is(pair), named=True) for frame in (again.power, whole))
    for name, value in one.items():
        if isinstance(value, float):
            assert other[name] == pytest.approx(value, rel=KEPT, abs=1e-7), name
    fresh, kept = (
        frame.filter(_is(pair)).sort("sector") for frame in (again.sectors, table("power_sectors").frame)
    )
    for name in fresh.columns[4:]:
        assert_allclose(kept[name], fresh[name], rtol=KEPT_SECTORS, atol=1e-6, err_msg=name)


def _is(pair):
    return (pl.col("country") == pair[0]) & (pl.col("partner") == pair[1])


def test_leverage_is_the_ratio_of_losses_and_its_inverse_for_the_partner(whole):
    back = whole.select(country="partner", partner="country", back="loss_long_pct", lever="leverage")
    both = whole.join(back, on=KEYS).drop_nulls()
    assert both.height > 0.99 * whole.height
    # three rounded numbers meet
    assert_allclose(both["leverage"], both["loss_long_pct"] / both["back"], rtol=2 * KEPT)
    assert_allclose(both["leverage"] * both["lever"], 1.0, rtol=2 * KEPT)


@pytest.mark.parametrize("column", ["hirschman_pp", "liu_yang_pp"])
def test_powers_are_antisymmetric(whole, world, column):
    values, _ = square(whole, column, world)
    np.fill_diagonal(values, 0.0)
    assert_allclose(values, -values.T, atol=1e-12)


def test_measures_of_all_pairs_are_those_of_the_world(whole, world):
    theta = usual(world)
    exposed = friends(world.structure, theta)
    expected = {
        "trade_share_pct": power.partner_shares(world),
        "import_dependence_pct": power.import_dependence(world, theta),
        "supply_loss_pct": power.supply_losses(world.structure, theta),
        "value_added_share_pct": lookthrough(world).value_added_share.values,
        "welfare_exposure": exposed.welfare.values,
        "income_exposure": exposed.income.values,
    }
    for name, values in expected.items():
        kept, codes = square(whole, name, world)
        places = [world.countries.index(code) for code in sorted(codes)]
        found = values[np.ix_(places, places)]
        apart = ~np.eye(len(places), dtype=bool)
        assert_allclose(kept[apart], found[apart], rtol=KEPT, atol=1e-9, err_msg=name)


def test_hidden_exposure_of_the_table_is_that_of_the_world(world):
    seen = lookthrough(world)
    rows = table("power_sectors").rows(country="USA", partner="CHN")
    told = rows["purchases_through_pct"] - rows["purchases_face_pct"]
    found = hidden(seen.purchases).sel(country="USA", partner="CHN", sector=rows["sector"].to_list())
    assert_allclose(told, found, atol=5e-3)  # four digits of up to 30 per cent


def test_a_pair_on_file_is_recorded_whole():
    found, back = on_file("MEX", "USA"), on_file("USA", "MEX")
    assert found["pair"] == ["MEX", "USA"]
    assert found["leverage"] == found["loss"]["long"]["A"] / found["loss"]["long"]["B"]
    assert found["leverage"] * back["leverage"] == pytest.approx(1.0, rel=1e-15)
    assert found["hirschman"] == -back["hirschman"]
    assert found["liu_yang"] == -back["liu_yang"]
    assert found["loss"]["short"]["A"] == back["loss"]["short"]["B"]
    assert len(found["by_sector"]) == 26
    assert found["percentiles"]["loss_long_pct"] > 99
    one, other = found["by_sector"][0], back["by_sector"][0]
    assert one["loss"]["long"]["A"] == other["loss"]["long"]["B"]
    assert set(found["loss"]) == {"short", "long"}


def test_losses_by_sector_are_those_of_the_sides(again):
    found = record(again.power, again.sectors, "DEU", "FRA")
    from palanca.exposure.withdrawal import withdrawal

    stop = withdrawal(economy(2022), "DEU", "FRA")
    for row in found["by_sector"]:
        lost = float(stop.short.b.by_sector.sel(sector=row["sector"]))
        assert row["loss"]["short"]["B"] == pytest.approx(lost, rel=1e-3, abs=1e-6)


def test_a_pair_that_is_not_on_file_says_so():
    with pytest.raises(InputError, match="TUV is not among the 80 countries"):
        on_file("TUV", "USA")


def test_figures_stand_among_all_other_pairs(whole):
    found = exposure("MEX", "USA")
    figure = found["loss_long_pct"]
    others = whole.filter(~_is(("MEX", "USA")))["loss_long_pct"]
    assert figure.among.count == len(others) == 80 * 79 - 1
    assert figure.among.percentile == pytest.approx(100 * (others < figure.value).mean())
    assert found["partner_leverage"].value == pytest.approx(1 / found["leverage"].value, rel=KEPT)


def test_where_one_side_loses_nothing_there_is_no_leverage(whole):
    silent = whole.filter(pl.col("leverage").is_null())
    assert silent.height == 2 * silent.filter(pl.col("country") < pl.col("partner")).height
    if silent.is_empty():  # every pair of this world trades
        pytest.skip("no pair loses nothing")
    country, partner = silent.row(0)[:2]
    found = exposure(country, partner)
    assert "loses nothing" in found["leverage"].value.reason.en
    assert found["loss_long_pct"].value == 0.0
    assert on_file(country, partner)["leverage"] is None


def test_sectors_of_a_pair_rest_on_their_rows():
    tables = Catalogue()
    linked = balance.sectors(tables, "CAN", "USA")
    assert [one.code for one in linked] == list(economy(2022).sectors)
    for one in itertools.islice(linked, 3):
        [proof] = one.sales_through.evidence
        rows = tables[proof.table].rows(**proof.keys)
        assert rows[proof.column].to_list() == [one.sales_through.value]
    assert balance.sectors(tables, "TUV", "USA") == ()
