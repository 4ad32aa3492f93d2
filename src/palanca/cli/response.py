"""The command on how two countries answer each other."""

from datetime import datetime
from typing import Annotated

import typer

from palanca.cli.console import AsJson, out, print_json, steps
from palanca.cli.response_path import path_tables

First = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")]
Second = Annotated[str, typer.Argument(metavar="PARTNER", help="The other country.")]


def response(
    country: First,
    partner: Second,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only what was public on that day."
        ),
    ] = None,
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
    """Print how two countries answer each other's pressure, and what followed."""
    from palanca.catalogue import Catalogue
    from palanca.response import response as answered

    with steps(1) as step:
        step("reading the ledger")
        found = answered(
            country,
            partner,
            tables=Catalogue(as_of.date()) if as_of else Catalogue(),
            since=since.date() if since else None,
            episodes=episode or (),
        )
    if as_json:
        print_json(found.as_dict())
        return
    out.print(" · ".join(found.pair), highlight=False)
    for table in path_tables(found.beside):
        out.print(table, highlight=False)
