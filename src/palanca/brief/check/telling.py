"""Set a figure on file beside what a statement tells: a level, a rank, another figure, its own past."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from palanca.brief.check import figures
from palanca.brief.check.amounts import Amount, Relation, limits
from palanca.brief.check.figures import Path, Paths
from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.periods import Period
from palanca.brief.check.quantities import Asked
from palanca.brief.check.statement import Statement
from palanca.catalogue import Unknown
from palanca.catalogue.figure import merge
from palanca.catalogue.unknown import unknown

PERCENT = 100.0
ANY, IT, OTHER = "ANY", "it", "other"


@dataclass(frozen=True)
class Point:
    """A value at a period, by one source."""

    value: float
    period: str
    path: Path


def told(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Return a figure of the tables beside what the statement tells of it."""
    asked = said.asked
    if asked is None:
        return unknown("it tells no figure", "no dice ninguna cifra")
    return {"rank": _rank, "compare": _beside, "move": _moved, "factor": _grown, "peak": _peak}.get(
        asked.form, _level
    )(matter, asked, said)


def _paths(
    matter: Matter, name: str, *, owner: str | None = None, other: str | None = None
) -> Paths | Unknown:
    return figures.paths(matter.tables, name, owner or matter.country, other)


def _own(matter: Matter, asked: Asked) -> Paths | Unknown:
    whole = asked.series in ("exports", "imports") and asked.other is None
    return _paths(matter, asked.series, other=None if whole else matter.partner)


def _at(path: Path, period: Period | None) -> Point | None:
    """Return the value of a whole year or month, or the last on file where no period is told."""
    if period is None:
        return Point(path.values[path.last], path.last, path)
    if period.first is None or period.last is None or period.vague:
        return None
    name = str(period.first.year)
    if (period.first.month, period.first.year) == (period.last.month, period.last.year):
        name = period.first.isoformat()[:7]
    elif period.first.year != period.last.year:
        return None
    return Point(path.values[name], name, path) if name in path.values else None


def _points(held: Paths, period: Period | None) -> dict[str, Point]:
    """Return the value of every source; sources left aside speak where no other does."""
    found = {name: point for name, path in held.items() if (point := _at(path, period))}
    main = {name: point for name, point in found.items() if not point.path.aside}
    return (main or found) if period is None else found


def _none(period: Period | None) -> Unknown:
    told_ = period.words if period else ""
    return unknown(
        f"the tables hold no such figure for {told_}", f"las tablas no contienen esa cifra para {told_}"
    )


def _level(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    held = _own(matter, asked)
    if isinstance(held, Unknown):
        return held
    points = _points(held, said.period)
    if not points:
        return _none(said.period)
    ways = tuple((one.value - one.path.off, one.value + one.path.off) for one in points.values())
    read = _reading(ways, _named(points), points.values())
    if asked.amount is None:
        return replace(read, threshold=0, relation="above")
    amount = _told(asked.amount, asked.relation)
    return replace(
        _within(read, amount.value, amount.within),
        threshold=amount.value,
        within=amount.within,
        loose=amount.loose,
        relation=amount.relation,
    )


def _told(amount: Amount, verb: str | None) -> Amount:
    """Return an amount as the verb before it puts it: to exceed a sum is to be above it."""
    if amount.relation != "same" or verb not in ("above", "below"):
        return amount
    return replace(amount, relation="above" if verb == "above" else "below", within=0, loose=0)


def _within(read: Reading, line: float, within: float) -> Reading:
    """Return a reading in which a rounded value that may be the one told counts as it."""
    ways = tuple(
        (line, line) if low != high and within and low - within <= line <= high + within else (low, high)
        for low, high in read.ways
    )
    return replace(read, ways=ways)


def _reading(
    ways: tuple[tuple[float, float], ...], values: Mapping[str, float | str], points: Iterable[Point]
) -> Reading:
    proof = merge(one.path.evidence for one in points)
    low, high = min(way[0] for way in ways), max(way[1] for way in ways)
    return Reading(sum(ways[0]) / 2, low, high, values, proof, ways=ways)


def _named(points: Mapping[str, Point], prefix: str = "") -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for name, one in points.items():
        found |= {f"{prefix}figure_{name}": one.value, f"{prefix}period_{name}": one.period}
    return found


def _beside(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    if ("other", ANY) in asked.rival:
        return _rank(matter, replace(asked, place=1), said)
    named = dict(asked.rival)
    if {IT, OTHER} & set(named.values()):
        return unknown("what it is compared with cannot be told", "no se sabe con qué se compara")
    owner, other = _code(named.get("owner")), _code(named.get("other"))
    held = _own(matter, asked)
    rival = _paths(matter, named.get("series", asked.series), owner=owner, other=other or matter.partner)
    if isinstance(held, Unknown):
        return held
    if isinstance(rival, Unknown):
        return rival
    one, two = _points(held, said.period), _points(rival, said.period)
    both = [name for name in one if name in two and one[name].period == two[name].period]
    if not both:
        return (
            _none(said.period)
            if said.period
            else unknown("no year is on file for both", "ningún año consta para ambos")
        )
    return _set_apart([(one[name], two[name]) for name in both], asked, _named(one) | _named(two, "rival_"))


def _set_apart(pairs: list[tuple[Point, Point]], asked: Asked, values: dict[str, float | str]) -> Reading:
    points = [point for pair in pairs for point in pair]
    amount = asked.amount
    if amount:
        ways = tuple((a.value / b.value,) * 2 if b.value else (0.0, 0.0) for a, b in pairs)
        read = _reading(ways, values, points)
        return replace(read, threshold=amount.value, within=amount.within, relation=amount.relation)
    ways = tuple(
        (a.value - b.value - a.path.off - b.path.off, a.value - b.value + a.path.off + b.path.off)
        for a, b in pairs
    )
    relation: Relation = (
        "below" if asked.relation == "below" else "same" if asked.relation == "same" else "above"
    )
    within = limits().same_rate if asked.series in ("duty", "votes") else 0
    if relation == "same":
        within = limits().other_about * abs(pairs[0][0].value)
    return replace(_reading(ways, values, points), threshold=0, within=within, relation=relation)


def _code(said: str | None) -> str | None:
    return said.removeprefix("§") if said else None


def _rank(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    held = figures.levels_of(matter.tables[figures.TOTALS], matter.country, asked.series)
    if matter.partner not in held:
        return matter.tables[figures.TOTALS].missing(exporter=matter.country, importer=matter.partner)
    known = sorted(held, key=lambda code: -held[code])
    paths = _paths(matter, asked.series, other=matter.partner)
    if isinstance(paths, Unknown) or not (point := _at(paths[figures.TOTALS], said.period)):
        return _none(said.period)
    at = known.index(matter.partner) + 1
    values: dict[str, float | str] = {"rank": float(at), "first_partner": known[0], "year": point.period}
    return Reading(at, at, at, values, point.path.evidence, threshold=asked.place, relation="same")


def _span(path: Path, period: Period | None) -> tuple[Point, Point] | None:
    """Return the values between which a figure moved: from the year before, or as the period tells."""
    years = sorted(one for one in path.values if len(one) == len("2020"))
    if not years:
        chosen = [
            one
            for one in sorted(path.values)
            if period is None or period.holds(date.fromisoformat(f"{one}-15"))
        ]
        chosen = [chosen[0], chosen[-1]] if chosen else []
    elif period is None:
        chosen = years[-2:]
    else:
        if period.first is None or period.vague:
            return None
        first = period.first.year
        last = period.last.year if period.last else int(years[-1]) if years else 0
        chosen = [str(first if last > first else first - 1), str(last)]
    if len(chosen) < 2 or any(year not in path.values for year in chosen):
        return None
    start, end = (Point(path.values[year], year, path) for year in chosen)
    return start, end


def _spans(matter: Matter, asked: Asked, said: Statement) -> list[tuple[Point, Point]] | Unknown:
    held = _own(matter, asked)
    if isinstance(held, Unknown):
        return held
    if said.period is None:
        return unknown("it tells no years between which it moved", "no dice entre qué años cambió")
    found = [span for path in held.values() if (span := _span(path, said.period))]
    return found or _none(said.period)


def _moved(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    spans = _spans(matter, asked, said)
    if isinstance(spans, Unknown):
        return spans
    (start, end), down = spans[0], asked.relation == "down"
    change = PERCENT * (end.value / start.value - 1) if start.value else 0
    read = _change([(start, end)], change if not down else -change)
    if asked.start and asked.end:
        return _ends(read, asked, (start, end))
    amount = asked.amount
    if amount is None:
        return replace(read, threshold=0, relation="above")
    if amount.relation == "same" and change * (-1 if down else 1) < 0:
        return replace(read, threshold=amount.value, relation="above")
    return replace(
        read, threshold=amount.value, within=amount.within, loose=amount.loose, relation=amount.relation
    )


def _ends(read: Reading, asked: Asked, points: tuple[Point, Point]) -> Reading:
    """Return whether both levels told are those on file: 1 if so, 0 if not."""
    assert asked.start
    assert asked.end
    fits = [
        abs(point.value - one.value) <= one.within
        or (one.relation == "above" and point.value > one.value)
        or (one.relation == "below" and point.value < one.value)
        for one, point in zip((asked.start, asked.end), points, strict=True)
    ]
    value = float(all(fits))
    return replace(
        read, value=value, low=value, high=value, ways=((value, value),), threshold=0.5, relation="above"
    )


def _change(spans: list[tuple[Point, Point]], size: float) -> Reading:
    start, end = spans[0]
    values: dict[str, float | str] = {"before": start.value, "from": start.period, "after": end.value}
    values |= {"to": end.period, "change_pct": PERCENT * (end.value / start.value - 1) if start.value else 0}
    return _reading(((size, size),), values, [start, end])


def _grown(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return a figure over itself before: to double, or to halve, is to do so at least."""
    spans = _spans(matter, asked, said)
    if isinstance(spans, Unknown):
        return spans
    start, end = spans[0]
    if asked.amount is None or not start.value:
        return _none(said.period)
    ratio, factor = end.value / start.value, asked.amount.value
    read = _change(spans, ratio)
    line = factor + asked.amount.within if factor < 1 else factor - asked.amount.within
    if asked.amount.relation == "same":
        return replace(read, threshold=line, relation="below" if factor < 1 else "above")
    return replace(read, threshold=factor, relation="below" if factor < 1 else "above")


def _peak(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return a year's value less the highest, or the lowest, of the years before it on file."""
    held = _own(matter, asked)
    if isinstance(held, Unknown):
        return held
    for path in held.values():
        point = _at(path, said.period)
        past = [
            value
            for key, value in path.values.items()
            if point and len(key) == len(point.period) and key < point.period
        ]
        if point and len(past) > 2:
            gap = point.value - (min(past) if asked.relation == "down" else max(past))
            values: dict[str, float | str] = {
                "after": point.value,
                "to": point.period,
                "before": gap + point.value,
            }
            read = _reading(((gap, gap),), values, [point])
            return replace(read, threshold=0, relation="below" if asked.relation == "down" else "above")
    return _none(said.period)
