"""A world economy as one long table: a row for each origin, destination, sector and use.

Columns, in any order, in a CSV or Parquet file or a frame:

* `origin`: country that sells;
* `destination`: country that buys;
* `sector`: what is sold;
* `use`: the sector of the buyer that uses it, or `final` for final demand;
* `value`: money, at the price the seller receives.

Rows that are absent stand for zero. Every country that buys must also sell, so the world is closed.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import intake
from palanca.economy.accounts import Economy
from palanca.economy.readers.table import Table, checked, economy_of
from palanca.errors import BadTable

Array = NDArray[np.float64]

LABELS = ("origin", "destination", "sector", "use")
VALUE = "value"
FINAL = "final"


def read(
    table: pl.DataFrame | Path | str, *, name: str, year: int, unit: str, least_value_added: float
) -> Economy:
    """Return the economy of a long table; see `readers.table.economy_of` for what is assumed.

    Args:
        table: a frame, or the path of a CSV or Parquet file.
        name: what the economy is called.
        year: the year it describes.
        unit: of its values.
        least_value_added: smallest part of output that value added may be, a fraction.

    Raises:
        BadTable: columns are missing, labels do not fit, values are no numbers; every fault is named.
    """
    frame = table if isinstance(table, pl.DataFrame) else _file(Path(table))
    if faults := list(_shape_faults(frame)) or list(_label_faults(frame)):
        raise BadTable(f"{name} is not a long table of a world economy:", faults)
    countries = tuple(sorted(frame["origin"].unique()))
    sectors = tuple(frame["sector"].unique(maintain_order=True))
    inputs = _filled(frame.filter(pl.col("use") != FINAL), (*LABELS[:3], "use"), countries, sectors)
    final = _filled(frame.filter(pl.col("use") == FINAL), LABELS[:3], countries, sectors)
    inputs, final = inputs.transpose(0, 2, 1, 3), final.transpose(0, 2, 1)
    output = inputs.sum((2, 3)) + final.sum(2)
    body = Table(name, year, unit, countries, sectors, inputs=inputs, final=final, output=output)
    return economy_of(checked(body, total="output", smallest=0.0), least_value_added=least_value_added)


def _file(path: Path) -> pl.DataFrame:
    if path.suffix.lower() != ".parquet":
        return intake.table(path, intake.Expected(BadTable, dict.fromkeys((*LABELS, VALUE), ()), (VALUE,)))
    try:
        return pl.read_parquet(io.BytesIO(intake.content(path, BadTable)))
    except intake.UNREADABLE as error:
        raise BadTable(f"{path} cannot be read as a table: {str(error).splitlines()[0]}") from error


def _filled(
    frame: pl.DataFrame, dims: tuple[str, ...], countries: tuple[str, ...], sectors: tuple[str, ...]
) -> Array:
    labels = [countries if dim in LABELS[:2] else sectors for dim in dims]
    cells = tuple(
        frame[dim].replace_strict(list(axis), list(range(len(axis))), return_dtype=pl.Int64).to_numpy()
        for dim, axis in zip(dims, labels, strict=True)
    )
    table = np.zeros([len(axis) for axis in labels])
    table[cells] = frame[VALUE].cast(pl.Float64).to_numpy()
    return table


def _shape_faults(frame: pl.DataFrame) -> Iterator[str]:
    if lost := [column for column in (*LABELS, VALUE) if column not in frame.columns]:
        yield f"columns are missing: {', '.join(lost)}"
    elif frame.is_empty():
        yield "it has no rows"
    else:
        yield from (f"{name} holds no text" for name in LABELS if frame[name].dtype != pl.String)
        if not frame[VALUE].dtype.is_numeric():
            yield f"{VALUE} holds {frame[VALUE].dtype}, not numbers"


def _label_faults(frame: pl.DataFrame) -> Iterator[str]:
    if empty := frame.select(*LABELS, VALUE).null_count().sum_horizontal().item():
        yield f"{empty} cells are empty"
        return
    if twice := frame.height - frame.n_unique(subset=list(LABELS)):
        yield f"{twice} rows repeat an origin, destination, sector and use"
    if odd := sorted(set(frame["use"]) - set(frame["sector"]) - {FINAL}):
        yield f"use is neither a sector nor {FINAL!r}: {', '.join(odd[:5])}"
    if odd := sorted(set(frame["destination"]) - set(frame["origin"])):
        yield f"countries that buy but never sell: {', '.join(odd[:5])}"
    if FINAL not in set(frame["use"]):
        yield f"no row of final demand (use {FINAL!r})"
