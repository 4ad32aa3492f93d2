"""Intervals over everything uncertain, and over each part of it while the rest stays at the centre."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.economy.assumed import assumed
from palanca.trade.alternatives import number as worlds
from palanca.trade.clause import Claimed
from palanca.trade.closure import Closure, Deficits
from palanca.trade.draws import Draw, Uncertainty, draws, draws_at
from palanca.trade.elasticities import Elasticities
from palanca.trade.ensemble import Ensemble, Shown, ensemble
from palanca.trade.law import Ground
from palanca.trade.measure import Measure
from palanca.trade.spread import APART, STUDIES, TOGETHER

Array = NDArray[np.float64]

EVERYTHING = "everything"
PARTS = ("studies", "errors", "claims", "deficits", "worlds")
GRID = 5  # places between the least and the greatest of what has no members to count
LOWER, UPPER = 0.05, 0.95
KEYS = ["horizon", "country", "quantity"]


@dataclass(frozen=True, eq=False)
class Intervals:
    """Results of the draws of everything and of each part, under one closure.

    Attributes:
        run: all draws together.
        parts: the numbers of the draws of each part; those of everything first.
    """

    run: Ensemble
    parts: Mapping[str, range]

    @property
    def spans(self) -> pl.DataFrame:
        """Part, horizon, country, quantity, lower, upper, draws: the 5th and 95th percentile of its draws.

        Of a part with few members, all of which are solved, the least and the greatest.
        """
        whole = self._solved.filter(pl.col("sector").is_null())
        return pl.concat([_span(whole, part, numbers, KEYS) for part, numbers in self.parts.items()])

    @property
    def sectors(self) -> pl.DataFrame:
        """Horizon, country, sector, lower, upper, draws: the same of output, over everything."""
        output = self._solved.filter(pl.col("sector").is_not_null(), pl.col("value").is_finite())
        keys = ["horizon", "country", "sector"]
        return _span(output, EVERYTHING, self.parts[EVERYTHING], keys).drop("part")

    @property
    def _solved(self) -> pl.DataFrame:
        return self.run.results.filter(pl.col("reason").is_null())


@dataclass(frozen=True, eq=False)
class Plan:
    """How draws are made.

    Attributes:
        known: θ by horizon.
        number: of draws of everything; a part without members has half as many.
        seed: the same gives the same draws.
        apart: whether to solve each part too.
    """

    known: Elasticities
    number: int
    seed: int
    apart: bool = True


def intervals(
    measures: Sequence[Measure],
    before: Ground,
    plan: Plan,
    *,
    closure: Closure,
    shown: Shown,
    executor: Executor | None = None,
) -> Intervals:
    """Solve measures under draws of everything uncertain and, if wanted, of each part alone.

    Args:
        measures: taken together.
        before: the world, with the law that is added to.
        plan: what is drawn, and how often.
        closure: of the reported number; where deficits are fixed in it, none at all are drawn as often.
        shown: what is reported.
        executor: of `concurrent.futures`, for the draws.
    """
    whole = everything(measures, plan.known, closure)
    found = {EVERYTHING: draws(whole, plan.number, seed=plan.seed)}
    found |= portions(whole, max(plan.number // 2, 1), seed=plan.seed) if plan.apart else {}
    listed = [draw for part in found.values() for draw in part]
    ends = np.cumsum([0, *map(len, found.values())]).tolist()
    numbered = [replace(draw, number=place) for place, draw in enumerate(listed)]
    run = ensemble(
        {"measures": measures}, before, numbered, names=whole.names, shown=shown, executor=executor
    )
    return Intervals(run, {part: range(*ends[at : at + 2]) for at, part in enumerate(found)})


def everything(measures: Iterable[Measure], known: Elasticities, closure: Closure) -> Uncertainty:
    """Return all that is uncertain of the effects of measures under a closure; the horizon is not drawn."""
    fixed = closure.deficits is Deficits.FIXED
    return Uncertainty(
        known,
        horizons=(closure.horizon,),
        deficits=tuple(Deficits) if fixed else (closure.deficits,),
        months=_months() if any(map(_claims, measures)) else (),
        worlds=worlds(),
    )


def portions(whole: Uncertainty, number: int, *, seed: int) -> dict[str, list[Draw]]:
    """Return the draws of each part that is uncertain, the rest at the centre: all members, or a grid."""
    alone = replace(whole, parts=(), deficits=whole.deficits[:1], months=(), worlds=0)
    erring = bool(whole.elasticities[whole.horizons[0]].error.any())
    cases = {
        "studies": (replace(alone, parts=(STUDIES,)), STUDIES, GRID),
        "claims": (replace(alone, months=whole.months), "months", min(len(whole.months), GRID)),
        "deficits": (replace(alone, deficits=whole.deficits), "deficits", len(whole.deficits)),
        "worlds": (replace(alone, worlds=whole.worlds), "worlds", whole.worlds),
    }
    found = {name: draws_at(one, _grid(one, axis, size)) for name, (one, axis, size) in cases.items()}
    found["errors"] = draws(replace(alone, parts=(TOGETHER, APART)), number if erring else 0, seed=seed)
    return {name: found[name] for name in PARTS if len(found[name]) > 1}


def holding(value: float, lower: float, upper: float) -> tuple[float, float]:
    """Return an interval, taken as far as the value it is reported with: that one is possible too."""
    return min(value, lower), max(value, upper)


def _grid(one: Uncertainty, axis: str, size: int) -> Array:
    """Return points of the unit cube along one of its axes, in the middle of all others."""
    points = np.full((size, len(one.names)), 0.5)
    points[:, one.names.index(axis)] = (np.arange(size) + 0.5) / max(size, 1)
    return points


def _claims(measure: Measure) -> bool:
    """Return whether the effects of a measure depend on what claims a preference in a month."""
    return any(isinstance(rule, Claimed) for item in measure.clauses for rule in (item.exempt, item.only))


def _months() -> tuple[str, ...]:
    """Return the last months for which claims of a preference are on file."""
    known = table("preference_use").frame["month"].unique().sort()
    return tuple(known.to_list()[-int(assumed("uncertainty")["months"].value) :])


def _span(solved: pl.DataFrame, part: str, numbers: range, keys: list[str]) -> pl.DataFrame:
    ends = (LOWER, UPPER) if part in (EVERYTHING, "errors") else (0.0, 1.0)
    rows = solved.filter(pl.col("draw").is_between(numbers.start, numbers.stop - 1))
    low, high = (pl.col("value").quantile(end, "linear") for end in ends)
    found = rows.group_by(keys).agg(low.alias("lower"), high.alias("upper"), pl.len().alias("draws"))
    return found.sort(keys).select(pl.lit(part).alias("part"), *keys, "lower", "upper", "draws")
