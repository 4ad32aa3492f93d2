"""Everything on file about how two countries answer each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.countries import pair
from palanca.events import record
from palanca.response import timing, yields
from palanca.response.path_records import Beside, beside
from palanca.response.reactivity import Links, aimed, links
from palanca.response.yields import Case, Contrast, Yield


@dataclass(frozen=True)
class Side:
    """How one country answers the pressure of the other.

    Attributes:
        links: by the links of the ledger; none where it holds no act of either towards the other.
        timing: by the days of its acts, every variant.
        cases: every episode of pressure on it, and what followed; `yields` how often, by answer.
        contrast: the other's tariff on it and on the partner most like it.
    """

    links: Links | None
    timing: tuple[timing.Timing, ...]
    cases: tuple[Case, ...]
    yields: tuple[Yield, ...]
    contrast: Contrast | Unknown

    def as_dict(self) -> Mapping[str, Any]:
        """Return it as JSON."""
        told = self.contrast
        return {
            "links": self.links.as_dict() if self.links else None,
            "timing": [one.as_dict() for one in self.timing],
            "yields": [one.as_dict() for one in self.yields],
            "cases": [one.as_dict() for one in self.cases],
            "contrast": {"reason": told.reason.en} if isinstance(told, Unknown) else told.as_dict(),
        }


@dataclass(frozen=True)
class Response:
    """How two countries answer each other, one field per part.

    Attributes:
        pair: ISO3 codes, as asked.
        as_of: only what was public on that day is used.
        sides: each country as the one that answers, by ISO3.
        beside: how the first fared beside the other partners of the second.
    """

    pair: tuple[str, str]
    as_of: date
    sides: Mapping[str, Side]
    beside: Beside

    def as_dict(self) -> Mapping[str, Any]:
        """Return every part as JSON, one key per part."""
        return {
            "pair": list(self.pair),
            "as_of": self.as_of.isoformat(),
            "answers": {name: side.as_dict() for name, side in self.sides.items()},
            **self.beside.as_dict(),
        }


def response(
    country: str,
    partner: str,
    *,
    tables: Catalogue | None = None,
    since: date | None = None,
    episodes: Iterable[str] = (),
) -> Response:
    """Return how two countries answer each other.

    Args:
        tables: those of some day.
        since: from when changes of structure are told.
        episodes: months, ISO, from which a synthetic twin is compared; those of the ledger, if none.

    Raises:
        InputError: an episode lies where no twin can be fitted or compared.
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
    """
    tables = tables or Catalogue()
    a, b = (one.iso3 for one in pair(country, partner))
    events = record.between(tables, a, b)
    sides = {}
    for one, other in ((a, b), (b, a)):
        seen = tuple(yields.cases(events, one, other))
        sides[one] = Side(
            links(events, one, other) if aimed(events, one, other) or aimed(events, other, one) else None,
            tuple(timing.timing(events, one, other, name) for name in timing.VARIANTS),
            seen,
            tuple(yields.yields(seen)),
            yields.contrast(tables, one, other),
        )
    told = beside(tables, a, b, since=since, episodes=episodes)
    return Response((a, b), tables.as_of, sides, told)
