"""Building a world from partial tables: what is known stays, what is not is stated."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.economy import synthetic
from palanca.economy.accounts import Economy
from palanca.economy.balance import fitted, scaled
from palanca.economy.build import build
from palanca.economy.observed import Choices, Observed
from palanca.economy.redrawn import redrawn
from palanca.errors import UnbalancedEconomy

CHOICES = Choices(least_value_added=0.01, most_rest=3.0)
SERVICES = 2
SEEDS = st.integers(0, 10**6)


def together(trade):
    """Sum the last sectors, services, into one: (N, J, N) to (N, G + 1, N)."""
    return np.concatenate([trade[:, :-SERVICES], trade[:, -SERVICES:].sum(1, keepdims=True)], axis=1)


def observed_of(economy: Economy, *, outside=0):
    """What tables without the last country would show of `economy`, `outside` countries without pattern."""
    count = len(economy.countries) - 1
    trade, inputs = economy.trade.values, economy.intermediate.values[:-1, :, :-1]
    spent = economy.use.values[:-1]
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
        goods=np.arange(len(economy.sectors)) < len(economy.sectors) - SERVICES,
        intermediate=inputs,
        use=spent * (inputs.sum(0).T / spent.sum(2))[:, :, None],
        output=economy.output.values[:-1],
        pattern=pattern[np.ix_(own, range(len(economy.sectors)), own)],
        pattern_countries=(*economy.countries[: count - outside], "others"),
        sales=together(trade),
        tariff=tariff,
    )


@given(SEEDS)
def test_a_world_rebuilt_from_its_own_tables_is_itself(seed):
    economy = synthetic(5, 4, seed=seed)
    again = build(observed_of(economy), CHOICES, name="rebuilt").economy
    known = economy.final.values[:-1, :, :-1]
    # The fit ends when no cell moves by more than 1e-9 of the largest in a round.
    assert_allclose(again.final.values[:-1, :, :-1], known, atol=1e-6 * known.max())
    assert_allclose(again.trade.values[:-1, :, -1], economy.trade.values[:-1, :, -1], atol=1e-6 * known.max())


@given(SEEDS, st.integers(1, 3))
def test_output_inputs_goods_and_services_as_a_whole_are_kept(seed, outside):
    economy = synthetic(5, 4, seed=seed)
    observed = observed_of(economy, outside=outside)
    built = build(observed, CHOICES, name="built").economy
    assert built.countries == (*observed.countries, "ROW")
    assert_allclose(built.output[:-1], observed.output, rtol=1e-10)
    assert_allclose(built.intermediate.values[:-1, :, :-1], observed.intermediate)
    sales = together(built.trade.values)
    # Outputs are met last; the fit ends when no cell moves by more than 1e-9 of the largest.
    assert_allclose(sales, observed.sales, atol=1e-5 * observed.sales.max())
    assert_allclose(built.tariff, observed.tariff)


def test_every_assumption_is_stated_with_the_world():
    built = build(observed_of(synthetic(5, 4, seed=3), outside=2), CHOICES, name="built")
    assert built.economy.assumptions == tuple(said.statement for said in built.assumptions)
    assert any("split by sector is an estimate" in line for line in built.economy.assumptions)
    part = {said.name: said.size for said in built.assumptions}
    assert part["final demand"] + part["services"] == pytest.approx(1.0)
    assert part["rest"] == pytest.approx(float(built.economy.value_added[-1].sum()))


def test_output_is_raised_to_what_is_sold():
    observed = observed_of(synthetic(5, 4, seed=3), outside=2)
    sold = observed.intermediate.sum(2)
    short, use = observed.output.copy(), observed.use.copy()
    short[0, 0] = 0.99 * sold[0, 0]
    use[0, :, 0] /= 2
    built = build(replace(observed, output=short, use=use), CHOICES, name="built")
    assert built.economy.output.values[0, 0] >= sold[0, 0]
    assert built.assumptions[0].size > 0


def test_a_table_that_cannot_balance_is_refused():
    observed = observed_of(synthetic(5, 4, seed=3), outside=2)
    with pytest.raises(UnbalancedEconomy, match="value added is negative"):
        build(replace(observed, intermediate=3 * observed.intermediate), CHOICES, name="built")


@given(SEEDS)
def test_another_source_moves_trade_between_pairs_and_no_total(seed):
    economy = synthetic(4, 3, seed=seed)
    again = redrawn(economy, seed=seed, error=0.3)
    assert_allclose(again.output, economy.output, rtol=1e-6)
    # Spending is met before output in each round: in 50 rounds to a part in a hundred in a small world.
    assert_allclose(again.deficit, economy.deficit, atol=0.01 * float(economy.output.max()))
    assert np.abs(again.trade.values / np.maximum(economy.trade.values, 1e-12) - 1).max() > 0.05
    assert_allclose(redrawn(economy, seed=seed, error=0.3).trade, again.trade)
    assert_allclose(redrawn(economy, seed=seed, error=0.0).trade, economy.trade, rtol=1e-6)


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
