"""Our number beside published ones, on their horizon, and how far each choice of ours moves it, in words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from palanca.brief import effect_figures as charts
from palanca.brief.claims import Filling, Item
from palanca.brief.figures import Chart
from palanca.brief.sections.case import Case, difference
from palanca.brief.sections.readings import INCOME, counted
from palanca.catalogue import Country, Figure, Text, country
from palanca.catalogue.figure import combine, merge
from palanca.catalogue.parameters import parameters
from palanca.trade.comparison import Rules, settled
from palanca.trade.measure import Measure

BILLION = 1e9


def beside(case: Case, measure: Measure) -> Iterator[Item]:
    """Yield each published estimate beside ours, then to what the gaps between the two are left."""
    rows = _rows(case, measure).to_dicts()
    for row in rows:
        yield _signed(case, row) if row["published"] is None else _estimate(case, row)
    gaps = [_known(case, row)["published"] for row in rows if row["published"] is not None]
    if gaps:
        count = counted("count", len(gaps), merge(one.evidence for one in gaps), gaps[0])
        yield case.tell("court-apart", {"count": count}, kind="estimate", about=measure.name)


def _rows(case: Case, measure: Measure) -> pl.DataFrame:
    codes = (case.a.iso3, case.b.iso3)
    rows = case.tables["measure_court"].rows(measure=measure.name, country=codes)
    return rows.sort("country", "outcome", "publisher", "horizon")


def _keys(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in case.tables["measure_court"].spec.keys}


def _about(row: dict[str, Any]) -> str:
    return "/".join(str(row[name]) for name in ("measure", "country", "outcome", "publisher", "horizon"))


def _known(case: Case, row: dict[str, Any]) -> dict[str, Figure]:
    """Return the numbers of a row: theirs, ours on their horizon, and the ends of ours."""
    table, keys = case.tables["measure_court"], _keys(case, row)
    names = {"published": "published", "ours": "on_its_horizon", "least": "least", "most": "most"}
    return {name: table.figure(name, column, **keys) for name, column in names.items()}


def _said(case: Case, row: dict[str, Any]) -> dict[str, Filling]:
    """Return who publishes what of whom, from which model, and in which words limited."""
    words = charts.vocabulary()
    theirs = case.tables["published_estimates"].rows(**_keys(case, row)).row(0, named=True)
    publisher, model = str(row["publisher"]), str(theirs["model"])
    said: dict[str, Filling] = {
        "c": country(row["country"]),
        "publisher": Text(en=publisher, es=publisher),
        "model": words.model.get(model, Text(en=model, es=model)),
        "outcome": words.outcome[row["outcome"]],
        "horizon": words.horizon[_matched(row["horizon"])],
    }
    qualifier = words.qualifier.get(str(theirs["qualifier"]))
    return said | {"qualifier": qualifier} if qualifier else said


def _matched(horizon: str) -> str:
    known = parameters("court", Rules).horizons
    return next(str(one.horizon) for one in known if one.published == horizon)


def _estimate(case: Case, row: dict[str, Any]) -> Item:
    known, said = _known(case, row), _said(case, row)
    ends = (known[name] for name in ("published", "least", "most"))
    more: dict[str, Filling] = {
        "outside": combine("outside", "percentage_points", _outside, *ends, method="brief.outside"),
        "gap": difference("gap", known["published"], known["ours"]),
    }
    key = "court-beside-qualified" if "qualifier" in said else "court-beside"
    key += "-wide" if _wide(row) else ""
    return case.tell(key, {**known, **said, **more}, kind="estimate", about=_about(row))


def _signed(case: Case, row: dict[str, Any]) -> Item:
    """Say what is published in another unit than percent, of which only the sign stands beside ours."""
    theirs = case.tables["published_estimates"].figure("published", "value", **_keys(case, row))
    known = _known(case, row) | {
        "published": combine("published", "usd", lambda x: BILLION * x, theirs, method="brief.dollars")
    }
    sign = combine("sign", "index", _sign, known["published"], known["ours"], method="brief.sign")
    return case.tell(
        "court-sign", {**known, **_said(case, row), "sign": sign}, kind="estimate", about=_about(row)
    )


def _sign(one: float, other: float) -> float:
    """Return 1 where two numbers have the same sign, -1 where they do not, 0 where one has none."""
    product = one * other
    return float((product > 0) - (product < 0))


def _wide(row: dict[str, Any]) -> bool:
    """Return whether our range holds a published number and is too wide to say anything of it."""
    least, most, theirs = (row[name] for name in ("least", "most", "published"))
    return bool(least <= theirs <= most and most - least > parameters("court", Rules).wide * abs(theirs))


def _outside(published: float, least: float, most: float) -> float:
    """Return how far a number lies outside a range; zero inside it."""
    return min(published - least, 0.0) + max(published - most, 0.0)


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
    rows = _rows(case, measure).drop_nulls("published")
    if rows.height:
        data = rows.select(
            *("publisher", "country", "outcome", "published", "reference"),
            ours="on_its_horizon",
            lower="least",
            upper="most",
        )
        yield charts.beside(measure.name, data, (case.a, case.b))
