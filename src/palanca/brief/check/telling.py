"""Set a figure on file beside what a statement tells: a level, a rank, another figure, its own past."""

from collections.abc import Mapping
from dataclasses import replace

from palanca.brief.check import figures, moving
from palanca.brief.check.amounts import Amount, Relation, limits
from palanca.brief.check.figures import Paths
from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.points import HALF, PERCENT, Point, none, own, paths_of, points_of, reading
from palanca.brief.check.quantities import Asked
from palanca.brief.check.statement import Statement
from palanca.catalogue import Unknown
from palanca.catalogue.unknown import unknown

IT, OTHER = "it", "other"


def told(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Return a figure of the tables beside what the statement tells of it."""
    asked = said.asked
    if asked is None:
        return unknown("it tells no figure", "no dice ninguna cifra")
    return _FORMS.get(asked.form, _level)(matter, asked, said)


def _level(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    held = own(matter, asked)
    if isinstance(held, Unknown):
        return held
    points = points_of(held, said.period)
    if not points:
        return none(said.period)
    ways = tuple((one.value - one.path.off, one.value + one.path.off) for one in points.values())
    read = reading(ways, _named(points), points.values())
    if asked.amount is None:
        return replace(read, threshold=0, relation="above")
    amount = _told(asked.amount, asked.relation)
    if asked.first and (why := _not_first(points, amount)):
        return why
    return replace(
        _within(read, amount.value, amount.within),
        threshold=amount.value,
        within=amount.within,
        loose=amount.loose,
        relation=amount.relation,
    )


def _not_first(points: Mapping[str, Point], amount: Amount) -> Unknown | None:
    """Return why it cannot be told that a level was passed for the first time."""
    for one in points.values():
        before = [
            value
            for key, value in one.path.values.items()
            if len(key) == len(one.period) and key < one.period
        ]
        passed = [value for value in before if (value > amount.value) == (amount.relation != "below")]
        if before and not passed:
            return None
    return unknown(
        "no earlier years on file show that it was the first",
        "ningún año anterior en archivo muestra que fue la primera",
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


def _named(points: Mapping[str, Point], prefix: str = "") -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for name, one in points.items():
        found |= {f"{prefix}figure_{name}": one.value, f"{prefix}period_{name}": one.period}
    return found


def _beside(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    named = dict(asked.rival)
    if {IT, OTHER} & set(named.values()):
        return unknown("what it is compared with cannot be told", "no se sabe con qué se compara")
    held = own(matter, asked)
    rival = _rival(matter, asked) if named else held
    if isinstance(held, Unknown):
        return held
    if isinstance(rival, Unknown):
        return rival
    one, two = points_of(held, said.period), points_of(rival, asked.against or said.period)
    if asked.against and said.period is None:
        one = {
            name: Point(path.values[path.last], path.last, path) for name, path in held.items() if name in two
        }
    dated = asked.against is None
    both = [
        name
        for name in one
        if name in two and (not dated or one[name].period == two[name].period or name == figures.LAW)
    ]
    if not both:
        return none(asked.against or said.period)
    return _set_apart([(one[name], two[name]) for name in both], asked, _named(one) | _named(two, "rival_"))


def _rival(matter: Matter, asked: Asked) -> Paths | Unknown:
    named = dict(asked.rival)
    name, other = named.get("series", asked.series), _code(named.get("other"))
    whole = name in ("exports", "imports", "trade") and asked.other is None and other is None
    if asked.issue:
        name = f"{name}:{asked.issue}"
    owner = _code(named.get("owner"))
    facing = matter.country if owner == matter.partner else matter.partner
    return paths_of(matter, name, owner=owner, other=None if whole else other or facing)


def _set_apart(pairs: list[tuple[Point, Point]], asked: Asked, values: dict[str, float | str]) -> Reading:
    points = [point for pair in pairs for point in pair]
    amount = asked.amount
    if amount:
        size = _SIZES.get(asked.form, _ratio)
        down = asked.form in ("gap", "change") and asked.relation == "below"
        ways = tuple((size(a.value, b.value) * (-1 if down else 1),) * 2 for a, b in pairs)
        read = reading(ways, values, points)
        return replace(read, threshold=amount.value, within=amount.within, relation=amount.relation)
    ways = tuple(
        (a.value - b.value - a.path.off - b.path.off, a.value - b.value + a.path.off + b.path.off)
        for a, b in pairs
    )
    relation: Relation = (
        "below" if asked.relation == "below" else "same" if asked.relation == "same" else "above"
    )
    within = limits().same_rate if asked.series.startswith(("duty", "votes")) else 0
    if relation == "same":
        within = limits().other_about * abs(pairs[0][0].value)
    return replace(reading(ways, values, points), threshold=0, within=within, relation=relation)


def _ratio(one: float, two: float) -> float:
    return one / two if two else 0.0


def _gap(one: float, two: float) -> float:
    return one - two


def _change_of(one: float, two: float) -> float:
    return PERCENT * (one / two - 1) if two else 0.0


def _code(said: str | None) -> str | None:
    return said.removeprefix("§") if said else None


def _rank(matter: Matter, asked: Asked, said: Statement) -> Reading | Unknown:
    """Return the place of the other among all partners, or of the country among all that do the same."""
    period = said.period
    if period and (period.first is None or period.last is None or period.first.year != period.last.year):
        return none(period)
    year = str(period.first.year) if period and period.first else None
    found = figures.among(matter.tables, asked.series, matter.country, matter.partner, year)
    one = matter.partner if asked.series in ("exports", "imports", "trade") else matter.country
    if found is None or not found[0]:
        return none(period)
    held, proof = found
    known = sorted(held, key=lambda code: held[code] if asked.place < 0 else -held[code])
    at = known.index(one) + 1 if one in held else len(known) + 1
    values: dict[str, float | str] = {"rank": float(at), "first_partner": known[0]}
    relation: Relation = "below" if asked.within else "same"
    line = abs(asked.place) + (HALF if asked.within else 0)
    return Reading(at, at, at, values, (proof,), threshold=line, relation=relation)


_SIZES = {"gap": _gap, "change": _change_of}
_FORMS = {
    "rank": _rank, "compare": _beside, "gap": _beside, "change": _beside, "move": moving.moved,
    "factor": moving.grown, "peak": moving.peak, "top": moving.top, "run": moving.run,
}  # fmt: skip
