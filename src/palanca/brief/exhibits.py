"""A chart as a page shows it: the picture, and its rows in words."""

from dataclasses import dataclass
from typing import Any

from palanca.brief import effect_figures
from palanca.brief import language as words
from palanca.brief.figures import Chart, label
from palanca.brief.power_figures import SIDES
from palanca.catalogue import Catalogue, countries
from palanca.catalogue.codes import sector_name
from palanca.catalogue.text import Language

CHART_ROWS = 40
CODES = ("country", "sector", "measure", "indicator", "method")
METHODS = ("by_links", "by_timing")
LABELLED = (
    "collected",
    "statutory",
    "export_share_pct",
    "import_share_pct",
    "trade_share_pct",
    *SIDES,
    *METHODS,
)


@dataclass(frozen=True)
class Exhibit:
    """A chart as the page shows it.

    Attributes:
        summary: its most telling row, for those who do not see it.
        heads, rows: its last rows as a table.
        broad: whether it takes a row of its own.
    """

    id: str
    title: str
    source: str
    summary: str
    heads: list[str]
    rows: list[list[str]]
    broad: bool


def exhibit(chart: Chart, tables: Catalogue, language: Language) -> Exhibit:
    """Return a chart in one language."""
    titles = [tables[name].title[language] for name in chart.tables]
    rows = [
        [_cell(chart, name, cell, language) for name, cell in row.items()]
        for row in chart.data.tail(CHART_ROWS).to_dicts()
    ]
    telling = rows[-1] if "date" in chart.data.columns else rows[0]
    return Exhibit(
        id=chart.id,
        title=chart.title[language],
        source="; ".join(dict.fromkeys(titles)),
        summary=", ".join(telling),
        heads=[label(name, language) for name in chart.data.columns],
        rows=rows,
        broad=chart.broad,
    )


def _cell(chart: Chart, column: str, cell: Any, language: Language) -> str:
    if isinstance(cell, bool):
        return "●" if cell else ""
    if isinstance(cell, int | float):
        return words.plain(cell, 2 if isinstance(cell, float) and abs(cell) < 1000 else 0, language)
    if cell in chart.names:
        return chart.names[cell][language]
    if column in CODES:
        return _name(str(cell), language)
    if column in effect_figures.CODED:
        return effect_figures.coded(column, str(cell), language)
    return words.short_month(str(cell), language) if column == "date" else str(cell)


def _name(code: str, language: Language) -> str:
    if code in countries() or code.isdigit():
        return (countries()[code].name if code in countries() else sector_name(code))[language]
    return label(code, language) if code in LABELLED else code.replace("_", " ")
