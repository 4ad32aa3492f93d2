"""Whose act or state a clause tells: named in it, carried on from before, or not to be made out."""

import re
from dataclasses import dataclass

from palanca.brief.check.clauses import Clause
from palanca.brief.check.periods import Period
from palanca.brief.check.sentence import Sentence
from palanca.brief.check.sides import COUNTRY, FACING, NONE, Side, read
from palanca.brief.check.text import Token
from palanca.brief.check.words import any_of, words

OPENING = 12  # tokens within which a sentence names its subject
RELATIVE = re.compile(r"(?:which|who|that|que|quien|el cual|la cual)$")


@dataclass(frozen=True, slots=True)
class Subject:
    """A country, or the words from which none can be made out."""

    code: str | None = None
    lost: str | None = None


@dataclass
class Topic:
    """What a text is about where it names no country.

    Attributes:
        main: the country it was given for, and `other` its partner.
        last: subject of the last statement of the paragraph.
        when: the last date that the paragraph told.
    """

    main: str
    other: str
    last: str | None = None
    when: Period | None = None

    def facing(self, code: str | None) -> str:
        """Return who stands opposite a country."""
        return self.main if code == self.other else self.other

    @property
    def it(self) -> str:
        """Return the country that a pronoun stands for."""
        return self.last or self.main

    @property
    def home(self) -> str:
        """Return the country that "the government" stands for: the text's, unless it speaks of a third."""
        return self.main if self.last == self.other else self.it

    def party(self, words_: str, it: str | None) -> str | None:
        """Return the country that words of a pattern's place stand for."""
        if found := COUNTRY.search(words_):
            return found[1]
        partner = (*words().partner["en"], *words().partner["es"])
        return self.facing(it) if any_of(partner).search(words_) or SINGLE.search(words_) else it


SINGLE = re.compile(r"\b(?:single|one|solo|unico)\b")


def opening(sentence: Sentence, topic: Topic, until: int) -> Subject:
    """Return the subject that a sentence opens with, for clauses that name none."""
    tokens = sentence.words[: min(until, OPENING)]
    for at, kinds, _ in read(tokens, sentence.language):
        met = tokens[at].country is not None and at > 0 and tokens[at - 1].word in FACING
        found = None if met else _opens(tokens[at], kinds, topic)
        if found:
            return found
    if led := _led(sentence, topic):
        return led
    dropped = sentence.language == "es" or topic.last is not None
    return Subject(topic.it) if dropped else Subject(lost="…")


def _led(sentence: Sentence, topic: Topic) -> Subject | None:
    """Return the subject behind the first comma, whose act the sentence tells first: by yielding, it won."""
    words_ = [token.word for token in sentence.words]
    comma = words_.index(",") if "," in words_ else 0
    if not comma or not any_of(words().participles.get(sentence.language, NONE)).match(" ".join(words_)):
        return None
    rest = sentence.words[comma + 1 :]
    told = (_opens(rest[at], kinds, topic) for at, kinds, _ in read(rest, sentence.language))
    return next((one for one in told if one), None)


def _opens(token: Token, kinds: set[str], topic: Topic) -> Subject | None:
    """Return the subject that words name; none where they are of the kind that may stand before it."""
    if token.country or kinds & {"pronouns", "heads"}:
        return Subject(token.country or (topic.it if "pronouns" in kinds else topic.home))
    unknown = not kinds and token.word.isalnum()
    return Subject(lost=token.raw) if unknown or "anew" in kinds else None


def who(clause: Clause, topic: Topic, carried: Subject) -> Subject:
    """Return whose statement it is: who is named before the predicate, or carried on from before."""
    if "subject" in clause.roles:
        return Subject(topic.party(clause.roles["subject"], topic.it))
    if clause.match.kind == "passive":
        return _doer(clause, topic)
    if clause.entry.anyone:
        return Subject(topic.main)
    either = "either" in clause.entry.arguments
    return _named(clause, topic) or _meant(clause.before, topic, either=either) or _related(clause) or carried


def _named(clause: Clause, topic: Topic) -> Subject | None:
    before = clause.before
    named = list(dict.fromkeys(before.countries))
    if before.unread or ("anew" in before.naming and "subjects" not in before.naming):
        return Subject(lost=" ".join(token.raw for token in before.unread) or clause.lead)
    if len(named) == 1:
        return Subject(named[0])
    both = set(named) == {topic.main, topic.other} and "either" in clause.entry.arguments
    if named:
        return Subject(topic.main) if both else Subject(lost=clause.lead)
    return None


def _meant(before: Side, topic: Topic, *, either: bool) -> Subject | None:
    naming = before.naming
    if "both" in naming:
        return Subject(topic.main) if either else Subject(lost=topic.main)
    if "partner" in naming:
        return Subject(topic.facing(topic.it))
    if "heads" in naming or ("subjects" in naming and "pronouns" not in naming):
        return Subject(topic.home)
    return Subject(topic.it) if "pronouns" in naming else None


def _related(clause: Clause) -> Subject | None:
    """Return the country before a comma that a relative pronoun stands for."""
    tokens, at = clause.sentence.words, clause.start
    if not RELATIVE.search(clause.lead) or at < 2 or tokens[at - 1].word != ",":
        return None
    antecedent = tokens[at - 2]
    return Subject(antecedent.country) if antecedent.country else Subject(lost=antecedent.raw)


def _doer(clause: Clause, topic: Topic) -> Subject:
    """Return who did what a passive tells: named after it, or the one whose act it must be."""
    before, by = clause.before, clause.entry.by
    if before.unread:
        return Subject(lost=" ".join(token.raw for token in before.unread))
    if done_to := (*before.countries, *before.facing):
        return Subject(done_to[0] if by == "owner" else topic.facing(done_to[0]))
    if before.naming & {"pronouns", "heads"}:
        return Subject(topic.home if by == "owner" else topic.facing(topic.home))
    return Subject(topic.other if by == "partner" else topic.main)


AGENTS = {"by", "por"}
ONTO = {
    "on",
    "of",
    "against",
    "to",
    "from",
    "over",
    "a",
    "de",
    "contra",
    "sobre",
    "in",
    "en",
    "del",
    "al",
    "with",
    "con",
}
PASSIVE = {"was", "were", "been", "being", "is", "are", "fue", "fueron", "sido"}


def doers(clause: Clause, topic: Topic, before: frozenset[str] | None) -> frozenset[str] | None:
    """Return who did a single act, as far as the words name countries.

    Empty where they leave it open: a passive without a doer, the first person, an agency. None where a
    word stands for somebody whom nothing names.

    Args:
        before: who did the act told before it in the sentence, for an act that names nobody.
    """
    tokens, match = clause.sentence.words, clause.match
    for at in range(match.end, min(match.end + OPENING, clause.end)):
        if tokens[at].country and tokens[at - 1].word in AGENTS:
            return frozenset({tokens[at].word[1:]})
    ahead = [token.word for token in tokens[max(match.start - 2, 0) : match.start]]
    if ahead[-1:] and (ahead[-1] in PASSIVE or "se" in ahead):
        return frozenset()
    lead = range(clause.start, match.start)
    named = {
        tokens[at].word[1:]
        for at in lead
        if tokens[at].country and (not at or tokens[at - 1].word not in ONTO)
    }
    after = tokens[match.end].country if match.end < clause.end else None
    if not named and clause.sentence.language == "es" and after:
        return frozenset({after})
    if named:
        return frozenset(named)
    return _unnamed(clause, topic, before)


def _unnamed(clause: Clause, topic: Topic, before: frozenset[str] | None) -> frozenset[str] | None:
    ahead = clause.before
    if ahead.unread or "anew" in ahead.naming or not clause.match.start:
        return frozenset()
    if before is not None:
        return before
    if "partner" in ahead.naming:
        return frozenset({topic.facing(topic.it)})
    if "heads" in ahead.naming:
        return frozenset()
    return frozenset({topic.it}) if topic.last and ahead.naming & {"pronouns"} else None
