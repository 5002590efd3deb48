"""A list of training losses: its form, its failure modes, its few points for a message."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.answers import numbers
from autograder.checks.display import number
from autograder.checks.failure_modes import end, in_losses
from autograder.checks.topic import Topic, Wording, topic
from autograder.texts import text


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
    found = in_losses(history, first_loss, rtol=rtol)
    if found is not None:
        raise about.failure(found.message, got=curve(history))
    if below is not None and not end(history) < below:
        raise about.failure(
            text(
                "The losses end near {end}; they should fall below {below}.",
                end=number(end(history), 4),
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


def curve(losses: NDArray[np.float64]) -> str:
    """Eight losses at equal distances, first and last among them."""
    places = np.unique(np.linspace(0, len(losses) - 1, 8).round().astype(int))
    return ", ".join(number(losses[place], 4) for place in places)
