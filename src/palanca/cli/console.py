"""What every command shares: where it prints, how it shows progress, how it ends on a fault."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from palanca.errors import PalancaError

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Use only rows public on that day."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
WIDE = 160  # columns where nobody looks at a terminal
OLDEST = (
    "vote_agreement",
    "trade_ratios",
    "gdp",
    "ledger_events",
)  # tables that begin first, each of its kind
out = Console(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)


class Heard(logging.Handler):
    """Prints what the log tells on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        err.print(record.getMessage(), highlight=False, markup=False, soft_wrap=True)


def hear() -> None:
    """Print how files of others were read, where that is not as usual."""
    log = logging.getLogger("palanca")
    log.setLevel(logging.INFO)
    if not log.handlers:
        log.addHandler(Heard())


def two_names(country: str | None, partner: str | None, command: str) -> tuple[str, str]:
    """Return the two names, both from the settings when neither is given.

    Raises:
        InputError: one alone.
    """
    from palanca.catalogue.settings import default_pair
    from palanca.errors import InputError

    if country is not None and partner is not None:
        return country, partner
    if country is not None:
        raise InputError(f"One country is not a pair. Try: palanca {command} {country} PARTNER")
    return default_pair()


def catalogue(as_of: datetime | None, *needed: str) -> Any:
    """Return the tables as they were public on a day, or on the day of the cut-off.

    Raises:
        InputError: on that day none of the tables needed had a row yet, or it has not come.
    """
    from palanca.catalogue import Catalogue
    from palanca.catalogue.reach import require_reached

    if as_of is None:
        return Catalogue()
    require_reached(as_of.date(), needed)
    return Catalogue(as_of.date())


class Commands(TyperGroup):
    """Commands that answer a known fault with one message and exit code 2, and Ctrl-C with 130."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; no traceback for a fault of the input or a stop by the user."""
        hear()
        try:
            return super().invoke(ctx)
        except PalancaError as error:
            err.print(f"[bold red]Error:[/] {_escape(str(error))}", highlight=False, soft_wrap=True)
            raise typer.Exit(2) from error
        except BrokenPipeError:  # whoever read what we print has had enough
            raise
        except OSError as error:
            told = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            err.print(f"[bold red]Error:[/] {_escape(told)}. Choose another file or folder.", highlight=False)
            raise typer.Exit(2) from error
        except KeyboardInterrupt as stop:
            err.print("Stopped. Nothing was left half-written.")
            raise typer.Exit(130) from stop


def _escape(text: str) -> str:
    return text.replace("[", r"\[")


def within(value: float, ends: Sequence[float] | None, form: str) -> str:
    """Return a value and, where its ends print apart, the interval around it."""
    told, *said = (_unsigned(one, form) for one in (value, *(ends or ())))
    return f"{told} ({said[0]} to {said[1]})" if len(set(said)) > 1 else told


def _unsigned(value: float, form: str) -> str:
    """Return a number without the sign of a zero."""
    said = format(value, form)
    return said if float(said.replace(",", "")) else format(0.0, form)


def print_json(content: Any) -> None:
    """Print content as JSON on standard output."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar that moves one step at each call, on a terminal only."""
    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda what: progress.update(task, description=what, advance=1)
