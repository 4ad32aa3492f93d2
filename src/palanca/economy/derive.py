"""The embedded tables of the world economy, from the publishers' raw files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars as pl
import xarray as xr

from palanca.catalogue.clean.tariffs import IMPORTER
from palanca.catalogue.codes import sectors
from palanca.economy import collect
from palanca.economy import duties as average
from palanca.economy.accounts import Economy
from palanca.economy.aggregate import aggregate
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.assumed import assumed, choices
from palanca.economy.build import build
from palanca.economy.readers import icio

NAME = "World 2022"
DIGITS = 5  # significant digits kept; accounts are balanced again when they are read
SMALLEST_USD = 500.0  # flows below are dropped
USD_PER_MILLION = 1e6


@dataclass(frozen=True, eq=False)
class Derived:
    """A world and what it rests on: pairs of a short name and a sentence."""

    economy: Economy
    said: tuple[tuple[str, str], ...]


def derivations() -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how each table of the world economy is derived; those of one call share one derivation."""
    made = cache(derived)
    tables = {
        "world_assumptions": assumptions,
        "world_flows": flows,
        "world_inputs": inputs,
        "world_tariffs": tariffs,
    }
    found = {name: partial(_table, made, table) for name, table in tables.items()}
    return {**found, "tariff_averages": averages}


def _table(
    made: Callable[[Path], Derived], table: Callable[[Derived], pl.DataFrame], raw: Path
) -> pl.DataFrame:
    return table(made(raw))


def derived(raw: Path) -> Derived:
    """Return the world of 2022: the producer's own, if its whole file is there, else our estimate."""
    whole = raw / collect.WHOLE
    return reported(raw, whole) if whole.is_file() else estimated(raw)


def estimated(raw: Path) -> Derived:
    """Return the world of which the split of services is estimated."""
    built = build(collect.observed(raw), choices(), name=NAME)
    said = [(one.name, one.statement) for one in built.assumptions]
    return Derived(built.economy, (*said, duties()))


def reported(raw: Path, whole: Path) -> Derived:
    """Return the world of the producer's own file, merged to our sectors, with duties set apart."""
    table = icio.read(whole, year=collect.YEAR, least_value_added=choices().least_value_added)
    wide = aggregate(table, sectors=collect.groups())
    order = list(sectors())
    parts = Flows(
        wide.countries,
        tuple(order),
        wide.intermediate.sel(sector=order).values,
        wide.final.sel(sector=order).values,
        wide.use.sel(input=order, user=order).values,
        tariff=collect.tariffs(raw, wide.countries),
    )
    economy = assembled(parts, Described(NAME, collect.YEAR, collect.UNIT))
    stated = ("Final demand by destination is as the OECD reports it.", *table.assumptions[:-1])
    said = [("reported", line) for line in stated]
    return Derived(economy, (*said, duties()))


def duties() -> tuple[str, str]:
    """Return where the tariffs of a world are from, as a short name and a sentence."""
    year = int(assumed("world")["tariff_year"].value)
    text = f"Tariffs are the duties collected in {year} by {IMPORTER}, by partner and sector; of all others"
    rest = f"averages of {average.YEAR} by importer, sector, and whether free trade is agreed"
    return "duties", f"{text}, {rest}; of the rest of the world none."


def assumptions(world: Derived) -> pl.DataFrame:
    """Return every sentence on what is assumed, in order."""
    names, statements = zip(*world.said, strict=True)
    return pl.DataFrame(
        {"number": range(1, len(names) + 1), "name": names, "statement": statements},
        schema_overrides={"number": pl.Int16},
    )


def flows(world: Derived) -> pl.DataFrame:
    """Return sales for both uses, USD, without those too small to matter."""
    dims = ("origin", "destination", "sector")
    money = {
        f"{use}_usd": _column(getattr(world.economy, use) * USD_PER_MILLION, dims)
        for use in ("intermediate", "final")
    }
    frame = _labels(world.economy.intermediate, dims).with_columns(**money)
    large = [pl.when(pl.col(name) >= SMALLEST_USD).then(pl.col(name)).otherwise(0.0) for name in money]
    return _kept(frame.with_columns(*large), list(money))


def inputs(world: Derived) -> pl.DataFrame:
    """Return spending of each sector on inputs, USD."""
    dims = ("country", "input", "user")
    frame = _labels(world.economy.use, dims)
    return _kept(frame.with_columns(use_usd=_column(world.economy.use * USD_PER_MILLION, dims)), ["use_usd"])


def tariffs(world: Derived) -> pl.DataFrame:
    """Return tariffs where there is one, as fractions."""
    dims = ("origin", "destination", "sector")
    frame = _labels(world.economy.tariff, dims).with_columns(rate=_column(world.economy.tariff, dims))
    return _kept(frame, ["rate"])


def averages(raw: Path) -> pl.DataFrame:
    """Return average tariffs by importer, sector and whether free trade is agreed, as fractions."""
    found = average.averages(raw, raw / collect.SALES)
    return found.with_columns(
        pl.when("free_trade").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("free_trade"),
        pl.col("rate").round_sig_figs(DIGITS).cast(pl.Float32),
        pl.col("exporters").cast(pl.Int16),
    )


def _labels(array: xr.DataArray, dims: tuple[str, ...]) -> pl.DataFrame:
    axes = [[str(label) for label in array[dim].values] for dim in dims]
    grid = np.meshgrid(*(np.arange(len(axis)) for axis in axes), indexing="ij")
    columns = {
        dim: pl.Series(axis).gather(at.ravel()) for dim, axis, at in zip(dims, axes, grid, strict=True)
    }
    return pl.DataFrame(columns).with_columns(year=pl.lit(collect.YEAR, dtype=pl.Int16))


def _column(array: xr.DataArray, dims: tuple[str, ...]) -> pl.Series:
    return pl.Series(array.transpose(*dims).values.ravel())


def _kept(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    filled = frame.filter(pl.any_horizontal(pl.col(columns) != 0))
    return filled.with_columns(pl.col(columns).round_sig_figs(DIGITS).cast(pl.Float32))
