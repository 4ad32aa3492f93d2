"""Exposure as plain records, for JSON and CSV."""

from typing import Any

from palanca.catalogue import Figure, Series, Unknown
from palanca.exposure import Exposure, Sector


def record(found: Exposure) -> dict[str, Any]:
    """Return every figure by name, paths under `series`, sectors under `sectors`.

    A figure that is unknown has the value null and says why under `unknown_because`.
    """
    return {
        "country": found.country.iso3,
        "partner": found.partner.iso3,
        "as_of": found.as_of.isoformat(),
        **{name: figure_record(figure) for name, figure in found.figures.items()},
        "series": {name: series_record(series) for name, series in found.series.items()},
        "sectors": [sector_record(sector) for sector in found.sectors],
        "partner_sectors": [sector_record(sector) for sector in found.partner_sectors],
    }


def figure_record(figure: Figure) -> dict[str, Any]:
    """Return value, unit, date, table and standings of a figure."""
    known = not isinstance(figure.value, Unknown)
    return {
        "value": figure.value if known else None,
        "unit": figure.unit,
        "year": figure.year,
        "period": figure.period,
        "table": figure.table,
        "percentile": figure.among.percentile if figure.among else None,
        "countries": figure.among.count if figure.among else None,
        "own_past_percentile": figure.past.percentile if figure.past else None,
        "method": figure.method,
        **({"unknown_because": figure.value.reason.en} if isinstance(figure.value, Unknown) else {}),
    }


def series_record(series: Series) -> dict[str, Any]:
    """Return a path as period → value, oldest first."""
    return {
        "unit": series.unit,
        "table": series.table,
        "values": dict(zip(series.periods, series.values, strict=True)),
    }


def sector_record(sector: Sector) -> dict[str, Any]:
    """Return a sector's last twelve months and its monthly paths."""
    return {
        "code": sector.code,
        "imports_usd": figure_record(sector.imports_usd),
        "share_pct": figure_record(sector.share_pct),
        "duty_collected_pct": figure_record(sector.duty_collected_pct),
        "series": {
            "imports_usd": series_record(sector.imports),
            "duty_collected_pct": series_record(sector.duty),
        },
    }


def rows(found: Exposure) -> list[dict[str, Any]]:
    """Return one flat row per figure."""
    return [{"name": name, **_flat(figure)} for name, figure in found.figures.items()]


def _flat(figure: Figure) -> dict[str, Any]:
    kept = figure_record(figure)
    because = kept.pop("unknown_because", "")
    return {**kept, "unknown_because": because}
