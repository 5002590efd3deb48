"""The checks before a long training run (slides s.190 to s.200)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from reference.arrays import check_choice, check_count, check_positive
from reference.optim import UpdateRule, sgd
from reference.regularization import half_l2
from reference.training.model import Examples, Model, Parameters, evaluate
from reference.training.solver import Solver, StopReason, train


@dataclass(frozen=True)
class Check:
    """One check: its name, whether it passed, and the number expected and got."""

    name: str
    passed: bool
    expected: float
    got: float


def expected_initial_loss(kind: Literal["softmax", "svm"], classes: int) -> float:
    """Return the loss when all scores are about equal: ln C for softmax, C - 1 for the SVM.

    For 10 classes 2.302585 and 9, for 3 classes 1.098612 and 2 (slides s.57, s.64).
    """
    check_choice(kind, "kind", ("softmax", "svm"))
    check_count(classes, "classes", minimum=2)
    return math.log(classes) if kind == "softmax" else float(classes - 1)


def check_initial_loss(
    model: Model,
    parameters: Parameters,
    examples: Examples,
    *,
    expected: float,
    rtol: float = 0.02,
) -> Check:
    """Check the loss of fresh parameters, without regularization (slides s.191).

    2.30261216 in the slides, ln 10 = 2.30258509 but for the small weights. `expected` comes from
    `expected_initial_loss`. Larger initial weights start a little higher; `rtol` allows for that.
    """
    check_positive(rtol, "rtol")
    loss, _ = model.loss(parameters, examples.images, examples.labels, rng=np.random.default_rng(0))
    passed = bool(abs(loss - expected) <= rtol * expected)
    return Check("initial_loss", passed, float(expected), loss)


def penalty_of_weights(parameters: Parameters, *, strength: float) -> float:
    """Return `strength / 2` times the sum of all squared weights; vectors are biases."""
    weights = [value for value in parameters.values() if value.ndim > 1]
    return sum(half_l2(weight, strength=strength)[0] for weight in weights)


def check_regularization_raises_loss(
    model: Model,
    parameters: Parameters,
    examples: Examples,
    *,
    regularization: float = 1e3,
    rtol: float = 1e-6,
) -> Check:
    """Check that regularization adds its penalty to the loss (slides s.192).

    2.3026 rises to 3.0686 with strength 1000: the 3072-50-10 network's 154,100 weights of 1e-4 N(0,
    1) are expected to add 1000 / 2 * 154,100 * 1e-8 = 0.7705. Got and expected are rises; a model
    with another penalty than `penalty_of_weights` fails.
    """
    losses = [
        model.loss(
            parameters,
            examples.images,
            examples.labels,
            regularization=strength,
            rng=np.random.default_rng(0),
        )[0]
        for strength in (0.0, check_positive(regularization, "regularization"))
    ]
    expected = penalty_of_weights(parameters, strength=regularization)
    rise = losses[1] - losses[0]
    passed = rise > 0 and abs(rise - expected) <= rtol * max(expected, abs(losses[0]))
    return Check("regularization_raises_loss", passed, expected, rise)


def check_overfits(
    model: Model,
    training: Examples,
    *,
    rng: np.random.Generator,
    parameters: Parameters | None = None,
    learning_rate: float = 1e-3,
    rule: UpdateRule[Any] = sgd,
    count: int = 20,
    epochs: int = 200,
    largest_loss: float = 0.1,
) -> tuple[Check, Check]:
    """Check that the model can learn `count` examples by heart (slides s.193 and s.194).

    Full batch, no regularization. The first check is on the training accuracy, which must reach 1,
    the second on the loss, at most `largest_loss` (2.302603 falls to 0.002597 in the slides).
    The slides' validation accuracy of 100 % says nothing: it is measured on the same examples. A
    run that ends in NaN gets a NaN loss. Raises `ValueError` with fewer than `count` examples.
    """
    check_count(count, "count", maximum=len(training))
    few = training.take(slice(count))
    solver = Solver(
        learning_rate=learning_rate, rule=rule, epochs=epochs, batch_size=None, abort_ratio=None
    )
    result = train(model, few, solver=solver, rng=rng, parameters=parameters)
    if result.stop is not StopReason.FINISHED:
        return (
            Check("overfits_accuracy", False, 1.0, math.nan),
            Check("overfits_loss", False, largest_loss, math.nan),
        )
    end = evaluate(model, result.parameters, few)
    return (
        Check("overfits_accuracy", end.accuracy == 1.0, 1.0, end.accuracy),
        Check("overfits_loss", end.loss <= largest_loss, largest_loss, end.loss),
    )
