"""Charts of a posture: points over time, votes beside exposure, and how firm a ranking is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, HEIGHT, REST, ROW, SECOND, Chart, label, title
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


def _draw_points(data: pl.DataFrame, language: Language) -> vl.Layers:
    order = data["country"].unique(maintain_order=True).to_list()
    names = {code: countries()[code].name[language] for code in order}
    shown = data.with_columns(pl.col("country").replace_strict(names))
    base = vl.Chart(shown.to_dicts()).encode(
        x=vl.X("year:Q", title=None, axis=vl.Axis(format="d"), scale=vl.Scale(nice=False)),
        color=vl.Color(
            "country:N",
            title=None,
            scale=vl.Scale(domain=list(names.values()), range=[FIRST, SECOND]),
            legend=vl.Legend(orient="top"),
        ),
        tooltip=[
            vl.Tooltip("country:N", title=label("country", language)),
            vl.Tooltip("year:Q", title=label("year", language), format="d"),
            *(
                vl.Tooltip(f"{name}:Q", title=label(name, language), format=".2f")
                for name in ("point", "lower", "upper")
            ),
        ],
    )
    band = base.mark("area", opacity=0.22).encode(
        y=vl.Y("lower:Q", title=label("point", language)), y2=vl.Y2("upper:Q")
    )
    line = base.mark("line", strokeWidth=2).encode(y="point:Q")
    return vl.Layers(layer=[band, line], height=HEIGHT)


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


def _draw_scatter(data: pl.DataFrame, language: Language) -> vl.Layers:
    names = {code: countries()[code].name[language] for code in data["country"]}
    shown = data.with_columns(pl.col("country").replace_strict(names)).to_dicts()
    x = vl.X(
        "exposure_percent:Q",
        title=label("exposure_percent", language),
        scale=vl.Scale(type="log"),
        axis=vl.Axis(format="~g", tickCount=6),
    )
    y = vl.Y("fitted:Q", title=label("agreement_percent", language))
    base = vl.Chart(shown)
    tips = [
        vl.Tooltip("country:N", title=label("country", language)),
        vl.Tooltip("exposure_percent:Q", title=label("exposure_percent", language), format=".2f"),
        vl.Tooltip("agreement_percent:Q", title=label("agreement_percent", language), format=".0f"),
    ]
    band = base.mark("area", opacity=0.22, color=FIRST).encode(
        x=x, y=vl.Y("lower:Q", title=label("agreement_percent", language)), y2=vl.Y2("upper:Q")
    )
    line = base.mark("line", strokeWidth=2, color=FIRST).encode(x=x, y=y)
    dots = base.where("!datum.marked").mark("circle", size=34, color=REST, opacity=0.8)
    own = base.where("datum.marked")
    y = vl.Y("agreement_percent:Q", title=label("agreement_percent", language))
    layers = [
        band,
        line,
        dots.encode(x=x, y=y, tooltip=tips),
        own.mark("circle", size=110, color=SECOND, opacity=1).encode(x=x, y=y, tooltip=tips),
        own.mark("text", dy=-12, align="right", color=SECOND, fontSize=12).encode(x=x, y=y, text="country:N"),
    ]
    return vl.Layers(layer=layers, height=HEIGHT + 40)


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


def _draw_ranks(data: pl.DataFrame, language: Language) -> vl.Layers:
    names = {code: countries()[code].name[language] for code in data["country"]}
    base = vl.Chart(data.with_columns(pl.col("country").replace_strict(names)).to_dicts()).encode(
        y=vl.Y("country:N", title=None, sort=None, axis=vl.Axis(labelLimit=190)),
        tooltip=[
            vl.Tooltip("country:N", title=label("country", language)),
            *(vl.Tooltip(f"{name}:Q", title=label(name, language)) for name in ("place", "lower", "upper")),
        ],
    )
    bars = base.mark("rule", strokeWidth=5, opacity=0.35, color=FIRST, strokeCap="round").encode(
        x=vl.X("lower:Q", title=label("place", language)), x2=vl.X2("upper:Q")
    )
    dots = base.mark("point", size=70, filled=True, color=SECOND, opacity=1).encode(x="place:Q")
    return vl.Layers(layer=[bars, dots], height=ROW * data.height)
