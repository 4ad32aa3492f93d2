"""Friends and enemies: what growth in one country does to income and welfare in every other.

Exposures are elasticities, axes [country, partner]: one per cent more productivity in all sectors of the
partner changes factor income, or real income, of the country by so many per cent, at a numeraire of
fixed world factor income. They rank exposure to small changes; for large ones use the exact model.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.errors import InputError
from palanca.exposure.lookthrough import ratio
from palanca.trade import Shock
from palanca.trade.shock import labelled

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Friends:
    """Exposure to productivity growth in each partner.

    Attributes:
        income: (country, partner), elasticity of factor income.
        welfare: (country, partner), elasticity of real income; above zero the partner's growth helps.
    """

    income: xr.DataArray
    welfare: xr.DataArray


def friends(structure: Structure, elasticity: xr.DataArray) -> Friends:
    """Return exposures at the world as it is: several sectors, inputs, tariffs, fixed deficits.

    The equilibrium of Caliendo and Parro is differentiated implicitly: prices, then spending, then the
    wages that clear the market of factors, which move between sectors.

    Args:
        structure: the world in shares.
        elasticity: (sector), θ.

    Source: the idea is Kleinman, Liu and Redding's (2024), American Economic Journal: Macroeconomics 16.
    """
    base = _base(structure, elasticity)
    countries = len(structure.countries)
    cost, price = _prices(base, countries)
    sold, revenue = _sales(base, cost, price)
    demand = np.einsum("nj,njs->ns", base.value_added_share, sold)
    product = structure.value_added.sum(1)
    demand[:, :countries] -= np.diag(product)
    wage = _cleared(demand[:, :countries], demand[:, countries:], product)
    grown = np.concatenate([wage, np.eye(countries)])  # wages and productivity after growth, by partner
    income = (product[:, None] * wage + revenue @ grown) / base.income[:, None]
    living = np.einsum("nj,njs->ns", structure.final_share, price) @ grown
    return Friends(_pairs(wage, structure), _pairs(income - living, structure))


def closed_form(shares: Array, income: Array, elasticity: float) -> tuple[Array, Array]:
    """Return income and welfare exposure, (N, N) each: one sector, no inputs, no tariffs, balanced trade.

    Args:
        shares: (N, N) [country, seller], S, rows sum to one.
        income: (N,), q, shares of world income.
        elasticity: θ.

    Source: Kleinman, Liu and Redding (2024), American Economic Journal: Macroeconomics 16.
    """
    one = np.eye(len(income))
    paid = shares.T * income[None, :] / income[:, None]  # T[i, n], share of i's income earned from n
    crossed = paid @ shares
    numeraire = np.broadcast_to(income, one.shape)
    moved = (paid + elasticity * crossed) / (elasticity + 1) - numeraire
    exposure = -elasticity / (elasticity + 1) * np.linalg.solve(one - moved, crossed - one)
    return np.asarray(exposure), np.asarray((one - shares) @ exposure + shares)


def growth(structure: Structure, country: str, percent: float) -> Shock:
    """Return the shock in which all sectors of `country` become so many per cent more productive.

    One unit of output then costs less to make for every buyer, at home too: a lower iceberg cost on all
    that the country sells, own sales included.

    Raises:
        InputError: the country is not in the world.
    """
    if country not in structure.countries:
        raise InputError(f"{structure.name} has no {country}.")
    iceberg = np.ones_like(structure.sourcing)
    iceberg[:, :, structure.countries.index(country)] = 1 / (1 + percent / 100)
    return Shock(iceberg=labelled(iceberg, structure))


@dataclass(frozen=True, eq=False)
class _Base:
    """The world at the point of differentiation.

    Attributes:
        sourcing, delivered: (J, N, N) [j, n, i], shares of spending, and those over one plus the tariff.
        value_added_share, final_share, spending, output: (N, J).
        input_share: (N, J, J) [n, k, j].
        elasticity: (J,).
        income: (N,), spent on final demand.
    """

    sourcing: Array
    delivered: Array
    value_added_share: Array
    final_share: Array
    input_share: Array
    elasticity: Array
    product: Array
    spending: Array
    output: Array
    income: Array


def _base(structure: Structure, elasticity: xr.DataArray) -> _Base:
    delivered = structure.sourcing / (1 + structure.tariff)
    output = ratio(structure.value_added, structure.value_added_share)
    inputs = np.einsum("nkj,nj->nk", structure.input_share, output)
    product = structure.value_added.sum(1)
    taxed = (structure.sourcing - delivered).sum(2).T
    given = product + structure.deficit
    revenue = (taxed * (inputs + structure.final_share * given[:, None])).sum(1)
    income = given + revenue / (1 - (taxed * structure.final_share).sum(1))
    return _Base(
        sourcing=structure.sourcing,
        delivered=delivered,
        value_added_share=structure.value_added_share,
        final_share=structure.final_share,
        input_share=structure.input_share,
        elasticity=elasticity.sel(sector=list(structure.sectors)).values,
        product=product,
        spending=inputs + structure.final_share * income[:, None],
        output=output,
        income=income,
    )


def _prices(base: _Base, countries: int) -> tuple[Array, Array]:
    """Return responses of ln cost and ln price, (N, J, 2N) each, to ln wages and ln productivity."""
    sectors = len(base.elasticity)
    cells = countries * sectors
    one = np.eye(countries)
    wages = base.value_added_share[:, :, None] * one[:, None, :]
    direct = np.concatenate([wages, np.broadcast_to(-one[:, None, :], wages.shape)], axis=2)
    through = np.einsum("jni,ikj->njik", base.sourcing, base.input_share).reshape(cells, cells)
    sourced = np.einsum("jni,ijs->njs", base.sourcing, direct).reshape(cells, -1)
    price = np.linalg.solve(np.eye(cells) - through, sourced).reshape(countries, sectors, -1)
    cost = direct + np.einsum("nkj,nks->njs", base.input_share, price)
    return cost, price


def _sales(base: _Base, cost: Array, price: Array) -> tuple[Array, Array]:
    """Return responses of output, (N, J, 2N), and of tariff revenue, (N, 2N), in money."""
    countries, sectors, _ = cost.shape
    theta = base.elasticity[None, :, None]
    flows = base.delivered * base.spending.T[:, :, None]
    reached = base.delivered.sum(2).T
    won = theta * (np.einsum("jni,njs->ijs", flows, price) - base.output[:, :, None] * cost)
    paid_to_sellers = theta * (
        (base.spending * reached)[:, :, None] * price - np.einsum("jni,ijs->njs", flows, cost)
    )
    wages = np.concatenate([np.diag(base.product), np.zeros((countries, countries))], axis=1)
    received = wages - paid_to_sellers.sum(1)  # income before what changes with spending
    at_first = np.einsum("njk,nks->njs", base.input_share, won)
    at_first += base.final_share[:, :, None] * received[:, None, :]
    chain = np.einsum("njk,kmn->njmk", base.input_share, base.delivered)
    own = np.arange(countries)
    chain[own, :, own, :] += base.final_share[:, :, None] * (1 - reached)[:, None, :]
    cells = countries * sectors
    spent = np.linalg.solve(np.eye(cells) - chain.reshape(cells, cells), at_first.reshape(cells, -1))
    spent = spent.reshape(countries, sectors, -1)
    sold = won + np.einsum("jni,njs->ijs", base.delivered, spent)
    return sold, ((1 - reached)[:, :, None] * spent).sum(1) - paid_to_sellers.sum(1)


def _cleared(wages: Array, growth: Array, product: Array) -> Array:
    """Return the wages, (N, N), at which markets clear; world factor income stands for the last market."""
    system = np.concatenate([wages, product[None, :]])
    excess = np.concatenate([-growth, np.zeros((1, growth.shape[1]))])
    return np.asarray(np.linalg.lstsq(system, excess, rcond=None)[0])


def _pairs(values: Array, structure: Structure) -> xr.DataArray:
    places = list(structure.countries)
    return xr.DataArray(values, {"country": places, "partner": places})
