"""What measures would cost each country: at the centre of what is uncertain, and across it."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import polars as pl
import xarray as xr

from palanca.economy import Economy
from palanca.errors import InputError
from palanca.trade.clause import expanded
from palanca.trade.closure import Closure, Horizon
from palanca.trade.elasticities import Elasticities, alike, elasticities
from palanca.trade.ensemble import SCHEMA, Shown
from palanca.trade.equilibrium import Equilibrium, Model
from palanca.trade.instruments import shock_of
from palanca.trade.intervals import EVERYTHING, Intervals, Plan, intervals
from palanca.trade.law import Ground, ground
from palanca.trade.measure import Measure
from palanca.trade.outcomes import BY_COUNTRY, output_pct

EFFECTS = {
    "horizon": pl.String,
    "deficits": pl.String,
    "country": pl.String,
    "quantity": pl.String,
    "value": pl.Float64,
}
KEYS = ["horizon", "deficits", "country", "quantity"]
SPREAD = {
    **dict.fromkeys(("part", *KEYS), pl.String),
    "lower": pl.Float64,
    "upper": pl.Float64,
    "draws": pl.UInt32,
}


@dataclass(frozen=True, eq=False)
class Sampling:
    """Elasticities, and how many draws to make of all that is uncertain.

    Attributes:
        number: of draws for each closure; none gives no interval.
        estimates: (study, sector), θ for both horizons; what is on file for each, if not given.
        seed: the same gives the same draws.
    """

    number: int = 0
    estimates: xr.DataArray | None = None
    seed: int = 2026


NO_DRAWS = Sampling()


@dataclass(frozen=True, eq=False)
class Simulation:
    """Measures solved on one world under each closure.

    Attributes:
        base: what is law already in the world before; nothing, where that is the economy as it is.
        effects: horizon, deficits, country, quantity, value at the centre of the elasticities (percent),
            and where draws were asked for `lower` and `upper`, the 5th and 95th percentile over draws of
            everything uncertain, taken as far as the value, and `draws`.
        parts: part, horizon, deficits, country, quantity, lower, upper, draws: see `intervals`.
        sectors: horizon, deficits, country, sector, change of the quantity produced in percent, and where
            draws were asked for `lower`, `upper` and `draws`.
        elasticities: what is known of θ by horizon, from which it is drawn.
        residual: largest relative excess demand left in any market, by closure.
        failed: draws without a result, with the reason.
    """

    measures: tuple[Measure, ...]
    economy: Economy
    effects: pl.DataFrame
    sectors: pl.DataFrame
    parts: pl.DataFrame
    elasticities: Elasticities
    residual: dict[str, float]
    failed: pl.DataFrame
    base: tuple[Measure, ...] = ()


def simulate(
    measures: Sequence[Measure],
    economy: Economy | Ground,
    *,
    closures: Sequence[Closure] = (Closure(Horizon.LONG), Closure(Horizon.SHORT)),
    countries: Sequence[str] = (),
    sampling: Sampling = NO_DRAWS,
    executor: Executor | None = None,
) -> Simulation:
    """Solve the measures together under each closure, and under draws of what is uncertain.

    Args:
        measures: taken together.
        economy: the world before, with the law that is added to it, if any: the effects are the difference
            that the measures make to both.
        closures: horizon and deficits of each result.
        countries: reported; those who act and those acted on, if not given.
        sampling: elasticities, and how many draws between them.
        executor: of `concurrent.futures`, for the draws.

    Raises:
        BadMeasure: a measure does not fit the economy.
        InputError: a country is not in the economy.
        NotConverged: a world was not found.
    """
    before = ground(economy)
    economy, base = before.economy, before.law
    shown = _reported(measures, economy, countries)
    known = elasticities(economy) if sampling.estimates is None else alike(sampling.estimates)
    shock = shock_of(measures, economy, base=base)
    law = shock_of(base, economy) if base else None
    solved = {closure: _model(economy, known, closure).equilibrium(shock, base=law) for closure in closures}
    rows = [row for closure, hit in solved.items() for row in _effects(hit, closure, shown)]
    effects = pl.DataFrame(rows, schema=EFFECTS, orient="row")
    plan = Plan(known, sampling.number, sampling.seed)
    runs = {
        closure: intervals(
            measures, before, plan, closure=closure, shown=Shown(shown, shown), executor=executor
        )
        for closure in (closures if sampling.number else ())
    }
    return Simulation(
        measures=tuple(measures),
        economy=economy,
        effects=_around(effects, runs),
        parts=pl.concat(
            [_parts(run, closure) for closure, run in runs.items()] or [pl.DataFrame(schema=SPREAD)]
        ),
        sectors=_around_output(
            pl.DataFrame([row for closure, hit in solved.items() for row in _sectors(hit, closure, shown)]),
            runs,
        ),
        elasticities=known,
        residual={str(closure): float(abs(hit.residual).max()) for closure, hit in solved.items()},
        failed=pl.concat([found.run.failed for found in runs.values()] or [pl.DataFrame(schema=SCHEMA)]),
        base=tuple(base),
    )


def _model(economy: Economy, known: Elasticities, closure: Closure) -> Model:
    return Model(economy.structure, known[closure.horizon].centre, closure)


def _around(effects: pl.DataFrame, runs: Mapping[Closure, Intervals]) -> pl.DataFrame:
    """Return effects with the interval over everything, which holds the value it is reported with."""
    if not runs:
        return effects
    spans = pl.concat([_parts(run, closure) for closure, run in runs.items()])
    whole = spans.filter(pl.col("part") == EVERYTHING).drop("part")
    return _held(effects.join(whole, on=KEYS, how="left"), "value")


def _around_output(sectors: pl.DataFrame, runs: Mapping[Closure, Intervals]) -> pl.DataFrame:
    """Return output by sector with the same interval."""
    if not runs:
        return sectors
    spans = [run.sectors.with_columns(deficits=pl.lit(str(one.deficits))) for one, run in runs.items()]
    keys = ["horizon", "deficits", "country", "sector"]
    return _held(sectors.join(pl.concat(spans), on=keys, how="left"), "output_pct")


def _held(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    return frame.with_columns(
        lower=pl.min_horizontal(value, "lower"), upper=pl.max_horizontal(value, "upper")
    )


def _parts(found: Intervals, closure: Closure) -> pl.DataFrame:
    return found.spans.with_columns(deficits=pl.lit(str(closure.deficits))).select(list(SPREAD))


def _reported(measures: Sequence[Measure], economy: Economy, countries: Sequence[str]) -> tuple[str, ...]:
    lost = [label for label in countries if label not in economy.countries]
    if lost:
        raise InputError(f"{economy.name} has no {', '.join(lost)}.")
    named = [label for act in measures for label in (*act.sender, *_targets(act))]
    chosen = countries or [label for label in expanded(tuple(named)) if label in economy.countries]
    return tuple(dict.fromkeys(chosen))


def _targets(act: Measure) -> Iterator[str]:
    for clause in act.clauses:
        yield from clause.target


def _effects(hit: Equilibrium, closure: Closure, shown: Sequence[str]) -> Iterator[dict[str, object]]:
    labels = list(hit.structure.countries)
    for quantity, compute in BY_COUNTRY.items():
        values = compute(hit.before, hit.after)
        for country in shown:
            value = float(values[labels.index(country)])
            yield {**_closure(closure), "country": country, "quantity": quantity, "value": value}


def _sectors(hit: Equilibrium, closure: Closure, shown: Sequence[str]) -> Iterator[dict[str, object]]:
    labels, values = list(hit.structure.countries), output_pct(hit.before, hit.after)
    for country in shown:
        for place, sector in enumerate(hit.structure.sectors):
            value = float(values[labels.index(country), place])
            yield {**_closure(closure), "country": country, "sector": sector, "output_pct": value}


def _closure(closure: Closure) -> dict[str, str]:
    return {"horizon": str(closure.horizon), "deficits": str(closure.deficits)}
