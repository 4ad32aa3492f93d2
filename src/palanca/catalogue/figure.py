"""A number with everything needed to check it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

import polars as pl

from palanca.catalogue.unknown import Unknown, unknown

Key = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of a table that a number rests on.

    Attributes:
        table: name in the catalogue.
        column: the column read.
        keys: column → value that select the rows; a tuple lists several values.
        vintage: of the table, ISO date.
        sha256: of the table's file.
    """

    table: str
    column: str
    keys: Mapping[str, Key | tuple[Key, ...]]
    vintage: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands among others.

    Attributes:
        percentile: percent of the others that are lower; one that is equal is not.
        count: how many others there are.
    """

    percentile: float
    count: int

    @property
    def below(self) -> float:
        """How many of the others are lower."""
        return self.percentile * self.count / 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one measure.

    Attributes:
        value: the number, or why there is none.
        unit: key of `data/parameters/units.yaml`.
        period: ISO year, month or day that the value describes.
        table: table the value was read from or computed on.
        method: dotted name of the function that computed it.
        among: standing among all countries of the table.
        past: standing in its own history.
    """

    name: str
    value: float | Unknown
    unit: str
    period: str
    table: str
    evidence: tuple[Evidence, ...]
    method: str
    among: Standing | None = None
    past: Standing | None = None

    @property
    def year(self) -> int | None:
        """Year of the period, none when the value has no date."""
        return int(self.period[:4]) if self.period else None

    def rename(self, name: str) -> "Figure":
        """Return the same figure under another name."""
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class Series:
    """One measure over time, oldest first; `values` may hold `None` where nothing was recorded."""

    name: str
    unit: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    table: str
    evidence: tuple[Evidence, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def known(self) -> list[tuple[str, float]]:
        """Return the recorded points, oldest first."""
        return [(p, v) for p, v in zip(self.periods, self.values, strict=True) if v is not None]


def standing(value: float | Unknown, others: Iterable[float]) -> Standing | None:
    """Return where `value` stands among `others` (which leave it out); none when there are none."""
    rest = others.to_list() if isinstance(others, pl.Series) else list(others)
    if isinstance(value, Unknown) or not rest:
        return None
    below = len([other for other in rest if other < value])
    return Standing(100 * below / len(rest), len(rest))


def combine(
    name: str,
    unit: str,
    compute: Callable[..., float],
    *parts: Figure,
    method: str,
) -> Figure:
    """Return the figure that `compute` makes of `parts`; unknown when one of them is unknown."""
    lost = next((part.value for part in parts if isinstance(part.value, Unknown)), None)
    value = _compute(compute, *(part.value for part in parts)) if lost is None else lost
    return Figure(
        name=name,
        value=value,
        unit=unit,
        period=max(part.period for part in parts),
        table=parts[0].table,
        evidence=merge(part.evidence for part in parts),
        method=method,
    )


def _compute(compute: Callable[..., float], *values: object) -> float | Unknown:
    try:
        return compute(*values)
    except ZeroDivisionError:
        return unknown("the denominator is zero", "el denominador es cero")


def merge(groups: Iterable[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """Return the evidence of all groups, each piece once, in order."""
    found: list[Evidence] = []
    for piece in chain.from_iterable(groups):
        if piece not in found:
            found.append(piece)
    return tuple(found)
