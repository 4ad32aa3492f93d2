"""Descriptions of every source: who publishes it, on what terms, in which units."""

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from palanca.catalogue.parameters import load
from palanca.catalogue.text import Strict, Text
from palanca.errors import BadSource

Level = Literal["high", "moderate", "low"]


class Licence(Strict):
    """Terms of the data, and what of it the package may carry."""

    name: str = Field(min_length=2)
    url: str | None = None
    ship: Literal["whole", "derived", "statistics"]


class Confidence(Strict):
    """How far a source is to be trusted, and why."""

    level: Level
    reason: Text


class Column(Strict):
    """Unit and meaning of one column."""

    unit: str = Field(min_length=1)
    meaning: str = Field(min_length=3)


class TableSpec(Strict):
    """What a derived table holds.

    `keys` name a row. `period` is the column that dates it. A row becomes public `lag_days` after
    the end of its period, or at the vintage if that is earlier. A value older than
    `freshness_days` must say so wherever it is printed. `labels` are the words of codes among its
    keys. `own` is the function, as module:name, that returns the user's own table as Parquet where
    that is kept elsewhere than in a file of its own.
    """

    title: Text
    keys: tuple[str, ...] = Field(min_length=1)
    labels: dict[str, Text] = Field(default_factory=dict)
    period: str | None
    lag_days: int = Field(ge=0)
    freshness_days: int = Field(gt=0)
    confidence: Confidence
    columns: dict[str, Column] = Field(min_length=1)
    note: Text | None = None
    own: str | None = Field(default=None, pattern=r"^palanca(\.\w+)+:\w+$")

    @model_validator(mode="wrap")
    @classmethod
    def _keys_are_columns(cls, given: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        """List keys without a column beside the other faults, not after them."""
        lost = _keys_without_column(given) if isinstance(given, dict) else []
        if not lost:
            return check(given)
        fault: InitErrorDetails = {
            "type": PydanticCustomError(
                "keys", "Value error, keys without a column: {lost}", {"lost": ", ".join(lost)}
            ),
            "input": given,
        }
        raise ValidationError.from_exception_data(cls.__name__, [fault, *_other_faults(check, given)])


def _keys_without_column(given: dict[str, Any]) -> list[str]:
    columns, keys, period = given.get("columns"), given.get("keys"), given.get("period")
    named = [*(keys if isinstance(keys, list | tuple) else []), *([period] if period else [])]
    return [str(key) for key in named if isinstance(columns, dict) and key not in columns]


def _other_faults(check: Callable[[Any], Any], given: dict[str, Any]) -> list[InitErrorDetails]:
    try:
        check(given)
    except ValidationError as error:
        return [
            {
                "type": PydanticCustomError("fault", "{text}", {"text": one["msg"]}),
                "loc": one["loc"],
                "input": None,
            }
            for one in error.errors()
        ]
    return []


class RawFile(Strict):
    """One file of the publisher; `url` is absent where it cannot be fetched as one file.

    Where a file lies at `better`, it is used in place of this one. `sha256` and `size` are absent where the
    publisher's file could not be seen; it is then told by its layout alone.
    """

    path: str = Field(min_length=3)
    better: str | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    size: int | None = Field(default=None, gt=0)
    url: str | None = Field(default=None, pattern=r"^https?://")

    def is_in(self, raw: Path) -> bool:
        """Return whether the folder holds this file or the better one."""
        return any((raw / path).is_file() for path in (self.path, self.better) if path)


class Source(Strict):
    """One publisher's data, and the tables derived from it.

    `uses` names the sources whose files the derivation reads beside its own; a source may have none of
    its own. `address` is empty where nothing but this package publishes the tables.
    """

    name: str
    title: Text
    publisher: str = Field(min_length=3)
    citation: str = Field(min_length=10)
    licence: Licence
    address: str = Field(default="", pattern=r"^(https?://|$)")
    vintage: date
    vintage_basis: str = Field(min_length=5)
    files: tuple[RawFile, ...] = ()
    uses: tuple[str, ...] = ()
    tables: dict[str, TableSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if not self.files and not self.uses:
            raise ValueError("name raw files, or the sources whose tables it uses")
        return self


def parse(name: str, text: str) -> Source:
    """Return the source described by YAML `text`; every fault is listed in one `BadSource`."""
    try:
        return Source.model_validate({"name": name, **(load(text) or {})})
    except (ValueError, yaml.YAMLError, TypeError) as error:
        raise BadSource(f"data/sources/{name}.yaml cannot be used:", _faults(error)) from error


def _faults(error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return [str(error).replace("\n", " ")]
    return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]


@cache
def sources() -> dict[str, Source]:
    """Return every source of the package by name."""
    folder: Traversable = files("palanca") / "data" / "sources"
    found = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name[:-5]: parse(name[:-5], (folder / name).read_text("utf-8")) for name in found}


@cache
def tables() -> dict[str, Source]:
    """Return the source of every table by the table's name."""
    return {table: source for source in sources().values() for table in source.tables}
