from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from reference.optim import (
    LinePoint,
    bfgs,
    inverse_hessian_update,
    l_bfgs,
    newton,
    newton_step,
    strong_wolfe,
    two_loop_product,
)

Array = NDArray[np.floating[Any]]


def rosenbrock(x: Array) -> tuple[float, Array]:
    return float(optimize.rosen(x)), np.asarray(optimize.rosen_der(x))


def logistic_problem() -> Callable[[Array], tuple[float, Array]]:
    rng = np.random.default_rng(7)
    features = rng.normal(size=(60, 8)) * np.logspace(-1, 1, 8)
    labels = np.where(features @ rng.normal(size=8) + rng.normal(size=60) > 0, 1.0, -1.0)

    def objective(w: Array) -> tuple[float, Array]:
        margins = labels * (features @ w)
        loss = np.logaddexp(0, -margins).mean() + 0.01 * w @ w
        slope = -labels / (1 + np.exp(margins))
        return float(loss), features.T @ slope / len(labels) + 0.02 * w

    return objective


def curvature_pairs(count: int, size: int) -> list[tuple[Array, Array]]:
    rng = np.random.default_rng(5)
    factor = rng.normal(size=(size, size))
    hessian = factor @ factor.T + np.eye(size)
    return [(s, hessian @ s) for s in rng.normal(size=(count, size))]


def test_newton_solves_a_quadratic_in_one_step() -> None:
    hessian = np.array([[3.0, 1.0], [1.0, 50.0]])
    solution = np.array([2.0, -1.0])
    start = np.array([100.0, 40.0])
    np.testing.assert_allclose(newton_step(start, hessian @ (start - solution), hessian), solution)


def test_newton_finds_the_minimum_of_rosenbrock() -> None:
    x = newton(optimize.rosen_der, optimize.rosen_hess, np.array([-1.2, 1.0, 0.8]))
    np.testing.assert_allclose(x, 1.0, rtol=1e-9)


def test_newton_goes_to_a_saddle_as_readily_as_to_a_minimum() -> None:
    saddle = np.diag([2.0, -2.0])
    np.testing.assert_allclose(newton_step(np.ones(2), saddle @ np.ones(2), saddle), 0.0)


def test_newton_refuses_a_singular_hessian_and_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="hessian must be invertible"):
        newton_step(np.ones(2), np.ones(2), np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"hessian \(D, D\), got"):
        newton_step(np.ones(2), np.ones(2), np.eye(3))
    with pytest.raises(ValueError, match="gradient must be finite"):
        newton_step(np.ones(2), np.array([1.0, np.nan]), np.eye(2))
    with pytest.raises(ValueError, match="newton must reach a gradient under"):
        newton(optimize.rosen_der, optimize.rosen_hess, np.array([-1.2, 1.0]), max_iterations=1)


@pytest.mark.parametrize(("minimize", "method"), [(bfgs, "BFGS"), (l_bfgs, "L-BFGS-B")])
@pytest.mark.parametrize(
    ("objective", "start"),
    [(rosenbrock, np.full(6, -1.2)), (logistic_problem(), np.zeros(8))],
    ids=["rosenbrock", "logistic"],
)
def test_minimum_and_effort_are_those_of_scipy(
    minimize: Callable[..., Any], method: str, objective: Callable[..., Any], start: Array
) -> None:
    options = {"gtol": 1e-8, "maxiter": 1000} | ({"ftol": 0.0} if method == "L-BFGS-B" else {})
    theirs = optimize.minimize(objective, start, jac=True, method=method, options=options)
    ours = minimize(objective, start, gradient_tolerance=1e-8)
    assert ours.converged
    np.testing.assert_allclose(ours.loss, theirs.fun, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.x, theirs.x, rtol=1e-5, atol=1e-6)
    assert ours.evaluations <= 2 * theirs.nfev + 10


def test_inverse_hessian_update_fulfils_the_secant_equation_and_stays_positive() -> None:
    inverse = np.eye(5)
    for s, y in curvature_pairs(4, 5):
        inverse = inverse_hessian_update(inverse, s, y)
        np.testing.assert_allclose(inverse @ y, s)
        np.testing.assert_allclose(inverse, inverse.T)
        assert np.linalg.eigvalsh(inverse).min() > 0


def test_inverse_hessian_update_is_the_product_form() -> None:
    (first, second) = curvature_pairs(2, 4)
    inverse = inverse_hessian_update(np.eye(4), *first)
    s, y = second
    rho = 1 / (y @ s)
    left = np.eye(4) - rho * np.outer(s, y)
    expected = left @ inverse @ left.T + rho * np.outer(s, s)
    np.testing.assert_allclose(inverse_hessian_update(inverse, s, y), expected, atol=1e-12)


def test_inverse_hessian_update_refuses_negative_curvature() -> None:
    with pytest.raises(ValueError, match="must have a positive product, got -1"):
        inverse_hessian_update(np.eye(2), np.array([1.0, 0.0]), np.array([-1.0, 5.0]))


def test_two_loop_product_is_the_dense_matrix_and_scipy() -> None:
    pairs = curvature_pairs(5, 7)
    gradient = np.random.default_rng(1).normal(size=7)
    s, y = pairs[-1]
    dense = np.eye(7) * (s @ y) / (y @ y)
    for step, change in pairs:
        dense = inverse_hessian_update(dense, step, change)
    np.testing.assert_allclose(two_loop_product(gradient, pairs), dense @ gradient)
    # scipy starts from the identity: divide its matrix's start by giving it scaled steps.
    scale = (s @ y) / (y @ y)
    theirs = optimize.LbfgsInvHessProduct(
        np.array([p[0] for p in pairs]) / scale, np.array([p[1] for p in pairs])
    )
    np.testing.assert_allclose(two_loop_product(gradient, pairs), scale * (theirs @ gradient))


def test_two_loop_product_without_pairs_is_the_gradient() -> None:
    gradient = np.array([1.0, -2.0])
    np.testing.assert_array_equal(two_loop_product(gradient, []), gradient)


def test_l_bfgs_needs_no_more_than_its_memory() -> None:
    short = l_bfgs(rosenbrock, np.full(6, -1.2), memory=2, gradient_tolerance=1e-8)
    assert short.converged
    np.testing.assert_allclose(short.x, 1.0, rtol=1e-6)
    with pytest.raises(ValueError, match="memory must be at least 1, got 0"):
        l_bfgs(rosenbrock, np.zeros(2), memory=0)


@pytest.mark.parametrize("minimize", [bfgs, l_bfgs])
def test_noise_and_bad_objectives_are_refused(minimize: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="must be deterministic, got two losses for one x"):
        minimize(lambda x: (float(rng.normal()), x), np.ones(2))
    with pytest.raises(ValueError, match="must be finite at the start"):
        minimize(lambda x: (np.nan, x), np.ones(2))
    with pytest.raises(ValueError, match="gradient must have the shape"):
        minimize(lambda x: (0.0, np.ones(3)), np.ones(2))
    with pytest.raises(ValueError, match="gradient_tolerance must be a finite number above 0"):
        minimize(rosenbrock, np.ones(2), gradient_tolerance=0.0)


@pytest.mark.parametrize("minimize", [bfgs, l_bfgs])
def test_unfinished_search_says_so(minimize: Callable[..., Any]) -> None:
    result = minimize(rosenbrock, np.full(6, -1.2), max_iterations=3)
    assert not result.converged and result.iterations == 3
    assert result.loss < rosenbrock(np.full(6, -1.2))[0]


@pytest.mark.parametrize("first_step", [1e-4, 1.0, 100.0])
def test_line_search_fulfils_the_strong_wolfe_conditions(first_step: float) -> None:
    x = np.array([-1.2, 1.0])
    loss, gradient = rosenbrock(x)
    start = LinePoint(0.0, x, loss, gradient, float(-gradient @ gradient))
    point, evaluations = strong_wolfe(rosenbrock, start, -gradient, first_step=first_step)
    assert point is not None and evaluations <= 40
    assert point.loss <= loss + 1e-4 * point.step * start.slope
    assert abs(point.slope) <= 0.9 * abs(start.slope)


def test_line_search_steps_back_from_an_infinite_loss() -> None:
    def barrier(x: Array) -> tuple[float, Array]:
        if x[0] >= 1:
            return np.inf, np.full(1, np.inf)
        return float(-np.log(1 - x[0]) - 3 * x[0]), np.array([1 / (1 - x[0]) - 3])

    start = LinePoint(0.0, np.zeros(1), 0.0, np.array([-2.0]), -2.0)
    point, _ = strong_wolfe(barrier, start, np.ones(1), first_step=8.0)
    assert point is not None and point.loss < 0


def test_line_search_gives_up_on_a_wrong_gradient_and_refuses_an_uphill_direction() -> None:
    start = LinePoint(0.0, np.zeros(1), 0.0, np.array([-1.0]), -1.0)
    point, evaluations = strong_wolfe(lambda x: (float(x[0]), -np.ones(1)), start, np.ones(1))
    assert point is None and evaluations == 40
    uphill = LinePoint(0.0, np.zeros(1), 0.0, np.ones(1), 1.0)
    with pytest.raises(ValueError, match="direction must lead downhill"):
        strong_wolfe(rosenbrock, uphill, np.ones(1))
