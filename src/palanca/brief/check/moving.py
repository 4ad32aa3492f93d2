"""Set a figure beside its own past: how it moved, and whether it is the highest of all."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from palanca.brief.check.figures import Path
from palanca.brief.check.matter import Matter, Reading
from palanca.brief.check.periods import Period
from palanca.brief.check.points import PERCENT, Point, at, none, own, reading
from palanca.brief.check.quantities import Asked
from palanca.brief.check.statement import Statement
from palanca.catalogue import Unknown
from palanca.catalogue.unknown import unknown


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
    held = own(matter, asked)
    if isinstance(held, Unknown):
        return held
    if said.period is None:
        return unknown("it tells no years between which it moved", "no dice entre qué años cambió")
    if asked.against:
        ends = [(at(path, asked.against), at(path, said.period)) for path in held.values()]
        return [(one, two) for one, two in ends if one and two] or none(asked.against)
    found = [span for path in held.values() if (span := _span(path, said.period))]
    return found or none(said.period)


def moved(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return the change of a figure between two years, percent, beside the one told."""
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
    return reading(((size, size),), values, [start, end])


def grown(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return a figure over itself before: to double, or to halve, is to do so at least."""
    spans = _spans(matter, asked, said)
    if isinstance(spans, Unknown):
        return spans
    start, end = spans[0]
    if asked.amount is None or not start.value:
        return none(said.period)
    ratio, factor = end.value / start.value, asked.amount.value
    read = _change(spans, ratio)
    line = factor + asked.amount.within if factor < 1 else factor - asked.amount.within
    if asked.amount.relation == "same":
        return replace(read, threshold=line, relation="below" if factor < 1 else "above")
    return replace(read, threshold=factor, relation="below" if factor < 1 else "above")


def run(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return the change of each year on the one before, over all years of the period told."""
    held, period = own(matter, asked), said.period
    if isinstance(held, Unknown):
        return held
    if period is None or period.first is None or period.last is None:
        return none(period)
    years = [str(year) for year in range(period.first.year, period.last.year + 1)]
    years = [str(period.first.year - 1), *years] if asked.place == len(years) else years
    path = next((path for path in held.values() if set(years) <= path.values.keys()), None)
    if path is None or asked.place not in (1, len(years) - 1):
        return none(period)
    changes = [path.values[two] - path.values[one] for one, two in pairwise(years)]
    ways = tuple((one, one) for one in (min(changes), max(changes)))
    first, last = (Point(path.values[year], year, path) for year in (years[0], years[-1]))
    read = replace(_change([(first, last)], 0), ways=ways[:1] if asked.relation == "up" else ways[1:])
    return replace(read, threshold=0, relation="below" if asked.relation == "down" else "above")


def top(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return a year's value less the highest, or the lowest, of all other years on file or since one."""
    held = own(matter, asked)
    if isinstance(held, Unknown):
        return held
    for path in held.values():
        point = at(path, said.period)
        since = str(asked.against.first.year) if asked.against and asked.against.first else ""
        rest = {
            key: value
            for key, value in path.values.items()
            if point and len(key) == len(point.period) and key != point.period and key >= since
        }
        if point and len(rest) > 2:
            down = asked.relation == "down"
            best = (min if down else max)(rest, key=lambda key: rest[key])
            values: dict[str, float | str] = {
                "before": rest[best],
                "from": best,
                "after": point.value,
                "to": point.period,
            }
            gap = point.value - rest[best]
            read = reading(((gap, gap),), values, [point])
            return replace(read, threshold=0, relation="below" if down else "above")
    return none(said.period)


def peak(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return a year's value less the highest, or the lowest, of the years before it on file."""
    held = own(matter, asked)
    if isinstance(held, Unknown):
        return held
    for path in held.values():
        point = at(path, said.period)
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
            read = reading(((gap, gap),), values, [point])
            return replace(read, threshold=0, relation="below" if asked.relation == "down" else "above")
    return none(said.period)
