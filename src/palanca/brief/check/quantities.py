"""Numbers that a sentence tells: its words as a line of kinds, nouns and what belongs to them as one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from palanca.brief.check.amounts import Amount, amount, limits, place, size, times
from palanca.brief.check.numbers import numeric, small
from palanca.brief.check.periods import Period
from palanca.brief.check.sentence import SIGNS, STOPS, Sentence
from palanca.brief.check.words import ByLanguage, any_of
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

AMOUNTS = ("PCT", "USD", "TIMES", "PTS", "NUM")
SILENT = ("idle", "deny")
COUNTRY, PERIOD, UNKNOWN = "C", "T", "x"
HELD = {COUNTRY: "code", "N": "series", "DUTY": "series", "ISSUE": "issue", "FACTOR": "factor"}
POINTS = {"cuarto": 0.25, "medio": 0.5, "half": 0.5, "quarter": 0.25}
ROLES = {"CUST": "exports", "SUPP": "imports", "PART": "trade"}


class Phrase(Strict):
    """What stands in a line of kinds, and what it becomes; `sets` is what it tells besides its places."""

    of: str
    to: str
    sets: dict[str, str] = field(default_factory=dict)
    only: Language | None = None


class Grammar(Strict):
    """Kinds of words and the phrases they make, `data/statements/quantities.yaml`."""

    words: dict[str, ByLanguage]
    amounts: dict[str, dict[Language, str]]
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that a statement tells, and how.

    Attributes:
        series: name of the figure.
        form: level, rank, compare, gap, move, factor, peak, top or run.
        owner: whose it is, as the text names it; none where it goes without saying.
        other: towards whom.
        rival: the figure it is set beside: its series, owner and other where these differ.
        relation: above, below or same, where it is compared; up, down or any where it moved.
        amount: the level, the factor, the gap or the change told.
        start: the level told to have been before, and `end` to be now.
        place: the rank told; `within` where any rank up to it is meant.
        when: the period told, and `against` the one it is set beside.
        first: whether it is told to be so for the first time.
        issue: the kind of resolutions that votes are limited to.
        by_far: whether the words leave no narrow lead.
        subject: whether its owner or the other is the subject of the sentence.
    """

    series: str
    form: str
    owner: str | None = None
    other: str | None = None
    rival: tuple[tuple[str, str], ...] = ()
    relation: str | None = None
    amount: Amount | None = None
    start: Amount | None = None
    end: Amount | None = None
    place: int = 1
    within: bool = False
    when: Period | None = None
    against: Period | None = None
    first: bool = False
    issue: str | None = None
    by_far: bool = False
    subject: str = "owner"


@dataclass(frozen=True, slots=True)
class Node:
    """Words of one kind, from a token up to another, and what they hold."""

    kind: str
    start: int
    end: int
    held: Mapping[str, object]

    def text(self, key: str) -> str | None:
        """Return what it holds as a word."""
        found = self.held.get(key)
        return found if isinstance(found, str) else None

    @property
    def amount(self) -> Amount | None:
        """The amount it holds."""
        found = self.held.get("amount")
        return found if isinstance(found, Amount) else None


Line = list[Node]


def grammar() -> Grammar:
    """Return how texts speak of numbers."""
    return read("statements/quantities.yaml", Grammar)


def runs(sentence: Sentence) -> Iterator[Line]:
    """Yield the longest runs of known kinds in a sentence, nouns put with what belongs to them."""
    run: Line = []
    idle: int | None = None  # where words without meaning for a test begin that stand before the next kind
    for node in (*_line(sentence), Node(UNKNOWN, 0, 0, {})):
        if node.kind in SILENT and run and run[-1].kind != PERIOD and idle is None:
            run[-1] = replace(run[-1], end=node.end)
        elif node.kind in SILENT:
            idle = node.start if idle is None else idle
        elif node.kind != UNKNOWN:
            run.append(node if idle is None or node.kind == PERIOD else replace(node, start=idle))
            idle = None if node.kind != PERIOD else idle
        else:
            if any(one.kind in (COUNTRY, *AMOUNTS, "N") for one in run):
                yield _joined(run, sentence.language)
            run, idle = [], None


def _line(sentence: Sentence) -> Iterator[Node]:
    """Yield the words of a sentence by kind, the longest at each place, and its periods among them."""
    at, tokens = 0, sentence.words
    periods = sorted(sentence.periods, key=lambda one: one.start)
    while at <= len(tokens):
        while periods and periods[0].start <= at:
            told = periods.pop(0).period
            yield Node(UNKNOWN if told.vague else PERIOD, at, at, {"period": told})
        if at == len(tokens):
            return
        end = at + 1
        for node in _nodes(sentence, at):
            end = node.end
            yield node
        at = end


def _nodes(sentence: Sentence, at: int) -> Iterator[Node]:
    """Yield what the words at a place are, two kinds where they are both."""
    token = sentence.words[at]
    if token.country:
        yield Node(COUNTRY, at, at + 1, {"code": token.word})
        return
    if token.word in SIGNS or token.word in STOPS:
        yield Node("," if token.word in ",()—–-" or token.word in STOPS else UNKNOWN, at, at + 1, {})
        return
    name, end, said = _longest(sentence, at)
    for one in name.split("+"):
        kind, _, value = one.partition(":")
        yield (
            Node(kind, at, end, {HELD.get(kind, "value"): value, **_told(kind, value, said)})
            if (kind not in AMOUNTS or _amount(kind, said, sentence.language))
            else Node(UNKNOWN, at, end, {})
        )


def _longest(sentence: Sentence, at: int) -> tuple[str, int, str]:
    best, end, said = UNKNOWN, at + 1, ""
    start = sentence.starts[at]
    for name, pattern in _kinds(sentence.language):
        match = pattern.match(sentence.flat, start)
        if match and match.end() > start:
            last = sentence.tokens(match)[1]
            if last > end or (best == UNKNOWN and last == end):
                best, end, said = name, last, match[0]
    return best, end, said


@cache
def _kinds(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = grammar()
    told = limits()
    articles = [one for one in told.articles if one != "a" or language == "en"]
    lead = f"(?:{any_of((*told.above, *told.below, *told.near, *articles)).pattern} )*"
    found = [(name, re.compile(rf"(?<!\S){lead}{known.amounts[name][language]}(?!\S)")) for name in AMOUNTS]
    words = sorted(known.words.items(), key=lambda one: "+" not in one[0])  # two kinds at once come first
    return (*found, *((name, any_of(held[language])) for name, held in words if held[language]))


def _told(kind: str, value: str, said: str) -> dict[str, object]:
    """Return what words of a kind hold besides their own value."""
    if kind in AMOUNTS:
        return {"amount": _amount(kind, said)}
    if kind == "RANK":
        return {"place": place(said)}
    if kind == "FACTOR":
        return {"amount": times(f"{said.replace('se redujo a', '')} {value} times")}
    return {"said": said}


def _amount(kind: str, said: str, language: Language = "en") -> Amount | None:
    if kind == "PCT":
        return amount(said)
    if kind == "PTS":
        part = next((POINTS[word] for word in said.split() if word in POINTS), None)
        return amount(f"{said} {part or _value(said)} %")
    if kind == "TIMES":
        return times(said)
    value = _value(said)
    return size(said, value) if value is not None else None


def _value(said: str) -> float | None:
    number = re.search(r"\d[\d.,]*", said)
    return numeric(number[0]) if number else small(said)


@cache
def _phrases(language: Language) -> tuple[tuple[re.Pattern[str], Phrase], ...]:
    return tuple(
        (re.compile(rf"(?<!\S)(?:{_numbered(one.of)})(?!\S)"), one)
        for one in grammar().phrases
        if one.only in (None, language)
    )


def _numbered(of: str) -> str:
    """Return a pattern in which a place that is named again has a number behind its name."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{seen[match[1]]}>"

    return re.sub(r"\(\?P<(\w+)>", name, of)


def _joined(line: Sequence[Node], language: Language) -> Line:
    """Return a line with every phrase in it put into one node; periods do not stand between."""
    found = [node for node in line if node.kind != PERIOD]
    for pattern, phrase in _phrases(language):
        found = _reduced(found, pattern, phrase)
    for told in (node for node in line if node.kind == PERIOD):
        at = next(
            (at for at, node in enumerate(found) if node.start >= told.start and node.kind != PERIOD),
            len(found),
        )
        found.insert(at, told)
    return found


def _reduced(line: Line, pattern: re.Pattern[str], phrase: Phrase) -> Line:
    at = 0
    while True:
        starts, text = [], ""
        for node in line:
            starts.append(len(text))
            text += f"{node.kind} "
        match = pattern.search(text.rstrip(), at)
        if match is None:
            return line
        first = starts.index(match.start())
        last = max(index for index, start in enumerate(starts) if start < match.end())
        held = _held(line, starts, match, phrase)
        whole = line[first].start, line[last].end
        made = [Node(kind, *whole, held) for kind in phrase.to.split()]
        line = [*line[:first], *made, *line[last + 1 :]]
        at = match.start() + len(phrase.to)


def _held(line: Line, starts: list[int], match: re.Match[str], phrase: Phrase) -> dict[str, object]:
    """Return what a phrase holds: what it sets, and what the nodes at its named places do."""
    held: dict[str, object] = {}
    for name in (name for name in match.groupdict() if match[name]):
        node, role = line[starts.index(match.start(name))], name.rstrip("0123456789")
        if role in ("owner", "other"):
            held[role] = node.held["code"]
        elif role == "role":
            held["series"] = ROLES[node.kind]
        elif role in ("number", "amount"):
            held[role] = node.held.get("amount")
        else:
            held = {**held, **node.held}
    return {**held, **phrase.sets}


def denied(sentence: Sentence, start: int, end: int) -> set[int]:
    """Return the tokens that deny; those of an amount or a name do not: no more than, no country."""
    found, at = set(), start
    while at < end:
        nodes = list(_nodes(sentence, at))
        if nodes[0].kind == "deny":
            found |= set(range(at, nodes[0].end))
        at = nodes[0].end
    return found


def roles_of(one: Asked, countries: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return who and whom the words name, as the places of a pattern would hold them."""
    words = {"it": "it", "other": "the other", "both": "it"}
    named = (("subject", one.owner), ("object", one.other))
    found = [(role, words.get(said, said)) for role, said in named if said]
    return (*found, ("countries", " ".join(f"§{code}" for code in countries)))
