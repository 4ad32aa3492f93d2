"""What the tables hold for each figure that a text may tell: its path by year or month, source by source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from palanca.catalogue import Catalogue, Evidence, Table, Unknown
from palanca.catalogue.unknown import unknown
from palanca.events.fronts import fronts
from palanca.exposure.customs import GROUPS
from palanca.posture import agreement, presence

PERCENT, MONTHS, HALF = 100.0, 12, 0.5
TOTALS, CUSTOMS, BOOK = "trade_totals", "customs_imports", "partner_shares"
WORLD, ALL = "WLD", "00"
FRONTS = {
    "homicides": ("homicide_victims",),
    "encounters": ("border_encounters",),
    "fentanyl": ("fentanyl_seized", "fentanyl_seized_north"),
    "methamphetamine": ("methamphetamine_seized",),
    "opioid_deaths": ("opioid_deaths",),
}
OF_COUNTRY = {
    "remittances": ("factbook_exposure", "remittances_gdp_pct"),
    "exports_gdp": ("trade_ratios", "exports_gdp_pct"),
    "gdp": ("gdp", "gdp_usd"),
}


@dataclass(frozen=True)
class Path:
    """A figure by one source: values by ISO year or month, and the rows they are read from.

    Attributes:
        off: how far rounding may have moved a value.
        monthly: whether its last month, and no year, tells how it stands.
        aside: whether it is left aside where no period is told and another source speaks.
    """

    values: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    off: float = 0
    aside: bool = False
    monthly: bool = False

    @property
    def last(self) -> str:
        """The last whole year, or the last month where there is none."""
        years = [one for one in self.values if len(one) == len("2020")]
        return max(self.values if self.monthly or not years else years)


Paths = Mapping[str, Path]


def paths(tables: Catalogue, name: str, owner: str, other: str | None) -> Paths | Unknown:
    """Return a figure of a country, towards another where it is of two, by every source that holds it."""
    found = {key: path for key, path in _READERS[name](tables, owner, other).items() if path.values}
    return found or unknown(
        "no table here holds this figure for these countries",
        "ninguna tabla de aquí contiene esta cifra para estos países",
    )


def _flow(tables: Catalogue, seller: str | None, buyer: str | None) -> dict[str, Path]:
    table = tables[TOTALS]
    keys = {key: code for key, code in (("exporter", seller), ("importer", buyer)) if code}
    rows = table.rows(**keys).group_by("year").agg(pl.col("trade_usd").sum())
    found = {TOTALS: Path(_by_year(rows, "trade_usd"), (table.evidence("trade_usd", keys),))}
    if buyer:
        found[CUSTOMS] = _customs(tables, buyer, seller or WORLD, "imports_usd")
    return found


def _by_year(rows: pl.DataFrame, column: str) -> dict[str, float]:
    held = rows.drop_nulls(column).select(pl.col("year").cast(pl.String), column)
    return {str(year): float(value) for year, value in held.iter_rows()}


def _customs(tables: Catalogue, importer: str, seller: str, column: str) -> Path:
    """Return sums of an importer's customs by month, and by year where all months are on file."""
    table = tables[CUSTOMS]
    keys = {"importer": importer, "partner": seller, "sector": ALL}
    months = {
        str(month): float(value) for month, value in table.rows(**keys).select("month", column).iter_rows()
    }
    years: dict[str, list[float]] = {}
    for month, value in months.items():
        years.setdefault(month[:4], []).append(value)
    whole = {year: sum(held) for year, held in years.items() if len(held) == MONTHS}
    return Path({**months, **whole}, (table.evidence(column, keys),))


def _over(part: Path, whole: Path, *, aside: bool = False) -> Path:
    values = {
        key: PERCENT * value / whole.values[key]
        for key, value in part.values.items()
        if whole.values.get(key)
    }
    return Path(values, (*part.evidence, *whole.evidence), aside=aside)


def _exports(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return _flow(tables, owner, other)


def _imports(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return _flow(tables, other, owner)


def _trade(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    out, into = _exports(tables, owner, other)[TOTALS], _imports(tables, owner, other)[TOTALS]
    values = {year: value + into.values[year] for year, value in out.values.items() if year in into.values}
    return {TOTALS: Path(values, (*out.evidence, *into.evidence))}


def _share(tables: Catalogue, owner: str, other: str | None, *, flow: str) -> dict[str, Path]:
    of = {"exports": _exports, "imports": _imports}[flow]
    part, whole = of(tables, owner, other), of(tables, owner, None)
    found = {TOTALS: _over(part[TOTALS], whole[TOTALS])}
    book = tables[BOOK]
    keys = {"country": owner, "partner": other or "", "flow": flow}
    rows = book.rows(**keys)
    found[BOOK] = Path(_by_year(rows, "share_pct"), (book.evidence("share_pct", keys),), off=HALF)
    if CUSTOMS in part and CUSTOMS in whole:
        found[CUSTOMS] = _over(part[CUSTOMS], whole[CUSTOMS], aside=True)
    return found


def _to_product(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return {
        TOTALS: _over(_exports(tables, owner, other)[TOTALS], _country(tables, owner, None, "gdp")["gdp"])
    }


def _net(tables: Catalogue, owner: str, other: str | None, *, sign: int) -> dict[str, Path]:
    out, into = _exports(tables, owner, other)[TOTALS], _imports(tables, owner, other)[TOTALS]
    values = {
        year: sign * (value - into.values[year]) for year, value in out.values.items() if year in into.values
    }
    return {TOTALS: Path(values, (*out.evidence, *into.evidence))}


def _votes(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    years = agreement.by_year(tables, owner, other or "")
    values = {
        str(one.year): PERCENT * (one.agreement.same + one.agreement.halfway / 2) / one.agreement.votes
        for one in years
        if not one.partial and one.agreement.votes
    }
    first, second = sorted((owner, other or ""))
    keys = {"first": first, "second": second}
    return {"vote_agreement": Path(values, (tables["vote_agreement"].evidence("same", keys),))}


def _duty(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    paid = (_customs(tables, other or "", owner, column) for column in ("duty_usd", "imports_usd"))
    found = {CUSTOMS: replace(_over(*paid), monthly=True)}
    table = tables["statutory_tariffs"]
    keys = {"importer": other or "", "partner": owner}
    rows = table.rows(**keys).filter(~pl.col("scheduled"))
    values = {
        str(day): float(rate) for day, rate in rows.select("date", "level_pct").sort("date").iter_rows()
    }
    last = dict(list(values.items())[-1:])
    law = Path(last, (table.evidence("level_pct", keys),), monthly=True)
    return {"statutory_tariffs": law, **found}


def _collected(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return {CUSTOMS: _duty(tables, owner, other)[CUSTOMS]}


def _country(tables: Catalogue, owner: str, _: str | None, name: str) -> dict[str, Path]:
    of, column = OF_COUNTRY[name]
    table = tables[of]
    rows = table.rows(country=owner)
    return {of: Path(_by_year(rows, column), (table.evidence(column, {"country": owner}),))}


def _count(
    tables: Catalogue, owner: str, _: str | None, table: str, of: Callable[[Catalogue], Mapping[str, int]]
) -> dict[str, Path]:
    held, on = (
        of(tables).get(owner),
        tables[table].last_period or tables[table].origin.vintage.isoformat()[:4],
    )
    values = {} if held is None else {on: float(held)}
    return {table: Path(values, (tables[table].evidence("country", {"country": owner}),))}


def _front(tables: Catalogue, owner: str, other: str | None, names: Sequence[str]) -> dict[str, Path]:
    held = {one.name: one for one in fronts(owner, other or "", catalogue=tables)}
    one = next((held[name] for name in names if name in held), None)
    if one is None:
        return {}
    years: dict[str, list[float]] = {}
    for month, value in one.series.known():
        years.setdefault(month[:4], []).append(value)
    last = one.indicator.window == "last"
    whole = {year: known[-1] if last else sum(known) for year, known in years.items() if len(known) == MONTHS}
    return {one.indicator.table: Path(whole, one.series.evidence or one.last.evidence)}


def _claimed(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    table = tables["preference_use"]
    keys = {"importer": other or "", "partner": owner}
    months = {
        str(month): float(share)
        for month, share in table.rows(**keys).select("month", "claimed_pct").iter_rows()
    }
    return {"preference_use": Path(months, (table.evidence("claimed_pct", keys),))}


def _embassy(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    """Return whether a country keeps an embassy in another, 1 or 0; nothing where none of its is on file."""
    table = tables["embassies"]
    hosts = table.rows(country=owner)
    year = table.last_period
    values = {year: float(other in set(hosts["host"]))} if hosts.height else {}
    return {"embassies": Path(values, (table.evidence("host", {"country": owner}),))}


Reader = Callable[[Catalogue, str, str | None], dict[str, Path]]
_READERS: Mapping[str, Reader] = {
    "exports": _exports,
    "imports": _imports,
    "trade": _trade,
    "export_share": partial(_share, flow="exports"),
    "import_share": partial(_share, flow="imports"),
    "exports_to_gdp": _to_product,
    "deficit": partial(_net, sign=-1),
    "surplus": partial(_net, sign=1),
    "votes": _votes,
    "preference_use": _claimed,
    "embassy_in": _embassy,
    "duty_collected": _collected,
    "duty": _duty,
    "embassies": partial(_count, table="embassies", of=presence.sent),
    "memberships": partial(_count, table="memberships", of=presence.joined),
    **{name: partial(_country, name=name) for name in OF_COUNTRY},
    **{name: partial(_front, names=names) for name, names in FRONTS.items()},
}
OF_TWO = ("exports_to_gdp", "export_share", "import_share", "trade", "deficit", "surplus", "votes", "duty")


def levels_of(table: Table, owner: str, flow: str) -> dict[str, float]:
    """Return a flow of goods of a country by partner."""
    sides = {"exports": (("exporter", "importer"),), "imports": (("importer", "exporter"),)}
    found: dict[str, float] = {}
    for one, two in sides.get(flow, (*sides["exports"], *sides["imports"])):
        for code, usd in table.rows(**{one: owner}).select(two, "trade_usd").iter_rows():
            found[code] = found.get(code, 0) + usd
    return {code: usd for code, usd in found.items() if code not in GROUPS}
