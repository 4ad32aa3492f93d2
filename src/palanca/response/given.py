"""What setting a country beside others assumes, from `data/parameters/tariff_path.yaml`."""

import datetime as dt

from pydantic import Field

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict


class Entry(Strict):
    """Numbers of one matter, dated and with their source."""

    date: dt.date
    source: str = Field(min_length=20)


class PeerRule(Entry):
    """How many partners a peer set chosen by nearness holds."""

    count: int = Field(gt=0)


class DonorRule(Entry):
    """How many partners an act names at most for it to be their own."""

    named_at_most: int = Field(gt=0)


class EpisodeRule(Entry):
    """Which episodes a synthetic twin is made for, and over which months."""

    first_month: str = Field(pattern=r"^\d{4}-\d{2}$")
    months_after: int = Field(gt=0)
    least_before: int = Field(gt=1)
    outcomes: tuple[str, ...] = Field(min_length=1)


class SecurityRule(Entry):
    """What part of a sector's imports a national-security tariff covers at least for it to count."""

    covered_pct: float = Field(gt=0, le=100)


class Path(Strict):
    """Everything assumed about tariff paths."""

    peers: PeerRule
    donors: DonorRule
    episode: EpisodeRule
    security: SecurityRule


def path() -> Path:
    """Return what is assumed about tariff paths."""
    return parameters("tariff_path", Path)
