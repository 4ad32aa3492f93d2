"""The command that proposes events from documents."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, err, out, print_json, steps


def suggest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Text, HTML, JSON, JSON Lines or CSV.")
    ],
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option("--pair", help="Only events between these two; a side left out is the other one."),
    ] = None,
    least: Annotated[float, typer.Option("--score", help="Leave out suggestions scored below this.")] = 0.0,
    train: Annotated[
        Path | None, typer.Option("--train", help="Labelled sentences of yours to train a model on.")
    ] = None,
    coder: Annotated[
        str | None, typer.Option("--coder", help="Your own coder, package.module:function; off by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose events from documents in English or Spanish, for an analyst to confirm.

    Nothing enters a ledger by itself. Each suggestion quotes its sentence, with its place in the text,
    and names the rule that made it. What a sentence denies, supposes or gives to critics is not
    proposed; a plan to do harm is a threat, and any other plan or rumour is marked as one. Scores
    order suggestions; they are no probabilities.
    """
    from palanca import catalogue
    from palanca.events.coder import checked, documents

    two = catalogue.pair(*pair) if pair else None
    reader = _coder((two[0].iso3, two[1].iso3) if two else None, train, coder)
    found: list[Any] = []
    with steps(len(files)) as step:
        for path in files:
            step(path.name)
            for document in documents(path):
                found += checked(reader.suggest(document), document)
    kept = sorted((one for one in found if one.score >= least), key=lambda one: -one.score)
    if as_json:
        print_json([_record(one) for one in kept])
        return
    out.print(_table(kept))
    err.print("Suggestions only: confirm each with `palanca ledger add`.", highlight=False)


def _coder(pair: tuple[str, str] | None, train: Path | None, name: str | None) -> Any:
    from palanca.errors import InputError
    from palanca.events.coder import RuleCoder, model
    from palanca.events.coder.coder import plugged

    if name is None:
        return RuleCoder(pair, model.train(model.labelled(train)) if train else None)
    if train or pair:
        raise InputError("--coder takes the place of the rules: leave --train and --pair out.")
    return plugged(name)


def _record(one: Any) -> dict[str, Any]:
    return {**asdict(one), "date": one.date.isoformat() if one.date else None}


def _table(found: list[Any]) -> Table:
    table = Table(title=f"{len(found)} suggestions", title_justify="left")
    for head in ("score", "date", "actor", "target", "kind", "front", "sentence", "document"):
        table.add_column(head, justify="right" if head == "score" else "left")
    for one in found:
        day = one.date.isoformat() if one.date else ""
        kind = one.kind if one.standing == "done" else f"{one.kind}, {one.standing}"
        cells = (day, one.actor or "", one.target or "", kind, one.front or "", one.quote, one.document)
        table.add_row(f"{one.score:.2f}", *(cell.replace("[", r"\[") for cell in cells))
    return table
