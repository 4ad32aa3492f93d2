"""What the days of a ledger's acts say of either side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from palanca.catalogue import Unknown
from palanca.catalogue.unknown import unknown
from palanca.events.episodes import in_order
from palanca.events.event import Event, vocabulary
from palanca.response.jitter import Days, Following, following
from palanca.response.reactivity import number

BASE = "all"
GAIN = ("gain", "lower", "upper")
DIGITS = 4


@dataclass(frozen=True)
class Timing:
    """What timing says of one side under one variant; none found where a side has too few acts.

    Attributes:
        events: the acts of both sides that it rests on.
    """

    actor: str
    other: str
    variant: str
    acts: int
    others: int
    events: tuple[Event, ...]
    found: Following | None

    @property
    def tested(self) -> bool:
        """Whether the test is told: once, for the whole record."""
        return self.variant == BASE and self.why is None

    @property
    def why(self) -> Unknown | None:
        """Why there is no gain; none where there is one."""
        least = int(number("least_acts"))
        if self.found is None:
            return unknown(
                f"one side has fewer than {least} dated acts aimed at the other",
                f"un lado tiene menos de {least} actos fechados dirigidos al otro",
            )
        return None if self.found.beyond else _no_gain()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON; no gain, interval or test where acts follow no more often than by chance."""
        blank: dict[str, float | None] = dict.fromkeys(("followed", "expected", *GAIN, "p"))
        told = ["followed", "expected"] if self.found else []
        told += [*GAIN] if self.why is None else []
        told += ["p"] if self.tested else []
        return {
            **{name: getattr(self, name) for name in ("variant", "acts", "others")},
            **blank,
            **{name: float(f"{getattr(self.found, name):.{DIGITS}g}") for name in told},
            "why": None if self.why is None else self.why.reason.en,
        }


def _no_gain() -> Unknown:
    return unknown(
        "its acts follow those of the other side no more often than by chance within weeks",
        "sus actos no siguen a los del otro lado más que por azar en unas semanas",
    )


def dated(events: Iterable[Event], a: str, b: str) -> list[Event]:
    """Return the acts of either side aimed at the other whose day is known, in order."""
    return [
        event
        for event in in_order(events)
        if event.precision == "day" and {event.actor, event.target} == {a, b}
    ]


def days_of(acts: Sequence[Event], actor: str) -> Days:
    """Return acts by day, those of `actor` as the side that may answer."""
    first, last = (choose(event.date for event in acts) for choose in (min, max))
    length = (last - first).days + 1
    ours, theirs = (
        np.bincount(
            [(event.date - first).days for event in acts if (event.actor == actor) is own], minlength=length
        )
        for own in (True, False)
    )
    return Days(ours, theirs, first.weekday())


Chooser = Callable[[Event], bool]
VARIANTS: Mapping[str, Chooser] = {
    BASE: lambda _: True,
    "without low confidence": lambda event: event.confidence != "low",
    "high confidence only": lambda event: event.confidence == "high",
    "without recent years": lambda event: event.date.year < number("recent_from"),
    "no context": lambda event: event.kind not in vocabulary().of("context"),
}


def timing(events: Iterable[Event], actor: str, other: str, variant: str = BASE) -> Timing:
    """Return what timing says of how the acts of `actor` follow those of `other`."""
    acts = [event for event in dated(events, actor, other) if VARIANTS[variant](event)]
    ours = sum(event.actor == actor for event in acts)
    counts = (ours, len(acts) - ours)
    few = min(counts) < number("least_acts")
    found = None if few else following(days_of(acts, actor), seed=int(number("seed")))
    return Timing(actor, other, variant, *counts, tuple(acts), found)
