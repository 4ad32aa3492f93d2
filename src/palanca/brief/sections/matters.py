"""The matters that pressure is about: migration, drugs, violence, and risk in the news."""

from collections.abc import Iterator

from palanca.brief import front_figures as charts
from palanca.brief.claims import Filling, Item
from palanca.brief.sections.case import Case, Section, portion, window
from palanca.catalogue import Figure, Text, country
from palanca.events import Front


def matters(case: Case) -> Section:
    """Return level and trend of every indicator on file for the pair, with its caveat.

    Where all that is on file is risk in the news, the heading says so.
    """
    notes = dict.fromkeys(front.indicator.caveat for front in case.fronts)
    return Section(
        "fronts",
        tuple(item for front in case.fronts for item in _front(case, front)),
        tuple(charts.fronts(case.fronts, case.exposure)),
        tuple(notes),
        head="" if any(front.country is None for front in case.fronts) else "risk",
    )


def trend(front: Front) -> dict[str, Figure | Text]:
    """Return what fills a sentence on the trend of an indicator."""
    return {
        "title": front.indicator.title,
        "last": front.last,
        "before": front.before,
        "change": front.change_pct,
        "window": window(front.last),
    }


def _front(case: Case, front: Front) -> Iterator[Item]:
    if front.country is None:
        yield case.tell("front-trend", trend(front), about=front.name)
        key = "front-at-peak" if front.peak.period == front.last.period else "front-peak"
        part = portion("part", front.last, front.peak)
        fillings: dict[str, Figure | Text] = {
            "title": front.indicator.title,
            "peak": front.peak,
            "part": part,
            "window": window(front.peak),
        }
        yield case.tell(key, fillings, about=front.name)
    else:
        named: dict[str, Filling] = {**trend(front), "c": country(front.country)}
        yield case.tell("front-trend-country", named, about=front.name)
