"""Exposure against published figures, identities, and what is not on file."""

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.catalogue import Catalogue, Unknown, countries, table
from palanca.exposure import concentration, customs, dependence, exposure, mirror
from palanca.exposure.records import record, rows

PRINTED = 0.05  # half of the last digit of the published figure
pairs = st.lists(st.sampled_from(sorted(countries())), min_size=2, max_size=2, unique=True)


@pytest.fixture(scope="module")
def mexico():
    return exposure("MEX", "USA")


def test_export_share_of_baci_2023(mexico):
    figure = mexico["export_share_pct"]
    assert figure.value == pytest.approx(77.1, abs=PRINTED)
    assert (figure.year, figure.table) == (2023, "trade_totals")


@pytest.mark.parametrize(
    ("name", "published", "tolerance"),
    [
        ("exports_usd", 459.1e9, 0.05e9),
        ("imports_usd", 292.8e9, 0.05e9),
        ("partner_imports_usd", 503.4e9, 0.05e9),
        ("duty_collected_year_pct", 0.25, 0.005),
        ("duty_collected_pct", 4.18, 0.005),
        ("duty_statutory_added_pct", 8.30, 0.005),
        ("duty_base_pct", 0.25, 0.005),
        ("exports_gdp_pct", 36.70, 0.005),
        ("remittances_gdp_pct", 3.7, PRINTED),
        ("gas_imports_pct", 100 * 64.3 / 97.1, 0.1),
    ],
)
def test_published_checks_of_the_sources(mexico, name, published, tolerance):
    assert mexico[name].value == pytest.approx(published, abs=tolerance)


def test_law_takes_about_twice_what_is_collected(mexico):
    law, collected = mexico["duty_statutory_pct"], mexico["duty_collected_pct"]
    assert law.period[:7] == collected.period == "2025-11"
    assert 1.9 < law.value / collected.value < 2.2  # "about twice"
    assert law.value == pytest.approx(
        mexico["duty_statutory_added_pct"].value + mexico["duty_base_pct"].value
    )


def test_paths_end_where_the_tables_do(mexico):
    assert mexico.series["duty_collected_pct"].periods[-1] == "2025-11"
    assert mexico.series["duty_statutory_pct"].periods[-1] == "2026-08"
    assert mexico.series["duty_statutory_pct"].values[-1] == mexico["duty_statutory_latest_pct"].value
    assert len(mexico.series["partner_imports_usd"].periods) == 155


def test_sectors_sum_to_all_products(mexico):
    books = customs.Books(table("customs_imports"), "USA", "MEX")
    months = tuple(books.rows()["month"].tail(12))
    total = books.total("imports_usd", months).value
    # Census publishes whole dollars per group; rounding differs by less than a dollar a cell
    assert sum(s.imports_usd.value for s in mexico.sectors) == pytest.approx(total, abs=12 * 32)
    assert sum(s.share_pct.value for s in mexico.sectors) == pytest.approx(100, abs=1e-4)


def test_both_directions_are_the_same_exposure(mexico):
    back = exposure("USA", "MEX")
    assert {name: f.value for name, f in mexico.reverse().figures.items()} == {
        name: f.value for name, f in back.figures.items()
    }


def test_missing_country_is_unknown_and_says_why():
    taiwan = exposure("TWN", "USA")
    assert isinstance(taiwan["export_hhi"].value, Unknown)
    assert "no row for Taiwan" in taiwan["export_hhi"].value.reason.en
    assert taiwan["export_share_pct"].table == "partner_shares", "the Factbook stands in for BACI"


def test_member_of_a_union_has_no_statutory_rate_of_its_own():
    assert isinstance(exposure("DEU", "USA")["duty_statutory_pct"].value, Unknown)
    assert exposure("EUU", "USA")["duty_statutory_pct"].value > 0


def test_as_of_uses_only_what_was_public():
    early = exposure("MEX", "USA", catalogue=Catalogue(date(2024, 12, 31)))
    assert isinstance(early["export_hhi"].value, Unknown), "BACI V202501 came out in January 2025"
    assert early["duty_collected_pct"].period == "2024-10"
    assert isinstance(early["duty_statutory_pct"].value, Unknown)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pairs)
def test_any_pair_measures_and_is_bounded(pair):
    found = exposure(*pair)
    for name, figure in found.figures.items():
        if isinstance(figure.value, Unknown):
            assert figure.value.reason.en
            assert figure.value.reason.es
        elif name.endswith("share_pct"):
            assert 0 < figure.value <= 100 + 1e-9, name  # a sum of shares may round up
        for place in filter(None, (figure.among, figure.past)):
            assert 0 <= place.percentile <= 100
    json.dumps(record(found))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pairs)
def test_identities_of_the_pair(pair):
    found = exposure(*pair)
    if isinstance(found["asymmetry_pp"].value, Unknown):
        return
    share, back = found["trade_share_pct"].value, found["partner_trade_share_pct"].value
    assert found["asymmetry_pp"].value == pytest.approx(share - back)
    assert found["asymmetry_pp"].value == pytest.approx(-found["partner_asymmetry_pp"].value)
    assert found["salience"].value == pytest.approx((share * back) ** 0.5 / 100)
    assert found["interdependence"].value == pytest.approx(found["salience"].value * found["symmetry"].value)
    for name in ("salience", "symmetry", "interdependence"):
        assert found[name].value == pytest.approx(found[mirror(name)].value)


def test_shares_of_every_country_sum_to_one_hundred():
    shares = concentration.shares(table("trade_totals"))
    for owner, column in (("exporter", "export_share_pct"), ("importer", "import_share_pct")):
        sums = shares.group_by(owner).agg(pl.col(column).sum())[column]
        assert sums.min() == pytest.approx(100)
        assert sums.max() == pytest.approx(100)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40))
def test_hhi_lies_between_equal_shares_and_one(values):
    shares = pl.Series(values) / sum(values)
    index = concentration.hhi(shares.to_numpy())
    assert 1 / len(values) - 1e-9 <= index <= 1 + 1e-9  # floating sums


@given(st.floats(0, 1), st.floats(0, 1))
def test_barbieri_by_hand(share, back):
    assert dependence.interdependence(share, back) == pytest.approx(
        (share * back) ** 0.5 * (1 - abs(share - back))
    )


def test_partial_year_is_never_a_year():
    months = [f"2024-{m:02d}" for m in range(1, 13)] + [f"2025-{m:02d}" for m in range(1, 12)]
    assert customs.last_full_year(pl.DataFrame({"month": months}))[-1] == "2024-12"


def test_every_row_of_the_record_has_value_unit_year_table_and_percentile(mexico):
    for name, figure in record(mexico).items():
        if name in {"country", "partner", "as_of", "series", "sectors", "partner_sectors"}:
            continue
        assert {"value", "unit", "year", "table", "percentile"} <= set(figure), name
    assert len(rows(mexico)) == len(mexico.figures)
