"""Words for what a check gives: verdicts, units, heads and names of values, in the language of the text."""

from pydantic import RootModel

from palanca.brief.check.entries import entries
from palanca.brief.check.statement import BEFORE, OTHERS, Statement
from palanca.catalogue import Text, countries
from palanca.catalogue.parameters import read
from palanca.catalogue.sources import tables
from palanca.catalogue.text import Language
from palanca.events.event import vocabulary

ON, RIVAL, FIGURE, PERIOD = "on_", "rival_", "figure_", "period_"


class Words(RootModel[dict[str, Text]]):
    """Words by key, `data/statements/page.yaml` and `data/statements/values.yaml`."""


def told(language: Language) -> dict[str, str]:
    """Return the words of heads, verdicts, levels and units by key."""
    return {key: one[language] for key, one in read("statements/page.yaml", Words).root.items()}


def value_name(name: str, language: Language) -> str:
    """Return the words for a value of a test."""
    known = read("statements/values.yaml", Words).root
    if name.startswith(RIVAL):
        return f"{known[RIVAL][language]}{value_name(name.removeprefix(RIVAL), language)}"
    if name.startswith(FIGURE):
        return f"{known[FIGURE][language]} {_table(name.removeprefix(FIGURE))[language]}"
    if name.startswith(PERIOD):
        return f"{known[PERIOD][language]} {_table(name.removeprefix(PERIOD))[language]}"
    front = vocabulary().fronts.get(name.removeprefix(ON)) if name.startswith(ON) else None
    return f"{known[ON][language]} {front.title[language]}" if front else known[name][language]


def _table(name: str) -> Text:
    return tables()[name].tables[name].title


def parts(said: Statement, language: Language) -> list[str]:
    """Return what was understood of a statement in words, for a reader: who, what, beside whom, when, how."""
    words, known = told(language), entries()
    if said.predicate is None:
        return []
    found = [_country(said.subject, language) or "…", known[said.predicate].title[language]]
    found += [_country(code, language) for code in (*said.named, *_compared(said))]
    if said.comparator in (OTHERS, BEFORE):
        found.append(words[f"beside_{said.comparator}"])
    found += [said.amount.words] if said.amount else []
    found += [said.period.words] if said.period else []
    found += [*said.about, *said.names, *said.unread]
    found += [words[f"degree_{said.degree}"]] if said.degree else []
    found += [] if said.holds else [words["denied_by_text"]]
    found += [words[said.modality.replace(" ", "_")]] if said.modality != "asserted" else []
    return [*found, words["others_say"]] if said.speaker == "others" else found


def _compared(said: Statement) -> tuple[str, ...]:
    return (said.comparator,) if said.comparator and said.comparator not in (OTHERS, BEFORE) else ()


def _country(code: str | None, language: Language) -> str:
    return countries()[code].name[language] if code else ""


def understood(said: Statement) -> dict[str, str | list[str] | None]:
    """Return what was understood of a statement, for JSON."""
    return {
        "subject": said.subject,
        "predicate": said.predicate,
        "object": said.object if said.predicate else None,
        "also": list(said.named),
        "compared_with": said.comparator,
        "amount": said.amount.words if said.amount else None,
        "period": said.period.words if said.period else None,
        "on": list(said.about),
        "names": list(said.names),
        "degree": said.degree,
        "polarity": "affirmed" if said.holds else "denied",
        "modality": said.modality,
        "speaker": said.speaker,
        "unread": list(said.unread),
    }
