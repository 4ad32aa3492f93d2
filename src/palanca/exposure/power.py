"""Power between two countries: whose loss of the other's trade would be the larger.

Every matrix has axes [country, partner] and the same direction: above zero, it is the partner that has
power over the country. Percent unless said otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from palanca.economy import Economy, Structure
from palanca.economy.assumed import assumed
from palanca.errors import InputError
from palanca.exposure.lookthrough import ratio

Array = NDArray[np.float64]
PERCENT = 100.0


def across_sectors() -> float:
    """Return ρ, the elasticity of substitution across sectors that is assumed."""
    return assumed("power")["across_sectors"].value


def partner_shares(economy: Economy) -> Array:
    """Return the share of each partner in a country's exports and imports together, (N, N), percent."""
    flows = _between(economy)
    both = flows + flows.T
    return PERCENT * ratio(both, both.sum(1, keepdims=True))


def hirschman(economy: Economy) -> Array:
    """Return the partner's share of the country's trade less the country's of the partner's, (N, N).

    Percentage points; antisymmetric. Trade is exports plus imports of goods and services.

    Source: Hirschman (1945), National Power and the Structure of Foreign Trade; this difference is ours.
    """
    shares = partner_shares(economy)
    return shares - shares.T


def import_dependence(economy: Economy, elasticity: xr.DataArray) -> Array:
    """Return imports from the partner over product, each sector over its θ, (N, N), percent.

    Imports are at the price the buyer pays; product is value added, our choice of what they are set
    against.

    Source: Liu and Yang (2025), International Power, NBER Working Paper 34006.
    """
    theta = elasticity.sel(sector=list(economy.sectors)).values
    paid = (economy.trade * (1 + economy.tariff)).values  # (origin, sector, destination)
    weighed = np.einsum("ijn,j->ni", paid, 1 / theta)
    np.fill_diagonal(weighed, 0.0)
    return PERCENT * ratio(weighed, economy.value_added.sum("sector").values[:, None])


def liu_yang(economy: Economy, elasticity: xr.DataArray) -> Array:
    """Return the country's dependence on imports from the partner less the partner's, (N, N).

    Percent of product; antisymmetric. Source: as `import_dependence`.
    """
    dependence = import_dependence(economy, elasticity)
    return dependence - dependence.T


def nested_loss(weight: Array, withdrawn: Array, elasticity: Array, across: float) -> Array:
    """Return the loss when suppliers withdraw and all prices stay, (...), in logs.

    Infinite where a buyer loses all of a sector that it cannot do without.

    Args:
        weight: (..., J), Ω, share of each sector in spending; sums to one.
        withdrawn: (..., J), ω, share within the sector of the suppliers that withdraw.
        elasticity: (J,), θ, elasticity of substitution between suppliers less one.
        across: ρ, elasticity of substitution across sectors, positive.

    Source: Clayton, Maggiori and Schreger (2024), A Theory of Economic Coercion and Fragmentation, NBER
    Working Paper 33309: two nests of CES.
    """
    with np.errstate(divide="ignore"):
        dearer = -np.log1p(-withdrawn) / elasticity  # rise of the price of each sector
    if across == 1:
        return np.asarray((weight * _only_used(dearer, weight)).sum(-1))
    with np.errstate(over="ignore", divide="ignore"):
        left = (weight * _only_used(np.expm1((1 - across) * dearer), weight)).sum(-1)
        return np.asarray(np.log1p(left) / (1 - across))


def nested_gradient(weight: Array, withdrawn: Array, elasticity: Array, across: float) -> Array:
    """Return by how much the loss falls per share of all spending moved to other suppliers, (..., J).

    Spending moves within its sector; the gradient with respect to ω is this times Ω. Arguments and
    source as `nested_loss`.
    """
    kept = 1 - withdrawn
    total = (weight * kept ** ((across - 1) / elasticity)).sum(-1, keepdims=True)
    return np.asarray(kept ** ((across - 1) / elasticity - 1) / elasticity / total)


def _only_used(values: Array, weight: Array) -> Array:
    """Return zero where nothing is spent, so that what is infinite there does not count."""
    return np.where(weight > 0, values, 0.0)


def supply_losses(structure: Structure, elasticity: xr.DataArray, *, across: float | None = None) -> Array:
    """Return what each country loses when each partner alone withdraws its supply, (N, N), percent.

    Spending on inputs and on final demand counts; own supply is not withdrawn. Source: `nested_loss`.
    """
    theta = elasticity.sel(sector=list(structure.sectors)).values
    shares = _foreign(structure)
    losses = nested_loss(spending_weights(structure)[:, None, :], shares, theta, _across(across))
    return PERCENT * -np.expm1(-losses)


def spending_weights(structure: Structure) -> Array:
    """Return the share of each sector in a country's spending on inputs and final demand, (N, J)."""
    output = ratio(structure.value_added, structure.value_added_share)
    inputs = np.einsum("nkj,nj->nk", structure.input_share, output)
    received = structure.value_added.sum(1) + structure.deficit
    revenue = _revenue(structure, output)
    spent = inputs + structure.final_share * (received + revenue)[:, None]
    return ratio(spent, spent.sum(1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Threat:
    """Suppliers that withdraw together, as one country meets it.

    Attributes:
        country: whose loss it is.
        coalition: who withdraws.
        sectors: labels.
        weight: (J,), Ω.
        shares: (members, J), each member's share of the sector.
        elasticity: (J,), θ.
        across: ρ.
    """

    country: str
    coalition: tuple[str, ...]
    sectors: tuple[str, ...]
    weight: Array
    shares: Array
    elasticity: Array
    across: float

    @cached_property
    def loss(self) -> float:
        """The loss when all withdraw all sectors, in logs."""
        return float(self._loss(self.shares.sum(0)))

    @cached_property
    def by_member(self) -> xr.DataArray:
        """The loss when one member withdraws alone, (member), in logs."""
        alone = nested_loss(self.weight, self.shares, self.elasticity, self.across)
        return xr.DataArray(alone, {"member": list(self.coalition)})

    @cached_property
    def by_sector(self) -> xr.DataArray:
        """The loss when all withdraw one sector alone, (sector), in logs."""
        alone = nested_loss(self.weight, np.diag(self.shares.sum(0)), self.elasticity, self.across)
        return xr.DataArray(alone, {"sector": list(self.sectors)})

    @property
    def premium(self) -> float:
        """What acting together adds to the sum of what the members do alone, in logs."""
        return self.loss - float(self.by_member.sum())

    @property
    def premium_across_sectors(self) -> float:
        """What threatening all sectors together adds to the sum of the sectors alone, in logs."""
        return self.loss - float(self.by_sector.sum())

    @cached_property
    def gradient(self) -> xr.DataArray:
        """Fall of the loss per share of all spending moved to other suppliers, (sector), in logs."""
        slopes = nested_gradient(self.weight, self.shares.sum(0), self.elasticity, self.across)
        return xr.DataArray(slopes, {"sector": list(self.sectors)})

    def _loss(self, withdrawn: Array) -> Array:
        return nested_loss(self.weight, withdrawn, self.elasticity, self.across)


def threat(
    economy: Economy | Structure,
    country: str,
    coalition: Sequence[str],
    *,
    elasticity: xr.DataArray,
    across: float | None = None,
) -> Threat:
    """Return what `country` faces when the members of a coalition withdraw their supply together.

    Args:
        economy: the world.
        country: whose loss it is.
        coalition: who withdraws; one country or several.
        elasticity: (sector), θ.
        across: ρ; what `data/parameters/power.yaml` assumes, if not given.

    Raises:
        InputError: a country is not in the world, or the coalition is empty or holds the country itself.
    """
    structure = economy.structure if isinstance(economy, Economy) else economy
    if lost := [code for code in (country, *coalition) if code not in structure.countries]:
        raise InputError(f"{structure.name} has no {', '.join(lost)}.")
    if country in coalition or not coalition:
        raise InputError(f"A coalition against {country} needs a member, and {country} cannot be one.")
    places = [structure.countries.index(code) for code in dict.fromkeys(coalition)]
    buyer = structure.countries.index(country)
    return Threat(
        country=country,
        coalition=tuple(dict.fromkeys(coalition)),
        sectors=structure.sectors,
        weight=spending_weights(structure)[buyer],
        shares=_foreign(structure)[buyer, places],
        elasticity=elasticity.sel(sector=list(structure.sectors)).values,
        across=_across(across),
    )


def by_region(lost: xr.DataArray, weights: xr.DataArray) -> xr.DataArray:
    """Return losses by sector shared out to regions of the country, (region); their sum is kept.

    Any division of a country can be passed, its states for one, once the share of each region in the
    value added of each sector is known.

    Args:
        lost: (sector), losses as a part of the country's value added; see `withdrawal.Side.by_sector`.
        weights: (region, sector), share of each region in the sector; columns sum to one.

    Raises:
        InputError: a sector that loses has no weights, or weights do not sum to one.
    """
    sectors = [str(label) for label in lost["sector"].values]
    known = {str(label) for label in weights["sector"].values}
    if missing := [label for label in sectors if label not in known]:
        raise InputError(f"No weights of regions for {', '.join(missing)}.")
    chosen = weights.sel(sector=sectors)
    if not np.allclose(chosen.sum("region"), 1.0):
        raise InputError("The weights of regions do not sum to one in every sector.")
    return (chosen * lost).sum("sector")


def _across(given: float | None) -> float:
    return across_sectors() if given is None else given


def _between(economy: Economy) -> Array:
    """Return exports, (N, N) [origin, destination], money at the seller's price; own sales are zero."""
    flows = economy.trade.sum("sector").values.copy()
    np.fill_diagonal(flows, 0.0)
    return np.asarray(flows)


def _foreign(structure: Structure) -> Array:
    """Return the share of each foreign seller, (N, N, J) [buyer, seller, sector]."""
    shares = structure.sourcing.transpose(1, 2, 0).copy()
    own = np.arange(len(shares))
    shares[own, own] = 0.0
    return shares


def _revenue(structure: Structure, output: Array) -> Array:
    """Return tariffs collected, (N,), money: what spending exceeds the receipts of sellers by.

    Spending and revenue depend on each other; the sum of the chain is solved for.
    """
    taxed = (structure.sourcing * structure.tariff / (1 + structure.tariff)).sum(2).T  # part of spending
    inputs = np.einsum("nkj,nj->nk", structure.input_share, output)
    received = structure.value_added.sum(1) + structure.deficit
    at_first = (taxed * (inputs + structure.final_share * received[:, None])).sum(1)
    return np.asarray(at_first / (1 - (taxed * structure.final_share).sum(1)))
