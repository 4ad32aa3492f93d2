"""What the reading of votes assumes, from `data/parameters/posture.yaml`."""

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import Field

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict

if TYPE_CHECKING:
    from palanca.posture.ideal import Assumptions
    from palanca.posture.issues import Rules


class Entry(Strict):
    """Numbers of one matter, dated and with their source."""

    date: dt.date
    source: str = Field(min_length=20)


class Doubtful(Strict):
    """A coder's issue that is not used in some years."""

    issue: str
    first: int
    last: int
    reason: str = Field(min_length=10)


class Issues(Entry):
    """How titles are read."""

    rarest: int = Field(gt=0)
    smoothing: float = Field(gt=0)
    sure: float = Field(gt=0.5, lt=1)
    coded_share: float = Field(gt=0, le=1)
    least_gain: float = Field(ge=0)
    doubtful: tuple[Doubtful, ...]


class Window(Entry):
    """Over how many years a state's usual behaviour is taken."""

    years: int = Field(gt=0)
    longest_gap: int = Field(gt=0)


class Belief(Strict):
    """A normal belief about one parameter of a question."""

    mean: float
    deviation: float = Field(gt=0)


class Break(Strict):
    """A year in which another government takes a seat."""

    state: str
    year: int
    reason: str = Field(min_length=10)


class Points(Entry):
    """How ideal points are estimated."""

    middle: Belief
    spread: Belief
    slope: Belief
    anchor: float = Field(gt=0)
    step: float = Field(gt=0)
    sureness: float = Field(gt=1)
    tails: float = Field(gt=2)
    positive: tuple[str, ...] = Field(min_length=1)
    breaks: tuple[Break, ...]
    stretch: int = Field(gt=0)
    warm_up: int = Field(gt=0)
    draws: int = Field(gt=1)
    wider: float = Field(ge=1)
    outward: float = Field(ge=0)
    seed: int
    interval: float = Field(gt=0, lt=1)


class Shipped(Entry):
    """How many of the last years the tables hold of what would be too large in whole."""

    issue_years: int = Field(gt=0)
    first_coded_year: int
    movement_years: int = Field(gt=0)


class PeerRule(Entry):
    """How many countries of like size stand beside one."""

    count: int = Field(gt=1)


class GapRule(Entry):
    """How the fit of alignment on exposure is drawn."""

    draws: int = Field(gt=0)
    seed: int
    interval: float = Field(gt=0, lt=1)
    least_countries: int = Field(gt=2)


class RegimeRule(Entry):
    """From which value on each measure calls a country a democracy."""

    democracy: dict[str, float]


class CoherenceRule(Entry):
    """Which years are read, how far apart years compared lie, and which states are listed."""

    years: int = Field(gt=0)
    apart: int = Field(gt=0)
    shown: int = Field(gt=0)
    least_votes: int = Field(gt=0)
    least_move: float = Field(gt=0, lt=1)


class AdversaryRule(Entry):
    """Which states count as adversaries of one, and words of titles that name none."""

    years: int = Field(gt=0)
    least: int = Field(gt=0)
    opposed: float = Field(gt=0, le=1)
    not_names: tuple[str, ...]


class RecordRule(Entry):
    """Which acts of the ledger bear on a state's presence."""

    capacity_kinds: tuple[str, ...]
    attendance_instruments: tuple[str, ...]


class AlternativeRule(Entry):
    """How candidates are ranked, and how the ranking is tried."""

    shown: int = Field(gt=0)
    steady: float = Field(gt=0, le=1)
    draws: int = Field(gt=0)
    seed: int
    weights: dict[str, float]


class Given(Strict):
    """Everything that reading votes assumes."""

    issues: Issues
    movement: Window
    ideal_points: Points
    shipped: Shipped
    peers: PeerRule
    exposure_gap: GapRule
    regimes: RegimeRule
    coherence: CoherenceRule
    adversaries: AdversaryRule
    record: RecordRule
    alternatives: AlternativeRule


def given() -> Given:
    """Return the file's numbers.

    Raises:
        BadParameter: the file breaks the schema, for one an entry without a source.
    """
    return parameters("posture", Given)


def rules() -> "Rules":
    """Return how titles are read."""
    from palanca.posture.issues import Rules

    found = given().issues
    doubtful = tuple((one.issue, one.first, one.last) for one in found.doubtful)
    return Rules(found.rarest, found.smoothing, found.sure, found.coded_share, found.least_gain, doubtful)


def assumptions() -> "Assumptions":
    """Return what ideal points assume."""
    from palanca.posture.ideal import Assumptions
    from palanca.posture.walk import Habits

    found = given().ideal_points
    three = (found.middle, found.spread, found.slope)
    return Assumptions(
        means=(three[0].mean, three[1].mean, three[2].mean),
        deviations=(three[0].deviation, three[1].deviation, three[2].deviation),
        anchor=found.anchor,
        habits=Habits(found.step, found.sureness, found.tails),
        positive=found.positive,
        breaks=tuple((one.state, one.year) for one in found.breaks),
        stretch=found.stretch,
        warm_up=found.warm_up,
        draws=found.draws,
        wider=found.wider,
        outward=found.outward,
        seed=found.seed,
    )
