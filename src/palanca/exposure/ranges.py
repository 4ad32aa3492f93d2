"""How far measures of power and losses may lie from where they are put, for every pair at once.

What is uncertain is drawn as for measures: elasticities, deficits and base data, the horizon told. In a draw
a loss moves from the exact one as the loss to first order does, and a ratio takes both sides from one draw.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats.qmc import LatinHypercube

from palanca.economy import Economy, trade_elasticity
from palanca.economy.assumed import assumed
from palanca.exposure.balance import RANGED
from palanca.exposure.lookthrough import ratio
from palanca.exposure.power import PERCENT, across_sectors, nested_loss
from palanca.exposure.withdrawal import RESOLVED
from palanca.trade import Closure, Horizon, Model
from palanca.trade.alternatives import alternatives
from palanca.trade.draws import Draw, draws_at
from palanca.trade.elasticities import Elasticities, elasticities
from palanca.trade.intervals import LOWER, UPPER, everything, holding
from palanca.trade.nearly import Nearby, nearby

Array = NDArray[np.float64]

SEED = 2022
DIGITS = 4  # significant digits kept
STEADY = (0.5, 2.0)  # exact over first-order loss between which draws scale it; beyond, they shift it
LOSSES = {Horizon.LONG: "loss_long_pct", Horizon.SHORT: "loss_short_pct"}
LEVERAGE = "leverage"
Drawn = Mapping[str, Array]


def ranges(economy: Economy, power: pl.DataFrame) -> pl.DataFrame:
    """Return the interval of every measure of `RANGED` that is uncertain, one row per row of `power`.

    Columns end in `_lower` and `_upper`; the interval is taken as far as the value it belongs to.

    Args:
        economy: the world that `power` was solved on.
        power: rows as `dyads` makes them.

    Raises:
        NotConverged: a world of a draw was not found.
    """
    drawn: dict[str, Array] = {}
    for horizon in Horizon:
        drawn |= of_horizon(economy, power, horizon)
    ends = {name: _ends(power[name].to_numpy(), drawn[name]) for name in RANGED}
    columns = {f"{name}_{end}": pair[at] for name, pair in ends.items() for at, end in enumerate(ENDS)}
    return power.select("country", "partner", "year").hstack(
        pl.DataFrame(columns, nan_to_null=True).with_columns(pl.all().cast(pl.Float64))
    )


ENDS = ("lower", "upper")


def of_horizon(economy: Economy, power: pl.DataFrame, horizon: Horizon) -> Drawn:
    """Return what is drawn of each measure, (draws, rows), where the horizon decides it.

    Losses of the horizon; on the long one also the leverage and the measures that no shock is solved for.
    """
    rows = _places(economy, power)
    known = elasticities(economy)
    base = _Base(economy, known, horizon)
    centre, exact = rows.of(base.reported.losses(rows.pairs)), power[LOSSES[horizon]].to_numpy()
    each = [_of_draw(base.at(draw), rows) for draw in sampled(known, horizon)]
    losses = np.array([moved(exact, centre, lost) for lost, _ in each])
    if horizon is Horizon.SHORT:
        return {LOSSES[horizon]: losses}
    found = {name: np.array([other[name] for _, other in each]) for name in each[0][1]}
    return {LOSSES[horizon]: losses, LEVERAGE: _levers(losses, losses[:, rows.turned]), **found}


def sampled(known: Elasticities, horizon: Horizon) -> list[Draw]:
    """Return draws of everything uncertain on one horizon, evenly spread along each part of it."""
    whole = everything((), known, Closure(horizon))
    number = int(assumed("power")[f"draws_{horizon}"].value)
    points = LatinHypercube(len(whole.names), rng=np.random.default_rng(SEED)).random(number)
    return draws_at(whole, points)


def moved(exact: Array, centre: Array, drawn: Array) -> Array:
    """Return exact losses, moved as those to first order move from the centre to a draw."""
    scale = ratio(exact, centre)
    steady = (scale > STEADY[0]) & (scale < STEADY[1])
    return np.where(steady, drawn * scale, exact + drawn - centre)


def measures(world: Nearby) -> dict[str, Array]:
    """Return the measures of power that need no solution, (N, N) each; see `power`."""
    foreign = ~np.eye(len(world.income), dtype=bool)
    flows = np.where(foreign, world.sales.sum(0).T, 0.0)
    shares = PERCENT * ratio(flows + flows.T, (flows + flows.T).sum(1, keepdims=True))
    paid = np.einsum("jni,j->ni", world.sales + world.taxes, 1 / world.elasticity)
    imports = PERCENT * np.where(foreign, paid, 0.0) / world.value_added.sum(1)[:, None]
    weight = ratio(world.spending, world.spending.sum(1, keepdims=True))[:, None, :]
    withdrawn = np.where(foreign[:, :, None], world.sourcing.transpose(1, 2, 0), 0.0)
    supply = nested_loss(weight, withdrawn, world.elasticity, across_sectors())
    return {
        "hirschman_pp": shares - shares.T,
        "import_dependence_pct": imports,
        "liu_yang_pp": imports - imports.T,
        "supply_loss_pct": PERCENT * -np.expm1(-supply),
    }


@dataclass(frozen=True, eq=False)
class _Rows:
    """Where the rows of a table of ordered pairs lie among the countries of a world.

    Attributes:
        here, there: (rows,), places of the country and of the partner.
        pairs: each once.
        which: (rows,), its pair.
        side: (rows,), the first country of the pair or the second.
        turned: (rows,), the row of the partner.
    """

    here: NDArray[np.intp]
    there: NDArray[np.intp]
    pairs: Sequence[tuple[int, int]]
    which: NDArray[np.intp]
    side: NDArray[np.intp]
    turned: NDArray[np.intp]

    def of(self, losses: Array) -> Array:
        """Return the losses of the rows, percent, from fractions by pair and side."""
        return np.asarray(PERCENT * losses[self.which, self.side])


def _places(economy: Economy, power: pl.DataFrame) -> _Rows:
    place = {code: at for at, code in enumerate(economy.countries)}
    rows = [(place[a], place[b]) for a, b in power.select("country", "partner").iter_rows()]
    pairs = sorted({(min(row), max(row)) for row in rows})
    number, row = {pair: at for at, pair in enumerate(pairs)}, {one: at for at, one in enumerate(rows)}
    return _Rows(
        here=np.array([a for a, _ in rows]),
        there=np.array([b for _, b in rows]),
        pairs=pairs,
        which=np.array([number[min(one), max(one)] for one in rows]),
        side=np.array([int(a > b) for a, b in rows]),
        turned=np.array([row[b, a] for a, b in rows]),
    )


@dataclass(frozen=True, eq=False)
class _Base:
    """What the draws of one horizon are made on.

    Attributes:
        economy: the world.
        known: θ by horizon.
        horizon: of all draws.
        models: of the reported world by closure, at the centre; made so far.
    """

    economy: Economy
    known: Elasticities
    horizon: Horizon
    models: dict[Closure, Model] = field(default_factory=dict)

    @property
    def reported(self) -> Nearby:
        """The world at the centre of all that is drawn."""
        model = self._model(Closure(self.horizon))
        return nearby(model.structure, model.before, model.elasticity.values, self.horizon)

    def at(self, draw: Draw) -> Nearby:
        """Return the world of a draw."""
        lender, sectors = self._model(draw.closure), self.economy.sectors
        theta = trade_elasticity(dict(zip(sectors, draw.elasticity, strict=True)), sectors)
        structure = alternatives(lender.structure)[draw.world - 1]
        model = replace(lender, structure=structure, elasticity=theta, lender=lender)
        return nearby(structure, model.before, theta.values, self.horizon)

    def _model(self, closure: Closure) -> Model:
        if closure not in self.models:
            self.models[closure] = Model(self.economy.structure, self.known[self.horizon].centre, closure)
        return self.models[closure]


def _of_draw(world: Nearby, rows: _Rows) -> tuple[Array, dict[str, Array]]:
    """Return losses to first order and the measures that need no solution, (rows,) each."""
    found = {name: values[rows.here, rows.there] for name, values in measures(world).items()}
    return rows.of(world.losses(rows.pairs)), found


def _levers(losses: Array, back: Array) -> Array:
    """Return one loss over the other in every draw; not a number where either is rounding."""
    told = np.minimum(np.abs(losses), np.abs(back)) >= RESOLVED
    return np.divide(losses, back, out=np.full_like(losses, np.nan), where=told)


def _ends(values: Array, drawn: Array) -> tuple[Array, Array]:
    """Return both ends, (rows,), rounded and taken as far as the value; not a number where there is none."""
    ends = np.quantile(drawn, (LOWER, UPPER), axis=0)
    pairs = [_held(value, low, high) for value, low, high in zip(values, *ends, strict=True)]
    return np.array([low for low, _ in pairs]), np.array([high for _, high in pairs])


def _held(value: float | None, lower: float, upper: float) -> tuple[float, float]:
    if value is None or not np.isfinite([value, lower, upper]).all():
        return np.nan, np.nan
    return holding(float(value), *_shortened(lower, upper))


def _shortened(*values: float) -> Iterator[float]:
    for value in values:
        yield float(f"{value:.{DIGITS}g}")
