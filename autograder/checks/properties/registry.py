"""What a ready property is, and the list of all of them.

A property is a sentence about a function that holds for every input, such as "the probabilities
of each row sum to 1". Written as a check it takes the student's callables and one drawn input::

    @given(case=softmax_rows_sum_to_1.cases())
    def test_rows_sum_to_1(student, case):
        softmax_rows_sum_to_1(student.softmax, *case)

Its docstring's first line is the sentence that a student reads where it does not hold; the Persian
one stands in `locale/fa/LC_MESSAGES/properties.po`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, ParamSpec

import numpy as np
from hypothesis import strategies as st

from autograder.checks.topic import joined
from autograder.errors import CheckFailure
from autograder.texts import Text, text

P = ParamSpec("P")
Function = Callable[..., Any]
"""A student's function, or a lambda that gives it the signature that a property needs."""

Cases = st.SearchStrategy[tuple[Any, ...]]
"""The inputs of a property, drawn: what stands after the callables in its signature."""


@dataclass(frozen=True, eq=False)
class Property(Generic[P]):
    """One ready property; calling it checks it, and raises CheckFailure where it does not hold."""

    check: Callable[P, None]
    needs: str
    """The callables, in the order of the arguments: `softmax(scores (N, C)) -> (N, C)`."""
    draw: Callable[[], Cases]
    relates: bool
    """It holds the student's answers against each other, not against a known value."""

    @property
    def name(self) -> str:
        """The name under which `autograder.checks.properties` exports it."""
        return self.check.__name__

    @property
    def family(self) -> str:
        """The part of the course, which is the module's name: `softmax`."""
        return self.check.__module__.rpartition(".")[2]

    @cached_property
    def sentence(self) -> str:
        """What holds, in English: the first line of the docstring."""
        return (inspect.getdoc(self.check) or "").partition("\n")[0]

    @property
    def title(self) -> Text:
        """What holds, in every language."""
        return text(self.sentence)

    def cases(self) -> Cases:
        """The strategy of its inputs, edge cases included."""
        return self.draw()

    def __call__(self, *arguments: P.args, **keywords: P.kwargs) -> None:
        """Check it; raises CheckFailure that begins with the sentence that does not hold."""
        try:
            # A wrong answer may be anything: what it makes of sums and products is no fault here.
            with np.errstate(all="ignore"):
                self.check(*arguments, **keywords)
        except CheckFailure as failure:
            raise self._named(failure) from None

    def _named(self, failure: CheckFailure) -> CheckFailure:
        note = text("(What is expected follows from your own answer to a related input.)")
        message = joined(
            text("This must hold: {law}", law=self.title),
            failure.details.message,
            note if self.relates and failure.details.expected is not None else None,
        )
        return CheckFailure(
            replace(failure.details, message=message),
            fraction=failure.fraction,
            relates=self.relates,
        )


PROPERTIES: dict[str, Property[Any]] = {}
"""Every property by its name, family by family; filled when the families are imported."""


def course_property(
    *, needs: str, cases: Callable[[], Cases], relates: bool = True
) -> Callable[[Callable[P, None]], Property[P]]:
    """Enter what is decorated into `PROPERTIES`.

    Raises ValueError: a name that is taken.
    """

    def enter(check: Callable[P, None]) -> Property[P]:
        made = Property(check, needs, cases, relates)
        if made.name in PROPERTIES:
            raise ValueError(f"names must differ, got {made.name!r} again: choose another")
        PROPERTIES[made.name] = made
        return made

    return enter


def properties_of(family: str) -> tuple[Property[Any], ...]:
    """The properties of one family. Raises ValueError: a family without any."""
    found = tuple(each for each in PROPERTIES.values() if each.family == family)
    if not found:
        known = ", ".join(dict.fromkeys(each.family for each in PROPERTIES.values()))
        raise ValueError(f"family must be one of {known}, not {family!r}")
    return found
