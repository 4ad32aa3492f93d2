"""Everything on file about how two countries answer each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from palanca.catalogue import Catalogue
from palanca.catalogue.countries import pair


@dataclass(frozen=True)
class Response:
    """How two countries answer each other, one field per part.

    Attributes:
        pair: ISO3 codes, as asked.
        as_of: only what was public on that day is used.
    """

    pair: tuple[str, str]
    as_of: date

    def as_dict(self) -> Mapping[str, Any]:
        """Return every part as JSON, one key per part."""
        return {"pair": list(self.pair), "as_of": self.as_of.isoformat()}


def response(country: str, partner: str, *, tables: Catalogue | None = None) -> Response:
    """Return how two countries answer each other.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
    """
    tables = tables or Catalogue()
    a, b = pair(country, partner)
    return Response((a.iso3, b.iso3), tables.as_of)
