"""Checks of gradient descent, momentum and both forms of Nesterov's (slides s.87, s.219-230)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_shape, check_value
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    momentum_gathers_speed,
    momentum_without_memory_is_sgd,
    nesterov_first_step_looks_ahead,
    sgd_steps_add_up,
)
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference import optim

BOTH = {"en": "the parameters and the state", "fa": "پارامترها و حالت"}
PARAMETERS = {"en": "the parameters", "fa": "پارامترها"}
PATH = {"en": "the parameters after each step", "fa": "پارامترها پس از هر گام"}
FEW = settings(max_examples=8)
START = np.array([1.0, 2.0, 3.0])
SLOPE = np.array([1.0, -2.0, 0.5])


def step(student, name, x, dx, state, rate, **options):
    """The new parameters and state of one update."""
    x_new, state = parts_of(student.call(name, x, dx, state, rate, **options), 2, topic(BOTH))
    check_shape(x_new, x.shape, what=PARAMETERS)
    return np.asarray(x_new), state


def path(student, name, x, gradients, rates, **options):
    """The parameters after every step; each gradient may be a function of the parameters."""
    visited, state = [], None
    for dx, rate in zip(gradients, np.broadcast_to(rates, len(gradients)), strict=True):
        x, state = step(student, name, x, dx, state, float(rate), **options)
        visited.append(x)
    return np.array(visited)


def bound(student, name, **options):
    """The student's rule as a property wants it."""

    def update(x, dx, state, rate):
        return student.call(name, x, dx, state, rate, **options)

    return update


def check_arguments_kept(student, name, rng):
    """x and dx stay as they are; the state is the student's own."""
    x, dx = rng.normal(size=4), rng.normal(size=4)
    state = None
    for _ in range(2):
        right = getattr(optim, name)(x, dx, learning_rate=0.1)[0] if state is None else None
        x_new, state = step(student, name, x, dx, state, 0.1)
        if right is not None:
            check_value(x_new, right, what=PARAMETERS)
        call = student.last_call
        touched = [each for each in call.changed if each != call.parameter(2)]
        if touched:
            raise CheckFailure(
                FailureDetails(
                    {
                        "en": f"`{name}` changes {touched[0]} in place: the caller still needs it.",
                        "fa": f"تابع `{name}` مقدار {touched[0]} را درجا تغییر می‌دهد؛ "
                        "فراخواننده هنوز به آن نیاز دارد.",
                    },
                    hint={
                        "en": "`x += v` writes into the array that was given; `x = x + v` makes a "
                        "new one.",
                        "fa": "دستور `x += v` در همان آرایهٔ داده‌شده می‌نویسد؛ "
                        "`x = x + v` آرایه‌ای تازه می‌سازد.",
                    },
                )
            )


@pytest.mark.points(2, question="rules")
def test_sgd_step(student):
    """At x = (1, 2, 3), dx = (1, -2, 0.5), rate 0.1 gradient descent goes to (0.9, 2.2, 2.95).

    fa: در x = (1, 2, 3) با dx = (1, -2, 0.5) و نرخ 0.1 گرادیان کاهشی به (0.9, 2.2, 2.95) می‌رود.
    hint: The gradient points uphill; go against it: x - learning_rate * dx.
    hint-fa: گرادیان رو به بالاست؛ خلاف آن بروید: x - learning_rate * dx.
    """
    x, _ = step(student, "sgd", START, SLOPE, None, 0.1)
    check_value(x, np.array([0.9, 2.2, 2.95]), what=PARAMETERS)


@pytest.mark.points(2, question="rules", visibility="hidden", requires=["test_sgd_step"])
@FEW
@given(case=sgd_steps_add_up.cases())
def test_sgd_steps_add_up(student, case):
    """All steps of gradient descent together are the rate times the sum of the gradients.

    fa: همهٔ گام‌های گرادیان کاهشی روی هم، نرخ یادگیری ضربدر جمع گرادیان‌هاست.
    """
    sgd_steps_add_up(bound(student, "sgd"), *case)


@pytest.mark.points(4, question="rules")
def test_momentum_by_hand(student):
    """Under a constant gradient and with mu = 0.5 the steps are 1, 1.5 and 1.75 times the first.

    fa: با گرادیان ثابت و mu = 0.5 گام‌های تکانه 1، 1.5 و 1.75 برابر گام نخست‌اند.
    hint: v = mu * v - learning_rate * dx, then x + v; hand v on to the next step in the state.
    hint-fa: نخست v = mu * v - learning_rate * dx، سپس x + v؛ v را در حالت به گام بعد بدهید.
    """
    expected = START - 0.1 * np.cumsum([1.0, 1.5, 1.75])[:, None] * SLOPE
    got = path(student, "momentum", START, [SLOPE] * 3, 0.1, mu=0.5)
    check_value(got, expected, what=PATH)


@pytest.mark.points(3, question="rules", visibility="hidden", requires=["test_momentum_by_hand"])
@FEW
@given(case=momentum_gathers_speed.cases())
def test_momentum_gathers_speed(student, case):
    """Momentum gathers speed under any constant gradient, and with mu = 0 it is gradient descent.

    fa: تکانه با هر گرادیان ثابتی سرعت می‌گیرد و با mu = 0 همان گرادیان کاهشی است.
    """

    def make(mu):
        return bound(student, "momentum", mu=mu)

    momentum_gathers_speed(make, *case)
    momentum_without_memory_is_sgd(make, *case)


@pytest.mark.points(2, question="rules", requires=["test_momentum_by_hand"])
def test_momentum_remembers_the_rates(student):
    """When the learning rate changes, the velocity still holds the steps made at the old rate.

    fa: وقتی نرخ یادگیری عوض می‌شود، سرعت هنوز گام‌های نرخ پیشین را در خود دارد.
    hint: The rate belongs to the gradient inside v: v = mu * v - learning_rate * dx.
    hint-fa: نرخ، ضریب گرادیان درون v است: v = mu * v - learning_rate * dx.
    """
    got = path(student, "momentum", START, [SLOPE] * 3, [0.4, 0.1, 0.1], mu=0.5)
    expected = START - np.cumsum([0.4, 0.3, 0.25])[:, None] * SLOPE
    check_value(got, expected, what=PATH)


@pytest.mark.points(4, question="rules")
def test_nesterov_by_hand(student):
    """With mu = 0.5, rate 0.1 and the gradient 1 Nesterov's rule goes 1, 0.85, 0.675, 0.4875.

    fa: با mu = 0.5، نرخ 0.1 و گرادیان 1 قاعدهٔ نستروف از 1 به 0.85، 0.675 و 0.4875 می‌رود.
    hint: Keep the velocity before the update as v_prev, in an array of its own:
        x - mu * v_prev + (1 + mu) * v.
    hint-fa: سرعت پیش از به‌روزرسانی را با نام v_prev در آرایه‌ای جدا نگه دارید:
        x - mu * v_prev + (1 + mu) * v.
    """
    got = path(student, "nesterov", START, [SLOPE] * 3, 0.1, mu=0.5)
    expected = START + np.array([-0.15, -0.325, -0.5125])[:, None] * SLOPE
    check_value(got, expected, what=PATH)
    changing = np.array([[1.0, -1.0, 2.0], [0.5, 3.0, -1.0], [-2.0, 1.0, 0.25]])
    got = path(student, "nesterov", START, changing, 0.1, mu=0.9)
    check_value(got, right_path(optim.nesterov, changing, mu=0.9), what=PATH)


def right_path(rule, gradients, **options):
    x, state, visited = START, None, []
    for dx in gradients:
        x, state = rule(x, dx, state, learning_rate=0.1, **options)
        visited.append(x)
    return np.array(visited)


@pytest.mark.points(
    2,
    question="rules",
    visibility="hidden",
    requires=["test_momentum_by_hand", "test_nesterov_by_hand"],
)
@FEW
@given(case=nesterov_first_step_looks_ahead.cases())
def test_nesterov_first_step_looks_ahead(student, case):
    """Nesterov's first step is 1 + mu times that of momentum.

    fa: گام نخست نستروف 1 + mu برابر گام نخست تکانه است.
    """

    def nesterov(mu):
        return bound(student, "nesterov", mu=mu)

    def momentum(mu):
        return bound(student, "momentum", mu=mu)

    nesterov_first_step_looks_ahead(nesterov, momentum, *case)


BOWL = np.array([1.0, 4.0, 0.5])


def lookahead_path(student, x, count, rate, mu):
    gradient, state, visited = student.define("lambda x: np.array([1.0, 4.0, 0.5]) * x"), None, []
    for _ in range(count):
        x, state = step(student, "nesterov_lookahead", x, gradient, state, rate, mu=mu)
        visited.append(x)
    return np.array(visited)


@pytest.mark.points(3, question="rules")
def test_lookahead_by_hand(student):
    """Nesterov's rule as it is drawn takes the gradient where the velocity leads.

    fa: قاعدهٔ نستروف به شکلی که رسم می‌شود، گرادیان را در جایی می‌گیرد که سرعت به آن می‌برد.
    hint: The gradient is taken at x + mu * v with the velocity of before; the step starts at x.
    hint-fa: گرادیان در x + mu * v با سرعت پیشین گرفته می‌شود؛ گام از خود x آغاز می‌شود.
    """
    expected = np.array([[0.9, 1.2, 2.85], [0.765, 0.48, 2.63625], [0.62775, 0.072, 2.40290625]])
    check_value(lookahead_path(student, START, 3, 0.1, 0.5), expected, what=PATH)


@pytest.mark.points(
    3,
    question="rules",
    visibility="hidden",
    requires=["test_nesterov_by_hand", "test_lookahead_by_hand"],
)
def test_both_forms_of_nesterov_are_one_path(student, rng):
    """The rewritten rule stands at theta + mu * v wherever the other one stands at theta.

    fa: قاعدهٔ بازنویسی‌شده همیشه در theta + mu * v است وقتی شکل دیگر در theta است.
    """
    x, mu = rng.normal(size=3), 0.8
    theta = np.vstack([x, lookahead_path(student, x, 5, 0.1, mu)])
    phi, state, visited = x, None, []
    for _ in range(5):
        phi, state = step(student, "nesterov", phi, BOWL * phi, state, 0.1, mu=mu)
        visited.append(phi)
    check_value(np.array(visited), theta[1:] + mu * np.diff(theta, axis=0), what=PATH)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
@pytest.mark.points(1, question="rules")
def test_rules_leave_x_and_dx_alone(student, rng, name):
    """The rule steps rightly, and leaves x and dx as they were.

    fa: قاعده گام درست را برمی‌دارد و x و dx را دست نمی‌زند.
    """
    check_arguments_kept(student, name, rng)
