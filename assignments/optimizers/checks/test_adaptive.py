"""Checks of AdaGrad, RMSProp and Adam (slides s.231-237)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_finite, check_shape, check_value
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    adagrad_steps_shrink_with_the_root,
    adam_steps_stay_the_same_under_a_constant_gradient,
    adaptive_steps_ignore_the_scale,
    rmsprop_settles_at_the_learning_rate,
)
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference import optim

BOTH = {"en": "the parameters and the state", "fa": "پارامترها و حالت"}
PARAMETERS = {"en": "the parameters", "fa": "پارامترها"}
STEPS = {"en": "the steps", "fa": "گام‌ها"}
PATH = {"en": "the parameters after each step", "fa": "پارامترها پس از هر گام"}
FEW = settings(max_examples=8)
START = np.array([1.0, -2.0, 3.0, 0.5])
SIZES = np.array([10.0, -30.0, 200.0, 70.0])  # so large that no usual eps shows
RULES = ["adagrad", "rmsprop", "adam"]


def path(student, name, gradients, rate, **options):
    """The parameters at the start and after every step."""
    visited, state = [START], None
    for dx in gradients:
        answer = student.call(name, visited[-1], dx, state, rate, **options)
        x, state = parts_of(answer, 2, topic(BOTH))
        check_shape(x, START.shape, what=PARAMETERS)
        check_finite(x, what=PARAMETERS)
        visited.append(np.asarray(x))
    return np.array(visited)


def right_path(name, gradients, rate, **options):
    visited, state = [START], None
    for dx in gradients:
        x, state = getattr(optim, name)(visited[-1], dx, state, learning_rate=rate, **options)
        visited.append(x)
    return np.array(visited)


def steps(student, name, count, rate, **options):
    """The steps under a constant gradient, of very different sizes; along -sign(gradient)."""
    moved = np.diff(path(student, name, [SIZES] * count, rate, **options), axis=0)
    return -moved * np.sign(SIZES)


def bound(student, name):
    def update(x, dx, state, rate):
        return student.call(name, x, dx, state, rate)

    return update


@pytest.mark.points(4, question="adaptive")
def test_adagrad_steps_by_hand(student):
    """Under a constant gradient of any size the n-th step of AdaGrad is the rate over sqrt(n).

    fa: با گرادیان ثابت به هر بزرگی، گام n-ام AdaGrad برابر نرخ تقسیم بر sqrt(n) است.
    hint: The cache is the sum of all squared gradients, this one included; divide by its root.
    hint-fa: کش جمع مربع همهٔ گرادیان‌ها تا همین گام است؛ بر جذر آن تقسیم کنید.
    """
    expected = np.repeat(0.1 / np.sqrt([[1.0], [2.0], [3.0]]), 4, axis=1)
    check_value(steps(student, "adagrad", 3, 0.1), expected, what=STEPS, atol=1e-6)


@pytest.mark.points(
    2, question="adaptive", visibility="hidden", requires=["test_adagrad_steps_by_hand"]
)
@FEW
@given(case=adagrad_steps_shrink_with_the_root.cases())
def test_adagrad_steps_shrink(student, case):
    """The steps of AdaGrad shrink like 1 / sqrt(n), whatever the gradient's scale.

    fa: گام‌های AdaGrad مانند 1 / sqrt(n) کوچک می‌شوند، مقیاس گرادیان هر چه باشد.
    """
    adagrad_steps_shrink_with_the_root(bound(student, "adagrad"), *case)
    adaptive_steps_ignore_the_scale(bound(student, "adagrad"), *case)


@pytest.mark.points(4, question="adaptive")
def test_rmsprop_steps_by_hand(student):
    """With decay 0.9 RMSProp's first steps are 3.1623, 2.2942 and 1.9210 times the rate.

    fa: با ضریب 0.9 گام‌های نخست RMSProp برابر 3.1623، 2.2942 و 1.9210 نرخ‌اند.
    hint: cache = decay_rate * cache + (1 - decay_rate) * dx^2: a tenth of dx^2 after one step.
    hint-fa: رابطهٔ کش cache = decay_rate * cache + (1 - decay_rate) * dx^2 است؛ پس از یک گام یک‌دهم
        dx^2 است.
    """
    factors = 1 / np.sqrt(1 - 0.9 ** np.arange(1.0, 4.0))
    expected = np.repeat(0.1 * factors[:, None], 4, axis=1)
    check_value(steps(student, "rmsprop", 3, 0.1, decay_rate=0.9), expected, what=STEPS, atol=1e-6)
    gradients = SIZES * np.array([[1.0], [0.3], [-2.0], [0.5]])
    got = path(student, "rmsprop", gradients, 0.05, decay_rate=0.7)
    check_value(got, right_path("rmsprop", gradients, 0.05, decay_rate=0.7), what=PATH, atol=1e-6)


@pytest.mark.points(
    2, question="adaptive", visibility="hidden", requires=["test_rmsprop_steps_by_hand"]
)
@settings(max_examples=3)
@given(case=rmsprop_settles_at_the_learning_rate.cases())
def test_rmsprop_forgets(student, case):
    """RMSProp forgets: after 60 equal gradients its step is the learning rate, and stays it.

    fa: قاعدهٔ RMSProp فراموش می‌کند: پس از ۶۰ گرادیان یکسان، گام آن همان نرخ یادگیری است و می‌ماند.
    """
    rmsprop_settles_at_the_learning_rate(bound(student, "rmsprop"), *case)


@pytest.mark.points(3, question="adaptive")
def test_adam_first_steps(student):
    """With the correction Adam's steps under a constant gradient are all equal to the rate.

    fa: با تصحیح اریبی، گام‌های Adam با گرادیان ثابت همگی برابر نرخ یادگیری‌اند.
    hint: Count t in the state; it is 1 in the first step, so that 1 - beta1^t is not 0.
    hint-fa: شمارندهٔ t را در حالت نگه دارید؛ در گام نخست 1 است تا 1 - beta1^t صفر نشود.
    """
    check_value(steps(student, "adam", 4, 0.1), np.full((4, 4), 0.1), what=STEPS, atol=1e-6)


@pytest.mark.points(3, question="adaptive")
def test_adam_without_the_correction(student):
    """Without the correction Adam's first step is 3.1623 times the rate (0.1 / sqrt(0.001)).

    fa: بدون تصحیح اریبی گام نخست Adam برابر 3.1623 نرخ است (0.1 / sqrt(0.001)).
    hint: With bias_correction=False m and v are used as they are.
    hint-fa: با bias_correction=False خود m و v به کار می‌روند.
    """
    t = np.arange(1.0, 4.0)
    expected = 0.1 * (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    got = steps(student, "adam", 3, 0.1, bias_correction=False)
    check_value(got, np.repeat(expected[:, None], 4, axis=1), what=STEPS, atol=1e-6)


@pytest.mark.points(4, question="adaptive")
def test_adam_along_changing_gradients(student, rng):
    """Adam follows the formulas when the gradients change, with and without the correction.

    fa: قاعدهٔ Adam با گرادیان‌های متغیر نیز مطابق رابطه‌هاست، با تصحیح و بی تصحیح.
    hint: Keep m, v and t for the next step, not the corrected mb and vb.
    hint-fa: برای گام بعد m، v و t را نگه دارید، نه mb و vb تصحیح‌شده را.
    """
    gradients = SIZES * rng.uniform(0.2, 2.0, (5, 4)) * np.array([[1], [1], [-1], [1], [-1]])
    for options in (
        {},
        {"beta1": 0.7, "beta2": 0.95},
        {"beta1": 0.7, "beta2": 0.95, "bias_correction": False},
    ):
        got = path(student, "adam", gradients, 0.1, **options)
        check_value(got, right_path("adam", gradients, 0.1, **options), what=PATH, atol=1e-6)


@pytest.mark.points(2, question="adaptive", visibility="hidden", requires=["test_adam_first_steps"])
@FEW
@given(case=adam_steps_stay_the_same_under_a_constant_gradient.cases())
def test_adam_steps_stay_the_same(student, case):
    """Whatever the gradient's scale, Adam's steps under a constant gradient are the rate.

    fa: مقیاس گرادیان هر چه باشد، گام‌های Adam با گرادیان ثابت برابر نرخ یادگیری‌اند.
    """
    adam_steps_stay_the_same_under_a_constant_gradient(bound(student, "adam"), *case)
    adaptive_steps_ignore_the_scale(bound(student, "adam"), *case)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.points(1, question="adaptive")
def test_eps_stands_outside_the_root(student, name):
    """It is divided by sqrt(cache) + eps: eps is added to the root, not under it.

    fa: مخرج sqrt(cache) + eps است: eps به جذر افزوده می‌شود، نه زیر آن.
    hint: Write np.sqrt(cache) + eps, not np.sqrt(cache + eps).
    hint-fa: بنویسید np.sqrt(cache) + eps، نه np.sqrt(cache + eps).
    """
    gradients = np.array([[1e-3, -1.0, 0.02, 3.0], [2e-3, -0.5, 0.01, 1.0]])
    got = path(student, name, gradients, 0.1, eps=0.01)
    check_value(got, right_path(name, gradients, 0.1, eps=0.01), what=PATH)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.points(1, question="adaptive")
def test_adaptive_rules_leave_x_and_dx_alone(student, name):
    """The rule steps rightly, and leaves x and dx as they were.

    fa: قاعده گام درست را برمی‌دارد و x و dx را دست نمی‌زند.
    """
    for count in (1, 2):
        got = path(student, name, [SIZES] * count, 0.1)
        check_value(got, right_path(name, [SIZES] * count, 0.1), what=PATH, atol=1e-6)
        call = student.last_call
        touched = [each for each in call.changed if each != call.parameter(2)]
        if touched:
            raise CheckFailure(
                FailureDetails(
                    {
                        "en": f"`{name}` changes {touched[0]} in place: the caller still needs it.",
                        "fa": f"تابع `{name}` مقدار {touched[0]} را درجا تغییر می‌دهد؛ "
                        "فراخواننده هنوز به آن نیاز دارد.",
                    }
                )
            )
