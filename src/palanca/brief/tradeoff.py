"""The chart of a frontier: how much trade must move for how much less power, and the files it can be."""

import json
from typing import Literal

import altair as alt
import polars as pl

from palanca.brief.figures import FIRST, HEIGHT, Chart, label, title
from palanca.brief.render import LOCALES, LOOK, STATIC_PADDING, STATIC_WIDTH, bundle
from palanca.catalogue import Country
from palanca.catalogue.text import Language

Format = Literal["html", "svg", "png"]
FORMATS: tuple[Format, ...] = ("html", "svg", "png")
SCALE = 2  # pixels per point of a PNG


def frontier(a: Country, b: Country, points: pl.DataFrame, tables: tuple[str, ...]) -> Chart:
    """Return the chart of the least trade to move for each cut of the partner's power.

    Args:
        a, b: the country and the partner.
        points: `cut_pct` and `moved_usd_bn`, in any order.
        tables: behind the points.
    """
    data = points.sort("cut_pct").select(cut_percent="cut_pct", billion_usd="moved_usd_bn")
    return Chart(f"frontier-{a.iso3}-{b.iso3}", title("chart-frontier", a, b), data, _draw, tables)


def _draw(data: pl.DataFrame, language: Language) -> alt.Chart:
    tips = [
        alt.Tooltip(f"{name}:Q", title=label(name, language), format=",.1f")
        for name in ("cut_percent", "billion_usd")
    ]
    picture: alt.Chart = (
        alt.Chart(alt.InlineData(data.to_dicts()))
        .mark_line(point={"filled": True, "size": 45}, strokeWidth=2, color=FIRST)
        .encode(
            x=alt.X("cut_percent:Q", title=label("cut_percent", language)),
            y=alt.Y("billion_usd:Q", title=label("billion_usd", language)),
            tooltip=tips,
        )
        .properties(height=HEIGHT)
    )
    return picture


def file(chart: Chart, language: Language, kind: Format) -> bytes:
    """Return the chart as one file that opens offline."""
    import vl_convert

    name = chart.title[language]
    spec = {**chart.spec(language), "config": LOOK, "title": name}
    if kind == "html":
        return _page(name, json.dumps(spec, ensure_ascii=False), language).encode()
    fixed = {**spec, "width": STATIC_WIDTH, "padding": STATIC_PADDING}
    local = {"format_locale": LOCALES[language], "time_format_locale": LOCALES[language]}
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(fixed, **local)).encode()
    return bytes(vl_convert.vegalite_to_png(fixed, scale=SCALE, **local))


def _page(name: str, spec: str, language: Language) -> str:
    from markupsafe import escape

    script, chart = (text.replace("</", "<\\/") for text in (bundle(), spec))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<body style="max-width:46rem;margin:2rem auto"><div id="chart" style="width:100%"></div>'
        f"<script>{script}</script>"
        f'<script>vegaEmbed("#chart", {chart}, {{renderer: "svg", actions: false}});</script></body></html>\n'
    )
