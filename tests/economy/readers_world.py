"""A small world written as tables whose cells are known to the user of each input."""

import numpy as np
import polars as pl

from palanca.economy import Economy, synthetic

LEAST = 0.05


def small() -> Economy:
    """Return three countries and two sectors."""
    return synthetic(3, 2, seed=4)


def cube(economy: Economy) -> np.ndarray:
    """Return inputs by user, (N, J, N, J), with users sourcing alike."""
    by_user = economy.use.values / economy.use.values.sum(2, keepdims=True)
    return np.einsum("okd,dkj->okdj", economy.intermediate.values, by_user)


def long_table(economy: Economy) -> pl.DataFrame:
    """Return the rows of the world as a long table."""
    inputs, final = cube(economy), economy.final.values
    rows = []
    for o, origin in enumerate(economy.countries):
        for k, sector in enumerate(economy.sectors):
            for d, destination in enumerate(economy.countries):
                uses = zip(economy.sectors, inputs[o, k, d], strict=True)
                rows += [(origin, destination, sector, use, value) for use, value in uses]
                rows.append((origin, destination, sector, "final", final[o, k, d]))
    return pl.DataFrame(rows, schema=["origin", "destination", "sector", "use", "value"], orient="row")
