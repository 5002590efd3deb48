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
from hypothesis import HealthCheck, Phase, given, settings

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
    if "dtype" in metafunc.fixturenames:
        metafunc.parametrize("dtype", getattr(metafunc.module, "DTYPES", ("float64", "float32")))


def run(law: Any, functions: tuple[Any, ...], *, examples: int, dtype: str) -> None:
    """Check the property over drawn cases, as a Hypothesis test of an assignment would."""

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
        law(*(guarded(function) for function in functions), *in_precision(case, dtype))

    check()


def guarded(function: Any) -> Any:
    """The function with copies of its arguments; what it raises counts as a wrong answer."""

    def call(*arguments: Any) -> Any:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = function(*copy.deepcopy(arguments))
        return guarded(answer) if callable(answer) else answer

    return call


def in_precision(value: Any, dtype: str) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    return tuple(in_precision(each, dtype) for each in value) if type(value) is tuple else value


@pytest.fixture
def accepts(request: pytest.FixtureRequest) -> Any:
    """The right version satisfies the property; many more examples in the full run."""

    def check(law: Any, dtype: str, *, examples: int = 8) -> None:
        component, adapt, *_ = request.module.TABLE[law.name]
        functions = adapt(COMPONENTS[component].right)
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
                run(law, adapt(function), examples=40, dtype="float64")
            assert caught.value.details.message["fa"].startswith("این باید برقرار باشد: ")

    return check
