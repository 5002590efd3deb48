import pytest

from reference import normalization as right


def forward(function):
    return (lambda x, gamma, beta: function(x, gamma, beta)[0],)


def grouped(function):
    return (lambda x, gamma, beta, groups: function(x, gamma, beta, groups=groups)[0],)


def grouped_beside_instance(function):
    return (*grouped(function), *forward(right.instance_norm_forward))


def layer_backward(version):
    # No misconception of this backward pass is catalogued; the wrong one is written below.
    backward = version if version is means_over_the_batch else right.layer_norm_backward

    def run(dout, x, gamma, beta):
        return tuple(backward(dout, right.layer_norm_forward(x, gamma, beta)[1]))

    return (run,)


def means_over_the_batch(dout, cache):
    return right.NormGradients(
        *right.layer_norm_backward(dout, cache)[:1],
        (dout * cache.normalized).mean(axis=0),
        dout.mean(axis=0),
    )


TABLE = {
    "layer_norm_normalizes_each_example": ("layer_norm_forward", forward, "ddof_1", "one_gamma"),
    "layer_norm_takes_each_example_alone": ("layer_norm_forward", forward, "one_gamma"),
    "layer_norm_ignores_brightness_and_contrast": ("layer_norm_forward", forward, "one_gamma"),
    "layer_norm_scales_each_feature_by_its_gamma": ("layer_norm_forward", forward, "one_gamma"),
    "layer_norm_gradient_sums_to_0": ("layer_norm_forward", layer_backward, means_over_the_batch),
    "instance_norm_normalizes_each_map": (
        "instance_norm_forward",
        forward,
        "over_the_batch",
        "over_channels",
    ),
    "instance_norm_takes_each_map_alone": (
        "instance_norm_forward",
        forward,
        "over_the_batch",
        "over_channels",
    ),
    "group_norm_of_single_channels_is_instance_norm": (
        "group_norm_forward",
        grouped_beside_instance,
        "size_for_number",
        "groups_ignored",
    ),
    "group_norm_normalizes_each_group": (
        "group_norm_forward",
        grouped,
        "interleaved",
        "size_for_number",
    ),
    "group_norm_takes_each_group_alone": (
        "group_norm_forward",
        grouped,
        "interleaved",
        "size_for_number",
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
