"""The compiled loops: compiled once for every way to make a world, and honest about what is no number."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from random_worlds import elasticity_of, random_shock

from palanca.economy import Economy, Structure, synthetic
from palanca.errors import NotConverged
from palanca.solve import anderson
from palanca.trade import Closure, Deficits, Horizon, Model, kernels, plain
from palanca.trade.equilibrium import SETTINGS
from palanca.trade.markets import Markets, unchanged
from palanca.trade.problem import problem, shocked
from palanca.trade.shock import changes
from palanca.trade.warm import warm

LOOPS = (kernels.price_loop, kernels.spending_loop, kernels.joint_loop)
ECONOMY = synthetic(4, 3, seed=2, traded=2)
THETA = elasticity_of(ECONOMY, 2)


@pytest.mark.usefixtures("compiler")
def test_every_world_uses_the_loops_compiled_at_set_up():
    warm()
    known = [len(loop.signatures) for loop in LOOPS]
    shares = ECONOMY.structure
    arrays = {name: value for name, value in vars(shares).items() if isinstance(value, np.ndarray)}
    turned = Structure(
        **{**vars(shares), **{name: np.asfortranarray(value) for name, value in arrays.items()}}
    )
    order = ("deficit", "tariff", "use", "final", "intermediate", "value_added")
    flipped = {name: getattr(ECONOMY, name).T for name in order}
    other = Economy(ECONOMY.name, ECONOMY.year, ECONOMY.unit, **flipped)
    for structure in (shares, turned, other.structure):
        for closure in (Closure(), Closure(Horizon.SHORT), Closure(deficits=Deficits.ZERO)):
            Model(structure, THETA, closure).equilibrium(random_shock(ECONOMY, 1))
    assert [len(loop.signatures) for loop in LOOPS] == known


@pytest.mark.parametrize("engine", [plain, kernels])
@pytest.mark.parametrize("horizon", Horizon)
def test_a_wage_that_is_no_number_is_not_a_cleared_market(engine, horizon):
    world = problem(ECONOMY.structure, THETA.values, Closure(horizon))
    markets = Markets(world, engine, unchanged(world, engine))
    wage = np.zeros(4 if horizon is Horizon.LONG else 12)
    wage[1] = np.nan
    assert not np.isfinite(markets.excess(wage, 1e-10)).all()


@given(st.integers(0, 2**32 - 1), st.floats(2.0, 50.0))
def test_moving_all_together_ends_where_searching_for_wages_does(seed, highest):
    world = synthetic(5, 4, seed=seed, traded=3)
    theta = elasticity_of(world, seed, highest=highest)
    shock = random_shock(world, seed)
    together = Model(world.structure, theta).after(shock)
    apart = Model(world.structure, theta, compiled=False).after(shock)
    # Both leave excess demand of 1e-12 at most; the steepest sectors magnify it in prices.
    assert_allclose(together.wage, apart.wage, rtol=1e-10)
    assert_allclose(together.income, apart.income, rtol=1e-10)


@pytest.mark.parametrize("sweeps", [0, 1, 3])
def test_sweeps_that_do_not_suffice_leave_the_start_as_it_was(sweeps):
    model = Model(ECONOMY.structure, THETA)
    start = model.before.solution
    world = shocked(model._problem, changes(random_shock(ECONOMY, 1), ECONOMY.structure))
    kept = start.wage.copy(), start.price.copy(), start.spending.copy()
    found, made = kernels.joint(world, model._step, start, accuracy=1e-12, sweeps=sweeps)
    assert found is start
    assert made == 0
    for array, before in zip((start.wage, start.price, start.spending), kept, strict=True):
        assert (array == before).all()


def test_a_world_that_holds_no_number_is_not_solved_together():
    model = Model(ECONOMY.structure, THETA)
    start = replace(model.before.solution, wage=np.full_like(model.before.solution.wage, np.nan))
    assert kernels.joint(model._problem, model._step, start, accuracy=1e-8, sweeps=50) == (start, 0)


def test_a_world_whose_response_is_singular_is_not_found(monkeypatch):
    model = Model(ECONOMY.structure, THETA, settings=replace(SETTINGS, iterations=1))
    assert model.before.outcome.converged

    def singular(*_):
        raise np.linalg.LinAlgError

    assert model._step
    monkeypatch.setattr(sys.modules[Model.__module__], "newton", singular)
    with pytest.raises(NotConverged):
        model.after(random_shock(ECONOMY, 1))


@pytest.mark.parametrize("values", [[1.0, np.nan, 3.0], [np.nan, 1.0, 3.0], [1.0, 3.0, np.nan]])
def test_the_largest_of_what_holds_no_number_is_none(values):
    assert np.isnan(kernels.largest(np.array([values])))


def test_the_largest_entry_is_absolute():
    assert kernels.largest(np.array([[1.0, -4.0, 3.0]])) == 4.0


def test_compiled_acceleration_is_the_acceleration():
    draw = np.random.default_rng(0)
    matrix = 0.1 * draw.normal(size=(20, 20))
    history, slow, fast = anderson.History(kernels.DEPTH), np.ones(20), np.ones(20)
    last, gram = np.empty((2, 20)), np.zeros((kernels.DEPTH, kernels.DEPTH))
    points, steps = np.empty((kernels.DEPTH, 20)), np.empty((kernels.DEPTH, 20))
    for count in range(4):
        slow = history.advance(slow, matrix @ slow - slow)
        kernels.advance(fast, matrix @ fast - fast, last, points, steps, gram, count)
        # Both solve normal equations, whose condition grows as the iteration converges.
        assert_allclose(fast, slow, rtol=1e-6, atol=1e-9)


def test_importing_the_model_loads_no_compiler():
    code = "import sys, palanca.trade; sys.exit('numba' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
