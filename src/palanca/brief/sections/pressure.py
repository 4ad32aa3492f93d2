"""Pressure and response: episodes, base rates, the index by front, and the ledger behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median

from palanca.brief import timeline
from palanca.brief.claims import Claim, Dropped, Filling, Item, templates
from palanca.brief.sections.case import MONTHS, Case, Section
from palanca.catalogue import Figure, Text, Unknown
from palanca.catalogue.figure import Evidence
from palanca.catalogue.sources import Confidence, Level
from palanca.catalogue.unknown import unknown
from palanca.events import pressure as index
from palanca.events import rates, record
from palanca.events.event import Event, vocabulary
from palanca.events.pressure import TOTAL, Pressure
from palanca.events.publishers import least, publishers
from palanca.events.rates import Wait
from palanca.events.settlement import Episode, act_by_act
from palanca.events.shares import Count

LATEST = 5  # episodes told in a sentence each
READINGS = (False, True)  # of "carried out": by the means threatened, and by any
YEAR = 365
HERE = "events"
LEVELS: Mapping[str, Level] = {"high": "high", "medium": "moderate", "low": "low"}


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

    def episode(
        self, key: str, one: Episode, fillings: Mapping[str, Filling], named: Sequence[Event]
    ) -> Item:
        """Return a sentence on one episode, as sure as the least sure of the acts that it names."""
        filled = {"act": _title(one.pressure), **fillings}
        sure = confidence_of(named)
        return self.case.tell(key, filled, about=one.id, extra=("act",), confidence=sure)

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
    every = act_by_act(events, case.a.iso3, case.b.iso3, alone=True, counters=True)
    told = [one for one in every if not one.counter]
    items = [_size(case, events)]
    level = _index(sides[0], events) if sides else None
    for side in sides:
        items += _side(Reader(side, events), [one for one in told if one.pressure.actor == side.b.iso3])
        if level and side is sides[0]:
            items += _level(Reader(side, events), level)
    charts = timeline.charts(sides[0] if sides else case, events, every, level)
    told_of = any(
        isinstance(item, Claim) and item.id.startswith(("threats-", "concessions-")) for item in items
    )
    head = "" if told_of else "ledger_only"
    return Section("pressure", tuple(items), tuple(charts), _notes(items), acts=events, head=head)


def _notes(items: Iterable[Item]) -> tuple[Text, ...]:
    """Return the notes on what is said."""
    said = {item.id.split(":")[0] for item in items if isinstance(item, Claim)}
    notes = {
        "note-density": {"ledger-size"},
        "note-index": {"pressure-level"},
        "note-carried": {"threats-told"},
        "note-answered": {"episode-first"},
    }
    return tuple(templates()[note] for note, keys in notes.items() if said & keys)


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
    pair = (reader.presser, reader.pressed)
    yield from _threats(reader, rates.standing(reader.events, *pair))
    yield from _kept(reader, *pair)
    given = rates.concessions(reader.events, reader.pressed, reader.presser)
    yield from _concessions(reader, given)
    yield from _relieved(reader, rates.decided(given), given)
    for episode in [one for one in told if one.first][-LATEST:]:
        yield from _episode(reader, episode)


def _kept(reader: Reader, presser: str, pressed: str) -> Iterator[Item]:
    """Yield how many threats were carried out, by matter and by threat, as threatened and by any means."""
    strict, wide = (rates.threats(reader.events, presser, pressed, wide=any_means) for any_means in READINGS)
    matters, widely = (
        rates.decided(rates.by_matter(reader.events, presser, pressed, wide=any_means))
        for any_means in READINGS
    )
    if len(matters) >= rates.few():
        told, most = (_share(reader, rates.shares(one, reader.events)[0]) for one in (matters, widely))
        ends = {"wide": most["done"], "wide_share": most["share"], "upper": most["upper"]}
        horizon = _horizon(reader, reader.named(wait.start for wait in matters))
        yield reader.case.tell("threats-rate", {**told, **ends, "horizon": horizon})
    if any(wait.end for wait in strict) and len(strict) >= rates.few():
        told, most = _waiting(reader, strict), _waiting(reader, wide)
        ends = {"wide": most["came"], "upper": most["upper"]}
        yield reader.case.tell("threats-wait", {**told, **ends}, kind="estimate")


def _threats(reader: Reader, standing: Mapping[str, str]) -> Iterator[Item]:
    """Yield how many threats are on file, and how each of them stands."""
    rows = reader.named(standing)
    counts = {name: sum(one == name for one in standing.values()) for name in rates.STANDINGS}
    parts = {name.replace(" ", "_"): count for name, count in counts.items()}
    held = len(rates.by_matter(reader.events, reader.presser, reader.pressed))
    parts |= {"n": len(rows), "matters": held}
    if rows:
        said = {
            name: reader.figure(name, float(n), "count", rows, "rates.standing") for name, n in parts.items()
        }
        yield reader.case.tell("threats-told", {**said, "horizon": _horizon(reader, rows)})


def _concessions(reader: Reader, given: Sequence[Wait]) -> Iterator[Item]:
    """Yield how many concessions are on file, and how many were followed by relief."""
    rows = reader.named(wait.start for wait in given)
    parts = {"n": len(given), "done": sum(wait.end is not None for wait in given)}
    if rows:
        said = {
            name: reader.figure(name, float(n), "count", rows, "rates.concessions")
            for name, n in parts.items()
        }
        yield reader.case.tell("concessions-told", said)


def _horizon(reader: Reader, rows: Sequence[Event]) -> Figure:
    return reader.figure("horizon", float(rates.horizon()), "days", rows, "rates.horizon")


def _relieved(reader: Reader, watched: Sequence[Wait], every: Sequence[Wait]) -> Iterator[Item]:
    """Yield the share of concessions watched for the horizon, and the estimate that uses the others too."""
    if len(watched) < rates.few():
        return
    share = rates.shares(watched, reader.events)[0]
    fillings = {**_share(reader, share), "horizon": _horizon(reader, reader.named(share.events))}
    yield reader.case.tell("concessions-rate", fillings)
    if any(wait.end for wait in every):
        yield reader.case.tell("concessions-wait", _waiting(reader, every), kind="estimate")


def _share(reader: Reader, share: Count) -> dict[str, Filling]:
    rows, ends = reader.named(share.events), share.ends
    parts = {
        "n": (share.n, "count"),
        "done": (share.done, "count"),
        "share": (share.percent or 0.0, "percent_whole"),
        "lower": (ends[0], "percent_whole"),
        "upper": (ends[1], "percent_whole"),
        "level": (rates.level(), "percent_whole"),
    }
    return {
        name: reader.figure(name, float(value), unit, rows, "rates.shares")
        for name, (value, unit) in parts.items()
    }


def _waiting(reader: Reader, waits: Sequence[Wait]) -> dict[str, Filling]:
    rows = reader.named(wait.start for wait in waits)
    days = float(median(wait.days for wait in waits if wait.end))
    three = zip(("came", "lower", "upper"), rates.came(waits, reader.events), strict=True)
    return {
        **{name: reader.figure(name, value, "percent_whole", rows, "rates.came") for name, value in three},
        "median": reader.figure("median", days, "days", rows, "rates.came"),
        "level": reader.figure("level", rates.level(), "percent_whole", rows, "rates.level"),
        "horizon": _horizon(reader, rows),
    }


def _episode(reader: Reader, one: Episode) -> Iterator[Item]:
    """Yield what opened an episode and its first answer, its strongest where another, and its outcome."""
    told, acts = vocabulary(), {"first": one.first, "strongest": one.strongest}
    for key, kind in (("first", one.first_kind), ("strongest", one.strongest_kind)):
        answer = acts[key]
        if answer and (key == "first" or answer != one.first):
            fillings = {**_since(reader, one, answer, "days"), "answer": told.answers[kind].title}
            named = [one.pressure, answer] if key == "first" else [answer]
            apart = key == "strongest" and answer.front != one.pressure.front
            told_as = "episode-linked" if apart else f"episode-{key}"
            yield reader.episode(told_as, one, {**fillings, "reply": _title(answer)}, named)
    if one.outcome:
        fillings = {
            **_since(reader, one, one.outcome, "end"),
            "outcome": told.outcomes[one.outcome_kind].title,
        }
        yield reader.episode("episode-ended", one, {**fillings, "last": _title(one.outcome)}, [one.outcome])


def _since(reader: Reader, one: Episode, event: Event, name: str) -> dict[str, Filling]:
    """Return the day of the act that opened an episode, and the days from it to another."""
    days = float((event.date - one.pressure.date).days)
    figure = reader.figure(name, days, "days", [one.pressure, event], "settlement.settled")
    return {name: figure, "start": replace(figure, name="start", period=one.pressure.date.isoformat())}


def _title(event: Event) -> Text:
    return Text(en=event.titled("en"), es=event.titled("es"))


def confidence_of(named: Iterable[Event]) -> Confidence | None:
    """Return the confidence of a sentence that names acts; none where their sources do not lower it."""
    level = least(named)
    reason = publishers().reasons.get(level)
    return Confidence(level=LEVELS[level], reason=reason) if reason else None


def _index(side: Case, events: Sequence[Event]) -> Pressure | None:
    return index.pressure(events, side.b.iso3, side.a.iso3, until=side.tables.as_of)


def _level(reader: Reader, found: Pressure) -> Iterator[Item]:
    """Yield the index of the last month on record, as the table of the chart has it, and its peak."""
    acts = [event for event in reader.events if event.group == "pressure" and event.actor == reader.presser]
    months = found.months()
    last = max(months)

    def number(name: str, value: float, period: str = last) -> Figure:
        return replace(reader.figure(name, value, "level", acts, "pressure.pressure"), period=period)

    parts = {name: found.month(last, name) for name in ("level", "low", "high", "words", "acts")}
    fillings = {name: number(name, value) for name, value in parts.items()}
    fillings |= {"mean": number("mean", index.MEAN), "until": number("until", 0.0, found.end.isoformat())}
    yield reader.case.tell("pressure-level", fillings, kind="estimate")
    peak = max(months, key=lambda month: months[month])
    yield reader.case.tell("pressure-peak", {"peak": number("peak", months[peak], peak)}, kind="estimate")
    fronts = {name: found.months(name)[last] for name in found.paths if name != TOTAL}
    heaviest = max(fronts, key=lambda name: fronts[name])
    title, part = vocabulary().fronts[heaviest].title, number("part", fronts[heaviest])
    yield reader.case.tell("pressure-front", {"front": title, "part": part}, kind="estimate")
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
