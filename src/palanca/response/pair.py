"""Everything on file about how two countries answer each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from palanca.catalogue import Catalogue
from palanca.catalogue.countries import pair
from palanca.response.path_records import Beside, beside


@dataclass(frozen=True)
class Response:
    """How two countries answer each other, one field per part.

    Attributes:
        pair: ISO3 codes, as asked.
        as_of: only what was public on that day is used.
        beside: how the first fared beside the other partners of the second.
    """

    pair: tuple[str, str]
    as_of: date
    beside: Beside

    def as_dict(self) -> Mapping[str, Any]:
        """Return every part as JSON, one key per part."""
        return {"pair": list(self.pair), "as_of": self.as_of.isoformat(), **self.beside.as_dict()}


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
    a, b = pair(country, partner)
    found = beside(tables, a.iso3, b.iso3, since=since, episodes=episodes)
    return Response((a.iso3, b.iso3), tables.as_of, found)
