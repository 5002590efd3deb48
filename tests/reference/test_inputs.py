import copy

import numpy as np
import pytest

from reference.inputs import EDGES, edges, inputs
from reference.misconceptions import COMPONENTS, answers


@pytest.mark.parametrize("component", COMPONENTS)
def test_inputs_are_the_same_for_one_seed_and_fit_the_component(component):
    known = COMPONENTS[component]
    first = inputs(component, np.random.default_rng(3))
    again = inputs(component, np.random.default_rng(3))
    assert len(first) == len(known.probe(np.random.default_rng(3))) + len(
        edges(component, np.random.default_rng(3))
    )
    given = answers(known, known.right, first)
    assert len(given) == len(first)
    assert repr(given) == repr(answers(known, known.right, again))


@pytest.mark.parametrize("component", [name for name in EDGES if name in COMPONENTS])
def test_the_edges_of_a_component_are_answered_and_hardly_ever_refused(component):
    known = COMPONENTS[component]
    answered = 0
    for made in edges(component, np.random.default_rng(0)):
        try:
            known.observe(known.right, copy.deepcopy(made))
            answered += 1
        except ValueError:
            continue
    assert answered >= 1


def test_edges_are_those_of_components_or_of_their_forward_passes():
    assert {name for name in EDGES if name not in COMPONENTS} == {"prelu_forward"}


def test_an_unknown_component_is_refused():
    with pytest.raises(ValueError, match="component must be one of COMPONENTS, got 'relu'"):
        inputs("relu", np.random.default_rng(0))
    assert edges("sgd", np.random.default_rng(0)) == []
