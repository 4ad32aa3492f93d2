"""The coder: sentences in, suggestions out. Another, such as a language model, may take its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol, runtime_checkable

from palanca.catalogue.text import Language
from palanca.errors import InputError
from palanca.events.coder.documents import Document
from palanca.events.coder.model import Model
from palanca.events.coder.rules import Found, front_of, instrument_of, is_doubtful, kind_of, rules
from palanca.events.coder.sentences import Sentence, language, named_day, sentences
from palanca.events.coder.sides import sides_of
from palanca.events.coder.suggestion import Suggestion
from palanca.events.event import vocabulary


@runtime_checkable
class Coder(Protocol):
    """What proposes events from a document."""

    def suggest(self, document: Document) -> Sequence[Suggestion]:
        """Return the events that a document seems to tell of."""


@dataclass(frozen=True)
class RuleCoder:
    """The transparent coder: rules from data and, if the user trains one, a linear model.

    Attributes:
        pair: two countries by ISO3; only events between them are suggested, and a side that a sentence
            leaves out is taken for the other of the two.
        model: tells classes of sentences apart; its labels are kinds, or classes as `quads` numbers them.
    """

    pair: tuple[str, str] | None = None
    model: Model | None = None

    def suggest(self, document: Document) -> list[Suggestion]:
        """Return the events that a document seems to tell of, in the order of its sentences."""
        spoken = language(document.text)
        found = [one for part in sentences(document.text) for one in self._from(part, document, spoken)]
        return self._weighed(found)

    def _from(self, sentence: Sentence, document: Document, spoken: Language) -> Iterator[Suggestion]:
        kind = kind_of(sentence.text, spoken)
        if kind is None:
            return
        sides = sides_of(sentence.text, kind, spoken, self.pair)
        if sides is None:
            return
        actor, target, assumed = sides
        front = front_of(sentence.text)
        dated = named_day(sentence.text, document.published)
        day, precision = dated or (document.published, "day")
        yield Suggestion(
            document=document.name,
            source_url=document.url,
            date=day,
            precision=precision,
            dated_by="sentence" if dated else "document" if day else "nothing",
            actor=actor,
            target=target,
            assumed=assumed,
            kind=kind.kind,
            front=front,
            instrument=instrument_of(sentence.text),
            start=sentence.start,
            end=sentence.end,
            quote=document.text[sentence.start : sentence.end],
            score=round(_score(sentence.text, kind, actor, target, assumed, front), 3),
            rules=(kind.rule,),
            standing=kind.standing,
        )

    def _weighed(self, found: list[Suggestion]) -> list[Suggestion]:
        """Multiply scores by what the model gives to the kind, over what it gives to the likeliest."""
        if self.model is None or not found:
            return found
        told = self.model.probabilities([one.quote for one in found])
        quads = rules().quads
        weighed = []
        for one, chances in zip(found, told, strict=True):
            chance = chances.get(one.kind, chances.get(str(quads[one.kind]), 0.0))
            share = chance / max(chances.values())
            weighed.append(
                replace(one, score=round(one.score * share, 3), rules=(*one.rules, f"model {chance:.2f}"))
            )
        return weighed


def _score(
    sentence: str,
    kind: Found,
    actor: str | None,
    target: str | None,
    assumed: Sequence[str],
    front: str | None,
) -> float:
    factors = rules().score
    known = sum(side is not None for side in (actor, target)) - len(assumed)
    score = kind.weight * (factors.no_side, factors.one_side, factors.both_sides)[known]
    score *= factors.front_found if front else factors.front_missing
    score *= factors.planned if kind.standing == "planned" else 1.0
    return score * (factors.reported_doubt if kind.standing == "reported" or is_doubtful(sentence) else 1.0)


def checked(found: Sequence[Suggestion], document: Document) -> list[Suggestion]:
    """Return suggestions that hold together, whoever made them.

    Raises:
        InputError: a quote is not in the document where it is said to be, or a word is not in the
            vocabulary; every fault is listed.
    """
    words = vocabulary()
    faults = []
    for number, one in enumerate(found, 1):
        if document.text[one.start : one.end] != one.quote:
            faults.append(f"{number}: the quote is not at {one.start} to {one.end}")
        if one.kind not in words.kinds:
            faults.append(f"{number}: no kind {one.kind!r}")
        if one.front is not None and one.front not in words.fronts:
            faults.append(f"{number}: no front {one.front!r}")
        if not 0 <= one.score <= 1:
            faults.append(f"{number}: score {one.score} is not from 0 to 1")
    if faults:
        raise InputError(f"The coder's suggestions for {document.name} cannot be used:", faults)
    return list(found)


def plugged(name: str) -> Coder:
    """Return the user's own coder, for one a language model, named as `package.module:function`.

    The function is called without arguments and returns a `Coder`.

    Raises:
        InputError: it is not there, or returns something else.
    """
    module, _, function = name.partition(":")
    try:
        made = getattr(import_module(module), function)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise InputError(f"No coder at {name!r} ({error}). Name it as package.module:function.") from error
    if not isinstance(made, Coder):
        raise InputError(f"{name} does not return a coder: it needs `suggest(document)`.")
    return made
