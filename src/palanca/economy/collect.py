"""What is known of the world in 2022, from the publishers' raw files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.clean.tariffs import customs_imports
from palanca.catalogue.clean.trade import gdp, trade_totals
from palanca.catalogue.codes import members, sectors
from palanca.economy import customs
from palanca.economy.assumed import assumed
from palanca.economy.observed import Observed
from palanca.economy.readers import inputs
from palanca.economy.totals import last_product
from palanca.errors import BadTable

Array = NDArray[np.float64]

YEAR = 2022
REST = "ROW"
UNIT = "USD million"
USD_PER_MILLION = 1e6
INPUTS = "trade/icio2022_oecd/icio2022_intermediate_csr_f32.npz"
WHOLE = "trade/icio2022_oecd/2022_SML.csv"  # the producer's own file, with final demand by destination
FINAL = "trade/wiod2014_final_demand/df_final_use_wROW.parquet"


def observed(raw: Path) -> Observed:
    """Return inputs, output, totals and duties on file, for 80 countries and their rest of the world.

    Raises:
        BadTable: a raw file is not what its reader expects.
    """
    table = inputs.read(raw / INPUTS, groups(), tuple(sectors()))
    pattern, pattern_countries = final_pattern(pl.read_parquet(raw / FINAL))
    totals = trade_totals(raw)
    known = customs.entries(customs_imports(raw), YEAR, table.countries)
    return Observed(
        year=YEAR,
        unit=UNIT,
        countries=table.countries,
        rest=REST,
        sectors=table.sectors,
        goods=np.array([sector.goods for sector in sectors().values()]),
        intermediate=table.intermediate,
        use=table.use,
        output=table.output,
        pattern=pattern,
        pattern_countries=pattern_countries,
        goods_trade=goods_trade(totals, table.countries),
        known_imports=tuple(customs.known_imports(known, table.countries)),
        rest_product=rest_product(gdp(raw), totals, table.countries),
        tariff=collected_duties(raw, (*table.countries, REST)),
    )


def groups() -> dict[str, str]:
    """Return the sector of the world economy of each sector of the OECD's tables."""
    return {code: kinds[0] for code, kinds in members("icio_2025").items()}


def collected_duties(raw: Path, countries: Sequence[str]) -> Array:
    """Return duties over imports, (N, J, N) [origin, sector, destination], of the base's tariff year."""
    year = int(assumed("world")["tariff_year"].value)
    return customs.rates(customs.entries(customs_imports(raw), year, countries), countries)


def final_pattern(frame: pl.DataFrame) -> tuple[Array, tuple[str, ...]]:
    """Return final demand of the earlier year, (W, J, W), and its W countries, the rest of the world last.

    An industry that covers several sectors counts in full in each, being a pattern; stocks drawn down
    count as nothing.
    """
    kinds = members("wiod_2016")
    frame = frame.with_columns(pl.col("Origin Industry").str.strip_chars())
    if lost := sorted(set(frame["Origin Industry"]) - set(kinds)):
        raise BadTable(f"{FINAL}: no sector for {', '.join(lost[:3])}.")
    countries = tuple(sorted(set(frame["Country"]), key=lambda code: (code == REST, code)))
    axes = (countries, tuple(kinds), countries)
    cells = tuple(
        frame[column].replace_strict(list(axis), list(range(len(axis))), return_dtype=pl.Int64).to_numpy()
        for column, axis in zip(("Origin Country", "Origin Industry", "Country"), axes, strict=True)
    )
    industries = np.zeros([len(axis) for axis in axes])
    np.add.at(industries, cells, frame["Value"].to_numpy())
    member = np.array([[code in kinds[industry] for industry in kinds] for code in sectors()], dtype=float)
    return np.maximum(np.einsum("js,osd->ojd", member, industries), 0.0), countries


def goods_trade(totals: pl.DataFrame, countries: Sequence[str]) -> Array:
    """Return goods trade, (N + 1, N + 1) [exporter, importer], USD million; not a number where unreported.

    Args:
        totals: as the table `trade_totals`.
        countries: N labels; all others are together and last.
    """
    place = {code: at for at, code in enumerate(countries)}
    rows, columns = (
        [place.get(code, len(countries)) for code in totals[side]] for side in ("exporter", "importer")
    )
    table = np.zeros((len(countries) + 1, len(countries) + 1))
    np.add.at(table, (rows, columns), totals["trade_usd"].to_numpy() / USD_PER_MILLION)
    silent = [at for code, at in place.items() if code not in reporters(totals)]
    table[silent, :] = table[:, silent] = np.nan
    np.fill_diagonal(table, np.nan)
    return table


def reporters(totals: pl.DataFrame) -> set[str]:
    """Return the countries that trade totals cover."""
    return set(totals["exporter"]) | set(totals["importer"])


def rest_product(product: pl.DataFrame, totals: pl.DataFrame, countries: Sequence[str]) -> float:
    """Return GDP, USD million, of the countries outside, each in its last year on file up to the base's."""
    outside = reporters(totals) - set(countries)
    last = last_product(product, YEAR)
    return sum(last[code] for code in outside if code in last) / USD_PER_MILLION
