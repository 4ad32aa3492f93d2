"""The tables of the world economy derived from raw files: our estimate, or the producer's own file."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue.codes import members, sectors
from palanca.economy import customs
from palanca.economy.collect import WHOLE, YEAR, goods_trade, rest_product
from palanca.economy.derive import derivations, derived
from palanca.economy.readers import inputs
from palanca.economy.world import world_2022
from palanca.errors import BadTable

COUNTRIES = ("MEX", "CHN", "USA", "ROW")
FINE = tuple(members("icio_2025"))
DRAW = np.random.default_rng(7)
SHAPE = (len(COUNTRIES), len(FINE))
INPUTS = DRAW.lognormal(size=(*SHAPE, *SHAPE))
FINAL = 300 * DRAW.lognormal(size=(*SHAPE, len(COUNTRIES)))
PARTNERS = {"CHINA": ("CHN", 0.2), "MEXICO": ("MEX", 0.01), "TOTAL FOR ALL COUNTRIES": ("WLD", 0.0)}


@pytest.fixture
def raw(tmp_path):
    """Return a folder with the producer's own file and a customs table, both small."""
    path = tmp_path / "raw" / WHOLE
    path.parent.mkdir(parents=True)
    own_file().write_csv(path)
    census = tmp_path / "raw" / "trade/census_us_imports/top30-NAICS-imports.parquet"
    census.parent.mkdir(parents=True)
    customs_file().write_parquet(census)
    return tmp_path / "raw"


def own_file():
    labels = [f"{country}_{sector}" for country in COUNTRIES for sector in FINE]
    cells = INPUTS.reshape(len(labels), -1)
    final = FINAL.reshape(len(labels), -1)
    columns = {label: cells[:, at] for at, label in enumerate(labels)}
    columns |= {f"{country}_HFCE": final[:, at] for at, country in enumerate(COUNTRIES)}
    columns["OUT"] = cells.sum(1) + final.sum(1)
    frame = pl.DataFrame({"V1": labels, **columns})
    rows = [[name, *[None] * len(columns)] for name in ("TLS", "VA", "OUT")]
    return pl.concat([frame, pl.DataFrame(rows, schema=frame.schema, orient="row")])


def customs_file():
    rows = [
        (name, sector, datetime(2024, 5, 1), 1000.0, 1000.0 * rate)
        for name, (_, rate) in PARTNERS.items()
        for sector in ("311", "336")
    ]
    return pl.DataFrame(rows, schema=["CTY_NAME", "NAICS", "time", "imports", "duty"], orient="row")


def test_the_producers_own_file_replaces_the_estimate(raw):
    found = derived(raw)
    assert set(found.economy.countries) == set(COUNTRIES)
    assert found.economy.sectors == tuple(sectors())
    said = " ".join(statement for _, statement in found.said)
    assert "as the OECD reports it" in said
    assert "estimate" not in said
    crops = [at for at, code in enumerate(FINE) if members("icio_2025")[code] == ("AGR",)]
    flow = found.economy.final.sel(origin="MEX", sector="AGR", destination="CHN")
    assert float(flow) == pytest.approx(FINAL[0, crops, 1].sum())
    assert float(found.economy.output.sum()) == pytest.approx(INPUTS.sum() + FINAL.sum())


def test_duties_are_set_apart_from_value_added(raw):
    tariff = derived(raw).economy.tariff
    assert_allclose(tariff.sel(origin="CHN", destination="USA", sector=["FOO", "AUT", "OTR"]), 0.2)
    assert_allclose(tariff.sel(origin="MEX", destination="USA", sector="FOO"), 0.01)
    assert float(tariff.sel(destination=["MEX", "CHN", "ROW"]).sum()) == 0.0
    assert float(tariff.sel(origin="USA").sum()) == 0.0


def test_its_tables_in_the_users_folder_become_the_world(raw, user_folder):
    (user_folder / "tables").mkdir(parents=True)
    for name, table in derivations().items():
        table(raw).write_parquet(user_folder / "tables" / f"{name}.parquet")
    world_2022.cache_clear()
    try:
        world = world_2022()
    finally:
        world_2022.cache_clear()
    expected = derived(raw).economy
    assert world.countries == ("CHN", "MEX", "USA", "ROW")
    order = {"origin": list(world.countries), "destination": list(world.countries)}
    # Tables keep five significant digits.
    assert_allclose(world.final, expected.final.sel(order).transpose(*world.final.dims), rtol=1e-4)
    assert any("as the OECD reports it" in line for line in world.assumptions)


def test_tables_of_one_call_share_one_derivation(raw):
    tables = derivations()
    tables["world_flows"](raw)
    (raw / WHOLE).unlink()
    assert tables["world_inputs"](raw).height == len(COUNTRIES) * len(sectors()) ** 2


def test_partners_without_entries_pay_the_average_of_all_others():
    frame = pl.DataFrame(
        {
            "importer": "USA",
            "partner": ["CHN", "MEX", "WLD"],
            "sector": "311",
            "month": "2022-01",
            "imports_usd": [100, 200, 500],
            "duty_usd": [20, 2, 42],
        }
    )
    found = customs.entries(frame, YEAR, COUNTRIES)
    rates = customs.rates(found, COUNTRIES)
    food = list(sectors()).index("FOO")
    assert_allclose(rates[:, food, 2], [0.01, 0.2, 0.0, 0.1])  # 20 of the 200 from nobody named
    totals = list(customs.known_imports(found, COUNTRIES[:-1]))
    assert [(total.name, total.value) for total in totals] == [
        ("USA from CHN: FOO", 1e-4),
        ("USA from MEX: FOO", 2e-4),
    ]


def test_goods_trade_puts_all_others_last_and_knows_who_is_silent():
    totals = pl.DataFrame(
        {
            "exporter": ["MEX", "CUB", "MEX"],
            "importer": ["USA", "USA", "HTI"],
            "trade_usd": [5_000_000, 1_000_000, 2_000_000],
        }
    )
    found = goods_trade(totals, ("MEX", "TWN", "USA"))
    assert found[0, 2] == 5.0
    assert found[0, 3] == 2.0
    assert found[3, 2] == 1.0
    assert np.isnan(found[1]).all()
    assert np.isnan(np.diagonal(found)).all()
    product = pl.DataFrame(
        {"country": ["CUB", "CUB", "MEX"], "year": [2019, 2020, 2022], "gdp_usd": [1, 3_000_000, 9_000_000]}
    )
    assert rest_product(product, totals, ("MEX", "TWN", "USA")) == 3.0


def arrays(path, **change):
    """Write inputs of two countries and two sectors, sector-major, as compressed arrays."""
    parts = {
        "data": np.arange(1.0, 17.0, dtype=np.float32),
        "indices": np.tile(np.arange(4, dtype=np.uint16), 4),
        "indptr": np.arange(0, 17, 4, dtype=np.int32),
        "shape": np.array([4, 4]),
        "go": np.array([100.0, 200.0, 300.0, 400.0]),
        "countries": np.array(["A", "B"]),
        "sectors": np.array(["x", "y"]),
    }
    np.savez_compressed(path, **(parts | change))
    return path


def test_inputs_are_merged_by_sector(tmp_path):
    path = arrays(tmp_path / "inputs.npz")
    apart = inputs.read(path, {"x": "X", "y": "Y"}, ("Y", "X"))
    assert_allclose(apart.output, [[300, 100], [400, 200]])
    # Row x of A sells 1, 2, 3, 4 to x of A, x of B, y of A, y of B.
    assert_allclose(apart.intermediate[0, 1], [1 + 3, 2 + 4])
    assert_allclose(apart.use[0, 1], [3 + 7, 1 + 5])
    merged = inputs.read(path, {"x": "X", "y": "X"}, ("X",))
    assert_allclose(merged.intermediate.sum(), np.arange(1, 17).sum())
    assert_allclose(merged.use.sum(), np.arange(1, 17).sum())


def test_inputs_that_cannot_be_used_are_refused(tmp_path):
    with pytest.raises(BadTable, match="no group for the sectors y"):
        inputs.read(arrays(tmp_path / "inputs.npz"), {"x": "X"}, ("X",))
    (tmp_path / "bad.npz").write_bytes(b"<html>")
    with pytest.raises(BadTable, match=r"bad\.npz is not the OECD's inputs"):
        inputs.read(tmp_path / "bad.npz", {"x": "X"}, ("X",))
