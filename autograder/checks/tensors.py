"""Torch tensors as arguments of the student's functions; answers come back as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.calls import show
from autograder.checks.student import RemoteObject, Student

_TENSOR = "lambda value: __import__('torch').tensor(value)"
_LEAF = "lambda value: __import__('torch').tensor(value, requires_grad=True)"
_GRADIENT = "lambda loss, leaf: (loss.backward(), leaf.grad)[1]"


def tensor(student: Student, value: Any, *, requires_grad: bool = False) -> RemoteObject:
    """`value` as a torch tensor in the student's process, of the same shape and dtype."""
    array = np.asarray(value)
    made = student.define(_LEAF if requires_grad else _TENSOR).keep("__call__", array)
    made.description = f"tensor({show(array, prefix='tensor(')})"
    return made


def gradient_of(student: Student, loss: RemoteObject, leaf: RemoteObject) -> Any:
    """What `loss.backward()` leaves in `leaf.grad`: an array, or None where nothing arrives."""
    return student.define(_GRADIENT).call("__call__", loss, leaf)
