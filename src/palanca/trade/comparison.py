"""How our results are set beside published ones: the rules, and what is no choice of ours."""

from datetime import date

from pydantic import Field

from palanca.catalogue.text import Strict
from palanca.trade.clause import Kind
from palanca.trade.closure import Horizon
from palanca.trade.law import total
from palanca.trade.measure import Measure


class Comparable(Strict):
    """Which of our quantities, in percent, stands beside a published outcome.

    Attributes:
        unit: of the published value; where it is not percent, only the sign is compared.
    """

    outcome: str
    unit: str
    quantity: str
    reason: str = Field(min_length=10)


class Matched(Strict):
    """Which of our horizons a published horizon comes closest to."""

    published: str
    horizon: Horizon


class Rules(Strict):
    """How our results are set beside published ones.

    Attributes:
        wide: width over the published number from which a range of ours says nothing of it.
    """

    outcomes: tuple[Comparable, ...]
    horizons: tuple[Matched, ...]
    preference_month: str
    wide: float
    date: date
    source: str = Field(min_length=10)


def settled(measure: Measure) -> bool:
    """Return whether use of a preference is no choice: the measure ends it, or counts it already."""
    return total(measure) or any(clause.kind is Kind.PREFERENCE_LOSS for clause in measure.clauses)
