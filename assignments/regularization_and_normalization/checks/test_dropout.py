"""Checks of dropout (slides s.246-255): p_keep is the probability to keep a value."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_unchanged, check_value
from autograder.checks.answers import parts
from autograder.checks.properties import (
    dropout_backward_uses_the_same_mask,
    dropout_draws_for_each_value,
    dropout_ignores_the_values,
    dropout_keeps_the_share_p,
    dropout_that_keeps_all_changes_nothing,
    inverted_dropout_at_test_time_changes_nothing,
    inverted_dropout_drops_or_divides,
    inverted_dropout_keeps_the_expectation,
    vanilla_dropout_at_test_time_multiplies_by_p,
    vanilla_dropout_drops_or_keeps,
)
from autograder.checks.properties.own import own, within
from autograder.checks.topic import topic

OUTPUT = {"en": "the output", "fa": "خروجی"}
BOTH = {"en": "the output and the cache", "fa": "خروجی و حافظه"}
MEAN = {"en": "the mean output of training", "fa": "میانگین خروجی در آموزش"}
CASES = vanilla_dropout_drops_or_keeps.cases()
KINDS = ("vanilla", "inverted")


def generator(student, seed):
    return student.define(f"np.random.default_rng({int(seed)})")


def training(student, kind):
    """The forward pass with a generator of that seed, without its cache."""

    def forward(x, p, seed):
        answer = student.call(f"dropout_forward_{kind}", x, p, generator(student, seed))
        return parts(answer, 2, topic(BOTH))[0]

    return forward


@pytest.mark.points(3, question="dropout")
@settings(max_examples=8)
@given(case=CASES)
def test_vanilla_dropout_in_training(student, case):
    """In training, vanilla dropout keeps the share p_keep of the values as they are.

    fa: در آموزش، دراپ‌اوت ساده سهم p_keep از مقدارها را بی‌تغییر نگه می‌دارد.
    hint: The mask is 1 where `rng.random(x.shape) < p_keep`, else 0; there is no scaling yet.
    hint-fa: ماسک جایی که `rng.random(x.shape) < p_keep` باشد 1 و جز آن 0 است؛ هنوز مقیاسی در کار
        نیست.
    """
    vanilla_dropout_drops_or_keeps(training(student, "vanilla"), *case)
    dropout_keeps_the_share_p(training(student, "vanilla"), *case)


@pytest.mark.points(2, question="dropout")
@settings(max_examples=8)
@given(case=CASES)
def test_vanilla_dropout_at_test_time(student, case):
    """At test time, vanilla dropout multiplies every value by p_keep.

    fa: در زمان آزمون، دراپ‌اوت ساده هر مقدار را در p_keep ضرب می‌کند.
    hint: In training a value was there only with the chance p_keep: its mean was p_keep times it.
    hint-fa: در آموزش هر مقدار تنها با احتمال p_keep بود: میانگینش p_keep برابر آن بود.
    """
    vanilla_dropout_at_test_time_multiplies_by_p(student.dropout_predict_vanilla, *case)


@pytest.mark.points(3, question="dropout")
@settings(max_examples=8)
@given(case=CASES)
def test_inverted_dropout_in_training(student, case):
    """In training, inverted dropout divides what it keeps, the share p_keep, by p_keep.

    fa: در آموزش، دراپ‌اوت معکوس (inverted) آنچه را نگه می‌دارد، یعنی سهم p_keep، بر p_keep تقسیم
        می‌کند.
    hint: Fewer values must weigh more: mask / p_keep.
    hint-fa: مقدارهای کمتر باید سنگین‌تر شوند: ماسک تقسیم بر p_keep.
    """
    inverted_dropout_drops_or_divides(training(student, "inverted"), *case)
    dropout_keeps_the_share_p(training(student, "inverted"), *case)


@pytest.mark.points(1, question="dropout")
@settings(max_examples=8)
@given(case=CASES)
def test_inverted_dropout_at_test_time(student, case):
    """At test time, inverted dropout changes nothing.

    fa: در زمان آزمون، دراپ‌اوت معکوس هیچ تغییری نمی‌دهد.
    """
    inverted_dropout_at_test_time_changes_nothing(student.dropout_predict_inverted, *case)


@pytest.mark.points(2, question="dropout")
@settings(max_examples=4)
@given(case=CASES)
def test_inverted_dropout_keeps_the_mean(student, case):
    """Averaged over many masks, inverted dropout gives its input, but for chance.

    fa: میانگین خروجی دراپ‌اوت معکوس روی ماسک‌های بسیار، جز به تصادف، همان ورودی است.
    """
    inverted_dropout_keeps_the_expectation(training(student, "inverted"), *case)


@pytest.mark.points(2, question="dropout")
def test_vanilla_test_time_is_the_mean_of_training(student):
    """a = w0 x + w1 y: the mean over the four masks at p_keep = 1/2 is a/2, as at test time.

    fa: برای a = w0 x + w1 y میانگین روی چهار ماسک در p_keep = 1/2 برابر a/2 است، چون زمان آزمون.
    hint: E[a] = 1/4 (0 + w1 y + w0 x + (w0 x + w1 y)) = 1/2 (w0 x + w1 y).
    hint-fa: میانگین چهار خروجی: E[a] = 1/4 (0 + w1 y + w0 x + (w0 x + w1 y)) = 1/2 (w0 x + w1 y).
    """
    w, inputs, neurons = np.array([2.0, -1.0]), np.array([3.0, -4.0]), 400
    x = np.tile(inputs, (neurons, 1))
    out = own(training(student, "vanilla")(x, 0.5, 7), x.shape, what=OUTPUT)
    tested = own(student.dropout_predict_vanilla(x, 0.5), x.shape, what=OUTPUT)
    check_value(tested @ w, np.full(neurons, 5.0), what=OUTPUT)
    # One neuron's output has the variance (6^2 + 4^2) / 4.
    error = 6 * np.sqrt(13 / neurons)
    within(np.asarray((out @ w).mean()), 5 - error, 5 + error, what=MEAN)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(1, question="dropout")
@settings(max_examples=4)
@given(case=CASES)
def test_every_value_has_its_own_chance(student, kind, case):
    """Neither rows nor columns share a mask.

    fa: نه سطرها ماسک مشترک دارند و نه ستون‌ها.
    hint: The mask has the shape of x.
    hint-fa: ماسک هم‌شکل x است.
    """
    dropout_draws_for_each_value(training(student, kind), *case)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(0.5, question="dropout", visibility="hidden")
@settings(max_examples=4)
@given(case=CASES)
def test_dropout_that_keeps_all(student, kind, case):
    """With p_keep = 1 nothing is dropped and nothing is scaled.

    fa: با p_keep = 1 نه چیزی حذف می‌شود و نه مقیاسی عوض می‌شود.
    """
    dropout_that_keeps_all_changes_nothing(training(student, kind), *case)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            kind,
            marks=pytest.mark.points(
                2, question="dropout", requires=[f"test_{kind}_dropout_in_training"]
            ),
        )
        for kind in KINDS
    ],
)
@settings(max_examples=6)
@given(case=CASES)
def test_dropout_backward(student, kind, case):
    """`dropout_backward` multiplies by what the forward pass multiplied by.

    fa: تابع `dropout_backward` در همان چیزی ضرب می‌کند که گذر پیش‌رو ضرب کرد.
    hint: Keep the mask in the cache, with its 1 / p_keep if it has one; draw no new one.
    hint-fa: ماسک را در حافظه نگه دارید، با 1 / p_keep اگر دارد؛ ماسک تازه نکشید.
    """

    def both(x, dout, p, seed):
        answer = student.call(f"dropout_forward_{kind}", x, p, generator(student, seed))
        out, cache = parts(answer, 2, topic(BOTH))
        return out, student.dropout_backward(dout, cache)

    dropout_backward_uses_the_same_mask(both, *case)


@pytest.mark.points(
    1,
    question="dropout",
    visibility="hidden",
    requires=["test_vanilla_dropout_in_training", "test_inverted_dropout_in_training"],
)
@settings(max_examples=4)
@given(case=CASES)
def test_one_seed_gives_one_mask(student, case):
    """The mask is drawn from `rng` alone: the same seed drops the same values.

    fa: ماسک تنها از `rng` کشیده می‌شود: بذر یکسان مقدارهای یکسانی را حذف می‌کند.
    hint: Draw with `rng.random(...)`, not with `np.random.rand(...)`.
    hint-fa: با `rng.random(...)` بکشید، نه با `np.random.rand(...)`.
    """
    for kind in KINDS:
        dropout_ignores_the_values(training(student, kind), *case)


@pytest.mark.points(
    1,
    question="dropout",
    requires=["test_vanilla_dropout_at_test_time", "test_inverted_dropout_in_training"],
)
def test_dropout_leaves_its_input_alone(student, rng):
    """Dropout changes its input nowhere, in training and at test time.

    fa: دراپ‌اوت نه در آموزش و نه در آزمون ورودی خود را تغییر نمی‌دهد.
    """
    x = rng.normal(size=(6, 5))
    for kind in KINDS:
        student.call(f"dropout_forward_{kind}", x, 0.6, generator(student, 1))
        check_unchanged(student)
        student.call(f"dropout_predict_{kind}", x, 0.6)
        check_unchanged(student)
