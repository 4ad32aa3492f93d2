"""Where moving little trade buys much security, and how much trade each cut of power takes."""

from collections.abc import Iterator

import polars as pl

from palanca.brief import tradeoff
from palanca.brief.claims import Claim, Filling, Item, templates
from palanca.brief.figures import Chart
from palanca.brief.sections.case import Case, Section
from palanca.brief.sections.power import ended, slight
from palanca.brief.sections.readings import level
from palanca.catalogue.codes import sectors

MOVES, FRONTIER = "diversification_moves", "diversification_frontier"
CUT = 20.0  # per cent, of the cut told in words
TOLD = 2  # moves of a side told in words; `palanca diversify` lists all
USD_PER_BILLION = 1e9


def redirection(case: Case) -> Section:
    """Return the moves with most security per dollar of either country, and the frontier of the first.

    A country that would lose next to nothing without the other has no power to be cut.
    """
    sides = () if ended(case) else tuple(side for side in (case, case.reverse()) if not slight(side))
    items = tuple(item for side in sides for item in _side(side))
    if not any(isinstance(item, Claim) for item in items):
        return Section("redirection", items)
    return Section("redirection", items, tuple(_chart(case)), (templates()["diversify-note"],))


def _side(case: Case) -> Iterator[Item]:
    pair = {"country": case.a.iso3, "partner": case.b.iso3}
    table = case.tables[FRONTIER]
    columns = {"cut": "cut_pct", **_within("moved", "moved_usd")}
    point = {name: table.figure(name, column, **pair, cut_pct=CUT) for name, column in columns.items()}
    yield case.tell("diversify-frontier", {**point, "level": level(point["moved"])}, kind="estimate")
    for row in case.tables[MOVES].rows(**pair).sort("place").head(TOLD).iter_rows(named=True):
        yield _move(case, row["side"], row["sector"], place=row["place"], **pair)


def _move(case: Case, side: str, sector: str, **keys: str | int) -> Item:
    columns = {"moved": "moved_usd", "stake": "stake_usd", "share": "share_pct", **_within("cut", "cut_pct")}
    figures = {name: case.tables[MOVES].figure(name, column, **keys) for name, column in columns.items()}
    named: dict[str, Filling] = {"sector": sectors()[sector].name, "level": level(figures["cut"]), **figures}
    return case.tell(f"diversify-{side}", named, kind="estimate", about=sector)


def _within(name: str, column: str) -> dict[str, str]:
    """Return the columns of a number and of its interval, by the names they take in a sentence."""
    return {name: column, f"{name}_low": f"{column}_lower", f"{name}_high": f"{column}_upper"}


def _chart(case: Case) -> Iterator[Chart]:
    rows = case.tables[FRONTIER].rows(country=case.a.iso3, partner=case.b.iso3)
    if rows.height > 1:
        points = rows.select("cut_pct", moved_usd_bn=pl.col("moved_usd") / USD_PER_BILLION)
        yield tradeoff.frontier(case.a, case.b, points, (FRONTIER,))
