"""Draws of trade elasticities: reproducible, about the centre, and by part."""

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.economy import economy
from palanca.economy.assumed import assumed
from palanca.economy.studies import published
from palanca.trade import Horizon
from palanca.trade.elasticities import elasticities, usual
from palanca.trade.spread import APART, MEAN, PARTS, STUDIES, TOGETHER, of_range, of_studies

ESTIMATES = xr.DataArray([[4.0, 3.0], [6.0, 9.0]], {"study": ["a", "b"], "sector": ["x", "y"]})
SPREAD = of_studies(ESTIMATES)
SAMPLES = 4000


def test_the_same_seed_gives_the_same_draws_and_fewer_are_the_first():
    assert np.array_equal(SPREAD.draw(5, seed=1), SPREAD.draw(5, seed=1))
    assert np.array_equal(SPREAD.draw(5, seed=1)[:3], SPREAD.draw(3, seed=1))
    assert not np.array_equal(SPREAD.draw(5, seed=1), SPREAD.draw(5, seed=2))


@given(st.floats(0, 1))
def test_between_studies_each_keeps_its_pattern(part):
    found = SPREAD.at(np.array([[part]]), (STUDIES,))[0]
    places = np.log(found / [4.0, 3.0]) / np.log([1.5, 3.0])
    assert_allclose(places, part, atol=1e-12)


def test_the_centre_is_the_geometric_mean_and_stays_where_nothing_is_drawn():
    assert_allclose(SPREAD.centre, [np.sqrt(24.0), np.sqrt(27.0)])
    assert_allclose(SPREAD.draw(2, seed=1, parts=()), [SPREAD.centre.values] * 2)
    assert list(SPREAD.by_study) == [MEAN, "a", "b"]


@pytest.mark.parametrize(("parts", "alike"), [((TOGETHER,), 1.0), ((APART,), 0.0)])
def test_errors_go_together_or_apart_and_share_the_variance(parts, alike):
    logs = np.log(SPREAD.draw(SAMPLES, seed=3, parts=parts))
    # Four standard errors of a correlation and of a standard deviation; cut tails take 3 % of the latter.
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(alike, abs=4 / np.sqrt(SAMPLES))
    assert_allclose(logs.std(0), np.sqrt(0.5) * SPREAD.error, rtol=0.03 + 4 / np.sqrt(2 * SAMPLES))


def test_each_part_widens_the_draws():
    widths = [np.log(SPREAD.draw(SAMPLES, seed=3, parts=PARTS[:count])).std(0) for count in range(4)]
    assert all((wide > narrow).all() for narrow, wide in itertools.pairwise(widths))


def test_a_sector_with_one_estimate_takes_it_and_errs_by_as_much_as_studies_differ():
    holes = of_studies(
        xr.DataArray(
            [[2.0, 5.0, np.nan], [8.0, np.nan, np.nan]], {"study": ["a", "b"], "sector": ["x", "y", "z"]}
        )
    )
    assert_allclose(holes.estimates, [[2.0, 5.0, np.sqrt(20.0)], [8.0, 5.0, np.sqrt(20.0)]])
    between = np.log(4.0) / np.sqrt(12)
    assert_allclose(holes.error[1:] ** 2 - holes.error[0] ** 2, between**2)


def test_one_study_alone_errs_by_itself_only():
    alone = of_studies(ESTIMATES.isel(study=[0]))
    assert_allclose(alone.draw(3, seed=1, parts=(STUDIES,)), [[4.0, 3.0]] * 3)


def test_a_range_is_one_number_for_all_sectors_and_is_never_left():
    found = of_range(0.5, 2.0, ("x", "y")).draw(200, seed=1)
    assert_allclose(found[:, 0], found[:, 1])
    assert found.min() >= 0.5
    assert found.max() <= 2.0


def test_the_short_run_responds_less_than_the_long_run_in_every_sector():
    known = elasticities(economy(2022))
    assert (known[Horizon.SHORT].centre < known[Horizon.LONG].centre).all()
    assert_allclose(known[Horizon.SHORT].centre, 1.0)


def test_no_filler_and_no_outlier_is_left():
    theta = usual(economy(2022))
    assert float(theta.sel(sector="PET")) == pytest.approx(3.6381574 - 1)
    assert float(theta.sel(sector="AUT")) == pytest.approx(8.980652 - 1)
    assert float(theta.sel(sector="OTR")) == pytest.approx(7.983238 - 1)


def test_the_error_within_a_study_is_how_far_two_samples_of_one_table_lie_apart():
    one, other = (published(name) for name in ("caliendo_parro_2015", "costinot_rodriguezclare_2014"))
    kept = ["AGR", "MIN", "FOO", "CHM", "RUB", "NMM", "MAC", "FUR"]  # defined alike in both, one to one
    apart = np.log(one.elasticity.sel(sector=kept)) - np.log(other.elasticity.sel(sector=kept))
    assert np.sqrt((apart**2).mean()) < assumed("elasticity_ranges")["within_study"].value
