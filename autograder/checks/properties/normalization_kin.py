"""Properties of layer, instance and group normalization."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    close,
    gradient_name,
    own,
    own_gradients,
    pattern,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices, images

__all__ = [
    "group_norm_normalizes_each_group",
    "group_norm_of_single_channels_is_instance_norm",
    "group_norm_takes_each_group_alone",
    "instance_norm_normalizes_each_map",
    "instance_norm_takes_each_map_alone",
    "layer_norm_gradient_sums_to_0",
    "layer_norm_ignores_brightness_and_contrast",
    "layer_norm_normalizes_each_example",
    "layer_norm_scales_each_feature_by_its_gamma",
    "layer_norm_takes_each_example_alone",
]

LAYER = "layer_norm(x (N, D), gamma (D,), beta (D,)) -> out, eps at most 1e-3"
LAYER_BACKWARD = "backward(dout, x, gamma, beta) -> (dx, dgamma, dbeta), of layer_norm"
INSTANCE = "instance_norm(x (N, C, H, W), gamma (C,), beta (C,)) -> out, eps at most 1e-3"
GROUP = "group_norm(x (N, C, H, W), gamma (C,), beta (C,), groups) -> out, eps at most 1e-3"
OUTPUT = "the output"


def _rows() -> Cases:
    def made(X: Array) -> tuple[Array, Array, Array]:
        wide = np.hstack([X, np.tile([3.0, -2.0, -5.0, 6.0], (len(X), 1))])
        count = wide.shape[1]
        return wide, np.abs(pattern((count,), seed=3)), pattern((count,))

    edges = ("plain", "zero variance", "equal rows")
    return feature_matrices(max_samples=4, max_features=3, edges=edges).map(made)


def _images() -> Cases:
    def made(x: Array) -> tuple[Array, Array, Array]:
        slope = 4.0 * np.arange(x.shape[3] + 1) - 3.0
        wide = np.concatenate([x, x[..., :1]], axis=3) + slope
        pair = np.concatenate([wide, 2 * wide - 3], axis=1)
        count = pair.shape[1]
        return pair, np.abs(pattern((count,), seed=3)), pattern((count,))

    edges = ("plain", "one pixel", "checkerboard")
    return images(max_size=3, max_samples=2, max_channels=2, edges=edges).map(made)


@course_property(needs=LAYER, cases=_rows, relates=False)
def layer_norm_normalizes_each_example(norm: Function, x: Array, gamma: Array, beta: Array) -> None:
    """Before gamma and beta, the features of each example have the mean 0 and the deviation 1."""
    out = own(norm(x, np.ones_like(gamma), np.zeros_like(beta)), x.shape, what=OUTPUT)
    close(out.mean(axis=1), np.zeros(len(x)), np.abs(out).max() + 1, what="the mean")
    check_value(out.std(axis=1), np.ones(len(x)), rtol=2e-3, what="the standard deviation")


@course_property(needs=LAYER, cases=_rows)
def layer_norm_takes_each_example_alone(
    norm: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """The output of one example does not depend on the others."""
    together = own(norm(x, gamma, beta), x.shape, what=OUTPUT)
    check_value(norm(x[-1:], gamma, beta), together[-1:], what=OUTPUT)


@course_property(needs=LAYER, cases=_rows)
def layer_norm_ignores_brightness_and_contrast(
    norm: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """An example brighter by 5 and of 4 times the contrast gives (nearly) the same output."""
    before = own(norm(x, gamma, beta), x.shape, what=OUTPUT)
    atol = 1e-3 * float(np.abs(before).max() + 1)
    check_value(norm(4 * x + 5, gamma, beta), before, what=OUTPUT, atol=atol)


@course_property(needs=LAYER, cases=_rows)
def layer_norm_scales_each_feature_by_its_gamma(
    norm: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """The output is gamma times the normalized input plus beta, feature by feature."""
    plain = own(norm(x, np.ones_like(gamma), np.zeros_like(beta)), x.shape, what=OUTPUT)
    check_value(norm(x, gamma, beta), gamma * plain + beta, what=OUTPUT, atol=1e-5)


@course_property(needs=LAYER_BACKWARD, cases=_rows, relates=False)
def layer_norm_gradient_sums_to_0(backward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """`dx` sums to 0 over the features of an example; `dbeta` is the sum of dout over the batch."""
    dout = pattern(x.shape, x.dtype, seed=2)
    dx, _, dbeta = own_gradients(backward(dout, x, gamma, beta), x, gamma, beta)
    size = np.abs(dout * gamma).sum(axis=1) / x.std(axis=1)
    close(dx.sum(axis=1), np.zeros(len(x)), size, what=gradient_name(0))
    check_value(dbeta, dout.sum(axis=0), what=gradient_name(2))


@course_property(needs=INSTANCE, cases=_images, relates=False)
def instance_norm_normalizes_each_map(norm: Function, x: Array, gamma: Array, beta: Array) -> None:
    """Each channel of each image has the mean beta and the standard deviation gamma."""
    out = own(norm(x, gamma, beta), x.shape, what=OUTPUT)
    means = np.tile(beta, (len(x), 1))
    close(out.mean(axis=(2, 3)), means, np.abs(out).max() + 1, what="the mean")
    spread = np.tile(gamma, (len(x), 1))
    check_value(out.std(axis=(2, 3)), spread, rtol=2e-3, what="the standard deviation")


@course_property(needs=INSTANCE, cases=_images)
def instance_norm_takes_each_map_alone(norm: Function, x: Array, gamma: Array, beta: Array) -> None:
    """The output of one channel of one image depends on no other channel and no other image."""
    together = own(norm(x, gamma, beta), x.shape, what=OUTPUT)
    got = norm(x[-1:, :1], gamma[:1], beta[:1])
    check_value(got, together[-1:, :1], what=OUTPUT, atol=1e-5)


@course_property(needs=f"{GROUP}; {INSTANCE}", cases=_images)
def group_norm_of_single_channels_is_instance_norm(
    group: Function, instance: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """Group normalization with as many groups as channels is instance normalization."""
    expected = own(instance(x, gamma, beta), x.shape, what=OUTPUT)
    check_value(group(x, gamma, beta, x.shape[1]), expected, what=OUTPUT, atol=1e-5)


@course_property(needs=GROUP, cases=_images, relates=False)
def group_norm_normalizes_each_group(norm: Function, x: Array, gamma: Array, beta: Array) -> None:
    """Before gamma and beta, each half of the channels of each image has mean 0, deviation 1."""
    out = own(norm(x, np.ones_like(gamma), np.zeros_like(beta), 2), x.shape, what=OUTPUT)
    halves = out.reshape(len(x), 2, -1)
    close(halves.mean(axis=2), np.zeros((len(x), 2)), np.abs(out).max() + 1, what="the mean")
    ones = np.ones((len(x), 2))
    check_value(halves.std(axis=2), ones, rtol=2e-3, what="the standard deviation")


@course_property(needs=GROUP, cases=_images)
def group_norm_takes_each_group_alone(norm: Function, x: Array, gamma: Array, beta: Array) -> None:
    """The output of the first half of the channels does not depend on the second half."""
    together = own(norm(x, gamma, beta, 2), x.shape, what=OUTPUT)
    half = x.shape[1] // 2
    got = norm(x[:1, :half], gamma[:half], beta[:half], 1)
    check_value(got, together[:1, :half], what=OUTPUT, atol=1e-5)
