"""No false alarms: right versions in other algorithms and forms pass the checks of components."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "benchmarks")]

from right_versions import ALGORITHMS  # noqa: E402
from right_versions.judged import (  # noqa: E402
    SEEDS,
    alarms_of_algorithm,
    alarms_of_forms,
    is_another_computation,
)
from right_versions.ways import FORMS, WAYS  # noqa: E402

from reference.misconceptions import COMPONENTS  # noqa: E402

LEAST = 6


@pytest.mark.parametrize("component", COMPONENTS)
def test_right_versions_pass(component):
    """Each version in one way; they take turns, so every way occurs."""
    alarms = []
    for number, version in enumerate(ALGORITHMS[component]):
        alarms += alarms_of_algorithm(component, version, [0], [list(WAYS)[number % len(WAYS)]])
    assert alarms == []


def test_every_version_has_a_name_of_its_own():
    for component, versions in ALGORITHMS.items():
        assert len({version.__name__ for version in versions}) == len(versions), component
    assert ALGORITHMS.keys() == COMPONENTS.keys()


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_reference_passes_in_any_form(component):
    assert alarms_of_forms(component, COMPONENTS[component].right, [0]) == []


def test_a_wrong_version_is_an_alarm():
    wrong = COMPONENTS["softmax"].known[0].function
    assert alarms_of_algorithm("softmax", wrong, [0], ["as it is"])
    assert alarms_of_forms("softmax", wrong, [0], ["lists"])


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_has_six_right_computations(component):
    versions = ALGORITHMS[component]
    changed = [is_another_computation(component, versions, way) for way in list(WAYS)[1:]]
    assert len(versions) + sum(changed) >= LEAST


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_right_versions_pass_under_50_seeds(component):
    alarms = alarms_of_forms(component, COMPONENTS[component].right, range(SEEDS))
    for number, version in enumerate(ALGORITHMS[component]):
        alarms += alarms_of_algorithm(component, version, range(SEEDS))
        for seed in range(SEEDS):
            form = list(FORMS)[(number + seed) % len(FORMS)]
            alarms += alarms_of_forms(component, version, [seed], [form])
    assert alarms == []
