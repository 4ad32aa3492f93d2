"""Words of the two languages that reading a text rests on, compiled once."""

import re
from functools import cache

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

Phrases = tuple[str, ...]
ByLanguage = dict[str, Phrases]


class Words(Strict):
    """Words that tell a language, and words that a reading of sentences rests on."""

    least_share: float
    least_words: int
    common: ByLanguage
    common_names: Phrases
    goods: dict[str, str]
    joins: ByLanguage
    begins: ByLanguage
    joins_before_a_verb: ByLanguage
    verb_first: ByLanguage
    participles: ByLanguage
    denies: ByLanguage
    doubled: ByLanguage
    idle: ByLanguage
    degrees: dict[str, ByLanguage]
    modalities: dict[str, ByLanguage]
    implies: ByLanguage
    auxiliaries: ByLanguage
    waiting: ByLanguage
    adverbs: ByLanguage
    determiners: ByLanguage
    pronouns: ByLanguage
    anew: ByLanguage
    both: ByLanguage
    heads: ByLanguage
    partner: ByLanguage
    others: ByLanguage
    than: ByLanguage
    before: ByLanguage
    harmless: ByLanguage
    reports: ByLanguage
    turns: ByLanguage
    falsehood: ByLanguage
    contrasts: ByLanguage
    exceptions: ByLanguage
    dated_noun: ByLanguage
    purpose: ByLanguage
    future: ByLanguage
    would: ByLanguage
    not_would: ByLanguage
    months: dict[str, dict[str, int]]
    spans: dict[str, ByLanguage]
    about: dict[str, ByLanguage]


def words() -> Words:
    """Return the words that reading rests on, `data/statements/words.yaml`."""
    return read("statements/words.yaml", Words)


@cache
def common_names() -> frozenset[str]:
    """Return names of agencies that patterns read as common words."""
    return frozenset(words().common_names)


@cache
def any_of(alternatives: Phrases) -> re.Pattern[str]:
    """Return a pattern of whole words: any of the alternatives, the longest first."""
    joined = "|".join(sorted(alternatives, key=len, reverse=True))
    return re.compile(rf"(?<!\S)(?:{joined})(?!\S)")


@cache
def classes(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what finds a word of each class at a place: degrees and modalities by name among them."""
    known = words()
    plain = (
        "denies",
        "implies",
        "auxiliaries",
        "determiners",
        "pronouns",
        "anew",
        "heads",
        "both",
        "partner",
    )
    more = ("others", "than", "before", "harmless", "idle")
    found = [(name, getattr(known, name).get(language, ())) for name in (*plain, *more)]
    for kind, held in (("degree", known.degrees), ("modality", known.modalities), ("about", known.about)):
        found += [(f"{kind}:{name}", phrases.get(language, ())) for name, phrases in held.items()]
    return tuple((name, any_of(phrases)) for name, phrases in found if phrases)
