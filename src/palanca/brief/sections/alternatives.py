"""Whom a country has for other alliances, and how firm the order of the candidates is."""

from dataclasses import replace

from palanca.brief import posture_figures as charts
from palanca.brief.claims import Filling, Item, templates
from palanca.brief.sections.case import Case, Section
from palanca.brief.sections.posture import Keys, blank, both_orders, figure, filled
from palanca.catalogue import Figure, country
from palanca.posture.agreement import last_whole_year
from palanca.posture.alternatives import Candidate
from palanca.posture.alternatives import alternatives as ranked
from palanca.posture.given import given

LEADING = 3  # candidates told by name
PERCENT = 100.0
NAMES = ("first", "second", "third")
SIZES, PAIRS, ORDER = "gdp", "vote_agreement", "alternatives.alternatives"


def alternatives(case: Case) -> Section:
    """Return the candidates for alliances beside the partner, and whether their order is robust."""
    found = ranked(case.tables, case.a.iso3, case.b.iso3)
    if len(found) < LEADING:
        lost = case.tables[PAIRS].missing(country=case.a.iso3)
        return Section("alternatives", (case.tell("alternatives-first", blank(lost, SIZES, "low")),))
    best = max(found, key=lambda one: one.top_share)
    like = _like(case, (*found[:LEADING], best))
    items = (_first(case, found, like), _firm(case, best, like))
    chart = charts.alternatives(case, found)
    return Section("alternatives", items, (chart,), (templates()["note-alternatives"],))


def _like(case: Case, found: tuple[Candidate, ...]) -> Figure:
    """Return a blank figure on what the candidates told were ranked by."""
    codes = tuple(dict.fromkeys(one.country for one in found))
    own = case.a.iso3
    sizes = case.tables[SIZES].evidence("gdp_usd", {"country": (*codes, own, case.b.iso3)})
    last = last_whole_year(case.tables)
    proof = [sizes]
    for table, column, year in (("pair_distances", "distance_km", {}), (PAIRS, "same", {"year": last})):
        orders: list[Keys] = [{"first": own, "second": codes}, {"second": own, "first": codes}]
        proof += both_orders(case, table, column, *({**order, **year} for order in orders))
    return figure(case, SIZES, ORDER, proof, str(last))


def _first(case: Case, found: tuple[Candidate, ...], like: Figure) -> Item:
    """Say who comes first by equal weights, and how far other weights move them."""
    shown, first = given().alternatives.shown, found[0]
    values = {
        "low": (first.rank_low, "rank"),
        "high": (first.rank_high, "rank"),
        "of": (first.of, "count"),
    }
    names: dict[str, Filling] = {
        name: country(one.country) for name, one in zip(NAMES, found[:LEADING], strict=True)
    }
    robust = templates()["alternatives-robust" if first.rank_high <= shown else "alternatives-loose"]
    parts = filled(like, values)
    return case.tell("alternatives-first", {**parts, **names, "robust": robust}, kind="estimate")


def _firm(case: Case, best: Candidate, like: Figure) -> Item:
    """Say who stays among those shown under most weights, and its own exposure to the partner."""
    parts = filled(
        like,
        {
            "share": (PERCENT * best.top_share, "percent_whole"),
            "shown": (given().alternatives.shown, "count"),
            "close": (PERCENT * (best.values["closeness"] or 0.0), "percent_whole"),
        },
    )
    if best.values["closeness"] is None:
        parts["close"] = replace(like, name="close", value=case.tables[PAIRS].missing(country=best.country))
    return case.tell("alternatives-firm", {**parts, "firm": country(best.country)}, kind="estimate")
