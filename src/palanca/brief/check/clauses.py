"""Words of the catalogue in a sentence, each with its clause: what stands before, within and after them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from palanca.brief.check.composing import EDGES, composed
from palanca.brief.check.cues import cues
from palanca.brief.check.entries import Entry, compiled, entries, spelled
from palanca.brief.check.forms import alike_es
from palanca.brief.check.quantities import Asked, denied, roles_of, runs
from palanca.brief.check.sentence import SIGNS, STOPS, Sentence
from palanca.brief.check.sides import NONE, Extra, Side, side
from palanca.brief.check.text import Span
from palanca.brief.check.words import any_of, words
from palanca.catalogue.text import Language

BOTH_WAYS = "votes_share"  # counts agreement on votes in both ways, which a figure told does not
DETERMINERS = {"el", "un", "del", "al", "este", "ese", "su", "cada", "todo", "nuevo"}
INSIDE = re.compile(r"(?:not|never|no|nunca|jamas|ningun[ao]?|nor|\w+n't|cannot|neither)$")


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the catalogue in a sentence.

    Attributes:
        name: of the entry.
        start: first token, and `end` the one after the last.
        kind: `says`, `denies` or `passive`, by the entry's patterns.
        roles: what named places of the pattern hold.
        asked: the figure that the words tell, and `goes_on` whether what follows it is read too.
    """

    name: str
    start: int
    end: int
    kind: str
    roles: tuple[tuple[str, str], ...]
    asked: Asked | None = None
    goes_on: bool = False


@dataclass(frozen=True)
class Clause:
    """A predicate with the clause it stands in.

    Attributes:
        start: first token of the clause, and `end` the one after the last.
        embedded: whether no clause begins between this predicate and the one before it.
        joined: the word that stands right before the predicate.
    """

    sentence: Sentence
    match: Match
    start: int
    end: int
    before: Side
    inside: Side
    after: Side
    embedded: bool = False

    @property
    def entry(self) -> Entry:
        """Entry of the catalogue."""
        return entries()[self.match.name]

    @property
    def roles(self) -> dict[str, str]:
        """What named places of the pattern hold."""
        return dict(self.match.roles)

    @property
    def lead(self) -> str:
        """Words before the predicate in one line."""
        return self.sentence.line(self.start, self.match.start)

    @property
    def sides(self) -> tuple[Side, Side, Side]:
        """Before, within and after the predicate."""
        return self.before, self.inside, self.after

    @property
    def span(self) -> Span:
        """Where the text has the clause."""
        tokens = list(self.sentence.words[self.start : self.end])
        while tokens and tokens[-1].word in SIGNS:
            tokens.pop()
        return min(token.start for token in tokens), max(token.end for token in tokens)


def clauses(sentence: Sentence) -> Iterator[Clause]:
    """Yield every predicate of a sentence with its clause, in order."""
    yield from clauses_of(sentence, matches(sentence))


def clauses_of(sentence: Sentence, found: Sequence[Match]) -> Iterator[Clause]:
    """Yield each of several predicates of a sentence with its clause, in order."""
    at = 0
    asides = _asides(sentence)
    joints = [
        one
        for one in _joints(sentence, {match.start for match in found})
        if not any(start <= one[0] < end for start, end in asides)
    ]
    for index, match in enumerate(found):
        follows = found[index + 1].start if index + 1 < len(found) else len(sentence.words)
        yield _clause(sentence, match, (at, follows), joints, asides=asides)
        at = match.end


def matches(sentence: Sentence) -> list[Match]:
    """Return the words of the catalogue in a sentence; where several overlap, the longest stay."""
    found = []
    for name, kind, pattern, begins in _patterns(sentence.language):
        if begins and not any(cue in sentence.flat for cue in begins):
            continue
        for match in compiled(pattern, sentence.language).finditer(sentence.flat):
            if _is_noun(sentence, sentence.tokens(match)[0]):
                continue
            roles = tuple((role.rstrip("23456789"), said) for role, said in match.groupdict().items() if said)
            found.append(Match(name, *sentence.tokens(match), kind, roles))
    known = entries()
    shares = [one for one in found if known[one.name].test == BOTH_WAYS]
    told = [one for one in _figures(sentence) if not any(_within(other, one) for other in shares)]
    read = [one for one in told if not _unsure(one)]
    found = [one for one in found if not any(_within(one, other) for other in read if known[one.name].test)]
    found += [one for one in told if one in read or not any(_within(other, one) for other in found)]
    kept: list[Match] = []
    for one in sorted(
        found, key=lambda one: (one.start - one.end, known[one.name].why is not None, one.start)
    ):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda match: match.start)


def _is_noun(sentence: Sentence, at: int) -> bool:
    """Return whether a Spanish word behind an article is a noun though it looks like a verb: el mando."""
    if sentence.language != "es" or not at or sentence.words[at - 1].word not in DETERMINERS:
        return False
    token = sentence.words[at]
    return token.raw.endswith("o") and token.word in alike_es()


def _within(one: Match, other: Match) -> bool:
    return other.start <= one.start and one.end <= other.end


def _unsure(match: Match) -> bool:
    """Return whether a figure is told to have moved, but not since when nor by how much."""
    asked = match.asked
    return asked is not None and asked.form == "move" and not (asked.when or asked.amount or asked.start)


def _figures(sentence: Sentence) -> Iterator[Match]:
    """Yield the words that tell a figure in any form."""
    for run in runs(sentence):
        told = composed(run, sentence.language)
        for at, (nodes, one) in enumerate(told, 1):
            held = [node for node in nodes if node.kind not in EDGES and node.end > node.start]
            start, end = min(node.start for node in held), max(node.end for node in held)
            framed = [
                last for first, last in (*sentence.falsehoods, *sentence.reports) if first < start < last
            ]
            start = max((start, *framed))  # it is false that: the frame ends where the figure begins
            named = tuple(token.country for token in sentence.words[start:end] if token.country)
            yield Match("figure_told", start, end, "says", roles_of(one, named), one, at < len(told))


@cache
def _patterns(language: Language) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    return tuple(
        (name, kind, pattern, cues(spelled(pattern, language)))
        for name, entry in entries().items()
        for kind, held in (("says", entry.patterns), ("denies", entry.opposite), ("passive", entry.passive))
        for pattern in held.get(language, ())
    )


def _clause(
    sentence: Sentence, match: Match, limits: Span, joints: Sequence[Span], *, asides: Sequence[Span]
) -> Clause:
    """Return the clause of a predicate, between the predicates beside it."""
    start, end = limits
    frames = (*joints, *sentence.falsehoods, *sentence.reports)
    starts = [stop for first, stop in frames if start <= first and stop <= match.start]
    ends = [first for first, _ in joints if match.end <= first < end]
    begins, stops = max(starts, default=start), min(ends, default=end)
    known, language = entries()[match.name], sentence.language
    extra = Extra(*(_all_spelled(held, language) for held in (known.subjects, known.takes)))
    ahead = [
        token
        for at, token in enumerate(sentence.words[begins : match.start], begins)
        if not any(first <= at < last for first, last in asides)
    ]
    return Clause(
        sentence,
        match,
        begins,
        stops,
        side(ahead, language, extra=extra, compares=False),
        _inside(sentence, match),
        side(sentence.words[match.end : stops], language, extra=extra),
        embedded=start > 0
        and match.start > start
        and not any(start <= first for first, stop in joints if stop <= match.start),
    )


def _all_spelled(held: dict[str, tuple[str, ...]], language: Language) -> tuple[str, ...]:
    return tuple(spelled(one, language) for one in held.get(language, ()))


def _asides(sentence: Sentence) -> list[Span]:
    """Return what stands between a word that waits for its verb and the verb: might, in time, concede.

    A comma, what follows it and the comma that closes it; or an adverb that elsewhere joins.
    """
    ends = _waiting(sentence)
    adverbs = [
        span for span in sentence.found(words().adverbs.get(sentence.language, NONE)) if span[0] in ends
    ]
    ends |= {end for _, end in adverbs}
    commas = [at for at, token in enumerate(sentence.words) if token.word == ","]
    closed = pairwise(commas)
    return [*adverbs, *((first, last + 1) for first, last in closed if first in ends)]


def _waiting(sentence: Sentence) -> set[int]:
    """Return where words end that wait for their verb: denials, auxiliaries and what puts a fact in doubt."""
    known, language, tokens = words(), sentence.language, sentence.words
    put = [phrase for held in known.modalities.values() for phrase in held[language]]
    found = sentence.found((*put, *known.denies[language], *known.waiting[language]))
    ends = {end for start, end in found if start or tokens[start].word not in ("no", "never")}
    moods = any_of((*known.future.get(language, NONE), *known.would.get(language, NONE)))
    usual = set(known.not_would.get(language, NONE))
    raw = [token.raw.casefold() for token in tokens]
    return ends | {at for at, word in enumerate(raw, 1) if word not in usual and moods.fullmatch(word)}


def _joints(sentence: Sentence, begun: set[int]) -> Iterator[Span]:
    """Yield where one clause ends, and the next begins behind it."""
    known, language = words(), sentence.language
    for at, token in enumerate(sentence.words):
        if token.word in SIGNS or token.word in STOPS:
            yield at, at + 1
    grades = (phrase for held in known.degrees.values() for phrase in held[language])
    held = (*known.denies[language], *known.harmless[language], *grades)
    whole = [span for span in sentence.found(held) if span[1] - span[0] > 1]
    for start, end in sentence.found((*known.joins[language], *known.begins[language])):
        if not any(first <= start < last for first, last in whole):
            yield start, start if sentence.words[start].word in known.begins[language] else end
    ahead = any_of(known.verb_first[language])
    for start, end in sentence.found(known.joins_before_a_verb[language]):
        split = any(first <= start < last for first, last in whole)
        if not split and (
            _leads(sentence, end, begun)
            or _last_before(sentence, end, begun)
            or _is_verb(sentence, end, ahead)
        ):
            yield start, end


def _leads(sentence: Sentence, end: int, begun: set[int]) -> bool:
    """Return whether a predicate begins at a token, or behind what denies it there: and no longer depends."""
    denied = any_of((*words().denies[sentence.language], *words().auxiliaries.get(sentence.language, NONE)))
    while end not in begun:
        match = denied.match(sentence.line(end, end + 3))
        if match is None:
            return False
        end += len(match[0].split())
    return True


def _is_verb(sentence: Sentence, at: int, ahead: re.Pattern[str]) -> bool:
    """Return whether a verb stands at a token; an accent may tell one."""
    found = sentence.words[at : at + 1]
    return any(ahead.fullmatch(word) for token in found for word in (token.word, token.raw.casefold()))


def _last_before(sentence: Sentence, end: int, begun: set[int]) -> bool:
    """Return whether a word that joins stands between two predicates, with no other joint behind it."""
    later = [start for start in begun if start >= end]
    if not later or min(begun) >= end:
        return False
    rest = {token.word for token in sentence.words[end : min(later)]}
    return not rest & (SIGNS | set(words().joins_before_a_verb[sentence.language]))


def _inside(sentence: Sentence, match: Match) -> Side:
    """Read the words of the catalogue themselves: only plain denials and degrees in them count."""
    literal = dict(match.roles).get("no", "").split()
    kept = [token for token in sentence.words[match.start : match.end] if token.word not in literal]
    found = side(kept, sentence.language)
    plain = [token for token in kept if INSIDE.match(token.word)]
    if match.asked:
        plain = [sentence.words[at] for at in sorted(denied(sentence, match.start, match.end))]
    if any(
        role != "no" for role, _ in match.roles
    ):  # its places hold words of degree and denial of their own
        plain = [token for token in plain if not token.word.startswith("ningun")]
        often = dict(match.roles).get("often", "").split()
        found.degrees = side([token for token in kept if token.word in often], sentence.language).degrees
    twice = any_of(words().doubled.get(sentence.language, NONE))
    found.denials, found.doubled = len(plain), sum(bool(twice.fullmatch(token.word)) for token in plain)
    return found
