"""What followed an answer to pressure, by the kind of the strongest: an order in time, not an effect."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.unknown import unknown
from palanca.events.episodes import descendants, followers
from palanca.events.event import Event
from palanca.events.matters import matter_of
from palanca.events.settlement import EASED, Episode, act_by_act, answers
from palanca.events.shares import Count, counted, few

SPANS = (30, 90, 180)
RELIEVED = ("suspension", "relief")
CONCESSION = "concession"
STATUTORY, DISTANCES = "statutory_tariffs", "pair_distances"
ALL = "all"
FOLLOWED = ("eased", "suspended", "relieved", "demanded again", "escalated")
DEMANDING, ESCALATING = ("demand", "threat"), ("measure", "escalation", "incident")


@dataclass(frozen=True)
class Case:
    """One episode and what followed within each span of days after the answer.

    Attributes:
        matter: what the pressure is part of.
        start: day of the strongest answer, or of the pressure where there is none.
        followed: by span, which of `FOLLOWED` came; none where the record ends before the span does.
    """

    episode: Episode
    matter: str
    start: date
    followed: Mapping[int, frozenset[str] | None]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        found = {str(days): None if what is None else sorted(what) for days, what in self.followed.items()}
        return {**self.episode.record(), "from": self.start.isoformat(), "followed_within_days": found}


@dataclass(frozen=True)
class Yield:
    """How often something followed the strongest answers of one kind within a span.

    Attributes:
        count: of the cases whose span lies within the record, with its interval.
        others: the same of episodes answered otherwise.
        matched: the same among episodes answered otherwise, weighted to the fronts and instruments of
            these, percent; unknown where too few share one.
        pairs: cases that have another of the same front and instrument to be set beside.
    """

    answer: str
    what: str
    days: int
    count: Count
    others: Count
    matched: float | Unknown
    pairs: int

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """Share less that of the others with its interval, percentage points; none without either.

        Source: Newcombe (1998), Statistics in Medicine 17, method 10, on intervals by matter.
        """
        p, q = self.count.percent, self.others.percent
        if p is None or q is None:
            return None
        (p_low, p_high), (q_low, q_high) = self.count.ends, self.others.ends
        low = p - q - math.hypot(p - p_low, q_high - q)
        return p - q, low, p - q + math.hypot(p_high - p, q - q_low)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        three = self.difference or (None, None, None)
        matched: dict[str, Any] = {"answered_otherwise_percent": self.matched}
        if isinstance(self.matched, Unknown):
            matched = {"answered_otherwise_percent": None, "reason": self.matched.reason.en}
        return {
            "answer": self.answer,
            "followed_by": self.what,
            "days": self.days,
            **self.count.as_dict(),
            "otherwise": self.others.as_dict(),
            "difference": dict(zip(("points", "lower", "upper"), three, strict=True)),
            "matched_cases": self.pairs,
            **matched,
        }


@dataclass(frozen=True)
class Contrast:
    """Tariffs of the sender on the target and on the partner most like it, percent added by day."""

    peer: str
    rule: str
    rows: tuple[tuple[str, float, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        days = [{"date": day, "target_pct": own, "peer_pct": other} for day, own, other in self.rows]
        return {"peer": self.peer, "rule": self.rule, "added_statutory_tariff": days}


def cases(events: Sequence[Event], target: str, sender: str) -> list[Case]:
    """Return every act of the sender's pressure on the target with what followed, oldest first."""
    last = max((event.recorded_on for event in events), default=date.min)
    later = followers(events)
    found = act_by_act(events, target, sender, alone=True)
    held = matter_of(events, target, sender)
    return [_case(one, held[one.id], later, last) for one in found if one.pressure.actor == sender]


def _case(one: Episode, matter: str, later: dict[str, list[Event]], last: date) -> Case:
    origin = one.strongest or one.pressure
    start = origin.date
    after = {event.id: event for event in (*descendants(one.pressure, later), *descendants(origin, later))}
    seen = [event for event in after.values() if event.date >= start and event.id != origin.id]
    spans = {
        days: None if start + timedelta(days) > last else frozenset(_followed(one, seen, start, days))
        for days in SPANS
    }
    return Case(one, matter, start, spans)


def _followed(one: Episode, seen: Iterable[Event], start: date, days: int) -> Iterator[str]:
    end = start + timedelta(days)
    acts = [event for event in seen if event.actor == one.pressure.actor and event.date <= end]
    kinds = {event.kind for event in acts}
    settled = one.outcome is not None and start <= one.outcome.date <= end and one.outcome_kind in EASED
    if settled or kinds & set(RELIEVED):
        yield "eased"
    if "suspension" in kinds:
        yield "suspended"
    if "relief" in kinds:
        yield "relieved"
    if kinds & set(DEMANDING):
        yield "demanded again"
    if kinds & set(ESCALATING):
        yield "escalated"


def yields(found: Sequence[Case]) -> list[Yield]:
    """Return, for each kind of answer, span and outcome, how often it followed."""
    return [
        followed(found, answer, what, days)
        for answer in answers()
        if any(one.episode.strongest_kind == answer for one in found)
        for days in SPANS
        for what in FOLLOWED
    ]


def followed(found: Sequence[Case], answer: str, what: str, days: int) -> Yield:
    """Return how often something followed one kind of answer within a span, and other answers."""
    whole = [one for one in found if one.followed[days] is not None]
    ours = [one for one in whole if one.episode.strongest_kind == answer]
    others = [one for one in whole if one.episode.strongest_kind != answer]
    value, pairs = _matched(ours, others, what, days)
    two = _count(answer, ours, what, days), _count("others", others, what, days)
    return Yield(answer, what, days, *two, value, pairs)


def _count(of: str, found: Sequence[Case], what: str, days: int) -> Count:
    done = {one.episode.id for one in found if what in (one.followed[days] or ())}
    held = {one.episode.id: one.matter for one in found}
    return counted(of, [one.episode.pressure for one in found], done, matters=held)


def _matched(
    ours: Sequence[Case], others: Sequence[Case], what: str, days: int
) -> tuple[float | Unknown, int]:
    """Return the share among others of the same front and instrument, each of ours weighing the same."""
    like: dict[tuple[str, str], list[bool]] = {}
    for one in others:
        like.setdefault(_cell(one), []).append(what in (one.followed[days] or ()))
    shares = [sum(held) / len(held) for one in ours if (held := like.get(_cell(one)))]
    if len(shares) < few():
        too_few = unknown(
            "too few cases share front and instrument with one answered otherwise",
            "muy pocos casos comparten frente e instrumento con otro respondido de otro modo",
        )
        return too_few, len(shares)
    return 100 * sum(shares) / len(shares), len(shares)


def _cell(one: Case) -> tuple[str, str]:
    return one.episode.pressure.front, one.episode.pressure.instrument


def contrast(tables: Catalogue, target: str, sender: str) -> Contrast | Unknown:
    """Return the sender's added tariff on the target and on another partner, chosen by rule.

    The rule: of the sender's partners in the table that border it, the target apart, the nearest to it;
    where none borders it, the partner nearest to the target.
    """
    rows = tables[STATUTORY].rows(importer=sender)
    rows = rows.filter(~rows["scheduled"])
    partners = set(rows["partner"]) if rows.height else set()
    chosen = _peer(tables, target, sender, partners - {target}) if target in partners else None
    if chosen is None:
        return unknown(
            f"no table of statutory tariffs of {sender} with {target} and another partner",
            f"sin tabla de aranceles legales de {sender} con {target} y otro socio",
        )
    peer, rule = chosen
    paths = [
        {row["date"]: row["added_pct"] for row in rows.iter_rows(named=True) if row["partner"] == one}
        for one in (target, peer)
    ]
    days = sorted(paths[0].keys() & paths[1].keys())
    return Contrast(peer, rule, tuple((day, paths[0][day], paths[1][day]) for day in days))


def _peer(tables: Catalogue, target: str, sender: str, partners: set[str]) -> tuple[str, str] | None:
    frame = tables[DISTANCES].frame
    for centre, rule in ((sender, "borders the sender"), (target, "nearest to the target")):
        near = {
            row["second"] if row["first"] == centre else row["first"]: row
            for row in frame.filter((frame["first"] == centre) | (frame["second"] == centre)).iter_rows(
                named=True
            )
        }
        found = [one for one in near if one in partners and (near[one]["contiguous"] or centre == target)]
        if found:
            return min(found, key=lambda one: float(near[one]["distance_km"])), rule
    return None
