"""An index of pressure per front and day: weighted acts that fade, against the density of sources.

Raw counts follow how many sources were read in a year, so the weighted sum is divided by the number of
entries in the year before. 100 is the average of the pair's own record; the index compares days, not pairs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.events.crosswalk import code_of
from palanca.events.event import Event

Array = npt.NDArray[np.float64]
WORDS = ("demand", "threat", "statement")
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
    least_density: int
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Path:
    """The index of one front, one value a day.

    Attributes:
        words: the part of demands, threats and statements; `acts` that of all other pressure.
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
        start: day of the first entry.
        paths: by front, and `all`.
        density: entries of the pair in the year before each day.
    """

    start: date
    paths: Mapping[str, Path]
    density: Array

    @property
    def end(self) -> date:
        """Last day."""
        return self.start + timedelta(len(self.density) - 1)

    def months(self, front: str = TOTAL) -> dict[str, float]:
        """Return the mean of each month by ISO month; of the first and the last, of their days on record."""
        return self._by_month(self.paths[front].level)

    def month(self, month: str, part: str = "level", front: str = TOTAL) -> float:
        """Return the mean of one month of a part of the index: a field of `Path`, or `level`."""
        return self._by_month(getattr(self.paths[front], part))[month]

    def _by_month(self, values: Array) -> dict[str, float]:
        daily = values.tolist()
        return {
            month: sum(daily[first:last]) / (last - first) for month, (first, last) in self._spans.items()
        }

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """The days of each month on record, by ISO month: the first, and the one after the last."""
        days = [(self.start + timedelta(place)).isoformat()[:7] for place in range(len(self.density))]
        return {
            month: (days.index(month), days.index(month) + count) for month, count in Counter(days).items()
        }


@dataclass(frozen=True)
class Agreement:
    """How two monthly series go together; no test, where the settings were chosen with it in view.

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
    """Return the index of `actor`'s pressure on `target`; none where the record is shorter than a year.

    It ends with the last entry of the pair: what was not recorded after it is unknown, not zero.

    Args:
        events: of the pair, as `Ledger.between` gives them.
        until: last day to look at.
    """
    told = settings()
    acts = [e for e in events if e.group == "pressure" and (e.actor, e.target) == (actor, target)]
    known = [event for event in events if event.recorded_on <= until]
    if not acts or not known:
        return None
    first = min(event.date for event in known)
    days = (max(event.recorded_on for event in known) - first).days + 1
    if days <= told.window_days:
        return None
    density = _density(known, first, days)
    names = (TOTAL, *sorted({front for event in acts for front in event.fronts}))
    levels = _relative(_impulses(acts, names, first, days), density)
    base = levels[told.half_lives_tried.index(told.half_life_days), told.schemes_tried.index(told.scheme)]
    paths = {name: _path(base[:, at], levels[:, :, :, at].sum(axis=-1)) for at, name in enumerate(names)}
    return Pressure(first, paths, density)


def _density(events: Iterable[Event], first: date, days: int) -> Array:
    """Return the number of entries in the window that ends on each day; in the first window, its total."""
    daily = np.zeros(days)
    for event in events:
        daily[(event.date - first).days] += 1
    total = np.cumsum(daily)
    before = np.concatenate([np.zeros(settings().window_days), total])[:days]
    found = total - before
    found[: settings().window_days] = found[settings().window_days - 1]
    return np.asarray(found, dtype=np.float64)


def _impulses(acts: Sequence[Event], names: Sequence[str], first: date, days: int) -> Array:
    """Return what is added on each day: (day, scheme, front, words or acts)."""
    schemes = settings().schemes_tried
    place = {name: at for at, name in enumerate(names)}
    found = np.zeros((days, len(schemes), len(names), 2))
    for event in acts:
        day, row = (event.date - first).days, 0 if event.kind in WORDS else 1
        if day < days:
            weights = np.array([_weight(event, scheme) for scheme in schemes])
            for name, share in _fronts(event):
                found[day, :, place[name], row] += share * weights
    return found


def _relative(impulses: Array, density: Array) -> Array:
    """Return what is left of all impulses, over the density of sources, scaled to a mean of 100.

    Returns:
        (half-life, scheme, day, front, words or acts).
    """
    lives = np.array(settings().half_lives_tried, dtype=np.float64)
    fade = (0.5 ** (1 / lives))[:, None, None, None]
    left = np.zeros((len(impulses), len(lives), *impulses.shape[1:]))
    left[0] = impulses[0]
    for day in range(1, len(impulses)):
        left[day] = fade * left[day - 1] + impulses[day]
    told = settings()
    known = left / np.maximum(density, told.least_density)[:, None, None, None, None]
    mean = known[:, :, :, 0].sum(axis=-1).mean(axis=0)
    scaled = MEAN * known / np.where(mean > 0, mean, 1.0)[None, :, :, None, None]
    return np.asarray(np.moveaxis(scaled, 0, 2))


def _fronts(event: Event) -> list[tuple[str, float]]:
    others = [(name, settings().other_front_share) for name in event.other_fronts]
    return [(TOTAL, 1.0), (event.front, 1.0), *others]


def _weight(event: Event, scheme: str) -> float:
    if scheme == "goldstein":
        return abs(code_of(event).goldstein)
    if scheme == "acts_double":
        return 1.0 if event.kind in WORDS else 2.0
    return 1.0


def _path(base: Array, tried: Array) -> Path:
    return Path(base[:, 0], base[:, 1], tried.min(axis=(0, 1)), tried.max(axis=(0, 1)))


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
