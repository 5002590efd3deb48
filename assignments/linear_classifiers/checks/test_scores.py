"""Checks of the linear scores and the bias trick (slides s.38-39, s.70)."""

import numpy as np
import pytest

# s.39: four pixels, three classes (cat, dog, ship); W is transposed, as one example is a row.
PIXELS = np.array([[56.0, 231.0, 24.0, 2.0]])
WEIGHTS = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0.0, 0.25, 0.2, -0.3]]).T
BIAS = np.array([1.1, 3.2, -1.2])


@pytest.mark.points(3, question="scores")
def test_scores_of_the_course_example(student):
    """`linear_scores` gives -96.8, 437.9 and 60.75 on the example of the slides.

    fa: تابع `linear_scores` برای مثال اسلایدها امتیازهای ‎-96.8 و 437.9 و 60.75 را می‌دهد.
    hint: The slide prints 61.95 for the ship: it forgot to add that class's bias, -1.2.
    hint-fa: در اسلاید برای کشتی 61.95 چاپ شده است: بایاس آن دسته، یعنی ‎-1.2، فراموش شده است.
    """
    scores = student.linear_scores(PIXELS, WEIGHTS, BIAS)
    assert np.shape(scores) == (1, 3)
    assert np.allclose(scores, [[-96.8, 437.9, 60.75]])


@pytest.mark.points(2, question="scores")
def test_add_bias_appends_a_column_of_ones(student):
    """`add_bias` keeps the columns of X and adds a column of ones after the last.

    fa: تابع `add_bias` ستون‌های X را نگه می‌دارد و پس از ستون آخر یک ستون یک می‌گذارد.
    """
    extended = student.add_bias(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    assert np.shape(extended) == (2, 4)
    assert np.allclose(extended, [[1, 2, 3, 1], [4, 5, 6, 1]])


@pytest.mark.points(
    3, question="scores", visibility="hidden", requires=["test_scores_of_the_course_example"]
)
def test_bias_trick_gives_the_same_scores(student, rng):
    """The bias trick gives the scores of `linear_scores`.

    fa: ترفند بایاس همان امتیازهای `linear_scores` را می‌دهد.
    """
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    assert np.allclose(student.add_bias(X) @ np.vstack([W, b]), student.linear_scores(X, W, b))
