"""A run of known kinds of words, up to what it is set beside or from there on, and what is read of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from palanca.brief.check.periods import Period
from palanca.brief.check.quantities import Asked, Line, Node
from palanca.catalogue.text import Language

PLACES = ("to", "from", "of", "in", "by", "on", "for", "with", "between", "and")
FREE = {*PLACES, ",", "HAVE", "BE", "AUX", "TOTAL", "OFTEN", "than", "AS", "WHAT", "there"}
MONEY = {"exports", "imports", "trade", "deficit", "surplus", "gdp"}
COUNTED = {"homicides", "encounters", "fentanyl", "methamphetamine", "opioid_deaths"}
NUMBERS = {*COUNTED, "embassies", "memberships", "agreements"}
ALONE = {*NUMBERS, "exports_gdp", "remittances", "gdp"}  # of one country, towards none
SHARES = {"exports": "export_share", "imports": "import_share", "trade": "trade_share"}
IT, OTHER, BOTH, THERE = "it", "other", "both", "there"
UNITS = {"USD": MONEY, "NUM": NUMBERS}
Base = dict[str, str]


@dataclass
class Part:
    """A run up to what it is set beside, or from there on.

    Attributes:
        used: the nodes that have been understood.
        left: the figure that a part of the same sentence told before.
    """

    nodes: Line
    language: Language
    left: Asked | None = None
    used: set[int] = field(default_factory=set)

    def has(self, *kinds: str) -> bool:
        """Return whether a node is of one of some kinds."""
        return any(node.kind in kinds for node in self.nodes)

    def take(self, *kinds: str) -> Node | None:
        """Return the first node of some kinds not yet understood, as understood."""
        for at, node in enumerate(self.nodes):
            if node.kind in kinds and at not in self.used:
                self.used.add(at)
                return node
        return None

    def at(self, *kinds: str) -> int:
        """Return where the first node of some kinds stands; behind the last where there is none."""
        return next((at for at, node in enumerate(self.nodes) if node.kind in kinds), len(self.nodes))

    def countries(self) -> Iterator[tuple[str, str, int]]:
        """Yield countries not yet understood, with the word before them and where they stand."""
        place = ""
        for at, node in enumerate(self.nodes):
            if node.kind in PLACES:
                place = node.kind
            elif node.kind in ("C", "there") and at not in self.used:
                yield place, node.text("code") or node.text("value") or THERE, at
            if node.kind not in PLACES:
                place = ""

    def named(self, *places: str, before: int | None = None, after: int = -1) -> str | None:
        """Return the only country behind one of some words, as understood; none where it is not one."""
        found = [
            (code, at)
            for place, code, at in self.countries()
            if place in places and (before is None or at < before) and at > after
        ]
        if len(found) != 1:
            return None
        self.used.add(found[0][1])
        return found[0][0]

    @property
    def over(self) -> bool:
        """Return whether everything in it is understood."""
        return all(at in self.used or node.kind in FREE for at, node in enumerate(self.nodes))

    def periods(self) -> list[Period]:
        """Return the periods told, in order, one told by another in days."""
        told: list[Period] = []
        known = self.left.when if self.left else None
        for at, node in enumerate(self.nodes):
            if node.kind != "T":
                continue
            self.used.add(at)
            found = node.held.get("period")
            if isinstance(found, Period):
                known = found
                told.append(found)
            elif known and known.first and node.text("value") == "since":
                told.append(Period(known.first, None, known.words))
            elif known and known.first and known.last and not known.vague:
                told.append(shifted(known, 1 if node.text("value") == "next" else -1))
            else:
                told.append(Period(None, None, "", vague=True))
        return told


def shifted(period: Period, years: int) -> Period:
    """Return the same days of another year."""
    assert period.first
    assert period.last
    first, last = (
        day.replace(year=day.year + years, day=min(day.day, 28)) for day in (period.first, period.last)
    )
    whole = period.first == date(period.first.year, 1, 1) and period.last == date(period.last.year, 12, 31)
    return Period(first, last.replace(month=12, day=31) if whole else last, f"{period.words} {years:+d}")


def held(node: Node) -> Base:
    """Return the figure that a noun holds, with its countries."""
    return {key: str(node.held[key]) for key in ("series", "owner", "other") if node.held.get(key)}


def given(**codes: str | None) -> Base:
    """Return what is known of some places."""
    return {key: code for key, code in codes.items() if code}


def fits(series: str, unit: str) -> bool:
    """Return whether an amount of a unit may be one of a figure."""
    return all((unit == name) == (series in known) for name, known in UNITS.items())
