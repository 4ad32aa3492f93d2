"""The chart of a frontier: how much trade must move for how much less power of a partner."""

import polars as pl

from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, HEIGHT, Chart, inline, label, title
from palanca.catalogue import Country
from palanca.catalogue.text import Language


def frontier(a: Country, b: Country, points: pl.DataFrame, tables: tuple[str, ...]) -> Chart:
    """Return the chart of the least trade to move for each cut of the partner's power.

    Args:
        a, b: the country and the partner.
        points: `cut_pct` and `moved_usd_bn`, in any order.
        tables: behind the points.
    """
    data = points.sort("cut_pct").select(cut_percent="cut_pct", billion_usd="moved_usd_bn")
    return Chart(f"frontier-{a.iso3}-{b.iso3}", title("chart-frontier", a, b), data, _draw, tables)


def _draw(data: pl.DataFrame, language: Language) -> vl.Chart:
    tips = [
        vl.Tooltip(f"{name}:Q", title=label(name, language), format=",.1f")
        for name in ("cut_percent", "billion_usd")
    ]
    return (
        vl.Chart(inline(data))
        .mark("line", point={"filled": True, "size": 45, "color": FIRST}, strokeWidth=2, color=FIRST)
        .encode(
            x=vl.X("cut_percent:Q", title=label("cut_percent", language)),
            y=vl.Y("billion_usd:Q", title=label("billion_usd", language)),
            tooltip=tips,
        )
        .high(HEIGHT)
    )
