"""How a sentence tells of an act: as done or not, and in whose words. Rules are `data/coder/clauses.yaml`."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field, RootModel

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

Standing = Literal[
    "done", "denied", "supposed", "wished", "planned", "reported", "told by others", "long ago"
]
Patterns = tuple[str, ...]
GAP = r"\s+(?:\S+\s+){1,5}?"
MARK = re.compile(r"[,;:()\u2014\u2013](?=\s|$)|\s[\u2014\u2013-]\s|[\u00bf\u00a1]")
STRONG = re.compile(r"[;:()\u2014\u2013](?=\s|$)|\s[\u2014\u2013-]\s")
QUOTED = re.compile(r"\u201c[^\u201d]*\u201d?|\u00ab[^\u00bb]*\u00bb?|\"[^\"]*\"")
LEAST_QUOTED = 4  # words; fewer are a name or a word set apart
OPEN_END = re.compile(r"(?:(?:\w+\s+)?(?:or|nor|ni|o))?")


class Words(Strict):
    """Words of one language, by what they do with the act that follows them."""

    turns: Patterns
    breaks: Patterns
    joins: Patterns
    chained: Patterns
    inflected: Patterns
    asides: Patterns
    idle: Patterns
    governs: Patterns
    denies: Patterns
    denies_after: Patterns
    denies_next: Patterns
    supposes: Patterns
    inverted: Patterns
    foretells: Patterns
    wishes: Patterns
    plans: Patterns
    aims: Patterns
    enters: Patterns
    reports: Patterns
    others: Patterns
    speaks: Patterns
    cites: Patterns
    accuses: Patterns
    long_ago: Patterns
    we: Patterns
    pronouns: Patterns


class Rules(RootModel[dict[str, Words | str]]):
    """Words by language, and where they are from."""

    root: dict[str, Words | str] = Field(min_length=3)


@cache
def words(language: Language) -> Words:
    """Return the words of a language."""
    found = read("coder/clauses.yaml", Rules).root[language]
    assert isinstance(found, Words)  # the schema gives text to `source` alone
    return found


@dataclass(frozen=True)
class Clause:
    """What leads to an act in its clause, the words that tell of it, and what follows them there."""

    before: str
    inside: str
    after: str


def standing(sentence: str, span: tuple[int, int], language: Language) -> Standing:
    """Return how a sentence tells of the act that the words of a span name."""
    known, clause = words(language), clause_of(sentence, span, language)
    if _told_by_others(sentence, span, known):
        return "told by others"
    if _any(known.long_ago).search(_low(sentence)):
        return "long ago"
    led = _any(known.governs).search(_low(sentence), _part(sentence, span[0], known)[0], span[0])
    if led or _denied(clause, known):
        return "denied"
    if _any(known.reports).search(f"{clause.before} {clause.inside} {clause.after}"):
        return "reported"
    return _not_yet(sentence, clause, known)


def _not_yet(sentence: str, clause: Clause, known: Words) -> Standing:
    """Return whether an act that nobody denies is done, or only supposed, wished or planned."""
    lead = clause.before + "".join(clause.inside.split()[:1])
    if _any(known.foretells).search(lead):
        return "planned"
    inverted = _any(known.inverted).match(clause.before.lstrip())
    supposed = inverted or _any(known.supposes).search(lead)
    if supposed or sentence.rstrip(" \"'\u201d\u00bb").endswith("?"):
        return "supposed"
    if _any(known.wishes).search(clause.before):
        return "wished"
    if _any(known.plans).search(lead):
        return "planned"
    return (
        "supposed" if _ends(known.aims, clause.before) and not _ends(known.enters, clause.before) else "done"
    )


def _ends(patterns: Patterns, text: str) -> bool:
    """Return whether one of the patterns stands at the end of a text."""
    found = list(_any(patterns).finditer(text))
    return bool(found) and not text[found[-1].end() :].strip()


def _denied(clause: Clause, known: Words) -> bool:
    idle = _any(known.idle)
    if _any(known.denies).search(idle.sub(" ", clause.before)):
        return True
    if _any(known.denies_after).search(idle.sub(" ", f"{clause.inside}{clause.after}")):
        return True
    told = f"{clause.inside} {clause.after}".split(maxsplit=1)
    rest = (*told[1:], clause.after.lstrip())
    return any(_any(known.denies_next).match(words_next) for words_next in rest)


def _told_by_others(sentence: str, span: tuple[int, int], known: Words) -> bool:
    """Return whether critics, observers and the like say it, or someone is accused of it."""
    start, end = _part(sentence, span[0], known)
    before, part = _low(sentence[start : span[0]]), _low(sentence[start:end])
    others = f"(?:{'|'.join(known.others)})"
    speaks, cites = f"(?:{'|'.join(known.speaks)})", f"(?:{'|'.join(known.cites)})"
    said = _whole(
        rf"{others}(?:\s+\S+){{0,3}}?\s+{speaks}|{cites}\s+(?:\w+\s+){{0,2}}?{others}|{speaks}\s+{others}"
    )
    return bool(said.search(part) or _any(known.accuses).search(before))


def _part(sentence: str, at: int, known: Words) -> tuple[int, int]:
    """Return the part of a sentence round a place, between strong marks and words that turn elsewhere."""
    turns = [match.span() for match in STRONG.finditer(sentence)]
    turns += [match.span() for match in _any(known.turns).finditer(_low(sentence))]
    start = max((end for _, end in turns if end <= at), default=0)
    return start, min((begin for begin, _ in turns if begin >= at), default=len(sentence))


def clause_of(sentence: str, span: tuple[int, int], language: Language) -> Clause:
    """Return the clause round the words of a span, in lower case."""
    known, low = words(language), _low(sentence)
    start, end = span
    stops = [match.start() for match in MARK.finditer(low, end)]
    stops += [
        match.start() for match in _any((*known.turns, *known.breaks, "that", "que")).finditer(low, end)
    ]
    stops += [match.start() for match in _any(known.joins).finditer(low, end)]
    return Clause(
        low[clause_start(sentence, start, language) : start],
        low[start:end],
        low[end : min(stops, default=None)],
    )


def clause_start(sentence: str, at: int, language: Language) -> int:
    """Return where the clause that leads to a place begins."""
    known, low = words(language), _low(sentence)
    marks = sorted({0, *(match.end() for match in MARK.finditer(low, 0, at))})
    start = _past_asides(low, marks, at, known)
    for match in _any((*known.turns, *known.breaks)).finditer(low, start, at):
        start = match.end()
    for match in _any(known.joins).finditer(low, start, at):
        if _stands_alone(low, match.end(), at, known):
            start = match.end()
    return start


def _past_asides(low: str, marks: list[int], at: int, known: Words) -> int:
    """Return the mark at which the clause begins; with no words before the act it began at an earlier one."""
    start, end = marks.pop(), at
    while marks and OPEN_END.fullmatch(low[start:end].strip(" ,;:")):
        start, end = marks.pop(), start
        while marks and _any(known.asides).match(low[start:end].lstrip()):
            start, end = marks.pop(), start
    return start


def _stands_alone(low: str, after: int, at: int, known: Words) -> bool:
    """Return whether the verb that follows "and" is in no reach of what stands before it."""
    between = low[after:at].split()
    verb = re.match(r"\S*", low[at:])
    chained = all(_any(known.chained).fullmatch(word) for word in between)
    return chained and bool(between or (verb and _any(known.inflected).fullmatch(verb[0])))


def quoted(sentence: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the quotation that holds a span begins and ends, if one does."""
    for match in QUOTED.finditer(sentence):
        if match.start() <= span[0] and span[1] <= match.end() and len(match[0].split()) >= LEAST_QUOTED:
            return match.span()
    return None


def speaks_for_itself(text: str, language: Language) -> bool:
    """Return whether a quotation speaks of its speaker: we, our, I."""
    return bool(_any(words(language).we).search(_low(text)))


def names_nobody(before: str, language: Language) -> bool:
    """Return whether the subject of a clause is a pronoun: we, it, they."""
    return bool(_any(words(language).pronouns).search(_low(before)))


def _low(text: str) -> str:
    """Return text in lower case; the month of May is no verb."""
    text = re.sub(r"(?<!^)\bMay\b", "Mai", text)
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


@cache
def _any(patterns: Patterns) -> re.Pattern[str]:
    joined = "|".join(patterns).replace(" ~ ", GAP).replace(" ", r"\s+")
    return _whole(joined) if joined else re.compile(r"(?!)")
