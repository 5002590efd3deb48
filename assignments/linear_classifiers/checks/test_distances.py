"""Checks of the L1 and L2 distances that every student sees (slides s.19, s.23)."""

import numpy as np
import pytest

from autograder.checks import check_shape, check_value

VERSIONS = ["two_loops", "one_loop", "no_loops"]
DISTANCES = {"en": "the distances", "fa": "فاصله‌ها"}

# The two pictures of s.19, row by row, and two that make M, N and D three different numbers.
TEST = np.array([56, 32, 10, 18, 90, 23, 128, 133, 24, 26, 178, 200, 2, 0, 255, 220])
TRAIN = np.array([10, 20, 24, 17, 8, 10, 89, 100, 12, 16, 178, 170, 4, 32, 233, 112])
BLACK, WHITE = np.zeros(16), np.full(16, 255)
QUERIES = np.stack([TEST, BLACK]).astype(float)
IMAGES = np.stack([TRAIN, TEST, WHITE]).astype(float)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.points(1, question="distances")
def test_l1_distance_of_the_course_pictures(student, version):
    """The L1 distance of the two pictures on the slides is 456.

    fa: فاصلهٔ مانهاتانی دو تصویر اسلایدها 456 است.
    hint: Entry `[i, j]` belongs to row `i` of `X_test` and row `j` of `X_train`. Take the absolute
        value of each difference first, then sum over the pixels, the last axis.
    hint-fa: درایهٔ `[i, j]` به سطر `i` از `X_test` و سطر `j` از `X_train` مربوط است. نخست قدر مطلق
        هر اختلاف را بگیرید، سپس روی پیکسل‌ها، یعنی محور آخر، جمع بزنید.
    """
    got = student.call(f"l1_distances_{version}", QUERIES, IMAGES)
    check_value(got, [[456, 0, 2685], [1035, 1395, 4080]], what=DISTANCES)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.points(1, question="distances")
def test_l2_distance_of_the_course_pictures(student, version):
    """The L2 distance of the two pictures on the slides is 162.1111.

    fa: فاصلهٔ اقلیدسی دو تصویر اسلایدها 162.1111 است.
    hint: Square the differences, sum them over the pixels, then take the root.
    hint-fa: اختلاف‌ها را به توان دو برسانید، روی پیکسل‌ها جمع بزنید و سپس جذر بگیرید.
    """
    got = student.call(f"l2_distances_{version}", QUERIES, IMAGES)
    squares = [[26280, 0, 562601], [148307, 233651, 1040400]]
    check_value(got, np.sqrt(squares), what=DISTANCES)


@pytest.mark.points(2, question="distances")
def test_l2_without_loops_does_many_points(student, rng):
    """`l2_distances_no_loops` does 1,000 x 1,200 points of 128 numbers within 2 seconds and 1 GB.

    fa: تابع `l2_distances_no_loops` فاصلهٔ ۱۰۰۰ نقطه تا ۱۲۰۰ نقطهٔ ۱۲۸عددی را در ۲ ثانیه و با یک
        گیگابایت حافظه حساب می‌کند.
    hint: `|a - b|^2 = |a|^2 - 2 a.b + |b|^2`, and all the products `a.b` are one matrix product.
    hint-fa: رابطهٔ `|a - b|^2 = |a|^2 - 2 a.b + |b|^2` را به کار ببرید: همهٔ ضرب‌های `a.b` با هم یک
        ضرب ماتریسی‌اند.
    """
    # Whole numbers: their squares are exact in float32 too.
    X_test = rng.integers(0, 256, (1000, 128)).astype(float)
    X_train = rng.integers(0, 256, (1200, 128)).astype(float)
    got = student.call("l2_distances_no_loops", X_test, X_train, seconds=2.0)
    check_shape(got, (1000, 1200), what=DISTANCES)
    some = [0, 499, 999]
    expected = [np.sqrt(((X_train - X_test[i]) ** 2).sum(axis=1)) for i in some]
    check_value(np.asarray(got)[some], expected, what=DISTANCES)
