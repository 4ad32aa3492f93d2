"""Dates in words of each language."""

from functools import lru_cache

from babel.dates import get_month_names

from palanca.catalogue.text import Language

REMEMBERED = 1 << 12  # periods whose words are kept: those of a few briefs


@lru_cache(maxsize=REMEMBERED)
def period(text: str, language: Language) -> str:
    """Return an ISO year, month or day in words of the language."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    join = " de " if language == "es" else " "
    month = get_month_names("wide", locale=language)[parts[1]]
    day = [str(parts[2])] if len(parts) == 3 else []
    return join.join([*day, month, str(parts[0])])
