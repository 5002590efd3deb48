"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

import numpy as np
from linear_classifier_losses import OWN_LOSSES
from linear_classifier_search import BEST_CHOICE, CROSS_VALIDATION, FOLDS, SEARCH
from linear_classifier_versions import (
    WRONG_CLASSIFIERS,
    Classifier,
    built,
    goes_on,
    predicts,
    trains,
)

from autograder.components import Component, WrongVersion, wrong_version, wrong_versions
from autograder.records import Misconception
from reference.misconceptions import COMPONENTS as KNOWN
from reference.neighbors import k_smallest, majority_vote


def variant(id):
    """Enter another way to make a mistake of the catalogue."""
    known = next(each for each in KNOWN[id.partition(".")[0]].known if each.id == id)
    return lambda version: WrongVersion(Misconception(id, known.name, known.hint), version)


# --- distances ----------------------------------------------------------------------------------


def points(rng):
    return [(rng.normal(size=(5, 7)), rng.normal(size=(3, 7)))]


def pixels(rng):
    shapes = ((4, 12), (6, 12))
    return [tuple(rng.integers(0, 256, shape, dtype=np.uint8) for shape in shapes)]


def with_metric(metric):
    return lambda distances: lambda X_test, X_train: distances(X_test, X_train, metric=metric)


@wrong_version(
    "l2_distances.l1_for_l2",
    "What is computed is the L1 distance",
    "The root of one square is its absolute value: sum the squares first, then take the root.",
    "آنچه حساب شده فاصلهٔ L1 است",
    "جذر یک مربع همان قدر مطلق است: نخست مربع‌ها را جمع بزنید، سپس جذر بگیرید.",
)
def l1_for_l2(X_test, X_train):
    difference = X_test.astype(float)[:, None] - X_train.astype(float)
    return np.abs(difference).sum(axis=2)


@variant("distances_vectorized.uint8_wraps")
def l1_uint8_other_way_round(X_test, X_train):
    return np.abs(X_train[None] - X_test[:, None]).sum(axis=2)


@variant("distances_vectorized.uint8_wraps")
def l2_uint8_by_products(X_test, X_train):
    squares = np.sum(X_test**2, axis=1)[:, None] + np.sum(X_train**2, axis=1)
    return np.sqrt(np.maximum(squares - 2 * X_test.dot(X_train.T), 0))


SAME_AS_L1 = "the same numbers as l2_distances.l1_for_l2, which stands for both"
ONLY_L1, ONLY_L2 = "shows in L1 distances alone", "shows in L2 distances alone"
OWN_DISTANCES = {
    "l1": (l1_uint8_other_way_round,),
    "l2": (l1_for_l2, l2_uint8_by_products),
}
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
            *OWN_DISTANCES[metric],
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


@wrong_version(
    "predict_labels.column_of_labels",
    "The labels come as a column, (M, 1)",
    "One label for each row of distances, shape (M,): start with `np.zeros(M)`, not `(M, 1)`.",
    "برچسب‌ها به شکل ستون (M, 1) آمده‌اند",
    "برای هر سطر فاصله‌ها یک برچسب با شکل (M,): با `np.zeros(M)` آغاز کنید، نه `(M, 1)`.",
)
def column_of_labels(distances, y_train, k=1):
    return with_nearest(k_smallest)(distances, y_train, k)[:, None]


@wrong_version(
    "predict_labels.index_for_label",
    "The index of the nearest point is returned instead of its label",
    "Look the labels up: `y_train[nearest]`, then vote.",
    "به جای برچسب، شمارهٔ نزدیک‌ترین نقطه برگردانده شده است",
    "برچسب‌ها را بردارید: `y_train[nearest]`، سپس رأی بگیرید.",
)
def index_for_label(distances, y_train, k=1):
    return np.argmin(distances, axis=1)


@wrong_version(
    "predict_labels.all_within_the_kth_distance",
    "All points as near as the k-th vote, which may be more than k",
    "Take exactly k indices: `np.argsort(distances, axis=1, kind='stable')[:, :k]`.",
    "همهٔ نقطه‌هایی که از نقطهٔ k-ام دورتر نیستند رأی داده‌اند، که شاید بیش از k باشند",
    "درست k اندیس بردارید: `np.argsort(distances, axis=1, kind='stable')[:, :k]`.",
)
def all_within_the_kth_distance(distances, y_train, k=1):
    limits = np.sort(distances, axis=1)[:, k - 1 : k]
    return np.array([np.bincount(y_train[row]).argmax() for row in distances <= limits])


@wrong_version(
    "predict_labels.all_within_the_kth_distance",
    "All points as near as the k-th vote, which may be more than k",
    "Take exactly k indices: `np.argsort(distances, axis=1, kind='stable')[:, :k]`.",
    "همهٔ نقطه‌هایی که از نقطهٔ k-ام دورتر نیستند رأی داده‌اند، که شاید بیش از k باشند",
    "درست k اندیس بردارید: `np.argsort(distances, axis=1, kind='stable')[:, :k]`.",
)
def all_within_the_kth_distance_first_seen(distances, y_train, k=1):
    limits = np.sort(distances, axis=1)[:, k - 1 : k]
    rows = [y_train[row].tolist() for row in distances <= limits]
    return np.array([max(row, key=row.count) for row in rows])


NEIGHBORS = Component(
    "predict_labels",
    question="neighbors",
    right=with_nearest(k_smallest),
    wrong=(
        *wrong_versions(KNOWN["k_smallest"], with_nearest),
        *wrong_versions(KNOWN["majority_vote"], with_vote),
        index_for_label,
        column_of_labels,
        all_within_the_kth_distance,
        all_within_the_kth_distance_first_seen,
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


@wrong_version(
    "add_bias.nothing_appended",
    "No column is appended",
    "`np.hstack([X, ones])` returns a new array with the column of ones; return that one.",
    "ستونی افزوده نشده است",
    "دستور `np.hstack([X, ones])` آرایهٔ تازه‌ای با ستون یک‌ها برمی‌گرداند؛ همان را برگردانید.",
)
def nothing_appended(X):
    return X


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
        wrong=(*wrong_versions(KNOWN["append_ones"]), nothing_appended),
        probe=lambda rng: [(rng.normal(size=(4, 3)),)],
    ),
]


# --- losses -------------------------------------------------------------------------------------


def batch(rng):
    labels = rng.permutation(np.arange(8) % 4)
    return rng.normal(size=(5, 4)), rng.normal(size=(8, 5)), labels


def unpenalized(rng):
    W, X, labels = batch(rng)
    # Then as many examples as classes, so that a missing `[:, None]` does not raise, and labels of
    # two classes alone, so that `[:, y]` leaves something.
    return [(W, X, labels, 0.0), (W, X[:4], np.array([2, 0, 0, 2]), 0.0)]


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


STUDENTS_WORDS = {"strength": "reg", "delta": "1"}
NO_SQUARE = "the student's function has no squared hinge"
LOSSES = [
    Component(
        f"{kind}_loss_{version}",
        question=kind,
        right=of_weights(KNOWN[f"{kind}_loss"].right),
        wrong=(
            *wrong_versions(KNOWN[f"{kind}_loss"], of_weights, words=STUDENTS_WORDS),
            *(
                wrong_version(f"{kind}_loss.{name}", *texts)(of)
                for name, texts, of in OWN_LOSSES[kind]
            ),
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
        wrong_version(f"LinearClassifier.{name}", *texts)(kind)
        for name, texts, kind in WRONG_CLASSIFIERS
    ],
    session=(predicts, goes_on, trains),
    builds_on=("add_bias", "svm_loss_vectorized", "softmax_loss_vectorized"),
    built=built,
)

COMPONENTS = [
    *DISTANCES,
    NEIGHBORS,
    *SCORES,
    *LOSSES,
    TRAINING,
    FOLDS,
    CROSS_VALIDATION,
    BEST_CHOICE,
    SEARCH,
]
