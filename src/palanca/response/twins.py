"""Synthetic twins of a seller's collected duty, one for each tariff episode put off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.unknown import unknown
from palanca.errors import InputError
from palanca.events import record
from palanca.events.settlement import act_by_act
from palanca.response.given import path
from palanca.response.panel import Panel, not_on_file, panel
from palanca.response.synthetic import Placebos, placebos
from palanca.response.tariffs import COLLECTED
from palanca.trade.clause import ALL, expanded
from palanca.trade.measure import Measure, measures

INSTRUMENT = "tariff"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Episode:
    """A month from which a seller is set beside its twin.

    Attributes:
        month: ISO.
        event: of the ledger that opens it; empty for a month that was given.
        outcome: what the ledger says became of it.
    """

    month: str
    event: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Paired:
    """A seller and its twin around one episode.

    Attributes:
        months: from the first fitted to the last compared.
        start: place in `months` of the first after the act.
        left_out: partners that are no donors, with the measures that are their own.
        found: the twin and the placebos of all partners.
    """

    episode: Episode
    months: tuple[str, ...]
    start: int
    left_out: dict[str, tuple[str, ...]]
    found: Placebos

    @cached_property
    def clean(self) -> Placebos:
        """Return the same with the donors alone as placebos."""
        return self.found.among(self.found.twin.donors)


@dataclass(frozen=True, slots=True)
class Continued:
    """The twin of an earlier episode carried on over the months of a later one.

    What came between the two acts does not shape this twin, as it does the later one.

    Attributes:
        gap: mean over the months that both compare, percentage points.
        p: share of partners whose mean gap there is at least as far from zero.
        n: partners, the seller among them.
    """

    episode: str
    gap: float
    p: float
    n: int


def continued(found: Sequence[Paired], later: Paired) -> Continued | Unknown:
    """Return the latest earlier twin that was fitted before the act and compares the later one's months."""
    last = later.months[later.start]
    earlier = [one for one in found if one.episode.month < later.episode.month and last in one.months]
    if not earlier:
        return unknown("no earlier twin reaches these months", "ningún gemelo anterior llega a estos meses")
    one = earlier[-1]
    places = [place for place, month in enumerate(one.months) if month in later.months[later.start :]]
    sizes = [abs(float(twin.gaps[places].mean())) for twin in (one.found.twin, *one.found.others)]
    gap = float(one.found.twin.gaps[places].mean())
    return Continued(one.episode.month, gap, sum(size >= sizes[0] for size in sizes) / len(sizes), len(sizes))


def put_off(tables: Catalogue, country: str, importer: str) -> tuple[Episode, ...]:
    """Return the tariff episodes of the ledger in which the importer pressed and then put the tariff off."""
    events = record.between(tables, country, importer)
    told = [
        one
        for one in act_by_act(events, country, importer)
        if (one.pressure.actor, one.pressure.target) == (importer, country)
        and one.pressure.instrument == INSTRUMENT
        and one.outcome_kind in path().episode.outcomes
    ]
    found = {one.pressure.date.isoformat()[:7]: one for one in told}
    return tuple(Episode(month, one.id, one.outcome_kind) for month, one in sorted(found.items()))


def twins(
    tables: Catalogue, country: str, importer: str, months: Iterable[str] = ()
) -> tuple[Paired, ...] | Unknown:
    """Return the seller beside its twin for each of `months`, or for each tariff the ledger shows put off.

    Raises:
        InputError: a month was given that the file does not allow.
    """
    given = tuple(Episode(month) for month in months)
    if odd := [one.month for one in given if not MONTH.fullmatch(one.month)]:
        raise InputError(f"{', '.join(odd)}: give months as YYYY-MM.")
    held = panel(tables[COLLECTED], importer)
    if country not in held.partners:
        return not_on_file(tables[COLLECTED], country, importer)
    wanted = given or tuple(one for one in put_off(tables, country, importer) if _fits(held, one.month))
    if not wanted:
        return unknown(
            "the ledger shows no tariff of this pair put off within the months on file",
            "el registro no muestra ningún arancel de este par aplazado en los meses en archivo",
        )
    if lost := [one.month for one in wanted if not _fits(held, one.month)]:
        first, least = path().episode.first_month, path().episode.least_before
        raise InputError(
            f"No twin from {', '.join(lost)}: the months on file run from {held.months[0]} to "
            f"{held.months[-1]}, and {least} of them from {first} on must come before."
        )
    return tuple(paired(held, country, one) for one in wanted)


def _fits(held: Panel, month: str) -> bool:
    first = max(path().episode.first_month, held.months[0])
    before = sum(first <= one < month for one in held.months)
    return month in held.months and before >= path().episode.least_before


def paired(held: Panel, country: str, episode: Episode) -> Paired:
    """Return a seller beside its twin around one episode."""
    rule = path().episode
    first = next(place for place, month in enumerate(held.months) if month >= rule.first_month)
    act = held.months.index(episode.month)
    last = min(act + rule.months_after, len(held.months))
    months, rates = held.months[first:last], held.rates[first:last]
    whole = [place for place in range(len(held.partners)) if not np.isnan(rates[:, place]).any()]
    units = tuple(held.partners[place] for place in whole)
    window = (period_end(episode.month).replace(day=1), period_end(months[-1]))
    left_out = own_acts(held.importer, units, window, measures().values())
    found = placebos(
        units, rates[:, whole], act - first, unit=country, donors=[c for c in units if c not in left_out]
    )
    left_out.pop(country, None)
    return Paired(episode, months, act - first, left_out, found)


def own_acts(
    importer: str, partners: Sequence[str], window: tuple[date, date], known: Iterable[Measure]
) -> dict[str, tuple[str, ...]]:
    """Return the partners under a measure of their own at any time in the window, with its names.

    A measure is a partner's own if it was applied, names at most as many partners as the rule says, and
    rests on a ground on which the importer does not also act against all.
    """
    sent = [one for one in known if importer in one.sender and one.status == "applied"]
    general = {one.authority for one in sent if any(ALL in clause.target for clause in one.clauses)}
    found: dict[str, tuple[str, ...]] = {}
    for one in sent:
        named = {label for clause in one.clauses for label in clause.target}
        in_force = one.start <= window[1] and (one.end is None or one.end >= window[0])
        few = len(named) <= path().donors.named_at_most
        if in_force and few and one.authority not in general:
            for code in set(expanded(tuple(sorted(named)))) & set(partners):
                found[code] = (*found.get(code, ()), one.name)
    return found
