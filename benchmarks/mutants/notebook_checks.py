"""What a course notebook checks: fixed inputs, a printed relative error, a stated bound.

The method of the cells that the assignments of Stanford's CS231n publish, written anew: an answer
on evenly spaced numbers beside the expected one, a numerical gradient in ten places or in all, the
difference of two versions of one function, the loss that random weights should have, an accuracy.
A student who reads "should be less than 1e-8" and sees more knows that something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from autograder.errors import FailureDetails, StudentFailure
from autograder.texts import plain
from reference.misconceptions import COMPONENTS

Namespace = Mapping[str, Any]
Check = Callable[[Namespace], None]

VALUE_BOUND = 1e-6
GRADIENT_BOUND = 1e-5


def expect(holds: bool) -> None:
    """Fail where a printed number is not what the notebook says it should be."""
    if not holds:
        raise StudentFailure(FailureDetails(plain("the printed number is off")))


def relative_error(a: Any, b: Any) -> float:
    """Max |a - b| / max(1e-8, |a| + |b|)."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


def near(got: Any, expected: Any, bound: float = VALUE_BOUND) -> None:
    """The printed relative error is below the bound."""
    expect(np.shape(got) == np.shape(expected) and relative_error(got, expected) < bound)


def numerical(function: Callable[[Any], Any], x: Any, upstream: Any, h: float = 1e-5) -> Any:
    """Central differences in every coordinate."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = np.sum((function(x + step) - function(x - step)) * upstream) / (2 * h)
    return gradient


def guarded(check: Check) -> Check:
    """What the code under test raises is seen too."""

    def run(namespace: Namespace) -> None:
        try:
            check(namespace)
        except StudentFailure:
            raise
        except Exception as error:
            raise StudentFailure(FailureDetails(plain(str(error)))) from None

    return run


# --- nearest neighbours and linear classifiers --------------------------------------------------


def _digits() -> tuple[Any, Any, Any, Any]:
    images, labels = load_digits(return_X_y=True)
    return images[:300], labels[:300], images[300:360], labels[300:360]


def _neighbours(code: Namespace) -> None:
    train, labels, test, truth = _digits()
    distances = code["l2_distances_two_loops"](test, train)
    expect(np.shape(distances) == (60, 300))
    for k in (1, 5):
        predicted = code["predict_labels"](distances, labels, k=k)
        expect(float(np.mean(predicted == truth)) > 0.85)
    for version in ("one_loop", "no_loops"):
        other = code[f"l2_distances_{version}"](test, train)
        expect(float(np.linalg.norm(other - distances)) < 1e-3)


def _development_set() -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    W = 1e-4 * rng.standard_normal((65, 10))
    images, labels, *_ = _digits()
    X = images[:100] - images[:100].mean(axis=0)
    return W, np.hstack([X, np.ones((100, 1))]), labels[:100]


def _loss_check(kind: str, start: float) -> Check:
    def check(code: Namespace) -> None:
        W, X, y = _development_set()
        naive, fast = code[f"{kind}_loss_naive"], code[f"{kind}_loss_vectorized"]
        loss, gradient = naive(W, X, y, 5e-6)
        expect(abs(loss - start) < 0.1 * start)
        rng = np.random.default_rng(1)
        for reg in (0.0, 5e1):
            _, gradient = naive(W, X, y, reg)
            for _ in range(10):
                step = np.zeros_like(W)
                place = tuple(rng.integers(size) for size in W.shape)
                step[place] = 1e-5
                slope = (naive(W + step, X, y, reg)[0] - naive(W - step, X, y, reg)[0]) / 2e-5
                near(gradient[place], slope, 1e-3)
        other, other_gradient = fast(W, X, y, 5e-6)
        loss, gradient = naive(W, X, y, 5e-6)
        expect(abs(loss - other) < 1e-6)
        expect(float(np.linalg.norm(gradient - other_gradient)) < 1e-6)

    return check


def _classifier(code: Namespace) -> None:
    train, labels, test, truth = _digits()
    np.random.seed(0)
    for loss in ("svm", "softmax"):
        model = code["LinearClassifier"](loss=loss)
        losses = model.train(train / 16, labels, learning_rate=0.5, reg=1e-4, num_iters=200)
        expect(losses[-1] < losses[0])
        expect(float(np.mean(model.predict(test / 16) == truth)) > 0.8)


ASSIGNMENT_CHECKS: Mapping[str, tuple[str, Check]] = MappingProxyType(
    {
        **{
            name: ("nearest neighbours", guarded(_neighbours))
            for name in (
                "l2_distances_two_loops",
                "l2_distances_one_loop",
                "l2_distances_no_loops",
                "predict_labels",
            )
        },
        **{
            f"{kind}_loss_{version}": (f"{kind} loss", guarded(_loss_check(kind, start)))
            for kind, start in (("svm", 9.0), ("softmax", float(np.log(10))))
            for version in ("naive", "vectorized")
        },
        "LinearClassifier": ("linear classifier", guarded(_classifier)),
    }
)
"""The notebook's section and its cells, by the function that is written."""


# --- layers -------------------------------------------------------------------------------------


def _spaced(*shape: int, low: float = -0.5, high: float = 0.5) -> Any:
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def _layer(name: str, backward: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Check:
    """The output on spaced numbers; each gradient on random ones against differences."""

    def check(code: Namespace) -> None:
        forward = code[name]
        near(forward(*arguments, **options)[0], COMPONENTS[name].right(*arguments, **options)[0])
        rng = np.random.default_rng(231)
        drawn = [rng.standard_normal(np.shape(each)) for each in arguments]
        output, cache = forward(*drawn, **options)
        upstream = rng.standard_normal(output.shape)
        answered = code[backward](upstream, cache)
        gradients = answered if isinstance(answered, tuple) else (answered,)
        for at, gradient in enumerate(gradients):

            def along(x: Any, at: int = at) -> Any:
                return forward(*drawn[:at], x, *drawn[at + 1 :], **options)[0]

            near(gradient, numerical(along, drawn[at], upstream), GRADIENT_BOUND)

    return guarded(check)


def _batch_norm(code: Namespace) -> None:
    """Means near 0 and deviations near 1 after normalization, and beta and gamma with them."""
    x = np.random.default_rng(231).standard_normal((200, 3)) * [1, 10, 100] + [5, -3, 0]
    for gamma, beta in (([1, 1, 1], [0, 0, 0]), ([1, 2, 3], [11, 12, 13])):
        output, _ = code["batch_norm_forward"](x, np.array(gamma, float), np.array(beta, float))
        near(output.mean(axis=0) + 1, np.array(beta) + 1.0)
        near(output.std(axis=0), np.array(gamma), 1e-4)


def _dropout(code: Namespace) -> None:
    """Means and shares of zeros that are printed, and the gradient with one mask."""
    x = np.random.default_rng(231).standard_normal((500, 100)) + 10
    for keep in (0.25, 0.4, 0.7):
        forward = code["inverted_dropout_forward"]
        output, cache = forward(x, keep, training=True, rng=np.random.default_rng(0))
        tested, _ = forward(x, keep, training=False)
        expect(abs(output.mean() - 10) < 0.2 and abs(tested.mean() - 10) < 0.2)
        expect(abs(float(np.mean(output == 0)) - (1 - keep)) < 0.05 and not np.any(tested == 0))
        upstream = np.ones_like(x)
        slope = (
            forward(x + 1e-5, keep, training=True, rng=np.random.default_rng(0))[0]
            - forward(x - 1e-5, keep, training=True, rng=np.random.default_rng(0))[0]
        ) / 2e-5
        near(code["dropout_backward"](upstream, cache), slope, GRADIENT_BOUND)


def _update(name: str, state: dict[str, Any] | None, **options: float) -> Check:
    """One update of spaced weights from a given state."""

    def check(code: Namespace) -> None:
        w, dw = _spaced(4, 5, low=-0.4, high=0.6), _spaced(4, 5, low=-0.6, high=0.4)
        got, after = code[name](w, dw, state, learning_rate=1e-3, **options)
        expected, right = COMPONENTS[name].right(w, dw, state, learning_rate=1e-3, **options)
        near(got, expected)
        for key in right:
            near(after[key], right[key])

    return guarded(check)


_CACHE = _spaced(4, 5, low=0.6, high=0.9)
_CONV = (_spaced(2, 3, 4, 4), _spaced(3, 3, 4, 4), _spaced(3))
_NORM = (_spaced(4, 5), _spaced(5) + 1, _spaced(5))

COMPONENT_CHECKS: Mapping[str, tuple[tuple[str, ...], tuple[Check, ...]]] = MappingProxyType(
    {
        "affine layer": (
            ("affine_forward", "affine_backward"),
            (
                _layer(
                    "affine_forward",
                    "affine_backward",
                    (_spaced(2, 6), _spaced(6, 3), _spaced(3)),
                    {},
                ),
            ),
        ),
        "ReLU": (
            ("relu_forward", "relu_backward"),
            (_layer("relu_forward", "relu_backward", (_spaced(3, 4),), {}),),
        ),
        "convolution": (
            ("conv2d_forward", "conv2d_backward"),
            (_layer("conv2d_forward", "conv2d_backward", _CONV, {"padding": 1, "stride": 2}),),
        ),
        "max pooling": (
            ("max_pool2d_forward", "max_pool2d_backward"),
            (
                _layer(
                    "max_pool2d_forward",
                    "max_pool2d_backward",
                    (_spaced(2, 3, 4, 4),),
                    {"kernel": 2, "stride": 2},
                ),
            ),
        ),
        "batch normalization": (
            ("batch_norm_forward", "batch_norm_backward"),
            (guarded(_batch_norm), _layer("batch_norm_forward", "batch_norm_backward", _NORM, {})),
        ),
        "group normalization": (
            ("group_norm_forward", "group_norm_backward"),
            (
                _layer(
                    "group_norm_forward",
                    "group_norm_backward",
                    (_spaced(2, 6, 4, 5), _spaced(6) + 1, _spaced(6)),
                    {"groups": 2},
                ),
            ),
        ),
        "dropout": (("inverted_dropout_forward", "dropout_backward"), (guarded(_dropout),)),
        "SGD with momentum": (
            ("momentum",),
            (_update("momentum", {"v": _CACHE}),),
        ),
        "RMSProp": (("rmsprop",), (_update("rmsprop", {"cache": _CACHE}),)),
        "Adam": (("adam",), (_update("adam", {"m": _CACHE, "v": _CACHE - 0.1, "t": 5}),)),
    }
)
"""The notebook's section: the components written in it, and its cells."""
