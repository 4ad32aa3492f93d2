"""The tables of the world economy derived from raw files: our estimate, or the producer's own file."""

import gzip
from datetime import datetime

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from palanca.catalogue.codes import members, sectors
from palanca.economy import customs
from palanca.economy.collect import SALES, WHOLE, YEAR
from palanca.economy.derive import derivations, derived
from palanca.economy.duties import AGREEMENTS, FREE, RATES, WITHDRAWALS, agreed, free_trade, spread
from palanca.economy.readers import destinations, inputs
from palanca.economy.world import world_2022
from palanca.errors import BadTable

COUNTRIES = ("MEX", "CHN", "USA", "ROW")
FINE = tuple(members("icio_2025"))
DRAW = np.random.default_rng(7)
SHAPE = (len(COUNTRIES), len(FINE))
INPUTS = DRAW.lognormal(size=(*SHAPE, *SHAPE))
FINAL = 300 * DRAW.lognormal(size=(*SHAPE, len(COUNTRIES)))
PACT = {"iso3_1": "A", "iso3_2": "B", "base_treaty": "1", "entryforceyear": "1994", "type": FREE[0]}
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
    average_tariffs(tmp_path / "raw")
    return tmp_path / "raw"


def average_tariffs(raw):
    """Write what average tariffs are made of: one importer, one exporter, no agreement."""
    goods = [code for code in FINE if sectors()[members("icio_2025")[code][0]].goods]
    rows = [("MEX", "CHN", code, 10.0) for code in goods]
    files = {
        RATES: pl.DataFrame(rows, schema=["importer", "exporter", "sector", "tariff_pct"], orient="row"),
        AGREEMENTS: pl.DataFrame([PACT]).clear(),
        WITHDRAWALS: pl.DataFrame([PACT]).clear(),
    }
    for path, frame in files.items():
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        content = frame.write_csv().encode()
        (raw / path).write_bytes(gzip.compress(content) if path.endswith("gz") else content)
    (raw / SALES).parent.mkdir(parents=True)
    shape = (len(goods) + 1, len(COUNTRIES), len(COUNTRIES))
    labels = {"countries": np.array(COUNTRIES), "sectors": np.array([*goods, "services"])}
    np.savez_compressed(raw / SALES, X=np.ones(shape, dtype=np.float32), **labels)


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
    assert_allclose(tariff.sel(origin="CHN", destination="MEX", sector="AUT"), 0.1)
    assert float(tariff.sel(destination=["CHN", "ROW"]).sum()) == 0.0
    assert float(tariff.sel(origin="USA", destination=["CHN", "USA", "ROW"]).sum()) == 0.0


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


def test_free_trade_counts_both_ways_from_its_day_to_a_withdrawal(tmp_path):
    folder = tmp_path / "trade/trade_agreements_desta"
    folder.mkdir(parents=True)
    rows = [
        PACT,
        PACT | {"iso3_2": "C", "type": "partial scope"},
        PACT | {"iso3_2": "D", "entryforceyear": "2022"},
        PACT | {"iso3_1": "E", "base_treaty": "2"},
    ]
    with gzip.open(tmp_path / AGREEMENTS, "wb") as file:
        file.write(pl.DataFrame(rows).write_csv().encode())
    pl.DataFrame([PACT | {"iso3_1": "B", "iso3_2": "E", "base_treaty": "2"}]).write_csv(
        tmp_path / WITHDRAWALS
    )
    assert free_trade(tmp_path) == {("A", "B"), ("B", "A")}
    assert agreed(tmp_path, ("B", "A", "D")).tolist() == [
        [False, True, False],
        [True, False, False],
        [False] * 3,
    ]


def test_a_pair_takes_the_average_of_its_importer_with_or_without_free_trade():
    averages = pl.DataFrame(
        [("MEX", "AUT", True, 0.01), ("MEX", "AUT", False, 0.2)],
        schema=["importer", "sector", "free_trade", "rate"],
        orient="row",
    )
    free = np.zeros((4, 4), dtype=bool)
    free[2, 0] = free[0, 2] = True
    found = spread(averages, free, COUNTRIES)
    assert_allclose(found[:, list(sectors()).index("AUT"), 0], [0.0, 0.2, 0.01, 0.2])
    assert found.sum() == pytest.approx(0.41)


def test_sales_by_destination_are_merged_and_ordered(tmp_path):
    path, cells = tmp_path / "sales.npz", np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    labels = {"countries": np.array(["A", "B"]), "sectors": np.array(["x", "y", "services"])}
    np.savez_compressed(path, X=cells, **labels)
    found = destinations.read(path, ("B", "A"), {"x": "X", "y": "X"}, ("X",))
    # Cells are [sector, importer, exporter]; what A sells B is in the second row and first column.
    assert_allclose(found[1, :, 0], [cells[0, 1, 0] + cells[1, 1, 0], cells[2, 1, 0]])
    with pytest.raises(BadTable, match="for want of C"):
        destinations.read(path, ("A", "C"), {"x": "X", "y": "X"}, ("X",))
    rows = destinations.imports(path)
    assert rows.row(1) == ("x", "A", "B", 1.0)


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
