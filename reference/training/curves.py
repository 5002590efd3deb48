"""Loss curves: what a training run records, and what the curves say (slides s.205 to s.208)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reference.arrays import check_count


@dataclass(frozen=True)
class EpochRecord:
    """One line of the slides' training log: epoch (from 1), cost, accuracies, learning rate.

    `training_loss` is the mean over the epoch's mini-batches, regularization included. The
    validation values are `None` without validation examples; `update_ratios` holds the
    update-to-weight ratio of each weight in the epoch's last update.
    """

    epoch: int
    learning_rate: float
    training_loss: float
    training_accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    update_ratios: Mapping[str, float] = field(default_factory=dict)

    def format(self, epochs: int) -> str:
        """Return the line as the slides print it."""
        validation = "" if self.validation_accuracy is None else f"{self.validation_accuracy:.6f}"
        return (
            f"Finished epoch {self.epoch} / {epochs}: cost {self.training_loss:.6f}, "
            f"train: {self.training_accuracy:.6f}, val {validation or '-'}, "
            f"lr {self.learning_rate:e}"
        )


@dataclass(frozen=True)
class Curves:
    """The loss of every mini-batch, and the record of every finished epoch."""

    losses: tuple[float, ...]
    epochs: tuple[EpochRecord, ...]


class Symptom(StrEnum):
    """What a finished run's curves show, and so what to change (slides s.196 to s.208)."""

    NOT_FINITE = "not_finite"
    """NaN or infinity: the learning rate is far too high."""
    EXPLODED = "exploded"
    """The loss rose above three times the first: the learning rate is too high."""
    HARDLY_MOVED = "hardly_moved"
    """The loss is what it was: the learning rate is too low (or the start is at fault)."""
    OVERFITS = "overfits"
    """Training accuracy far above validation accuracy: regularize more, or get more data."""
    NO_GAP = "no_gap"
    """Training and validation accuracy agree: a larger network may do better."""


def generalization_gap(record: EpochRecord) -> float:
    """Return training accuracy minus validation accuracy.

    Negative where the validation set is easier or dropout weakens the network in training; that
    alone is no error. Raises `ValueError` without validation.
    """
    if record.validation_accuracy is None:
        raise ValueError(
            "the gap needs a validation accuracy, got none: train with validation examples"
        )
    return record.training_accuracy - record.validation_accuracy


def diagnose(
    epochs: Sequence[EpochRecord],
    *,
    abort_ratio: float = 3.0,
    least_decrease: float = 0.01,
    large_gap: float = 0.1,
    small_gap: float = 0.02,
) -> tuple[Symptom, ...]:
    """Return what the curves show, the gravest first; an empty tuple where nothing stands out.

    `least_decrease` is the share by which the best epoch's loss must lie under the first one's,
    in runs of more than one epoch; the gaps are differences of accuracies in the last epoch. A
    loss that hardly moves can go with a rising accuracy: for the largest score to be the right
    one, scores need to change but a little (slides s.196). Raises `ValueError` without epochs.
    """
    if not epochs:
        raise ValueError("a diagnosis needs at least one epoch, got none: train first")
    losses = [record.training_loss for record in epochs]
    if not all(math.isfinite(loss) for loss in losses):
        return (Symptom.NOT_FINITE,)
    if max(losses) > abort_ratio * losses[0]:
        return (Symptom.EXPLODED,)
    symptoms = []
    if len(losses) > 1 and losses[0] - min(losses) < least_decrease * losses[0]:
        symptoms.append(Symptom.HARDLY_MOVED)
    if epochs[-1].validation_accuracy is not None:
        gap = generalization_gap(epochs[-1])
        if gap > large_gap:
            symptoms.append(Symptom.OVERFITS)
        elif gap < small_gap:
            symptoms.append(Symptom.NO_GAP)
    return tuple(symptoms)


def smooth(losses: Sequence[float], *, window: int) -> tuple[float, ...]:
    """Return the mean of each loss and up to `window - 1` before it.

    Single mini-batches scatter; their running mean shows the trend. As long as `losses`.
    """
    check_count(window, "window")
    means = []
    for end in range(1, len(losses) + 1):
        recent = losses[max(0, end - window) : end]
        means.append(math.fsum(recent) / len(recent))
    return tuple(means)
