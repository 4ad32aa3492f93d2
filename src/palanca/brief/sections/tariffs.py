"""Tariffs and the path of trade, where one side's customs is on file."""

from collections.abc import Iterator
from dataclasses import replace

from palanca.brief import figures as charts
from palanca.brief.claims import Item
from palanca.brief.sections.case import Case, Section, difference, ratio, window
from palanca.catalogue import Figure, Text, Unknown
from palanca.catalogue.codes import sector_name

SECTORS = 3  # told; the chart beside them shows the rest


def tariffs(case: Case) -> Section:
    """Return duties by law and collected, and imports, seen from whichever side has customs on file."""
    sides = (case, case.reverse())
    return Section(
        "tariffs",
        tuple(item for side in sides for item in _side(side)),
        tuple(
            chart for side in sides if _on_file(side) for chart in charts.tariffs(side.exposure, side.tables)
        ),
    )


def _on_file(case: Case) -> bool:
    return not isinstance(case.exposure["duty_collected_pct"].value, Unknown)


def _side(case: Case) -> Iterator[Item]:
    e = case.exposure
    yield case.tell(
        "imports-year",
        {
            "value": e["partner_imports_usd"],
            "share": e["partner_imports_share_year_pct"],
            "first": e["partner_imports_share_first_pct"],
        },
    )
    yield from _collected(case)
    yield from _statutory(case)
    yield from _preference(case)
    yield from _sectors(case)
    yield from _actions(case)


def _collected(case: Case) -> Iterator[Item]:
    e = case.exposure
    month, year = e["duty_collected_pct"], e["duty_collected_year_pct"]
    yield case.tell(
        "duty-collected", {"year": year, "month": month, "change": difference("change", month, year)}
    )
    yield case.tell("duty-standing", {"month": month})
    yield case.tell("duty-paid", {"value": e["duty_year_usd"]})


def _statutory(case: Case) -> Iterator[Item]:
    e = case.exposure
    month, law, latest = e["duty_collected_pct"], e["duty_statutory_pct"], e["duty_statutory_latest_pct"]
    parts = {
        "statutory": law,
        "base": e["duty_base_pct"],
        "added": e["duty_statutory_added_pct"],
        "month": month,
    }
    yield case.tell("duty-statutory", {**parts, "ratio": ratio("ratio", law, month)}, kind="estimate")
    stood = {"level": latest, "since": e["duty_statutory_since_pct"]}
    yield case.tell(_latest_key(case, latest), stood, kind="estimate")
    median = e["duty_statutory_median_pct"]
    gap = difference("gap", latest, median)
    yield case.tell("statutory-median", {"level": latest, "median": median, "gap": gap}, kind="estimate")
    yield from _average(case)


def _latest_key(case: Case, latest: Figure) -> str:
    return "statutory-scheduled" if announced(case, latest) else "statutory-latest"


def announced(case: Case, latest: Figure) -> bool:
    """Return whether the day of a statutory rate lay ahead when the table was made."""
    rows = case.tables["statutory_tariffs"].rows(date=latest.period)
    return bool(rows.height and rows["scheduled"][0])


def _average(case: Case) -> Iterator[Item]:
    table = case.tables["statutory_tariff_daily"]
    days = table.rows(importer=case.b.iso3, scheduled=False)["date"]
    figure = table.figure("level", "level_pct", importer=case.b.iso3, date=str(days.max() or ""))
    yield case.tell("average-level", {"level": figure}, kind="estimate")


def _preference(case: Case) -> Iterator[Item]:
    e = case.exposure
    first, last, weights = e["preference_first_pct"], e["preference_claimed_pct"], e["duty_weights_usd"]
    if isinstance(last.value, Unknown):
        yield case.tell("duty-why", {"weights": weights}, kind="assumption")
        return
    yield case.tell("duty-why-preference", {"weights": weights, "claimed": last}, kind="assumption")
    change = difference("change", last, first)
    yield case.tell("preference-path", {"first": first, "last": last, "change": change})


def _sectors(case: Case) -> Iterator[Item]:
    for sector in case.exposure.sectors[:SECTORS]:
        fillings: dict[str, Figure | Text] = {
            "sector": sector_name(sector.code),
            "share": sector.share_pct,
            "value": sector.imports_usd,
            "duty": sector.duty_collected_pct,
            "window": window(sector.imports_usd),
        }
        yield case.tell("sector", fillings, about=sector.code)


def _actions(case: Case) -> Iterator[Item]:
    table, importer = case.tables["tariff_actions"], case.b.iso3
    rows = table.rows(importer=importer)
    if rows.is_empty():
        return
    evidence = (table.evidence("date", {"importer": importer}),)
    count = Figure(
        "count", float(rows.height), "count", str(rows["date"].max()), table.name, evidence, "brief.count"
    )
    yield case.tell(
        "tariff-actions", {"count": count, "first": replace(count, period=str(rows["date"].min()))}
    )
