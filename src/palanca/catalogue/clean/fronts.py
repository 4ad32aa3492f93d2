"""What the pressure is about: crossings, drugs, deaths, violence."""

import calendar
from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv

PANEL_START, PANEL_END = "2020-01", "2025-08"  # longest run with at least 30 unbroken jurisdictions
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
FISCAL_START = 10  # the US fiscal year N starts in October of N - 1
BORDERS = {
    "Southwest Border": "southwest",
    "Northern Border": "northern",
    "Coastal/Interior": "coastal-interior",
}


def border_encounters(raw: Path) -> pl.DataFrame:
    """Return encounters at the southwest border by calendar month."""
    return (
        csv(raw / "politics/cbp_encounters/sw_border_monthly_2000_2026.csv")
        .select(
            "month",
            reporter=pl.lit("USA"),
            neighbour=pl.lit("MEX"),
            between_ports=pl.col("usbp_sw").cast(pl.Int64),
            at_ports=pl.col("ofo_sw").cast(pl.Int64),
            between_ports_of_neighbour=pl.col("usbp_sw_mexican").cast(pl.Int64),
            edition="source",
        )
        .sort("month")
    )


def drug_seizures(raw: Path) -> pl.DataFrame:
    """Return pounds and number of seizures by border, drug and calendar month."""
    folder = raw / "politics/cbp_drugs"
    parts = [
        csv(folder / name).with_columns(pl.col("FY").cast(pl.String))
        for name in ("nationwide-drugs-fy19-fy22.csv", "nationwide-drugs-fy23-fy26-apr.csv")
    ]
    number = pl.col("Month (abbv)").replace_strict(MONTHS, return_dtype=pl.Int32)
    fiscal = pl.col("FY").str.slice(0, 4).cast(pl.Int32)
    year = fiscal - (number >= FISCAL_START).cast(pl.Int32)
    return (
        pl.concat(parts)
        .select(
            reporter=pl.lit("USA"),
            border=pl.col("Region").replace_strict(BORDERS),
            drug=pl.col("Drug Type").str.to_lowercase().str.replace(r"\s*\(.*\)|\*+", ""),
            month=pl.format("{}-{}", year, number.cast(pl.String).str.zfill(2)),
            seized_lb=pl.col("Sum Qty (lbs)"),
            seizures=pl.col("Count of Event"),
        )
        .group_by("reporter", "border", "drug", "month")
        .agg(pl.col("seized_lb").sum().round(1), pl.col("seizures").sum())
        .sort("border", "drug", "month")
    )


def opioid_deaths(raw: Path) -> pl.DataFrame:
    """Return deaths in the twelve months that end in each month, on a constant panel and as stored."""
    folder = raw / "politics/us_overdose"
    areas = csv(folder / "state_synthetic_opioid_monthly_estimated.csv").select(
        area="state_abbr", month=pl.col("date").str.slice(0, 7), deaths="rolling_12mo_count"
    )
    areas = areas.filter(pl.col("deaths").is_not_null())
    window = pl.col("month").is_between(pl.lit(PANEL_START), pl.lit(PANEL_END))
    months = pl.col("month").filter(window).n_unique()
    full = (
        areas.group_by("area")
        .agg(months.alias("months"))
        .filter(pl.col("months") == pl.col("months").max())["area"]
    )
    panel = areas.filter(window, pl.col("area").is_in(full.to_list())).group_by("month")
    stored = csv(folder / "us_synthetic_opioid_monthly.csv").select(
        month=pl.col("date").str.slice(0, 7), deaths_reporting="count"
    )
    return (
        stored.join(areas.group_by("month").agg(reporting=pl.len()), on="month", how="full", coalesce=True)
        .join(panel.agg(deaths_panel=pl.col("deaths").sum(), panel=pl.len()), on="month", how="left")
        .select("month", "deaths_panel", "panel", "deaths_reporting", "reporting", reporter=pl.lit("USA"))
        .with_columns(pl.col("deaths_panel", "deaths_reporting").round().cast(pl.Int64))
        .sort("month")
    )


def crime_victims(raw: Path) -> pl.DataFrame:
    """Return victims by offence and month."""
    return (
        csv(raw / "politics/mexico_violence/sesnsp_victims_national_month_2015_2025.csv")
        .rename({"homicide_intentional": "intentional_homicide"})
        .with_columns(country=pl.lit("MEX"))
        .sort("month")
    )
