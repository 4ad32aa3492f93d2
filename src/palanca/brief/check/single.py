"""Tests of statements on single acts: the rows of the ledger that tell of the act, or of its contrary."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from palanca.brief.check.deeds import Deed, acts_of, deeds, was_done
from palanca.brief.check.limits import ACT, kinds, likeness, limits, listed, things
from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.parse import modality
from palanca.brief.check.sentence import Sentence, single
from palanca.brief.check.statement import Statement
from palanca.brief.check.text import plain
from palanca.catalogue import Unknown
from palanca.catalogue.text import LANGUAGES, Language
from palanca.catalogue.unknown import unknown
from palanca.events import record
from palanca.events.event import Event

Act = tuple[str, bool]
YEAR = 366  # days


@dataclass(frozen=True)
class Row:
    """A row of the ledger as single acts are compared with it.

    Attributes:
        named: ISO3 of the countries that its titles name.
        verbs: kinds of the acts that its verbs tell, done or not.
        numbers: of its title and magnitude, each with what it counts; `more` those of its detail.
    """

    event: Event
    acts: frozenset[tuple[str, bool]]
    things: frozenset[str]
    named: frozenset[str]
    told: str
    numbers: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    verbs: frozenset[str]

    def tells(self, thing: str) -> bool:
        """Return whether it names a thing, or holds a verb of one of several kinds of acts."""
        if thing.startswith(ACT):
            return not self.verbs.isdisjoint(thing[1:].split("/"))
        return thing in self.things


@dataclass(frozen=True)
class Ledger:
    """The rows of a pair, and what a thing that they name weighs: more the fewer of them name it."""

    rows: tuple[Row, ...]
    weights: dict[str, float]

    def weight(self, name: str) -> float:
        """Return what a thing weighs."""
        return likeness().stray if name.startswith(ACT) else self.weights.get(name, likeness().stray)


def single_act(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Return the rows that tell of the act of a statement, or of its contrary; none shows nothing."""
    deed = said.deed
    if deed is None:
        return _nothing(said)
    ledger = _ledger(matter.acts)
    near = [row for row in ledger.rows if _may_be(row, deed, said, matter)]
    dated = bool(said.period or deed.day or deed.today)
    same = [row for row in near if _alike(row, deed, ledger, contrary=False, dated=dated)]
    told = bool(deed.doers or dated)
    whole = told and not _third(deed, matter)  # the rows of a pair are no record of what befell others
    other = [row for row in near if whole and _alike(row, deed, ledger, contrary=True, dated=dated)]
    if bool(same) == bool(other) or 0 < len(same) < deed.times:
        return _nothing(said)
    found = [row.event for row in same or other]
    return _reading(matter, found, holds=bool(same) == said.affirmed)


def _nothing(said: Statement) -> Unknown:
    limiting = ", ".join((*said.deed.names, *(one for one, _ in said.deed.numbers))) if said.deed else ""
    named = f": {limiting}" if limiting else ""
    return unknown(
        f"no row of the ledger answers to this act with all that limits it{named}",
        f"ninguna fila del registro responde a este acto con todo lo que lo acota{named}",
    )


def _reading(matter: Matter, found: Sequence[Event], *, holds: bool) -> Reading:
    count = float(len(found)) if holds else 0.0
    values: dict[str, float | str] = {"acts": len(found), "first": str(found[0].date)}
    values |= {"last": str(found[-1].date)}
    return Reading(count, count, count, values, record.evidence(matter.tables, "kind", found), len(found))


def _may_be(row: Row, deed: Deed, said: Statement, matter: Matter) -> bool:
    """Return whether actor, day, names and third countries of a telling allow a row."""
    event = row.event
    if deed.doers and not _did(row, deed):
        return False
    days = [event.date]
    within = likeness().today if deed.today else YEAR if deed.recent else None
    if within is not None and not _near(event.date, matter.written, within):
        return False
    if said.period is not None and not any(said.period.holds(day) for day in days):
        return False
    if deed.day and not any(_on(day, deed.day, matter.written) for day in days):
        return False
    if not _third(deed, matter) <= row.things:
        return False
    return all(plain(name).removesuffix("s") in row.told for name in deed.names)


def _third(deed: Deed, matter: Matter) -> set[str]:
    """Return the countries that an act is told of besides the pair."""
    return {one for one in deed.things if one.startswith("§")} - {f"§{matter.country}", f"§{matter.partner}"}


def _did(row: Row, deed: Deed) -> bool:
    """Return whether those who a telling says did an act did that of a row: all of them, and its actor."""
    event = row.event
    either = all(event.kind in kinds()[name].either for name, _ in deed.acts)
    ours = {event.actor, event.target} if either else {event.actor}
    return bool(deed.doers & ours) and deed.doers <= row.named | ours


def _near(day: date, written: date | None, within: int) -> bool:
    """Return whether an act is of so many days about that of a text."""
    return written is not None and abs((written - day).days) <= within


def _on(day: date, told: tuple[int, int | None], written: date | None) -> bool:
    """Return whether a day is that of a month and day told without a year: the year before the text's day."""
    late = written is not None and not 0 <= (written - day).days <= YEAR
    return not late and day.month == told[0] and told[1] in (None, day.day)


def _alike(row: Row, deed: Deed, ledger: Ledger, *, contrary: bool, dated: bool) -> bool:
    """Return whether a row tells of the act, or that the act was left undone or its number was another."""
    turned = {(name, not done) for name, done in deed.acts}
    numbers = [_agrees(one, row) for one in deed.numbers]
    if contrary:
        opposed = bool(turned & row.acts) and not deed.acts & row.acts
        differs = bool(deed.acts & row.acts) and numbers == [False]  # of several, one may be of another act
        if not (opposed or differs):
            return False
    elif not deed.acts & row.acts or not all(_allows(one, row) for one in deed.numbers):
        return False
    return _covers(row, deed, ledger, contrary=contrary, dated=dated)


def _covers(row: Row, deed: Deed, ledger: Ledger, *, contrary: bool, dated: bool) -> bool:
    """Return whether a row tells enough of what a telling is about, and nothing of weight is missing."""
    known = likeness()
    about = [one for one in deed.things if not _of_pair(one, row)]
    held = sum(ledger.weight(one) for one in about if row.tells(one))
    lost = sum(_lost(one, ledger) for one in about if not row.tells(one))
    lost += sum(known.slight for one in deed.numbers if _agrees(one, row) is None)
    more = sum(ledger.weight(one) for one in deed.rest if row.tells(one) and not _of_pair(one, row))
    told = len(deed.names) + sum(bool(_agrees(one, row)) for one in deed.numbers)
    if not deed.doers and not deed.day and told + sum(row.tells(one) for one in about) < known.doerless:
        return False
    exact = known.unknown * told
    denied = contrary and not any(done for _, done in deed.acts)  # one row that tells it is enough
    if held and not lost and (denied or not contrary) and ((dated and deed.doers) or held >= known.alone):
        return True  # it tells all that is told
    share, alone, least = known.share, known.alone, known.least
    if not dated:
        alone = least = known.undated
    if contrary:
        share, alone, least = known.other_share, known.other_alone, known.other_least
    return held + exact >= alone and held >= share * (held + lost) and held + more / 2 + exact >= least


def _lost(thing: str, ledger: Ledger) -> float:
    """Return what it weighs that a row does not name a thing: more where the thing is one of those listed."""
    known = likeness()
    if thing in known.soft:
        return known.slight
    return ledger.weight(thing) * (known.listed if thing in listed() else 1)


def _of_pair(name: str, row: Row) -> bool:
    return name in (f"§{row.event.actor}", f"§{row.event.target}")


def _agrees(told: tuple[str, str], row: Row) -> bool | None:
    """Return whether a row tells a number, or another of the same thing; none where it tells neither.

    What the title tells goes before what the detail does: it may tell a first proposal or a part.
    """
    value = _value(told[0])
    for held in (row.numbers, row.more):
        if any(_close(value, _value(one)) and (told[1] in (of, "") or not of) for one, of in held):
            return True
        if any(of and of == told[1] for _, of in held):
            return False
    return True if any(_close(value, _value(one)) for one, _ in (*row.numbers, *row.more)) else None


def _allows(told: tuple[str, str], row: Row) -> bool:
    """Return whether a row tells a number, or tells none where the number is a time or a small one."""
    found = _agrees(told, row)
    slight = told[1] in likeness().units[:1] or (not told[1] and _value(told[0]) <= likeness().small)
    return slight if found is None else found


def _value(digits: str) -> float:
    bare = digits.replace(",", "") if digits.count(",") and len(digits.rpartition(",")[2]) == 3 else digits
    bare = bare.replace(".", "") if bare.count(".") and len(bare.rpartition(".")[2]) == 3 else bare
    return float(bare.replace(",", "."))


def _close(value: float, other: float) -> bool:
    return abs(value - other) <= likeness().rounding * max(abs(other), abs(value))


@cache
def _ledger(acts: tuple[Event, ...]) -> Ledger:
    rows = tuple(_row(one) for one in acts)
    counts = Counter(name for row in rows for name in row.things)
    return Ledger(rows, {name: math.log((len(rows) + 1) / count) for name, count in counts.items()})


@cache
def _row(event: Event) -> Row:
    about: set[str] = {f"§{event.actor}", f"§{event.target}", event.front, *event.other_fronts}
    numbers: list[tuple[str, str]] = []
    first: Language = "es" if event.language == "es" else "en"
    detail = single(event.detail, first)
    titles = [single(event.title, first), single(event.title_es, LANGUAGES[1])]
    for sentence in (*titles, detail):
        about |= things(sentence.words, sentence.language)
    about |= {wider for one in about for wider in likeness().kinds_of.get(one, ())}
    for sentence in titles:
        numbers += limits(sentence.words, sentence.language)[1]
    if event.magnitude is not None:
        numbers.append((f"{event.magnitude:g}", "percent" if event.unit.startswith("percent") else ""))
    done = _done(*map(_told, titles))
    done |= {(name, True) for name, one in kinds().items() if one.holds(event.kind, event.instrument)}
    named = {token.country for sentence in titles for token in sentence.words if token.country}
    told = plain(f"{event.title} {event.title_es} {event.detail}")
    more = limits(detail.words, first)[1]
    verbs = {name for one in about if one.startswith(ACT) for name in one[1:].split("/")}
    verbs |= {name for name, _ in done}
    return Row(
        event,
        frozenset(done),
        frozenset(about),
        frozenset(named),
        told,
        tuple(numbers),
        more,
        frozenset(verbs),
    )


def _told(title: Sentence) -> list[frozenset[Act]]:
    """Return the acts that each verb of a title may tell; a bare form where nothing else tells one."""
    for headline in (False, True):
        found = [
            acts_of(clause.match, done=was_done(clause))
            for clause, _ in deeds(title, headline=headline)
            if modality(clause) in ("asserted", "embedded")
        ]
        if found:
            return found
    return []


def _done(first: Sequence[frozenset[Act]], second: Sequence[frozenset[Act]]) -> set[Act]:
    """Return the acts that two titles tell; of what a verb may tell, what the other language tells too."""
    found: set[Act] = set()
    for ours, others in ((first, second), (second, first)):
        theirs = frozenset().union(*others)
        for acts in ours:
            found |= (acts & theirs) or acts
    return found
