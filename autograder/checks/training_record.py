"""What a training check leaves for the result: kept by whoever runs the check, if anybody does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from autograder.records import Training


@dataclass
class Kept:
    """The latest training of one check."""

    training: Training | None = None


_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextlib.contextmanager
def kept() -> Iterator[Kept]:
    """Keep what `keep` is given inside; plain pytest, which makes no result, keeps nothing."""
    holder = Kept()
    token = _KEPT.set(holder)
    try:
        yield holder
    finally:
        _KEPT.reset(token)


def keep(training: Training) -> None:
    """Hand over what was seen; a check that trains twice leaves the later one."""
    holder = _KEPT.get()
    if holder is not None:
        holder.training = training


@dataclass(frozen=True)
class Sample:
    """One run of a training check, taken to learn how the accuracy of right code varies."""

    accuracy: float
    held_out: int
    at_least: float
    max_runs: int
    published: float | None


_SAMPLES: ContextVar[list[Sample] | None] = ContextVar("samples", default=None)


@contextlib.contextmanager
def sampling() -> Iterator[list[Sample]]:
    """Inside, a training check takes one run, decides nothing, and leaves its accuracy here."""
    samples: list[Sample] = []
    token = _SAMPLES.set(samples)
    try:
        yield samples
    finally:
        _SAMPLES.reset(token)


def samples() -> list[Sample] | None:
    """Where to leave a run's accuracy while `sampling`; None while grading."""
    return _SAMPLES.get()
