"""What measures would cost each country: at the middle of published elasticities, and across them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import polars as pl
import xarray as xr

from palanca.economy import Economy
from palanca.economy.studies import published, studies
from palanca.errors import InputError
from palanca.trade import court
from palanca.trade.draws import Uncertainty, draws
from palanca.trade.ensemble import ensemble
from palanca.trade.equilibrium import Equilibrium, Model
from palanca.trade.instruments import shock_of
from palanca.trade.measure import Measure, expanded
from palanca.trade.outcomes import BY_COUNTRY, output_pct
from palanca.trade.problem import Closure, Horizon

SEED = 2026
LOWER, UPPER = 0.05, 0.95
BOUNDS = {f"q{LOWER:g}": "lower", f"q{UPPER:g}": "upper"}
EFFECTS = {
    "horizon": pl.String,
    "deficits": pl.String,
    "country": pl.String,
    "quantity": pl.String,
    "value": pl.Float64,
}


@dataclass(frozen=True, eq=False)
class Simulation:
    """Measures solved on one world under each closure.

    Attributes:
        effects: horizon, deficits, country, quantity, value at the mean of published elasticities (percent),
            and where draws were asked for `lower` and `upper`, their 5th and 95th percentiles, and `draws`.
        sectors: horizon, deficits, country, sector, change of the quantity produced in percent.
        residual: largest relative excess demand left in any market, by closure.
        failed: draws without a result, with the reason.
    """

    measures: tuple[Measure, ...]
    economy: Economy
    effects: pl.DataFrame
    sectors: pl.DataFrame
    residual: dict[str, float]
    failed: pl.DataFrame


def estimates(economy: Economy) -> xr.DataArray:
    """Return θ of the published studies in the sectors of the economy, (study, sector).

    Raises:
        InputError: the studies are on file for other sectors.
    """
    found = xr.concat([published(study).elasticity for study in studies()], dim="study")
    if tuple(map(str, found["sector"].values)) != economy.sectors:
        raise InputError(
            f"Published elasticities are on file for the sectors of 2022, not for {economy.name}."
        )
    return found.assign_coords(study=list(studies()))


def simulate(
    measures: Sequence[Measure],
    economy: Economy,
    *,
    closures: Sequence[Closure] = (Closure(Horizon.LONG), Closure(Horizon.SHORT)),
    countries: Sequence[str] = (),
    number: int = 0,
    executor: Executor | None = None,
) -> Simulation:
    """Solve the measures together under each closure, and under draws of the elasticities.

    Args:
        closures: horizon and deficits of each result.
        countries: reported; those who act and those acted on, if not given.
        number: of draws between the published estimates; none gives no interval.
        executor: of `concurrent.futures`, for the draws.

    Raises:
        BadMeasure: a measure does not fit the economy.
        InputError: a country is not in the economy.
        NotConverged: a world was not found.
    """
    shown = _reported(measures, economy, countries)
    known = estimates(economy)
    theta = court.studies(known, economy)[court.MEAN]
    shock = shock_of(measures, economy)
    solved = {closure: Model(economy.structure, theta, closure).equilibrium(shock) for closure in closures}
    rows = [row for closure, hit in solved.items() for row in _effects(hit, closure, shown)]
    effects = pl.DataFrame(rows, schema=EFFECTS, orient="row")
    cases = [Uncertainty(known, horizons=(one.horizon,), deficits=(one.deficits,)) for one in closures]
    runs = [
        ensemble(
            {"measures": measures},
            economy,
            draws(unknown, number, seed=SEED),
            names=unknown.names,
            countries=shown,
            executor=executor,
        )
        for unknown in (cases if number else ())
    ]
    spread = (
        pl.concat([run.summary((LOWER, UPPER)).drop("scenario") for run in runs]).rename(BOUNDS)
        if runs
        else None
    )
    return Simulation(
        measures=tuple(measures),
        economy=economy,
        effects=effects if spread is None else effects.join(spread, on=list(EFFECTS)[:4], how="left"),
        sectors=pl.DataFrame(
            [row for closure, hit in solved.items() for row in _sectors(hit, closure, shown)]
        ),
        residual={str(closure): float(abs(hit.residual).max()) for closure, hit in solved.items()},
        failed=pl.concat([run.failed for run in runs]) if runs else pl.DataFrame(),
    )


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
