"""The state of a measure on a day, each change with its date and its source."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from pydantic import Field

from palanca.catalogue.text import Day, Strict


class Source(Strict):
    """Where the rate and the dates were read."""

    title: str = Field(min_length=5)
    url: str = Field(pattern=r"^https?://\S+$")
    confidence: Literal["high", "medium", "low"]


class State(StrEnum):
    """Where a measure stands on a day."""

    PROPOSED = "proposed"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    STRUCK_DOWN = "struck down"
    ENDED = "ended"
    SUPERSEDED = "superseded"


OVER = frozenset({State.STRUCK_DOWN, State.ENDED, State.SUPERSEDED})


class Dated(Strict):
    """A state that a measure came into on a day.

    Attributes:
        state: from that day on.
        date: first day of it.
        source: where that was read.
    """

    state: State
    date: Day
    source: Source


def on(day: date, states: Sequence[Dated]) -> Dated | None:
    """Return the state on a day; None before the first."""
    return next((one for one in reversed(states) if one.date <= day), None)


def faults(states: Sequence[Dated], *, applied: bool, start: date, end: date | None) -> Iterator[str]:
    """Yield what contradicts itself between the states of a measure, or with its first and last day."""
    days = [one.date for one in states]
    if any(first >= second for first, second in pairwise(days)):
        yield "states are not in the order of their days"
    forces = [one.date for one in states if one.state is State.IN_FORCE]
    if applied and forces[:1] != [start]:
        yield f"states: it was applied, so that it is first in force on its start, {start}"
    if forces and not applied:
        yield "states: what was never applied is never in force"
    over = next((one for one in states if one.state in OVER), None)
    if applied and (over is None) != (end is None):
        yield "states: an end and a state that ends it go together"
    if applied and over and end and (over.date - end).days > 1:
        yield f"states: {over.state} on {over.date}, later than the day after its end"
