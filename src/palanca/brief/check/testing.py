"""Test every statement of a text, and say what each verdict rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from palanca.brief.check import dating, refusing, wording
from palanca.brief.check import text as reading
from palanca.brief.check.amounts import limits
from palanca.brief.check.entries import Entry, Rule, entries, rules
from palanca.brief.check.matter import Matter, Reading
from palanca.brief.check.measures import MEASURES, ways_of
from palanca.brief.check.parse import statements
from palanca.brief.check.statement import Statement
from palanca.catalogue import Catalogue, Country, Evidence, Text, Unknown, pair
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES, Language
from palanca.events import rates

Verdict = Literal["supported", "contradicted", "mixed", "not testable here"]
WHOLE = 100.0  # percent
UNTESTED: Verdict = "not testable here"
OTHER: dict[Verdict, Verdict] = {"supported": "contradicted", "contradicted": "supported"}


@dataclass(frozen=True)
class Found:
    """One statement of a text, tested.

    Attributes:
        statement: the words of the text.
        said: what was understood.
        name: entry of the catalogue; none where it has none.
        says: what the verdict means, or why there is none.
        later: rows later than the text that the verdict rests on, as dates or periods.
    """

    statement: str
    said: Statement
    test: str | None
    verdict: Verdict
    says: Text
    reading: Reading | None = None
    rule: Rule | None = None
    later: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str | None:
        """Entry of the catalogue."""
        return self.said.predicate

    @property
    def span(self) -> tuple[int, int]:
        """Where the text makes the statement."""
        return self.said.span

    @property
    def subject(self) -> str | None:
        """The country it is about, ISO3."""
        return self.said.subject

    @property
    def affirmed(self) -> bool:
        """Whether the text states what the entry says, or denies it."""
        return self.said.holds

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Rows behind the verdict."""
        return self.reading.evidence if self.reading else ()

    @cached_property
    def confidence(self) -> Confidence | None:
        """How far the test is to be trusted; low where few acts are counted."""
        if self.reading is None or self.rule is None:
            return None
        n, known = self.reading.n, self.rule.confidence
        if n is None or n >= rates.few() or self.test in ("on_file", "higher_postponed"):
            return known
        few = {"en": f"only {n} on file; ", "es": f"solo {n} en archivo; "}
        reason = Text.model_validate({lang: few[lang] + known.reason[lang] for lang in LANGUAGES})
        return Confidence(level="low", reason=reason)

    def record(self, language: Language = "en") -> dict[str, Any]:
        """Return the statement as JSON, words in one language."""
        values: list[dict[str, Any]] = []
        if self.reading and self.rule:
            line = self.rule.threshold if self.reading.threshold is None else self.reading.threshold
            numbers = {**self.reading.values, "threshold": line}
            values = [
                {"name": name, "label": wording.value_name(name, language), "value": value}
                for name, value in numbers.items()
            ]
            values[-1]["unit"] = self.rule.unit
        known = self.confidence
        return {
            "statement": self.statement,
            "span": list(self.span),
            "test": self.test,
            "verdict": self.verdict,
            "values": values,
            "evidence": [_record(one) for one in self.evidence],
            "confidence": {"level": known.level, "reason": known.reason[language]} if known else None,
            "entry": self.name,
            "subject": self.subject,
            "affirmed": self.affirmed,
            "understood": wording.understood(self.said),
            "says": self.says[language],
            "later_than_text": list(self.later),
        }


def _record(one: Evidence) -> dict[str, Any]:
    keys = {name: list(key) if isinstance(key, tuple) else key for name, key in one.keys.items()}
    return {
        "table": one.table,
        "column": one.column,
        "keys": keys,
        "vintage": one.vintage,
        "sha256": one.sha256,
    }


def check(
    text: str,
    country: str | Country,
    partner: str | Country,
    *,
    catalogue: Catalogue | None = None,
    language: Language | None = None,
    written: date | None = None,
) -> tuple[Found, ...]:
    """Test every statement that a text makes about a country and its partner, in the order of the text.

    A statement about the partner is tested with the two exchanged. What a test cannot use makes the
    statement not testable, with the reason.

    Args:
        language: of the text; found by its most common words where none is given.
        written: the text's own date; the one that stands in its head or foot where none is given. Rows
            later than it are told with each verdict.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
        InputError: the text is neither English nor Spanish.
    """
    a, b = pair(country, partner)
    tables = catalogue or Catalogue()
    lang = language or reading.language(text)
    day = written or dating.dated(text, lang)
    tester = _Tester(text, tables, (a.iso3, b.iso3), day)
    return _apart([tester.found(one) for one in statements(text, lang, (a.iso3, b.iso3))])


def _apart(found: Sequence[Found]) -> tuple[Found, ...]:
    """Return findings that do not overlap: verdicts first, among these what the catalogue words.

    A single act that is told as no fact, beside another statement of its sentence, is left out.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.verdict == UNTESTED, one.said.deed is not None)):
        idle = one.said.deed is not None and one.said.modality != "asserted"
        if not idle and all(one.span[1] <= other.span[0] or other.span[1] <= one.span[0] for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.span))


@dataclass
class _Tester:
    """Tests the statements of one text, each test once: a text may say a thing often."""

    text: str
    tables: Catalogue
    pair: tuple[str, str]
    written: date | None
    matters: dict[tuple[str, str], Matter] = field(default_factory=dict)
    known: dict[tuple[Any, ...], Reading | Unknown] = field(default_factory=dict)

    def found(self, said: Statement) -> Found:
        words = " ".join(self.text[slice(*said.span)].split())
        entry = entries()[said.predicate] if said.predicate else None
        test = entry.test if entry else None
        why = refusing.why(said, entry, self.pair)
        if why or entry is None or test is None:
            return Found(words, said, test, "not testable here", why or refusing.NO_ENTRY)
        read = self._read(said, entry, test)
        if isinstance(read, Unknown):
            return Found(words, said, test, "not testable here", read.reason)
        rule = rules()[test]
        verdict, says = judged(entry, read, rule.threshold, said=said)
        later = dating.later(read.evidence, self.tables, self.written)
        return Found(words, said, test, verdict, says, read, rule, later)

    def _read(self, said: Statement, entry: Entry, test: str) -> Reading | Unknown:
        one, other = (said.object, said.subject) if entry.about_other else (said.subject, said.object)
        assert one
        assert other  # `refusing.why` has seen to both
        key = (
            one,
            other,
            said.predicate,
            said.parts,
            said.comparator,
            said.amount,
            said.times,
            said.period,
            said.about,
            said.names,
            said.named,
            said.unread,
            said.place,
            said.asked,
            said.deed,
        )
        if key not in self.known:
            matter = self.matters.setdefault((one, other), Matter(self.tables, one, other, self.written))
            self.known[key] = MEASURES[test](matter, entry.arguments, said)
        return self.known[key]


def judged(entry: Entry, read: Reading, threshold: float, *, said: Statement) -> tuple[Verdict, Text]:
    """Return the verdict and what it means: mixed where the ways to measure or an interval leave it open."""
    found = _by_count(read, entry, said) or _by_level(read, entry, threshold, said)
    assert entry.meaning is not None  # the schema demands it with a test
    meaning: Text = getattr(entry.meaning, found)
    stated = said.affirmed if read.worded else said.holds
    return found if stated else OTHER.get(found, found), meaning


def _by_count(read: Reading, entry: Entry, said: Statement) -> Verdict | None:
    """Return what always and ever come to: one counterexample, or one example, decides."""
    if read.done is None or read.n is None or said.degree not in ("always", "only", "ever"):
        return None
    holding = read.done if entry.above else read.n - read.done
    return "supported" if (holding > 0 if said.degree == "ever" else holding == read.n) else "contradicted"


def _by_level(read: Reading, entry: Entry, threshold: float, said: Statement) -> Verdict:
    line = threshold if read.threshold is None else read.threshold
    if said.degree == "nearly":
        line = limits().nearly if entry.above else WHOLE - limits().nearly
    if said.degree == "rarely" and read.done is not None:
        line = limits().rarely if entry.above else WHOLE - limits().rarely
    want = read.relation or ("above" if entry.above else "below")
    if said.degree == "rarely":
        want = "below" if want == "above" else "above"
    states = [_state(low, high, line, read.within, alike=want == "same") for low, high in ways_of(read)]
    if want == "same" and any(low == high and abs(low - line) <= read.loose for low, high in ways_of(read)):
        states = ["open" if state != "same" else state for state in states]
    if all(state == want for state in states):
        return "supported"
    alike = want != "same" and all(state == "same" for state in states)
    open_ = "open" in states or want in states or alike
    return "mixed" if open_ else "contradicted"


def _state(low: float, high: float, line: float, within: float, *, alike: bool) -> str:
    if (within or alike) and low == high and abs(low - line) <= within:
        return "same"
    return "above" if low > line else "below" if high <= line else "open"


def counts(found: tuple[Found, ...]) -> dict[str, int]:
    """Return how many statements have each verdict."""
    return dict(_counted(found))


def _counted(found: tuple[Found, ...]) -> Iterator[tuple[str, int]]:
    for verdict in ("supported", "contradicted", "mixed", "not testable here"):
        yield verdict, sum(one.verdict == verdict for one in found)
