"""Every property against a right version and against wrong ones, family by family.

A test file `test_FAMILY.py` holds a `TABLE`: for each property its component of
`reference.misconceptions`, a function that turns a version of it into the callables that the
property needs, and the wrong versions that must break it: ids of misconceptions, or other
versions written by hand.
"""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings

from autograder.checks.properties import properties_of
from autograder.errors import CheckFailure
from reference.misconceptions import COMPONENTS, of_component


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if not hasattr(metafunc.module, "TABLE"):
        return
    family = metafunc.module.__name__.rpartition(".")[2].removeprefix("test_")
    if "law" in metafunc.fixturenames:
        laws = properties_of(family)
        metafunc.parametrize("law", laws, ids=[law.name for law in laws])
    if "style" in metafunc.fixturenames:
        exact = "float32" not in getattr(metafunc.module, "DTYPES", ("float32",))
        metafunc.parametrize("style", list(STYLES)[1:] if exact else list(STYLES))
    if "dtype" in metafunc.fixturenames:
        metafunc.parametrize("dtype", getattr(metafunc.module, "DTYPES", ("float64", "float32")))


RAISED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def run(
    law: Any, functions: tuple[Any, ...], *, examples: int, dtype: str, crashing: bool = False
) -> None:
    """Check the property over drawn cases, as a Hypothesis test of an assignment would.

    An example on which a `crashing` version raises is left out: it must be caught by an answer.
    """

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=law.cases())
    def check(case: tuple[Any, ...]) -> None:
        # Each call is given arguments of its own, as it is beyond the wall.
        callables = [guarded(function, crashing) for function in functions]
        law(*callables, *in_precision(case, dtype))

    check()


def guarded(function: Any, crashing: bool) -> Any:
    """The function with copies of its arguments, and warnings left alone."""

    def call(*arguments: Any) -> Any:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                answer = function(*copy.deepcopy(arguments))
            except RAISED:
                if crashing:
                    reject()
                raise
        return guarded(answer, crashing) if callable(answer) else answer

    return call


def in_precision(value: Any, dtype: str) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    return tuple(in_precision(each, dtype) for each in value) if type(value) is tuple else value


def in_float32(function: Any) -> Any:
    """The same function, computing in float32 and answering in float64."""

    def call(*arguments: Any) -> Any:
        answer = function(*(in_precision(each, "float32") for each in arguments))
        return in_float32(answer) if callable(answer) else reshaped(answer, widened)

    return call


def in_lists(function: Any) -> Any:
    """The same function, answering in nested lists and Python numbers."""

    def call(*arguments: Any) -> Any:
        answer = function(*arguments)
        return in_lists(answer) if callable(answer) else reshaped(answer, np.ndarray.tolist)

    return call


def in_column_order(function: Any) -> Any:
    """The same function on column-major arguments, answering in column-major memory."""

    def call(*arguments: Any) -> Any:
        answer = function(*(reshaped(each, np.asfortranarray) for each in arguments))
        return in_column_order(answer) if callable(answer) else reshaped(answer, np.asfortranarray)

    return call


def widened(values: np.ndarray) -> Any:
    return values.astype(np.float64) if values.dtype.kind == "f" else values


def reshaped(value: Any, change: Any) -> Any:
    """The arrays of an answer in another form; an optimizer's state stays as it is."""
    if isinstance(value, np.ndarray) and value.ndim:
        return change(value)
    return tuple(reshaped(each, change) for each in value) if isinstance(value, tuple) else value


STYLES = {"float32 inside": in_float32, "lists": in_lists, "column order": in_column_order}


@pytest.fixture
def accepts(request: pytest.FixtureRequest) -> Any:
    """The right version satisfies the property; many more examples in the full run."""

    def check(law: Any, dtype: str, *, examples: int = 8, style: str | None = None) -> None:
        component, adapt, *_ = request.module.TABLE[law.name]
        functions = adapt(COMPONENTS[component].right)
        if style is not None:
            functions = tuple(STYLES[style](function) for function in functions)
        run(law, functions, examples=examples, dtype=dtype)

    return check


@pytest.fixture
def rejects(request: pytest.FixtureRequest) -> Any:
    """Every wrong version of the table breaks the property, and there is one."""

    def check(law: Any) -> None:
        component, adapt, *wrong = request.module.TABLE[law.name]
        known = {each.id.partition(".")[2]: each.function for each in of_component(component)}
        assert wrong, f"{law.name}: no wrong version breaks it"
        for version in wrong:
            function = known[version] if isinstance(version, str) else version
            with pytest.raises(CheckFailure) as caught:
                run(law, adapt(function), examples=40, dtype="float64", crashing=True)
            assert caught.value.details.message["fa"].startswith("این باید برقرار باشد: ")

    return check
