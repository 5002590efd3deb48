"""Two answers of one student's held against each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from autograder.checks import display
from autograder.checks.answers import numbers, parts
from autograder.checks.compare import largest_error, wrong_entries
from autograder.checks.tolerances import tolerance
from autograder.checks.topic import Wording, topic
from autograder.texts import text


def check_close_to_each_other(
    first: object,
    second: object,
    *,
    names: tuple[str, str],
    rtol: float | None = None,
    atol: float | None = None,
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """Two answers of the student's agree, such as of the naive and the vectorized function.

    `names` are the two functions. Says nothing about which of them is right. Raises CheckFailure.
    """
    left = text("the answer of {name}", name=f"`{names[0]}`")
    right = text("the answer of {name}", name=f"`{names[1]}`")
    if isinstance(second, tuple | list) and isinstance(first, tuple | list):
        if not _rectangular(second):
            second = tuple(parts(second, len(first), topic(right, hint, call)))
            first = tuple(first)
            for one, other in zip(first, second, strict=True):
                check_close_to_each_other(
                    one, other, names=names, rtol=rtol, atol=atol, hint=hint, call=call
                )
            return
    a = numbers(first, topic(left, hint, call))
    b = numbers(second, topic(right, hint, call))
    about = topic(left, hint, call)
    if a.shape != b.shape:
        raise about.failure(
            text(
                "The answers of {first} and {second} have different shapes.",
                first=f"`{names[0]}`",
                second=f"`{names[1]}`",
            ),
            expected=f"{names[1]}: shape {display.shape(b.shape)}",
            got=f"{names[0]}: shape {display.shape(a.shape)}",
        )
    wrong = wrong_entries(a, b, tolerance(a, b, rtol=rtol, atol=atol))
    if wrong.any():
        position = tuple(int(axis) for axis in np.argwhere(wrong)[0])
        shown = display.array_pair(a, b, position)
        raise about.failure(
            text(
                "The answers of {first} and {second} differ.",
                first=f"`{names[0]}`",
                second=f"`{names[1]}`",
            ),
            expected=f"{names[1]}: {shown[1]}",
            got=f"{names[0]}: {shown[0]}",
            where=display.index(position) if a.ndim else None,
            error=largest_error(a, b),
        )


def _rectangular(value: ArrayLike) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:
        return False
