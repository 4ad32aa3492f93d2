"""The published table: Caliendo and Parro (2015), Review of Economic Studies 82(1), tables 2 and 3."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from palanca.economy.readers.caliendo_parro import read
from palanca.errors import BadTable
from palanca.solve import Settings
from palanca.trade import Closure, Deficits, Model, Shock, balanced, welfare
from palanca.trade.shock import labelled

MEMBERS = ["CAN", "MEX", "USA"]
CLOSURE = Closure(deficits=Deficits.ZERO)
TIGHT = Settings(tolerance=1e-13, iterations=150, largest_step=1.0)


@pytest.fixture(scope="module")
def data(nafta_folder):
    return read(nafta_folder)


@pytest.fixture(scope="module")
def shock(data):
    tariff = labelled(data.structure.tariff, data.structure).copy()
    among = {"origin": MEMBERS, "destination": MEMBERS}
    tariff.loc[among] = data.tariff_2005.loc[among]
    return Shock(tariff=tariff)


@pytest.fixture(scope="module")
def hit(data, shock):
    return Model(data.structure, data.elasticity, CLOSURE, TIGHT).equilibrium(shock)


@pytest.mark.parametrize(
    ("country", "measure", "percent"),
    [
        ("MEX", "terms_of_trade", -0.41),
        ("MEX", "volume_of_trade", 1.72),
        ("MEX", "welfare_first_order", 1.31),
        ("CAN", "welfare_first_order", -0.06),
        ("USA", "welfare_first_order", 0.08),
    ],
)
def test_welfare_as_published(hit, country, measure, percent):
    assert round(100 * float(getattr(hit, measure).sel(country=country)), 2) == percent


def test_the_real_wage_of_mexico_as_published(hit):
    assert round(100 * float(hit.real_wage.sel(country="MEX") - 1), 2) == 1.72


def test_exact_real_income_of_mexico_is_another_number(hit):
    assert 0 < 100 * float(hit.real_income.sel(country="MEX") - 1) < 0.01


def test_every_market_clears(hit):
    assert float(np.abs(hit.residual).max()) < 1e-12


def test_the_plain_path_agrees(data, shock, hit):
    plain = Model(data.structure, data.elasticity, CLOSURE, TIGHT, compiled=False).equilibrium(shock)
    assert_allclose(plain.real_income, hit.real_income, rtol=1e-10)


def test_the_base_without_deficits_is_a_balanced_economy(data, shock, hit):
    economy = balanced(Model(data.structure, data.elasticity, CLOSURE, TIGHT), year=1993, unit="USD")
    again = Model(economy.structure, data.elasticity, settings=TIGHT).equilibrium(shock)
    assert_allclose(again.real_income, hit.real_income, rtol=1e-10)


def test_first_order_converges_to_exact_along_the_path(data, shock):
    model = Model(data.structure, data.elasticity, CLOSURE, TIGHT)
    start = labelled(data.structure.tariff, data.structure)
    gaps = [gap_over(model, start, shock.tariff, steps) for steps in (2, 4, 8)]
    # The sum of a first-order formula over steps errs in proportion to their length.
    assert 1.8 < gaps[0] / gaps[1] < 2.2
    assert 1.8 < gaps[1] / gaps[2] < 2.2


def gap_over(model, start, end, steps):
    worlds = [model.before]
    worlds += [model.after(Shock(start + (end - start) * (at + 1) / steps)) for at in range(steps)]
    pieces = [1 + welfare.first_order(*pair) for pair in pairwise(worlds)]
    return np.abs(np.prod(pieces, axis=0) - welfare.real_income(worlds[0], worlds[-1])).max()


def test_the_repairs_are_those_the_table_rests_on(data):
    assert {repair.name: repair.cells for repair in data.repairs} == {
        "gross output raised to exports": 26,
        "input columns rescaled to one less value added": 1168,
        "negative final demand set to zero": 185,
    }


def test_the_negative_input_share_is_kept(data):
    negative = np.argwhere(data.structure.input_share < 0)
    assert negative.tolist() == [[4, 19, 10]]


def test_axes_are_the_right_way_round(data):
    """Cars into the United States in 1993: 7.17 bn from Mexico, 33.6 bn from Japan."""
    structure = data.structure
    car, usa = structure.sectors.index("auto"), structure.countries.index("USA")
    mexico, japan = (structure.countries.index(name) for name in ("MEX", "JPN"))
    flow = structure.sourcing[car, usa] / (1 + structure.tariff[car, usa])
    assert_allclose(flow[mexico] / flow[japan], 7.17 / 33.6, rtol=2e-3)  # the figures have three digits


def test_absent_files_are_named_together(tmp_path):
    with pytest.raises(BadTable) as caught:
        read(tmp_path)
    assert len(caught.value.faults) == 7


def test_files_of_another_shape_are_named(tmp_path, nafta_folder):
    for file in nafta_folder.glob("*.txt"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "T.txt").write_text("1.0\n2.0\n")
    with pytest.raises(BadTable, match=r"T\.txt has shape \(2,\)"):
        read(tmp_path)
