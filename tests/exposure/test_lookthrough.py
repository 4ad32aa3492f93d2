"""Leontief's accounting sums, and published numbers on value added and supply chains."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.catalogue.codes import sectors
from palanca.economy import Economy, economy, synthetic
from palanca.exposure.lookthrough import hidden, lookthrough, technical_coefficients
from palanca.trade.court import manufacturing

GOODS = [code for code, sector in sectors().items() if sector.goods]
EXACT = 1e-9  # sums of a few thousand doubles, with the inverse of a matrix far from singular


@st.composite
def worlds(draw):
    return synthetic(draw(st.integers(2, 5)), draw(st.integers(1, 4)), seed=draw(st.integers(0, 10**6)))


def without_tariffs(world):
    """Return the same flows with no tariff; what inputs cost less becomes value added."""
    paid = (world.intermediate * (1 + world.tariff)).sum("origin").transpose("destination", "sector")
    net = world.intermediate.sum("origin").transpose("destination", "sector")
    part = xr.DataArray(
        net.values / paid.values, {"country": list(world.countries), "input": list(world.sectors)}
    )
    use = world.use * part
    added = world.output - use.sum("input").rename(user="sector")
    return Economy(
        "free", 2000, "one", world.intermediate, world.final, use, 0 * world.tariff, added, world.deficit
    )


def without_trade(world):
    """Return the world in which each country uses what it makes itself."""
    same = xr.DataArray(
        np.eye(len(world.countries)), {"origin": list(world.countries), "destination": list(world.countries)}
    )
    inner, final = world.intermediate * same, world.final * same
    spent = inner.sum("origin").transpose("destination", "sector").values
    use = world.use * (spent / world.use.sum("user").values)[:, :, None]
    made = (inner + final).sum("destination").rename(origin="country")
    use = use * np.minimum(1.0, 0.9 * made.values / use.sum("input").values)[:, None, :]
    need = use.sum("user").values  # (country, input)
    own = xr.DataArray(need, {"country": list(world.countries), "sector": list(world.sectors)})
    flow = own.rename(country="origin") * same
    rest = (made - own).rename(country="origin") * same
    assert float((made - own).min()) >= 0  # a tenth of what is made is left
    added = made - use.sum("input").rename(user="sector")
    return Economy("closed", 2000, "one", flow, rest, use, 0 * world.tariff, added, 0 * world.deficit)


@given(worlds())
def test_requirements_of_all_final_demand_are_output(world):
    found = lookthrough(world)
    final = world.final.sum("destination").values.reshape(-1)
    assert_allclose(found.requirements @ final, world.output.values.reshape(-1), rtol=EXACT)


@given(worlds())
def test_columns_of_coefficients_value_added_and_duties_on_inputs_sum_to_one(world):
    technical = technical_coefficients(world)
    output = world.output.values.reshape(-1)
    added = world.value_added.values.reshape(-1) / output
    assert (technical >= 0).all()
    assert (technical.sum(0) + added <= 1 + EXACT).all()
    free = without_tariffs(world)
    added = free.value_added.values.reshape(-1) / free.output.values.reshape(-1)
    assert_allclose(technical_coefficients(free).sum(0) + added, 1.0, rtol=EXACT)


@given(worlds())
def test_value_added_in_all_final_demand_is_product(world):
    found = lookthrough(world)
    assert_allclose(found.value_added.sum("destination"), world.value_added.sum("sector"), rtol=EXACT)
    assert_allclose(found.value_added_share.sum("destination"), 100.0, rtol=EXACT)


@given(worlds())
def test_final_demand_is_made_of_the_value_added_of_all_origins(world):
    """Without tariffs, value added is all that a price is made of."""
    free = without_tariffs(world)
    found = lookthrough(free)
    assert_allclose(found.value_added.sum("origin"), free.final.sum(["origin", "sector"]), rtol=EXACT)


@given(worlds())
def test_balances_of_value_added_and_of_gross_trade_are_the_same(world):
    """Johnson and Noguera (2012), proposition on multilateral balances; deficits are imports less exports."""
    free = without_tariffs(world)
    traded = lookthrough(free).value_added.values
    balance = traded.sum(1) - traded.sum(0)
    assert_allclose(balance, -free.deficit.values, atol=EXACT * float(free.output.sum()))


@given(worlds())
def test_value_added_exports_are_less_than_gross_exports(world):
    found = lookthrough(world)
    gross = world.trade.sum(["sector", "destination"]).values - np.einsum("iji->i", world.trade.values)
    assert (found.value_added_exports.values <= gross * (1 + EXACT)).all()


@given(worlds())
def test_shares_of_partners_sum_to_one_hundred(world):
    found = lookthrough(world)
    for shares in (found.purchases, found.sales):
        assert_allclose(shares.sum("partner"), 100.0, rtol=EXACT)
        assert_allclose(hidden(shares).sum("partner"), 0.0, atol=1e-7)


@given(worlds())
def test_an_economy_without_trade_hides_nothing(world):
    closed = without_trade(world)
    found = lookthrough(closed)
    foreign = ~np.eye(len(closed.countries), dtype=bool)[:, None, :]
    for shares in (found.purchases, found.sales):
        assert_allclose(shares.values * foreign, 0.0, atol=EXACT)
        assert_allclose(hidden(shares), 0.0, atol=1e-7)
    assert_allclose(found.value_added_exports, 0.0, atol=EXACT)


@given(worlds())
def test_upstreamness_averages_to_output_over_value_added(world):
    """Fally (2012): weighted by value added, the mean number of stages is gross output over value added."""
    free = without_tariffs(world)
    steps = lookthrough(free).upstreamness
    assert float(steps.min()) >= 1 - EXACT  # one where all that is made is final
    weighted = float((steps * free.value_added).sum())
    assert weighted == pytest.approx(float(free.output.sum()), rel=EXACT)


@given(worlds())
def test_upstreamness_is_the_chain_of_uses(world):
    """Second method: Antràs et al. (2012), equation 1, the sum over the length of chains."""
    found = lookthrough(world)
    output = world.output.values.reshape(-1)
    reach, total = world.final.sum("destination").values.reshape(-1), np.zeros_like(output)
    for length in range(1, 400):
        total += length * reach
        reach = found.technical @ reach
    assert_allclose(found.upstreamness.values.reshape(-1), total / output, rtol=1e-8)


@pytest.fixture(scope="session")
def seen():
    return lookthrough(economy(2022))


def test_mexican_value_added_in_united_states_demand(seen):
    """Published: about 16 % (OECD TiVA, whose table tells export processing firms from the others).

    Proportional sourcing lends exporters the inputs of all firms, fewer of them imported: more stays
    Mexican. Final demand by destination is besides an estimate here.
    """
    found = float(seen.value_added_share.sel(origin="MEX", destination="USA"))
    assert 16 < found < 20
    assert found == float(seen.value_added_share.sel(origin="MEX").drop_sel(destination="MEX").max())


def test_united_states_industry_buys_over_eighty_percent_of_inputs_at_home(seen):
    """Baldwin, Freeman and Theodorakopoulos (2023), abstract: over 80 % of US industrial inputs.

    At face value, over all that makers of goods buy; looked through, a tenth more comes from abroad.
    """
    bought = seen.economy.use.sel(country="USA", user=GOODS).sum("input").rename(user="sector")
    own = seen.purchases.sel(country="USA", partner="USA", sector=GOODS)
    face, through = (
        float((own.sel(view=view) * bought).sum() / bought.sum()) for view in ("face", "through")
    )
    assert face > 80
    assert 70 < through < face


def test_china_is_first_foreign_supplier_of_most_united_states_manufacturing_looked_through(seen):
    """Published: nine in ten sectors, of 50, for manufacturing inputs alone.

    Here with 17 manufacturing sectors and inputs of all kinds: 13 of 17 looked through, 6 at face value.
    The others are first supplied by Canada: metals, fuel.
    """
    made = list(manufacturing(seen.economy))
    abroad = seen.purchases.sel(country="USA", sector=made).drop_sel(partner="USA")
    first = abroad.idxmax("partner")
    counted = {view: int((first.sel(view=view) == "CHN").sum()) for view in ("face", "through")}
    assert counted["through"] > len(made) / 2 > counted["face"]
    assert set(np.unique(first.sel(view="through"))) == {"CHN", "CAN"}
