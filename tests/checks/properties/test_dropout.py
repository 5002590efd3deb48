import numpy as np
import pytest

from reference.dropout import inverted_dropout_forward


def training(function):
    def run(x, p, seed):
        return function(x, p, training=True, rng=np.random.default_rng(seed))[0]

    return (run,)


def at_test_time(function):
    return (lambda x, p: function(x, p, training=False, rng=np.random.default_rng(0))[0],)


def both(function):
    def run(x, dout, p, seed):
        rng = np.random.default_rng(seed)
        out, cache = inverted_dropout_forward(x, p, training=True, rng=rng)
        return out, function(dout, cache)

    return (run,)


def largest_kept(x, keep_probability, *, training, rng):
    # The largest values are kept instead of random ones.
    return np.where(x >= np.quantile(x, 1 - keep_probability), x / keep_probability, 0.0), None


TABLE = {
    "inverted_dropout_at_test_time_changes_nothing": (
        "inverted_dropout_forward",
        at_test_time,
        "active_at_test",
        "scaled_twice",
    ),
    "vanilla_dropout_at_test_time_multiplies_by_p": (
        "vanilla_dropout_forward",
        at_test_time,
        "not_scaled_at_test",
        "divided_at_test",
    ),
    "inverted_dropout_drops_or_divides": (
        "inverted_dropout_forward",
        training,
        "not_scaled",
        "keep_and_drop_swapped",
    ),
    "dropout_keeps_the_share_p": (
        "inverted_dropout_forward",
        training,
        "keep_and_drop_swapped",
        "mask_inverted",
    ),
    "inverted_dropout_keeps_the_expectation": (
        "inverted_dropout_forward",
        training,
        "not_scaled",
        "keep_and_drop_swapped",
    ),
    "dropout_draws_for_each_value": ("inverted_dropout_forward", training, "one_mask_for_all"),
    "dropout_that_keeps_all_changes_nothing": (
        "inverted_dropout_forward",
        training,
        "mask_inverted",
    ),
    "dropout_ignores_the_values": ("inverted_dropout_forward", training, largest_kept),
    "vanilla_dropout_drops_or_keeps": ("vanilla_dropout_forward", training, "inverted_and_scaled"),
    "dropout_backward_uses_the_same_mask": ("dropout_backward", both, "new_mask", "scale_missing"),
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
