"""Checks of minimization along a ravine, and of the race of the rules (slides s.221, s.232)."""

import numpy as np
import pytest

from autograder.checks import check_shape, check_unchanged, check_value
from autograder.checks.answers import entries as entries_of
from autograder.checks.answers import numbers
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference import optim
from reference.schedules import exponential_decay

PATH = {"en": "the path", "fa": "مسیر"}
ENTRIES = {"en": "the entries", "fa": "شرکت‌کنندگان"}
SETTING = {"en": "the setting", "fa": "تنظیم"}
CURVES = np.array([1.0, 100.0])  # f = (a^2 + 100 b^2) / 2
RAVINE = "lambda x: np.array([1.0, 100.0]) * x"
START = np.array([10.0, 1.0])
OPTIONS = {
    "sgd": {},
    "momentum": {"mu": 0.5},
    "nesterov": {"mu": 0.5},
    "adagrad": {},
    "rmsprop": {"decay_rate": 0.8},
    "adam": {"beta1": 0.8, "beta2": 0.9},
}
GOALS = {
    "sgd": 5.0,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.01,
    "rmsprop": 1.0,
    "adam": 0.01,
}


def right_path(name, rates, **options):
    """The path of the reference; it ends early where it runs away."""
    visited, state = [START], None
    for rate in rates:
        if np.abs(visited[-1]).max() > 1e6:
            break
        gradient = CURVES * visited[-1]
        rule = getattr(optim, name)
        x, state = rule(visited[-1], gradient, state, learning_rate=rate, **options)
        visited.append(x)
    return np.array(visited)


@pytest.mark.parametrize("name", list(OPTIONS))
@pytest.mark.points(0.5, question="race")
def test_minimize_follows_the_rule(student, name):
    """The path begins at x and has the parameters after each step of the rule.

    fa: مسیر از x آغاز می‌شود و پارامترها پس از هر گام قاعده را دارد.
    hint: The gradient is computed at the current x, and each step gets the state of the one before.
    hint-fa: گرادیان در x کنونی حساب می‌شود و هر گام حالت گام پیش را می‌گیرد.
    """
    options = OPTIONS[name]
    got = student.minimize(student.define(RAVINE), START, name, 5, 0.015, **options)
    check_shape(got, (6, 2), what=PATH)
    check_value(got, right_path(name, [0.015] * 5, **options), what=PATH, atol=1e-6)


@pytest.mark.points(2, question="race")
def test_minimize_follows_the_schedule(student):
    """With a schedule step t = 0, 1, ... is made at the rate schedule(learning_rate, t).

    fa: با برنامه، گام t = 0, 1, ... با نرخ schedule(learning_rate, t) برداشته می‌شود.
    hint: t counts from 0, so the first step is made at the initial rate.
    hint-fa: شمارش t از 0 است؛ پس گام نخست با نرخ آغازین است.
    """
    gradient = student.define(RAVINE)
    schedule = student.define("lambda initial, t: initial * np.exp(-0.5 * t)")
    rates = [exponential_decay(0.018, t, k=0.5) for t in range(4)]
    got = student.minimize(gradient, START, "sgd", 4, 0.018, schedule=schedule)
    check_shape(got, (5, 2), what=PATH)
    check_value(got, right_path("sgd", rates), what=PATH)


@pytest.mark.points(1, question="race")
def test_minimize_leaves_its_start_alone(student):
    """`minimize` leaves the x that it is given as it was.

    fa: تابع `minimize` مقدار x داده‌شده را دست نمی‌زند.
    """
    got = student.minimize(student.define(RAVINE), START, "sgd", 3, 0.01)
    check_unchanged(student)
    check_value(got, right_path("sgd", [0.01] * 3), what=PATH)


def entry(student, name):
    """The entry of one rule: its learning rate and its options, as numbers."""
    all_entries = entries_of(student.race_entries(), [name], topic(ENTRIES))
    given = entries_of(all_entries[name], ["learning_rate"], topic(ENTRIES))
    options = {key: value for key, value in all_entries[name].items() if key != "learning_rate"}
    rate = number(given["learning_rate"])
    if not 0 < rate < np.inf:
        raise refused(f"learning_rate = {rate}", "0 < learning_rate")
    allowed = set(OPTIONS[name])
    for key, value in options.items():
        if key not in allowed:
            raise refused(str(key), ", ".join(sorted(allowed)) or "learning_rate")
        options[key] = number(value)
        if not 0 <= options[key] < 1:
            raise refused(f"{key} = {options[key]}", f"0 <= {key} < 1")
    return rate, options


def number(value):
    check_shape(value, (), what=SETTING)
    return float(numbers(value, topic(SETTING)))


def refused(got, expected):
    return CheckFailure(
        FailureDetails(
            {
                "en": "This entry is not accepted: an option is unknown or out of its range.",
                "fa": "این تنظیم پذیرفته نیست: گزینه‌ای ناشناخته یا بیرون از بازهٔ مجاز است.",
            },
            expected=expected,
            got=got,
        )
    )


@pytest.mark.parametrize("name", list(GOALS))
@pytest.mark.points(1, question="race", visibility="hidden")
def test_the_ravine_is_descended(student, name):
    """With your learning rate the rule is far enough down the ravine after 100 steps.

    fa: با نرخ یادگیری شما، قاعده پس از ۱۰۰ گام به اندازهٔ کافی به ته دره نزدیک است.
    hint: Too small a rate crawls along the flat direction; too large a one zigzags across the
        ravine and runs away: gradient descent does so from 2 / 100 on. Try rates on a grid of
        powers.
    hint-fa: نرخ خیلی کوچک در جهت هموار می‌خزد؛ نرخ خیلی بزرگ میان دو دیواره زیگزاگ می‌زند و دور
        می‌شود: گرادیان کاهشی از 2 / 100 به بعد. نرخ‌ها را روی شبکه‌ای از توان‌ها بیازمایید.
    """
    rate, options = entry(student, name)
    with np.errstate(over="ignore"):
        end = right_path(name, [rate] * 100, **options)[-1]
        reached = float(np.sum(CURVES * end**2) / 2)
    if reached > GOALS[name]:
        raise CheckFailure(
            FailureDetails(
                {
                    "en": f"With your entry `{name}` does not come far enough down the ravine.",
                    "fa": f"قاعدهٔ `{name}` با تنظیم شما به اندازهٔ کافی در دره پایین نمی‌رود.",
                },
                expected=f"(a^2 + 100 b^2) / 2 <= {GOALS[name]:g}",
                got=f"{reached:.4g}",
            )
        )
