"""The command that tests the statements of a text."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import OLDEST, AsJson, AsOf, catalogue, err, out, print_json, steps

SHOWN = 500  # statements in the table


class Lang(StrEnum):
    """Languages of a text."""

    EN = "en"
    ES = "es"


def check(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="Plain text in English or Spanish.")],
    country: Annotated[
        str, typer.Argument(metavar="COUNTRY", help="The country that the text is about, code or name.")
    ],
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The country it is set beside.")],
    as_of: AsOf = None,
    lang: Annotated[
        Lang | None, typer.Option(help="Language of the text; default: told by its most common words.")
    ] = None,
    written: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Day the text was written; default: the date in its head or foot. Later rows are told.",
        ),
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--out", help="Also write the text with its verdicts to this HTML file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Test what an analyst's text states about a country: supported, contradicted, mixed, or not testable.

    Statements that the tables cannot decide are listed with the reason, never guessed.
    """
    from palanca.brief.check.dating import dated
    from palanca.brief.check.testing import check as test
    from palanca.brief.check.text import language, load
    from palanca.catalogue import pair
    from palanca.catalogue.files import require_writable, write

    two = pair(country, partner)
    text = load(report)
    said = language(text) if lang is None else ("en" if lang is Lang.EN else "es")
    if page:
        require_writable(page.parent)
    tables = catalogue(as_of, *OLDEST)
    with steps(1) as step:
        step("testing")
        day = written.date() if written else dated(text, said)
        found = test(text, *two, catalogue=tables, language=said, written=day)
    if page:
        from palanca.brief.check.page import render

        content = render(text, found, two, language=said, dates=(tables.as_of, day), name=report.name)
        write(page, content.encode())
        err.print(f"Open {page}", highlight=False, soft_wrap=True)
    if as_json:
        print_json([one.record(said) for one in found])
    else:
        _print(found, two, said, day)


def _print(found: Any, two: Any, said: Any, day: date | None) -> None:
    from palanca.brief.check.testing import counts
    from palanca.brief.check.wording import parts, told

    words = told(said)
    tally = ", ".join(f"{n} {words[verdict]}" for verdict, n in counts(found).items())
    names = " · ".join(one.name[said] for one in two)
    table = Table(title=f"{names}: {tally}", title_justify="left", show_lines=True)
    for head in ("statement", "understood", "verdict", "value", "why", "confidence"):
        table.add_column(words[head].lower())
    for one in found[:SHOWN]:
        known = one.confidence
        table.add_row(
            one.statement.replace("[", r"\["),
            " · ".join(parts(one.said, said)),
            words[one.verdict],
            _value(one, words),
            one.says[said],
            words[known.level] if known else "",
        )
    out.print(table)
    if len(found) > SHOWN:
        err.print(f"{len(found) - SHOWN} more statements: --json and --out give them all.", highlight=False)
    later = sorted({row for one in found for row in one.later})
    if day and later:
        rows = f"{len(later)}, {later[0]} {words['to']} {later[-1]}"
        out.print(f"{words['written']} {day}. {words['later']}: {rows}", highlight=False)
    for one in dict.fromkeys(piece.table + " " + piece.vintage for item in found for piece in item.evidence):
        out.print(f"{words['evidence']}: {one}", highlight=False)


def _value(one: Any, words: dict[str, str]) -> str:
    if one.reading is None or one.rule is None:
        return ""
    read, limit = one.reading, one.rule
    held = f"{read.value:.3g}"
    if read.low != read.high:
        held += f" ({read.low:.3g} {words['to']} {read.high:.3g})"
    return f"{held} {words[limit.unit]}, {words['line'].lower()} {limit.threshold:g}"
