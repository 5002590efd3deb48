"""Two answers of one student's held against each other."""

from __future__ import annotations

import numpy as np

from autograder.checks import display
from autograder.checks.answers import numbers, parts
from autograder.checks.compare import largest_error, wrong_entries
from autograder.checks.tolerances import tolerance
from autograder.checks.topic import Wording, topic
from autograder.texts import text


@np.errstate(all="ignore")
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
    if _several(first) or _several(second):
        ones = parts(first, _count(first), topic(left, hint, call))
        others = parts(second, len(ones), topic(right, hint, call))
        for one, other in zip(ones, others, strict=True):
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


def _several(answer: object) -> bool:
    """Whether it is several values, such as (loss, gradient), and not one array in lists."""
    if not isinstance(answer, tuple | list):
        return False
    shapes = {np.shape(item) if isinstance(item, np.ndarray) else () for item in answer}
    return len(shapes) > 1


def _count(answer: object) -> int:
    return len(answer) if isinstance(answer, tuple | list) else 1
