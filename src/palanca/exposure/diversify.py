"""The cheapest way to be less exposed: which trade to move, where to, how much security it buys, its price.

Sourcing moves from the partner to third countries and home, sales to third countries, within what these can
take. The least money is moved; each sector's amount goes to those already traded with, in proportion, which
is what costs a CES buyer least. The new pattern is then held: buyers have it as their own in the exact model,
and pay for its being worse for them than the one they chose; third countries that buy more are paid by the
country for theirs.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import Field, RootModel

from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.economy import Structure
from palanca.errors import InputError
from palanca.exposure.reallocation import (
    Cells,
    Reallocation,
    by_cell,
    gradient,
    power,
    reachable,
    smallest,
    spread,
)
from palanca.exposure.sourcing import held, mismatch
from palanca.exposure.withdrawal import Models, withdrawn
from palanca.trade import Horizon, as_economy, welfare
from palanca.trade.world import World

Array = NDArray[np.float64]
PERCENT = 100.0
CUTS = tuple(range(0, 61, 10))  # per cent, of the frontier
PURCHASES, SALES = "purchases", "sales"


class Limit(Strict):
    """One limit of what can be redirected, dated and cited."""

    title: str = Field(min_length=10)
    unit: str
    date: dt.date
    value: float = Field(ge=0, le=1)
    source: str = Field(min_length=20)
    note: str = ""


class Limits(RootModel[dict[str, Limit]]):
    """All limits by name."""


@dataclass(frozen=True, eq=False)
class Trade:
    """Who buys from whom, seen from one country.

    Attributes:
        structure: the world in shares.
        elasticity: (J,), θ.
        spending: (N, J), money at the buyer's price.
        flows: (J, N, N) [sector, buyer, seller], money at the seller's price.
        income: (N,), money.
        country, partner: places of the two.
        redirected: largest part of a third country's exports, or imports, of a sector that can be turned.
        home: largest rise of home sales.
    """

    structure: Structure
    elasticity: Array
    spending: Array
    flows: Array
    income: Array
    country: int
    partner: int
    redirected: float
    home: float

    @cached_property
    def third(self) -> NDArray[np.bool_]:
        """Whether a country is neither of the two, (N,)."""
        places = np.arange(len(self.structure.countries))
        return np.asarray((places != self.country) & (places != self.partner))

    @cached_property
    def bought(self) -> Array:
        """What the country pays each seller, (J, N), money at its own price."""
        return np.asarray(self.structure.sourcing[:, self.country] * self.spending[self.country][:, None])

    @cached_property
    def sold(self) -> Array:
        """What each buyer pays the country, (J, N), money at the seller's price; home included."""
        return self.flows[:, :, self.country]

    @cached_property
    def foreign(self) -> Array:
        """Flows without own sales."""
        return self.flows * ~np.eye(self.flows.shape[1], dtype=bool)

    @cached_property
    def room_to_buy(self) -> Array:
        """Most that each seller can deliver to the country besides, (J, N), money."""
        elsewhere = self.foreign.sum(1) - self.foreign[:, self.country]
        room = np.where(self.third, self.redirected * elsewhere, 0.0)
        room[:, self.country] = self.home * self.bought[:, self.country]
        return np.where(self.bought > 0, room, 0.0)

    @cached_property
    def room_to_sell(self) -> Array:
        """Most that each buyer can take from the country besides, (J, N), money; nothing more at home."""
        elsewhere = self.foreign.sum(2) - self.foreign[:, :, self.country]
        return np.where((self.sold > 0) & self.third, self.redirected * elsewhere, 0.0)

    @cached_property
    def cells(self) -> Cells:
        """What could be moved: purchases of every sector, then sales of every sector."""
        bought, sold, at = self.bought, self.sold, self.partner
        value = np.concatenate([bought.sum(1), sold.sum(1)])
        there = np.concatenate([bought[:, at], sold[:, at]])
        room = np.concatenate([self.room_to_buy.sum(1), self.room_to_sell.sum(1)])
        share = np.divide(there, value, out=np.zeros_like(value), where=value > 0)
        elasticity = np.concatenate([self.elasticity, self.elasticity + 1])
        return Cells(value, share, elasticity, np.minimum(there, room), float(self.income[self.country]))


def trade_of(models: Models, a: str, b: str, *, limits: Limits | None = None) -> Trade:
    """Return the trade of `a` as it is, with what third countries could take over from `b`.

    Raises:
        InputError: a country is not in the world, or both are the same.
    """
    model, known = models[Horizon.LONG], (limits or parameters("diversification", Limits)).root
    places = model.structure.countries
    if lost := [code for code in (a, b) if code not in places]:
        raise InputError(f"{model.structure.name} has no {', '.join(lost)}.")
    if a == b:
        raise InputError(f"{a} cannot turn away from itself: name two countries.")
    return Trade(
        structure=model.structure,
        elasticity=np.asarray(model.elasticity.sel(sector=list(model.structure.sectors)).values, dtype=float),
        spending=model.before.spending,
        flows=model.before.trade,
        income=model.before.income,
        country=places.index(a),
        partner=places.index(b),
        redirected=known["redirected"].value,
        home=known["home"].value,
    )


@dataclass(frozen=True, eq=False)
class Frontier:
    """How much trade must move, and what it costs, to cut a partner's power step by step.

    Money is in the unit of the economy.

    Attributes:
        economy: name of the world.
        country, partner: codes.
        power: of the partner before, as a loss of ln real income, percent.
        reachable_pct: largest cut of power that third countries can take over.
        points: one row per cut: `cut_pct`, `moved`, `marginal` (points of real income per unit of money at
            the margin), `cost_pct` (what the worse pattern costs, of income, at unchanged prices),
            `price_pct` (fall of exact real income), `long_loss_pct` and `short_loss_pct` (exact loss when
            all trade with the partner stops in that world), `power_pct` (power in the solved world over
            power before).
        cut_pct: the cut that `moves` make.
        moves: one row per sector, side and third country, most security per unit of money first: `side`,
            `sector`, `to`, `moved`, `security_pct` (fall of power over power before), `per_unit`.
        cells: one row per sector and side: `share_pct` with the partner, `at_stake` (money), `bound`,
            `power_pct` (part of power), `per_unit` (security in points of real income per unit of money
            moved, from the start).
    """

    economy: str
    country: str
    partner: str
    power: float
    reachable_pct: float
    points: pl.DataFrame
    cut_pct: float
    moves: pl.DataFrame
    cells: pl.DataFrame


def frontier(
    models: Models,
    a: str,
    b: str,
    *,
    cut: float = 25.0,
    cuts: Sequence[float] = CUTS,
    limits: Limits | None = None,
) -> Frontier:
    """Return the least reallocation of `a` that cuts the power of `b`, for each cut up to what is reachable.

    Args:
        models: of the world, by horizon, as `withdrawal.prepared` makes them.
        a: the country that is exposed.
        b: the partner.
        cut: per cent, of the moves that are listed.
        cuts: per cent, of the frontier; those out of reach are left out.
        limits: of what can be redirected; those on file, if not given.

    Raises:
        InputError: a country is not in the world, both are the same, or `cut` is out of reach.
        NotConverged: a world was not found.
    """
    trade = trade_of(models, a, b, limits=limits)
    most = PERCENT * reachable(trade.cells)
    chosen = smallest(trade.cells, cut / PERCENT)
    asked = sorted({float(one) for one in (*cuts, cut) if one <= most})
    rows = [point(models, trade, one, smallest(trade.cells, one / PERCENT)) for one in asked]
    still = np.zeros_like(chosen.moved)
    return Frontier(
        economy=trade.structure.name,
        country=a,
        partner=b,
        power=PERCENT * power(trade.cells, still),
        reachable_pct=most,
        points=pl.DataFrame(rows),
        cut_pct=cut,
        moves=moves(trade, chosen),
        cells=ranking(trade),
    )


def point(models: Models, trade: Trade, cut: float, chosen: Reallocation) -> dict[str, float]:
    """Return one point of the frontier, solved exactly."""
    model, (country, partner) = models[Horizon.LONG], (trade.country, trade.partner)
    after, sourcing = new_sourcing(trade, chosen), trade.structure.sourcing
    worse = mismatch(sourcing, after, trade.elasticity)
    paid = compensation(trade, worse)
    world = model.after(held(trade.structure, after, trade.elasticity, paid / trade.structure.world_income))
    a, b = (trade.structure.countries[place] for place in (country, partner))
    stop = withdrawn(rebased(models, world), a, b)
    then = _seen(trade, world)
    still = np.zeros_like(chosen.moved)
    direct = (np.expm1(worse[:, country]) * trade.spending[country]).sum() - paid[country]
    return {
        "cut_pct": cut,
        "moved": float(chosen.moved.sum()),
        "marginal": PERCENT * chosen.marginal,
        "cost_pct": PERCENT * float(direct / trade.income[country]),
        "price_pct": PERCENT * float(1 - welfare.real_income(model.before, world)[country]),
        "long_loss_pct": stop.long.a.loss,
        "short_loss_pct": stop.short.a.loss,
        "power_pct": PERCENT * power(then.cells, still) / power(trade.cells, still),
    }


def rebased(models: Models, world: World) -> Models:
    """Return models whose world before is `world`: factors have moved to where it needs them."""
    model = models[Horizon.LONG]
    structure = as_economy(world, model.structure, year=0, unit="").structure
    return {
        horizon: replace(one.like(one.elasticity), structure=structure) for horizon, one in models.items()
    }


def _seen(trade: Trade, world: World) -> Trade:
    paid = world.trade * (1 + world.tariff)
    whole = paid.sum(2, keepdims=True)
    sourcing = np.divide(paid, whole, out=np.zeros_like(paid), where=whole > 0)
    return replace(
        trade,
        structure=replace(trade.structure, sourcing=sourcing),
        spending=world.spending,
        flows=world.trade,
        income=world.income,
    )


def compensation(trade: Trade, worse: Array) -> Array:
    """Return what each country receives, (N,), money: third countries for their worse pattern, from ours.

    Args:
        worse: (J, N), logs, from `mismatch`.
    """
    received = np.where(trade.third, (np.expm1(worse) * trade.spending.T).sum(0), 0.0)
    received[trade.country] = -received.sum()
    return received


def new_sourcing(trade: Trade, chosen: Reallocation) -> Array:
    """Return the shares, (J, N, N), after the moves; a buyer's other suppliers give way in proportion."""
    sectors, result = len(trade.elasticity), trade.structure.sourcing.copy()
    bought, sold = split(trade, chosen)
    total = trade.spending[trade.country][:, None]
    result[:, trade.country] += np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    gone = chosen.moved[:sectors] / np.where(total[:, 0] > 0, total[:, 0], 1.0)
    left = result[:, trade.country, trade.partner] - gone
    result[:, trade.country, trade.partner] = np.where(left > 0, left, 0.0)
    extra = sold.copy()
    extra[:, trade.partner] = -chosen.moved[sectors:]
    price = 1 + trade.structure.tariff[:, :, trade.country]
    spent = trade.spending.T
    change = np.divide(extra * price, spent, out=np.zeros_like(extra), where=spent > 0)
    old = result[:, :, trade.country].copy()
    new = np.clip(old + change, 0.0, 1.0)
    scale = np.divide(1 - new, 1 - old, out=np.ones_like(old), where=(old < 1) & (change != 0))
    result *= scale[:, :, None]
    result[:, :, trade.country] = new
    return result


def split(trade: Trade, chosen: Reallocation) -> tuple[Array, Array]:
    """Return what goes to each seller and each buyer instead, (J, N) each, money."""
    sectors = len(trade.elasticity)
    bought, sold = chosen.moved[:sectors], chosen.moved[sectors:]
    sides = ((bought, trade.bought, trade.room_to_buy), (sold, trade.sold, trade.room_to_sell))
    first, second = (
        np.array([spread(float(amount[j]), now[j], room[j]) for j in range(sectors)])
        for amount, now, room in sides
    )
    return first, second


def moves(trade: Trade, chosen: Reallocation) -> pl.DataFrame:
    """Return the moves by sector, side and third country, most security per unit of money first."""
    cells, still = trade.cells, np.zeros_like(chosen.moved)
    gained = by_cell(cells, still) - by_cell(cells, chosen.moved)
    parts = PERCENT * gained / power(cells, still) if power(cells, still) else gained
    rows = []
    for side, amounts, offset in zip((PURCHASES, SALES), split(trade, chosen), (0, 1), strict=True):
        for place, other in np.argwhere(amounts > 0):
            cell, amount = place + offset * len(trade.elasticity), float(amounts[place, other])
            security = float(parts[cell]) * amount / float(chosen.moved[cell])
            names = trade.structure.sectors[place], trade.structure.countries[other]
            rows.append((side, *names, amount, security, security / amount))
    schema = {"side": str, "sector": str, "to": str, "moved": float, "security_pct": float, "per_unit": float}
    order = ["per_unit", "moved", "sector", "to"]
    return pl.DataFrame(rows, schema=schema, orient="row").sort(order, descending=[True, True, False, False])


def ranking(trade: Trade) -> pl.DataFrame:
    """Return every sector and side with what one unit of money moved there buys at the start, best first."""
    cells, still = trade.cells, np.zeros_like(trade.cells.value)
    total = power(cells, still)
    return pl.DataFrame(
        {
            "side": [PURCHASES] * len(trade.elasticity) + [SALES] * len(trade.elasticity),
            "sector": list(trade.structure.sectors) * 2,
            "share_pct": PERCENT * cells.share,
            "at_stake": cells.share * cells.value,
            "bound": cells.bound,
            "power_pct": PERCENT * by_cell(cells, still) / total if total else np.zeros_like(still),
            "per_unit": PERCENT * gradient(cells, still),
        }
    ).sort("per_unit", "sector", "side", descending=[True, False, False])
