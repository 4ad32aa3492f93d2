"""Which measures a brief simulates: a rule over those on file, never a choice by hand."""

from collections.abc import Callable
from datetime import date

from palanca.brief.sections.case import Case
from palanca.catalogue import Text, countries
from palanca.catalogue.sources import sources
from palanca.trade.digest import choices
from palanca.trade.measure import ALL, Clause, Kind, Measure, Source, Statutory, expanded, measures

WORLD = "world_2022"
Weight = Callable[[Measure], tuple[int, int, str]]


def chosen(case: Case) -> tuple[Measure, ...]:
    """Return the measures between the two countries to show, by class, then the latest first.

    The classes and their order are those of `data/parameters/simulated.yaml`. A measure begins to count on
    the day it took effect or was due; one that only repeats another is left out.
    """
    day, rules = case.tables.as_of, choices()
    found = [one for one in measures().values() if one.start <= day and between(one, case)]
    classes = {name: [one for one in found if _class(one, case) == name] for name in rules.order}
    classes["schedule"] = classes["schedule"][-1:]
    ordered = [one for name in rules.order for one in sorted(classes[name], key=_weight(case))]
    alike = {_substance(one): one for one in reversed(ordered)}
    return tuple(one for one in ordered if alike[_substance(one)] is one)[: rules.cards]


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


def over(one: Measure, day: date) -> bool:
    """Return whether the measure has ended."""
    return one.end is not None and one.end < day


def _class(one: Measure, case: Case) -> str:
    """Return the class of a measure; empty for one that is over and that nobody else has estimated."""
    if _estimates(one, case):
        return "published"
    if any(isinstance(clause.addition, Statutory) for clause in one.clauses):
        return "schedule"
    if one.status == "threatened":
        return "threatened"
    if over(one, case.tables.as_of):
        return ""
    return {"applied": "in force", "announced": "announced"}.get(one.status, "supposed")


def _estimates(one: Measure, case: Case) -> int:
    """Return how many published estimates of either country are on file."""
    pair = (case.a.iso3, case.b.iso3)
    return case.tables["published_estimates"].rows(measure=one.name, country=pair).height


def _weight(case: Case) -> Weight:
    return lambda one: (-_estimates(one, case), -one.start.toordinal(), one.name)


def _substance(one: Measure) -> str:
    return repr((one.sender, [clause.model_copy(update={"note": ""}) for clause in one.clauses]))


def supposed(case: Case, title: Text) -> Measure:
    """Return the measure that stands in where none is on file: the partner taxes all goods of the country."""
    a, b = case.a.iso3, case.b.iso3
    rate = choices().supposed_rate
    return Measure(
        name=f"supposed-{b}-on-{a}".lower(),
        title=title,
        status="hypothetical",
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
