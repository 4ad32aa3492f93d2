"""Whether exposure fell: verdicts by their thresholds, years that are missing, and a second reading."""

from datetime import date

import polars as pl
import pytest

from palanca.catalogue import Catalogue, Unknown, table
from palanca.response.measured import _concentration, _yearly
from palanca.response.structure import lines, structure


@pytest.fixture(scope="module")
def found():
    return structure(Catalogue(), "MEX", "USA", date(2016, 4, 5))


def named(found, name):
    return next(one for one in found.changes if one.name == name)


def test_sales_over_product_by_a_second_reading(found):
    """Imports of twelve months over GDP, read off the two tables without the code under test."""
    change = named(found, "sales_gdp_pct")
    for year, value in (
        (change.values.first, change.values.before),
        (change.values.last, change.values.after),
    ):
        customs = table("customs_imports").rows(importer="USA", partner="MEX", sector="00")
        sold = customs.filter(pl.col("month").str.starts_with(year))["imports_usd"]
        assert len(sold) == 12
        assert value == pytest.approx(
            100 * sold.sum() / table("gdp").cell("gdp_usd", country="MEX", year=int(year))
        )


def test_concentration_by_a_second_reading(found):
    change = named(found, "sector_hhi")
    customs = table("customs_imports").rows(importer="USA", partner="MEX")
    year = customs.filter(pl.col("month").str.starts_with("2024"), pl.col("sector") != "00")
    sums = year.group_by("sector").agg(pl.col("imports_usd").sum())["imports_usd"]
    assert change.values.last == "2024"
    assert change.values.after == pytest.approx(((sums / sums.sum()) ** 2).sum())


def test_part_in_imports_is_that_of_the_exposure(found):
    from palanca import exposure

    assert named(found, "import_share_pct").values.after == pytest.approx(
        exposure("MEX", "USA")["partner_imports_share_year_pct"].value
    )


def test_distance_is_between_the_points_on_file(found):
    points = table("ideal_points").rows(year=2015, country=("MEX", "USA")).sort("country")["point"].to_list()
    assert named(found, "vote_distance").values.before == pytest.approx(points[1] - points[0], abs=1e-3)


def test_every_verdict_is_its_threshold(found):
    for one in found.changes:
        if isinstance(one.values, Unknown):
            assert one.verdict == "unknown"
            assert one.among is None
        elif one.verdict == "unchanged":
            assert abs(one.values.change) < one.line.threshold
        else:
            sign = {"rose": 1, "fell": -1}[one.verdict]
            assert sign * one.values.change >= one.line.threshold


def test_measures_of_one_year_have_no_trend_and_say_which_year(found):
    for name, year in (("export_share_pct", "2023"), ("value_added_share_pct", "2022")):
        one = named(found, name)
        assert one.years == (year,)
        assert isinstance(one.values, Unknown)
        assert f"on file: {year}" in one.values.reason.en


def test_the_verdict_counts_only_exposure(found):
    assert sum(found.counts.values()) == sum(one.line.exposure != 0 for one in found.changes)
    assert named(found, "sales_gdp_pct").verdict == "rose"
    assert found.verdict == "rose"


def test_agreements_are_counted_as_agreements_to_the_last_year_on_file(found):
    values = named(found, "agreements").values
    rows = table("agreement_years").frame.filter(pl.col("country") == "MEX")
    later = rows.filter(pl.col("year") > 2015)
    # One with ten others and, with the parties of an earlier one, its successor: 2018 and 2020.
    assert later.select("year", "agreements", "renewed").rows() == [(2018, 1, 0), (2020, 1, 1)]
    assert values.after - values.before == 1
    assert values.after == rows["agreements"].sum() - rows["renewed"].sum()
    assert named(found, "agreements").years[-1] == "2020"


def test_any_date_may_be_asked():
    early = structure(Catalogue(), "MEX", "USA", date(1994, 1, 1))
    assert named(early, "vote_distance").values.first == "1993"
    assert "nothing up to 1 January 1994" in named(early, "sector_hhi").values.reason.en
    late = structure(Catalogue(), "MEX", "USA", date(2026, 1, 1))
    assert all(one.verdict == "unknown" for one in late.changes)
    assert late.verdict == "unknown"


def test_the_ledger_sets_the_date_where_it_opens_early_enough():
    assert structure(Catalogue(), "MEX", "USA").basis == "ledger"
    assert structure(Catalogue(), "CAN", "USA").since == lines().since.value


def test_a_pair_without_customs_is_unknown_not_zero():
    other = structure(Catalogue(), "KEN", "DEU", date(2010, 1, 1))
    assert isinstance(named(other, "sales_gdp_pct").values, Unknown)
    assert named(other, "vote_distance").verdict in ("fell", "rose", "unchanged")


def test_every_threshold_has_a_source():
    assert all(line.threshold > 0 and len(line.source) >= 20 for line in lines().measures.values())


def test_sums_are_taken_in_one_order():
    """Sums of floats depend on their order; another order on each run would give another brief."""
    customs = table("customs_imports")
    first, *others = (_concentration(_yearly.__wrapped__(customs, "USA")) for _ in range(6))
    assert all(other.equals(first) for other in others)
