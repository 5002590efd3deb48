"""Checks of the linear scores and the bias trick (slides s.38-39, s.70)."""

import numpy as np
import pytest

from autograder.checks import check_value

SCORES = {"en": "the scores", "fa": "امتیازها"}
EXTENDED = {"en": "X with a column of ones", "fa": "آرایهٔ X با یک ستون یک"}

# s.39: four pixels, three classes (cat, dog, ship); W is transposed, as one example is a row.
PIXELS = np.array([[56.0, 231.0, 24.0, 2.0]])
WEIGHTS = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0.0, 0.25, 0.2, -0.3]]).T
BIAS = np.array([1.1, 3.2, -1.2])


@pytest.mark.points(3, question="scores")
def test_scores_of_the_course_example(student):
    """`linear_scores` gives `-96.8`, `437.9` and `60.75` for the example of the slides.

    fa: تابع `linear_scores` برای مثال اسلایدها امتیازهای `-96.8` و `437.9` و `60.75` را می‌دهد.
    hint: The slide prints 61.95 for the ship: it forgot to add that class's bias, -1.2.
    hint-fa: در اسلاید برای کشتی 61.95 چاپ شده است: بایاس آن کلاس، یعنی `-1.2`، فراموش شده است.
    """
    got = student.linear_scores(PIXELS, WEIGHTS, BIAS)
    check_value(got, [[-96.8, 437.9, 60.75]], what=SCORES)
    # Two images more, so that N, D and C are three different numbers.
    images = np.vstack([PIXELS, np.zeros((1, 4)), [[0.0, 0.0, 10.0, 0.0]]])[[1, 2]]
    got = student.linear_scores(images, WEIGHTS, BIAS)
    check_value(got, [[1.1, 3.2, -1.2], [2.1, 24.2, 0.8]], what=SCORES)


@pytest.mark.points(2, question="scores")
def test_add_bias_appends_a_column_of_ones(student):
    """`add_bias` keeps the columns of X and adds a column of ones after the last.

    fa: تابع `add_bias` ستون‌های X را نگه می‌دارد و پس از ستون آخر، ستونی از یک‌ها می‌گذارد.
    """
    got = student.add_bias(np.array([[1.5, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    check_value(got, [[1.5, 2, 3, 1], [4, 5, 6, 1]], what=EXTENDED)
    got = student.add_bias(np.array([[255, 0]], np.uint8))
    check_value(got, [[255.0, 0.0, 1.0]], what=EXTENDED)


@pytest.mark.points(3, question="scores", visibility="after_due_date")
def test_bias_trick_gives_the_same_scores(student, rng):
    """`add_bias(X) @ W`, with `b` as the last row of `W`, gives the scores of `linear_scores`.

    fa: اگر `b` سطر آخر `W` باشد، `add_bias(X) @ W` همان امتیازهای `linear_scores` را می‌دهد.
    """
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    extended = student.add_bias(X)
    check_value(extended, np.column_stack([X, np.ones(5)]), what=EXTENDED)
    got = student.linear_scores(X, W, b)
    check_value(got, np.asarray(extended) @ np.vstack([W, b]), what=SCORES)
