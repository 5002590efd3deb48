"""Checks of the update rules in `optim.py`."""

import numpy as np
import pytest

from autograder.checks import check_shape, check_value
from reference.optim.adaptive import adam, rmsprop
from reference.optim.gradient_descent import momentum, sgd

OPTIM = "cs231n.optim."
WEIGHTS = {"en": "the new weights", "fa": "وزن‌های تازه"}
RATE = 1e-2


def step(student, name, w, dw, config):
    """`(weights, config)` of one update; the config goes on to the next."""
    answer = student.call(OPTIM + name, w, dw, config)
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        check_value(answer, (w, {}), what=(WEIGHTS, {"en": "`config`", "fa": "`config`"}))
    check_shape(answer[0], w.shape, what=WEIGHTS)
    return np.asarray(answer[0]), answer[1]


def steps(student, name, rng, config):
    """Three updates of theirs from `config`, and the gradients."""
    w, gradients = rng.normal(size=(3, 4)), rng.normal(size=(3, 3, 4))
    start, found = w, []
    for dw in gradients:
        w, config = step(student, name, w, dw, config)
        found.append(w)
    return start, gradients, found


def right_steps(rule, w, gradients, state=None, **settings):
    found = []
    for dw in gradients:
        w, state = rule(w, dw, state, learning_rate=RATE, **settings)
        found.append(w)
    return found


@pytest.mark.points(1, question="optim")
def test_sgd(student, rng):
    """`sgd` takes `learning_rate * dw` off the weights.

    fa: تابع `sgd` مقدار `learning_rate * dw` را از وزن‌ها کم می‌کند.
    """
    w, dw = rng.normal(size=(2, 3, 4))
    step(student, "sgd_momentum", w, dw, {"learning_rate": RATE})  # `sgd` alone is given
    w, gradients, found = steps(student, "sgd", rng, {"learning_rate": RATE})
    check_value(found[-1], right_steps(sgd, w, gradients)[-1], what=WEIGHTS)


@pytest.mark.points(3, question="optim")
def test_sgd_momentum(student, rng):
    """`sgd_momentum` keeps a velocity, which every gradient changes.

    fa: تابع `sgd_momentum` سرعتی نگه می‌دارد که هر گرادیان آن را تغییر می‌دهد.
    hint: `v = momentum * v - learning_rate * dw`, then `w + v`; put `v` into `config`.
    hint-fa: رابطه `v = momentum * v - learning_rate * dw` و سپس `w + v` است؛ `v` را در
        `config` بگذارید.
    """
    config = {"learning_rate": RATE, "momentum": 0.8}
    w, gradients, found = steps(student, "sgd_momentum", rng, config)
    check_value(found[-1], right_steps(momentum, w, gradients, mu=0.8)[-1], what=WEIGHTS)


@pytest.mark.points(3, question="optim")
def test_rmsprop(student, rng):
    """`rmsprop` divides by the root of a running mean of the squared gradients.

    fa: تابع `rmsprop` بر ریشهٔ میانگین متحرک مربع گرادیان‌ها تقسیم می‌کند.
    """
    config = {"learning_rate": RATE, "decay_rate": 0.9, "epsilon": 1e-8}
    w, gradients, found = steps(student, "rmsprop", rng, config)
    right = right_steps(rmsprop, w, gradients, decay_rate=0.9, eps=1e-8)
    check_value(found[-1], right[-1], what=WEIGHTS, rtol=1e-5)


def check_adam(found, w, gradients, moments, counts):
    """The updates are Adam's, its count of steps starting at one of `counts`."""
    rights = []
    for count in counts:
        state = {"m": moments[0], "v": moments[1], "t": count - 1}
        rights.append(right_steps(adam, w, gradients, state, eps=1e-8))
    for right in rights:
        if np.allclose(found[0], right[0], rtol=1e-7, atol=1e-10):
            break
    else:
        right = rights[0]
    for got, wanted in zip(found, right, strict=True):
        check_value(got, wanted, what=WEIGHTS, rtol=1e-5)


@pytest.mark.points(3, question="optim")
def test_adam(student, rng):
    """`adam` corrects its two running means for their start at 0.

    fa: تابع `adam` دو میانگین متحرک خود را بابت شروع از صفر تصحیح می‌کند.
    hint: `m / (1 - beta1 ** t)` with `t` = 1 in the first step; count the steps in `config`.
    hint-fa: تصحیح `m / (1 - beta1 ** t)` است و در گام نخست `t` برابر ۱ است؛ گام‌ها را در
        `config` بشمارید.
    """
    config = {"learning_rate": RATE, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    w, gradients, found = steps(student, "adam", rng, config)
    check_adam(found, w, gradients, np.zeros((2, 3, 4)), (1, 2))


@pytest.mark.points(2, question="optim", visibility="hidden")
def test_adam_goes_on(student, rng):
    """`adam` goes on from the moments and the count in `config`.

    fa: تابع `adam` از گشتاورها و شمارهٔ درون `config` ادامه می‌دهد.
    """
    moments = rng.uniform(0.5, 1, (2, 3, 4))
    config = {"learning_rate": RATE, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 5}
    config |= {"m": moments[0], "v": moments[1]}
    w, gradients, found = steps(student, "adam", rng, config)
    check_adam(found, w, gradients, moments, (6, 5))
