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
from reference.training.model import Examples, Model, Parameters, evaluate
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
    stayed finite. `states` are what the update rule remembers after the last update; a run that
    is to be resumed needs them as well as the parameters.
    """

    parameters: Parameters
    curves: Curves
    stop: StopReason
    states: Mapping[str, Any] | None
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
    states: Mapping[str, Any] | None = None,
    on_epoch: Callable[[EpochRecord], None] | None = None,
) -> TrainingResult:
    """Train a model by mini-batches; every epoch visits every example once, in a new order.

    Starts from `parameters`, which stay as they are, or draws them; `states` are those of the run
    that is resumed. `on_epoch` is called with each epoch's record. Raises `ValueError` when
    early stopping has no validation examples.
    """
    stopping = solver.early_stopping
    if stopping is not None and validation is None:
        raise ValueError(
            "early stopping needs validation examples, got none: split some off the training "
            "set (never the test set)"
        )
    start = model.initialize(rng) if parameters is None else dict(parameters)
    sample = training.take(rng.permutation(len(training))[: solver.accuracy_examples])
    run = _Run(model, solver, rng, start, states)
    best: BestSoFar | None = None
    for epoch in range(solver.epochs):
        try:
            record = run.epoch(epoch, training, sample, validation)
        except _Stopped as stopped:
            return run.result(stopped.reason, best)
        except FloatingPointError:
            return run.result(StopReason.NOT_FINITE, best)
        if on_epoch is not None:
            on_epoch(record)
        if stopping is not None:
            best = stopping.watch(
                best, epoch + 1, getattr(record, stopping.monitor), run.parameters
            )
            if stopping.exhausted(best):
                return run.result(StopReason.EARLY, best)
    return run.result(StopReason.FINISHED, best)


class _Stopped(Exception):
    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


class _Run:
    """The state of a run: parameters, the rule's states, all losses and records so far."""

    def __init__(
        self,
        model: Model,
        solver: Solver,
        rng: np.random.Generator,
        parameters: Parameters,
        states: Mapping[str, Any] | None,
    ) -> None:
        self.model, self.solver, self.rng = model, solver, rng
        self.parameters, self.states = parameters, states
        self.losses: list[float] = []
        self.records: list[EpochRecord] = []

    def epoch(
        self, epoch: int, training: Examples, sample: Examples, validation: Examples | None
    ) -> EpochRecord:
        """Update once for each mini-batch, then evaluate."""
        rate = self.solver.rate(epoch)
        total, before = 0.0, self.parameters
        # Numbers that overflow on the way end the run, with an error instead of a warning.
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            for indices in self._batches(len(training)):
                before = self.parameters
                total += len(indices) * self._update(training.take(indices), rate)
            fit = evaluate(self.model, self.parameters, sample)
            check = (
                None if validation is None else evaluate(self.model, self.parameters, validation)
            )
        record = EpochRecord(
            epoch=epoch + 1,
            learning_rate=rate,
            training_loss=total / len(training),
            training_accuracy=fit.accuracy,
            validation_loss=None if check is None else check.loss,
            validation_accuracy=None if check is None else check.accuracy,
            update_ratios=update_ratios(before, self.parameters),
        )
        self.records.append(record)
        return record

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

    def result(self, stop: StopReason, best: BestSoFar | None) -> TrainingResult:
        """Return what came out, with the best parameters where they were kept."""
        parameters = self.parameters if best is None else best.parameters
        curves = Curves(tuple(self.losses), tuple(self.records))
        return TrainingResult(parameters, curves, stop, self.states, best)


def _finite(parameters: Parameters) -> bool:
    return all(np.isfinite(value).all() for value in parameters.values())
