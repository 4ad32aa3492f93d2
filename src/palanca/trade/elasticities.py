"""Which trade elasticities a world is solved with: of the long run by study, of the short run a range."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl
import xarray as xr

from palanca.catalogue.intake import Expected
from palanca.catalogue.intake import table as table_of
from palanca.economy import Economy, economy, trade_elasticity
from palanca.economy.assumed import assumed
from palanca.economy.studies import published, studies
from palanca.economy.totals import SECTORS as TOTALS
from palanca.errors import BadElasticity, InputError
from palanca.trade.closure import Horizon
from palanca.trade.spread import Spread, of_range, of_studies

COLUMNS = ("study", "sector", "value")

Elasticities = Mapping[Horizon, Spread]


def elasticities(world: Economy) -> Elasticities:
    """Return what is known of θ in the sectors of a world, by horizon.

    Raises:
        InputError: the world has sectors for which no study is on file.
    """
    value = {name: one.value for name, one in assumed("elasticity_ranges").items()}
    short = of_range(value["short_least"], value["short_greatest"], world.sectors)
    return {Horizon.LONG: of_studies(estimates(world)), Horizon.SHORT: short}


def alike(known: xr.DataArray) -> Elasticities:
    """Return θ by study, (study, sector), for both horizons: what a user passes for either."""
    return dict.fromkeys(Horizon, of_studies(known))


def estimates(world: Economy) -> xr.DataArray:
    """Return θ of the published studies in the sectors of a world, (study, sector), of the long run.

    Not a number where a study has none and another has; a sector that none covers takes each study's median.
    In a world of goods and non-traded output, each study's mean of ln θ over goods counts, weighted by
    the world's trade of 2022; the second sector is not traded and takes the same.

    Raises:
        InputError: the world has sectors for which no study is on file.
    """
    found = xr.concat([published(study).elasticity for study in studies()], dim="study")
    found = found.assign_coords(study=list(studies()))
    found = found.where(~found.isnull().all("study"), found.median("sector"))
    if world.sectors == TOTALS:
        return xr.concat([_of_goods(of_studies(found).estimates)] * len(TOTALS), dim="sector").assign_coords(
            sector=list(TOTALS)
        )
    if lost := [label for label in world.sectors if label not in found["sector"].values]:
        raise InputError(
            f"No published elasticities are on file for {', '.join(lost[:5])} of {world.name}: pass your own."
        )
    return found.sel(sector=list(world.sectors))


def usual(world: Economy, horizon: Horizon = Horizon.LONG) -> xr.DataArray:
    """Return θ that results without draws are computed with, (sector): the centre of what is known.

    Raises:
        InputError: the world has sectors for which no study is on file.
    """
    return elasticities(world)[horizon].centre


def read(path: Path, world: Economy) -> xr.DataArray:
    """Return θ by study from a CSV file with columns study, sector and value, (study, sector).

    Args:
        path: of the file.
        world: whose sectors each study must cover.

    Raises:
        BadElasticity: columns are missing, values are no numbers, or a study lacks a sector; every fault
            is listed.
    """
    headings: dict[str, tuple[str, ...]] = {"study": (), "sector": (), "value": ("theta", "θ")}
    frame = table_of(path, Expected(BadElasticity, headings, ("value",)))
    if faults := list(_table_faults(frame, world)):
        raise BadElasticity(f"{path} cannot be used:", faults)
    values = frame.pivot("sector", index="study", values="value").select("study", *world.sectors)
    held = values.drop("study").to_numpy().astype(np.float64)
    return xr.DataArray(held, {"study": values["study"].to_list(), "sector": list(world.sectors)})


def _table_faults(frame: pl.DataFrame, world: Economy) -> Iterator[str]:
    if lost := [name for name in COLUMNS if name not in frame.columns]:
        yield f"columns are missing: {', '.join(lost)}"
        return
    if odd := frame.filter(pl.col("value").is_null() | ~pl.col("value").is_finite()).height:
        yield f"{odd} values are empty, not finite, or no numbers"
    if twice := frame.height - frame.n_unique(subset=["study", "sector"]):
        yield f"{twice} rows repeat a study and sector"
    for (study,), rows in frame.group_by("study", maintain_order=True):
        if gaps := [label for label in world.sectors if label not in set(rows["sector"])]:
            yield f"{study} has no value for {', '.join(gaps[:5])}"
        yield from (f"{study}: {fault}" for fault in _size_faults(rows, world))
    if frame.is_empty():
        yield "it has no rows"


def _size_faults(rows: pl.DataFrame, world: Economy) -> tuple[str, ...]:
    """Return what is wrong with the size of one study's numbers."""
    numbers = rows.with_columns(pl.col("value").cast(pl.Float64, strict=False))
    finite = numbers.filter(pl.col("value").is_finite() & pl.col("sector").is_in(world.sectors))
    values = dict(finite.select("sector", "value").iter_rows())
    if not values:
        return ()
    try:
        trade_elasticity(values, list(values))
    except BadElasticity as error:
        return error.faults
    return ()


def _of_goods(known: xr.DataArray) -> xr.DataArray:
    """Return each study's mean of θ over goods, (study)."""
    from palanca.trade.acts import goods

    world = economy(2022)
    kept = list(goods(world))
    abroad = world.trade.where(world.trade["origin"] != world.trade["destination"], 0.0)
    weight = abroad.sum(("origin", "destination")).sel(sector=kept).values
    logs = np.log(known.sel(sector=kept).transpose("study", "sector").values)
    return xr.DataArray(np.exp(logs @ weight / weight.sum()), {"study": known["study"]})
