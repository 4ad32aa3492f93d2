"""What every section is given, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from palanca.brief.claims import Claim, Dropped, Filling, Item, Kind, Teller
from palanca.brief.figures import Chart
from palanca.catalogue import Catalogue, Country, Figure, Text
from palanca.catalogue.figure import combine
from palanca.catalogue.sources import Confidence
from palanca.events import Front, fronts
from palanca.events.event import Event
from palanca.exposure import Exposure, exposure
from palanca.posture.states import require_present

MONTHS = 12


@dataclass(frozen=True)
class Case:
    """Everything measured about one pair on one day.

    Attributes:
        aged: periods whose age has been told in the section.
    """

    exposure: Exposure
    fronts: tuple[Front, ...]
    tables: Catalogue
    aged: frozenset[str] = frozenset()

    @property
    def a(self) -> Country:
        """The country the brief is about."""
        return self.exposure.country

    @property
    def b(self) -> Country:
        """Its partner."""
        return self.exposure.partner

    def reverse(self) -> "Case":
        """Return the same case seen from the partner."""
        return replace(self, exposure=self.exposure.reverse())

    def tell(
        self,
        key: str,
        fillings: Mapping[str, Filling],
        *,
        kind: Kind = "fact",
        about: str = "",
        extra: tuple[str, ...] = (),
        confidence: Confidence | None = None,
    ) -> Item:
        """Return the claim of template `key` on this pair; `a` and `b` are filled in."""
        teller = Teller(self.tables, (self.a.iso3, self.b.iso3), self.aged)
        filled = {"a": self.a, "b": self.b, **fillings}
        return teller.claim(key, filled, kind=kind, about=about, extra=extra, confidence=confidence)


@dataclass(frozen=True)
class Paragraph:
    """Items of a card that belong together, under a word."""

    head: Text | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Card:
    """One thing of a section with its own head, paragraphs and charts.

    Attributes:
        folded: paragraphs for those who ask for more, under a head of their own.
        links: title and address of what it is documented in.
    """

    id: str
    title: Text
    paragraphs: tuple[Paragraph, ...]
    charts: tuple[Chart, ...] = ()
    folded: tuple[Paragraph, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything that it says."""
        return tuple(item for part in (*self.paragraphs, *self.folded) for item in part.items)


@dataclass(frozen=True)
class Section:
    """A part of the brief.

    Attributes:
        items, charts: all of them, those of the cards included.
        notes: caveats that go with the claims; they hold no numbers.
        cards: where some of the items and charts are shown.
        acts: events of the ledger that the section lists, with their sources.
        head: key of its heading among the words of the page, where that is not its id.
    """

    id: str
    items: tuple[Item, ...]
    charts: tuple[Chart, ...] = ()
    notes: tuple[Text, ...] = ()
    cards: tuple[Card, ...] = ()
    acts: tuple[Event, ...] = ()
    head: str = ""

    @property
    def found(self) -> bool:
        """Whether it has anything to show; one that has not is left out of the page."""
        return bool(self.claims or self.charts or self.acts)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What can be said."""
        return tuple(item for item in self.items if isinstance(item, Claim))

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What cannot, with reasons."""
        return tuple(item for item in self.items if isinstance(item, Dropped))


def case(country: str | Country, partner: str | Country, *, catalogue: Catalogue | None = None) -> Case:
    """Measure everything the sections need about a pair.

    Raises:
        UnknownCountry: no country of that name, or none that exists today.
    """
    require_present(str(country), str(partner))
    tables = catalogue or Catalogue()
    return Case(
        exposure=exposure(country, partner, catalogue=tables),
        fronts=tuple(fronts(country, partner, catalogue=tables)),
        tables=tables,
    )


def difference(name: str, high: Figure, low: Figure, unit: str = "percentage_points") -> Figure:
    """Return `high` less `low`."""
    return combine(name, unit, lambda x, y: x - y, high, low, method="brief.difference")


def ratio(name: str, whole: Figure, part: Figure) -> Figure:
    """Return how many times `part` goes into `whole`."""
    return combine(name, "ratio", lambda x, y: x / y, whole, part, method="brief.ratio")


def portion(name: str, part: Figure, whole: Figure) -> Figure:
    """Return `part` in percent of `whole`."""
    return combine(name, "percent", lambda x, y: 100 * x / y, part, whole, method="brief.portion")


def second_source(case: Case, name: str) -> Figure:
    """Return how far the second source of a share is from the first, in percent of the first."""
    parts = (case.exposure[f"{name}_pct"], case.exposure[f"{name}_rounded_pct"])
    return combine(
        "spread", "percent", lambda x, y: 100 * abs(x - y) / x, *parts, method="brief.second_source"
    )


def window(figure: Figure, months: int = MONTHS) -> Figure:
    """Return the length of the window that a figure covers, resting on the same rows."""
    return replace(
        figure,
        name="window",
        value=float(months),
        unit="months",
        method="brief.window",
        among=None,
        past=None,
    )
