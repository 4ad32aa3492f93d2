"""Charts of a posture: points over time, votes beside exposure, and how firm a ranking is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import polars as pl

from palanca.brief.figures import FIRST, HEIGHT, REST, ROW, SECOND, Chart, Layers, label, title
from palanca.catalogue import Unknown, countries
from palanca.catalogue.text import Language
from palanca.posture import alignment
from palanca.posture.alternatives import Candidate
from palanca.posture.gap import Gap

if TYPE_CHECKING:
    from palanca.brief.sections.case import Case

PERCENT, DIGITS = 100.0, 3


def posture(case: "Case", found: Gap | Unknown) -> Iterator[Chart]:
    """Yield ideal points over time and votes beside exposure, where both countries vote."""
    yield from _points(case)
    if isinstance(found, Gap):
        yield _scatter(case, found)


def _points(case: "Case") -> Iterator[Chart]:
    two = (case.a.iso3, case.b.iso3)
    held = [list(alignment.points(case.tables, code)) for code in two]
    if not all(held):
        return
    rows = [
        {"country": one.country, "year": one.year, "point": one.point, "lower": one.lower, "upper": one.upper}
        for path in held
        for one in path
    ]
    head = title("chart-points", case.a, case.b)
    yield Chart(f"points-{'-'.join(two)}", head, pl.DataFrame(rows), _draw_points, ("ideal_points",))


def _draw_points(data: pl.DataFrame, language: Language) -> Layers:
    order = data["country"].unique(maintain_order=True).to_list()
    names = {code: countries()[code].name[language] for code in order}
    shown = data.with_columns(pl.col("country").replace_strict(names))
    base = alt.Chart(alt.InlineData(tuple(shown.to_dicts()))).encode(
        x=alt.X("year:Q", title=None, axis=alt.Axis(format="d"), scale=alt.Scale(nice=False)),
        color=alt.Color(
            "country:N",
            title=None,
            scale=alt.Scale(domain=list(names.values()), range=[FIRST, SECOND]),
            legend=alt.Legend(orient="top"),
        ),
        tooltip=[
            alt.Tooltip("country:N", title=label("country", language)),
            alt.Tooltip("year:Q", title=label("year", language), format="d"),
            *(
                alt.Tooltip(f"{name}:Q", title=label(name, language), format=".2f")
                for name in ("point", "lower", "upper")
            ),
        ],
    )
    band = base.mark_area(opacity=0.22).encode(
        y=alt.Y("lower:Q", title=label("point", language)), y2=alt.Y2("upper:Q")
    )
    line = base.mark_line(strokeWidth=2).encode(y="point:Q")
    return Layers(layer=[band, line], height=HEIGHT)


def _scatter(case: "Case", found: Gap) -> Chart:
    line = found.line
    at = np.log(found.exposure)
    edges = [np.interp(at, np.log(line.at), PERCENT * edge) for edge in (line.middle, line.lower, line.upper)]
    columns = zip(found.countries, found.exposure, PERCENT * found.agreement, *edges, strict=True)
    names = ("exposure_percent", "agreement_percent", "fitted", "lower", "upper")
    rows = [
        {
            "country": code,
            **{name: round(float(value), DIGITS) for name, value in zip(names, values, strict=True)},
            "marked": code == found.country,
        }
        for code, *values in columns
    ]
    data = pl.DataFrame(rows).sort("exposure_percent", "country")
    head = title("chart-scatter", case.a, case.b)
    return Chart(
        f"scatter-{case.a.iso3}-{case.b.iso3}", head, data, _draw_scatter, ("vote_agreement", "trade_totals")
    )


def _draw_scatter(data: pl.DataFrame, language: Language) -> Layers:
    names = {code: countries()[code].name[language] for code in data["country"]}
    shown = data.with_columns(pl.col("country").replace_strict(names)).to_dicts()
    x = alt.X(
        "exposure_percent:Q",
        title=label("exposure_percent", language),
        scale=alt.Scale(type="log"),
        axis=alt.Axis(format="~g", tickCount=6),
    )
    y = alt.Y("fitted:Q", title=label("agreement_percent", language))
    base = alt.Chart(alt.InlineData(tuple(shown)))
    tips = [
        alt.Tooltip("country:N", title=label("country", language)),
        alt.Tooltip("exposure_percent:Q", title=label("exposure_percent", language), format=".2f"),
        alt.Tooltip("agreement_percent:Q", title=label("agreement_percent", language), format=".0f"),
    ]
    band = base.mark_area(opacity=0.22, color=FIRST).encode(
        x=x, y=alt.Y("lower:Q", title=label("agreement_percent", language)), y2=alt.Y2("upper:Q")
    )
    line = base.mark_line(strokeWidth=2, color=FIRST).encode(x=x, y=y)
    dots = base.transform_filter("!datum.marked").mark_circle(size=34, color=REST, opacity=0.8)
    own = base.transform_filter("datum.marked")
    y = alt.Y("agreement_percent:Q", title=label("agreement_percent", language))
    layers = [
        band,
        line,
        dots.encode(x=x, y=y, tooltip=tips),
        own.mark_circle(size=110, color=SECOND, opacity=1).encode(x=x, y=y, tooltip=tips),
        own.mark_text(dy=-12, align="right", color=SECOND, fontSize=12).encode(x=x, y=y, text="country:N"),
    ]
    return Layers(layer=layers, height=HEIGHT + 40)


def alternatives(case: "Case", found: Sequence[Candidate]) -> Chart:
    """Return the candidates by equal weights with the places that nine tenths of other weights give them."""
    rows = [
        {
            "country": one.country,
            "place": one.rank,
            "lower": one.rank_low,
            "upper": one.rank_high,
            **{name: None if value is None else round(value, DIGITS) for name, value in one.values.items()},
        }
        for one in found
    ]
    head = title("chart-alternatives", case.a, case.b)
    tables = ("vote_agreement", "pair_distances", "trade_agreements", "trade_totals", "gdp", "world_flows")
    return Chart(f"alternatives-{case.a.iso3}-{case.b.iso3}", head, pl.DataFrame(rows), _draw_ranks, tables)


def _draw_ranks(data: pl.DataFrame, language: Language) -> Layers:
    names = {code: countries()[code].name[language] for code in data["country"]}
    base = alt.Chart(
        alt.InlineData(data.with_columns(pl.col("country").replace_strict(names)).to_dicts())
    ).encode(
        y=alt.Y("country:N", title=None, sort=None, axis=alt.Axis(labelLimit=190)),
        tooltip=[
            alt.Tooltip("country:N", title=label("country", language)),
            *(alt.Tooltip(f"{name}:Q", title=label(name, language)) for name in ("place", "lower", "upper")),
        ],
    )
    bars = base.mark_rule(strokeWidth=5, opacity=0.35, color=FIRST, strokeCap="round").encode(
        x=alt.X("lower:Q", title=label("place", language)), x2=alt.X2("upper:Q")
    )
    dots = base.mark_point(size=70, filled=True, color=SECOND, opacity=1).encode(x="place:Q")
    return Layers(layer=[bars, dots], height=ROW * data.height)
