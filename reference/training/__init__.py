"""Training: solver, babysitting checks, early stopping, hyperparameter search, loss curves.

Slides s.188 to s.209. A model is anything with the methods of `Model`; its parameters are a plain
dictionary that every method takes, so the best ones can be kept and restored.
"""

from reference.training.babysitting import (
    Check,
    check_initial_loss,
    check_overfits,
    check_regularization_raises_loss,
    expected_initial_loss,
    penalty_of_weights,
)
from reference.training.curves import (
    Curves,
    EpochRecord,
    Symptom,
    diagnose,
    generalization_gap,
    smooth,
)
from reference.training.early_stopping import BestSoFar, EarlyStopping
from reference.training.model import Examples, Model, Parameters
from reference.training.ratio import TARGET_UPDATE_RATIO, update_ratios, update_to_weight_ratio
from reference.training.search import (
    EdgeWarning,
    LogRange,
    Trial,
    best_trial,
    coarse_to_fine,
    edge_warnings,
    grid_search,
    narrow_ranges,
    random_search,
)
from reference.training.solver import Solver, StopReason, TrainingResult, train
from reference.training.two_layer import TwoLayerNet, two_layer_loss

__all__ = [
    "TARGET_UPDATE_RATIO",
    "BestSoFar",
    "Check",
    "Curves",
    "EarlyStopping",
    "EdgeWarning",
    "EpochRecord",
    "Examples",
    "LogRange",
    "Model",
    "Parameters",
    "Solver",
    "StopReason",
    "Symptom",
    "TrainingResult",
    "Trial",
    "TwoLayerNet",
    "best_trial",
    "check_initial_loss",
    "check_overfits",
    "check_regularization_raises_loss",
    "coarse_to_fine",
    "diagnose",
    "edge_warnings",
    "expected_initial_loss",
    "generalization_gap",
    "grid_search",
    "narrow_ranges",
    "penalty_of_weights",
    "random_search",
    "smooth",
    "train",
    "two_layer_loss",
    "update_ratios",
    "update_to_weight_ratio",
]
