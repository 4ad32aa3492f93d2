"""The snapshot derived again from the publishers' raw files."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from polars.testing import assert_frame_equal

from palanca.catalogue.build import Built, build
from palanca.catalogue.clean import DERIVATIONS
from palanca.catalogue.sources import RawFile, sources, tables
from palanca.cli import every_derivation
from palanca.errors import BadTable, InputError, MissingRaw

SNAPSHOT = Path(str(files("palanca"))) / "data" / "snapshot"
SOLVED = {"simulated_measures", "power_2022", "diversification_2022", "unga"}  # minutes of computing
RAW = {file.path: name for name, source in sources().items() for file in source.files}
QUICK = [name for name in sources() if name not in SOLVED]
AGAIN = "import sys; from palanca.cli import app; app(sys.argv[1:])"
# Processors differ in the last bits of sums and exponentials. Where a derivation keeps five digits, a number
# on the edge between two of them then falls to the other side, and one in a thousand is plenty.
BITS, LAST_DIGIT, ON_EDGE = 1e-9, 1e-4, 1e-3


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def raw(shared: Path, tmp_path: Path) -> Path:
    """Return a folder of links to the raw files, any of which a test may replace."""
    better = [file.better for source in sources().values() for file in source.files if file.better]
    beside = [path.replace("votes_wide", "resolutions") for path in better if "unga" in path]
    for path in (path for path in (*RAW, *better, *beside) if (shared / path).exists()):
        link = tmp_path / "raw" / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shared / path)
    return tmp_path / "raw"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder that holds a table of an earlier build."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "gdp.parquet").write_bytes(b"earlier")
    return tmp_path / "out"


def untouched(out: Path) -> bool:
    return contents(out) == {"gdp.parquet": b"earlier"}


def test_tables_derived_from_raw_are_the_embedded_ones_and_another_process_derives_the_same_bytes(
    shared: Path, tmp_path: Path
) -> None:
    """To the byte on one machine, with one thread too; on another, as far as processors agree."""
    told: list[Built] = []
    built = build(shared, tmp_path / "out", only=QUICK, derivations=every_derivation(), done=told.append)
    derived = contents(tmp_path / "out")
    assert told == built
    assert [(item.table, item.size) for item in built] == [
        (name, len(derived[f"{name}.parquet"])) for name in sorted(tables()) if tables()[name].name in QUICK
    ]
    for name, content in derived.items():
        assert_same_but_for_the_processor(pl.read_parquet(content), pl.read_parquet(SNAPSHOT / name), name)
    assert by_another_process(QUICK, shared, tmp_path / "again") == derived


def by_another_process(chosen: Sequence[str], raw: Path, out: Path) -> dict[str, bytes]:
    plain = {**os.environ, "PYTHONHASHSEED": "20", "POLARS_MAX_THREADS": "1"}
    named = [word for name in chosen for word in ("--source", name)]
    arguments = ["data", "build", "--raw", str(raw), "--out", str(out), *named]
    subprocess.run([sys.executable, "-W", "error", "-c", AGAIN, *arguments], env=plain, check=True)
    return contents(out)


def assert_same_but_for_the_processor(derived: pl.DataFrame, held: pl.DataFrame, name: str) -> None:
    assert_frame_equal(derived, held, rel_tol=LAST_DIGIT, abs_tol=BITS)
    for column in derived.select(cs.float()).columns:
        one, other = (frame[column].fill_nan(None).cast(pl.Float64) for frame in (derived, held))
        off = ((one - other).abs() > BITS * other.abs()).sum()
        assert off <= ON_EDGE * len(one), f"{name}: {column}"


@pytest.mark.parametrize(
    "file",
    [file for source in sources().values() for file in source.files if file.sha256],
    ids=lambda file: file.path,
)
def test_raw_file_is_the_one_described(file: RawFile, shared: Path) -> None:
    content = (shared / file.path).read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size)


def test_one_source_derives_its_tables_only(shared: Path, tmp_path: Path) -> None:
    built = build(shared, tmp_path / "new" / "out", only=["factbook"])
    assert [item.table for item in built] == ["factbook_exposure", "partner_shares"]
    assert set(contents(tmp_path / "new" / "out")) == {f"{item.table}.parquet" for item in built}


def test_tables_without_a_derivation_are_left_alone(shared: Path, tmp_path: Path, out: Path) -> None:
    few = {name: DERIVATIONS[name] for name in ("factbook_exposure", "partner_shares", "gdp", "trade_totals")}
    built = build(shared, tmp_path / "new", derivations=few)
    assert {item.table for item in built} == set(few)
    with pytest.raises(InputError, match="Tables of world_2022 have no derivation here"):
        build(shared, out, only=["world_2022"])
    assert untouched(out)


def test_unknown_sources_are_all_named(out: Path) -> None:
    with pytest.raises(InputError, match=r"No source is called bacci, wdi\. Known: baci_2023, .*wdi_ratios"):
        build(out, out, only=["bacci", "wdi_gdp", "wdi"])
    assert untouched(out)


def test_missing_raw_files_are_all_listed(tmp_path: Path, out: Path) -> None:
    with pytest.raises(MissingRaw, match=f"lacks {len(RAW)} raw files.*palanca data fetch") as raised:
        build(tmp_path / "nowhere", out, derivations=every_derivation())
    assert raised.value.faults == tuple(RAW)
    assert untouched(out)


def test_one_missing_raw_file_stops_every_table(raw: Path, out: Path) -> None:
    path = "trade/baci2023_totals/country_labels.csv"
    (raw / path).unlink()
    with pytest.raises(MissingRaw) as raised:
        build(raw, out)
    assert raised.value.faults == (path,)
    assert untouched(out)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not text": lambda _: random.Random(20).randbytes(3000),
    "a page": lambda _: b"<html>\n<body>404</body>\n</html>\n",
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("path", RAW)
def test_broken_raw_file_is_refused(
    path: str, breaking: Callable[[bytes], bytes], raw: Path, out: Path
) -> None:
    assert_refused(path, breaking, raw, out)


@pytest.mark.parametrize(
    "path",
    [
        "politics/mexico_violence/sesnsp_victims_national_month_2015_2025.csv",
        "trade/census_us_imports/top30-NAICS-imports.parquet",
        "trade/gravity_cepii_geodist/dist_cepii.csv.gz",
    ],
)
def test_raw_file_cut_short_is_refused(path: str, raw: Path, out: Path) -> None:
    assert_refused(path, lambda content: content[: len(content) // 2], raw, out)


def assert_refused(path: str, breaking: Callable[[bytes], bytes], raw: Path, out: Path) -> None:
    [file] = [file for file in sources()[RAW[path]].files if file.path == path]
    content = (raw / path).read_bytes() if (raw / path).exists() else b""
    for held in filter(None, (path, file.better)):
        (raw / held).unlink(missing_ok=True)  # a better file would stand in for the broken one
    (raw / path).parent.mkdir(parents=True, exist_ok=True)
    (raw / path).write_bytes(breaking(content))
    with pytest.raises(BadTable, match="|".join(sources()[RAW[path]].tables)):
        build(raw, out, only=[RAW[path]], derivations=every_derivation())
    assert untouched(out)
