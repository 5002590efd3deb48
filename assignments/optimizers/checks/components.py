"""The wrong versions known of each rule, schedule and method, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

import numpy as np
from optimizer_versions import LOGISTIC, MINIMIZE, as_student_rule

from autograder.components import Component, wrong_version, wrong_versions
from reference import optim
from reference.misconceptions import COMPONENTS as KNOWN
from reference.optim import newton_step

# --- update rules -------------------------------------------------------------------------------


def along(name, gradients, rate, **options):
    """A walk with a rule, as a session: each answer, and whether x or dx was changed."""

    def session(student, rng):
        x, state = rng.normal(size=4), None
        touched = False
        for dx in gradients(rng):
            x, state = student.call(name, x, dx, state, rate, **options)
            call = student.last_call
            touched = touched or any(each != call.parameter(2) for each in call.changed)
            yield x
        yield touched

    return session


def plain(rng):
    return [rng.normal(size=4) for _ in range(4)]


def large(rng):
    """So large that no usual eps shows."""
    return [10 ** rng.uniform(0, 2, 4) * rng.choice([-1, 1], 4) for _ in range(4)]


def uneven(rng):
    """Some so small that the place of eps shows."""
    return [np.array([1.0, 1e-3, 3.0, 10.0]) * rng.uniform(0.5, 2, 4) for _ in range(4)]


def changing_rates(student, rng):
    x, state = rng.normal(size=4), None
    for rate in (0.4, 0.1, 0.1):
        x, state = student.momentum(x, rng.normal(size=4), state, rate, mu=0.5)
        yield x


@wrong_version(
    "momentum.rate_outside_the_velocity",
    "The learning rate is applied to the velocity, not to the gradient in it",
    "v = mu * v - learning_rate * dx: the velocity remembers the rates of its steps.",
    "نرخ یادگیری به جای گرادیان درون سرعت، در خود سرعت ضرب شده است",
    "v = mu * v - learning_rate * dx: سرعت نرخ گام‌هایش را به یاد دارد.",
)
def rate_outside(x, dx, state, learning_rate, mu=0.9):
    v = mu * (0 if state is None else state["v"]) + dx
    return x - learning_rate * v, {"v": v}


SGD = Component(
    "sgd",
    question="rules",
    right=as_student_rule(KNOWN["sgd"].right),
    wrong=wrong_versions(KNOWN["sgd"], as_student_rule),
    session=along("sgd", plain, 0.3),
)
MOMENTUM = Component(
    "momentum",
    question="rules",
    right=as_student_rule(KNOWN["momentum"].right),
    wrong=(*wrong_versions(KNOWN["momentum"], as_student_rule), rate_outside),
    session=(along("momentum", plain, 0.3, mu=0.7), changing_rates),
)


def state_changed(student, rng):
    """The same array under two names shows in the state that was handed in."""
    x, state = student.nesterov(rng.normal(size=4), rng.normal(size=4), None, 0.3, mu=0.7)
    x, state = student.nesterov(x, rng.normal(size=4), state, 0.3, mu=0.7)
    call = student.last_call
    yield x
    yield call.parameter(2) in call.changed


NESTEROV = Component(
    "nesterov",
    question="rules",
    right=as_student_rule(KNOWN["nesterov"].right),
    wrong=wrong_versions(KNOWN["nesterov"], as_student_rule),
    session=(along("nesterov", plain, 0.3, mu=0.7), state_changed),
)


def looking_ahead(student, rng):
    gradient, state = student.define("lambda x: np.array([1.0, 4.0, 0.5]) * x"), None
    x = rng.normal(size=3) + 2
    for _ in range(3):
        x, state = student.nesterov_lookahead(x, gradient, state, 0.1, mu=0.6)
        yield x


LOOKAHEAD = Component(
    "nesterov_lookahead",
    question="rules",
    right=as_student_rule(KNOWN["nesterov_lookahead"].right),
    wrong=wrong_versions(KNOWN["nesterov_lookahead"], as_student_rule),
    session=looking_ahead,
)
ADAGRAD = Component(
    "adagrad",
    question="adaptive",
    right=as_student_rule(KNOWN["adagrad"].right),
    wrong=wrong_versions(KNOWN["adagrad"], as_student_rule),
    session=(along("adagrad", large, 0.2), along("adagrad", uneven, 0.2, eps=1e-3)),
)
RMSPROP = Component(
    "rmsprop",
    question="adaptive",
    right=as_student_rule(KNOWN["rmsprop"].right),
    wrong=wrong_versions(KNOWN["rmsprop"], as_student_rule),
    session=(
        along("rmsprop", large, 0.2, decay_rate=0.7),
        along("rmsprop", uneven, 0.2, decay_rate=0.7, eps=1e-3),
    ),
)


@wrong_version(
    "adam.always_corrected",
    "`bias_correction` is not heeded: the moments are always corrected",
    "With bias_correction=False m and v are used as they are.",
    "به `bias_correction` توجه نشده است: گشتاورها همیشه تصحیح می‌شوند",
    "با bias_correction=False خود m و v به کار می‌روند.",
)
def always_corrected(x, dx, state, learning_rate, bias_correction=True, **options):
    return as_student_rule(optim.adam)(x, dx, state, learning_rate, **options)


ADAM = Component(
    "adam",
    question="adaptive",
    right=as_student_rule(KNOWN["adam"].right),
    wrong=(*wrong_versions(KNOWN["adam"], as_student_rule), always_corrected),
    session=(
        along("adam", large, 0.2, beta1=0.7, beta2=0.95),
        along("adam", uneven, 0.2, beta1=0.7, beta2=0.95, eps=1e-3),
        along("adam", large, 0.2, beta1=0.7, beta2=0.95, bias_correction=False),
    ),
)

# --- schedules ----------------------------------------------------------------------------------


def schedule(name, parameters, *choices):
    """A schedule with its parameters in the order of the student's signature."""

    def as_student(function):
        def rate(initial, t, *values):
            return function(initial, t, **dict(zip(parameters, values, strict=False)))

        return rate

    def probe(rng):
        initial = float(rng.uniform(0.1, 1))
        return [(initial, t, *values) for values in choices for t in (0, 2, 3, 7, 13)]

    return Component(
        name,
        question="schedules",
        right=as_student(KNOWN[name].right),
        wrong=wrong_versions(KNOWN[name], as_student),
        probe=probe,
    )


SCHEDULES = (
    schedule("step_decay", ("every", "factor"), (4, 0.4)),
    schedule("exponential_decay", ("k",), (0.3,)),
    schedule("inverse_time_decay", ("k",), (0.3,)),
    schedule("cosine_decay", ("total", "final"), (10, 0.05)),
)

# --- second order -------------------------------------------------------------------------------


def positive(rng, size):
    root = rng.normal(size=(size, size))
    return root @ root.T + np.eye(size)


def newton_steps(rng):
    return [(rng.normal(size=3), rng.normal(size=3), positive(rng, 3))]


NEWTON_STEP = Component(
    "newton_step",
    question="second_order",
    right=newton_step,
    wrong=wrong_versions(KNOWN["newton_step"]),
    probe=newton_steps,
)


def repeated(newton_step):
    """`newton` on this step."""

    def newton(gradient, hessian, x, steps):
        for _ in range(steps):
            x = newton_step(x, gradient(x), hessian(x))
        return x

    return newton


def counted(method):
    """A method of the catalogue, which stops at a small gradient, with a number of steps."""

    def newton(gradient, hessian, x, steps):
        return method(gradient, hessian, x, max_iterations=steps)

    return newton


def in_a_valley(student, rng):
    # f = sum e^x + x' x / 2 has a Hessian that changes.
    gradient = student.define("lambda x: np.exp(x) + x")
    hessian = student.define("lambda x: np.diag(np.exp(x) + 1)")
    for steps in (1, 3):
        yield student.newton(gradient, hessian, rng.uniform(1, 3, 3), steps)


NEWTON = Component(
    "newton",
    question="second_order",
    right=repeated(newton_step),
    wrong=wrong_versions(KNOWN["newton"], counted),
    session=in_a_valley,
    builds_on=("newton_step",),
    built=repeated,
)


def secants(rng):
    s = rng.normal(size=4)
    return [(positive(rng, 4), s, positive(rng, 4) @ s)]


def as_student_update(update):
    def bfgs_update(H, s, y):
        return update(H, s, y)

    return bfgs_update


BFGS = Component(
    "bfgs_update",
    question="second_order",
    right=KNOWN["inverse_hessian_update"].right,
    wrong=wrong_versions(KNOWN["inverse_hessian_update"], as_student_update),
    probe=secants,
)

COMPONENTS = [
    SGD,
    MOMENTUM,
    NESTEROV,
    LOOKAHEAD,
    ADAGRAD,
    RMSPROP,
    ADAM,
    *SCHEDULES,
    NEWTON_STEP,
    NEWTON,
    LOGISTIC,
    BFGS,
    MINIMIZE,
]
