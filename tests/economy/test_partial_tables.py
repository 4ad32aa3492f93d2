"""Building a world from partial tables: what is known stays, what is not is stated."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.economy import synthetic
from palanca.economy.balance import Total, fitted, met, scaled
from palanca.economy.build import build
from palanca.economy.observed import Choices, Observed
from palanca.errors import UnbalancedEconomy

CHOICES = Choices(
    seller_price=0.9,
    level=0.95,
    least_final=0.0,
    least_known=0.0,
    least_home=0.0,
    least_value_added=0.01,
    most_rest=3.0,
)
BORDER = CHOICES.seller_price * CHOICES.level
SEEDS = st.integers(0, 10**6)


def observed_of(economy, *, outside=0):
    """What a table without the last country would show of `economy`, `outside` countries without pattern."""
    count = len(economy.countries) - 1
    trade, inputs = economy.trade.values, economy.intermediate.values[:-1, :, :-1]
    spent = economy.use.values[:-1]
    sales = trade.sum(1) / BORDER
    np.fill_diagonal(sales, np.nan)
    pattern = economy.final.values.copy()
    pattern[:, :, -1] = trade[:, :, -1]
    tariff = economy.tariff.values.copy()
    tariff[:, :, -1] = 0.0
    own = [*range(count - outside), count]
    return Observed(
        year=2000,
        unit="one",
        countries=economy.countries[:-1],
        rest="ROW",
        sectors=economy.sectors,
        goods=np.ones(len(economy.sectors), dtype=bool),
        intermediate=inputs,
        use=spent * (inputs.sum(0).T / spent.sum(2))[:, :, None],
        output=economy.output.values[:-1],
        pattern=pattern[np.ix_(own, range(len(economy.sectors)), own)],
        pattern_countries=(*economy.countries[: count - outside], "others"),
        goods_trade=sales,
        known_imports=(),
        rest_product=float(economy.value_added[-1].sum()),
        tariff=tariff,
    )


@given(SEEDS)
def test_a_world_rebuilt_from_its_own_tables_is_itself(seed):
    economy = synthetic(5, 3, seed=seed)
    again = build(observed_of(economy), CHOICES, name="rebuilt").economy
    known = economy.final.values[:-1, :, :-1]
    # The fit ends when no cell moves by more than 1e-9 of the largest in a round.
    assert_allclose(again.final.values[:-1, :, :-1], known, atol=1e-6 * known.max())
    assert_allclose(again.trade.values[:-1, :, -1], economy.trade.values[:-1, :, -1], atol=1e-6 * known.max())


@given(SEEDS, st.integers(1, 3))
def test_output_inputs_and_the_product_of_the_rest_are_kept(seed, outside):
    observed = observed_of(synthetic(5, 3, seed=seed), outside=outside)
    built = build(observed, CHOICES, name="built")
    economy = built.economy
    assert economy.countries == (*observed.countries, "ROW")
    assert_allclose(economy.output[:-1], observed.output, rtol=1e-10)
    assert_allclose(economy.intermediate.values[:-1, :, :-1], observed.intermediate)
    # Where the rest would sell itself less than nothing, its home sales are raised, and so is its product.
    product = float(economy.value_added[-1].sum())
    assert product >= observed.rest_product * (1 - 1e-9)
    assert {said.name: said.size for said in built.assumptions}["rest"] == pytest.approx(product)
    assert_allclose(economy.tariff, observed.tariff)


def test_the_product_of_the_rest_is_the_one_observed():
    observed = observed_of(synthetic(5, 3, seed=3), outside=2)
    economy = build(observed, CHOICES, name="built").economy
    assert_allclose(economy.value_added[-1].sum(), observed.rest_product, rtol=1e-9)


@given(SEEDS)
def test_the_rest_sells_each_country_its_known_total(seed):
    observed = observed_of(synthetic(5, 3, seed=seed), outside=2)
    economy = build(observed, CHOICES, name="built").economy
    sold = economy.trade.values[-1, :, :-1].sum(0)
    assert_allclose(sold, observed.goods_trade[-1, :-1] * BORDER, rtol=1e-9)


def test_countries_that_report_nothing_are_not_scaled():
    observed = observed_of(synthetic(5, 3, seed=3), outside=2)
    trade = observed.goods_trade.copy()
    trade[1, :] = trade[:, 1] = np.nan
    economy = build(replace(observed, goods_trade=trade), CHOICES, name="built").economy
    assert (economy.trade.values[-1, :, 1] > 0).all()


def test_known_imports_are_met():
    observed = observed_of(synthetic(5, 3, seed=3), outside=2)
    cells = np.ix_([0], [1, 2], [1])
    total = Total("C00 to C01", cells, 1.2 * float(synthetic(5, 3, seed=3).trade.values[cells].sum()) / 0.9)
    free = np.full_like(observed.goods_trade, np.nan)
    free[-1], free[:, -1] = observed.goods_trade[-1], observed.goods_trade[:, -1]
    economy = build(replace(observed, known_imports=(total,), goods_trade=free), CHOICES, name="b").economy
    assert_allclose(economy.trade.values[cells].sum(), total.value * 0.9, rtol=1e-6)


def test_every_assumption_is_stated_with_the_world():
    built = build(observed_of(synthetic(5, 3, seed=3), outside=2), CHOICES, name="built")
    assert built.economy.assumptions == tuple(said.statement for said in built.assumptions)
    assert any("Final demand by destination is an estimate" in line for line in built.economy.assumptions)
    assert {said.name: said.size for said in built.assumptions}["price"] == 0.9


def test_output_is_raised_to_what_is_sold():
    observed = observed_of(synthetic(5, 3, seed=3), outside=2)
    sold = observed.intermediate.sum(2)
    short, use = observed.output.copy(), observed.use.copy()
    short[0, 0] = 0.99 * sold[0, 0]
    use[0, :, 0] /= 2
    built = build(replace(observed, output=short, use=use), CHOICES, name="built")
    assert built.economy.output.values[0, 0] >= sold[0, 0]
    assert built.assumptions[0].size > 0


def test_a_table_that_cannot_balance_is_refused():
    observed = observed_of(synthetic(5, 3, seed=3), outside=2)
    with pytest.raises(UnbalancedEconomy, match="value added is negative"):
        build(replace(observed, use=3 * observed.use), CHOICES, name="built")


@given(SEEDS)
def test_fitting_rows_and_columns_keeps_cross_ratios(seed):
    """The defining property of biproportional fitting: odds ratios are those of the prior."""
    draw = np.random.default_rng(seed)
    prior, target = draw.lognormal(size=(2, 3, 4))
    steps = (lambda t: scaled(t, 0, target.sum(0)), lambda t: scaled(t, 1, target.sum(1)))
    table, _ = fitted(prior, steps)
    assert_allclose(table.sum(0), target.sum(0), rtol=1e-6)
    assert_allclose(table.sum(1), target.sum(1), rtol=1e-12)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (prior, table)]
    assert_allclose(odds[0], odds[1], rtol=1e-9)


def test_unknown_totals_and_empty_sums_are_left_alone():
    table = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, 4.0]])
    after = scaled(table, 1, np.array([6.0, 5.0, np.nan]))
    assert_allclose(after, [[2.0, 4.0], [0.0, 0.0], [3.0, 4.0]])


def test_groups_are_met_in_turn_and_the_table_passed_is_left_alone():
    table = np.ones((2, 2))
    after = met(table, [Total("corner", np.ix_([0], [0, 1]), 6.0), Total("none", np.ix_([1], [1]), 5.0)])
    assert_allclose(after, [[3.0, 3.0], [1.0, 5.0]])
    assert table.sum() == 4.0
