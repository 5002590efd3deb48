"""Accuracy, confusion matrix and recall, with the numbers of the course."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import confusion_matrix as sklearn_confusion

from reference.evaluation import accuracy, confusion_accuracy, confusion_matrix, recall_per_class

LABELS = hnp.arrays(np.int64, 30, elements=st.integers(0, 4))


def test_accuracy_of_the_tutorials_confusion_matrix():
    """Trace 4137 of 4185 (tutorial comment 56)."""
    confusion = np.array([[4000, 30], [18, 137]])
    assert np.trace(confusion) == 4137
    assert confusion_accuracy(confusion) == 0.9885304659498207


def test_a_column_of_labels_is_refused_because_it_would_broadcast():
    labels = np.arange(10) % 5
    assert np.mean(labels == labels[:, None]) == 0.2  # perfect predictions, and it says 1/C
    with pytest.raises(ValueError, match=r"got \(10,\) and \(10, 1\).*broadcast"):
        accuracy(labels, labels[:, None])


@given(predicted=LABELS, labels=LABELS)
def test_confusion_matrix_agrees_with_sklearn_and_with_accuracy(predicted, labels):
    confusion = confusion_matrix(predicted, labels, classes=5)
    assert np.array_equal(confusion, sklearn_confusion(labels, predicted, labels=range(5)))
    assert confusion_accuracy(confusion) == accuracy(predicted, labels)


def test_recall_divides_by_the_true_class_and_is_nan_without_examples():
    recall = recall_per_class(np.array([[3, 1, 0], [2, 2, 0], [0, 0, 0]]))
    assert recall[:2].tolist() == [0.75, 0.5]
    assert np.isnan(recall[2])


def test_no_examples_and_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="at least one example"):
        accuracy(np.array([]), np.array([]))
    with pytest.raises(ValueError, match="at least one example"):
        confusion_accuracy(np.zeros((2, 2), int))
    with pytest.raises(ValueError, match="square"):
        recall_per_class(np.zeros((2, 3), int))
    with pytest.raises(ValueError, match=r"lie in \[0, 2\)"):
        confusion_matrix([0, 2], [0, 1], classes=2)
