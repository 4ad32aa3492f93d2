"""Whether measures fit an economy: every fault of all of them, in words."""

import itertools
from collections.abc import Iterator, Sequence

from palanca.catalogue import countries, table
from palanca.catalogue.codes import groups
from palanca.economy import Economy
from palanca.errors import BadMeasure
from palanca.trade import products
from palanca.trade.acts import Act, acts_of, claims, touched
from palanca.trade.clause import ALL, Claimed, Clause, Kind, Statutory, expanded, overlap
from palanca.trade.law import levels
from palanca.trade.measure import Measure, draft


def faults(measures: Sequence[Measure], economy: Economy) -> Iterator[str]:
    """Yield every reason why the measures cannot be applied to the economy."""
    for measure in measures:
        found = [*_label_faults(measure, economy), *_record_faults(measure, economy)]
        yield from (f"{measure.name}: {fault}" for fault in dict.fromkeys(found))
        if not found and not _reaches_trade(measure, economy):
            yield f"{measure.name}: touches no trade of {economy.name}"
    for first, second in itertools.combinations(measures, 2):
        if any(_contradict(*pair) for pair in _clauses(first, second)):
            yield f"{first.name} and {second.name} overlap where one of them sets a level"


def fitting(names: Sequence[str], economy: Economy) -> list[Measure]:
    """Return the measures of these names or files, which can all be applied to the economy together.

    Raises:
        BadMeasure: some cannot be had or do not fit; the faults of all are in one error.
    """
    drafts = [draft(name) for name in dict.fromkeys(names)]
    said = [fault for _, found in drafts for fault in found]
    said += [f"{name} is named more than once" for name in dict.fromkeys(names) if names.count(name) > 1]
    acts = [act for act, _ in drafts if act is not None]
    said += faults(acts, economy)
    if said:
        raise BadMeasure(f"The measures cannot be applied to {economy.name}:", said)
    return acts


def require_known(measure: Measure) -> None:
    """Refuse a measure that names what is no country and no group of countries.

    Raises:
        BadMeasure: it names one; every one is listed.
    """
    named = [
        label
        for clause in measure.clauses
        for label in (*measure.senders(clause), *clause.target, *(clause.spared or ()))
    ]
    known = {ALL, *groups(), *countries()}
    if lost := [
        f"no country or group is called {label}" for label in dict.fromkeys(named) if label not in known
    ]:
        raise BadMeasure(f"The measure {measure.name} cannot be used:", lost)


def received(country: str) -> float | None:
    """Return remittances a country receives, percent of its product in the last year on file."""
    rows = table("factbook_exposure").rows(country=country).drop_nulls("remittances_gdp_pct").sort("year")
    return float(rows["remittances_gdp_pct"][-1]) if rows.height else None


def _label_faults(measure: Measure, economy: Economy) -> Iterator[str]:
    for clause in measure.clauses:
        named = (*measure.senders(clause), *clause.target, *(clause.spared or ()))
        yield from (f"no country or group is called {label}" for label in named if _strange(label, economy))
        yield from (
            f"{economy.name} has no sector {label}"
            for label in clause.sectors or ()
            if label not in economy.sectors
        )
        yield from (
            f"no goods on record have the HS code {code}"
            for code in (*clause.hs, *clause.spared_hs)
            if not products.exists(code)
        )


def _strange(label: str, economy: Economy) -> bool:
    return (
        label not in economy.countries and label != ALL and label not in groups() and label not in countries()
    )


def _record_faults(measure: Measure, economy: Economy) -> Iterator[str]:
    for act in acts_of(measure, economy):
        clause = act.clause
        for rule in (clause.exempt, clause.only):
            if isinstance(rule, Claimed) and not claims(rule.claimed):
                yield f"no claims of a preference are on record for {rule.claimed}"
        if isinstance(clause.addition, Statutory) and not _dated(clause.addition):
            yield f"no statutory tariffs are on record for {clause.addition.statutory}"
        if clause.kind is Kind.PREFERENCE_LOSS:
            lost = [label for label in act.sender if label not in products.importers()]
            yield from (f"the general rates of {label} are not on record" for label in lost)
        if clause.kind is Kind.REMITTANCE:
            lost = [label for label in act.target if received(label) is None]
            yield from (f"remittances to {label} are not on record" for label in lost)


def _dated(rate: Statutory) -> bool:
    days = table("statutory_tariffs").frame["date"]
    return bool((days == rate.statutory.isoformat()).any())


def _reaches_trade(measure: Measure, economy: Economy) -> bool:
    return any(_reaches(act, economy) for act in acts_of(measure, economy))


def _reaches(act: Act, economy: Economy) -> bool:
    if act.clause.kind is Kind.REMITTANCE:
        return any(True for _ in act.flows())
    trade = economy.trade.transpose("sector", "destination", "origin").values
    return bool((touched(_whole(act), economy) * trade).any())


def _whole(act: Act) -> Act:
    """Return the act without its exemption: goods that are exempt are touched all the same."""
    return Act(act.clause.model_copy(update={"exempt": 0.0}), act.sender, act.target)


def _clauses(first: Measure, second: Measure) -> Iterator[tuple[Clause, Clause]]:
    """Yield every clause of one measure with every clause of another, senders filled in."""
    for one, two in itertools.product(first.clauses, second.clauses):
        yield (
            one.model_copy(update={"sender": expanded(one.sender or first.sender)}),
            two.model_copy(update={"sender": expanded(two.sender or second.sender)}),
        )


def _contradict(first: Clause, second: Clause) -> bool:
    return levels(first, second) and overlap(first, second, ())
