"""Tables as they were public on a day, and the tables of a user's own folder."""

import datetime as dt
import hashlib
import io
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue import snapshot
from palanca.catalogue.snapshot import Catalogue, cutoff, known_on, period_end, table
from palanca.catalogue.sources import tables
from palanca.catalogue.status import status
from palanca.errors import BadTable, MissingTable, PalancaError

SNAPSHOT = Path(str(files("palanca"))) / "data" / "snapshot"
DATED = sorted(name for name, source in tables().items() if source.tables[name].period)
DAYS = st.dates(dt.date(2012, 1, 1), dt.date(2027, 1, 1))

# As of a day


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2023", dt.date(2023, 12, 31)),
        ("2024-02", dt.date(2024, 2, 29)),
        ("2025-02", dt.date(2025, 2, 28)),
        ("2025-12", dt.date(2025, 12, 31)),
        ("2025-04-03", dt.date(2025, 4, 3)),
    ],
)
def test_period_ends_on_its_last_day(period: str, last: dt.date) -> None:
    assert period_end(period) == last


def test_baci_was_not_public_in_june_2024() -> None:
    assert table("trade_totals", as_of=dt.date(2024, 6, 1)).frame.is_empty()


@pytest.mark.parametrize(("day", "rows"), [(dt.date(2025, 1, 29), 0), (dt.date(2025, 1, 30), 25_398)])
def test_baci_becomes_public_396_days_after_its_year(day: dt.date, rows: int) -> None:
    assert table("trade_totals", as_of=day).frame.height == rows


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (dt.date(2025, 6, 28), "2025-03"),
        (dt.date(2025, 6, 29), "2025-04"),  # 60 days after 30 April
        (dt.date(2026, 1, 28), "2025-10"),
        (dt.date(2026, 1, 29), "2025-11"),
        (dt.date(2030, 1, 1), "2025-11"),
    ],
)
def test_customs_rows_end_at_the_month_and_its_lag(day: dt.date, month: str) -> None:
    assert table("customs_imports", as_of=day).last_period == month


def test_table_without_dates_is_public_from_its_vintage() -> None:
    whole = table("pair_distances")
    eve = whole.origin.vintage - dt.timedelta(days=1)
    assert table("pair_distances", as_of=eve).frame.is_empty()
    assert table("pair_distances", as_of=whole.origin.vintage).frame.equals(whole.frame)


@given(st.sampled_from(DATED), DAYS)
def test_no_row_is_shown_before_it_was_public(name: str, day: dt.date) -> None:
    shown, whole = table(name, as_of=day), table(name)
    column = whole.spec.period
    assert column is not None
    if day < whole.origin.vintage:
        assert all(known_on(period, whole.spec) <= day for period in shown.frame[column].unique())
        hidden = whole.frame.filter(~pl.col(column).is_in(shown.frame[column].unique().implode()))
        assert all(known_on(period, whole.spec) > day for period in hidden[column].unique())
    else:
        assert shown.frame.equals(whole.frame)


@given(st.sampled_from(["crime_victims", "drug_seizures", "regimes"]), DAYS, DAYS)
def test_what_is_known_only_grows(name: str, first: dt.date, second: dt.date) -> None:
    before, after = (table(name, as_of=day).frame for day in sorted([first, second]))
    assert before.join(after, on=before.columns, how="anti", nulls_equal=True).is_empty()


@pytest.mark.parametrize("name", sorted(tables()))
def test_default_shows_everything(name: str) -> None:
    assert Catalogue()[name].frame.equals(table(name).frame)


def test_default_is_the_latest_vintage_and_not_today() -> None:
    assert Catalogue().as_of == cutoff() == max(source.vintage for source in tables().values())


def test_unknown_table_is_answered_with_the_known_ones() -> None:
    with pytest.raises(MissingTable, match=r"No table is called 'gpd'\. Known: .*border_encounters, .*gdp"):
        table("gpd")


def test_status_tells_age_and_origin_of_every_table() -> None:
    held = {item.table: item for item in status(dt.date(2026, 4, 1))}
    assert list(held) == sorted(tables())
    gdp = held["gdp"].as_dict()
    assert (gdp["vintage"], gdp["age_days"], gdp["rows"]) == ("2026-03-20", 12, 11_193)
    assert (gdp["last_period"], gdp["source"], gdp["local"]) == ("2023", "wdi_gdp", False)


# The user's own folder

OWN = pl.DataFrame({"country": ["MEX", "USA"], "year": [2024, 2024], "gdp_usd": [1.9e12, 29e12]})


def put(folder: Path, content: bytes | pl.DataFrame, name: str = "gdp") -> Path:
    path = folder / "tables" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content.write_parquet(path)
    return path


def test_own_table_takes_precedence_and_says_so(user_folder: Path) -> None:
    path = put(user_folder, OWN)
    held = table("gdp")
    assert held.frame.equals(OWN)
    assert held.origin.local
    assert held.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not table("trade_totals").origin.local
    assert [item.table for item in status(cutoff()) if item.local] == ["gdp"]


def test_own_table_is_cut_at_the_day_asked_for(user_folder: Path) -> None:
    put(user_folder, OWN.with_columns(year=pl.Series([2022, 2023])))
    shown = [table("gdp", as_of=dt.date(2024, 7, day)).frame["year"].to_list() for day in (17, 18)]
    assert shown == [[2022], [2022, 2023]]  # 18 July is the 200th day after 2023


def test_other_files_of_the_folder_are_no_matter(user_folder: Path) -> None:
    put(user_folder, b"", "something")
    assert not table("gdp").origin.local


def test_a_folder_in_place_of_a_table_is_refused(user_folder: Path) -> None:
    (user_folder / "tables" / "gdp.parquet").mkdir(parents=True)
    with pytest.raises(BadTable, match="Is a directory"):
        table("gdp")


def test_cells_that_cannot_be_are_all_listed(user_folder: Path) -> None:
    wrong = pl.DataFrame({"exporter": ["FRA", "XXX"], "importer": ["DEU", "MEX"], "year": [2023, 2023]})
    put(user_folder, wrong.with_columns(trade_usd=pl.Series([None, -1.0])), "trade_totals")
    with pytest.raises(BadTable) as raised:
        table("trade_totals")
    assert sorted(raised.value.faults) == [
        "1 cells of trade_usd are negative (usd)",
        "exporter holds codes of no country: XXX",
        "trade_usd is empty in 1 of 2 rows; leave a row out where nothing is known",
    ]


def test_an_impossible_month_is_no_month(user_folder: Path) -> None:
    good = pl.read_parquet(SNAPSHOT / "border_encounters.parquet")
    month = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("2025-13")).otherwise(pl.col("month"))
    put(user_folder, good.with_columns(month=month), "border_encounters")
    with pytest.raises(BadTable, match="month holds no month: 2025-13"):
        table("border_encounters")


UNREADABLE: dict[str, Callable[[], bytes | pl.DataFrame]] = {
    "empty file": lambda: b"",
    "text": lambda: b"country,year,gdp_usd\nMEX,2024,1\n",
    "only the mark of Parquet": lambda: b"PAR1",
    "cut short": lambda: (SNAPSHOT / "gdp.parquet").read_bytes()[:30_000],
    "no rows": OWN.clear,
    "no columns": lambda: pl.DataFrame(),
    "a column missing": lambda: OWN.drop("gdp_usd"),
    "another table": lambda: (SNAPSHOT / "regimes.parquet").read_bytes(),
    "text for number": lambda: OWN.cast({"gdp_usd": pl.String}),
    "key twice": lambda: pl.concat([OWN, OWN]),
    "not a number": lambda: OWN.with_columns(gdp_usd=float("nan")),
    "year empty": lambda: OWN.with_columns(year=pl.Series([2024, None])),
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unusable_own_table_is_refused_and_says_what_to_do(
    make: Callable[[], bytes | pl.DataFrame], user_folder: Path
) -> None:
    path = put(user_folder, make())
    with pytest.raises(BadTable, match=r"^gdp\b") as raised:
        table("gdp", as_of=dt.date(2025, 1, 1))
    assert str(path) in str(raised.value)
    assert "Delete it" in str(raised.value)
    assert "palanca data fetch wdi_gdp" in str(raised.value)


def test_faults_of_an_own_table_are_listed_at_once(user_folder: Path) -> None:
    own = pl.concat([OWN, OWN]).with_columns(year=pl.lit("then"), gdp_usd=float("inf"))
    put(user_folder, own)
    with pytest.raises(BadTable) as raised:
        table("gdp")
    assert [fault.split()[:2] for fault in raised.value.faults] == [
        ["column", "year"], ["column", "gdp_usd"], ["2", "rows"],
    ]  # fmt: skip


def test_own_table_that_may_not_be_read_is_refused(
    user_folder: Path,
    without_privilege: Callable[[], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(user_folder, OWN).chmod(0)
    user_folder.chmod(0o755)
    monkeypatch.chdir(user_folder)
    monkeypatch.setenv("PALANCA_DATA", ".")
    with without_privilege(), pytest.raises(PalancaError, match=r"gdp\.parquet"):
        table("gdp")


def test_flipped_bit_never_breaks_the_reader(user_folder: Path) -> None:
    good = (SNAPSHOT / "opioid_deaths.parquet").read_bytes()
    draw = random.Random(5)  # some of these make polars panic, which is no Exception
    for _ in range(200):
        damaged = bytearray(good)
        damaged[draw.randrange(len(good))] ^= 1 << draw.randrange(8)
        put(user_folder, bytes(damaged), "opioid_deaths")
        assert_reads_or_refuses("opioid_deaths")


def assert_reads_or_refuses(name: str) -> None:
    snapshot.table.cache_clear()
    snapshot._read.cache_clear()
    try:
        table(name)
    except BadTable:
        return


def test_embedded_bytes_in_the_own_folder_read_the_same(user_folder: Path) -> None:
    embedded = (SNAPSHOT / "gdp.parquet").read_bytes()
    put(user_folder, embedded)
    assert table("gdp").frame.equals(pl.read_parquet(io.BytesIO(embedded)))
