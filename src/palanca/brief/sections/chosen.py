"""Which measures a brief simulates: a rule over those on file, never a choice by hand."""

from collections.abc import Callable, Sequence

import polars as pl

from palanca.brief import language as words
from palanca.brief.sections.case import Case
from palanca.catalogue import Text, countries, thresholds
from palanca.catalogue.codes import product_sectors
from palanca.catalogue.sources import sources
from palanca.catalogue.text import LANGUAGES
from palanca.trade.clause import ALL, Clause, Kind, expanded
from palanca.trade.digest import choices
from palanca.trade.law import BASE_YEAR, total
from palanca.trade.measure import Measure, measures
from palanca.trade.preferences import endings, pair_of
from palanca.trade.states import OVER, Source, State

WORLD = "world_2022"
HYPOTHETICAL = "hypothetical"
PERCENT = 100.0
Weight = Callable[[Measure], tuple[int, float, int, str]]


def chosen(case: Case) -> tuple[Measure, ...]:
    """Return the measures between the two countries to show: what is live or ahead first, then history.

    The classes, their order and how many of each are those of `data/parameters/simulated.yaml`; one that
    only repeats another is left out.
    """
    day, rules = case.tables.as_of, choices()
    acts = (*measures().values(), *endings(day).values())
    found = [one for one in acts if one.state(day) and between(one, case)]
    ordered = [one for name, most in rules.order.items() for one in _among(found, name, case)[:most]]
    alike = {_substance(one): one for one in reversed(ordered)}
    return tuple(one for one in ordered if alike[_substance(one)] is one)[: rules.cards]


def _among(found: Sequence[Measure], name: str, case: Case) -> list[Measure]:
    return sorted((one for one in found if _class(one, case) == name), key=_weight(case))


def between(one: Measure, case: Case) -> bool:
    """Return whether one of the two countries acts on the other."""
    return bool(directions(one, case))


def directions(one: Measure, case: Case) -> list[tuple[str, str]]:
    """Return who acts on whom, of the two countries."""
    pair = ((case.a.iso3, case.b.iso3), (case.b.iso3, case.a.iso3))
    return [two for two in pair if any(_acts(one, clause, *two) for clause in one.clauses)]


def _acts(one: Measure, clause: Clause, sender: str, target: str) -> bool:
    if sender not in one.senders(clause) or target in expanded(clause.spared or ()):
        return False
    return ALL in clause.target or target in expanded(clause.target)


def _class(one: Measure, case: Case) -> str:
    """Return the class of a measure; empty where it is over and nobody else has estimated it.

    A whole law that another replaced, and an answer that nobody gave, are no history either. What was in
    force when the base year ended is part of its tariffs, so that it has no class either.
    """
    state = one.state(case.tables.as_of)
    if pair_of(one):
        return "preference"
    if state is State.IN_FORCE:
        old = one.start.year <= BASE_YEAR
        return "law" if total(one) else "" if old else str(state)
    if state in OVER:
        told = not total(one) and one.status != HYPOTHETICAL and _estimates(one, case)
        return "history" if told else ""
    return str(state)


def _estimates(one: Measure, case: Case) -> int:
    """Return how many published estimates of either country are on file."""
    pair = (case.a.iso3, case.b.iso3)
    return case.tables["published_estimates"].rows(measure=one.name, country=pair).height


def _covered(one: Measure, case: Case) -> float:
    """Return the part of trade in goods between the two that a measure acts on, percent, the larger way."""
    pair = (case.a.iso3, case.b.iso3)
    rows = case.tables["measure_tariffs"].rows(measure=one.name, importer=pair, exporter=pair)
    return float(rows["covered_pct"].max() or 0.0)  # type: ignore[arg-type]


def _weight(case: Case) -> Weight:
    return lambda one: (-_estimates(one, case), -_covered(one, case), -one.start.toordinal(), one.name)


def _substance(one: Measure) -> str:
    return repr((one.sender, [clause.model_copy(update={"note": ""}) for clause in one.clauses]))


def supposed(case: Case, title: Text) -> Measure:
    """Return the measure that stands in where none is on file: the partner taxes all goods of the country."""
    a, b = case.a.iso3, case.b.iso3
    rate = choices().supposed_rate
    return Measure(
        name=f"supposed-{b}-on-{a}".lower(),
        title=title,
        status=HYPOTHETICAL,
        sender=(b,),
        start=choices().date,
        authority="supposed",
        source=(Source(title=choices().source, url=sources()[WORLD].address, confidence="high"),),
        clauses=(Clause(kind=Kind.TARIFF, target=(a,), addition=rate),),
    )


def strangers(case: Case) -> list[Text]:
    """Return the names of those of the two countries that the world of the model does not hold."""
    known = set(case.tables["measure_effects"].frame["country"].unique())
    return [countries()[code].name for code in (case.a.iso3, case.b.iso3) if code not in known]


def untaxed(case: Case) -> Text | None:
    """Return why no tariff is supposed, where hardly any of the goods sold abroad go to the partner."""
    goods = tuple(sorted(set(product_sectors().values())))
    sold = case.tables["world_flows"].rows(origin=case.a.iso3, sector=goods)
    abroad = sold.filter(pl.col("destination") != case.a.iso3)
    taken = abroad.filter(pl.col("destination") == case.b.iso3)
    line = thresholds.thresholds()["hardly_trade"]
    if PERCENT * _usd(taken) >= line.value * _usd(abroad) > 0:
        return None
    a, b = case.a.name, case.b.name
    least = {code: words.number(line.value, line.unit, code) for code in LANGUAGES}
    return Text(
        en=f"{b.en} takes under {least['en']} of the goods that {a.en} sells abroad: no tariff is supposed",
        es=f"{b.es} no recibe ni el {least['es']} de los bienes que {a.es} exporta: no se supone arancel",
    )


def _usd(flows: pl.DataFrame) -> float:
    return float(flows.select(pl.sum_horizontal("intermediate_usd", "final_usd").sum()).item())
