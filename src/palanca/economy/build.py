"""A balanced world from partial tables: intermediate flows known, final demand by destination estimated.

An inter-country table gives who sells inputs to whom and what each sector produces. What is left of a
sector's output is final demand or goes to countries outside the table, and is spread over destinations
by the pattern of an earlier year, fitted to trade totals. One region stands for all countries outside
and closes the world. What had to be assumed is returned with the result.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palanca.economy import rest
from palanca.economy.accounts import Economy, share
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.balance import Total, fitted, met, scaled
from palanca.economy.observed import Choices, Observed

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Assumption:
    """One thing assumed in building a world.

    Attributes:
        name: short, for tables.
        statement: a sentence to be printed with any result, with the size and what it measures.
        size: the number chosen, or how much the step moved.
    """

    name: str
    statement: str
    size: float


@dataclass(frozen=True, eq=False)
class Built:
    """A world and what it rests on."""

    economy: Economy
    assumptions: tuple[Assumption, ...]


def build(observed: Observed, choices: Choices, *, name: str) -> Built:
    """Return the balanced world of `observed`, closed by a rest of the world.

    Raises:
        UnbalancedEconomy: what is observed cannot be balanced under these choices.
    """
    sold, raised = without_oversold(observed)
    targets = replace(sold, goods_trade=observed.goods_trade * choices.seller_price * choices.level)
    final = final_demand(targets, choices)
    supply = rest.supply(targets, final, choices)
    closed = rest.closed(targets, final, supply)
    economy = assembled(_flows(observed, closed), Described(name, observed.year, observed.unit))
    misfit = pair_misfit(economy, targets)
    assumptions = stated(economy, observed, choices, raised=raised, misfit=misfit, cut=supply.cut)
    described = tuple(assumption.statement for assumption in assumptions)
    return Built(replace(economy, assumptions=described), assumptions)


def without_oversold(observed: Observed) -> tuple[Observed, float]:
    """Raise output, (N, J), to inputs sold where those exceed it; return also the part of output added."""
    needed = observed.intermediate.sum(2)
    output = np.maximum(observed.output, needed)
    return replace(observed, output=output), float(output.sum() / observed.output.sum() - 1)


def final_demand(observed: Observed, choices: Choices) -> Array:
    """Return final sales, (N, J, N + 1); those to the rest of the world, the last, include inputs."""
    left = observed.output - observed.intermediate.sum(2)
    steps = (
        lambda table: to_pairs(table, observed, choices),
        lambda table: met(table, left_of_known(observed, choices)),
        lambda table: at_home(table, left, choices),
        lambda table: scaled(table, 2, left),
    )
    return fitted(prior(observed, choices), steps)[0]


def to_pairs(table: Array, observed: Observed, choices: Choices) -> Array:
    """Scale goods of each pair of countries, in (N, J, N + 1), to trade totals less inputs."""
    inputs = observed.intermediate[:, observed.goods].sum(1)
    total = observed.goods_trade[:-1]
    target = np.maximum(total - np.pad(inputs, ((0, 0), (0, 1))), choices.least_final * total)
    np.fill_diagonal(target, np.nan)
    result = table.copy()
    result[:, observed.goods] = scaled(table[:, observed.goods], 1, target)
    return result


def left_of_known(observed: Observed, choices: Choices) -> list[Total]:
    """Return known imports less the inputs among them, at the seller's price."""
    left = []
    for total in observed.known_imports:
        value = total.value * choices.seller_price
        inputs = float(observed.intermediate[total.cells].sum())
        left.append(replace(total, value=max(value - inputs, choices.least_known * value)))
    return left


def at_home(table: Array, left: Array, choices: Choices) -> Array:
    """Raise final sales at home, in (N, J, N + 1), to their smallest part of what is left, (N, J)."""
    own = np.arange(len(table))
    result = table.copy()
    result[own, :, own] = np.maximum(table[own, :, own], choices.least_home * left)
    return result


def prior(observed: Observed, choices: Choices) -> Array:
    """Return a first guess of final sales, (N, J, N + 1), from the pattern of the earlier year."""
    known = {label: at for at, label in enumerate(observed.pattern_countries[:-1])}
    own_row = np.array([known.get(country, -1) for country in observed.countries])
    column = np.append(own_row, -1)
    table = observed.pattern[own_row][:, :, column]
    table[:, :, column == -1] *= part_of_others(observed, column == -1)[:, None, :]
    outside = np.flatnonzero(own_row == -1)
    table[outside] = like_inputs(observed, choices)[outside]
    smallest = 1e-12 * observed.output[:, :, None]  # so that a total can be met where the pattern is empty
    return np.asarray(np.maximum(table, 0.0) + smallest)


def part_of_others(observed: Observed, others: NDArray[np.bool_]) -> Array:
    """Return each origin's goods sales to each of the `others`, over those to all of them, (N, others)."""
    sales = np.nan_to_num(observed.goods_trade[:-1][:, others])
    return share(sales, sales.sum(1, keepdims=True))


def like_inputs(observed: Observed, choices: Choices) -> Array:
    """Return final sales, (N, J, N + 1), spread abroad as inputs are, at home as the pattern's others are."""
    count = len(observed.countries)
    others = observed.pattern[-1]
    home = share(others[:, -1], others.sum(1))
    sales = np.nan_to_num(observed.goods_trade[:-1])
    foreign = observed.intermediate * ~np.eye(count, dtype=bool)[:, None, :]
    to_rest = np.minimum(share(sales[:, -1], sales[:, :-1].sum(1)), choices.most_rest)
    foreign = np.concatenate([foreign, foreign.sum(2, keepdims=True) * to_rest[:, None, None]], axis=2)
    fallback = np.broadcast_to(sales[:, None, :], foreign.shape)
    foreign = np.where(foreign.sum(2, keepdims=True) > 0, foreign, fallback)
    spread = share(foreign, foreign.sum(2, keepdims=True)) * (1 - home)[None, :, None]
    own = np.arange(count)
    spread[own, :, own] = home
    return np.asarray(spread * observed.output[:, :, None])


def _flows(observed: Observed, closed: rest.Closed) -> Flows:
    countries = (*observed.countries, observed.rest)
    flows = (closed.intermediate, closed.final, closed.use)
    return Flows(countries, observed.sectors, *flows, tariff=observed.tariff)


def pair_misfit(economy: Economy, observed: Observed) -> float:
    """Return how far goods trade between pairs misses its totals, over the sum of those known."""
    flow = economy.trade.values[:, observed.goods].sum(1)
    gap = np.abs(flow - observed.goods_trade) * ~np.eye(len(flow), dtype=bool)
    return float(np.nansum(gap) / np.nansum(observed.goods_trade))


def stated(
    economy: Economy, observed: Observed, choices: Choices, *, raised: float, misfit: float, cut: float
) -> tuple[Assumption, ...]:
    """Return every assumption behind the world, in the order it was made."""
    foreign = economy.trade.where(economy.trade["origin"] != economy.trade["destination"], 0.0)
    taxed = float((foreign * economy.tariff).sum() / foreign.sum())
    product = float(economy.value_added.sel(country=observed.rest).sum())
    estimated = float(economy.final.sum() / economy.trade.sum())
    fit = "the pattern of an earlier year, fitted to output and to trade totals"
    like = "like the table's countries that the pattern counts as others"
    said = (
        ("output", "Output is raised to the inputs sold where those exceed it; part added", raised),
        ("price", "Trade totals at the border are cut to the seller's price; factor", choices.seller_price),
        ("level", "Trade totals are taken to the year described; factor", choices.level),
        ("final demand", f"Final demand by destination is an estimate: {fit}; part of all sales", estimated),
        ("home", "Part of final sales that stays at home, at least", choices.least_home),
        ("misfit", "Goods trade between pairs misses its totals; part of them", misfit),
        ("rest", f"{observed.rest} sells, produces and spends {like}; its product", product),
        ("inputs", "Inputs from it are cut where value added would vanish; part cut", cut),
        ("tariffs", "Tariffs are those given, and none elsewhere; average on all trade", taxed),
    )
    return tuple(Assumption(name, f"{text}: {size:.4g}.", size) for name, text, size in said)
