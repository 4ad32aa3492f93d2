"""Every source description, and every table it promises."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from palanca.catalogue import checks
from palanca.catalogue.countries import countries
from palanca.catalogue.snapshot import period_end, table
from palanca.catalogue.sources import Source, parse, sources, tables
from palanca.errors import BadSource

DATA = Path(str(files("palanca"))) / "data"
GDP = (DATA / "sources" / "wdi_gdp.yaml").read_text("utf-8")
LARGEST_SNAPSHOT = 20_000_000  # bytes; the design allows 20 MB
WORDS = {"iso3", "code", "text", "month", "date"}
BARE = {"year", "flag", "one"}  # numbers that are never printed with a unit of their own
ECHO = "files: Tuple should have at least 1 item"  # pydantic's, when the only file has a fault
GROUPS = {"EUU", "WLD"}  # partners that are no country

Description = dict[str, Any]


def described(fault: Callable[[Description], object]) -> str:
    """Return the description of GDP with a fault planted."""
    description = yaml.safe_load(GDP)
    fault(description)
    return yaml.safe_dump(description)


def spec(description: Description) -> Description:
    return description["tables"]["gdp"]


FAULTS: dict[str, Callable[[Description], object]] = {
    "publisher: ": lambda d: d.update(publisher=""),
    "title.es: ": lambda d: d["title"].update(es="  "),
    "citation: Field required": lambda d: d.pop("citation"),
    "vintage_basis: ": lambda d: d.update(vintage_basis=""),
    "licence.name: Field required": lambda d: d["licence"].pop("name"),
    "licence.ship: ": lambda d: d["licence"].update(ship="everything"),
    "colour: Extra inputs": lambda d: d.update(colour="red"),
    "address: ": lambda d: d.update(address="the library"),
    "vintage: ": lambda d: d.update(vintage="last spring"),
    "files.0.sha256: ": lambda d: d["files"][0].update(sha256="F0A8"),
    "files.0.size: ": lambda d: d["files"][0].update(size=0),
    "files.0.url: ": lambda d: d["files"][0].update(url="ftp://example.org/a"),
    "tables.gdp: Value error, keys without a column: region": lambda d: spec(d).update(
        keys=["country", "region"]
    ),
}
IN_THE_TABLE: dict[str, Callable[[Description], object]] = {
    "tables.gdp.lag_days: ": lambda d: spec(d).update(lag_days=-1),
    "tables.gdp.columns.year.unit: ": lambda d: spec(d)["columns"]["year"].update(unit=""),
    "tables.gdp.confidence.level: ": lambda d: spec(d)["confidence"].update(level="certain"),
    "tables.gdp.keys: ": lambda d: spec(d).update(keys=[]),
    "tables.gdp.period: Field required": lambda d: spec(d).pop("period"),
}


def assert_lists(error: BadSource, expected: list[str]) -> None:
    assert "data/sources/gdp.yaml cannot be used" in str(error)
    faults = [fault for fault in error.faults if not fault.startswith(ECHO)]
    assert [start for start in expected if not any(fault.startswith(start) for fault in faults)] == []
    assert len(faults) == len(expected)


@pytest.mark.parametrize("fault", [*FAULTS, *IN_THE_TABLE])
def test_fault_in_a_description_is_refused(fault: str) -> None:
    with pytest.raises(BadSource) as raised:
        parse("gdp", described({**FAULTS, **IN_THE_TABLE}[fault]))
    assert_lists(raised.value, [fault])


def plant(description: Description, faults: dict[str, Callable[[Description], object]]) -> None:
    for fault in faults.values():
        fault(description)


@pytest.mark.parametrize("faults", [FAULTS, IN_THE_TABLE], ids=["of the source", "of one table"])
def test_all_faults_are_listed_at_once(faults: dict[str, Callable[[Description], object]]) -> None:
    with pytest.raises(BadSource) as raised:
        parse("gdp", described(lambda description: plant(description, faults)))
    assert_lists(raised.value, list(faults))


def test_key_without_a_column_is_listed_beside_other_faults_of_its_table() -> None:
    def faults(description: Description) -> None:
        spec(description).update(keys=["country", "region"], lag_days=-1)

    with pytest.raises(BadSource) as raised:
        parse("gdp", described(faults))
    assert {fault.split(":")[0] for fault in raised.value.faults} == {"tables.gdp", "tables.gdp.lag_days"}


@pytest.mark.parametrize(
    "text",
    ["", "GDP", "[1, 2]", "a: b: c", "\x00", GDP.replace("vintage: 2026-03-20", "vintage: 2026-13-45")],
    ids=["empty", "words", "list", "not YAML", "not text", "impossible date"],
)
def test_text_that_describes_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadSource, match=r"data/sources/gdp\.yaml cannot be used"):
        parse("gdp", text)


def test_description_round_trips() -> None:
    assert parse("wdi_gdp", GDP) == sources()["wdi_gdp"]


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.name)
def test_source_is_cited_licensed_and_can_be_found(source: Source) -> None:
    assert source.licence.name
    assert source.licence.ship in (
        "whole",
        "derived",
        "statistics",
    )  # what is embedded must be allowed to ship
    assert source.citation
    ours = source.publisher.startswith("Palanca")  # then the package itself is where it is published
    assert ours or source.address
    assert dt.date(2010, 1, 1) < source.vintage < dt.date(2027, 1, 1)


def test_no_table_or_raw_file_has_two_sources() -> None:
    names = Counter(name for source in sources().values() for name in source.tables)
    paths = Counter(file.path for source in sources().values() for file in source.files)
    assert [name for name, times in [*names.items(), *paths.items()] if times > 1] == []


def test_snapshot_holds_what_is_described_and_is_small() -> None:
    held = list((DATA / "snapshot").iterdir())
    assert {path.name for path in held} == {f"{name}.parquet" for name in tables()}
    assert sum(path.stat().st_size for path in held) <= LARGEST_SNAPSHOT


@pytest.mark.parametrize("name", sorted(tables()))
def test_embedded_table_is_what_its_source_says(name: str) -> None:
    held = table(name)
    content = (DATA / "snapshot" / f"{name}.parquet").read_bytes()
    checks.check(held.frame, held.spec, name)
    assert held.frame.columns == list(held.spec.columns)
    assert held.origin.sha256 == hashlib.sha256(content).hexdigest()
    assert held.origin.vintage == tables()[name].vintage
    assert not held.origin.local


@pytest.mark.parametrize("name", sorted(tables()))
def test_columns_hold_what_their_units_say(name: str) -> None:
    units = yaml.safe_load((DATA / "parameters" / "units.yaml").read_text("utf-8"))
    held = table(name)
    for column, about in held.spec.columns.items():
        dtype = held.frame[column].dtype
        assert about.unit in {*units, *WORDS, *BARE}, column
        assert (dtype == pl.String) == (about.unit in WORDS - {"date"}) or about.unit == "date", column
        assert (dtype == pl.Boolean) == (about.unit == "flag"), column


@pytest.mark.parametrize("name", sorted(tables()))
def test_rows_have_whole_keys_and_a_date(name: str) -> None:
    held = table(name)
    assert held.frame.select(held.spec.keys).null_count().sum_horizontal().item() == 0
    if held.spec.period:
        ends = [period_end(str(period)) for period in held.frame[held.spec.period].unique()]
        assert min(ends) > dt.date(1900, 1, 1)


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_country_code_is_a_country_or_a_known_group(name: str) -> None:
    held = table(name)
    for column, about in held.spec.columns.items():
        allowed = set(countries()) | (GROUPS if about.unit == "code" else set())
        if about.unit == "iso3" or column == "partner":
            assert set(held.frame[column].unique()) <= allowed, column
