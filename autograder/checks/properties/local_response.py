"""Properties of local response normalization across channels (AlexNet)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import images

__all__ = [
    "lrn_damps_and_keeps_the_sign",
    "lrn_over_one_channel_has_a_formula",
    "lrn_sees_its_neighbours_only",
    "lrn_takes_each_pixel_alone",
    "lrn_without_alpha_divides_by_k",
]

LRN = "lrn(x (N, C, H, W), size, alpha, beta, k) -> out, sums of squares over size channels"
OUTPUT = "the output"


def _images() -> Cases:
    return images(max_size=4).map(lambda x: (np.concatenate([x, x[:, :1] + 1, 2 * x], axis=1),))


@course_property(needs=LRN, cases=_images, relates=False)
def lrn_without_alpha_divides_by_k(lrn: Function, x: Array) -> None:
    """With alpha = 0 every value is divided by `k ** beta`."""
    check_value(lrn(x, 3, 0.0, 0.5, 4.0), x / 2, what=OUTPUT)


@course_property(needs=LRN, cases=_images)
def lrn_damps_and_keeps_the_sign(lrn: Function, x: Array) -> None:
    """Every value keeps its sign and shrinks, more so with a larger alpha."""
    weak = own(lrn(x, 3, 0.5, 0.75, 1.0), x.shape, what=OUTPUT)
    strong = own(lrn(x, 3, 2.0, 0.75, 1.0), x.shape, what=OUTPUT)
    sign = np.sign(x)
    within(sign * strong, 0.0, sign * weak, what=OUTPUT)
    within(sign * weak, 0.0, np.abs(x), what=OUTPUT)


@course_property(needs=LRN, cases=_images)
def lrn_takes_each_pixel_alone(lrn: Function, x: Array) -> None:
    """Each pixel is normalized by the channels at its own place only."""
    before = own(lrn(x, 3, 0.5, 0.75, 2.0), x.shape, what=OUTPUT)
    turned_around = x[:, :, ::-1, ::-1].copy()
    check_value(lrn(turned_around, 3, 0.5, 0.75, 2.0), before[:, :, ::-1, ::-1], what=OUTPUT)
    check_value(lrn(x[:, :, :1], 3, 0.5, 0.75, 2.0), before[:, :, :1], what=OUTPUT)


@course_property(needs=LRN, cases=_images)
def lrn_sees_its_neighbours_only(lrn: Function, x: Array) -> None:
    """A channel outside the window of `size` channels has no influence; reversed ones mirror."""
    before = own(lrn(x, 3, 0.5, 0.75, 2.0), x.shape, what=OUTPUT)
    changed = x.copy()
    changed[:, -1] += 5
    got = own(lrn(changed, 3, 0.5, 0.75, 2.0), x.shape, what=OUTPUT)
    check_value(got[:, :-2], before[:, :-2], what=OUTPUT)
    check_value(lrn(x[:, ::-1].copy(), 3, 0.5, 0.75, 2.0), before[:, ::-1], what=OUTPUT)


@course_property(needs=LRN, cases=_images, relates=False)
def lrn_over_one_channel_has_a_formula(lrn: Function, x: Array) -> None:
    """With size = 1 and beta = 1/2 the output is `x / sqrt(k + alpha x^2)`."""
    check_value(lrn(x, 1, 3.0, 0.5, 2.0), x / np.sqrt(2 + 3 * x**2), what=OUTPUT)
