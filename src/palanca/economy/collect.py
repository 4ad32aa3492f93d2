"""What is known of the world in 2022, from the publishers' raw files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.clean.tariffs import customs_imports
from palanca.catalogue.codes import members, sectors
from palanca.economy import customs, duties
from palanca.economy.assumed import assumed
from palanca.economy.observed import Observed
from palanca.economy.readers import destinations, inputs
from palanca.errors import BadTable

Array = NDArray[np.float64]

YEAR = 2022
REST = "ROW"
UNIT = "USD million"
SALES = "trade/icio2022_flows_by_destination/icio2022_flows_28x81x81_f32.npz"
INPUTS = "trade/icio2022_oecd/icio2022_intermediate_csr_f32.npz"
WHOLE = "trade/icio2022_oecd/2022_SML.csv"  # the producer's own file, with every flow by sector
FINAL = "trade/wiod2014_final_demand/df_final_use_wROW.parquet"


def observed(raw: Path) -> Observed:
    """Return inputs, output, sales and duties on file, for 80 countries and their rest of the world.

    Raises:
        BadTable: a raw file is not what its reader expects.
    """
    table = inputs.read(raw / INPUTS, groups(), tuple(sectors()))
    pattern, pattern_countries = final_pattern(pl.read_parquet(raw / FINAL))
    countries = (*table.countries, REST)
    goods = [code for code, sector in sectors().items() if sector.goods]
    sales = destinations.read(raw / SALES, countries, groups(), goods)
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
        sales=sales,
        tariff=tariffs(raw, countries),
    )


def groups() -> dict[str, str]:
    """Return the sector of the world economy of each sector of the OECD's tables."""
    return {code: kinds[0] for code, kinds in members("icio_2025").items()}


def tariffs(raw: Path, countries: Sequence[str]) -> Array:
    """Return tariffs of the base, (N, J, N) [origin, sector, destination], fractions.

    Those of importers whose customs are on file are duties over imports of the base's tariff year; those of
    others are averages by sector and by whether free trade is agreed.

    Args:
        raw: folder of raw files.
        countries: N labels.
    """
    year = int(assumed("world")["tariff_year"].value)
    found = customs.entries(customs_imports(raw), year, countries)
    table = duties.spread(duties.averages(raw, raw / SALES), duties.agreed(raw, countries), countries)
    own = [countries.index(code) for code in {entry.importer for entry in found} if code in countries]
    table[:, :, own] = customs.rates(found, countries)[:, :, own]
    return table


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
