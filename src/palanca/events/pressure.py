"""An index of pressure per front and day: weighted acts that fade, against the density of sources.

Raw counts follow how many sources were read in a year, so the weighted sum is divided by the number of
entries in the year before. 100 is the average of the pair's own record; the index compares days, not pairs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.crosswalk import code_of
from palanca.events.event import Event

Array = npt.NDArray[np.float64]
WORDS = ("demand", "threat")
TOTAL = "all"
MEAN = 100.0


class Settings(Strict):
    """Weights and half-lives, `data/parameters/pressure.yaml`."""

    version: int
    date: date
    half_life_days: int
    half_lives_tried: tuple[int, ...]
    scheme: str
    schemes_tried: tuple[str, ...]
    other_front_share: float
    window_days: int
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Path:
    """The index of one front, one value a day.

    Attributes:
        words: the part of demands and threats; `acts` that of measures, escalations and incidents.
        low, high: least and most over all weights and half-lives tried.
    """

    words: Array
    acts: Array
    low: Array
    high: Array

    @property
    def level(self) -> Array:
        """Words and acts together."""
        return self.words + self.acts


@dataclass(frozen=True)
class Pressure:
    """The index of one country's pressure on another.

    Attributes:
        start: first day; a year after the first entry, when the density of sources is known.
        paths: by front, and `all`.
        density: entries of the pair in the year before each day.
    """

    start: date
    paths: Mapping[str, Path]
    density: Array

    def months(self, front: str = TOTAL) -> dict[str, float]:
        """Return the mean of each month by ISO month."""
        return self._by_month(self.paths[front].level)

    def _by_month(self, values: Array) -> dict[str, float]:
        found: dict[str, list[float]] = {}
        for place, value in enumerate(values):
            found.setdefault((self.start + timedelta(place)).isoformat()[:7], []).append(float(value))
        return {month: sum(part) / len(part) for month, part in found.items()}


@dataclass(frozen=True)
class Agreement:
    """How two monthly series go together; nothing was tuned to make them.

    Attributes:
        pearson, spearman: correlations of levels and of ranks.
        n: months both have.
    """

    pearson: float
    spearman: float
    n: int


def settings() -> Settings:
    """Return weights and half-lives."""
    return parameters("pressure", Settings)


def pressure(events: Sequence[Event], actor: str, target: str, *, until: date) -> Pressure | None:
    """Return the index of `actor`'s pressure on `target` to a day; none where the record is too short.

    Args:
        events: of the pair, as `Ledger.between` gives them.
    """
    told = settings()
    acts = [e for e in events if e.group == "pressure" and (e.actor, e.target) == (actor, target)]
    known = [event for event in events if event.date <= until]
    if not acts or not known:
        return None
    first = min(event.date for event in known)
    days = (until - first).days + 1
    if days <= told.window_days:
        return None
    density = _density(known, first, days)
    names = (TOTAL, *sorted({front for event in acts for front in event.fronts}))
    base = _variant(acts, names, first, density, (told.scheme, told.half_life_days))
    tried = [
        _variant(acts, names, first, density, pair)
        for pair in product(told.schemes_tried, told.half_lives_tried)
    ]
    paths = {name: _path(base[name], [one[name].sum(axis=0) for one in tried]) for name in names}
    return Pressure(first + timedelta(told.window_days), paths, density[told.window_days :])


def _density(events: Iterable[Event], first: date, days: int) -> Array:
    """Return the number of entries in the window that ends on each day."""
    daily = np.zeros(days)
    for event in events:
        daily[(event.date - first).days] += 1
    total = np.cumsum(daily)
    before = np.concatenate([np.zeros(settings().window_days), total])[:days]
    return np.asarray(total - before, dtype=np.float64)


def _variant(
    acts: Sequence[Event], names: Sequence[str], first: date, density: Array, choice: tuple[str, int]
) -> dict[str, Array]:
    """Return words and acts by front for one choice of weights and half-life, scaled to a mean of 100."""
    scheme, half_life = choice
    place = {name: at for at, name in enumerate(names)}
    impulses = np.zeros((density.size, len(names), 2))
    for event in acts:
        day, row = (event.date - first).days, 0 if event.kind in WORDS else 1
        if day < density.size:
            for name, share in _fronts(event):
                impulses[day, place[name], row] += share * _weight(event, scheme)
    window = settings().window_days
    relative = _faded(impulses, half_life)[window:] / np.maximum(density[window:], 1.0)[:, None, None]
    mean = relative[:, place[TOTAL]].sum(axis=1).mean()
    return {name: MEAN * relative[:, at].T / (mean or 1.0) for name, at in place.items()}


def _faded(impulses: Array, half_life: int) -> Array:
    """Return what is left on each day of everything up to it; half is gone after the half-life."""
    fade, left = 0.5 ** (1 / half_life), np.zeros_like(impulses)
    left[0] = impulses[0]
    for day in range(1, len(impulses)):
        left[day] = fade * left[day - 1] + impulses[day]
    return left


def _fronts(event: Event) -> list[tuple[str, float]]:
    others = [(name, settings().other_front_share) for name in event.other_fronts]
    return [(TOTAL, 1.0), (event.front, 1.0), *others]


def _weight(event: Event, scheme: str) -> float:
    if scheme == "goldstein":
        return abs(code_of(event).goldstein)
    if scheme == "acts_double":
        return 1.0 if event.kind in WORDS else 2.0
    return 1.0


def _path(base: Array, tried: Sequence[Array]) -> Path:
    band = np.array(tried)
    return Path(base[0], base[1], band.min(axis=0), band.max(axis=0))


def agreement(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Agreement:
    """Return how two monthly series go together over the months both have."""
    months = sorted(ours.keys() & theirs.keys())
    x, y = [ours[month] for month in months], [theirs[month] for month in months]
    ranks = [pl.Series(values).rank().to_list() for values in (x, y)]
    return Agreement(_correlation(x, y), _correlation(*ranks), len(months))


def _correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Return Pearson's correlation; not a number where one of the two does not vary."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])
