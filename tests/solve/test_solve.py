"""Fixed points and roots, against solutions known in closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from palanca.errors import NotConverged, PalancaError
from palanca.solve import Outcome, Reason, Settings, fixed_point, jacobian, root


def contraction(seed, size=12, modulus=0.95):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size))
    matrix *= modulus / np.abs(np.linalg.eigvals(matrix)).max()
    return matrix, rng.normal(size=size)


@given(st.integers(0, 10_000))
def test_linear_fixed_point_is_the_linear_solution(seed):
    matrix, constant = contraction(seed)
    point, outcome = fixed_point(lambda x: matrix @ x + constant, np.zeros(12))
    exact = np.linalg.solve(np.eye(12) - matrix, constant)
    # The residual is within 1e-10, and the inverse of I - matrix amplifies it.
    assert_allclose(point, exact, atol=1e-10 * np.linalg.norm(np.linalg.inv(np.eye(12) - matrix), np.inf))
    assert outcome.converged


def test_acceleration_saves_evaluations():
    matrix, constant = contraction(3)
    plain = Settings(depth=0, iterations=5000)
    slow = fixed_point(lambda x: matrix @ x + constant, np.zeros(12), settings=plain)[1]
    fast = fixed_point(lambda x: matrix @ x + constant, np.zeros(12))[1]
    assert fast.iterations < slow.iterations / 4


def test_the_fixed_point_of_the_cosine_is_dotties_number():
    point, _ = fixed_point(np.cos, np.zeros(1), settings=Settings(tolerance=1e-14))
    assert_allclose(point, 0.7390851332151607, rtol=1e-14)


def test_the_start_is_left_alone():
    start = np.zeros(1)
    fixed_point(np.cos, start)
    assert start[0] == 0.0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_that_is_not_finite_counts_as_convergence(value):
    point, outcome = fixed_point(lambda x: np.full_like(x, value), np.zeros(3), raises=False)
    assert outcome.reason is Reason.NOT_FINITE
    assert not outcome.converged
    assert_allclose(point, 0.0)


def test_the_newton_step_is_never_asked_about_what_is_no_number():
    def newton(value):
        assert np.isfinite(value).all()
        return -value

    _, outcome = root(lambda x, _: x * np.nan, np.ones(2), newton=newton, raises=False)
    assert outcome.reason is Reason.NOT_FINITE


def test_one_bad_coordinate_among_good_ones_is_seen():
    _, outcome = fixed_point(lambda x: np.array([0.0, np.nan, 0.0]), np.zeros(3), raises=False)
    assert not outcome.converged


def test_failure_raises_and_names_the_reason():
    with pytest.raises(NotConverged, match="iteration limit") as caught:
        fixed_point(lambda x: x + 1.0, np.zeros(2), settings=Settings(iterations=7, depth=0, growth=np.inf))
    assert isinstance(caught.value, PalancaError)


def test_failure_can_be_returned_instead():
    settings = Settings(iterations=7, depth=0)
    _, outcome = fixed_point(lambda x: x + 1.0, np.zeros(2), settings=settings, raises=False)
    assert outcome == Outcome(Reason.LIMIT, 1.0, 7)


def test_a_convergence_passes_through():
    outcome = Outcome(Reason.CONVERGED, 0.0, 1)
    assert outcome.required("Anything") is outcome


def test_an_outcome_is_frozen():
    with pytest.raises(AttributeError):
        Outcome(Reason.CONVERGED, 0.0, 1).residual = 1.0


def rosenbrock_gradient(point, _=0.0):
    x, y = point
    return np.array([-2 * (1 - x) - 40 * x * (y - x * x), 20 * (y - x * x)])


def test_root_from_a_jacobian_computed_once():
    inverse = np.linalg.inv(jacobian(rosenbrock_gradient, np.array([1.3, 1.6])))
    point, outcome = root(rosenbrock_gradient, np.array([1.3, 1.6]), newton=lambda value: -inverse @ value)
    assert_allclose(point, 1.0, atol=1e-9)  # the gradient is within 1e-10, its inverse below 10
    assert outcome.iterations < 40


def test_a_step_out_of_the_domain_is_taken_back():
    def function(point, _):
        with np.errstate(invalid="ignore"):
            return np.log(point)

    point, outcome = root(function, np.array([9.0]), newton=lambda value: -6 * value)
    assert_allclose(point, 1.0, rtol=1e-9)
    assert outcome.converged


def test_no_way_down_is_a_reason_of_its_own():
    settings = Settings(growth=1.0)
    _, outcome = root(lambda x, _: 1 + x**2, np.ones(1), newton=lambda v: v, settings=settings, raises=False)
    assert outcome.reason is Reason.NO_PROGRESS


def test_no_step_is_longer_than_allowed():
    seen = []

    def function(point, _):
        seen.append(point[0])
        return point - 10.0

    root(function, np.zeros(1), newton=lambda value: -value, settings=Settings(largest_step=1.0))
    assert np.max(np.abs(np.diff(seen))) <= 1.0


def test_accuracy_asked_of_the_function_follows_the_residual():
    asked = []

    def function(point, accuracy):
        asked.append(accuracy)
        return point**3 - 2.0

    root(function, np.full(1, 2.0), newton=lambda value: -value / 12)
    assert asked[0] == np.inf
    assert asked[1] == pytest.approx(6e-4)
    assert asked[-1] < 1e-8


def test_a_root_seen_through_a_blunt_evaluation_is_not_believed():
    def function(point, accuracy):
        return point - 1.0 if accuracy < 1e-6 else np.zeros_like(point)

    point, outcome = root(function, np.zeros(2), newton=lambda value: -value)
    assert outcome.converged
    assert_allclose(point, 1.0, atol=1e-10)


def test_jacobian_of_a_linear_map_is_its_matrix():
    matrix, constant = contraction(1)
    found = jacobian(lambda x, _: matrix @ x + constant, np.ones(12))
    assert_allclose(found, matrix, atol=1e-9)  # rounding 1e-16 over the width 1e-5


def test_nothing_to_solve_is_solved():
    point, outcome = fixed_point(lambda x: x, np.zeros(0))
    assert point.size == 0
    assert outcome == Outcome(Reason.CONVERGED, 0.0, 1)
