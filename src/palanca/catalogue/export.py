"""The one writer of CSV: what a spreadsheet would run as a formula is written as text."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

ESCAPE = "'"
RUN = re.compile(r"^'*[=+\-@\t\r]")  # a cell that begins so is run by a spreadsheet
NUMBER = re.compile(r"^'*[+-]([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$")


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV in UTF-8, under a line of headings; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(escaped, columns))
    writer.writerows([escaped(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode()


def csv_of_frame(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8."""
    text = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    safe = frame.with_columns(
        pl.when(_runs(pl.col(name).cast(pl.String)))
        .then(pl.concat_str(pl.lit(ESCAPE), pl.col(name)))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name in text
    )
    return safe.rename({name: str(escaped(name)) for name in frame.columns}).write_csv().encode()


def escaped(value: Any) -> Any:
    """Return a cell as it is written: text that a spreadsheet would run, and text escaped so, gets a mark."""
    if isinstance(value, str) and _must(value):
        return ESCAPE + value
    return value


def restored(cell: Any) -> Any:
    """Return the text of a cell that `escaped` wrote."""
    if isinstance(cell, str) and cell.startswith(ESCAPE) and _must(cell[1:]):
        return cell[1:]
    return cell


def _must(text: str) -> bool:
    return bool(RUN.match(text)) and not NUMBER.match(text)


def _runs(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(RUN.pattern) & ~cell.str.contains(NUMBER.pattern)
