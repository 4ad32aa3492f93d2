"""Iterative proportional fitting: a table that keeps its pattern and meets several totals at once.

Source: Bacharach (1970), Biproportional Matrices and Input-Output Change.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def scaled(table: Array, axis: int | tuple[int, ...], totals: Array) -> Array:
    """Return the table with its sums over `axis` scaled to `totals`; empty sums stay empty.

    Args:
        table: any shape, not negative.
        axis: summed over.
        totals: of the sums' shape; where it is not a number, the cells are left alone.
    """
    sums = table.sum(axis)
    known = (sums > 0) & np.isfinite(totals)
    factor = np.divide(totals, sums, out=np.ones_like(sums), where=known)
    return np.asarray(table * np.expand_dims(factor, axis))


def fitted(
    prior: Array, steps: Sequence[Callable[[Array], Array]], *, rounds: int = 500, tolerance: float = 1e-9
) -> tuple[Array, int]:
    """Return the table after applying `steps` in turn until it settles, and the rounds that took.

    The last step is met exactly; earlier ones as far as the last allows.

    Args:
        prior: the table to start from.
        steps: each scales the table to one family of totals.
        rounds: most rounds.
        tolerance: largest change of a cell in a round, over the largest cell.
    """
    table = prior
    for count in range(1, rounds + 1):
        last = table
        for step in steps:
            table = step(table)
        if np.abs(table - last).max() <= tolerance * table.max():
            return table, count
    return table, rounds
