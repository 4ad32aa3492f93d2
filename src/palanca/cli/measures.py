"""Commands on what governments do, and what it would cost."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from palanca.cli.console import AsJson, out, print_json, steps

Names = Annotated[
    list[str], typer.Argument(metavar="MEASURE...", help="Names, as `palanca measures` lists them.")
]
HEADLINE = "real_income_pct"
SHOWN = (HEADLINE, "real_wage_pct", "exports_pct", "imports_pct")


def listed(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Show this measure whole.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the measures on file, or show one whole: clauses, dates, legal basis, sources."""
    from palanca.trade.measure import measure, measures

    if name:
        print_json(measure(name).model_dump(mode="json", exclude_none=True))
        return
    found = measures()
    if as_json:
        print_json([one.model_dump(mode="json", exclude_none=True) for one in found.values()])
        return
    table = Table(title=f"{len(found)} measures on file", title_justify="left")
    for head in ("name", "from", "status", "title"):
        table.add_column(head)
    for one in found.values():
        table.add_row(one.name, one.start.isoformat(), one.status, one.title.en)
    out.print(table)


def simulate(
    names: Names,
    horizon: Annotated[
        Literal["long", "short", "both"],
        typer.Option(help="Mobile factors, factors fixed in their sectors, or both."),
    ] = "both",
    deficits: Annotated[
        Literal["fixed", "zero"], typer.Option(help="Trade deficits: fixed, or none at all.")
    ] = "fixed",
    draws: Annotated[
        int, typer.Option(min=0, help="Draws between published elasticities; none gives no interval.")
    ] = 0,
    countries: Annotated[
        list[str] | None, typer.Option(help="Report this country; repeat for several.")
    ] = None,
    by: Annotated[
        Literal["country", "sector"], typer.Option(help="Report countries, or output by sector.")
    ] = "country",
    court: Annotated[bool, typer.Option(help="Set the result beside published estimates of others.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Also write the effects as CSV to this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Solve measures together on the world economy of 2022 and print what they change, in percent.

    Final demand by destination is an estimate in that world. Real income is the exact change; intervals are
    the 5th and 95th percentile over draws between published elasticities.
    """
    from palanca.catalogue import country
    from palanca.economy import economy
    from palanca.trade.measure import measure
    from palanca.trade.problem import Closure, Deficits, Horizon
    from palanca.trade.simulation import estimates
    from palanca.trade.simulation import simulate as solve

    acts = [measure(name) for name in names]
    shown = [country(name).iso3 for name in countries or ()]
    horizons = list(Horizon) if horizon == "both" else [Horizon(horizon)]
    with steps(3) as step:
        step("loading the world of 2022")
        world = economy(2022)
        step("solving")
        closures = [Closure(one, Deficits(deficits)) for one in horizons]
        found = solve(acts, world, closures=closures, countries=shown, number=draws)
        step("comparing")
        judged = _judged(acts, world, estimates(world)) if court else None
    _save(found, folder)
    if as_json:
        print_json(_record(found, judged))
    else:
        out.print(_sector_table(found) if by == "sector" else _country_table(found))
        _say_court(judged)


def _judged(acts: list[Any], world: Any, known: Any) -> Any:
    from palanca.errors import InputError
    from palanca.trade.court import court

    if len(acts) != 1:
        raise InputError("Published estimates are of one measure each: name one with --court.")
    return court(acts[0], world, known)


def _save(found: Any, folder: Path | None) -> None:
    from palanca.catalogue.files import write_all

    if folder:
        frames = {"effects.csv": found.effects, "sectors.csv": found.sectors}
        write_all(folder, {name: frame.write_csv().encode() for name, frame in frames.items()})


def _record(found: Any, judged: Any) -> dict[str, Any]:
    return {
        "measures": [act.name for act in found.measures],
        "economy": found.economy.name,
        "numeraire": "world factor income",
        "residual": found.residual,
        "effects": found.effects.to_dicts(),
        "sectors": found.sectors.to_dicts(),
        "failed_draws": found.failed.height,
        "court": None
        if judged is None
        else {"beside": judged.beside.to_dicts(), "choices": judged.effects.to_dicts()},
    }


def _country_table(found: Any) -> Table:
    title = f"{' + '.join(act.name for act in found.measures)} on {found.economy.name}, percent"
    table = Table(
        title=title, title_justify="left", caption="; ".join(found.residual), caption_justify="left"
    )
    for head in ("country", "effect", "horizon", "value", "interval"):
        table.add_column(head, justify="right" if head in ("value", "interval") else "left")
    for row in found.effects.to_dicts():
        if row["quantity"] in SHOWN:
            low, high = row.get("lower"), row.get("upper")
            interval = "" if low is None else f"{low:+.2f} to {high:+.2f}"
            label = row["quantity"].removesuffix("_pct").replace("_", " ")
            table.add_row(row["country"], label, row["horizon"], f"{row['value']:+.2f}", interval)
    return table


def _sector_table(found: Any) -> Table:
    table = Table(title="Change of the quantity produced, percent", title_justify="left")
    wide = found.sectors.pivot("country", index=["horizon", "sector"], values="output_pct")
    for head in wide.columns:
        table.add_column(head, justify="left" if head in ("horizon", "sector") else "right")
    for row in wide.iter_rows():
        table.add_row(*(cell if isinstance(cell, str) else f"{cell:+.2f}" for cell in row))
    return table


def _say_court(judged: Any) -> None:
    if judged is None:
        return
    table = Table(title="Beside published estimates", title_justify="left")
    for head in ("country", "outcome", "publisher", "published", "ours", "least", "most"):
        table.add_column(head)
    for row in judged.beside.to_dicts():
        ours = [row["on_its_horizon"], row["least"], row["most"]]
        cells = ["" if value is None else f"{value:+.2f}" for value in ours]
        table.add_row(
            row["country"], row["outcome"], row["publisher"], f"{row['value']:+.2f} {row['unit']}", *cells
        )
    out.print(table)
