"""The worlds that the package carries, and those of files."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import sectors
from palanca.economy import totals
from palanca.economy.accounts import Economy
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.assumed import assumed
from palanca.errors import BadTable, InputError

Array = NDArray[np.float64]

REST = "ROW"
TABLES = ("world_assumptions", "world_flows", "world_inputs", "world_tariffs")
UNIT = "USD million"
OWN_UNIT = "unit of the table"
FILES = (".csv", ".parquet")
USD_PER_MILLION = 1e6


def economy(which: int | str | Path = 2022) -> Economy:
    """Return a world economy that the package carries, `2022` or `"totals-2023"`, or one of a file.

    * `2022`: 80 countries and a rest of the world, 26 sectors. Inputs, output and
      goods by destination are the OECD's; the split of services by sector is an estimate, unless the tables
      were derived from the OECD's own file.
    * `"totals-2023"`: more than 190 countries, goods and non-traded output, from trade and product alone.
    * A path that ends in .csv or .parquet: a long table (`palanca.economy.readers.long`) with its year in
      the name of the file.

    Its `assumptions` say what is estimated, and are to be printed with any result.

    Raises:
        InputError: no world of that name, or a file without a year in its name.
        BadTable: a table of the user does not make a world; every fault is listed.
    """
    worlds: dict[str, Callable[[], Economy]] = {"2022": world_2022, "totals-2023": totals.world_2023}
    if str(which).endswith(FILES):
        return _of_file(Path(str(which)))
    if str(which) not in worlds:
        raise InputError(
            f"No world economy is called {which!r}. Known: {', '.join(worlds)}; "
            f"a long table of your own ends in {' or '.join(FILES)}."
        )
    return worlds[str(which)]()


def _of_file(path: Path) -> Economy:
    from palanca.economy.readers import long

    year = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", path.stem)
    if not year:
        raise InputError(f"{path.name} does not say its year: name it like world-2019{path.suffix}.")
    least = assumed("world")["least_value_added"].value
    return long.read(path, name=path.stem, year=int(year[0]), unit=OWN_UNIT, least_value_added=least)


@cache
def world_2022() -> Economy:
    """Return the world of 2022, USD million at the seller's price, from the embedded tables."""
    return from_tables({name: table(name).frame for name in TABLES})


def from_tables(frames: Mapping[str, pl.DataFrame]) -> Economy:
    """Return the world that tables describe.

    Args:
        frames: by the names in `TABLES`, with the columns of `data/sources/world_2022.yaml`.

    Raises:
        BadTable: the tables do not make a world.
    """
    sales, use, duty = (frames[f"world_{part}"] for part in ("flows", "inputs", "tariffs"))
    countries = tuple(sorted(sales["origin"].unique(), key=lambda code: (code == REST, code)))
    order = {"country": countries, "sector": tuple(sectors())}
    flow = {"origin": order["country"], "sector": order["sector"], "destination": order["country"]}
    cell = {"country": order["country"], "input": order["sector"], "user": order["sector"]}
    inner, final = filled(sales, ("intermediate_usd", "final_usd"), flow)
    flows = Flows(
        countries,
        order["sector"],
        inner / USD_PER_MILLION,
        final / USD_PER_MILLION,
        filled(use, ("use_usd",), cell)[0] / USD_PER_MILLION,
        tariff=filled(duty, ("rate",), flow)[0],
    )
    said = frames["world_assumptions"].sort("number")["statement"].to_list()
    return assembled(flows, Described("World 2022", 2022, UNIT, tuple(said)))


def filled(
    frame: pl.DataFrame, columns: tuple[str, ...], labels: dict[str, tuple[str, ...]]
) -> tuple[Array, ...]:
    """Return each column as an array with one axis per label column; rows that are absent are zero.

    Args:
        frame: one row per cell.
        columns: what fills the cells, one array each.
        labels: the columns that name a cell, each with the labels of its axis in order.

    Raises:
        BadTable: a row has a label that no axis knows.
    """
    places = [
        frame[name].cast(pl.Enum(list(axis)), strict=False).to_physical() for name, axis in labels.items()
    ]
    if odd := sorted({str(frame[at.name][row]) for at in places for row in at.is_null().arg_true()[:3]}):
        raise BadTable(f"The world economy has rows for {', '.join(odd)}, which it does not know otherwise.")
    cells = tuple(at.to_numpy() for at in places)
    arrays = np.zeros([len(columns), *(len(axis) for axis in labels.values())])
    for array, column in zip(arrays, columns, strict=True):
        array[cells] = frame[column].to_numpy()
    return tuple(arrays)
