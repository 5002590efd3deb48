"""The wrong versions of what no catalogue has: `logistic_derivatives` and `minimize`."""

import numpy as np

from autograder.components import Component, wrong_version
from reference.misconceptions import COMPONENTS as KNOWN


def as_student_rule(rule):
    """A rule of the catalogue with the learning rate as its fourth argument."""

    def update(x, dx, state, learning_rate, **options):
        x_new, state = rule(x, dx, state, learning_rate=learning_rate, **options)
        return x_new, dict(state)

    return update


def logistic(w, X, y, reg, weight=lambda p: p * (1 - p), count=len, sign=1.0, penalty=True):
    """The derivatives of logistic regression, with places for the mistakes."""
    p = 1 / (1 + np.exp(-X @ w))
    gradient = X.T @ (sign * (p - y)) / count(X) + reg * w
    hessian = (X.T * weight(p)) @ X / count(X) + penalty * reg * np.eye(len(w))
    return gradient, hessian


def mistaken(**mistake):
    def logistic_derivatives(w, X, y, reg):
        return logistic(w, X, y, reg, **mistake)

    return logistic_derivatives


def no_penalty(w, X, y, reg):
    return logistic(w, X, y, 0.0)


def double_penalty(w, X, y, reg):
    return logistic(w, X, y, 2 * reg)


def examples(reg):
    def probe(rng):
        X = rng.normal(size=(6, 3))
        return [(rng.normal(size=3), X, rng.integers(0, 2, 6).astype(float), reg)]

    return probe


LOGISTIC = Component(
    "logistic_derivatives",
    question="second_order",
    right=mistaken(),
    wrong=(
        wrong_version(
            "logistic.slope_missing",
            "The Hessian lacks the factor p (1 - p)",
            "Each example counts with the slope of its p: X' diag(p (1 - p)) X / N.",
            "هسی ضریب p (1 - p) را ندارد",
            "هر نمونه با شیب p خود وزن می‌گیرد: X' diag(p (1 - p)) X / N.",
        )(mistaken(weight=np.ones_like)),
        wrong_version(
            "logistic.half_of_the_slope",
            "The Hessian weighs by p instead of p (1 - p)",
            "The slope of p is p (1 - p).",
            "هسی به جای p (1 - p) با p وزن داده شده است",
            "شیب p برابر p (1 - p) است.",
        )(mistaken(weight=lambda p: p)),
        wrong_version(
            "logistic.not_averaged",
            "The sum is not divided by N",
            "The loss is the mean over the examples: divide both by N.",
            "جمع بر N تقسیم نشده است",
            "هزینه میانگین نمونه‌هاست: هر دو را بر N تقسیم کنید.",
        )(mistaken(count=lambda X: 1)),
        wrong_version(
            "logistic.sign",
            "The gradient of the data has the wrong sign",
            "It is X' (p - y) / N, not y - p.",
            "علامت گرادیان داده‌ها وارونه است",
            "رابطه X' (p - y) / N است، نه y - p.",
        )(mistaken(sign=-1.0)),
        wrong_version(
            "logistic.penalty_not_in_hessian",
            "The penalty is missing from the Hessian",
            "The gradient reg * w has the slope reg: add reg * I.",
            "جریمه در هسی نیامده است",
            "شیبِ گرادیان reg * w برابر reg است: reg * I را بیفزایید.",
        )(mistaken(penalty=False)),
        wrong_version(
            "logistic.no_penalty",
            "The penalty is left out",
            "Add reg * w to the gradient and reg * I to the Hessian.",
            "جریمه به حساب نیامده است",
            "مقدار reg * w را به گرادیان و reg * I را به هسی بیفزایید.",
        )(no_penalty),
        wrong_version(
            "logistic.double_penalty",
            "The penalty counts twice",
            "The penalty is reg / 2 * sum(w * w): its gradient is reg * w, without a 2.",
            "جریمه دو برابر شده است",
            "جریمه reg / 2 * sum(w * w) است: گرادیان آن reg * w است، بدون 2.",
        )(double_penalty),
    ),
    probe=(examples(0.0), examples(0.4)),
)


RULES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
REFERENCE = {name: as_student_rule(KNOWN[name].right) for name in RULES}


def minimizer(rules=REFERENCE, *, keeps_state=True, first=0, heeds_schedule=True, **more):
    """`minimize` on these rules, with places for the mistakes."""

    def minimize(gradient, x, rule, steps, learning_rate, schedule=None, **options):
        path, state, start = [x], None, x
        options = options if more.get("options", True) else {}
        for t in range(steps):
            rate = learning_rate
            if schedule is not None and heeds_schedule:
                rate = schedule(rate, t + first)
            slope = gradient(start if more.get("stays") else x)
            x, state = rules[rule](x, slope, state if keeps_state else None, rate, **options)
            path.append(x)
        return np.array(more.get("keeps", lambda path: path)(path))

    return minimize


def compounded(gradient, x, rule, steps, learning_rate, schedule=None, **options):
    path, state, rate = [x], None, learning_rate
    for t in range(steps):
        rate = rate if schedule is None else schedule(rate, t)
        x, state = REFERENCE[rule](x, gradient(x), state, rate, **options)
        path.append(x)
    return np.array(path)


def in_place(gradient, x, rule, steps, learning_rate, schedule=None, **options):
    path = minimizer()(gradient, x.copy(), rule, steps, learning_rate, schedule, **options)
    x[...] = path[-1]
    return path


def one_array(gradient, x, rule, steps, learning_rate, schedule=None, **options):
    path = minimizer()(gradient, x, rule, steps, learning_rate, schedule, **options)
    return np.repeat(path[-1:], steps + 1, axis=0)


def down_the_ravine(student, rng):
    x, gradient = rng.normal(size=3) + 2, student.define("lambda x: np.array([1.0, 9.0, 30.0]) * x")
    for rule in RULES:
        yield student.minimize(gradient, x, rule, 4, 0.01)
        yield bool(student.last_call.changed)


def with_options(student, rng):
    x, gradient = rng.normal(size=3) + 2, student.define("lambda x: np.array([1.0, 9.0, 30.0]) * x")
    yield student.minimize(gradient, x, "momentum", 4, 0.01, mu=0.5)
    schedule = student.define("lambda initial, t: initial / (1 + 0.5 * t)")
    yield student.minimize(gradient, x, "sgd", 4, 0.01, schedule=schedule)


MINIMIZE = Component(
    "minimize",
    question="race",
    right=minimizer(),
    wrong=(
        wrong_version(
            "minimize.start_missing",
            "The path begins after the first step",
            "Put x itself first: steps + 1 points in all.",
            "مسیر از پس از گام نخست آغاز می‌شود",
            "نخست خود x را بگذارید: روی هم steps + 1 نقطه.",
        )(minimizer(keeps=lambda path: path[1:])),
        wrong_version(
            "minimize.one_step_short",
            "The last point is missing from the path",
            "After the last step, too, the point belongs to the path: steps + 1 points in all.",
            "نقطهٔ آخر در مسیر نیست",
            "نقطهٔ پس از گام آخر هم جزء مسیر است: روی هم steps + 1 نقطه.",
        )(minimizer(keeps=lambda path: path[:-1])),
        wrong_version(
            "minimize.last_point_alone",
            "Only the last point is returned",
            "Return all points, one row for each: note x in a list after every step.",
            "فقط نقطهٔ آخر برگردانده شده است",
            "همهٔ نقطه‌ها را برگردانید، هر کدام در یک سطر: پس از هر گام x را در فهرستی بنویسید.",
        )(minimizer(keeps=lambda path: path[-1])),
        wrong_version(
            "minimize.same_array_noted",
            "All points of the path are one and the same array",
            "An array that is changed in place changes in the list, too: note x.copy().",
            "همهٔ نقطه‌های مسیر یک آرایه‌اند",
            "آرایه‌ای که درجا تغییر کند در فهرست هم تغییر می‌کند: x.copy() را بنویسید.",
        )(one_array),
        wrong_version(
            "minimize.state_not_kept",
            "Each step begins with the state None",
            "Hand the state that a step returns on to the next one.",
            "هر گام با حالت None آغاز می‌شود",
            "حالتی را که هر گام برمی‌گرداند به گام بعد بدهید.",
        )(minimizer(keeps_state=False)),
        wrong_version(
            "minimize.gradient_of_the_start",
            "The gradient of the start is used in every step",
            "Compute it anew at the current x: gradient(x) inside the loop.",
            "گرادیان نقطهٔ آغاز در همهٔ گام‌ها به کار رفته است",
            "آن را در x کنونی از نو حساب کنید: gradient(x) درون حلقه.",
        )(minimizer(stays=True)),
        wrong_version(
            "minimize.start_changed",
            "The start is changed in place",
            "Work on a copy: x = x.copy().",
            "نقطهٔ آغاز درجا تغییر کرده است",
            "روی رونوشت کار کنید: x = x.copy().",
        )(in_place),
        wrong_version(
            "minimize.options_ignored",
            "The options are not handed on to the rule",
            "Call the rule with **options.",
            "گزینه‌ها به قاعده داده نشده‌اند",
            "قاعده را با **options صدا بزنید.",
        )(minimizer(options=False)),
        wrong_version(
            "minimize.schedule_ignored",
            "The schedule is not used",
            "The rate of step t is schedule(learning_rate, t).",
            "برنامهٔ نرخ به کار نرفته است",
            "نرخ گام t برابر schedule(learning_rate, t) است.",
        )(minimizer(heeds_schedule=False)),
        wrong_version(
            "minimize.time_from_one",
            "The schedule's t begins at 1",
            "t is the number of finished steps: 0 in the first step.",
            "t برنامه از 1 آغاز می‌شود",
            "t تعداد گام‌های پایان‌یافته است: در گام نخست 0.",
        )(minimizer(first=1)),
        wrong_version(
            "minimize.schedule_compounded",
            "The schedule is applied to the rate of the step before",
            "It takes the initial rate each time: schedule(learning_rate, t).",
            "برنامه روی نرخ گام پیش اعمال شده است",
            "هر بار نرخ آغازین را می‌گیرد: schedule(learning_rate, t).",
        )(compounded),
    ),
    session=(down_the_ravine, with_options),
    builds_on=RULES,
    built=lambda **rules: minimizer(rules),
)
