import numpy as np
import pytest

DTYPES = ("float64",)


def seeded(initializer):
    return (lambda shape, seed: initializer(shape, np.random.default_rng(seed)),)


def counted(fans):
    return (lambda shape: (fans(shape).fan_in, fans(shape).fan_out),)


def always_the_same(shape, rng):
    return np.random.default_rng(0).normal(size=shape)


TABLE = {
    "initial_weights_are_centred_on_0": ("small_random", seeded, "not_centred"),
    "a_seed_decides_the_initial_weights": ("small_random", seeded, always_the_same),
    "initial_weights_differ": ("he", seeded, "zeros"),
    "he_weights_have_variance_2_over_fan_in": ("he", seeded, "xavier", "two_outside_root"),
    "he_keeps_the_size_of_relu_activations": ("he", seeded, "xavier", "two_outside_root"),
    "xavier_weights_have_variance_1_over_fan_in": (
        "xavier_slides",
        seeded,
        "root_missing",
        "fan_out",
    ),
    "xavier_uniform_fills_its_interval": (
        "xavier_uniform",
        seeded,
        "limit_for_std",
        "unit_interval",
    ),
    "fans_count_the_weights_of_a_unit": ("fans", counted, "swapped", "kernel_area_missing"),
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
