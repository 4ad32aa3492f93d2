"""The command line: one command per stage.

Results go to standard output, everything else to standard error.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from palanca import __version__
from palanca.cli import check, diversify, events, feeds, ledger, measures, posture, power, response
from palanca.cli.console import (
    OLDEST,
    AsJson,
    AsOf,
    Commands,
    catalogue,
    err,
    out,
    print_json,
    steps,
    two_names,
)
from palanca.cli.suggest import suggest

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Geoeconomic and foreign-policy risk between any two countries, in numbers that can be checked.",
)
data = typer.Typer(
    no_args_is_help=True, help="The tables behind every number: what is on file, and how to renew it."
)
cache = typer.Typer(no_args_is_help=True, help="Results that were slow to make and are kept.")
app.command("measures")(measures.listed)
app.command("simulate")(measures.simulate)
app.command("power")(power.power)
app.command("diversify")(diversify.diversify)
app.command("chokepoints")(diversify.chokepoints)
app.command("events")(events.events)
ledger.ledger.command("suggest")(suggest)
app.add_typer(ledger.ledger, name="ledger")
app.add_typer(feeds.app, name="feed")
app.command("posture")(posture.posture)
app.command("response")(response.response)
app.command("check")(check.check)
app.add_typer(data, name="data")
app.add_typer(cache, name="cache")


SELDOM = 50_000  # new objects before garbage is looked for; Python's own 700 take a tenth of a brief's time
OF_TRADE = ("trade_ratios", "trade_totals", "customs_imports", "gdp")


class Lang(StrEnum):
    """Languages of a brief."""

    EN = "en"
    ES = "es"


First = Annotated[
    str | None, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")
]
Second = Annotated[str | None, typer.Argument(metavar="PARTNER", help="The country it is exposed to.")]


def main() -> None:
    """Run the command line.

    Linear algebra takes one thread, for our arrays are small and run side by side; garbage is looked for
    seldom, for nearly all that a command makes lives until it ends.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(SELDOM)
    app()


def _version(*, wanted: bool) -> None:
    if wanted:
        out.print(f"palanca {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=lambda value: _version(wanted=value))
    ] = False,
) -> None:
    pass


@app.command()
def brief(
    country: First = None,
    partner: Second = None,
    lang: Annotated[list[Lang] | None, typer.Option("--lang", help="Write only this language.")] = None,
    as_of: AsOf = None,
    folder: Annotated[
        Path, typer.Option("--out", help="Folder to write to, in place of an earlier brief.")
    ] = Path("out"),
    title: Annotated[str | None, typer.Option(help="Title in place of the two names.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Author; repeat for several.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the brief on a pair of countries: pages, claims, tables, manifest.

    Without countries it takes the pair of the settings. Names, ISO2 and ISO3 codes are accepted.
    """
    from palanca.brief.drawing import Studio
    from palanca.catalogue.files import require_writable

    require_writable(folder)
    languages = [item.value for item in dict.fromkeys(lang or list(Lang))]
    with Studio(languages) as studio:  # type: ignore[arg-type]
        made, written, removed = _written((country, partner), as_of, folder, studio, (title, author or ()))
    _say_brief(made, folder, (written, removed), as_json=as_json)


def _written(
    pair_of: tuple[str | None, str | None], as_of: Any, folder: Path, studio: Any, heading: tuple[Any, Any]
) -> tuple[Any, list[str], list[str]]:
    """Return the brief, and the names of the files written and taken away; the engine that draws warms up."""
    from palanca.brief import brief as compile_brief
    from palanca.catalogue import pair
    from palanca.catalogue.publication import publish
    from palanca.posture.states import require_present

    names = two_names(*pair_of, "brief")
    require_present(*names)
    catalogue(as_of, *OLDEST)
    with steps(2 + len(studio.languages)) as step:
        step("measuring and checking")
        made = compile_brief(
            *pair(*names),
            as_of=as_of.date() if as_of else None,
            title=heading[0],
            authors=heading[1],
            seen=lambda section: studio.take(section.charts),
        )
        from palanca.brief.render import files  # its charts are being drawn by now

        contents = files(made, studio, step)
        step("writing")
        return made, list(contents), list(publish(contents, folder))


def _say_brief(made: Any, folder: Path, files: tuple[list[str], list[str]], *, as_json: bool) -> None:
    names, removed = files
    facts = {
        "country": made.case.a.iso3,
        "partner": made.case.b.iso3,
        "as_of": made.case.tables.as_of.isoformat(),
        "claims": len(made.claims),
        "left_out": len(made.dropped),
        "charts": sum(len(section.charts) for section in made.body),
        "files": [str(folder / name) for name in names],
        "removed": [str(folder / name) for name in removed],
    }
    if as_json:
        print_json(facts)
        return
    if removed:
        err.print(f"{len(removed)} files of an earlier brief there were taken away.", highlight=False)
    pages = [str(folder / name) for name in names if name.endswith(".html")]
    out.print(
        f"{facts['claims']} claims, {facts['charts']} charts, {facts['left_out']} sentences left out "
        f"for want of data (data to {facts['as_of']}).\nOpen {' or '.join(pages)}",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def exposure(
    country: First = None,
    partner: Second = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
) -> None:
    """Print how exposed a country is to a partner, and the partner to it.

    Names that start with partner_ are the same measure with the two countries exchanged.
    """
    from palanca.catalogue.export import csv_of
    from palanca.exposure import exposure as measure
    from palanca.exposure.records import record, rows

    found = measure(*two_names(country, partner, "exposure"), catalogue=catalogue(as_of, *OF_TRADE))
    if as_json:
        print_json(record(found))
    elif as_csv:
        lines = rows(found)
        sys.stdout.write(csv_of(list(lines[0]), lines).decode())
    else:
        out.print(_exposure_table(found))


def _exposure_table(found: Any) -> Table:
    from palanca.exposure.records import rows

    table = Table(
        title=f"{found.country.name.en} → {found.partner.name.en}, data to {found.as_of}",
        title_justify="left",
    )
    for head in ("figure", "value", "unit", "of", "below it: countries", "own past", "table"):
        table.add_column(
            head, justify="right" if head in ("value", "below it: countries", "own past") else "left"
        )
    for row in rows(found):
        table.add_row(
            row["name"],
            "unknown" if row["value"] is None else f"{row['value']:,.2f}",
            row["unit"],
            row["period"],
            _percent(row["percentile"]),
            _percent(row["own_past_percentile"]),
            row["table"],
        )
    return table


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"


@data.command("build")
def data_build(
    raw: Annotated[Path, typer.Option(help="Folder of raw files, laid out as the source descriptions say.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where the tables go; default: the user's data folder.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; repeat for several.")] = None,
    as_json: AsJson = False,
) -> None:
    """Derive the tables from raw files, byte for byte the same each time.

    The effects of measures are solved, not read: minutes of work, which is done, and taken up again where
    it was stopped, only with --source simulated_measures.
    """
    from palanca.catalogue.build import build, chosen
    from palanca.catalogue.folders import user_data
    from palanca.cli import solving

    target, only = folder or user_data() / "tables", source or []
    number = sum(len(one.tables) for one in chosen(only)) + solving.count(only)
    with steps(number) as step, solving.derivations(only, step) as slow:
        known = {**every_derivation(), **slow}
        built = build(raw, target, only=only, derivations=known, done=lambda one: step(one.table))
    if as_json:
        print_json([{"table": one.table, "rows": one.rows, "bytes": one.size} for one in built])
        return
    size = sum(one.size for one in built) / 1e6
    out.print(f"{len(built)} tables, {size:.1f} MB, written to {target}", highlight=False, soft_wrap=True)


def every_derivation() -> dict[str, Any]:
    """Return how every table is derived, whichever layer knows it."""
    from palanca.catalogue.clean import DERIVATIONS
    from palanca.economy.derive import derivations
    from palanca.events import record
    from palanca.exposure import dyads, first_moves
    from palanca.posture.derive import derivations as of_posture

    world = derivations()
    pairs = {**dyads.derivations(world), **first_moves.derivations(world)}
    return {**DERIVATIONS, **world, **pairs, **record.derivations(), **of_posture()}


@data.command("status")
def data_status(as_json: AsJson = False) -> None:
    """Print every table with its vintage, rows, licence and age."""
    from palanca.catalogue import status

    found = status.status(date.today())
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    table = Table(title="Tables on file", title_justify="left")
    for head in ("table", "rows", "last period", "vintage", "age, days", "licence", "from"):
        table.add_column(head, justify="right" if head in ("rows", "age, days") else "left")
    for one in found:
        where = "your data folder" if one.local else "the package"
        table.add_row(
            one.table, f"{one.rows:,}", one.last_period, one.vintage, str(one.age_days), one.licence, where
        )
    out.print(table)


@data.command("fetch")
def data_fetch(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Sources, as `palanca data sources` lists them.")
    ],
    as_json: AsJson = False,
) -> None:
    """Download sources from their publishers and derive their tables into the user's data folder.

    A download that was cut off is resumed; every file is checked against its hash.
    """
    from palanca.catalogue.renew import renew

    with _downloads() as advance:
        built = renew(names, derivations=every_derivation(), advance=advance)
    if as_json:
        print_json([{"table": one.table, "rows": one.rows, "bytes": one.size} for one in built])
        return
    out.print(
        f"{len(built)} tables renewed: {', '.join(one.table for one in built)}",
        highlight=False,
        soft_wrap=True,
    )


@contextmanager
def _downloads() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show one bar per file, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, total: int | None) -> None:
            task = tasks.setdefault(name, None) or progress.add_task(name)
            tasks[name] = task
            progress.update(task, completed=done, total=total)

        yield advance


@data.command("sources")
def data_sources(as_json: AsJson = False) -> None:
    """Print every source: publisher, licence, tables, and whether it can be fetched."""
    from palanca.catalogue.sources import sources

    if as_json:
        print_json([source.model_dump(mode="json") for source in sources().values()])
        return
    table = Table(title="Sources", title_justify="left")
    for head in ("source", "publisher", "licence", "tables", "fetch"):
        table.add_column(head)
    for source in sources().values():
        whole = bool(source.files) and all(file.url for file in source.files)
        table.add_row(
            source.name,
            source.publisher,
            source.licence.name,
            ", ".join(source.tables),
            "yes" if whole else "by hand",
        )
    out.print(table)


@cache.command("status")
def cache_status(as_json: AsJson = False) -> None:
    """Print what the cache holds and where it lies."""
    from palanca.catalogue import results

    _say_cache(results.usage(), "held", as_json=as_json)


@cache.command("clear")
def cache_clear(as_json: AsJson = False) -> None:
    """Delete every cached result; they are made again when needed."""
    from palanca.catalogue import results

    _say_cache(results.clear(), "deleted", as_json=as_json)


def _say_cache(usage: list[Any], what: str, *, as_json: bool) -> None:
    from palanca.catalogue.folders import user_cache

    if as_json:
        kinds = {one.kind: {"results": one.results, "bytes": one.size} for one in usage}
        print_json({"folder": str(user_cache()), "kinds": kinds})
        return
    for one in usage:
        out.print(f"{one.kind}: {one.results} results, {one.size / 1e6:.1f} MB {what}", highlight=False)
    if not usage:
        out.print(f"Nothing {what}.", highlight=False)
    out.print(str(user_cache()), highlight=False, soft_wrap=True)
