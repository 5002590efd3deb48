"""Checks of the distances that hold for all inputs, and for awkward ones."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_finite, check_unchanged, check_value
from autograder.checks.calls import Call
from autograder.checks.properties import (
    different_points_are_apart,
    distances_are_symmetric,
    no_way_round_is_shorter,
)
from reference.neighbors import Metric, distances_one_loop, distances_two_loops

VERSIONS = ["two_loops", "one_loop", "no_loops"]
DISTANCES = {"en": "the distances", "fa": "فاصله‌ها"}

# s.19 again; as uint8 the differences wrap around, and the L1 distance comes out as 1128.
TEST = np.array([[56, 32, 10, 18, 90, 23, 128, 133, 24, 26, 178, 200, 2, 0, 255, 220]], np.uint8)
TRAIN = np.array([[10, 20, 24, 17, 8, 10, 89, 100, 12, 16, 178, 170, 4, 32, 233, 112]], np.uint8)


@st.composite
def point_sets(draw, *, count=2):
    """`count` sets of 1 to 4 points of the same 1 to 5 whole numbers.

    Whole numbers, because their squares are exact: |a - b|^2 = |a|^2 - 2 a.b + |b|^2 loses half
    of the digits where two points nearly coincide, which is no mistake.
    """
    columns, *counts = draw(st.tuples(st.integers(1, 5), *[st.integers(1, 4)] * count))
    sets = []
    for points in counts:
        drawn = draw(st.binary(min_size=points * columns, max_size=points * columns))
        sets.append(np.frombuffer(drawn, np.int8).reshape(points, columns).astype(float))
    return sets


def pictures(*versions):
    """The checks with the pictures of the slides, as floats."""
    return [
        f"test_distances.py::test_{metric}_distance_of_the_course_pictures[{version}]"
        for version in versions
        for metric in ("l1", "l2")
    ]


@pytest.mark.parametrize(
    "version",
    [
        pytest.param(
            version,
            marks=pytest.mark.points(
                1,
                question="distances",
                visibility="after_due_date",
                requires=pictures(version),
            ),
        )
        for version in VERSIONS
    ],
)
def test_distances_of_uint8_images(student, version):
    """Images of type `uint8` have the same distances as the same images of type float.

    fa: تصویرهای `uint8` همان فاصله‌هایی را دارند که همان تصویرها با نوع float دارند.
    hint: In `uint8`, 10 - 12 is 254. Convert both arrays with `.astype(float)` first.
    hint-fa: در نوع `uint8` حاصل `10 - 12` برابر 254 است. نخست هر دو آرایه را با `.astype(float)`
        تبدیل کنید.
    """
    check_value(student.call(f"l1_distances_{version}", TEST, TRAIN), [[456]], what=DISTANCES)
    got = student.call(f"l2_distances_{version}", TEST, TRAIN)
    check_value(got, [[np.sqrt(26280)]], what=DISTANCES)


def check_against_definition(student, metric: Metric, points):
    expected = distances_two_loops(*points, metric=metric)
    names = [f"{metric}_distances_{version}" for version in VERSIONS]
    for name, got in zip(names, student.calls([Call(name, points) for name in names]), strict=True):
        check_value(got, expected, what=DISTANCES, call=f"{name}(X_test, X_train)")


@pytest.mark.points(2, question="distances", visibility="hidden")
@settings(max_examples=8)
@given(points=point_sets())
def test_l1_distances_of_any_points(student, points):
    """All three L1 functions give the sum of `|a - b|` for any points.

    fa: هر سه تابع فاصلهٔ مانهاتانی برای هر مجموعه نقطه‌ای مجموع `|a - b|` را می‌دهند.
    """
    check_against_definition(student, "l1", points)


@pytest.mark.points(2, question="distances", visibility="hidden")
@settings(max_examples=8)
@given(points=point_sets())
def test_l2_distances_of_any_points(student, points):
    """All three L2 functions give the root of the sum of `(a - b)^2` for any points.

    fa: هر سه تابع فاصلهٔ اقلیدسی برای هر مجموعه نقطه‌ای جذر مجموع `(a - b)^2` را می‌دهند.
    """
    check_against_definition(student, "l2", points)


@pytest.mark.points(2, question="distances", visibility="after_due_date")
def test_l2_distance_of_a_point_to_itself(student, rng):
    """The L2 distance of a point to itself is 0, never NaN.

    fa: فاصلهٔ اقلیدسی هر نقطه تا خودش صفر است و هرگز NaN نمی‌شود.
    hint: Rounding leaves `|a|^2 - 2 a.a + |a|^2` slightly below 0; take `np.maximum(…, 0)` before
        the root.
    hint-fa: خطای گرد کردن، `|a|^2 - 2 a.a + |a|^2` را کمی منفی می‌کند؛ پیش از جذر گرفتن
        `np.maximum(…, 0)` را به کار ببرید.
    """
    points = rng.normal(size=(60, 8))
    got = student.l2_distances_no_loops(points, points)
    check_finite(got, what=DISTANCES)
    expected = distances_one_loop(points, points, metric="l2")
    # The rounding error of |a|^2 is about 1e-15 in float64 and 1e-6 in float32; so is, squared,
    # that of a distance near 0.
    check_value(got, expected, what=DISTANCES, atol=1e-2)


@pytest.mark.parametrize(
    "metric",
    [
        pytest.param(
            metric,
            marks=pytest.mark.points(
                1,
                question="distances",
                visibility="hidden",
                requires=[
                    f"test_distances.py::test_{metric}_distance_of_the_course_pictures[no_loops]"
                ],
            ),
        )
        for metric in ("l1", "l2")
    ],
)
@settings(max_examples=4)
@given(points=point_sets(count=3))
def test_distances_are_a_metric(student, metric, points):
    """Different points are apart, distances are symmetric, no way round by a third is shorter.

    fa: دو نقطهٔ متفاوت از هم فاصله دارند، فاصله متقارن است و رفتن از راه نقطهٔ سوم کوتاه‌تر نیست.
    """
    distances = partial(student.call, f"{metric}_distances_no_loops")
    a, b, c = points
    different_points_are_apart(distances, a, b)
    distances_are_symmetric(distances, a, b)
    no_way_round_is_shorter(distances, a, b, c)


@pytest.mark.points(
    1, question="distances", visibility="after_published", requires=pictures(*VERSIONS)
)
def test_distances_leave_their_arguments_alone(student):
    """The distance functions change neither `X_test` nor `X_train`.

    fa: تابع‌های فاصله نه `X_test` را تغییر می‌دهند و نه `X_train` را.
    """
    X_test, X_train = TEST.astype(float), TRAIN.astype(float)
    for metric, expected in (("l1", 456), ("l2", np.sqrt(26280))):
        for version in VERSIONS:
            got = student.call(f"{metric}_distances_{version}", X_test, X_train)
            check_value(got, [[expected]], what=DISTANCES)
            check_unchanged(student)
