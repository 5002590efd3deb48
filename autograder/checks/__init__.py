"""What an assignment's checks import: comparisons, gradient checks, strategies, training."""

from __future__ import annotations

from autograder.checks.against_reference import check_against_reference
from autograder.checks.agreement import check_close_to_each_other
from autograder.checks.budget import Budget
from autograder.checks.calls import Call
from autograder.checks.compare import check_value
from autograder.checks.exact import (
    check_equal,
    check_finite,
    check_labels,
    check_shape,
    check_unchanged,
)
from autograder.checks.gradients import check_backward, check_gradient, check_loss_gradient
from autograder.checks.losses import check_loss_history
from autograder.checks.network import Attributes, Network, TorchModule
from autograder.checks.partial import Parts, parts
from autograder.checks.student import RemoteObject, Student
from autograder.checks.tasks import Disguise, Task
from autograder.checks.training import Trained, check_training_accuracy

__all__ = [
    "Attributes",
    "Budget",
    "Call",
    "Disguise",
    "Network",
    "Parts",
    "RemoteObject",
    "Student",
    "Task",
    "TorchModule",
    "Trained",
    "check_against_reference",
    "check_backward",
    "check_close_to_each_other",
    "check_equal",
    "check_finite",
    "check_gradient",
    "check_labels",
    "check_loss_gradient",
    "check_loss_history",
    "check_shape",
    "check_training_accuracy",
    "check_unchanged",
    "check_value",
    "parts",
]
