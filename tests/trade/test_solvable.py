"""A closure that has no solution says so, and says which closure has one."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_worlds import elasticity_of

from palanca.economy import synthetic
from palanca.errors import NoEquilibrium, NotConverged
from palanca.trade import Closure, Deficits, Horizon, Model, embargo


def cut_off(structure, country, *, oneway=False):
    """Forbid all trade of a country with the others, or only its exports."""
    others = [label for label in structure.countries if label != country]
    ends = (country, *others)
    pairs = {"origin": country if oneway else ends, "destination": others if oneway else ends}
    shock = embargo(structure, **pairs)
    if oneway:
        return shock
    kept = shock.iceberg.copy()
    kept.loc[{"origin": others, "destination": others}] = 1.0
    return type(shock)(iceberg=kept)


@given(st.integers(0, 10**6), st.sampled_from(list(Horizon)))
def test_a_country_cut_off_has_a_solution_only_without_a_deficit(seed, horizon):
    structure = synthetic(3, 2, seed=seed).structure
    theta = elasticity_of(structure, seed)
    assume(abs(structure.deficit[0]) > 1e-6 * structure.world_income)
    shock = cut_off(structure, "C00")
    with pytest.raises(NoEquilibrium, match=r"C00.*--deficits zero"):
        Model(structure, theta, Closure(horizon), compiled=False).after(shock)
    alone = Model(structure, theta, Closure(horizon, Deficits.ZERO), compiled=False).after(shock)
    assert np.abs(alone.residual).max() < 1e-9  # of income; the solver stops at 1e-12 of factors
    assert alone.trade[:, 0, 1:].sum() + alone.trade[:, 1:, 0].sum() == 0


@given(st.integers(0, 10**6))
def test_a_country_that_may_buy_but_not_sell_has_none_under_either(seed):
    structure = synthetic(3, 2, seed=seed).structure
    theta = elasticity_of(structure, seed)
    assume(structure.deficit[0] < 0)
    for deficits in Deficits:
        model = Model(structure, theta, Closure(deficits=deficits), compiled=False)
        with pytest.raises(NoEquilibrium) as caught:
            model.after(cut_off(structure, "C00", oneway=True))
        assert "--deficits zero" not in str(caught.value)
        assert "iterations" not in str(caught.value)


def test_a_surplus_that_cannot_be_earned_is_no_solution():
    structure = synthetic(3, 2, seed=1).structure
    theta = elasticity_of(structure, 1)
    deficit = np.array([-0.95, 0.95, 0.0]) * structure.value_added[0].sum()
    with pytest.raises(NotConverged) as caught:
        Model(type(structure)(**{**vars(structure), "deficit": deficit}), theta, compiled=False).after(
            cut_off(structure, "C02")
        )
    assert re.search("no solution", str(caught.value))
