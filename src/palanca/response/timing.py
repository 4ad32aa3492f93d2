"""Acts of a ledger as a record of days, and what their timing says of either side."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from palanca.catalogue import Unknown
from palanca.catalogue.results import remember
from palanca.catalogue.unknown import unknown
from palanca.events.episodes import in_order
from palanca.events.event import Event, vocabulary
from palanca.response.governments import breaks
from palanca.response.hawkes import SIDES, Record
from palanca.response.inference import Answering, Interval, answering, unordered
from palanca.response.reactivity import number

WORDS = ("demand", "threat", "statement", "protest", "negotiation", "restraint")
TABLE = "reactivity"
BASE = "all"
QUANTITIES = ("reactivity", "branching", "own", "delay")
DIGITS = 4


@dataclass(frozen=True)
class Timing:
    """What timing says of one side under one variant; `few` where a side has too few acts."""

    actor: str
    other: str
    variant: str
    acts: int
    others: int
    found: Answering | None

    @property
    def few(self) -> Unknown:
        """Why there is no number."""
        least = int(number("least_acts"))
        return unknown(
            f"one side has fewer than {least} dated acts aimed at the other",
            f"un lado tiene menos de {least} actos fechados dirigidos al otro",
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each quantity; values are empty where there is no number."""
        base: dict[str, Any] = {"actor": self.actor, "other": self.other, "variant": self.variant}
        base |= {"acts": self.acts, "others": self.others}
        blank = Interval(*[float("nan")] * 3)
        tests = (self.found.p_bootstrap, self.found.p_shifted) if self.found else (None, None)
        return [
            {
                **base,
                "quantity": name,
                **_ends(getattr(self.found, name) if self.found else blank),
                "p_bootstrap": tests[0] if name == "reactivity" else None,
                "p_shifted": tests[1] if name == "reactivity" else None,
            }
            for name in QUANTITIES
        ]


def _ends(found: Interval) -> dict[str, float | None]:
    three = {"value": found.value, "lower": found.lower, "upper": found.upper}
    return {name: None if np.isnan(one) else float(f"{one:.{DIGITS}g}") for name, one in three.items()}


def dated(events: Iterable[Event], a: str, b: str) -> list[Event]:
    """Return the acts of either side aimed at the other whose day is known, in order."""
    return [
        event
        for event in in_order(events)
        if event.precision == "day" and {event.actor, event.target} == {a, b}
    ]


def enough(events: Iterable[Event], a: str, b: str) -> bool:
    """Return whether both sides have enough dated acts for a number."""
    acts = dated(events, a, b)
    return min(sum(event.actor == one for event in acts) for one in (a, b)) >= number("least_acts")


def record_of(acts: Sequence[Event], a: str, b: str) -> Record:
    """Return acts as a record: side 0 is `a`; words and deeds apart; baselines by government of either."""
    first, last = acts[0].date, max(event.date for event in acts)
    day = np.array([(event.date - first).days for event in acts], dtype=np.int64)
    names = sorted({event.front for event in acts})
    starts = breaks((a, b), first, last, int(number("shortest_baseline")))
    offsets = np.array([(start - first).days for start in starts])
    period = np.searchsorted(offsets, np.arange((last - first).days + 1), side="right") - 1
    place = {event.id: at for at, event in enumerate(acts)}
    ordered = [
        (place[link], at)
        for at, event in enumerate(acts)
        for link in event.linked_to
        if link in place and acts[place[link]].date == event.date
    ]
    return Record(
        day=day,
        side=np.array([int(event.actor == b) for event in acts], dtype=np.int64),
        kind=np.array([int(event.kind not in WORDS) for event in acts], dtype=np.int64),
        front=np.array([names.index(event.front) for event in acts], dtype=np.int64),
        period=period.astype(np.int64),
        ordered=np.array(ordered, dtype=np.int64).reshape(-1, 2),
        kinds=2,
        fronts=len(names),
    )


Chooser = Callable[[Event], bool]
VARIANTS: Mapping[str, Chooser] = {
    BASE: lambda _: True,
    "without low confidence": lambda event: event.confidence != "low",
    "high confidence only": lambda event: event.confidence == "high",
    "without recent years": lambda event: event.date.year < number("recent_from"),
    "links unused": lambda _: True,
    "no context": lambda event: event.kind not in vocabulary().of("context"),
}


def timing(events: Iterable[Event], a: str, b: str, variant: str = BASE) -> tuple[Timing, Timing]:
    """Return what timing says of both sides; tests only for the whole record."""
    acts = [event for event in dated(events, a, b) if VARIANTS[variant](event)]
    counts = [sum(event.actor == one for event in acts) for one in (a, b)]
    two: Sequence[Answering | None] = (None, None)
    if min(counts) >= number("least_acts"):
        record = record_of(acts, a, b)
        tests = int(number("draws")) if variant == BASE else 0
        draws = tests or int(number("variant_draws"))
        record = unordered(record) if variant == "links unused" else record
        two = answering(record, draws, int(number("seed")), tests)
    pairs = ((a, b), (b, a))
    return tuple(  # type: ignore[return-value]
        Timing(*pairs[i], variant, counts[i], counts[1 - i], two[i]) for i in SIDES
    )


def fingerprint(events: Iterable[Event], a: str, b: str) -> str:
    """Return the hash of all that timing reads: the dated acts of the pair and how it is measured."""
    a, b = sorted((a, b))
    acts = [
        [
            event.id,
            event.date.isoformat(),
            event.actor,
            event.kind,
            event.front,
            event.confidence,
            *event.linked_to,
        ]
        for event in dated(events, a, b)
    ]
    told = [number(name) for name in ("least_acts", "shortest_baseline", "draws", "variant_draws", "seed")]
    return hashlib.sha256(json.dumps([a, b, acts, told]).encode()).hexdigest()[:16]


def table(events: Sequence[Event], a: str, b: str) -> pl.DataFrame:
    """Return every variant, side and quantity of a pair, with the hash of the acts they rest on."""
    a, b = sorted((a, b))
    rows = [row for name in VARIANTS for side in timing(events, a, b, name) for row in side.rows()]
    last = max((event.recorded_on for event in events), default=None)
    return pl.DataFrame(rows, schema=SCHEMA).with_columns(
        acts_sha256=pl.lit(fingerprint(events, a, b)),
        until=pl.lit(last.isoformat() if last else "", dtype=pl.String),
    )


SCHEMA = {
    **dict.fromkeys(("actor", "other", "variant"), pl.String),
    **dict.fromkeys(("acts", "others"), pl.Int64),
    "quantity": pl.String,
    **dict.fromkeys(("value", "lower", "upper", "p_bootstrap", "p_shifted"), pl.Float64),
}


def computed(events: Sequence[Event], a: str, b: str) -> pl.DataFrame:
    """Return the table of a pair, from the cache where it was made before."""
    key = {"acts": fingerprint(events, a, b)}

    def make() -> bytes:
        return table(events, a, b).write_json().encode()

    return pl.read_json(remember("reactivity", key, make)) if events else pl.DataFrame(schema=SCHEMA)
