"""The date of a text, and which rows behind a verdict are later than it."""

from collections.abc import Iterator, Sequence
from datetime import date

from palanca.brief.check import text as reading
from palanca.brief.check.periods import placed
from palanca.catalogue import Catalogue, Evidence
from palanca.catalogue.text import Language
from palanca.events import record

LINES = 5  # lines of the head and of the foot in which a text bears its date
SHORT = 12  # words of a line that may be a date line
TIMES = ("date", "month", "year")


def dated(text: str, language: Language) -> date | None:
    """Return the day that a short line in the head or foot of a text names; none where there is none."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in (*lines[:LINES], *lines[-LINES:]):
        if len(line.split()) > SHORT or line.rstrip().endswith((".", "?", "!")):
            continue
        days = [one.period for one in placed(reading.tokens(line, (0, len(line))), language)]
        exact = [one.first for one in days if one.first and one.first == one.last]
        if exact:
            return exact[0]
    return None


def later(evidence: Sequence[Evidence], tables: Catalogue, day: date | None) -> tuple[str, ...]:
    """Return the dates, months and years of rows that are later than a day; none where it is unknown."""
    if day is None:
        return ()
    found = [period for one in evidence for period in _periods(one, tables)]
    return tuple(sorted({period for period in found if period > day.isoformat()[: len(period)]}))


def _periods(one: Evidence, tables: Catalogue) -> Iterator[str]:
    """Yield the times of the rows: those of their keys, of the ledger's acts, or of the table itself."""
    told = [key for name, key in one.keys.items() if name in TIMES]
    if one.table == record.TABLE:
        ids = one.keys.get("id", ())
        chosen = set(ids) if isinstance(ids, tuple) else {ids}
        yield from (act.date.isoformat() for act in record.events(tables) if act.id in chosen)
    elif told:
        for key in told:
            yield from map(str, key if isinstance(key, tuple) else (key,))
    else:
        frame = tables[one.table].frame
        for name in TIMES:
            if name in frame.columns:
                yield str(frame[name].max())
                return
