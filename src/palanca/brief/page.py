"""What the template asks of a brief, in one language."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from palanca import __version__
from palanca.brief import claims as claim_book
from palanca.brief import language as words
from palanca.brief import layout
from palanca.brief.claims import Claim
from palanca.brief.exhibits import Exhibit, exhibit
from palanca.brief.figures import Chart
from palanca.brief.layout import DETAIL, LISTED, key
from palanca.brief.ledger import Ledger, vocabulary
from palanca.brief.listing import told_acts
from palanca.brief.sections import Section
from palanca.brief.sections.case import Card, Paragraph
from palanca.brief.sentences import OWN
from palanca.catalogue import Table, countries, thresholds
from palanca.catalogue.text import Language
from palanca.catalogue.thresholds import Threshold

if TYPE_CHECKING:
    from palanca.brief.compilation import Brief


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence; `value` names the value it prints, if any."""

    text: str
    value: str = ""


@dataclass(frozen=True)
class Group:
    """A paragraph; `head` is set where the paragraphs turn to the other direction of the pair."""

    head: str
    claims: list[Claim]

    @property
    def listed(self) -> bool:
        """Whether it is one of several alike."""
        return key(self.claims[0]) in LISTED


@dataclass(frozen=True)
class Sheet:
    """A card as the page shows it: paragraphs under their heads, charts, what is folded away, links."""

    id: str
    title: str
    groups: list["Group"]
    charts: list[Exhibit]
    folded: list["Group"]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A section as the page shows it: head, paragraphs, what is folded away, notes, charts, cards, acts."""

    id: str
    head: str
    groups: list["Group"]
    folded: list["Group"]
    notes: list[str]
    charts: list[Exhibit]
    cards: list[Sheet]
    acts: list[dict[str, str]]


@dataclass(frozen=True)
class Page:
    """One language of a brief, ready for the template.

    Attributes:
        sibling: whether the other language is written beside it.
        charts, script: specifications of the charts and the script that draws them, packed.
        css, js: what the page carries as it is.
    """

    brief: "Brief"
    language: Language
    sibling: bool
    run: str
    charts: str
    script: str
    css: str
    js: str
    version: str = __version__

    def __post_init__(self) -> None:
        for name in ("css", "js"):
            object.__setattr__(self, name, Markup(getattr(self, name)))

    @cached_property
    def words(self) -> dict[str, str]:
        """Labels by name."""
        return {name: text[self.language] for name, text in vocabulary().words.items()}

    @property
    def other(self) -> Language:
        """The language of the sibling page."""
        return "es" if self.language == "en" else "en"

    @property
    def sibling_page(self) -> str:
        """File name of the other language, empty where it is not written."""
        return f"brief.{self.other}.html" if self.sibling else ""

    @property
    def topic(self) -> str:
        """Prefix of the title."""
        return self.words["topic"]

    @property
    def title(self) -> str:
        """Title in this language."""
        return self.brief.title[self.language]

    @property
    def as_of(self) -> str:
        """Day up to which rows were public."""
        return words.day(self.brief.case.tables.as_of, self.language)

    @property
    def authors(self) -> str:
        """Names of the authors."""
        return ", ".join(self.brief.authors)

    @property
    def teaser(self) -> Section:
        """The sentence that stands outside."""
        return self.brief.teaser

    @property
    def judgments(self) -> tuple[Any, ...]:
        """Key judgments."""
        return self.brief.judged

    @property
    def dashboard(self) -> tuple[Any, ...]:
        """Lines of the dashboard."""
        return self.brief.rows

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchors and heads of the sections."""
        first = {"judgments": self.judgments, "dashboard": self.dashboard}
        return [
            *((name, self.words[name]) for name, found in first.items() if found),
            *((part.id, part.head) for part in self.sections),
            *((name, self.words[name]) for name in ("unknowns", "sources", "ledger")),
        ]

    @cached_property
    def lead(self) -> list[Exhibit]:
        """The chart beside the teaser."""
        return [self._exhibit(chart) for chart in self._all_charts()[:1]]

    @cached_property
    def sections(self) -> list[Part]:
        """The body, section by section."""
        return [
            Part(
                id=section.id,
                head=self.words[section.head or section.id],
                groups=self._groups(section, folded=False),
                folded=self._groups(section, folded=True),
                notes=[note[self.language] for note in section.notes],
                charts=[self._exhibit(chart) for chart in self._loose(section)],
                cards=[self._sheet(card) for card in section.cards],
                acts=list(told_acts(section.acts, self.language)),
            )
            for section in self.brief.body
            if section.found
        ]

    def _loose(self, section: Section) -> list[Chart]:
        """Return the charts of a section that stand neither beside the teaser nor in a card."""
        in_cards = (one for card in section.cards for one in card.charts)
        elsewhere = {chart.id for chart in (*self._all_charts()[:1], *in_cards)}
        return [chart for chart in section.charts if chart.id not in elsewhere]

    def _sheet(self, card: Card) -> Sheet:
        return Sheet(
            id=card.id,
            title=card.title[self.language],
            groups=list(self._headed(card.paragraphs)),
            charts=[self._exhibit(chart) for chart in card.charts],
            folded=list(self._headed(card.folded)),
            links=card.links,
        )

    def _headed(self, paragraphs: tuple[Paragraph, ...]) -> Iterator[Group]:
        for part in paragraphs:
            told = [one for one in part.items if isinstance(one, Claim)]
            if told:
                yield Group(part.head[self.language] if part.head else "", told)

    def _groups(self, section: Section, *, folded: bool) -> list[Group]:
        in_cards = {item.id for card in section.cards for item in card.items}
        loose = [claim for claim in section.claims if claim.id not in in_cards]
        detail = [one for one in loose if key(one) in DETAIL]
        shown = [one for one in loose if key(one) not in DETAIL] or loose
        paragraphs = list(layout.paragraphs(([] if shown is loose else detail) if folded else shown))
        subjects = [paragraph[0].subject for paragraph in paragraphs]
        turned = [index == 0 or subjects[index] != subjects[index - 1] for index in range(len(subjects))]
        several = len(set(subjects)) > 1
        return [
            Group(self._heading(subject) if turn and several else "", paragraph)
            for paragraph, subject, turn in zip(paragraphs, subjects, turned, strict=True)
        ]

    def _heading(self, subject: tuple[str, ...]) -> str:
        """Return the direction a paragraph looks in: the country, then the partner."""
        return " → ".join(countries()[code].name[self.language] for code in subject)

    def label(self, claim: Claim) -> str:
        """Return what a dashboard line measures: the words before its value."""
        before: list[str] = []
        for text, hole in claim_book.segments(claim.template[self.language], claim.values, self.language):
            if hole is not None and hole.name == "value":
                break
            before.append(text)
        return words.sentence_case("".join(before).strip().removesuffix(":"))

    def _all_charts(self) -> list[Chart]:
        return [chart for section in self.brief.body for chart in section.charts]

    def _exhibit(self, chart: Chart) -> Exhibit:
        return exhibit(chart, self.brief.case.tables, self.language)

    def pieces(self, claim: Claim) -> Iterator[Piece]:
        """Yield the sentence piece by piece; numbers carry the name of their value."""
        whole = claim_book.segments(claim.template[self.language], claim.values, self.language)
        for position, (text, hole) in enumerate(whole):
            said = words.sentence_case(text) if position == 0 else text
            linked = hole is not None and re.search(r"\d", said) and claim.value(hole.name).unit != "text"
            yield Piece(said, hole.name if linked and hole else "")

    def anchor(self, claim_id: str) -> str:
        """Return the place of a claim in the ledger."""
        return "c-" + re.sub(r"[^A-Za-z0-9]+", "-", claim_id)

    def confidence(self, claim: Claim) -> str:
        """Return how sure a claim is, with the reason, as a sentence."""
        level, reason = self.words[claim.confidence.level], claim.confidence.reason[self.language]
        return f"{words.sentence_case(level)}, {self.words['because']} {reason}."

    def cell(self, claim: Claim, name: str) -> str:
        """Return a value of a claim as it is printed, empty when it has none."""
        found = [value for value in claim.values if value.name == name]
        return claim_book.show(found[0], "", self.language) if found else ""

    def dated(self, claim: Claim) -> str:
        """Return the period of a value, with its age where that is said."""
        when, age = self.cell(claim, "value.period"), self.cell(claim, "value.age")
        return f"{when} ({age})" if age else when

    def change(self, claim: Claim) -> str:
        """Return the direction and size of the change on a year before."""
        found = [value for value in claim.values if value.name == "change"]
        if not found:
            return ""
        shows = words.printed(float(str(found[0].value)), found[0].unit) != 0
        template = claim_book.templates()["moved" if shows else "moved-hardly"][self.language]
        named = found[0].model_copy(update={"name": OWN})
        return "".join(text for text, _ in claim_book.segments(template, [named], self.language))

    def line(self, line: Threshold) -> str:
        """Return a threshold with its name."""
        return f"{words.number(line.value, line.unit, self.language)} ({line.title[self.language]})"

    def publisher(self, claim: Claim) -> str:
        """Return the tables that a claim rests on."""
        tables = dict.fromkeys(proof.table for proof in claim.evidence if proof.table != thresholds.TABLE)
        return "; ".join(self.brief.case.tables[name].title[self.language] for name in tables)

    @cached_property
    def unknowns(self) -> list[tuple[str, str]]:
        """Reasons and the topics that they silence."""
        silenced: dict[str, dict[str, None]] = defaultdict(dict)
        for item in self.brief.dropped:
            key = item.id.split(":")[0]
            topic = self._topic(key)
            for reason in item.reasons:
                silenced[reason[self.language]][topic] = None
        return [(words.sentence_case(reason), ", ".join(topics)) for reason, topics in silenced.items()]

    def _topic(self, key: str) -> str:
        known = vocabulary().topics
        found = next((known[name] for name in (key, key.rsplit("-", 1)[0]) if name in known), None)
        return found[self.language] if found else key

    @property
    def notes(self) -> list[str]:
        """Notes on method, of what is shown."""
        shown = {None, *(part.id for part in self.sections)}
        told = [note[self.language] for note in vocabulary().notes if note.section in shown]
        ahead = any(key(claim) == "statutory-scheduled" for claim in self.brief.claims)
        return [*told, self.words["scheduled"]] if ahead else told

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """Tables the brief rests on, with their origin."""
        return [self._source(self.brief.case.tables[name]) for name in self.brief.tables]

    def _source(self, table: Table) -> dict[str, Any]:
        origin = table.origin
        return {
            "name": table.name,
            "title": table.title[self.language],
            "citation": origin.citation,
            "address": origin.address,
            "publisher": origin.publisher,
            "licence": origin.licence.name,
            "vintage": words.day(origin.vintage, self.language),
            "age": words.plain((self.brief.case.tables.as_of - origin.vintage).days, 0, self.language),
            "local": origin.local,
            "note": table.spec.note[self.language] if table.spec.note else "",
        }

    @cached_property
    def ledger(self) -> list[dict[str, Any]]:
        """Every claim with all that is needed to check it."""
        reader = Ledger(self.brief.case.tables, self.language)
        return [
            {**reader.entry(claim), "anchor": self.anchor(claim.id), "confidence": self.confidence(claim)}
            for claim in self.brief.claims
        ]
