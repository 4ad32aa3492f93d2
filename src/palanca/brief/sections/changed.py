"""What changed: every measure of structural exposure since a date, with a plain verdict."""

from collections.abc import Iterator
from dataclasses import replace

from palanca.brief.claims import Filling, Item
from palanca.brief.figures import Labels
from palanca.brief.sections.case import Case, Section
from palanca.catalogue import Figure, Text, Unknown
from palanca.catalogue.parameters import read
from palanca.catalogue.unknown import unknown
from palanca.response.structure import Change, Structure, Values, structure
from palanca.response.tariffs import COLLECTED

HERE = "response.structure"
WITHOUT = ("vote_distance",)  # its change over time is not known well enough to be told
TURN = {"fell": -1.0, "unchanged": 0.0, "rose": 1.0}
POINTS = {"percent": "percentage_points"}  # unit of a change, where it is not that of the measure


def changed(case: Case) -> Section:
    """Return how each measure of the country's exposure to its partner moved, and what they say together.

    The last is told where the partner's customs is on file; elsewhere too little is known.
    """
    found = structure(case.tables, case.a.iso3, case.b.iso3, without=WITHOUT)
    ordered = sorted(found.changes, key=lambda one: not one.line.exposure)
    items = (*_verdict(case, found), *(_told(case, one) for one in ordered))
    return Section("changed", items)


def _verdict(case: Case, found: Structure) -> Iterator[Item]:
    table, keys = case.tables[COLLECTED], {"importer": case.b.iso3, "partner": case.a.iso3}
    if table.rows(**keys).is_empty():
        return
    blank = Figure("", 0.0, "count", "", table.name, (table.evidence("imports_usd", keys),), HERE)
    names = {"down": "fell", "up": "rose", "same": "unchanged", "lost": "unknown"}
    counts = {name: replace(blank, name=name, value=float(found.counts[key])) for name, key in names.items()}  # type: ignore[index]
    yield case.tell("changed-verdict", {**counts, "since": replace(blank, period=found.since.isoformat())})


def _told(case: Case, one: Change) -> Item:
    """Return a measure at both ends; dropped with its reason where the years on file do not reach."""
    key = "changed-measure" if one.line.exposure else "changed-beside"
    if isinstance(one.values, Unknown):
        lost = Figure(one.name, _named(one.name, one.values), one.line.unit, "", one.table, (), HERE)
        measure: dict[str, Filling] = {"measure": _words(one.name), "before": lost}
        return case.tell(key, measure, about=one.name)
    values = _ends(one, one.values)
    line = _figure(one, "line", one.line.threshold, "", POINTS.get(one.line.unit, one.line.unit))
    turn = _figure(one, "turn", TURN[one.verdict], "", "index")
    told: dict[str, Filling] = {**values, "line": line, "turn": turn, "measure": _words(one.name)}
    return case.tell(key, told, about=one.name, kind="estimate" if "vote" in one.name else "fact")


def _named(name: str, why: Unknown) -> Unknown:
    """Return why a measure is unknown, with its name before it."""
    about = _words(name)
    return unknown(f"{about.en}: {why.reason.en}", f"{about.es}: {why.reason.es}")


def _ends(one: Change, values: Values) -> dict[str, Figure]:
    moved = _figure(one, "change", values.change, values.last, POINTS.get(one.line.unit, one.line.unit))
    return {
        "before": _figure(one, "before", values.before, values.first),
        "after": _figure(one, "after", values.after, values.last),
        "change": replace(moved, among=one.among),
    }


def _figure(one: Change, name: str, value: float, period: str, unit: str | None = None) -> Figure:
    return Figure(name, value, unit or one.line.unit, period, one.table, one.evidence, HERE)


def _words(name: str) -> Text:
    return read("codes/labels.yaml", Labels).labels[f"changed_{name}"]
