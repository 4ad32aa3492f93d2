"""The text with its verdicts as one HTML file that opens offline and prints."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from palanca.brief import language as words
from palanca.brief.check import wording
from palanca.brief.check.testing import Found, counts
from palanca.catalogue import Country
from palanca.catalogue.text import Language

UNTESTED = "not testable here"
SHOWN_KEYS = 160  # characters of the keys of a piece of evidence; the JSON holds them whole


@cache
def _template() -> str:
    return (files("palanca") / "data" / "statements" / "page.html.j2").read_text("utf-8")


def render(
    text: str,
    found: Sequence[Found],
    pair: tuple[Country, Country],
    *,
    language: Language,
    dates: tuple[date, date | None],
    name: str,
) -> str:
    """Return the page: the text with every statement marked, then what each verdict rests on.

    Args:
        found: statements of the text in order; they do not overlap.
        dates: of the data, and of the text where it is known.
        name: of the report.
    """
    told = wording.told(language)
    items = [_item(at, one, told, language) for at, one in enumerate(found, start=1)]
    page: str = (
        Environment(autoescape=True)
        .from_string(_template())
        .render(
            language=language,
            w=told,
            names=" · ".join(one.name[language] for one in pair),
            name=name,
            as_of=words.period(dates[0].isoformat(), language),
            written=words.period(dates[1].isoformat(), language) if dates[1] else "",
            tally=[(kind, _css(kind), n) for kind, n in counts(tuple(found)).items()],
            pieces=list(_pieces(text, found, items)),
            items=items,
        )
    )
    return page


def _css(verdict: str) -> str:
    return "untested" if verdict == UNTESTED else verdict


def _pieces(
    text: str, found: Sequence[Found], items: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    at = 0
    for one, item in zip(found, items, strict=True):
        yield text[at : one.span[0]], None
        yield text[slice(*one.span)], item
        at = one.span[1]
    yield text[at:], None


def _item(at: int, one: Found, told: dict[str, str], language: Language) -> dict[str, Any]:
    item: dict[str, Any] = {
        "n": at,
        "css": _css(one.verdict),
        "verdict": one.verdict,
        "statement": one.statement,
        "says": words.sentence_case(one.says[language]).rstrip("."),
        "parts": wording.parts(one.said, language),
        "later": f"{len(one.later)}, {one.later[0]} {told['to']} {one.later[-1]}" if one.later else "",
    }
    if one.reading and one.rule and one.confidence:
        held = one.reading
        value, line = (
            _number(held.value, language),
            one.rule.threshold if held.threshold is None else held.threshold,
        )
        if held.low != held.high:
            value += f" ({_number(held.low, language)} {told['to']} {_number(held.high, language)})"
        item |= {
            "value": f"{value} {told[one.rule.unit]}; {told['line']} {_number(line, language)}",
            "level": one.confidence.level,
            "reason": one.confidence.reason[language],
            "numbers": [
                (wording.value_name(key, language), _number(known, language))
                for key, known in held.values.items()
            ],
            "source": one.rule.source,
            "evidence": [
                {"table": e.table, "column": e.column, "vintage": e.vintage, "chosen": _short(dict(e.keys))}
                for e in one.evidence
            ],
        }
    return item


def _number(value: float | str, language: Language) -> str:
    if isinstance(value, str):
        return value
    shown = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return shown if language == "en" else shown.replace(",", " ").replace(".", ",")


def _short(keys: dict[str, Any]) -> str:
    shown = "; ".join(
        f"{name} = {', '.join(map(str, key)) if isinstance(key, tuple) else key}"
        for name, key in keys.items()
    )
    return shown if len(shown) <= SHOWN_KEYS else f"{shown[:SHOWN_KEYS]} …"
