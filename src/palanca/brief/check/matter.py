"""A country, its partner and what is on file about the two, as the tests of statements read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from palanca.brief.check.amounts import Relation
from palanca.brief.check.statement import Statement
from palanca.catalogue import Catalogue, Evidence, Unknown
from palanca.catalogue.unknown import unknown
from palanca.events import record
from palanca.events.event import Event
from palanca.events.matters import matter_of
from palanca.events.settlement import Episode
from palanca.exposure import Exposure, exposure
from palanca.response import reactivity as answering
from palanca.response import yields
from palanca.response.yields import Case

Arguments = Mapping[str, tuple[str, ...]]
Way = tuple[float, float]


@dataclass(frozen=True)
class Reading:
    """The value a statement is judged by.

    Attributes:
        low: end of the interval, or the lowest of several ways to measure.
        high: the other end.
        values: every number behind it by name.
        n: acts or episodes counted; none where nothing is counted.
        done: how many of these are as the statement says; none where no share is taken.
        ways: the interval of each way to measure; one where there is one.
        threshold: what it is set against, where the statement itself tells.
        within: how far apart two values may be that count as the same.
        loose: how far apart they may be that leave it open.
        worded: whether the value is told in the direction of the words, so that their contrary is no denial.
        relation: how the statement sets the value beside the threshold, where it tells.
    """

    value: float
    low: float
    high: float
    values: Mapping[str, float | str]
    evidence: tuple[Evidence, ...]
    n: int | None = None
    done: int | None = None
    ways: tuple[Way, ...] = ()
    threshold: float | None = None
    within: float = 0
    loose: float = 0
    relation: Relation | None = None
    worded: bool = False


@dataclass(frozen=True)
class Matter:
    """A country, its partner, and what is on file about the two.

    Attributes:
        written: the day of the text that is read; none where it is unknown.
    """

    tables: Catalogue
    country: str
    partner: str
    written: date | None = None

    @cached_property
    def acts(self) -> tuple[Event, ...]:
        """Acts of the pair, oldest first."""
        return record.between(self.tables, self.country, self.partner)

    @cached_property
    def cases(self) -> list[Case]:
        """Episodes in which the partner pressed the country, and what followed."""
        return yields.cases(self.acts, self.country, self.partner)

    @property
    def pressed(self) -> list[Episode]:
        """Those episodes, unanswered ones included."""
        return [one.episode for one in self.cases]

    @property
    def pressing(self) -> list[Episode]:
        """Episodes in which the country pressed the partner."""
        return Matter(self.tables, self.partner, self.country).pressed

    @cached_property
    def matters(self) -> dict[str, str]:
        """The matter of each act that belongs to one."""
        return matter_of(self.acts, self.country, self.partner)

    @cached_property
    def links(self) -> answering.Links:
        """How the country answers the partner, by the links of the ledger."""
        return answering.links(self.acts, self.country, self.partner)

    @cached_property
    def exposure(self) -> Exposure:
        """Exposure of the country to the partner."""
        return exposure(self.country, self.partner, catalogue=self.tables)

    def own(self) -> list[Event]:
        """Return acts of the country aimed at the partner."""
        return answering.aimed(self.acts, self.country, self.partner)

    @property
    def begins(self) -> date | None:
        """The day of the first act on file of the pair."""
        return self.acts[0].date if self.acts else None


Measure = Callable[[Matter, Arguments, Statement], Reading | Unknown]


def no_ledger() -> Unknown:
    """Return why nothing can be said of acts of a pair."""
    return unknown(
        "the ledger holds no such acts of this pair", "el registro no contiene tales actos de este par"
    )


def too_early(matter: Matter, said: Statement, *, whole: bool) -> Unknown | None:
    """Return why a period cannot be tested with the ledger: the record begins later, or it has not come.

    Args:
        whole: whether the record must cover all of the period, as a share over it needs.
    """
    begins, period = matter.begins, said.period
    if period is None or begins is None:
        return None
    if period.first and period.first > matter.tables.as_of:
        return unknown("the period lies ahead", "el periodo aún no ha llegado")
    ended = period.last and period.last < begins
    partly = whole and (period.first is None or period.first < begins)
    if ended or partly:
        return unknown(
            f"the record of this pair begins on {begins}", f"el registro de este par empieza el {begins}"
        )
    return None


def among(values: Mapping[str, float | Unknown], evidence: Iterable[Evidence]) -> Reading | Unknown:
    """Return several measures of one thing; those unknown are left out unless all are."""
    known = {name: value for name, value in values.items() if not isinstance(value, Unknown)}
    if not known:
        return next(value for value in values.values() if isinstance(value, Unknown))
    ends: Sequence[float] = list(known.values())
    ways = tuple((end, end) for end in ends)
    return Reading(ends[0], min(ends), max(ends), known, tuple(evidence), ways=ways)
