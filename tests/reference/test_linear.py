"""Linear classifiers: the slides' worked scores, training on real digits, random search."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from reference.evaluation import accuracy
from reference.linear import LinearSVM, RandomSearch, SoftmaxClassifier, random_search

# Slides s.39: four pixels, three classes (cat, dog, ship); W is (C, D) there and (D, C) here.
SLIDE_W = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0.0, 0.25, 0.2, -0.3]]).T
SLIDE_X = np.array([[56, 231, 24, 2]])
SLIDE_B = np.array([1.1, 3.2, -1.2])
BOTH = [LinearSVM, SoftmaxClassifier]


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits(return_X_y=True)
    images = images / 16 - 0.3
    return images[:1200], labels[:1200], images[1200:], labels[1200:]


def test_the_slides_scores_are_minus_96_8_and_437_9_and_60_75():
    model = LinearSVM()
    model.set_parameters(SLIDE_W, SLIDE_B)
    assert model.scores(SLIDE_X)[0] == pytest.approx([-96.8, 437.9, 60.75])
    assert model.predict(SLIDE_X).tolist() == [1]


def test_the_slides_printed_61_95_is_the_ship_score_without_its_bias():
    model = LinearSVM()
    model.set_parameters(SLIDE_W, np.zeros(3))
    assert model.scores(SLIDE_X)[0, 2] == pytest.approx(61.95)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(("penalty", "factor"), [("l2", 1.0), ("half_l2", 0.5)])
def test_gradients_agree_with_autograd_and_the_bias_is_not_penalized(kind, penalty, factor):
    rng = np.random.default_rng(1)
    X, labels = rng.normal(size=(6, 4)), rng.integers(0, 3, 6)
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    model = kind(strength=0.7, penalty=penalty)
    model.set_parameters(W, b)
    w, bias = torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)
    scores, targets = torch.tensor(X) @ w + bias, torch.tensor(labels)
    if kind is LinearSVM:
        data = 3 * torch.nn.functional.multi_margin_loss(scores, targets)
    else:
        data = torch.nn.functional.cross_entropy(scores, targets)
    expected = data + 0.7 * factor * (w**2).sum()
    expected.backward()
    loss, dW, db = model.loss(X, labels)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert np.allclose(dW, w.grad.numpy(), rtol=1e-9, atol=1e-13)
    assert np.allclose(db, bias.grad.numpy(), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("kind", BOTH)
def test_sgd_learns_the_digits(kind, digits):
    train, labels, test, test_labels = digits
    model = kind(strength=1e-4)
    losses = model.train(
        train, labels, learning_rate=0.3, steps=400, batch_size=64, rng=np.random.default_rng(0)
    )
    assert losses[0] == pytest.approx(9 if kind is LinearSVM else np.log(10), abs=0.01)
    assert np.mean(losses[-20:]) < 0.2 * losses[0]
    assert accuracy(model.predict(test), test_labels) > 0.88


def test_the_same_seed_trains_the_same_weights(digits):
    train, labels, _, _ = digits
    first, again = SoftmaxClassifier(), SoftmaxClassifier()
    for model in (first, again):
        model.train(train, labels, learning_rate=0.1, steps=5, rng=np.random.default_rng(7))
    assert np.array_equal(first.weights, again.weights)


@pytest.mark.parametrize("kind", BOTH)
def test_one_step_moves_weights_and_bias_against_their_gradients(kind):
    rng = np.random.default_rng(2)
    X, labels = rng.normal(size=(8, 3)), np.array([0, 0, 0, 1, 2, 3, 1, 0])
    model, start = kind(strength=0.1), kind(strength=0.1)
    losses = model.train(
        X, labels, learning_rate=0.5, steps=1, batch_size=8, rng=np.random.default_rng(9)
    )
    W = 1e-4 * np.random.default_rng(9).standard_normal((3, 4))
    start.set_parameters(W, np.zeros(4))
    loss, dW, db = start.loss(X, labels)
    assert losses == [pytest.approx(loss)]
    assert np.allclose(model.weights, W - 0.5 * dW, rtol=1e-12)
    assert np.allclose(model.bias, -0.5 * db, rtol=1e-12)


def test_a_learning_rate_that_explodes_ends_in_nan(digits):
    train, labels, _, _ = digits
    model = LinearSVM(squared=True, strength=1.0)
    losses = model.train(train, labels, learning_rate=1e6, steps=200, rng=np.random.default_rng(0))
    assert np.isnan(losses[-1])
    assert len(losses) < 200


def test_float32_data_train_float32_weights():
    X = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    model = SoftmaxClassifier(strength=0.1)
    model.train(
        X, np.arange(20) % 4, learning_rate=0.1, steps=3, batch_size=5, rng=np.random.default_rng(0)
    )
    assert model.weights.dtype == model.bias.dtype == np.float32
    assert model.weights.shape == (3, 4)


def test_best_so_far_of_the_slides_random_search():
    printed = (9.401632, 8.959668, 9.044034, 9.278948, 8.857370, 8.943151)
    search = RandomSearch(np.zeros((1, 1)), printed)
    expected = (9.401632, 8.959668, 8.959668, 8.959668, 8.857370, 8.857370)
    assert search.best_so_far == expected


def test_random_search_keeps_the_weights_with_the_lowest_loss(digits):
    train, labels, _, _ = digits
    search = random_search(train, labels, classes=10, tries=30, rng=np.random.default_rng(0))
    model = LinearSVM()
    model.set_parameters(search.weights, np.zeros(10))
    assert model.loss(train, labels).loss == pytest.approx(min(search.losses))
    assert len(search.losses) == 30


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearSVM().predict(np.ones((1, 2))), "needs weights"),
        (lambda: LinearSVM(penalty="ridge"), "penalty must be one of"),
        (lambda: LinearSVM().set_parameters(np.ones((3, 4)), np.ones(3)), "transpose"),
        (lambda: _train(batch_size=9), "batch_size must be at most 4"),
        (lambda: _train(learning_rate=0), "learning_rate must be a finite number above 0"),
        (lambda: _train(classes=2), r"lie in \[0, 2\), got 2"),
        (lambda: _train(labels=[-1, 0, 1, 2]), r"lie in \[0, 3\), got -1"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _train(*, labels=(0, 1, 2, 0), **change):
    options = {"learning_rate": 0.1, "steps": 1, "batch_size": 4} | change
    SoftmaxClassifier().train(np.ones((4, 2)), labels, rng=np.random.default_rng(0), **options)
