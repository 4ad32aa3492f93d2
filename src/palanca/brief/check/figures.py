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
TOTALS, CUSTOMS, BOOK, LAW = "trade_totals", "customs_imports", "partner_shares", "statutory_tariffs"
WORLD, ALL = "WLD", "00"
ISSUES = ("me", "nu", "di", "hr", "co", "ec")
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
        steps: whether a value holds from its day until that of the next.
    """

    values: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    off: float = 0
    aside: bool = False
    monthly: bool = False
    steps: bool = False

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
    return {
        TOTALS: _sum(_exports(tables, owner, other)[TOTALS], _imports(tables, owner, other)[TOTALS], sign=1)
    }


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


def _trade_share(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    both = [
        (_exports(tables, owner, one)[TOTALS], _imports(tables, owner, one)[TOTALS]) for one in (other, None)
    ]
    part, whole = (_sum(*one, sign=1) for one in both)
    return {TOTALS: _over(part, whole)}


def _sum(one: Path, two: Path, *, sign: int) -> Path:
    values = {
        year: value + sign * two.values[year] for year, value in one.values.items() if year in two.values
    }
    return Path(values, (*one.evidence, *two.evidence))


def _to_product(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return {
        TOTALS: _over(_exports(tables, owner, other)[TOTALS], _country(tables, owner, None, "gdp")["gdp"])
    }


def _net(tables: Catalogue, owner: str, other: str | None, *, sells: bool) -> dict[str, Path]:
    out, into = _exports(tables, owner, other)[TOTALS], _imports(tables, owner, other)[TOTALS]
    return {TOTALS: _sum(out, into, sign=-1) if sells else _sum(into, out, sign=-1)}


def _votes(tables: Catalogue, owner: str, other: str | None, issue: str | None = None) -> dict[str, Path]:
    table = "vote_issues" if issue else "vote_agreement"
    years = (
        [one for one in agreement.by_issue(tables, owner, other or "") if one.issue == issue]
        if issue
        else agreement.by_year(tables, owner, other or "")
    )
    values = {
        str(one.year): PERCENT * (one.agreement.same + one.agreement.halfway / 2) / one.agreement.votes
        for one in years
        if not one.partial and one.agreement.votes
    }
    first, second = sorted((owner, other or ""))
    keys = {"first": first, "second": second}
    return {table: Path(values, (tables[table].evidence("same", keys),))}


def _duty(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    return {**_law(tables, owner, other), **_collected(tables, owner, other)}


def _law(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    """Return the duty by law from each day on which it changed, up to the day of the tables."""
    table = tables[LAW]
    keys = {"importer": other or "", "partner": owner}
    rows = table.rows(**keys).select("date", "level_pct").sort("date")
    today = tables.as_of.isoformat()
    values = {str(day): float(rate) for day, rate in rows.iter_rows() if str(day) <= today}
    return {LAW: Path(values, (table.evidence("level_pct", keys),), monthly=True, steps=True)}


def _collected(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    paid = (_customs(tables, other or "", owner, column) for column in ("duty_usd", "imports_usd"))
    return {CUSTOMS: replace(_over(*paid), monthly=True)}


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
    held = {
        one.name: one
        for one in fronts(owner, other or "", catalogue=tables)
        if one.indicator.where.get("country") in (None, "each", owner)
    }
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


def _agreements(tables: Catalogue, owner: str, _: str | None) -> dict[str, Path]:
    """Return with how many partners a country has trade agreements on file, of any kind."""
    table = tables["trade_agreements"]
    with_ = {
        other
        for one, two in (("first", "second"), ("second", "first"))
        for other in table.rows(**{one: owner})[two]
    }
    year = str(table.frame["last_year"].max())
    return {
        "trade_agreements": Path({year: float(len(with_))}, (table.evidence("agreements", {"first": owner}),))
    }


def _pact(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    """Return how many trade agreements of two are on file; nothing where none is, as the file ends early."""
    table = tables["trade_agreements"]
    first, second = sorted((owner, other or ""))
    rows = table.rows(first=first, second=second)
    values = {str(row["last_year"]): float(row["agreements"]) for row in rows.iter_rows(named=True)}
    keys = {"first": first, "second": second}
    return {"trade_agreements": Path(values, (table.evidence("agreements", keys),))}


def _loss(tables: Catalogue, owner: str, other: str | None) -> dict[str, Path]:
    """Return the loss of income if trade with another ended, in the long run and in the short."""
    table = tables["power"]
    keys = {"country": owner, "partner": other or ""}
    rows = table.rows(**keys)
    return {
        name: Path(_by_year(rows, f"{name}_pct"), (table.evidence(f"{name}_pct", keys),))
        for name in ("loss_long", "loss_short")
    }


Reader = Callable[[Catalogue, str, str | None], dict[str, Path]]
_READERS: Mapping[str, Reader] = {
    "exports": _exports,
    "imports": _imports,
    "trade": _trade,
    "export_share": partial(_share, flow="exports"),
    "import_share": partial(_share, flow="imports"),
    "exports_to_gdp": _to_product,
    "deficit": partial(_net, sells=False),
    "surplus": partial(_net, sells=True),
    "votes": _votes,
    "preference_use": _claimed,
    "embassy_in": _embassy,
    "trade_share": _trade_share,
    "agreements": _agreements,
    "pact": _pact,
    "loss": _loss,
    "duty_law": _law,
    "duty_collected": _collected,
    **{f"votes:{issue}": partial(_votes, issue=issue) for issue in ISSUES},
    "duty": _duty,
    "embassies": partial(_count, table="embassies", of=presence.sent),
    "memberships": partial(_count, table="memberships", of=presence.joined),
    **{name: partial(_country, name=name) for name in OF_COUNTRY},
    **{name: partial(_front, names=names) for name, names in FRONTS.items()},
}


Standing = tuple[dict[str, float], Evidence]


def among(tables: Catalogue, name: str, owner: str, other: str, year: str | None) -> Standing | None:
    """Return a figure of every country that may stand where one does: partners, or those that do the same."""
    if name in ("exports", "imports", "trade"):
        return _partners(tables, name, owner, year)
    if name == "votes":
        held = agreement.with_partner(tables, other, int(year) if year else agreement.last_whole_year(tables))
        shares = {
            code: PERCENT * (one.same + one.halfway / 2) / one.votes
            for code, one in held.items()
            if one.votes
        }
        return shares, tables["vote_agreement"].evidence("same", {"first": other})
    if name in ("duty", "duty_law") and year is None and (law := _law(tables, owner, other)[LAW]).values:
        keys = {"importer": other, "date": law.last}
        rows = tables[LAW].rows(**keys).select("partner", "level_pct")
        return {code: float(rate) for code, rate in rows.iter_rows()}, tables[LAW].evidence("level_pct", keys)
    return None


def _partners(tables: Catalogue, name: str, owner: str, year: str | None) -> Standing | None:
    totals = tables[TOTALS]
    if year is None or year in set(map(str, totals.frame["year"].unique())):
        return levels_of(totals, owner, name), totals.evidence(
            "trade_usd", {"importer" if name == "imports" else "exporter": owner}
        )
    keys = {"importer": owner, "sector": ALL}
    rows = tables[CUSTOMS].rows(**keys).filter(pl.col("month").cast(pl.String).str.starts_with(year))
    if name != "imports" or rows["month"].n_unique() != MONTHS:
        return None
    sums = rows.group_by("partner").agg(pl.col("imports_usd").sum())
    found = {code: float(usd) for code, usd in sums.iter_rows() if code not in GROUPS}
    return found, tables[CUSTOMS].evidence("imports_usd", keys)


def levels_of(table: Table, owner: str, flow: str) -> dict[str, float]:
    """Return a flow of goods of a country by partner."""
    sides = {"exports": (("exporter", "importer"),), "imports": (("importer", "exporter"),)}
    found: dict[str, float] = {}
    for one, two in sides.get(flow, (*sides["exports"], *sides["imports"])):
        for code, usd in table.rows(**{one: owner}).select(two, "trade_usd").iter_rows():
            found[code] = found.get(code, 0) + usd
    return {code: usd for code, usd in found.items() if code not in GROUPS}
