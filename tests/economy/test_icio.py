"""A small file in the layout of the OECD's inter-country tables, read and refused."""

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.economy import synthetic
from palanca.economy.readers.icio import read
from palanca.errors import BadTable

LEAST = 0.05


def written(folder, *, change=None):
    """Write a synthetic world as such a file; `change` may alter its columns first."""
    economy = synthetic(3, 2, seed=4)
    labels = [f"{country}_{sector}" for country in economy.countries for sector in economy.sectors]
    inputs = economy.intermediate.values
    by_user = economy.use.values / economy.use.values.sum(2, keepdims=True)
    cube = np.einsum("okd,dkj->okdj", inputs, by_user).reshape(6, 6)
    columns = {label: cube[:, at] for at, label in enumerate(labels)}
    final = economy.final.values.reshape(6, 3)
    for at, country in enumerate(economy.countries):
        columns[f"{country}_HFCE"] = 1.25 * final[:, at]
        columns[f"{country}_INVNT"] = -0.25 * final[:, at]
    columns["OUT"] = cube.sum(1) + final.sum(1)
    if change is not None:
        change(columns)
    frame = pl.DataFrame({"V1": labels, **columns})
    margins = {name: [None] * len(columns) for name in ("TLS", "VA", "OUT")}
    foot = pl.DataFrame(
        [[name, *values] for name, values in margins.items()], schema=frame.schema, orient="row"
    )
    path = folder / "2022_SML.csv"
    pl.concat([frame, foot]).write_csv(path)
    return path, economy, cube


def test_the_file_is_read_as_it_was_written(tmp_path):
    path, economy, cube = written(tmp_path)
    found = read(path, year=2022, least_value_added=LEAST)
    assert (found.name, found.year, found.unit) == ("2022_SML", 2022, "USD million")
    assert (found.countries, found.sectors) == (economy.countries, economy.sectors)
    assert_allclose(found.intermediate, economy.intermediate, rtol=1e-12)
    assert_allclose(found.final, economy.final, rtol=1e-12)
    assert_allclose(found.use.values.sum(), cube.sum(), rtol=1e-12)
    assert_allclose(found.output, economy.output, rtol=1e-12)
    assert float(found.tariff.sum()) == 0.0


def test_stocks_drawn_down_are_set_to_zero_and_stated(tmp_path):
    def draw_down(columns):
        columns["OUT"][0] -= 1.1 * columns["C01_HFCE"][0]
        columns["C01_INVNT"] = columns["C01_INVNT"].copy()
        columns["C01_INVNT"][0] -= 1.1 * columns["C01_HFCE"][0]

    path, _, _ = written(tmp_path, change=draw_down)
    found = read(path, year=2022, least_value_added=LEAST)
    assert float(found.final.sel(origin="C00", sector="S00", destination="C01")) == 0.0
    assert "set to zero" in found.assumptions[0]


def test_value_added_is_left_its_least_part(tmp_path):
    def eat(columns):
        more = 3.0 * columns["C00_S00"]
        columns["OUT"] = columns["OUT"] + more - columns["C00_S00"]
        columns["C00_S00"] = more

    path, _, _ = written(tmp_path, change=eat)
    found = read(path, year=2022, least_value_added=0.4)
    part = found.value_added / found.output
    assert_allclose(part.sel(country="C00", sector="S00"), 0.4, rtol=1e-9)
    assert "counted as final demand" in found.assumptions[1]


def test_missing_rows_and_columns_are_named_together(tmp_path):
    path, _, _ = written(tmp_path, change=lambda columns: columns.pop("C02_S01"))
    with pytest.raises(BadTable, match="1 columns are missing: C02_S01"):
        read(path, year=2022, least_value_added=LEAST)


def test_a_file_without_final_demand_is_refused(tmp_path):
    def strip(columns):
        for label in [label for label in columns if label.endswith(("HFCE", "INVNT"))]:
            del columns[label]

    path, _, _ = written(tmp_path, change=strip)
    with pytest.raises(BadTable, match="no column of final demand"):
        read(path, year=2022, least_value_added=LEAST)


def test_bad_numbers_are_counted_together(tmp_path):
    def spoil(columns):
        columns["C00_S00"] = columns["C00_S00"].copy()
        columns["C00_S00"][1] = -5.0
        columns["OUT"] = columns["OUT"] + np.array([7.0, 0, 0, 0, 0, 0])

    path, _, _ = written(tmp_path, change=spoil)
    with pytest.raises(BadTable) as caught:
        read(path, year=2022, least_value_added=LEAST)
    assert caught.value.faults[0] == "1 inputs are negative"
    assert "rows do not add up to OUT: C00_S00" in caught.value.faults[1]


def test_a_path_that_is_no_file_is_refused(tmp_path):
    with pytest.raises(BadTable, match="cannot be read"):
        read(tmp_path / "none.csv", year=2022, least_value_added=LEAST)
