"""One thing a measure does: an instrument, its rate, whose goods and which goods."""

import itertools
import math
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from palanca.catalogue.codes import groups
from palanca.catalogue.text import Day, Number, Strict

ALL = "all"
MONTH = re.compile(r"\d{4}-\d{2}")
LOWEST = -100.0  # percent: a tariff of less would pay more than the goods are worth


class Kind(StrEnum):
    """What is done; the sender is the country that does it."""

    TARIFF = "tariff"
    EMBARGO = "embargo"
    EXPORT_BAN = "export ban"
    EXPORT_TAX = "export tax"
    BORDER_DELAY = "border delay"
    REMITTANCE = "remittance tax or cut"
    PREFERENCE_LOSS = "preference loss"


FORBIDS = {Kind.EMBARGO, Kind.EXPORT_BAN}
ON_EXPORTS = {Kind.EXPORT_BAN, Kind.EXPORT_TAX}
RATES = ("addition", "level", "floor")
RATES_OF = {
    Kind.TARIFF: set(RATES),
    Kind.EXPORT_TAX: {"addition"},
    Kind.BORDER_DELAY: {"addition"},
    Kind.REMITTANCE: {"addition"},
}


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Labels = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^\d{2}(\d{2}){0,2}$")]
Codes = tuple[Code, ...]


class Claimed(Strict):
    """Exempt is what claimed a trade preference in one month, as customs recorded it."""

    claimed: str = Field(pattern=f"^{MONTH.pattern}$")


class Preferred(Strict):
    """Exempt is a percent of the goods, for as long as a trade preference lasts."""

    preferred: Number = Field(gt=0, le=100)


class Statutory(Strict):
    """The rate of each partner is what the law had added over the base year on one day."""

    statutory: Day


class Clause(Strict):
    """One instrument on some goods of some partners.

    Attributes:
        kind: what is done.
        sender: who does it; the senders of the measure, if not given.
        target: partners as ISO3 codes or groups, or `all`.
        spared: partners that `all` does not mean.
        sectors: of the economy; all goods, if neither these nor codes are given.
        hs: two, four or six digits of the Harmonized System.
        spared_hs: codes taken out of what the clause covers.
        parts: percent of the imports of a code in `hs` that the law covers, where it is not all of them.
        addition: percent added to the tariff; the cost of a delay or the part of remittances lost.
        level: percent that the tariff becomes.
        floor: percent that the tariff is raised to where it is lower.
        exempt: percent of the goods covered that pay nothing.
        only: of the goods covered, the clause acts on those that claimed a preference.
        note: what the clause leaves out or stands in for.
    """

    kind: Kind
    sender: Labels | None = None
    target: Labels
    spared: Labels | None = None
    sectors: Labels | None = None
    hs: Codes = ()
    spared_hs: Codes = ()
    parts: dict[Code, Annotated[Number, Field(ge=0, le=100)]] = Field(default_factory=dict)
    addition: Number | Statutory | None = None
    level: Number | None = None
    floor: Number | None = None
    exempt: Annotated[Number, Field(ge=0, le=100)] | Claimed | Preferred = 0.0
    only: Claimed | None = None
    note: str = ""

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself."""
        yield from self._rate_faults()
        yield from self._scope_faults()

    def _rate_faults(self) -> Iterator[str]:
        given = {name for name in RATES if getattr(self, name) is not None}
        allowed = RATES_OF.get(self.kind, set())
        if given - allowed:
            yield f"{self.kind} takes no {' or '.join(sorted(given - allowed))}"
        if allowed and len(given & allowed) != 1:
            yield f"{self.kind} takes one of {', '.join(sorted(allowed))}"
        for name in sorted(given):
            value = getattr(self, name)
            if isinstance(value, float) and not math.isfinite(value):
                yield f"{name} {value} is not a number of percent"
            elif isinstance(value, float) and value < LOWEST:
                yield f"{name} {value:g} is below {LOWEST:g} percent"

    def _scope_faults(self) -> Iterator[str]:
        if self.sectors is not None and self.hs:
            yield "name sectors or HS codes, not both"
        if self.kind in FORBIDS and (self.hs or self.spared_hs or self.exempt):
            yield f"{self.kind} forbids whole sectors: HS codes and exemptions do not apply"
        if lost := [code for code in self.parts if not begins(code, self.hs)]:
            yield f"parts of {', '.join(lost)}, which hs does not hold"
        if self.only and self.exempt:
            yield "a clause on what claimed a preference exempts nothing"
        if ALL in self.target and len(self.target) > 1:
            yield "all stands alone as a target"
        if self.spared and ALL not in self.target:
            yield "partners are spared only where the target is all"


def overlap(first: Clause, second: Clause, sender: tuple[str, ...]) -> bool:
    """Return whether two clauses of one kind meet in some goods of some pair of countries."""
    if first.kind is not second.kind or _both_partial(first, second):
        return False
    return (
        bool(set(expanded(first.sender or sender)) & set(expanded(second.sender or sender)))
        and _partners_meet(first, second)
        and _goods_meet(first, second)
    )


def begins(code: str, codes: Codes) -> bool:
    """Return whether an HS code lies in one of `codes`, which may be shorter."""
    return code.startswith(codes)


def _both_partial(first: Clause, second: Clause) -> bool:
    """Return whether the codes that one clause spares hold all that the other covers."""
    return any(
        one.hs and all(begins(code, other.spared_hs) for code in one.hs)
        for one, other in ((first, second), (second, first))
    )


def _partners_meet(first: Clause, second: Clause) -> bool:
    one, two = set(expanded(first.target)), set(expanded(second.target))
    if ALL in one and ALL in two:
        return True
    if ALL in one or ALL in two:
        broad, narrow = (first, two) if ALL in one else (second, one)
        return bool(narrow - set(expanded(broad.spared or ())))
    return bool(one & two)


def _goods_meet(first: Clause, second: Clause) -> bool:
    if first.hs and second.hs:
        return any(begins(code, second.hs) for code in first.hs) or any(
            begins(code, first.hs) for code in second.hs
        )
    if first.sectors is not None and second.sectors is not None:
        return bool(set(first.sectors) & set(second.sectors))
    return True


def expanded(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return countries with every group replaced by its members."""
    return tuple(itertools.chain.from_iterable(groups().get(label, (label,)) for label in labels))
