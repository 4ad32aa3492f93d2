"""The worlds that the package carries balance, say what they assume, and meet published totals."""

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.catalogue.codes import members, sectors
from palanca.economy import Economy, aggregate, economy, trade_elasticity
from palanca.economy.assumed import Assumed, assumed
from palanca.economy.checks import account_faults
from palanca.economy.customs import entries
from palanca.economy.totals import technique
from palanca.economy.world import filled
from palanca.errors import BadTable, InputError
from palanca.exposure.lookthrough import lookthrough
from palanca.trade import NO_CHANGE, equilibrium

GOODS = [code for code, sector in sectors().items() if sector.goods]
BILLION = 1e3  # USD million


@pytest.fixture(scope="module")
def world() -> Economy:
    return economy(2022)


@pytest.fixture(scope="module")
def totals() -> Economy:
    return economy("totals-2023")


def goods(world, origin, destination):
    flow = world.trade.sel(origin=origin, destination=destination, sector=GOODS)
    return float(flow.sum()) / BILLION


def test_it_has_80_countries_a_rest_of_the_world_and_26_sectors(world):
    assert len(world.countries) == 81
    assert world.countries[-1] == "ROW"
    assert world.sectors == tuple(sectors())
    assert len(world.sectors) == 26
    assert (world.year, world.unit) == (2022, "USD million")


@pytest.mark.parametrize("which", [2022, "totals-2023"])
def test_every_account_balances(which):
    found = economy(which)
    assert account_faults(found) == []
    assert_allclose(found.output, found.cost, rtol=1e-9)
    assert_allclose(found.income, found.final_spending.sum("sector"), rtol=1e-9)
    assert abs(float(found.deficit.sum())) < 1e-9 * float(found.value_added.sum())
    assert float(found.value_added.sum()) == pytest.approx(found.structure.world_income)


@pytest.mark.parametrize(
    ("origin", "destination", "billion"),
    [("MEX", "USA", 334.3), ("USA", "MEX", 187.8), ("CHN", "USA", 453.4)],
)
def test_goods_sold_are_those_of_the_oecd(world, origin, destination, billion):
    """At basic prices and without re-exports: customs has 452 bn from Mexico in 2022."""
    assert goods(world, origin, destination) == pytest.approx(billion, rel=1e-3)


def test_united_states_share_of_mexican_goods_exports(world):
    abroad = [code for code in world.countries if code != "MEX"]
    assert goods(world, "MEX", "USA") / goods(world, "MEX", abroad) == pytest.approx(0.720, abs=0.002)


def test_mexican_value_added_that_ends_in_the_united_states(world):
    """TiVA, which tells export processing firms from others, has about 16 %."""
    seen = lookthrough(world).value_added_share
    assert float(seen.sel(origin="MEX", destination="USA")) == pytest.approx(18.7, abs=0.1)


@pytest.mark.parametrize(("country", "billion"), [("MEX", 1503), ("USA", 26_096), ("CHN", 16_680)])
def test_final_demand(world, country, billion):
    """Of the OECD's table, duties included."""
    spent = float(world.final_spending.sel(country=country).sum()) / BILLION
    assert spent == pytest.approx(billion, rel=0.01)


def test_every_country_levies_tariffs_on_goods_and_none_at_home(world):
    levied = world.tariff.sum(["origin", "sector"])
    free = [code for code in world.countries if float(levied.sel(destination=code)) == 0]
    assert free == ["HKG", "ROW"]  # a free port, and countries whose tariffs the source does not average
    own = np.einsum("njn->nj", world.tariff.values)
    assert (own == 0).all()
    assert float(world.tariff.sel(sector=[code for code in world.sectors if code not in GOODS]).sum()) == 0.0


def test_tariffs_of_others_are_their_averages_with_and_without_free_trade(world):
    rates = {row[:3]: row[3] for row in table("tariff_averages").frame.iter_rows()}
    duty = world.tariff.sel(destination="MEX", sector="AUT")
    assert float(duty.sel(origin="CHN")) == pytest.approx(rates["MEX", "AUT", "no"], rel=1e-4)
    assert float(duty.sel(origin="USA")) == pytest.approx(rates["MEX", "AUT", "yes"], rel=1e-4)
    assert rates["MEX", "AUT", "yes"] < rates["MEX", "AUT", "no"]


@pytest.mark.parametrize(
    ("importer", "exporter", "percent"), [("CHN", "USA", 7.9), ("IND", "CHN", 9.8), ("MEX", "CHN", 5.7)]
)
def test_average_tariffs_are_near_those_of_the_pair_in_the_source(world, importer, exporter, percent):
    """The source's own averages by pair, which hold preferences that are no free trade."""
    sold = world.trade.sel(origin=exporter, destination=importer, sector=GOODS)
    paid = sold * world.tariff.sel(origin=exporter, destination=importer, sector=GOODS)
    assert 100 * float(paid.sum() / sold.sum()) == pytest.approx(percent, abs=1.5)


def test_duty_on_chinese_cars_is_what_was_collected(world):
    entered = table("customs_imports").frame.filter(
        pl.col("partner") == "CHN", pl.col("sector") == "336", pl.col("month").str.starts_with("2024-")
    )
    collected = float(entered["duty_usd"].sum() / entered["imports_usd"].sum())
    duty = world.tariff.sel(origin="CHN", destination="USA", sector=["AUT", "OTR"])
    assert_allclose(duty, collected, rtol=1e-4)  # five significant digits are kept


def test_duties_of_all_partners_add_up_to_the_total(world):
    """Named partners and all others together pay what the customs' own total says."""
    customs = table("customs_imports").frame
    found = entries(customs, 2024, world.countries)
    total = customs.filter(
        pl.col("partner") == "WLD",
        pl.col("sector").is_in(list(members("naics3"))),
        pl.col("month").str.starts_with("2024-"),
    )
    assert sum(entry.duty for entry in found) == pytest.approx(float(total["duty_usd"].sum()))
    assert sum(entry.imports for entry in found) == pytest.approx(float(total["imports_usd"].sum()))


def test_what_is_estimated_is_said(world, totals):
    assert any("split by sector is an estimate" in line for line in world.assumptions)
    assert any("averages of 2021" in line for line in world.assumptions)
    assert any("estimate" in line for line in totals.assumptions)
    flows = table("world_flows")
    assert "estimate" in flows.title.en
    assert "estimate" in flows.confidence.reason.en
    assert "estimate" in flows.spec.columns["final_usd"].meaning
    assert "estimate" in flows.origin.citation


@pytest.mark.parametrize("which", [2022, "totals-2023"])
def test_no_measure_changes_nothing(which):
    found = economy(which)
    theta = trade_elasticity(dict.fromkeys(found.sectors, 4.0), found.sectors)
    after = equilibrium(found, NO_CHANGE, elasticity=theta)
    # Rounding alone: a world without a shock starts at its own solution.
    assert_allclose(after.real_income, 1.0, atol=1e-12)


def test_totals_keep_trade_and_product(totals):
    assert len(totals.countries) >= 190
    assert totals.sectors == ("goods", "nontraded")
    pair = table("trade_totals").frame.filter(pl.col("exporter") == "MEX", pl.col("importer") == "USA")
    flow = float(totals.trade.sel(origin="MEX", destination="USA", sector="goods"))
    assert flow == pytest.approx(float(pair["trade_usd"][0]) / 1e6)
    product = table("gdp").cell("gdp_usd", country="MEX", year=2023)
    assert float(totals.value_added.sel(country="MEX").sum()) == pytest.approx(product / 1e6)
    own = np.diagonal(totals.trade.sel(sector="nontraded").values)
    assert own.sum() == pytest.approx(float(totals.trade.sel(sector="nontraded").sum()))


def test_technique_of_totals_is_the_average_of_2022(world):
    order = ["goods", "nontraded"]
    wide = aggregate(world, sectors={code: order[code not in GOODS] for code in world.sectors})
    output = wide.output.sum("country").sel(sector=order).values
    use = wide.use.sum("country").sel(input=order, user=order).values
    assert_allclose(technique().inputs, use / output, atol=6e-4)  # the parameters have three decimals
    final = wide.final_spending.sum("country")
    assert technique().goods_in_final == pytest.approx(
        float(final.sel(sector="goods") / final.sum()), abs=6e-4
    )


def test_unknown_world_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"No world economy is called 2014\. Known: 2022, totals-2023"):
        economy(2014)


def test_a_row_of_an_unknown_country_is_refused():
    frame = pl.DataFrame({"origin": ["A", "X"], "value": [1.0, 2.0]})
    with pytest.raises(BadTable, match="rows for X"):
        filled(frame, ("value",), {"origin": ("A", "B")})


def test_every_assumption_has_a_source():
    for topic in ("world", "totals"):
        assert all(isinstance(entry, Assumed) and entry.source for entry in assumed(topic).values())


@pytest.mark.parametrize("classification", ["icio_2025", "wiod_2016", "naics3"])
def test_every_member_has_a_sector_and_every_sector_of_goods_a_member(classification):
    reached = {kind for kinds in members(classification).values() for kind in kinds}
    assert reached <= set(sectors())
    assert set(GOODS) <= reached
