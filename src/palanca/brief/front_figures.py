"""Charts of the matters that pressure is about."""

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from palanca.brief import figures as charts
from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, Chart, inline, label, title
from palanca.catalogue import Text
from palanca.catalogue.text import Language
from palanca.events import Front
from palanca.exposure import Exposure

RISK_SINCE = "2005"
RIDGE = 62  # height of one path and its title
TALLEST = 0.62  # part of that which a path takes at its peak
LETTERS = 52  # of a title on one line


def fronts(found: Sequence[Front], e: Exposure) -> Iterator[Chart]:
    """Yield one chart of every indicator of a front, and one of risk in the news."""
    paths = {front.name: front for front in found if front.country is None}
    if paths:
        titles = {name: front.indicator.title for name, front in paths.items()}
        tables = tuple(dict.fromkeys(front.series.table for front in paths.values()))
        data = charts.long({name: front.series for name, front in paths.items()}, "level", "indicator")
        parts = data.with_columns(peak_pct=100 * pl.col("level") / pl.col("level").max().over("indicator"))
        head = title("chart-fronts", e.country, e.partner)
        yield Chart("fronts", head, parts.sort("date"), _draw_ridges(titles), tables, names=titles)
    risk = {front.country: front.series for front in found if front.country}
    if risk:
        data = charts.long(risk, "percent").filter(pl.col("date") >= RISK_SINCE)
        tables = tuple({path.table for path in risk.values()})
        named = [one for one in (e.country, e.partner) if one.iso3 in risk]
        head = title("chart-risk" if len(named) > 1 else "chart-risk-one", named[0], named[-1])
        yield Chart("risk", head, data, charts.draw_lines("percent"), tables)


def _draw_ridges(titles: dict[str, Text]) -> Callable[[pl.DataFrame, Language], vl.Layers]:
    """Return a drawer of paths one above the other, each as a part of its own peak."""

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        places = {name: len(titles) - at for at, name in enumerate(titles, start=1)}
        shown = data.select(
            "date",
            "level",
            "peak_pct",
            base=pl.col("indicator").replace_strict(places, return_dtype=pl.Int64),
        )
        names = json.dumps([titles[name][language] for name in reversed(titles)], ensure_ascii=False)
        scale = vl.Scale(domain=[0, len(titles)], nice=False)
        y = vl.Y("base:Q", axis=None, scale=scale)
        paths = (
            vl.Chart(inline(shown))
            .calculate(top=f"datum.base + datum.peak_pct * {TALLEST / 100}", indicator=f"{names}[datum.base]")
            .mark("area", line={"color": FIRST, "strokeWidth": 1.5}, color=FIRST, fillOpacity=0.14)
            .encode(
                x=charts.months(data),
                y=vl.Y("top:Q", axis=None, scale=scale),
                y2=vl.Y2("base:Q"),
                detail=vl.Detail("indicator:N"),
                tooltip=[
                    vl.Tooltip("indicator:N", title=label("indicator", language)),
                    vl.Tooltip("date:T", title=label("date", language)),
                    vl.Tooltip("level:Q", title=label("level", language), format=",.0f"),
                    vl.Tooltip("peak_pct:Q", title=label("peak_pct", language), format=".0f"),
                ],
            )
        )
        heads = [
            {"name": textwrap.wrap(titles[name][language], LETTERS), "base": place + 0.97}
            for name, place in places.items()
        ]
        words_ = (
            vl.Chart(heads)
            .mark("text", align="left", baseline="top", fontSize=11.5, color="#3d4a52", lineHeight=12)
            .encode(x=vl.value(2), y=y, text=vl.Text("name:N"))
        )
        return vl.Layers(layer=[paths, words_], height=RIDGE * len(titles))

    return draw
