"""Gradient checks: a student's gradient against their own function and against the reference.

Against the own function: float64, central differences along seeded random directions, a few
calls in one message, however many inputs there are. Against the reference: entry by entry.
With a reference, a gradient that equals the reference's passes; where it does not, the own
function tells which of the two is wrong. A point on a kink (a tie in ReLU, max or hinge), where
the gradient is a matter of convention, is left for one right beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.checks.compare import Rule
from autograder.checks.judgement import judge
from autograder.checks.layers import LayerProblem
from autograder.checks.observations import Sizes
from autograder.checks.problems import (
    CallableProblem,
    LossProblem,
    Problem,
    SendsCalls,
    Structure,
)
from autograder.checks.topic import Wording, topic


def check_gradient(
    loss: Callable[[list[Any]], Sequence[object]],
    point: Structure,
    gradient: object,
    *,
    rng: np.random.Generator,
    reference: object = None,
    what: Wording = "the gradient",
    hint: Wording | None = None,
    call: str | None = None,
    sizes: Sizes | None = None,
) -> None:
    """The gradient is the slope of `loss` at `point`, and equals the reference's where given.

    `point` is a float array, or several as a tuple or a dict; `gradient` has the same structure
    (a dict's keys may be `W` or `dW`), or is a function of the point that returns it, which lets
    the check step aside from a kink. `loss` takes a list of points and returns the list of
    losses: send them in one message, with `student.calls`. `reference` is the expected gradient,
    or a function of the point that returns (loss, gradient).

    A loss that does not change at all fails. Raises CheckFailure.
    """
    about = topic(what, hint, call)
    problem = CallableProblem(loss, point, gradient, reference, about)
    _judge(problem, rng, Rule(None, None, sizes))


def check_loss_gradient(
    student: SendsCalls,
    name: str,
    *arguments: object,
    rng: np.random.Generator,
    wrt: int | tuple[int, ...] = 0,
    keywords: Mapping[str, object] | None = None,
    reference: Callable[..., Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    what: Wording = "the gradient",
    hint: Wording | None = None,
    sizes: Sizes | None = None,
) -> None:
    """The gradient of a student's function `name(*arguments, **keywords)` -> (loss, gradient).

    The gradient is with respect to argument `wrt` (from 0), of its shape; for several, the
    function returns (loss, gradient, gradient, ...). `reference` takes and returns the same.
    `rtol` and `atol` take the place of the table of tolerances in the comparison with it.

    Raises CheckFailure that says whether the gradient or the loss is wrong.
    """
    places = (wrt,) if isinstance(wrt, int) else wrt
    if not places or not all(0 <= at < len(arguments) for at in places):
        raise ValueError(
            f"wrt must name arguments from 0 to {len(arguments) - 1}, not {wrt}; "
            "give the point as a positional argument"
        )
    about = topic(what, hint)
    problem = LossProblem(student, name, arguments, keywords or {}, places, reference, about)
    _judge(problem, rng, Rule(rtol, atol, sizes))


def check_backward(
    student: SendsCalls,
    forward: str,
    backward: str,
    inputs: Mapping[str, ArrayLike],
    *,
    rng: np.random.Generator,
    extra: Sequence[object] = (),
    keywords: Mapping[str, object] | None = None,
    wrt: Sequence[str] | None = None,
    cached: bool = True,
    reference: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    hint: Wording | None = None,
    sizes: Sizes | None = None,
) -> None:
    """A student's backward function fits the forward function, and the reference where given.

    `forward(*inputs, *extra, **keywords)` returns `(output, cache)` and `backward(upstream,
    cache)` the gradients of the inputs `wrt` (all by default) in that order, as a tuple, or as a
    dict of `dx` or `x`. With `cached=False`, forward returns the output alone and backward is
    called as `backward(upstream, *inputs, *extra)`. The upstream gradient is drawn from `rng`
    and not uniform. `reference` is a pair of functions called the same way. A dropout layer
    needs its mask or seed among `extra` or `keywords`.

    Raises CheckFailure that says which gradient is wrong, or that the forward function is.
    """
    names = list(inputs) if wrt is None else list(wrt)
    unknown = [name for name in names if name not in inputs]
    if unknown or not names:
        raise ValueError(f"wrt must name inputs ({', '.join(inputs)}), not {', '.join(unknown)}")
    problem = LayerProblem(
        student,
        (forward, backward),
        inputs,
        extra,
        keywords or {},
        names,
        cached,
        reference,
        rng,
        topic("the gradients", hint),
    )
    _judge(problem, rng, Rule(rtol, atol, sizes))


def _judge(problem: Problem, rng: np.random.Generator, rule: Rule) -> None:
    judge(problem, problem.point, rng, problem.about, rule)
