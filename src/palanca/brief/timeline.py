"""Charts of pressure and response: episodes through time, the index by front, base rates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from palanca.brief import grammar as vl
from palanca.brief import intervals
from palanca.brief.figures import Chart, inline, label, title
from palanca.catalogue.text import Language, Text
from palanca.events import rates, record
from palanca.events.event import Event, vocabulary
from palanca.events.pressure import TOTAL, Pressure
from palanca.events.settlement import OUTCOMES, Episode, answers

if TYPE_CHECKING:
    from palanca.brief.sections.case import Case

LANE = 15
COLOURS = {
    "carried out": "#8c1d18",
    "overtaken": "#b9865c",
    "escalated": "#d1632f",
    "suspended": "#d9a521",
    "partly relieved": "#7fb28a",
    "withdrawn": "#0b6e6e",
    "open": "#9aa5ad",
}
SHAPES = {
    "concession": "circle",
    "retaliation": "triangle-up",
    "measure": "triangle-right",
    "agreement": "stroke",
    "threat": "triangle-down",
    "resistance": "wedge",
    "protest": "square",
    "negotiation": "diamond",
    "cooperation": "cross",
    "restraint": "triangle-left",
}
YEARS = vl.Axis(format="%Y", tickCount="year", grid=True, labelSeparation=8)
HEAT = ("#fbf6f2", "#fdd0a2", "#e6550d", "#7f2704")
GLYPHS = {
    "concession": "○",
    "retaliation": "△",
    "measure": "▷",
    "agreement": "—",
    "threat": "▽",
    "resistance": "⊿",
    "protest": "□",
    "negotiation": "◇",
    "cooperation": "✚",
    "restraint": "◁",
}
NARROW = 480  # pixels between the axes; the outcomes abreast take 600 with the margin of the fronts
SHORTEST = 45  # days a bar is drawn at least, so that it can be seen and pointed at
GAP = 40  # days between two bars of one lane


def charts(
    case: "Case", events: Sequence[Event], told: Sequence[Episode], level: Pressure | None
) -> Iterator[Chart]:
    """Yield the charts that the ledger allows; `case.b` is the one that presses more.

    Args:
        told: every episode, with those that nothing follows and threats in answer to pressure, which are
            listed and not drawn.
    """
    if any(_drawn(one) for one in told):
        yield _episodes(case, told, events)
    if level:
        yield _fronts(case, level)
    threats = rates.decided(rates.by_matter(events, case.b.iso3, case.a.iso3))
    if len(threats) >= rates.few():
        yield intervals.threats(case, threats, events)


def _episodes(case: "Case", told: Sequence[Episode], events: Sequence[Event]) -> Chart:
    two = (case.a.iso3, case.b.iso3)
    threats = {**rates.standing(events, *two), **rates.standing(events, *reversed(two))}
    rows = [{**_bar(one, set(two)), "standing": threats.get(one.id, "")} for one in told]
    data = pl.DataFrame(rows).with_columns(lane=pl.Series(_lanes(rows), dtype=pl.Int64))
    titles = {one.id: Text(en=one.pressure.titled("en"), es=one.pressure.titled("es")) for one in told}
    head = title("chart-episodes", case.a, case.b)
    draw = _draw_episodes(titles)
    return Chart("episodes", head, data, draw, (record.TABLE,), broad=True, names=_names())


def _names() -> dict[str, Text]:
    """Return the words of the codes in the table of episodes."""
    told = vocabulary()
    terms = {**told.fronts, **told.instruments, **told.answers, **told.outcomes, **told.standings}
    return {name: term.title for name, term in terms.items()}


def _drawn(one: Episode) -> bool:
    return len(one.events) > 1 and not one.counter


def _bar(one: Episode, two: set[str]) -> dict[str, object]:
    """Return one episode as a row; it runs to its outcome, or to the last act of the two while it is open."""
    theirs = [event.date for event in one.events if {event.actor, event.target} == two]
    end = one.outcome.date if one.outcome else max(theirs)
    return {
        "start": one.pressure.date.isoformat(),
        "end": end.isoformat(),
        "front": one.pressure.front,
        "actor": one.pressure.actor,
        "instrument": one.pressure.instrument,
        "first": one.first_kind,
        "first_on": one.first.date.isoformat() if one.first else "",
        "strongest": one.strongest_kind,
        "strongest_on": one.strongest.date.isoformat() if one.strongest else "",
        "outcome": one.outcome_kind,
        "episode": one.id,
        "acts": len(one.events),
        "opens": not one.counter,
    }


def _lanes(rows: Sequence[Mapping[str, object]]) -> list[int | None]:
    """Return the lane of each bar within its front, so that bars do not cover one another; none not drawn."""
    free: dict[str, list[date]] = {}
    found: list[int | None] = []
    for row in rows:
        if row["acts"] == 1 or not row["opens"]:
            found.append(None)
            continue
        start, end = date.fromisoformat(str(row["start"])), date.fromisoformat(str(row["end"]))
        ends = free.setdefault(str(row["front"]), [])
        lane = next((at for at, busy in enumerate(ends) if busy <= start), len(ends))
        until = max(end, start + timedelta(SHORTEST)) + timedelta(GAP)
        ends[lane : lane + 1] = [until]
        found.append(lane)
    return found


def _draw_episodes(
    titles: Mapping[str, Text],
) -> Callable[[pl.DataFrame, Language], vl.Layers]:
    """Return a drawer of bars in lanes; a bar's colour is the outcome, its mark the strongest answer."""

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        data = data.filter(pl.col("lane").is_not_null())
        bands, rows = _bands(data)
        shown = _shown(data.join(bands.select("front", "top"), on="front"), titles, language)
        tips = [
            vl.Tooltip("start:T", title=label("start", language), format="%d %b %Y"),
            vl.Tooltip("title:N", title=label("act", language)),
            *(
                vl.Tooltip(f"{field}:N", title=label(field, language))
                for field in ("matter", "means", "begun", "reply")
            ),
            vl.Tooltip("fate:N", title=label("fate", language)),
            vl.Tooltip("end:T", title=label("end", language), format="%d %b %Y"),
        ]
        y = vl.Y("y:Q", scale=vl.Scale(domain=[rows, 0], nice=False), axis=_front_axis(bands, language))
        base = vl.Chart(inline(shown))
        bars = base.mark("rule", strokeWidth=9, strokeCap="round").encode(
            x=vl.X("start:T", title=None, axis=YEARS),
            x2=vl.X2("until:T"),
            y=y,
            color=_outcome_colours(language),
            tooltip=tips,
        )
        marks = (
            base.where("datum.strongest_on != ''")
            .mark("point", size=46, filled=False, color="#1d2529", fill="#fff", strokeWidth=1.4, opacity=1)
            .encode(x="strongest_on:T", y=y, shape=_answer_shapes(data, language), tooltip=tips)
        )
        layers = [_shading(bands, y), bars, marks]
        return vl.Layers(layer=layers, height=LANE * rows)

    return draw


def _shown(data: pl.DataFrame, titles: Mapping[str, Text], language: Language) -> pl.DataFrame:
    """Return the bars in the words of a language, each at its place."""
    told = vocabulary()
    coded: dict[str, tuple[str, Mapping[str, Text]]] = {
        "title": ("episode", titles),
        "matter": ("front", {name: term.title for name, term in told.fronts.items()}),
        "means": ("instrument", {name: term.title for name, term in told.instruments.items()}),
        "begun": ("first", {kind: told.answers[kind].title for kind in answers()}),
        "reply": ("strongest", {kind: told.answers[kind].title for kind in answers()}),
        "fate": ("outcome", {name: told.outcomes[name].title for name in OUTCOMES}),
    }
    shortest = pl.col("start").str.to_date().dt.offset_by(f"{SHORTEST}d").cast(pl.String)
    return data.with_columns(
        y=pl.col("top") + pl.col("lane") + 0.5,
        until=pl.max_horizontal("end", shortest),
        **{
            name: pl.col(column).replace_strict({code: text[language] for code, text in known.items()})
            for name, (column, known) in coded.items()
        },
    ).drop("top", "lane", *(column for column, _ in coded.values() if column != "episode"))


def _bands(data: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the rows each front takes, the busiest front at the top, and how many there are."""
    lanes = (
        data.group_by("front")
        .agg(size=pl.col("lane").max() + 1, n=pl.len())
        .sort("n", "front", descending=[True, False])
    )
    bands = lanes.with_columns(bottom=pl.col("size").cum_sum()).with_columns(
        top=pl.col("bottom") - pl.col("size")
    )
    return bands, int(bands["size"].sum())


def _front_axis(bands: pl.DataFrame, language: Language) -> vl.Axis:
    """Return an axis that names each front at the middle of its rows."""
    middles = {(row["top"] + row["bottom"]) / 2: row["front"] for row in bands.to_dicts()}
    told = vocabulary().fronts
    cases = "".join(
        f"datum.value == {at} ? '{told[name].title[language]}' : " for at, name in middles.items()
    )
    return vl.Axis(
        values=list(middles),
        labelExpr=f"{cases}''",
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelLimit=170,
        labelOverlap=False,
    )


def _shading(bands: pl.DataFrame, y: vl.Y) -> vl.Chart:
    """Return a pale strip behind every other front."""
    strips = bands.gather_every(2).select("top", "bottom").to_dicts()
    return (
        vl.Chart(strips)
        .mark("rect", color="#f1f4f5")
        .encode(y=vl.Y("top:Q", scale=y["scale"], axis=y["axis"]), y2=vl.Y2("bottom:Q"))
    )


def _outcome_colours(language: Language) -> vl.Color:
    told = vocabulary().outcomes
    return vl.Color(
        "fate:N",
        scale=vl.Scale(
            domain=[told[name].title[language] for name in OUTCOMES],
            range=[COLOURS[name] for name in OUTCOMES],
        ),
        legend=vl.Legend(
            orient="top",
            title=label("fate", language),
            symbolType="stroke",
            symbolStrokeWidth=8,
            columns=_columns(4),
        ),
    )


def _columns(most: int) -> vl.Part:
    """Return the columns of a legend: one below another where the picture is too narrow for all abreast."""
    return {"expr": f"width < {NARROW} ? 1 : {most}"}


def _answer_shapes(data: pl.DataFrame, language: Language) -> vl.Shape:
    given = set(data["strongest"])
    told = {name: vocabulary().answers[name].title[language] for name in SHAPES if name in given}
    cases = "".join(f"datum.label == '{word}' ? '{GLYPHS[name]} {word}' : " for name, word in told.items())
    return vl.Shape(
        "reply:N",
        scale=vl.Scale(domain=list(told.values()), range=[SHAPES[name] for name in told]),
        legend=vl.Legend(
            orient="bottom",
            title=label("reply", language),
            labelExpr=f"{cases}datum.label",
            symbolSize=0,  # the mark's white fill leaves the symbols of a legend blank
            columns=_columns(4),
        ),
    )


def _fronts(case: "Case", found: Pressure) -> Chart:
    """Return the index by front and month as a field of colour."""
    rows = [
        {"front": name, "date": f"{month}-01", "level": round(value, 1)}
        for name in found.paths
        for month, value in found.months(name).items()
    ]
    data = pl.DataFrame(rows)
    return Chart(
        f"pressure-{case.b.iso3}",
        title("chart-pressure", case.a, case.b),
        data,
        _draw_fronts,
        (record.TABLE,),
        broad=True,
    )


def _draw_fronts(data: pl.DataFrame, language: Language) -> vl.Chart:
    sums = data.group_by("front").agg(pl.col("level").sum()).sort("level", "front", descending=[True, False])
    names = {name: _front(name, language) for name in sums["front"]}
    shown = data.with_columns(pl.col("front").replace_strict(names))
    return (
        vl.Chart(inline(shown))
        .mark("rect")
        .encode(
            x=vl.X(
                "yearmonth(date):O",
                title=None,
                axis=vl.Axis(format="%Y", labelExpr=JANUARY, ticks=False, labelAngle=0, labelAlign="left"),
            ),
            y=vl.Y("front:N", title=None, sort=list(names.values()), axis=vl.Axis(labelLimit=170)),
            color=vl.Color(
                "level:Q",
                title=label("index", language),
                scale=vl.Scale(range=list(HEAT), domainMin=0),
                legend=vl.Legend(orient="top", gradientLength=160),
            ),
            tooltip=[
                vl.Tooltip("front:N", title=label("front", language)),
                vl.Tooltip("date:T", title=label("date", language), format="%b %Y"),
                vl.Tooltip("level:Q", title=label("index", language), format=",.0f"),
            ],
        )
        .high(20 * len(names))
    )


JANUARY = "month(datum.value) == 0 ? datum.label : ''"


def _front(name: str, language: Language) -> str:
    return label("all_fronts", language) if name == TOTAL else vocabulary().fronts[name].title[language]
