"""How each side answers the other, and what followed its answers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import altair as alt
import polars as pl

from palanca.brief import intervals
from palanca.brief.claims import Claim, Filling, Item, templates
from palanca.brief.figures import Chart, label, title
from palanca.brief.language import name as country_name
from palanca.brief.sections.case import Case, Section
from palanca.brief.sections.pressure import Reader
from palanca.catalogue import Figure, Unknown, country
from palanca.catalogue.text import Language, Text
from palanca.catalogue.unknown import unknown
from palanca.events import rates, record
from palanca.events.event import vocabulary
from palanca.events.settlement import NONE
from palanca.events.settlement import answers as kinds_of_answer
from palanca.response import pair, timing, yields
from palanca.response.reactivity import Count, Links, links, number
from palanca.response.yields import Contrast, Yield

DAYS = 90
PERCENT = 100.0
EASED, WORSE = "eased", "escalated"


def answers(case: Case) -> Section:
    """Return how each side answers the other, by links and by timing, and what followed its answers."""
    events = record.between(case.tables, case.a.iso3, case.b.iso3)
    sides = [Reader(side, events) for side in (case, case.reverse())]
    told = [one for one in sides if events and _acts(one)]
    found = pair.on_file(case.tables, case.a.iso3, case.b.iso3) if told else None
    items: list[Item] = []
    rows: list[dict[str, object]] = []
    for reader in told:
        linked = links(events, reader.pressed, reader.presser)
        timed = _timed(reader, found)
        items += [*_linked(reader, linked), *_timing(reader, linked, timed)]
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
    parts = {"links": linked.answering, "initiative": linked.initiative, "passive": linked.passive}
    for key, count in parts.items():
        if not count.few:
            yield reader.case.tell(f"answers-{key}", _share(reader, count, f"reactivity.{key}"))
    delays = linked.delays["all"]
    if delays and delays[0].n >= rates.few():
        rows = reader.named(linked.answering.events[: linked.answering.done])
        said = {"median": (delays[0].median, "days"), "n": (float(delays[0].n), "count")}
        yield reader.case.tell(
            "answers-delay",
            {name: reader.figure(name, *value, rows, "reactivity.links") for name, value in said.items()},
        )


def _timed(reader: Reader, found: pl.DataFrame | None) -> dict[str, Figure]:
    """Return the reactivity of one side by timing, unknown where the table rests on other acts."""
    keys = {
        "actor": reader.pressed,
        "other": reader.presser,
        "variant": timing.BASE,
        "quantity": "reactivity",
    }
    table = reader.case.tables[timing.TABLE]
    rows = (
        found.filter(*(pl.col(name) == value for name, value in keys.items())) if found is not None else None
    )
    known = rows is not None and rows.height and rows["value"][0] is not None
    columns = {"share": "value", "lower": "lower", "upper": "upper", "p": "p_bootstrap", "q": "p_shifted"}
    made = {}
    for name, column in columns.items():
        value: float | Unknown = PERCENT * float(rows[column][0]) if rows is not None and known else _blank()
        proof = (table.evidence(column, keys),) if known else ()
        unit = "percent" if name in ("p", "q") else "percent_whole"
        until = str(rows["until"][0]) if rows is not None and known else ""
        made[name] = Figure(name, value, unit, until, timing.TABLE, proof, "response.hawkes")
    level = rates.level() if known else _blank()
    made["level"] = replace(made["share"], name="level", value=level)
    return made


def _blank() -> Unknown:
    return unknown(
        "no estimate of timing on file for these acts: a side has too few, or the ledger has changed",
        "sin estimación de tiempos en archivo para estos actos: un lado tiene muy pocos o el registro cambió",
    )


def _timing(reader: Reader, linked: Links, timed: dict[str, Figure]) -> Iterator[Item]:
    yield reader.case.tell("answers-timing", timed, kind="estimate")
    low, high = timed["lower"].value, timed["upper"].value
    if isinstance(low, Unknown) or isinstance(high, Unknown) or linked.answering.few:
        return
    ends = linked.answering.ends
    verdict = "agree" if low <= ends[1] and ends[0] <= high else "differ"
    share = _share(reader, linked.answering, "reactivity.links")["share"]
    fillings: dict[str, Filling] = {
        "links": share,
        "share": timed["share"],
        "verdict": templates()[f"answers-{verdict}"],
    }
    yield reader.case.tell("answers-methods", fillings, kind="estimate")


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
    for one in _shown(made):
        rows = reader.named(one.count.events)
        said = _share(reader, one.count, "yields.yields")
        said["days"] = reader.figure("days", float(DAYS), "days", rows, "yields.yields")
        said["worse"] = reader.figure(
            "worse", float(worse[one.answer].count.done), "count", rows, "yields.yields"
        )
        said["answer"] = vocabulary().answers[one.answer].title
        key = "bought-silence" if one.answer == NONE else "bought-eased"
        yield reader.case.tell(key, said, about=one.answer)
        if one.answer == yields.CONCESSION and not isinstance(one.matched, Unknown):
            said["matched"] = reader.figure("matched", one.matched, "percent_whole", rows, "yields.yields")
            said["pairs"] = reader.figure("pairs", float(one.pairs), "count", rows, "yields.yields")
            yield reader.case.tell("bought-matched", said)


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


def _bars(reader: Reader, linked: Links, timed: dict[str, Figure]) -> Iterator[dict[str, object]]:
    if not linked.answering.few:
        low, high = linked.answering.ends
        yield {"country": reader.pressed, "method": "by_links", "percent": linked.answering.percent,
               "lower": low, "upper": high}  # fmt: skip
    three = [timed[name].value for name in ("share", "lower", "upper")]
    if not any(isinstance(one, Unknown) for one in three):
        yield {"country": reader.pressed, "method": "by_timing",
               **dict(zip(("percent", "lower", "upper"), three, strict=True))}  # fmt: skip


def _chart(case: Case, rows: list[dict[str, object]]) -> Chart:
    heading = title("chart-answers", case.a, case.b)
    return Chart("answers", heading, pl.DataFrame(rows), _draw_methods, (record.TABLE, timing.TABLE))


def _draw_methods(data: pl.DataFrame, language: Language) -> alt.LayerChart:
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


def _draw_followed(data: pl.DataFrame, language: Language) -> alt.LayerChart:
    told = vocabulary().answers
    rows = [
        {**row, "name": f"{told[row['answer']].title[language]} ({row['eased']}/{row['cases']})"}
        for row in data.to_dicts()
    ]
    return intervals.draw(rows, language, "answer")
