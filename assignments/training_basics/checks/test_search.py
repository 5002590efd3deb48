"""Checks of random search, narrowing and early stopping (slides s.200-208)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import Call, check_equal, check_shape, check_value
from autograder.checks.properties import (
    the_best_epoch_is_the_best_up_to_the_stop,
    training_stops_when_patience_is_used_up,
    training_that_improves_is_not_stopped,
)
from autograder.checks.properties.own import own, own_parts, within

VALUES = {"en": "the sampled values", "fa": "مقدارهای نمونه"}
SHARE = {
    "en": "the share of the values from 10^{low} to 10^{high}",
    "fa": "سهم مقدارهای بین 10^{low} و 10^{high}",
}
RANGE = ({"en": "the low end", "fa": "سر پایین"}, {"en": "the high end", "fa": "سر بالا"})
BEST = {"en": "the best epoch", "fa": "بهترین دور"}
STOP = {"en": "the epoch of the stop", "fa": "دور توقف"}

# The coarse search of the slides: learning rate and validation accuracy of its printed runs, but
# for one that has the accuracy of another.
COARSE = {
    1.405206e-04: 0.412,
    7.231888e-06: 0.214,
    2.119571e-06: 0.208,
    1.551131e-05: 0.196,
    4.215128e-05: 0.223,
    1.750259e-04: 0.441,
    6.749231e-05: 0.241,
    4.296863e-04: 0.482,
    5.401602e-06: 0.079,
    1.618508e-06: 0.154,
}


def sampled(student, low, high, count, seed):
    values = student.log_uniform(low, high, count, seed)
    check_shape(values, (count,), what=VALUES)
    return own(values, (count,), what=VALUES)


@pytest.mark.points(1, question="search")
def test_sampled_values_lie_in_the_range(student):
    """The values lie between 10^-6 and 10^-3; the same seed gives the same values.

    fa: مقدارها بین 10^-6 و 10^-3 قرار دارند؛ بذر یکسان مقدارهای یکسان می‌دهد.
    hint: Draw the exponent and raise 10 to it.
    hint-fa: نما را بکشید و 10 را به توان آن برسانید.
    """
    for low, high in ((-6, -3), (-5, 5)):
        values = sampled(student, low, high, 50, 7)
        within(values, 10.0**low, 10.0**high, what=VALUES)
        check_value(student.log_uniform(low, high, 50, 7), values, what=VALUES)
        if np.array_equal(sampled(student, low, high, 50, 8), values):
            check_equal("the same values", "other values for another seed", what=VALUES)


@pytest.mark.points(3, question="search", requires=["test_sampled_values_lie_in_the_range"])
def test_every_power_of_ten_is_sampled_alike(student):
    """Every power of ten gets its share: a third of the values lies between 10^-6 and 10^-5.

    fa: هر توان ده سهم خود را می‌گیرد: یک‌سوم مقدارها بین 10^-6 و 10^-5 است.
    hint: Uniform in the exponent: 10 ** U(low, high). Drawn evenly, nine of ten would be large.
    hint-fa: یکنواخت در نما: 10 ** U(low, high). با کشیدن یکنواخت، نه‌دهم مقدارها بزرگ می‌شوند.
    """
    values = sampled(student, -6, -3, 600, 11)
    within(values, 1e-6, 1e-3, what=VALUES)
    exponents = np.log10(values)
    for low in (-6, -5, -4):
        share = np.asarray(((exponents >= low) & (exponents < low + 1)).mean())
        # 5 standard errors of 600 draws with chance 1/3 are 0.096.
        what = {lang: said.format(low=low, high=low + 1) for lang, said in SHARE.items()}
        within(share, 1 / 3 - 0.1, 1 / 3 + 0.1, what=what)


@pytest.mark.points(2, question="search")
def test_narrowed_range_of_the_slides(student):
    """The three best runs of the coarse search narrow the learning rate to 1.4e-4 .. 4.3e-4.

    fa: سه اجرای بهترِ جست‌وجوی درشت، نرخ یادگیری را به 1.4e-4 تا 4.3e-4 محدود می‌کند.
    hint: The most accurate runs, not the largest learning rates, and not the first ones.
    hint-fa: دقیق‌ترین اجراها، نه بزرگ‌ترین نرخ‌ها و نه نخستین‌ها.
    """
    accuracies, rates = list(COARSE.values()), list(COARSE)
    expected = (1.405206e-04, 4.296863e-04)
    # Learning rates are tiny: the tolerance has to be relative.
    got = student.narrowed_range(accuracies, rates, 3)
    low, high = own_parts(got, RANGE)
    check_value(low, expected[0], what=RANGE[0], atol=1e-9)
    check_value(high, expected[1], what=RANGE[1], atol=1e-9)
    low, high = own_parts(student.narrowed_range([0.5, 0.7, 0.6], [30.0, 10.0, 20.0], 2), RANGE)
    check_value(low, 10.0, what=RANGE[0])
    check_value(high, 20.0, what=RANGE[1])


@pytest.mark.points(1, question="search")
def test_the_best_run_lies_at_the_edge(student):
    """The best run of the fine search, 9.47e-4, lies at the edge of 1e-4 .. 1e-3; 5.8e-4 does not.

    fa: بهترین اجرای جست‌وجوی ریز، 9.47e-4، در لبهٔ 1e-4 تا 1e-3 است؛ 5.8e-4 نیست.
    hint: The lowest and the highest tenth of the range are its edges.
    hint-fa: یک‌دهم پایین و یک‌دهم بالای بازه لبه‌های آن‌اند.
    """
    for value, expected in ((9.471549e-04, True), (5.808183e-04, False), (1.03e-4, True)):
        check_equal(student.at_edge(value, 1e-4, 1e-3), expected, what="the answer")


@pytest.mark.points(1, question="search", requires=["test_the_best_run_lies_at_the_edge"])
def test_the_edge_is_measured_by_the_logarithm(student):
    """From 1e-6 to 1 the middle is 1e-3, and 1.5e-4 is well inside 1e-4 .. 1e-3.

    fa: از 1e-6 تا 1 میانه 1e-3 است و 1.5e-4 کاملاً درون 1e-4 تا 1e-3 است.
    hint: Measure by the logarithm: where between log low and log high does log value lie?
    hint-fa: با لگاریتم بسنجید: log value کجای log low تا log high است؟
    """
    for arguments, expected in (
        ((1.5e-4, 1e-4, 1e-3), False),
        ((1.1e-4, 1e-4, 1e-3), True),
        ((1e-3, 1e-6, 1.0), False),
        ((3e-6, 1e-6, 1.0), True),
        ((0.5, 1e-6, 1.0), True),
        ((0.1, 1e-6, 1.0), False),
    ):
        check_equal(student.at_edge(*arguments), expected, what="the answer")


STOPPED = [1.0, 0.8, 0.85, 0.6, 0.62, 0.64, 0.5, 0.51, 0.7, 0.8, 0.9, 0.4]


@pytest.mark.parametrize(
    ("patience", "best", "stop"), [(3, 6, 9), (2, 3, 5), (1, 1, 2), (6, 11, 11)]
)
@pytest.mark.points(0.5, question="search")
def test_early_stopping(student, patience, best, stop):
    """Training stops after `patience` bad epochs in a row, and the best epoch is kept.

    fa: آموزش پس از `patience` دور بد پشت سر هم متوقف می‌شود و بهترین دور نگه داشته می‌شود.
    hint: One bad epoch is noise. The count starts again with every new best loss.
    hint-fa: یک دور بد نوفه است. شمارش با هر هزینهٔ بهترِ تازه از نو آغاز می‌شود.
    """
    check_value(student.early_stopping(STOPPED, patience), (best, stop), what=(BEST, STOP))


@pytest.mark.points(1, question="search", requires=["test_early_stopping"])
def test_early_stopping_with_a_min_delta(student):
    """An improvement of less than `min_delta` is none.

    fa: بهبودی کمتر از `min_delta` بهبود نیست.
    hint: Compare with the best loss minus min_delta, not with the loss of the epoch before.
    hint-fa: با بهترین هزینه منهای min_delta مقایسه کنید، نه با هزینهٔ دور پیش.
    """
    losses = [1.0, 0.99, 0.98, 0.9, 0.895, 0.89, 0.5]
    answers = student.calls(
        [Call("early_stopping", (losses, 2), {"min_delta": d}) for d in (0.0, 0.05, 0.015)]
    )
    for got, expected in zip(answers, ((6, 6), (0, 2), (3, 5)), strict=True):
        check_value(got, expected, what=(BEST, STOP))


@pytest.mark.points(1, question="search", visibility="hidden", requires=["test_early_stopping"])
@settings(max_examples=10)
@given(case=the_best_epoch_is_the_best_up_to_the_stop.cases())
def test_early_stopping_of_any_losses(student, case):
    """The stop comes when the patience is used up, and no earlier.

    fa: توقف وقتی است که صبر تمام شود و نه زودتر.
    """

    def stopping(losses, patience):
        return own_parts(student.early_stopping(losses, patience), (BEST, STOP))[::-1]

    the_best_epoch_is_the_best_up_to_the_stop(stopping, *case)
    training_stops_when_patience_is_used_up(stopping, *case)
    training_that_improves_is_not_stopped(stopping, *case)
