"""Checks of `k_nearest_neighbor.py`."""

import numpy as np
import pytest

from autograder.checks import check_labels, check_value

NAME = "cs231n.classifiers.k_nearest_neighbor.KNearestNeighbor"
DISTANCES = {"en": "the distances", "fa": "فاصله‌ها"}
SQUARED = {
    "en": "The distance is the root of the sum of squares, shape (test images, training images).",
    "fa": "فاصله، ریشهٔ مجموع مربع‌هاست، با شکل (تصویرهای آزمون، تصویرهای آموزش).",
}
TRAIN = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0], [0.0, 5.0]])
TEST = np.array([[0.0, 0.0], [3.0, 0.0], [6.0, 4.0]])


def nearest(student, train, labels):
    knn = student.new(NAME)
    knn.train(train, labels)
    return knn


def right_distances(test, train):
    return np.sqrt(((test[:, None] - train[None]) ** 2).sum(axis=2))


def check_distances(student, loops, test, train):
    knn = nearest(student, train, np.zeros(len(train), int))
    got = knn.call(f"compute_distances_{loops}", test)
    check_value(got, right_distances(test, train), what=DISTANCES, hint=SQUARED, rtol=1e-6)


@pytest.mark.points(3, question="knn")
def test_distances_two_loops(student):
    """`compute_distances_two_loops` gives the distances of three points to four others.

    fa: تابع `compute_distances_two_loops` فاصلهٔ سه نقطه تا چهار نقطهٔ دیگر را می‌دهد.
    """
    check_distances(student, "two_loops", TEST, TRAIN)


@pytest.mark.points(3, question="knn")
def test_distances_one_loop(student):
    """`compute_distances_one_loop` gives the distances of three points to four others.

    fa: تابع `compute_distances_one_loop` فاصلهٔ سه نقطه تا چهار نقطهٔ دیگر را می‌دهد.
    """
    check_distances(student, "one_loop", TEST, TRAIN)


@pytest.mark.points(3, question="knn")
def test_distances_no_loops(student, rng):
    """`compute_distances_no_loops` gives the distances of random points.

    fa: تابع `compute_distances_no_loops` فاصلهٔ نقطه‌های تصادفی را می‌دهد.
    """
    check_distances(student, "no_loops", rng.normal(size=(3, 6)), rng.normal(size=(5, 6)))


@pytest.mark.parametrize("loops", ["two_loops", "one_loop", "no_loops"])
@pytest.mark.points(1, question="knn", visibility="hidden")
def test_distances_of_other_sizes(student, rng, loops):
    """The distances are right for images with values from 0 to 255.

    fa: فاصله‌ها برای تصویرهایی با مقدارهای ۰ تا ۲۵۵ درست‌اند.
    """
    test = rng.integers(0, 256, (4, 12)).astype(float)
    check_distances(student, loops, test, rng.integers(0, 256, (7, 12)).astype(float))


def predicted(student, labels, distances, k):
    train = np.zeros((len(labels), 2))
    return nearest(student, train, np.array(labels)).predict_labels(np.array(distances), k=k)


@pytest.mark.points(2, question="knn")
def test_one_neighbour(student):
    """With `k=1` each image gets the label of its nearest training image.

    fa: با `k=1` هر تصویر، برچسب نزدیک‌ترین تصویر آموزشی را می‌گیرد.
    """
    distances = [[3.0, 1.0, 2.0, 9.0], [0.5, 4.0, 2.0, 1.0], [8.0, 7.0, 6.0, 5.0]]
    check_labels(predicted(student, [4, 2, 7, 0], distances, 1), [2, 4, 0])


@pytest.mark.points(2, question="knn")
def test_vote_of_three(student):
    """With `k=3` the most frequent of the three nearest labels wins.

    fa: با `k=3` پرتکرارترین برچسب میان سه همسایهٔ نزدیک برنده است.
    """
    distances = [[1.0, 2.0, 3.0, 9.0, 0.5], [9.0, 8.0, 1.0, 2.0, 0.5]]
    check_labels(predicted(student, [1, 1, 5, 5, 2], distances, 3), [1, 5])


@pytest.mark.points(1, question="knn", visibility="hidden", requires=["test_one_neighbour"])
def test_tie_goes_to_the_smaller_label(student):
    """Where two labels are equally frequent, the smaller one wins.

    fa: اگر تکرار دو برچسب برابر باشد، برچسب کوچک‌تر برنده است.
    hint: `np.argmax(np.bincount(labels))` takes the smaller label of a tie.
    hint-fa: با `np.argmax(np.bincount(labels))` در حالت برابر، برچسب کوچک‌تر برداشته می‌شود.
    """
    distances = [[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]]
    check_labels(predicted(student, [6, 3, 3, 6], distances, 4), [3, 3])


@pytest.mark.parametrize("num_loops", [0, 1, 2])
@pytest.mark.points(1, question="knn", requires=["test_one_neighbour"])
def test_predict(student, rng, num_loops):
    """`predict` finds the label of images close to training images, by each way of looping.

    fa: تابع `predict` با هر سه شیوهٔ حلقه، برچسب تصویرهای نزدیک به تصویرهای آموزشی را می‌یابد.
    """
    centres = 20 * np.eye(4)
    train, labels = np.repeat(centres, 3, axis=0), np.repeat([3, 0, 2, 1], 3)
    test = centres[[2, 0, 3, 1]] + rng.uniform(0.1, 1, (4, 4))
    got = nearest(student, train + rng.uniform(-1, 1, train.shape), labels).predict(
        test, k=3, num_loops=num_loops
    )
    check_labels(got, [2, 3, 1, 0])
