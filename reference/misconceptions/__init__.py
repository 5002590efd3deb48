"""Known wrong versions of the components: ids, texts in two languages, code that runs.

    for each in of_component("svm_loss"):
        print(each.id, each.name["en"], each.hint["fa"])
        each.function(W, X, labels, strength=0.1)

The same catalogue tests a set of checks (each wrong version must lose points) and names the cause
of a failure (a student's answers agree with those of one wrong version on the component's probe).
"""

from collections.abc import Mapping
from types import MappingProxyType

from reference.misconceptions.accounting import ACCOUNTING
from reference.misconceptions.activations import ACTIVATIONS
from reference.misconceptions.adam import ADAMS
from reference.misconceptions.adaptive import ADAPTIVE
from reference.misconceptions.answers import Answer, Raised, agree, answers
from reference.misconceptions.batch_norm_inference import BATCH_NORM_INFERENCE
from reference.misconceptions.catalogue import Call, Component, Misconception, Text
from reference.misconceptions.classifying_neighbors import CLASSIFYING_NEIGHBORS
from reference.misconceptions.convolution import CONVOLUTION
from reference.misconceptions.convolution_kin import CONVOLUTION_KIN
from reference.misconceptions.data import DATA
from reference.misconceptions.decorrelation import CHANNELS_AND_COMPONENTS
from reference.misconceptions.dropout import DROPOUT
from reference.misconceptions.gates import GATES
from reference.misconceptions.geometry import GEOMETRY
from reference.misconceptions.gradients import GRADIENTS
from reference.misconceptions.graph import GRAPHS
from reference.misconceptions.group_norm import INSTANCE_AND_GROUP_NORM
from reference.misconceptions.init import INITIALIZERS
from reference.misconceptions.l2_pooling import L2_POOLING
from reference.misconceptions.layer_norm import LAYER_NORM
from reference.misconceptions.linear import LINEAR
from reference.misconceptions.neighbors import NEIGHBORS
from reference.misconceptions.normalization import NORMALIZATION
from reference.misconceptions.optim import OPTIM
from reference.misconceptions.patches import PATCHES
from reference.misconceptions.penalties import PENALTIES
from reference.misconceptions.pooling import POOLING
from reference.misconceptions.preprocessing import PREPROCESSING
from reference.misconceptions.quasi_newton import QUASI_NEWTON
from reference.misconceptions.rectifiers import RECTIFIERS
from reference.misconceptions.region_pooling import ADAPTIVE_POOLING, FRACTIONAL_POOLING
from reference.misconceptions.schedules import SCHEDULES
from reference.misconceptions.softmax import SOFTMAXES
from reference.misconceptions.solver import SOLVERS
from reference.misconceptions.svm import SVM
from reference.misconceptions.training import TRAINING
from reference.misconceptions.two_layer import TWO_LAYER

COMPONENTS: Mapping[str, Component] = MappingProxyType(
    {
        each.id: each
        for each in (
            *PREPROCESSING,
            *CHANNELS_AND_COMPONENTS,
            *DATA,
            *NEIGHBORS,
            *CLASSIFYING_NEIGHBORS,
            *PENALTIES,
            *SVM,
            *SOFTMAXES,
            *LINEAR,
            *GRADIENTS,
            *GATES,
            *GRAPHS,
            *ACTIVATIONS,
            *RECTIFIERS,
            *INITIALIZERS,
            *CONVOLUTION,
            *CONVOLUTION_KIN,
            *PATCHES,
            *POOLING,
            *L2_POOLING,
            *ADAPTIVE_POOLING,
            *FRACTIONAL_POOLING,
            *GEOMETRY,
            *NORMALIZATION,
            *BATCH_NORM_INFERENCE,
            *LAYER_NORM,
            *INSTANCE_AND_GROUP_NORM,
            *DROPOUT,
            *OPTIM,
            *QUASI_NEWTON,
            *ADAPTIVE,
            *ADAMS,
            *SCHEDULES,
            *ACCOUNTING,
            *TRAINING,
            *TWO_LAYER,
            *SOLVERS,
        )
    }
)
"""Every component with a misconception, by id."""

CATALOGUE: tuple[Misconception, ...] = tuple(
    known for component in COMPONENTS.values() for known in component.known
)
"""Every misconception, component by component."""


def of_component(component: str) -> tuple[Misconception, ...]:
    """Return the known wrong versions of a component.

    Raises ValueError: a component without an entry.
    """
    if component not in COMPONENTS:
        raise ValueError(
            f"component must have known misconceptions, got {component!r}: COMPONENTS lists them"
        )
    return tuple(COMPONENTS[component].known)


__all__ = [
    "CATALOGUE",
    "COMPONENTS",
    "Answer",
    "Call",
    "Component",
    "Misconception",
    "Raised",
    "Text",
    "agree",
    "answers",
    "of_component",
]
