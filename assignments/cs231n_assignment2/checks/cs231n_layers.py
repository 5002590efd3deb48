"""How the second assignment's layers are called: caches stay with the submission that made them."""

import numpy as np

from autograder.checks import check_value
from autograder.errors import CheckFailure, FailureDetails, StudentError

LAYERS = "cs231n.layers."
OUT = {"en": "the output", "fa": "خروجی"}
LOSS = {"en": "the loss", "fa": "هزینه"}


def forward(student, name, *arguments, module=LAYERS):
    """`(output, pair)`: the pair of output and cache stays in the student's process."""
    pair = student.new(module + name, *arguments)
    record = student.last_call
    try:
        out = pair.call("__getitem__", 0)
    except StudentError:
        student.last_call = record
        raise CheckFailure(
            FailureDetails(
                {
                    "en": f"`{name}` returns two things: the output and the cache.",
                    "fa": f"`{name}` دو چیز برمی‌گرداند: خروجی و cache.",
                }
            )
        ) from None
    student.last_call = record
    return out, pair


def backward(student, name, dout, pair, module=LAYERS):
    """What the backward function makes of `dout` and the cache of its own forward function."""
    return student.call(module + name, dout, pair.keep("__getitem__", 1))


def shape_of(value):
    """The shape of an answer; None where it has none."""
    try:
        return np.shape(value)
    except ValueError:
        return None


def as_vector(value, like):
    """A bias or a scale that came as (1, D), (D, 1) or (1, C, 1, 1), as (D,)."""
    if shape_of(value) is None:
        return value
    array = np.asarray(value)
    if array.dtype.kind in "iuf" and np.ndim(like) == 1 and array.size == np.size(like):
        return array.reshape(-1)
    return value


def check_gradients(got, expected, **keywords):
    """The gradients, a tuple in the order of `expected` (name -> array), are right."""
    names = [{"en": f"`{name}`", "fa": f"`{name}`"} for name in expected]
    if len(expected) == 1:
        (right,) = expected.values()
        check_value(got, right, what=names[0], **keywords)
        return
    if isinstance(got, (tuple, list)) and len(got) == len(expected):
        pairs = zip(got, expected.values(), strict=True)
        got = tuple(as_vector(value, right) for value, right in pairs)
    check_value(got, tuple(expected.values()), what=names, **keywords)


def number(value):
    """A loss that came as an array of one number, as a number."""
    if shape_of(value) is None:
        return value
    array = np.asarray(value)
    return array.reshape(()) if array.dtype.kind in "iuf" and array.size == 1 else value
