"""The inter-country input-output tables of the OECD, in the layout of its own files (`2022_SML.csv`).

The first column and the header hold labels `COUNTRY_SECTOR`; further columns hold final demand by
country, `COUNTRY_HFCE` and so on, and last the total, `OUT`; the last rows hold taxes less subsidies,
`TLS`, value added, `VA`, and output, `OUT`. Money is in million USD at basic prices.

Source: OECD, Inter-Country Input-Output tables (2025 edition for 2022).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from palanca.economy.accounts import Economy, share
from palanca.errors import BadTable

Array = NDArray[np.float64]

UNIT = "USD million"
TOTAL = "OUT"
MARGINS = ("TLS", "VA", TOTAL)
FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
TOLERANCE = 1e-3  # of a row's total; balancing leaves a few parts in ten thousand in the published file
SMALLEST = 0.1  # million USD, below which the producer sets cells to zero


@dataclass(frozen=True, eq=False)
class Table:
    """The body of the file.

    Attributes:
        countries, sectors: N and J labels, in the order of the file.
        inputs: (N, J, N, J) [origin, input, destination, user], money.
        final: (N, J, N) [origin, sector, destination], money, all categories together.
        output: (N, J), money, as the file states it.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    inputs: Array
    final: Array
    output: Array


def read(path: Path | str, *, year: int, least_value_added: float) -> Economy:
    """Read one year of the tables; no tariffs, value added includes taxes less subsidies on inputs.

    Final demand is negative where stocks are drawn down; such cells are set to zero. Where value added
    would be less than a part of output, inputs beyond that are counted as final demand instead. Both
    are stated among the assumptions, with their size.

    Args:
        path: the file.
        year: the year it describes.
        least_value_added: that part, a fraction.

    Raises:
        BadTable: rows, columns or numbers are missing, or totals do not add up; every fault is named.
    """
    table = body(Path(path))
    final = np.maximum(table.final, 0.0)
    kept = kept_inputs(table, final, least_value_added)
    moved = (table.inputs * (1 - kept)).sum(3)
    inputs = table.inputs * kept
    drawn = float((final - table.final).sum() / table.final.sum())
    return _economy(table, inputs, final + moved, (f"{Path(path).stem}", year, _stated(drawn, moved, table)))


def kept_inputs(table: Table, final: Array, least: float) -> Array:
    """Return the part of its inputs that each user, (N, J), can pay for and still add its least value."""
    sales = table.inputs.sum((2, 3)) + final.sum(2)
    bought = table.inputs.sum((0, 1))
    affordable = share(np.maximum((1 - least) * sales, 0.0), bought)
    return np.where(bought > 0, np.minimum(affordable, 1.0), 1.0)


def body(path: Path) -> Table:
    """Return the numbers of the file at `path`, with labels taken apart.

    Raises:
        BadTable: rows, columns or numbers are missing, or totals do not add up; every fault is named.
    """
    if not path.is_file():
        raise BadTable(f"{path} is not a file.")
    frame = pl.read_csv(path, infer_schema_length=None)
    rows = [str(label) for label in frame[frame.columns[0]].to_list()]
    labels = [row for row in rows if row not in MARGINS]
    countries = tuple(dict.fromkeys(label.split("_", 1)[0] for label in labels))
    sectors = tuple(dict.fromkeys(label.split("_", 1)[1] for label in labels if "_" in label))
    if faults := list(_label_faults(frame.columns, rows, countries, sectors)):
        raise BadTable(f"{path.name} is not laid out as an inter-country table:", faults)
    table = _parted(frame, rows, countries, sectors)
    if faults := list(_number_faults(table)):
        raise BadTable(f"The numbers of {path.name} cannot be used:", faults)
    return table


def _parted(
    frame: pl.DataFrame, rows: Sequence[str], countries: tuple[str, ...], sectors: tuple[str, ...]
) -> Table:
    ordered = [f"{country}_{sector}" for country in countries for sector in sectors]
    place = {row: at for at, row in enumerate(rows)}
    numbers = frame.with_columns(pl.col(frame.columns[1:]).cast(pl.Float64, strict=False))
    lines = numbers[[place[label] for label in ordered]]
    shape = (len(countries), len(sectors))
    categories = [[f"{country}_{kind}" for country in countries] for kind in _categories(frame)]
    return Table(
        countries,
        sectors,
        inputs=_columns(lines, ordered).reshape(*shape, *shape),
        final=np.sum([_columns(lines, names) for names in categories], axis=0).reshape(*shape, shape[0]),
        output=_columns(lines, [TOTAL]).reshape(shape),
    )


def _economy(table: Table, inputs: Array, final: Array, said: tuple[str, int, tuple[str, ...]]) -> Economy:
    name, year, assumptions = said
    countries, sectors = list(table.countries), list(table.sectors)
    flow = {"origin": countries, "sector": sectors, "destination": countries}
    intermediate, use = inputs.sum(3), inputs.sum(0).transpose(1, 0, 2)
    trade = intermediate + final
    return Economy(
        name=name,
        year=year,
        unit=UNIT,
        intermediate=xr.DataArray(intermediate, flow),
        final=xr.DataArray(final, flow),
        use=xr.DataArray(use, {"country": countries, "input": sectors, "user": sectors}),
        tariff=xr.DataArray(np.zeros(trade.shape), flow),
        value_added=xr.DataArray(trade.sum(2) - use.sum(1), {"country": countries, "sector": sectors}),
        deficit=xr.DataArray(trade.sum((0, 1)) - trade.sum((1, 2)), {"country": countries}),
        assumptions=assumptions,
    )


def _stated(drawn: float, moved: Array, table: Table) -> tuple[str, ...]:
    part = float(moved.sum() / table.inputs.sum())
    return (
        f"Final demand met from stocks is set to zero; part of final demand: {drawn:.2g}.",
        f"Inputs that would leave no value added are counted as final demand; part of inputs: {part:.2g}.",
        "Value added includes taxes less subsidies on inputs, duties among them; no tariff is set apart.",
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


def _number_faults(table: Table) -> Iterator[str]:
    for name in ("inputs", "final", "output"):
        if bad := int((~np.isfinite(getattr(table, name))).sum()):
            yield f"{bad} cells of {name} are not numbers"
    if (table.inputs < 0).any():
        yield f"{int((table.inputs < 0).sum())} inputs are negative"
    sales = table.inputs.sum((2, 3)) + table.final.sum(2)
    wrong = np.argwhere(np.abs(sales - table.output) > TOLERANCE * np.abs(table.output) + SMALLEST)
    if len(wrong):
        named = [f"{table.countries[n]}_{table.sectors[j]}" for n, j in wrong[:5]]
        yield f"{len(wrong)} rows do not add up to {TOTAL}: {', '.join(named)}"
