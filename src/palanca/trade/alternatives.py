"""Other worlds that the sources allow: what sectors sell and spend is kept, where it goes is drawn."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from palanca.economy import Structure, trade_elasticity
from palanca.economy.assumed import assumed
from palanca.trade.equilibrium import SETTINGS, Model

Array = NDArray[np.float64]

SEED = 2022
THETA = 4.0  # of every sector, for wages that move by a thousandth
SETTLED = replace(SETTINGS, tolerance=1e-9)
ROUNDS = 40  # of fitting; wages, which are solved for afterwards, take up the rest


@lru_cache(maxsize=2)
def alternatives(world: Structure) -> tuple[Structure, ...]:
    """Return worlds as likely as the one reported, the same for the same one.

    Trade abroad errs as a whole, evenly spread over its range, and each pair of countries by itself; output,
    spending and deficits stay as they are, but for what tariffs make of the difference.

    Args:
        world: as reported.

    Raises:
        NotConverged: one of them was not found.
    """
    theta = trade_elasticity(dict.fromkeys(world.sectors, THETA), world.sectors)
    model = Model(world, theta, settings=SETTLED)
    return tuple(_settled(model, redirected(world, factor)) for factor in _factors(len(world.countries)))


def number() -> int:
    """Return how many worlds there are."""
    return int(assumed("uncertainty")["worlds"].value)


def _factors(countries: int) -> Iterator[Array]:
    """Yield what flows are multiplied by, (N, N) [buyer, seller]; sales at home are not."""
    known, random = assumed("uncertainty"), np.random.default_rng(SEED)
    abroad = ~np.eye(countries, dtype=bool)
    for place in range(number()):
        whole = known["openness"].value * (2 * (place + 0.5) / number() - 1)
        own = known["pair"].value * random.standard_normal((countries, countries))
        yield np.exp(abroad * (whole + own))


def redirected(structure: Structure, factor: Array) -> Structure:
    """Return the world with its flows multiplied by `factor`, fitted to what each sells and spends.

    Args:
        structure: the world in shares.
        factor: (N, N) [buyer, seller].
    """
    spent = _spending(structure)
    price = 1 + structure.tariff
    flows = structure.sourcing * spent[:, :, None] / price
    sold, flows = flows.sum(1), flows * factor
    for _ in range(ROUNDS):
        flows = flows * _over(sold, flows.sum(1))[:, None, :]
        flows = flows * _over(spent, (flows * price).sum(2))[:, :, None]
    sourcing = flows * price * _over(1.0, spent)[:, :, None]
    return replace(structure, sourcing=sourcing * _over(1.0, sourcing.sum(2))[:, :, None])


def _settled(model: Model, world: Structure) -> Structure:
    """Return a world with the wages at which it clears as its base, so that it starts from no change."""
    found = Model(world, model.elasticity, model.closure, model.settings, lender=model).before
    paid = found.trade * (1 + world.tariff)
    sourcing = paid * _over(1.0, paid.sum(2))[:, :, None]
    return replace(world, sourcing=sourcing, value_added=found.value_added)


def _spending(structure: Structure) -> Array:
    """Return what each country spends on each sector, tariffs paid, (J, N), money."""
    output = structure.value_added * _over(1.0, structure.value_added_share)
    inputs = np.einsum("nkj,nj->nk", structure.input_share, output)
    taxed = (structure.sourcing * structure.tariff / (1 + structure.tariff)).sum(2).T  # part of spending
    received = structure.value_added.sum(1) + structure.deficit
    before = (taxed * (inputs + structure.final_share * received[:, None])).sum(1)
    revenue = before / (1 - (taxed * structure.final_share).sum(1))
    return np.ascontiguousarray((inputs + structure.final_share * (received + revenue)[:, None]).T)


def _over(wanted: Array | float, found: Array) -> Array:
    """Return a ratio; zero where nothing is found."""
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
