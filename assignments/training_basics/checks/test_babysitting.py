"""Checks of what is watched before and during a training (slides s.190-209)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_equal, check_value
from autograder.checks.properties import (
    update_ratio_grows_with_the_update,
    update_ratio_of_a_share_is_the_share,
)

ANSWER = "the answer"
LOSS = "the loss"
RATIO = {"en": "the ratio", "fa": "نسبت"}
VERDICT = {"en": "the verdict", "fa": "داوری"}

# Printed on the slides: the 20 examples of s.193, and the runs of s.195-199.
OVERFITTED = [2.302603, 2.302258, 2.301849, 2.301196, 2.300044, 2.297864, 2.293595, 2.285096]
OVERFITTED += [2.268094, 2.234787, 2.173187, 2.076862, 1.974090, 1.895885, 1.820876, 1.737430]
OVERFITTED += [1.642356, 1.535239, 0.002694, 0.002597]
SLOW = [2.302576, 2.302582, 2.302558, 2.302519, 2.302517, 2.302518, 2.302466, 2.302452]
SLOW += [2.302459, 2.302420]
TOO_FAST = [2.186654, 2.176230, 1.942257, 1.827868, math.inf, math.inf]
BROKEN = [math.nan, math.nan, math.nan]


@pytest.mark.points(2, question="babysitting")
def test_first_loss(student):
    """With ten classes the first loss is 2.3026 for the softmax and 9 for the SVM.

    fa: با ده کلاس، نخستین هزینه برای سافتمکس 2.3026 و برای SVM برابر 9 است.
    hint: Equal scores: -ln(1/C), and C - 1 margins of 1 each.
    hint-fa: امتیازهای برابر: -ln(1/C)، و C - 1 حاشیه که هر یک 1 است.
    """
    for classes in (10, 3, 1000):
        check_value(student.first_loss("softmax", classes), math.log(classes), what=LOSS)
        check_value(student.first_loss("svm", classes), classes - 1.0, what=LOSS)


@pytest.mark.points(2, question="babysitting")
def test_update_ratio(student, rng):
    """An update of norm .0002 on weights of norm .02 has the ratio .01, ten times too much.

    fa: به‌روزرسانی با نُرم .0002 روی وزن‌هایی با نُرم .02 نسبت .01 دارد، ده برابر زیادتر از حد.
    hint: Norms, not means: positive and negative numbers cancel. The update is learning_rate * dW.
    hint-fa: نُرم، نه میانگین: مثبت و منفی خنثی می‌شوند. به‌روزرسانی learning_rate * dW است.
    """
    W, dW = np.array([[0.012, 0.016]]), np.array([[0.012, -0.016]])
    check_value(student.update_ratio(W, dW, 1e-2), 0.01, what=RATIO)
    for shape in ((5, 4), (2, 3, 3, 3), (6,)):
        W, dW = rng.normal(size=shape), rng.normal(size=shape)
        expected = 0.3 * math.sqrt((dW**2).sum() / (W**2).sum())
        check_value(student.update_ratio(W, dW, 0.3), expected, what=RATIO)


@pytest.mark.points(
    0.5, question="babysitting", visibility="hidden", requires=["test_update_ratio"]
)
@settings(max_examples=8)
@given(case=update_ratio_grows_with_the_update.cases())
def test_update_ratio_of_any_weights(student, case):
    """Twice the update has twice the ratio; a thousandth of each weight has 0.001.

    fa: دو برابر به‌روزرسانی دو برابر نسبت دارد؛ یک‌هزارم هر وزن نسبت 0.001 دارد.
    """

    def ratio(W, update):
        return student.update_ratio(W, update / 0.5, 0.5)

    update_ratio_grows_with_the_update(ratio, *case)
    update_ratio_of_a_share_is_the_share(ratio, *case)


@pytest.mark.points(2, question="babysitting")
def test_diverged_on_the_slides_runs(student):
    """Of the slides' runs those with the learning rates 3e-3 and 1e6 diverge.

    fa: از اجراهای اسلایدها، آن‌هایی که نرخ یادگیری 3e-3 و 1e6 دارند واگرا می‌شوند.
    hint: NaN compares as False with everything: ask np.isnan, or np.isfinite for inf as well.
    hint-fa: NaN در هر مقایسه‌ای False می‌دهد: np.isnan را بپرسید، یا np.isfinite برای inf هم.
    """
    # One answer for all earns nothing: a constant would be right half of the time.
    for losses, expected in (
        (OVERFITTED, False),
        (TOO_FAST, True),
        (BROKEN, True),
        (SLOW, False),
    ):
        check_equal(student.diverged(losses), expected, what=ANSWER)


@pytest.mark.points(
    1,
    question="babysitting",
    visibility="hidden",
    requires=["test_diverged_on_the_slides_runs"],
)
def test_diverged_means_three_times_the_first_loss(student):
    """Three times the first loss is the limit, wherever in the training it is passed.

    fa: حد، سه برابر نخستین هزینه است، هر جای آموزش که از آن گذشته شود.
    hint: Look at all the losses, and compare each with the first.
    hint-fa: به همهٔ هزینه‌ها نگاه کنید و هر یک را با نخستین بسنجید.
    """
    for losses, expected in (
        ([2.0, 6.5, 1.0], True),
        ([2.0, 5.9, 1.0], False),
        ([2.0, 1.0, 3.5], False),
        ([2.0, math.nan, 1.0], True),
        ([0.5], False),
    ):
        check_equal(student.diverged(losses), expected, what=ANSWER)


RISING = [min(1.0, 0.1 * epoch) for epoch in range(1, len(OVERFITTED) + 1)]


@pytest.mark.points(2, question="babysitting")
def test_can_overfit(student):
    """Twenty examples are learned by heart: accuracy 1 and a loss of .0026 after 200 epochs.

    fa: بیست نمونه از بر شده‌اند: دقت 1 و هزینهٔ .0026 پس از ۲۰۰ دور.
    hint: Both must hold in the last epoch; the accuracy alone says nothing about the loss.
    hint-fa: هر دو باید در آخرین دور برقرار باشند؛ دقت به تنهایی چیزی از هزینه نمی‌گوید.
    """
    for losses, accuracies, expected in (
        (OVERFITTED, RISING, True),
        (OVERFITTED[:18], RISING[:18], False),
        (OVERFITTED, [*RISING[:-1], 0.95], False),
        ([2.3, 0.01, 0.4], [0.1, 1.0, 1.0], False),
        ([2.3, math.nan], [0.1, 1.0], False),
    ):
        check_equal(student.can_overfit(losses, accuracies), expected, what=ANSWER)


@pytest.mark.points(0.5, question="babysitting", requires=["test_can_overfit"])
def test_can_overfit_with_another_limit(student):
    """`largest_loss` is the limit that the last loss may reach.

    fa: `largest_loss` حدی است که آخرین هزینه می‌تواند به آن برسد.
    """
    losses, accuracies = [2.3, 0.25], [0.1, 1.0]
    check_equal(student.can_overfit(losses, accuracies, 0.5), True, what=ANSWER)
    check_equal(student.can_overfit(losses, accuracies, 0.25), True, what=ANSWER)
    check_equal(student.can_overfit(losses, accuracies, 0.2), False, what=ANSWER)


@pytest.mark.points(1.5, question="babysitting")
def test_judge_the_slides_learning_rates(student):
    """1e-6 is too low for the slides' network, 3e-3 and 1e6 are too high.

    fa: برای شبکهٔ اسلایدها 1e-6 خیلی کم و 3e-3 و 1e6 خیلی زیادند.
    hint: First ask whether it diverged; then compare the last loss with 0.99 times the first.
    hint-fa: نخست بپرسید که آیا واگرا شده؛ سپس آخرین هزینه را با 0.99 برابر نخستین بسنجید.
    """
    for losses, expected in (
        (OVERFITTED, "good"),
        (SLOW, "too low"),
        (TOO_FAST, "too high"),
        (BROKEN, "too high"),
    ):
        check_equal(student.judge_learning_rate(losses), expected, what=VERDICT)


@pytest.mark.points(
    0.5,
    question="babysitting",
    visibility="after_due_date",
    requires=["test_judge_the_slides_learning_rates"],
)
def test_judge_at_the_limits(student):
    """A fall of less than 1 % is too low; a peak above 3 times the first loss is too high.

    fa: کاهش کمتر از 1 % خیلی کم است؛ قلهٔ بالای 3 برابر نخستین هزینه خیلی زیاد.
    """
    for losses, expected in (
        ([2.0, 1.0, 6.5, 1.9], "too high"),
        ([2.0, 1.985], "too low"),
        ([2.0, 1.97], "good"),
        ([2.0, 2.5, 3.0], "too low"),
    ):
        check_equal(student.judge_learning_rate(losses), expected, what=VERDICT)
