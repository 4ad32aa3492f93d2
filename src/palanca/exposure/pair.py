"""One pair of countries, measured in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from palanca.catalogue import Catalogue, Country, Figure, Series, pair
from palanca.exposure import balance, concentration, customs, dependence, structure
from palanca.exposure.customs import Sector

MIRROR = "partner_"


@dataclass(frozen=True)
class Exposure:
    """How exposed `country` is to `partner`, and the other way round.

    Attributes:
        figures: by name; a name that starts with `partner_` is the same measure with the two
            countries exchanged (`partner_imports_usd`: what the partner imports from the country).
        series: paths over time under the same names.
        sectors: the partner's imports from the country by sector, largest first.
        partner_sectors: the country's imports from the partner by sector.
    """

    country: Country
    partner: Country
    as_of: date
    figures: Mapping[str, Figure]
    series: Mapping[str, Series]
    sectors: tuple[Sector, ...]
    partner_sectors: tuple[Sector, ...]

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def reverse(self) -> "Exposure":
        """Return the same exposure seen from the partner."""
        return self._reversed

    @cached_property
    def _reversed(self) -> "Exposure":
        return Exposure(
            self.partner,
            self.country,
            self.as_of,
            MappingProxyType({mirror(name): f.rename(mirror(name)) for name, f in self.figures.items()}),
            MappingProxyType({mirror(name): series for name, series in self.series.items()}),
            self.partner_sectors,
            self.sectors,
        )


def exposure(
    country: str | Country, partner: str | Country, *, catalogue: Catalogue | None = None
) -> Exposure:
    """Measure the exposure of `country` to `partner` from the tables of `catalogue`.

    What the tables do not hold is an `Unknown` with its reason, never zero.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
    """
    a, b = pair(country, partner)
    tables = catalogue or Catalogue()
    there, back = _direction(tables, a, b), _direction(tables, b, a)
    paths_there, paths_back = customs.paths(tables, a.iso3, b.iso3), customs.paths(tables, b.iso3, a.iso3)
    return Exposure(
        country=a,
        partner=b,
        as_of=tables.as_of,
        figures=MappingProxyType(_both(there, back)),
        series=MappingProxyType(
            {s.name: s for s in (*paths_there, *structure.paths(tables, a.iso3))}
            | {mirror(s.name): s for s in (*paths_back, *structure.paths(tables, b.iso3))}
        ),
        sectors=customs.sectors(tables, a.iso3, b.iso3),
        partner_sectors=customs.sectors(tables, b.iso3, a.iso3),
    )


def mirror(name: str) -> str:
    """Return the name of the same measure with the two countries exchanged."""
    return name.removeprefix(MIRROR) if name.startswith(MIRROR) else MIRROR + name


def _both(there: Iterable[Figure], back: Iterable[Figure]) -> dict[str, Figure]:
    names = {figure.name: figure for figure in there}
    return names | {mirror(figure.name): figure.rename(mirror(figure.name)) for figure in back}


def _direction(tables: Catalogue, country: Country, partner: Country) -> list[Figure]:
    a, b = country.iso3, partner.iso3
    return [
        *concentration.figures(tables, a, b),
        *dependence.figures(tables, a, b),
        *structure.figures(tables, a),
        *customs.figures(tables, a, b),
        *balance.figures(tables, a, b),
    ]
