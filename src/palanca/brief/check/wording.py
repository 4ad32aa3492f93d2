"""Words for what a check gives: verdicts, units, heads and names of values, in the language of the text."""

from pydantic import RootModel

from palanca.catalogue import Text
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language
from palanca.events.event import vocabulary

ON = "on_"


class Words(RootModel[dict[str, Text]]):
    """Words by key, `data/statements/page.yaml` and `data/statements/values.yaml`."""


def told(language: Language) -> dict[str, str]:
    """Return the words of heads, verdicts, levels and units by key."""
    return {key: one[language] for key, one in read("statements/page.yaml", Words).root.items()}


def value_name(name: str, language: Language) -> str:
    """Return the words for a value of a test."""
    known = read("statements/values.yaml", Words).root
    front = vocabulary().fronts.get(name.removeprefix(ON)) if name.startswith(ON) else None
    return f"{known[ON][language]} {front.title[language]}" if front else known[name][language]
