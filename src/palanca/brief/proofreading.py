"""Read the claims of a brief as a careful reader does: what is false or foolish on its face.

The gate asks whether a claim rests on its values; this asks whether what it says of them should be said.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from palanca.brief import language as words
from palanca.brief.claims import HEADLINES, Claim, Value, aged
from palanca.brief.figures import Chart
from palanca.brief.scene import age
from palanca.brief.sections.case import Section
from palanca.brief.sentences import ENDS, is_signed
from palanca.catalogue import Catalogue, Text, thresholds
from palanca.catalogue.text import LANGUAGES, Language

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡0-9])")
ZERO = r"[−-]?0(?:[.,]0+)?(?![.,]?\d)"
STILL = {
    "en": re.compile(rf"\b(?:up|down|rose|fell|moves?|moved) by {ZERO}"),
    "es": re.compile(rf"\b(?:alza de|baja de|subió|bajó|mueve en) {ZERO}"),
}
LOWER = re.compile(r"(?:[^\W\d_]{3}|[\d%])\. [a-zñáéíóú]")  # a sentence that begins in lower case
LONG = 8  # words of a sentence that is more than a label
BARE_ENDS = (("low", "high"), ("least", "most"))
CLOSE = 1e-9  # of a ratio: it is computed from its two sides


@dataclass(frozen=True)
class Fault:
    """A sentence that should not stand, and the rule that it breaks."""

    rule: str
    claim: str
    text: str


@dataclass(frozen=True)
class Printed:
    """A claim with the values that its text prints, by name."""

    claim: Claim
    values: Mapping[str, Value]
    signed: frozenset[str]
    sized: frozenset[str]

    def shown(self, name: str) -> float:
        """Return a value as it is printed."""
        value = self.values[name]
        return words.printed(float(str(value.value)), value.unit)

    def numbers(self) -> dict[str, Value]:
        """Return the values that are numbers."""
        return {name: value for name, value in self.values.items() if isinstance(value.value, float)}


def faults(sections: Sequence[Section], catalogue: Catalogue) -> list[Fault]:
    """Return everything that should not stand, in the order of the page."""
    printed = [_printed(claim) for section in sections for claim in section.claims]
    found = [
        Fault(rule.__name__, one.claim.id, f"{said}: {one.claim.text.en}")
        for one in printed
        for rule in RULES
        for said in rule(one, catalogue)
    ]
    apart = (fault for section in sections for fault in (*_beside(section), *_ageless(section, catalogue)))
    return [*found, *_twice(sections), *apart]


def _printed(claim: Claim) -> Printed:
    holes = words.holes(claim.template.en)
    names = {hole.name for hole in holes}
    return Printed(
        claim,
        {value.name: value for value in claim.values if value.name in names},
        frozenset(hole.name for hole in holes if is_signed(hole.form)),
        frozenset(hole.name for hole in holes if hole.form == "abs"),
    )


def ratio_of_little(one: Printed, _: Catalogue) -> Iterator[str]:
    """No ratio is told of two sides of which one hardly shows."""
    held = {value.name: float(value.value) for value in one.claim.values if isinstance(value.value, float)}
    units = {value.name: value.unit for value in one.claim.values}
    for name in (name for name, value in one.numbers().items() if value.unit == "ratio"):
        for sides in _sides(held[name], {key: held[key] for key in held if units[key] == "percent"}):
            if min(abs(held[side]) for side in sides) < _line("hardly_trade") / 2:
                yield f"{name} is of {sides[0]} and {sides[1]}"


def _sides(ratio: float, held: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    for one, two in combinations(held, 2):
        for whole, part in ((one, two), (two, one)):
            if held[part] and abs(held[whole] / held[part] - ratio) <= CLOSE * abs(ratio):
                yield whole, part


def _line(name: str) -> float:
    return thresholds.thresholds()[name].value


def _intervals(one: Printed) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each value with an interval, if that is known, and the names of its ends."""
    for name in one.values:
        if all(f"{name}{end}" in one.values for end in ENDS):
            yield name, f"{name}{ENDS[0]}", f"{name}{ENDS[1]}"
    yield from (("", low, high) for low, high in BARE_ENDS if {low, high} <= one.numbers().keys())


def interval_of_one_number(one: Printed, _: Catalogue) -> Iterator[str]:
    """No interval has ends that print alike."""
    yield from (
        f"{low} and {high} print alike"
        for _, low, high in _intervals(one)
        if one.shown(low) == one.shown(high) and one.values[low].unit == one.values[high].unit
    )


def outside_its_interval(one: Printed, _: Catalogue) -> Iterator[str]:
    """No value lies outside the interval printed beside it."""
    yield from (
        f"{name} lies outside {low} to {high}"
        for name, low, high in _intervals(one)
        if name and not one.shown(low) <= one.shown(name) <= one.shown(high)
    )


def direction_across_zero(one: Printed, _: Catalogue) -> Iterator[str]:
    """No direction is told of a value whose interval reaches to both sides of zero."""
    yield from (
        f"{name} is signed and {low} to {high} crosses zero"
        for name, low, high in _intervals(one)
        if name in one.signed and one.shown(low) * one.shown(high) < 0
    )


def next_above_first(one: Printed, _: Catalogue) -> Iterator[str]:
    """Nothing called the next is more than what it follows, unless the rank is told."""
    named = {"next": "share", "second": "value"}
    both = [(later, first) for later, first in named.items() if {later, first} <= one.numbers().keys()]
    yield from (
        f"{later} is more than {first}"
        for later, first in both
        if "rank" not in one.values and one.shown(later) > one.shown(first)
    )


def move_of_nothing(one: Printed, _: Catalogue) -> Iterator[str]:
    """No change, and no distance, of zero is told as one."""
    told = one.sized | {"difference"} & one.numbers().keys()
    yield from (f"{name} prints as zero" for name in sorted(told) if one.shown(name) == 0)
    yield from (f"moves by zero in {lang}" for lang in LANGUAGES if STILL[lang].search(one.claim.text[lang]))


def all_or_none_in_percent(one: Printed, _: Catalogue) -> Iterator[str]:
    """No share of other countries, or of other years, is told as none or all of a hundred."""
    shares = (name for name, value in one.numbers().items() if value.unit == "percentile")
    yield from (f"{name} is {one.shown(name):.0f} per cent" for name in shares if one.shown(name) in (0, 100))


def begins_in_lower_case(one: Printed, _: Catalogue) -> Iterator[str]:
    """No sentence begins in lower case, but what is quoted."""
    for lang in LANGUAGES:
        yield from (f"{found!r} in {lang}" for found in LOWER.findall(_own_words(one.claim, lang)))


def change_of_alike(one: Printed, _: Catalogue) -> Iterator[str]:
    """No direction is told between two values that print alike."""
    ends = {"last", "before"}
    if ends <= one.numbers().keys() and one.signed & {"change"} and one.shown("last") == one.shown("before"):
        yield "last and before print alike"


def _ageless(section: Section, catalogue: Catalogue) -> Iterator[Fault]:
    """Yield each headline older than six months whose age nothing tells up to it in the section."""
    told = frozenset[str]()
    for claim in (claim for claim in section.claims if claim.id.startswith(HEADLINES)):
        periods = [value for value in _printed(claim).values.values() if value.unit == "period"]
        newest = min(
            (str(one.value) for one in periods), key=lambda one: age(one, catalogue.as_of), default=""
        )
        repeated = [str(one.value) for one in periods if _tells_age(claim, one) and str(one.value) in told]
        told |= aged([claim])
        if repeated and section.id != "dashboard":
            yield Fault("age_twice", claim.id, f"the age of {repeated[0]} stands before: {claim.text.en}")
        if newest and age(newest, catalogue.as_of) > _line("headline_age") and newest not in told:
            said = f"its newest figure, of {newest}, does not say how old it is: {claim.text.en}"
            yield Fault("headline_without_age", claim.id, said)


def _tells_age(claim: Claim, period: Value) -> bool:
    return f"{period.name.removesuffix('period')}age" in {
        hole.name for hole in words.holes(claim.template.en)
    }


def _twice(sections: Iterable[Section]) -> Iterator[Fault]:
    """Yield each sentence, of more than a few words, that stands twice in either language.

    Sentences of two cards speak of two things, though in the same words; what is quoted is not ours.
    """
    told = [(claim, scope) for section in sections for claim, scope in _scoped(section)]
    for language in LANGUAGES:
        seen: dict[tuple[str, str], str] = {}
        for claim, scope in told:
            for sentence in _sentences(claim, language):
                before = seen.setdefault((scope, sentence.casefold()), claim.id)
                if before != claim.id:
                    yield Fault("sentence_twice", claim.id, f"{before} says so too: {sentence}")


def _scoped(section: Section) -> Iterator[tuple[Claim, str]]:
    cards = {item.id: f"{section.id}/{card.id}" for card in section.cards for item in card.items}
    yield from ((claim, cards.get(claim.id, "")) for claim in section.claims)


def _sentences(claim: Claim, language: Language) -> Iterator[str]:
    said = SENTENCE.split(_own_words(claim, language))
    yield from (one for one in said if len(one.split()) >= LONG)


def _own_words(claim: Claim, language: Language) -> str:
    """Return the text of a claim without the long texts that it quotes."""
    text = claim.text[language]
    for value in claim.values:
        if isinstance(value.value, Text) and len(value.value[language].split()) >= LONG:
            text = text.replace(value.value[language], "")
    return text


def _beside(section: Section) -> Iterator[Fault]:
    """Yield each number of the text that differs from the chart beside it."""
    charts = {chart.id: chart for chart in section.charts}
    for claim in section.claims:
        key, (a, b) = claim.id.split(":")[0], (*claim.subject, "")[:2]
        for name, chart, row in PICTURED.get(key, ()):
            drawn = charts.get(chart.format(a=a, b=b))
            if drawn and any(value.name == name for value in claim.values):
                yield from _differs(claim, name, drawn, row.format(a=a, b=b))


def _differs(claim: Claim, name: str, chart: Chart, row: str) -> Iterator[Fault]:
    rows = pl.SQLContext(chart=chart.data, eager=True).execute(f"SELECT percent FROM chart WHERE {row}")
    told = float(str(claim.value(name).value))
    if rows.height and abs(float(rows["percent"][-1]) - told) > CLOSE * max(abs(told), 1):
        said = f"{name} is {told} and {chart.id} draws {rows['percent'][-1]}"
        yield Fault("text_beside_chart", claim.id, said)


PICTURED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "export-share": (
        ("share", "exports-{a}", "country = '{b}'"),
        ("share", "two-sided", "country = '{a}' AND measure = 'export_share_pct'"),
    ),
    "import-share": (
        ("share", "imports-{a}", "country = '{b}'"),
        ("share", "two-sided", "country = '{a}' AND measure = 'import_share_pct'"),
    ),
    "export-next": (("next", "exports-{a}", "country <> '{b}' AND rank <= 2 ORDER BY percent"),),
    "import-next": (("next", "imports-{a}", "country <> '{b}' AND rank <= 2 ORDER BY percent"),),
    "asymmetry": (
        ("share", "two-sided", "country = '{a}' AND measure = 'trade_share_pct'"),
        ("back", "two-sided", "country = '{b}' AND measure = 'trade_share_pct'"),
    ),
    "duty-collected": (
        ("month", "partners-duty-{b}-{a}", "country = '{a}'"),
        ("month", "duty-{b}-{a}", "country = 'collected' ORDER BY date"),
    ),
}
Rule = Callable[[Printed, Catalogue], Iterator[str]]
RULES: tuple[Rule, ...] = (
    ratio_of_little,
    interval_of_one_number,
    outside_its_interval,
    direction_across_zero,
    next_above_first,
    move_of_nothing,
    all_or_none_in_percent,
    change_of_alike,
    begins_in_lower_case,
)
