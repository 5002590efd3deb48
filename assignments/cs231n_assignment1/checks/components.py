"""The wrong versions known of each function and class of the assignment.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version.
"""

import numpy as np
from cs231n_linear import CLASSIFIERS, batch
from cs231n_wrong_classes import CLASSIFIERS_WRONG, NETWORKS_WRONG, Classifier, Network

from autograder.components import Component, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN
from reference.neighbors import k_smallest, majority_vote

# --- k-nearest neighbours -----------------------------------------------------------------------

KNN = f"{CLASSIFIERS}k_nearest_neighbor.KNearestNeighbor"


def neighbours(distances=None, nearest=k_smallest, vote=majority_vote):
    """The class with these parts; distances in the signature of the catalogue."""
    measure = KNOWN["distances_vectorized"].right if distances is None else distances

    class KNearestNeighbor:
        def train(self, X, y):
            self.X_train, self.y_train = X, y

        def compute_distances_no_loops(self, X):
            return measure(X, self.X_train, metric="l2")

        compute_distances_one_loop = compute_distances_no_loops
        compute_distances_two_loops = compute_distances_no_loops

        def predict_labels(self, dists, k=1):
            return vote(self.y_train[nearest(dists, k)])

        def predict(self, X, k=1, num_loops=0):
            return self.predict_labels(self.compute_distances_no_loops(X), k=k)

    return KNearestNeighbor


def measured(student, rng):
    knn = student.new(KNN)
    knn.train(rng.normal(size=(5, 7)), np.zeros(5, int))
    for loops in ("two_loops", "one_loop", "no_loops"):
        yield knn.call(f"compute_distances_{loops}", rng.normal(size=(3, 7)))


def voted(student, rng):
    knn = student.new(KNN)
    knn.train(np.zeros((30, 2)), rng.permutation(np.arange(30) % 4))
    for k in (1, 2, 4):
        yield knn.predict_labels(rng.random((12, 30)), k=k)


ONLY_L1 = "the student's distances are L2"
SAME_AS_L1 = "the same numbers as metrics_swapped"
NEIGHBOURS = Component(
    KNN,
    question="knn",
    right=neighbours(),
    wrong=(
        *wrong_versions(KNOWN["distances_vectorized"], lambda wrong: neighbours(distances=wrong)),
        *wrong_versions(KNOWN["k_smallest"], lambda wrong: neighbours(nearest=wrong)),
        *wrong_versions(KNOWN["majority_vote"], lambda wrong: neighbours(vote=wrong)),
    ),
    session=(measured, voted),
    left_out={
        "distances_vectorized.abs_missing": ONLY_L1,
        "distances_vectorized.root_before_sum": SAME_AS_L1,
        "distances_vectorized.uint8_wraps": "the notebooks give images as floats",
        "k_smallest.later_of_equals": "of equally near images any may count",
    },
)


# --- losses -------------------------------------------------------------------------------------


def as_loss(loss):
    return lambda W, X, y, reg: loss(W, X, y, strength=reg)


def plain_batches(rng):
    return [(*batch(rng), 0.0)]


def penalized_batches(rng):
    return [(*batch(rng), 0.3)]


def huge_scores(rng):
    W, X, y = batch(rng)
    rows = np.concatenate([1500 * X, -1500 * X])
    return [(W, rows, np.concatenate([y, y]), 0.0)]


EITHER = "half the penalty is accepted too, where the gradient is half as well"
NO_SQUARE = "the student's loss has no squared margins"


def loss(kind, version, left_out):
    return Component(
        f"{CLASSIFIERS}{'linear_svm' if kind == 'svm' else 'softmax'}.{kind}_loss_{version}",
        question=kind,
        right=as_loss(KNOWN[f"{kind}_loss"].right),
        wrong=wrong_versions(KNOWN[f"{kind}_loss"], as_loss, words={"strength": "reg"}),
        probe=(plain_batches, penalized_batches, huge_scores),
        left_out={f"{kind}_loss.{name}": reason for name, reason in left_out.items()},
    )


LOSSES = [
    *(
        loss(
            "svm",
            version,
            {
                "penalty_half_convention": EITHER,
                "squared_slope_without_margin": NO_SQUARE,
                "delta_fixed": "the student's function has no delta",
            },
        )
        for version in ("naive", "vectorized")
    ),
    *(
        loss("softmax", version, {"penalty_half_convention": EITHER})
        for version in ("naive", "vectorized")
    ),
]


# --- classifiers and the network ----------------------------------------------------------------


def classified(name):
    def session(student, rng):
        W, X, y = batch(rng)
        classifier = student.new(f"{CLASSIFIERS}linear_classifier.{name}")
        classifier.set("W", W)
        yield classifier.predict(X)
        yield classifier.loss(X, y, 0.2)[0]
        one = np.tile(X[:1], (6, 1)), np.tile(y[:1], 6)
        for _ in range(2):
            yield classifier.train(*one, learning_rate=0.1, reg=0.2, num_iters=1, batch_size=6)
            yield classifier.get("W")
        yield len(classifier.train(*one, learning_rate=0.1, reg=0.2, num_iters=3, batch_size=6))

    return session


CLASSES = [
    Component(
        f"{CLASSIFIERS}linear_classifier.{name}",
        question="classifier",
        right=Classifier.of(kind),
        wrong=CLASSIFIERS_WRONG[kind],
        session=classified(name),
    )
    for name, kind in (("LinearSVM", "svm"), ("Softmax", "softmax"))
]

NET = f"{CLASSIFIERS}neural_net.TwoLayerNet"


def two_layers(student, rng):
    net = student.new(NET, 4, 7, 3)
    params = {
        "W1": rng.normal(size=(4, 7)),
        "b1": rng.normal(size=7),
        "W2": rng.normal(size=(7, 3)),
        "b2": rng.normal(size=3),
    }
    net.set("params", params)
    X, y = rng.normal(size=(5, 4)), rng.permutation([0, 1, 2, 0, 1])
    yield net.loss(X)
    for reg in (0.0, 0.3):
        loss, gradients = net.loss(X, y, reg)
        yield loss
        for name in ("W2", "b2", "W1", "b1"):
            yield gradients.get(name, np.zeros(1))
    yield net.predict(X)
    X, y = np.tile(X[:1], (6, 1)), np.tile(y[:1], 6)
    net.train(X, y, X, y, learning_rate=0.1, num_iters=2, batch_size=6)
    yield net.get("params")["W1"]


NETWORK = Component(
    NET, question="network", right=Network, wrong=NETWORKS_WRONG, session=two_layers
)

COMPONENTS = [NEIGHBOURS, *LOSSES, *CLASSES, NETWORK]
