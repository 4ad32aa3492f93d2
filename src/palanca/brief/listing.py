"""The acts of a pair as the page lists them: in the reader's language, as far as the ledger has it."""

from collections.abc import Iterable, Iterator, Sequence

from palanca.brief import language as words
from palanca.brief.ledger import vocabulary as page_words
from palanca.catalogue import countries
from palanca.catalogue.text import Language
from palanca.events import exchange
from palanca.events.event import LENGTHS, Event, vocabulary
from palanca.events.publishers import confidence

LEVELS = {"high": "high", "medium": "moderate", "low": "low"}


def told_acts(events: Iterable[Event], language: Language) -> Iterator[dict[str, str]]:
    """Yield each act, the latest at the top; a source keeps the language it was written in."""
    told = vocabulary()
    for event in reversed(list(events)):
        day = event.date.isoformat()[: LENGTHS[event.precision]]
        known = countries().get(event.actor)
        yield {
            "date": words.period(day, language),
            "actor": known.name[language] if known else event.actor,
            "kind": told.kinds[event.kind].title[language],
            "instrument": told.instruments[event.instrument].title[language],
            "front": told.fronts[event.front].title[language],
            "title": event.titled(language),
            "language": event.language,
            "source": event.source,
            "url": event.source_url,
            "confidence": page_words().words[LEVELS[confidence(event)]][language],
        }


def acts_csv(events: Sequence[Event]) -> bytes:
    """Return the acts with every field, as the ledger exchanges them."""
    return exchange.content(events, ".csv")
