"""Mini-batch training of a numpy model, stopped when it explodes (slides s.86, s.193 to s.200)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np

from reference.arrays import IntArray, check_count, check_positive
from reference.optim import UpdateRule, sgd, update_parameters
from reference.training.curves import Curves, EpochRecord
from reference.training.early_stopping import BestSoFar, EarlyStopping
from reference.training.model import Evaluation, Examples, Model, Parameters, evaluate
from reference.training.ratio import update_ratios

Schedule: TypeAlias = Callable[[int], float]
"""Maps the number of finished epochs (from 0) to the learning rate."""


class StopReason(StrEnum):
    """Why a run ended."""

    FINISHED = "finished"
    EARLY = "early"
    """The validation value got no better; the best parameters were restored."""
    EXPLODED = "exploded"
    """The loss rose above `abort_ratio` times the first loss."""
    NOT_FINITE = "not_finite"
    """The loss, the activations or the parameters became NaN or infinite."""


@dataclass(frozen=True)
class TrainingResult:
    """Parameters, curves and the reason for the end; `best` is set with early stopping.

    `parameters` are the best ones with early stopping, else those of the last update that
    stayed finite.
    """

    parameters: Parameters
    curves: Curves
    stop: StopReason
    best: BestSoFar | None = None


@dataclass(frozen=True)
class Solver:
    """The settings of a training run.

    `learning_rate` is a number or a schedule over epochs; `batch_size` `None` means the full
    batch. Training ends early when a mini-batch's loss exceeds `abort_ratio` times the first
    (`None`: never), at NaN or infinity, and as `early_stopping` says. `accuracy_examples`
    training examples, drawn once, stand for all when the training accuracy is measured. Raises
    `ValueError` for settings out of range.
    """

    learning_rate: float | Schedule
    rule: UpdateRule[Any] = sgd
    epochs: int = 10
    batch_size: int | None = 100
    regularization: float = 0.0
    abort_ratio: float | None = 3.0
    early_stopping: EarlyStopping | None = None
    accuracy_examples: int = 1000

    def __post_init__(self) -> None:
        check_count(self.epochs, "epochs")
        check_count(self.accuracy_examples, "accuracy_examples")
        check_positive(self.regularization, "regularization", zero=True)
        if self.batch_size is not None:
            check_count(self.batch_size, "batch_size")
        if self.abort_ratio is not None and not self.abort_ratio > 1:
            raise ValueError(
                f"abort_ratio must be above 1, got {self.abort_ratio}: the slides use 3"
            )
        if not callable(self.learning_rate):
            check_positive(self.learning_rate, "learning_rate", zero=True)

    def rate(self, epoch: int) -> float:
        """Return the learning rate after `epoch` finished epochs."""
        rate = self.learning_rate(epoch) if callable(self.learning_rate) else self.learning_rate
        return check_positive(rate, "learning_rate", zero=True)


def train(
    model: Model,
    training: Examples,
    validation: Examples | None = None,
    *,
    solver: Solver,
    rng: np.random.Generator,
    parameters: Parameters | None = None,
    on_epoch: Callable[[EpochRecord], None] | None = None,
) -> TrainingResult:
    """Train a model by mini-batches; every epoch visits every example once, in a new order.

    Starts from `parameters`, which stay as they are, or draws them. `on_epoch` is called with
    each epoch's record. Raises `ValueError` when early stopping has no validation examples.
    """
    if solver.early_stopping is not None and validation is None:
        raise ValueError(
            "early stopping needs validation examples, got none: split some off the training "
            "set (never the test set)"
        )
    start = model.initialize(rng) if parameters is None else dict(parameters)
    run = _Run(model, solver, rng, start)
    sample = training.take(rng.permutation(len(training))[: solver.accuracy_examples])
    records: list[EpochRecord] = []
    best: BestSoFar | None = None
    for epoch in range(solver.epochs):
        try:
            # Numbers that overflow on the way end the run, with an error instead of a warning.
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                mean_loss = run.epoch(training, solver.rate(epoch))
                fit = evaluate(model, run.parameters, sample)
                check = None if validation is None else evaluate(model, run.parameters, validation)
        except _Stopped as stopped:
            return run.result(records, stopped.reason, best)
        except FloatingPointError:
            return run.result(records, StopReason.NOT_FINITE, best)
        record = _record(epoch + 1, solver.rate(epoch), mean_loss, fit, check, run.ratios)
        records.append(record)
        if on_epoch is not None:
            on_epoch(record)
        if solver.early_stopping is not None:
            value = getattr(record, solver.early_stopping.monitor)
            best = solver.early_stopping.watch(best, epoch + 1, value, run.parameters)
            if solver.early_stopping.exhausted(best):
                return run.result(records, StopReason.EARLY, best)
    return run.result(records, StopReason.FINISHED, best)


class _Stopped(Exception):
    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


class _Run:
    """The state of a run: parameters, the rule's states, and all losses so far."""

    def __init__(
        self, model: Model, solver: Solver, rng: np.random.Generator, parameters: Parameters
    ) -> None:
        self.model, self.solver, self.rng = model, solver, rng
        self.parameters = parameters
        self.states: Mapping[str, Any] | None = None
        self.losses: list[float] = []
        self.ratios: dict[str, float] = {}

    def epoch(self, training: Examples, rate: float) -> float:
        """Update once for each mini-batch; return the mean loss over the examples."""
        total = 0.0
        before = self.parameters
        for indices in self._batches(len(training)):
            before = self.parameters
            total += len(indices) * self._update(training.take(indices), rate)
        self.ratios = update_ratios(before, self.parameters)
        return total / len(training)

    def _batches(self, examples: int) -> Iterator[IntArray]:
        size = self.solver.batch_size
        if size is None or size >= examples:
            yield np.arange(examples)
            return
        order = self.rng.permutation(examples)
        for start in range(0, examples, size):
            yield order[start : start + size]

    def _update(self, batch: Examples, rate: float) -> float:
        loss, gradients = self.model.loss(
            self.parameters,
            batch.images,
            batch.labels,
            regularization=self.solver.regularization,
            rng=self.rng,
        )
        self.losses.append(loss)
        self._stop_if_bad(loss, gradients)
        self.parameters, self.states = self._step(gradients, rate)
        return loss

    def _step(self, gradients: Parameters, rate: float) -> tuple[Parameters, dict[str, Any]]:
        moved, states = update_parameters(
            self.solver.rule, self.parameters, gradients, self.states, learning_rate=rate
        )
        if not _finite(moved):
            raise _Stopped(StopReason.NOT_FINITE)
        return moved, states

    def _stop_if_bad(self, loss: float, gradients: Parameters) -> None:
        if not (math.isfinite(loss) and _finite(gradients)):
            raise _Stopped(StopReason.NOT_FINITE)
        ratio = self.solver.abort_ratio
        if ratio is not None and loss > ratio * self.losses[0]:
            raise _Stopped(StopReason.EXPLODED)

    def result(
        self, records: list[EpochRecord], stop: StopReason, best: BestSoFar | None
    ) -> TrainingResult:
        """Return what came out, with the best parameters where they were kept."""
        parameters = self.parameters if best is None else best.parameters
        return TrainingResult(parameters, Curves(tuple(self.losses), tuple(records)), stop, best)


def _finite(parameters: Parameters) -> bool:
    return all(np.isfinite(value).all() for value in parameters.values())


def _record(
    epoch: int,
    rate: float,
    loss: float,
    fit: Evaluation,
    check: Evaluation | None,
    ratios: dict[str, float],
) -> EpochRecord:
    return EpochRecord(
        epoch=epoch,
        learning_rate=rate,
        training_loss=loss,
        training_accuracy=fit.accuracy,
        validation_loss=None if check is None else check.loss,
        validation_accuracy=None if check is None else check.accuracy,
        update_ratios=ratios,
    )
