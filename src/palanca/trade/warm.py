"""Compiling the kernels at set-up, so that no simulation waits for it: `python -m palanca.trade.warm`."""

from palanca.economy import synthetic, trade_elasticity
from palanca.trade.equilibrium import Model
from palanca.trade.shock import added_tariff


def warm() -> None:
    """Solve a tiny world, so that every compiled loop is in the cache."""
    structure = synthetic(2, 2, seed=0, traded=1).structure
    elasticity = trade_elasticity(dict.fromkeys(structure.sectors, 4.0), structure.sectors)
    shock = added_tariff(structure, 0.1, origin=structure.countries[0], destination=structure.countries[1])
    Model(structure, elasticity).equilibrium(shock)


if __name__ == "__main__":
    warm()
