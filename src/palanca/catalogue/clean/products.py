"""What is imported, product by product, in the sectors of the world economy."""

from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv
from palanca.catalogue.clean.tariffs import IMPORTER, INSIDE_AGGREGATE, codes
from palanca.catalogue.codes import product_sectors

PRODUCT_DIGITS = 6
NEAREST = (10, 8, 6, 4)  # digits shared with a code whose sector is known; codes change every year
KEYS = ("importer", "partner", "hs6", "sector")


def product_imports(raw: Path) -> pl.DataFrame:
    """Return imports and duties of 2024 by partner, product and sector; what has no sector is left out."""
    folder = raw / "trade/us_imports_hs10_2024"
    frame = pl.read_parquet(folder / "us_imports_hs10_2024_51partners.parquet")
    frame = frame.filter(~pl.col("CTY_NAME").is_in(list(INSIDE_AGGREGATE)))
    known = codes(frame["CTY_NAME"])
    return (
        frame.join(_sectors(raw, frame["HS10"]), on="HS10")
        .join(_general_rates(raw), on=pl.col("HS10").str.slice(0, 8), how="left")
        .select(
            "sector",
            importer=pl.lit(IMPORTER),
            partner=pl.col("CTY_NAME").replace_strict(known),
            hs6=pl.col("HS10").str.slice(0, PRODUCT_DIGITS),
            imports_usd="imports",
            duty_usd="duty",
            general_duty_usd=pl.col("imports") * pl.col("rate").fill_null(0.0),
        )
        .group_by(KEYS)
        .agg(pl.col("imports_usd", "duty_usd", "general_duty_usd").sum())
        .with_columns(pl.col("general_duty_usd").round().cast(pl.Int64))
        .sort(KEYS)
    )


def _sectors(raw: Path, products: pl.Series) -> pl.DataFrame:
    """Return the sector of each HS10 code, or of the most common sector among the nearest codes."""
    listed = csv(raw / "trade/tariff_budget_lab/hs10_naics_crosswalk.csv.gz", schema_overrides={"hs10": str})
    naics = pl.col("naics").cast(str)
    listed = listed.with_columns(sector=naics.map_elements(_sector, return_dtype=pl.String))
    found = products.unique().to_frame("HS10").with_columns(sector=pl.lit(None, dtype=pl.String))
    for digits in NEAREST:
        near = (
            listed.group_by(pl.col("hs10").str.slice(0, digits).alias("near"), "sector")
            .len()
            .sort("near", "len", "sector", descending=[False, True, False], nulls_last=True)
            .unique("near", keep="first", maintain_order=True)
        )
        guess = near.select("near", guess="sector")
        found = found.join(guess, left_on=pl.col("HS10").str.slice(0, digits), right_on="near", how="left")
        found = found.select("HS10", sector=pl.coalesce("sector", "guess"))
    return found.filter(pl.col("sector") != "")


def _sector(naics: str) -> str:
    """Return the sector of a NAICS code by its longest listed beginning; empty where none is listed."""
    listed = product_sectors()
    beginnings = (naics[:length] for length in range(len(naics), 0, -1))
    return next((listed[part] for part in beginnings if part in listed), "")


def _general_rates(raw: Path) -> pl.DataFrame:
    """Return the ad valorem part of the general rate by HS8, a fraction."""
    path = raw / "trade/tariff_budget_lab/mfn_rates_2025.csv.gz"
    frame = csv(path, schema_overrides={"hs8": str}, null_values=["NA", ""])
    return frame.select(HS10="hs8", rate=pl.col("mfn_rate").cast(float)).unique("HS10").sort("HS10")
