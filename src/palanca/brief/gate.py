"""What stands between a claim and the page: the contract, enforced.

A brief is refused whole when one of its claims prints a number that no value holds, a verb that no
value chose, a name or a sentence without evidence, one language without the other, an old value
that hides its age, or a forecast that nobody could settle.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from pydantic import RootModel

from palanca.brief import claims as claim_book
from palanca.brief import language as words
from palanca.brief.claims import Claim, Proof, Value
from palanca.catalogue import Catalogue, Text, thresholds
from palanca.catalogue.parameters import read
from palanca.catalogue.snapshot import table
from palanca.catalogue.text import LANGUAGES, Language, Strict
from palanca.errors import GateError, MissingTable

DIGITS = re.compile(r"\d(?:[\d.,\u00a0\u202f]*\d)?")


class Words(Strict):
    """Banned words by language."""

    en: tuple[str, ...]
    es: tuple[str, ...]

    def pattern(self, language: Language) -> re.Pattern[str]:
        """Return a pattern that finds any of the words, whole, in lower case."""
        return _any_of(self.en if language == "en" else self.es)


class Guard(RootModel[dict[str, Words]]):
    """Lists of words that may stand in no template."""


@cache
def _any_of(vocabulary: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(vocabulary, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest)) + r")\b")


def _guard() -> dict[str, Words]:
    return read("sentences/guard.yaml", Guard).root


@cache
def _chosen_words() -> Words:
    """Return every phrase that a value may choose, and every verb that none chose."""
    forms = [text for form in words.lexicon().values() for text in form.all()]
    return Words(
        en=tuple(dict.fromkeys([*(text.en for text in forms), *_guard()["verbs"].en])),
        es=tuple(dict.fromkeys([*(text.es for text in forms), *_guard()["verbs"].es])),
    )


def enforce(claims: Sequence[Claim], catalogue: Catalogue) -> None:
    """Refuse a brief in which any claim breaks the contract; every fault is in one error.

    Raises:
        GateError: lists each claim and what is wrong with it.
    """
    faults = [
        f"{claim.id}: {fault}" for claim in claims for check in CHECKS for fault in check(claim, catalogue)
    ]
    held = Counter(claim.id for claim in claims)
    faults += [f"{name}: two claims carry this id" for name in sorted(held) if held[name] > 1]
    if faults:
        raise GateError(f"The brief is not written: {len(faults)} faults in its claims.", faults)


def numbers_on_ledger(claim: Claim, _: Catalogue) -> Iterator[str]:
    """Every number of the text is printed by a value of the claim."""
    for language in LANGUAGES:
        known = {found for value in claim.values for found in DIGITS.findall(_shown(claim, value, language))}
        lost = [found for found in DIGITS.findall(claim.text[language]) if found not in known]
        yield from (f"the number {number} in the {language} text is not in the ledger" for number in lost)


def _shown(claim: Claim, value: Value, language: Language) -> str:
    forms = {hole.form for hole in words.holes(claim.template[language]) if hole.name == value.name}
    return " ".join(claim_book.show(value, form, language) for form in forms)


def verbs_computed(claim: Claim, _: Catalogue) -> Iterator[str]:
    """Every verb and comparison of the text is the one its value chooses."""
    for language in LANGUAGES:
        pattern = _chosen_words().pattern(language)
        said, meant = (pattern.findall(text[language].lower()) for text in (claim.text, _again(claim)))
        if said != meant:
            yield f"the {language} text says {said} where its values say {meant}: a verb is not computed"


def _again(claim: Claim) -> Text:
    return claim_book.render(claim.template, claim.values)


def literals_bare(claim: Claim, _: Catalogue) -> Iterator[str]:
    """No number, comparison or hedge is typed into a template."""
    for language in LANGUAGES:
        literal = " ".join(
            piece for piece in words.pieces(claim.template[language]) if isinstance(piece, str)
        )
        yield from (
            f"the number {number} is typed into the {language} template" for number in DIGITS.findall(literal)
        )
        for kind, vocabulary in _guard().items():
            found = vocabulary.pattern(language).findall(literal)
            yield from (f"{word!r} ({kind}) is typed into the {language} template" for word in found)


def text_follows(claim: Claim, _: Catalogue) -> Iterator[str]:
    """The text is what its template and values make."""
    yield from (
        f"the {language} text is not what its template and values make"
        for language in LANGUAGES
        if claim.text[language] != _again(claim)[language]
    )


def translated(claim: Claim, _: Catalogue) -> Iterator[str]:
    """Both languages say the same with the same values, and neither copies the other."""
    english, spanish = (
        [hole.name for hole in words.holes(claim.template[language])] for language in LANGUAGES
    )
    if sorted(set(english)) != sorted(set(spanish)):
        yield f"the ledgers differ: English uses {sorted(set(english))}, Spanish {sorted(set(spanish))}"
    literal = re.sub(r"[\W\d_]", "", words.HOLE.sub("", claim.template.en))
    if literal and claim.template.en == claim.template.es:
        yield "the sentence is not translated: both languages are the same"


def sourced(claim: Claim, catalogue: Catalogue) -> Iterator[str]:
    """Every claim and number has rows behind it, and they are in the tables as they stand."""
    if not claim.evidence:
        yield "no source: the claim has no evidence"
    for value in claim.values:
        if isinstance(value.value, float) and not value.evidence:
            yield f"no source: {value.name} has no evidence"
    for proof in claim.evidence:
        yield from _in_table(proof, catalogue)


def _in_table(proof: Proof, catalogue: Catalogue) -> Iterator[str]:
    if proof.table == thresholds.TABLE:
        yield from () if proof.sha256 == thresholds.digest() else ("the evidence cites other thresholds",)
        return
    try:
        held = table(proof.table, as_of=catalogue.as_of)
    except MissingTable as error:
        yield str(error)
        return
    if held.origin.sha256 != proof.sha256:
        yield f"the evidence cites another version of {proof.table}"
    if held.rows(**proof.keys).is_empty():
        yield f"the evidence names rows that {proof.table} does not hold: {proof.keys}"


def cells_match(claim: Claim, catalogue: Catalogue) -> Iterator[str]:
    """A number read from one cell is the number in that cell."""
    for value in claim.values:
        if len(value.evidence) != 1 or not isinstance(value.value, float):
            continue
        proof = claim.evidence[value.evidence[0]]
        if proof.table == thresholds.TABLE:
            continue
        held = table(proof.table, as_of=catalogue.as_of)
        rows = held.rows(**proof.keys)
        if (
            rows.height == 1
            and held.spec.columns[proof.column].unit == value.unit
            and rows[proof.column][0] != value.value
        ):
            yield f"{value.name} is {value.value} but {proof.table} says {rows[proof.column][0]}"


def entities_evidenced(claim: Claim, _: Catalogue) -> Iterator[str]:
    """Every country that is named stands in the evidence."""
    cited = {key for proof in claim.evidence for given in proof.keys.values() for key in _each(given)}
    named = {str(value.value) for value in claim.values if value.unit == "country"}
    yield from (f"{country} is named without evidence" for country in sorted(named - cited))


def _each(given: object) -> Iterable[object]:
    return given if isinstance(given, tuple) else (given,)


def age_said(claim: Claim, catalogue: Catalogue) -> Iterator[str]:
    """A value past its freshness limit shows its date."""
    printed = {hole.name for hole in words.holes(claim.template.en)}
    shown = {str(value.value) for value in claim.values if value.unit == "period" and value.name in printed}
    for name, newest in _newest(claim).items():
        said = any(date.startswith(newest[:4]) for date in shown)
        if claim_book.stale(name, newest, catalogue) and not said:
            yield f"the value of {newest} in {name} is past its freshness limit and does not say so"


def _newest(claim: Claim) -> dict[str, str]:
    """Return the newest period that a claim prints from each table whose rows are dated by a key."""
    found: dict[str, str] = {}
    for proof in _printed(claim):
        period = None if proof.table == thresholds.TABLE else table(proof.table).spec.period
        dates = [str(key) for key in _each(proof.keys.get(period, ()))] if period else []
        if dates:
            found[proof.table] = max(*dates, found.get(proof.table, ""))
    return found


def _printed(claim: Claim) -> Iterator[Proof]:
    """Yield the evidence of the values that stand in the text."""
    holes = {hole.name for hole in words.holes(claim.template.en)}
    places = {place for value in claim.values if value.name in holes for place in value.evidence}
    yield from (proof for place, proof in enumerate(claim.evidence) if place in places)


def forecast_settles(claim: Claim, _: Catalogue) -> Iterator[str]:
    """A forecast has a rule, a date and a probability."""
    if claim.kind == "forecast" and claim.resolution is None:
        yield "a forecast without a rule and date to settle it"


Check = Callable[[Claim, Catalogue], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    numbers_on_ledger,
    verbs_computed,
    literals_bare,
    text_follows,
    translated,
    sourced,
    cells_match,
    entities_evidenced,
    age_said,
    forecast_settles,
)
