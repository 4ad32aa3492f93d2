"""What a text states, as a noun: who, what, of whom, when, how surely, and by whom it is said."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from palanca.brief.check.amounts import Amount
from palanca.brief.check.periods import Period
from palanca.brief.check.quantities import Asked
from palanca.brief.check.text import Span

if TYPE_CHECKING:
    from palanca.brief.check.deeds import Deed

Speaker = Literal["author", "others"]
OTHERS, BEFORE = "others", "before"  # comparators that are no country


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a text, as it was understood.

    Attributes:
        predicate: name in the catalogue; none where it has no entry for the words.
        span: where the text makes it.
        subject: the country it is about, ISO3; none where the words name none that a table knows.
        object: the country it is set beside.
        named: other countries among the objects.
        comparator: ISO3 of the country it is compared with, or `others`, or `before`.
        amount: the share told.
        times: how many times the other it is told to be.
        period: when.
        about: matters and means it is limited to, by their names in the ledger's vocabulary.
        names: proper names that limit it.
        degree: always, nearly, mostly, rarely, barely, ever or repeatedly; ever is what "never" denies.
        affirmed: whether the words are stated or denied.
        contrary: whether the words are those of the contrary of the predicate.
        modality: `asserted`, or how else it is put.
        speaker: the author, or others whose words are given.
        lost: why no country can be made out of its subject.
        place: the rank told.
        asked: the figure told, where it is one of those that texts tell in any form.
        unread: words that limit it in a way no test can use.
        deed: the single act it tells of, where it does.
    """

    predicate: str | None
    span: Span
    subject: str | None = None
    object: str | None = None
    named: tuple[str, ...] = ()
    comparator: str | None = None
    amount: Amount | None = None
    times: Amount | None = None
    period: Period | None = None
    about: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    degree: str | None = None
    affirmed: bool = True
    contrary: bool = False
    modality: str = "asserted"
    speaker: Speaker = "author"
    lost: str | None = None
    place: int = 1
    asked: Asked | None = None
    unread: tuple[str, ...] = ()
    deed: "Deed | None" = None

    @property
    def holds(self) -> bool:
        """Whether it states the predicate, or denies it."""
        return self.affirmed != self.contrary

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts beyond subject, predicate and object that a test must be able to take."""
        found = []
        if self.period:
            found.append("period")
        if self.comparator:
            found.append(self.comparator if self.comparator in (OTHERS, BEFORE) else "rival")
        if self.amount:
            found.append("amount")
        found += ["times"] if self.times else []
        found += ["about"] if self.about else []
        found += ["names"] if self.names else []
        return (*found, *((self.degree,) if self.degree else ()))
