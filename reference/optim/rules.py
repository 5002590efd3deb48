"""What all first-order rules share: their signature, their argument checks, many parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import numpy as np

from reference.arrays import FloatArray, check_finite, check_positive

State = TypeVar("State")


class UpdateRule(Protocol[State]):
    """The signature of every first-order rule; `state` is `None` before the first update."""

    def __call__(
        self, x: FloatArray, dx: FloatArray, state: State | None, *, learning_rate: float
    ) -> tuple[FloatArray, State]:
        """Return the updated parameter and the state for the next update."""
        ...


def update_parameters(
    rule: UpdateRule[State],
    parameters: Mapping[str, FloatArray],
    gradients: Mapping[str, FloatArray],
    states: Mapping[str, State] | None,
    *,
    learning_rate: float,
) -> tuple[dict[str, FloatArray], dict[str, State]]:
    """Update every named parameter with one rule, each with a state of its own.

    `states` is `None` before the first update. Fix a rule's other settings with
    `functools.partial`, for instance `partial(momentum, mu=0.99)`. Raises `ValueError` when
    the names of parameters and gradients differ.
    """
    if parameters.keys() != gradients.keys():
        raise ValueError(
            "every parameter needs exactly one gradient; parameters "
            f"{sorted(parameters)}, gradients {sorted(gradients)}: give both the same names"
        )
    updated: dict[str, FloatArray] = {}
    next_states: dict[str, State] = {}
    for name, x in parameters.items():
        state = None if states is None else states.get(name)
        updated[name], next_states[name] = rule(
            x, gradients[name], state, learning_rate=learning_rate
        )
    return updated, next_states


def check_update(
    x: FloatArray, dx: FloatArray, learning_rate: float, **buffers: FloatArray
) -> float:
    """Raise `ValueError` unless the arguments of an update fit; return the rate as a float.

    The plain float matters: a numpy float64 scalar would turn float32 parameters into float64.
    """
    if not np.issubdtype(x.dtype, np.floating):
        raise ValueError(
            f"x must hold floats, got {x.dtype}: integers would cut each update off; "
            "convert with x.astype(np.float64)"
        )
    for name, array in {"dx": dx, **buffers}.items():
        if array.shape != x.shape or array.dtype != x.dtype:
            raise ValueError(
                f"{name} must have the shape and dtype of x, {x.shape} {x.dtype}, got "
                f"{array.shape} {array.dtype}: pass the values that belong to this x"
            )
    check_finite(dx, "dx")
    return check_positive(learning_rate, "learning_rate", zero=True)


def check_fraction(name: str, value: float) -> None:
    """Raise `ValueError` unless `value`, the part of the past that is kept, is in [0, 1)."""
    if not 0 <= value < 1:
        raise ValueError(
            f"{name} is the kept part of the past and must lie in [0, 1), got {value}: "
            "usual values are 0.9, 0.99, 0.999"
        )
