import pytest

DTYPES = ("float64",)


def in_steps(schedule):
    return (lambda initial, t: schedule(initial, t, every=4),)


def stepped(schedule):
    def run(initial, t, every, factor):
        return schedule(initial, t, every=every, factor=factor)

    return (run,)


def at_rate(schedule):
    return (lambda initial, t: schedule(initial, t, k=0.25),)


def with_k(schedule):
    return (lambda initial, t, k: schedule(initial, t, k=k),)


def cosine(schedule):
    def run(initial, t, total, final):
        return schedule(initial, t, total=total, final=final)

    return (run,)


def one_step_ahead(initial, t, *, k):
    return initial / (1 + k * (t + 1))


def rate_taken_off(initial, t, *, k):
    return max(initial - 0.001 * k * t, 0.0)


TABLE = {
    "a_schedule_never_rises": ("exponential_decay", at_rate, "grows"),
    "a_schedule_starts_at_the_initial_rate": ("inverse_time_decay", at_rate, one_step_ahead),
    "a_schedule_scales_with_the_initial_rate": ("inverse_time_decay", at_rate, rate_taken_off),
    "step_decay_is_level_within_a_period": ("step_decay", stepped, "not_floored", "every_step"),
    "step_decay_falls_by_its_factor": ("step_decay", stepped, "every_step", "linear"),
    "exponential_decay_multiplies_over_time": ("exponential_decay", with_k, "grows", "k_as_base"),
    "inverse_time_decay_grows_linearly_upside_down": (
        "inverse_time_decay",
        with_k,
        "k_missing",
        "compounded",
    ),
    "cosine_decay_ends_at_the_final_rate": (
        "cosine_decay",
        cosine,
        "final_ignored",
        "half_missing",
    ),
    "cosine_decay_is_symmetric": ("cosine_decay", cosine, "half_missing"),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
