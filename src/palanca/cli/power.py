"""The command on power between two countries."""

from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, out, print_json, steps, within

First = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")]
Second = Annotated[str, typer.Argument(metavar="PARTNER", help="The country whose power over it is asked.")]
WIDTH = 24  # characters of one side of a bar
SHOWN = 8  # sectors listed
SIDES = {
    "loss_long_pct": "Real income lost if all trade stops, factors mobile, %",
    "loss_short_pct": "The same, factors fixed in their sectors, %",
    "supply_loss_pct": "Purchasing power lost if the other withdraws supply, %",
    "import_dependence_pct": "Imports from the other over product, by elasticity, %",
    "trade_share_pct": "Part of the other in trade of goods and services, %",
    "value_added_share_pct": "Value added that ends in the other's demand, %",
}


def power(
    country: First,
    partner: Second,
    solve: Annotated[
        bool, typer.Option("--solve", help="Solve the model anew instead of reading the tables on file.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print who could hurt whom: power in both directions, and what each would lose if trade stopped.

    Positive measures, and a leverage above one, say that the partner has power over the country. Losses
    are of real income, in percent, by the model on the world economy of 2022: estimates.
    """
    from palanca.catalogue import pair

    two = tuple(one.iso3 for one in pair(country, partner))
    with steps(1) as step:
        step("solving" if solve else "reading")
        found = _solved(*two) if solve else _on_file(*two)
    if as_json:
        print_json(found)
    else:
        out.print(_table(found))
        out.print(_sector_table(found))


def _on_file(a: str, b: str) -> dict[str, Any]:
    from palanca.exposure.dyad_records import on_file

    return on_file(a, b)


def _solved(a: str, b: str) -> dict[str, Any]:
    from palanca.economy import economy
    from palanca.exposure.dyad_records import record, with_intervals
    from palanca.exposure.dyads import dyads

    found = dyads(economy(2022), [(a, b)], compiled=False)
    return with_intervals(record(found.power, found.sectors, a, b))


def _table(found: dict[str, Any]) -> Table:
    a, b = found["pair"]
    lever = found["leverage"]
    said = "unknown" if lever is None else _cell(found, "A", "leverage")
    table = Table(
        title=f"{a} and {b}, {found['year']}: leverage of {b} over {a} {said} (loss of {a} over loss of {b})",
        title_justify="left",
        caption=f"Hirschman {found['hirschman']:+.3g}, Liu-Yang {found['liu_yang']:+.3g} percentage points: "
        f"above zero, {b} has power over {a}. Estimates.",
        caption_justify="left",
    )
    table.add_column("")
    for head, side in ((a, "right"), ("", "left"), (b, "left")):
        table.add_column(head, justify=side)  # type: ignore[arg-type]
    for name, label in SIDES.items():
        left, right = found["sides"]["A"][name], found["sides"]["B"][name]
        texts = [_cell(found, side, name) for side in "AB"]
        table.add_row(label, texts[0], bar(left, right), texts[1])
    return table


def _cell(found: dict[str, Any], side: str, name: str) -> str:
    """Return a value and, where its ends print apart, its interval."""
    return within(found["sides"][side][name], found["intervals"][side].get(name), ".3g")


def bar(left: float, right: float) -> str:
    """Return two bars that meet in the middle, the longer one as long as a side is wide."""
    whole = max(abs(left), abs(right)) or 1.0
    here, there = (round(WIDTH * abs(one) / whole) for one in (left, right))
    return f"{'█' * here:>{WIDTH}}│{'█' * there:<{WIDTH}}"


def _sector_table(found: dict[str, Any]) -> Table:
    a, b = found["pair"]
    table = Table(
        title="Sectors that bear the loss of each, percent of its value added, factors fixed and mobile",
        title_justify="left",
    )
    for head in (a, "fixed", "mobile", b, "fixed", "mobile"):
        table.add_column(head, justify="left" if head in (a, b) else "right")
    ranked = [
        sorted(found["by_sector"], key=lambda row: -row["loss"]["short"][side])[:SHOWN] for side in "AB"
    ]
    for pair in zip(*ranked, strict=True):
        cells = [
            text
            for side, row in zip("AB", pair, strict=True)
            for text in (row["name"], *(_lost(row, when, side) for when in ("short", "long")))
        ]
        table.add_row(*cells)
    return table


def _lost(row: dict[str, Any], when: str, side: str) -> str:
    return within(row["loss"][when][side], row["intervals"][f"loss_{when}"][side], "+.2f")
