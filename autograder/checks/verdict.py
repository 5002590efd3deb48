"""The words of a failed training check: asked for, measured, how sure, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.checks.failure_modes import Finding, percent
from autograder.checks.losses import curve
from autograder.checks.sequential import CONFIDENCE, Estimate
from autograder.checks.topic import Topic, joined
from autograder.errors import CheckFailure, FailureDetails
from autograder.texts import Text, text


@dataclass(frozen=True)
class Asked:
    """The threshold of a training check."""

    at_least: float
    published: float | None
    """What the handout asks for; None: the same."""
    partial: Mapping[float, float]
    """Lower accuracies, with the part of the points that each earns."""


def too_low(
    asked: Asked,
    estimate: Estimate,
    losses: NDArray[np.float64] | None,
    causes: Sequence[Finding],
    about: Topic,
) -> CheckFailure:
    """The failure to raise: the accuracies, their interval, the decision and its causes."""
    shown = ", ".join(f"{accuracy:.3f}" for accuracy in estimate.accuracies)
    details = FailureDetails(
        message=joined(
            _asked(asked, estimate),
            _decided(asked, estimate),
            *(cause.message for cause in causes),
        ),
        expected=f"accuracy >= {asked.at_least:g}",
        got=shown if losses is None else f"{shown}; loss {curve(losses)}",
        hint=about.hint,
    )
    earned = [part for accuracy, part in asked.partial.items() if estimate.mean >= accuracy]
    return CheckFailure(details, fraction=max(earned, default=0.0))


def _asked(asked: Asked, estimate: Estimate) -> Text:
    accuracy, wanted = percent(estimate.mean), percent(asked.at_least)
    if asked.published is None or asked.published == asked.at_least:
        return text(
            "After training, {accuracy} % of the held-out samples are labelled right; at least "
            "{wanted} % are asked for.",
            accuracy=accuracy,
            wanted=wanted,
        )
    return text(
        "After training, {accuracy} % of the held-out samples are labelled right; at least "
        "{published} % are asked for, and {wanted} % would pass, as luck is allowed for.",
        accuracy=accuracy,
        published=percent(asked.published),
        wanted=wanted,
    )


def _decided(asked: Asked, estimate: Estimate) -> Text:
    low, high = estimate.interval
    runs = len(estimate.accuracies)
    if high >= asked.at_least:
        return text(
            "With {confidence} % confidence the accuracy lies between {low} and {high} %, so the "
            "mean of the runs decided (runs with different seeds: {runs}).",
            confidence=CONFIDENCE,
            low=percent(low),
            high=percent(high),
            runs=runs,
        )
    return text(
        "That is clear: with {confidence} % confidence the accuracy lies between {low} and {high} "
        "% (runs with different seeds: {runs}).",
        confidence=CONFIDENCE,
        low=percent(low),
        high=percent(high),
        runs=runs,
    )
