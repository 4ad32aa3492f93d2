"""One chart as one file that opens offline."""

import json
from typing import Literal

from palanca.brief.drawing import BROAD, LOCALES, LOOK, PADDING, script
from palanca.brief.figures import Chart
from palanca.catalogue.text import Language

Format = Literal["html", "svg", "png"]
FORMATS: tuple[Format, ...] = ("html", "svg", "png")
SCALE = 2  # pixels per point of a PNG


def file(chart: Chart, language: Language, kind: Format) -> bytes:
    """Return the chart as one file that opens offline."""
    import vl_convert

    name = chart.title[language]
    spec = {**chart.spec(language), "config": LOOK, "title": name}
    if kind == "html":
        return _page(name, json.dumps(spec, ensure_ascii=False), language).encode()
    fixed = {**spec, "width": BROAD, "padding": PADDING}
    locale = LOCALES[language]
    if kind == "svg":
        drawn: str = vl_convert.vegalite_to_svg(fixed, format_locale=locale, time_format_locale=locale)
        return drawn.encode()
    return bytes(
        vl_convert.vegalite_to_png(fixed, scale=SCALE, format_locale=locale, time_format_locale=locale)
    )


def _page(name: str, spec: str, language: Language) -> str:
    from markupsafe import escape

    code, chart = (text.replace("</", "<\\/") for text in (script(), spec))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<body style="max-width:46rem;margin:2rem auto"><div id="chart" style="width:100%"></div>'
        f"<script>{code}</script>"
        f'<script>vegaEmbed("#chart", {chart}, {{renderer: "svg", actions: false}});</script></body></html>\n'
    )
