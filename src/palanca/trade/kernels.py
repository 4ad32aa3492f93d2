# ruff: noqa: PLR0913, PLR0917 - compiled loops take flat arrays, and nesting costs nothing
"""Prices and spending, compiled: what `plain` computes at given wages, or together with the wages.

Together is the shorter way: every sweep moves all three, and what is found starts the search of `markets`,
which judges it as it judges any other start. Untraded sectors are skipped.

The loops never form trade shares: exponentials are taken of costs, (N, J), only, and the rest is
products of matrices and vectors. Compiled code is cached beside this file, or in the user's cache.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import config, njit
from numpy.typing import NDArray

from palanca.trade.markets import Newton, Solution, by_sector
from palanca.trade.problem import Problem
from palanca.trade.response import LongStep

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

SWEEPS = 500
DEPTH = 5
RIDGE = 1e-13  # keeps the small system of the acceleration solvable when steps are nearly parallel

FAST = {"reassoc", "contract", "nsz"}  # sums may be reordered; not-a-number keeps its meaning

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code that threads run side by side, made when first called and cached."""
    return cast(Loop, njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")(loop))


def uncompiled() -> bool:
    """Return whether the environment forbids numba to compile, by NUMBA_DISABLE_JIT."""
    return bool(getattr(config, "DISABLE_JIT", False))


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


def joint(
    problem: Problem, step: Newton, start: Solution, *, accuracy: float, sweeps: int
) -> tuple[Solution, int]:
    """Return wages, prices and spending found together, and the sweeps made; `start` where that fails."""
    if not isinstance(step, LongStep):
        return start, 0
    size = problem.size[:, None]
    parts = (start.wage[:, 0], start.price.ravel(), (start.spending / size).ravel())
    state = np.concatenate(parts)
    world = (problem.access, problem.delivered, problem.traded, problem.elasticity)
    shares = (problem.value_added_share, problem.input_share, problem.final_share)
    money = (problem.value_added, problem.deficit)
    made = joint_loop(*world, *shares, *money, step.inverse, state, accuracy, sweeps)
    if made <= 0:
        return start, 0
    wage, flat = state[: len(size)], state[len(size) :].reshape(2, *start.price.shape)
    return Solution(by_sector(wage, problem), flat[0], flat[1] * size), made


@compiled
def price_loop(
    access: Array,
    traded: Flags,
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
    appeal, offers = unmoved(access)
    last, points, steps, gram = memory(price.size)
    for count in range(SWEEPS):
        fill_cost(cost, value_added_share, input_share, wage, price)
        fill_offers(appeal, offers, access, traded, elasticity, cost)
        fill_price_step(step, offers, traded, elasticity, cost, price)
        if not largest(step) > accuracy:
            break
        advance(price.ravel(), step.ravel(), last, points, steps, gram, count)
    return price


@compiled
def spending_loop(
    access: Array,
    delivered: Array,
    traded: Flags,
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
    spent = start / size.reshape(-1, 1)
    cost, sold, step = np.empty_like(spent), np.empty_like(spent), np.empty_like(spent)
    fill_cost(cost, value_added_share, input_share, wage, price)
    appeal, offers = unmoved(access)
    fill_offers(appeal, offers, access, traded, elasticity, cost)
    untaxed = np.ones_like(spent)
    fill_untaxed(untaxed, delivered, traded, appeal, offers)
    last, points, steps, gram = memory(spent.size)
    for count in range(SWEEPS):
        fill_sales(sold, delivered, traded, appeal, offers, untaxed, spent, size)
        fill_spending_step(step, sold, untaxed, input_share, final_share, factors, spent, size)
        if not largest(step) > accuracy:
            break
        advance(spent.ravel(), step.ravel(), last, points, steps, gram, count)
    return spent * size.reshape(-1, 1), sold


@compiled
def joint_loop(
    access: Array,
    delivered: Array,
    traded: Flags,
    elasticity: Array,
    value_added_share: Array,
    input_share: Array,
    final_share: Array,
    value_added: Array,
    deficit: Array,
    inverse: Array,
    state: Array,
    accuracy: float,
    sweeps: int,
) -> int:
    """Move wages, prices and spending together, in place, until all markets clear to `accuracy`.

    Args:
        access, delivered, traded, elasticity, value_added_share, input_share, final_share, value_added,
            deficit: as in `Problem`.
        inverse: (N, N), the quasi-Newton step of wages.
        state: (N + 2 N J,): ln ŵ, (N,), then ln P̂ and spending over the country's size, (N, J) each.
        accuracy: of excess demand, prices and spending, their largest errors added up.
        sweeps: allowed.

    Returns:
        How many sweeps moved them, or −1 if they did not end there.
    """
    countries, sectors = value_added.shape
    size = value_added.sum(1)
    wage, cells = state[:countries], countries * sectors
    price = state[countries : countries + cells].reshape(countries, sectors)
    spent = state[countries + cells :].reshape(countries, sectors)
    moves = np.empty_like(state)
    price_step = moves[countries : countries + cells].reshape(countries, sectors)
    spent_step = moves[countries + cells :].reshape(countries, sectors)
    wages, cost, sold = np.empty_like(price), np.empty_like(price), np.empty_like(price)
    untaxed = np.ones_like(price)
    appeal, offers = unmoved(access)
    last, points, steps, gram = memory(state.size)
    for count in range(sweeps):
        wage -= np.log((np.exp(wage) * size).sum() / size.sum())
        wages[:] = wage.reshape(-1, 1)
        fill_cost(cost, value_added_share, input_share, wages, price)
        fill_offers(appeal, offers, access, traded, elasticity, cost)
        fill_price_step(price_step, offers, traded, elasticity, cost, price)
        fill_untaxed(untaxed, delivered, traded, appeal, offers)
        fill_sales(sold, delivered, traded, appeal, offers, untaxed, spent, size)
        factors = np.exp(wage) * size
        fill_spending_step(
            spent_step, sold, untaxed, input_share, final_share, factors + deficit, spent, size
        )
        excess = np.log((value_added_share * sold).sum(1) / factors)
        missed = largest(excess) + largest(price_step) + largest(spent_step)
        if not missed > accuracy:
            return count if missed <= accuracy else -1
        for n in range(countries):
            moves[n] = dot(inverse[n], excess)
        advance(state, moves, last, points, steps, gram, count)
    return -1


@compiled
def memory(length: int) -> tuple[Array, Array, Array, Array]:
    """Return the work arrays of `advance` for points of some length."""
    points, steps = np.empty((DEPTH, length)), np.empty((DEPTH, length))
    return np.empty((2, length)), points, steps, np.zeros((DEPTH, DEPTH))


@compiled
def unmoved(access: Array) -> tuple[Array, Array]:
    """Return ĉ^−θ and what buyers choose from, (J, N) each, where costs move neither: untraded sectors."""
    sectors, countries = access.shape[0], access.shape[1]
    offers = np.empty((sectors, countries))
    for j in range(sectors):
        for n in range(countries):
            offers[j, n] = access[j, n, n]
    return np.ones((sectors, countries)), offers


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
def fill_offers(
    appeal: Array, offers: Array, access: Array, traded: Flags, elasticity: Array, cost: Array
) -> None:
    """Write ĉ^−θ and what buyers choose from, (J, N) each, of traded sectors."""
    sectors, countries = appeal.shape
    for j in range(sectors):
        if traded[j]:
            for i in range(countries):
                appeal[j, i] = np.exp(-elasticity[j] * cost[i, j])
            for n in range(countries):
                offers[j, n] = dot(access[j, n], appeal[j])


@compiled
def fill_untaxed(untaxed: Array, delivered: Array, traded: Flags, appeal: Array, offers: Array) -> None:
    """Write the part of spending, (N, J), that reaches sellers; one where nothing is offered."""
    countries, sectors = untaxed.shape
    for j in range(sectors):
        for n in range(countries):
            if offers[j, n] != 0:
                reached = dot(delivered[j, n], appeal[j]) if traded[j] else delivered[j, n, n]
                untaxed[n, j] = reached / offers[j, n]


@compiled
def fill_price_step(
    step: Array, offers: Array, traded: Flags, elasticity: Array, cost: Array, price: Array
) -> None:
    """Write by how much one sweep changes ln P̂, (N, J)."""
    countries, sectors = cost.shape
    for j in range(sectors):
        for n in range(countries):
            found = 0.0 if traded[j] or offers[j, n] == 0 else cost[n, j]
            if offers[j, n] != 0 and offers[j, n] != 1:
                found -= np.log(offers[j, n]) / elasticity[j]
            step[n, j] = found - price[n, j]


@compiled
def fill_sales(
    sold: Array,
    delivered: Array,
    traded: Flags,
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
def fill_spending_step(
    step: Array,
    sold: Array,
    untaxed: Array,
    input_share: Array,
    final_share: Array,
    factors: Array,
    spent: Array,
    size: Array,
) -> None:
    """Write by how much one sweep changes spending relative to the country's size, (N, J)."""
    countries, sectors = sold.shape
    for n in range(countries):
        income = factors[n]
        for j in range(sectors):
            income += spent[n, j] * size[n] * (1 - untaxed[n, j])
        for k in range(sectors):
            demand = final_share[n, k] * income + dot(input_share[n, k], sold[n])
            step[n, k] = demand / size[n] - spent[n, k]


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
