"""What is recorded of a reference is what a released check gets back."""

import json
from collections import namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.authoring.recording import Recorder
from autograder.checks.frozen import Frozen, Key, NotFrozenError, Values
from autograder.errors import AssignmentError

Pair = namedtuple("Pair", "first second")


@dataclass
class Loss:
    value: float
    gradient: np.ndarray


@dataclass
class Cache:
    x: np.ndarray
    dtype: np.dtype

    @property
    def doubled(self):
        return 2 * self.x


class Model:
    def __init__(self, size):
        self.W = np.arange(float(size))

    def scores(self, x):
        return self.W * x


REFERENCE = SimpleNamespace(
    loss=lambda w: Loss(float(np.sum(w)), 2 * w),
    pair=lambda x: Pair(x, [x, (x, None, "é", b"\0", 1j)]),
    draw=lambda size, rng: rng.normal(size=size),
    fill=lambda out: out.fill(7.0),
    table={"a": np.float32(0.1), 3: np.array([1, 2], np.uint8)},
    Model=Model,
    forward=lambda x: (x + 1, Cache(x, x.dtype)),
    backward=lambda dout, cache: dout * cache.doubled,
    grow=lambda things: things.append(1),
    nan=lambda x: x * np.array([np.nan, np.inf, 1.0]),
)


@pytest.fixture
def recorder():
    return Recorder()


def recorded(recorder):
    return recorder.keep(Key("ref", []), REFERENCE)


def replayed(recorder):
    document = json.loads(recorder.document())
    return Frozen("ref", Values(document["values"]))


def both(recorder, ask):
    """What `ask` gives while recording and from the file."""
    return ask(recorded(recorder)), ask(replayed(recorder))


def test_records_tuples_and_scalars_come_back_as_they_were(recorder):
    w = np.array([0.1, -2.0])
    for got in both(recorder, lambda ref: ref.loss(w)):
        assert got.value == -1.9 and got.gradient.tolist() == [0.2, -4.0]
    for got in both(recorder, lambda ref: ref.pair(2.5)):
        assert (got.first, got.second) == (2.5, [2.5, (2.5, None, "é", b"\0", 1j)])
    for got in both(recorder, lambda ref: ref.table):
        assert got["a"].dtype == np.float32 and got[3].tolist() == [1, 2]


def test_generators_go_on_where_the_reference_left_them(recorder):
    def ask(ref):
        rng = np.random.default_rng(3)
        return [*ref.draw(2, rng), *ref.draw(2, rng), rng.random()]

    while_recording, from_file = both(recorder, ask)
    rng = np.random.default_rng(3)
    assert while_recording == from_file == [*rng.normal(size=4), rng.random()]


def test_arrays_that_are_written_into_are_written_into_again(recorder):
    def ask(ref):
        out = np.zeros(2)
        ref.fill(out)
        return out.tolist()

    assert both(recorder, ask) == ([7.0, 7.0], [7.0, 7.0])


def test_objects_of_the_reference_answer_for_themselves(recorder):
    def ask(ref):
        small, large = ref.Model(2), ref.Model(3)
        return small.scores(2.0).tolist(), large.scores(2.0).tolist(), large.W.tolist()

    expected = ([0.0, 2.0], [0.0, 2.0, 4.0], [0.0, 1.0, 2.0])
    assert both(recorder, ask) == (expected, expected)


def test_records_with_methods_can_be_handed_back(recorder):
    def backward(reference):
        out, cache = reference.forward(np.array([1.0, 3.0]))
        _, other = reference.forward(np.array([2.0, 3.0]))
        dout = np.array([1.0, 10.0])
        assert reference.backward(dout, other).tolist() == [4.0, 60.0]
        assert cache.dtype == np.float64
        return out, cache.x, reference.backward(dout, cache)

    for out, x, gradient in both(recorder, backward):
        np.testing.assert_array_equal(out, [2.0, 4.0])
        np.testing.assert_array_equal(x, [1.0, 3.0])
        np.testing.assert_array_equal(gradient, [2.0, 60.0])


def test_rounding_of_another_machine_finds_the_same_value(recorder):
    w = np.array([0.1, 1e6, -3.0])
    recorded(recorder).loss(w)
    assert replayed(recorder).loss(w * (1 + 1e-13)).value == np.sum(w)


@pytest.mark.parametrize(
    "other",
    [np.array([0.1, 2.1]), np.array([[0.1, 2.0]]), np.array([0.1, 2.0], np.float32), [0.1, 2.0]],
)
def test_another_argument_finds_nothing(recorder, other):
    recorded(recorder).loss(np.array([0.1, 2.0]))
    with pytest.raises(NotFrozenError, match="was not frozen"):
        replayed(recorder).loss(other)


def test_arrays_of_the_same_sums_are_told_apart(recorder):
    for w in ([1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [2.0, 1.0, 3.0]):
        recorded(recorder).loss(np.array(w))
    for w in ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0]):
        assert replayed(recorder).loss(np.array(w)).gradient.tolist() == [2 * x for x in w]


def test_nan_and_infinity_are_kept_and_compared(recorder):
    x = np.array([1.0, np.inf, np.nan])
    for got in both(recorder, lambda ref: ref.nan(x)):
        np.testing.assert_array_equal(got, [np.nan, np.inf, np.nan])
    with pytest.raises(NotFrozenError):
        replayed(recorder).nan(np.array([1.0, -np.inf, np.nan]))


def test_the_same_question_with_two_answers_is_refused(recorder):
    numbers = iter([1.0, 2.0])
    ref = recorder.keep(Key("ref", []), SimpleNamespace(next=lambda f: next(numbers)))
    ref.next(len)
    with pytest.raises(AssignmentError, match="asked twice with the same arguments"):
        ref.next(len)


def test_an_argument_changed_in_place_is_refused(recorder):
    with pytest.raises(AssignmentError, match="changes an argument in place"):
        recorded(recorder).grow([])


def test_in_a_property_an_unknown_input_is_passed_over(recorder):
    for number in range(3):
        recorded(recorder).pair(number)
    ref = replayed(recorder)
    seen = []

    @settings(
        database=None, derandomize=True, max_examples=30, suppress_health_check=list(HealthCheck)
    )
    @given(number=st.integers(0, 5))
    def property(number):
        seen.append(ref.pair(number).first)

    property()
    assert set(seen) == {0, 1, 2}
