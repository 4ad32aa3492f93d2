"""Commands on what governments do, and what it would cost."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from palanca.cli.console import AsJson, out, print_json, steps, within

Names = Annotated[
    list[str],
    typer.Argument(metavar="MEASURE...", help="Names, as `palanca measures` lists them, or YAML files."),
]
World = Annotated[
    str,
    typer.Option("--economy", help="2022, totals-2023, or a long table (CSV, Parquet) named by year."),
]
Thetas = Annotated[
    Path | None,
    typer.Option(help="CSV with study, sector and value (θ), in place of the published studies."),
]
Horizons = Annotated[
    Literal["long", "short", "both"],
    typer.Option(help="Mobile factors, factors fixed in their sectors, or both."),
]
Balance = Annotated[
    Literal["fixed", "zero"],
    typer.Option(help="Trade deficits: fixed, which intervals draw beside none, or none at all."),
]
Draws = Annotated[int, typer.Option(min=0, help="Draws of all that is uncertain; none gives no interval.")]
Reported = Annotated[list[str] | None, typer.Option(help="Report this country; repeat for several.")]
By = Annotated[Literal["country", "sector"], typer.Option(help="Report countries, or output by sector.")]
Judged = Annotated[
    bool | None,
    typer.Option(help="Set one measure beside published estimates; by default where there are any."),
]
Claims = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM",
        help="Take claims of a preference from this month where a measure exempts them.",
    ),
]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a Dask cluster that solves, for one tcp://10.0.0.1:8786.")
]
Folder = Annotated[Path | None, typer.Option("--out", help="Also write the effects as CSV to this folder.")]
Ground = Annotated[
    Literal["law", "base"] | None,
    typer.Option(
        help="Solve on top of all law in force, or on the world economy alone; by default as the brief."
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Day of the states and of the law; by default the last of the data.",
    ),
]
HEADLINE = "real_income_pct"
SHOWN = (HEADLINE, "real_wage_pct", "exports_pct", "imports_pct", "tariff_revenue_income_pct")


def listed(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Show this measure, or YAML file, whole.")
    ] = None,
    day: Day = None,
    as_json: AsJson = False,
) -> None:
    """List the measures on file and those made from data, or show one whole, with its state on a day.

    A state is proposed, in force, suspended, struck down, ended or superseded, each with its source. The law
    of the day is what a measure that is still ahead is solved on top of.
    """
    from palanca.trade.measure import measure, measures
    from palanca.trade.preferences import endings
    from palanca.trade.validity import require_known

    when = _day(day)
    if name is not None:
        shown = measure(name)
        require_known(shown)
        print_json(_stated(shown, when))
        return
    found = [*measures().values(), *endings(when).values()]
    if as_json:
        print_json([_stated(one, when) for one in found])
    else:
        out.print(_listing(found, when))


def _day(given: datetime | None) -> date:
    from palanca.catalogue.snapshot import cutoff

    return given.date() if given else cutoff()


def _stated(one: Any, day: date) -> dict[str, Any]:
    state = one.state(day)
    return {**one.model_dump(mode="json", exclude_none=True), "state": {"day": day.isoformat(), "is": state}}


def _listing(found: list[Any], day: date) -> Table:
    from palanca.trade.law import law

    basis = {one.name for one in law(day)}
    table = Table(
        title=f"{len(found)} measures, and their state on {day}",
        title_justify="left",
        caption="* the law that measures still ahead are solved on top of",
        caption_justify="left",
    )
    for head in ("name", "from", "state", "title"):
        table.add_column(head)
    for one in found:
        mark = " *" if one.name in basis else ""
        table.add_row(one.name, one.start.isoformat(), f"{one.state(day) or 'not yet'}{mark}", one.title.en)
    return table


def simulate(
    names: Names,
    world: World = "2022",
    elasticities: Thetas = None,
    horizon: Horizons = "both",
    deficits: Balance = "fixed",
    draws: Draws = 200,
    countries: Reported = None,
    by: By = "country",
    court: Judged = None,
    claims: Claims = None,
    on_top_of: Ground = None,
    day: Day = None,
    scheduler: Scheduler = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Solve measures together on a world economy and print what they change, in percent.

    Measures that are still ahead are solved on top of all law in force on the day, the difference of two
    solves; others, and any with --on-top-of base, on the world economy alone.

    The split of services by sector is an estimate in the world of 2022. Real income is the exact change;
    intervals are the 5th and 95th percentile over draws of all that is uncertain, taken as far as the value.
    """
    from palanca.catalogue import country
    from palanca.catalogue.executors import executor
    from palanca.catalogue.files import require_writable
    from palanca.economy import economy
    from palanca.trade.closure import Closure, Deficits, Horizon
    from palanca.trade.elasticities import read
    from palanca.trade.law import Ground
    from palanca.trade.simulation import Sampling
    from palanca.trade.simulation import simulate as solve
    from palanca.trade.validity import fitting
    from palanca.trade.variants import claiming

    if folder:
        require_writable(folder)
    shown = [country(name).iso3 for name in countries or ()]
    horizons = list(Horizon) if horizon == "both" else [Horizon(horizon)]
    closures = [Closure(one, Deficits(deficits)) for one in horizons]
    with steps(3) as step:
        step("loading the world economy")
        before = economy(world)
        acts = [claiming(act, claims) if claims else act for act in fitting(names, before)]
        ground = Ground(before, _base(acts, on_top_of, _day(day)))
        sampling = Sampling(draws, read(elasticities, before) if elasticities else None)
        with executor(scheduler, local="threads") as pool:
            step(f"solving, with {draws} draws" if draws else "solving")
            found = solve(acts, ground, closures=closures, countries=shown, sampling=sampling, executor=pool)
            step("comparing with published estimates")
            judged = _judged(acts, found, pool, wanted=court)
    _save(found, judged, folder)
    if as_json:
        print_json(_record(found, judged))
    else:
        out.print(_sector_table(found) if by == "sector" else _country_table(found), *_part_tables(found))
        _say_court(judged)
        out.print(*(f"* {said}" for said in found.economy.assumptions), sep="\n", style="dim")


def _base(acts: list[Any], wanted: str | None, day: date) -> tuple[Any, ...]:
    """Return what the measures are solved on top of: the law of the day where all of them are ahead of it."""
    from palanca.trade.law import ahead, law

    on_law = wanted == "law" if wanted else all(ahead(act, day) for act in acts)
    return tuple(one for one in law(day) if one not in acts) if on_law else ()


def _judged(acts: list[Any], found: Any, pool: Any, *, wanted: bool | None) -> Any:
    from palanca.errors import InputError
    from palanca.trade.court import court, judged
    from palanca.trade.law import Ground

    if wanted and len(acts) != 1:
        raise InputError("Published estimates are of one measure each: name one with --court.")
    if wanted is False or len(acts) != 1 or not (wanted or judged(acts[0])):
        return None
    return court(acts[0], Ground(found.economy, found.base), found.elasticities, executor=pool)


def _save(found: Any, judged: Any, folder: Path | None) -> None:
    from palanca.catalogue.export import csv_of_frame
    from palanca.catalogue.files import write_all

    if folder:
        frames = {"effects.csv": found.effects, "sectors.csv": found.sectors}
        if judged is not None:
            frames |= {"court.csv": judged.beside, "choices.csv": judged.effects}
        contents = {name: csv_of_frame(frame) for name, frame in frames.items()}
        write_all(folder, contents, gone=("court.csv", "choices.csv"))  # of an earlier run


def _record(found: Any, judged: Any) -> dict[str, Any]:
    return {
        "measures": [act.name for act in found.measures],
        "economy": found.economy.name,
        "on_top_of": {"kind": "law" if found.base else "base", "measures": [act.name for act in found.base]},
        "assumptions": list(found.economy.assumptions),
        "numeraire": "world factor income",
        "residual": found.residual,
        "effects": found.effects.to_dicts(),
        "parts": found.parts.to_dicts(),
        "sectors": found.sectors.to_dicts(),
        "failed_draws": found.failed.height,
        "court": None
        if judged is None
        else {"beside": judged.beside.to_dicts(), "choices": judged.effects.to_dicts()},
    }


def _country_table(found: Any) -> Table:
    ground = f"{found.economy.name} with the law in force" if found.base else found.economy.name
    title = f"{' + '.join(act.name for act in found.measures)} on {ground}, percent"
    table = Table(
        title=title, title_justify="left", caption="; ".join(found.residual), caption_justify="left"
    )
    for head in ("country", "effect", "horizon", "value", "interval"):
        table.add_column(head, justify="right" if head in ("value", "interval") else "left")
    for row in found.effects.to_dicts():
        if row["quantity"] in SHOWN:
            low, high = row.get("lower"), row.get("upper")
            interval = "" if low is None else f"{low:+.2f} to {high:+.2f}"
            table.add_row(
                row["country"], _label(row["quantity"]), row["horizon"], f"{row['value']:+.2f}", interval
            )
    return table


def _label(quantity: str) -> str:
    return (
        quantity.removesuffix("_pct")
        .removesuffix("_income" if "revenue" in quantity else "")
        .replace("_", " ")
    )


def _sector_table(found: Any) -> Table:
    table = Table(title="Change of the quantity produced, percent", title_justify="left")
    rows: dict[tuple[str, str], list[str]] = {}
    for row in found.sectors.to_dicts():
        ends = None if row.get("lower") is None else (row["lower"], row["upper"])
        rows.setdefault((row["horizon"], row["sector"]), []).append(within(row["output_pct"], ends, "+.2f"))
    for head in ("horizon", "sector", *dict.fromkeys(found.sectors["country"])):
        table.add_column(head, justify="left" if head in ("horizon", "sector") else "right")
    for keys, cells in rows.items():
        table.add_row(*keys, *cells)
    return table


def _part_tables(found: Any) -> Iterator[Table]:
    """Yield what each part of what is uncertain does alone, where anything was drawn."""
    told: dict[tuple[str, ...], dict[str, str]] = {}
    for row in found.parts.to_dicts():
        if row["quantity"] in SHOWN:
            keys: tuple[str, ...] = (row["country"], _label(row["quantity"]), row["horizon"])
            told.setdefault(keys, {})[row["part"]] = f"{row['lower']:+.2f} to {row['upper']:+.2f}"
    if not told:
        return
    table = Table(title="By part of what is uncertain, percent", title_justify="left")
    parts = list(dict.fromkeys(part for cells in told.values() for part in cells))
    for head in ("country", "effect", "horizon", *parts):
        table.add_column(head, justify="right" if head in parts else "left")
    for keys, cells in told.items():
        table.add_row(*keys, *(cells.get(part, "") for part in parts))
    yield table


def _say_court(judged: Any) -> None:
    if judged is None:
        return
    table = Table(title="Beside published estimates", title_justify="left")
    for head in ("country", "outcome", "publisher", "published", "ours, percent", "least", "most", "sign"):
        table.add_column(head)
    for row in judged.beside.to_dicts():
        ours = [row["on_its_horizon"], row["least"], row["most"]]
        cells = ["" if value is None else f"{value:+.2f}" for value in ours]
        published = f"{row['value']:+.2f} {row['unit']}"
        sign = {True: "other", False: "same", None: ""}[row["other_sign"]]
        table.add_row(row["country"], row["outcome"], row["publisher"], published, *cells, sign)
    out.print(table)
