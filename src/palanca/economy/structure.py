"""A world in shares: all that the exact-hat model needs to know of an economy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.economy.checks import share_faults
from palanca.errors import UnbalancedEconomy

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Structure:
    """A world in shares, with the value added and the deficits they are applied to.

    Countries (n, the buyer or producer; i, the seller) and sectors (j; k as an input) are in the order
    of the labels. Money is in one currency unit, the same throughout.

    Attributes:
        name: what the world is called in messages.
        countries: N labels.
        sectors: J labels.
        sourcing: (J, N, N) [j, n, i], share of n's spending on j that goes to i, tariff included;
            each row sums to one, or to zero where nothing is bought.
        tariff: (J, N, N) [j, n, i], ad valorem, a fraction of the value the seller receives.
        value_added_share: (N, J), value added over output; zero where nothing is produced.
        input_share: (N, J, J) [n, k, j], spending on input k over output of j.
        final_share: (N, J), share of income spent on j; sums to one.
        value_added: (N, J), money.
        deficit: (N,), money, imports less exports at the seller's price; sums to zero.

    Raises:
        UnbalancedEconomy: shares do not sum to one, or deficits to zero; every fault is listed.
    """

    name: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    sourcing: Array
    tariff: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    value_added: Array
    deficit: Array

    def __post_init__(self) -> None:
        if faults := share_faults(self):
            raise UnbalancedEconomy(f"The shares of {self.name} cannot be used:", faults)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of countries and of sectors."""
        return len(self.countries), len(self.sectors)

    @property
    def world_income(self) -> float:
        """Value added of the world, in money: the numeraire."""
        return float(self.value_added.sum())
