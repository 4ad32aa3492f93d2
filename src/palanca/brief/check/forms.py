"""Verbs by lemma: every form of each that a statement on the past or the present may use."""

import re
from collections.abc import Iterable
from functools import cache

from pydantic import RootModel

from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language

CONSONANT = re.compile(r"[^aeiou]y$")
ENDINGS = {
    "ar": ("a", "an", "o", "aron", "aba", "aban", "ado", "ada", "ados", "adas", "ando", "ar", "e", "en"),
    "er": ("e", "en", "io", "ieron", "ia", "ian", "ido", "ida", "idos", "idas", "iendo", "er", "a", "an"),
    "ir": ("e", "en", "io", "ieron", "ia", "ian", "ido", "ida", "idos", "idas", "iendo", "ir", "a", "an"),
}
CLITICS = ("le", "les", "lo", "la", "los", "las")  # behind an infinitive
GERUNDS = {"ar": "andose", "er": "iendose", "ir": "iendose"}
DONE = ("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas")


class Lemmas(RootModel[dict[str, dict[Language, tuple[str, ...]]]]):
    """Verbs of one meaning by name, `data/statements/lemmas.yaml`."""


@cache
def lemmas() -> dict[str, dict[Language, tuple[str, ...]]]:
    """Return the verbs of each meaning by language."""
    return read("statements/lemmas.yaml", Lemmas).root


@cache
def spelled(name: str, language: Language) -> str | None:
    """Return a pattern of all forms of the verbs of a meaning, or of their participles alone: `impose.done`.

    None where no meaning has that name.
    """
    of, _, form = name.partition(".")
    if of not in lemmas():
        return None
    whole = english if language == "en" else spanish
    found: dict[str, set[str]] = {}
    for verb in lemmas()[of][language]:
        _, _, rest = verb.removeprefix("se ").partition(" ")
        found.setdefault(rest, set()).update(whole(verb, done=form == "done"))
    longest = sorted(found.items(), key=lambda one: (-len(one[0]), one[0]))
    return f"(?:{'|'.join(_any(forms, rest) for rest, forms in longest)})"


def _any(forms: Iterable[str], rest: str) -> str:
    """Return a pattern of the forms of verbs that share the words behind them."""
    bare = sorted(forms, key=lambda one: (-len(one), one))
    return f"(?:{'|'.join(bare)})" + (f" {rest}" if rest else "")


def english(verb: str, *, done: bool = False) -> tuple[str, ...]:
    """Return the forms of an English verb without the words behind it; irregular ones stand after a slash.

    `take/took/taken back` is an example.

    Args:
        done: only the participle.
    """
    base, *odd = verb.partition(" ")[0].split("/")
    past = odd or [_past(base)]
    return (past[-1],) if done else (base, _third(base), *past, _gerund(base))


def _third(base: str) -> str:
    if CONSONANT.search(base):
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{base}s"


def _past(base: str) -> str:
    if CONSONANT.search(base):
        return f"{base[:-1]}ied"
    return f"{base}d" if base.endswith("e") else f"{_doubled(base)}ed"


def _gerund(base: str) -> str:
    if base.endswith("e") and not base.endswith(("ee", "oe")):
        return f"{base[:-1]}ing"
    return f"{_doubled(base)}ing"


def _doubled(base: str) -> str:
    """Return a stem with its last letter doubled where one short syllable asks for it."""
    short = re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", base)
    return f"{base}{base[-1]}" if short else base


def spanish(verb: str, *, done: bool = False) -> tuple[str, ...]:
    """Return the forms of a Spanish verb in the third person, without the words behind it.

    Irregular ones stand after slashes. A verb with "se" before it keeps it before every finite form. What
    is ahead or in doubt is left out, as the endings of `words.yaml` tell it.
    """
    base, *odd = verb.removeprefix("se ").partition(" ")[0].split("/")
    stem, ending = base[:-2], base[-2:]
    forms = [f"{stem}{one}" for one in ENDINGS[ending]]
    participles = [f"{stem}{one}" for one in ENDINGS[ending] if one in DONE]
    told = [one for one in odd if one.endswith(("ado", "ido", "to", "cho"))]
    participles += [f"{one[:-1]}{end}" for one in told for end in ("o", "a", "os", "as")]
    found = participles if done else [*forms, *odd, *participles]
    reflexive = verb.startswith("se ")
    behind = (f"{base}se", f"{stem}{GERUNDS[ending]}") if reflexive else [f"{base}{one}" for one in CLITICS]
    before = ("se ", "se ha ", "se han ", "se fue ", "se va ") if reflexive and not done else ("",)
    told = [f"{lead}{one}" for lead in before for one in dict.fromkeys(found)]
    return (*told, *(() if done else behind))


@cache
def alike_es() -> frozenset[str]:
    """Return the past forms of Spanish verbs which without their accent are nouns: mando, envio, traslado."""
    verbs = {verb.partition(" ")[0].partition("/")[0] for held in lemmas().values() for verb in held["es"]}
    return frozenset(f"{verb[:-2]}o" for verb in verbs if verb.endswith("ar"))
