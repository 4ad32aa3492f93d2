"""Whom a country has for other alliances, where the order of the candidates holds under other weights."""

from palanca.brief import posture_figures as charts
from palanca.brief.claims import Item, templates
from palanca.brief.sections.case import Case, Section
from palanca.brief.sections.posture import Keys, blank, both_orders, figure, filled, listed
from palanca.catalogue import Figure
from palanca.posture.agreement import last_whole_year
from palanca.posture.alternatives import Candidate
from palanca.posture.alternatives import alternatives as ranked
from palanca.posture.given import given

LEAST = 3  # candidates without whom there is nothing to order
MOST = 5  # candidates told by name
PERCENT = 100.0
SIZES, PAIRS, ORDER = "gdp", "vote_agreement", "alternatives.alternatives"


def alternatives(case: Case) -> Section:
    """Return the candidates for alliances beside the partner whose place does not hang on the weights."""
    found = ranked(case.tables, case.a.iso3, case.b.iso3)
    if len(found) < LEAST:
        lost = case.tables[PAIRS].missing(country=case.a.iso3)
        return Section("alternatives", (case.tell("alternatives-loose", blank(lost, SIZES, "of")),))
    firm = [one for one in found if one.top_share >= given().alternatives.steady]
    drawn = (charts.alternatives(case, found),) if firm else ()
    return Section("alternatives", (_firm(case, found, firm),), drawn, (templates()["note-alternatives"],))


def _firm(case: Case, found: tuple[Candidate, ...], firm: list[Candidate]) -> Item:
    """Say who stays among those shown under most weights, or that nobody does."""
    rule = given().alternatives
    firm = sorted(firm, key=lambda one: -one.top_share)
    told = tuple(one.country for one in firm[:MOST])
    values = {
        "of": (found[0].of, "count"),
        "shown": (rule.shown, "count"),
        "steady": (PERCENT * rule.steady, "percent_whole"),
    }
    parts = filled(_like(case, told or tuple(one.country for one in found)), values)
    if not told:
        return case.tell("alternatives-loose", parts, kind="estimate")
    return case.tell("alternatives-firm", {**parts, "names": listed(told)}, kind="estimate")


def _like(case: Case, codes: tuple[str, ...]) -> Figure:
    """Return a blank figure on what the candidates were ranked by."""
    own = case.a.iso3
    sizes = case.tables[SIZES].evidence("gdp_usd", {"country": (*codes, own, case.b.iso3)})
    last = last_whole_year(case.tables)
    proof = [sizes]
    for table, column, year in (("pair_distances", "distance_km", {}), (PAIRS, "same", {"year": last})):
        orders: list[Keys] = [{"first": own, "second": codes}, {"second": own, "first": codes}]
        proof += both_orders(case, table, column, *({**order, **year} for order in orders))
    return figure(case, SIZES, ORDER, proof, str(last))
