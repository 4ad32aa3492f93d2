"""Values of a figure at a period, source by source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palanca.brief.check import figures
from palanca.brief.check.figures import Path, Paths
from palanca.brief.check.matter import Matter, Reading
from palanca.brief.check.periods import Period
from palanca.brief.check.quantities import Asked
from palanca.catalogue import Unknown
from palanca.catalogue.figure import merge
from palanca.catalogue.unknown import unknown

PERCENT, HALF, MONTH = 100.0, 0.5, 31


@dataclass(frozen=True)
class Point:
    """A value at a period, by one source."""

    value: float
    period: str
    path: Path


def paths_of(
    matter: Matter, name: str, *, owner: str | None = None, other: str | None = None
) -> Paths | Unknown:
    """Return a figure of the country, or of another, by every source."""
    return figures.paths(matter.tables, name, owner or matter.country, other)


def own(matter: Matter, asked: Asked) -> Paths | Unknown:
    """Return the figure asked for by every source."""
    whole = asked.series in ("exports", "imports", "trade") and asked.other is None
    name = f"{asked.series}:{asked.issue}" if asked.issue else asked.series
    return paths_of(matter, name, other=None if whole else matter.partner)


def at(path: Path, period: Period | None) -> Point | None:
    """Return the value of a whole year or month, or the last on file where no period is told."""
    if period is None:
        return Point(path.values[path.last], path.last, path)
    if period.first is None or period.last is None or period.vague:
        return None
    if path.steps:
        return _in_force(path, period)
    name = str(period.first.year)
    if (period.first.month, period.first.year) == (period.last.month, period.last.year):
        name = period.first.isoformat()[:7]
    elif period.first.year != period.last.year:
        return None
    return Point(path.values[name], name, path) if name in path.values else None


def _in_force(path: Path, period: Period) -> Point | None:
    """Return the value in force at the end of a month or day; none where it changed in a longer one."""
    assert period.first
    assert period.last
    before = [day for day in path.values if day <= period.last.isoformat()]
    known = before and before[0] <= period.first.isoformat()
    if not known or (before[-1] > period.first.isoformat() and (period.last - period.first).days > MONTH):
        return None
    return Point(path.values[before[-1]], before[-1], path)


def points_of(held: Paths, period: Period | None) -> dict[str, Point]:
    """Return the value of every source; sources left aside speak where no other does."""
    found = {name: point for name, path in held.items() if (point := at(path, period))}
    main = {name: point for name, point in found.items() if not point.path.aside}
    return (main or found) if period is None else found


def none(period: Period | None) -> Unknown:
    """Return that the tables hold no such figure."""
    told_ = period.words if period else ""
    return unknown(
        f"the tables hold no such figure for {told_}", f"las tablas no contienen esa cifra para {told_}"
    )


def reading(
    ways: tuple[tuple[float, float], ...], values: Mapping[str, float | str], points: Iterable[Point]
) -> Reading:
    """Return the reading of a value by each way to measure it."""
    proof = merge(one.path.evidence for one in points)
    low, high = min(way[0] for way in ways), max(way[1] for way in ways)
    return Reading(sum(ways[0]) / 2, low, high, values, proof, ways=ways)
