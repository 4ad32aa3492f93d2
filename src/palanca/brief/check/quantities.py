"""Numbers that a sentence tells: its words as a line of kinds, and the phrases found in that line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from palanca.brief.check.amounts import Amount, amount, limits, place, size, times
from palanca.brief.check.numbers import numeric
from palanca.brief.check.sentence import SIGNS, Sentence
from palanca.brief.check.words import ByLanguage, any_of
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

COUNTS = frozenset(
    {"homicides", "encounters", "fentanyl", "methamphetamine", "opioid_deaths", "embassies", "memberships"}
)
AMOUNTS = ("PCT", "USD", "TIMES", "NUM")
SILENT = ("idle", "deny")
HELD = {
    "C": "code",
    "MOVE": "move",
    "PEAK": "move",
    "CMP": "relation",
    "OVER": "relation",
    "N": "series",
    "DUTY": "series",
    "FACTOR": "factor",
}


class Phrase(Strict):
    """What stands in a line of kinds, and what it becomes; `sets` is what it tells besides its places."""

    of: str
    to: str
    sets: dict[str, str] = field(default_factory=dict)


class Grammar(Strict):
    """Kinds of words and the phrases they make, `data/statements/quantities.yaml`."""

    words: dict[str, ByLanguage]
    amounts: dict[str, dict[Language, str]]
    parts: dict[str, str]
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that a statement tells, and how.

    Attributes:
        series: name of the figure.
        form: level, rank, compare or move.
        owner: whose it is, as the text names it; none where it goes without saying.
        other: towards whom.
        rival: the figure it is set beside: its series, owner and other where these differ.
        relation: above, below or same, where it is compared; up, down or any where it moved.
        amount: the level, the factor or the change told.
        start: the level told to have been before.
        end: the level told to be now.
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


@dataclass(frozen=True, slots=True)
class Node:
    """Words of one kind, from a token up to another, and what they hold."""

    kind: str
    start: int
    end: int
    held: Mapping[str, object]


def grammar() -> Grammar:
    """Return how texts speak of numbers."""
    return read("statements/quantities.yaml", Grammar)


@cache
def _kinds(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = grammar()
    told = limits()
    lead = f"(?:{any_of((*told.above, *told.below, *told.near, *told.articles)).pattern} )*"
    found = [(name, re.compile(rf"(?<!\S){lead}{known.amounts[name][language]}(?!\S)")) for name in AMOUNTS]
    return (*found, *((name, any_of(held[language])) for name, held in known.words.items()))


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], Phrase], ...]:
    known = grammar()

    def part(match: re.Match[str]) -> str:
        return known.parts[match[1]]

    found = []
    for one in known.phrases:
        of = one.of
        while (whole := re.sub(r"(?<!\?P)<(\w+)>", part, of)) != of:
            of = whole
        found.append((re.compile(rf"(?<!\S)(?:{_numbered(of)})(?!\S)"), one))
    return tuple(found)


def _numbered(of: str) -> str:
    """Return a pattern in which a place that is named again has a number behind its name."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{seen[match[1]]}>"

    return re.sub(r"\(\?P<(\w+)>", name, of)


def asked(sentence: Sentence) -> Iterator[tuple[int, int, Asked, tuple[str, ...]]]:
    """Yield the figures that a sentence tells: its first token, the one after the last, and the countries."""
    line = list(_line(sentence))
    if not any(node.kind in ("C", *AMOUNTS) for node in line):
        return
    for pattern, phrase in _phrases():
        line = _reduced(line, pattern, phrase)
    for node in line:
        found = _asked(node) if node.kind == "F" else None
        if found:
            codes = tuple(token.country for token in sentence.words[node.start : node.end] if token.country)
            yield node.start, node.end, found, codes


def _line(sentence: Sentence) -> Iterator[Node]:
    """Yield the words of a sentence by kind, the longest at each place."""
    at, tokens = 0, sentence.words
    while at < len(tokens):
        token = tokens[at]
        named = Node("C", at, at + 1, {"code": token.word})
        node = named if token.country else _node(sentence, at)
        if node.kind not in SILENT:
            yield node
        at = node.end


def _node(sentence: Sentence, at: int) -> Node:
    best, end, said = "x", at + 1, ""
    start = sentence.starts[at]
    for name, pattern in _kinds(sentence.language):
        match = pattern.match(sentence.flat, start)
        if match and match.end() > start:
            last = sentence.tokens(match)[1]
            if last > end or (best == "x" and last == end):
                best, end, said = name, last, match[0]
    kind, _, value = best.partition(":")
    held: dict[str, object] = {HELD[kind]: value} if kind in HELD else {}
    if kind in AMOUNTS:
        told = _amount(kind, said)
        return Node(kind if told else "x", at, end, {"amount": told})
    if kind == "RANK":
        held["place"] = place(said)
    if kind == "FACTOR":
        held["amount"] = times(f"{said.replace('se redujo a', '')} {_FACTOR[value]}")
    return Node(kind if kind not in SIGNS else ",", at, end, held)


_FACTOR = {"2": "twice", "3": "triple", "0.5": "half"}


def _amount(kind: str, said: str) -> Amount | None:
    if kind == "PCT":
        return amount(said)
    if kind == "TIMES":
        return times(said)
    number = re.search(r"\d[\d.,]*", said)
    return size(said, numeric(number[0])) if number else None


def _reduced(line: list[Node], pattern: re.Pattern[str], phrase: Phrase) -> list[Node]:
    """Return the line with every place where a phrase holds put into one."""
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
        node = Node(phrase.to, line[first].start, line[last].end, _held(line, starts, match, phrase))
        line = [*line[:first], node, *line[last + 1 :]]
        at = match.start() + len(phrase.to)


def _held(line: list[Node], starts: list[int], match: re.Match[str], phrase: Phrase) -> dict[str, object]:
    """Return what a phrase holds: what it sets, and what the nodes at its named places do."""
    held: dict[str, object] = {}
    for name, start in ((name, match.start(name)) for name in match.groupdict() if match[name]):
        node, role = line[starts.index(start)], name.rstrip("0123456789")
        if role == "q":
            held = {**node.held, **held}
        elif role == "r":
            beside = dict(node.held)
            held |= (
                {"rival": beside}
                if node.kind != "GP" or phrase.sets.get("series") == "gdp"
                else {"of": beside}
            )
        elif role in ("owner", "other", "rival_owner", "rival_other"):
            held[role] = node.held.get("code", node.kind)
        elif role in ("amount", "start", "end"):
            held[role] = node.held.get("amount")
            held |= {"unit": node.kind} if role == "amount" else {}
        else:
            held |= node.held
    whole = held.pop("of", None)
    if isinstance(whole, dict) and whole.get("owner"):
        held.setdefault("owner", whole["owner"])
    return {**held, **phrase.sets}


UNITS = {"USD": ("exports", "imports", "trade", "deficit", "surplus", "gdp")}


def _asked(node: Node) -> Asked | None:
    """Return the figure that a whole phrase tells; none where its unit is another than the figure's."""
    held = dict(node.held)
    series, form = str(held.get("series", "")), str(held.get("form", "level"))
    unit = held.get("unit")
    if not series or (form == "level" and (unit == "USD") != (series in UNITS["USD"])):
        return None
    if form == "level" and unit not in ("USD", None) and (unit == "NUM") != (series in COUNTS):
        return None
    beside = held.get("rival")
    rival = dict(beside) if isinstance(beside, Mapping) else {}
    rival |= {key[6:]: held[key] for key in ("rival_owner", "rival_other", "rival_series") if key in held}
    move = held.get("move") if form in ("move", "peak") else held.get("relation")
    return Asked(
        series,
        form,
        _text(held, "owner"),
        _text(held, "other"),
        tuple((key, str(rival[key])) for key in ("series", "owner", "other") if rival.get(key)),
        str(move) if move else None,
        _told(held, "amount"),
        _told(held, "start"),
        _told(held, "end"),
        int(str(held.get("place", 1))),
    )


def _told(held: Mapping[str, object], key: str) -> Amount | None:
    found = held.get(key)
    return found if isinstance(found, Amount) else None


def _text(held: Mapping[str, object], key: str) -> str | None:
    return str(held[key]) if held.get(key) else None


def roles_of(one: Asked, countries: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return who and whom the words name, as the places of a pattern would hold them."""
    words = {"it": "it", "other": "the other"}
    named = (("subject", one.owner), ("object", one.other))
    found = [(role, words.get(said, said)) for role, said in named if said and said != "ANY"]
    return (*found, ("countries", " ".join(f"§{code}" for code in countries)))
