"""The inputs of Caliendo and Parro (2015): 31 countries, 40 sectors, 1993, as their files lay them out.

Source: replication files of "Estimates of the Trade and Welfare Effects of NAFTA", Review of Economic
Studies 82(1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy.accounts import share
from palanca.economy.elasticity import trade_elasticity
from palanca.economy.structure import Structure
from palanca.errors import BadTable

Array = NDArray[np.float64]

_COUNTRIES = (
    "ARG AUS AUT BRA CAN CHL CHN DNK FIN FRA DEU GRC HUN IND IDN IRL ITA JPN KOR MEX NLD NZL NOR PRT ZAF "
    "ESP SWE TUR GBR USA ROW"
)
_SECTORS = (
    "agriculture mining food textile wood paper petroleum chemicals plastic minerals basic-metals "
    "metal-products machinery office electrical communication medical auto other-transport other "
    "electricity construction retail hotels land-transport water-transport air-transport aux-transport "
    "post finance real-estate renting computer r-and-d other-business public education health "
    "other-services private"
)
COUNTRIES = tuple(_COUNTRIES.split())
SECTORS = tuple(_SECTORS.split())
TRADED = 20  # the first 20 sectors; the rest are services without trade or tariffs
SERVICES_ELASTICITY = 8.22  # the authors' placeholder for sectors that are not traded
FLOW_UNIT = 1000.0  # flows are in thousand USD, gross output in USD
PERCENT = 0.01

N, J = len(COUNTRIES), len(SECTORS)
FILES = {
    "xbilat1993.txt": (TRADED * N, N),
    "tariffs1993.txt": (TRADED * N, N),
    "tariffs2005.txt": (TRADED * N, N),
    "GO.txt": (J, N),
    "B.txt": (J, N),
    "IO.txt": (N * J, J),
    "T.txt": (TRADED,),
}


@dataclass(frozen=True)
class Repair:
    """A change made to the files so that the published results come out.

    Attributes:
        name: what is done.
        cells: entries changed.
    """

    name: str
    cells: int


@dataclass(frozen=True, eq=False)
class CaliendoParro:
    """What the published counterfactual starts from.

    The accounts do not balance as published (final demand is negative in 185 cells), so this is a
    world in shares; solving it with zero deficits gives the balanced world of the paper.

    Attributes:
        structure: the world of 1993 in shares, money in USD, deficits as observed.
        elasticity: (sector), θ.
        tariff_2005: (origin, sector, destination), ad valorem fractions.
        repairs: what was changed on the way, and in how many cells.
    """

    structure: Structure
    elasticity: xr.DataArray
    tariff_2005: xr.DataArray
    repairs: tuple[Repair, ...]


def read(folder: Path | str) -> CaliendoParro:
    """Read the seven files of the replication archive from `folder`.

    Raises:
        BadTable: files are missing or of another shape; every one is named.
    """
    tables = _tables(Path(folder))
    flow, tariff = _by_partner(tables["xbilat1993.txt"] * FLOW_UNIT), _by_partner(tables["tariffs1993.txt"])
    exports = flow.sum(1).T
    output, raised = output_covers_exports(tables["GO.txt"].T, exports)
    added_share = tables["B.txt"].T
    inputs, rescaled = inputs_exhaust_cost(tables["IO.txt"].reshape(N, J, J), added_share)
    spending = own_sales_added(flow, output - exports) * (1 + tariff * PERCENT)
    final, emptied = final_demand_not_negative(spending.sum(2).T, inputs, output)
    structure = Structure(
        name="Caliendo and Parro 1993",
        countries=COUNTRIES,
        sectors=SECTORS,
        sourcing=share(spending, spending.sum(2, keepdims=True)),
        tariff=tariff * PERCENT,
        value_added_share=added_share,
        input_share=inputs,
        final_share=share(final, final.sum(1, keepdims=True)),
        value_added=output * added_share,
        deficit=flow.sum((0, 2)) - exports.sum(1),
    )
    return CaliendoParro(
        structure=structure,
        elasticity=_elasticity(tables["T.txt"]),
        tariff_2005=_labelled(_by_partner(tables["tariffs2005.txt"]) * PERCENT),
        repairs=(raised, rescaled, emptied),
    )


def output_covers_exports(output: Array, exports: Array) -> tuple[Array, Repair]:
    """Raise gross output, (N, J), to exports, (N, J), where it falls short, so own sales are not negative."""
    short = output < exports
    return np.maximum(output, exports), Repair("gross output raised to exports", int(short.sum()))


def own_sales_added(flow: Array, own_sales: Array) -> Array:
    """Return flows, (J, N, N) [sector, importer, exporter], with own sales, (N, J), on the diagonal."""
    return flow + own_sales.T[:, :, None] * np.eye(N)


def inputs_exhaust_cost(coefficients: Array, added_share: Array) -> tuple[Array, Repair]:
    """Scale input coefficients, (N, J, J), so that each column sums to one less value added, (N, J).

    Raw columns sum to one only to 4e-7, which would stall any solver there. The one negative
    coefficient (Canada) is kept, as in the paper; users without inputs have a value-added share of one.
    """
    total = coefficients.sum(1)
    off = (total != 1.0) & (total != 0.0)
    scaled = coefficients * share(1 - added_share, total)[:, None, :]
    return scaled, Repair("input columns rescaled to one less value added", int(off.sum()))


def final_demand_not_negative(spending: Array, inputs: Array, output: Array) -> tuple[Array, Repair]:
    """Return spending, (N, J), less what all users buy as inputs, emptied where that is negative."""
    final = spending - np.einsum("nkj,nj->nk", inputs, output)
    emptied = final < 0
    return np.where(emptied, 0.0, final), Repair("negative final demand set to zero", int(emptied.sum()))


def _tables(folder: Path) -> dict[str, Array]:
    missing = [f"{name} is missing" for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BadTable(f"{folder} does not hold the files of Caliendo and Parro (2015):", missing)
    try:
        tables = {name: np.loadtxt(folder / name) for name in FILES}
    except (OSError, ValueError) as error:
        raise BadTable(f"The files in {folder} cannot be used:", [str(error)]) from error
    if faults := list(_shape_faults(tables)):
        raise BadTable(f"The files in {folder} cannot be used:", faults)
    return tables


def _shape_faults(tables: dict[str, Array]) -> Iterator[str]:
    for name, shape in FILES.items():
        if tables[name].shape != shape:
            yield f"{name} has shape {tables[name].shape}, not {shape}"
        elif not np.isfinite(tables[name]).all():
            yield f"{name} has entries that are not numbers"


def _by_partner(rows: Array) -> Array:
    """Return (sector · importer, exporter) as (J, N, N), with empty services added."""
    table = np.zeros((J, N, N))
    table[:TRADED] = rows.reshape(TRADED, N, N)
    return table


def _elasticity(theta: Array) -> xr.DataArray:
    values = [*theta.tolist(), *[SERVICES_ELASTICITY] * (J - TRADED)]
    return trade_elasticity(dict(zip(SECTORS, values, strict=True)), SECTORS)


def _labelled(table: Array) -> xr.DataArray:
    coords = {"sector": list(SECTORS), "destination": list(COUNTRIES), "origin": list(COUNTRIES)}
    return xr.DataArray(table, coords).transpose("origin", "sector", "destination")
