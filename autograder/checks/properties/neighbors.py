"""Properties of k nearest neighbours: the choice, the vote and the classifier (s.20-32)."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.exact import check_labels
from autograder.checks.properties.own import Array, own, turned
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import neighbor_sets

__all__ = [
    "a_point_far_away_has_no_say",
    "all_neighbors_give_the_commonest_label",
    "each_query_is_labelled_alone",
    "each_row_votes_alone",
    "fewer_neighbors_are_the_first_of_more",
    "more_than_half_of_the_votes_win",
    "nearest_are_the_k_smallest",
    "nearest_points_are_different",
    "nearest_to_a_training_point_is_itself",
    "order_of_training_points_is_free",
    "order_of_votes_is_free",
    "predictions_are_training_labels",
    "renaming_labels_renames_predictions",
    "unanimous_votes_win",
]

CLASSIFIER = "predict(X_train (N, D), y_train (N,), X (M, D), k) -> labels (M,)"
NEAREST = "nearest(distances (M, N), k) -> indices (M, k), nearest first"
VOTE = "vote(labels (M, k)) -> labels (M,), the smallest of equally common ones"
LABELS = "the predicted labels"


def _apart(points: Array) -> Array:
    """The same points, made different from each other by a feature of their own."""
    count = len(points)
    return np.hstack([points, 50.0 * np.arange(count)[:, None].astype(points.dtype)])


def _training() -> Cases:
    return neighbor_sets().map(lambda drawn: (_apart(drawn.X_train), drawn.y_train + 1))


def _queries() -> Cases:
    def made(drawn: Any) -> tuple[Any, ...]:
        # A feature with different powers of 2: no two training points are equally far away.
        places = 2.0 ** np.arange(len(drawn.X_train))[:, None]
        train = np.hstack([0.0 * drawn.X_train, places])
        queries = np.hstack([0.0 * drawn.X_test, np.zeros((len(drawn.X_test), 1))])
        order = turned(len(train))
        return train[order], drawn.y_train + 1, queries, drawn.k

    return neighbor_sets().map(made)


def _distances() -> Cases:
    def made(drawn: Any) -> tuple[Any, ...]:
        return ((drawn.X_test[:, None, :] - drawn.X_train[None, :, :]) ** 2).sum(axis=2), drawn.k

    return neighbor_sets().map(made)


def _votes() -> Cases:
    def made(drawn: Any) -> tuple[Any, ...]:
        votes = np.array([np.roll(drawn.y_train, at)[: drawn.k] for at in range(3)]) + 2
        votes[1] = votes[1][::-1] + 1
        return (votes,)

    return neighbor_sets().map(made)


@course_property(needs=CLASSIFIER, cases=_training, relates=False)
def nearest_to_a_training_point_is_itself(predict: Function, X: Array, y: Array) -> None:
    """With k = 1 every training point has its own label: the training accuracy is 100 %."""
    check_labels(predict(X, y, X, 1), y)


@course_property(needs=CLASSIFIER, cases=_queries)
def order_of_training_points_is_free(
    predict: Function, X: Array, y: Array, queries: Array, k: int
) -> None:
    """Another order of the training points, with their labels, changes no prediction."""
    order = turned(len(X))
    before = own(predict(X, y, queries, k), (len(queries),), what=LABELS)
    check_value(predict(X[order], y[order], queries, k), before, what=LABELS)


@course_property(needs=CLASSIFIER, cases=_training)
def each_query_is_labelled_alone(predict: Function, X: Array, y: Array) -> None:
    """The label of a point does not depend on the other points to be labelled."""
    queries = X[turned(len(X))]
    k = min(3, len(X))
    together = own(predict(X, y, queries, k), (len(X),), what=LABELS)
    check_value(predict(X, y, queries[-1:], k), together[-1:], what=LABELS)


@course_property(needs=CLASSIFIER, cases=_training)
def renaming_labels_renames_predictions(predict: Function, X: Array, y: Array) -> None:
    """With k = 1, labels that are 10 larger give predictions that are 10 larger."""
    queries = X + X.dtype.type(1.0)
    before = own(predict(X, y, queries, 1), (len(X),), what=LABELS)
    check_value(predict(X, y + 10, queries, 1), before + 10, what=LABELS)


@course_property(needs=CLASSIFIER, cases=_queries, relates=False)
def predictions_are_training_labels(
    predict: Function, X: Array, y: Array, queries: Array, k: int
) -> None:
    """Every prediction is one of the training labels."""
    got = own(predict(X, 3 * y, queries, k), (len(queries),), what=LABELS)
    nearest = 3 * y[np.argmin(np.abs(3 * y[None, :] - got[:, None]), axis=1)]
    check_value(got, nearest.astype(float), what=LABELS)


@course_property(needs=CLASSIFIER, cases=_training, relates=False)
def all_neighbors_give_the_commonest_label(predict: Function, X: Array, y: Array) -> None:
    """With k = N every point gets the label that most training points have."""
    labels = np.where(np.arange(len(y)) < len(y) // 2 + 1, 7, y)
    check_labels(predict(X, labels, X, len(X)), np.full(len(X), 7))


@course_property(needs=CLASSIFIER, cases=_queries)
def a_point_far_away_has_no_say(
    predict: Function, X: Array, y: Array, queries: Array, k: int
) -> None:
    """One more training point, farther away than all others, changes no prediction."""
    before = own(predict(X, y, queries, k), (len(queries),), what=LABELS)
    more = np.vstack([X, np.full((1, X.shape[1]), 5000.0, X.dtype)])
    check_value(predict(more, np.append(y, 99), queries, k), before, what=LABELS)


@course_property(needs=NEAREST, cases=_distances, relates=False)
def nearest_are_the_k_smallest(nearest: Function, distances: Array, k: int) -> None:
    """The chosen distances are the k smallest of their row, in rising order."""
    indices = own(nearest(distances, k), (len(distances), k), what="the nearest points")
    places = np.clip(indices, 0, distances.shape[1] - 1).astype(int)
    check_value(places, indices.astype(int), what="the nearest points")
    chosen = np.take_along_axis(distances, places, axis=1)
    check_value(chosen, np.sort(distances, axis=1)[:, :k], what="the distances")


@course_property(needs=NEAREST, cases=_distances, relates=False)
def nearest_points_are_different(nearest: Function, distances: Array, k: int) -> None:
    """No point is chosen twice as a neighbour, also where distances are equal."""
    equal = np.zeros_like(distances)
    indices = own(nearest(equal, k), (len(distances), k), what="the nearest points")
    distinct = np.array([len(np.unique(row)) for row in indices])
    check_value(distinct, np.full(len(indices), k), what="the number of different neighbours")


@course_property(needs=NEAREST, cases=_distances)
def fewer_neighbors_are_the_first_of_more(nearest: Function, distances: Array, k: int) -> None:
    """The k - 1 nearest points are the first of the k nearest."""
    distinct = distances + np.arange(distances.shape[1]) / 64
    more = own(nearest(distinct, k), (len(distances), k), what="the nearest points")
    if k > 1:
        check_value(nearest(distinct, k - 1), more[:, : k - 1], what="the nearest points")


@course_property(needs=VOTE, cases=_votes)
def order_of_votes_is_free(vote: Function, votes: Array) -> None:
    """The order in which the neighbours vote does not matter."""
    before = own(vote(votes), (len(votes),), what=LABELS)
    check_value(vote(votes[:, turned(votes.shape[1])]), before, what=LABELS)


@course_property(needs=VOTE, cases=_votes, relates=False)
def unanimous_votes_win(vote: Function, votes: Array) -> None:
    """Where all neighbours have one label, the vote gives that label."""
    unanimous = np.repeat(votes[:, :1], votes.shape[1], axis=1)
    check_labels(vote(unanimous), unanimous[:, 0])


@course_property(needs=VOTE, cases=_votes, relates=False)
def more_than_half_of_the_votes_win(vote: Function, votes: Array) -> None:
    """A label that more than half of the neighbours have wins, wherever they stand."""
    ballots = votes.copy()
    winners = np.array([11, 3, 8])
    ballots[:, -(votes.shape[1] // 2 + 1) :] = winners[:, None]
    check_labels(vote(ballots), winners)


@course_property(needs=VOTE, cases=_votes)
def each_row_votes_alone(vote: Function, votes: Array) -> None:
    """The vote of one row does not depend on the other rows."""
    together = own(vote(votes), (len(votes),), what=LABELS)
    for at in range(len(votes)):
        check_value(vote(votes[at : at + 1]), together[at : at + 1], what=LABELS)
