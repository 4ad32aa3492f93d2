"""Our number beside published ones, on their horizon, and how far each choice of ours moves it, in words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from palanca.brief import effect_figures as charts
from palanca.brief.claims import Filling, Item
from palanca.brief.figures import Chart
from palanca.brief.sections.case import Case, difference
from palanca.brief.sections.readings import INCOME
from palanca.catalogue import Country, Figure, Text, country
from palanca.catalogue.figure import combine
from palanca.catalogue.parameters import parameters
from palanca.trade.court import Rules, settled
from palanca.trade.measure import Measure


def beside(case: Case, measure: Measure) -> Iterator[Item]:
    """Yield each published estimate beside ours, and the gap that is left between the two on its horizon."""
    for row in _rows(case, measure).iter_rows(named=True):
        keys = {name: row[name] for name in case.tables["measure_court"].spec.keys}
        yield from _estimate(case, row, keys)


def _rows(case: Case, measure: Measure) -> pl.DataFrame:
    codes = (case.a.iso3, case.b.iso3)
    rows = case.tables["measure_court"].rows(measure=measure.name, country=codes)
    return rows.sort("country", "outcome", "publisher", "horizon")


def _estimate(case: Case, row: dict[str, Any], keys: dict[str, Any]) -> Iterator[Item]:
    table, words = case.tables["measure_court"], charts.vocabulary()
    names = {"published": "published", "ours": "on_its_horizon", "least": "least", "most": "most"}
    figures = {name: table.figure(name, column, **keys) for name, column in names.items()}
    outside = combine(
        "outside",
        "percentage_points",
        _outside,
        *(figures[n] for n in ("published", "least", "most")),
        method="brief.outside",
    )
    publisher = str(row["publisher"])
    about = "/".join(str(keys[name]) for name in ("measure", "country", "outcome", "publisher", "horizon"))
    fillings: dict[str, Filling] = {
        **figures,
        "c": country(row["country"]),
        "outside": outside,
        "publisher": Text(en=publisher, es=publisher),
        "outcome": words.outcome[row["outcome"]],
    }
    theirs = _published(case, keys)
    qualifier = words.qualifier.get(str(theirs["qualifier"]))
    if qualifier:
        fillings["qualifier"] = qualifier
    key = "court-beside-qualified" if qualifier else "court-beside"
    key += "-wide" if _wide(row) else ""
    yield case.tell(key, fillings, kind="estimate", about=about)
    model = Text(en=str(theirs["model"]), es=str(theirs["model"]))
    left: dict[str, Filling] = {
        "c": fillings["c"],
        "model": model,
        "gap": difference("gap", figures["published"], figures["ours"]),
    }
    yield case.tell("court-apart", left, kind="estimate", about=about)


def _wide(row: dict[str, Any]) -> bool:
    """Return whether our range holds a published number and is too wide to say anything of it."""
    least, most, theirs = (row[name] for name in ("least", "most", "published"))
    return bool(least <= theirs <= most and most - least > parameters("court", Rules).wide * abs(theirs))


def _outside(published: float, least: float, most: float) -> float:
    """Return how far a number lies outside a range; zero inside it."""
    return min(published - least, 0.0) + max(published - most, 0.0)


def _published(case: Case, keys: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a published estimate in percent."""
    return case.tables["published_estimates"].rows(**keys, unit="percent").row(0, named=True)


def _first(like: Figure) -> Figure:
    """Return the rank of what was sorted to the front, on the rows it was sorted by."""
    evidence = tuple(replace(piece, keys=_without_choice(piece.keys)) for piece in like.evidence)
    return replace(like, name="rank", value=1.0, unit="rank", evidence=evidence, method="brief.rank")


def _without_choice(keys: Any) -> dict[str, Any]:
    return {name: value for name, value in keys.items() if name not in ("choice", "setting")}


def _named(keys: dict[str, Any]) -> Text:
    return charts.vocabulary().choice[f"{keys['choice']} {keys['setting']}"]


def moves(case: Case, measure: Measure) -> Iterator[Item]:
    """Yield, for each country, how far our choices move its real income and which moves it furthest."""
    for one in (case.a, case.b):
        yield from _moved(case, measure, one)


def _moved(case: Case, measure: Measure, one: Country) -> Iterator[Item]:
    table, ranges = case.tables["measure_choices"], case.tables["measure_ranges"]
    keys = {"measure": measure.name, "country": one.iso3, "quantity": INCOME}
    rows = table.rows(**keys).with_columns(size=pl.col("difference").abs())
    rows = rows.sort("size", "choice", "setting", descending=[True, False, False])
    if rows.height < 2:
        return
    first, second = ({name: rows[name][at] for name in table.spec.keys} for at in (0, 1))
    value = table.figure("value", "value", **first)
    fillings: dict[str, Filling] = {
        **{name: ranges.figure(name, name, **keys) for name in ("reference", "least", "most", "runs")},
        "c": one,
        "choice": _named(first),
        "value": value,
        "difference": table.figure("difference", "difference", **first),
        "rank": _first(value),
        "other": _named(second),
        "other_value": table.figure("other_value", "value", **second),
    }
    key = "choice-moves-claimed" if settled(measure) else "choice-moves"
    about = f"{measure.name}/{one.iso3}"
    yield case.tell(key, fillings, kind="estimate", about=about, extra=("difference",))


def pictures(case: Case, measure: Measure) -> Iterator[Chart]:
    """Yield the chart of published estimates beside ours, where there are any."""
    rows = _rows(case, measure)
    if rows.height:
        data = rows.select(
            *("publisher", "country", "outcome", "published", "reference"),
            ours="on_its_horizon",
            lower="least",
            upper="most",
        )
        yield charts.beside(measure.name, data, (case.a, case.b))
