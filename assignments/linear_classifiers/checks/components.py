"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

import numpy as np
from linear_classifier_versions import WRONG_CLASSIFIERS, Classifier, predicts, trains

from autograder.components import Component, WrongVersion, wrong_versions
from autograder.records import Misconception
from reference.misconceptions import COMPONENTS as KNOWN
from reference.neighbors import k_smallest, majority_vote


def own(id, name, hint, name_fa, hint_fa):
    """Enter a wrong version that no catalogue has, in the student's signature."""

    def enter(version):
        return WrongVersion(
            Misconception(id, {"en": name, "fa": name_fa}, {"en": hint, "fa": hint_fa}), version
        )

    return enter


# --- distances ----------------------------------------------------------------------------------


def points(rng):
    return [(rng.normal(size=(5, 7)), rng.normal(size=(3, 7)))]


def pixels(rng):
    shapes = ((4, 12), (6, 12))
    return [tuple(rng.integers(0, 256, shape, dtype=np.uint8) for shape in shapes)]


def with_metric(metric):
    return lambda distances: lambda X_test, X_train: distances(X_test, X_train, metric=metric)


@own(
    "l2_distances.l1_for_l2",
    "What is computed is the L1 distance",
    "The root of one square is its absolute value: sum the squares first, then take the root.",
    "آنچه حساب شده فاصلهٔ L1 است",
    "جذر یک مربع همان قدر مطلق است: نخست مربع‌ها را جمع بزنید، سپس جذر بگیرید.",
)
def l1_for_l2(X_test, X_train):
    difference = X_test.astype(float)[:, None] - X_train.astype(float)
    return np.abs(difference).sum(axis=2)


SAME_AS_L1 = "the same numbers as l2_distances.l1_for_l2, which stands for both"
ONLY_L1, ONLY_L2 = "shows in L1 distances alone", "shows in L2 distances alone"
DISTANCES_LEFT_OUT = {
    "l1": {
        "distances_vectorized.root_missing": ONLY_L2,
        "distances_vectorized.root_before_sum": ONLY_L2,
        "distances_vectorized.cross_term_once": ONLY_L2,
    },
    "l2": {
        "distances_vectorized.abs_missing": ONLY_L1,
        "distances_vectorized.metrics_swapped": SAME_AS_L1,
        "distances_vectorized.root_before_sum": SAME_AS_L1,
    },
}

DISTANCES = [
    Component(
        f"{metric}_distances_{version}",
        question="distances",
        right=with_metric(metric)(KNOWN["distances_vectorized"].right),
        wrong=(
            *wrong_versions(KNOWN["distances_vectorized"], with_metric(metric)),
            *([l1_for_l2] if metric == "l2" else []),
        ),
        probe=(points, pixels),
        left_out=DISTANCES_LEFT_OUT[metric],
    )
    for metric in ("l1", "l2")
    for version in ("two_loops", "one_loop", "no_loops")
]


# --- k-nearest neighbours -----------------------------------------------------------------------


def votes(rng):
    """Two labels and odd k, so that no vote is a draw; no two distances are equal."""
    distances, labels = rng.random((12, 20)), rng.permutation(np.arange(20) % 2 * 5 + 7)
    return [(distances, labels, k) for k in (1, 3, 7)]


def ties(rng):
    labels = rng.permutation(np.arange(30) % 4)
    tied = rng.integers(0, 6, (12, 30)).astype(float)
    return [(tied, labels, k) for k in (1, 2, 4)]


def with_nearest(nearest):
    return lambda distances, y_train, k=1: majority_vote(y_train[nearest(distances, k)])


def with_vote(vote):
    return lambda distances, y_train, k=1: vote(y_train[k_smallest(distances, k)])


@own(
    "predict_labels.index_for_label",
    "The index of the nearest point is returned instead of its label",
    "Look the labels up: `y_train[nearest]`, then vote.",
    "به جای برچسب، شمارهٔ نزدیک‌ترین نقطه برگردانده شده است",
    "برچسب‌ها را بردارید: `y_train[nearest]`، سپس رأی بگیرید.",
)
def index_for_label(distances, y_train, k=1):
    return np.argmin(distances, axis=1)


NEIGHBORS = Component(
    "predict_labels",
    question="neighbors",
    right=with_nearest(k_smallest),
    wrong=(
        *wrong_versions(KNOWN["k_smallest"], with_nearest),
        *wrong_versions(KNOWN["majority_vote"], with_vote),
        index_for_label,
    ),
    probe=(votes, ties),
    left_out={"majority_vote.nearest_alone": "the same labels as k_smallest.k_ignored"},
)


# --- linear scores ------------------------------------------------------------------------------


def images(rng):
    # All square, so that a transposed or an elementwise product has an answer too.
    return [(rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=4))]


def affine(forward):
    return lambda X, W, b: forward(X, W, b)[0]


SCORES = [
    Component(
        "linear_scores",
        question="scores",
        right=affine(KNOWN["affine_forward"].right),
        wrong=wrong_versions(KNOWN["affine_forward"], affine),
        probe=images,
    ),
    Component(
        "add_bias",
        question="scores",
        right=KNOWN["append_ones"].right,
        wrong=wrong_versions(KNOWN["append_ones"]),
        probe=lambda rng: [(rng.normal(size=(4, 3)),)],
    ),
]


# --- losses -------------------------------------------------------------------------------------


def batch(rng):
    labels = rng.permutation(np.arange(8) % 4)
    return rng.normal(size=(5, 4)), rng.normal(size=(8, 5)), labels


def unpenalized(rng):
    return [(*batch(rng), 0.0)]


def penalized(rng):
    return [(*batch(rng), 0.3)]


def huge(rng):
    """Scores of about 1000; then of about 1000, 0 and -1000 in one batch."""
    W, X, labels = batch(rng)
    first = np.hstack([np.ones((8, 1)), X])
    last = np.hstack([np.resize([1.0, 0.0, -1.0], (8, 1)), X])
    lifted = np.vstack([np.full((1, 4), 1000.0), W])
    return [(lifted, first, labels, 0.0), (lifted, last, labels, 0.0)]


def uint8(rng):
    W, _, labels = batch(rng)
    return [(0.1 * W, rng.integers(0, 256, (8, 5), dtype=np.uint8), labels, 0.0)]


def of_weights(loss):
    return lambda W, X, y, reg: loss(W, X.astype(float), y, strength=reg)


@own(
    "svm_loss.uint8_wraps",
    "uint8 pixels are negated without conversion",
    "In uint8, `-X[i]` wraps around: -1 is 255. Convert with `X.astype(float)` first.",
    "پیکسل‌های uint8 بدون تبدیل قرینه شده‌اند",
    "در uint8 عبارت `-X[i]` سرریز می‌کند و قرینهٔ 1 برابر 255 است: نخست `X.astype(float)`.",
)
def uint8_wraps(W, X, y, reg):
    scores = X @ W
    margins = scores - scores[np.arange(len(X)), y][:, None] + 1
    violated = (margins > 0) & (np.arange(W.shape[1]) != y[:, None])
    away = violated[:, :, None] * X[:, None, :].astype(float)
    back = violated.sum(axis=1)[:, None] * (-X).astype(float)
    dW = away.sum(axis=0).T
    np.add.at(dW.T, y, back)
    return margins[violated].sum() / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W


NO_SQUARE = "the student's function has no squared hinge"
LOSSES = [
    Component(
        f"{kind}_loss_{version}",
        question=kind,
        right=of_weights(KNOWN[f"{kind}_loss"].right),
        wrong=(
            *wrong_versions(KNOWN[f"{kind}_loss"], of_weights),
            *([uint8_wraps] if kind == "svm" else []),
        ),
        probe=(unpenalized, penalized, awkward),
        left_out=left_out,
    )
    for kind, awkward, left_out in (
        (
            "svm",
            uint8,
            {
                "svm_loss.squared_slope_without_margin": NO_SQUARE,
                "svm_loss.delta_fixed": "the margin of the student's function is always 1",
            },
        ),
        ("softmax", huge, {}),
    )
    for version in ("naive", "vectorized")
]


# --- training -----------------------------------------------------------------------------------

TRAINING = Component(
    "LinearClassifier",
    question="training",
    right=Classifier,
    wrong=[
        own(f"LinearClassifier.{name}", *texts)(kind) for name, texts, kind in WRONG_CLASSIFIERS
    ],
    session=(predicts, trains),
    builds_on=("add_bias", "svm_loss_vectorized", "softmax_loss_vectorized"),
)

COMPONENTS = [*DISTANCES, NEIGHBORS, *SCORES, *LOSSES, TRAINING]
