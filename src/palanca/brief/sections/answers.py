"""How each side answers the other, and what followed its answers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from palanca.brief import grammar as vl
from palanca.brief import intervals
from palanca.brief.claims import Claim, Filling, Item, templates
from palanca.brief.figures import Chart, label, title
from palanca.brief.language import name as country_name
from palanca.brief.sections.case import Case, Section
from palanca.brief.sections.pressure import Reader
from palanca.catalogue import Figure, country
from palanca.catalogue.text import Language, Text
from palanca.events import rates, record
from palanca.events.event import vocabulary
from palanca.events.settlement import NONE
from palanca.events.settlement import answers as kinds_of_answer
from palanca.events.shares import Count
from palanca.response import timing, yields
from palanca.response.reactivity import Links, links, number
from palanca.response.timing import Timing
from palanca.response.yields import Contrast, Yield

DAYS = 90
PERCENT = 100.0
EASED, WORSE = "eased", "escalated"


def answers(case: Case) -> Section:
    """Return how each side answers the other, by links and by timing, and what followed its answers."""
    events = record.between(case.tables, case.a.iso3, case.b.iso3)
    sides = [Reader(side, events) for side in (case, case.reverse())]
    told = [one for one in sides if events and _acts(one)]
    items: list[Item] = []
    rows: list[dict[str, object]] = []
    for reader in told:
        linked = links(events, reader.pressed, reader.presser)
        timed = timing.timing(events, reader.pressed, reader.presser)
        items += [*_linked(reader, linked), _timing(reader, timed)]
        rows += _bars(reader, linked, timed)
    bought = [_yields(yields.cases(events, one.pressed, one.presser)) for one in told]
    for reader, made in zip(told, bought, strict=True):
        items += [*_bought(reader, made), *_contrast(reader)]
    charts = [_chart(case, rows)] if rows else []
    charts += [_followed(told[0], bought[0])] if bought and _shown(bought[0]) else []
    return Section("answers", tuple(items), tuple(charts), _notes(items))


def _notes(items: Iterable[Item]) -> tuple[Text, ...]:
    """Return the notes on what is said."""
    said = {item.id.split("-")[0] for item in items if isinstance(item, Claim)}
    return tuple(templates()[f"note-{topic}"] for topic in ("answers", "bought") if topic in said)


def _acts(reader: Reader) -> bool:
    return any((e.actor, e.target) == (reader.pressed, reader.presser) for e in reader.events)


def _share(reader: Reader, count: Count, method: str) -> dict[str, Filling]:
    rows, ends = reader.named(count.events), count.ends
    parts = {
        "n": (count.n, "count"),
        "done": (count.done, "count"),
        "share": (count.percent or 0.0, "percent_whole"),
        "lower": (ends[0], "percent_whole"),
        "upper": (ends[1], "percent_whole"),
        "level": (rates.level(), "percent_whole"),
        "window": (number("window_days"), "days"),
    }
    return {
        name: reader.figure(name, float(value), unit, rows, method) for name, (value, unit) in parts.items()
    }


def _linked(reader: Reader, linked: Links) -> Iterator[Item]:
    parts = {"links": linked.answering, "initiative": linked.initiative}
    for key, count in parts.items():
        if not count.few:
            yield reader.case.tell(f"answers-{key}", _share(reader, count, f"reactivity.{key}"))
    if not linked.passive.answered.few:
        most = _share(reader, linked.passive.silent, "reactivity.passive")
        ends = {f"{name}_most": most[name] for name in ("n", "done", "share")}
        least = _share(reader, linked.passive.answered, "reactivity.passive")
        yield reader.case.tell("answers-passive", {**least, **ends})
    delays = linked.delays["all"]
    if delays and delays[0].n >= rates.few():
        rows = reader.named(linked.answering.events[: linked.answering.done])
        said = {"median": (delays[0].median, "days"), "n": (float(delays[0].n), "count")}
        yield reader.case.tell(
            "answers-delay",
            {name: reader.figure(name, *value, rows, "reactivity.links") for name, value in said.items()},
        )


def _timing(reader: Reader, timed: Timing) -> Item:
    """Return how many more acts follow the other's than by chance; unknown where none do or few are told."""
    units = {"followed": "percent_whole", "expected": "percent_whole", "p": "percent"}
    method, fillings = "timing.timing", dict[str, Filling]()
    for name in (*units, *timing.GAIN):
        value = PERCENT * getattr(timed.found, name) if timed.why is None else timed.why
        blank = reader.figure(name, 0.0, units.get(name, "level"), timed.events, method)
        fillings[name] = replace(blank, value=value)
    settings = {"days": number("follow_days"), "window": number("local_window"), "level": rates.level()}
    for name, value in settings.items():
        unit = "percent_whole" if name == "level" else "days"
        fillings[name] = reader.figure(name, float(value), unit, timed.events, method)
    return reader.case.tell("answers-timing", fillings, kind="estimate")


def _yields(found: list[yields.Case]) -> list[Yield]:
    """Return what followed each kind of answer within the days that the brief tells."""
    given = {one.episode.strongest_kind for one in found}
    return [
        yields.followed(found, answer, what, DAYS)
        for answer in kinds_of_answer()
        if answer in given
        for what in (EASED, WORSE)
    ]


def _shown(made: list[Yield]) -> list[Yield]:
    return [one for one in made if one.what == EASED and not one.count.few]


def _bought(reader: Reader, made: list[Yield]) -> Iterator[Item]:
    worse = {one.answer: one for one in made if one.what == WORSE}
    told = [one for one in _shown(made) if one.answer != NONE]  # a blank is unknown, no answer
    for place, one in enumerate(told, start=1):
        rows = reader.named(one.count.events)
        said = _share(reader, one.count, "yields.yields")
        said["days"] = reader.figure("days", float(DAYS), "days", rows, "yields.yields")
        said["worse"] = reader.figure(
            "worse", float(worse[one.answer].count.done), "count", rows, "yields.yields"
        )
        said["place"] = reader.figure("place", float(place), "rank", rows, "yields.yields")
        said["answer"] = vocabulary().answers[one.answer].title
        yield reader.case.tell("bought-eased", said, about=one.answer)


def _contrast(reader: Reader) -> Iterator[Item]:
    found = yields.contrast(reader.case.tables, reader.pressed, reader.presser)
    if not isinstance(found, Contrast) or not found.rows:
        return
    day, own, other = found.rows[-1]
    table = reader.case.tables[yields.STATUTORY]

    def figure(name: str, partner: str, value: float) -> Figure:
        keys = {"importer": reader.presser, "partner": partner, "date": day}
        proof = (table.evidence("added_pct", keys),)
        return Figure(name, value, "percent", day, yields.STATUTORY, proof, "response.yields.contrast")

    rule = "bought-borders" if found.rule.startswith("borders") else "bought-nearest"
    fillings: dict[str, Filling] = {
        "own": figure("own", reader.pressed, own),
        "peer": figure("peer", found.peer, other),
        "other": country(found.peer),
        "rule": templates()[rule],
    }
    yield reader.case.tell("bought-contrast", fillings)


def _bars(reader: Reader, linked: Links, timed: Timing) -> Iterator[dict[str, object]]:
    if not linked.answering.few:
        low, high = linked.answering.ends
        yield {"country": reader.pressed, "method": "by_links", "percent": linked.answering.percent,
               "lower": low, "upper": high}  # fmt: skip
    if timed.found is not None and timed.why is None:
        three = [PERCENT * getattr(timed.found, name) for name in timing.GAIN]
        yield {"country": reader.pressed, "method": "by_timing",
               **dict(zip(("percent", "lower", "upper"), three, strict=True))}  # fmt: skip


def _chart(case: Case, rows: list[dict[str, object]]) -> Chart:
    heading = title("chart-answers", case.a, case.b)
    return Chart("answers", heading, pl.DataFrame(rows), _draw_methods, (record.TABLE,))


def _draw_methods(data: pl.DataFrame, language: Language) -> vl.Layers:
    rows = [
        {**row, "name": f"{country_name(country(row['country']), 'The', language)}, "
         f"{label(row['method'], language)}"}
        for row in data.to_dicts()
    ]  # fmt: skip
    return intervals.draw(rows, language, "method")


def _followed(reader: Reader, made: list[Yield]) -> Chart:
    rows = [
        {"answer": one.answer, "eased": one.count.done, "cases": one.count.n, "percent": one.count.percent,
         "lower": one.count.ends[0], "upper": one.count.ends[1]}
        for one in _shown(made)
    ]  # fmt: skip
    heading = title("chart-bought", reader.case.a, reader.case.b)
    names = {code: one.title for code, one in vocabulary().answers.items()}
    data = pl.DataFrame(rows)
    return Chart(f"bought-{reader.pressed}", heading, data, _draw_followed, (record.TABLE,), names=names)


def _draw_followed(data: pl.DataFrame, language: Language) -> vl.Layers:
    told = vocabulary().answers
    rows = [
        {**row, "name": f"{told[row['answer']].title[language]} ({row['eased']}/{row['cases']})"}
        for row in data.to_dicts()
    ]
    return intervals.draw(rows, language, "answer")
