"""What the ledger records of a state's presence: leaders at summits, and changes of its means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from palanca.catalogue import Catalogue
from palanca.events import record
from palanca.events.event import LENGTHS
from palanca.posture.given import given

What = Literal["attendance", "capacity"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated act of a state that bears on its presence.

    Attributes:
        date: ISO, as far as it is known.
        what: a meeting of leaders held, joined, skipped or cancelled; or people, offices, money and
            institutions gained or lost.
        instrument: by which means, as the ledger names it.
        title: in the words of the ledger.
        language: ISO 639-1 code of the title.
        confidence: high, medium or low, as coded.
        id: of the event.
    """

    country: str
    date: str
    what: What
    instrument: str
    title: str
    language: str
    source: str
    url: str
    confidence: str
    id: str


def entries(tables: Catalogue, country: str) -> Iterator[Entry]:
    """Yield what the ledger has on a state's attendance and capacity, oldest first.

    The ledger follows a few pairs of countries and thickens towards the present, so that its rows are a
    record and no count of them is a trend.
    """
    rule = given().record
    for event in sorted(record.events(tables), key=lambda event: (event.date, event.id)):
        capacity = event.kind in rule.capacity_kinds
        if event.actor == country and (capacity or event.instrument in rule.attendance_instruments):
            yield Entry(
                country,
                event.date.isoformat()[: LENGTHS[event.precision]],
                "capacity" if capacity else "attendance",
                event.instrument,
                event.title,
                event.language,
                event.source,
                event.source_url,
                event.confidence,
                event.id,
            )
