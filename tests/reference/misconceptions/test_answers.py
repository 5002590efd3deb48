"""Answers of a version to a probe, and when two of them agree."""

from typing import Any

import numpy as np
import pytest

from reference.layers import conv2d_naive_forward
from reference.losses import softmax_loss_naive, svm_loss_naive
from reference.misconceptions import (
    COMPONENTS,
    Answer,
    Component,
    Raised,
    agree,
    answers,
)
from reference.misconceptions.catalogue import call
from reference.neighbors import distances_blocked, distances_one_loop, distances_two_loops


def one(value: Any) -> tuple[Answer, ...]:
    """The answer of a version that returns this value."""
    component = Component("constant", lambda: value, lambda rng: [call()])
    return answers(component, component.right, component.probe(np.random.default_rng(0)))


@pytest.mark.parametrize(
    ("component", "other"),
    [
        ("distances_vectorized", distances_two_loops),
        ("distances_vectorized", distances_one_loop),
        ("distances_vectorized", distances_blocked),
        ("svm_loss", svm_loss_naive),
        ("softmax_loss", softmax_loss_naive),
        ("conv2d_forward", conv2d_naive_forward),
    ],
)
def test_another_right_version_agrees_and_matches_no_misconception(component: str, other: Any):
    entry = COMPONENTS[component]
    for seed in range(5):
        calls = entry.probe(np.random.default_rng(seed))
        given = answers(entry, other, calls)
        assert agree(given, answers(entry, entry.right, calls))
        assert not any(agree(given, answers(entry, known.function, calls)) for known in entry.known)


def test_a_version_that_writes_into_its_arguments_spoils_nothing():
    def zeroed(x: Any) -> Any:
        x *= 0
        return x

    component = Component("identity", lambda x: x, lambda rng: [call(rng.normal(size=3))])
    calls = component.probe(np.random.default_rng(0))
    before = calls[0].args[0].copy()
    assert not agree(answers(component, zeroed, calls), answers(component, component.right, calls))
    assert np.array_equal(calls[0].args[0], before)


def test_an_exception_is_an_answer():
    component = Component("fails", lambda: 1 / 0, lambda rng: [call()])
    assert answers(component, component.right, [call()]) == (Raised("ZeroDivisionError"),)
    assert agree((Raised("ValueError"),), (Raised("ValueError"),))
    assert not agree((Raised("ValueError"),), (Raised("TypeError"),))
    assert not agree((Raised("ValueError"),), one(1.0))


def test_numbers_agree_within_the_tolerance_of_their_arrays_largest():
    assert agree(one(np.array([1.0, 1e-9])), one(np.array([1.0, 2e-9])))
    assert not agree(one([1.0, 1e-9]), one([1.0, 2e-9]))
    assert agree(one(np.array([1.0, 0.0])), one(np.array([1.0 + 1e-7, 0.0])))
    assert not agree(one(np.array([1.0, 0.0])), one(np.array([1.0 + 1e-5, 0.0])))
    assert not agree(one(1e-9), one(2e-9))


def test_shapes_and_numbers_of_results_must_be_equal():
    assert not agree(one(np.ones(2)), one(np.ones((2, 1))))
    assert not agree(one((1.0, 2.0)), one(1.0))
    assert agree(one((1.0, 2.0)), one([1.0, 2.0]))
    assert agree(one({"b": 1.0, "a": 2.0}), one({"a": 2.0, "b": 1.0}))


def test_nan_and_infinity_agree_with_themselves_only():
    assert agree(one(np.nan), one(np.nan))
    assert agree(one(np.inf), one(np.inf))
    assert not agree(one(np.inf), one(-np.inf))
    assert not agree(one(np.nan), one(1.0))
    assert not agree(one(np.array([1.0, np.nan])), one(np.array([np.nan, 1.0])))


def test_an_answer_that_holds_no_numbers_is_a_type_error():
    assert one("three") == (Raised("TypeError"),)
    assert one(None) == ((),)
