"""Numbers that nobody observes, read from `data/parameters`: each dated, with unit and source."""

import datetime as dt

from pydantic import Field, RootModel

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.economy.observed import Choices


class Assumed(Strict):
    """One number that had to be chosen, and on what ground."""

    title: str = Field(min_length=5)
    unit: str = Field(min_length=3)
    date: dt.date
    value: float = Field(gt=0)
    source: str = Field(min_length=20)
    note: str | None = None


class Assumptions(RootModel[dict[str, Assumed]]):
    """All numbers of one topic by name."""


def assumed(topic: str) -> dict[str, Assumed]:
    """Return the numbers of `data/parameters/<topic>.yaml`: `world`, `totals` or `power`.

    Raises:
        BadParameter: the file breaks the schema, for one an entry without a source.
    """
    return parameters(topic, Assumptions).root


def choices() -> Choices:
    """Return what building the world of 2022 assumes."""
    values = {name: entry.value for name, entry in assumed("world").items()}
    return Choices(**{name: values[name] for name in Choices.__dataclass_fields__})
