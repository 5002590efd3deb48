"""What a list of training losses shows: the failure modes of the course (slides s.189-208)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.answers import numbers
from autograder.checks.display import number
from autograder.checks.topic import Topic, Wording, topic
from autograder.texts import Text, text

EXPLOSION = 3.0
"""A loss of more than so many times the first one explodes (slides s.200)."""

STALLED = 0.98
"""The last losses are at least this part of the first ones: nothing was learned."""


@np.errstate(all="ignore")
def check_loss_history(
    losses: object,
    *,
    first_loss: float | None = None,
    rtol: float = 0.1,
    below: float | None = None,
    steps: int | None = None,
    what: Wording = "the losses",
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """The losses of a training run, one a step, are finite and fall.

    `first_loss` is what the first one should be within `rtol`, such as ln C for softmax and
    C - 1 for SVM with weights near 0. `below` is what the mean of the last tenth must stay under;
    `steps`, how many losses there must be. Raises CheckFailure that names the failure mode.
    """
    about = topic(what, hint, call)
    history = loss_array(losses, about)
    if steps is not None and len(history) != steps:
        raise about.failure(
            text(
                "One loss for each of {steps} steps is asked for, and {count} came back.",
                steps=steps,
                count=len(history),
            )
        )
    sign = first_bad_sign(history, first_loss, rtol=rtol)
    if sign is not None:
        raise about.failure(sign, got=curve(history))
    if below is not None and not _end(history) < below:
        raise about.failure(
            text(
                "The losses end near {end}; they should fall below {below}.",
                end=number(_end(history), 4),
                below=number(below),
            ),
            got=curve(history),
        )


def loss_array(losses: object, about: Topic) -> NDArray[np.float64]:
    """The losses as a flat float array with at least one entry; raises CheckFailure."""
    values: NDArray[Any] = numbers(losses, about)
    if values.ndim != 1 or not values.size:
        raise about.failure(
            text("A list of numbers, one for each step, is asked for in {what}.", what=about.what),
            got=f"shape {values.shape}",
        )
    return values.astype(np.float64)


def first_bad_sign(
    losses: NDArray[np.float64], first_loss: float | None = None, *, rtol: float = 0.1
) -> Text | None:
    """The first failure mode that the losses show, None where they look healthy."""
    first = float(losses[0])
    large = np.isfinite(losses) & (losses > EXPLOSION * abs(first)) & (first != 0)
    bad = ~np.isfinite(losses)
    step = int(np.argmax(bad | large))
    if bad[step]:
        return text(
            "The loss is NaN or infinite from step {step} on: is the learning rate too large, or "
            "is the log of 0 taken?",
            step=step + 1,
        )
    if first_loss is not None and abs(first - first_loss) > rtol * abs(first_loss):
        return text(
            "The first loss is {first}, and with weights near 0 it should be near {expected}.",
            first=number(first, 4),
            expected=number(first_loss, 4),
        )
    if large[step]:
        return text(
            "The loss explodes: at step {step} it is more than 3 times the first one. Is the "
            "learning rate too large, or the sign of the step wrong?",
            step=step + 1,
        )
    if len(losses) >= 10 and _end(losses) >= STALLED * _start(losses):
        return text(
            "The loss hardly falls: is the learning rate too small, or are the weights not updated?"
        )
    return None


def curve(losses: NDArray[np.float64]) -> str:
    """Eight losses at equal distances, first and last among them."""
    places = np.unique(np.linspace(0, len(losses) - 1, 8).round().astype(int))
    return ", ".join(number(losses[place], 4) for place in places)


def _tenth(losses: NDArray[np.float64]) -> int:
    return max(1, len(losses) // 10)


def _start(losses: NDArray[np.float64]) -> float:
    return float(np.mean(losses[: _tenth(losses)]))


def _end(losses: NDArray[np.float64]) -> float:
    return float(np.mean(losses[-_tenth(losses) :]))
