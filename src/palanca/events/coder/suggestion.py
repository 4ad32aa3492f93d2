"""An event proposed from a sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from palanca.events.coder.clauses import Standing


@dataclass(frozen=True)
class Suggestion:
    """An event that a sentence seems to tell of. Fields are those of a ledger's `Event`.

    Attributes:
        document: name of the document; `source_url` its address, if it has one.
        actor, target: ISO3, or None where the sentence does not say.
        assumed: fields that are not in the sentence but follow from the pair asked about.
        front, instrument: None where no rule finds one.
        dated_by: whether the sentence or the document gives the date.
        start, end: where the quote stands in the text of the document, in characters.
        standing: whether the sentence tells of the act as done, or only as planned or reported.
        score: from 0 to 1; how sure the coder is. It orders suggestions and is no probability.
        rules: what made the suggestion, for the analyst to judge.
    """

    document: str
    source_url: str
    date: date | None
    precision: Literal["day", "month", "year"]
    dated_by: Literal["sentence", "document", "nothing"]
    actor: str | None
    target: str | None
    assumed: tuple[str, ...]
    kind: str
    front: str | None
    instrument: str | None
    start: int
    end: int
    quote: str
    score: float
    rules: tuple[str, ...]
    standing: Standing = "done"
