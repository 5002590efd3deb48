"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it, nor the modules beside it.
"""

import numpy as np
from training_basics_own import component, some, worded
from training_basics_preprocessing import PREPROCESSING
from training_basics_watching import WATCHING

from autograder.components import Component, wrong_version, wrong_versions
from reference.activations import OutputCache, SlopeCache, maxout_forward, relu
from reference.misconceptions import COMPONENTS as KNOWN

# --- activations --------------------------------------------------------------------------------


def plain(rng):
    return [(np.concatenate([2 * rng.normal(size=(4, 3)), [[-2.0, 0.2, 2.0]]]),)]


def edges(rng):
    return [(np.array([-1000.0, -800.0, 0.0, 800.0, 1000.0]),)]


def between(low):
    """Upstream gradients, and outputs between `low` and 1."""
    return lambda rng: [(rng.normal(size=(3, 4)), rng.uniform(low, 1, (3, 4)))]


def upstream(rng):
    return [(rng.normal(size=(4, 5)), rng.normal(size=(4, 5)))]


def with_numbers(*numbers):
    return lambda rng: [(2 * rng.normal(size=(4, 5)), number) for number in numbers]


def upstream_and(*numbers):
    return lambda rng: [
        (rng.normal(size=(4, 5)), 2 * rng.normal(size=(4, 5)), number) for number in numbers
    ]


def elu_slope(below):
    def elu_backward(dout, x, alpha=1.0):
        return dout * np.where(x > 0, 1.0, below(np.minimum(x, 0), alpha))

    return elu_backward


ELU_BACKWARD = Component(
    "elu_backward",
    question="activations",
    right=elu_slope(lambda x, alpha: alpha * np.exp(x)),
    wrong=(
        wrong_version(
            "elu_backward.alpha_ignored",
            "alpha is not used",
            "Below 0 the slope is alpha * e^x.",
            "alpha به کار نرفته است",
            "زیر 0 شیب alpha * e^x است.",
        )(elu_slope(lambda x, alpha: np.exp(x))),
        wrong_version(
            "elu_backward.value_for_slope",
            "Below 0 the value of ELU stands for its slope",
            "The derivative of alpha (e^x - 1) is alpha e^x.",
            "زیر 0 مقدار ELU به جای شیب آن آمده است",
            "مشتق alpha (e^x - 1) برابر alpha e^x است.",
        )(elu_slope(lambda x, alpha: alpha * np.expm1(x))),
        wrong_version(
            "elu_backward.blocked",
            "Negative inputs get no gradient",
            "That is ReLU; the slope of ELU below 0 is alpha e^x.",
            "ورودی‌های منفی گرادیان نگرفته‌اند",
            "این ReLU است؛ شیب ELU زیر 0 برابر alpha e^x است.",
        )(elu_slope(lambda x, alpha: 0.0)),
    ),
    probe=upstream_and(1.0, 0.5),
)

TANH = Component(
    "tanh",
    question="activations",
    right=np.tanh,
    wrong=(
        wrong_version(
            "tanh.overflows",
            "e^x overflows for large x",
            "inf / inf is NaN: use `np.tanh`, or e^(-2 |x|).",
            "e^x برای x بزرگ سرریز می‌کند",
            "inf / inf برابر NaN است: `np.tanh` یا e^(-2 |x|) را به کار ببرید.",
        )(lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))),
        wrong_version(
            "tanh.sigmoid",
            "The sigmoid is computed instead",
            "tanh(x) = 2 sigmoid(2 x) - 1 lies between -1 and 1.",
            "به جای آن سیگموید حساب شده است",
            "tanh(x) = 2 sigmoid(2 x) - 1 بین -1 و 1 است.",
        )(lambda x: 1 / (1 + np.exp(-x))),
    ),
    probe=(plain, edges),
)


def pieces(rng):
    return [(rng.normal(size=(4, 5)), rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 2)))]


def by_output(backward):
    return lambda dout, out: backward(dout, OutputCache(out))


def maxout_gradients(backward):
    return lambda dout, x, w, b: tuple(backward(dout, maxout_forward(x, w, b)[1]))


def slopes(x, slope):
    return SlopeCache(np.where(x > 0, 1.0, slope))


def of(name, known, adapt, probe):
    return component(name, "activations", known, adapt, probe)


ACTIVATIONS = [
    of("sigmoid", "sigmoid", lambda f: f, (plain, edges)),
    of("sigmoid_backward", "sigmoid_backward", by_output, between(0.05)),
    TANH,
    of("tanh_backward", "tanh_backward", by_output, between(-1)),
    of("relu", "relu_forward", lambda f: lambda x: f(x)[0], plain),
    of(
        "relu_backward",
        "relu_backward",
        lambda b: lambda dout, x: b(dout, OutputCache(relu(x))),
        upstream,
    ),
    of(
        "leaky_relu",
        "leaky_relu_forward",
        lambda f: lambda x, slope=0.01: f(x, slope=slope)[0],
        with_numbers(0.01, 0.1, 0.3),
    ),
    of(
        "leaky_relu_backward",
        "leaky_relu_backward",
        lambda b: lambda dout, x, slope=0.01: b(dout, slopes(x, slope)),
        upstream_and(0.01, 0.1, 0.3),
    ),
    of(
        "elu",
        "elu_forward",
        lambda f: lambda x, alpha=1.0: f(x, alpha=alpha)[0],
        with_numbers(1.0, 1.7),
    ),
    ELU_BACKWARD,
    of("maxout", "maxout_forward", lambda f: lambda x, w, b: f(x, w, b)[0], pieces),
    of(
        "maxout_backward",
        "maxout_backward",
        maxout_gradients,
        lambda rng: [(rng.normal(size=(4, 2)), *pieces(rng)[0])],
    ),
]


# --- initialization -----------------------------------------------------------------------------


def seeded(initialize):
    return lambda shape, seed: initialize(shape, np.random.default_rng(seed))


def seeded_small(initialize):
    return lambda shape, seed, std=0.01: initialize(shape, np.random.default_rng(seed), std=std)


def shapes(rng):
    return [((40, 10), 3), ((8, 3, 3, 5), 4)]


def statistics(observe, activate=None, start=()):
    def activation_statistics(x, weights, activation):
        seen = [x] if start else []
        for W in weights:
            before = x @ W
            by_name = np.tanh(before) if activation == "tanh" else np.maximum(before, 0)
            x = by_name if activate is None else activate(before)
            seen.append((before, x)[observe])
        return [float(h.mean()) for h in seen], [float(h.std()) for h in seen]

    return activation_statistics


def squared(x, weights, activation):
    means, stds = statistics(1)(x, weights, activation)
    return means, [std**2 for std in stds]


def networks(rng):
    weights = [rng.normal(size=shape) for shape in ((5, 6), (6, 4), (4, 4))]
    return [(rng.normal(size=(7, 5)), weights, name) for name in ("tanh", "relu")]


STATISTICS = Component(
    "activation_statistics",
    question="initialization",
    right=statistics(1),
    wrong=(
        wrong_version(
            "activation_statistics.before_the_activation",
            "The statistics are those before the activation",
            "Take the mean and the deviation of h = activation(h W).",
            "آماره‌ها مربوط به پیش از تابع فعال‌سازی‌اند",
            "میانگین و انحراف معیار h = activation(h W) را بگیرید.",
        )(statistics(0)),
        wrong_version(
            "activation_statistics.inputs_counted",
            "The inputs count as a layer",
            "The first entry belongs to h_1: as many numbers as there are matrices.",
            "ورودی‌ها هم لایه به حساب آمده‌اند",
            "نخستین عدد از آنِ h_1 است: به شمار ماتریس‌ها عدد لازم است.",
        )(statistics(1, start=("x",))),
        wrong_version(
            "activation_statistics.always_tanh",
            "Every layer has tanh, whatever is asked for",
            'Look at `activation`: "tanh" or "relu".',
            "همهٔ لایه‌ها tanh دارند، هر چه خواسته شود",
            'به `activation` نگاه کنید: "tanh" یا "relu".',
        )(statistics(1, activate=np.tanh)),
        wrong_version(
            "activation_statistics.variance_for_std",
            "The variance is returned for the standard deviation",
            "The standard deviation is its root: `np.std`.",
            "به جای انحراف معیار واریانس برگردانده شده است",
            "انحراف معیار جذر آن است: `np.std`.",
        )(squared),
    ),
    probe=networks,
    builds_on=("tanh", "relu"),
)


def initializer(name, known, adapt, builds_on=("fan_in",)):
    return component(name, "initialization", known, adapt, shapes, builds_on=builds_on)


INITIALIZATION = [
    component(
        "fan_in",
        "initialization",
        "fans",
        lambda fans: lambda shape: fans(tuple(shape)).fan_in,
        lambda rng: [((4, 6),), ((8, 3, 3, 5),)],
    ),
    initializer("small_weights", "small_random", seeded_small, ()),
    initializer("xavier_weights", "xavier_slides", seeded),
    initializer("he_weights", "he", seeded),
    STATISTICS,
]


# --- evaluation ---------------------------------------------------------------------------------


def predictions(rng):
    labels, wrong = rng.permutation(np.arange(30) % 3), rng.permutation(30) < 6
    return np.where(wrong, (labels + 1) % 3, labels), labels


def column(rng):
    predicted, labels = predictions(rng)
    return [(predicted, labels[:, None])]


def by_row(accuracy):
    return lambda predicted, labels: accuracy(np.ravel(predicted), np.ravel(labels))


def confusions(rng):
    confusion = rng.integers(1, 9, (3, 3)) + np.diag(rng.integers(10, 20, 3))
    return [(confusion * np.array([[3], [1], [1]]),)]


def as_split(split):
    def split_indices(examples, validation, test, seed):
        drawn = split(
            examples,
            validation=validation / examples,
            test=test / examples,
            rng=np.random.default_rng(seed),
        )
        return drawn.train, drawn.validation, drawn.test

    return split_indices


def as_k_fold(k_fold):
    def folds_of(examples, folds, seed):
        drawn = k_fold(examples, folds, rng=np.random.default_rng(seed))
        return [(fold.train, fold.validation) for fold in drawn]

    return folds_of


def common(first, second):
    return len(set(np.ravel(first)) & set(np.ravel(second)))


def in_order(indices):
    return bool(np.all(np.diff(indices) > 0) or np.all(np.diff(indices) < 0))


def one_split(student, rng):
    """What a split says whatever it drew: sizes, what is in two sets, whether it is shuffled."""
    train, validation, test = student.split_indices(40, 8, 12, 5)
    yield [len(train), len(validation), len(test)]
    yield [common(train, validation), common(train, test), common(validation, test)]
    yield in_order(train)


def some_folds(student, rng):
    pairs = student.k_fold(23, 4, 5)
    yield sorted(len(held) for _, held in pairs)
    yield sorted(len(train) for train, _ in pairs)
    yield [common(train, held) for train, held in pairs]
    yield all(in_order(held) for _, held in pairs)


EVALUATION = [
    Component(
        "accuracy",
        question="evaluation",
        right=by_row(KNOWN["accuracy"].right),
        wrong=(
            *some("accuracy", by_row, "error_rate", "count"),
            worded(
                "accuracy.column_broadcast",
                lambda predicted, labels: np.mean(np.asarray(predicted) == np.asarray(labels)),
            ),
        ),
        probe=(lambda rng: [predictions(rng)], column),
    ),
    component(
        "confusion_matrix",
        "evaluation",
        "confusion_matrix",
        lambda f: lambda predicted, labels, classes: f(predicted, labels, classes=classes),
        lambda rng: [(*predictions(rng), 3)],
    ),
    component(
        "recall_per_class", "evaluation", "recall_per_class", lambda f: lambda c: f(c), confusions
    ),
    Component(
        "split_indices",
        question="evaluation",
        right=as_split(KNOWN["train_validation_test"].right),
        wrong=wrong_versions(KNOWN["train_validation_test"], as_split),
        session=one_split,
    ),
    Component(
        "k_fold",
        question="evaluation",
        right=as_k_fold(KNOWN["k_fold"].right),
        wrong=wrong_versions(KNOWN["k_fold"], as_k_fold),
        session=some_folds,
    ),
]

COMPONENTS = [*ACTIVATIONS, *INITIALIZATION, *PREPROCESSING, *WATCHING, *EVALUATION]
