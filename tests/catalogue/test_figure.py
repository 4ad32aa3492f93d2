"""Figures: where a value stands, what is made of others, and the evidence under it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue.figure import Evidence, Figure, Series, combine, merge, standing
from palanca.catalogue.snapshot import table
from palanca.catalogue.thresholds import digest, threshold, thresholds
from palanca.catalogue.unknown import Unknown, unknown

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
OTHERS = st.lists(st.one_of(st.integers(-3, 3).map(float), NUMBERS), min_size=1)
PIECES = [Evidence("gdp", "gdp_usd", {"year": year}, "2026-03-20", "0" * 64) for year in range(4)]
LACKS = [unknown("not recorded", "no registrado"), unknown("no row", "sin fila")]


def figure(value: float | Unknown, period: str = "2023", *evidence: Evidence) -> Figure:
    return Figure("part", value, "usd", period, "gdp", evidence, "test")


@given(NUMBERS, OTHERS)
def test_percentile_lies_between_0_and_100(value: float, others: list[float]) -> None:
    found = standing(value, others)
    assert found is not None
    assert 0 <= found.percentile <= 100
    assert found.count == len(others)


@given(st.lists(NUMBERS, min_size=2), OTHERS)
def test_percentile_keeps_the_order(values: list[float], others: list[float]) -> None:
    ranks = [standing(value, others) for value in sorted(values)]
    assert all(low and high and low.percentile <= high.percentile for low, high in pairwise(ranks))


@given(NUMBERS, OTHERS)
def test_percentile_from_above_and_those_equal_are_the_rest(value: float, others: list[float]) -> None:
    below, above = standing(value, others), standing(-value, [-other for other in others])
    assert below is not None
    assert above is not None
    equal = 100 * others.count(value) / len(others)
    total = below.percentile + above.percentile + equal
    assert total == pytest.approx(100, rel=1e-12)  # three roundings of a double
    assert below.below == pytest.approx(sum(other < value for other in others))


@pytest.mark.parametrize(
    ("value", "others", "percentile"),
    [(2, [1, 2, 3, 4], 25), (5, [1, 2, 3], 100), (0, [1, 2, 3], 0), (1, [1], 0), (3, [1, 2, 3, 3], 50)],
)
def test_one_that_is_equal_is_not_lower(value: float, others: list[float], percentile: float) -> None:
    found = standing(value, others)
    assert found is not None
    assert found.percentile == percentile


def test_nothing_to_stand_among_is_no_standing() -> None:
    assert standing(1.0, []) is None
    assert standing(LACKS[0], [1.0, 2.0]) is None


@given(st.lists(st.one_of(NUMBERS, st.sampled_from(LACKS)), min_size=1, max_size=4))
def test_unknown_part_makes_the_whole_unknown_for_its_reason(values: list[float | Unknown]) -> None:
    whole = combine("whole", "usd", lambda *parts: max(parts), *map(figure, values), method="test.max")
    lacking = [value for value in values if isinstance(value, Unknown)]
    if lacking:
        assert whole.value is lacking[0]
    else:
        assert whole.value == max(value for value in values if not isinstance(value, Unknown))


def test_combined_figure_keeps_the_evidence_of_its_parts() -> None:
    first, second = figure(6, "2023", PIECES[0], PIECES[1]), figure(3, "2023-11", PIECES[1], PIECES[2])
    whole = combine("ratio", "one", lambda a, b: a / b, first, second, method="test.ratio")
    assert (whole.value, whole.unit, whole.period, whole.year) == (2, "one", "2023-11", 2023)
    assert whole.evidence == (PIECES[0], PIECES[1], PIECES[2])
    assert (whole.name, whole.table, whole.method) == ("ratio", "gdp", "test.ratio")


@given(NUMBERS)
def test_division_by_zero_is_unknown(value: float) -> None:
    whole = combine("ratio", "one", lambda a, b: a / b, figure(value), figure(0.0), method="test.ratio")
    assert isinstance(whole.value, Unknown)
    assert "zero" in whole.value.reason.en
    assert "cero" in whole.value.reason.es


@given(st.lists(st.lists(st.sampled_from(PIECES))))
def test_merged_evidence_holds_each_piece_once_and_in_order(groups: list[list[Evidence]]) -> None:
    merged = merge(groups)
    given_pieces = [piece for group in groups for piece in group]
    assert all(merged.count(piece) == 1 for piece in given_pieces)
    assert sorted(merged, key=given_pieces.index) == list(merged)
    assert merge([merged, merged]) == merged


def test_renaming_changes_the_name_only() -> None:
    before = figure(1.0, "2023", PIECES[0])
    after = before.rename("other")
    assert (before.name, after.name) == ("part", "other")
    assert after.rename("part") == before


def test_series_leaves_out_what_was_not_recorded() -> None:
    series = Series("deaths", "deaths", ("2020", "2021", "2022"), (1.0, None, 0.0), "opioid_deaths")
    assert series.known() == [("2020", 1.0), ("2022", 0.0)]


def test_figure_of_a_cell_says_where_it_was_read() -> None:
    trade = table("trade_totals")
    keys = {"exporter": "MEX", "importer": "USA", "year": 2023}
    read = trade.figure("exports", "trade_usd", **keys)
    assert (read.value, read.unit, read.period, read.year) == (459_146_171_569, "usd", "2023", 2023)
    assert read.evidence == (Evidence("trade_totals", "trade_usd", keys, "2025-01-31", trade.origin.sha256),)
    assert trade.rows(**read.evidence[0].keys)[read.evidence[0].column].item() == read.value


def test_figure_of_a_missing_row_names_the_row_in_both_languages() -> None:
    read = table("trade_totals").figure("exports", "trade_usd", exporter="MEX", importer="TWN", year=2023)
    assert isinstance(read.value, Unknown)
    assert "no row for Mexico, Taiwan, 2023" in read.value.reason.en
    assert "sin fila para México, Taiwán, 2023" in read.value.reason.es
    assert (read.period, read.year) == ("", None)


def test_empty_cell_is_unknown() -> None:
    gas = table("factbook_exposure").figure("gas", "gas_production_bcm", country="ABW")
    assert isinstance(gas.value, Unknown)


def test_a_tuple_of_keys_matches_any() -> None:
    rows = table("gdp").rows(country=("MEX", "USA"), year=(2022, 2023))
    assert rows.select("country", "year").rows() == [
        ("MEX", 2022), ("MEX", 2023), ("USA", 2022), ("USA", 2023),
    ]  # fmt: skip


@pytest.mark.parametrize("name", thresholds())
def test_threshold_is_a_figure_with_its_file_as_evidence(name: str) -> None:
    line = threshold(name)
    assert line.value == thresholds()[name].value
    assert [(piece.keys, piece.sha256) for piece in line.evidence] == [({"name": name}, digest())]
