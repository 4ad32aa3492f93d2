"""What a stop of trade between two countries costs, to first order around the world before.

What buyers lose of a supplier is counted in full where it happens; how wages, prices and spending answer is
linear. One factorisation then serves every pair of countries, where the exact solver searches once for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve

from palanca.economy import Structure
from palanca.trade.closure import Horizon
from palanca.trade.world import World

Array = NDArray[np.float64]
Places = Sequence[tuple[int, int]]

MOST = 1 - 1e-6  # of a sector's supply that a partner can be counted as losing a buyer
TOGETHER = 400  # pairs solved at once, for memory


@dataclass(frozen=True, eq=False)
class Nearby:
    """A world in which markets clear, and how it answers small changes; money as in the world.

    Attributes:
        sourcing: (J, N, N) [j, n, i], shares of spending.
        sales: (J, N, N), received by sellers.
        taxes: (J, N, N), collected on the way.
        spending, value_added, value_added_share, final_share: (N, J).
        input_share: (N, J, J) [n, k, j].
        income: (N,).
        elasticity: (J,), θ.
        horizon: whether factors move between sectors.
    """

    sourcing: Array
    sales: Array
    taxes: Array
    spending: Array
    value_added: Array
    value_added_share: Array
    final_share: Array
    input_share: Array
    income: Array
    elasticity: Array
    horizon: Horizon

    def losses(self, pairs: Places) -> tuple[Array, Array]:
        """Return what both countries of each pair lose, fractions: of real income, (pairs, 2), and by sector.

        By sector, (pairs, 2, J), it is real value added, over the country's value added before.
        """
        parts = [pairs[first : first + TOGETHER] for first in range(0, len(pairs), TOGETHER)]
        income, sectors = zip(*map(self._losses, parts), strict=True)
        return np.concatenate(income), np.concatenate(sectors)

    def _losses(self, pairs: Places) -> tuple[Array, Array]:
        dearer, sold, taxed = (np.stack(one, axis=-1) for one in zip(*map(self._stopped, pairs), strict=True))
        income, living, won, wages = self._respond(dearer, sold, taxed)
        earned = _over(self.value_added_share[:, :, None] * won, self.value_added[:, :, None])
        which, sides = np.arange(len(pairs))[:, None], np.array(pairs)
        lost = -np.expm1(income - living)[sides, which]
        moved = self._earned_by_sector(earned, wages) - living[:, None]
        return lost, -(self._weight[:, :, None] * np.expm1(moved))[sides, :, which]

    def _earned_by_sector(self, at_first: Array, wages: Array) -> Array:
        """Return ln value added, (N, J, pairs), after wages have moved, from what it is before they do."""
        if self.horizon is Horizon.SHORT:
            return wages.reshape(at_first.shape)
        share = _over(self.value_added_share, self.value_added)[:, :, None]
        return np.asarray(at_first + (share * self._of_wages[0]) @ wages)

    @cached_property
    def _weight(self) -> Array:
        return np.asarray(self.value_added / self.value_added.sum(1, keepdims=True))

    def sector_losses(self) -> Array:
        """Return what a buyer loses of real income when a seller stops selling it one sector's goods.

        (N, N, J) [buyer, seller, sector], fractions; every other flow goes on.
        """
        of_price, of_sales, of_tax = self._gains
        share = np.minimum(self.sourcing, MOST)  # (J, N, N) [sector, buyer, seller], as all below
        left = 1 - share
        sales, taxes = of_sales.transpose(2, 0, 1) * self.sales, of_tax[None, :, None] * self.taxes
        won = (sales + taxes).sum(2, keepdims=True) * share / left - (sales + taxes) / left
        dearer = -np.log1p(-share) / self.elasticity[:, None, None]
        gained = of_price.T[:, :, None] * dearer + won
        return np.asarray(-np.expm1(gained).transpose(1, 2, 0))

    @cached_property
    def _gains(self) -> tuple[Array, Array, Array]:
        """Responses of ln real income to own prices, (N, J), to sales of anyone, (N, N, J), and to own taxes.

        They are read backwards through `_respond`: one case per country whose income it is.
        """
        theta, own = self.elasticity[None, :, None], np.arange(len(self.income))
        income = np.diag(1 / self.income)
        living = np.where(own[:, None, None] == own, self.final_share[:, :, None], 0.0)
        won = self.value_added_share[:, :, None] * self._before_wages(income)
        spent = _of_sellers(self.sales, won) + self._tax[:, :, None] * income[:, None]
        at_first = self._solve(self._spending_system, _over(spent, self.spending[:, :, None]), back=True)
        sold = won + self._costs(at_first)
        taxed = income + (self.final_share[:, :, None] * at_first).sum(1)
        each_tax = np.broadcast_to(taxed[:, None], sold.shape)
        chosen = theta * (_of_sellers(self.sales, sold) + self._tax[:, :, None] * each_tax)
        made = self.sales.sum(1).T[:, :, None]
        cost = -theta * (made * sold + _to_sellers(self.taxes, each_tax))
        dearer = (
            self._solve(self._price_system, chosen + self.input_share @ cost - living, back=True) - chosen
        )
        return dearer[own, :, own], sold.transpose(2, 0, 1), taxed[own, own]

    def _before_wages(self, income: Array) -> Array:
        """Return what ln real income, (N, N) for each, gains where demand for factors rises, (N, J, N)."""
        by_wages = self._income_of_wages.T @ income - self._living(self._price_of_wages).T
        demand = -lu_solve(self._factor_system, by_wages, trans=1)
        return np.asarray(self._ways.reshape(-1, len(demand)) @ demand).reshape(*self.spending.shape, -1)

    def _respond(self, dearer: Array, sold: Array, taxed: Array) -> tuple[Array, Array, Array, Array]:
        """Return ln income and cost of living, (N, M), output before wages move, (N, J, M), and ln wages.

        Args:
            dearer, sold, taxed: as `_stopped` returns them, with an axis for M cases.
        """
        price = self._solve(self._price_system, dearer)
        won, revenue = self._follow(self._costs(price), price - dearer, sold=sold, taxed=taxed)
        wages = self._cleared(self.value_added_share[:, :, None] * won)
        income = (revenue + self._income_of_wages @ wages) / self.income[:, None]
        return income, self._living(price) + self._living(self._price_of_wages) @ wages, won, wages

    def _stopped(self, pair: tuple[int, int]) -> tuple[Array, Array, Array]:
        """Return what the stop does before anyone answers: prices, output, (N, J), and taxes, (N,)."""
        dearer, sold = np.zeros_like(self.spending), np.zeros_like(self.spending)
        taxed = np.zeros(len(self.income))
        for buyer, seller in (pair, pair[::-1]):
            share = np.minimum(self.sourcing[:, buyer, seller], MOST)
            dearer[buyer] = -np.log1p(-share) / self.elasticity
            sold += _moved(self.sales[:, buyer], share, seller).T
            taxed[buyer] += _moved(self.taxes[:, buyer], share, seller).sum()
        return dearer, sold, taxed

    def _follow(
        self,
        cost: Array,
        chosen: Array,
        *,
        received: Array | float = 0.0,
        sold: Array | float = 0.0,
        taxed: Array | float = 0.0,
    ) -> tuple[Array, Array]:
        """Return output, (N, J, M), and revenue, (N, M), that follow from changes of costs and prices.

        Args:
            cost: (N, J, M), ln.
            chosen: (N, J, M), ln of what a buyer's offers cost, without what a stop takes away.
            received: factor income that changes.
            sold, taxed: output and taxes that change at once.
        """
        theta = self.elasticity[None, :, None]
        made = self.sales.sum(1).T[:, :, None]
        won = sold + theta * (_to_sellers(self.sales, chosen) - made * cost)
        tax = (self._tax[:, :, None] * theta * chosen - theta * _of_sellers(self.taxes, cost)).sum(1) + taxed
        at_first = self.input_share @ won + self.final_share[:, :, None] * (received + tax)[:, None, :]
        spent = self._solve(self._spending_system, at_first)
        ratio = _over(spent, self.spending[:, :, None])
        return won + _to_sellers(self.sales, ratio), tax + (self._tax[:, :, None] * ratio).sum(1)

    def _costs(self, price: Array) -> Array:
        return self.input_share.transpose(0, 2, 1) @ price

    @cached_property
    def _tax(self) -> Array:
        return np.asarray(self.taxes.sum(2).T)

    @cached_property
    def _ways(self) -> Array:
        """Ln wages by sector, (N, J, M), for each wage that can move: one per country, or one per cell."""
        countries, sectors = self.spending.shape
        if self.horizon is Horizon.SHORT:
            return np.eye(countries * sectors).reshape(countries, sectors, -1)
        return np.repeat(np.eye(countries)[:, None, :], sectors, axis=1)

    def _living(self, price: Array) -> Array:
        return np.asarray((self.final_share[:, :, None] * price).sum(1))

    @cached_property
    def _earned(self) -> Array:
        """Response of factor income, (N, M), to each wage."""
        return np.asarray((self.value_added[:, :, None] * self._ways).sum(1))

    @cached_property
    def _income_of_wages(self) -> Array:
        return self._earned + self._of_wages[1]

    @cached_property
    def _price_of_wages(self) -> Array:
        return self._solve(
            self._price_system, _of_sellers(self.sourcing, self.value_added_share[:, :, None] * self._ways)
        )

    @cached_property
    def _of_wages(self) -> tuple[Array, Array]:
        """Responses of output and revenue to each wage."""
        price = self._price_of_wages
        cost = self.value_added_share[:, :, None] * self._ways + self._costs(price)
        return self._follow(cost, price, received=self._earned)

    def _cleared(self, demand: Array) -> Array:
        """Return ln wages, (M, pairs), at which demand for factors that moved by so much is met."""
        return np.asarray(lu_solve(self._factor_system, -self._summed(demand)))

    @cached_property
    def _factor_system(self) -> tuple[Array, NDArray[np.int32]]:
        """Response of excess demand for factors to wages; world factor income stands for one market."""
        demanded = self.value_added_share[:, :, None] * self._of_wages[0]
        system = self._summed(demanded - self.value_added[:, :, None] * self._ways)
        size = self._summed(self.value_added[:, :, None])[:, 0]
        system -= np.outer(size, size / size.sum())
        idle = size <= 0
        system[idle], system[:, idle] = 0.0, 0.0
        system[idle, idle] = 1.0
        factors: tuple[Array, NDArray[np.int32]] = lu_factor(system)
        return factors

    def _summed(self, values: Array) -> Array:
        """Return (N, J, M) added up to the markets that clear, (M, ...)."""
        short = self.horizon is Horizon.SHORT
        return values.reshape(-1, values.shape[2]) if short else np.asarray(values.sum(1))

    @cached_property
    def _price_system(self) -> tuple[Array, NDArray[np.int32]]:
        cells = self.spending.size
        through = np.einsum("jni,ikj->njik", self.sourcing, self.input_share).reshape(cells, cells)
        factors: tuple[Array, NDArray[np.int32]] = lu_factor(np.eye(cells) - through)
        return factors

    @cached_property
    def _spending_system(self) -> tuple[Array, NDArray[np.int32]]:
        cells, own = self.spending.size, np.arange(len(self.income))
        reached = _over(self.sales, self.spending.T[:, :, None])
        chain = np.einsum("njk,kmn->njmk", self.input_share, reached)
        taxed = _over(self._tax, self.spending)
        chain[own, :, own, :] += self.final_share[:, :, None] * taxed[:, None, :]
        factors: tuple[Array, NDArray[np.int32]] = lu_factor(np.eye(cells) - chain.reshape(cells, cells))
        return factors

    @staticmethod
    def _solve(system: tuple[Array, NDArray[np.int32]], values: Array, *, back: bool = False) -> Array:
        flat = values.reshape(-1, values.shape[2])
        return np.asarray(lu_solve(system, flat, trans=int(back))).reshape(values.shape)


def nearby(structure: Structure, before: World, elasticity: Array, horizon: Horizon) -> Nearby:
    """Return how a solved world answers.

    Args:
        structure: the world in shares, for what does not depend on prices.
        before: the world.
        elasticity: (J,), θ.
        horizon: whether factors move between sectors.
    """
    paid = before.trade * (1 + before.tariff)
    return Nearby(
        sourcing=_over(paid, paid.sum(2, keepdims=True)),
        sales=before.trade,
        taxes=paid - before.trade,
        spending=paid.sum(2).T,
        value_added=before.value_added,
        value_added_share=structure.value_added_share,
        final_share=structure.final_share,
        input_share=structure.input_share,
        income=before.income,
        elasticity=elasticity,
        horizon=horizon,
    )


def _moved(flows: Array, share: Array, seller: int) -> Array:
    """Return by how much a buyer's flows, (J, N), change when one seller stops and the others take over."""
    change = flows * (share / (1 - share))[:, None]
    change[:, seller] = -flows[:, seller]
    return change


def _to_sellers(flows: Array, buyers: Array) -> Array:
    """Return Σₙ flows[j, n, i] · buyers[n, j, m], (N, J, M) [i, j, m]."""
    return np.asarray((flows.transpose(0, 2, 1) @ buyers.transpose(1, 0, 2)).transpose(1, 0, 2))


def _of_sellers(flows: Array, sellers: Array) -> Array:
    """Return Σᵢ flows[j, n, i] · sellers[i, j, m], (N, J, M) [n, j, m]."""
    return np.asarray((flows @ sellers.transpose(1, 0, 2)).transpose(1, 0, 2))


def _over(part: Array, whole: Array) -> Array:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
