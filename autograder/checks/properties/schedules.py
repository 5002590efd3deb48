"""Properties of learning-rate schedules (s.239): `schedule(initial, t)`."""

from __future__ import annotations

from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import own, within
from autograder.checks.properties.registry import Cases, Function, course_property

__all__ = [
    "a_schedule_never_rises",
    "a_schedule_scales_with_the_initial_rate",
    "a_schedule_starts_at_the_initial_rate",
    "cosine_decay_ends_at_the_final_rate",
    "cosine_decay_is_symmetric",
    "exponential_decay_multiplies_over_time",
    "inverse_time_decay_grows_linearly_upside_down",
    "step_decay_falls_by_its_factor",
    "step_decay_is_level_within_a_period",
]

SCHEDULE = "schedule(initial, t) -> learning rate"
RATE = "the learning rate"


def _times() -> Cases:
    return st.tuples(st.sampled_from((1.0, 0.5, 0.01)), st.integers(0, 40))


@course_property(needs=f"any {SCHEDULE}", cases=_times, relates=False)
def a_schedule_starts_at_the_initial_rate(schedule: Function, initial: float, t: int) -> None:
    """At t = 0 the learning rate is the initial one."""
    check_value(schedule(initial, 0), initial, what=RATE)


@course_property(needs=f"any {SCHEDULE}", cases=_times)
def a_schedule_never_rises(schedule: Function, initial: float, t: int) -> None:
    """The learning rate never rises and never falls below 0."""
    before = own(schedule(initial, t), (), what=RATE)
    within(own(schedule(initial, t + 1), (), what=RATE), 0.0, before, what=RATE)


@course_property(needs=f"any {SCHEDULE}", cases=_times)
def a_schedule_scales_with_the_initial_rate(schedule: Function, initial: float, t: int) -> None:
    """Twice the initial rate gives twice the rate at any time."""
    before = own(schedule(initial, t), (), what=RATE)
    check_value(schedule(2 * initial, t), 2 * before, what=RATE)


STEP = "step(initial, t, every, factor) -> learning rate"


@course_property(needs=STEP, cases=_times)
def step_decay_is_level_within_a_period(step: Function, initial: float, t: int) -> None:
    """Within a period of step decay the rate stays the same."""
    every = 5
    first = t - t % every
    before = own(step(initial, first, every, 0.5), (), what=RATE)
    check_value(step(initial, t, every, 0.5), before, what=RATE)
    check_value(step(initial, first + every - 1, every, 0.5), before, what=RATE)


@course_property(needs=STEP, cases=_times)
def step_decay_falls_by_its_factor(step: Function, initial: float, t: int) -> None:
    """One period later the rate of step decay has fallen by its factor."""
    before = own(step(initial, t, 5, 0.25), (), what=RATE)
    check_value(step(initial, t + 5, 5, 0.25), 0.25 * before, what=RATE)


@course_property(needs="exponential(initial, t, k) -> learning rate", cases=_times)
def exponential_decay_multiplies_over_time(decay: Function, initial: float, t: int) -> None:
    """In equal times exponential decay falls by equal factors: `exp(-k)` in one step."""
    before = own(decay(initial, t, 0.125), (), what=RATE)
    check_value(decay(initial, t + 1, 0.125), 0.8824969025845955 * before, what=RATE)
    check_value(decay(initial, 2 * t, 0.125), before * before / initial, what=RATE)


@course_property(needs="inverse_time(initial, t, k) -> learning rate", cases=_times, relates=False)
def inverse_time_decay_grows_linearly_upside_down(decay: Function, initial: float, t: int) -> None:
    """1 over the rate of 1/t decay grows by `k / initial` in each step."""
    before = own(decay(initial, t, 0.25), (), what=RATE)
    after = own(decay(initial, t + 1, 0.25), (), what=RATE)
    within(before, 1e-9, what=RATE)
    check_value(1 / after - 1 / before, 0.25 / initial, what="1 over the learning rate", atol=1e-6)


COSINE = "cosine(initial, t, total, final) -> learning rate"


@course_property(needs=COSINE, cases=_times, relates=False)
def cosine_decay_ends_at_the_final_rate(cosine: Function, initial: float, t: int) -> None:
    """Cosine decay is at the final rate at the end, and half-way there at half of the time."""
    total, final = 2 * t + 2, initial / 8
    check_value(cosine(initial, total, total, final), final, what=RATE)
    check_value(cosine(initial, t + 1, total, final), (initial + final) / 2, what=RATE)


@course_property(needs=COSINE, cases=_times)
def cosine_decay_is_symmetric(cosine: Function, initial: float, t: int) -> None:
    """What cosine decay has lost at a time is left to lose as long before the end."""
    total = t + 10
    early = own(cosine(initial, t, total, 0.0), (), what=RATE)
    check_value(cosine(initial, total - t, total, 0.0), initial - early, what=RATE)
