"""Training thresholds: the student's classifier is trained, and judged on held-out samples.

Training happens in the student's process; predictions come back; the labels they are held
against never left the grader. One run can be lucky or unlucky, so seeds are added until the
answer is clear.

::

    def train(task):
        classifier = student.new("LinearClassifier")
        losses = classifier.train(task.X_train, task.y_train, learning_rate=0.5, num_iters=200)
        return Trained(classifier.predict(task.X_test), losses)

    check_training_accuracy(train, at_least=0.9, seed=training_seed)

`autograder.checks.network.Network` is such a `train` that also counts the parameters, looks at
the hidden units and draws the curves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import training_record
from autograder.checks.answers import numbers
from autograder.checks.budget import Budget
from autograder.checks.curves import make_curve
from autograder.checks.datasets import Dataset, digits
from autograder.checks.devices import configured
from autograder.checks.exact import check_label_shape
from autograder.checks.failure_modes import (
    FailureMode,
    Finding,
    in_gap,
    in_hidden_units,
    in_labels,
    in_losses,
    in_overfitting,
)
from autograder.checks.job import training_job
from autograder.checks.losses import loss_array
from autograder.checks.pseudonym import chosen_name
from autograder.checks.sequential import CONFIDENCE, Decision, Estimate, decide
from autograder.checks.student import Student
from autograder.checks.tasks import Disguise, Task, draw_task
from autograder.checks.topic import Topic, Wording, topic
from autograder.checks.verdict import Asked, too_low
from autograder.errors import StudentFailure, SubjectTimeout
from autograder.records import Curve, CurveKind, Training
from autograder.texts import text

OVERFIT = 20
"""So few samples every network of the course can fit completely (slides s.193)."""

_KILLING = (FailureMode.NOT_FINITE, FailureMode.EXPLOSION)
"""Units that are dead after these are no cause of their own."""


@dataclass(frozen=True)
class Trained:
    """What a training run brought back: plain data from the student's process."""

    predictions: object
    """Labels (M,) of `task.X_test`."""
    losses: object = None
    """The loss of every step, where the student's function returns it."""
    train_accuracy: float | None = None
    """On training samples, to see a gap."""
    hidden: Sequence[NDArray[Any]] = ()
    """Activations (M, H) of the hidden layers for `task.X_test`, to see dead units."""
    curves: tuple[Curve, ...] = ()
    """What was seen on the way; the losses' curve is drawn from `losses`."""
    parameters: int | None = None
    """Numbers that the trained network keeps, where somebody counted them."""


Train = Callable[[Task], object]
"""Trains in the student's process; returns the predictions for `task.X_test`, or `Trained`."""


@dataclass(frozen=True)
class _Question:
    """What a training check asks, apart from the threshold."""

    train: Train
    about: Topic
    source: Dataset
    sizes: tuple[int | None, int | None]
    disguise: Disguise
    images: bool
    student: Student | None
    budget: Budget | None
    first_loss: float | None
    first_rtol: float
    overfit: bool


@np.errstate(all="ignore")
def check_training_accuracy(
    train: Train,
    *,
    at_least: float,
    seed: int,
    published: float | None = None,
    data: Dataset | None = None,
    train_samples: int | None = None,
    test_samples: int | None = None,
    disguise: Disguise = Disguise.NONE,
    images: bool = False,
    max_runs: int = 3,
    student: Student | None = None,
    budget: Budget | None = None,
    first_loss: float | None = None,
    first_loss_rtol: float = 0.1,
    partial: Mapping[float, float] | None = None,
    overfit: bool = True,
    what: Wording = "the predicted labels",
    hint: Wording | None = None,
) -> Estimate:
    """The trained classifier labels at least this part of the held-out samples right.

    Each run gets another split, order, numbering of the classes and disguise, all from `seed`
    (the fixture `training_seed`). Runs are added, up to `max_runs`, until the accuracy is clearly
    above or below `at_least`; after the last the mean decides. `published` is what the handout
    asks for, a little more. `data` is the digits by default. With `student`, each run seeds the
    student's own randomness, and a `budget` is held to. `first_loss` is what the first loss should
    be (ln C, C - 1). `partial` gives the part of the points that a lower mean accuracy earns,
    `{0.8: 0.5}`. With `overfit`, a classifier that fails is trained once more, on 20 samples, to
    say whether it can learn those.

    Raises CheckFailure that says the accuracies, their interval, the decision and the failure mode.
    """
    _refuse_wrong(at_least, published, max_runs, student, budget)
    question = _Question(
        train=train,
        about=topic(what, hint),
        source=digits() if data is None else data,
        sizes=(train_samples, test_samples),
        disguise=disguise,
        images=images,
        student=student,
        budget=budget,
        first_loss=first_loss,
        first_rtol=first_loss_rtol,
        overfit=overfit,
    )
    with training_job(student, budget, configured()) as device:
        samples = training_record.samples()
        if samples is not None:
            run, task = _run(question, seed, device)
            estimate = Estimate((run.accuracy,), len(task.X_test))
            samples.append(
                training_record.Sample(
                    run.accuracy, len(task.X_test), at_least, max_runs, published
                )
            )
            return estimate
        return _judge(question, seed, device, at_least, published, max_runs, partial or {})


def _refuse_wrong(
    at_least: float,
    published: float | None,
    max_runs: int,
    student: Student | None,
    budget: Budget | None,
) -> None:
    if not 0 < at_least < 1:
        raise ValueError(f"at_least must be between 0 and 1, not {at_least}")
    if published is not None and not at_least <= published < 1:
        raise ValueError(f"published must be from at_least ({at_least}) to 1, not {published}")
    if max_runs < 1:
        raise ValueError(f"max_runs must be at least 1, not {max_runs}")
    if budget is None:
        return
    if student is None:
        raise ValueError("a budget is held to in the student's process; give student=student too")
    longest = max(budget.seconds, 0.0 if budget.gpu is None else budget.gpu.seconds)
    if (max_runs + 1) * longest > student.check_seconds:
        raise ValueError(
            f"{max_runs} runs of {longest:g} s, and one on 20 samples, do not fit into the check's "
            f"{student.check_seconds:g} s; raise limits.check_seconds of the assignment"
        )


def _judge(
    question: _Question,
    seed: int,
    device: str,
    at_least: float,
    published: float | None,
    max_runs: int,
    partial: Mapping[float, float],
) -> Estimate:
    accuracies: list[float] = []
    while True:
        run, task = _run(question, seed + len(accuracies), device)
        accuracies.append(run.accuracy)
        estimate = Estimate(tuple(accuracies), len(task.X_test))
        decision = decide(estimate, at_least, last=len(accuracies) == max_runs)
        if decision is Decision.MORE:
            continue
        passed = decision is Decision.PASS
        record = _record(estimate, at_least, passed, device, run)
        training_record.keep(
            replace(
                record,
                name=None if question.student is None else chosen_name(question.student),
            )
        )
        if passed:
            return estimate
        causes = _causes(question, task, run, estimate)
        if question.student is not None:
            question.student.last_call = None  # the fault is in no single call
        raise too_low(
            Asked(at_least, published, partial),
            estimate,
            run.losses,
            causes,
            question.about,
        )


@dataclass(frozen=True)
class _Run:
    labels: NDArray[Any]
    accuracy: float
    losses: NDArray[np.float64] | None = None
    train_accuracy: float | None = None
    hidden: Sequence[NDArray[Any]] = ()
    curves: tuple[Curve, ...] = field(default=())
    parameters: int | None = None


def _run(question: _Question, seed: int, device: str) -> tuple[_Run, Task]:
    task = draw_task(
        question.source,
        seed,
        train=question.sizes[0],
        test=question.sizes[1],
        disguise=question.disguise,
        images=question.images,
    )
    budget = None if question.budget is None else question.budget.on(device)
    task = replace(task, device=device, budget=budget)
    return _train(question, task), task


def _train(question: _Question, task: Task) -> _Run:
    about, student = question.about, question.student
    clock: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    if student is not None:
        student.reseed(task.seed)
        if task.budget is not None:
            clock = student.within(task.budget.seconds, task.device)
    with clock:
        answer = question.train(task)
    trained = answer if isinstance(answer, Trained) else Trained(answer)
    labels = _labels(trained.predictions, task, about)
    losses = None
    if trained.losses is not None:
        losses = loss_array(trained.losses, about.part("the losses"))
        _check_steps(len(losses), task, about)
    return _Run(
        labels,
        task.accuracy(labels),
        losses,
        trained.train_accuracy,
        trained.hidden,
        trained.curves,
        trained.parameters,
    )


def _check_steps(taken: int, task: Task, about: Topic) -> None:
    most = None if task.budget is None else task.budget.steps
    if most is not None and taken > most:
        raise about.failure(
            text(
                "{taken} losses came back, one for each step; the budget is {most} steps.",
                taken=taken,
                most=most,
            )
        )


def label_array(predictions: object, count: int, classes: int, about: Topic) -> NDArray[Any]:
    """The predictions as labels (count,); raises CheckFailure where they are none."""
    labels = numbers(predictions, about)
    check_label_shape(labels, np.full(count, -1), about)
    known = np.isin(labels, np.arange(classes))
    if not known.all():
        at = int(np.flatnonzero(~known)[0])
        raise about.failure(
            text(
                "A label is a whole number from 0 to {last}; another value stands in {what}.",
                last=classes - 1,
                what=about.what,
            ),
            got=str(labels[at]),
            where=f"[{at}]",
        )
    return labels


def _labels(predictions: object, task: Task, about: Topic) -> NDArray[Any]:
    return label_array(predictions, len(task.X_test), task.classes, about)


def _causes(question: _Question, task: Task, run: _Run, estimate: Estimate) -> list[Finding]:
    """What can be said about why the accuracy is too low."""
    found = [in_labels(run.labels, estimate.interval[0], task.classes)]
    dead = in_hidden_units(run.hidden)
    sign = None
    if run.losses is not None:
        sign = in_losses(run.losses, question.first_loss, rtol=question.first_rtol)
    if sign is None or sign.mode not in _KILLING:
        found.append(dead)
    if sign is not None:
        found.append(sign)
    else:
        if run.train_accuracy is not None:
            found.append(in_gap(run.train_accuracy, run.accuracy))
        if question.overfit and len(task.X_train) > OVERFIT and dead is None:
            found.append(_overfitting(question, task.only(OVERFIT)))
    return [finding for finding in found if finding is not None]


def _overfitting(question: _Question, task: Task) -> Finding | None:
    """Whether the classifier can fit a few samples when it is trained on them alone."""
    try:
        return in_overfitting(_train(question, task).accuracy)
    except (StudentFailure, SubjectTimeout):  # a batch size of more than 20, say
        return None


def _record(estimate: Estimate, at_least: float, passed: bool, device: str, run: _Run) -> Training:
    curves = run.curves
    if run.losses is not None:
        curves = (make_curve(CurveKind.LOSS, run.losses), *curves)
    low, high = estimate.interval
    return Training(
        accuracies=tuple(round(accuracy, 6) for accuracy in estimate.accuracies),
        interval=(round(low, 6), round(high, 6)),
        confidence=CONFIDENCE,
        at_least=at_least,
        passed=passed,
        device=device,
        curves=curves,
        parameters=run.parameters,
    )
