"""A solved world: its quantities of money and its changes of prices, computed from the solution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.economy import Structure
from palanca.solve import Outcome
from palanca.trade import model
from palanca.trade.markets import Solution
from palanca.trade.problem import Problem

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class World:
    """A world in which markets clear.

    Changes are ratios to the world that the shares describe; money is in its unit, with the factor
    income of the world held fixed.

    Attributes:
        solution: wages, prices and spending as the solver left them.
        outcome: how the solver ended.
        wage: (N, J), change.
        cost: (N, J), change of the cost of a unit of output.
        price: (N, J), change of what buyers pay.
        living_cost: (N,), change of the price of final demand.
        spending: (N, J), money, at the buyer's price.
        output: (N, J), money.
        value_added: (N, J), money.
        trade: (J, N, N) [sector, destination, origin], money received by sellers; own sales included.
        tariff: (J, N, N), ad valorem, a fraction.
        tariff_revenue: (N,), money.
        deficit: (N,), money.
        income: (N,), money: factor income, tariff revenue and deficit.
        residual: (N,), imports less exports less the deficit, over income; no market is left out.
    """

    solution: Solution
    outcome: Outcome
    wage: Array
    cost: Array
    price: Array
    living_cost: Array
    spending: Array
    output: Array
    value_added: Array
    trade: Array
    tariff: Array
    tariff_revenue: Array
    deficit: Array
    income: Array
    residual: Array


def evaluate(
    problem: Problem, structure: Structure, tariff: Array, solution: Solution, outcome: Outcome
) -> World:
    """Return everything that follows from wages, prices and spending.

    Args:
        problem: the world that was solved.
        structure: the world in shares, for its unit of money.
        tariff: (J, N, N), ad valorem tariffs in force.
        solution: wages, prices and spending.
        outcome: how the solver ended.
    """
    scale, wage, price, spent = structure.world_income, solution.wage, solution.price, solution.spending
    cost = model.input_cost(wage, price, problem.value_added_share, problem.input_share)
    appeal = model.appeal(cost, problem.elasticity)
    offers = model.competition(problem.access, appeal)
    trade = model.flows(problem.delivered, appeal, model.per_offer(spent, offers))
    factors = (np.exp(wage) * problem.value_added).sum(1)
    untaxed = model.untaxed(problem.delivered, appeal, offers)
    income = model.income(factors, spent, untaxed, problem.deficit)
    output = trade.sum(1).T
    return World(
        solution=solution,
        outcome=outcome,
        wage=np.exp(wage),
        cost=np.exp(cost),
        price=np.exp(price),
        living_cost=np.exp((problem.final_share * price).sum(1)),
        spending=spent * scale,
        output=output * scale,
        value_added=model.factor_demand(output, problem.value_added_share) * scale,
        trade=trade * scale,
        tariff=tariff,
        tariff_revenue=(income - factors - problem.deficit) * scale,
        deficit=problem.deficit * scale,
        income=income * scale,
        residual=model.imbalance(trade, problem.deficit) / income,
    )
