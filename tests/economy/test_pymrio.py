"""A system of the pymrio package, or anything of its shape, read and refused."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from readers_world import LEAST, cube, small

from palanca.economy.readers.pymrio import read
from palanca.errors import BadTable

ABOUT = {"year": 2020, "unit": "EUR", "least_value_added": LEAST}
WORLD = small()


class Labels(list):
    def tolist(self):
        return list(self)


@dataclass
class Frame:
    """What is used of a labelled frame."""

    values: np.ndarray
    index: Labels
    columns: Labels

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype=dtype)


@dataclass
class System:
    Z: Frame | None
    Y: Frame
    x: Frame
    name: str = "small"


def system():
    rows = Labels((country, sector) for country in WORLD.countries for sector in WORLD.sectors)
    kinds = Labels((country, kind) for country in WORLD.countries for kind in ("households", "stocks"))
    final = WORLD.final.values.reshape(len(rows), -1)
    demand = np.repeat(final, 2, axis=1) * np.tile([1.25, -0.25], final.shape[1])
    inputs = cube(WORLD).reshape(len(rows), -1)
    output = (inputs.sum(1) + final.sum(1))[:, None]
    return System(
        Frame(inputs, rows, rows), Frame(demand, rows, kinds), Frame(output, rows, Labels(["indout"]))
    )


def test_a_system_is_read_as_it_is():
    found = read(system(), **ABOUT)
    assert (found.name, found.year, found.unit) == ("small", 2020, "EUR")
    assert found.countries == WORLD.countries
    assert_allclose(found.intermediate, WORLD.intermediate, rtol=1e-12)
    assert_allclose(found.final, WORLD.final, rtol=1e-12)


def test_its_own_test_system_is_read():
    pymrio = pytest.importorskip("pymrio")
    found = read(pymrio.load_test().calc_all(), year=2010, unit="EUR million", least_value_added=LEAST)
    assert len(found.countries) == 6
    assert len(found.sectors) == 8


def without_inputs(whole):
    return replace(whole, Z=None)


def with_flat_labels(whole):
    return replace(whole, Z=replace(whole.Z, index=Labels(map("_".join, whole.Z.index))))


def with_other_order(whole):
    return replace(whole, x=replace(whole.x, index=Labels(reversed(whole.x.index))))


def with_unknown_region(whole):
    return replace(whole, Y=replace(whole.Y, columns=Labels(("ZZZ", kind) for _, kind in whole.Y.columns)))


def with_wrong_output(whole):
    return replace(whole, x=replace(whole.x, values=2 * whole.x.values))


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (without_inputs, "no Z. Call its calc_all"),
        (with_flat_labels, r"rows of Z are not labelled \(region, sector\)"),
        (with_other_order, "x: labels differ from the rows of Z"),
        (with_unknown_region, "Y: regions unknown to Z: ZZZ"),
        (with_wrong_output, "rows do not add up to x"),
    ],
)
def test_a_system_that_cannot_be_used_is_refused(spoilt, says):
    with pytest.raises(BadTable, match=says):
        read(spoilt(system()), **ABOUT)
