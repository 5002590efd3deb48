"""Every rule against torch.optim in float64, over drawn shapes and settings."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reference.optim import adagrad, adam, momentum, nesterov, rmsprop, sgd, update_parameters

torch = pytest.importorskip("torch")

Array = NDArray[np.float64]
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)
KEPT = st.floats(0.0, 0.999)
RATE = st.floats(1e-6, 1.0)
EPS = st.floats(1e-10, 1e-2)


def compare(
    rule: Callable[..., Any], optimizer: Callable[..., Any], shape: tuple[int, ...], rate: float
) -> None:
    rng = np.random.default_rng(sum(shape))
    parameters = {"W": rng.normal(size=shape), "b": rng.normal(size=shape[-1:])}
    theirs = {name: torch.tensor(x, requires_grad=True) for name, x in parameters.items()}
    stepper = optimizer(list(theirs.values()))
    states = None
    for _ in range(5):
        gradients = {name: rng.normal(size=x.shape) for name, x in parameters.items()}
        parameters, states = update_parameters(
            rule, parameters, gradients, states, learning_rate=rate
        )
        for name, x in theirs.items():
            x.grad = torch.from_numpy(gradients[name])
        stepper.step()
        for name, x in theirs.items():
            np.testing.assert_allclose(parameters[name], x.detach().numpy(), rtol=1e-9, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(shape=SHAPES, rate=RATE, mu=KEPT)
def test_gradient_descent_with_and_without_momentum(
    shape: tuple[int, ...], rate: float, mu: float
) -> None:
    compare(sgd, lambda p: torch.optim.SGD(p, lr=rate), shape, rate)

    def heavy(*arguments: Any, **named: Any) -> Any:
        return momentum(*arguments, mu=mu, **named)

    compare(heavy, lambda p: torch.optim.SGD(p, lr=rate, momentum=mu), shape, rate)


@settings(max_examples=30, deadline=None)
@given(shape=SHAPES, rate=RATE, mu=st.floats(0.001, 0.999))
def test_nesterov(shape: tuple[int, ...], rate: float, mu: float) -> None:
    def rule(*arguments: Any, **named: Any) -> Any:
        return nesterov(*arguments, mu=mu, **named)

    compare(rule, lambda p: torch.optim.SGD(p, lr=rate, momentum=mu, nesterov=True), shape, rate)


@settings(max_examples=30, deadline=None)
@given(shape=SHAPES, rate=RATE, eps=EPS, decay_rate=KEPT)
def test_adagrad_and_rmsprop(
    shape: tuple[int, ...], rate: float, eps: float, decay_rate: float
) -> None:
    def ada(*arguments: Any, **named: Any) -> Any:
        return adagrad(*arguments, eps=eps, **named)

    def rms(*arguments: Any, **named: Any) -> Any:
        return rmsprop(*arguments, eps=eps, decay_rate=decay_rate, **named)

    compare(ada, lambda p: torch.optim.Adagrad(p, lr=rate, eps=eps), shape, rate)
    compare(rms, lambda p: torch.optim.RMSprop(p, lr=rate, eps=eps, alpha=decay_rate), shape, rate)


@settings(max_examples=30, deadline=None)
@given(shape=SHAPES, rate=RATE, eps=EPS, beta1=KEPT, beta2=KEPT)
def test_adam(shape: tuple[int, ...], rate: float, eps: float, beta1: float, beta2: float) -> None:
    def rule(*arguments: Any, **named: Any) -> Any:
        return adam(*arguments, eps=eps, beta1=beta1, beta2=beta2, **named)

    compare(
        rule, lambda p: torch.optim.Adam(p, lr=rate, eps=eps, betas=(beta1, beta2)), shape, rate
    )
