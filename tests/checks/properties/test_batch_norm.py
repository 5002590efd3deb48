import numpy as np
import pytest

from reference.normalization import RunningStatistics, batch_norm_forward


def forward(function):
    return (lambda x, gamma, beta: function(x, gamma, beta)[0],)


def backward(function):
    def run(dout, x, gamma, beta):
        return tuple(function(dout, batch_norm_forward(x, gamma, beta)[1]))

    return (run,)


def both(function):
    return (*forward(batch_norm_forward), *backward(function))


def inference(function):
    def run(x, gamma, beta, mean, variance):
        return function(x, gamma, beta, RunningStatistics(mean, variance))[0]

    return (run,)


def inference_and_training(function):
    return (*inference(function), *forward(batch_norm_forward))


def running_mean(kind):
    def update(running, batch, momentum):
        x = np.stack([batch - 1, batch + 1])
        _, cache = batch_norm_forward(x, np.ones_like(batch), np.zeros_like(batch))
        statistics = kind(running, np.ones_like(running))
        return np.ravel(statistics.updated(cache, momentum=momentum).mean)

    return (update,)


def by_the_first_example(x, gamma, beta):
    # Centred on the first example instead of on the mean.
    return gamma * (x - x[0]) / np.sqrt(x.var(axis=0) + 1e-5) + beta, None


def centred_on_the_batch(x, gamma, beta, running):
    centred = x - x.mean(axis=0)
    return gamma * centred / np.sqrt(running.variance + 1e-5) + beta, None


TABLE = {
    "batch_norm_centres_on_beta": (
        "batch_norm_forward",
        forward,
        "over_features",
        "gamma_beta_swapped",
    ),
    "batch_norm_spreads_by_gamma": ("batch_norm_forward", forward, "ddof_1", "root_missing"),
    "batch_norm_ignores_a_shift": ("batch_norm_forward", forward, "over_features"),
    "batch_norm_ignores_the_unit": ("batch_norm_forward", forward, "root_missing"),
    "batch_norm_of_a_constant_is_beta": (
        "batch_norm_forward",
        forward,
        "eps_missing",
        "over_features",
    ),
    "batch_norm_scales_and_shifts_at_the_end": (
        "batch_norm_forward",
        forward,
        "gamma_beta_swapped",
        "not_scaled_back",
    ),
    "batch_norm_takes_each_feature_alone": ("batch_norm_forward", forward, "over_features"),
    "batch_norm_of_a_batch_twice_is_the_same": ("batch_norm_forward", forward, "ddof_1"),
    "batch_norm_moves_with_the_examples": ("batch_norm_forward", forward, by_the_first_example),
    "batch_norm_gradient_sums_to_0": (
        "batch_norm_backward",
        backward,
        "statistics_constant",
        "mean_term_missing",
    ),
    "batch_norm_gradient_is_orthogonal_to_the_batch": (
        "batch_norm_backward",
        backward,
        "statistics_constant",
        "mean_term_missing",
    ),
    "batch_norm_gradient_grows_with_gamma": (
        "batch_norm_backward",
        backward,
        "gamma_missing",
        "inverse_std_missing",
    ),
    "batch_norm_parameters_get_their_sums": (
        "batch_norm_backward",
        both,
        "gamma_gradient_from_x",
        "parameters_averaged",
    ),
    "batch_norm_at_test_time_takes_each_example_alone": (
        "batch_norm_inference_forward",
        inference,
        centred_on_the_batch,
    ),
    "batch_norm_at_test_time_with_the_batchs_statistics_is_training": (
        "batch_norm_inference_forward",
        inference_and_training,
        "mean_not_subtracted",
        "variance_for_std",
    ),
    "running_mean_moves_towards_the_batch": (
        "RunningStatistics",
        running_mean,
        "momentum_swapped",
        "last_batch",
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
