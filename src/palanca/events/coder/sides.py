"""Who acts, and towards whom."""

import re
from collections.abc import Sequence

from palanca.catalogue.text import Language
from palanca.events.coder.actors import Mention, mentions
from palanca.events.coder.clauses import clause_start, names_nobody, speaks_for_itself
from palanca.events.coder.rules import Found

AGENT = ("by ", "por ")  # after a verb in the passive the actor follows
LISTED = re.compile(r"\s*(?:,|,?\s*(?:and|or|nor|y|e|o|ni)(?:\s+a)?)\s*")
TOWARDS = re.compile(
    r"\b(?:on|upon|against|contra|a|al|sobre|hacia)\s+(?:the |las? |los |el )?$"
)  # a target follows
VERB = re.compile(r"\w+(?:ó|aron|ieron)\b")
Pair = tuple[str, str]
Sides = tuple[str | None, str | None]


def sides_of(
    sentence: str, kind: Found, language: Language, pair: Pair | None
) -> tuple[str | None, str | None, tuple[str, ...]] | None:
    """Return actor, target and which of the two was assumed; nothing if they are not of the pair.

    Of countries in one list those of the pair count.
    """
    named = mentions(sentence)
    if pair is not None:
        named = _of_pair(named, sentence, pair)
    return _completed(_sides(named, sentence, kind, language), pair)


def _of_pair(named: Sequence[Mention], sentence: str, pair: Pair) -> list[Mention]:
    runs: list[list[Mention]] = []
    for one in named:
        if runs and LISTED.fullmatch(sentence, runs[-1][-1].end, one.start):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [one for run in runs for one in ([own for own in run if own.iso3 in pair] or run)]


def _sides(named: Sequence[Mention], sentence: str, kind: Found, language: Language) -> Sides:
    """Return who acts and towards whom, as far as the order of the words tells."""
    if kind.quotation and speaks_for_itself(sentence[slice(*kind.quotation)], language):
        return _speaker(named, kind.quotation)
    before = [one for one in named if one.end <= kind.start]
    after = [one for one in named if one.start >= kind.end]
    rest = [*(one for one in named if one.start < kind.end and one.end > kind.start), *after]
    if sentence[kind.end :].lstrip().lower().startswith(AGENT) and after:
        return after[0].iso3, _other(before[::-1] + after, after[0].iso3)
    clause = clause_start(sentence, kind.start, language)
    if before:
        actor = _subject(before, sentence, clause).iso3
        return actor, _other([*rest, *before], actor)
    lead = sentence[clause : kind.start]
    if rest and (names_nobody(lead, language) or _drops_subject(sentence, lead, kind.start, rest[0].start)):
        return None, (after or rest)[0].iso3
    if rest and TOWARDS.search(sentence, 0, rest[0].start):
        return _other(rest, rest[0].iso3), rest[0].iso3
    return (rest[0].iso3, _other(rest, rest[0].iso3)) if rest else (None, None)


def _drops_subject(sentence: str, lead: str, start: int, first: int) -> bool:
    """Return whether a clause opens with a verb of Spanish that no name follows at once."""
    verb = VERB.match(sentence, start)
    return not lead.strip() and verb is not None and bool(sentence[verb.end() : first].strip())


def _speaker(named: Sequence[Mention], quotation: tuple[int, int]) -> Sides:
    """Return who says "we" in a quotation, who is named outside it, and the first other named inside."""
    outside = [one for one in named if one.end <= quotation[0] or one.start >= quotation[1]]
    actor = outside[0].iso3 if outside else None
    return actor, _other([one for one in named if one not in outside], actor)


def _subject(before: Sequence[Mention], sentence: str, clause: int) -> Mention:
    """Return the first government named in the clause that the verb closes, or else in the part before it."""
    part = max(sentence.rfind(mark, 0, before[-1].start) for mark in (";", ":", " that ", " que "))
    near = [one for one in before if one.start >= clause]
    return next((one for one in (*near, *before) if one.start > part), before[-1])


def _other(named: Sequence[Mention], actor: str | None) -> str | None:
    return next((one.iso3 for one in named if one.iso3 != actor), None)


def _completed(sides: Sides, pair: Pair | None) -> tuple[str | None, str | None, tuple[str, ...]] | None:
    actor, target = sides
    if pair is None:
        return actor, target, ()
    if actor not in (None, *pair) or target not in (None, *pair) or (actor is None and target is None):
        return None
    if actor is None:
        return (pair[0] if target == pair[1] else pair[1]), target, ("actor",)
    if target is None:
        return actor, (pair[0] if actor == pair[1] else pair[1]), ("target",)
    return actor, target, ()
