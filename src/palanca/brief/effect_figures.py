"""Charts of what measures do: each beside the others, both sides, by sector, beside published estimates."""

import textwrap
from typing import Any

import polars as pl

from palanca.brief import figures as charts
from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, REST, ROW, SECOND, Chart, inline, label
from palanca.catalogue import Country, Text, countries
from palanca.catalogue.codes import sectors
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict
from palanca.trade.measure import measure

LINE = 26  # letters of a measure's title on one line of an axis
STEP = 13  # height of one mark where several share a row
BREAK = "|"
LETTER = 13  # height of a line of a label
CODED = ("act", "horizon", "industry", "outcome", "quantity")


class Words(Strict):
    """Words of the section on measures, by what they name and by code."""

    status: dict[str, Text]
    state: dict[str, Text]
    authority: dict[str, Text]
    goods: dict[str, Text]
    choice: dict[str, Text]
    horizon: dict[str, Text]
    outcome: dict[str, Text]
    qualifier: dict[str, Text]
    model: dict[str, Text]
    quantity: dict[str, Text]
    head: dict[str, Text]


def vocabulary() -> Words:
    """Return the words of the section."""
    return read("codes/simulated.yaml", Words)


def worded(codes: dict[str, Text], language: Language) -> dict[str, str]:
    """Return the words of codes in one language."""
    return {code: text[language] for code, text in codes.items()}


def coded(column: str, code: str, language: Language) -> str:
    """Return the words of a code in a chart's table; the code itself where it has none."""
    if column == "industry":
        return sectors()[code].name[language]
    if column == "act":
        return measure(code).title[language]
    words: dict[str, Text] = getattr(vocabulary(), column)
    return worded(words, language).get(code, code)


def together(rows: pl.DataFrame, titles: dict[str, Text], pair: tuple[Country, Country]) -> Chart:
    """Return real income of both countries under each measure, with intervals.

    Args:
        rows: act, country, percent, lower, upper; the first measure first.
        titles: of the measures by name.
    """

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        shown = _named(data, language).with_columns(
            pl.col("act").replace_strict({name: broken(text[language]) for name, text in titles.items()})
        )
        order = shown["act"].unique(maintain_order=True).to_list()
        lines = max(name.count(BREAK) + 1 for name in order)
        base = vl.Chart(inline(shown))
        lift = -LETTER / 2 * (lines - 1)  # so that all lines of a label stand around its place
        axis = vl.Axis(
            labelExpr=f"split(datum.label, '{BREAK}')", labelLimit=200, labelOffset=lift, ticks=False
        )
        y = vl.Y("act:N", title=None, sort=order, axis=axis)
        place: dict[str, Any] = {"y": y, "yOffset": _offset(pair, language)}
        tips = [vl.Tooltip("country:N", title=label("country", language)), *_numbers(language)]
        height = max(54, 16 * lines) * len(order)
        return _dots(base, place, pair, language, tips, height=height)

    return Chart(
        "measures", charts.title("chart-measures", *pair), rows, draw, ("measure_effects",), broad=True
    )


def broken(title: str) -> str:
    """Return a title with marks where a line of an axis ends."""
    return BREAK.join(textwrap.wrap(title, LINE))


def _offset(pair: tuple[Country, Country], language: Language) -> vl.YOffset:
    return vl.YOffset("country:N", sort=[one.name[language] for one in pair])


def _numbers(language: Language) -> list[vl.Tooltip]:
    return [
        vl.Tooltip(f"{name}:Q", title=label(name, language), format="+,.2f")
        for name in ("percent", "lower", "upper")
    ]


def _named(data: pl.DataFrame, language: Language) -> pl.DataFrame:
    known = {code: item.name[language] for code, item in countries().items()}
    return data.with_columns(pl.col("country").replace(known))


def _colour(pair: tuple[Country, Country], language: Language) -> vl.Color:
    domain = [one.name[language] for one in pair]
    scale = vl.Scale(domain=domain, range=[FIRST, SECOND])
    return vl.Color(
        "country:N", title=None, scale=scale, legend=vl.Legend(orient="top", columns=1, symbolOpacity=1)
    )


def _dots(
    base: vl.Chart,
    place: dict[str, Any],
    pair: tuple[Country, Country],
    language: Language,
    tips: list[vl.Tooltip],
    *,
    height: int,
) -> vl.Layers:
    """Return a zero line, intervals and dots."""
    colour, title = _colour(pair, language), label("per_cent_change", language)
    spots = {key: value for key, value in place.items() if key != "shape"}
    zero = vl.Chart([{}]).mark("rule", color="#3d4a52", aria=False).encode(x=vl.datum(0))
    lines = base.mark("rule", strokeWidth=3, opacity=0.45, aria=False).encode(
        x=vl.X("lower:Q", title=title), x2=vl.X2("upper:Q"), color=colour, **spots
    )
    dots = base.mark("point", size=80, filled=True, opacity=1).encode(
        x=vl.X("percent:Q", title=title), color=colour, tooltip=tips, **place
    )
    return vl.Layers(layer=[zero, lines, dots], height=height)


def both_sides(
    name: str, rows: pl.DataFrame, pair: tuple[Country, Country], tables: tuple[str, ...]
) -> Chart:
    """Return real income, real wage and revenue of both countries on both horizons, with intervals.

    Args:
        name: of the measure.
        rows: quantity, country, horizon, percent, lower, upper.
    """

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        words = vocabulary()
        horizons = worded(words.horizon, language)
        shown = _named(data, language).with_columns(
            pl.col("quantity").replace(worded(words.quantity, language)),
            pl.col("horizon").replace(horizons),
            row=pl.col("country") + pl.col("horizon"),
        )
        base = vl.Chart(inline(shown))
        shape = vl.Shape(
            "horizon:N",
            title=None,
            scale=vl.Scale(domain=list(horizons.values()), range=["circle", "diamond"]),
            legend=vl.Legend(orient="bottom", columns=1, symbolFillColor="#3d4a52"),
        )
        axis = vl.Axis(labelLimit=150, ticks=False)
        place: dict[str, Any] = {
            "y": vl.Y("quantity:N", title=None, sort=None, axis=axis),
            "yOffset": vl.YOffset("row:N", sort=None),
            "shape": shape,
        }
        tips = [vl.Tooltip(f"{key}:N", title=label(key, language)) for key in ("country", "horizon")]
        height = STEP * data.height + 12 * data["quantity"].n_unique()
        return _dots(base, place, pair, language, [*tips, *_numbers(language)], height=height)

    return Chart(f"sides-{name}", charts.title("chart-both-sides", *pair), rows, draw, tables)


def by_sector(name: str, rows: pl.DataFrame, pair: tuple[Country, Country], tables: tuple[str, ...]) -> Chart:
    """Return the change of output of both countries by sector.

    Args:
        name: of the measure.
        rows: industry, country, percent; the sector that changes most first.
    """

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        names = {code: item.name[language] for code, item in sectors().items()}
        shown = _named(data, language).with_columns(pl.col("industry").replace_strict(names))
        order = shown["industry"].unique(maintain_order=True).to_list()
        tips = [vl.Tooltip(f"{key}:N", title=label(key, language)) for key in ("country", "industry")]
        number = vl.Tooltip("percent:Q", title=label("per_cent_change", language), format="+,.1f")
        bars = (
            vl.Chart(inline(shown))
            .mark("bar")
            .encode(
                x=vl.X("percent:Q", title=label("per_cent_change", language)),
                y=vl.Y("industry:N", title=None, sort=order, axis=vl.Axis(labelLimit=190, ticks=False)),
                yOffset=_offset(pair, language),
                color=_colour(pair, language),
                tooltip=[*tips, number],
            )
        )
        zero = vl.Chart([{}]).mark("rule", color="#3d4a52", aria=False).encode(x=vl.datum(0))
        return vl.Layers(layer=[bars, zero], height=(ROW + 2) * len(order))

    return Chart(f"output-{name}", charts.title("chart-measure-sectors", *pair), rows, draw, tables)


KINDS = ("published", "ours")
MARKS = (
    *(-50, -20, -10, -5, -2, -1, 0),
    *(1, 2, 5, 10, 20, 50),
)  # percent, on an axis that spreads small ones


def beside(name: str, rows: pl.DataFrame, pair: tuple[Country, Country]) -> Chart:
    """Return published estimates beside ours: the range of all our choices, and dots.

    Args:
        name: of the measure.
        rows: publisher, country, outcome, published, ours, reference, lower, upper.
    """

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        outcomes = worded(vocabulary().outcome, language)
        shown = _named(data, language).with_columns(
            pl.concat_str(
                pl.col("country")
                + ": "
                + pl.col("outcome").replace_strict(outcomes).str.replace("^(el|las?) ", ""),
                pl.lit(BREAK),
                pl.col("publisher").str.replace(r" \(.*", ""),
            ).alias("estimate")
        )
        order = shown["estimate"].to_list()
        dots = shown.unpivot(KINDS, index="estimate", variable_name="kind", value_name="percent")
        named = {kind: label(kind, language) for kind in KINDS}
        dots = dots.with_columns(pl.col("kind").replace_strict(named))
        axis = vl.Axis(
            labelExpr=f"split(datum.label, '{BREAK}')", labelLimit=210, labelOffset=-LETTER / 2, ticks=False
        )
        y = vl.Y("estimate:N", title=None, sort=order, axis=axis)
        x = _spread(data, "lower:Q", language)
        band = (
            vl.Chart(inline(shown))
            .mark("bar", color=REST, opacity=0.45, size=12)
            .encode(x=x, x2=vl.X2("upper:Q"), y=y, tooltip=_range(language))
        )
        marks = _marks(dots, named, y, _spread(data, "percent:Q", language), language)
        return vl.Layers(layer=[band, marks], height=46 * len(order))

    return Chart(
        f"court-{name}",
        charts.title("chart-court", *pair),
        rows,
        draw,
        ("measure_court", "published_estimates"),
        broad=True,
    )


def _spread(data: pl.DataFrame, field: str, language: Language) -> vl.X:
    """Return an axis on which changes of one and of fifty per cent can both be read."""
    numbers = [value for name in (*KINDS, "lower", "upper") for value in data[name].to_list()]
    low, high = min(*numbers, 0.0), max(*numbers, 0.0)
    scale = vl.Scale(type="symlog", constant=1, domain=[low * 1.15, high * 1.15 or 0.3], nice=False)
    shown = [mark for mark in MARKS if low * 1.15 <= mark <= high * 1.15]
    axis = vl.Axis(values=shown, format="d")
    return vl.X(field, title=label("per_cent_change", language), scale=scale, axis=axis)


def _range(language: Language) -> list[vl.Tooltip]:
    return [
        vl.Tooltip(f"{key}:Q", title=f"{label('range', language)}, {label(key, language)}", format="+,.1f")
        for key in ("lower", "upper")
    ]


def _marks(dots: pl.DataFrame, named: dict[str, str], y: vl.Y, x: vl.X, language: Language) -> vl.Chart:
    names = [named[kind] for kind in KINDS]
    tips = [
        vl.Tooltip("kind:N", title=label("kind", language)),
        vl.Tooltip("percent:Q", title=label("per_cent_change", language), format="+,.1f"),
    ]
    return (
        vl.Chart(inline(dots))
        .mark("point", size=95, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            color=vl.Color(
                "kind:N",
                title=None,
                scale=vl.Scale(domain=names, range=[SECOND, FIRST]),
                legend=vl.Legend(orient="top", columns=1),
            ),
            shape=vl.Shape("kind:N", scale=vl.Scale(domain=names, range=["diamond", "circle"])),
            tooltip=tips,
        )
    )
