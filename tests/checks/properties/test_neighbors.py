import numpy as np
import pytest

from reference.neighbors import KNearestNeighbors


def classifier(kind):
    return (lambda X, y, queries, k: kind(k=k, metric="l2").train(X, y).predict(queries),)


def alone(function):
    return (function,)


class OneLabelForAll(KNearestNeighbors):
    def predict(self, images):
        labels = super().predict(images)
        return np.full_like(labels, np.bincount(labels).argmax())


TABLE = {
    "nearest_to_a_training_point_is_itself": (
        "KNearestNeighbors",
        classifier,
        "farthest",
        "index_for_label",
    ),
    "order_of_training_points_is_free": ("KNearestNeighbors", classifier, "index_for_label"),
    "each_query_is_labelled_alone": ("KNearestNeighbors", classifier, OneLabelForAll),
    "renaming_labels_renames_predictions": ("KNearestNeighbors", classifier, "index_for_label"),
    "predictions_are_training_labels": ("KNearestNeighbors", classifier, "index_for_label"),
    "all_neighbors_give_the_commonest_label": (
        "KNearestNeighbors",
        classifier,
        "k_ignored",
        "index_for_label",
    ),
    "a_point_far_away_has_no_say": ("KNearestNeighbors", classifier, "farthest"),
    "nearest_are_the_k_smallest": ("k_smallest", alone, "largest", "k_ignored"),
    "nearest_points_are_different": ("k_smallest", alone, "k_ignored", "nearest_skipped"),
    "fewer_neighbors_are_the_first_of_more": ("k_smallest", alone, "k_ignored", "nearest_skipped"),
    "order_of_votes_is_free": ("majority_vote", alone, "first_seen_of_equals", "nearest_alone"),
    "unanimous_votes_win": ("majority_vote", alone, "count_for_label", "code_for_label"),
    "more_than_half_of_the_votes_win": ("majority_vote", alone, "mean_label", "nearest_alone"),
    "each_row_votes_alone": ("majority_vote", alone, "code_for_label", "vote_over_queries"),
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
