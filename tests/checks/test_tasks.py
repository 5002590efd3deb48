import numpy as np
import pytest

from autograder.checks.budget import Budget
from autograder.checks.datasets import Dataset, digits
from autograder.checks.tasks import Disguise, draw_task

IMAGES = Dataset(
    "images",
    np.random.default_rng(0).integers(0, 256, size=(60, 3 * 4 * 4), dtype=np.uint8),
    np.arange(60) % 3,
    (3, 4, 4),
)


def test_bytes_become_floats_within_one_and_images_get_their_shape():
    task = draw_task(IMAGES, 0, images=True)
    assert task.X_train.shape == (48, 3, 4, 4) and task.X_train.dtype == np.float32
    assert 0 <= task.X_train.min() and task.X_train.max() == 1
    assert draw_task(IMAGES, 0).X_test.shape == (12, 48)


@pytest.mark.parametrize("disguise", list(Disguise), ids=str)
def test_a_task_follows_from_its_seed(disguise):
    one, same, other = (draw_task(IMAGES, seed, disguise=disguise) for seed in (1, 1, 2))
    assert np.array_equal(one.X_train, same.X_train) and np.array_equal(one.y_train, same.y_train)
    assert one.seed == same.seed != other.seed
    assert not np.array_equal(one.X_train, other.X_train)


def test_a_rotation_keeps_angles_about_and_no_sample():
    plain, turned = (
        draw_task(digits(), 3, train=300, test=100, disguise=disguise)
        for disguise in (Disguise.NONE, Disguise.ROTATION)
    )
    assert np.array_equal(plain.y_train, turned.y_train)  # the same draw, otherwise dressed
    before = plain.X_train - np.concatenate([plain.X_test, plain.X_train]).mean(axis=0)
    cosine = np.sum(before[:-1] * before[1:], 1) / (
        np.linalg.norm(before[:-1], axis=1) * np.linalg.norm(before[1:], axis=1)
    )
    after = turned.X_train
    turned_cosine = np.sum(after[:-1] * after[1:], 1) / (
        np.linalg.norm(after[:-1], axis=1) * np.linalg.norm(after[1:], axis=1)
    )
    assert np.abs(cosine - turned_cosine).max() < 0.1
    ratio = np.linalg.norm(after, axis=1) / np.linalg.norm(before, axis=1)
    assert 0.85 < ratio.min() < 0.93 and 1.07 < ratio.max() < 1.15
    assert np.abs(after - before).max() > 0.5


def test_rotations_are_rotations_of_all_kinds():
    """Over many seeds the first axis lands everywhere: its mean image is near 0."""
    data = Dataset("axis", np.vstack([np.eye(3), -np.eye(3)] * 5), np.arange(30) % 2)
    firsts = []
    for seed in range(200):
        task = draw_task(data, seed, train=20, test=10, disguise=Disguise.ROTATION)
        firsts.append(task.X_train[0])
    assert np.abs(np.mean(firsts, axis=0)).max() < 0.2
    assert np.allclose(np.linalg.norm(firsts, axis=1).mean(), 1, atol=0.1)


def test_images_are_turned_alike_and_keep_their_pixels():
    plain = draw_task(IMAGES, 5, images=True)
    for seed in range(12):
        plain, dressed = (
            draw_task(IMAGES, seed, images=True, disguise=disguise)
            for disguise in (Disguise.NONE, Disguise.IMAGE)
        )
        sums = plain.X_train.sum(axis=(1, 2, 3))
        got = dressed.X_train.sum(axis=(1, 2, 3))
        straight, inverted = np.abs(got - sums), np.abs(got - (48 - sums))
        assert min(straight.max(), inverted.max()) < 0.02 * 7 * 5


def test_images_of_data_that_holds_none_are_refused():
    rows = Dataset("rows", np.zeros((10, 4)), np.arange(10) % 2)
    for arguments in ({"images": True}, {"disguise": Disguise.IMAGE}):
        with pytest.raises(ValueError, match="rows holds no images; give a Dataset with a shape"):
            draw_task(rows, 0, **arguments)


def test_the_task_says_how_many_steps_the_budget_allows():
    from dataclasses import replace

    task = draw_task(IMAGES, 0)
    with pytest.raises(ValueError, match="the task has no budget"):
        task.steps(10)
    assert replace(task, budget=Budget(1, steps=7)).steps(10) == 7
    assert replace(task, budget=Budget(1, epochs=2.5)).steps(10) == 12
    with pytest.raises(ValueError, match="neither steps nor epochs"):
        replace(task, budget=Budget(1)).steps(10)


def test_a_task_can_be_judged_on_its_own_training_samples():
    task = draw_task(IMAGES, 0).seen(10)
    assert len(task.X_test) == 10 and task.accuracy(task.y_train[:10]) == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seconds": 0}, "seconds must be above 0, not 0"),
        ({"seconds": 1, "parameters": -5}, "parameters must be above 0, not -5"),
        ({"seconds": 1, "steps": 5, "epochs": 1}, "steps or epochs, not both"),
        ({"seconds": 1, "gpu": Budget(1, gpu=Budget(1))}, "has none of its own"),
    ],
)
def test_budgets_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Budget(**arguments)


def test_the_budget_of_the_gpu_counts_on_the_gpu_alone():
    budget = Budget(60, epochs=2, gpu=Budget(30, epochs=20))
    assert budget.on("cpu") is budget and budget.on("cuda:1") is budget.gpu
    assert Budget(60).on("cuda:0") == Budget(60)
