"""Eight to twelve figures to look at first."""

from collections.abc import Iterator
from dataclasses import dataclass

from palanca.brief.claims import Claim, Item
from palanca.brief.sections.case import Case, Section, difference, second_source, window
from palanca.catalogue import Figure, Series, Text, Unknown
from palanca.catalogue.thresholds import Threshold, thresholds

MOST = 12
LOOK_BACK = {4: 1, 7: 12}  # periods to look back, by the length of an ISO year or month
ROWS = (
    "export_share_pct",
    "import_share_pct",
    "partner_export_share_pct",
    "export_hhi",
    "asymmetry_pp",
    "exports_to_partner_gdp_pct",
    "trade_gdp_pct",
    "duty_collected_pct",
    "duty_statutory_latest_pct",
    "partner_duty_collected_pct",
    "partner_duty_statutory_latest_pct",
    "gas_imports_pct",
    "remittances_gdp_pct",
)
LINES = {"export_hhi": "highly_concentrated"}
STANDINGS = ("value.past", "value.among", "value.count", "change")


@dataclass(frozen=True)
class Row:
    """One line of the dashboard."""

    claim: Claim
    threshold: Threshold | None


def dashboard(case: Case) -> tuple[Section, tuple[Row, ...]]:
    """Return the dashboard as a section and as rows: what pressure is about first, then exposure."""
    matters = [_matter(case, name) for name in _matters(case)]
    known = [name for name in ROWS if not isinstance(case.exposure[name].value, Unknown)]
    items = [(_row(case, name), LINES.get(name)) for name in known[: MOST - len(matters)]]
    items += [(item, None) for item in matters]
    rows = [
        Row(item, thresholds()[line] if line else None) for item, line in items if isinstance(item, Claim)
    ]
    return Section("dashboard", tuple(item for item, _ in items)), tuple(rows)


def _matters(case: Case) -> Iterator[int]:
    """Yield the position of the first indicator of each front."""
    seen: set[str] = set()
    for position, front in enumerate(case.fronts):
        if front.indicator.front not in seen and front.country is None:
            seen.add(front.indicator.front)
            yield position


def _matter(case: Case, position: int) -> Item:
    front = case.fronts[position]
    fillings: dict[str, Figure | Text] = {
        "title": front.indicator.title,
        "value": front.last,
        "change": front.change_pct,
        "window": window(front.last),
    }
    return case.tell("dashboard-front", fillings, about=front.name, extra=("value.past", "change"))


def _row(case: Case, name: str) -> Item:
    figure = case.exposure[name]
    fillings = {"value": figure, **_change(figure, case.exposure.series.get(name)), **_beside(case, name)}
    return case.tell(f"dashboard-{name}", fillings, extra=STANDINGS)


def _beside(case: Case, name: str) -> dict[str, Figure]:
    """Return what is told beside a figure: a second source that differs, or since when a rate has stood."""
    since = name.replace("_latest_", "_since_")
    if since != name:
        return {"since": case.exposure[since]}
    source = name.removesuffix("_pct")
    if f"{source}_rounded_pct" not in case.exposure.figures:
        return {}
    return {"rounded": case.exposure[f"{source}_rounded_pct"], "spread": second_source(case, source)}


def _change(figure: Figure, series: Series | None) -> dict[str, Figure]:
    """Return the change on a year before, where there is a path to read it from."""
    if series is None or figure.period not in series.periods:
        return {}
    then = series.periods.index(figure.period) - LOOK_BACK[len(figure.period)]
    before = series.values[then] if then >= 0 else None
    if before is None:
        return {}
    past = Figure(
        figure.name, before, figure.unit, figure.period, figure.table, figure.evidence, figure.method
    )
    return {"change": difference("change", figure, past)}
