"""Intervals of power and losses: the value lies inside, the model to first order follows the exact one."""

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.catalogue.parameters import parameters
from palanca.economy import synthetic, trade_elasticity
from palanca.exposure.balance import HIDDEN, RANGED, SECTOR_RANGED
from palanca.exposure.diversify import CUTS, Limits, trade_of
from palanca.exposure.dyad_records import on_file
from palanca.exposure.move_ranges import OF_MOVE, cells_of, least
from palanca.exposure.ranges import FACTORS, moved
from palanca.exposure.reallocation import reachable, smallest
from palanca.exposure.withdrawal import value_added_lost
from palanca.trade import Closure, Horizon, Model, embargo, welfare
from palanca.trade.nearly import nearby


@pytest.mark.parametrize("measure", RANGED)
def test_every_value_lies_inside_its_interval(measure):
    ranges = table("power_ranges").frame
    both = table("power").frame.join(ranges, on=["country", "partner"], validate="1:1")
    assert both.height == ranges.height == table("power").frame.height
    told = both.drop_nulls([measure, f"{measure}_lower"])
    assert told.height == both.drop_nulls(measure).height
    lower, value, upper = (told[f"{measure}{end}"].to_numpy() for end in ("_lower", "", "_upper"))
    assert (lower <= value).all()
    assert (value <= upper).all()


@pytest.fixture(scope="module")
def by_sector():
    """Values by sector beside both ends of their intervals."""
    keys = ["country", "partner", "sector"]
    both = table("power_sectors").frame.join(table("power_sector_ranges").frame, on=keys, validate="1:1")
    assert both.height == table("power_sectors").frame.height == table("power_sector_ranges").frame.height
    gaps = {name: pl.col(f"{side}_through_pct") - pl.col(f"{side}_face_pct") for side, name in HIDDEN.items()}
    return both.with_columns(**gaps, **dict.fromkeys(FACTORS, pl.lit(1.0, pl.Float32)))


@pytest.mark.parametrize("measure", [*SECTOR_RANGED, *FACTORS])
def test_every_value_by_sector_lies_inside_its_interval(by_sector, measure):
    inside = pl.col(measure).is_between(f"{measure}_lower", f"{measure}_upper")
    assert by_sector.select(inside.all()).item()
    assert by_sector[f"{measure}_upper"].null_count() == 0


@pytest.mark.parametrize(
    ("name", "columns"), [("diversification_moves", OF_MOVE), ("diversification_frontier", ("moved_usd",))]
)
def test_every_move_and_cut_lies_inside_its_interval(name, columns):
    rows = table(name).frame
    inside = [pl.col(one).is_between(f"{one}_lower", f"{one}_upper").all().alias(one) for one in columns]
    assert all(rows.select(inside).row(0))


def test_the_record_of_a_pair_holds_every_value_in_its_interval():
    found = on_file("MEX", "USA")
    for side, ends in found["intervals"].items():
        for name, (lower, upper) in ends.items():
            assert lower <= found["sides"][side][name] <= upper
            assert lower < upper
    for one in found["by_sector"]:
        for when, values in one["loss"].items():
            for side, value in values.items():
                lower, upper = one["intervals"][f"loss_{when}"][side]
                assert lower <= value <= upper


@pytest.mark.parametrize("horizon", Horizon)
@pytest.mark.parametrize("pair", [(0, 1), (2, 4)])
def test_losses_to_first_order_miss_the_exact_by_their_square(horizon, pair):
    structure = synthetic(5, 3, seed=2).structure
    theta = trade_elasticity(dict.fromkeys(structure.sectors, 4.0), structure.sectors)
    model = Model(structure, theta, Closure(horizon), compiled=False)
    codes = [structure.countries[place] for place in pair]
    after = model.after(embargo(structure, origin=codes, destination=codes))
    exact = (1 - welfare.real_income(model.before, after))[list(pair)]
    whole, parts = nearby(structure, model.before, theta.values, horizon).losses([pair])
    # Losses run from 2 to 6 per cent; the second derivative of one of them is of the order of θ.
    assert (np.abs(whole[0] - exact) < 4 * exact**2).all()
    by_sector = value_added_lost(model.before, after)[list(pair)] / 100
    assert (np.abs(parts[0] - by_sector) < 4 * exact[:, None] ** 2).all()


@pytest.mark.parametrize("horizon", Horizon)
def test_one_sector_stopped_costs_to_first_order_what_the_exact_model_says(horizon):
    structure = synthetic(5, 3, seed=2).structure
    theta = trade_elasticity(dict.fromkeys(structure.sectors, 4.0), structure.sectors)
    model = Model(structure, theta, Closure(horizon), compiled=False)
    found = nearby(structure, model.before, theta.values, horizon).sector_losses()
    for buyer, seller, sector in ((0, 1, 0), (2, 4, 1), (1, 3, 0)):
        a, b = structure.countries[buyer], structure.countries[seller]
        after = model.after(embargo(structure, origin=b, destination=a, sectors=[structure.sectors[sector]]))
        exact = (1 - welfare.real_income(model.before, after))[buyer]
        # A stop takes up to 12 per cent of a sector away, and first order leaves out terms of that size; the
        # twentieth is what other suppliers, whose prices answer, are further off where hardly anything stops.
        share = structure.sourcing[sector, buyer, seller]
        assert abs(found[buyer, seller, sector] - exact) < (2 * share + 0.05) * exact


def test_the_trade_of_a_cut_is_read_off_as_the_search_finds_it():
    economy = synthetic(6, 4, seed=3)
    theta = trade_elasticity(dict.fromkeys(economy.sectors, 4.0), economy.sectors)
    model = Model(economy.structure, theta, compiled=False)
    limits = parameters("diversification", Limits)
    known = cells_of(model, limits, 2)
    found = least(known, [cut / 100 for cut in CUTS])
    for partner in (0, 4):
        codes = economy.countries[2], economy.countries[partner]
        cells = trade_of({Horizon.LONG: model}, *codes, limits=limits).cells
        assert_allclose(known.bound[partner], cells.bound)
        for at, cut in enumerate(CUTS):
            if 0 < cut <= 100 * reachable(cells):
                # 200 levels of the multiplier lie apart by less than two per cent.
                assert_allclose(found[partner, at], smallest(cells, cut / 100).moved.sum(), rtol=2e-3)


def test_draws_move_the_exact_loss_by_scale_or_where_that_is_unsteady_by_shift():
    exact, centre, drawn = np.array([1.0, 1.0]), np.array([0.9, 0.1]), np.array([1.8, 0.2])
    assert_allclose(moved(exact, centre, drawn), [2.0, 1.1])
