"""No false alarms: right versions in other algorithms and forms pass the checks of components."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.against_reference import as_plain, check_against_reference
from autograder.checks.student import Call
from autograder.errors import FailureDetails, StudentError
from autograder.texts import plain
from reference.inputs import inputs
from reference.misconceptions import COMPONENTS

ALGORITHMS = runpy.run_path(str(Path(__file__).with_name("right_versions.py")))["ALGORITHMS"]


def mapped(answer, change):
    """The answer with every array changed."""
    if isinstance(answer, tuple):
        return tuple(mapped(each, change) for each in answer)
    if isinstance(answer, list) and any(not np.isscalar(each) for each in answer):
        return [mapped(each, change) for each in answer]
    if isinstance(answer, dict):
        return {key: mapped(each, change) for key, each in answer.items()}
    return change(answer) if isinstance(answer, np.ndarray | np.generic | float) else answer


def single(value):
    values = np.asarray(value)
    fits = values.dtype.kind == "f" and bool(np.all(np.abs(values) < 1e30))
    return values.astype(np.float32)[()] if fits else value


def in_float32(version):
    """The version with all of its numbers in float32 from the start."""

    def lower(value):
        return value.astype(np.float32) if getattr(value, "dtype", None) == np.float64 else value

    def run(*arguments, **keywords):
        return version(*map(lower, arguments), **{k: lower(v) for k, v in keywords.items()})

    return run


FORMS = {
    "as it is": lambda value: value,
    "float32 at the end": single,
    "lists": lambda value: np.asarray(value).tolist(),
    "Fortran order": lambda value: np.asarray(value, order="F"),
    "every other value of a larger array": lambda value: (
        np.repeat(value, 2, axis=-1)[..., ::2] if np.ndim(value) else value
    ),
    "numbers as arrays without axes": lambda value: np.array(value),
    "backwards in memory": lambda value: (
        np.ascontiguousarray(value[::-1])[::-1] if np.ndim(value) else value
    ),
}


class Named:
    """A student whose one function or class is `version`, its answers in another form."""

    last_call = None

    def __init__(self, version):
        self.version = version

    def call(self, name, *arguments, **keywords):
        return self.version(*arguments, **keywords)

    new = call


SHORT = 100.0
"""Of scores near 1000, float32 keeps four digits behind the point, and so does what follows."""


def size_of(made):
    """The largest number in a call's arrays."""
    values = (*made.args, *made.kwargs.values())
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    return max((float(np.max(np.abs(array))) for array in arrays), default=0.0)


def check(component, version, form, seed, largest=np.inf):
    """The value check of a component, on inputs up to `largest`."""
    drawn = inputs(component.id, np.random.default_rng(seed))
    drawn = [made for made in drawn if size_of(made) <= largest]
    calls = [Call(component.id, made.args, made.kwargs) for made in drawn]

    def observe(make, asked):
        made = type(drawn[0])(tuple(asked.arguments), dict(asked.keywords))
        if make is component.right:
            return as_plain(component.observe(make, made))
        with np.errstate(all="ignore"):
            try:
                answer = component.observe(version, made)
            except ValueError as error:
                raise refused(error) from None
        return mapped(as_plain(answer), FORMS[form])

    check_against_reference(Named(version), calls, component.right, observe=observe)


def refused(error):
    return StudentError(FailureDetails(plain(str(error))), kind=type(error).__name__)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_right_component_passes_in_any_form(component):
    known = COMPONENTS[component]
    for form in FORMS:
        check(known, known.right, form, seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_right_component_passes_in_any_form_under_50_seeds(component):
    known = COMPONENTS[component]
    for seed in range(50):
        for form in FORMS:
            check(known, known.right, form, seed)


VERSIONS = [
    pytest.param(component, version, id=f"{component}-{version.__name__}")
    for component, versions in ALGORITHMS.items()
    for version in versions
]


@pytest.mark.parametrize(("component", "version"), VERSIONS)
def test_another_algorithm_passes(component, version):
    for seed in range(3):
        check(COMPONENTS[component], version, "as it is", seed)
        check(COMPONENTS[component], in_float32(version), "as it is", seed, SHORT)


@pytest.mark.slow
@pytest.mark.parametrize(("component", "version"), VERSIONS)
def test_another_algorithm_passes_in_any_form_under_50_seeds(component, version):
    for seed in range(50):
        check(COMPONENTS[component], in_float32(version), "as it is", seed, SHORT)
        for form in FORMS:
            check(COMPONENTS[component], version, form, seed)
