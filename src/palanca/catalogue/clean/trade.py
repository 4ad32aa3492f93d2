"""Trade, output and distance."""

from functools import reduce
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv
from palanca.catalogue.countries import countries

BACI_YEAR = 2023
BACI_UNIT_USD = 1000  # the file is in thousands
SUCCESSORS = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE"}  # GeoDist keeps the codes of 2011
OWN_CODES = {"KOS": "XKX", "NLD_CURACAO": "CUW", "OWID_KOS": "XKX"}  # codes that only one publisher uses
USD_PER_MILLION = 1_000_000
INCLUDES_CHINA, WITH_CHINA = "includes 10 percent on China", "with 10 percent on China"
GAS_YEAR = 2023  # the file gives gas for one year and no column for it


def known(column: str) -> pl.Expr:
    """Keep rows whose code is a country: aggregates such as WLD or OED drop out."""
    return pl.col(column).is_in(list(countries()))


def trade_totals(raw: Path) -> pl.DataFrame:
    """Return the matrix of pair totals as a list; the row of the file is the exporter."""
    folder = raw / "trade/baci2023_totals"
    codes = csv(folder / "country_labels.csv")["iso3"].to_list()
    matrix = csv(folder / "trade_cepii.csv")
    matrix.columns = codes
    return (
        matrix.with_columns(exporter=pl.Series(codes))
        .unpivot(index="exporter", variable_name="importer", value_name="thousand")
        .filter(pl.col("thousand") > 0, pl.col("exporter") != pl.col("importer"))
        .select(
            "exporter",
            "importer",
            year=pl.lit(BACI_YEAR, dtype=pl.Int16),
            trade_usd=(pl.col("thousand") * BACI_UNIT_USD).round().cast(pl.Int64),
        )
        .sort("exporter", "importer")
    )


def gdp(raw: Path) -> pl.DataFrame:
    """Return GDP by country and year."""
    return (
        csv(raw / "trade/macro_gapminder_wdi/gdp_current_usd_datasets_gdp.csv")
        .select(
            country="Country Code",
            year=pl.col("Year").cast(pl.Int16),
            gdp_usd=pl.col("Value").round().cast(pl.Int64),
        )
        .filter(known("country"))
        .sort("country", "year")
    )


def trade_ratios(raw: Path) -> pl.DataFrame:
    """Return exports, imports and merchandise trade over GDP by country and year."""
    parts = {
        "exports_gdp_pct": "exports_percent_of_gdp",
        "imports_gdp_pct": "imports_percent_of_gdp",
        "trade_gdp_pct": "merchandise_trade_percent_of_gdp",
    }
    frames = [_gapminder(raw, file, column) for column, file in parts.items()]
    joined = reduce(
        lambda left, right: left.join(right, on=["country", "year"], how="full", coalesce=True), frames
    )
    return joined.filter(known("country")).sort("country", "year")


def _gapminder(raw: Path, file: str, column: str) -> pl.DataFrame:
    return csv(raw / f"trade/macro_gapminder_wdi/{file}.csv").select(
        country=pl.col("geo").str.to_uppercase().replace(OWN_CODES),
        year=pl.col("time").cast(pl.Int16),
        **{column: pl.col(file).cast(pl.Float64)},
    )


def factbook_exposure(raw: Path) -> pl.DataFrame:
    """Return remittances, gas and size by territory."""
    frame = csv(raw / "trade/macro_factbook/derived_factbook_exposure.csv")
    years = [pl.col(name).cast(pl.Int16) for name in ("remittances_year", "exports_year", "imports_year")]
    return (
        frame.with_columns(year=pl.max_horizontal(years).fill_null(2023))
        .filter(
            known("iso3"),
            pl.any_horizontal(
                pl.col("^(remittances_pct|exports_usd|imports_usd|gdp_usd|gas_).*$").is_not_null()
            ),
        )
        .select(
            "year",
            country="iso3",
            remittances_gdp_pct="remittances_pct_gdp",
            remittances_year=years[0],
            **{
                f"{flow}_usd": (pl.col(f"{flow}_usd_mn") * USD_PER_MILLION)
                for flow in ("exports", "imports", "gdp")
            },
            **{
                f"gas_{flow}_bcm": f"gas_{flow}_bcm"
                for flow in ("production", "consumption", "exports", "imports")
            },
            gas_year=pl.when(pl.any_horizontal(pl.col("^gas_.*$").is_not_null())).then(
                pl.lit(GAS_YEAR, dtype=pl.Int16)
            ),
        )
        .sort("country")
    )


def partner_shares(raw: Path) -> pl.DataFrame:
    """Return the five main partners of each territory."""
    return (
        csv(raw / "trade/macro_factbook/derived_factbook_partner_shares.csv")
        .select(
            "flow",
            country="iso3",
            partner=pl.when(pl.col("partner") == "St. Lucia").then(pl.lit("LCA")).otherwise("partner_iso3"),
            share_pct="share_pct",
            year=pl.col("year").cast(pl.Int16),
        )
        .filter(known("country"), known("partner"))
        .unique(["country", "flow", "partner"], keep="first", maintain_order=True)
        .sort("country", "flow", "share_pct", descending=[False, False, True])
    )


def pair_distances(raw: Path) -> pl.DataFrame:
    """Return each unordered pair once, the country whose code sorts first in front."""
    rename = pl.col("iso_o", "iso_d").replace(SUCCESSORS)
    return (
        csv(raw / "trade/gravity_cepii_geodist/dist_cepii.csv.gz", null_values=[".", "NA"])
        .with_columns(rename)
        .filter(pl.col("iso_o") < pl.col("iso_d"), known("iso_o"), known("iso_d"))
        .select(
            first="iso_o",
            second="iso_d",
            contiguous=pl.col("contig") == 1,
            common_language=pl.col("comlang_off") == 1,
            distance_km=pl.col("dist").cast(pl.Float32),
            distance_weighted_km=pl.col("distw").cast(pl.Float32),
        )
        .sort("first", "second")
    )


def trade_elasticities(raw: Path) -> pl.DataFrame:
    """Return the estimates of the studies on file, each in its own convention."""
    folder = raw / "trade/elasticities"
    fontagne = csv(folder / "fontagne_et_al_2020_gtap46.csv", null_values=["NaN", "NA"])
    caliendo = csv(folder / "caliendo_parro_2015_theta.csv")
    costinot = csv(
        folder / "costinot_rodriguezclare_2014_sectoral.csv",
        separator="\t",
        has_header=False,
        new_columns=["n", "v"],
    )
    return pl.concat(
        [
            _estimates("fontagne_2022", fontagne["gtap_sector"], "epsilon", fontagne["epsilon_GTAP"]),
            _estimates("caliendo_parro_2015", caliendo["sector"], "theta", caliendo["theta"]),
            _estimates("costinot_rodriguezclare_2014", costinot["n"].cast(pl.String), "theta", costinot["v"]),
        ]
    )


def _estimates(study: str, sectors: pl.Series, parameter: str, values: pl.Series) -> pl.DataFrame:
    value = values.cast(pl.Float64, strict=False).fill_nan(None)
    return pl.DataFrame({"sector": sectors, "value": value}).select(
        study=pl.lit(study), sector="sector", parameter=pl.lit(parameter), value="value"
    )


def published_estimates(raw: Path) -> pl.DataFrame:
    """Return what other models say of a measure, as published: what was collected first, and since.

    What an estimate holds beside its measure limits it, where its note says so.
    """
    first = csv(raw / "trade/published_estimates.csv")
    more = pl.when(pl.col("note").str.contains(INCLUDES_CHINA)).then(pl.lit(WITH_CHINA))
    first = first.with_columns(more.otherwise("qualifier").alias("qualifier"))
    with as_file(files("palanca") / "data" / "estimates" / "published.csv") as path:
        since = csv(path)
    return pl.concat([first, since.cast(first.schema)]).sort(
        "measure", "country", "outcome", "publisher", "horizon"
    )
