"""Checks of Newton's method and of the update of BFGS on small problems (slides s.240-243)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_finite, check_shape, check_value
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    bfgs_fits_the_last_step,
    bfgs_keeps_the_inverse_hessian_symmetric,
    bfgs_learns_nothing_from_a_fitting_step,
    newton_ignores_the_unit_of_the_loss,
    newton_reaches_the_bottom_of_a_bowl,
)
from autograder.checks.topic import topic
from reference.optim import inverse_hessian_update

PARAMETERS = {"en": "the parameters", "fa": "پارامترها"}
GRADIENT = {"en": "the gradient", "fa": "گرادیان"}
HESSIAN = {"en": "the Hessian", "fa": "ماتریس هسی"}
BOTH = {"en": "the gradient and the Hessian", "fa": "گرادیان و ماتریس هسی"}
INVERSE = {"en": "the inverse Hessian", "fa": "وارون هسی"}
FEW = settings(max_examples=8)

# Rosenbrock's valley (1 - a)^2 + 100 (b - a^2)^2: bent, with its bottom at (1, 1).
VALLEY_GRADIENT = (
    "lambda x: np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0]**2), 200 * (x[1] - x[0]**2)])"
)
VALLEY_HESSIAN = (
    "lambda x: np.array([[2 + 1200 * x[0]**2 - 400 * x[1], -400 * x[0]], [-400 * x[0], 200.0]])"
)


@pytest.mark.points(2, question="second_order")
def test_newton_step_by_hand(student):
    """On the ravine (a^2 + 100 b^2) / 2 one Newton step from (10, 1) ends at the bottom (0, 0).

    fa: در درهٔ (a^2 + 100 b^2) / 2 یک گام نیوتن از (10, 1) به ته دره یعنی (0, 0) می‌رسد.
    hint: x - H^-1 gradient: `np.linalg.solve(hessian, gradient)`; there is no learning rate.
    hint-fa: رابطه x - H^-1 gradient است: `np.linalg.solve(hessian, gradient)`؛ نرخ یادگیری ندارد.
    """
    ravine = np.diag([1.0, 100.0])
    got = student.newton_step(np.array([10.0, 1.0]), np.array([10.0, 100.0]), ravine)
    check_value(got, np.zeros(2), what=PARAMETERS, atol=1e-9)
    turned = np.array([[2.0, 1.0], [1.0, 3.0]])
    got = student.newton_step(np.array([1.0, 1.0]), np.array([5.0, -5.0]), turned)
    check_value(got, np.array([-3.0, 4.0]), what=PARAMETERS)


@pytest.mark.points(
    2, question="second_order", visibility="hidden", requires=["test_newton_step_by_hand"]
)
@FEW
@given(case=newton_reaches_the_bottom_of_a_bowl.cases())
def test_newton_step_reaches_the_bottom_of_any_bowl(student, case):
    """One Newton step reaches the bottom of any quadratic bowl, whatever the unit of the loss.

    fa: یک گام نیوتن به ته هر کاسهٔ درجه‌دویی می‌رسد، یکای هزینه هر چه باشد.
    """
    newton_reaches_the_bottom_of_a_bowl(student.newton_step, *case)
    newton_ignores_the_unit_of_the_loss(student.newton_step, *case)


@pytest.mark.points(3, question="second_order")
def test_newton_through_rosenbrocks_valley(student):
    """From (-1.2, 1) Newton's method stands at (-1.1753, 1.3807), and after 6 steps at (1, 1).

    fa: روش نیوتن در درهٔ روزنبروک از (-1.2, 1) به (-1.1753, 1.3807) و با ۶ گام به (1, 1) می‌رسد.
    hint: Compute the gradient and the Hessian anew at each point; repeat `steps` times.
    hint-fa: گرادیان و هسی را در هر نقطه از نو حساب کنید و به تعداد `steps` تکرار کنید.
    """
    gradient, hessian = student.define(VALLEY_GRADIENT), student.define(VALLEY_HESSIAN)
    start = np.array([-1.2, 1.0])
    for steps, expected in (
        (1, [-1.1752808988764045, 1.3806741573033707]),
        (2, [0.7631148711767, -3.1750338547484]),
        (6, [1.0, 1.0]),
    ):
        got = student.newton(gradient, hessian, start, steps)
        check_value(got, np.array(expected), what=PARAMETERS)


def logistic_problem(rng, N=7, D=3):
    X = rng.normal(size=(N, D))
    return 0.7 * rng.normal(size=D), X, (X[:, 0] + rng.normal(size=N) > 0).astype(float)


def logistic_loss(w, X, y, reg):
    scores = X @ w
    return np.mean(np.logaddexp(0, scores) - y * scores) + reg / 2 * np.sum(w * w)


def slopes(function, w, h):
    """Central differences of `function` along each parameter, one row for each."""
    return np.array([(function(w + e) - function(w - e)) / (2 * h) for e in h * np.eye(len(w))])


def right_gradient(w, X, y, reg):
    return slopes(lambda at: logistic_loss(at, X, y, reg), w, 1e-5)


def right_hessian(w, X, y, reg):
    return slopes(
        lambda at: slopes(lambda there: logistic_loss(there, X, y, reg), at, 1e-4), w, 1e-4
    )


def derivatives(student, w, X, y, reg):
    answer = student.logistic_derivatives(w, X, y, reg)
    first, second = parts_of(answer, 2, topic(BOTH))
    check_shape(first, w.shape, what=GRADIENT)
    check_shape(second, (len(w), len(w)), what=HESSIAN)
    return first, second


@pytest.mark.parametrize("reg", [0.0, 0.3], ids=["without penalty", "with penalty"])
@pytest.mark.points(1, question="second_order")
def test_logistic_gradient(student, rng, reg):
    """The gradient of logistic regression is X' (p - y) / N + reg w.

    fa: گرادیان رگرسیون لجستیک X' (p - y) / N + reg w است.
    hint: The loss is a mean: divide by N. The penalty reg / 2 * sum(w * w) adds reg * w.
    hint-fa: هزینه میانگین است: بر N تقسیم کنید. جریمهٔ reg / 2 * sum(w * w) مقدار reg * w را
        می‌افزاید.
    """
    w, X, y = logistic_problem(rng)
    gradient, _ = derivatives(student, w, X, y, reg)
    expected = right_gradient(w, X, y, reg)
    check_value(gradient, expected, what=GRADIENT, atol=1e-6, sizes={"N": 7, "D": 3})


@pytest.mark.parametrize("reg", [0.0, 0.3], ids=["without penalty", "with penalty"])
@pytest.mark.points(1, question="second_order")
def test_logistic_hessian(student, rng, reg):
    """The Hessian of logistic regression weighs each example by p (1 - p), and adds reg.

    fa: ماتریس هسی رگرسیون لجستیک هر نمونه را با p (1 - p) وزن می‌دهد و reg را می‌افزاید.
    hint: It is the slope of the gradient: X' diag(p (1 - p)) X / N + reg I.
    hint-fa: این شیبِ گرادیان است: X' diag(p (1 - p)) X / N + reg I.
    """
    w, X, y = logistic_problem(rng)
    _, hessian = derivatives(student, w, X, y, reg)
    expected = right_hessian(w, X, y, reg)
    check_value(hessian, expected, what=HESSIAN, atol=1e-6, sizes={"N": 7, "D": 3})


@pytest.mark.points(
    1,
    question="second_order",
    visibility="hidden",
    requires=["test_newton_step_by_hand", "test_logistic_gradient", "test_logistic_hessian"],
)
def test_newton_solves_logistic_regression(student, rng):
    """Six Newton steps with your derivatives bring the gradient of logistic regression to 0.

    fa: شش گام نیوتن با مشتق‌های شما گرادیان رگرسیون لجستیک را به 0 می‌رساند.
    """
    w, X, y = logistic_problem(rng, N=30)
    for _ in range(6):
        gradient, hessian = (np.asarray(each) for each in derivatives(student, w, X, y, 0.1))
        w = student.newton_step(w, gradient, hessian)
        check_shape(w, (3,), what=PARAMETERS)
        check_finite(w, what=PARAMETERS)
        w = np.asarray(w)
    check_value(right_gradient(w, X, y, 0.1), np.zeros(3), what=GRADIENT, atol=1e-5)


@pytest.mark.points(2, question="second_order")
def test_bfgs_update_by_hand(student, rng):
    """From H = I, with s = (1, 0) and y = (2, 1), the new estimate is [[0.75, -0.5], [-0.5, 1]].

    fa: از H = I با s = (1, 0) و y = (2, 1) برآورد تازه [[0.75, -0.5], [-0.5, 1]] است.
    hint: Check that the new H times y is s, and that it is symmetric.
    hint-fa: وارسی کنید که H تازه ضربدر y همان s باشد و متقارن باشد.
    """
    got = student.bfgs_update(np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 1.0]))
    check_value(got, np.array([[0.75, -0.5], [-0.5, 1.0]]), what=INVERSE)
    root = rng.normal(size=(4, 4))
    H, s = root @ root.T + np.eye(4), rng.normal(size=4)
    y = np.diag([1.0, 2.0, 3.0, 5.0]) @ s
    check_value(student.bfgs_update(H, s, y), inverse_hessian_update(H, s, y), what=INVERSE)


@pytest.mark.points(
    1, question="second_order", visibility="hidden", requires=["test_bfgs_update_by_hand"]
)
@FEW
@given(case=bfgs_fits_the_last_step.cases())
def test_bfgs_keeps_its_laws(student, case):
    """The new estimate fits the last step, is symmetric, and stays where it fitted already.

    fa: برآورد تازه با گام آخر جور است، متقارن است و اگر از پیش جور بوده همان می‌ماند.
    """
    bfgs_fits_the_last_step(student.bfgs_update, *case)
    bfgs_keeps_the_inverse_hessian_symmetric(student.bfgs_update, *case)
    bfgs_learns_nothing_from_a_fitting_step(student.bfgs_update, *case)


@pytest.mark.points(
    1, question="second_order", visibility="hidden", requires=["test_bfgs_update_by_hand"]
)
@settings(max_examples=5)
@given(seed=st.integers(0, 10_000), D=st.integers(2, 5))
def test_bfgs_learns_the_inverse_hessian(student, seed, D):
    """On a bowl of D parameters D steps with exact line searches make H the inverse Hessian.

    fa: در کاسه‌ای با D پارامتر، D گام با جست‌وجوی خطی دقیق، H را به وارون هسی می‌رساند.
    """
    rng = np.random.default_rng(seed)
    hessian = np.diag(np.arange(1.0, D + 1)) + 0.1 * np.ones((D, D))
    x, H = rng.normal(size=D), np.eye(D)
    for _ in range(D):
        gradient = hessian @ x
        if np.abs(gradient).max() < 1e-6:
            return  # at the bottom already: no step is left to learn from
        direction = -H @ gradient
        s = -(gradient @ direction) / (direction @ hessian @ direction) * direction
        H = student.bfgs_update(H, s, hessian @ s)
        check_shape(H, (D, D), what=INVERSE)
        H, x = np.asarray(H), x + s
    check_value(H, np.linalg.inv(hessian), what=INVERSE, atol=1e-4)
