"""What a gradient check checks: how to call the student's function and its gradient at a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks.answers import numbers, parts
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


class Problem(Protocol):
    """One gradient check, whatever is differentiated."""

    kind: Literal["loss", "layer"]
    names: Sequence[Text]
    """What the gradient of each block is called."""
    movable: bool
    """Whether the student's gradient can be had at another point."""
    has_reference: bool

    @property
    def weights(self) -> Array:
        """What is differentiated is `sum(weights * output)`."""

    def start(self, point: Point, others: list[Point]) -> Start:
        """The student's output and gradient at `point`, and the outputs at `others`."""

    def outputs(self, points: list[Point]) -> list[Array]:
        """The student's outputs, in one message."""

    def expected(self, point: Point) -> Expected | None:
        """The reference's output and gradient at `point`, where there is a reference."""

    def repeat(self, point: Point) -> Array:
        """The output at `point` once more; the last call that a report shows is then this one."""


class SendsCalls(Protocol):
    """The part of the `student` fixture that gradient checks use."""

    def calls(self, calls: Sequence[Any], /) -> list[Any]:
        """The answers to several calls, sent in one message."""


def _call(name: str, arguments: Sequence[object], keywords: Mapping[str, object]) -> Any:
    from autograder.checks.student import Call

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


class CallableProblem:
    """A loss given as a function of a list of points, and its gradient."""

    kind: Literal["loss", "layer"] = "loss"

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
        self.weights = np.ones(())

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
        answer = self.gradient(self._structure(point)) if callable(self.gradient) else self.gradient
        base, *outputs = self.outputs([point, *others])
        gradient = tuple(
            gradient_block(g, block, self.about.part(name))
            for g, block, name in zip(self._answers(answer), point, self.names, strict=True)
        )
        return Start(base, gradient, outputs)

    def outputs(self, points: list[Point]) -> list[Array]:
        losses = self.loss([self._structure(point) for point in points])
        return [one_number(loss, self.about.part("the loss")) for loss in losses]

    def expected(self, point: Point) -> Expected | None:
        if self.reference is None:
            return None
        if not callable(self.reference):
            return Expected(None, self._blocks(self.reference))
        loss, gradient = self.reference(self._structure(point))
        return Expected(np.asarray(loss), self._blocks(gradient))

    def repeat(self, point: Point) -> Array:
        return self.outputs([point])[0]


class LossProblem:
    """A student's function that returns the loss and its gradient."""

    kind: Literal["loss", "layer"] = "loss"
    movable = True

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
        self.about = about
        self.has_reference = reference is not None
        self.point = tuple(float_block(arguments[at]) for at in wrt)
        self.weights = np.ones(())
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
        calls = [_call(self.name, self._at(point), self.keywords) for point in points]
        both = self.about.part(
            text("{first} and {second}", first=text("the loss"), second=self.about.what)
        )
        return [self._split(answer, both) for answer in self.student.calls(calls)]

    def _split(self, answer: Any, about: Topic) -> list[Any]:
        """The loss and the gradient of each block: `(loss, g)`, `(loss, g, h)`, `(loss, (g, h))`."""
        count = len(self.wrt)
        if isinstance(answer, tuple | list) and len(answer) == 1 + count:
            return list(answer)
        loss, gradient = parts(answer, 2, about)
        return [loss, *parts(gradient, count, about)]

    def start(self, point: Point, others: list[Point]) -> Start:
        first, *rest = self._answers([point, *others])
        base = one_number(first[0], self.about.part("the loss"))
        gradient = tuple(
            gradient_block(g, block, self.about.part(name))
            for g, block, name in zip(first[1:], point, self.names, strict=True)
        )
        return Start(base, gradient, self._losses(rest))

    def _losses(self, answers: list[list[Any]]) -> list[Array]:
        return [one_number(answer[0], self.about.part("the loss")) for answer in answers]

    def outputs(self, points: list[Point]) -> list[Array]:
        return self._losses(self._answers(points))

    def expected(self, point: Point) -> Expected | None:
        if self.reference is None:
            return None
        loss, *gradients = self._split(
            self.reference(*self._at(point), **self.keywords), self.about
        )
        return Expected(np.asarray(loss), tuple(map(float_block, gradients)))

    def repeat(self, point: Point) -> Array:
        return self.outputs([point])[0]


class LayerProblem:
    """A student's forward and backward function, joined by a random upstream gradient."""

    kind: Literal["loss", "layer"] = "layer"
    movable = True

    def __init__(
        self,
        student: SendsCalls,
        functions: tuple[str, str],
        inputs: Mapping[str, object],
        extra: Sequence[object],
        keywords: Mapping[str, object],
        wrt: Sequence[str],
        cached: bool,
        reference: tuple[Callable[..., Any], Callable[..., Any]] | None,
        rng: np.random.Generator,
        about: Topic,
    ) -> None:
        self.student = student
        self.functions = functions
        self.inputs = dict(inputs)
        self.extra = tuple(extra)
        self.keywords = keywords
        self.wrt = list(wrt)
        self.cached = cached
        self.reference = reference
        self.rng = rng
        self.about = about
        self.has_reference = reference is not None
        self.point = tuple(float_block(inputs[name]) for name in wrt)
        self.names = [plain(f"`d{name}`") for name in wrt]
        self.upstream: Array | None = None

    @property
    def weights(self) -> Array:
        if self.upstream is None:
            raise ValueError("the upstream gradient is drawn at the first forward pass")
        return self.upstream

    def _arguments(self, point: Point) -> list[object]:
        values = self.inputs | dict(zip(self.wrt, point, strict=True))
        return [*values.values(), *self.extra]

    def _forward(self, points: list[Point]) -> list[Any]:
        name = self.functions[0]
        calls = [_call(name, self._arguments(point), self.keywords) for point in points]
        return self.student.calls(calls)

    def _output(self, answer: Any) -> Array:
        about = self.about.part(text("the output of {name}", name=f"`{self.functions[0]}`"))
        output = numbers(parts(answer, 2, about)[0] if self.cached else answer, about)
        if self.upstream is not None and output.shape != self.upstream.shape:
            raise wrong_shape(output, self.upstream, about)
        check_finite(output, what=about.what, hint=about.hint, call=about.call)
        return output

    def _draw_upstream(self, output: Array, point: Point) -> None:
        """An upstream gradient that is not uniform: all ones cancel, in batch norm for one."""
        shape = output.shape
        if self.reference is not None:
            answer = self.reference[0](*self._arguments(point), **self.keywords)
            shape = np.shape(answer[0] if self.cached else answer)
        sign = self.rng.choice((-1.0, 1.0), size=shape)
        self.upstream = np.asarray(sign * self.rng.uniform(0.5, 1.5, size=shape))
        if output.shape != shape:
            about = self.about.part(text("the output of {name}", name=f"`{self.functions[0]}`"))
            raise wrong_shape(output, self.upstream, about)

    def _backward_arguments(self, answer: Any, point: Point) -> list[object]:
        rest = [answer[1]] if self.cached else self._arguments(point)
        return [self.weights, *rest]

    def start(self, point: Point, others: list[Point]) -> Start:
        answers = self._forward([point, *others])
        base = self._output(answers[0])
        if self.upstream is None:
            self._draw_upstream(base, point)
        gradient = self._backward(answers[0], point)
        return Start(base, gradient, [self._output(answer) for answer in answers[1:]])

    def _backward(self, answer: Any, point: Point) -> Point:
        arguments = self._backward_arguments(answer, point)
        (answered,) = self.student.calls([_call(self.functions[1], arguments, {})])
        return tuple(
            gradient_block(g, block, self.about.part(name))
            for g, block, name in zip(self._split(answered), point, self.names, strict=True)
        )

    def _split(self, answered: Any) -> list[Any]:
        if isinstance(answered, dict):
            return [answered.get(f"d{name}", answered.get(name)) for name in self.wrt]
        if len(self.wrt) == 1:
            single = isinstance(answered, tuple) and len(answered) == 1
            return [answered[0] if single else answered]
        return parts(answered, len(self.wrt), self.about)

    def outputs(self, points: list[Point]) -> list[Array]:
        return [self._output(answer) for answer in self._forward(points)]

    def expected(self, point: Point) -> Expected | None:
        if self.reference is None:
            return None
        forward, backward = self.reference
        answer = forward(*self._arguments(point), **self.keywords)
        gradients = self._split(backward(*self._backward_arguments(answer, point)))
        output = np.asarray(answer[0] if self.cached else answer)
        return Expected(output, tuple(map(float_block, gradients)))

    def repeat(self, point: Point) -> Array:
        (answer,) = self._forward([point])
        self._backward(answer, point)
        return self._output(answer)
