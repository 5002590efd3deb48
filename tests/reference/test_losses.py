"""Losses: the slides' numbers, autograd in float64, naive against vectorized, stability."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.losses import (
    cross_entropy_per_example,
    hinge,
    hinge_per_example,
    log_softmax,
    softmax,
    softmax_cross_entropy,
    softmax_loss,
    softmax_loss_naive,
    svm_loss,
    svm_loss_naive,
)
from reference.regularization import PENALTIES

# Slides s.46-52: three pictures, scores for (cat, car, frog), true classes cat, car, frog.
THREE = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
THREE_LABELS = np.array([0, 1, 2])
# Slides s.43: ten classes (airplane ... truck) by three pictures (cat, car, frog).
TEN = np.array(
    [
        [-3.45, -8.87, 0.09, 2.90, 4.48, 8.02, 3.78, 1.06, -0.36, -0.72],
        [-0.51, 6.04, 5.31, -4.22, -4.19, 3.58, 4.49, -4.37, -2.09, -2.93],
        [3.42, 4.64, 2.65, 5.10, 2.64, 5.55, -4.34, -1.50, -4.79, 6.14],
    ]
)
TEN_LABELS = np.array([3, 1, 6])
# Slides s.65: the correct class is 0.
COMPARISON = np.array([[10.0, -2, 3], [10, 9, 9], [10, -100, -100]])


def relative_error(ours, theirs):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    scale = max(np.abs(ours).max(), np.abs(theirs).max(), 1e-12)
    return np.abs(ours - theirs).max() / scale


@st.composite
def problems(draw):
    examples, dim = draw(st.integers(1, 8), label="N"), draw(st.integers(1, 6), label="D")
    classes = draw(st.integers(2, 7), label="C")
    rng = np.random.default_rng(draw(st.integers(0, 2**16), label="seed"))
    scale = draw(st.sampled_from([0.01, 1.0, 30.0]), label="scale")
    W, X = scale * rng.normal(size=(dim, classes)), rng.normal(size=(examples, dim))
    return W, X, rng.integers(0, classes, examples)


def torch_hinge(scores, labels, delta, squared):
    correct = scores.gather(1, labels[:, None])
    margins = (scores - correct + delta).clamp(min=0)
    keep = torch.nn.functional.one_hot(labels, scores.shape[1]) == 0
    margins = margins[keep]
    return (margins**2 if squared else margins).sum() / len(scores)


def away_from_kinks(scores, labels, delta):
    margins = scores - scores[np.arange(len(scores)), labels][:, None] + delta
    margins[np.arange(len(scores)), labels] = 1.0
    return np.abs(margins).min() > 1e-9


def test_hinge_of_the_three_pictures_is_2_9_and_0_and_12_9_mean_5_27():
    assert hinge_per_example(THREE, THREE_LABELS) == pytest.approx([2.9, 0, 12.9])
    assert hinge(THREE, THREE_LABELS).loss == pytest.approx(15.8 / 3)
    assert round(hinge(THREE, THREE_LABELS).loss, 2) == 5.27


def test_squared_hinge_of_the_three_pictures_is_8_41_and_0_and_83_25():
    squared = hinge_per_example(THREE, THREE_LABELS, squared=True)
    assert squared == pytest.approx([8.41, 0, 83.25])
    assert hinge(THREE, THREE_LABELS, squared=True).loss == pytest.approx(30.5533, abs=5e-5)


def test_doubled_scores_give_4_8_and_0_and_23_8_mean_9_5333():
    assert hinge_per_example(2 * THREE, THREE_LABELS) == pytest.approx([4.8, 0, 23.8])
    assert hinge(2 * THREE, THREE_LABELS).loss == pytest.approx(9.5333, abs=5e-5)


def test_counting_the_correct_class_adds_one_and_averaging_over_the_others_halves():
    """Slides s.53-54: mean 6.2667 and 2.6333, two other losses with the same best W."""
    losses = hinge_per_example(THREE, THREE_LABELS)
    scores = THREE - THREE[range(3), THREE_LABELS][:, None] + 1
    counted = np.maximum(scores, 0).sum(axis=1)
    assert counted == pytest.approx([3.9, 1.0, 13.9])
    assert counted - losses == pytest.approx([1, 1, 1])
    assert counted.mean() == pytest.approx(6.2667, abs=5e-5)
    assert losses / 2 == pytest.approx([1.45, 0, 6.45])
    assert (losses / 2).mean() == pytest.approx(2.6333, abs=5e-5)


def test_softmax_of_the_three_pictures():
    assert softmax(THREE)[0] == pytest.approx([0.12998, 0.86905, 0.00097], abs=5e-6)
    losses = cross_entropy_per_example(THREE, THREE_LABELS)
    assert losses == pytest.approx([2.04036, 0.07913, 6.15648], abs=5e-6)
    assert softmax_cross_entropy(THREE, THREE_LABELS).loss == pytest.approx(2.75865, abs=5e-6)


def test_the_ten_class_table_is_won_by_dog_car_truck_with_its_two_losses():
    assert TEN.argmax(axis=1).tolist() == [5, 1, 9]
    assert hinge_per_example(TEN, TEN_LABELS) == pytest.approx([10.58, 0.27, 71.91])
    expected = [5.1698, 0.5775, 11.2945]
    assert cross_entropy_per_example(TEN, TEN_LABELS) == pytest.approx(expected, abs=5e-5)


def test_scores_on_the_margin_cost_the_svm_nothing_and_softmax_something():
    labels = np.zeros(3, int)
    assert hinge_per_example(COMPARISON, labels).tolist() == [0, 0, 0]
    losses = cross_entropy_per_example(COMPARISON, labels)
    assert losses == pytest.approx([9.176e-4, 0.551445, 0], abs=5e-7)
    assert not hinge(COMPARISON, labels).gradient.any()
    assert softmax_cross_entropy(COMPARISON, labels).gradient[:2].all()


@pytest.mark.parametrize("classes", [3, 10])
def test_with_small_weights_the_svm_starts_at_c_minus_1_and_softmax_at_ln_c(classes):
    rng = np.random.default_rng(0)
    W, X = 1e-6 * rng.normal(size=(20, classes)), rng.uniform(size=(50, 20))
    labels = rng.integers(0, classes, 50)
    assert svm_loss(W, X, labels).loss == pytest.approx(classes - 1, abs=1e-4)
    assert softmax_loss(W, X, labels).loss == pytest.approx(np.log(classes), abs=1e-4)
    assert np.log([3, 10]) == pytest.approx([1.098612, 2.302585], abs=5e-7)


@given(problem=problems(), squared=st.booleans(), delta=st.sampled_from([0.5, 1.0, 3.0]))
def test_hinge_agrees_with_autograd(problem, squared, delta):
    W, X, labels = problem
    if not away_from_kinks(X @ W, labels, delta):
        return
    w = torch.tensor(W, requires_grad=True)
    expected = torch_hinge(torch.tensor(X) @ w, torch.tensor(labels), delta, squared)
    expected.backward()
    loss, gradient = svm_loss(W, X, labels, delta=delta, squared=squared)
    assert relative_error(loss, expected.item()) < 1e-9
    assert relative_error(gradient, w.grad.numpy()) < 1e-9


@given(problem=problems())
def test_unsquared_hinge_agrees_with_torchs_multi_margin_loss(problem):
    W, X, labels = problem
    scores = X @ W
    theirs = torch.nn.functional.multi_margin_loss(torch.tensor(scores), torch.tensor(labels))
    # torch divides by the number of classes as well.
    assert hinge(scores, labels).loss == pytest.approx(theirs.item() * W.shape[1], rel=1e-9)


@given(problem=problems())
def test_softmax_cross_entropy_agrees_with_autograd(problem):
    W, X, labels = problem
    w = torch.tensor(W, requires_grad=True)
    scores = torch.tensor(X) @ w
    expected = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
    expected.backward()
    loss, gradient = softmax_loss(W, X, labels)
    assert relative_error(loss, expected.item()) < 1e-9
    # Where the loss is about 0 both gradients are rounding of P - 1, so the error is absolute.
    assert np.abs(gradient - w.grad.numpy()).max() < 1e-9 * max(1e-3, np.abs(gradient).max())


@given(problem=problems())
def test_log_softmax_is_torchs_and_softmax_rows_sum_to_one(problem):
    scores = problem[1] @ problem[0]
    expected = torch.log_softmax(torch.tensor(scores), dim=1).numpy()
    assert np.allclose(log_softmax(scores), expected, rtol=1e-12, atol=1e-12)
    assert softmax(scores).sum(axis=1) == pytest.approx(np.ones(len(scores)))


@pytest.mark.parametrize("penalty", PENALTIES)
@given(problem=problems(), strength=st.sampled_from([0.0, 0.1, 5.0]), squared=st.booleans())
def test_naive_and_vectorized_agree(penalty, problem, strength, squared):
    pairs = [
        (svm_loss_naive, svm_loss, {"squared": squared}),
        (softmax_loss_naive, softmax_loss, {}),
    ]
    for naive, vectorized, options in pairs:
        slow = naive(*problem, strength=strength, penalty=penalty, **options)
        fast = vectorized(*problem, strength=strength, penalty=penalty, **options)
        assert fast.loss == pytest.approx(slow.loss, rel=1e-12, abs=1e-14)
        assert np.allclose(fast.gradient, slow.gradient, rtol=1e-9, atol=1e-12)


@given(problem=problems(), shift=st.floats(-1e3, 1e3))
def test_adding_a_constant_to_every_score_changes_neither_loss(problem, shift):
    scores, labels = problem[1] @ problem[0], problem[2]
    for loss in (hinge, softmax_cross_entropy):
        assert loss(scores + shift, labels).loss == pytest.approx(
            loss(scores, labels).loss, rel=1e-9, abs=1e-9
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_scores_neither_overflow_nor_lose_the_loss(dtype):
    scores = np.array([[1e4, 0, -1e4], [-1e30, 1e30, 0]], dtype)
    loss, gradient = softmax_cross_entropy(scores, [2, 1])
    assert loss == pytest.approx(1e4)
    assert gradient.tolist() == [[0.5, 0, -0.5], [0, 0, 0]]
    assert gradient.dtype == dtype


def test_equal_huge_scores_cost_delta_each():
    loss, gradient = hinge(np.full((1, 3), 1e30), np.array([0]))
    assert loss == 2
    np.testing.assert_array_equal(gradient, [[-2, 1, 1]])


def test_zero_loss_stays_zero_when_the_weights_are_doubled():
    """Slides s.59-60: with (1.3, 4.9, 2.0) the hinges are max(0, -6.2) and max(0, -4.8)."""
    car = THREE[1:2]
    doubled = 2 * car - 2 * car[0, 1] + 1
    assert doubled[0, [0, 2]] == pytest.approx([-6.2, -4.8])
    assert hinge(car, [1]).loss == hinge(2 * car, [1]).loss == 0


@pytest.mark.parametrize("loss", [svm_loss, softmax_loss, svm_loss_naive, softmax_loss_naive])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.ones((4, 3))}, "X must have 2 columns"),
        ({"W": np.ones(2)}, "W must have 2 axes"),
        ({"labels": np.zeros((4, 1), int)}, r"labels must have shape \(4,\)"),
        ({"labels": np.array([0, 1, 2, 3])}, r"lie in \[0, 3\), got 3"),
        ({"labels": np.zeros(4)}, "labels must be integers"),
        ({"X": np.full((4, 2), np.nan)}, "X must be finite"),
        ({"strength": -0.1}, "strength must be"),
        ({"penalty": "ridge"}, "penalty must be one of"),
    ],
)
def test_wrong_arguments_are_refused(loss, change, message):
    arguments = {"W": np.ones((2, 3)), "X": np.ones((4, 2)), "labels": np.zeros(4, int)} | change
    with pytest.raises(ValueError, match=message):
        loss(**arguments)


def test_a_negative_delta_is_refused():
    with pytest.raises(ValueError, match="delta must be"):
        hinge(THREE, THREE_LABELS, delta=-1)
