"""Submissions that a gradient check could be wrong about, one way or the other."""

import numpy as np
import pytest

from autograder.checks import check_backward, check_loss_gradient
from autograder.errors import CheckFailure


def ridge(W, X, y, reg):
    """Right: mean of squares of X W - y, and reg * sum(W^2)."""
    error = X @ W - y
    return np.mean(error**2) + reg * np.sum(W * W), 2 * X.T @ error / error.size + 2 * reg * W


def regression(rng, shape=(4, 3)):
    features, outputs = shape
    X = rng.normal(size=(5, features))
    return rng.normal(size=shape), X, rng.normal(size=(5, outputs)), 0.3


def message(check, *arguments, **keywords):
    with pytest.raises(CheckFailure) as caught:
        check(*arguments, **keywords)
    return caught.value.details.message["en"]


OFF = "It is off by {} times the variable itself: is the gradient of the regularization missing"


@pytest.mark.parametrize("shape", [(4, 3), (30, 8)])
@pytest.mark.parametrize("reference", [None, ridge])
@pytest.mark.parametrize(("kept", "factor"), [(0.0, "-0.6"), (1.0, "-0.3"), (4.0, "0.6")])
def test_a_gradient_without_its_regularization_is_told(
    local_student, shape, reference, kept, factor
):
    def loss(W, X, y, reg):
        value, gradient = ridge(W, X, y, reg)
        return value, gradient - 2 * reg * W + kept * reg * W

    rng = np.random.default_rng(0)
    arguments = regression(rng, shape)
    student = local_student(loss=loss)
    said = message(check_loss_gradient, student, "loss", *arguments, rng=rng, reference=reference)
    assert OFF.format(factor) in said


def test_a_bare_factor_is_not_called_a_regularization(local_student):
    rng = np.random.default_rng(0)
    student = local_student(loss=lambda x: (float(np.sum(x**2)), x))
    said = message(check_loss_gradient, student, "loss", rng.normal(size=(3, 4)), rng=rng)
    assert said.endswith("It is half as large as it should be: is a factor 2 missing?")


# --- changes in place ---------------------------------------------------------------------------


def test_a_forward_pass_that_spoils_its_input_is_told(local_student):
    def forward(x):
        kept = x
        x *= 2  # the student means a copy
        return x, kept

    rng = np.random.default_rng(0)
    student = local_student(
        forward=lambda x: (forward(x)[0] ** 2, x), backward=lambda up, x: 2 * x * up
    )
    said = message(
        check_backward, student, "forward", "backward", {"x": rng.normal(size=(3, 4))}, rng=rng
    )
    assert "(Your code changes `x` in place. That may be the cause: work on a copy" in said


def test_a_right_backward_pass_may_write_into_its_upstream_gradient(local_student):
    def backward(upstream, x):
        upstream[x <= 0] = 0
        return upstream

    student = local_student(forward=lambda x: (np.maximum(x, 0), x), backward=backward)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        inputs = {"x": rng.normal(size=(3, 4))}
        check_backward(student, "forward", "backward", inputs, rng=rng)


# --- ties ---------------------------------------------------------------------------------------


def pool(x):
    """The maximum of each row."""
    return x.max(axis=1), x


def to_the_first(upstream, x):
    gradient = np.zeros_like(x)
    gradient[np.arange(len(x)), x.argmax(axis=1)] = upstream
    return gradient


def to_the_last(upstream, x):
    return to_the_first(upstream, x[:, ::-1])[:, ::-1]


def shared(upstream, x):
    largest = x == x.max(axis=1, keepdims=True)
    return largest / largest.sum(axis=1, keepdims=True) * upstream[:, None]


def to_each(upstream, x):
    return (x == x.max(axis=1, keepdims=True)) * upstream[:, None]


@pytest.mark.parametrize("reference", [None, (pool, to_the_first), (pool, shared)])
@pytest.mark.parametrize("backward", [to_the_first, to_the_last, shared])
def test_any_way_to_share_the_gradient_of_a_tie_passes(local_student, backward, reference):
    student = local_student(pool=pool, backward=backward)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.integers(0, 3, (4, 5)).astype(float)
        check_backward(student, "pool", "backward", {"x": x}, rng=rng, reference=reference)


@pytest.mark.parametrize("reference", [None, (pool, to_the_first)])
def test_the_whole_gradient_for_each_of_the_equals_is_wrong_at_ties_only(local_student, reference):
    student = local_student(pool=pool, backward=to_each)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        tied = rng.integers(0, 2, (4, 6)).astype(float)
        arguments = (student, "pool", "backward")
        said = message(check_backward, *arguments, {"x": tied}, rng=rng, reference=reference)
        assert said.startswith("Only ties are wrong in `dx`:")
        inputs = {"x": rng.normal(size=(4, 6))}
        check_backward(*arguments, inputs, rng=rng, reference=reference)


def test_equal_inputs_at_the_kink_of_relu_are_no_tie(local_student):
    student = local_student(
        forward=lambda x: (np.maximum(x, 0), x), backward=lambda up, x: up * (x >= 0)
    )
    for seed in range(20):
        rng = np.random.default_rng(seed)
        inputs = {"x": rng.integers(-1, 2, (4, 5)).astype(float)}
        check_backward(student, "forward", "backward", inputs, rng=rng)


# --- upstream gradients, randomness -------------------------------------------------------------


def normalized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0), x


def test_a_gradient_that_is_right_for_ones_only_is_caught(local_student):
    # With ones for the upstream gradient, that of a normalization is 0.
    student = local_student(forward=normalized, backward=lambda up, x: 0 * x)
    rng = np.random.default_rng(0)
    inputs = {"x": rng.normal(size=(5, 3))}
    said = message(check_backward, student, "forward", "backward", inputs, rng=rng)
    assert "It is all zeros." in said


def dropout(x, seed=None):
    drawn = np.random.RandomState(seed)
    mask = (drawn.rand(*x.shape) < 0.6) / 0.6
    return x * mask, mask


def test_dropout_with_a_seed_is_checked_and_without_one_explained(local_student):
    rng = np.random.default_rng(0)
    inputs = {"x": rng.normal(size=(4, 5))}
    student = local_student(dropout=dropout, backward=lambda up, mask: up * mask)
    check_backward(student, "dropout", "backward", inputs, keywords={"seed": 3}, rng=rng)
    said = message(check_backward, student, "dropout", "backward", inputs, rng=rng)
    assert said.startswith("Two calls with the same values gave different answers")
    forgot = local_student(dropout=dropout, backward=lambda up, mask: up)
    keywords = {"seed": 3}
    message(check_backward, forgot, "dropout", "backward", inputs, keywords=keywords, rng=rng)


# --- what comes back ----------------------------------------------------------------------------


def affine(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(upstream, cache):
    x, w = cache
    return {"dx": upstream @ w.T, "dw": x.T @ upstream, "db": upstream.sum(axis=0)}


FORMS = {
    "float32": lambda g: {key: value.astype(np.float32) for key, value in g.items()},
    "lists": lambda g: {key: value.tolist() for key, value in g.items()},
    "other key order": lambda g: dict(reversed(g.items())),
    "keys without d": lambda g: {key[1:]: value for key, value in g.items()},
    "more keys": lambda g: {**g, "cache": None},
    "not contiguous": lambda g: {k: np.repeat(v, 2, axis=-1)[..., ::2] for k, v in g.items()},
    "Fortran order": lambda g: {key: np.asfortranarray(value) for key, value in g.items()},
    "a tuple": lambda g: tuple(g.values()),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reference", [None, (affine, affine_backward)])
def test_right_gradients_pass_in_any_form(local_student, form, reference):
    def backward(upstream, cache):
        return FORMS[form](affine_backward(upstream, cache))

    student = local_student(forward=affine, backward=backward)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        inputs = {
            "x": rng.normal(size=(5, 4)),
            "w": rng.normal(size=(4, 3)),
            "b": rng.normal(size=3),
        }
        check_backward(student, "forward", "backward", inputs, rng=rng, reference=reference)


SAID = {
    "a column": (
        lambda g: {**g, "db": g["db"][:, None]},
        "The shape of `db` is `(3, 1)`; it should be `(3,)`.",
    ),
    "a row": (
        lambda g: {**g, "db": g["db"][None]},
        "The shape of `db` is `(1, 3)`; it should be `(3,)`.",
    ),
    "integers": (
        lambda g: {**g, "dw": g["dw"].astype(int)},
        "The decimals are cut off: is an integer array or `//` in the way?",
    ),
    "a number": (lambda g: {**g, "db": 0.0}, "The shape of `db` is `()`; it should be `(3,)`."),
    "text": (lambda g: {**g, "db": "0"}, "Text came back where `db` should be."),
}


@pytest.mark.parametrize("form", SAID)
@pytest.mark.parametrize("reference", [None, (affine, affine_backward)])
def test_what_is_wrong_with_the_form_of_a_gradient_is_said(local_student, form, reference):
    change, said = SAID[form]
    student = local_student(
        forward=affine, backward=lambda up, cache: change(affine_backward(up, cache))
    )
    rng = np.random.default_rng(2)
    inputs = {
        "x": 3 * rng.normal(size=(5, 4)),
        "w": rng.normal(size=(4, 3)),
        "b": rng.normal(size=3),
    }
    got = message(
        check_backward, student, "forward", "backward", inputs, rng=rng, reference=reference
    )
    assert said in got
