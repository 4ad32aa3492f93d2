"""Verbs by lemma: every form of each that a statement on the past or the present may use."""

import re
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
    found = {one for verb in lemmas()[of][language] for one in whole(verb, done=form == "done")}
    return f"(?:{'|'.join(sorted(found, key=lambda one: (-len(one), one)))})"


def english(verb: str, *, done: bool = False) -> tuple[str, ...]:
    """Return the forms of an English verb; irregular ones stand after a slash: `take/took/taken back`.

    Args:
        done: only the participle.
    """
    head, _, rest = verb.partition(" ")
    base, *odd = head.split("/")
    past = odd or [_past(base)]
    found = [past[-1]] if done else [base, _third(base), *past, _gerund(base)]
    return tuple(f"{one} {rest}".strip() for one in found)


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
    """Return the forms of a Spanish verb in the third person; irregular ones stand after slashes.

    A verb with "se" before it keeps it before every finite form. What is ahead or in doubt is left out, as
    the endings of `words.yaml` tell it.
    """
    head, _, rest = verb.removeprefix("se ").partition(" ")
    base, *odd = head.split("/")
    stem, ending = base[:-2], base[-2:]
    forms = [f"{stem}{one}" for one in ENDINGS[ending]]
    participles = [f"{stem}{one}" for one in ENDINGS[ending] if one in DONE]
    told = [one for one in odd if one.endswith(("ado", "ido", "to", "cho"))]
    participles += [f"{one[:-1]}{end}" for one in told for end in ("o", "a", "os", "as")]
    found = participles if done else [*forms, *odd, *participles]
    before = ("se ", "se ha ", "se han ") if verb.startswith("se ") and not done else ("",)
    return tuple(f"{lead}{one} {rest}".strip() for lead in before for one in dict.fromkeys(found))
