"""What building a world starts from: partial tables, and numbers nobody observes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Observed:
    """What is known: N countries in the table, J sectors, and the rest of the world (last, N + 1st).

    Money is in one unit, at the seller's price.

    Attributes:
        year, unit: of the accounts.
        countries: N labels.
        rest: label of the rest of the world.
        sectors: J labels.
        goods: (J,), which sectors are goods.
        intermediate: (N, J, N) [origin, input, destination], inputs bought.
        use: (N, J, J) [country, input, user], inputs of all N origins.
        output: (N, J).
        pattern: (W, J, W) [origin, sector, destination], final demand of an earlier year.
        pattern_countries: W labels, the last for all others.
        sales: (N + 1, G + 1, N + 1) [origin, goods, destination], sales for both uses: of the G sectors of
            goods, in their order, and last of all other sectors together.
        tariff: (N + 1, J, N + 1) [origin, sector, destination], ad valorem, fractions.
    """

    year: int
    unit: str
    countries: tuple[str, ...]
    rest: str
    sectors: tuple[str, ...]
    goods: NDArray[np.bool_]
    intermediate: Array
    use: Array
    output: Array
    pattern: Array
    pattern_countries: tuple[str, ...]
    sales: Array
    tariff: Array


@dataclass(frozen=True)
class Choices:
    """Numbers nobody observes, from `data/parameters`; all are fractions.

    Attributes:
        least_value_added: smallest part of output left to value added once inputs from the rest of
            the world are taken out.
        most_rest: largest sales of services to the rest of the world over those to the table's countries
            in a first guess, where only goods are known.
    """

    least_value_added: float
    most_rest: float
