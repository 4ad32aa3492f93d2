"""Charts: one idea each, in both languages, with the rows behind them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
import polars.selectors as cs

from palanca.brief import grammar as vl
from palanca.brief import language as words
from palanca.brief.claims import templates
from palanca.catalogue import Catalogue, Country, Series, Table, Text, countries, country
from palanca.catalogue.codes import sector_name
from palanca.catalogue.parameters import read
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.exposure import Exposure, concentration, customs

HEIGHT = 240
ROW, CLOSE_ROW, MANY = 22, 16, 20  # height of a bar, and of one among more than so many
FIRST, SECOND, REST = "#0b6e6e", "#b5482f", "#9aa5ad"
TOP = 10
DEPENDENTS = 15
DIGITS = 8  # that count, of a number in a chart
LABEL_YEARS, YEAR_LABELS = 4, 8  # spans from which years alone label an axis; how many labels at most


class Labels(Strict):
    """Words of axes and legends."""

    labels: dict[str, Text]


@dataclass(frozen=True)
class Chart:
    """A picture and the rows it draws.

    Attributes:
        data: the rows, as they go to the CSV; the columns are those of `draw`.
        draw: makes the specification of those rows in one language.
        tables: names of the catalogue's tables behind it.
        broad: whether it needs a row of its own.
        names: words of the codes among the rows, where the code alone does not tell.
    """

    id: str
    title: Text
    data: pl.DataFrame
    draw: Callable[[pl.DataFrame, Language], vl.Chart | vl.Layers]
    tables: tuple[str, ...]
    broad: bool = False
    names: Mapping[str, Text] = field(default_factory=dict)

    def spec(self, language: Language) -> dict[str, Any]:
        """Return the Vega-Lite specification, sized by the page."""
        return {**self.draw(self.data, language).spec(), "width": "container"}


def inline(rows: pl.DataFrame) -> vl.Rows:
    """Return rows as the data of a chart."""
    return rows.with_columns(cs.float().round_sig_figs(DIGITS)).to_dicts()


def label(key: str, language: Language) -> str:
    """Return the words of an axis or legend."""
    return read("codes/labels.yaml", Labels).labels[key][language]


def title(key: str, a: Country, b: Country) -> Text:
    """Return a chart's title with the two countries in it."""
    return Text.model_validate({language: _titled(key, a, b, language) for language in LANGUAGES})


def _titled(key: str, a: Country, b: Country, language: Language) -> str:
    names = {"a": a, "b": b}
    parts = (
        piece if isinstance(piece, str) else words.name(names[piece.name], piece.form, language)
        for piece in words.pieces(templates()[key][language])
    )
    return words.sentence_case("".join(parts))


def structure(e: Exposure, tables: Catalogue) -> Iterator[Chart]:
    """Yield the charts of structural exposure that the tables allow."""
    totals = tables["trade_totals"]
    yield from _two_sided(e)
    for flow, key in (("export", "chart-destinations"), ("import", "chart-suppliers")):
        yield from _partners(totals, e.country, e.partner, flow, key)
    yield from _dependents(totals, e)


def _two_sided(e: Exposure) -> Iterator[Chart]:
    names = ("export_share_pct", "import_share_pct", "trade_share_pct")
    rows = [
        {"measure": name, "country": side.country.iso3, "percent": side[name].value}
        for side in (e, e.reverse())
        for name in names
        if isinstance(side[name].value, float)
    ]
    if len(rows) >= len(names):
        yield Chart(
            "two-sided",
            title("chart-two-sided", e.country, e.partner),
            pl.DataFrame(rows),
            _draw_sides,
            ("trade_totals",),
            broad=True,
        )


def _named(data: pl.DataFrame, column: str, language: Language) -> pl.DataFrame:
    known = {code: item.name[language] for code, item in countries().items()}
    return data.with_columns(pl.col(column).replace(known))


def _draw_sides(data: pl.DataFrame, language: Language) -> vl.Chart:
    order = data["country"].unique(maintain_order=True).to_list()
    shown = _named(data, "country", language).with_columns(
        pl.col("measure").replace_strict({name: label(name, language) for name in data["measure"].unique()})
    )
    return (
        vl.Chart(inline(shown))
        .mark("bar")
        .encode(
            x=vl.X("percent:Q", title=label("percent", language)),
            y=vl.Y("measure:N", title=None, sort=None, axis=vl.Axis(labelLimit=160)),
            yOffset=vl.YOffset("country:N", sort=None),
            color=_two_colours([countries()[code].name[language] for code in order]),
            tooltip=_tips(["country:N", "measure:N"], "percent", language),
        )
        .high(HEIGHT - 60)
    )


def _two_colours(names: Sequence[str]) -> vl.Color:
    return vl.Color(
        "country:N",
        title=None,
        scale=vl.Scale(domain=list(names), range=[FIRST, SECOND][: len(names)]),
        legend=vl.Legend(orient="top"),
    )


def _tips(nominal: Sequence[str], value: str, language: Language, pattern: str = ",.1f") -> list[vl.Tooltip]:
    return [
        *(vl.Tooltip(field, title=label(field.split(":")[0], language)) for field in nominal),
        vl.Tooltip(f"{value}:Q", title=label(value, language), format=pattern),
    ]


def _partners(totals: Table, one: Country, two: Country, flow: str, key: str) -> Iterator[Chart]:
    rows = concentration.top(totals, one.iso3, flow, TOP)
    if rows.height:
        data = rows.select(
            "rank",
            country="partner",
            percent="share_pct",
            marked=pl.col("partner") == two.iso3,
            value_usd="trade_usd",
        )
        yield Chart(f"{flow}s-{one.iso3}", title(key, one, two), data, _draw_ranking, (totals.name,))


def _draw_ranking(data: pl.DataFrame, language: Language) -> vl.Chart:
    return (
        vl.Chart(inline(_named(data, "country", language)))
        .mark("bar")
        .encode(
            x=vl.X("percent:Q", title=label("percent", language)),
            y=vl.Y("country:N", title=None, sort="-x", axis=vl.Axis(labelLimit=190)),
            color=vl.Color(
                "marked:N", scale=vl.Scale(domain=[True, False], range=[SECOND, REST]), legend=None
            ),
            tooltip=_tips(["country:N"], "percent", language),
        )
        .high((ROW if data.height <= MANY else CLOSE_ROW) * data.height)
    )


def _dependents(totals: Table, e: Exposure) -> Iterator[Chart]:
    rows = concentration.shares(totals).filter(pl.col("importer") == e.partner.iso3)
    data = (
        rows.sort("export_share_pct", descending=True)
        .with_row_index("rank", offset=1)
        .filter((pl.col("rank") <= DEPENDENTS) | (pl.col("exporter") == e.country.iso3))
        .select(
            "rank",
            country="exporter",
            percent="export_share_pct",
            marked=pl.col("exporter") == e.country.iso3,
        )
    )
    if data.height:
        yield Chart(
            "dependents", title("chart-dependents", e.country, e.partner), data, _draw_ranking, (totals.name,)
        )


def long(paths: dict[str, Series], value: str, key: str = "country") -> pl.DataFrame:
    """Return paths as rows: whose it is, first day of the period, value."""
    rows = [
        {key: name, "date": _first_day(when), value: float(amount)}
        for name, path in paths.items()
        for when, amount in path.known()
    ]
    return pl.DataFrame(rows, schema={key: pl.String, "date": pl.String, value: pl.Float64})


def _first_day(when: str) -> str:
    return f"{when}-01-01" if len(when) == 4 else f"{when[:7]}-01"


def draw_lines(
    value: str,
    *,
    mark: Literal["linear", "step-after"] = "linear",
    unit: str | None = None,
    labelled: bool = False,
    zero: bool = True,
) -> Callable[[pl.DataFrame, Language], vl.Chart]:
    """Return a drawer of one line per country (or per label of `codes/labels.yaml`)."""

    def draw(data: pl.DataFrame, language: Language) -> vl.Chart:
        codes = data["country"].unique(maintain_order=True).to_list()
        known = {code: label(code, language) if labelled else country(code).name[language] for code in codes}
        shown = data.with_columns(pl.col("country").replace_strict(known))
        return (
            vl.Chart(inline(shown))
            .mark("line", interpolate=mark, strokeWidth=2)
            .encode(
                x=months(data),
                y=vl.Y(f"{value}:Q", title=label(unit or value, language), scale=vl.Scale(zero=zero)),
                color=_two_colours(list(known.values())),
                tooltip=[
                    *_tips(["country:N"], value, language),
                    vl.Tooltip("date:T", title=label("date", language)),
                ],
            )
            .high(HEIGHT)
        )

    return draw


def months(data: pl.DataFrame) -> vl.X:
    """Return a time axis whose labels carry the year: years alone where there are many."""
    years = int(str(data["date"].max())[:4]) - int(str(data["date"].min())[:4])
    if years < LABEL_YEARS:
        axis = vl.Axis(format="%b %Y", labelOverlap=True)
    else:
        step = {"interval": "year", "step": -(-years // YEAR_LABELS)}
        axis = vl.Axis(format="%Y", tickCount=step, labelOverlap=True)
    return vl.X("date:T", title=None, axis=axis)


def tariffs(e: Exposure, tables: Catalogue) -> Iterator[Chart]:
    """Yield the charts of imports and duties that the partner's customs allows."""
    a, b = e.country, e.partner
    tag = f"{b.iso3}-{a.iso3}"
    yield _share(e, tag)
    yield _duty(e, tag)
    yield from _partner_duties(tables["customs_imports"], e, tag)
    yield from _sectors(e, tag)


def _share(e: Exposure, tag: str) -> Chart:
    path = e.series["partner_imports_share_pct"]
    head = title("chart-import-share", e.country, e.partner)
    data = long({e.country.iso3: path}, "percent")
    return Chart(f"import-share-{tag}", head, data, draw_lines("percent"), (path.table,))


def _duty(e: Exposure, tag: str) -> Chart:
    names = {"collected": "duty_collected_pct", "statutory": "duty_statutory_pct"}
    paths = {key: e.series[name] for key, name in names.items() if name in e.series}
    first = e.series["duty_statutory_pct"].periods[0] if "statutory" in paths else ""
    data = long(paths, "percent").filter(pl.col("date") >= first)
    draw = draw_lines("percent", mark="step-after", labelled=True)
    return Chart(
        f"duty-{tag}",
        title("chart-duty", e.country, e.partner),
        data,
        draw,
        tuple(p.table for p in paths.values()),
    )


def _partner_duties(table: Table, e: Exposure, tag: str) -> Iterator[Chart]:
    month = e["duty_collected_pct"].period
    rates = customs.collected_by_partner(table, e.partner.iso3, month)
    rows = [
        {"country": code, "percent": rate, "marked": code == e.country.iso3, "month": month}
        for code, rate in sorted(rates.items(), key=lambda item: -item[1])
    ]
    if rows:
        chart_title = title("chart-partners-duty", e.country, e.partner)
        yield Chart(f"partners-duty-{tag}", chart_title, pl.DataFrame(rows), _draw_ranking, (table.name,))


def _sectors(e: Exposure, tag: str) -> Iterator[Chart]:
    rows = [
        {"sector": s.code, "billion_usd": s.imports_usd.value / 1e9, "percent": s.duty_collected_pct.value}
        for s in e.sectors[:TOP]
        if isinstance(s.imports_usd.value, float) and isinstance(s.duty_collected_pct.value, float)
    ]
    if rows:
        data = pl.DataFrame(rows)
        yield Chart(
            f"sectors-{tag}",
            title("chart-sectors", e.country, e.partner),
            data,
            _draw_sectors,
            ("customs_imports",),
        )


def _draw_sectors(data: pl.DataFrame, language: Language) -> vl.Chart:
    shown = data.with_columns(
        pl.col("sector").replace_strict({c: sector_name(c)[language] for c in data["sector"]})
    )
    return (
        vl.Chart(inline(shown))
        .mark("bar")
        .encode(
            x=vl.X("billion_usd:Q", title=label("billion_usd", language)),
            y=vl.Y("sector:N", title=None, sort="-x", axis=vl.Axis(labelLimit=190)),
            color=vl.Color(
                "percent:Q",
                title=label("duty_percent", language),
                scale=vl.Scale(scheme="oranges"),
                legend=vl.Legend(orient="top", gradientLength=140),
            ),
            tooltip=[*_tips(["sector:N"], "billion_usd", language), *_tips([], "percent", language)],
        )
        .high(ROW * data.height)
    )
