"""Lines that a figure is set against, each with its source."""

import datetime as dt
import hashlib
from functools import cache
from importlib.resources import files

from pydantic import Field, RootModel

from palanca.catalogue.figure import Evidence, Figure
from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict, Text

TABLE = "parameters/thresholds"


class Threshold(Strict):
    """One line, dated and cited."""

    title: Text
    unit: str
    value: float
    date: dt.date
    source: str = Field(min_length=10)


class Thresholds(RootModel[dict[str, Threshold]]):
    """All lines by name."""


def thresholds() -> dict[str, Threshold]:
    """Return every line by name."""
    return parameters("thresholds", Thresholds).root


@cache
def digest() -> str:
    """Return the SHA-256 of the file of lines, which evidence cites."""
    return hashlib.sha256((files("palanca") / "data" / f"{TABLE}.yaml").read_bytes()).hexdigest()


def threshold(name: str) -> Figure:
    """Return a line as a figure whose evidence is its entry in the parameter file."""
    line = thresholds()[name]
    return Figure(
        name=name,
        value=line.value,
        unit=line.unit,
        period="",
        table=TABLE,
        evidence=(Evidence(TABLE, "value", {"name": name}, line.date.isoformat(), digest()),),
        method="catalogue.thresholds",
    )
