"""A torch module is judged by what it holds and computes, whatever its layers are called."""

import numpy as np
import pytest

from autograder.assignment import Limits
from autograder.checks.modules import (
    beside,
    build_module,
    check_output_shape,
    check_parameters,
    numbers_for,
)
from autograder.checks.student import Student
from autograder.errors import CheckFailure, StudentError
from autograder.sandbox.trusted import TrustedSubject

torch = pytest.importorskip("torch")
nn = torch.nn
functional = nn.functional

SHAPE = (3, 6, 6)
SLOW = pytest.mark.slow  # the first pass on `meta` imports half of torch
PARAMETERS = [(5, 3, 3, 3), (5,), (4, 5, 1, 1), (4,)]


def chain(first=3, second=4):
    return nn.Sequential(
        nn.Conv2d(first, 5, 3, padding=1), nn.ReLU(), nn.Conv2d(5, second, 1), nn.Dropout(0.5)
    )


class Backwards(nn.Module):
    """The same as `chain`, its layers made in another order and named otherwise."""

    def __init__(self):
        super().__init__()
        self.last = nn.Conv2d(5, 4, 1)
        self.begin = nn.Conv2d(3, 5, 3, padding=1)

    def forward(self, x):
        return functional.dropout(self.last(functional.relu(self.begin(x))), 0.5, self.training)


def lazy():
    return nn.Sequential(nn.LazyConv2d(5, 3, padding=1), nn.ReLU(), nn.LazyConv2d(4, 1))


def moved():
    return chain().to("cpu")


def student_with(**functions):
    student = Student()
    student.attach(TrustedSubject(functions, limits=Limits(call_seconds=60)))
    student.begin_check(1, 60)
    return student


def images(*shape):
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("build", [chain, Backwards, pytest.param(lazy, marks=SLOW), moved])
@pytest.mark.parametrize("meta", [False, True])
def test_right_modules_of_any_form_hold_the_same(build, meta):
    module = build_module(student_with(build=build), "build", input_shape=SHAPE, meta=meta)
    check_parameters(module, PARAMETERS)
    assert module.parameter_count == 135 + 5 + 20 + 4
    assert module.output_shape == (() if meta and build is not lazy else (4, 6, 6))


@pytest.mark.parametrize("build", [Backwards, lazy])
def test_filled_by_shape_right_modules_compute_the_same(build):
    student = student_with(build=build, chain=chain)
    x, outputs = images(2, *SHAPE), []
    for name in ("build", "chain"):
        module = build_module(student, name, input_shape=SHAPE)
        module.fill(numbers_for)
        outputs.append(module.output(x))
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-5)
    assert np.std(outputs[0]) > 0.1


def test_buffers_of_floats_are_filled_too():
    module = build_module(student_with(norm=lambda: nn.BatchNorm2d(3)), "norm", input_shape=SHAPE)
    module.fill(numbers_for)
    x, v = images(2, *SHAPE), numbers_for((3,))[:, None, None]
    np.testing.assert_allclose(module.output(x), (x - v) / np.sqrt(v + 1e-5) * v + v, rtol=1e-4)


def test_a_large_network_on_meta_takes_no_memory():
    module = build_module(
        student_with(huge=lambda: nn.Linear(10**6, 10**6)), "huge", input_shape=(1,), meta=True
    )
    assert module.parameter_count == 10**12 + 10**6


def test_dropout_shows_in_training_alone():
    module = build_module(student_with(chain=chain), "chain", input_shape=SHAPE)
    module.fill(numbers_for)
    x = images(1, *SHAPE)
    assert np.ptp(module.output(x, copies=4), axis=0).max() == 0
    assert np.ptp(module.output(x, training=True, copies=4), axis=0).max() > 0


def test_the_gradient_with_respect_to_the_input():
    student = student_with(linear=lambda: nn.Linear(3, 2, bias=False))
    module = build_module(student, "linear", input_shape=(3,))
    module.fill(numbers_for)
    dout = images(4, 2)
    gradient = module.input_gradient(images(4, 3), dout)
    np.testing.assert_allclose(gradient, dout @ numbers_for((2, 3)), rtol=1e-5)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ([*PARAMETERS, (5,), (5,)], "164 parameters; it should have 174. Vectors are missing"),
        (PARAMETERS[:3], "There are vectors too many"),
        ([*PARAMETERS, (2, 4, 1, 1)], "A layer is missing"),
        (PARAMETERS[1:], "There is a layer too many"),
        ([(3, 5, 3, 3), *PARAMETERS[1:]], "as many parameters as it should, in other shapes"),
    ],
)
def test_other_parameters_are_refused_with_what_is_missing(expected, message):
    module = build_module(student_with(chain=chain), "chain", input_shape=SHAPE)
    with pytest.raises(CheckFailure) as failure:
        check_parameters(module, expected)
    details = failure.value.details
    assert message in details.message["en"] and details.call == "chain()"
    assert "<--" in (details.expected or "") + (details.got or "")


def test_another_output_shape_is_refused():
    module = build_module(student_with(chain=chain), "chain", 3, 7, input_shape=SHAPE)
    check_output_shape(module, (7, 6, 6))
    with pytest.raises(CheckFailure, match=r"`\(N, 7, 6, 6\)`; it should be `\(N, 4, 6, 6\)`"):
        check_output_shape(module, (4, 6, 6))


@pytest.mark.parametrize("answer", [[nn.ReLU()], None, lambda x: x], ids=["list", "None", "lambda"])
@pytest.mark.parametrize("meta", [False, True])
def test_what_is_no_module_is_called_that(answer, meta):
    with pytest.raises(CheckFailure, match=f"a `{type(answer).__name__}` came back"):
        build_module(student_with(build=lambda: answer), "build", input_shape=SHAPE, meta=meta)


def test_an_error_in_forward_is_the_students():
    student = student_with(chain=chain)
    with pytest.raises(StudentError, match="RuntimeError"):
        build_module(student, "chain", 2, input_shape=SHAPE)
    assert student.last_call.call == "chain(2)(x)"
    assert student.last_call.example == "x = tensor of shape (2, 3, 6, 6)"


class Liar(nn.Module):
    """Says that it is larger than any memory."""

    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def parameters(self, recurse=True):
        class Claimed:
            shape = self.sizes

        return iter([Claimed()])

    def forward(self, x):
        return x


def test_a_module_that_claims_to_be_huge_costs_the_grader_nothing():
    student = student_with(build=lambda: Liar((10**9, 10**9)))
    module = build_module(student, "build", input_shape=SHAPE)
    with pytest.raises(CheckFailure, match="at most 5,000,000 are expected"):
        module.fill(numbers_for)


@pytest.mark.parametrize("sizes", [("many",), (-3,), ([1], 2)])
def test_sizes_that_are_none_are_refused(sizes):
    with pytest.raises(CheckFailure, match="must be tensors"):
        build_module(student_with(build=lambda: Liar(sizes)), "build", input_shape=SHAPE)


def test_what_is_made_beside_the_students_code_goes_to_it():
    student = student_with(double=lambda x: 2 * x)
    x = beside(student, "lambda x: __import__('torch').tensor(x)", np.arange(3.0), shown="x0")
    assert student.double(x).tolist() == [0, 2, 4]
    assert "<x0>" in student.last_call.example


def test_numbers_depend_on_the_shape_alone():
    assert np.array_equal(numbers_for((4, 3)), numbers_for((4, 3)))
    assert not np.array_equal(numbers_for((4, 3)).ravel(), numbers_for((3, 4)).ravel())
    vector = numbers_for((50,))
    assert vector.dtype == np.float32 and 0.5 <= vector.min() and vector.max() <= 1.5
