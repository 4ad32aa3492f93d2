"""The command that prints events of the ledger, or the episodes they make."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, catalogue, out, print_json


def events(
    country: Annotated[
        str, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")
    ],
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The other country.")],
    front: Annotated[str | None, typer.Option(help="Only this front, main or further.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind of act.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only from this day on."),
    ] = None,
    as_episodes: Annotated[
        bool, typer.Option("--episodes", help="Print episodes: pressure, answers, outcome.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only what was public on that day."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the events of a pair of countries, or the episodes they make.

    An episode is one matter: the acts of pressure that links join on it, their answers and its outcome.
    """
    from palanca.catalogue import pair
    from palanca.events import exchange, record
    from palanca.events.settlement import episodes

    _known(front, kind)
    tables = catalogue(as_of, "ledger_events")
    a, b = pair(country, partner)
    first = since.date() if since else date.min
    found = _some(record.between(tables, a.iso3, b.iso3), a, b)
    if as_episodes:
        shown = [one for one in episodes(found, a.iso3, b.iso3) if _fits(one.pressure, front, kind, first)]
        print_json([one.record() for one in shown]) if as_json else out.print(_episode_table(shown))
        return
    chosen = [event for event in found if _fits(event, front, kind, first)]
    print_json([exchange.filled(event) for event in chosen]) if as_json else out.print(_event_table(chosen))


def _some(found: Sequence[Any], a: Any, b: Any) -> Sequence[Any]:
    """Return events, unless there are none: their absence from a ledger tells nothing of the two."""
    from palanca.errors import InputError

    if not found:
        raise InputError(
            f"The ledger has no events of {a.name.en} and {b.name.en} on that day. Add them with "
            "`palanca ledger add` or `palanca ledger import`."
        )
    return found


def _known(front: str | None, kind: str | None) -> None:
    from palanca.errors import InputError
    from palanca.events.event import vocabulary

    told = vocabulary()
    for word, known, what in ((front, told.fronts, "front"), (kind, told.kinds, "kind")):
        if word is not None and word not in known:
            raise InputError(f"No {what} is called {word!r}. Known: {', '.join(known)}.")


def _fits(event: Any, front: str | None, kind: str | None, first: date) -> bool:
    return (
        (front is None or front in event.fronts)
        and (kind is None or kind == event.kind)
        and event.date >= first
    )


def _event_table(found: Iterable[Any]) -> Table:
    table = Table(title="Events", title_justify="left")
    for head in ("date", "actor", "target", "kind", "front", "instrument", "title"):
        table.add_column(head)
    for one in found:
        table.add_row(
            one.date.isoformat(), one.actor, one.target, one.kind, one.front, one.instrument, one.title
        )
    return table


def _episode_table(found: Iterable[Any]) -> Table:
    table = Table(title="Episodes", title_justify="left")
    heads = (
        "pressure",
        "front",
        "first answer",
        "days",
        "strongest answer",
        "days",
        "outcome",
        "days",
        "events",
    )
    for head in heads:
        table.add_column(head, justify="right" if head in ("days", "events") else "left")
    for one in found:
        told = (
            (one.first_kind, one.days_to_first),
            (one.strongest_kind, one.days_to_strongest),
            (one.outcome_kind, one.days_to_outcome),
        )
        cells = [cell for kind, days in told for cell in (kind, "" if days is None else str(days))]
        table.add_row(one.id, one.pressure.front, *cells, str(len(one.events)))
    return table
