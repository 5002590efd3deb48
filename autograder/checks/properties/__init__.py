"""Ready properties of every component of the course, to be called in an assignment's checks.

`PROPERTIES` lists them all, and docs/properties.md is made from it.
"""

# ruff: noqa: F403 - each family names what it exports in its __all__
from __future__ import annotations

from autograder.checks.properties.activations import *
from autograder.checks.properties.affine import *
from autograder.checks.properties.augmentation import *
from autograder.checks.properties.batch_norm import *
from autograder.checks.properties.convolution import *
from autograder.checks.properties.convolution_kin import *
from autograder.checks.properties.cross_entropy import *
from autograder.checks.properties.distances import *
from autograder.checks.properties.dropout import *
from autograder.checks.properties.evaluation import *
from autograder.checks.properties.gates import *
from autograder.checks.properties.geometry import *
from autograder.checks.properties.gradients import *
from autograder.checks.properties.graph import *
from autograder.checks.properties.hinge import *
from autograder.checks.properties.initialization import *
from autograder.checks.properties.linear import *
from autograder.checks.properties.local_response import *
from autograder.checks.properties.neighbors import *
from autograder.checks.properties.normalization_kin import *
from autograder.checks.properties.optimizers import *
from autograder.checks.properties.pooling import *
from autograder.checks.properties.preprocessing import *
from autograder.checks.properties.registry import PROPERTIES as PROPERTIES
from autograder.checks.properties.registry import Property as Property
from autograder.checks.properties.registry import properties_of as properties_of
from autograder.checks.properties.regularization import *
from autograder.checks.properties.schedules import *
from autograder.checks.properties.second_order import *
from autograder.checks.properties.softmax import *
from autograder.checks.properties.training import *
