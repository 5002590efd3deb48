from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.optim import adagrad, adam, rmsprop

Array = NDArray[np.float64]
ADAM_WITHOUT_CORRECTION = partial(adam, bias_correction=False)


def first_step(rule: Callable[..., Any], dx: Array) -> Array:
    x, _ = rule(np.zeros_like(dx), dx, None, learning_rate=0.01)
    return np.asarray(x)


@pytest.mark.parametrize(
    ("rule", "name", "settings"),
    [
        (adagrad, "Adagrad", {"eps": 1e-7}),
        (rmsprop, "RMSprop", {"alpha": 0.9, "eps": 1e-7}),
        (partial(rmsprop, decay_rate=0.99), "RMSprop", {"alpha": 0.99, "eps": 1e-7}),
        (adam, "Adam", {"betas": (0.9, 0.999), "eps": 1e-7}),
        (partial(adam, beta1=0.5, beta2=0.7), "Adam", {"betas": (0.5, 0.7), "eps": 1e-7}),
    ],
)
def test_path_equals_torch(rule: Callable[..., Any], name: str, settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    x, state = rng.normal(size=(3, 2)), None
    theirs = torch.tensor(x, requires_grad=True)
    optimizer = getattr(torch.optim, name)([theirs], lr=0.02, **settings)
    for _ in range(40):
        # Gradients down to 1e-8: only there does the place of eps matter.
        dx = rng.normal(size=x.shape) * 10.0 ** rng.integers(-8, 2)
        x, state = rule(x, dx, state, learning_rate=0.02)
        theirs.grad = torch.from_numpy(dx)
        optimizer.step()
        np.testing.assert_allclose(x, theirs.detach().numpy(), rtol=1e-11)


def test_adagrad_first_step_is_the_rate_times_the_sign() -> None:
    dx = np.array([3.0, -0.2, 50.0])
    np.testing.assert_allclose(first_step(adagrad, dx), -0.01 * np.sign(dx), rtol=1e-6)


def test_adagrad_nth_constant_step_is_the_rate_over_root_n() -> None:
    x, state, dx = np.zeros(1), None, np.array([2.0])
    for n in range(1, 101):
        moved, state = adagrad(x, dx, state, learning_rate=0.1)
        np.testing.assert_allclose(x - moved, 0.1 / np.sqrt(n), rtol=1e-6)
        x = moved


def test_rmsprop_first_step_is_3_1623_rates() -> None:
    step = first_step(partial(rmsprop, decay_rate=0.9), np.array([3.0, -7.0]))
    np.testing.assert_allclose(step, [-0.031623, 0.031623], rtol=1e-4)


def test_uncorrected_adam_first_step_is_3_1623_rates() -> None:
    step = first_step(ADAM_WITHOUT_CORRECTION, np.array([3.0, -7.0]))
    np.testing.assert_allclose(step, [-0.031623, 0.031623], rtol=1e-4)


def test_corrected_adam_first_step_is_one_rate() -> None:
    np.testing.assert_allclose(first_step(adam, np.array([3.0, -7.0])), [-0.01, 0.01], rtol=1e-6)


def test_uncorrected_adam_without_first_moment_is_rmsprop() -> None:
    rng = np.random.default_rng(0)
    x = y = rng.normal(size=4)
    adam_state = rmsprop_state = None
    for _ in range(10):
        dx = rng.normal(size=4)
        x, adam_state = adam(
            x, dx, adam_state, learning_rate=0.1, beta1=0.0, beta2=0.95, bias_correction=False
        )
        y, rmsprop_state = rmsprop(y, dx, rmsprop_state, learning_rate=0.1, decay_rate=0.95)
        np.testing.assert_allclose(x, y, rtol=1e-13)


def test_adam_counts_its_updates_from_one() -> None:
    x, state = adam(np.zeros(1), np.ones(1), learning_rate=0.1)
    assert state["t"] == 1
    _, state = adam(x, np.ones(1), state, learning_rate=0.1)
    assert state["t"] == 2


@pytest.mark.parametrize("rule", [adagrad, rmsprop, adam])
def test_zero_gradient_moves_nothing(rule: Callable[..., Any]) -> None:
    x, _ = rule(np.ones(2), np.zeros(2), None, learning_rate=0.1)
    np.testing.assert_array_equal(x, 1)


@pytest.mark.parametrize("rule", [adagrad, rmsprop, adam])
def test_update_changes_nothing_in_place_and_keeps_the_dtype(rule: Callable[..., Any]) -> None:
    x, dx = np.ones(3, np.float32), np.full(3, 2, np.float32)
    first, state = rule(x, dx, None, learning_rate=0.1)
    before = {name: np.copy(value) for name, value in state.items()}
    second, _ = rule(first, dx, state, learning_rate=0.1)
    assert (x == 1).all() and (dx == 2).all() and second.dtype == np.float32
    for name, value in before.items():
        np.testing.assert_array_equal(state[name], value)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (partial(adagrad, eps=0.0), "eps must be a finite number above 0"),
        (partial(rmsprop, eps=-1e-7), "eps must be a finite number above 0"),
        (partial(rmsprop, decay_rate=1.0), "decay_rate is the kept part"),
        (partial(adam, beta1=1.0), "beta1 is the kept part"),
        (partial(adam, beta2=-0.1), "beta2 is the kept part"),
        (partial(adam, eps=np.nan), "eps must be a finite number above 0"),
    ],
)
def test_wrong_settings_are_refused(rule: Callable[..., Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rule(np.ones(2), np.ones(2), None, learning_rate=0.1)


@pytest.mark.parametrize("rule", [adagrad, rmsprop, adam])
def test_wrong_gradient_is_refused(rule: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="dx must have the shape and dtype of x"):
        rule(np.ones(2), np.ones(3), None, learning_rate=0.1)
    with pytest.raises(ValueError, match="dx must be finite"):
        rule(np.ones(2), np.array([np.inf, 1.0]), None, learning_rate=0.1)
