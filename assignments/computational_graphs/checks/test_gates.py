"""Checks of the gates (slides s.97-127)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_shape, check_value
from autograder.checks.answers import parts
from autograder.checks.properties import (
    gate_multiplies_by_the_upstream_gradient,
    max_gate_shares_a_tie,
    multiply_gate_swaps,
)
from autograder.checks.strategies import feature_matrices
from autograder.checks.topic import topic
from reference import gates

OUTPUT = {"en": "the output", "fa": "خروجی"}
DX = {"en": "the gradient of `x`", "fa": "گرادیان `x`"}
DY = {"en": "the gradient of `y`", "fa": "گرادیان `y`"}
GRADIENTS = {"en": "the gradients", "fa": "گرادیان‌ها"}

GATES = {
    "AddGate": (gates.Add, ()),
    "MultiplyGate": (gates.Multiply, ()),
    "MaxGate": (gates.Maximum, ()),
    "ExpGate": (gates.Exp, ()),
    "ReciprocalGate": (gates.Reciprocal, ()),
    "ScaleGate": (gates.Scale, (-3.0,)),
    "ShiftGate": (gates.Shift, (2.5,)),
    "SigmoidGate": (gates.Sigmoid, ()),
}
TWO_INPUTS = ("AddGate", "MultiplyGate", "MaxGate")
MATRICES = feature_matrices(edges=("plain", "zero variance", "equal rows"))


def inputs_of(name, rng, shape=(3, 4)):
    """One or two arrays, away from 0 and from ties."""
    first = rng.uniform(0.4, 2.5, shape) * rng.choice([-1.0, 1.0], shape)
    second = first + rng.uniform(0.3, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    return (first, second) if name in TWO_INPUTS else (first,)


def run(student, name, arrays, dz):
    """Forward and backward of a new gate: z and a tuple of gradients."""
    gate = student.new(name, *GATES[name][1])
    z = gate.forward(*arrays)
    back = gate.backward(dz)
    if len(arrays) == 2:
        return z, tuple(parts(back, 2, topic(GRADIENTS)))
    if isinstance(back, (tuple, list)) and len(back) == 1:
        back = back[0]  # `return dx,` is as good as `return dx`
    return z, (back,)


def each_gate(names, points, **keywords):
    """A case for each gate; it stands on the forward pass of that gate alone."""
    marks = {
        name: pytest.mark.points(
            points, question="gates", requires=[f"test_gate_forward[{name}]"], **keywords
        )
        for name in names
    }
    return pytest.mark.parametrize(
        "name", [pytest.param(name, marks=mark, id=name) for name, mark in marks.items()]
    )


@pytest.mark.parametrize("name", GATES)
@pytest.mark.points(1, question="gates")
def test_gate_forward(student, rng, name):
    """`forward` computes what the gate's name says.

    fa: متد `forward` همان را حساب می‌کند که نام گیت می‌گوید.
    """
    reference, constants = GATES[name]
    arrays = inputs_of(name, rng)
    z = student.new(name, *constants).forward(*arrays)
    check_shape(z, arrays[0].shape, what=OUTPUT)
    check_value(z, reference(*constants).forward(*arrays), what=OUTPUT)


@each_gate(GATES, 2)
def test_gate_backward(student, rng, name):
    """`backward` returns the local gradient times dz, for each input.

    fa: متد `backward` برای هر ورودی، گرادیان محلی ضربدر dz را برمی‌گرداند.
    hint: What is the slope of z where one input alone moves a little? Multiply it by dz.
    hint-fa: اگر تنها یک ورودی اندکی تغییر کند، شیب z چیست؟ آن را در dz ضرب کنید.
    """
    reference, constants = GATES[name]
    arrays, dz = inputs_of(name, rng), rng.uniform(1, 2, (3, 4))
    right = reference(*constants)
    right.forward(*arrays)
    _, back = run(student, name, arrays, dz)
    for got, expected, x, name in zip(back, right.backward(dz), arrays, (DX, DY), strict=False):
        check_shape(got, x.shape, what=name)
        check_value(got, expected, what=name)


@each_gate(GATES, 0.25, visibility="after_due_date")
def test_gates_remember_their_own_inputs(student, rng, name):
    """Two gates of one kind do not mix up their inputs.

    fa: دو گیت هم‌نوع ورودی‌های خود را با هم اشتباه نمی‌گیرند.
    hint: Keep what `backward` needs on the object: `self.x = x`.
    hint-fa: آنچه `backward` لازم دارد در خود شیء نگه دارید: `self.x = x`.
    """
    reference, constants = GATES[name]
    first, second = inputs_of(name, rng), inputs_of(name, rng)
    dz = rng.uniform(1, 2, (3, 4))
    one, other = student.new(name, *constants), student.new(name, *constants)
    one.forward(*first)
    other.forward(*second)
    right = reference(*constants)
    right.forward(*first)
    back = one.backward(dz)
    back = parts(back, 2, topic(GRADIENTS)) if len(first) == 2 else (_alone(back),)
    for got, expected, name in zip(back, right.backward(dz), (DX, DY), strict=False):
        check_value(got, expected, what=name)


def _alone(back):
    return back[0] if isinstance(back, (tuple, list)) and len(back) == 1 else back


def backward_of(student, name):
    return lambda dz, *arrays: run(student, name, arrays, dz)[1]


@each_gate(TWO_INPUTS, 1)
@settings(max_examples=8)
@given(X=MATRICES)
def test_twice_the_upstream_gradient_gives_twice_the_gradients(student, X, name):
    """Twice the gradient from above gives twice the gradients of the inputs.

    fa: با دو برابر شدن گرادیان بالادست، گرادیان ورودی‌ها هم دو برابر می‌شود.
    """
    gate_multiplies_by_the_upstream_gradient(backward_of(student, name), X, X[::-1] + 0.37)


@pytest.mark.points(
    2, question="gates", visibility="hidden", requires=["test_gate_forward[MultiplyGate]"]
)
@settings(max_examples=10)
@given(X=MATRICES)
def test_multiply_gate_swaps_its_inputs(student, X):
    """A multiply gate gives each input the gradient times the other input.

    fa: گیت ضرب به هر ورودی، گرادیان ضربدر ورودی دیگر را می‌دهد.
    """
    multiply_gate_swaps(backward_of(student, "MultiplyGate"), X, X[::-1, ::-1] + 0.5)


@pytest.mark.points(1, question="gates", requires=["test_gate_forward[MaxGate]"])
@settings(max_examples=8)
@given(X=MATRICES)
def test_max_gate_hands_a_tie_out_once(student, X):
    """Where both inputs are equal, the max gate hands the gradient out once, not twice.

    fa: اگر دو ورودی برابر باشند، گیت بیشینه گرادیان را یک بار می‌دهد، نه دو بار.
    """
    max_gate_shares_a_tie(backward_of(student, "MaxGate"), X)


@pytest.mark.points(1, question="gates", requires=["test_gate_forward[MultiplyGate]"])
def test_gates_work_on_plain_numbers(student):
    """Gates take plain numbers too: 3 * -4 with dz = 2 gives -8 and 6.

    fa: گیت‌ها با عدد معمولی هم کار می‌کنند: 3 * -4 با dz = 2 گرادیان‌های -8 و 6 را می‌دهد.
    """
    z, (dx, dy) = run(student, "MultiplyGate", (3.0, -4.0), 2.0)
    check_value(z, -12.0, what=OUTPUT)
    check_value(dx, -8.0, what=DX)
    check_value(dy, 6.0, what=DY)


@pytest.mark.points(1, question="gates", visibility="after_due_date")
def test_a_gate_can_be_used_again(student):
    """After a second forward pass, `backward` belongs to that one.

    fa: پس از گذر پیش‌روی دوم، `backward` مربوط به همان است.
    """
    gate = student.new("MultiplyGate")
    gate.forward(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    gate.forward(np.array([5.0, 6.0]), np.array([7.0, 8.0]))
    dx, dy = parts(gate.backward(np.array([1.0, 10.0])), 2, topic(GRADIENTS))
    check_value(dx, np.array([7.0, 80.0]), what=DX)
    check_value(dy, np.array([5.0, 60.0]), what=DY)
