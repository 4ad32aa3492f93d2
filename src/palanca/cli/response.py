"""The command on how two countries answer each other."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, AsOf, catalogue, out, print_json, steps
from palanca.cli.response_path import path_tables

First = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")]
Second = Annotated[str, typer.Argument(metavar="PARTNER", help="The other country.")]


def response(
    country: First,
    partner: Second,
    as_of: AsOf = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Tell changes of structure from here."
        ),
    ] = None,
    episode: Annotated[
        list[str] | None,
        typer.Option(metavar="YYYY-MM", help="Compare with a synthetic twin from this month; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print how two countries answer each other's pressure, by links and by timing, and what followed.

    Timing tells how many more acts follow one of the other side than by chance within windows of three
    weeks. That something followed an answer does not mean that it came from it.
    """
    from palanca.response import response as answered

    with steps(1) as step:
        step("reading the ledger")
        found = answered(
            country,
            partner,
            tables=catalogue(as_of, "ledger_events", "statutory_tariffs"),
            since=since.date() if since else None,
            episodes=episode or (),
        )
    if as_json:
        print_json(found.as_dict())
        return
    out.print(_reactivity(found))
    out.print(_yields(found))
    for name, side in found.sides.items():
        out.print(_cases(name, side))
    for table in path_tables(found.beside):
        out.print(table, highlight=False)


def _reactivity(found: Any) -> Table:
    table = Table(title=f"How each side answers, to {found.as_of}", title_justify="left")
    for head in ("who", "measure", "value", "interval", "of", "p"):
        table.add_column(head)
    for name, side in found.sides.items():
        if side.links is None:
            table.add_row(name, "no act on the ledger", "", "", "", "")
            continue
        counts = {
            "acts that answer, by links": side.links.answering,
            "acts that answer nothing, nothing before": side.links.initiative,
            "pressure met with words only, of that answered": side.links.passive.answered,
            "pressure met with words only, blanks as silence": side.links.passive.silent,
        }
        for what, count in counts.items():
            low, high = count.ends
            shown = "unknown" if count.percent is None else f"{count.percent:.0f} %"
            table.add_row(name, what, shown, f"{low:.0f} to {high:.0f} %", str(count.n), "")
        for one in side.timing:
            table.add_row(name, f"acts that follow beyond chance, by timing: {one.variant}", *_timed(one))
    return table


def _timed(one: Any) -> tuple[str, str, str, str]:
    if one.why is not None:
        return "unknown", one.why.reason.en, str(one.acts), ""
    found = one.found
    ends = f"{100 * found.lower:.0f} to {100 * found.upper:.0f} points"
    gain = f"{100 * found.gain:.0f} points: {100 * found.followed:.0f} for {100 * found.expected:.0f} %"
    return gain, ends, str(one.acts), f"{found.p:.3f}" if one.tested else ""


def _yields(found: Any) -> Table:
    table = Table(title="What followed each kind of answer: cases of all, percent", title_justify="left")
    for head in (
        "who",
        "answer",
        "followed by",
        "days",
        "cases",
        "percent",
        "interval",
        "answered otherwise",
    ):
        table.add_column(head)
    for name, side in found.sides.items():
        for one in side.yields:
            if one.what in ("eased", "escalated") and one.count.n:
                low, high = one.count.ends
                cells = (one.answer, one.what, str(one.days), f"{one.count.done}/{one.count.n}")
                other = f"{one.matched:.0f}" if isinstance(one.matched, float) else "unknown"
                table.add_row(name, *cells, f"{one.count.percent:.0f}", f"{low:.0f} to {high:.0f}", other)
    return table


def _cases(name: str, side: Any) -> Table:
    table = Table(title=f"Every case of pressure on {name}", title_justify="left")
    for head in (
        "pressure",
        "front",
        "instrument",
        "strongest answer",
        "outcome",
        "within 30",
        "90",
        "180 days",
    ):
        table.add_column(head)
    for one in side.cases:
        pressure = one.episode.pressure
        spans = ["not over" if seen is None else ", ".join(sorted(seen)) for seen in one.followed.values()]
        cells = (pressure.id, pressure.front, pressure.instrument)
        table.add_row(*cells, one.episode.strongest_kind, one.episode.outcome_kind, *spans)
    return table
