"""Duty collected by one importer, by month and partner, as arrays."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import Table, Unknown, countries
from palanca.catalogue.text import LANGUAGES
from palanca.catalogue.unknown import unknown
from palanca.exposure.customs import ALL, GROUPS

Array = NDArray[np.float64]
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Panel:
    """What customs recorded; T months, N partners.

    Attributes:
        months: ISO, oldest first.
        partners: codes, groups of countries left out.
        imports: (T, N), USD; not a number where nothing was recorded.
        duty: (T, N), USD.
    """

    importer: str
    months: tuple[str, ...]
    partners: tuple[str, ...]
    imports: Array
    duty: Array

    @cached_property
    def rates(self) -> Array:
        """Duty over imports, (T, N), percent; not a number without imports."""
        return percent(self.duty, self.imports)

    def path(self, partner: str) -> Array:
        """Return the rate of one partner, (T,), percent."""
        return np.asarray(self.rates[:, self.partners.index(partner)])


@cache
def panel(table: Table, importer: str) -> Panel:
    """Return what an importer's customs recorded of all products, by month and partner."""
    rows = table.rows(importer=importer, sector=ALL).filter(~pl.col("partner").is_in(GROUPS))
    months, partners = (tuple(rows[name].unique().sort()) for name in ("month", "partner"))
    imports, duty = (_wide(rows, months, partners, name) for name in ("imports_usd", "duty_usd"))
    return Panel(importer, months, partners, imports, duty)


def _wide(rows: pl.DataFrame, months: tuple[str, ...], partners: tuple[str, ...], value: str) -> Array:
    found = np.full((len(months), len(partners)), np.nan)
    if rows.height:
        places = [
            rows[name].cast(pl.Enum(list(labels))).to_physical().to_numpy()
            for name, labels in (("month", months), ("partner", partners))
        ]
        found[tuple(places)] = rows[value].to_numpy()
    return found


def not_on_file(table: Table, country: str, importer: str) -> Unknown:
    """Return why a table of an importer's partners says nothing of a seller."""
    known = [countries()[code].name for code in _importers(table)]
    if importer in _importers(table):
        return table.missing(importer=importer, partner=country)
    asked = countries()[importer].name
    listed = {language: ", ".join(one[language] for one in known) for language in LANGUAGES}
    return unknown(
        f"{table.title.en}: the importers on file are: {listed['en']}; {asked.en} is not one",
        f"{table.title.es}: los importadores en archivo son: {listed['es']}; {asked.es} no es uno de ellos",
    )


@cache
def _importers(table: Table) -> tuple[str, ...]:
    return tuple(table.frame["importer"].unique().sort())


def percent(part: Array, whole: Array) -> Array:
    """Return part over whole in percent; not a number where the whole is zero or missing."""
    found = np.full(part.shape, np.nan)
    np.divide(PERCENT * part, whole, out=found, where=whole > 0)
    return found
