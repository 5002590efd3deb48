import numpy as np
import pytest

from reference.optim.gradient_descent import momentum


def rule(function):
    return (lambda x, dx, state, rate: function(x, dx, state, learning_rate=rate),)


def with_mu(function):
    def make(mu):
        return lambda x, dx, state, rate: function(x, dx, state, learning_rate=rate, mu=mu)

    return (make,)


def beside_momentum(function):
    return (*with_mu(function), *with_mu(momentum))


def with_weight_decay(x, dx, state=None, *, learning_rate, mu=0.9):
    return momentum(x, dx + 0.1 * x + 0.1, state, learning_rate=learning_rate, mu=mu)


def of_the_gradients_size(x, dx, state=None, *, learning_rate, mu=0.9):
    return momentum(x, np.abs(dx), state, learning_rate=learning_rate, mu=mu)


def over_the_gradients_norm(x, dx, state=None, *, learning_rate):
    return x - learning_rate * dx / (np.linalg.norm(dx) + 1e-8), {}


TABLE = {
    "the_first_step_goes_downhill": ("sgd", rule, "ascends"),
    "a_quadratic_is_descended": ("sgd", rule, "ascends"),
    "a_path_scales_with_its_gradients": ("sgd", rule, "sign_for_gradient"),
    "a_path_scales_with_its_learning_rate": ("sgd", rule, "learning_rate_missing"),
    "sgd_steps_add_up": ("sgd", rule, "ascends", "learning_rate_missing"),
    "no_gradient_no_step": ("momentum", rule, with_weight_decay),
    "a_path_moves_with_its_start": ("momentum", rule, with_weight_decay),
    "a_path_of_opposite_gradients_is_mirrored": ("momentum", rule, of_the_gradients_size),
    "each_parameter_is_updated_alone": ("rmsprop", rule, over_the_gradients_norm),
    "rmsprop_first_step_is_over_the_root_of_a_tenth": (
        "rmsprop",
        rule,
        "never_forgets",
        "decay_swapped",
    ),
    "rmsprop_settles_at_the_learning_rate": (
        "rmsprop",
        rule,
        "never_forgets",
        "new_part_not_weighed",
    ),
    "adaptive_steps_ignore_the_scale": (
        "adam",
        rule,
        "root_missing",
    ),
    "adam_first_step_is_the_learning_rate": ("adam", rule, "time_from_zero", "correction_missing"),
    "adam_steps_stay_the_same_under_a_constant_gradient": (
        "adam",
        rule,
        "time_from_zero",
        "correction_missing",
    ),
    "adagrad_steps_shrink_with_the_root": ("adagrad", rule, "cache_overwritten", "root_missing"),
    "momentum_without_memory_is_sgd": ("momentum", with_mu, "ascends"),
    "momentum_gathers_speed": ("momentum", with_mu, "ascends", "sign_of_memory"),
    "nesterov_first_step_looks_ahead": (
        "nesterov",
        beside_momentum,
        "previous_velocity_aliased",
        "plain_momentum",
    ),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
