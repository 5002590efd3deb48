"""A torch module that the student's code builds: what it holds and computes, whatever its names.

::

    block = build_module(student, "vgg_block", 2, 3, 8, input_shape=(3, 8, 8))
    check_parameters(block, parameter_shapes("vgg_block", 2, 3, 8))
    check_value(block.output(x, numbers_for), expected, what="the output")

Layers may be called and nested in any way: only shapes and numbers are looked at. To compare what
two networks compute, all their tensors get numbers that depend on the tensors' shapes alone, so it
does not matter in which order the layers were made. With `meta` a network is built without memory
for its weights, however large it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.student import RemoteObject, Student
from autograder.checks.topic import Wording, joined, worded
from autograder.errors import CheckFailure, FailureDetails, StudentError
from autograder.texts import Text, clean, text

Array = NDArray[Any]
Shape = tuple[int, ...]
LARGEST = 5_000_000
"""At most so many numbers are put into a module, whatever it says of its size."""

Rule = Callable[[Shape], Array]
"""The numbers of a tensor, from its shape."""

_ON_META = """lambda build, args, names: (
    context := __import__('contextlib'),
    stack := type('Stack', (context.ContextDecorator, context.ExitStack), {})(),
    stack.enter_context(__import__('torch').device('meta')),
    stack(build)(*args, **names))[-1]"""
# The first pass on `meta` takes seconds: only layers that find their sizes in it are worth that.
# Where no pass is asked for, the parameters' memory is given back: the process keeps every module.
_LOOK = """lambda net, shape, device, run: type(net).__name__ if not isinstance(
    net, (torch := __import__('torch')).nn.Module) else (tuple(torch.no_grad()(
        lambda: net.float().eval()(torch.zeros(2, *shape, device=device)))().shape)
    if run or any(map(torch.nn.parameter.is_lazy, net.parameters())) else (2,),
    [tuple(p.shape) for p in net.parameters()],
    [tuple(b.shape) for b in net.buffers() if b.is_floating_point()],
    run or [setattr(p, 'data', p.data.new_empty(0)) for p in net.parameters()])[:3]"""
_FILL = """lambda net, arrays: (torch := __import__('torch')) and [
    tensor.data.copy_(torch.tensor(array)) for tensor, array in zip(
        [*net.parameters(), *(b for b in net.buffers() if b.is_floating_point())], arrays)
    ] and None"""
_RUN = """lambda net, x, training, copies: (torch := __import__('torch')) and (
    torch.no_grad()(lambda: net.train(training)(
        torch.tensor(x).repeat_interleave(copies, dim=0)))())"""
_GRADIENT = """lambda net, x, dout: (torch := __import__('torch')) and (
    x := torch.tensor(x, requires_grad=True)) is not None and (
    torch.autograd.grad((net.eval()(x) * torch.tensor(dout)).sum(), x)[0])"""


@dataclass(frozen=True)
class Images:
    """An input as messages show it: its numbers would tell nobody anything."""

    shape: Shape

    def __repr__(self) -> str:
        """`tensor of shape (2, 3, 8, 8)`."""
        return f"tensor of shape {_tuple(self.shape)}"


@dataclass(frozen=True)
class Module:
    """A module of the student's, which stays in the student's process."""

    student: Student
    remote: RemoteObject
    call: str
    """`vgg_block(2, 3, 8)`, for messages."""
    output_shape: Shape
    """Of one input, without the batch axis; () where no pass was made."""
    parameters: tuple[Shape, ...]
    """The shape of each parameter."""
    buffers: tuple[Shape, ...]
    """The shape of each buffer of floats, such as a running mean."""

    @property
    def parameter_count(self) -> int:
        """How many numbers the parameters hold."""
        return sum(math.prod(shape) for shape in self.parameters)

    def fill(self, rule: Rule) -> None:
        """Give every parameter and every buffer of floats the numbers of its shape.

        Raises CheckFailure for a module that says it is larger than any check builds.
        """
        if self.parameter_count > LARGEST or sum(map(math.prod, self.buffers)) > LARGEST:
            raise CheckFailure(
                FailureDetails(
                    text(
                        "The module has {got} parameters; at most {most} are expected here.",
                        got=f"{self.parameter_count:,}",
                        most=f"{LARGEST:,}",
                    ),
                    call=self.call,
                )
            )
        arrays = [rule(shape) for shape in (*self.parameters, *self.buffers)]
        self._ask(_FILL, arrays)

    def output(self, x: Array, *, training: bool = False, copies: int = 1) -> Any:
        """What the module gives for x (N, ...) in float32, each image of it so many times."""
        images = np.asarray(x, np.float32)
        return self._ask(_RUN, images, training, copies, x=Images(images.shape))

    def input_gradient(self, x: Array, dout: Array) -> Any:
        """The gradient of sum(output * dout) with respect to x, in evaluation mode."""
        images = np.asarray(x, np.float32)
        gradient = np.asarray(dout, np.float32)
        return self._ask(_GRADIENT, images, gradient, x=Images(images.shape))

    def _ask(self, expression: str, *arguments: Any, x: Images | None = None) -> Any:
        return _ask(self.student, expression, self.call, self.remote, *arguments, x=x)


def build_module(
    student: Student,
    name: str,
    *arguments: Any,
    input_shape: Shape,
    meta: bool = False,
    **names: Any,
) -> Module:
    """The module that the student's function `name` builds, run once on zeros of `input_shape`.

    `input_shape` has no batch axis. With `meta` no pass is made, and the parameters have shapes
    alone, unless the student's code needs real ones, as `.to(device)` does. Raises CheckFailure
    for what is no module.
    """
    remote = _on_meta(student, name, arguments, names) if meta else None
    device = "cpu" if remote is None else "meta"
    if remote is None:
        remote = student.new(name, *arguments, **names)
    call = _shown(name, arguments, names)
    x = None if meta else Images((2, *input_shape))
    found = _ask(student, _LOOK, call, remote, list(input_shape), device, not meta, x=x)
    if isinstance(found, str):
        raise CheckFailure(_no_module(call, clean(found, limit=60)))
    shape, parameters, buffers = _shapes(found, call)
    return Module(student, remote, call, shape[1:], parameters, buffers)


def _on_meta(
    student: Student, name: str, arguments: Sequence[Any], names: Mapping[str, Any]
) -> RemoteObject | None:
    """The module without memory; None where its code cannot be built without."""
    build = _trusted(student, _ON_META, name)
    try:
        return build.keep("__call__", student.function(name), list(arguments), dict(names))
    except StudentError:  # built with memory it may be right, or raise the same
        return None


def beside(student: Student, expression: str, *arguments: Any, shown: str) -> RemoteObject:
    """What a trusted function makes beside the student's code, to be passed to it.

    `beside(student, "lambda x: __import__('torch').tensor(x)", x, shown="images")` is a tensor;
    messages call it `shown`.
    """
    made = student.define(expression).keep("__call__", *arguments)
    return RemoteObject(student, made.handle, made.generation, shown)


def numbers_for(shape: Shape) -> Array:
    """Numbers that depend on a shape alone, float32: He's normal ones; of vectors, in [0.5, 1.5].

    A bias, a scale, a mean and a variance of one length are the same numbers.
    """
    generator = np.random.RandomState([len(shape), *shape])
    if len(shape) < 2:
        return generator.uniform(0.5, 1.5, shape).astype(np.float32)
    spread = math.sqrt(2 / math.prod(shape[1:]))
    return (spread * generator.standard_normal(shape)).astype(np.float32)


def check_parameters(
    module: Module, expected: Sequence[Shape], *, hint: Wording | None = None
) -> None:
    """The module has parameters of exactly these shapes, in any order. Raises CheckFailure."""
    got, wanted = Counter(module.parameters), Counter(tuple(shape) for shape in expected)
    missing, extra = wanted - got, got - wanted
    if not missing and not extra:
        return
    total = sum(math.prod(shape) for shape in wanted.elements())
    message = joined(
        text(
            "The module has {got} parameters; it should have {expected}.",
            got=f"{module.parameter_count:,}",
            expected=f"{total:,}",
        )
        if total != module.parameter_count
        else text("The module has as many parameters as it should, in other shapes."),
        _cause(missing, extra),
    )
    raise CheckFailure(
        FailureDetails(
            message=message,
            call=module.call,
            expected=_listed(wanted, missing),
            got=_listed(got, extra),
            hint=None if hint is None else worded(hint),
        )
    )


def check_output_shape(module: Module, expected: Shape, *, hint: Wording | None = None) -> None:
    """One input gives an output of this shape (without the batch axis). Raises CheckFailure."""
    if module.output_shape != tuple(expected):
        raise CheckFailure(
            FailureDetails(
                message=text(
                    "The shape of {what} is {got}; it should be {expected}.",
                    what=text("the output"),
                    got=f"`(N, {_sides(module.output_shape)})`",
                    expected=f"`(N, {_sides(expected)})`",
                ),
                call=f"{module.call}(x)",
                hint=None if hint is None else worded(hint),
            )
        )


def _ask(
    student: Student, expression: str, call: str, *arguments: Any, x: Images | None = None
) -> Any:
    """What a trusted expression answers; messages say that the module of `call` was given `x`."""
    trusted = _trusted(student, expression, call)
    message = student.message("__call__", arguments, {}, owner=trusted)
    record = student.record(call, () if x is None else (x,), {}, ("x",))
    return student.send([message], [record], None)[0]


def _trusted(student: Student, expression: str, description: str) -> RemoteObject:
    """A trusted expression that messages call by what it does for the student's code."""
    defined = student.define(expression)
    return RemoteObject(student, defined.handle, defined.generation, description)


def _shapes(found: Any, call: str) -> tuple[Shape, tuple[Shape, ...], tuple[Shape, ...]]:
    """What the student's process said, as shapes and nothing else. Raises CheckFailure."""
    try:
        output, parameters, buffers = found
        return _shape(output), tuple(map(_shape, parameters)), tuple(map(_shape, buffers))
    except (TypeError, ValueError, OverflowError):
        raise CheckFailure(
            FailureDetails(
                text("The output and the parameters of the module must be tensors."), call=call
            )
        ) from None


def _shape(sizes: Any) -> Shape:
    shape = tuple(int(size) for size in sizes)
    if any(size < 0 for size in shape):
        raise ValueError(f"sizes are at least 0, not {shape}")
    return shape


def _cause(missing: Mapping[Shape, int], extra: Mapping[Shape, int]) -> Text | None:
    """What the shapes say of a mistake, where they do."""
    if not missing and all(len(shape) == 1 for shape in extra):
        return text("There are vectors too many: does a layer have a bias that should have none?")
    if not extra and all(len(shape) == 1 for shape in missing):
        return text("Vectors are missing: biases, or the scale and shift of a batch normalization.")
    if not extra:
        return text("A layer is missing.")
    if not missing:
        return text("There is a layer too many.")
    return None


def _listed(shapes: Counter[Shape], marked: Mapping[Shape, int]) -> str:
    """Shapes one a line, those marked with an arrow; long lists by what is marked alone."""
    chosen = shapes if len(shapes) <= 12 else Counter(dict(marked))
    lines = [
        f"{_tuple(shape)}{f' x {count}' if count > 1 else ''}{'   <--' if shape in marked else ''}"
        for shape, count in chosen.items()
    ]
    if len(chosen) < len(shapes):
        lines.append("…")
    return "\n".join(lines) or "-"


def _tuple(shape: Shape) -> str:
    return f"({_sides(shape)}{',' if len(shape) == 1 else ''})"


def _sides(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def _shown(name: str, arguments: Sequence[Any], names: Mapping[str, Any]) -> str:
    """The call as one would type it; arrays by their shape."""
    parts = [_argument(value) for value in arguments]
    parts += [f"{key}={_argument(value)}" for key, value in names.items()]
    return f"{name}({', '.join(parts)})"


def _argument(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"<array {_tuple(value.shape)}>"
    return repr(value) if not isinstance(value, RemoteObject) else value.description


def _no_module(call: str, kind: str) -> FailureDetails:
    return FailureDetails(
        text("An `nn.Module` is asked for, and a `{kind}` came back.", kind=kind),
        call=call,
        hint=text("A list of layers becomes a module with `nn.Sequential(*layers)`."),
    )
