"""Risk in the news, and the kind of regime."""

from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv
from palanca.catalogue.clean.trade import known

REGIMES = {
    "row_vdem16": ("regime_class", "V-Dem v16"),
    "v2x_polyarchy": ("polyarchy", "V-Dem v15"),
    "v2x_libdem": ("liberal_democracy", "V-Dem v15"),
    "fh_total": ("freedom_total", "Freedom House 2025"),
    "lexical_index": ("lexical_index", "LIED"),
}


def geopolitical_risk(raw: Path) -> pl.DataFrame:
    """Return the share of articles by country and month."""
    frame = csv(raw / "politics/gpr/gpr_monthly_by_country.csv")
    columns = [column for column in frame.columns if column.startswith("GPRC_")]
    return (
        frame.unpivot(columns, index="month", variable_name="country", value_name="gpr_pct")
        .with_columns(pl.col("country").str.strip_prefix("GPRC_"))
        .filter(pl.col("gpr_pct").is_not_null())
        .select("country", "month", "gpr_pct")
        .sort("country", "month")
    )


def regimes(raw: Path) -> pl.DataFrame:
    """Return each measure with the edition it was taken from."""
    frame = csv(raw / "politics/regimes/regimes_1990_2025.csv")
    parts = [
        frame.select(
            country="iso3",
            year=pl.col("year").cast(pl.Int16),
            measure=pl.lit(measure),
            edition=pl.lit(edition),
            value=pl.col(column).cast(pl.Float64, strict=False),
        )
        for column, (measure, edition) in REGIMES.items()
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("value").is_not_null(), known("country"))
        .sort("country", "measure", "edition", "year")
    )
