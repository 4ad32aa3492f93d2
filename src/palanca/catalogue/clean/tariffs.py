"""What is levied, by law and at the counter."""

import datetime as dt
from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv
from palanca.catalogue.countries import countries
from palanca.catalogue.sources import tables

IMPORTER = "USA"  # every file of this module is that customs' own
TOTAL = {"TOTAL FOR ALL COUNTRIES": "WLD", "EUROPEAN UNION": "EUU"}
INSIDE_AGGREGATE = {"SLOVAKIA"}  # also inside the European Union's row
GROUPS = {"USMCA (NAFTA)"}  # no country
ADDED = "effective tariff"  # percent ADDED over 2024, whatever the name says


def codes(names: pl.Series) -> dict[str, str]:
    """Return the code of each country name of customs; groups without a code are left out."""
    known = {
        alias.upper(): item.iso3 for item in countries().values() for alias in (item.name.en, *item.aliases)
    }
    return {name: TOTAL.get(name) or known[name] for name in names.unique() if name not in GROUPS}


def customs_imports(raw: Path) -> pl.DataFrame:
    """Return imports for consumption and duties by partner, sector and month."""
    frame = pl.read_parquet(raw / "trade/census_us_imports/top30-NAICS-imports.parquet")
    known = codes(frame["CTY_NAME"])
    return (
        frame.filter(pl.col("CTY_NAME").is_in(list(known)))
        .select(
            importer=pl.lit(IMPORTER),
            partner=pl.col("CTY_NAME").replace_strict(known),
            sector="NAICS",
            month=pl.col("time").dt.strftime("%Y-%m"),
            imports_usd=pl.col("imports").round().cast(pl.Int64),
            duty_usd=pl.col("duty").round().cast(pl.Int64),
        )
        .sort("partner", "sector", "month")
    )


def statutory_tariffs(raw: Path) -> pl.DataFrame:
    """Return the statutory rate by partner and policy date: base of 2024, added, and their sum."""
    frame = csv(raw / "trade/tariff_tracker_waugh/country-by-time.csv")
    frame = frame.filter(~pl.col("country_name").is_in(list(INSIDE_AGGREGATE)))
    return frame.select(
        importer=pl.lit(IMPORTER),
        partner=pl.col("country_name").replace_strict(codes(frame["country_name"])),
        date="date",
        added_pct=ADDED,
        base_pct="2024 tariff",
        level_pct=pl.col(ADDED) + pl.col("2024 tariff"),
        imports_2024_usd=pl.col("total imports").round().cast(pl.Int64),
        scheduled=_scheduled("statutory_tariffs"),
    ).sort("partner", "date")


def statutory_tariff_daily(raw: Path) -> pl.DataFrame:
    """Return the import-weighted statutory level by day."""
    return (
        csv(raw / "trade/tariff_tracker_waugh/daily-tariff-latest-data.csv")
        .select(
            importer=pl.lit(IMPORTER),
            date="date",
            level_pct="import_weighted_avg_tariff",
            scheduled=_scheduled("statutory_tariff_daily"),
        )
        .sort("date")
    )


def _scheduled(table: str) -> pl.Expr:
    vintage: dt.date = tables()[table].vintage
    return pl.col("date") > vintage.isoformat()


def tariff_actions(raw: Path) -> pl.DataFrame:
    """Return the dated actions of the three lists; rows without a date are announcements and drop out."""
    return (
        csv(raw / "trade/derived_us_tariff_timeline.csv")
        .filter(pl.col("date").is_not_null())
        .sort("date", "layer", "reference", "description", nulls_last=True)
        .select(
            "date",
            "authority",
            "reference",
            "description",
            "layer",
            importer=pl.lit(IMPORTER),
            list="source",
        )
        .with_row_index("number", offset=1)
    )


def preference_use(raw: Path) -> pl.DataFrame:
    """Return the share of imports that claimed the trade preference."""
    return (
        csv(raw / "trade/tariff_budget_lab/derived_usmca_share_monthly.csv")
        .select(
            "month",
            importer=pl.lit(IMPORTER),
            partner="country",
            imports_usd=pl.col("total_value").cast(pl.Int64),
            claimed_usd=pl.col("usmca_value").cast(pl.Int64),
            claimed_pct=100 * pl.col("usmca_value") / pl.col("total_value"),
        )
        .sort("partner", "month")
    )


def preference_use_by_chapter(raw: Path) -> pl.DataFrame:
    """Return imports and what of them claimed the trade preference, by chapter of the Harmonized System."""
    return (
        csv(
            raw / "trade/tariff_budget_lab/derived_us_imports_mex_can_hs2_monthly_usmca.csv",
            schema_overrides={"hs2": pl.String},
        )
        .select(
            "month",
            importer=pl.lit(IMPORTER),
            partner="country",
            chapter="hs2",
            imports_usd=pl.col("total_value").cast(pl.Int64),
            claimed_usd=pl.col("usmca_value").cast(pl.Int64),
        )
        .sort("partner", "month", "chapter")
    )
