"""A frame that is not what its source says is refused, with every fault in one error."""

import polars as pl
import pytest

from palanca.catalogue import checks
from palanca.catalogue.sources import tables
from palanca.errors import BadTable

FRAME = pl.DataFrame({"country": ["MEX", "USA"], "year": [2020, 2020], "gdp_usd": [1.0, 2.0]})


def refused(frame: pl.DataFrame) -> tuple[str, ...]:
    with pytest.raises(BadTable, match="gdp is not the table its source describes") as raised:
        checks.check(frame, tables()["gdp"].tables["gdp"], "gdp")
    return raised.value.faults


def test_frame_that_conforms_is_accepted() -> None:
    checks.check(FRAME, tables()["gdp"].tables["gdp"], "gdp")


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (FRAME.clear(), "it has no rows"),
        (FRAME.drop("gdp_usd"), "column gdp_usd is missing"),
        (FRAME.with_columns(region=1), "column region is not described"),
        (FRAME.cast({"gdp_usd": pl.String}), "column gdp_usd should hold numbers (usd), not String"),
        (FRAME.with_columns(gdp_usd=float("nan")), "column gdp_usd holds a number that is not finite"),
        (FRAME.with_columns(gdp_usd=float("-inf")), "column gdp_usd holds a number that is not finite"),
        (FRAME.with_columns(country=pl.lit("MEX")), "1 rows repeat a key (country, year)"),
        (FRAME.with_columns(gdp_usd=pl.lit(True)), "column gdp_usd"),
        (FRAME.with_columns(country=pl.lit(7)).head(1), "column country"),
        (FRAME.with_columns(country=pl.Series(["MEX", None])), "column country"),
    ],
    ids=[
        "no rows",
        "column missing",
        "column unknown",
        "text for number",
        "not a number",
        "infinite",
        "key twice",
        "flag for number",
        "number for word",
        "key empty",
    ],
)
def test_frame_that_does_not_conform_is_refused(frame: pl.DataFrame, fault: str) -> None:
    faults = refused(frame)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_faults_of_a_frame_are_listed_at_once() -> None:
    twice = FRAME.with_columns(country=pl.lit("MEX"), gdp_usd=float("nan"), year=pl.lit("then"))
    assert [fault.split(" ")[:2] for fault in refused(twice)] == [
        ["column", "year"],
        ["column", "gdp_usd"],
        ["1", "rows"],
    ]


def test_faults_of_shape_and_of_contents_are_listed_at_once() -> None:
    faults = refused(FRAME.drop("year").with_columns(region=1, gdp_usd=float("nan")))
    assert [fault.split(" ")[1] for fault in faults] == ["year", "region", "gdp_usd"]
