# ruff: noqa: PLR0913, PLR0917 - compiled loops take flat arrays, and nesting costs nothing
"""Prices and spending at given wages, compiled: what `plain` computes, with untraded sectors skipped.

The loops never form trade shares: exponentials are taken of costs, (N, J), only, and the rest is
products of matrices and vectors. Compiled code is cached beside this file, or in the user's cache.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palanca.trade.problem import Problem

Array = NDArray[np.float64]

SWEEPS = 500
DEPTH = 5
RIDGE = 1e-13  # keeps the small system of the acceleration solvable when steps are nearly parallel

FAST = {"reassoc", "contract", "nsz"}  # sums may be reordered; not-a-number keeps its meaning

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code that threads run side by side, made when first called and cached."""
    return cast(Loop, njit(cache=True, nogil=True, fastmath=FAST)(loop))


def prices(problem: Problem, wage: Array, start: Array, accuracy: float) -> Array:
    """Return ln P̂, (N, J); see `plain.prices`."""
    world = (
        problem.access,
        problem.traded,
        problem.elasticity,
        problem.value_added_share,
        problem.input_share,
    )
    return price_loop(*world, wage, start, accuracy)


def spending(
    problem: Problem, wage: Array, price: Array, start: Array, accuracy: float
) -> tuple[Array, Array]:
    """Return spending and output, (N, J) each; see `plain.spending`."""
    world = (problem.access, problem.delivered, problem.traded, problem.elasticity)
    shares = (problem.value_added_share, problem.input_share, problem.final_share)
    factors = (np.exp(wage) * problem.value_added).sum(1) + problem.deficit
    return spending_loop(*world, *shares, wage, price, factors, problem.size, start, accuracy)


@compiled
def price_loop(
    access: Array,
    traded: NDArray[np.bool_],
    elasticity: Array,
    value_added_share: Array,
    input_share: Array,
    wage: Array,
    start: Array,
    accuracy: float,
) -> Array:
    """Return ln P̂, (N, J), by accelerated sweeps over the price equations."""
    price = start.copy()
    cost, step = np.empty_like(price), np.empty_like(price)
    own = untraded_term(access, traded, elasticity)
    last, gram = np.empty((2, price.size)), np.zeros((DEPTH, DEPTH))
    points, steps = np.empty((DEPTH, price.size)), np.empty((DEPTH, price.size))
    for count in range(SWEEPS):
        fill_cost(cost, value_added_share, input_share, wage, price)
        fill_price_step(step, access, traded, elasticity, cost, own, price)
        if not largest(step) > accuracy:
            break
        advance(price.ravel(), step.ravel(), last, points, steps, gram, count)
    return price


@compiled
def untraded_term(access: Array, traded: NDArray[np.bool_], elasticity: Array) -> Array:
    """Return what home bias in untraded sectors takes off ln P̂, (N, J); zero unless own trade is taxed."""
    sectors, countries = access.shape[0], access.shape[1]
    term = np.zeros((countries, sectors))
    for j in range(sectors):
        for n in range(countries):
            own = access[j, n, n]
            if not traded[j] and own > 0 and own != 1:
                term[n, j] = np.log(own) / elasticity[j]
    return term


@compiled
def fill_price_step(
    step: Array,
    access: Array,
    traded: NDArray[np.bool_],
    elasticity: Array,
    cost: Array,
    own: Array,
    price: Array,
) -> None:
    """Write by how much one sweep changes ln P̂, (N, J)."""
    countries, sectors = cost.shape
    appeal = np.empty(countries)
    for j in range(sectors):
        if traded[j]:
            for i in range(countries):
                appeal[i] = np.exp(-elasticity[j] * cost[i, j])
            for n in range(countries):
                offers = dot(access[j, n], appeal)
                step[n, j] = (-np.log(offers) / elasticity[j] if offers != 0 else 0.0) - price[n, j]
        else:
            for n in range(countries):
                step[n, j] = (cost[n, j] - own[n, j] if access[j, n, n] != 0 else 0.0) - price[n, j]


@compiled
def spending_loop(
    access: Array,
    delivered: Array,
    traded: NDArray[np.bool_],
    elasticity: Array,
    value_added_share: Array,
    input_share: Array,
    final_share: Array,
    wage: Array,
    price: Array,
    factors: Array,
    size: Array,
    start: Array,
    accuracy: float,
) -> tuple[Array, Array]:
    """Return spending and output, (N, J) each, by accelerated sweeps over the spending equations."""
    countries, sectors = wage.shape
    spent = start / size.reshape(-1, 1)
    cost, sold, step = np.empty_like(spent), np.empty_like(spent), np.empty_like(spent)
    fill_cost(cost, value_added_share, input_share, wage, price)
    appeal, offers, untaxed = offers_of(access, delivered, traded, elasticity, cost)
    last, gram = np.empty((2, spent.size)), np.zeros((DEPTH, DEPTH))
    points, steps = np.empty((DEPTH, spent.size)), np.empty((DEPTH, spent.size))
    for count in range(SWEEPS):
        fill_sales(sold, delivered, traded, appeal, offers, untaxed, spent, size)
        for n in range(countries):
            income = factors[n]
            for j in range(sectors):
                income += spent[n, j] * size[n] * (1 - untaxed[n, j])
            for k in range(sectors):
                demand = final_share[n, k] * income
                for j in range(sectors):
                    demand += input_share[n, k, j] * sold[n, j]
                step[n, k] = demand / size[n] - spent[n, k]
        if not largest(step) > accuracy:
            break
        advance(spent.ravel(), step.ravel(), last, points, steps, gram, count)
    return spent * size.reshape(-1, 1), sold


@compiled
def fill_cost(cost: Array, value_added_share: Array, input_share: Array, wage: Array, price: Array) -> None:
    """Write ln ĉ, (N, J)."""
    countries, sectors = cost.shape
    for n in range(countries):
        for j in range(sectors):
            cost[n, j] = value_added_share[n, j] * wage[n, j]
        for k in range(sectors):
            for j in range(sectors):
                cost[n, j] += input_share[n, k, j] * price[n, k]


@compiled
def offers_of(
    access: Array, delivered: Array, traded: NDArray[np.bool_], elasticity: Array, cost: Array
) -> tuple[Array, Array, Array]:
    """Return ĉ^−θ, (J, N), what buyers choose from, (J, N), and the untaxed part of spending, (N, J)."""
    countries, sectors = cost.shape
    appeal, offers = np.ones((sectors, countries)), np.ones((sectors, countries))
    untaxed = np.ones((countries, sectors))
    for j in range(sectors):
        if traded[j]:
            for i in range(countries):
                appeal[j, i] = np.exp(-elasticity[j] * cost[i, j])
            for n in range(countries):
                offers[j, n] = dot(access[j, n], appeal[j])
                reached = dot(delivered[j, n], appeal[j])
                untaxed[n, j] = reached / offers[j, n] if offers[j, n] != 0 else 1.0
        else:
            for n in range(countries):
                offers[j, n] = access[j, n, n]
                untaxed[n, j] = delivered[j, n, n] / offers[j, n] if offers[j, n] != 0 else 1.0
    return appeal, offers, untaxed


@compiled
def fill_sales(
    sold: Array,
    delivered: Array,
    traded: NDArray[np.bool_],
    appeal: Array,
    offers: Array,
    untaxed: Array,
    spent: Array,
    size: Array,
) -> None:
    """Write output, (N, J), that spending relative to the country's size, (N, J), calls forth."""
    countries, sectors = sold.shape
    received = np.empty(countries)
    for j in range(sectors):
        if traded[j]:
            received[:] = 0.0
            for n in range(countries):
                if offers[j, n] != 0:
                    per_offer = spent[n, j] * size[n] / offers[j, n]
                    for i in range(countries):
                        received[i] += delivered[j, n, i] * per_offer
            for i in range(countries):
                sold[i, j] = received[i] * appeal[j, i]
        else:
            for n in range(countries):
                sold[n, j] = spent[n, j] * size[n] * untaxed[n, j] if offers[j, n] != 0 else 0.0


@compiled
def advance(
    point: Array, step: Array, last: Array, points: Array, steps: Array, gram: Array, count: int
) -> None:
    """Move `point`, (n,), in place to its Anderson-accelerated successor; see `solve.anderson`.

    The work arrays hold the last point and step, (2, n), their last changes, (DEPTH, n) each, and the
    products of the changes of the step with each other, (DEPTH, DEPTH).
    """
    known = min(count, DEPTH)
    slot = (count - 1) % DEPTH
    for entry in range(point.size):
        if count > 0:
            points[slot, entry] = point[entry] - last[0, entry]
            steps[slot, entry] = step[entry] - last[1, entry]
        last[0, entry] = point[entry]
        last[1, entry] = step[entry]
    weights = np.empty(known)
    for row in range(known):
        gram[slot, row] = dot(steps[slot], steps[row])
        gram[row, slot] = gram[slot, row]
        weights[row] = dot(steps[row], step)
    solve_in_place(gram[:known, :known].copy(), weights)
    for entry in range(point.size):
        point[entry] += step[entry]
    for row in range(known):
        for entry in range(point.size):
            point[entry] -= weights[row] * (points[row, entry] + steps[row, entry])


@compiled
def dot(left: Array, right: Array) -> float:
    """Return Σ left · right, (n,) each."""
    total = 0.0
    for entry in range(left.size):
        total += left[entry] * right[entry]
    return total


@compiled
def largest(values: Array) -> float:
    """Return the largest absolute entry, (N, J) to a number; not a number if any entry is none."""
    worst = 0.0
    for value in values.ravel():
        if not abs(value) <= worst:
            worst = abs(value)
            if np.isnan(worst):
                break
    return worst


@compiled
def solve_in_place(gram: Array, weights: Array) -> None:
    """Overwrite `weights`, (k,), by the solution of a nearly singular system `gram`, (k, k)."""
    known = len(weights)
    for a in range(known):
        gram[a, a] = gram[a, a] * (1 + RIDGE) + 1e-300
    for a in range(known):
        for b in range(a + 1, known):
            ratio = gram[b, a] / gram[a, a]
            weights[b] -= ratio * weights[a]
            for c in range(a, known):
                gram[b, c] -= ratio * gram[a, c]
    for a in range(known - 1, -1, -1):
        for b in range(a + 1, known):
            weights[a] -= gram[a, b] * weights[b]
        weights[a] /= gram[a, a]
