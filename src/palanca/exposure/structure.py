"""What a country depends on abroad, whoever the partner."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from palanca.catalogue import Catalogue, Figure, Series, Table
from palanca.catalogue.figure import combine, standing

RATIOS = ("exports_gdp_pct", "imports_gdp_pct", "trade_gdp_pct")


def figures(tables: Catalogue, country: str) -> Iterator[Figure]:
    """Yield trade over GDP, size, remittances and gas imports of `country`."""
    for name in RATIOS:
        yield latest(tables["trade_ratios"], name, country)
    yield latest(tables["gdp"], "gdp_usd", country)
    yield _remittances(tables["factbook_exposure"], country)
    yield _gas(tables["factbook_exposure"], country)


def paths(tables: Catalogue, country: str) -> Iterator[Series]:
    """Yield trade over GDP of `country` by year."""
    table = tables["trade_ratios"]
    for name in RATIOS:
        rows = table.rows(country=country).filter(pl.col(name).is_not_null())
        if rows.height:
            yield Series(
                name=name,
                unit="percent",
                periods=tuple(map(str, rows["year"])),
                values=tuple(rows[name]),
                table=table.name,
                evidence=(table.evidence(name, {"country": country}),),
            )


def latest(table: Table, column: str, country: str) -> Figure:
    """Return the last recorded value of a country, with its standing among countries and in its past.

    Others are compared in the same year, so that a late reporter is not set against another year.
    """
    rows = table.rows(country=country).filter(pl.col(column).is_not_null())
    if rows.is_empty():
        return table.figure(column, column, country=country)
    year = int(rows["year"][-1])
    figure = table.figure(column, column, country=country, year=year)
    rivals = table.rows(year=year).filter(pl.col("country") != country)[column].drop_nulls()
    return replace(
        figure,
        among=standing(figure.value, rivals),
        past=standing(figure.value, rows[column][:-1]),
    )


def _remittances(table: Table, country: str) -> Figure:
    figure = _dated(table, "remittances_gdp_pct", "remittances_year", country)
    rivals = table.frame.filter(pl.col("country") != country)["remittances_gdp_pct"].drop_nulls()
    return replace(figure, among=standing(figure.value, rivals))


def _gas(table: Table, country: str) -> Figure:
    """Return natural gas imported as a share of what is consumed."""
    figure = combine(
        "gas_imports_pct",
        "percent",
        lambda imports, consumption: 100 * imports / consumption,
        _dated(table, "gas_imports_bcm", "gas_year", country),
        _dated(table, "gas_consumption_bcm", "gas_year", country),
        method="exposure.structure.gas",
    )
    others = table.frame.filter(pl.col("country") != country, pl.col("gas_consumption_bcm") > 0)
    rivals = (100 * others["gas_imports_bcm"] / others["gas_consumption_bcm"]).drop_nulls()
    return replace(figure, among=standing(figure.value, rivals))


def _dated(table: Table, column: str, year: str, country: str) -> Figure:
    figure = table.figure(column, column, country=country)
    dates = table.rows(country=country)[year].drop_nulls()
    return replace(figure, period=str(dates[0]) if len(dates) else figure.period)
