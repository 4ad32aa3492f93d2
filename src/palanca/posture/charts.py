"""Charts of a posture: points over time, agreement by issue, votes beside exposure, presence."""

from typing import Any

import altair as alt
import vl_convert

from palanca.catalogue import Unknown
from palanca.posture.agreement import issue_name
from palanca.posture.gap import Gap
from palanca.posture.pair import Posture

WIDTH, HEIGHT = 640, 320


def files(found: Posture) -> dict[str, bytes]:
    """Return each chart that has something to show as SVG, by file name."""
    name = f"{found.country.code}-{found.partner.code}".lower()
    charts = {"ideal-points": points(found), "agreement": heat(found), "presence": presence(found)}
    if isinstance(found.gap, Gap):
        charts["exposure-alignment"] = scatter(found.gap)
    return {f"{name}-{kind}.svg": svg(chart) for kind, chart in charts.items() if chart is not None}


def svg(chart: Any) -> bytes:
    """Return a chart as SVG."""
    return str(vl_convert.vegalite_to_svg(chart.to_dict())).encode()


def points(found: Posture) -> Any:
    """Return ideal points of both states over time with their bands; none without points."""
    rows = [
        {"country": one.country, "year": one.year, "point": one.point, "lower": one.lower, "upper": one.upper}
        for held in found.points.values()
        for one in held
    ]
    if not rows:
        return None
    base = alt.Chart(_data(rows)).encode(
        alt.X("year:Q", axis=alt.Axis(format="d", title=None)), alt.Color("country:N", title=None)
    )
    band = base.mark_area(opacity=0.25).encode(alt.Y("lower:Q", title="ideal point"), alt.Y2("upper:Q"))
    return _sized(band + base.mark_line().encode(alt.Y("point:Q")), "Ideal points, nine tenths of the belief")


def heat(found: Posture) -> Any:
    """Return graded agreement by issue and year; none without votes by issue."""
    rows = [
        {"issue": issue_name(one.issue).en, "year": one.year, "agreement": 100 * one.agreement.graded}
        for one in found.issues
    ]
    if not rows:
        return None
    colour = alt.Color("agreement:Q", scale=alt.Scale(domain=[0, 100]), title="percent")
    chart = (
        alt.Chart(_data(rows))
        .mark_rect()
        .encode(alt.X("year:O", title=None), alt.Y("issue:N", title=None), colour)
    )
    return _sized(chart, "Graded agreement by issue")


def scatter(gap: Gap) -> Any:
    """Return every country's agreement beside its exposure, the fit with its band, and the one marked."""
    rows = [
        {"country": code, "exposure": float(share), "agreement": float(votes), "marked": code == gap.country}
        for code, share, votes in zip(gap.countries, gap.exposure, gap.agreement, strict=True)
    ]
    line = gap.line
    band = [
        {"exposure": float(x), "middle": float(y), "lower": float(low), "upper": float(high)}
        for x, y, low, high in zip(line.at, line.middle, line.lower, line.upper, strict=True)
    ]
    axis = alt.X("exposure:Q", scale=alt.Scale(type="log"), title="share of goods trade with the partner, %")
    drawn = alt.Chart(_data(band)).encode(axis)
    dots = alt.Chart(_data(rows)).encode(
        axis,
        alt.Y("agreement:Q", title="graded agreement"),
        color=alt.condition("datum.marked", alt.value("#c02020"), alt.value("#8090a0")),
    )
    named = dots.transform_filter("datum.marked").mark_text(dx=18, dy=-8).encode(alt.Text("country:N"))
    area = drawn.mark_area(opacity=0.25).encode(alt.Y("lower:Q"), alt.Y2("upper:Q"))
    return _sized(
        area + drawn.mark_line().encode(alt.Y("middle:Q")) + dots.mark_circle(size=36) + named,
        "Votes beside exposure",
    )


def presence(found: Posture) -> Any:
    """Return each count of the country as a percentile of its peers."""
    rows = [
        {"count": one.name.replace("_", " "), "percentile": one.among.percentile}
        for one in found.presence[found.country.code].counts
        if one.among is not None and not isinstance(one.value, Unknown)
    ]
    if not rows:
        return None
    chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            alt.X("percentile:Q", scale=alt.Scale(domain=[0, 100]), title="percent of peers below"),
            alt.Y("count:N", title=None),
        )
    )
    return _sized(chart, "Presence beside peers")


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.InlineData(values=rows)


def _sized(chart: Any, title: str) -> Any:
    return chart.properties(width=WIDTH, height=HEIGHT, title=title)
