"""A claim: a sentence in two languages whose every number, name and verb comes from a value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from palanca import __version__
from palanca.brief import language as words
from palanca.brief.language import Hole
from palanca.brief.scene import ATTRIBUTES, Scene, age, lines, no_standing
from palanca.brief.scene import Filling as Filling
from palanca.brief.sentences import ENDS, bind
from palanca.brief.sentences import templates as templates
from palanca.catalogue import Catalogue, Country, Evidence, Figure, Text, Unknown, country
from palanca.catalogue.figure import Key, merge
from palanca.catalogue.snapshot import period_end
from palanca.catalogue.sources import Confidence, tables
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.catalogue.thresholds import thresholds
from palanca.errors import GateError

Kind = Literal["fact", "estimate", "assumption", "judgment", "forecast"]
HEADLINES = ("teaser-", "judgment-", "dashboard-")  # beginnings of the ids of claims that stand first
RANKS = ("low", "moderate", "high")
LEVEL = "level"  # percent of draws within the intervals of a claim


class Value(Strict):
    """What fills a hole: a number, an ISO period, a country code or a text in both languages.

    Attributes:
        unit: key of `data/parameters/units.yaml`, or `period`, `country`, `text`.
        level: of the interval from `lower` to `upper`, in percent.
        evidence: positions in the claim's evidence.
    """

    name: str
    value: float | str | Text
    unit: str
    decimals: int | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    evidence: tuple[int, ...] = ()


class Proof(Strict):
    """Rows of a table that a claim rests on."""

    table: str
    column: str
    keys: dict[str, Key | tuple[Key, ...]]
    vintage: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Method(Strict):
    """How the values were computed."""

    name: str
    version: str
    arguments: dict[str, str]


class Resolution(Strict):
    """How and when a forecast is settled."""

    rule: Text
    date: str
    probability: float = Field(ge=0.01, le=0.99)


class Claim(Strict):
    """A sentence-to-be with everything needed to check it."""

    id: str
    subject: tuple[str, ...]
    kind: Kind
    text: Text
    template: Text
    values: tuple[Value, ...]
    evidence: tuple[Proof, ...]
    method: Method
    confidence: Confidence
    resolution: Resolution | None = None

    def value(self, name: str) -> Value:
        """Return the value that fills the hole `name`."""
        return next(value for value in self.values if value.name == name)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that could not be said, and why."""

    id: str
    subject: tuple[str, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """A sentence that is not worth saying: nothing is unknown, but what it needs does not hold."""

    id: str
    subject: tuple[str, ...]


Item = Claim | Dropped | Silent


def show(value: Value, form: str, language: Language) -> str:
    """Return the words for a value in a hole of the given form."""
    if isinstance(value.value, Text):
        text = value.value[language]
        return words.inner(text) if form == "inner" else text
    if value.unit == "country":
        return words.name(country(str(value.value)), form or "the", language)
    if value.unit == "period":
        return words.period(str(value.value), language)
    amount = float(value.value)
    if form in words.lexicon():
        return words.lexicon()[form].choose(words.printed(amount, value.unit))[language]
    if form == "abs":
        amount = abs(amount)
    if form == "bare":  # the unit follows at the other end of a range
        return words.plain(words.printed(amount, value.unit), words.decimals(amount, value.unit), language)
    return words.number(amount, value.unit, language)


def segments(template: str, values: Iterable[Value], language: Language) -> Iterator[tuple[str, Hole | None]]:
    """Yield the words of a sentence piece by piece, each with the hole it fills, if any."""
    known = {value.name: value for value in values}
    for piece in words.pieces(template):
        if isinstance(piece, str):
            yield piece, None
        elif piece.name in known:
            yield show(known[piece.name], piece.form, language), piece
        else:
            raise GateError(f"The template {template!r} has a hole {piece.name!r} that no value fills.")


@lru_cache(maxsize=1024)
def render(template: Text, values: tuple[Value, ...]) -> Text:
    """Return the sentence in both languages."""
    said = {
        language: words.sentence_case(
            "".join(text for text, _ in segments(template[language], values, language))
        )
        for language in LANGUAGES
    }
    return Text.model_validate(said)


@dataclass(frozen=True)
class Teller:
    """Turns figures into claims about one subject.

    Attributes:
        subject: ISO3 codes; the first is the country, the second the partner.
        aged: periods whose age stands before in the section.
    """

    tables: Catalogue
    subject: tuple[str, ...]
    aged: frozenset[str] = frozenset()

    def claim(
        self,
        key: str,
        fillings: Mapping[str, Filling],
        *,
        kind: Kind = "fact",
        about: str = "",
        extra: tuple[str, ...] = (),
        confidence: Confidence | None = None,
    ) -> Item:
        """Return the claim of template `key`; what was dropped because a value is unknown; or silence.

        The claim keeps the name of `key` where another template takes its place.

        Args:
            about: distinguishes claims of one template on one subject, e.g. a sector code.
            extra: values that belong to the claim without being in its text.
        """
        name = ":".join(filter(None, (key, "-".join(self.subject), about)))
        scene = Scene(fillings, self.tables.as_of, self.aged)
        template = scene.chosen(key)
        if template is None:
            return Silent(name, self.subject)
        if isinstance(template, Unknown):
            return Dropped(name, self.subject, (template.reason,))
        extra = tuple(dict.fromkeys([*extra, *template.subjects(), *scene.deciding(key)]))
        if lost := _lost(template, fillings, extra):
            return Dropped(name, self.subject, lost)
        said = scene.words(template)
        if isinstance(said, Unknown):
            return Dropped(name, self.subject, (said.reason,))
        claim = self._build(name, said, {**lines(said), **fillings}, kind, extra)
        sure = template.confidence or confidence
        if sure is None or not isinstance(claim, Claim):
            return claim
        return claim.model_copy(update={"confidence": sure})

    def _build(
        self, name: str, template: Text, fillings: Mapping[str, Filling], kind: Kind, extra: tuple[str, ...]
    ) -> Item:
        if lost := _lost(template, fillings, extra):
            return Dropped(name, self.subject, lost)
        used = _used(template, extra)
        fillings = {hole: filling for hole, filling in fillings.items() if hole in used}
        figures = {hole: f for hole, f in fillings.items() if isinstance(f, Figure)}
        evidence = merge(figure.evidence for figure in figures.values())
        template = self._dated(name, template, figures)
        values = tuple(_values(template, fillings, evidence, extra=extra, day=self.tables.as_of))
        missing = _unfilled(template, values)
        if missing:
            return Dropped(name, self.subject, (no_standing(missing).reason,))
        return Claim(
            id=name,
            subject=self.subject,
            kind=kind,
            text=render(template, values),
            template=template,
            values=values,
            evidence=tuple(_proof(piece) for piece in evidence),
            method=Method(
                name=", ".join(sorted({figure.method for figure in figures.values()})),
                version=__version__,
                arguments={"subject": "-".join(self.subject), "as_of": self.tables.as_of.isoformat()},
            ),
            confidence=least(figures.values()),
        )

    def _dated(self, name: str, template: Text, figures: Mapping[str, Figure]) -> Text:
        """Add the date of a table's newest figure when it is past the freshness limit and not shown.

        In a headline, its age is added when that is above the limit and not shown.
        """
        holes = _hole_names(template)
        shown, aged = (_years(holes, figures, attribute) for attribute in (".period", ".age"))
        printed = {hole: figures[hole] for hole in holes if hole in figures and figures[hole].period}
        newest = {
            figure.table: hole for hole, figure in sorted(printed.items(), key=lambda one: one[1].period)
        }
        for table, hole in newest.items():
            period = printed[hole].period
            if name.startswith(HEADLINES) and self._old(period) and period[:4] not in aged:
                return _noted(template, "stale-aged", hole)
            if stale(table, period, self.tables) and period[:4] not in shown:
                return _noted(template, "stale", hole)
        return template

    def _old(self, period: str) -> bool:
        old = age(period, self.tables.as_of) > thresholds()["headline_age"].value
        return old and period not in self.aged


def aged(items: Iterable[Item]) -> frozenset[str]:
    """Return the periods whose age some sentences tell."""
    told = [item for item in items if isinstance(item, Claim)]
    return frozenset(
        str(value.value)
        for claim in told
        for value in claim.values
        if value.unit == "period" and f"{value.name.removesuffix('period')}age" in _hole_names(claim.template)
    )


def _years(holes: Iterable[str], figures: Mapping[str, Figure], attribute: str) -> set[str]:
    """Return the years of the figures of which a template prints an attribute."""
    bases = (hole.removesuffix(attribute) for hole in holes if hole.endswith(attribute))
    return {figures[base].period[:4] for base in bases}


def _noted(template: Text, key: str, hole: str) -> Text:
    note = templates()[key]
    return Text(
        en=f"{template.en} {bind(note.en, hole)}",
        es=f"{template.es} {bind(note.es, hole)}",
    )


def stale(table: str, when: str, catalogue: Catalogue) -> bool:
    """Return whether a value of that period is older than its table's freshness limit."""
    if not when or table not in tables():
        return False
    limit = tables()[table].tables[table].freshness_days
    return (catalogue.as_of - period_end(when)).days > limit


def least(figures: Iterable[Figure]) -> Confidence:
    """Return the confidence of the least trusted table behind the figures."""
    read = [figure.table for figure in figures if figure.table in tables()]
    found = [tables()[table].tables[table].confidence for table in read]
    return min(found, key=lambda confidence: RANKS.index(confidence.level))


def _used(template: Text, extra: tuple[str, ...]) -> set[str]:
    used = {hole.split(".")[0] for hole in (*_hole_names(template), *extra)}
    return used | {f"{hole}{end}" for hole in used for end in ENDS} | {LEVEL}


def _lost(template: Text, fillings: Mapping[str, Filling], extra: tuple[str, ...]) -> tuple[Text, ...]:
    """Return why values that a sentence needs are missing, each reason once."""
    used = _used(template, extra)
    needed = (filling for name, filling in fillings.items() if name in used)
    lost = (f.value.reason for f in needed if isinstance(f, Figure) and isinstance(f.value, Unknown))
    return tuple(dict.fromkeys(lost))


def _values(
    template: Text,
    fillings: Mapping[str, Filling],
    evidence: tuple[Evidence, ...],
    *,
    extra: tuple[str, ...],
    day: date,
) -> Iterator[Value]:
    for name in dict.fromkeys([*_hole_names(template), *extra]):
        base, _, attribute = name.partition(".")
        filling = fillings.get(base)
        if isinstance(filling, Country):
            yield Value(name=name, value=filling.iso3, unit="country")
        elif isinstance(filling, Text):
            yield Value(name=name, value=Text(en=filling.en, es=filling.es), unit="text")
        elif isinstance(filling, Figure):
            bounds = {} if attribute else _bounds(base, fillings)
            value = _number(name, filling, evidence, day)
            yield from (one.model_copy(update=bounds) for one in value)


def _bounds(name: str, fillings: Mapping[str, Filling]) -> dict[str, float]:
    """Return the interval of a value and its level, where figures named for its ends are given."""
    given = (fillings.get(f"{name}{ENDS[0]}"), fillings.get(f"{name}{ENDS[1]}"), fillings.get(LEVEL))
    numbers = [one.value for one in given if isinstance(one, Figure) and isinstance(one.value, float)]
    return dict(zip(("lower", "upper", LEVEL), numbers, strict=True)) if len(numbers) == len(given) else {}


def _number(name: str, figure: Figure, evidence: tuple[Evidence, ...], day: date) -> Iterator[Value]:
    """Yield the value of a hole, unless the figure has no such attribute."""
    attribute = name.partition(".")[2]
    unit: str = figure.unit
    value: Any = figure.value
    if attribute:
        unit, read = ATTRIBUTES[attribute]
        value = read(figure, day)
    if value is not None:
        decimals = None if isinstance(value, str) else words.decimals(value, unit)
        behind = tuple(evidence.index(piece) for piece in figure.evidence)
        yield Value(name=name, value=value, unit=unit, decimals=decimals, evidence=behind)


def _unfilled(template: Text, values: tuple[Value, ...]) -> list[str]:
    return sorted(set(_hole_names(template)) - {value.name for value in values})


def _hole_names(template: Text) -> list[str]:
    return [hole.name for language in LANGUAGES for hole in words.holes(template[language])]


def _proof(piece: Evidence) -> Proof:
    return Proof(
        table=piece.table,
        column=piece.column,
        keys=dict(piece.keys),
        vintage=piece.vintage,
        sha256=piece.sha256,
    )
