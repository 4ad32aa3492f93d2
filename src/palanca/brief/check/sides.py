"""What stands beside the words of a predicate: subject, denials, degree, modality, and what is unread."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from palanca.brief.check.text import Token
from palanca.brief.check.words import any_of, classes, words
from palanca.catalogue.text import Language

NUMBER = re.compile(r"\d+(?:[.,]\d+)*$")
SIGN = re.compile(r"^\W+$")
COUNTRY = re.compile(r"§(\w+)")
WITHIN = {"in", "en", "within"}  # before a country that is a place, not the subject
FACING = {"towards", "toward", "against", "hacia", "ante", "contra", "con", "a"}  # before one met with
NONE = ("(?!)",)
NAMING = ("heads", "both", "partner", "pronouns", "anew", "subjects")


@dataclass(frozen=True)
class Extra:
    """Words that an entry of the catalogue knows besides those of the language."""

    subjects: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass
class Side:
    """What the words on one side of a predicate tell.

    Attributes:
        countries: named, in order; the one after a comparing word apart, as `rival`; before a predicate those
            that something is turned to, as `facing`.
        compared: `others` or `before`, after a comparing word.
        denials: how many turn the statement round; `doubled` those of which two make one.
        unread: words of no known class.
        naming: how a subject without a country's name is told: by a head, a pronoun and so on.
        open: whether a comparing word waits for what is compared, and by which words.
    """

    countries: list[str] = field(default_factory=list)
    facing: list[str] = field(default_factory=list)
    rival: str | None = None
    compared: str | None = None
    denials: int = 0
    doubled: int = 0
    degrees: list[str] = field(default_factory=list)
    modalities: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    unread: list[Token] = field(default_factory=list)
    naming: set[str] = field(default_factory=set)
    open: bool = False
    openers: list[Token] = field(default_factory=list)

    def country(self, code: str) -> None:
        """Note a country: an object, or the one compared with."""
        if self.open and self.rival is None:
            self.rival = code
        else:
            self.countries.append(code)
        self.open = False

    def compare(self, kinds: set[str], token: Token) -> bool:
        """Note words that compare, or what they compare with; return whether these were such words."""
        if self.open and kinds & {"others", "before"}:
            self.compared, self.open = "others" if "others" in kinds else "before", False
            return True
        if "than" in kinds and "denies" not in kinds:
            self.open = True
            self.openers += [token] if kinds == {"than"} else []
            return True
        return False

    def note(self, kinds: set[str], said: str, language: Language) -> None:
        """Note what words of some classes tell."""
        if "denies" in kinds:
            self.denials += 1
            self.doubled += bool(any_of(words().doubled.get(language, NONE)).fullmatch(said))
        self.naming |= kinds & set(NAMING)
        told = dict(name.split(":") for name in kinds if ":" in name)
        for kind, held in (("degree", self.degrees), ("modality", self.modalities), ("about", self.about)):
            held += [told[kind]] if kind in told else []
        if kinds == {"others"}:
            self.unread.append(Token(said, said, 0, 0))
        self.open = self.open and "heads" not in kinds


def side(
    tokens: Sequence[Token], language: Language, *, extra: Extra = Extra(), compares: bool = True
) -> Side:
    """Read the words on one side of a predicate.

    Args:
        extra: words that the entry of the catalogue knows.
        compares: whether a comparison may stand here, as it does behind a predicate and not before it.
    """
    found = Side()
    for at, kinds, said in read(tokens, language, extra):
        token = tokens[at]
        if token.country:
            ahead = tokens[at - 1].word if at and not compares else ""
            if ahead in FACING:
                found.facing.append(token.country)
            elif ahead not in WITHIN:
                found.country(token.country)
        elif not kinds:
            found.unread += [] if SIGN.match(token.word) else [token]
        else:
            _noted(found, _named(kinds, said, extra, compares=compares), said, token, language)
            found.countries += COUNTRY.findall(said) if compares and "takes" in kinds else []
        found.open = found.open and compares
    found.unread += [] if found.rival or found.compared else found.openers
    return found


def read(
    tokens: Sequence[Token], language: Language, extra: Extra = Extra()
) -> Iterator[tuple[int, set[str], str]]:
    """Yield the words of known classes in order: where they begin, their classes, and the words."""
    line, starts = _line(tokens)
    at = 0
    while at < len(tokens):
        kinds, said = (set(), "") if tokens[at].country else _kinds(line, starts[at], language, extra)
        yield at, kinds, said
        at += max(len(said.split()), 1)


def _noted(found: Side, kinds: set[str], said: str, token: Token, language: Language) -> None:
    if "takes" not in kinds and not found.compare(kinds, token):
        found.note(kinds, said, language)


def _named(kinds: set[str], said: str, extra: Extra, *, compares: bool) -> set[str]:
    """Return the classes of words; before a predicate a subject within them counts first."""
    subject = not compares and "takes" in kinds and any_of(extra.subjects or NONE).search(said)
    return {"subjects"} if subject else kinds


def _line(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.word) + 1
    return " ".join(token.word for token in tokens), starts


def _kinds(line: str, at: int, language: Language, extra: Extra) -> tuple[set[str], str]:
    """Return the classes of the longest words of any class at a place, and these words."""
    best: set[str] = set()
    end = at
    for name, pattern in (*classes(language), *_own(extra)):
        match = pattern.match(line, at)
        if match and match.end() > at and match.end() >= end:
            best = {name} if match.end() > end else best | {name}
            end = match.end()
    return best, line[at:end]


@cache
def _own(extra: Extra) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = (("subjects", extra.subjects), ("takes", extra.takes))
    return tuple((name, any_of(phrases)) for name, phrases in found if phrases)
