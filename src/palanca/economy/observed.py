"""What building a world starts from: partial tables, and numbers nobody observes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.economy.balance import Total

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Observed:
    """What is known: N countries in the table, J sectors, and the rest of the world (last, N + 1st).

    Money is in one unit, at the seller's price unless said otherwise.

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
        goods_trade: (N + 1, N + 1) [exporter, importer], goods at the border price of `Choices`; not a
            number where nobody reports.
        known_imports: totals of goods imports at the border price, by groups of [origin, sector,
            destination].
        rest_product: value added of the rest of the world.
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
    goods_trade: Array
    known_imports: tuple[Total, ...]
    rest_product: float
    tariff: Array


@dataclass(frozen=True)
class Choices:
    """Numbers nobody observes, from `data/parameters`; all are fractions.

    Attributes:
        seller_price: value at the seller's price of one unit at the border.
        level: trade of the year described over trade of the year of the totals.
        least_final: smallest part of a pair's total left for final demand.
        least_known: the same for a known group of imports.
        least_home: smallest part of final sales that stays at home.
        least_value_added: smallest part of output left to value added once inputs from the rest of
            the world are taken out.
        most_rest: largest sales to the rest of the world over sales to the table's countries, where
            only goods are known.
    """

    seller_price: float
    level: float
    least_final: float
    least_known: float
    least_home: float
    least_value_added: float
    most_rest: float
