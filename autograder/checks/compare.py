"""Comparing a student's answer with the expected one, strictly and in plain words.

Every function raises `CheckFailure` with what was expected, what came back, the first wrong
index, the largest error and, where one can be seen, what the wrong answer looks like. Shapes
must be equal: nothing is broadcast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.checks.answers import entries, numbers, parts
from autograder.checks.observations import Sizes, observation, pattern
from autograder.checks.shapes import wrong_shape
from autograder.checks.tolerances import Tolerance, allowed, precision, tolerance
from autograder.checks.topic import Topic, Wording, joined, topic, worded
from autograder.errors import CheckFailure
from autograder.texts import Text, plain, text

Array = NDArray[Any]
What = Wording | Sequence[Wording]
"""What is compared: `"the loss"`, or one name for each value of a tuple."""


@np.errstate(all="ignore")
def check_value(
    got: object,
    expected: object,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    what: What = "the answer",
    hint: Wording | None = None,
    call: str | None = None,
    sizes: Sizes | None = None,
) -> None:
    """The answer agrees with `expected` within the table's tolerance.

    `expected` is a number, an array (or nested lists of numbers), a tuple of such (a function
    that returns several values; the student's may be a list), or a dict of such (keys in any
    order). `rtol` and `atol` take the place of the table (`autograder.checks.tolerances`);
    integers against integers must be equal. `sizes`, such as `{"N": 5}`, lets a message say
    that a factor 5 is a missing division by `N`.

    Raises CheckFailure.
    """
    rule = Rule(rtol, atol, sizes)
    _check(got, expected, what, topic("the answer", hint, call), rule)


@dataclass(frozen=True)
class Rule:
    """How answers are compared: what stands in for the table, and the sizes to look out for."""

    rtol: float | None
    atol: float | None
    sizes: Sizes | None

    def limits(self, got: Array, expected: Array) -> Tolerance:
        """The tolerance for these two arrays."""
        return tolerance(got, expected, rtol=self.rtol, atol=self.atol)


def _check(got: object, expected: object, what: What, about: Topic, rule: Rule) -> None:
    if isinstance(expected, tuple):
        names = _names(what, len(expected))
        answers = parts(got, len(expected), about.part(joined_names(names)))
        for answer, wanted, name in zip(answers, expected, names, strict=True):
            _check(answer, wanted, name, about.member(name), rule)
        return
    if isinstance(what, Sequence) and not isinstance(what, str):
        raise ValueError("several names in `what` need a tuple of expected values; give one name")
    about = about.part(what)
    if isinstance(expected, Mapping):
        answers_by_key = entries(got, list(expected), about)
        for key, wanted in expected.items():
            name = plain(f"`{key}`") if isinstance(key, str) else about.what
            _check(answers_by_key[key], wanted, name, about.member(name), rule)
        return
    wanted = _trusted(expected)
    answer = numbers(got, about, complex_allowed=wanted.dtype.kind == "c")
    compare_arrays(answer, wanted, about, rule)


def _names(what: What, count: int) -> list[Text]:
    if isinstance(what, str) or isinstance(what, Mapping):
        first = worded(what)
        return [
            text("value {number} of {what}", number=number, what=first)
            for number in range(1, count + 1)
        ]
    if len(what) != count:
        raise ValueError(f"what must have one name for each of {count} values, not {len(what)}")
    return [worded(name) for name in what]


def joined_names(names: Sequence[Text]) -> Text:
    """The names one after another, with “and” between them."""
    whole = names[0]
    for name in names[1:]:
        whole = text("{first} and {second}", first=whole, second=name)
    return whole


def _trusted(expected: object) -> Array:
    values: Array = np.asarray(expected)
    if values.dtype.kind not in "biufc":
        raise ValueError(
            f"expected must be numbers, not {display.anything(expected)}; "
            "check_equal compares other data"
        )
    return values


def compare_arrays(got: Array, expected: Array, about: Topic, rule: Rule) -> None:
    """The rule applied to two arrays; raises CheckFailure."""
    if got.shape != expected.shape:
        raise wrong_shape(got, expected, about)
    wrong = wrong_entries(got, expected, rule.limits(got, expected))
    if wrong.any():
        raise wrong_values(got, expected, wrong, about, rule)


def wrong_entries(got: Array, expected: Array, limits: Tolerance) -> NDArray[np.bool_]:
    """True where `got` (of the shape of `expected`) is not within the tolerance.

    Infinities must be equal, and NaN agrees with NaN only. Whole numbers of integer types on
    both sides must be equal.
    """
    if got.dtype.kind in "biu" and expected.dtype.kind in "biu":
        return np.asarray(got != expected)
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    left, right = got.astype(wide), expected.astype(wide)
    near = np.abs(left - right) <= allowed(right, limits)
    finite = np.isfinite(left) & np.isfinite(right)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    return np.asarray(~np.where(finite, near, same))


def wrong_values(
    got: Array, expected: Array, wrong: NDArray[np.bool_], about: Topic, rule: Rule
) -> CheckFailure:
    """The failure for an answer of the right shape with `wrong` entries."""
    first = tuple(int(axis) for axis in np.argwhere(wrong)[0])
    message = _not_finite(got, expected, about) or joined(
        _how_many(wrong, about), _looks_like(got, expected, wrong, rule), _type_note(got, expected)
    )
    shown_got, shown_expected = display.array_pair(got, expected, first)
    finite = np.isfinite(got) & np.isfinite(expected)
    return about.failure(
        message,
        expected=shown_expected,
        got=shown_got,
        where=display.index(first) if got.ndim else None,
        error=largest_error(got, expected) if (wrong & finite).any() else None,
    )


def _how_many(wrong: NDArray[np.bool_], about: Topic) -> Text:
    if wrong.ndim == 0:
        return about.wrong()
    count = int(np.count_nonzero(wrong))
    if count == wrong.size:
        return text("All values in {what} are wrong.", what=about.what)
    return text(
        "Wrong values in {what}: {count} of {total}.",
        what=about.what,
        count=count,
        total=wrong.size,
    )


def _looks_like(got: Array, expected: Array, wrong: NDArray[np.bool_], rule: Rule) -> Text | None:
    finite = np.isfinite(expected).all() and np.isfinite(got).all()
    if not finite or "c" in (got.dtype.kind, expected.dtype.kind):
        return pattern(wrong)
    limits = rule.limits(got, expected)

    def near(left: Array, right: Array) -> bool:
        return bool(np.all(np.abs(left - right) <= allowed(right, limits)))

    return observation(got, expected, near, rule.sizes) or pattern(wrong)


def _not_finite(got: Array, expected: Array, about: Topic) -> Text | None:
    """NaN and infinities where the expected value is a number."""
    bad_nan = np.isnan(got) & ~np.isnan(expected)
    bad_inf = np.isinf(got) & np.isfinite(expected)
    for bad, name, reason in (
        (
            bad_nan,
            "NaN",
            text(
                "NaN comes from 0/0, from inf - inf, or from the log or root of a negative number."
            ),
        ),
        (
            bad_inf,
            "inf",
            text(
                "An infinity comes from a division by 0, from log(0), "
                "or from exp of a large number."
            ),
        ),
    ):
        if bad.any():
            if got.ndim == 0:
                return joined(
                    text("{name} came back for {what}.", what=about.what, name=name), reason
                )
            return joined(
                text(
                    "{name} stands in {what}, in {count} of {total} values.",
                    what=about.what,
                    name=name,
                    count=int(np.count_nonzero(bad)),
                    total=got.size,
                ),
                reason,
            )
    return None


def _type_note(got: Array, expected: Array) -> Text | None:
    """What the answer's number type may have to do with it."""
    name = f"`{got.dtype.name}`"
    if got.dtype.kind == "b" and expected.dtype.kind != "b":
        return text("Your values are True and False, not numbers.")
    if (got.dtype.kind in "iu" and got.dtype.itemsize == 1) or got.dtype.kind == "u":
        return text(
            "Your values have the type {name}, in which a result below 0 or above the largest "
            "value wraps around: turn the input into float first.",
            name=name,
        )
    if got.dtype.kind == "i" and expected.dtype.kind == "f" and _rounded(got, expected):
        return text("Your values have the type {name}, which holds whole numbers only.", name=name)
    if precision(got) != "float64" and precision(expected) == "float64":
        return text(
            "Your values have the precision {name} (it is allowed, and the tolerance is wider "
            "for it).",
            name=f"`{precision(got)}`",
        )
    return None


def _rounded(got: Array, expected: Array) -> bool:
    """Whether some of `got` may be `expected` without its decimals."""
    return bool(got.any() and np.any(np.abs(got - expected) < 1))


def largest_error(got: Array, expected: Array) -> str | None:
    """`max |got - expected| = 0.5, relative 0.33`; the relative one is over max(|got|, |expected|).

    None where no entry is finite on both sides.
    """
    wide = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
    left, right = got.astype(wide), expected.astype(wide)
    absolute = np.abs(left - right)
    absolute = np.where(np.isfinite(absolute), absolute, -1.0)
    if not absolute.size or absolute.max() < 0:
        return None
    size = np.maximum(np.abs(left), np.abs(right))
    relative = np.where(size > 0, absolute / size, 0.0)
    return (
        f"max |got - expected| = {display.number(absolute.max(), 3)}, "
        f"relative {display.number(np.nanmax(relative), 3)}"
    )
