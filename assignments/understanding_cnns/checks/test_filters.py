"""Checks of filters as pictures (tutorial part 3; templates: slides s.40-42)."""

import numpy as np
import pytest
from cnn_pictures import normalize_filters, tile
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import Call, check_against_reference, check_unchanged, check_value
from autograder.checks.properties.own import own, within

PICTURES = {"en": "the filters' pictures", "fa": "تصویر فیلترها"}
PICTURE = {"en": "the picture", "fa": "تصویر"}


@pytest.mark.points(1.5, question="filters")
def test_each_filter_is_scaled_by_itself(student):
    """The smallest weight of each filter becomes 0, the largest 1, however large the filter is.

    fa: کوچک‌ترین وزن هر فیلتر 0 و بزرگ‌ترین 1 می‌شود، فیلتر هر قدر هم بزرگ باشد.
    hint: Minimum and maximum of one filter: axis=(1, 2, 3) with keepdims=True.
    hint-fa: کمینه و بیشینهٔ یک فیلتر: `axis=(1, 2, 3)` با `keepdims=True`.
    """
    w = np.array([[[[-1.0, 0.0], [1.0, 3.0]]], [[[10.0, 20.0], [20.0, 50.0]]]])
    expected = [[[[0, 0.25], [0.5, 1]]], [[[0, 0.25], [0.25, 1]]]]
    check_value(student.normalize_filters(w), expected, what=PICTURES)
    check_unchanged(student)


@pytest.mark.points(1, question="filters", requires=["test_each_filter_is_scaled_by_itself"])
def test_channels_of_a_filter_stay_together(student):
    """The channels of a filter share one minimum and one maximum, so that its colours stay.

    fa: کانال‌های یک فیلتر کمینه و بیشینهٔ مشترک دارند تا رنگ‌هایش بماند.
    """
    w = np.array([[[[0.0, 1.0]], [[2.0, 4.0]]], [[[6.0, 2.0]], [[2.0, 4.0]]]])
    expected = [[[[0, 0.25]], [[0.5, 1]]], [[[1, 0]], [[0, 0.5]]]]
    check_value(student.normalize_filters(w), expected, what=PICTURES)


@pytest.mark.points(1, question="filters", requires=["test_each_filter_is_scaled_by_itself"])
def test_a_constant_filter_is_grey(student):
    """A filter whose weights are all equal becomes 0.5, not NaN.

    fa: فیلتری که همهٔ وزن‌هایش برابرند 0.5 می‌شود، نه NaN.
    hint: max - min is 0 there: do not divide by it.
    hint-fa: `max - min` در آن 0 است: بر آن تقسیم نکنید.
    """
    w = np.array([[[[0.0, 2.0]]], [[[3.0, 3.0]]], [[[0.0, 0.0]]]])
    expected = [[[[0.0, 1.0]]], [[[0.5, 0.5]]], [[[0.5, 0.5]]]]
    check_value(student.normalize_filters(w), expected, what=PICTURES)


@pytest.mark.points(
    0.5,
    question="filters",
    visibility="hidden",
    requires=["test_each_filter_is_scaled_by_itself"],
)
@settings(max_examples=8)
@given(seed=st.integers(0, 9999), scale=st.floats(0.01, 100), shift=st.floats(-5, 5))
def test_filters_of_any_bank(student, seed, scale, shift):
    """A filter's picture does not change when all its weights are scaled and moved alike.

    fa: اگر همهٔ وزن‌های فیلتری یکسان مقیاس و جابه‌جا شوند تصویرش عوض نمی‌شود.
    """
    w = np.random.default_rng(seed).normal(size=(3, 2, 2, 3))
    pictures = own(student.normalize_filters(w), w.shape, what=PICTURES)
    within(pictures, 0.0, 1.0, what=PICTURES)
    check_value(pictures, normalize_filters(w), what=PICTURES)
    check_value(student.normalize_filters(scale * w + shift), pictures, what=PICTURES)


@pytest.mark.points(2, question="filters")
def test_tile_three_pictures(student):
    """Three pictures in two columns, with a gap of 1: the picture of the handout.

    fa: سه تصویر در دو ستون با فاصلهٔ 1: تصویر دفترچهٔ تمرین.
    hint: Image n has its corner at (n // columns * (H + gap), n % columns * (W + gap)).
    hint-fa: گوشهٔ تصویر n در `(n // columns * (H + gap), n % columns * (W + gap))` است.
    """
    images = np.arange(1.0, 4.0)[:, None, None] * np.ones((3, 2, 2))
    upper, lower = [1, 1, 9, 2, 2], [3, 3, 9, 9, 9]
    expected = [upper, upper, [9] * 5, lower, lower]
    check_value(student.tile(images, 2, 1, 9.0), expected, what=PICTURE)
    check_unchanged(student)


@pytest.mark.points(1, question="filters", requires=["test_tile_three_pictures"])
def test_tile_with_other_gaps(student):
    """A gap of 0 or 2, one row or one column; without further arguments 1 pixel of white (1).

    fa: فاصلهٔ 0 یا 2، یک سطر یا یک ستون؛ بدون آرگومان‌های دیگر 1 پیکسل سفید (1).
    """
    images = np.array([[[0.2, 0.4]], [[0.6, 0.8]]])
    check_value(student.tile(images, 2, 0, 0.0), [[0.2, 0.4, 0.6, 0.8]], what=PICTURE)
    expected = [[0.2, 0.4], [0.5, 0.5], [0.5, 0.5], [0.6, 0.8]]
    check_value(student.tile(images, 1, 2, 0.5), expected, what=PICTURE)
    check_value(student.tile(images, 2), [[0.2, 0.4, 1, 0.6, 0.8]], what=PICTURE)


@pytest.mark.points(
    1, question="filters", visibility="hidden", requires=["test_tile_three_pictures"]
)
def test_tile_of_any_pictures(student, rng):
    """Pictures that are no squares stand row after row, in any number of columns.

    fa: تصویرهای غیرمربع با هر شمار ستون، سطر به سطر می‌ایستند.
    """
    calls = [
        Call("tile", (rng.random((number, 2, 3)), columns, gap, 0.25))
        for number, columns, gap in ((7, 3, 1), (6, 2, 2), (5, 4, 1), (4, 1, 0), (3, 5, 1))
    ]
    check_against_reference(student, calls, tile, unchanged=True, what=PICTURE)
