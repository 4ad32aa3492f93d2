"""Random worlds, elasticities and shocks that the tests of the trade model share."""

import numpy as np
from hypothesis import strategies as st

from palanca.economy import synthetic, trade_elasticity
from palanca.trade import Shock
from palanca.trade.shock import labelled


def elasticity_of(economy, seed, *, highest=12.0):
    """Random θ between 1.5 and, if no other bound is given, 12, the range of most estimates."""
    values = np.random.default_rng(seed).uniform(1.5, highest, len(economy.sectors))
    return trade_elasticity(dict(zip(economy.sectors, values, strict=True)), economy.sectors)


def random_shock(economy, seed, *, most=0.5):
    """Random new tariffs and iceberg costs on all foreign flows."""
    draw = np.random.default_rng(seed)
    foreign = ~np.eye(len(economy.countries), dtype=bool)
    shape = economy.structure.tariff.shape
    tariff = np.where(foreign, draw.uniform(0.0, most, shape), 0.0)
    iceberg = np.where(foreign, draw.uniform(0.9, 1.3, shape), 1.0)
    return Shock(labelled(tariff, economy.structure), labelled(iceberg, economy.structure))


@st.composite
def worlds(draw):
    """A random balanced world and elasticities for it."""
    seed = draw(st.integers(0, 10**6))
    sectors = draw(st.integers(1, 4))
    traded = draw(st.integers(1, sectors))
    economy = synthetic(draw(st.integers(2, 5)), sectors, seed=seed, traded=traded)
    return economy, elasticity_of(economy, seed)
