"""Training thresholds: the student's classifier is trained, and judged on held-out samples.

Training happens in the student's process; predictions come back; the labels they are held
against never left the grader. One run can be lucky or unlucky, so seeds are added until the
answer is clear.

::

    def train(task):
        classifier = student.new("LinearClassifier")
        losses = classifier.train(task.X_train, task.y_train, learning_rate=0.5, num_iters=200)
        return Trained(classifier.predict(task.X_test), losses)

    check_training_accuracy(train, at_least=0.9, check_seed=check_seed)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.answers import numbers
from autograder.checks.datasets import Dataset, Task, digits, draw_task
from autograder.checks.exact import check_label_shape
from autograder.checks.losses import curve, first_bad_sign, loss_array
from autograder.checks.sequential import CONFIDENCE, Decision, Estimate, decide
from autograder.checks.topic import Topic, Wording, joined, topic
from autograder.errors import CheckFailure, FailureDetails, StudentFailure
from autograder.texts import Text, text

OVERFIT = 20
"""So few samples every network of the course can fit completely (slides s.193)."""


@dataclass(frozen=True)
class Trained:
    """What a training run brought back: plain data from the student's process."""

    predictions: object
    """Labels (M,) of `task.X_test`."""
    losses: object = None
    """The loss of every step, where the student's function returns it."""


Train = Callable[[Task], object]
"""Trains in the student's process; returns the predictions for `task.X_test`, or `Trained`."""


@np.errstate(all="ignore")
def check_training_accuracy(
    train: Train,
    *,
    at_least: float,
    check_seed: int,
    data: Dataset | None = None,
    train_samples: int | None = None,
    test_samples: int | None = None,
    max_runs: int = 3,
    first_loss: float | None = None,
    partial: Mapping[float, float] | None = None,
    overfit: bool = True,
    what: Wording = "the predicted labels",
    hint: Wording | None = None,
) -> Estimate:
    """The trained classifier labels at least this part of the held-out samples right.

    Each run gets another split, order and numbering of the classes, all from `check_seed`. Runs
    are added, up to `max_runs`, until the accuracy is clearly above or below `at_least`; after
    the last the mean decides. `data` is the digits by default. `first_loss` is what the first
    loss should be (ln C, C - 1). `partial` gives the part of the points that a lower mean
    accuracy earns, `{0.8: 0.5}`. With `overfit`, a classifier that fails is trained once more,
    on 20 samples, to say whether it can learn those.

    Raises CheckFailure that says the accuracies, their interval and the failure mode.
    """
    if not 0 < at_least < 1:
        raise ValueError(f"at_least must be between 0 and 1, not {at_least}")
    if max_runs < 1:
        raise ValueError(f"max_runs must be at least 1, not {max_runs}")
    about = topic(what, hint)
    source = digits() if data is None else data
    accuracies: list[float] = []
    while True:
        seed = check_seed + len(accuracies)
        task = draw_task(source, seed, train=train_samples, test=test_samples)
        run = _run(train, task, about)
        accuracies.append(task.accuracy(run.labels))
        estimate = Estimate(tuple(accuracies), len(task.X_test))
        decision = decide(estimate, at_least, last=len(accuracies) == max_runs)
        if decision is Decision.PASS:
            return estimate
        if decision is Decision.FAIL:
            causes = _causes(train, task, run, estimate, first_loss, overfit, about)
            raise _too_low(estimate, at_least, causes, run, partial or {}, about)


@dataclass(frozen=True)
class _Run:
    labels: NDArray[Any]
    losses: NDArray[np.float64] | None


def _run(train: Train, task: Task, about: Topic) -> _Run:
    answer = train(task)
    trained = answer if isinstance(answer, Trained) else Trained(answer)
    labels = _labels(trained.predictions, task, about)
    if trained.losses is None:
        return _Run(labels, None)
    return _Run(labels, loss_array(trained.losses, about.part("the losses")))


def _labels(predictions: object, task: Task, about: Topic) -> NDArray[Any]:
    """The predictions as labels (M,); raises CheckFailure where they are none."""
    labels = numbers(predictions, about)
    check_label_shape(labels, np.full(len(task.X_test), -1), about)
    known = np.isin(labels, np.arange(task.classes))
    if not known.all():
        at = int(np.flatnonzero(~known)[0])
        raise about.failure(
            text(
                "A label is a whole number from 0 to {last}; another value stands in {what}.",
                last=task.classes - 1,
                what=about.what,
            ),
            got=str(labels[at]),
            where=f"[{at}]",
        )
    return labels


def _causes(
    train: Train,
    task: Task,
    run: _Run,
    estimate: Estimate,
    first_loss: float | None,
    overfit: bool,
    about: Topic,
) -> list[Text]:
    """What can be said about why the accuracy is too low."""
    seen: list[Text] = []
    if len(np.unique(run.labels)) == 1:
        seen.append(text("Every sample gets the label {label}.", label=int(run.labels[0])))
    elif estimate.interval[0] <= 1 / task.classes:
        seen.append(text("This is no better than guessing."))
    sign = None if run.losses is None else first_bad_sign(run.losses, first_loss)
    if sign is not None:
        return [*seen, sign]
    if overfit and len(task.X_train) > OVERFIT:
        seen += _overfitting(train, task.only(OVERFIT), about)
    return seen


def _overfitting(train: Train, task: Task, about: Topic) -> list[Text]:
    """Whether the classifier can fit a few samples when it is trained on them alone."""
    try:
        accuracy = task.accuracy(_run(train, task, about).labels)
    except StudentFailure:  # such as a batch size of more than 20: it says nothing
        return []
    if accuracy == 1.0:
        return [
            text(
                "Trained on 20 samples alone, it fits them all, so it does learn: look at the "
                "learning rate, the number of steps and the regularization."
            )
        ]
    return [
        text(
            "Trained on 20 samples alone, it labels only {accuracy} % of these same samples right: "
            "look for a mistake in the loss, the gradient or the step, or for a learning rate far "
            "too small.",
            accuracy=_percent(accuracy),
        )
    ]


def _too_low(
    estimate: Estimate,
    at_least: float,
    causes: list[Text],
    run: _Run,
    partial: Mapping[float, float],
    about: Topic,
) -> CheckFailure:
    low, high = estimate.interval
    message = joined(
        text(
            "After training, {accuracy} % of the held-out samples are labelled right; at least "
            "{wanted} % are asked for.",
            accuracy=_percent(estimate.mean),
            wanted=_percent(at_least),
        ),
        *causes,
    )
    shown = ", ".join(f"{accuracy:.3f}" for accuracy in estimate.accuracies)
    details = FailureDetails(
        message=message,
        expected=f"accuracy >= {at_least:g}",
        got=shown if run.losses is None else f"{shown}; loss {curve(run.losses)}",
        error=f"{CONFIDENCE} % interval [{low:.3f}, {high:.3f}], runs: {len(estimate.accuracies)}",
        hint=about.hint,
    )
    earned = [fraction for accuracy, fraction in partial.items() if estimate.mean >= accuracy]
    return CheckFailure(details, fraction=max(earned, default=0.0))


def _percent(part: float) -> str:
    return f"{100 * part:.1f}".removesuffix(".0")
