"""Optimizers: the update rules of slides s.219 to s.243, as pure functions.

A rule takes the parameter `x`, its gradient `dx` and the rule's state, and returns the new
parameter and the new state; nothing is changed in place. The state of the first call is `None`.
"""

from reference.optim.adaptive import AdaGradState, AdamState, RMSPropState, adagrad, adam, rmsprop
from reference.optim.gradient_descent import (
    SGDState,
    VelocityState,
    momentum,
    nesterov,
    nesterov_lookahead,
    sgd,
)
from reference.optim.line_search import LinePoint, Objective, strong_wolfe
from reference.optim.newton import newton, newton_step
from reference.optim.quasi_newton import (
    Minimum,
    bfgs,
    inverse_hessian_update,
    l_bfgs,
    two_loop_product,
)
from reference.optim.rules import UpdateRule, update_parameters

__all__ = [
    "AdaGradState",
    "AdamState",
    "LinePoint",
    "Minimum",
    "Objective",
    "RMSPropState",
    "SGDState",
    "UpdateRule",
    "VelocityState",
    "adagrad",
    "adam",
    "bfgs",
    "inverse_hessian_update",
    "l_bfgs",
    "momentum",
    "nesterov",
    "nesterov_lookahead",
    "newton",
    "newton_step",
    "rmsprop",
    "sgd",
    "strong_wolfe",
    "two_loop_product",
    "update_parameters",
]
