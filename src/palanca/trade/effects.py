"""One measure solved for the tables: effects, sectors, tariffs, and what our choices change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import countries
from palanca.economy import Economy, economy
from palanca.trade import court, law
from palanca.trade.acts import acts_of, goods, touched
from palanca.trade.clause import ALL, Kind, expanded
from palanca.trade.closure import Closure, Horizon
from palanca.trade.digest import choices
from palanca.trade.elasticities import Elasticities, elasticities
from palanca.trade.ensemble import Shown
from palanca.trade.equilibrium import Equilibrium, Model
from palanca.trade.instruments import shock_of
from palanca.trade.intervals import EVERYTHING, KEYS, PARTS, Plan, holding, intervals
from palanca.trade.measure import Measure
from palanca.trade.outcomes import BY_COUNTRY, PERCENT, output_pct
from palanca.trade.shock import Shock, arrays

Array = NDArray[np.float64]

HEADLINE = "real_income_pct"
BOTH_SIDES = (HEADLINE, "real_wage_pct", "exports_pct", "tariff_revenue_income_pct")
YEAR = 2022
LEAST = 30  # draws from which each part of what is uncertain is solved too
DIGITS = 6  # significant, in the tables

Rows = list[dict[str, object]]


@dataclass(frozen=True, eq=False)
class Bench:
    """A world with the models that every measure is solved on.

    Attributes:
        economy: the world before.
        known: what is known of θ, by horizon.
        models: at its centre, by horizon, deficits fixed.
        judged: models of the comparison, shared by all measures.
    """

    economy: Economy
    known: Elasticities
    models: dict[Horizon, Model]
    judged: dict[Closure, dict[str, Model]]


@cache
def bench() -> Bench:
    """Return the world of 2022, ready for any measure."""
    world = economy(YEAR)
    known = elasticities(world)
    models = {
        horizon: Model(world.structure, spread.centre, Closure(horizon)) for horizon, spread in known.items()
    }
    return Bench(world, known, models, {})


def party(measure: Measure, world: Economy) -> tuple[str, ...]:
    """Return the countries that act or are acted on, of those that have a name and are in the world."""
    named = {label for clause in measure.clauses for label in expanded(clause.target)}
    acting = {label for clause in measure.clauses for label in measure.senders(clause)}
    known = [label for label in world.countries if label in countries()]
    return tuple(known if ALL in named else [label for label in known if label in named | acting])


def effects(
    measure: Measure, number: int, *, shown: Sequence[str] = (), base: Sequence[Measure] = ()
) -> dict[str, Rows]:
    """Return what a measure does: rows of `measure_effects`, `_parts` and `_sectors`.

    Args:
        measure: solved on the world of 2022, on both horizons, deficits fixed.
        number: of draws of the elasticities.
        shown: countries with every quantity; those that act or are acted on, if not given.
        base: what is law already: the effects are the difference that the measure makes to it.

    Raises:
        BadMeasure: the measure does not fit the world.
        NotConverged: a world was not found.
    """
    here = bench()
    shown = shown or party(measure, here.economy)
    shock = shock_of([measure], here.economy, base=base)
    ground = shock_of(base, here.economy) if base else None
    hits = {horizon: model.equilibrium(shock, base=ground) for horizon, model in here.models.items()}
    rows = [row for horizon, hit in hits.items() for row in _by_country(hit, horizon, shown)]
    spans = _spans(measure, number, shown, base)
    return {
        "measure_effects": [
            {**row, **_around(row["value"], spans.get((EVERYTHING, *_keys(row))))} for row in rows
        ],
        "measure_parts": [
            {**dict(zip(KEYS, _keys(row), strict=True)), "part": part, **_around(row["value"], span)}
            for row in rows
            for part in PARTS
            if row["country"] in shown and (span := spans.get((part, *_keys(row))))
        ],
        "measure_sectors": [
            {**row, **_around(row["output_pct"], spans.get((row["country"], row["sector"])))}
            for row in _by_sector(hits[Horizon.LONG], shown)
        ],
    }


NO_DRAWS: dict[str, object] = {"lower": None, "upper": None, "draws": 0}
Span = tuple[float, float, int]
Spans = dict[tuple[object, ...], Span]


def _spans(measure: Measure, number: int, shown: Sequence[str], base: Sequence[Measure]) -> Spans:
    """Return intervals over draws by part and `KEYS`; of output, in the long run, by country and sector."""
    if not number:
        return {}
    here = bench()
    plan = Plan(here.known, number, choices().seed, apart=number >= LEAST)
    before = law.Ground(here.economy, tuple(base))
    everyone = tuple(label for label in here.economy.countries if label in countries())
    runs = {
        horizon: intervals(
            [measure], before, plan, closure=Closure(horizon), shown=Shown(everyone, by_sector)
        )
        for horizon, by_sector in ((Horizon.LONG, tuple(shown)), (Horizon.SHORT, ()))
    }
    frames = [*(run.spans for run in runs.values()), runs[Horizon.LONG].sectors.drop("horizon")]
    return {tuple(keys): (low, high, n) for frame in frames for *keys, low, high, n in frame.iter_rows()}


def _keys(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in KEYS)


def _around(value: object, span: Span | None) -> dict[str, object]:
    """Return an interval around the value of a row."""
    if span is None:
        return NO_DRAWS
    low, high = holding(float(str(value)), short(span[0]), short(span[1]))
    return {"lower": low, "upper": high, "draws": span[2]}


def _by_country(hit: Equilibrium, horizon: Horizon, shown: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield real income of every country, and every quantity of those shown."""
    for quantity in BOTH_SIDES:
        values = BY_COUNTRY[quantity](hit.before, hit.after)
        for place, label in enumerate(hit.structure.countries):
            if label in shown or (quantity == HEADLINE and label in countries()):
                value = short(float(values[place]))
                yield {"horizon": str(horizon), "country": label, "quantity": quantity, "value": value}


def _by_sector(hit: Equilibrium, shown: Sequence[str]) -> Iterator[dict[str, object]]:
    labels, values = list(hit.structure.countries), output_pct(hit.before, hit.after)
    size = hit.structure.value_added
    for label in shown:
        for place, sector in enumerate(hit.structure.sectors):
            at = labels.index(label)
            value, share = float(values[at, place]), float(PERCENT * size[at, place] / size[at].sum())
            if np.isfinite(value):
                row = {"country": label, "sector": sector, "output_pct": short(value)}
                yield {**row, "share_pct": short(share)}


def tariffs(measure: Measure) -> Rows:
    """Return what a measure does to tariffs on goods: rows of `measure_tariffs`."""
    world = bench().economy
    return list(_by_pair(shock_of([measure], world), _reach(measure, world), world))


def _reach(measure: Measure, world: Economy) -> Array:
    """Return the part of each flow that a measure acts on, (J, N, N)."""
    parts = (touched(act, world) for act in acts_of(measure, world) if act.clause.kind is not Kind.REMITTANCE)
    return np.minimum(sum(parts, np.zeros_like(world.structure.tariff)), 1.0)


def _by_pair(shock: Shock, reach: Array, world: Economy) -> Iterator[dict[str, object]]:
    """Yield what is added to the average tariff on goods, and the parts of them acted on and forbidden."""
    tariff, iceberg = arrays(shock, world.structure)
    rows = [world.sectors.index(sector) for sector in goods(world)]
    trade = world.trade.transpose("sector", "destination", "origin").values[rows]
    total = trade.sum(0)
    added = ((tariff - world.structure.tariff)[rows] * trade).sum(0)
    banned = (~np.isfinite(iceberg)[rows] * trade).sum(0)
    covered = (reach[rows] * trade).sum(0)
    changed = (np.abs(added) + banned > 1e-9 * total) & (total > 0)
    for at, to in np.argwhere(changed):
        importer, exporter = world.countries[at], world.countries[to]
        if importer != exporter and {importer, exporter} <= countries().keys():
            part = PERCENT / total[at, to]
            sums = {"added_pp": added, "forbidden_pct": banned, "covered_pct": covered}
            values = {name: short(found[at, to] * part) for name, found in sums.items()}
            yield {"importer": importer, "exporter": exporter, **values}


def judged(measure: Measure, base: Sequence[Measure] = ()) -> dict[str, Rows]:
    """Return what our choices change: rows of `measure_choices`, `measure_ranges` and `measure_court`.

    Args:
        measure: judged.
        base: what is law already.
    """
    here = bench()
    shown = party(measure, here.economy)
    before = law.Ground(here.economy, tuple(base))
    found = court.court(measure, before, here.known, countries=shown, models=here.judged)
    beside = found.beside.filter(pl.col("reference").is_not_null())
    asked = {(row["country"], row["quantity"]) for row in beside.iter_rows(named=True)}
    wanted = [*asked, *((label, HEADLINE) for label in shown)]
    kept = pl.DataFrame(sorted(set(wanted)), schema=["country", "quantity"], orient="row")
    names = ["publisher", "horizon", "country", "outcome", "unit", "quantity"]
    published = pl.when(pl.col("unit") == "percent").then("value").alias("published")
    numbers = ["reference", "on_its_horizon", "least", "most"]
    return {
        "measure_choices": _rounded(found.effects.join(kept, on=["country", "quantity"])),
        "measure_ranges": _rounded(_ranges(found, kept)),
        "measure_court": _rounded(beside.select(*names, published, *numbers)),
    }


def _ranges(found: court.Court, kept: pl.DataFrame) -> pl.DataFrame:
    """Return our number at the reference, the least and the most of all runs, and how many they are."""
    solved = found.runs.filter(pl.col("reason").is_null()).join(kept, on=["country", "quantity"])
    keys = ["country", "quantity"]
    base = solved.filter(*(pl.col(name) == value for name, value in found.reference.row.items()))
    spans = solved.group_by(keys).agg(
        pl.col("value").min().alias("least"), pl.col("value").max().alias("most"), pl.len().alias("runs")
    )
    return base.select(*keys, reference="value").join(spans, on=keys).sort(keys)


def _rounded(frame: pl.DataFrame) -> Rows:
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(DIGITS)).to_dicts()


def short(value: float) -> float:
    """Return a value to the significant digits of the tables."""
    return float(f"{value:.{DIGITS}g}") + 0.0
