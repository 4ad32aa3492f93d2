"""What the partner's customs records: imports from the country, duty by law and duty collected.

Statutory and collected duty are two things. The statutory level is what the law would take from the
imports of a base year; the collected rate is what customs calculated on what actually entered.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from statistics import median

import polars as pl

from palanca.catalogue import Catalogue, Figure, Series, Table, Unknown
from palanca.catalogue.figure import Key, combine, standing
from palanca.exposure.concentration import flow_value

ALL, WORLD, YEAR = "00", "WLD", 12  # all products; all partners; months
GROUPS = ("EUU", WORLD)  # no country: they take no part in percentiles
HERE = "exposure.customs"


@dataclass(frozen=True, slots=True)
class Sector:
    """A customs sector over the last twelve months on file.

    Attributes:
        code: NAICS three-digit code.
        share_pct: of all imports from the country.
        imports: path of imports by month, USD.
        duty: path of duty over imports by month, percent.
    """

    code: str
    imports_usd: Figure
    share_pct: Figure
    duty_collected_pct: Figure
    imports: Series
    duty: Series


@dataclass(frozen=True)
class Books:
    """What one importer's customs records of one partner."""

    table: Table
    importer: str
    partner: str

    def rows(self, sector: str = ALL) -> pl.DataFrame:
        """Return month, imports_usd, duty_usd and duty_pct, oldest first."""
        return _recorded(self.table, self.importer, self.partner, sector)

    def keys(self, sector: str = ALL) -> dict[str, Key | tuple[Key, ...]]:
        """Return the keys of the rows."""
        return {"importer": self.importer, "partner": self.partner, "sector": sector}

    def total(self, column: str, months: Sequence[str], *, sector: str = ALL) -> Figure:
        """Return the sum of a column over months, dated by their year when they make one."""
        keys = {**self.keys(sector), "month": tuple(months)}
        rows = self.table.rows(**keys)
        return Figure(
            name=column,
            value=float(rows[column].sum())
            if rows.height
            else self.table.missing(importer=self.importer, partner=self.partner),
            unit="usd",
            period=_dated(months),
            table=self.table.name,
            evidence=(self.table.evidence(column, keys),),
            method=f"{HERE}.total",
        )

    def rate(self, name: str, months: Sequence[str], *, sector: str = ALL) -> Figure:
        """Return duty over imports in percent over months."""
        parts = (self.total(column, months, sector=sector) for column in ("duty_usd", "imports_usd"))
        return combine(name, "percent", _percent, *parts, method=f"{HERE}.rate")

    def placed(self, figure: Figure, column: str, months: Sequence[str], *, sector: str = ALL) -> Figure:
        """Return a figure over months with its standing among partners and in its own past.

        The past is every earlier stretch of as many months.
        """
        if isinstance(figure.value, Unknown):
            return figure
        rivals = by_partner(self.table, self.importer, sector, tuple(months))
        earlier = _windows(self.table, self.importer, self.partner, sector, max(len(months), 1))
        past = earlier.filter(pl.col("month") < max(months, default=""))[column].drop_nulls()
        others = rivals.filter(pl.col("partner") != self.partner)[column].drop_nulls()
        return replace(figure, among=standing(figure.value, others), past=standing(figure.value, past))

    def path(self, name: str, unit: str, values: pl.Series, *, sector: str = ALL) -> Series:
        """Return a monthly path of values computed from the rows of a sector."""
        columns = ("imports_usd",) if unit == "usd" else ("duty_usd", "imports_usd")
        return Series(
            name=name,
            unit=unit,
            periods=tuple(self.rows(sector)["month"]),
            values=tuple(values),
            table=self.table.name,
            evidence=tuple(self.table.evidence(column, self.keys(sector)) for column in columns),
        )


@cache
def by_partner(table: Table, importer: str, sector: str, months: tuple[str, ...]) -> pl.DataFrame:
    """Return partner, imports_usd, duty_usd and duty_pct over months, groups of countries left out."""
    rows = table.rows(importer=importer, sector=sector, month=months).filter(~pl.col("partner").is_in(GROUPS))
    sums = rows.group_by("partner").agg(pl.col("imports_usd").sum(), pl.col("duty_usd").sum())
    return sums.with_columns(duty_pct=_rate()).sort("partner")


def _rate() -> pl.Expr:
    return pl.when(pl.col("imports_usd") > 0).then(100 * pl.col("duty_usd") / pl.col("imports_usd"))


@cache
def _windows(table: Table, importer: str, partner: str, sector: str, length: int) -> pl.DataFrame:
    """Return month, imports_usd, duty_usd and duty_pct over the `length` months that end in each month."""
    rows = _recorded(table, importer, partner, sector)
    sums = rows.select("month", pl.col("imports_usd", "duty_usd").rolling_sum(length)).drop_nulls()
    return sums.with_columns(duty_pct=_rate())


@cache
def _recorded(table: Table, importer: str, partner: str, sector: str) -> pl.DataFrame:
    rows = table.rows(importer=importer, partner=partner, sector=sector).sort("month")
    return rows.with_columns(duty_pct=_rate())


def _dated(months: Sequence[str]) -> str:
    years = {month[:4] for month in months}
    whole = len(months) == YEAR and len(years) == 1
    return next(iter(years)) if whole else max(months, default="")


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole


def figures(tables: Catalogue, country: str, partner: str) -> Iterator[Figure]:
    """Yield what `country` imports from `partner`, and the duty the partner takes on what it sells."""
    table = tables["customs_imports"]
    yield _imports(tables, Books(table, country, partner))
    yield from _shares(Books(table, country, partner))
    yield from _collected(Books(table, partner, country))
    yield from _statutory(tables["statutory_tariffs"], Books(table, partner, country))
    yield from _claimed(tables["preference_use"], country, partner)


def _imports(tables: Catalogue, books: Books) -> Figure:
    """Return imports of the last full year by the importer's customs, else by the reconciled totals."""
    months = last_full_year(books.rows())
    if months:
        return books.placed(books.total("imports_usd", months), "imports_usd", months)
    return flow_value(tables["trade_totals"], "imports_usd", books.partner, books.importer, among="importer")


def _shares(books: Books) -> Iterator[Figure]:
    """Yield the partner's part in all imports of the importer, in the last full year and in the first."""
    rows, world = books.rows(), replace(books, partner=WORLD)
    last = last_full_year(rows)
    first = tuple(rows["month"].head(YEAR)) if last else ()
    for name, months in {"imports_share_year_pct": last, "imports_share_first_pct": first}.items():
        parts = (side.total("imports_usd", months) for side in (books, world))
        yield combine(name, "percent", _percent, *parts, method=f"{HERE}.share")


def last_full_year(rows: pl.DataFrame) -> tuple[str, ...]:
    """Return the months of the last calendar year that is complete; a partial year is never a year."""
    months = rows["month"].to_list()
    years = Counter(month[:4] for month in months)
    last = max((year for year in years if years[year] == YEAR), default=None)
    return tuple(month for month in months if month[:4] == last)


def _collected(books: Books) -> Iterator[Figure]:
    year, last = last_full_year(books.rows()), tuple(books.rows()["month"].tail(1))
    yield books.placed(books.rate("duty_collected_year_pct", year), "duty_pct", year)
    yield books.placed(books.rate("duty_collected_pct", last), "duty_pct", last)
    yield books.placed(books.total("duty_usd", year).rename("duty_year_usd"), "duty_usd", year)
    yield books.placed(
        books.total("imports_usd", last).rename("partner_imports_month_usd"), "imports_usd", last
    )


def collected_by_partner(table: Table, importer: str, month: str) -> dict[str, float]:
    """Return duty over imports in percent by partner in one month, groups of countries left out."""
    rates = by_partner(table, importer, ALL, (month,)).select("partner", "duty_pct").drop_nulls()
    return dict(rates.iter_rows())


@cache
def statutory_by_partner(table: Table, importer: str, date: str) -> dict[str, float]:
    """Return the statutory level in percent by partner on the last policy date up to `date`."""
    rows = table.rows(importer=importer).filter(pl.col("date") <= date).sort("date")
    levels = rows.group_by("partner", maintain_order=True).agg(pl.col("level_pct").last())
    return dict(levels.iter_rows())


def _statutory(table: Table, books: Books) -> Iterator[Figure]:
    """Yield the statutory level in the month of the last collected duty, its parts, and the latest."""
    keys: dict[str, Key] = {"importer": books.importer, "partner": books.partner}
    dates = table.rows(**keys)["date"]
    month = str(books.rows()["month"].max() or "")
    then = str(dates.filter(dates <= f"{month}-31").max() or "")
    latest = {**keys, "date": str(dates.max() or "")}
    keys = {**keys, "date": then}
    yield _level(table, "duty_statutory_pct", keys)
    yield table.figure("duty_statutory_added_pct", "added_pct", **keys)
    yield table.figure("duty_base_pct", "base_pct", **keys)
    yield table.figure("duty_weights_usd", "imports_2024_usd", **keys)
    yield _level(table, "duty_statutory_latest_pct", latest)
    yield table.figure("duty_statutory_since_pct", "level_pct", **{**latest, "date": _since(table, latest)})
    yield _median(table, latest)


def _since(table: Table, latest: dict[str, Key]) -> str:
    """Return the first policy date from which a partner's level has stood unchanged to the latest."""
    rows = table.rows(importer=latest["importer"], partner=latest["partner"]).sort("date")
    if rows.is_empty():
        return ""
    others = rows.filter(pl.col("level_pct") != pl.col("level_pct").last())["date"]
    return str(rows.filter(pl.col("date") > str(others.max() or ""))["date"].min() or "")


def _level(table: Table, name: str, keys: dict[str, Key]) -> Figure:
    figure = table.figure(name, "level_pct", **keys)
    if isinstance(figure.value, Unknown):
        return figure
    rivals = statutory_by_partner(table, str(keys["importer"]), figure.period)
    path = table.rows(importer=keys["importer"], partner=keys["partner"]).filter(
        pl.col("date") < figure.period
    )
    return replace(
        figure,
        among=standing(figure.value, [rate for other, rate in rivals.items() if other != keys["partner"]]),
        past=standing(figure.value, path["level_pct"]),
    )


def _median(table: Table, keys: dict[str, Key]) -> Figure:
    """Return the median statutory level over all partners on the date of the latest."""
    latest = table.figure("duty_statutory_median_pct", "level_pct", **keys)
    levels = statutory_by_partner(table, str(keys["importer"]), latest.period)
    return replace(
        latest,
        value=latest.value if isinstance(latest.value, Unknown) else median(levels.values()),
        evidence=(table.evidence("level_pct", {"importer": keys["importer"], "date": latest.period}),),
        method=f"{HERE}.statutory_by_partner",
    )


def _claimed(table: Table, country: str, partner: str) -> Iterator[Figure]:
    months = table.rows(importer=partner, partner=country)["month"]
    for name, month in {"preference_claimed_pct": months.max(), "preference_first_pct": months.min()}.items():
        yield table.figure(name, "claimed_pct", importer=partner, partner=country, month=str(month or ""))


def paths(tables: Catalogue, country: str, partner: str) -> Iterator[Series]:
    """Yield monthly paths of what the partner's customs records of the country."""
    books = Books(tables["customs_imports"], partner, country)
    rows = books.rows()
    if rows.is_empty():
        return
    world = replace(books, partner=WORLD).rows().select("month", world="imports_usd")
    share = rows.join(world, on="month").select(100 * pl.col("imports_usd") / pl.col("world")).to_series()
    yield books.path("partner_imports_usd", "usd", rows["imports_usd"])
    yield books.path("partner_imports_share_pct", "percent", share)
    yield books.path("duty_collected_pct", "percent", rows["duty_pct"])
    yield from _statutory_path(tables["statutory_tariffs"], books, str(rows["month"][-1]))
    yield from _claimed_path(tables["preference_use"], books)


def _statutory_path(table: Table, books: Books, collected_to: str) -> Iterator[Series]:
    """Yield the level at the end of each month; before the first policy date it is the base of 2024."""
    keys = {"importer": books.importer, "partner": books.partner}
    rows = table.rows(**keys).sort("date")
    if rows.is_empty():
        return
    base = (f"{int(rows['date'][0][:4]) - 1}-01-01", float(rows["base_pct"][0]))
    steps = [base, *zip(rows["date"], rows["level_pct"], strict=True)]
    months = months_between(base[0][:7], max(rows["date"][-1][:7], collected_to))
    yield Series(
        name="duty_statutory_pct",
        unit="percent",
        periods=tuple(months),
        values=tuple([level for day, level in steps if day <= f"{month}-31"][-1] for month in months),
        table=table.name,
        evidence=(table.evidence("level_pct", keys),),
    )


def months_between(first: str, last: str) -> list[str]:
    """Return every ISO month from `first` to `last`, both included."""
    start, end = (int(month[:4]) * YEAR + int(month[5:7]) - 1 for month in (first, last))
    return [f"{index // YEAR}-{index % YEAR + 1:02d}" for index in range(start, end + 1)]


def _claimed_path(table: Table, books: Books) -> Iterator[Series]:
    keys = {"importer": books.importer, "partner": books.partner}
    rows = table.rows(**keys).sort("month")
    if rows.height:
        yield Series(
            name="preference_claimed_pct",
            unit="percent",
            periods=tuple(rows["month"]),
            values=tuple(rows["claimed_pct"]),
            table=table.name,
            evidence=(table.evidence("claimed_pct", keys),),
        )


def sectors(tables: Catalogue, country: str, partner: str) -> tuple[Sector, ...]:
    """Return the partner's imports from the country by sector over the last twelve months, largest first."""
    books = Books(tables["customs_imports"], partner, country)
    months = tuple(books.rows()["month"].tail(YEAR))
    if len(months) < YEAR:
        return ()
    codes = books.table.rows(importer=partner, partner=country)["sector"].unique().sort().to_list()
    found = [sector for code in codes if code != ALL and (sector := _sector(books, code, months))]
    return tuple(sorted(found, key=lambda sector: -known(sector.imports_usd)))


def known(figure: Figure) -> float:
    """Return the value of a figure for ordering; an unknown one comes last."""
    return -inf if isinstance(figure.value, Unknown) else figure.value


def _sector(books: Books, code: str, months: tuple[str, ...]) -> Sector | None:
    rows, sold = books.rows(code), books.total("imports_usd", months, sector=code)
    if known(sold) <= 0:
        return None
    whole = books.total("imports_usd", months)
    rate = books.rate("duty_collected_pct", months, sector=code)
    return Sector(
        code=code,
        imports_usd=books.placed(sold, "imports_usd", months, sector=code),
        share_pct=combine("share_pct", "percent", _percent, sold, whole, method=f"{HERE}.sectors"),
        duty_collected_pct=books.placed(rate, "duty_pct", months, sector=code),
        imports=books.path("imports_usd", "usd", rows["imports_usd"], sector=code),
        duty=books.path("duty_collected_pct", "percent", rows["duty_pct"], sector=code),
    )
