"""Levels and trends of the matters that pressure is about."""

import pytest

from palanca.catalogue import Catalogue, table
from palanca.catalogue.parameters import parameters
from palanca.events import fronts
from palanca.events.fronts import Indicators


@pytest.fixture(scope="module")
def border():
    return {front.name: front for front in fronts("MEX", "USA")}


def test_fiscal_year_2024_of_the_border_patrol(border):
    months = table("border_encounters").rows(month=tuple(border["border_encounters"].series.periods))
    year = months.filter(months["month"].is_between("2023-10", "2024-09"))["between_ports"].sum()
    assert year == 1_530_523  # CBP, fiscal year 2024


def test_twelve_months_are_summed_and_dated_by_the_last(border):
    front = border["border_encounters"]
    assert front.last.value == sum(front.series.values[-12:])
    assert front.before.value == sum(front.series.values[-24:-12])
    assert front.last.period == front.series.periods[-1]
    assert front.change_pct.value == pytest.approx(100 * (front.last.value / front.before.value - 1))


def test_counts_of_twelve_months_are_never_added(border):
    front = border["opioid_deaths"]
    assert front.last.value == front.series.values[-1]
    assert front.before.value == front.series.values[-13]


def test_peak_is_the_largest_window(border):
    for front in border.values():
        assert front.peak.value >= front.last.value


def test_pair_without_indicators_has_only_risk_in_the_news():
    assert {front.indicator.front for front in fronts("FRA", "DEU")} == {"risk"}
    assert fronts("TUV", "NRU") == []


def test_order_of_the_pair_does_not_matter():
    assert {f.name for f in fronts("MEX", "USA")} == {f.name for f in fronts("USA", "MEX")}


def test_as_of_cuts_the_path():
    from datetime import date

    found = fronts("MEX", "USA", catalogue=Catalogue(date(2024, 7, 15)))
    assert next(f for f in found if f.name == "border_encounters").last.period == "2024-05"


def test_every_indicator_names_a_table_column_unit_and_source():
    for name, indicator in parameters("fronts", Indicators).root.items():
        assert indicator.column in table(indicator.table).frame.columns, name
        assert indicator.source
        assert indicator.caveat.en != indicator.caveat.es
