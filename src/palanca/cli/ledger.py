"""Commands on the ledger of pressure and response."""

import getpass
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, err, out, print_json

ledger = typer.Typer(
    no_args_is_help=True,
    help="The ledger of demands, threats, measures, answers and settlements: add, check, correct, exchange. "
    "Yours is one database, `ledger/ledger.sqlite` in your data folder; several may write to it at once, and "
    "`palanca ledger export FOLDER` makes a copy of it in text.",
)
Where = Annotated[
    Path | None,
    typer.Option(
        "--ledger", help="Ledger folder; default: yours, made from the shipped one when first written."
    ),
]
Who = Annotated[str | None, typer.Option(help="Who makes the change; default: your user name.")]
Why = Annotated[str, typer.Option(help="Why the change is made; the log keeps it.")]


@ledger.command("add")
def add(
    fields: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE...", help="Fields of the event, as the reference lists."),
    ],
    why: Why,
    who: Who = None,
    folder: Where = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Change fields of the event with this id instead.")
    ] = False,
    duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="Add even what looks like an act already told.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add one event, or correct one with --correct; the log keeps who, when and why.

    Dates are YYYY-MM-DD; several fronts or links are separated by semicolons.
    """
    from palanca.errors import InputError

    row = dict(_split(field) for field in fields)
    if correct:
        name = row.pop("id", None)
        if not name:
            raise InputError("Say which event is corrected: id=...")
        made = _carry_out(folder, lambda held: held.correct(name, row, **_signed(who, why)))
        _say({"corrected": [name], "events": len(made.events)}, as_json=as_json)
        return
    _enter([row], folder, _signed(who, why), allow=duplicates, as_json=as_json)


@ledger.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, JSON Lines or Parquet.")],
    why: Why,
    who: Who = None,
    folder: Where = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row that leaves the field empty.")
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="Import even what looks like an act already told.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import events from files, all or none; every fault of every row is listed at once."""
    from palanca.events import exchange

    defaults = dict(_split(field) for field in given or ())
    rows = [
        {**defaults, **{key: value for key, value in row.items() if value not in (None, "", [])}}
        for path in files
        for row in exchange.rows(path)
    ]
    _enter(rows, folder, _signed(who, why), allow=duplicates, as_json=as_json)


@ledger.command("check")
def check(
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="Ledger folder or events file; default: yours.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a ledger: schema, ids, links, sources, and the chain of its log; list every fault at once."""
    from palanca.errors import BadLedger
    from palanca.events import ledger as book

    faults = book.check(path) if path else []
    if faults:
        raise BadLedger(f"{path} has {len(faults)} faults:", faults)
    found = book.read(path) if path else _open(None)
    twice: list[dict[str, Any]] = [
        {"events": [one, other], "similarity": round(like, 2)}
        for one, other, like in book.duplicates(found.events)
    ]
    facts = {"events": len(found.events), "changes": len(found.log), "possible_duplicates": twice}
    if as_json:
        print_json(facts)
        return
    out.print(f"{facts['events']} events, {facts['changes']} changes, no faults.", highlight=False)
    for pair in twice:
        out.print(
            f"Perhaps one act told twice: {' and '.join(pair['events'])}", highlight=False, soft_wrap=True
        )


@ledger.command("repair")
def repair(
    path: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Ledger folder; default: yours.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Mend it; a copy of what was there is kept.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a ledger and what would mend it; with --write, mend it.

    What can be read is kept: lines of the log after one that does not hold are sealed anew and say so.
    """
    from palanca.events import repair as mending
    from palanca.events.own import own_folder

    folder = path or own_folder()
    found = mending.mend(folder) if write else mending.plan(folder)
    kept = str(found.kept) if found.kept else None
    facts = {"faults": found.faults, "steps": found.steps, "events": len(found.ledger.events), "copy": kept}
    if as_json:
        print_json(facts)
        return
    for head, lines in (("What is wrong:", found.faults), ("What mends it:", found.steps)):
        for line in [head, *(f"  - {line}" for line in lines)] if lines else ():
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    out.print(_outcome(found, folder), highlight=False, markup=False, soft_wrap=True)


def _outcome(found: Any, folder: Path) -> str:
    events = f"{len(found.ledger.events)} events"
    if not found.faults:
        return f"Nothing is wrong: {events}."
    if found.kept:
        return f"Mended: {events}. What was there is kept in {found.kept}."
    return f"Nothing was changed. To mend it, which leaves {events}: palanca ledger repair {folder} --write"


@ledger.command("log")
def log(
    event: Annotated[str | None, typer.Argument(metavar="ID", help="Only changes of this event.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many of the latest changes.")] = 20,
    folder: Where = None,
    as_json: AsJson = False,
) -> None:
    """Print the change log: who changed what, when and why, with the seal of each line."""
    from palanca.errors import InputError

    found = [change for change in _open(folder).log if event in (None, change.id)][-last:]
    if event and not found:
        raise InputError(f"No event is called {event!r}. `palanca ledger export` lists them.")
    if as_json:
        print_json([{**change.record(), "sha256": change.sha256} for change in found])
        return
    table = Table(title="Change log", title_justify="left")
    for head in ("no.", "when", "who", "act", "event", "why", "fields"):
        table.add_column(head)
    for one in found:
        table.add_row(
            str(one.number), one.when.isoformat(), one.who, one.act, one.id, one.why, ", ".join(one.fields)
        )
    out.print(table)


@ledger.command("export")
def export(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="File to write (.csv, .jsonl or .parquet), or a folder for events.csv and log.jsonl.",
        ),
    ],
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", help="Only the events of these two countries.")
    ] = None,
    folder: Where = None,
    as_json: AsJson = False,
) -> None:
    """Write the events to a file, all or those of a pair; to a folder, with the log of every change."""
    from palanca.catalogue import pair as two
    from palanca.catalogue.files import write
    from palanca.errors import InputError
    from palanca.events import exchange

    found = _open(folder)
    events: Sequence[Any] = found.events
    if pair:
        a, b = two(*pair)
        events = found.between(a.iso3, b.iso3)
    if path.suffix and not path.is_dir():
        write(path, exchange.content(events, path.suffix))
    elif pair:
        raise InputError("A folder takes the whole ledger with its log: name a file, or leave --pair out.")
    else:
        found.write(path)
    _say({"events": len(events), "file": str(path)}, as_json=as_json)


@ledger.command("links")
def links(
    accept: Annotated[
        tuple[str, str] | None, typer.Option("--accept", help="LATER EARLIER: write this link to the ledger.")
    ] = None,
    reject: Annotated[
        tuple[str, str] | None, typer.Option("--reject", help="LATER EARLIER: never suggest this link again.")
    ] = None,
    why: Annotated[str, typer.Option(help="Why it is accepted or rejected.")] = "Read by the analyst",
    who: Who = None,
    most: Annotated[int, typer.Option(min=1, help="How many suggestions to print.")] = 20,
    folder: Where = None,
    as_json: AsJson = False,
) -> None:
    """Print links between events that the rules suggest, or accept or reject one.

    Nothing enters the ledger by itself.
    """
    from palanca.events.episodes import suggestions

    def judged(found: Any) -> Any:
        if accept:
            found = found.link(*accept, **_signed(who, why))
        return found.reject(*reject, **_signed(who, why)) if reject else found

    found = _carry_out(folder, judged) if accept or reject else _open(folder)
    shown = suggestions(found.events, found.rejected)[:most]
    if as_json:
        print_json([{"later": one.later, "earlier": one.earlier, "score": one.score} for one in shown])
        return
    table = Table(title="Suggested links", title_justify="left")
    for head in ("score", "later", "earlier"):
        table.add_column(head)
    for one in shown:
        table.add_row(f"{one.score:.2f}", one.later, one.earlier)
    out.print(table)


def _split(field: str) -> tuple[str, str]:
    from palanca.errors import InputError

    name, equals, value = field.partition("=")
    if not equals:
        raise InputError(f"{field!r} is not FIELD=VALUE.")
    return name.strip(), value.strip()


def _who(given: str | None) -> str:
    return given or getpass.getuser()


def _signed(who: str | None, why: str) -> dict[str, Any]:
    return {"who": _who(who), "why": why, "when": date.today()}


def _open(folder: Path | None) -> Any:
    from palanca.errors import UnwritableFolder
    from palanca.events import own

    try:
        return own.ledger(folder, tell=_note)
    except PermissionError as error:
        raise UnwritableFolder(f"Cannot read {error.filename}: permission is denied.") from error


def _carry_out(folder: Path | None, act: Callable[[Any], Any]) -> Any:
    from palanca.errors import UnwritableFolder
    from palanca.events import own

    try:
        return own.carry_out(folder, act, tell=_note)
    except PermissionError as error:
        raise UnwritableFolder(f"Cannot write to {folder}: {error}. Choose another folder.") from error


def _note(message: str) -> None:
    err.print(message, highlight=False, markup=False, soft_wrap=True)


def _enter(
    rows: Sequence[dict[str, Any]], folder: Path | None, signed: dict[str, Any], *, allow: bool, as_json: bool
) -> None:
    from palanca.errors import BadEvent
    from palanca.events import ledger as book

    held: set[str] = set()

    def entered(before: Any) -> Any:
        made = before.add(rows, **signed)
        held.clear()
        held.update(event.id for event in before.events)
        twice = [pair for pair in book.duplicates(made.events) if not {pair[0], pair[1]} <= held]
        if twice and not allow:
            raise BadEvent(
                "Nothing was added: these look like acts told twice. Give --allow-duplicates to add them.",
                [f"{one} and {other} (titles alike to {like:.0%})" for one, other, like in twice],
            )
        return made

    made = _carry_out(folder, entered)
    added = [event.id for event in made.events if event.id not in held]
    _say({"added": added, "events": len(made.events)}, as_json=as_json)
    if not as_json:
        err.print("Briefs use it from the day in recorded_on; see `palanca brief --date`.", highlight=False)


def _say(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        said = ", ".join(value) if isinstance(value, list) else value
        out.print(f"{name}: {said}", highlight=False, soft_wrap=True)
