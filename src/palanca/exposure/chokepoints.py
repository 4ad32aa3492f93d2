"""Sector by sector: how much of what a country buys comes from a partner, who else could sell it, and what
it loses when that supply stops, with others stepping in and without.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.exposure.withdrawal import Models, world_of
from palanca.trade import Horizon, embargo, welfare

Array = NDArray[np.float64]
PERCENT = 100.0
METHOD = (
    "With second suppliers: exact real-income loss when the partner stops selling the sector's goods and all "
    "others sell what clears the markets.",
    "Without: added to it is what is lost besides when every other supplier, home included, delivers no more "
    "than before, at unchanged prices.",
    "Intervals: what draws of all that is uncertain make of each loss to first order. Shares are accounts.",
)


@dataclass(frozen=True, eq=False)
class Chokepoints:
    """Sectors of one country by what it loses when a partner stops selling.

    Attributes:
        economy: name of the world.
        country, partner: codes.
        sectors: one row per sector, worst first: `sector`, `purchases` (money of the economy, all origins),
            `share_pct` from the partner of all purchases, `import_share_pct` of imports,
            `others_share_pct` of the exports of all countries but the buyer that do not come from the
            partner, `with_others_pct` and `without_others_pct`, losses of real income, percent, by horizon
            (`long_…`, `short_…`).
    """

    economy: str
    country: str
    partner: str
    sectors: pl.DataFrame


def chokepoints(models: Models, a: str, b: str) -> Chokepoints:
    """Return what `a` loses, sector by sector, when `b` stops selling it that sector's goods.

    Args:
        models: of the world, by horizon, as `withdrawal.prepared` makes them.
        a: the buyer.
        b: the seller.

    Raises:
        InputError: a country is not in the world, or both are the same.
        NotConverged: a world was not found.
    """
    structure = world_of(models, a, b)
    buyer, seller = structure.countries.index(a), structure.countries.index(b)
    frame = supply(structure, models[Horizon.LONG].before.spending, buyer, seller)
    extra = PERCENT * not_replaced(
        frame["purchases"].to_numpy() / float(models[Horizon.LONG].before.income[buyer]),
        frame["share_pct"].to_numpy() / PERCENT,
    )
    for horizon in models:
        losses = stopped(models, horizon, a, b)
        frame = frame.with_columns(
            pl.Series(f"{horizon}_with_others_pct", losses),
            pl.Series(f"{horizon}_without_others_pct", losses + extra),
        )
    order = f"{Horizon.LONG}_without_others_pct"
    return Chokepoints(structure.name, a, b, frame.sort(order, "sector", descending=[True, False]))


def supply(structure: Structure, spending: Array, buyer: int, seller: int) -> pl.DataFrame:
    """Return who sells to a country, sector by sector; a share of nothing is null.

    Args:
        structure: the world in shares.
        spending: (N, J), money, at the buyer's price.
        buyer, seller: places of the two countries.
    """
    bought = structure.sourcing * spending.T[:, :, None]
    foreign = bought * ~np.eye(bought.shape[1], dtype=bool)
    exports = np.delete(foreign.sum(1), buyer, axis=1)
    place = seller - (seller > buyer)
    return pl.DataFrame(
        {
            "sector": list(structure.sectors),
            "purchases": spending[buyer],
            "share_pct": PERCENT * structure.sourcing[:, buyer, seller],
            "import_share_pct": _percent(foreign[:, buyer, seller], foreign[:, buyer].sum(1)),
            "others_share_pct": _percent(exports.sum(1) - exports[:, place], exports.sum(1)),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _percent(part: Array, whole: Array) -> Array:
    return PERCENT * np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def stopped(models: Models, horizon: Horizon, a: str, b: str) -> Array:
    """Return what `a` loses of real income, (J,), percent, when `b` stops selling it one sector's goods."""
    model = models[horizon]
    structure, losses = model.structure, np.zeros(len(model.structure.sectors))
    buyer, seller = structure.countries.index(a), structure.countries.index(b)
    for place, sector in enumerate(structure.sectors):
        if structure.sourcing[place, buyer, seller] > 0:
            after = model.after(embargo(structure, origin=b, destination=a, sectors=[sector]))
            losses[place] = PERCENT * (1 - welfare.real_income(model.before, after)[buyer])
    return losses


def replaced(weight: Array, share: Array, elasticity: Array) -> Array:
    """Return the loss of ln real income, (J,), at unchanged prices of all other suppliers, who step in.

    Args:
        weight: (J,), purchases of the sector over income.
        share: (J,), of the seller who stops, below one.
        elasticity: (J,), θ.

    Source: nested CES of Clayton, Maggiori and Schreger (2024), one seller, Cobb-Douglas across sectors:
    the price of the sector rises by (1 − ω)^(−1/θ).
    """
    return -weight * np.log1p(-share) / elasticity


def not_replaced(weight: Array, share: Array) -> Array:
    """Return what is lost besides when others deliver no more than before, (J,), of ln real income.

    The bundle of a sector shrinks by (1 − ω)^((θ+1)/θ) when one seller stops and the others deliver the
    same quantities; what is not paid to that seller is spent on other things. Less the loss with others
    stepping in, −ln(1 − ω)/θ, this leaves weight · (−ln(1 − ω) − ω): zero to first order, never negative,
    the same for every θ.

    Args:
        weight: (J,), purchases of the sector over income.
        share: (J,), of the seller who stops, below one.
    """
    return np.asarray(weight * (-np.log1p(-share) - share))
