"""Checks of the learning-rate schedules (slides s.238 and s.239)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_against_reference, check_value
from autograder.checks.calls import Call
from autograder.checks.properties import (
    a_schedule_never_rises,
    cosine_decay_ends_at_the_final_rate,
    cosine_decay_is_symmetric,
    exponential_decay_multiplies_over_time,
    inverse_time_decay_grows_linearly_upside_down,
    step_decay_falls_by_its_factor,
    step_decay_is_level_within_a_period,
)
from reference import schedules

RATES = {"en": "the learning rates", "fa": "نرخ‌های یادگیری"}
RATE = {"en": "the learning rate", "fa": "نرخ یادگیری"}
FEW = settings(max_examples=8)


def rates(student, name, initial, times, *options):
    return student.calls([Call(name, (initial, t, *options)) for t in times])


def agrees_with_the_reference(student, name, options, choices):
    """The rates of several initial rates and times are those of the formula."""

    def right(initial, t, *values):
        return getattr(schedules, name)(initial, t, **dict(zip(options, values, strict=True)))

    calls = [
        Call(name, (initial, t, *values))
        for values in choices
        for initial, t in ((0.1, 0), (0.3, 3), (1.0, 7), (0.02, 12), (0.5, 25))
    ]
    check_against_reference(student, calls, right, what=RATE)


@pytest.mark.points(4, question="schedules")
def test_step_decay_by_hand(student):
    """Halved every 3 epochs the rate 0.8 is 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2 in epochs 0 to 6.

    fa: نرخ 0.8 که هر ۳ دور نصف شود، در دورهای 0 تا 6 برابر 0.8، 0.8، 0.8، 0.4، 0.4، 0.4 و 0.2 است.
    hint: The number of halvings is the whole part of t / every.
    hint-fa: تعداد نصف شدن‌ها جزء صحیح t / every است.
    """
    got = rates(student, "step_decay", 0.8, range(7), 3)
    check_value(got, np.array([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2]), what=RATES)
    agrees_with_the_reference(student, "step_decay", ("every", "factor"), [(4, 0.1), (5, 0.9)])


@pytest.mark.points(3, question="schedules")
def test_exponential_decay_by_hand(student):
    """With k = 0.5 the rate 0.1 is 0.1, 0.0607, 0.0368 and 0.0223 at t = 0 to 3.

    fa: با k = 0.5 نرخ 0.1 در t = 0 تا 3 برابر 0.1، 0.0607، 0.0368 و 0.0223 است.
    hint: initial * e^(-k t): k and t are multiplied, and the exponent is negative.
    hint-fa: رابطه initial * e^(-k t) است: k در t ضرب می‌شود و نما منفی است.
    """
    got = rates(student, "exponential_decay", 0.1, range(4), 0.5)
    expected = np.array([0.1, 0.06065306597126335, 0.03678794411714423, 0.02231301601484298])
    check_value(got, expected, what=RATES)
    agrees_with_the_reference(student, "exponential_decay", ("k",), [(0.1,), (0.3,)])


@pytest.mark.points(3, question="schedules")
def test_inverse_time_decay_by_hand(student):
    """With k = 0.5 the rate 0.6 is 0.6, 0.4, 0.3 and 0.24 at t = 0 to 3.

    fa: با k = 0.5 نرخ 0.6 در t = 0 تا 3 برابر 0.6، 0.4، 0.3 و 0.24 است.
    hint: initial / (1 + k t): at t = 1/k the rate has halved.
    hint-fa: رابطه initial / (1 + k t) است: در t = 1/k نرخ نصف شده است.
    """
    got = rates(student, "inverse_time_decay", 0.6, range(4), 0.5)
    check_value(got, np.array([0.6, 0.4, 0.3, 0.24]), what=RATES)
    agrees_with_the_reference(student, "inverse_time_decay", ("k",), [(0.1,), (2.0,)])


@pytest.mark.points(3, question="schedules")
def test_cosine_decay_by_hand(student):
    """From 0.4 to 0 in the time 4: 0.4, 0.3414, 0.2, 0.0586, 0, and 0 from then on.

    fa: از 0.4 تا 0 در زمان 4: نرخ‌ها 0.4، 0.3414، 0.2، 0.0586، 0 و از آن پس 0 هستند.
    hint: Only what lies above `final` decays, and after `total` the rate does not rise again.
    hint-fa: فقط آنچه بالای `final` است کم می‌شود و پس از `total` نرخ دوباره بالا نمی‌رود.
    """
    got = rates(student, "cosine_decay", 0.4, [0, 1, 2, 3, 4, 6], 4)
    half = np.sqrt(0.5)
    expected = np.array([0.4, 0.2 * (1 + half), 0.2, 0.2 * (1 - half), 0.0, 0.0])
    check_value(got, expected, what=RATES, atol=1e-9)
    options = ("total", "final")
    agrees_with_the_reference(student, "cosine_decay", options, [(20, 0.01), (10, 0.02)])


PROPERTIES = {
    "step_decay": (step_decay_is_level_within_a_period, step_decay_falls_by_its_factor),
    "exponential_decay": (exponential_decay_multiplies_over_time,),
    "inverse_time_decay": (inverse_time_decay_grows_linearly_upside_down,),
    "cosine_decay": (cosine_decay_ends_at_the_final_rate, cosine_decay_is_symmetric),
}


@pytest.mark.points(
    0.5,
    question="schedules",
    visibility="hidden",
    requires=[
        "test_step_decay_by_hand",
        "test_exponential_decay_by_hand",
        "test_inverse_time_decay_by_hand",
        "test_cosine_decay_by_hand",
    ],
)
@FEW
@given(case=a_schedule_never_rises.cases())
def test_no_schedule_rises(student, case):
    """No schedule ever rises.

    fa: هیچ برنامه‌ای نرخ را بالا نمی‌برد.
    """
    for name, options in (
        ("step_decay", (5,)),
        ("exponential_decay", (0.1,)),
        ("inverse_time_decay", (0.1,)),
        ("cosine_decay", (30, 0.001)),
    ):

        def schedule(initial, t, name=name, options=options):
            return student.call(name, initial, t, *options)

        a_schedule_never_rises(schedule, *case)


@pytest.mark.points(
    0.5, question="schedules", visibility="hidden", requires=["test_no_schedule_rises"]
)
@FEW
@given(case=step_decay_falls_by_its_factor.cases())
def test_the_laws_of_the_schedules(student, case):
    """Each schedule keeps its law: level steps, equal factors, a straight line below 1, symmetry.

    fa: هر برنامه قانون خود را دارد: پله‌های هموار، ضریب‌های برابر، خط راست در وارون نرخ، تقارن.
    """
    for name, laws in PROPERTIES.items():

        def schedule(*arguments, name=name):
            return student.call(name, *arguments)

        for law in laws:
            law(schedule, *case)
