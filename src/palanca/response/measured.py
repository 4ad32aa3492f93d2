"""Measures of structure by country and year, as far as the tables reach; a missing year is absent."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from palanca.catalogue import Catalogue, Evidence, Table
from palanca.catalogue.figure import Key
from palanca.exposure.customs import ALL, GROUPS, WORLD, YEAR

Paths = Mapping[str, Mapping[str, float]]
Keys = Callable[[str, tuple[str, ...]], tuple[Evidence, ...]]
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Measured:
    """One measure of every country with a value towards one partner.

    Attributes:
        paths: the value by country and year, oldest first.
        evidence: rows behind the values of a country in some years.
    """

    name: str
    table: str
    paths: Paths
    evidence: Keys


def measured(tables: Catalogue, partner: str, names: Collection[str]) -> Iterator[Measured]:
    """Yield measures of exposure to `partner` by name, for every country on file."""
    makers: dict[str, Callable[[], Measured]] = {
        "export_share_pct": lambda: _export_share(tables["trade_totals"], partner),
        "value_added_share_pct": lambda: _value_added(tables["power"], partner),
        "agreements": lambda: _agreements(tables["agreement_years"]),
        "vote_distance": lambda: _distance(tables, partner),
        "vote_agreement_pct": lambda: _agreement(tables, partner),
    }
    yield from (make() for name, make in makers.items() if name in names)
    yield from (one for one in _sales(tables, partner) if one.name in names)


def _exact(rows: pl.DataFrame | pl.LazyFrame) -> Paths:
    """Return columns of country, period and value as paths; rows without a number are left out."""
    lazy = rows.lazy()
    country, when, value = lazy.collect_schema()
    known = lazy.with_columns(pl.col(value).cast(pl.Float64)).drop_nulls().filter(pl.col(value).is_finite())
    ordered = known.sort(country, when).with_columns(pl.col(when).cast(pl.String))
    paths = ordered.group_by(country, maintain_order=True).agg(when, value).collect()
    return {name: dict(zip(years, values, strict=True)) for name, years, values in paths.iter_rows()}


def _export_share(table: Table, partner: str) -> Measured:
    frame = table.frame.with_columns(whole=pl.col("trade_usd").sum().over("exporter", "year"))
    share = PERCENT * pl.col("trade_usd") / pl.col("whole")
    rows = frame.filter(pl.col("importer") == partner).select("exporter", "year", share)
    return Measured(
        "export_share_pct",
        table.name,
        _exact(rows),
        lambda code, when: (table.evidence("trade_usd", {"exporter": code, "year": _numbers(when)}),),
    )


def _numbers(years: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(year) for year in years)


def _sales(tables: Catalogue, partner: str) -> Iterator[Measured]:
    """Yield what the partner's customs says of sales to it: over exports and product, as part, by sector."""
    customs, ratios, money = tables["customs_imports"], tables["trade_ratios"], tables["gdp"]
    sold = _yearly(customs, partner)

    def proof(code: str, when: tuple[str, ...]) -> Evidence:
        months = tuple(f"{year}-{month:02d}" for year in when for month in range(1, YEAR + 1))
        keys: dict[str, Key | tuple[Key, ...]] = {
            "importer": partner,
            "partner": code,
            "sector": ALL,
            "month": months,
        }
        return customs.evidence("imports_usd", keys)

    def size(code: str, when: tuple[str, ...]) -> Evidence:
        return money.evidence("gdp_usd", {"country": code, "year": _numbers(when)})

    def traded(code: str, when: tuple[str, ...]) -> Evidence:
        return ratios.evidence("exports_gdp_pct", {"country": code, "year": _numbers(when)})

    named = pl.col("partner").alias("country")
    whole = sold.filter(pl.col("sector") == ALL).select(named, "year", "imports_usd")
    bought = whole.filter(pl.col("country") == WORLD).select("year", all_usd="imports_usd")
    each = whole.filter(~pl.col("country").is_in(GROUPS))
    product = money.frame.select("country", pl.col("year").cast(pl.String), "gdp_usd")
    share = ratios.frame.select("country", pl.col("year").cast(pl.String), "exports_gdp_pct")
    over = each.join(product, on=["country", "year"]).with_columns(
        pct=PERCENT * pl.col("imports_usd") / pl.col("gdp_usd")
    )
    of_exports = over.join(share, on=["country", "year"]).select(
        "country", "year", PERCENT * pl.col("pct") / pl.col("exports_gdp_pct")
    )
    part = each.join(bought, on="year").select(
        "country", "year", PERCENT * pl.col("imports_usd") / pl.col("all_usd")
    )
    name = customs.name
    yield Measured(
        "sales_share_pct", name, _exact(of_exports), lambda c, y: (proof(c, y), size(c, y), traded(c, y))
    )
    yield Measured(
        "sales_gdp_pct",
        name,
        _exact(over.select("country", "year", "pct")),
        lambda c, y: (proof(c, y), size(c, y)),
    )
    yield Measured("import_share_pct", name, _exact(part), lambda c, y: (proof(c, y), proof(WORLD, y)))
    yield Measured("sector_hhi", name, _exact(_concentration(sold)), lambda c, y: (proof(c, y),))


@cache
def _yearly(table: Table, importer: str) -> pl.DataFrame:
    """Return partner, sector, year and imports_usd of every year whose twelve months are on file."""
    rows = table.rows(importer=importer).with_columns(year=pl.col("month").str.slice(0, 4))
    months = rows.group_by("year").agg(pl.col("month").n_unique())
    whole = months.filter(pl.col("month") == YEAR)["year"].to_list()
    kept = rows.filter(pl.col("year").is_in(whole))
    return kept.group_by("partner", "sector", "year", maintain_order=True).agg(pl.col("imports_usd").sum())


def _concentration(sold: pl.DataFrame) -> pl.DataFrame:
    """Return country, year and the sum of squared shares of sectors."""
    rows = sold.filter(pl.col("sector") != ALL, ~pl.col("partner").is_in(GROUPS))
    share = pl.col("imports_usd") / pl.col("imports_usd").sum()
    groups = rows.group_by(pl.col("partner").alias("country"), "year", maintain_order=True)
    return groups.agg((share**2).sum().alias("hhi"))


def _value_added(table: Table, partner: str) -> Measured:
    rows = table.frame.filter(pl.col("partner") == partner).select("country", "year", "value_added_share_pct")
    return Measured(
        "value_added_share_pct",
        table.name,
        _exact(rows),
        lambda code, _: (table.evidence("value_added_share_pct", {"country": code, "partner": partner}),),
    )


@cache
def _agreements(table: Table) -> Measured:
    """Return agreements in force for each country to the last year on file, one that renews another apart."""
    last = table.origin.vintage.year
    new = table.frame.select("country", "year", new=pl.col("agreements").cast(pl.Int16) - pl.col("renewed"))
    found: dict[str, dict[str, float]] = {}
    for (code,), rows in new.group_by("country"):
        years, signed = rows["year"].to_numpy(), rows["new"].to_numpy()
        grid = np.arange(years.min(), last + 1)
        counts = ((years <= grid[:, None]) * signed).sum(1).astype(float)
        found[str(code)] = dict(zip(map(str, grid.tolist()), counts.tolist(), strict=True))
    return Measured(
        "agreements",
        table.name,
        found,
        lambda code, _: tuple(table.evidence(one, {"country": code}) for one in ("agreements", "renewed")),
    )


def _distance(tables: Catalogue, partner: str) -> Measured:
    table, whole = tables["ideal_points"], _whole_years(tables)
    rows = table.frame.filter(pl.col("year").is_in(whole)).select(
        "country", "year", pl.col("point").cast(pl.Float64)
    )
    theirs = rows.filter(pl.col("country") == partner).select("year", theirs="point")
    apart = rows.filter(pl.col("country") != partner).join(theirs, on="year")
    return Measured(
        "vote_distance",
        table.name,
        _exact(apart.select("country", "year", (pl.col("point") - pl.col("theirs")).abs().round(3))),
        lambda code, when: (table.evidence("point", {"country": (code, partner), "year": _numbers(when)}),),
    )


def _agreement(tables: Catalogue, partner: str) -> Measured:
    table, whole = tables["vote_agreement"], _whole_years(tables)
    sides = pl.concat([table.rows(first=partner), table.rows(second=partner)])
    frame = sides.filter(pl.col("year").is_in(whole))
    other = pl.when(pl.col("first") == partner).then("second").otherwise("first").alias("country")
    graded = PERCENT * (pl.col("same") + pl.col("halfway") / 2) / pl.col("votes")

    def proof(code: str, when: tuple[str, ...]) -> tuple[Evidence, ...]:
        two = (code, partner)
        pair: dict[str, Key | tuple[Key, ...]] = {"first": two, "second": two, "year": _numbers(when)}
        return (table.evidence("votes", pair),)

    return Measured("vote_agreement_pct", table.name, _exact(frame.select(other, "year", graded)), proof)


def _whole_years(tables: Catalogue) -> list[int]:
    return tables["vote_years"].frame.filter(~pl.col("partial"))["year"].to_list()
