"""Collect: what is known, where it comes from, and what is not known."""

from palanca.catalogue.countries import Country, countries, country, pair
from palanca.catalogue.figure import Evidence, Figure, Series, Standing
from palanca.catalogue.origin import Origin, Table
from palanca.catalogue.snapshot import Catalogue, table
from palanca.catalogue.text import Text
from palanca.catalogue.unknown import Unknown

__all__ = [
    "Catalogue",
    "Country",
    "Evidence",
    "Figure",
    "Origin",
    "Series",
    "Standing",
    "Table",
    "Text",
    "Unknown",
    "countries",
    "country",
    "pair",
    "table",
]
