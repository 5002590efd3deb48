"""The failure modes of a training run, each with its name (slides s.189-209)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.display import number
from autograder.texts import Text, text

EXPLOSION = 3.0
"""A loss of more than so many times the first one explodes (slides s.200)."""

STALLED = 0.98
"""The last losses are at least this part of the first ones: nothing was learned."""

GAP = 0.1
"""The accuracy on training samples is so much above that on held-out ones (slides s.205-208)."""

DEAD = 0.5
"""So large a part of the hidden units gives 0 for every sample."""


class FailureMode(StrEnum):
    """What is wrong with a training run."""

    FIRST_LOSS = "first_loss"
    NOT_FINITE = "not_finite"
    EXPLOSION = "explosion"
    NOT_LEARNING = "not_learning"
    ONE_LABEL = "one_label"
    GUESSING = "guessing"
    DEAD_UNITS = "dead_units"
    GAP = "gap"
    CANNOT_OVERFIT = "cannot_overfit"
    LEARNS = "learns"
    """None: a few samples are fitted, so the settings are at fault."""


@dataclass(frozen=True)
class Finding:
    """A failure mode that a run shows, in words."""

    mode: FailureMode
    message: Text


@np.errstate(all="ignore")
def in_losses(
    losses: NDArray[np.float64], first_loss: float | None = None, *, rtol: float = 0.1
) -> Finding | None:
    """The first failure mode that the losses (steps,) show, None where they look healthy."""
    first = float(losses[0])
    large = np.isfinite(losses) & (losses > EXPLOSION * abs(first)) & (first != 0)
    bad = ~np.isfinite(losses)
    step = int(np.argmax(bad | large))
    if bad[step]:
        return Finding(
            FailureMode.NOT_FINITE,
            text(
                "The loss is NaN or infinite from step {step} on: is the learning rate too large, "
                "or is the log of 0 taken?",
                step=step + 1,
            ),
        )
    if first_loss is not None and abs(first - first_loss) > rtol * abs(first_loss):
        return Finding(
            FailureMode.FIRST_LOSS,
            text(
                "The first loss is {first}, and with weights near 0 it should be near {expected}.",
                first=number(first, 4),
                expected=number(first_loss, 4),
            ),
        )
    if large[step]:
        return Finding(
            FailureMode.EXPLOSION,
            text(
                "The loss explodes: at step {step} it is more than 3 times the first one. Is the "
                "learning rate too large, or the sign of the step wrong?",
                step=step + 1,
            ),
        )
    if len(losses) >= 10 and end(losses) >= STALLED * start(losses):
        return Finding(
            FailureMode.NOT_LEARNING,
            text(
                "The loss hardly falls: is the learning rate too small, or are the weights not "
                "updated?"
            ),
        )
    return None


def in_labels(labels: NDArray[Any], accuracy_at_most: float, classes: int) -> Finding | None:
    """One label for every sample (M,), or an accuracy that guessing reaches too."""
    if len(np.unique(labels)) == 1:
        return Finding(
            FailureMode.ONE_LABEL,
            text("Every sample gets the label {label}.", label=int(labels[0])),
        )
    if accuracy_at_most <= 1 / classes:
        return Finding(FailureMode.GUESSING, text("This is no better than guessing."))
    return None


def in_hidden_units(activations: Sequence[NDArray[Any]]) -> Finding | None:
    """Dead units: layers (M, H), whose units give 0 for all of the M samples."""
    dead = sum(int(np.sum(~np.any(layer, axis=0))) for layer in activations)
    units = sum(layer.shape[1] for layer in activations)
    if units == 0 or dead < DEAD * units:
        return None
    return Finding(
        FailureMode.DEAD_UNITS,
        text(
            "Dead units: {dead} of the {units} hidden units give 0 for every sample, and no "
            "gradient passes through them. Is the learning rate too large, or were the weights or "
            "biases far from 0 at the start?",
            dead=dead,
            units=units,
        ),
    )


def in_gap(training: float, held_out: float) -> Finding | None:
    """The network knows its training samples much better than others."""
    if training - held_out < GAP:
        return None
    return Finding(
        FailureMode.GAP,
        text(
            "The gap between training and test is wide: {training} % of the training samples are "
            "labelled right and {held_out} % of the held-out ones. It overfits: regularize more, "
            "or train on more samples or for fewer steps.",
            training=percent(training),
            held_out=percent(held_out),
        ),
    )


def in_overfitting(accuracy: float) -> Finding:
    """What the accuracy on 20 samples says, after training on these alone (slides s.193)."""
    if accuracy == 1.0:
        return Finding(
            FailureMode.LEARNS,
            text(
                "Trained on 20 samples alone, it fits them all, so it does learn: look at the "
                "learning rate, the number of steps and the regularization."
            ),
        )
    return Finding(
        FailureMode.CANNOT_OVERFIT,
        text(
            "Trained on 20 samples alone, it labels only {accuracy} % of these same samples right: "
            "look for a mistake in the loss, the gradient or the step, or for a learning rate far "
            "too small.",
            accuracy=percent(accuracy),
        ),
    )


def percent(part: float) -> str:
    """“94.1”, “95”: a part of 1 in percent."""
    return f"{100 * part:.1f}".removesuffix(".0")


def start(losses: NDArray[np.float64]) -> float:
    """The mean of the first tenth."""
    return float(np.mean(losses[: _tenth(losses)]))


def end(losses: NDArray[np.float64]) -> float:
    """The mean of the last tenth."""
    return float(np.mean(losses[-_tenth(losses) :]))


def _tenth(losses: NDArray[np.float64]) -> int:
    return max(1, len(losses) // 10)
