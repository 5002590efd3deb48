"""A layer's forward and backward functions as a gradient check sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.answers import numbers, parts
from autograder.checks.exact import check_finite
from autograder.checks.problems import (
    Expected,
    Problem,
    SendsCalls,
    Start,
    float_block,
    student_call,
)
from autograder.checks.shapes import wrong_shape
from autograder.checks.slopes import Point
from autograder.checks.topic import Topic
from autograder.texts import plain, text

Array = NDArray[Any]


class LayerProblem(Problem):
    """A student's forward and backward function, joined by a random upstream gradient."""

    kind = "layer"

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
        self.whole = about
        self.about = about.member(about.what) if len(wrt) > 1 else about
        self.has_reference = reference is not None
        self.point = tuple(float_block(inputs[name]) for name in wrt)
        self.names = [plain(f"`d{name}`") for name in wrt]
        self.upstream: Array | None = None

    @property
    def weights(self) -> Array:
        """The upstream gradient."""
        if self.upstream is None:
            raise ValueError("the upstream gradient is drawn at the first forward pass")
        return self.upstream

    def _arguments(self, point: Point) -> list[object]:
        values = self.inputs | dict(zip(self.wrt, point, strict=True))
        return [*values.values(), *self.extra]

    def _forward(self, points: list[Point]) -> list[Any]:
        name = self.functions[0]
        calls = [student_call(name, self._arguments(point), self.keywords) for point in points]
        answers = self.student.calls(calls)
        self.notice(self.student)
        return answers

    def _output(self, answer: Any) -> Array:
        about = self.whole.part(text("the output of {name}", name=f"`{self.functions[0]}`"))
        if self.cached:
            answer = parts(answer, 2, about)[0]
            about = about.member(about.what)
        output = numbers(answer, about)
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
        """Forward everywhere, backward at the point."""
        answers = self._forward([point, *others])
        base = self._output(answers[0])
        if self.upstream is None:
            self._draw_upstream(base, point)
        gradient = self._backward(answers[0], point)
        return Start(base, gradient, [self._output(answer) for answer in answers[1:]])

    def _backward(self, answer: Any, point: Point) -> Point:
        arguments = self._backward_arguments(answer, point)
        (answered,) = self.student.calls([student_call(self.functions[1], arguments, {})])
        self.notice(self.student)
        return self.gradients(self._split(answered), point)

    def _split(self, answered: Any) -> list[Any]:
        if isinstance(answered, dict):
            return [answered.get(f"d{name}", answered.get(name)) for name in self.wrt]
        if len(self.wrt) == 1:
            single = isinstance(answered, tuple) and len(answered) == 1
            return [answered[0] if single else answered]
        return parts(answered, len(self.wrt), self.whole)

    def outputs(self, points: list[Point]) -> list[Array]:
        """The outputs of the forward function."""
        return [self._output(answer) for answer in self._forward(points)]

    def expected(self, point: Point) -> Expected | None:
        """The reference's output, and its gradients for the same upstream gradient."""
        if self.reference is None:
            return None
        forward, backward = self.reference
        answer = forward(*self._arguments(point), **self.keywords)
        gradients = self._split(backward(*self._backward_arguments(answer, point)))
        output = np.asarray(answer[0] if self.cached else answer)
        return Expected(output, tuple(map(float_block, gradients)))

    def repeat(self, point: Point) -> Array:
        """Forward and backward once more."""
        (answer,) = self._forward([point])
        self._backward(answer, point)
        return self._output(answer)
