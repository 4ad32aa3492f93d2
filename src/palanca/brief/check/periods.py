"""When a statement says that something was: years, months and days in words, as spans of days."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from palanca.brief.check.text import Token
from palanca.brief.check.words import words
from palanca.catalogue.text import Language

YEAR = r"(?:1[5-9]\d\d|20\d\d)"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`; none where open; `vague` where the words name no days.

    Attributes:
        words: as written.
        whole: whether the days are one year or month, told as a whole.
    """

    first: date | None
    last: date | None
    words: str
    vague: bool = False

    def holds(self, day: date) -> bool:
        """Return whether a day lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Placed:
    """A period and the tokens that tell it, from `start` up to `end`."""

    period: Period
    start: int
    end: int


def placed(tokens: Sequence[Token], language: Language, *, then: date | None = None) -> list[Placed]:
    """Return the periods that a sentence tells.

    Args:
        then: first day of the period told last, for "since then".
    """
    flat = " ".join(token.word for token in tokens)
    ends = _ends(tokens)
    taken: list[Placed] = []
    for pattern, kind in _patterns(language):
        for match in pattern.finditer(flat):
            start, end = ends.get(match.start(), (None, None))[0], ends.get(match.end(), (None, None))[1]
            if start is None or end is None or any(start < one.end and one.start < end for one in taken):
                continue
            told = _period(kind, match, language, then)
            if told:
                taken.append(Placed(told, start, end))
    return sorted(taken, key=lambda one: one.start)


def _ends(tokens: Sequence[Token]) -> dict[int, tuple[int | None, int | None]]:
    """Return which token starts, and which ends, at each place of the flat text."""
    found: dict[int, tuple[int | None, int | None]] = {}
    at = 0
    for index, token in enumerate(tokens):
        found[at] = (index, found.get(at, (None, None))[1])
        at += len(token.word)
        found[at] = (None, index + 1)
        at += 1
    return found


@cache
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    day, spans = _day(language), words().spans

    def lead(name: str) -> str:
        return f"(?:{'|'.join(sorted(spans[name][language], key=len, reverse=True))})"

    def whole(text: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\S){text}(?!\S)")

    one, other = day.format(n=1), day.format(n=2)
    return (
        (whole(f"{lead('between')} {one} {lead('and')} {other}"), "between"),
        (whole(lead("then")), "then"),
        (whole(f"{lead('since')} {one}"), "since"),
        (whole(f"{lead('until')} {one}"), "until"),
        (whole(f"{lead('after')} {one}"), "since"),
        (whole(f"(?:{lead('in')} )?{one}"), "in"),
        (whole(lead("vague")), "vague"),
    )


def _day(language: Language) -> str:
    months = "|".join(words().months[language])
    number = r"\d{{1,2}}"
    if language == "en":
        month = rf"(?P<m{{n}}>{months}) (?:(?P<e{{n}}>{number})(?:st|nd|rd|th)? )?(?:, |of )?"
        return rf"(?:(?P<d{{n}}>{number}) )?(?:{month})?(?P<y{{n}}>{YEAR})"
    month = rf"(?P<m{{n}}>{months}) (?P<e{{n}}>)(?:del? )?"
    return rf"(?:(?:el )?(?P<d{{n}}>{number}) de )?(?:{month})?(?P<y{{n}}>{YEAR})"


def _period(kind: str, match: re.Match[str], language: Language, then: date | None) -> Period | None:
    told = match[0]
    if kind in ("vague", "then"):
        first = then if kind == "then" else None
        return Period(first, None, told, vague=first is None)
    first_days = _days(match, 1, language)
    last_days = _days(match, 2, language) if kind == "between" else first_days
    if first_days is None or last_days is None:
        return None
    first = None if kind == "until" else first_days[0]
    last = {"since": None, "until": first_days[0]}.get(kind, last_days[1])
    return Period(first, last, told)


def _days(match: re.Match[str], n: int, language: Language) -> tuple[date, date] | None:
    year, name = int(match[f"y{n}"]), match[f"m{n}"]
    if name is None:
        return date(year, 1, 1), date(year, 12, 31)
    month, number = words().months[language][name], match[f"d{n}"] or match[f"e{n}"]
    last = calendar.monthrange(year, month)[1]
    if not number:
        return date(year, month, 1), date(year, month, last)
    return (date(year, month, int(number)),) * 2 if 1 <= int(number) <= last else None


def dates(tokens: Sequence[Token], language: Language) -> Iterator[date]:
    """Yield the single days that a line of a text names."""
    for one in placed(tokens, language):
        if one.period.first and one.period.first == one.period.last:
            yield one.period.first
