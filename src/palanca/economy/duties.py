"""Tariffs of importers whose customs are not on file: averages by sector, with or without free trade.

The rates of the source by pair are not carried, only these averages; a pair takes its importer's.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.codes import members, sectors
from palanca.economy.assumed import assumed
from palanca.economy.readers import destinations

Array = NDArray[np.float64]

RATES = "trade/tariffs_bilateral_teti_2021/tariffs_81x81x27.csv.gz"
AGREEMENTS = "trade/trade_agreements_desta/pairs.csv.gz"
WITHDRAWALS = "trade/trade_agreements_desta/withdrawals.csv"
FREE = ("free trade agreement", "customs union")
FOOD = "C10T12"  # the source's plain mean of food and of tobacco, whose rates can be prohibitive
YEAR = 2021
REST = "ROW"
PERCENT = 100.0
SMALLEST = 1e-6  # million USD, so that where nothing is sold the plain mean is taken


def averages(raw: Path, flows: Path) -> pl.DataFrame:
    """Return average tariffs: importer, sector, free_trade, rate (a fraction), exporters (their number).

    Args:
        raw: folder of raw files.
        flows: sales by destination, which the averages are weighted by.
    """
    named = (pl.col("importer") != REST) & (pl.col("exporter") != REST)  # all zero there: not on file
    rates = pl.read_csv(raw / RATES).filter(pl.col("importer") != pl.col("exporter"), named)
    most = assumed("world")["most_food_tariff"].value
    rate = pl.col("tariff_pct") / PERCENT
    groups = {code: kinds[0] for code, kinds in members("icio_2025").items()}
    cut = pl.when(pl.col("sector") == FOOD).then(pl.min_horizontal(rate, pl.lit(most))).otherwise(rate)
    pairs = pl.DataFrame(
        sorted(free_trade(raw)), schema=dict.fromkeys(["importer", "exporter"], pl.String), orient="row"
    )
    marked = (
        rates.with_columns(rate=cut)
        .join(destinations.imports(flows), on=["importer", "exporter", "sector"])
        .join(pairs.with_columns(free_trade=pl.lit(True)), on=["importer", "exporter"], how="left")
        .with_columns(pl.col("free_trade").fill_null(False), pl.col("sector").replace_strict(groups))
    )
    weight = pl.col("flow") + SMALLEST
    return (
        marked.group_by("importer", "sector", "free_trade")
        .agg(rate=(pl.col("rate") * weight).sum() / weight.sum(), exporters=pl.col("exporter").n_unique())
        .sort("importer", "sector", "free_trade")
    )


def free_trade(raw: Path) -> set[tuple[str, str]]:
    """Return the pairs, both ways, that had a free-trade agreement or a customs union in force in 2021."""
    began = pl.col("entryforceyear").cast(pl.Int32, strict=False) <= YEAR
    keys = ["iso3_1", "iso3_2", "base_treaty"]
    found = pl.read_csv(raw / AGREEMENTS, infer_schema_length=0).filter(pl.col("type").is_in(FREE), began)
    left = pl.read_csv(raw / WITHDRAWALS, infer_schema_length=0).filter(began)
    ended = pl.concat(
        [left.select(keys), left.select(iso3_1="iso3_2", iso3_2="iso3_1", base_treaty="base_treaty")]
    ).unique()
    kept = found.select(keys).unique().join(ended, on=keys, how="anti").select("iso3_1", "iso3_2")
    return {pair for one, two in kept.iter_rows() for pair in ((one, two), (two, one))}


def agreed(raw: Path, countries: Sequence[str]) -> NDArray[np.bool_]:
    """Return which pairs have free trade, (N, N), of the countries."""
    place = {code: at for at, code in enumerate(countries)}
    table = np.zeros((len(place), len(place)), dtype=bool)
    for one, two in free_trade(raw):
        if one in place and two in place:
            table[place[one], place[two]] = True
    return table


def spread(averages: pl.DataFrame, agreed: NDArray[np.bool_], countries: Sequence[str]) -> Array:
    """Return the averages for every pair, (N, J, N) [origin, sector, destination], fractions; none at home.

    Args:
        averages: importer, sector, free_trade, rate.
        agreed: (N, N), which pairs have free trade.
        countries: N labels.
    """
    place = {code: at for at, code in enumerate(countries)}
    kind = {code: at for at, code in enumerate(sectors())}
    table = np.zeros((len(place), len(kind), len(place)))
    for importer, sector, free, rate in averages.select(
        "importer", "sector", "free_trade", "rate"
    ).iter_rows():
        if importer in place:
            origins = np.flatnonzero(agreed[:, place[importer]] == free)
            table[origins, kind[sector], place[importer]] = rate
    own = np.arange(len(place))
    table[own, :, own] = 0.0
    return table
