"""Charts of shares with their intervals."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from palanca.brief import grammar as vl
from palanca.brief.figures import HEIGHT, Chart, label, title
from palanca.catalogue.text import Language
from palanca.events import rates, record
from palanca.events.event import Event, vocabulary

if TYPE_CHECKING:
    from palanca.brief.sections.case import Case

COLOUR = "#b5482f"
ROW = 26  # pixels
GROUPS = ("all", "period", "front", "instrument")


def draw(rows: Sequence[Mapping[str, object]], language: Language, of: str) -> vl.Layers:
    """Return a dot for each row at its `percent`, on a line from `lower` to `upper`, beside its `name`.

    Args:
        of: label of what the rows are.
    """
    base = vl.Chart(rows)
    y = vl.Y("name:N", sort=None, title=None, axis=vl.Axis(labelLimit=230))
    tips = [vl.Tooltip("name:N", title=label(of, language))]
    tips += [
        vl.Tooltip(f"{field}:Q", title=label(field, language), format=".0f")
        for field in ("percent", "lower", "upper")
    ]
    scale = vl.Scale(domain=[0, 100])
    lines = base.mark("rule", strokeWidth=5, opacity=0.35, color=COLOUR, strokeCap="round").encode(
        x=vl.X("lower:Q", title=label("percent", language), scale=scale),
        x2=vl.X2("upper:Q"),
        y=y,
        tooltip=tips,
    )
    dots = base.mark("point", size=90, filled=True, color=COLOUR, opacity=1).encode(
        x="percent:Q", y=y, tooltip=tips
    )
    return vl.Layers(layer=[lines, dots], height=max(ROW * len(rows), HEIGHT // 3))


def threats(case: "Case", watched: Sequence[rates.Wait], events: Sequence[Event]) -> Chart:
    """Return the share of threats carried out, of all that were watched for the horizon and by group."""
    rows = [
        {
            "group": by,
            "of": share.of,
            "n": share.n,
            "done": share.done,
            "percent": share.percent,
            "lower": share.ends[0],
            "upper": share.ends[1],
            "few": share.few,
        }
        for by in GROUPS
        for share in rates.shares(watched, events, by)
    ]
    key = f"threats-{case.b.iso3}"
    return Chart(key, title("chart-rates", case.a, case.b), pl.DataFrame(rows), _draw_rates, (record.TABLE,))


def _draw_rates(data: pl.DataFrame, language: Language) -> vl.Layers:
    rows = [{**row, "name": _name(row, language)} for row in data.filter(~pl.col("few")).to_dicts()]
    return draw(rows, language, "of")


def _name(row: Mapping[str, object], language: Language) -> str:
    told, of, group = vocabulary(), str(row["of"]), str(row["group"])
    names = {"front": told.fronts, "instrument": told.instruments}
    if group in names:
        name = f"{label(group, language)}: {names[group][of].title[language]}"
    else:
        name = label("all_threats", language) if of == "all" else of
    return f"{name} ({row['done']}/{row['n']})"
