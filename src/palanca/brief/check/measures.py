"""What decides each statement: one measure each, with its uncertainty and the rows behind it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

from palanca.brief.check import acts, levels, series, single, telling, votes
from palanca.brief.check.amounts import Amount, Relation, limits
from palanca.brief.check.matter import Arguments, Matter, Measure, Reading, among
from palanca.brief.check.statement import OTHERS, Statement
from palanca.catalogue import Evidence, Figure, Unknown
from palanca.catalogue.figure import merge
from palanca.catalogue.unknown import unknown


def figure(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Return figures of exposure by name; several are ways to measure one thing."""
    found: list[Figure] = [matter.exposure[name] for name in arguments["figures"]]
    read = among({one.name: one.value for one in found}, merge(one.evidence for one in found))
    alone = replace(said, comparator=None, times=None)
    return beside(
        read, said, lambda rival: figure(Matter(matter.tables, rival, matter.partner), arguments, alone)
    )


def beside(
    read: Reading | Unknown, said: Statement, of: Callable[[str], Reading | Unknown]
) -> Reading | Unknown:
    """Return a reading set beside what the statement tells: a share, or the same of another country."""
    if isinstance(read, Unknown):
        return read
    if said.amount:
        told = said.amount
        return replace(
            read, threshold=told.value, within=told.within, loose=told.loose, relation=told.relation
        )
    if said.comparator is None or said.comparator == OTHERS:
        return read
    if said.comparator == said.subject:
        return unknown("it is compared with itself", "se compara consigo mismo")
    other = of(said.comparator)
    if isinstance(other, Unknown):
        return other
    return multiple(read, other, said.times) if said.times else apart(read, other)


def multiple(read: Reading, other: Reading, told: Amount) -> Reading | Unknown:
    """Return how many times another a value is, beside how many the statement tells."""
    if not other.value or any(low <= 0 for low, _ in ways_of(other)):
        return unknown("the denominator is zero", "el denominador es cero")
    pairs = zip(ways_of(read), ways_of(other), strict=False)
    whole = tuple(((a[0] + a[1]) / (b[0] + b[1]),) * 2 for a, b in pairs)
    values = {**read.values, **{f"rival_{name}": value for name, value in other.values.items()}}
    ends = [low for low, _ in whole]
    return Reading(
        read.value / other.value,
        min(ends),
        max(ends),
        values,
        (*read.evidence, *other.evidence),
        ways=whole,
        threshold=told.value,
        within=told.within,
        relation=told.relation,
    )


def apart(read: Reading, other: Reading) -> Reading:
    """Return how far a value is above another, by each way to measure."""
    gap = replace(
        read, values={**read.values, **{f"rival_{name}": value for name, value in other.values.items()}}
    )
    ways = tuple(
        (a[0] - b[1], a[1] - b[0]) if a[0] != a[1] else (a[0] - b[0],) * 2
        for a, b in zip(ways_of(read), ways_of(other), strict=False)
    )
    values, low, high = read.value - other.value, min(way[0] for way in ways), max(way[1] for way in ways)
    return replace(
        gap,
        value=values,
        low=low,
        high=high,
        ways=ways,
        threshold=0,
        evidence=(*read.evidence, *other.evidence),
    )


def ways_of(read: Reading) -> tuple[tuple[float, float], ...]:
    """Return the interval of each way to measure."""
    return read.ways or ((read.low, read.high),)


def ratio(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Return figures of the country over the same of the partner."""
    pairs = [(matter.exposure[name], matter.exposure[f"partner_{name}"]) for name in arguments["figures"]]
    values = {f"{a.name}_ratio": _over(a.value, b.value) for a, b in pairs}
    read = among(values, merge(one.evidence for pair in pairs for one in pair))
    if isinstance(read, Reading) and "same" in arguments:
        return replace(read, within=limits().same_ratio, relation="same")
    if isinstance(read, Unknown) or said.times is None:
        return read
    told = said.times
    return replace(read, threshold=told.value, within=told.within, loose=told.loose, relation=told.relation)


def _over(first: float | Unknown, second: float | Unknown) -> float | Unknown:
    if isinstance(first, Unknown):
        return first
    if isinstance(second, Unknown):
        return second
    return first / second if second else unknown("the denominator is zero", "el denominador es cero")


def duty(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Duty on its goods less that on a named seller's, or on the median of the others, percentage points.

    By law, base and added together, and as collected in the last month. Two rates within half a point are
    about the same.
    """
    rival = None if said.comparator in (None, OTHERS) else said.comparator
    found = series.duties(matter.tables, matter.country, matter.partner, said)
    values: dict[str, float | str] = {}
    gaps = []
    for one in found:
        others = {code: rate for code, rate in one.rates.items() if code != matter.country}
        if rival and rival not in others:
            continue
        own, other = one.rates[matter.country], others[rival] if rival else median(others.values())
        gaps.append(own - other)
        values |= {f"{one.name}_pct": own, f"{one.name}_beside_pct": other, f"{one.name}_period": one.period}
        values |= {f"{one.name}_others": len(others), f"{one.name}_percentile": one.place.percentile}
    if gaps and rival and said.times:
        return _multiples(matter, found, rival, said.times)
    if not gaps:
        return unknown("no duty on both sellers is on file", "no consta un arancel sobre ambos vendedores")
    ways = tuple((gap, gap) for gap in gaps)
    relation: Relation | None = "same" if "same" in arguments else None
    return Reading(
        gaps[0],
        min(gaps),
        max(gaps),
        values,
        _duty_rows(matter, found),
        ways=ways,
        within=limits().same_rate,
        relation=relation,
    )


def _multiples(matter: Matter, found: list[series.Duty], rival: str, told: Amount) -> Reading | Unknown:
    """Return how many times the duty on another the duty on its goods is, by law and as collected."""
    held = [one for one in found if rival in one.rates]

    def of(code: str) -> Reading:
        rates = [one.rates[code] for one in held]
        values = {f"{one.name}_pct": rate for one, rate in zip(held, rates, strict=True)}
        ways = tuple((rate, rate) for rate in rates)
        return Reading(rates[0], min(rates), max(rates), values, _duty_rows(matter, held), ways=ways)

    return multiple(of(matter.country), of(rival), told)


def duty_level(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Duty on its goods, percent, by law and as collected in the last month."""
    found = series.duties(matter.tables, matter.country, matter.partner, said)
    if not found or said.amount is None:
        return unknown("no duty on its goods is on file", "no consta un arancel sobre sus bienes")
    rates = [one.rates[matter.country] for one in found]
    values: dict[str, float | str] = {}
    for one, rate in zip(found, rates, strict=True):
        values |= {f"{one.name}_pct": rate, f"{one.name}_period": one.period}
    ways = tuple((rate, rate) for rate in rates)
    read = Reading(rates[0], min(rates), max(rates), values, _duty_rows(matter, found), ways=ways)
    told = said.amount
    return replace(read, threshold=told.value, within=limits().same_rate, relation=told.relation)


def _duty_rows(matter: Matter, found: list[series.Duty]) -> tuple[Evidence, ...]:
    tables = {
        "by_law": ("statutory_tariffs", "level_pct", "date"),
        "collected": ("customs_imports", "duty_usd", "month"),
    }
    return tuple(
        matter.tables[table].evidence(column, {"importer": matter.partner, key: one.period})
        for one in found
        for table, column, key in (tables[one.name],)
    )


def change(matter: Matter, arguments: Arguments, _: Statement) -> Reading | Unknown:
    """Change of sales to the partner since its first act of pressure, in points of product and of exports."""
    names = arguments.get("of", tuple(series.SALES))
    return _several(series.sales_change(matter.tables, matter.country, matter.partner, names))


def vote_agreement(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Agreement with the partner in the General Assembly, last whole year, percent."""

    def of(code: str) -> Reading | Unknown:
        return _several(series.vote_agreement(matter.tables, code, matter.partner, said))

    read = beside(of(matter.country), said, of)
    if (
        isinstance(read, Reading) and said.comparator and not said.times
    ):  # the interval of each is of votes, not of the difference
        gap = read.value
        if "same" in arguments:
            return replace(read, low=gap, high=gap, ways=(), within=limits().same_votes, relation="same")
        return replace(read, low=gap, high=gap, ways=(), within=limits().same_rate)
    return read


def import_share_growth(matter: Matter, _: Arguments, __: Statement) -> Reading | Unknown:
    """Share of its goods imports from the partner in the last whole year on file less that in the first."""
    last, first = (matter.exposure[name] for name in ("imports_share_year_pct", "imports_share_first_pct"))
    if isinstance(last.value, Unknown) or isinstance(first.value, Unknown):
        return last.value if isinstance(last.value, Unknown) else first.value  # type: ignore[return-value]
    gap = last.value - first.value
    values: dict[str, float | str] = {
        "last_share_pct": last.value,
        "to": last.period,
        "opening_share_pct": first.value,
    }
    values |= {"from": first.period}
    return Reading(gap, gap, gap, values, (*last.evidence, *first.evidence), within=limits().same_rate)


def autocracies(matter: Matter, arguments: Arguments, _: Statement) -> Reading | Unknown:
    """Place among all states in voting with autocracies on human rights, percentile."""
    names = arguments.get("groups", series.AUTOCRACIES)
    return _several(series.autocracies(matter.tables, matter.country, names))


def presence(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Percentile of counts of presence among countries of like size, with the exact interval of each.

    Beside a named country it is the count of one less that of the other.
    """
    if said.comparator in (None, OTHERS):
        return _several(series.presence(matter.tables, matter.country, matter.partner, arguments["counts"]))
    counts = levels.counts(matter.tables, arguments["counts"][0])
    return beside(counts(matter.country), said, counts)


def _several(found: series.Measured | Unknown) -> Reading | Unknown:
    if isinstance(found, Unknown):
        return found
    return Reading(found.value, found.low, found.high, found.values, found.evidence)


def concentration(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Concentration of exports by partner, index; beside a named country the difference."""
    of = levels.concentration(matter.tables)
    return beside(of(matter.country), said, of)


MEASURES: Mapping[str, Measure] = {
    "reactivity": acts.reactivity,
    "passivity": acts.passivity,
    "confrontation": acts.confrontation,
    "escalation": acts.escalation,
    "friendly": acts.friendly,
    "threats_kept": acts.threats_kept,
    "on_file": acts.on_file,
    "single_act": single.single_act,
    "towards": acts.towards,
    "eased": acts.eased,
    "higher_postponed": acts.higher_postponed,
    "main_market": figure,
    "share": figure,
    "dependence_ratio": ratio,
    "concentration": concentration,
    "loss_ratio": ratio,
    "loss": figure,
    "duty": duty,
    "duty_level": duty_level,
    "import_share_growth": import_share_growth,
    "sales_change": change,
    "sales_share_change": change,
    "rank": levels.rank,
    "balance": levels.balance,
    "membership": levels.membership,
    "trade_pacts": levels.pacts,
    "vote_agreement": vote_agreement,
    "votes_share": votes.votes_share,
    "votes_change": votes.votes_change,
    "votes_rank": votes.votes_rank,
    "votes_extreme": votes.votes_rank,
    "autocracies": autocracies,
    "reach": presence,
    "forums": presence,
    "isolation": presence,
    "indicator": levels.indicator,
    "trend": levels.trend,
    "told": telling.told,
}
