"""Computational graphs: the slides' two worked graphs, forks, order, autograd, refusals."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.gates import (
    Add,
    Hinge,
    MatrixMultiply,
    Maximum,
    Multiply,
    ReLU,
    Scale,
    Sigmoid,
    SoftmaxCrossEntropy,
    Square,
    Sum,
    Tanh,
)
from reference.gradients import central_difference
from reference.graph import ComputationalGraph, product_of_sum, sigmoid_neuron
from reference.losses import svm_loss

NEURON = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}


def test_the_slides_product_of_a_sum():
    """Slides s.97-103: f = (x + y) z at (-2, 5, -4)."""
    graph = product_of_sum()
    assert graph.forward(x=-2, y=5, z=-4) == -12
    assert graph.values["q"] == 3
    gradients = graph.backward()
    assert {name: float(g) for name, g in gradients.items()} == {
        "f": 1, "q": -4, "x": -4, "y": -4, "z": 3,
    }  # fmt: skip


def test_the_slides_sigmoid_neuron():
    """Slides s.104-118, to six digits."""
    graph = sigmoid_neuron()
    assert graph.forward(**NEURON) == pytest.approx(0.731059, abs=5e-7)
    gradients = graph.backward()
    assert gradients["sum"] == pytest.approx(0.196612, abs=5e-7)
    expected = {
        "x0": 0.393224, "w0": -0.196612, "x1": -0.589836, "w1": -0.393224, "w2": 0.196612,
    }  # fmt: skip
    assert {name: float(gradients[name]) for name in expected} == pytest.approx(expected, abs=5e-7)


def test_the_sigmoid_neuron_holds_the_values_of_each_gate_to_two_digits():
    graph = sigmoid_neuron()
    graph.forward(**NEURON)
    names = ["w0x0", "w1x1", "products", "sum", "negative", "exponential", "denominator", "f"]
    assert [round(float(graph.values[name]), 2) for name in names] == [
        -2, 6, 4, 1, -1, 0.37, 1.37, 0.73,
    ]  # fmt: skip
    gradients = graph.backward()
    assert [round(float(gradients[name]), 2) for name in reversed(names)] == [
        1, -0.53, -0.53, -0.2, 0.2, 0.2, 0.2, 0.2,
    ]  # fmt: skip


def test_the_slides_printed_gradients_come_from_rounding_to_0_2_first():
    """Slide s.118 prints x1: -3 * .2 = -.6 and w1: -2 * .2 = -.4."""
    graph = sigmoid_neuron()
    graph.forward(**NEURON)
    rounded = round(float(graph.backward()["sum"]), 1)
    assert (-3 * rounded, -2 * rounded) == pytest.approx((-0.6, -0.4))


def test_one_sigmoid_gate_replaces_the_last_four():
    graph = ComputationalGraph(output="f")
    graph.add("f", Sigmoid(), "sum")
    assert graph.forward(sum=1.0) == pytest.approx(0.731059, abs=5e-7)
    assert graph.backward()["sum"] == pytest.approx(0.196612, abs=5e-7)


def test_gradients_are_summed_where_a_value_forks():
    graph = ComputationalGraph(output="f")
    graph.add("square", Multiply(), "x", "x")
    graph.add("double", Scale(2), "x")
    graph.add("f", Add(), "square", "double")
    assert graph.forward(x=3.0) == 15
    assert graph.backward()["x"] == 8


def test_a_sum_at_a_fork_leaves_other_gradients_alone():
    graph = ComputationalGraph(output="f")
    graph.add("a", Add(), "x", "y")
    graph.add("b", Add(), "x", "a")
    graph.add("f", Sum(), "b")
    graph.forward(x=np.ones(3), y=np.ones(3))
    gradients = graph.backward()
    assert gradients["x"].tolist() == [2, 2, 2]
    assert gradients["y"].tolist() == gradients["a"].tolist() == [1, 1, 1]


def build(edges):
    graph = ComputationalGraph(output="f")
    for edge in edges:
        name, gate, *inputs = edge
        graph.add(name, gate(), *inputs)
    return graph


def test_the_order_in_which_gates_are_added_does_not_matter():
    edges = [
        ("q", Add, "x", "y"),
        ("r", Tanh, "q"),
        ("s", Multiply, "r", "x"),
        ("f", Maximum, "s", "q"),
    ]
    results = set()
    for order in itertools.permutations(edges):
        graph = build(order)
        place = {name: i for i, name in enumerate(graph.topological_order())}
        assert all(place[i] < place[e[0]] for e in edges for i in e[2:] if i in place)
        value = float(graph.forward(x=0.5, y=-2.0))
        results.add((value, float(graph.backward()["x"])))
    assert len(results) == 1


@st.composite
def random_graphs(draw):
    """Draw gates whose inputs are any earlier names, so that values fork freely."""
    names, edges = ["x", "y", "z"], []
    unary, binary = [Tanh, Sigmoid, Square, ReLU], [Add, Multiply, Maximum]
    for i in range(draw(st.integers(1, 8), label="gates")):
        gate = draw(st.sampled_from(unary + binary), label="gate")
        count = 1 if gate in unary else 2
        inputs = [draw(st.sampled_from(names), label="input") for _ in range(count)]
        names.append(f"n{i}")
        edges.append((names[-1], gate, *inputs))
    return edges, draw(st.integers(0, 2**16), label="seed")


THEIRS = {
    Tanh: torch.tanh, Sigmoid: torch.sigmoid, Square: torch.square, ReLU: torch.relu,
    Add: torch.add, Multiply: torch.mul,
    Maximum: lambda x, y: torch.where(x >= y, x, y),
}  # fmt: skip


@given(drawn=random_graphs())
def test_random_graphs_agree_with_autograd(drawn):
    edges, seed = drawn
    rng = np.random.default_rng(seed)
    graph = build(edges)
    graph.output = edges[-1][0]
    used = {i for n in graph.topological_order() for e in edges if e[0] == n for i in e[2:]}
    inputs = {name: 0.5 * rng.normal(size=(2, 3)) for name in used & {"x", "y", "z"}}
    upstream = rng.normal(size=(2, 3))
    tensors = {name: torch.tensor(x, requires_grad=True) for name, x in inputs.items()}
    values = dict(tensors)
    for name, gate, *sources in edges:
        if name in graph.topological_order():
            values[name] = THEIRS[gate](*(values[s] for s in sources))
    values[graph.output].backward(torch.tensor(upstream))
    out = graph.forward(**inputs)
    gradients = graph.backward(upstream)
    assert np.allclose(out, values[graph.output].detach().numpy(), rtol=1e-12)
    for name, tensor in tensors.items():
        assert np.allclose(gradients[name], tensor.grad.numpy(), rtol=1e-9, atol=1e-11)


def test_the_svm_of_the_scaffold_has_the_gradient_of_the_formula():
    """Slides s.129: scores, margins, loss and regularization; W forks into both terms."""
    rng = np.random.default_rng(0)
    X, W, labels = rng.normal(size=(7, 4)), rng.normal(size=(4, 3)), rng.integers(0, 3, 7)
    graph = ComputationalGraph(output="loss")
    graph.add("scores", MatrixMultiply(), "X", "W")
    graph.add("data_loss", Hinge(labels), "scores")
    graph.add("squares", Square(), "W")
    graph.add("sum_of_squares", Sum(), "squares")
    graph.add("penalty", Scale(0.3), "sum_of_squares")
    graph.add("loss", Add(), "data_loss", "penalty")
    expected = svm_loss(W, X, labels, strength=0.3)
    assert graph.forward(X=X, W=W) == pytest.approx(expected.loss, rel=1e-12)
    assert np.allclose(graph.backward()["W"], expected.gradient, rtol=1e-12)


def test_the_two_layer_softmax_net_of_the_scaffold_passes_a_gradient_check():
    """Slides s.136, with biases that broadcast over the examples."""
    rng = np.random.default_rng(0)
    graph = ComputationalGraph(output="loss")
    graph.add("z1", MatrixMultiply(), "X", "W1")
    graph.add("a1", Add(), "z1", "b1")
    graph.add("hidden", ReLU(), "a1")
    graph.add("z2", MatrixMultiply(), "hidden", "W2")
    graph.add("scores", Add(), "z2", "b2")
    graph.add("loss", SoftmaxCrossEntropy([0, 2, 1, 2, 0]), "scores")
    shapes = {"X": (5, 4), "W1": (4, 6), "b1": (6,), "W2": (6, 3), "b2": (3,)}
    inputs = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    graph.forward(**inputs)
    gradients = graph.backward()
    for name, value in inputs.items():
        numeric = central_difference(
            lambda v, name=name: float(graph.forward(**inputs | {name: v})), value
        )
        assert np.allclose(gradients[name], numeric, atol=1e-8)


def test_what_the_output_does_not_need_is_not_run():
    graph = product_of_sum()
    graph.add("unused", Scale(2), "other")
    assert graph.topological_order() == ("q", "f")
    assert graph.forward(x=-2, y=5, z=-4) == -12
    assert graph.inputs == ("other", "x", "y", "z")


def test_a_long_chain_needs_no_deep_recursion():
    graph = ComputationalGraph(output="n5000")
    for i in range(5000):
        graph.add(f"n{i + 1}", Scale(1.0), f"n{i}")
    assert graph.forward(n0=7.0) == 7
    assert graph.backward()["n0"] == 1


def cyclic():
    graph = ComputationalGraph(output="a")
    graph.add("a", Add(), "b", "x")
    graph.add("b", Scale(2), "a")
    return graph


def twice():
    gate, graph = Add(), ComputationalGraph(output="a")
    graph.add("a", gate, "x", "y")
    graph.add("b", gate, "a", "y")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cyclic().forward(x=1.0), "no cycle, got a -> b -> a"),
        (twice, "a gate of its own, got one gate again for 'b'"),
        (lambda: product_of_sum().add("q", Add(), "x", "y"), "computed once, got 'q' again"),
        (lambda: product_of_sum().add("g", Add()), "a gate needs inputs"),
        (lambda: product_of_sum().forward(x=1, y=2), r"inputs \['x', 'y', 'z'\], got \['x', 'y'\]"),
        (lambda: product_of_sum().forward(x=1, y=2, z=np.nan), "z must be finite"),
        (lambda: product_of_sum().backward(), "forward must run before backward"),
        (lambda: ComputationalGraph(output="f").forward(x=1), "computed by a gate, got 'f'"),
        (lambda: _backward_of_an_array(None), r"needs upstream for an output of shape \(2,\)"),
        (lambda: _backward_of_an_array(np.ones(3)), r"upstream must have the shape \(2,\)"),
    ],
)
def test_wrong_use_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _backward_of_an_array(upstream):
    graph = product_of_sum()
    graph.forward(x=np.ones(2), y=np.ones(2), z=np.ones(2))
    graph.backward(upstream)
