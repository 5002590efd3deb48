"""Properties of early stopping, learning-rate ratios, random search and training (s.191-209)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, own_parts, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import batches

__all__ = [
    "a_sampled_setting_lies_in_its_range",
    "every_power_of_10_is_sampled_alike",
    "the_best_epoch_is_the_best_up_to_the_stop",
    "the_first_loss_tells_the_number_of_classes",
    "training_is_repeatable",
    "training_longer_begins_the_same",
    "training_lowers_the_loss",
    "training_stops_when_patience_is_used_up",
    "training_that_improves_is_not_stopped",
    "training_without_a_learning_rate_stands_still",
    "update_ratio_grows_with_the_update",
    "update_ratio_of_a_share_is_the_share",
]

STOPPING = "early_stopping(validation losses, patience) -> (epoch of the stop, best epoch), from 0"
RATIO = "ratio(weights, update) -> |update| / |weights|"
SAMPLE = "sample(low, high, seed) -> a number, even in its logarithm"
TRAIN = "train(X (N, D), y (N,), learning_rate, steps, seed) -> losses (steps,), full batches"
NAMES = ("the epoch of the stop", "the best epoch")
LOSSES = "the losses"


def _losses() -> Cases:
    numbers = st.lists(st.integers(1, 20), min_size=2, max_size=10, unique=True)
    return st.tuples(numbers.map(lambda drawn: [float(each) for each in drawn]), st.integers(1, 4))


def _weights() -> Cases:
    return batches(ties=False, edges=("plain", "constant feature")).map(lambda b: (b.W,))


def _ranges() -> Cases:
    return st.tuples(st.sampled_from((-5, -3, 0)), st.sampled_from((1, 2, 4)), st.integers(0, 99))


def _problems() -> Cases:
    """Two classes far apart: points around (3, 1) and around (-3, 1)."""

    def made(seed: int) -> tuple[Array, Array, int]:
        rng = np.random.default_rng(seed)
        y = np.arange(8) % 2
        X = np.stack([np.where(y == 0, 3.0, -3.0), np.ones(8)], axis=1)
        return X + rng.uniform(-0.5, 0.5, X.shape), y, seed

    return st.integers(0, 99).map(made)


def _stopped(stopping: Function, losses: Sequence[float], patience: int) -> tuple[int, int]:
    stop, best = own_parts(stopping(list(losses), patience), NAMES)
    return int(own(stop, (), what=NAMES[0])), int(own(best, (), what=NAMES[1]))


@course_property(needs=STOPPING, cases=_losses, relates=False)
def the_best_epoch_is_the_best_up_to_the_stop(
    stopping: Function, losses: list[float], patience: int
) -> None:
    """The best epoch is the one with the lowest validation loss up to the stop."""
    stop, best = _stopped(stopping, losses, patience)
    within(np.asarray(stop), 0.0, len(losses) - 1.0, what=NAMES[0])
    check_value(best, int(np.argmin(losses[: stop + 1])), what=NAMES[1])


@course_property(needs=STOPPING, cases=_losses, relates=False)
def training_stops_when_patience_is_used_up(
    stopping: Function, losses: list[float], patience: int
) -> None:
    """Training stops `patience` epochs after the last improvement, or at the end."""
    best, expected = 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best
        if epoch - best >= patience:
            expected = epoch
            break
    check_value(_stopped(stopping, losses, patience)[0], expected, what=NAMES[0])


@course_property(needs=STOPPING, cases=_losses, relates=False)
def training_that_improves_is_not_stopped(
    stopping: Function, losses: list[float], patience: int
) -> None:
    """While the validation loss falls in every epoch, training goes on to the end."""
    falling = sorted(losses, reverse=True)
    last = len(losses) - 1
    check_value(_stopped(stopping, falling, patience), (last, last), what=NAMES)


@course_property(needs=RATIO, cases=_weights)
def update_ratio_grows_with_the_update(ratio: Function, W: Array) -> None:
    """An update twice as large has twice the ratio, and so has one of weights half as large."""
    update = W[::-1] / 8
    once = own(ratio(W, update), (), what="the ratio")
    check_value(ratio(W, 2 * update), 2 * once, what="the ratio")
    check_value(ratio(W / 2, update), 2 * once, what="the ratio")


@course_property(needs=RATIO, cases=_weights, relates=False)
def update_ratio_of_a_share_is_the_share(ratio: Function, W: Array) -> None:
    """An update of a thousandth of each weight has the ratio 0.001, whatever its sign."""
    check_value(ratio(W, -W / 1000), 0.001, what="the ratio")
    check_value(ratio(W, 0.001 * W[:, ::-1]), 0.001, what="the ratio")


@course_property(needs=SAMPLE, cases=_ranges, relates=False)
def a_sampled_setting_lies_in_its_range(
    sample: Function, power: int, width: int, seed: int
) -> None:
    """A sampled hyperparameter lies between the ends of its range."""
    low, high = 10.0**power, 10.0 ** (power + width)
    within(
        own(sample(low, high, seed), (), what="the sampled value"),
        low,
        high,
        what="the sampled value",
    )


@course_property(needs=SAMPLE, cases=_ranges, relates=False)
def every_power_of_10_is_sampled_alike(sample: Function, power: int, width: int, seed: int) -> None:
    """Half of the sampled values lie below the middle of the range in the logarithm."""
    low, high = 10.0**power, 10.0 ** (power + 4)
    values = np.array([own(sample(low, high, seed + at), ()) for at in range(100)])
    within(values, low, high, what="the sampled values")
    below = np.asarray((values < 10.0 ** (power + 2)).mean())
    # 6 standard errors of 100 draws with chance 1/2 are 0.3.
    within(below, 0.2, 0.8, what="the share of values below the middle")


@course_property(
    needs="initial_loss(kind, C) -> loss of equal scores, kind softmax or svm",
    cases=_ranges,
    relates=False,
)
def the_first_loss_tells_the_number_of_classes(
    initial: Function, power: int, width: int, seed: int
) -> None:
    """Before training the loss is `ln C` for the softmax and C - 1 for the SVM."""
    classes = 2 + seed
    check_value(initial("softmax", classes), np.log(classes), what="the loss")
    check_value(initial("svm", classes), classes - 1.0, what="the loss")


@course_property(needs=TRAIN, cases=_problems, relates=False)
def training_lowers_the_loss(train: Function, X: Array, y: Array, seed: int) -> None:
    """On two classes that are far apart a small learning rate lowers the loss in every step."""
    losses = own(train(X, y, 0.01, 12, seed), (12,), what=LOSSES)
    within(losses[1:], 0.0, losses[:-1], what=LOSSES)
    within(losses[-1], None, losses[0] - 1e-3, what=LOSSES)


@course_property(needs=TRAIN, cases=_problems)
def training_without_a_learning_rate_stands_still(
    train: Function, X: Array, y: Array, seed: int
) -> None:
    """With (nearly) no learning rate the loss stays what it was."""
    losses = own(train(X, y, 1e-12, 5, seed), (5,), what=LOSSES)
    check_value(losses[1:], np.full(4, losses[0]), what=LOSSES)


@course_property(needs=TRAIN, cases=_problems)
def training_is_repeatable(train: Function, X: Array, y: Array, seed: int) -> None:
    """Training twice with the same seed gives the same losses."""
    first = own(train(X, y, 0.125, 6, seed), (6,), what=LOSSES)
    check_value(train(X, y, 0.125, 6, seed), first, what=LOSSES)


@course_property(needs=TRAIN, cases=_problems)
def training_longer_begins_the_same(train: Function, X: Array, y: Array, seed: int) -> None:
    """A longer training begins with the losses of a shorter one."""
    short = own(train(X, y, 0.125, 4, seed), (4,), what=LOSSES)
    long = own(train(X, y, 0.125, 8, seed), (8,), what=LOSSES)
    check_value(long[:4], short, what=LOSSES)
