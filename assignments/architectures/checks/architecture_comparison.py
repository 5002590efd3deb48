"""How the checks compare a part of a network with the reference's of the same name."""

import numpy as np

from autograder.checks import check_value
from autograder.checks.modules import build_module, check_parameters, numbers_for
from reference.architectures.parts import output_with, parameter_shapes

OUTPUT = {"en": "the output", "fa": "خروجی"}
FILLED = {
    "en": "the output (with the check's numbers in all parameters)",
    "fa": "خروجی (با عددهای وارسی در همهٔ پارامترها)",
}


def images(*shape, seed=0):
    """Pixels around 0, the same ones on every machine."""
    return np.random.RandomState(seed).standard_normal(shape).astype(np.float32)


def check_holds(student, name, *arguments, input_shape=(3, 224, 224), meta=True, **names):
    """The part has the parameters of the reference's; with `meta` there is no memory for them."""
    module = build_module(student, name, *arguments, input_shape=input_shape, meta=meta, **names)
    check_parameters(module, parameter_shapes(name, *arguments, **names))


def check_computes(student, name, *arguments, input_shape, seed=0, **names):
    """With the same numbers in it the part gives what the reference's gives."""
    module = build_module(student, name, *arguments, input_shape=input_shape, **names)
    shapes = parameter_shapes(name, *arguments, **names)
    check_parameters(module, shapes)
    module.fill(numbers_for)
    x = images(2, *input_shape, seed=seed)
    numbers = {shape: numbers_for(shape) for shape in shapes}
    expected = output_with(numbers, x, name, *arguments, **names)
    check_output(module, x, expected, what=FILLED)


def check_output(module, x, expected, *, what=OUTPUT):
    """The module gives `expected` for x, in float32."""
    got, wanted = module.output(x), np.asarray(expected, np.float32)
    check_value(got, wanted, what=what, call=f"{module.call}(x)")


def equal_numbers(shape):
    """1 / fan-in in every weight and 0 in every vector: a layer averages what it reads."""
    return np.full(shape, 1 / np.prod(shape[1:]) if len(shape) > 1 else 0.0, np.float32)
