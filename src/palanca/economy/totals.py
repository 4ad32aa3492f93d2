"""A world of goods and non-traded output, from goods trade and product alone, for any pair of countries.

Every country makes goods and all else by one technique, the world's average, at the scale that its product
and its trade imply; a country that exports more than that makes what it exports and a little for home.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.economy.accounts import Economy
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.assumed import assumed

Array = NDArray[np.float64]

NAME = "World of totals 2023"
YEAR = 2023
SECTORS = ("goods", "nontraded")
UNIT = "USD million"
USD_PER_MILLION = 1e6


@dataclass(frozen=True, eq=False)
class Technique:
    """How output is made and income spent, everywhere.

    Attributes:
        inputs: (2, 2) [input, user], per unit of output.
        goods_in_final: goods in final demand, a fraction.
        least_home: smallest part of goods output sold at home.
    """

    inputs: Array
    goods_in_final: float
    least_home: float


@cache
def world_2023() -> Economy:
    """Return the world of 2023 in two sectors, USD million, goods at the border price; no tariffs.

    Countries whose goods trade or product is not on file are left out, and so are those that export
    goods worth several times their product; their trade is not counted.
    """
    most = assumed("totals")["most_exports"].value
    trade, product, countries = observed(most)
    made = technique()
    flows = closed(trade, product, made, countries)
    raised = int((goods_output(trade, product, made) <= exports_covered(trade, made)).sum())
    said = (
        "Every country has the technique and the final demand of the world's average of 2022.",
        f"Output of goods is an estimate, in {raised} countries what they export and a little for home.",
        "Output other than goods is not traded: trade in services is left out.",
        "Tariffs are zero; goods are valued at the border.",
        f"Countries that export goods worth more than {most:g} times their product are left out.",
    )
    return assembled(flows, Described(NAME, YEAR, UNIT, said))


def observed(most: float) -> tuple[Array, Array, tuple[str, ...]]:
    """Return goods trade, product, and the N countries with both on file.

    Args:
        most: largest exports over product.

    Returns:
        Trade, (N, N) [exporter, importer], and product, (N,), in USD million; labels.
    """
    totals = table("trade_totals").frame
    last = (
        table("gdp").frame.filter(pl.col("year") <= YEAR).sort("country", "year").group_by("country").last()
    )
    product = dict(last.select("country", "gdp_usd").iter_rows())
    sold = dict(totals.group_by("exporter").agg(pl.col("trade_usd").sum()).iter_rows())
    named = (set(totals["exporter"]) | set(totals["importer"])) & set(product)
    countries = tuple(sorted(code for code in named if sold.get(code, 0) <= most * product[code]))
    place = {code: at for at, code in enumerate(countries)}
    inside = totals.filter(pl.col("exporter").is_in(countries), pl.col("importer").is_in(countries))
    trade = np.zeros((len(countries), len(countries)))
    rows, columns = ([place[code] for code in inside[side]] for side in ("exporter", "importer"))
    trade[rows, columns] = inside["trade_usd"].to_numpy() / USD_PER_MILLION
    return trade, np.array([product[code] for code in countries]) / USD_PER_MILLION, countries


def last_product(frame: pl.DataFrame, year: int) -> dict[str, int]:
    """Return GDP, USD, of each country in its last year on file up to `year`."""
    past = frame.filter(pl.col("year") <= year).sort("country", "year")
    return dict(past.group_by("country", maintain_order=True).last().select("country", "gdp_usd").iter_rows())


def technique() -> Technique:
    """Return the world's average technique, from `data/parameters`."""
    value = {name: entry.value for name, entry in assumed("totals").items()}
    inputs = [[value[f"{made}_in_{user}"] for user in SECTORS] for made in SECTORS]
    return Technique(np.array(inputs), value["goods_in_final"], value["least_home"])


def closed(trade: Array, product: Array, made: Technique, countries: tuple[str, ...]) -> Flows:
    """Return flows of N countries in which goods trade and product are as observed.

    Args:
        trade: (N, N) [exporter, importer], goods.
        product: (N,), value added.
        made: how output is made.
        countries: N labels.
    """
    exports, imports = trade.sum(1), trade.sum(0)
    added = 1 - made.inputs.sum(0)
    goods = goods_output(trade, product, made)
    rest = (product - added[0] * goods) / added[1]
    use = made.inputs * np.stack([goods, rest], axis=1)[:, None, :]
    part = use.sum(2) / np.stack([goods - exports + imports, rest], axis=1)
    sales = np.zeros((len(goods), 2, len(goods)))
    sales[:, 0] = trade + np.diag(goods - exports)
    sales[:, 1] = np.diag(rest)
    inner = sales * part.T[None]
    return Flows(countries, SECTORS, inner, sales - inner, use, tariff=np.zeros_like(sales))


def goods_output(trade: Array, product: Array, made: Technique) -> Array:
    """Return output of goods, (N,), that clears the market for goods, or covers exports where it would not.

    Final demand is product plus the deficit; product is value added of both sectors.
    """
    (in_goods, in_rest), added = made.inputs[0], 1 - made.inputs.sum(0)
    deficit = trade.sum(0) - trade.sum(1)
    needed = made.goods_in_final * (product + deficit) + in_rest * product / added[1] - deficit
    cleared = needed / (1 - in_goods + in_rest * added[0] / added[1])
    return np.asarray(np.maximum(cleared, exports_covered(trade, made)))


def exports_covered(trade: Array, made: Technique) -> Array:
    """Return output of goods, (N,), that leaves the least part at home after exports."""
    return np.asarray(trade.sum(1) / (1 - made.least_home))
