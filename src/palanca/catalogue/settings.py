"""Defaults that a user may change on the command line."""

from pydantic import Field

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict


class Settings(Strict):
    """The pair that commands take when none is named."""

    pair: tuple[str, str]
    source: str = Field(min_length=5)


def default_pair() -> tuple[str, str]:
    """Return the pair of countries that commands take when none is named."""
    return parameters("settings", Settings).pair
