"""Any system of the pymrio package: EXIOBASE, WIOD, EORA, GLORIA and whatever else it parses.

Only the shape of the object is used, so pymrio need not be installed: `Z` with rows and columns labelled
(region, sector), `Y` with columns (region, category), and gross output `x`, as its parsers make them.

Source: Stadler (2021), Pymrio, Journal of Open Research Software 9(1).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palanca.economy.accounts import Economy
from palanca.economy.readers.table import Table, checked, economy_of
from palanca.errors import BadTable

Array = NDArray[np.float64]

SMALLEST = 1e-6  # of the largest output, below which the total of a row may be off


def read(system: Any, *, year: int, unit: str, least_value_added: float) -> Economy:
    """Return the economy of a pymrio system; see `readers.table.economy_of` for what is assumed.

    Args:
        system: has `Z`, `Y` and `x`; where they are missing, `calc_all` of that package makes them.
        year: the year it describes.
        unit: of its money.
        least_value_added: smallest part of output that value added may be, a fraction.

    Raises:
        BadTable: tables are missing or do not fit together; every fault is named.
    """
    if lost := [name for name in ("Z", "Y", "x") if getattr(system, name, None) is None]:
        raise BadTable(f"The system has no {', '.join(lost)}. Call its calc_all() first.")
    rows = [tuple(map(str, label)) for label in system.Z.index.tolist() if isinstance(label, tuple)]
    countries = tuple(dict.fromkeys(label[0] for label in rows))
    sectors = tuple(dict.fromkeys(label[1] for label in rows))
    if faults := list(_label_faults(system, rows, len(countries) * len(sectors))):
        raise BadTable("The system is not laid out by region and sector:", faults)
    order = [rows.index((country, sector)) for country in countries for sector in sectors]
    shape = (len(countries), len(sectors))
    output = _numbers(system.x)[order].reshape(shape)
    body = Table(
        str(getattr(system, "name", None) or "pymrio system"),
        year,
        unit,
        countries,
        sectors,
        inputs=_numbers(system.Z)[np.ix_(order, order)].reshape(*shape, *shape),
        final=_by_country(system.Y, countries)[order].reshape(*shape, shape[0]),
        output=output,
    )
    body = checked(body, total="x", smallest=SMALLEST * float(output.max()))
    return economy_of(body, least_value_added=least_value_added)


def _by_country(final: Any, countries: tuple[str, ...]) -> Array:
    """Return final demand with the categories of each country together, (rows, N)."""
    owners = np.array([str(label[0]) for label in final.columns.tolist()])
    member = (owners[:, None] == np.array(countries)[None, :]).astype(float)
    return np.asarray(_numbers(final) @ member)


def _numbers(frame: Any) -> Array:
    return np.asarray(frame, dtype=np.float64)


def _label_faults(system: Any, rows: list[tuple[str, ...]], cells: int) -> Iterator[str]:
    if not rows or len(rows) != len(system.Z.index) or {len(label) for label in rows} != {2}:
        yield "the rows of Z are not labelled (region, sector)"
        return
    if len(set(rows)) < len(rows) or len(rows) != cells:
        yield f"Z has {len(rows)} rows, not one for each region and sector ({cells})"
    for name, labels in {
        "the columns of Z": system.Z.columns,
        "Y": system.Y.index,
        "x": system.x.index,
    }.items():
        if [tuple(map(str, label)) for label in labels.tolist()] != rows:
            yield f"{name}: labels differ from the rows of Z"
    if odd := sorted({str(label[0]) for label in system.Y.columns.tolist()} - {label[0] for label in rows}):
        yield f"Y: regions unknown to Z: {', '.join(odd[:5])}"
