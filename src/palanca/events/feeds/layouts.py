"""How the files of each feed are laid out: `data/feeds/*.yaml`, or a file of the user's own."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from palanca.catalogue import intake
from palanca.catalogue.parameters import parse, read
from palanca.catalogue.text import Strict
from palanca.errors import BadFeed, InputError

FORMATS = ("gdelt1", "gdelt2", "icews", "polecat", "acled")
NEEDED = frozenset({"id", "day", "code"})
FIELDS = NEEDED | {
    *("added", "actor", "target", "actor_code", "target_code", "actor_name", "target_name"),
    *("intensity", "tone", "mentions", "sources", "articles", "place", "document"),
}
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";"}


class EventText(Strict):
    """The column that tells the type of an event in words, and the table of their codes in `data/feeds`."""

    column: str = Field(min_length=1)
    codes: str = Field(pattern=r"^[a-z0-9_]+$")
    source: str = Field(min_length=20)


class Layout(Strict):
    """Where a feed's file keeps what the store needs, and how to read it.

    Attributes:
        feed: name that the store gives its rows.
        tested: on what; shown to the user.
        separator: tab-separated files have no quotes, one row a line; the others may quote.
        header: whether the first line names the columns; else `columns` does.
        lacking: how many of the last columns a file may be without.
        map: column of the store → column of the file.
        aliases: column of the file → other names it is known by.
        event_text: where the type of an event is told in words, if the file has no column of codes.
        codes: code of each such text.
        quoted: whether cells are quoted although tabs separate them.
        decimal_comma: whether numbers have one.
        day_format: of days, as strftime writes them; `added` may go on after them.
        empty: cells that mean nothing.
        document_prefix: put before documents that are not web addresses.
        countries: names or codes that the catalogue reads otherwise or not at all → ISO3.
        country_patterns: where a country's name stands in an actor's name, the first that fits.
        quads: beginning of an event type → 1 verbal cooperation, 2 material cooperation, 3 verbal
            conflict, 4 material conflict, null for none. A type that is not here makes a row malformed.
        prefix: how many characters of the type `quads` holds; 0 for all.
    """

    feed: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=3)
    tested: str = Field(min_length=3)
    source: str = Field(min_length=5)
    separator: Literal["tab", "comma", "semicolon"]
    header: bool = False
    columns: tuple[str, ...] = ()
    lacking: int = 0
    map: dict[str, str]
    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    event_text: EventText | None = None
    codes: dict[str, str] = Field(default_factory=dict)
    quoted: bool = False
    decimal_comma: bool = False
    day_format: str = "%Y-%m-%d"
    other_day_format: str | None = None
    empty: tuple[str, ...] = ("",)
    document_prefix: str = ""
    countries: dict[str, str] = Field(default_factory=dict)
    country_patterns: tuple[str, ...] = ()
    quads: dict[str, Literal[1, 2, 3, 4] | None]
    prefix: int = Field(default=0, ge=0)

    @field_validator("map")
    @classmethod
    def _maps_what_there_is(cls, value: dict[str, str]) -> dict[str, str]:
        if strange := sorted(value.keys() - FIELDS):
            raise ValueError(f"unknown: {', '.join(strange)}; known: {', '.join(sorted(FIELDS))}")
        if lost := sorted(NEEDED - value.keys()):
            raise ValueError(f"not mapped: {', '.join(lost)}")
        return value

    @field_validator("country_patterns")
    @classmethod
    def _patterns_have_one_group(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if re.compile(pattern).groups != 1:
                raise ValueError(f"{pattern!r} needs one group, for the name")
        return value

    @model_validator(mode="after")
    def _names_its_columns(self) -> Self:
        if self.header == bool(self.columns):
            raise ValueError("either `header` is true or `columns` lists the columns")
        if self.columns and (lost := sorted(set(self.map.values()) - set(self.columns))):
            raise ValueError(f"mapped but not in `columns`: {', '.join(lost)}")
        return self

    def __hash__(self) -> int:
        return hash((self.feed, self.separator, self.quoted))

    @property
    def mark(self) -> str:
        """The character between columns."""
        return SEPARATORS[self.separator]

    @property
    def by_lines(self) -> bool:
        """Whether every line is a row, so that a file can be cut at any line."""
        return self.separator == "tab" and not self.quoted

    def of(self, names: Sequence[str], file: str) -> "Columns":
        """Return where the fields are in a file whose columns are `names`.

        Raises:
            BadFeed: columns are missing.
        """
        if lost := sorted(set(self.map.values()) - set(names)):
            raise BadFeed(
                f"{file} is not laid out as {self.title}; name its format, or map its columns with --map. "
                "Columns it lacks:",
                lost,
            )
        places = {field: names.index(column) for field, column in self.map.items()}
        return Columns(len(names), len(names) - self.lacking, places)


class Columns:
    """Where each field is in a row of a file.

    Attributes:
        most: columns of a full row.
        least: columns of the shortest row allowed.
        places: field → index of its column; several fields may share a column.
    """

    def __init__(self, most: int, least: int, places: Mapping[str, int]) -> None:
        self.most, self.least, self.places = most, least, dict(places)

    @cached_property
    def indices(self) -> list[int]:
        """Columns that are read, in their order."""
        return sorted(set(self.places.values()))


def layout(name: str) -> Layout:
    """Return the layout of one of the known feeds.

    Raises:
        InputError: no such format.
    """
    if name not in FORMATS:
        raise InputError(f"No format is called {name!r}. Known: {', '.join(FORMATS)}; or use --map.")
    return read(f"feeds/{name}.yaml", Layout)


def layout_of(path: Path) -> Layout:
    """Return the layout that a user's own file describes.

    Raises:
        InputError: there is no such file.
        BadParameter: it breaks the schema; every fault is listed.
    """
    try:
        return parse(str(path), intake.text(path, InputError), Layout)
    except InputError as error:
        raise InputError(f"{error} Copy one of {_folder()} and change it.") from error


def _folder() -> Path:
    return Path(str(files("palanca"))) / "data" / "feeds"


class FrontRules(Strict):
    """How an event of a feed gets its front: `data/feeds/fronts.yaml`."""

    source: str = Field(min_length=5)
    words: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _one_front_each(self) -> Self:
        for rules in (self.words, self.codes):
            every = [word for words in rules.values() for word in words]
            if twice := sorted({word for word in every if every.count(word) > 1}):
                raise ValueError(f"under two fronts: {', '.join(twice)}")
        return self


def front_rules() -> FrontRules:
    """Return the rules that give an event its front."""
    return read("feeds/fronts.yaml", FrontRules)
