from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.optim import momentum, nesterov, nesterov_lookahead, sgd, update_parameters

Array = NDArray[np.float64]


def gradient_of_bowl(x: Array) -> Array:
    return np.array([1.0, 10.0, 0.1]) * x + np.sin(x)


def path(rule: Callable[..., Any], rates: list[float]) -> Array:
    x, state = np.array([1.0, -2.0, 0.5]), None
    points = []
    for rate in rates:
        x, state = rule(x, gradient_of_bowl(x), state, learning_rate=rate)
        points.append(x)
    return np.array(points)


def torch_path(rates: list[float], **settings: Any) -> Array:
    torch = pytest.importorskip("torch")
    x = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=rates[0], **settings)
    points = []
    for rate in rates:
        optimizer.param_groups[0]["lr"] = rate
        x.grad = torch.from_numpy(gradient_of_bowl(x.detach().numpy()))
        optimizer.step()
        points.append(x.detach().numpy().copy())
    return np.array(points)


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        (sgd, {}),
        (partial(momentum, mu=0.5), {"momentum": 0.5}),
        (partial(momentum, mu=0.99), {"momentum": 0.99}),
        (partial(nesterov, mu=0.9), {"momentum": 0.9, "nesterov": True}),
    ],
)
def test_path_equals_torch_with_a_constant_rate(
    rule: Callable[..., Any], settings: dict[str, Any]
) -> None:
    rates = [0.05] * 30
    np.testing.assert_allclose(path(rule, rates), torch_path(rates, **settings), rtol=1e-12)


def test_velocity_remembers_the_old_rate_where_torch_does_not() -> None:
    rates = [0.05, 0.005]
    ours, theirs = path(momentum, rates), torch_path(rates, momentum=0.9)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-12)
    assert np.abs(ours[1] - theirs[1]).max() > 0.01


def test_both_nesterov_forms_follow_one_path() -> None:
    theta = phi = np.array([1.0, -2.0, 0.5])
    theta_state = phi_state = None
    for _ in range(20):
        theta, theta_state = nesterov_lookahead(
            theta, gradient_of_bowl, theta_state, learning_rate=0.05, mu=0.9
        )
        phi, phi_state = nesterov(phi, gradient_of_bowl(phi), phi_state, learning_rate=0.05, mu=0.9)
        np.testing.assert_allclose(phi - 0.9 * phi_state["v"], theta, rtol=1e-12)


def test_momentum_step_approaches_rate_times_gradient_over_one_minus_mu() -> None:
    x, state, dx = np.zeros(2), None, np.array([2.0, -3.0])
    for _ in range(400):
        x, state = momentum(x, dx, state, learning_rate=0.01, mu=0.9)
    np.testing.assert_allclose(state["v"], -0.01 * dx / (1 - 0.9), rtol=1e-12)


@pytest.mark.parametrize("rule", [sgd, momentum, nesterov])
def test_update_changes_nothing_in_place_and_keeps_the_dtype(rule: Callable[..., Any]) -> None:
    x, dx = np.ones(3, np.float32), np.full(3, 2, np.float32)
    first, state = rule(x, dx, None, learning_rate=np.float64(0.1))
    before = {name: value.copy() for name, value in state.items()}
    second, _ = rule(first, dx, state, learning_rate=0.1)
    assert (x == 1).all() and (dx == 2).all() and second.dtype == np.float32
    for name, value in before.items():
        np.testing.assert_array_equal(state[name], value)


@pytest.mark.parametrize("rule", [sgd, momentum, nesterov])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.array([1, 2])}, "x must hold floats"),
        ({"dx": np.ones(3)}, "dx must have the shape and dtype of x"),
        ({"dx": np.ones(2, np.float32)}, "dx must have the shape and dtype of x"),
        ({"dx": np.array([1.0, np.nan])}, "dx must be finite, got nan at index"),
        ({"learning_rate": -0.1}, "learning_rate must be a finite number at least 0"),
        ({"learning_rate": np.inf}, "learning_rate must be a finite number at least 0"),
    ],
)
def test_wrong_arguments_are_refused(
    rule: Callable[..., Any], change: dict[str, Any], message: str
) -> None:
    arguments = {"x": np.ones(2), "dx": np.ones(2), "learning_rate": 0.1} | change
    with pytest.raises(ValueError, match=message):
        rule(**arguments)


@pytest.mark.parametrize("mu", [-0.1, 1.0, 9.0])
def test_momentum_outside_zero_to_one_is_refused(mu: float) -> None:
    with pytest.raises(ValueError, match="mu is the kept part of the past"):
        momentum(np.ones(2), np.ones(2), learning_rate=0.1, mu=mu)


def test_state_of_another_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="v must have the shape and dtype of x"):
        momentum(np.ones(2), np.ones(2), {"v": np.zeros(3)}, learning_rate=0.1)


def test_every_named_parameter_has_its_own_state() -> None:
    rule = partial(momentum, mu=0.5)
    parameters = {"W": np.ones((2, 3)), "b": np.ones(3)}
    gradients = {"W": np.full((2, 3), 2.0), "b": np.full(3, -1.0)}
    states = None
    for _ in range(2):
        parameters, states = update_parameters(
            rule, parameters, gradients, states, learning_rate=0.1
        )
    # Steps -0.2 and -0.5 * 0.2 - 0.2 for W, half as far and upwards for b.
    np.testing.assert_allclose(parameters["W"], 0.5)
    np.testing.assert_allclose(parameters["b"], 1.25)
    with pytest.raises(ValueError, match="every parameter needs exactly one gradient"):
        update_parameters(rule, parameters, {"W": gradients["W"]}, states, learning_rate=0.1)
