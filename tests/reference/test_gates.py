"""Gates: every local gradient against autograd, broadcasting, routing, refusals."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.gates import (
    Add,
    Exp,
    Hinge,
    Log,
    MatrixMultiply,
    Maximum,
    Mean,
    Multiply,
    Reciprocal,
    ReLU,
    Scale,
    Shift,
    Sigmoid,
    SoftmaxCrossEntropy,
    Square,
    Subtract,
    Sum,
    Tanh,
    unbroadcast,
)

UNARY = {
    "exp": (Exp, torch.exp),
    "reciprocal": (Reciprocal, torch.reciprocal),
    "scale": (lambda: Scale(-2.5), lambda x: -2.5 * x),
    "shift": (lambda: Shift(3.0), lambda x: x + 3),
    "square": (Square, torch.square),
    "sigmoid": (Sigmoid, torch.sigmoid),
    "tanh": (Tanh, torch.tanh),
    "relu": (ReLU, torch.relu),
    "sum": (Sum, torch.sum),
    "mean": (Mean, torch.mean),
    "log_of_square": (Log, torch.log),
}
BINARY = {
    "add": (Add, torch.add),
    "subtract": (Subtract, torch.sub),
    "multiply": (Multiply, torch.mul),
    "maximum": (Maximum, torch.maximum),
}


@st.composite
def arrays(draw, *, count):
    """Draw `count` arrays of shapes that broadcast together, and a generator."""
    full = draw(st.lists(st.integers(1, 4), max_size=3), label="shape")
    rng = np.random.default_rng(draw(st.integers(0, 2**16), label="seed"))
    drawn = []
    for _ in range(count):
        kept = draw(st.integers(0, len(full)), label="leading axes left out")
        shape = [n if draw(st.booleans(), label="full") else 1 for n in full[kept:]]
        drawn.append(rng.normal(size=shape))
    return drawn, rng


def check(gate, theirs, inputs, rng):
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    expected = theirs(*tensors)
    z = gate.forward(*inputs)
    assert np.allclose(z, expected.detach().numpy(), rtol=1e-12, atol=1e-14)
    dz = rng.normal(size=z.shape)
    expected.backward(torch.tensor(dz).reshape(expected.shape))
    gradients = gate.backward(dz)
    assert len(gradients) == len(inputs)
    for gradient, tensor in zip(gradients, tensors, strict=True):
        assert gradient.shape == tuple(tensor.shape)
        assert np.allclose(gradient, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", UNARY)
@given(drawn=arrays(count=1))
def test_gates_of_one_input_agree_with_autograd(name, drawn):
    (x,), rng = drawn
    make, theirs = UNARY[name]
    check(make(), theirs, [x**2 + 0.1 if name == "log_of_square" else x], rng)


@pytest.mark.parametrize("name", BINARY)
@given(drawn=arrays(count=2))
def test_gates_of_two_inputs_agree_with_autograd_and_undo_broadcasting(name, drawn):
    inputs, rng = drawn
    make, theirs = BINARY[name]
    check(make(), theirs, inputs, rng)


@given(sizes=st.tuples(*[st.integers(1, 5)] * 3), seed=st.integers(0, 99))
def test_the_matrix_product_agrees_with_autograd(sizes, seed):
    rng = np.random.default_rng(seed)
    n, d, m = sizes
    check(MatrixMultiply(), torch.matmul, [rng.normal(size=(n, d)), rng.normal(size=(d, m))], rng)


@given(examples=st.integers(1, 5), classes=st.integers(2, 5), seed=st.integers(0, 99))
def test_loss_gates_agree_with_torchs(examples, classes, seed):
    rng = np.random.default_rng(seed)
    scores, labels = rng.normal(size=(examples, classes)), rng.integers(0, classes, examples)
    targets = torch.tensor(labels)
    check(
        SoftmaxCrossEntropy(labels),
        lambda s: torch.nn.functional.cross_entropy(s, targets),
        [scores],
        rng,
    )
    check(
        Hinge(labels),
        lambda s: classes * torch.nn.functional.multi_margin_loss(s, targets),
        [scores],
        rng,
    )


def test_add_distributes_multiply_swaps_and_max_routes():
    """Slides s.121-124."""
    x, y, dz = np.array(3.0), np.array(-4.0), np.array(2.0)
    results = []
    for gate in (Add(), Multiply(), Maximum()):
        gate.forward(x, y)
        results.append([float(g) for g in gate.backward(dz)])
    assert results == [[2, 2], [-8, 6], [2, 0]]


def test_of_equal_inputs_max_routes_everything_to_the_first():
    gate = Maximum()
    gate.forward(np.ones(2), np.ones(2))
    dx, dy = gate.backward(np.array([5.0, 7.0]))
    assert (dx.tolist(), dy.tolist()) == ([5, 7], [0, 0])


def test_unbroadcasting_sums_over_added_and_stretched_axes():
    gradient = np.arange(24.0).reshape(2, 3, 4)
    assert np.array_equal(unbroadcast(gradient, (3, 1)), gradient.sum(axis=(0, 2))[:, None])
    assert unbroadcast(gradient, ()) == 276
    assert np.array_equal(unbroadcast(gradient, (2, 3, 4)), gradient)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Log().forward(np.array([1.0, 0.0])), "needs x > 0, got 0.0"),
        (lambda: Reciprocal().forward(np.array([1.0, 0.0])), "other than 0"),
        (lambda: MatrixMultiply().forward(np.ones((2, 3)), np.ones((2, 3))), "2 columns"),
        (lambda: Hinge([0, 9]).forward(np.ones((2, 3))), r"lie in \[0, 3\)"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
