"""The balance of power of one pair of countries, read off the tables that `dyads` makes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import Catalogue, Figure, Table, Unknown
from palanca.catalogue.figure import Standing
from palanca.catalogue.unknown import unknown

POWER, SECTORS = "power", "power_sectors"
RANGES, SECTOR_RANGES = "power_ranges", "power_sector_ranges"
MEASURES = (
    "loss_long_pct",
    "loss_short_pct",
    "leverage",
    "hirschman_pp",
    "import_dependence_pct",
    "liu_yang_pp",
    "supply_loss_pct",
    "value_added_share_pct",
    "welfare_exposure",
)
RANGED = (*MEASURES, "trade_share_pct", "income_exposure")


NO_RATIO = unknown("one side loses nothing", "una de las partes no pierde nada")


@dataclass(frozen=True, slots=True)
class Linked:
    """One sector of a country and its links with the partner.

    Attributes:
        code: of the sector.
        loss_long, loss_short: fall of its value added if trade stops, percent of the country's.
        purchases_face, purchases_through: part of the partner in its inputs, percent.
        sales_face, sales_through: part of the partner in what it sells as inputs, percent.
        security: fall of the loss per share of all spending moved to other suppliers of the sector.
    """

    code: str
    loss_long: Figure
    loss_short: Figure
    purchases_face: Figure
    purchases_through: Figure
    sales_face: Figure
    sales_through: Figure
    security: Figure


COLUMNS = {
    "loss_long": "loss_long_pct",
    "loss_short": "loss_short_pct",
    "purchases_face": "purchases_face_pct",
    "purchases_through": "purchases_through_pct",
    "sales_face": "sales_face_pct",
    "sales_through": "sales_through_pct",
    "security": "security_per_unit",
}
HIDDEN = {side: f"{side}_hidden_pp" for side in ("purchases", "sales")}
SECTOR_RANGED = (*COLUMNS.values(), *HIDDEN.values())


def figures(tables: Catalogue, country: str, partner: str) -> Iterator[Figure]:
    """Yield every measure of power of `partner` over `country`, placed among all other ordered pairs."""
    table = tables[POWER]
    for name in MEASURES:
        figure = table.figure(name, name, country=country, partner=partner)
        if isinstance(figure.value, Unknown) and figure.period:
            figure = replace(figure, value=NO_RATIO)
        yield replace(figure, among=_standing(table, figure))


def ends(tables: Catalogue, name: str, country: str, partner: str) -> tuple[Figure, Figure]:
    """Return the lower and the upper end of the interval of a measure of `RANGED`."""
    return _two(tables[RANGES], name, country=country, partner=partner)


def sector_ends(tables: Catalogue, name: str, **keys: str) -> tuple[Figure, Figure]:
    """Return the same of a measure of `SECTOR_RANGED`; keys are country, partner and sector."""
    return _two(tables[SECTOR_RANGES], name, **keys)


def _two(table: Table, name: str, **keys: str) -> tuple[Figure, Figure]:
    lower, upper = (table.figure(f"{name}_{end}", f"{name}_{end}", **keys) for end in ("lower", "upper"))
    return lower, upper


def sectors(tables: Catalogue, country: str, partner: str) -> tuple[Linked, ...]:
    """Return the sectors of `country` with their links to `partner`; none, where the pair is not on file."""
    table = tables[SECTORS]
    rows = table.rows(country=country, partner=partner)
    return tuple(_linked(table, row) for row in rows.iter_rows(named=True))


def value_added(tables: Catalogue, country: str) -> dict[str, Figure]:
    """Return the part of each sector in the value added of a country, percent: sales less inputs bought."""
    flows, inputs = tables["world_flows"], tables["world_inputs"]
    sold = _summed(flows.rows(origin=country), pl.col("sector"), "intermediate_usd", "final_usd")
    used = _summed(inputs.rows(country=country), pl.col("user").alias("sector"), "use_usd")
    rows = sold.join(used, on="sector", how="left").sort("sector")
    kept = pl.col("intermediate_usd") + pl.col("final_usd") - pl.col("use_usd").fill_null(0)
    shares = rows.select("sector", share=100 * kept / kept.sum())
    evidence = (
        flows.evidence("intermediate_usd", {"origin": country}),
        flows.evidence("final_usd", {"origin": country}),
        inputs.evidence("use_usd", {"country": country}),
    )
    return {
        sector: Figure(
            "share", share, "percent", _year(flows), flows.name, evidence, "exposure.balance.value_added"
        )
        for sector, share in shares.iter_rows()
    }


def _summed(rows: pl.DataFrame, by: pl.Expr, *columns: str) -> pl.DataFrame:
    """Return sums by group, added in the order of the rows so that every run gives the same bits."""
    return rows.group_by(by, maintain_order=True).agg(pl.col(columns).cast(pl.Float64).sum())


def _year(table: Table) -> str:
    return str(table.frame["year"].max())


def partners(tables: Catalogue, country: str) -> pl.DataFrame:
    """Return the rows of all partners of `country` by sector."""
    return tables[SECTORS].rows(country=country)


def _linked(table: Table, row: dict[str, Any]) -> Linked:
    keys = {name: str(row[name]) for name in ("country", "partner", "sector")}
    cells = {
        name: Figure(
            name=name,
            value=row[column],
            unit=table.spec.columns[column].unit,
            period=str(row["year"]),
            table=table.name,
            evidence=(table.evidence(column, keys),),
            method="catalogue.cell",
        )
        for name, column in COLUMNS.items()
    }
    return Linked(keys["sector"], **cells)


def _standing(table: Table, figure: Figure) -> Standing | None:
    """Return where a value stands among all other ordered pairs."""
    values = _in_order(table, figure.name)
    if isinstance(figure.value, Unknown) or len(values) < 2:
        return None
    below, others = int(np.searchsorted(values, figure.value, "left")), len(values) - 1
    return Standing(100 * below / others, others)


@cache
def _in_order(table: Table, column: str) -> NDArray[np.float64]:
    return np.sort(table.frame[column].drop_nulls().to_numpy())
