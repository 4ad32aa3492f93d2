"""What the effects of a measure rest on, in one hash: a change of either makes them stale."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from pydantic import Field

from palanca.catalogue import codes, countries
from palanca.catalogue.parameters import mark, parameters
from palanca.catalogue.snapshot import fingerprint
from palanca.catalogue.text import Strict
from palanca.trade.measure import Measure

GROUND = (
    *("world_flows", "world_inputs", "world_tariffs", "trade_elasticities", "product_imports"),
    *(
        "preference_use",
        "preference_use_by_chapter",
        "statutory_tariffs",
        "factbook_exposure",
        "published_estimates",
    ),
)

CHOSEN = ("court", "elasticities", "elasticity_ranges", "uncertainty")
LABELS = ("groups", "naics_sectors", "sector_members")  # whole; of sectors and countries, which there are


class Choices(Strict):
    """Which measures a brief simulates, and how their effects are computed.

    Attributes:
        cards: measures shown, at most.
        order: classes of measures, those shown first before the others, and how many of each at most.
        supposed_rate: percent on all goods, where no measure is on file.
        draws: of the elasticities, for the tables.
        draws_here: the same for a measure that is solved while the brief is made.
        lower, upper: quantiles of the draws; `level` is the percent of draws between them.
        sectors: shown in a chart.
    """

    cards: int = Field(gt=0)
    order: dict[str, int] = Field(min_length=1)
    supposed_rate: float = Field(gt=0)
    draws: int = Field(gt=0)
    draws_here: int = Field(ge=0)
    seed: int
    lower: float
    upper: float
    level: float
    sectors: int
    date: date
    source: str = Field(min_length=10)


def choices() -> Choices:
    """Return the choices on file."""
    return parameters("simulated", Choices)


def of_effects(measure: Measure, base: Sequence[Measure] = ()) -> str:
    """Return the hash of all that the effects of a measure follow from: who does what, on top of what."""
    acts = [one.model_dump(mode="json", include={"sender", "clauses"}) for one in (measure, *base)]
    text = json.dumps(acts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def of_ground() -> str:
    """Return the hash of all tables, parameters and codes that the effects of measures rest on."""
    return of(GROUND, CHOSEN, str(choices().seed))


def of(tables: Sequence[str], topics: Sequence[str], *others: str) -> str:
    """Return the hash of tables, of parameters, of what codes of sectors and countries mean, and of others.

    Args:
        tables: by name, as they are read.
        topics: of parameters.
        others: what else results rest on.
    """
    marks = [*map(fingerprint, tables), *map(mark, topics), *map(codes.mark, LABELS)]
    known = [*codes.sectors(), *sorted(countries())]
    return hashlib.sha256(" ".join([*marks, *known, *others]).encode()).hexdigest()
