"""From which day on tables say anything: before it silence would be taken for an answer."""

from collections.abc import Iterable
from datetime import date

from palanca.catalogue.snapshot import cutoff, known_on, table
from palanca.errors import InputError


def first_day(name: str) -> tuple[date, str]:
    """Return the day on which the first row of a table became public, and the period of that row."""
    whole = table(name)
    if whole.spec.period is None or whole.frame.is_empty():
        return whole.origin.vintage, ""
    first = str(whole.frame[whole.spec.period].min())
    return min(known_on(first, whole.spec), whole.origin.vintage), first


def require_reached(day: date, names: Iterable[str]) -> None:
    """Refuse a day on which none of the tables named had a row yet, or that has not come.

    Raises:
        InputError: it says from which day on there is something, or to which.
    """
    since, name, period = min((first_day(name)[0], name, first_day(name)[1]) for name in names)
    if day < since:
        told = f" ({period})" if period and period != since.isoformat() else ""
        raise InputError(
            f"Nothing on this was public on {day}: the first table on file, {table(name).title.en}{told}, "
            f"begins on {since}. Choose a later day or leave --date out."
        )
    if day > max(cutoff(), date.today()):
        raise InputError(
            f"{day} has not come: the tables on file reach to {cutoff()}. Choose an earlier day."
        )
