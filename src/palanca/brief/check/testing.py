"""Test every statement of a text, and say what each verdict rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from palanca.brief.check import text as reading
from palanca.brief.check import wording
from palanca.brief.check.measures import MEASURES, Matter, Reading
from palanca.brief.check.statements import Mention, Rule, Statement, mentions, rules, statements
from palanca.catalogue import Catalogue, Country, Evidence, Text, Unknown, countries, pair
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES, Language
from palanca.events import rates

Verdict = Literal["supported", "contradicted", "mixed", "not testable here"]
OTHER: dict[Verdict, Verdict] = {"supported": "contradicted", "contradicted": "supported"}
NO_ENTRY = Text(
    en="no entry of the catalogue of testable statements covers it",
    es="ninguna entrada del catálogo de enunciados comprobables lo cubre",
)
SUPPOSED = Text(
    en="it is put as possible, wished, asked or claimed by others, not as a fact",
    es="se plantea como posible, deseado, preguntado o dicho por otros, no como un hecho",
)


@dataclass(frozen=True)
class Found:
    """One statement of a text, tested.

    Attributes:
        statement: the words of the text.
        name: entry of the catalogue; none where it has none.
        subject: the country it is about, ISO3.
        affirmed: whether the text states what the entry says, or denies it.
        says: what the verdict means, or why there is none.
    """

    statement: str
    span: tuple[int, int]
    name: str | None
    test: str | None
    subject: str | None
    affirmed: bool
    verdict: Verdict
    says: Text
    reading: Reading | None = None
    rule: Rule | None = None

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
        if n is None or n >= rates.few() or self.test == "on_file":
            return known
        few = {"en": f"only {n} on file; ", "es": f"solo {n} en archivo; "}
        reason = Text.model_validate({lang: few[lang] + known.reason[lang] for lang in LANGUAGES})
        return Confidence(level="low", reason=reason)

    def record(self, language: Language = "en") -> dict[str, Any]:
        """Return the statement as JSON, words in one language."""
        values: list[dict[str, Any]] = []
        if self.reading and self.rule:
            numbers = {**self.reading.values, "threshold": self.rule.threshold}
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
            "says": self.says[language],
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
) -> tuple[Found, ...]:
    """Test every statement that a text makes about a country and its partner, in the order of the text.

    A statement about the partner is tested with the two exchanged; one about a third country is listed
    and not tested.

    Args:
        language: of the text; found by its most common words where none is given.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
        InputError: the text is neither English nor Spanish.
    """
    a, b = pair(country, partner)
    tables = catalogue or Catalogue()
    matters = {a.iso3: Matter(tables, a.iso3, b.iso3), b.iso3: Matter(tables, b.iso3, a.iso3)}
    lang = language or reading.language(text)
    known: Known = {}
    return tuple(_found(text, mention, matters, known) for mention in mentions(text, lang, a.iso3))


Known = dict[tuple[str, str], Reading | Unknown]  # by subject and entry: a text may say a thing often


def _found(text: str, mention: Mention, matters: dict[str, Matter], known: Known) -> Found:
    words = " ".join(text[slice(*mention.span)].split())

    def untested(why: Text, test: str | None = None) -> Found:
        told = (mention.name, test, mention.subject, mention.affirmed)
        return Found(words, mention.span, *told, "not testable here", why)

    if mention.name is None:
        return untested(NO_ENTRY)
    entry = statements()[mention.name]
    if entry.why or entry.test is None:
        return untested(entry.why or NO_ENTRY)
    if mention.supposed:
        return untested(SUPPOSED, entry.test)
    if mention.subject not in matters:
        return untested(_of_another(mention.subject), entry.test)
    key = (mention.subject, mention.name)
    if key not in known:
        known[key] = MEASURES[entry.test](matters[mention.subject], entry.arguments)
    read = known[key]
    if isinstance(read, Unknown):
        return untested(read.reason, entry.test)
    rule = rules()[entry.test]
    verdict, says = judged(entry, read, rule.threshold, affirmed=mention.affirmed)
    told = (mention.name, entry.test, mention.subject, mention.affirmed)
    return Found(words, mention.span, *told, verdict, says, read, rule)


def _of_another(code: str | None) -> Text:
    name = countries()[code].name if code else NO_ENTRY
    return Text(
        en=f"it is about {name.en}, which is not of the pair asked",
        es=f"trata de {name.es}, que no es del par pedido",
    )


def judged(entry: Statement, read: Reading, threshold: float, *, affirmed: bool) -> tuple[Verdict, Text]:
    """Return the verdict and what it means: mixed unless the interval lies on one side of the threshold."""
    over, under = read.low > threshold, read.high <= threshold
    found: Verdict = "mixed"
    if over or under:
        found = "supported" if over == entry.above else "contradicted"
    assert entry.meaning is not None  # the schema demands it with a test
    meaning: Text = getattr(entry.meaning, found)
    return found if affirmed else OTHER.get(found, found), meaning


def counts(found: tuple[Found, ...]) -> dict[str, int]:
    """Return how many statements have each verdict."""
    return dict(_counted(found))


def _counted(found: tuple[Found, ...]) -> Iterator[tuple[str, int]]:
    for verdict in ("supported", "contradicted", "mixed", "not testable here"):
        yield verdict, sum(one.verdict == verdict for one in found)
