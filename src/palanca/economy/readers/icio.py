"""The inter-country input-output tables of the OECD, in the layout of its own files (`2022_SML.csv`).

The first column and the header hold labels `COUNTRY_SECTOR`; further columns hold final demand by
country, `COUNTRY_HFCE` and so on, and last the total, `OUT`; the last rows hold taxes less subsidies,
`TLS`, value added, `VA`, and output, `OUT`. Money is in million USD at basic prices.

Source: OECD, Inter-Country Input-Output tables (2025 edition for 2022).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import intake
from palanca.economy.accounts import Economy
from palanca.economy.readers.table import Table, checked, economy_of
from palanca.errors import BadTable

Array = NDArray[np.float64]

UNIT = "USD million"
TOTAL = "OUT"
MARGINS = ("TLS", "VA", TOTAL)
FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
SMALLEST = 0.1  # million USD, below which the producer sets cells to zero


def read(path: Path | str, *, year: int, least_value_added: float) -> Economy:
    """Read one year of the tables; see `readers.table.economy_of` for what is assumed.

    Args:
        path: the file.
        year: the year it describes.
        least_value_added: smallest part of output that value added may be, a fraction.

    Raises:
        BadTable: rows, columns or numbers are missing, or totals do not add up; every fault is named.
    """
    return economy_of(body(Path(path), year=year), least_value_added=least_value_added)


def body(path: Path, *, year: int) -> Table:
    """Return the numbers of the file at `path`, with labels taken apart.

    Raises:
        BadTable: rows, columns or numbers are missing, or totals do not add up; every fault is named.
    """
    frame = _numbers(intake.scanned(path, intake.Expected(BadTable, {TOTAL: ()})), path)
    rows = [str(label) for label in frame[frame.columns[0]].to_list()]
    labels = [row for row in rows if row not in MARGINS]
    countries = tuple(dict.fromkeys(label.split("_", 1)[0] for label in labels))
    sectors = tuple(dict.fromkeys(label.split("_", 1)[1] for label in labels if "_" in label))
    if faults := list(_label_faults(frame.columns, rows, countries, sectors)):
        raise BadTable(f"{path.name} is not laid out as an inter-country table:", faults)
    lines = _lines(frame, rows, countries, sectors)
    return checked(_parted(lines, countries, sectors, (path.stem, year)), total=TOTAL, smallest=SMALLEST)


def _numbers(cells: pl.LazyFrame, path: Path) -> pl.DataFrame:
    """Return the first column as text and all others as numbers, null where they are none."""
    try:
        _, *others = cells.collect_schema().names()
        return cells.with_columns(pl.col(others).cast(pl.Float64, strict=False)).collect()
    except intake.UNREADABLE as error:
        raise BadTable(f"{path} cannot be read as a table: {str(error).splitlines()[0]}") from error


def _lines(
    frame: pl.DataFrame, rows: Sequence[str], countries: Sequence[str], sectors: Sequence[str]
) -> pl.DataFrame:
    place = {row: at for at, row in enumerate(rows)}
    return frame[[place[f"{country}_{sector}"] for country in countries for sector in sectors]]


def _parted(
    lines: pl.DataFrame, countries: tuple[str, ...], sectors: tuple[str, ...], said: tuple[str, int]
) -> Table:
    ordered = [f"{country}_{sector}" for country in countries for sector in sectors]
    shape = (len(countries), len(sectors))
    categories = [[f"{country}_{kind}" for country in countries] for kind in _categories(lines)]
    return Table(
        said[0],
        said[1],
        UNIT,
        countries,
        sectors,
        inputs=_columns(lines, ordered).reshape(*shape, *shape),
        final=np.sum([_columns(lines, names) for names in categories], axis=0).reshape(*shape, shape[0]),
        output=_columns(lines, [TOTAL]).reshape(shape),
    )


def _categories(frame: pl.DataFrame) -> list[str]:
    present = {column.split("_", 1)[-1] for column in frame.columns}
    return [category for category in FINAL if category in present]


def _columns(lines: pl.DataFrame, names: Sequence[str]) -> Array:
    return lines.select(names).to_numpy().astype(np.float64)


def _label_faults(
    columns: Sequence[str], rows: Sequence[str], countries: Sequence[str], sectors: Sequence[str]
) -> Iterator[str]:
    wanted = [f"{country}_{sector}" for country in countries for sector in sectors]
    yield from _lost("row", [*wanted, TOTAL], rows)
    yield from _lost("column", [*wanted, TOTAL], columns)
    categories = [c for c in FINAL if any(column.endswith(f"_{c}") for column in columns)]
    if not categories:
        yield f"no column of final demand ({', '.join(FINAL)})"
    yield from _lost("column", [f"{country}_{c}" for country in countries for c in categories], columns)


def _lost(kind: str, wanted: Sequence[str], present: Sequence[str]) -> Iterator[str]:
    known = set(present)
    if lost := [label for label in wanted if label not in known]:
        yield f"{len(lost)} {kind}s are missing: {', '.join(lost[:5])}"
