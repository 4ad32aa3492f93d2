"""What claims of a trade preference spare the goods of a country, in the month of the last duty on file."""

from dataclasses import replace

from palanca.brief.sections.case import Case
from palanca.catalogue import Figure, Unknown
from palanca.response.exemptions import USE, Exemption, exemption

COLLECTED = "customs_imports"


def spared(case: Case, month: str) -> dict[str, Figure]:
    """Return `claimed`, percent of imports, and `effect`, what the law would have added without a claim."""
    return figures(case, month, exemption(case.tables, case.a.iso3, case.b.iso3, (month,)))


def figures(case: Case, month: str, found: Exemption | Unknown) -> dict[str, Figure]:
    """Return an exemption as figures on the rows it was computed from."""
    keys = {"importer": case.b.iso3, "partner": case.a.iso3, "month": month}
    proof = (case.tables[USE].evidence("claimed_usd", keys),)
    blank = Figure("", 0.0, "percentage_points", month, USE, proof, "response.exemptions.exemption")
    if isinstance(found, Unknown):
        return {name: replace(blank, name=name, value=found) for name in ("claimed", "effect")}
    return {
        "claimed": replace(blank, name="claimed", value=found.claimed, unit="percent"),
        "effect": replace(blank, name="effect", value=-found.effect),
    }
