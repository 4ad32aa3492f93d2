"""Structural exposure, in both directions."""

from collections.abc import Iterator

from palanca.brief import figures as charts
from palanca.brief.claims import Filling, Item
from palanca.brief.sections.case import Case, Section, difference
from palanca.catalogue import Country, Figure, country
from palanca.catalogue.thresholds import threshold

LINES = {"export": "highly_concentrated", "import": "import_dependence"}


def structure(case: Case) -> Section:
    """Return what the tables say of the exposure of each to the other."""
    back = case.reverse()
    return Section(
        "structure",
        (*_pair(case), *_dependence(case), *_dependence(back)),
        tuple(charts.structure(case.exposure, case.tables)),
    )


def _dependence(case: Case) -> Iterator[Item]:
    for flow in LINES:
        yield from _flow(case, flow)
    e = case.exposure
    yield case.tell(
        "over-gdp", {"exports": e["exports_to_partner_gdp_pct"], "imports": e["imports_from_partner_gdp_pct"]}
    )
    yield case.tell("trade-gdp", {"trade": e["trade_gdp_pct"]})
    yield case.tell("remittances", {"value": e["remittances_gdp_pct"]})
    yield case.tell("gas", {"value": e["gas_imports_pct"]})


def _flow(case: Case, flow: str) -> Iterator[Item]:
    e = case.exposure
    share, rounded, hhi = e[f"{flow}_share_pct"], e[f"{flow}_share_rounded_pct"], e[f"{flow}_hhi"]
    following, line = e[f"{flow}_share_next_pct"], threshold(LINES[flow])
    rank = e[f"{flow}_rank"]
    yield case.tell(f"{flow}-share", {"share": share, "rank": rank})
    yield case.tell(f"{flow}-share-standing", {"share": share})
    if share.table != rounded.table:
        gap = difference("gap", share, rounded)
        yield case.tell(f"{flow}-share-sources", {"rounded": rounded, "gap": gap})
    rival: dict[str, Filling] = {"next": following, "other": other(following, case.a), "rank": rank}
    yield case.tell(f"{flow}-next", rival)
    gap = difference("gap", hhi, line, "index")
    yield case.tell(f"{flow}-concentration", {"hhi": hhi, "line": line, "gap": gap})


def other(following: Figure, owner: Country) -> Country:
    """Return the partner that a runner-up figure is about, read off its evidence."""
    keys = following.evidence[0].keys if following.evidence else {}
    named = [str(code) for code in keys.values() if code != owner.iso3]
    return country(named[0]) if named else owner


def _pair(case: Case) -> Iterator[Item]:
    e = case.exposure
    both = {"share": e["trade_share_pct"], "back": e["partner_trade_share_pct"], "gap": e["asymmetry_pp"]}
    yield case.tell("asymmetry", both, extra=("share", "back"))
    yield case.tell("barbieri", {name: e[name] for name in ("salience", "symmetry", "interdependence")})
    yield case.tell("distance", {"value": e["distance_km"]})
