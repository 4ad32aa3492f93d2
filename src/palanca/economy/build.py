"""A balanced world from partial tables: sales of goods known by destination, services known as a whole.

One table gives who sells inputs to whom and what each sector produces; another, what each country sells to
each, of goods by sector and of services as one. Their difference is final demand. Only the split of services
by sector is an estimate: it starts from the pattern of an earlier year and meets each sector's output and
each pair's total. One region stands for all countries outside and closes the world. What had to be assumed
is returned with the result.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palanca.economy import rest
from palanca.economy.accounts import Economy, share
from palanca.economy.assemble import Described, Flows, assembled
from palanca.economy.balance import fitted, scaled
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
    final = final_demand(sold, choices)
    supply = rest.supply(sold, final, choices)
    closed = rest.closed(sold, final, supply)
    economy = assembled(_flows(observed, closed), Described(name, observed.year, observed.unit))
    assumptions = stated(economy, observed, raised=raised, cut=supply.cut)
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
    final = np.empty((*left.shape, len(left) + 1))
    inputs = np.pad(observed.intermediate, ((0, 0), (0, 0), (0, 1)))
    final[:, observed.goods] = np.maximum(observed.sales[:-1, :-1] - inputs[:, observed.goods], 0.0)
    final[:, ~observed.goods] = services(observed, choices, left[:, ~observed.goods])
    return scaled(final, 2, left)


def services(observed: Observed, choices: Choices, left: Array) -> Array:
    """Return final sales of services, (N, S, N + 1), of which each pair's total and each output are known.

    Args:
        observed: for the totals.
        choices: for the first guess.
        left: (N, S), output less inputs sold.
    """
    inputs = np.pad(observed.intermediate[:, ~observed.goods].sum(1), ((0, 0), (0, 1)))
    pairs = np.maximum(observed.sales[:-1, -1] - inputs, 0.0)
    steps = (lambda table: scaled(table, 1, pairs), lambda table: scaled(table, 2, left))
    return fitted(prior(observed, choices)[:, ~observed.goods], steps)[0]


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
    sales = observed.sales[:-1, :-1].sum(1)[:, others]
    return share(sales, sales.sum(1, keepdims=True))


def like_inputs(observed: Observed, choices: Choices) -> Array:
    """Return final sales, (N, J, N + 1), spread abroad as inputs are, at home as the pattern's others are."""
    count = len(observed.countries)
    others = observed.pattern[-1]
    home = share(others[:, -1], others.sum(1))
    sales = abroad(observed.sales[:-1, :-1].sum(1))
    foreign = observed.intermediate * ~np.eye(count, dtype=bool)[:, None, :]
    to_rest = np.minimum(share(sales[:, -1], sales[:, :-1].sum(1)), choices.most_rest)
    foreign = np.concatenate([foreign, foreign.sum(2, keepdims=True) * to_rest[:, None, None]], axis=2)
    fallback = np.broadcast_to(sales[:, None, :], foreign.shape)
    foreign = np.where(foreign.sum(2, keepdims=True) > 0, foreign, fallback)
    spread = share(foreign, foreign.sum(2, keepdims=True)) * (1 - home)[None, :, None]
    own = np.arange(count)
    spread[own, :, own] = home
    return np.asarray(spread * observed.output[:, :, None])


def abroad(sales: Array) -> Array:
    """Return sales, (N, N + 1), without those at home."""
    result = sales.copy()
    np.fill_diagonal(result, 0.0)
    return result


def _flows(observed: Observed, closed: rest.Closed) -> Flows:
    countries = (*observed.countries, observed.rest)
    flows = (closed.intermediate, closed.final, closed.use)
    return Flows(countries, observed.sectors, *flows, tariff=observed.tariff)


def stated(economy: Economy, observed: Observed, *, raised: float, cut: float) -> tuple[Assumption, ...]:
    """Return every assumption behind the world, in the order it was made."""
    foreign = economy.trade.where(economy.trade["origin"] != economy.trade["destination"], 0.0)
    taxed = float((foreign * economy.tariff).sum() / foreign.sum())
    product = float(economy.value_added.sel(country=observed.rest).sum())
    services = [label for label, goods in zip(observed.sectors, observed.goods, strict=True) if not goods]
    estimated = float(foreign.sel(sector=services).sum() / foreign.sum())
    known = "Final demand for goods by destination is all sales less inputs, both as reported"
    split = "Services by destination are reported as one; their split by sector is an estimate"
    like = "like the table's countries that the pattern counts as others"
    said = (
        ("output", "Output is raised to the inputs sold where those exceed it; part added", raised),
        ("final demand", f"{known}; part of trade abroad", 1 - estimated),
        ("services", f"{split}; part of trade abroad", estimated),
        (
            "rest",
            f"{observed.rest} splits its sales by use, produces and spends {like}; its product",
            product,
        ),
        ("inputs", "Inputs from it are cut where value added would vanish; part cut", cut),
        ("tariffs", "Tariffs are those given, and none elsewhere; average on all trade", taxed),
    )
    return tuple(Assumption(name, f"{text}: {size:.4g}.", size) for name, text, size in said)
