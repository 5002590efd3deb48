"""Checks of the penalties on weights (slide s.61) and of early stopping (s.207)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_loss_gradient, check_unchanged, check_value
from autograder.checks.answers import parts
from autograder.checks.properties import (
    elastic_net_is_l1_plus_beta_l2,
    l1_grows_with_the_weights,
    l2_grows_with_the_square,
    penalty_adds_over_the_weights,
    penalty_ignores_the_signs,
    penalty_is_proportional_to_its_strength,
    the_best_epoch_is_the_best_up_to_the_stop,
    training_stops_when_patience_is_used_up,
    training_that_improves_is_not_stopped,
)
from autograder.checks.topic import topic
from reference import regularization

BOTH = ({"en": "the penalty", "fa": "جریمه"}, {"en": "the gradient", "fa": "گرادیان"})
EPOCHS = {"en": "the epoch of the stop and the best epoch", "fa": "دور توقف و بهترین دور"}
EPOCHS_APART = (
    {"en": "the epoch of the stop", "fa": "دور توقف"},
    {"en": "the best epoch", "fa": "بهترین دور"},
)

W = np.array([[1.0, -2.0], [0.0, 3.0]])


@pytest.mark.points(1, question="penalties")
def test_l1_of_four_weights(student):
    """The L1 penalty of [[1, -2], [0, 3]] with reg = 0.5 is 3, its gradient 0.5 sign(W).

    fa: جریمهٔ L1 برای [[1, -2], [0, 3]] و reg = 0.5 برابر 3 است و گرادیانش 0.5 sign(W).
    hint: Sum `np.abs(W)`; each weight is pulled equally hard, by reg, towards 0.
    hint-fa: `np.abs(W)` را جمع بزنید؛ هر وزن با نیروی یکسان reg به سوی 0 کشیده می‌شود.
    """
    expected = 3.0, np.array([[0.5, -0.5], [0.0, 0.5]])
    check_value(student.l1_penalty(W, 0.5), expected, what=BOTH)


@pytest.mark.points(1, question="penalties")
def test_l2_of_four_weights(student):
    """The L2 penalty of [[1, -2], [0, 3]] with reg = 0.5 is 7, its gradient W.

    fa: جریمهٔ L2 برای [[1, -2], [0, 3]] و reg = 0.5 برابر 7 است و گرادیانش W.
    hint: There is no factor 1/2 here: reg * sum W^2, and its slope is 2 * reg * W.
    hint-fa: این‌جا ضریب 1/2 نیست: reg * sum W^2 و شیب آن 2 * reg * W.
    """
    check_value(student.l2_penalty(W, 0.5), (7.0, W), what=BOTH)


@pytest.mark.points(1, question="penalties")
def test_elastic_net_of_four_weights(student):
    """The elastic net of [[1, -2], [0, 3]] with reg = 0.5 and beta = 2 is 17.

    fa: شبکهٔ کشسان برای [[1, -2], [0, 3]] با reg = 0.5 و beta = 2 برابر 17 است.
    hint: beta weighs the squares, not the absolute values: 0.5 * (2 * 14 + 6).
    hint-fa: beta در مربع‌ها ضرب می‌شود، نه در قدر مطلق‌ها: 0.5 * (2 * 14 + 6).
    """
    expected = 17.0, np.array([[2.5, -4.5], [0.0, 6.5]])
    check_value(student.elastic_net_penalty(W, 0.5, 2.0), expected, what=BOTH)


def weights(rng):
    """No weight is near 0, where |w| has a kink."""
    return rng.uniform(0.2, 2, (4, 3)) * rng.choice((-1.0, 1.0), (4, 3))


@pytest.mark.parametrize("name", ["l1", "l2", "elastic_net"])
@pytest.mark.points(2, question="penalties")
def test_penalty_and_its_slope(student, rng, name):
    """Value and gradient belong together: the gradient is the slope of the value.

    fa: مقدار و گرادیان به هم می‌خورند: گرادیان شیب مقدار است.
    hint: Differentiate what you return as the value, with all its factors.
    hint-fa: از همان چیزی که به عنوان مقدار برمی‌گردانید با همهٔ ضریب‌هایش مشتق بگیرید.
    """
    extra = (0.7,) if name != "elastic_net" else (0.7, 2.5)

    def right(W, reg, *beta):
        keywords = {"beta": beta[0]} if beta else {}
        return getattr(regularization, name)(W, strength=reg, **keywords)

    check_loss_gradient(
        student, f"{name}_penalty", weights(rng), *extra, rng=rng, reference=right, what=BOTH[1]
    )
    check_unchanged(student)


@pytest.mark.points(
    2,
    question="penalties",
    visibility="hidden",
    requires=["test_l1_of_four_weights", "test_l2_of_four_weights"],
)
@settings(max_examples=10)
@given(case=penalty_ignores_the_signs.cases())
def test_laws_of_the_penalties(student, case):
    """Signs do not matter, parts add up, and both grow with reg and with the weights as they must.

    fa: علامت‌ها اهمیتی ندارند، بخش‌ها با هم جمع می‌شوند و هر دو با reg و وزن‌ها به اندازه رشد می‌کنند.
    """
    for penalty in (student.l1_penalty, student.l2_penalty):
        penalty_ignores_the_signs(penalty, *case)
        penalty_adds_over_the_weights(penalty, *case)
        penalty_is_proportional_to_its_strength(penalty, *case)
    l1_grows_with_the_weights(student.l1_penalty, *case)
    l2_grows_with_the_square(student.l2_penalty, *case)


@pytest.mark.points(1, question="penalties", requires=["test_elastic_net_of_four_weights"])
@settings(max_examples=10)
@given(case=elastic_net_is_l1_plus_beta_l2.cases())
def test_the_elastic_net_is_made_of_both(student, case):
    """The elastic net is the L1 penalty plus beta times the L2 penalty, its gradient too.

    fa: شبکهٔ کشسان برابر جریمهٔ L1 به علاوهٔ beta ضربدر جریمهٔ L2 است، گرادیانش هم.
    """

    def right(penalty):
        return lambda W, reg: penalty(W, strength=reg)

    elastic_net_is_l1_plus_beta_l2(
        student.elastic_net_penalty, right(regularization.l2), right(regularization.l1), *case
    )


@pytest.mark.points(2, question="penalties")
def test_early_stopping_on_a_curve(student):
    """A short rise does not stop training, `patience` bad epochs in a row do.

    fa: افزایش کوتاه آموزش را متوقف نمی‌کند، اما `patience` دور بد پشت سر هم می‌کند.
    hint: Count the epochs since the best one; start again at 0 with every new best.
    hint-fa: دورهای پس از بهترین دور را بشمارید؛ با هر بهترین تازه از 0 آغاز کنید.
    """
    losses = [1.0, 0.8, 0.9, 0.6, 0.7, 0.6, 0.65, 0.2]
    # The loss of epoch 5 equals the best: no improvement. Epoch 7 is never reached.
    for patience, expected in ((1, (2, 1)), (2, (5, 3)), (3, (6, 3)), (4, (7, 7))):
        answer = student.early_stopping(losses, patience)
        check_value(tuple(parts(answer, 2, topic(EPOCHS))), expected, what=EPOCHS_APART)


@pytest.mark.points(2, question="penalties", requires=["test_early_stopping_on_a_curve"])
@settings(max_examples=25)
@given(case=training_stops_when_patience_is_used_up.cases())
def test_early_stopping_on_any_curve(student, case):
    """Any losses: the stop comes `patience` epochs after the best one, or at the end.

    fa: برای هر هزینه‌ای: توقف `patience` دور پس از بهترین دور یا در پایان است.
    hint: The best epoch is sought among those up to the stop alone.
    hint-fa: بهترین دور تنها میان دورهای تا توقف جسته می‌شود.
    """
    training_stops_when_patience_is_used_up(student.early_stopping, *case)
    the_best_epoch_is_the_best_up_to_the_stop(student.early_stopping, *case)
    training_that_improves_is_not_stopped(student.early_stopping, *case)
