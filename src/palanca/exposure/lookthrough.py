"""What a country depends on once suppliers of suppliers, and customers of customers, are counted.

An input is bought from the same origins by every sector of a country: proportional sourcing, as the
economy has it. Flows are at the seller's price, so what a sector pays its factors and the tariffs on its
inputs are both outside the matrix of coefficients.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Economy

Array = NDArray[np.float64]
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class LookThrough:
    """The direct and indirect links of one economy; N countries, J sectors.

    Attributes:
        economy: whose accounts these are.
        technical: (N · J, N · J), value of input i at the seller's price per unit value of output j.
        requirements: (N · J, N · J), output of i needed, directly and indirectly, per unit of j to
            final demand.
    """

    economy: Economy
    technical: Array
    requirements: Array

    @cached_property
    def value_added(self) -> xr.DataArray:
        """Value added of each origin that ends in each country's final demand, money.

        Dimensions (origin, destination); rows sum to the origin's value added.
        Source: Johnson and Noguera (2012), Journal of International Economics 86(2).
        """
        final, (n, j) = _final(self.economy), _shape(self.economy)
        added = ratio(self.economy.value_added.values, self.economy.output.values).reshape(-1, 1)
        embodied = (added * (self.requirements @ final)).reshape(n, j, n).sum(1)
        return self._pairs(embodied)

    @cached_property
    def value_added_share(self) -> xr.DataArray:
        """Share of each origin's value added that ends in each destination's final demand, percent."""
        return PERCENT * self.value_added / self.economy.value_added.sum("sector").rename(country="origin")

    @cached_property
    def value_added_exports(self) -> xr.DataArray:
        """Value added of each country absorbed by final demand abroad, (origin), money."""
        abroad = self.value_added.values * ~np.eye(len(self.economy.countries), dtype=bool)
        return xr.DataArray(abroad.sum(1), {"origin": list(self.economy.countries)})

    @cached_property
    def purchases(self) -> xr.DataArray:
        """Share of each partner in the inputs a sector buys, at face value and looked through, percent.

        Dimensions (view, country, sector, partner); the country itself is one of the partners. Looked
        through, the inputs of inputs count too. Zero where a sector buys nothing.

        Source: Baldwin, Freeman and Theodorakopoulos (2023), Brookings Papers on Economic Activity.
        """
        return self._views(self.technical, self._indirect)

    @cached_property
    def sales(self) -> xr.DataArray:
        """Share of each partner in what a sector sells as an input, at face value and looked through.

        As `purchases`, with the uses of uses counted: user j weighs as much as its output.

        Source: as `purchases`; Ghosh (1958), Economica 25.
        """
        output = self.economy.output.values.reshape(-1)
        return self._views((self.technical * output).T, (self._indirect * output).T)

    @cached_property
    def upstreamness(self) -> xr.DataArray:
        """Average number of sales until final demand, (country, sector): 1 is sold to final demand only.

        Not a number where nothing is produced.

        Source: Antràs, Chor, Fally and Hillberry (2012), American Economic Review 102(3).
        """
        output = self.economy.output.values.reshape(-1)
        steps = np.divide(
            self.requirements @ output, output, out=np.full_like(output, np.nan), where=output > 0
        )
        labels = {"country": list(self.economy.countries), "sector": list(self.economy.sectors)}
        return xr.DataArray(steps.reshape(_shape(self.economy)), labels)

    @cached_property
    def _indirect(self) -> Array:
        return self.requirements - np.eye(len(self.requirements))

    def _views(self, face: Array, through: Array) -> xr.DataArray:
        shares = np.stack([self._by_partner(face), self._by_partner(through)])
        labels = {
            "view": ["face", "through"],
            "country": list(self.economy.countries),
            "sector": list(self.economy.sectors),
            "partner": list(self.economy.countries),
        }
        return xr.DataArray(shares, labels)

    def _by_partner(self, links: Array) -> Array:
        """Return (N · J, N · J) [other, own] as shares of each partner, (N, J, N), percent."""
        n, j = _shape(self.economy)
        totals = links.reshape(n, j, n, j).sum(1).transpose(1, 2, 0)
        return PERCENT * ratio(totals, totals.sum(2, keepdims=True))

    def _pairs(self, values: Array) -> xr.DataArray:
        places = list(self.economy.countries)
        return xr.DataArray(values, {"origin": places, "destination": places})


def lookthrough(economy: Economy) -> LookThrough:
    """Return the direct and indirect links of an economy."""
    technical = technical_coefficients(economy)
    return LookThrough(economy, technical, total_requirements(technical))


def hidden(shares: xr.DataArray) -> xr.DataArray:
    """Return the share looked through less that at face value, percentage points; see `purchases`."""
    return shares.sel(view="through", drop=True) - shares.sel(view="face", drop=True)


def technical_coefficients(economy: Economy) -> Array:
    """Return the value of input i at the seller's price per unit value of output j, (N · J, N · J).

    Countries vary slowest. Columns, with value added and the tariffs on inputs, sum to one.
    """
    n, j = _shape(economy)
    spending = economy.intermediate_spending.values.T
    sourced = ratio(economy.intermediate.values, spending[None])  # (origin, input, country)
    used = ratio(economy.use.values, economy.output.values[:, None, :])  # (country, input, user)
    return np.asarray(np.einsum("ikn,nkj->iknj", sourced, used).reshape(n * j, n * j))


def total_requirements(technical: Array) -> Array:
    """Return output needed, directly and indirectly, per unit of final demand.

    Args:
        technical: (n, n), value of input i per unit value of output j.

    Source: Miller and Blair (2009), chapter 2.
    """
    return np.asarray(np.linalg.inv(np.eye(len(technical)) - technical))


def ratio(part: Array, whole: Array) -> Array:
    """Return part over whole, shapes broadcast; zero where the whole is zero."""
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


def _final(economy: Economy) -> Array:
    """Return final demand, (N · J, N), by destination."""
    n, j = _shape(economy)
    return np.asarray(economy.final.values.reshape(n * j, n))


def _shape(economy: Economy) -> tuple[int, int]:
    return len(economy.countries), len(economy.sectors)
