"""How far measures of power and losses may lie from where they are put, for every pair at once.

What is uncertain is drawn as for measures: elasticities, deficits and base data, the horizon told. In a draw
a number moves from the one on file as it does in a world in which losses are counted to first order and both
uses of a good are sourced alike; a ratio takes both sides from one draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.economy import Economy
from palanca.exposure import dyads
from palanca.exposure.balance import HIDDEN, POWER, RANGED, SECTOR_RANGED, SECTORS
from palanca.exposure.chokepoints import not_replaced
from palanca.exposure.drawn import worlds
from palanca.exposure.lookthrough import lookthrough, ratio
from palanca.exposure.power import PERCENT
from palanca.exposure.withdrawal import RESOLVED
from palanca.trade import Horizon, Model, as_economy
from palanca.trade.intervals import LOWER, UPPER
from palanca.trade.nearly import MOST, Nearby, nearby

Array = NDArray[np.float64]
Key = tuple[str, str]  # table and column
Values = Mapping[Key, Array]  # (rows,) of the table of power, (rows, J) of that of sectors

DIGITS = {POWER: 4, SECTORS: 3}  # significant digits kept, rounded outward
OF_FACTORS = 0.02  # the same of factors
LEAST = {POWER: 1e-12, SECTORS: 1e-3}  # finest step kept: a thousandth of a point says all that is printed
KINDS = {POWER: pl.Float64, SECTORS: pl.Float32}
STEADY = (0.5, 2.0)  # on file over centre between which draws scale what is on file; beyond, they shift it
LOSSES = {Horizon.LONG: "loss_long_pct", Horizon.SHORT: "loss_short_pct"}
LEVERAGE = (POWER, "leverage")
FACTORS = tuple(
    f"{horizon}_{case}_factor" for horizon in Horizon for case in ("with_others", "without_others")
)


@dataclass(frozen=True, eq=False)
class Ranges:
    """Intervals, taken as far as the values they belong to; columns end in `_lower` and `_upper`.

    Attributes:
        power: one row per ordered pair, of every measure of `RANGED`.
        sectors: one row per ordered pair and sector, of every measure of `SECTOR_RANGED`, and of `FACTORS`:
            what a draw makes of a loss of `chokepoints`, whose sector is the partner's, over the loss.
    """

    power: pl.DataFrame
    sectors: pl.DataFrame


def ranges(economy: Economy, found: dyads.Dyads) -> Ranges:
    """Return the intervals of all that was computed of pairs.

    Args:
        economy: the world that it was computed of.
        found: every ordered pair in both tables.

    Raises:
        NotConverged: a world of a draw was not found.
    """
    told = prepared(found)
    drawn = {key: values for horizon in Horizon for key, values in of_horizon(economy, told, horizon).items()}
    return Ranges(
        _around(told.power, drawn, POWER, ["country", "partner"]),
        _around(told.sectors, drawn, SECTORS, ["country", "partner", "sector"]),
    )


def prepared(found: dyads.Dyads) -> dyads.Dyads:
    """Return tables with how far shares looked through lie above those at face value, and factors of one."""
    gaps = [
        (pl.col(f"{side}_through_pct") - pl.col(f"{side}_face_pct")).alias(name)
        for side, name in HIDDEN.items()
    ]
    ones = [pl.lit(1.0, pl.Float32).alias(name) for name in FACTORS]
    return replace(found, sectors=found.sectors.with_columns(*gaps, *ones))


def of_horizon(economy: Economy, found: dyads.Dyads, horizon: Horizon) -> dict[Key, Array]:
    """Return what is drawn of each measure, (draws, ...), where the horizon decides it.

    Losses of the horizon; on the long one also the leverage and what no shock is solved for.
    """
    rows, drawn_worlds = _places(economy, found.power), worlds(economy, horizon)
    centre = _seen(drawn_worlds.centre, rows)
    exact = {key: _on_file(found, key) for key in centre}
    drawn: dict[Key, list[Array]] = {key: [] for key in centre}
    for model in drawn_worlds:
        for key, values in _seen(model, rows).items():
            step = ratio(values, centre[key]) if key[1] in FACTORS else moved(exact[key], centre[key], values)
            drawn[key].append(step)
    result = {key: np.array(values) for key, values in drawn.items()}
    if horizon is Horizon.LONG:
        losses = result[POWER, LOSSES[horizon]]
        result[LEVERAGE] = _levers(losses, losses[:, rows.turned])
    return result


def moved(exact: Array, centre: Array, drawn: Array) -> Array:
    """Return numbers on file, moved as those of a world move from the centre to a draw."""
    scale = ratio(exact, centre)
    steady = (scale > STEADY[0]) & (scale < STEADY[1])
    return np.where(steady, drawn * scale, exact + drawn - centre)


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


def _on_file(found: dyads.Dyads, key: Key) -> Array:
    """Return a column, (rows,) or (rows, J)."""
    table, name = key
    if table == POWER:
        return found.power[name].cast(pl.Float64).to_numpy()
    return found.sectors[name].cast(pl.Float64).to_numpy().reshape(found.power.height, -1)


def _seen(model: Model, rows: _Rows) -> dict[Key, Array]:
    """Return losses to first order and, on the long horizon, the measures that need no solution."""
    horizon = model.closure.horizon
    name = LOSSES[horizon]
    world = nearby(model.structure, model.before, model.elasticity.values, horizon)
    whole, parts = world.losses(rows.pairs)
    found = {(POWER, name): rows.of(whole), (SECTORS, name): rows.of(parts)}
    at = rows.here, rows.there
    with_others, without = (case for case in FACTORS if case.startswith(f"{horizon}_"))
    stopped = PERCENT * world.sector_losses()
    found[SECTORS, with_others] = stopped[at]
    found[SECTORS, without] = (stopped + PERCENT * _not_replaced(world))[at]
    if horizon is Horizon.SHORT:
        return found
    seen = lookthrough(as_economy(model.before, model.structure, year=0, unit=""))
    of_pairs, of_sectors = dyads.measures(seen, model.elasticity), dyads.links(seen, model.elasticity)
    for side, gap in HIDDEN.items():
        of_sectors[gap] = of_sectors[f"{side}_through_pct"] - of_sectors[f"{side}_face_pct"]
    both = {POWER: of_pairs, SECTORS: of_sectors}
    return found | {(kind, one): values[at] for kind, many in both.items() for one, values in many.items()}


def _not_replaced(world: Nearby) -> Array:
    """Return what is lost besides when nobody steps in, (N, N, J) [buyer, seller, sector]."""
    weight = (world.spending / world.income[:, None])[:, None, :]
    return not_replaced(weight, np.minimum(world.sourcing, MOST).transpose(1, 2, 0))


def _levers(losses: Array, back: Array) -> Array:
    """Return one loss over the other in every draw; not a number where either is rounding."""
    told = np.minimum(np.abs(losses), np.abs(back)) >= RESOLVED
    return np.divide(losses, back, out=np.full_like(losses, np.nan), where=told)


def _around(frame: pl.DataFrame, drawn: Values, table: str, keys: list[str]) -> pl.DataFrame:
    """Return both ends of every measure of a table, rounded and taken as far as the value."""
    columns: dict[str, Array] = {}
    for name in {POWER: RANGED, SECTORS: (*SECTOR_RANGED, *FACTORS)}[table]:
        low, high = np.quantile(drawn[table, name], (LOWER, UPPER), axis=0)
        finest = OF_FACTORS if name in FACTORS else LEAST[table]
        columns[f"{name}_lower"] = -_upward(-low.ravel(), DIGITS[table], finest)
        columns[f"{name}_upper"] = _upward(high.ravel(), DIGITS[table], finest)
    ends = pl.DataFrame(columns, nan_to_null=True).with_columns(pl.all().round_sig_figs(8).cast(KINDS[table]))
    both = frame.hstack(ends)
    told = [
        pl.when(pl.col(name).is_not_null() & pl.col(end).is_not_null()).then(reach(name, end)).alias(end)
        for end in ends.columns
        for name, reach in [(end[:-6], pl.min_horizontal if end.endswith("_lower") else pl.max_horizontal)]
    ]
    return both.select(*keys, "year", *told)


def _upward(values: Array, digits: int, finest: float) -> Array:
    """Return values rounded up to so many significant digits, in steps of no less than the finest."""
    with np.errstate(divide="ignore"):
        step = 10.0 ** (np.floor(np.log10(np.abs(values))) - digits + 1)
    step = np.fmax(step, finest)
    return np.asarray(np.ceil(values / step) * step)
