"""Tests of statements on levels and trends: ranks, balances, memberships, and the matters pressed on."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from palanca.brief.check.entries import organisations
from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.statement import Statement
from palanca.brief.check.text import plain
from palanca.catalogue import Catalogue, Table, Unknown
from palanca.catalogue.unknown import unknown
from palanca.events.fronts import Front, fronts
from palanca.exposure import concentration as shares
from palanca.posture import presence

PERCENT, MONTHS = 100.0, 12
TOTALS = "trade_totals"
COUNTS = {
    "memberships": (presence.joined, "memberships"),
    "embassies_abroad": (presence.sent, "embassies"),
    "embassies_received": (presence.received, "embassies"),
}


def exact(value: float, values: dict[str, float | str], table: Table, column: str, **keys: str) -> Reading:
    """Return a value without an interval."""
    return Reading(value, value, value, values, (table.evidence(column, keys),))


def counts(tables: Catalogue, name: str) -> Callable[[str], Reading | Unknown]:
    """Return what gives the count of one kind of presence of a country."""
    count, table = COUNTS[name]

    def of(code: str) -> Reading | Unknown:
        held = count(tables).get(code)
        if held is None:
            return tables[table].missing(country=code)
        return exact(float(held), {name: held}, tables[table], "country", country=code)

    return of


def concentration(tables: Catalogue) -> Callable[[str], Reading | Unknown]:
    """Return what gives the concentration of a country's exports by partner."""
    table = tables[TOTALS]

    def of(code: str) -> Reading | Unknown:
        held = shares.indices(table, "export").get(code)
        if held is None:
            return table.missing(exporter=code)
        return exact(held, {"export_hhi": held}, table, "trade_usd", exporter=code)

    return of


def rank(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Rank of the partner among all partners of the country in goods trade, 1 the largest."""
    (flow,) = arguments["flow"]
    held = _by_partner(matter.tables[TOTALS], matter.country, flow)
    if not held:
        return matter.tables[TOTALS].missing(exporter=matter.country)
    known = sorted(held, key=lambda code: -held[code])
    at = known.index(matter.partner) + 1 if matter.partner in held else len(known) + 1
    share = PERCENT * held.get(matter.partner, 0) / sum(held.values())
    values: dict[str, float | str] = {"rank": at, "share_pct": share, "first_partner": known[0]}
    values["first_share_pct"] = PERCENT * held[known[0]] / sum(held.values())
    keys = {"exports": {"exporter": matter.country}, "imports": {"importer": matter.country}}
    proof = tuple(
        matter.tables[TOTALS].evidence("trade_usd", key)
        for name, key in keys.items()
        if flow in (name, "trade")
    )
    return Reading(at, at, at, values, proof, threshold=said.place, relation="same")


def _by_partner(table: Table, country: str, flow: str) -> dict[str, float]:
    sides = {"exports": (("exporter", "importer"),), "imports": (("importer", "exporter"),)}
    found: dict[str, float] = {}
    for owner, other in sides.get(flow, (*sides["exports"], *sides["imports"])):
        for code, usd in table.rows(**{owner: country}).select(other, "trade_usd").iter_rows():
            found[code] = found.get(code, 0) + usd
    return found


def balance(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Goods imports from the partner over goods exports to it."""
    table = matter.tables[TOTALS]
    sold = table.rows(exporter=matter.country, importer=matter.partner)
    bought = table.rows(exporter=matter.partner, importer=matter.country)
    if sold.is_empty() or bought.is_empty():
        return table.missing(exporter=matter.country, importer=matter.partner)
    out, into = float(sold["trade_usd"][-1]), float(bought["trade_usd"][-1])
    values: dict[str, float | str] = {"imports_usd": into, "exports_usd": out, "year": str(sold["year"][-1])}
    proof = tuple(
        table.evidence("trade_usd", {"exporter": a, "importer": b})
        for a, b in ((matter.country, matter.partner), (matter.partner, matter.country))
    )
    return Reading(into / out, into / out, into / out, values, proof)


def membership(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Whether the country is on file as a member of the organisation that the statement names."""
    table = matter.tables["memberships"]
    codes = [code for name in said.names if (code := _organisation(name))]
    if len(codes) != 1:
        return unknown("the organisation is not on file", "la organización no consta")
    held = table.rows(country=matter.country)
    if held.is_empty():
        return table.missing(country=matter.country)
    within = float(codes[0] in set(held["organization"]))
    return exact(
        within, {"member": within, "organisation": codes[0]}, table, "organization", country=matter.country
    )


def _organisation(name: str) -> str | None:
    return organisations().get(plain(name))


def pacts(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Agreements of the country with the one named that are on file, those made within the period."""
    if len(said.named) != 1:
        return unknown(
            "which of the agreements on file are with such countries is in no table",
            "qué acuerdos en archivo son con tales países no consta en ninguna tabla",
        )
    table = matter.tables["trade_agreements"]
    ends = [
        table.rows(**{one: matter.country, two: said.named[0]})
        for one, two in (("first", "second"), ("second", "first"))
    ]
    rows = pl.concat(ends)
    if said.period and said.period.first:
        rows = rows.filter(pl.col("last_year") >= said.period.first.year)
    if rows.is_empty():
        return table.missing(first=matter.country, second=said.named[0])
    values: dict[str, float | str] = {
        "agreements": float(rows["agreements"].sum()),
        "year": str(rows["last_year"].max()),
    }
    count = float(rows["agreements"].sum())
    first, second = rows["first"][0], rows["second"][0]
    return Reading(
        count, count, count, values, (table.evidence("last_year", {"first": first, "second": second}),)
    )


def _front(matter: Matter, arguments: Arguments, said: Statement) -> Front | None:
    held = {
        one.name: one
        for one in fronts(matter.country, matter.partner, catalogue=matter.tables)
        if one.indicator.where.get("country") in (None, said.subject)
    }
    return next((held[name] for name in arguments["indicator"] if name in held), None)


def _no_front() -> Unknown:
    return unknown("no such series is on file for this pair", "no consta tal serie para este par")


def indicator(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Level of an indicator of a front over the last twelve months on file."""
    held = _front(matter, arguments, said)
    if held is None or isinstance(held.last.value, Unknown):
        return _no_front()
    value = held.last.value
    values: dict[str, float | str] = {"last_12_months": value, "to": held.last.period}
    return Reading(value, value, value, values, held.last.evidence)


def trend(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Change of an indicator in percent: of the last twelve months on those before, or over the period told.

    A period between two years sets the last against the first; a period since a year sets the last twelve
    months against that year; a single year is set against the one before.
    """
    held = _front(matter, arguments, said)
    if held is None:
        return _no_front()
    ends = _ends(held, said)
    if isinstance(ends, Unknown):
        return ends
    (before, first), (after, last) = ends
    if not before:
        return _no_front()
    moved = PERCENT * (after / before - 1)
    values: dict[str, float | str] = {
        "before": before,
        "from": first,
        "after": after,
        "to": last,
        "change_pct": moved,
    }
    read = Reading(moved, moved, moved, values, held.series.evidence or held.last.evidence)
    return _by_how_much(read, said)


def _by_how_much(read: Reading, said: Statement) -> Reading:
    told = said.amount
    if told is None:
        return read
    size = -read.value if said.contrary else read.value
    return replace(
        read,
        low=size,
        high=size,
        threshold=told.value,
        within=told.within,
        relation=told.relation,
        worded=True,
    )


Point = tuple[float, str]


def _ends(held: Front, said: Statement) -> tuple[Point, Point] | Unknown:
    last = held.last.value
    if isinstance(last, Unknown) or isinstance(held.before.value, Unknown):
        return _no_front()
    now: Point = (last, held.last.period)
    period = said.period
    if period is None:
        return (held.before.value, held.before.period), now
    years = _years(held)
    first = period.first.year if period.first else None
    if first is None:
        return _uncovered()
    final = period.last.year if period.last else None
    start = first if final is None or final > first else first - 1
    if start not in years or (final is not None and final not in years):
        return _uncovered()
    return (years[start], str(start)), now if final is None else (years[final], str(final))


def _uncovered() -> Unknown:
    return unknown("the series does not cover the period", "la serie no cubre el periodo")


def _years(held: Front) -> dict[int, float]:
    """Return the value of each year of which all months are on file."""
    months: dict[int, list[float]] = {}
    for month, value in held.series.known():
        months.setdefault(int(month[:4]), []).append(value)
    join = {"sum": sum, "mean": lambda known: sum(known) / len(known), "last": lambda known: known[-1]}
    return {
        year: float(join[held.indicator.window](known))
        for year, known in months.items()
        if len(known) == MONTHS
    }
