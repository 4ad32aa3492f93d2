"""A world economy as one long table, read and refused."""

import polars as pl
import pytest
from numpy.testing import assert_allclose
from readers_world import LEAST, long_table, small

from palanca.economy.readers.long import read
from palanca.errors import BadTable

ABOUT = {"name": "own", "year": 2020, "unit": "EUR", "least_value_added": LEAST}
WORLD = small()
ROWS = long_table(WORLD)


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet"])
def test_a_long_table_is_read_as_it_was_written(kind, tmp_path):
    source = ROWS.sample(fraction=1.0, shuffle=True, seed=1)
    path = tmp_path / f"own.{kind}"
    if kind == "csv":
        source.write_csv(path)
    elif kind == "parquet":
        source.write_parquet(path)
    found = read(source if kind == "frame" else path, **ABOUT)
    assert (found.name, found.year, found.unit) == ("own", 2020, "EUR")
    assert set(found.countries) == set(WORLD.countries)
    order = {
        "origin": list(WORLD.countries),
        "sector": list(WORLD.sectors),
        "destination": list(WORLD.countries),
    }
    assert_allclose(found.intermediate.sel(order), WORLD.intermediate, rtol=1e-12)
    assert_allclose(found.final.sel(order), WORLD.final, rtol=1e-12)


def test_absent_rows_stand_for_zero():
    rows = ROWS.filter(
        ~((pl.col("origin") == "C00") & (pl.col("destination") == "C01") & (pl.col("sector") == "S00"))
    )
    found = read(rows, **ABOUT)
    assert float(found.trade.sel(origin="C00", destination="C01", sector="S00")) == 0.0


FAULTS = {
    "columns are missing: use, value": lambda rows: rows.drop("use", "value"),
    "it has no rows": lambda rows: rows.clear(),
    "value holds String, not numbers": lambda rows: rows.with_columns(pl.col("value").cast(pl.String)),
    "sector holds no text": lambda rows: rows.with_columns(sector=1),
    "1 cells are empty": lambda rows: rows.with_columns(
        value=pl.when(pl.int_range(pl.len()) > 0).then("value")
    ),
    "1 rows repeat an origin": lambda rows: pl.concat([rows, rows.head(1)]),
    "use is neither a sector nor 'final': steel": lambda rows: rows.with_columns(
        use=pl.col("use").replace({"S01": "steel"})
    ),
    "countries that buy but never sell: C02": lambda rows: rows.filter(pl.col("origin") != "C02"),
    "no row of final demand": lambda rows: rows.filter(pl.col("use") != "final"),
    "1 inputs are negative": lambda rows: rows.with_columns(
        value=pl.when(pl.int_range(pl.len()) == 0).then(-1.0).otherwise("value")
    ),
    "1 cells of inputs are not numbers": lambda rows: rows.with_columns(
        value=pl.when(pl.int_range(pl.len()) == 0).then(float("nan")).otherwise("value")
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_that_cannot_be_used_is_refused(fault):
    with pytest.raises(BadTable) as caught:
        read(FAULTS[fault](ROWS), **ABOUT)
    assert any(fault in said for said in caught.value.faults)


def test_faults_of_labels_are_listed_together():
    rows = ROWS.with_columns(use=pl.col("use").replace({"S01": "steel"})).filter(pl.col("origin") != "C02")
    with pytest.raises(BadTable) as caught:
        read(rows, **ABOUT)
    assert len(caught.value.faults) == 2


def test_paths_that_are_no_table_are_refused(tmp_path):
    with pytest.raises(BadTable, match="cannot be read"):
        read(tmp_path / "none.csv", **ABOUT)
    (tmp_path / "bad.parquet").write_bytes(b"no table")
    with pytest.raises(BadTable, match="cannot be read as a table"):
        read(tmp_path / "bad.parquet", **ABOUT)
