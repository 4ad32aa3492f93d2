"""Charts of power in both directions, and of what supply chains hide."""

from collections.abc import Iterator, Sequence

import polars as pl

from palanca.brief import grammar as vl
from palanca.brief.figures import FIRST, ROW, SECOND, Chart, inline, label, title
from palanca.catalogue import Catalogue, countries
from palanca.catalogue.codes import sectors
from palanca.catalogue.text import Language
from palanca.exposure import Exposure, balance

SIDES = ("loss_long_pct", "loss_short_pct", "supply_loss_pct", "import_dependence_pct")
PARTNERS = 8  # columns of the map
BAND = 30  # pixels of a pair of bars
LETTER = 7  # pixels that a letter of a label takes in the widest of the usual fonts
MARGIN = 1.6  # of the longest bar: room for its number on a telephone


def power(e: Exposure) -> Iterator[Chart]:
    """Yield what each loses without the other, the country to the left and the partner to the right."""
    rows = [
        {"measure": name, "country": side.country.iso3, "percent": value}
        for side in (e, e.reverse())
        for name in SIDES
        if isinstance(value := side[name].value, float)
    ]
    if len(rows) == 2 * len(SIDES):
        head = title("chart-power", e.country, e.partner)
        yield Chart("power", head, pl.DataFrame(rows), _draw_power, (balance.POWER,))


def _draw_power(data: pl.DataFrame, language: Language) -> vl.Layers:
    first, second = data["country"].unique(maintain_order=True)
    names = [countries()[code].name[language] for code in (first, second)]
    toward = pl.when(pl.col("country") == first).then(-pl.col("percent")).otherwise(pl.col("percent"))
    words = {name: label(name, language) for name in SIDES}
    shown = data.with_columns(
        toward=toward,
        country=pl.col("country").replace_strict(dict(zip((first, second), names, strict=True))),
        measure=pl.col("measure").replace_strict(words),
    )
    widest = MARGIN * _widest(data["percent"])
    base = vl.Chart(inline(shown)).encode(
        x=vl.X(
            "toward:Q",
            title=label("percent", language),
            scale=vl.Scale(domain=[-widest, widest]),
            axis=vl.Axis(labelExpr="format(abs(datum.value), '.2~f')", tickCount=7),
        ),
        y=vl.Y("measure:N", title=None, sort=list(words.values()), axis=vl.Axis(labelLimit=190)),
        tooltip=[
            vl.Tooltip("country:N", title=label("country", language)),
            vl.Tooltip("measure:N", title=label("measure", language)),
            vl.Tooltip("percent:Q", title=label("percent", language), format=",.2f"),
        ],
    )
    bars = base.mark("bar").encode(
        color=vl.Color(
            "country:N",
            title=None,
            scale=vl.Scale(domain=names, range=[FIRST, SECOND]),
            legend=vl.Legend(orient="top", columns=1),
        )
    )
    layers = [bars, *_numbers(base)]
    return vl.Layers(layer=layers, height=BAND * len(SIDES))


def _widest(values: pl.Series) -> float:
    return max((abs(value) for value in values), default=0.0) or 1.0


def _numbers(base: vl.Chart) -> list[vl.Chart]:
    """Return the values at the ends of the bars, outside on either side."""
    text = vl.Text("percent:Q", format=",.2f")
    left = base.where("datum.toward < 0").mark("text", align="right", dx=-4)
    right = base.where("datum.toward >= 0").mark("text", align="left", dx=4)
    return [side.encode(text=text) for side in (left, right)]


def hidden(e: Exposure, tables: Catalogue) -> Iterator[Chart]:
    """Yield the map of hidden exposure on the side of purchases: sectors by main partners."""
    rows = balance.partners(tables, e.country.iso3)
    if rows.is_empty() or rows.filter(pl.col("partner") == e.partner.iso3).is_empty():
        return
    through = pl.col("purchases_through_pct")
    leading = rows.group_by("partner").agg(through.mean()).sort(through, "partner", descending=True)
    chosen = _with(e.partner.iso3, leading["partner"].to_list())
    data = (
        rows.filter(pl.col("partner").is_in(chosen))
        .select(
            industry="sector",
            country="partner",
            face=pl.col("purchases_face_pct").cast(pl.Float64),
            through=through.cast(pl.Float64),
        )
        .with_columns(hidden=pl.col("through") - pl.col("face"))
        .sort(
            pl.col("country").cast(pl.Enum(chosen)),
            pl.col("industry").cast(pl.Enum(list(sectors()))),
            descending=[False, False],
        )
    )
    head = title("chart-hidden", e.country, e.partner)
    yield Chart(f"hidden-{e.country.iso3}", head, data, _draw_hidden, (balance.SECTORS,))


def _with(partner: str, leading: Sequence[str]) -> list[str]:
    """Return the partner, then the leading others, as many as the map has columns."""
    return [partner, *[code for code in leading if code != partner][: PARTNERS - 1]]


def _draw_hidden(data: pl.DataFrame, language: Language) -> vl.Chart:
    partners = data["country"].unique(maintain_order=True).to_list()
    names = {code: countries()[code].name[language] for code in partners}
    kinds = {code: sector.name[language] for code, sector in sectors().items()}
    shown = data.with_columns(
        pl.col("country").replace_strict(names), pl.col("industry").replace_strict(kinds)
    )
    field = {name: label(name, language) for name in ("face", "through", "hidden")}
    widest = _widest(data["hidden"])  # alike on both sides, so that depth of colour is size
    return (
        vl.Chart(inline(shown))
        .mark("rect")
        .encode(
            x=vl.X(
                "country:N",
                title=None,
                sort=list(names.values()),
                axis=vl.Axis(
                    labelAngle=-90, orient="top", minExtent=LETTER * max(map(len, names.values()), default=0)
                ),
            ),
            y=vl.Y("industry:N", title=None, sort=list(kinds.values()), axis=vl.Axis(labelLimit=190)),
            color=vl.Color(
                "hidden:Q",
                title=field["hidden"],
                scale=vl.Scale(scheme="blueorange", domain=[-widest, widest]),
                legend=vl.Legend(orient="bottom", gradientLength=110),
            ),
            tooltip=[
                vl.Tooltip("country:N", title=label("country", language)),
                vl.Tooltip("industry:N", title=label("industry", language)),
                *(vl.Tooltip(f"{name}:Q", title=words, format=",.1f") for name, words in field.items()),
            ],
        )
        .high((ROW - 6) * len(kinds) + 40)
    )
