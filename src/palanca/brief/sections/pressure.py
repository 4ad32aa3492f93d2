"""Pressure and response: episodes, base rates, the index by front, and the ledger behind them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from palanca.brief import timeline
from palanca.brief.claims import Dropped, Filling, Item, templates
from palanca.brief.sections.case import MONTHS, Case, Section
from palanca.catalogue import Figure, Text, Unknown
from palanca.catalogue.figure import Evidence
from palanca.catalogue.unknown import unknown
from palanca.events import pressure as index
from palanca.events import rates, record
from palanca.events.event import Event, vocabulary
from palanca.events.pressure import TOTAL, Pressure
from palanca.events.rates import Wait
from palanca.events.settlement import Episode, episodes

LATEST = 5  # episodes told in a sentence each
FRONTS = 3  # fronts whose threats are told apart
YEAR = 365
HERE = "events"


class Reader:
    """Reads the ledger for one direction of a pair: `case.b` presses, `case.a` is pressed."""

    def __init__(self, case: Case, events: Sequence[Event]) -> None:
        self.case = case
        self.events = events
        self.presser, self.pressed = case.b.iso3, case.a.iso3

    def evidence(self, events: Iterable[Event]) -> tuple[Evidence, ...]:
        """Return the rows of acts between the two."""
        two = (self.pressed, self.presser)
        ids = tuple(event.id for event in events if event.actor in two and event.target in two)
        table = self.case.tables[record.TABLE]
        return (table.evidence("date", {"actor": two, "target": two, "id": ids}),) if ids else ()

    def figure(self, name: str, value: float, unit: str, events: Sequence[Event], method: str) -> Figure:
        """Return a number that rests on events, dated by the last of them."""
        last = max((event.date for event in events), default=self.case.tables.as_of)
        evidence = self.evidence(events)
        return Figure(name, value, unit, last.isoformat(), record.TABLE, evidence, f"{HERE}.{method}")

    def named(self, ids: Iterable[str]) -> list[Event]:
        """Return events by their ids."""
        known = {event.id: event for event in self.events}
        return [known[one] for one in ids]


def pressure(case: Case) -> Section:
    """Return what the ledger says of who pressed whom, how it was answered, and what came of it."""
    events = record.between(case.tables, case.a.iso3, case.b.iso3)
    if not events:
        missing = case.tables[record.TABLE].missing(a=case.a.iso3, b=case.b.iso3)
        return Section("pressure", (_none(case, missing),))
    sides = [side for side in (case, case.reverse()) if _presses(side, events)]
    sides.sort(key=lambda side: -_presses(side, events))
    told = episodes(events, case.a.iso3, case.b.iso3)
    items = [_size(case, events)]
    level = _index(sides[0], events) if sides else None
    for side in sides:
        items += _side(Reader(side, events), [one for one in told if one.pressure.actor == side.b.iso3])
        if level and side is sides[0]:
            items += _level(Reader(side, events), level)
    charts = timeline.charts(sides[0] if sides else case, events, told, level)
    return Section("pressure", tuple(items), tuple(charts), _notes(), acts=events)


def _notes() -> tuple[Text, ...]:
    return (templates()["note-density"], templates()["note-carried"])


def _presses(side: Case, events: Sequence[Event]) -> int:
    return sum(
        event.group == "pressure" and (event.actor, event.target) == (side.b.iso3, side.a.iso3)
        for event in events
    )


def _none(case: Case, missing: Unknown) -> Dropped:
    subject = (case.a.iso3, case.b.iso3)
    return Dropped(f"ledger-size:{'-'.join(subject)}", subject, (missing.reason,))


def _size(case: Case, events: Sequence[Event]) -> Item:
    two = {case.a.iso3, case.b.iso3}
    among = [event for event in events if {event.actor, event.target} == two]
    recent = [event for event in among if (case.tables.as_of - event.date).days < YEAR]
    reader = Reader(case, among)
    count = reader.figure("count", float(len(among)), "count", among, "record.between")
    fillings = {
        "count": count,
        "start": replace(count, period=min((event.date.isoformat() for event in among), default="")),
        "recent": replace(count, name="recent", value=float(len(recent))),
        "window": replace(count, name="window", value=float(MONTHS), unit="months"),
    }
    return case.tell("ledger-size", fillings)


def _side(reader: Reader, told: Sequence[Episode]) -> Iterator[Item]:
    threats = rates.threats(reader.events, reader.presser, reader.pressed)
    yield from _rate(reader, threats, "threats", "carried")
    for share in rates.shares(threats, reader.events, "front")[:FRONTS]:
        if threats and not share.few and len(threats) > share.n:
            front = vocabulary().fronts[share.of].title
            fillings = {"front": front, **_share(reader, share)}
            yield reader.case.tell("threats-front", fillings, about=share.of)
    yield from _rate(
        reader, rates.concessions(reader.events, reader.pressed, reader.presser), "concessions", "relief"
    )
    for episode in [one for one in told if one.answer][-LATEST:]:
        yield _episode(reader, episode)


def _rate(reader: Reader, waits: Sequence[Wait], what: str, done: str) -> Iterator[Item]:
    if not waits:
        return
    share = rates.shares(waits, reader.events)[0]
    yield reader.case.tell(f"{what}-few" if share.few else f"{what}-{done}", _share(reader, share))
    ended = [wait for wait in waits if wait.end]
    if ended and not share.few:
        yield reader.case.tell(f"{what}-wait", _waiting(reader, waits, ended), kind="estimate")


def _share(reader: Reader, share: rates.Share) -> dict[str, Filling]:
    rows = reader.named(share.events)
    parts = {
        "n": (share.n, "count"),
        "done": (share.done, "count"),
        "share": (share.percent, "percent_whole"),
        "lower": (share.lower, "percent_whole"),
        "upper": (share.upper, "percent_whole"),
        "level": (rates.level(), "percent_whole"),
    }
    return {
        name: reader.figure(name, float(value), unit, rows, "rates.shares")
        for name, (value, unit) in parts.items()
    }


def _waiting(reader: Reader, waits: Sequence[Wait], ended: Sequence[Wait]) -> dict[str, Filling]:
    rows = reader.named(wait.start for wait in waits)
    days = float(median(wait.days for wait in ended))
    left = 100 * rates.survival(waits).after(YEAR)
    return {
        "median": reader.figure("median", days, "days", rows, "rates.survival"),
        "waiting": reader.figure("waiting", left, "percent_whole", rows, "rates.survival"),
    }


def _episode(reader: Reader, one: Episode) -> Item:
    told = vocabulary()
    start = reader.figure(
        "days", float(one.days_to_answer or 0), "days", list(one.events), "settlement.settled"
    )
    fillings: dict[str, Filling] = {
        "kind": told.kinds[one.pressure.kind].title,
        "front": told.fronts[one.pressure.front].title,
        "instrument": told.instruments[one.pressure.instrument].title,
        "answer": told.answers[one.answer_kind].title,
        "outcome": told.outcomes[one.outcome_kind].title,
        "days": start,
        "start": replace(start, period=one.pressure.date.isoformat()),
        "later": replace(start, name="later", value=float(one.days_to_outcome or 0)),
    }
    key = "episode-answered" if one.days_to_outcome is None else "episode-settled"
    return reader.case.tell(key, fillings, about=one.id)


def _index(side: Case, events: Sequence[Event]) -> Pressure | None:
    return index.pressure(events, side.b.iso3, side.a.iso3, until=side.tables.as_of)


def _level(reader: Reader, found: Pressure) -> Iterator[Item]:
    acts = [event for event in reader.events if event.group == "pressure" and event.actor == reader.presser]
    total = found.paths[TOTAL]
    day = found.end.isoformat()

    def number(name: str, value: float, period: str = day) -> Figure:
        return replace(reader.figure(name, value, "level", acts, "pressure.pressure"), period=period)

    parts = {
        "level": total.level,
        "low": total.low,
        "high": total.high,
        "words": total.words,
        "acts": total.acts,
    }
    fillings = {name: number(name, float(values[-1])) for name, values in parts.items()}
    yield reader.case.tell(
        "pressure-level", {**fillings, "mean": number("mean", index.MEAN)}, kind="estimate"
    )
    months = found.months()
    peak = max(months, key=lambda month: months[month])
    last = {name: float(path.level[-1]) for name, path in found.paths.items() if name != TOTAL}
    heaviest = max(last, key=lambda name: last[name])
    top: dict[str, Filling] = {
        "peak": number("peak", months[peak], peak),
        "front": vocabulary().fronts[heaviest].title,
        "part": number("part", last[heaviest]),
    }
    yield reader.case.tell("pressure-peak", top, kind="estimate")
    yield _news(reader, months, number("r", 0.0))


def _news(reader: Reader, months: dict[str, float], blank: Figure) -> Item:
    """Return how the index goes together with risk in the news, where both are on file."""
    table = reader.case.tables["geopolitical_risk"]
    rows = table.rows(country=reader.pressed)
    theirs = dict(zip(rows["month"], rows["gpr_pct"], strict=True))
    both = sorted(months.keys() & theirs.keys())
    if len(both) < 2 * MONTHS:
        reason = table.missing(country=reader.pressed) if not theirs else _short()
        lost = replace(blank, name="n", value=reason, unit="count")
        return reader.case.tell("pressure-news", {"r": replace(blank, value=reason), "n": lost})
    found = index.agreement(months, theirs)
    proof = table.evidence("gpr_pct", {"country": reader.pressed, "month": tuple(both)})
    joint = replace(blank, unit="index", period=both[-1], evidence=(*blank.evidence, proof))
    fillings = {
        "r": replace(joint, name="r", value=found.pearson, method="events.pressure.agreement"),
        "n": replace(joint, name="n", value=float(found.n), unit="count"),
    }
    return reader.case.tell("pressure-news", fillings, kind="estimate")


def _short() -> Unknown:
    return unknown(
        "the index and the share of articles have too few months in common",
        "el índice y la proporción de artículos tienen muy pocos meses en común",
    )
