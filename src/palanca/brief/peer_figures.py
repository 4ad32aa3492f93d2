"""Charts of a tariff against peers: its place through time, and the gap to a synthetic twin."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, HEIGHT, REST, SECOND, Chart, Labels, inline, label, title
from palanca.catalogue import Unknown, countries
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language
from palanca.response.tariffs import COLLECTED, STATUTORY, TariffPath
from palanca.response.twins import Paired

if TYPE_CHECKING:
    from palanca.brief.sections.case import Case

BEFORE, SHOWN = 24, 0.9  # months drawn before the act; part of the placebo gaps that the axis holds
KINDS = ("place_statutory", "place_collected")


def peers(case: "Case", path: TariffPath, found: Sequence[Paired]) -> Iterator[Chart]:
    """Yield the place of the tariff through time, and the twin of the episode with the widest gap."""
    yield from _places(case, path)
    if found:
        yield _twin(case, max(found, key=lambda one: one.found.twin.after))


def _places(case: "Case", path: TariffPath) -> Iterator[Chart]:
    if isinstance(path.statutory, Unknown) or isinstance(path.collected, Unknown):
        return
    first = f"{int(path.statutory[0].period[:4]) - 1}-01"
    rows = [
        {
            "measure": kind,
            "date": place.period if len(place.period) > len("2000-01") else f"{place.period}-01",
            "percent": place.percentile,
            "rank": place.rank,
            "partners": place.of,
        }
        for kind, places in zip(KINDS, (path.statutory, path.collected), strict=True)
        for place in places
        if place.period >= first
    ]
    head = title("chart-peers", case.a, case.b)
    names = {kind: read("codes/labels.yaml", Labels).labels[kind] for kind in KINDS}
    both, data = (STATUTORY, COLLECTED), pl.DataFrame(rows)
    yield Chart(f"peers-{case.b.iso3}-{case.a.iso3}", head, data, _draw_places, both, names=names)


def _draw_places(data: pl.DataFrame, language: Language) -> vl.Chart:
    names = {kind: label(kind, language) for kind in KINDS}
    shown = data.with_columns(pl.col("measure").replace_strict(names))
    return (
        vl.Chart(inline(shown))
        .mark("line", interpolate="step-after", strokeWidth=2, point={"size": 22})
        .encode(
            x=vl.X("date:T", title=None, axis=vl.Axis(format="%b %Y", labelOverlap=True)),
            y=vl.Y("percent:Q", title=label("pay_less", language), scale=vl.Scale(domain=[0, 100])),
            color=vl.Color(
                "measure:N",
                title=None,
                scale=vl.Scale(domain=list(names.values()), range=[FIRST, SECOND]),
                legend=vl.Legend(orient="top"),
            ),
            tooltip=[
                vl.Tooltip("date:T", title=label("date", language)),
                vl.Tooltip("measure:N", title=label("measure", language)),
                vl.Tooltip("percent:Q", title=label("pay_less", language), format=".0f"),
                vl.Tooltip("rank:Q", title=label("rank", language)),
                vl.Tooltip("partners:Q", title=label("partners", language)),
            ],
        )
        .high(HEIGHT)
    )


def _twin(case: "Case", one: Paired) -> Chart:
    start = max(one.start - BEFORE, 0)
    rows = [
        {"partner": twin.unit, "date": f"{month}-01", "gap": round(float(gap), 4)}
        for twin in (*one.found.others, one.found.twin)
        for month, gap in zip(one.months[start:], twin.gaps[start:], strict=True)
    ]
    draw = _draw_twin(case.a.iso3, f"{one.episode.month}-01")
    head = title("chart-twin", case.a, case.b)
    data = pl.DataFrame(rows)
    names = {code: countries()[code].name for code in data["partner"].unique()}
    return Chart(f"twin-{case.b.iso3}-{case.a.iso3}", head, data, draw, (COLLECTED,), names=names)


def _draw_twin(unit: str, act: str) -> Callable[[pl.DataFrame, Language], vl.Layers]:
    """Return a drawer of one line in colour over those of the others in grey, the act as a rule."""

    def draw(data: pl.DataFrame, language: Language) -> vl.Layers:
        names = {code: countries()[code].name[language] for code in data["partner"].unique()}
        shown = data.with_columns(name=pl.col("partner").replace_strict(names))
        sizes = data["gap"].abs().to_numpy()
        own = data.filter(pl.col("partner") == unit)["gap"].abs().to_numpy()
        widest = float(max(np.ceil(own.max()), np.ceil(np.quantile(sizes, SHOWN))))
        base = vl.Chart(inline(shown)).encode(
            x=vl.X("date:T", title=None, axis=vl.Axis(format="%b %Y", labelOverlap=True)),
            y=vl.Y(
                "gap:Q", title=label("gap", language), scale=vl.Scale(domain=[-widest, widest], nice=False)
            ),
            tooltip=[
                vl.Tooltip("name:N", title=label("partner", language)),
                vl.Tooltip("date:T", title=label("date", language)),
                vl.Tooltip("gap:Q", title=label("gap", language), format=".2f"),
            ],
        )
        others = (
            base.where(f"datum.partner != '{unit}'")
            .mark("line", clip=True, strokeWidth=1, color=REST, opacity=0.6)
            .encode(detail=vl.Detail("partner:N"))
        )
        line = base.where(f"datum.partner == '{unit}'").mark("line", clip=True, strokeWidth=3, color=SECOND)
        rule = vl.Chart([{"date": act}]).mark("rule", strokeDash=[4, 3], color="#1d2529").encode(x="date:T")
        return vl.Layers(layer=[others, line, rule], height=HEIGHT + 40)

    return draw
