"""What decides each statement: one measure each, with its uncertainty and the rows behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from palanca.brief.check import series
from palanca.catalogue import Catalogue, Evidence, Figure, Unknown
from palanca.catalogue.figure import merge
from palanca.catalogue.unknown import unknown
from palanca.events import rates, record
from palanca.events.event import Event
from palanca.events.settlement import Episode
from palanca.exposure import Exposure, exposure
from palanca.response import reactivity as answering
from palanca.response import yields
from palanca.response.reactivity import Count, Links, counted
from palanca.response.structure import start
from palanca.response.yields import Case

PRESSED = ("escalated", "carried out")
FRIENDLY = ("concession", "negotiation", "cooperation", "agreement")
Arguments = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Reading:
    """The value a statement is judged by.

    Attributes:
        low: end of the interval, or the lower of two ways to measure.
        high: the other end.
        values: every number behind it by name.
        n: acts or episodes counted; none where nothing is counted.
    """

    value: float
    low: float
    high: float
    values: Mapping[str, float | str]
    evidence: tuple[Evidence, ...]
    n: int | None = None


@dataclass(frozen=True)
class Matter:
    """A country, its partner, and what is on file about the two."""

    tables: Catalogue
    country: str
    partner: str

    @cached_property
    def acts(self) -> tuple[Event, ...]:
        """Acts of the pair, oldest first."""
        return record.between(self.tables, self.country, self.partner)

    @cached_property
    def cases(self) -> list[Case]:
        """Episodes in which the partner pressed the country, and what followed."""
        return yields.cases(self.acts, self.country, self.partner)

    @property
    def pressed(self) -> list[Episode]:
        """Those episodes, unanswered ones included."""
        return [one.episode for one in self.cases]

    @property
    def pressing(self) -> list[Episode]:
        """Episodes in which the country pressed the partner."""
        return Matter(self.tables, self.partner, self.country).pressed

    @cached_property
    def links(self) -> Links:
        """How the country answers the partner, by the links of the ledger."""
        return answering.links(self.acts, self.country, self.partner)

    @cached_property
    def exposure(self) -> Exposure:
        """Exposure of the country to the partner."""
        return exposure(self.country, self.partner, catalogue=self.tables)

    @property
    def start(self) -> int:
        """First year of which any part follows the day from which changes are told."""
        return (start(self.tables, self.country, self.partner)[0] + timedelta(days=1)).year

    def own(self) -> list[Event]:
        """Return acts of the country aimed at the partner."""
        return answering.aimed(self.acts, self.country, self.partner)


Measure = Callable[[Matter, Arguments], Reading | Unknown]


def no_ledger() -> Unknown:
    """Return why nothing can be said of acts of a pair."""
    return unknown(
        "the ledger holds no such acts of this pair", "el registro no contiene tales actos de este par"
    )


def share(matter: Matter, count: Count, name: str) -> Reading | Unknown:
    """Return a share of acts in percent with its exact interval."""
    if count.percent is None:
        return no_ledger()
    low, high = count.ends
    values = {name: count.percent, "lower": low, "upper": high, "acts": count.done, "of": count.n}
    return Reading(count.percent, low, high, values, _acts(matter, count.events), count.n)


def _acts(matter: Matter, ids: Iterable[str]) -> tuple[Evidence, ...]:
    return (matter.tables[record.TABLE].evidence("kind", {"id": tuple(ids)}),)


def reactivity(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of the country's acts aimed at the partner that are linked to an earlier act of the partner."""
    return share(matter, matter.links.answering, "answers_pct")


def passivity(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of episodes of pressure on the country that it left unanswered or met with protest only."""
    return share(matter, matter.links.passive, "passive_pct")


def confrontation(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of answered episodes that the country answered with retaliation."""
    answered = [one for one in matter.pressed if one.answer_kind != "none"]
    return _episodes(matter, answered, lambda one: one.answer_kind == "retaliation", "retaliation_pct")


def escalation(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of the country's episodes of pressure that it pressed further or carried out."""
    return _episodes(matter, matter.pressing, lambda one: one.outcome_kind in PRESSED, "pressed_further_pct")


def _episodes(
    matter: Matter, of: Sequence[Episode], holds: Callable[[Episode], bool], name: str
) -> Reading | Unknown:
    chosen = [one.id for one in of if holds(one)]
    return share(matter, counted("all", [one.pressure for one in of], chosen), name)


def friendly(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of the country's acts towards the partner that concede, talk, help or agree."""
    own = matter.own()
    chosen = [act.id for act in own if act.kind in FRIENDLY]
    return share(matter, counted("all", own, chosen), "friendly_pct")


def threats_kept(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Share of the country's threats that it carried out."""
    waits = rates.threats(matter.acts, matter.country, matter.partner)
    done, rest = ([wait.start for wait in waits if bool(wait.end) is kept] for kept in (True, False))
    return share(matter, Count("all", len(done), len(waits), (*done, *rest)), "carried_out_pct")


def on_file(matter: Matter, arguments: Arguments) -> Reading | Unknown:
    """Return how many acts of the country are of the kinds (and instruments) given.

    That none is on file proves nothing, so that it is unknown.
    """
    means = set(arguments.get("instruments", ()))
    kinds = arguments["kinds"]
    acts = [act for act in matter.own() if act.kind in kinds and (not means or act.instrument in means)]
    if not acts:
        return no_ledger()
    values: dict[str, float | str] = {
        "acts": len(acts),
        "first": str(acts[0].date),
        "last": str(acts[-1].date),
    }
    fronts = sorted({act.front for act in acts})
    values |= {f"on_{front}": sum(act.front == front for act in acts) for front in fronts}
    count = float(len(acts))
    return Reading(count, count, count, values, record.evidence(matter.tables, "kind", acts), len(acts))


def eased(matter: Matter, arguments: Arguments) -> Reading | Unknown:
    """How much more often pressure was put off or eased where the country conceded, percentage points.

    It says what followed within so many days, not what caused it.
    """
    (days,) = map(int, arguments["days"])
    found = yields.followed(matter.cases, yields.CONCESSION, "eased", days)
    gave, rest = found.count, found.others
    if found.difference is None or gave.percent is None or rest.percent is None:
        return no_ledger()
    difference, low, high = found.difference
    values = {"eased_after_concession_pct": gave.percent, "concessions": gave.n}
    values |= {"eased_otherwise_pct": rest.percent, "others": rest.n, "within_days": days}
    values |= {"difference_pp": difference, "lower": low, "upper": high}
    return Reading(difference, low, high, values, _acts(matter, (*gave.events, *rest.events)), gave.n)


def figure(matter: Matter, arguments: Arguments) -> Reading | Unknown:
    """Return figures of exposure by name; several are ways to measure one thing, and span an interval."""
    found: list[Figure] = [matter.exposure[name] for name in arguments["figures"]]
    return among({one.name: one.value for one in found}, merge(one.evidence for one in found))


def ratio(matter: Matter, arguments: Arguments) -> Reading | Unknown:
    """Return figures of the country over the same of the partner."""
    pairs = [(matter.exposure[name], matter.exposure[f"partner_{name}"]) for name in arguments["figures"]]
    values = {f"{a.name}_ratio": _over(a.value, b.value) for a, b in pairs}
    return among(values, merge(one.evidence for pair in pairs for one in pair))


def _over(first: float | Unknown, second: float | Unknown) -> float | Unknown:
    if isinstance(first, Unknown):
        return first
    if isinstance(second, Unknown):
        return second
    return first / second if second else unknown("the denominator is zero", "el denominador es cero")


def among(values: Mapping[str, float | Unknown], evidence: Iterable[Evidence]) -> Reading | Unknown:
    """Return the span of several measures of one thing; those unknown are left out unless all are."""
    known = {name: value for name, value in values.items() if not isinstance(value, Unknown)}
    if not known:
        return next(value for value in values.values() if isinstance(value, Unknown))
    ends = list(known.values())
    return Reading(ends[0], min(ends), max(ends), known, tuple(evidence))


def duty(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Percentile of the duty on its goods among the partner's other sources, by law and collected."""
    return _several(series.duty_percentiles(matter.tables, matter.country, matter.partner))


def change(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Change of sales to the partner since its first act of pressure, in points of product and of exports."""
    return _several(series.sales_change(matter.tables, matter.country, matter.partner))


def pacts(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Return how many other countries it made a trade agreement with since the pressure began."""
    return _several(series.pacts(matter.tables, matter.country, matter.partner, matter.start))


def vote_agreement(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Agreement with the partner in the General Assembly, last whole year, percent."""
    return _several(series.vote_agreement(matter.tables, matter.country, matter.partner))


def autocracies(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Place among all states in voting with autocracies on human rights, percentile."""
    return _several(series.autocracies(matter.tables, matter.country))


def shortfall(matter: Matter, _: Arguments) -> Reading | Unknown:
    """Agreement with the partner less what exposure to it predicts, percentage points."""
    return _several(series.shortfall(matter.tables, matter.country, matter.partner))


def presence(matter: Matter, arguments: Arguments) -> Reading | Unknown:
    """Percentile of counts of presence among countries of like size, with the exact interval of each."""
    return _several(series.presence(matter.tables, matter.country, matter.partner, arguments["counts"]))


def _several(found: series.Measured | Unknown) -> Reading | Unknown:
    if isinstance(found, Unknown):
        return found
    return Reading(found.value, found.low, found.high, found.values, found.evidence)


MEASURES: dict[str, Measure] = {
    "reactivity": reactivity,
    "passivity": passivity,
    "confrontation": confrontation,
    "escalation": escalation,
    "friendly": friendly,
    "threats_kept": threats_kept,
    "on_file": on_file,
    "eased": eased,
    "main_market": figure,
    "concentration": figure,
    "loss_ratio": ratio,
    "duty_percentile": duty,
    "sales_change": change,
    "new_pacts": pacts,
    "vote_agreement": vote_agreement,
    "autocracies": autocracies,
    "shortfall": shortfall,
    "reach": presence,
    "forums": presence,
    "isolation": presence,
}
