"""Commands on feeds of events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from palanca.cli.console import AsJson, err, out, print_json

app = typer.Typer(
    no_args_is_help=True, help="Events of others, such as GDELT's, in one store on this machine."
)
Store = Annotated[
    Path | None, typer.Option("--store", help="Folder of the store; default: in the user's data folder.")
]


@app.command("import")
def imported(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="As published: plain, zip or gz.")],
    form: Annotated[
        str | None, typer.Option("--format", help="gdelt1, gdelt2, icews, polecat or acled.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="YAML file that tells where your own columns are.")
    ] = None,
    store: Store = None,
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", help="Keep only events between these two countries.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a Dask cluster, tcp://HOST:PORT.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Threads, without a cluster; default: processors.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import files of events into a store: typed, each event once, one Parquet file per month.

    Malformed rows are counted and kept aside with their line and reason. An import that was killed goes
    on where it stopped when it is begun again with the same files.
    """
    from palanca import catalogue
    from palanca.catalogue.executors import executor
    from palanca.events.feeds import default_store, import_files

    layout = _layout(form, mapping)
    two = catalogue.pair(*pair) if pair else None
    with executor(scheduler, workers=workers, local="threads") as pool, _bar() as advance:
        done = import_files(
            files,
            layout,
            store or default_store(),
            pair=(two[0].iso3, two[1].iso3) if two else None,
            executor=pool,
            advance=advance,
        )
    if as_json:
        print_json(asdict(done))
        return
    _say(done)


def _layout(form: str | None, mapping: Path | None) -> Any:
    from palanca.errors import InputError
    from palanca.events.feeds import FORMATS, layout, layout_of

    if (form is None) == (mapping is None):
        raise InputError(f"Give --format ({', '.join(FORMATS)}) or --map FILE, one of the two.")
    if mapping is not None:
        return layout_of(mapping)
    return layout(str(form))


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show one bar per stage, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        yield advance


def _say(done: Any) -> None:
    known = f"; {done.skipped} were imported before" if done.skipped else ""
    bad = sum(done.malformed.values())
    lines = [
        f"{done.files} files read{known}: {done.lines:,} lines, {done.kept:,} events kept, "
        f"{done.outside:,} outside the pair, {bad:,} malformed.",
        f"The store holds {done.rows:,} events; {done.repeated:,} rows told of one that is there.",
        str(done.store),
    ]
    if bad:
        lines.insert(
            1, "Malformed: " + ", ".join(f"{why} {count:,}" for why, count in done.malformed.items())
        )
    out.print("\n".join(lines), highlight=False, soft_wrap=True)


@app.command("fetch")
def fetched(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path("gdelt"),
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="First day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day.")
    ] = None,
    latest: Annotated[bool, typer.Option("--latest", help="Only the newest quarter of an hour.")] = False,
    url: Annotated[str | None, typer.Option("--list", help="Another list of GDELT's form.")] = None,
    as_json: AsJson = False,
) -> None:
    """Download GDELT 2.0 files of events, checked against the size and MD5 of GDELT's own list.

    Files that are here whole are not fetched again, and a download that was cut off is resumed.
    """
    from palanca.errors import DownloadError, InputError
    from palanca.events.feeds import gdelt

    if not latest and since is None:
        raise InputError("Give --since, or --latest: the whole list is more than 300,000 files.")
    listing = gdelt.fetch_listing(url or (gdelt.LATEST if latest else gdelt.MASTER), folder)
    wanted = listing.between(since.date() if since else None, until.date() if until else None)
    with _bar() as advance:
        here: list[Path] = []
        faults: list[str] = []
        for count, one in enumerate(wanted, 1):
            got, lost = gdelt.fetch([one], folder)
            here, faults = here + got, faults + lost
            advance("fetching", count, len(wanted))
    if as_json:
        print_json(
            {
                "files": [str(path) for path in here],
                "faults": faults,
                "malformed_lines": [number for number, _ in listing.malformed],
            }
        )
    else:
        out.print(f"{len(here)} of {len(wanted)} files are in {folder}", highlight=False, soft_wrap=True)
        if listing.malformed:
            out.print(f"{len(listing.malformed)} lines of the list could not be read.", highlight=False)
    if faults:
        raise DownloadError(f"{len(faults)} files could not be had:", faults)


@app.command("status")
def status(store: Store = None, as_json: AsJson = False) -> None:
    """Print what a store holds: files imported, rows by month, malformed rows and where they are."""
    from palanca.events.feeds import default_store, months, records

    folder = store or default_store()
    files, held = records(folder), months(folder)
    if as_json:
        print_json(
            {
                "store": str(folder),
                "unfinished": (folder / ".unfinished").exists(),
                "rows": sum(month.rows for month in held),
                "months": {month.name: month.rows for month in held},
                "files": files,
            }
        )
        return
    table = Table(title=f"Files imported into {folder}", title_justify="left")
    for head in ("file", "feed", "pair", "lines", "kept", "outside", "malformed", "kept aside in"):
        table.add_column(
            head, justify="right" if head in ("lines", "kept", "outside", "malformed") else "left"
        )
    for one in files:
        counts = (one["lines"], one["kept"], one["outside"], sum(one["malformed"].values()))
        pair = " ".join(one["pair"] or ())
        cells = (one["file"], one["feed"], pair, *(f"{count:,}" for count in counts))
        table.add_row(*cells, one["malformed_file"] or "")
    out.print(table)
    span = f", {held[0].name} to {held[-1].name}" if held else ""
    out.print(f"{sum(month.rows for month in held):,} events in {len(held)} months{span}", highlight=False)
    if (folder / ".unfinished").exists():
        again = f"begin it again with the same files, or delete {folder / '.unfinished'}"
        out.print(f"An import did not end: {again}.", highlight=False)
