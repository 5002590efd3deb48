"""What a gradient check checks: how to call the student's function and its gradient at a point."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks.answers import numbers, parts
from autograder.checks.calls import Call
from autograder.checks.exact import check_finite
from autograder.checks.shapes import wrong_shape
from autograder.checks.slopes import Point
from autograder.checks.topic import Topic
from autograder.texts import Text, plain, text

Array = NDArray[Any]
Structure = ArrayLike | tuple[ArrayLike, ...] | Mapping[str, ArrayLike]
"""An array, or several as a tuple or a dict."""


@dataclass(frozen=True)
class Start:
    """The student's answers at the point, and the outputs at further points."""

    base: Array
    gradient: Point
    outputs: list[Array]


@dataclass(frozen=True)
class Expected:
    """The reference's answers at a point; the output may be unknown."""

    output: Array | None
    gradient: Point


class Problem(ABC):
    """One gradient check, whatever is differentiated."""

    kind: Literal["loss", "layer"]
    point: Point
    names: Sequence[Text]
    """What the gradient of each block is called."""
    movable: bool = True
    """Whether the student's gradient can be had at another point."""
    has_reference: bool
    about: Topic
    changed: tuple[str, ...] = ()
    """The arguments that the student's functions changed in place."""

    def notice(self, student: SendsCalls) -> None:
        """Remember what the last call changed in place."""
        record = getattr(student, "last_call", None)
        new = [name for name in getattr(record, "changed", ()) if name not in self.changed]
        self.changed = (*self.changed, *new)

    @property
    @abstractmethod
    def weights(self) -> Array:
        """What is differentiated is `sum(weights * output)`."""

    @abstractmethod
    def start(self, point: Point, others: list[Point]) -> Start:
        """The student's output and gradient at `point`, and the outputs at `others`."""

    @abstractmethod
    def outputs(self, points: list[Point]) -> list[Array]:
        """The student's outputs, in one message."""

    @abstractmethod
    def expected(self, point: Point) -> Expected | None:
        """The reference's output and gradient at `point`, where there is a reference."""

    def repeat(self, point: Point) -> Array:
        """The output at `point` once more; the last call that a report shows is then this one."""
        return self.outputs([point])[0]

    def gradients(self, answers: Sequence[object], point: Point) -> Point:
        """The student's gradients, each of the shape of its block."""
        return tuple(
            gradient_block(answer, block, self.about.part(name))
            for answer, block, name in zip(answers, point, self.names, strict=True)
        )


class ScalarProblem(Problem):
    """The output is a loss: one number."""

    kind = "loss"

    @property
    def weights(self) -> Array:
        """A loss is differentiated as it is."""
        return np.ones(())

    def losses(self, answers: Sequence[object]) -> list[Array]:
        """Each answer as a loss."""
        return [one_number(answer, self.about.part("the loss")) for answer in answers]


class SendsCalls(Protocol):
    """The part of the `student` fixture that gradient checks use."""

    def calls(self, calls: Sequence[Any], /) -> list[Any]:
        """The answers to several calls, sent in one message."""


def student_call(name: str, arguments: Sequence[object], keywords: Mapping[str, object]) -> Call:
    """One call of a message, for `student.calls`."""
    return Call(name, tuple(arguments), dict(keywords))


def float_block(values: object) -> Array:
    """A float64 copy of what an instructor gave as a point; raises ValueError."""
    block: Array = np.array(values, dtype=np.float64)
    if not np.all(np.isfinite(block)):
        raise ValueError("the point of a gradient check must hold finite numbers")
    return block


def one_number(answer: object, about: Topic) -> Array:
    """A loss as a 0-d array; raises CheckFailure where it is anything else, or not finite."""
    loss = numbers(answer, about)
    if loss.ndim:
        raise wrong_shape(loss, np.zeros(()), about)
    check_finite(loss, what=about.what, hint=about.hint, call=about.call)
    return loss


def gradient_block(answer: object, block: Array, about: Topic) -> Array:
    """A gradient of the shape of what it belongs to; raises CheckFailure otherwise."""
    gradient = numbers(answer, about)
    if gradient.shape != block.shape:
        raise wrong_shape(gradient, block, about)
    check_finite(gradient, what=about.what, hint=about.hint, call=about.call)
    return gradient


class CallableProblem(ScalarProblem):
    """A loss given as a function of a list of points, and its gradient."""

    def __init__(
        self,
        loss: Callable[[list[Any]], Sequence[object]],
        point: Structure,
        gradient: object,
        reference: object,
        about: Topic,
    ) -> None:
        self.loss = loss
        self.gradient = gradient
        self.reference = reference
        self.about = about
        self.keys = list(point) if isinstance(point, Mapping) else None
        self.several = isinstance(point, Mapping | tuple)
        self.point = self._blocks(point)
        self.has_reference = reference is not None
        self.movable = callable(gradient) and (reference is None or callable(reference))
        self.names = self._names()

    def _names(self) -> list[Text]:
        if self.keys is not None:
            return [plain(f"`d{key}`") for key in self.keys]
        if not self.several:
            return [self.about.what]
        return [
            text("value {number} of {what}", number=number, what=self.about.what)
            for number in range(1, len(self.point) + 1)
        ]

    def _blocks(self, structure: Any) -> Point:
        if self.keys is not None:
            return tuple(float_block(structure[key]) for key in self.keys)
        return tuple(map(float_block, structure)) if self.several else (float_block(structure),)

    def _structure(self, point: Point) -> Any:
        if self.keys is not None:
            return dict(zip(self.keys, point, strict=True))
        return point if self.several else point[0]

    def _answers(self, answer: Any) -> list[Any]:
        if self.keys is not None and isinstance(answer, dict):
            return [answer.get(key, answer.get(f"d{key}")) for key in self.keys]
        return parts(answer, len(self.point), self.about) if self.several else [answer]

    def start(self, point: Point, others: list[Point]) -> Start:
        """The gradient as it was given, or from the function that was."""
        given = self.gradient
        answer = given(self._structure(point)) if callable(given) else given
        base, *outputs = self.outputs([point, *others])
        return Start(base, self.gradients(self._answers(answer), point), outputs)

    def outputs(self, points: list[Point]) -> list[Array]:
        """The losses, however they are computed."""
        losses = self.loss([self._structure(point) for point in points])
        if len(losses) != len(points):
            raise ValueError(
                f"loss must return one loss for each of {len(points)} points, not {len(losses)}"
            )
        return self.losses(losses)

    def expected(self, point: Point) -> Expected | None:
        """The given gradient, or what the given function answers."""
        if self.reference is None:
            return None
        if not callable(self.reference):
            return Expected(None, self._blocks(self.reference))
        loss, gradient = self.reference(self._structure(point))
        return Expected(np.asarray(loss), self._blocks(gradient))


class LossProblem(ScalarProblem):
    """A student's function that returns the loss and its gradient."""

    def __init__(
        self,
        student: SendsCalls,
        name: str,
        arguments: Sequence[object],
        keywords: Mapping[str, object],
        wrt: tuple[int, ...],
        reference: Callable[..., Any] | None,
        about: Topic,
    ) -> None:
        self.student = student
        self.name = name
        self.arguments = arguments
        self.keywords = keywords
        self.wrt = wrt
        self.reference = reference
        self.whole = about.part(
            text("{first} and {second}", first=text("the loss"), second=about.what)
        )
        self.about = about.member(about.what)
        self.has_reference = reference is not None
        self.point = tuple(float_block(arguments[at]) for at in wrt)
        self.names = [about.what] if len(wrt) == 1 else self._names()

    def _names(self) -> list[Text]:
        return [
            text("{what} for argument {number}", what=self.about.what, number=at + 1)
            for at in self.wrt
        ]

    def _at(self, point: Point) -> list[object]:
        arguments = list(self.arguments)
        for at, block in zip(self.wrt, point, strict=True):
            arguments[at] = block
        return arguments

    def _answers(self, points: list[Point]) -> list[list[Any]]:
        calls = [student_call(self.name, self._at(point), self.keywords) for point in points]
        answers = self.student.calls(calls)
        self.notice(self.student)
        return [self._split(answer) for answer in answers]

    def _split(self, answer: Any) -> list[Any]:
        """The loss and the gradient of each block: `(loss, g, h)`, or `(loss, (g, h))`."""
        count = len(self.wrt)
        if isinstance(answer, tuple | list) and len(answer) == 1 + count:
            return list(answer)
        loss, gradient = parts(answer, 2, self.whole)
        return [loss, *parts(gradient, count, self.about)]

    def start(self, point: Point, others: list[Point]) -> Start:
        """The first answer whole, of the others the loss."""
        answers = self._answers([point, *others])
        base, *outputs = self.losses([answer[0] for answer in answers])
        return Start(base, self.gradients(answers[0][1:], point), outputs)

    def outputs(self, points: list[Point]) -> list[Array]:
        """The losses; the gradients that come with them are left."""
        return self.losses([answer[0] for answer in self._answers(points)])

    def expected(self, point: Point) -> Expected | None:
        """What the reference returns for the same arguments."""
        if self.reference is None:
            return None
        answer = self.reference(*self._at(point), **self.keywords)
        loss, *gradients = self._split(answer)
        return Expected(np.asarray(loss), tuple(map(float_block, gradients)))
