"""The end of a trade preference, made from data for any pair with a preference on file."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from palanca.catalogue import countries, table
from palanca.catalogue.dates import period
from palanca.catalogue.sources import sources, tables
from palanca.catalogue.text import LANGUAGES, Text
from palanca.trade import products
from palanca.trade.acts import PERCENT
from palanca.trade.clause import Claimed, Clause, Kind, Preferred, expanded
from palanca.trade.law import in_force
from palanca.trade.measure import GENERATED, Measure
from palanca.trade.states import Source

USE = "preference_use"
AUTHORITY = "end of the preference"


@cache
def endings(day: date) -> dict[str, Measure]:
    """Return what the end of each preference on file would do under the law of a day, by name."""
    pairs = table(USE).frame.select("importer", "partner").unique().sort("importer", "partner").rows()
    known = products.importers()
    found = [ending(importer, partner, day) for importer, partner in pairs if importer in known]
    return {one.name: one for one in found}


def ending(importer: str, partner: str, day: date) -> Measure:
    """Return the end of a preference: its goods pay general rates and what the law adds to all others.

    What claimed the preference in the last month on file loses it.

    Args:
        importer: who grants it.
        partner: whose goods have it.
        day: of the law that other goods pay by.
    """
    month = claimed_last(importer, partner)
    spared = list(_spared(importer, partner, day))
    return Measure(
        name=f"{GENERATED}{importer}-{partner}".lower(),
        title=_title(importer, partner),
        status="hypothetical",
        sender=(importer,),
        start=max((act.start for act, _ in spared), default=date.fromisoformat(f"{month}-01")),
        authority=AUTHORITY,
        source=tuple(_sources()),
        clauses=(
            Clause(kind=Kind.PREFERENCE_LOSS, target=(partner,)),
            *(_lost(clause, partner, month) for _, clause in spared),
        ),
        note=_note(month, [act for act, _ in spared]),
    )


def claimed_last(importer: str, partner: str) -> str:
    """Return the last month for which use of a preference is on file."""
    return str(table(USE).rows(importer=importer, partner=partner)["month"].max())


def pair_of(measure: Measure) -> tuple[str, str] | None:
    """Return importer and partner of a preference that a measure ends; None for any other measure."""
    return (measure.sender[0], measure.clauses[0].target[0]) if measure.authority == AUTHORITY else None


def _spared(importer: str, partner: str, day: date) -> Iterator[tuple[Measure, Clause]]:
    """Yield the clauses in force that spare goods of the partner because of the preference."""
    for act in in_force(day):
        for clause in act.clauses:
            freed = isinstance(clause.exempt, Claimed | Preferred) and isinstance(clause.addition, float)
            if freed and importer in act.senders(clause) and partner in expanded(clause.target):
                yield act, clause


def _lost(clause: Clause, partner: str, month: str) -> Clause:
    """Return what a clause would add where the preference spared goods from it."""
    rate = clause.addition if isinstance(clause.addition, float) else 0.0
    changed: dict[str, object] = {"target": (partner,), "exempt": 0.0, "note": ""}
    if isinstance(clause.exempt, Preferred):
        return clause.model_copy(update={**changed, "addition": rate * clause.exempt.preferred / PERCENT})
    return clause.model_copy(update={**changed, "only": Claimed(claimed=month)})


def _title(importer: str, partner: str) -> Text:
    giver, taker = countries()[importer].name, countries()[partner].name
    return Text(
        en=f"{giver.en}: end of the trade preference for goods of {taker.en}",
        es=f"{giver.es}: fin de la preferencia comercial para bienes de {taker.es}",
    )


def _sources() -> Iterator[Source]:
    for name in (USE, products.TABLE):
        about = sources()[tables()[name].name]
        yield Source(title=about.title.en, url=about.address, confidence="high")


def _note(month: str, acts: list[Measure]) -> Text:
    names = {act.name: act.title for act in acts}.values()
    then = {language: period(month, language) for language in LANGUAGES}
    english = ", ".join(f"“{title.en}”" for title in names)
    spanish = ", ".join(f"«{title.es}»" for title in names)
    return Text(
        en=(
            f"What claimed the preference in {then['en']} pays the general rates, and what the law adds to "
            f"goods without it by {english or 'no measure'}. The partner's own rates are left out."
        ),
        es=(
            f"Lo que usó la preferencia en {then['es']} paga las tasas generales y lo que la ley suma a "
            f"los bienes sin ella por {spanish or 'ninguna medida'}. Se omiten las tasas del propio socio."
        ),
    )
