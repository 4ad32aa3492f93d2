"""Where two states stand: votes, alignment, presence, coherence and alternatives together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from palanca.catalogue import Catalogue, Text, Unknown
from palanca.errors import SamePair
from palanca.posture import agreement, alignment, coherence
from palanca.posture.adversaries import OnAdversaries, on_adversaries
from palanca.posture.agreement import Turn, Year
from palanca.posture.alignment import Point
from palanca.posture.alternatives import Candidate, alternatives
from palanca.posture.capacity import Entry, entries
from palanca.posture.coherence import Closeness, Shift
from palanca.posture.gap import Gap, gap
from palanca.posture.notes import notes
from palanca.posture.presence import Presence, presence
from palanca.posture.regimes import Regime, regime
from palanca.posture.states import State, state

Totals = Mapping[str, int]


@dataclass(frozen=True)
class Posture:
    """Where a country stands towards a partner.

    Attributes:
        notes: sentences on what cannot be measured of this pair, and why.
        years: agreement by year.
        issues: agreement by year and issue.
        turns: whose votes made each year's agreement.
        totals: votes of 2025 by state, where counted.
        points: ideal points of both, by code.
        gap: votes beside what exposure would predict.
        closeness: how the country votes with each named group.
        on_adversaries: how it votes with the partner on the partner's adversaries.
        shifts: whom it moved towards.
        regimes: of both, by code.
        presence: of both, by code.
        record: what the ledger has on attendance and capacity of both, by code.
        alternatives: candidates, best first.
    """

    country: State
    partner: State
    as_of: date
    notes: tuple[Text, ...]
    years: tuple[Year, ...]
    issues: tuple[Year, ...]
    turns: tuple[Turn, ...]
    totals: Mapping[str, Totals]
    points: Mapping[str, tuple[Point, ...]]
    gap: Gap | Unknown
    closeness: tuple[Closeness, ...]
    on_adversaries: OnAdversaries | Unknown
    shifts: tuple[Shift, ...] | Unknown
    regimes: Mapping[str, Regime]
    presence: Mapping[str, Presence]
    record: Mapping[str, tuple[Entry, ...]]
    alternatives: tuple[Candidate, ...]


def posture(
    country: str,
    partner: str,
    *,
    catalogue: Catalogue | None = None,
    weights: Mapping[str, float] | None = None,
) -> Posture:
    """Measure where `country` stands towards `partner` from the tables of `catalogue`.

    States that are no members, or are no longer, are answered with a sentence and with what is on file.

    Args:
        country: name or code, former states included.
        partner: the other.
        catalogue: tables as of some day.
        weights: of the criteria for alternatives.

    Raises:
        UnknownCountry: no state of that name.
        SamePair: both names are of one state.
        InputError: weights cannot be used.
    """
    a, b = state(country), state(partner)
    if a.code == b.code:
        raise SamePair(f"{country} and {partner} are both {a.name.en}: name two different states.")
    tables = catalogue or Catalogue()
    codes = (a.code, b.code)
    years = agreement.by_year(tables, *codes)
    points = {code: tuple(alignment.points(tables, code)) for code in codes}
    return Posture(
        country=a,
        partner=b,
        as_of=tables.as_of,
        notes=tuple(notes((a, b), points, years)),
        years=years,
        issues=agreement.by_issue(tables, *codes),
        turns=agreement.turns(tables, *codes),
        totals={code: found for code in codes if (found := _totals(tables, code))},
        points=points,
        gap=gap(tables, *codes),
        closeness=tuple(_closeness(tables, a.code)) if points[a.code] else (),
        on_adversaries=on_adversaries(tables, *codes),
        shifts=coherence.shifts(tables, a.code),
        regimes={code: regime(tables, code) for code in codes},
        presence={a.code: presence(tables, *codes), b.code: presence(tables, b.code, a.code)},
        record={code: tuple(entries(tables, code)) for code in codes},
        alternatives=() if a.former else alternatives(tables, *codes, weights),
    )


def _totals(tables: Catalogue, code: str) -> Totals:
    rows = tables["vote_totals"].rows(country=code)
    return dict(rows.drop("country").row(0, named=True)) if rows.height else {}


def _closeness(tables: Catalogue, code: str) -> Iterator[Closeness]:
    for name, members in coherence.named(tables).items():
        yield from coherence.closeness(tables, code, members, name)
