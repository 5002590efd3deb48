import subprocess
import sys

import numpy as np
import pytest

from autograder.checks import Trained, check_loss_history, check_training_accuracy
from autograder.checks.datasets import Dataset, digits
from autograder.checks.sequential import Decision, Estimate, decide
from autograder.checks.tasks import draw_task
from autograder.errors import CheckFailure, FailureDetails, StudentError
from autograder.texts import text


def softmax_regression(task, learning_rate=0.5, steps=150, sign=-1.0):
    """Right, with the digits: about 94 % after 150 steps."""
    rng = np.random.default_rng(task.seed)
    X = np.column_stack([task.X_train, np.ones(len(task.X_train))])
    W = 1e-3 * rng.normal(size=(X.shape[1], task.classes))
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            batch = rng.integers(len(X), size=64)
            scores = X[batch] @ W
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            y = task.y_train[batch]
            losses.append(-np.log(p[np.arange(64), y]).mean())
            p[np.arange(64), y] -= 1
            W += sign * learning_rate * X[batch].T @ p / 64
    test = np.column_stack([task.X_test, np.ones(len(task.X_test))])
    return Trained((test @ W).argmax(axis=1), losses)


# --- data ------------------------------------------------------------------------------------


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    data = digits()
    assert np.array_equal(data.X, images / 16) and np.array_equal(data.y, labels)
    assert data.classes == 10 and digits() is data
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 1


def test_digits_are_read_without_importing_scikit_learn():
    code = (
        "import sys; from autograder.checks.datasets import digits; digits(); "
        "print('sklearn' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_task_has_disjoint_parts_and_renumbered_classes():
    data = Dataset("rows", np.arange(50.0)[:, None], np.arange(50) % 5)
    task = draw_task(data, 3)
    assert task.X_train.shape == (40, 1) and task.X_test.shape == (10, 1) and task.classes == 5
    rows = np.concatenate([task.X_train, task.X_test]).ravel()
    assert np.array_equal(np.sort(rows), np.arange(50))
    # every class has one new number, the same in both parts
    y = np.concatenate([task.y_train, np.full(10, -1)])
    numbers = {int(old): {int(n) for n in y[:40][rows[:40] % 5 == old]} for old in range(5)}
    assert all(len(new) == 1 for new in numbers.values())
    assert set.union(*numbers.values()) == set(range(5))
    right = np.array([next(iter(numbers[int(row % 5)])) for row in rows[40:]])
    assert task.accuracy(right) == 1.0


def test_tasks_differ_by_seed_and_repeat_with_it():
    first, again, other = (draw_task(digits(), seed) for seed in (1, 1, 2))
    assert np.array_equal(first.X_test, again.X_test) and first.seed == again.seed
    assert np.array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.X_test, other.X_test) and first.seed != other.seed


def test_a_task_of_too_many_samples_is_refused():
    with pytest.raises(ValueError, match="at most 1797 samples of digits, each above 0; not 1700"):
        draw_task(digits(), 0, train=1700, test=98)
    with pytest.raises(ValueError, match=r"must have the shape \(359,\), not \(3,\)"):
        draw_task(digits(), 0).accuracy(np.zeros(3))


# --- the decision ----------------------------------------------------------------------------


def test_the_interval_narrows_with_samples_and_runs():
    one, more, runs = Estimate((0.9,), 100), Estimate((0.9,), 1000), Estimate((0.9,) * 4, 100)
    assert one.interval[1] - one.interval[0] > runs.interval[1] - runs.interval[0]
    assert one.interval[1] - one.interval[0] > more.interval[1] - more.interval[0]
    assert Estimate((1.0,), 50).interval[0] < 1.0 == Estimate((1.0,), 50).interval[1]
    spread = Estimate((0.7, 0.9), 10_000)
    assert spread.mean == pytest.approx(0.8) and spread.standard_error == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("accuracies", "decision"),
    [
        ((0.95,), Decision.PASS),
        ((0.80,), Decision.FAIL),
        ((0.91,), Decision.MORE),
        ((0.88,), Decision.MORE),
        ((0.91, 0.93), Decision.PASS),
        ((0.88, 0.80), Decision.MORE),
        ((0.85, 0.84), Decision.FAIL),
    ],
)
def test_runs_are_added_until_the_answer_is_clear(accuracies, decision):
    assert decide(Estimate(accuracies, 400), 0.9, last=False) is decision


def test_after_the_last_run_the_mean_decides():
    assert decide(Estimate((0.91, 0.89), 400), 0.9, last=True) is Decision.PASS
    assert decide(Estimate((0.905, 0.89), 400), 0.9, last=True) is Decision.FAIL


def simulate(accuracy, spread, seed, at_least=0.9, samples=359, max_runs=3):
    rng = np.random.default_rng(seed)
    found = []
    while True:
        rate = min(accuracy + spread * rng.normal(), 1.0)
        found.append(rng.binomial(samples, rate) / samples)
        decision = decide(Estimate(tuple(found), samples), at_least, last=len(found) == max_runs)
        if decision is not Decision.MORE:
            return decision, len(found)


def test_a_classifier_well_above_the_threshold_never_fails_and_takes_few_runs():
    outcomes = [simulate(0.94, 0.008, seed) for seed in range(4000)]
    assert all(decision is Decision.PASS for decision, _ in outcomes)
    assert np.mean([runs for _, runs in outcomes]) < 1.2


def test_a_classifier_well_below_the_threshold_fails():
    outcomes = [simulate(0.85, 0.008, seed)[0] for seed in range(1000)]
    assert outcomes.count(Decision.FAIL) >= 999


# --- the losses ------------------------------------------------------------------------------

FALLING = np.exp(-np.linspace(0, 3, 60)) * 2.3


def test_healthy_losses_pass():
    check_loss_history(FALLING, first_loss=np.log(10), below=0.2, steps=60)
    check_loss_history(FALLING.tolist())
    check_loss_history([1.0])
    check_loss_history([0.0] * 5)
    noisy = FALLING + 0.1 * np.random.default_rng(0).normal(size=60)
    check_loss_history(noisy, first_loss=np.log(10), below=0.5)


LOSSES = [
    (
        np.where(np.arange(60) < 30, FALLING, np.nan),
        "The loss is NaN or infinite from step 31 on: is the learning rate too large, or is the "
        "log of 0 taken?",
    ),
    (
        [np.inf, 1.0],
        "The loss is NaN or infinite from step 1 on: is the learning rate too large, or is the "
        "log of 0 taken?",
    ),
    (
        FALLING + 1.0,
        "The first loss is 3.3, and with weights near 0 it should be near 2.303.",
    ),
    (
        [2.3, 4.0, 9.0, 40.0, np.inf],
        "The loss explodes: at step 3 it is more than 3 times the first one. Is the learning rate "
        "too large, or the sign of the step wrong?",
    ),
    (
        2.3 - 1e-4 * np.arange(60),
        "The loss hardly falls: is the learning rate too small, or are the weights not updated?",
    ),
    (
        FALLING[:20],
        "One loss for each of 60 steps is asked for, and 20 came back.",
    ),
    (
        2.3 - 0.02 * np.arange(60),
        "The losses end near 1.17; they should fall below 0.5.",
    ),
    (2.3, "A list of numbers, one for each step, is asked for in the losses."),
    ([], "A list of numbers, one for each step, is asked for in the losses."),
    (
        None,
        "`None` came back where the losses should be: your function returns nothing. "
        "Is a `return` missing?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("losses", "message"), LOSSES)
def test_a_failure_mode_is_named(failure, losses, message):
    steps = 60 if message.startswith("One loss") else None
    details = failure(check_loss_history, losses, first_loss=np.log(10), below=0.5, steps=steps)
    assert details.message["en"] == message


def test_the_curve_is_shown_by_eight_losses(failure):
    details = failure(check_loss_history, 3 * FALLING, first_loss=np.log(10))
    assert details.got == "6.9, 4.594, 2.907, 1.935, 1.225, 0.8154, 0.516, 0.3435"


# --- the check -------------------------------------------------------------------------------


def test_a_right_classifier_passes_with_every_seed():
    for seed in range(25):
        estimate = check_training_accuracy(
            softmax_regression, at_least=0.9, seed=1000 * seed, first_loss=np.log(10)
        )
        assert estimate.mean >= 0.9 and len(estimate.accuracies) <= 3


def test_labels_may_come_in_any_number_type():
    for convert in (list, lambda y: y.astype(float), lambda y: y.astype(np.uint8)):
        check_training_accuracy(
            lambda task, convert=convert: convert(softmax_regression(task).predictions),
            at_least=0.8,
            seed=0,
        )


def fails(train, **keywords):
    arguments = {"at_least": 0.9, "seed": 7} | keywords
    with pytest.raises(CheckFailure) as caught:
        check_training_accuracy(train, **arguments)
    return caught.value


def test_the_accuracies_the_interval_and_the_runs_are_told():
    shares = iter((0.95, 0.97, 0.93))

    def train(task):
        labels = task._y_test.copy()
        labels[: round((1 - next(shares)) * 300)] += 1  # one class further: wrong
        return Trained(labels % 10, [2.0, 1.0])

    details = fails(train, at_least=0.96, test_samples=300, overfit=False).details
    assert details.message["en"] == (
        "After training, 95 % of the held-out samples are labelled right; at least 96 % are asked "
        "for. With 99.9 % confidence the accuracy lies between 91.2 and 98.8 %, so the mean of the "
        "runs decided (runs with different seeds: 3)."
    )
    assert details.message["fa"].startswith("پس از آموزش، 95 درصد")
    assert details.expected == "accuracy >= 0.96"
    assert details.got == "0.950, 0.970, 0.930; loss 2, 1"
    assert "نمونه‌های کنارگذاشته درست برچسب می‌خورند" in details.message["fa"]
    assert "با اطمینان 99.9 درصد، دقت بین 91.2 و 98.8 درصد" in details.message["fa"]


MODES = [
    ({"sign": 1.0}, "The loss explodes: at step"),
    ({"learning_rate": 1e-5}, "The loss hardly falls"),
    ({"steps": 3}, "Trained on 20 samples alone, it labels only"),
]


@pytest.mark.parametrize(("change", "cause"), MODES)
def test_the_failure_mode_of_a_training_is_named(change, cause):
    error = fails(lambda task: softmax_regression(task, **change), first_loss=np.log(10))
    assert cause in error.details.message["en"]
    assert error.fraction == 0.0


def test_a_classifier_that_learns_but_not_enough_is_told_so():
    error = fails(softmax_regression, at_least=0.99)
    assert error.details.message["en"].endswith(
        "Trained on 20 samples alone, it fits them all, so it does learn: look at the learning "
        "rate, the number of steps and the regularization."
    )


def test_one_label_for_all_and_guessing_are_told():
    error = fails(lambda task: np.zeros(len(task.X_test), dtype=int), overfit=False)
    assert error.details.message["en"].endswith("Every sample gets the label 0.")
    error = fails(
        lambda task: np.random.default_rng(0).integers(10, size=len(task.X_test)), overfit=False
    )
    assert error.details.message["en"].endswith("This is no better than guessing.")


def test_labels_known_by_heart_are_of_no_use():
    known = {row.tobytes(): label for row, label in zip(digits().X, digits().y, strict=True)}

    def by_heart(task):
        return [known[row.tobytes()] for row in task.X_test]

    assert "at least 90 % are asked for" in fails(by_heart, overfit=False).details.message["en"]


PREDICTIONS = [
    (lambda n: np.zeros((n, 1), dtype=int), "The shape of the predicted labels is `(359, 1)`"),
    (
        lambda n: np.zeros((n, 10)),
        "A row of 10 numbers came back for each sample where one label is asked for: is an "
        "`argmax` along axis 1 missing?",
    ),
    (
        lambda n: np.full(n, 10),
        "A label is a whole number from 0 to 9; another value stands in the predicted labels.",
    ),
    (lambda n: np.full(n, 0.5), "A label is a whole number from 0 to 9"),
    (lambda n: None, "`None` came back where the predicted labels should be"),
    (lambda n: np.zeros(n - 1), "The shape of the predicted labels is `(358,)`"),
]


@pytest.mark.parametrize(("predictions", "message"), PREDICTIONS)
def test_predictions_that_are_no_labels_are_named(predictions, message):
    error = fails(lambda task: predictions(len(task.X_test)))
    assert error.details.message["en"].startswith(message)


def test_a_lower_accuracy_earns_its_part():
    def half_right(task):
        labels = softmax_regression(task).predictions
        labels[::4] = (labels[::4] + 1) % 10
        return labels

    partial = {0.5: 0.25, 0.65: 0.5, 0.8: 0.75}
    assert fails(half_right, partial=partial, overfit=False).fraction == 0.5


def test_an_error_of_the_students_code_is_not_hidden_but_in_the_extra_run_is():
    def raising(task):
        if len(task.X_train) == 20:
            raise StudentError(FailureDetails(text("It is 0.")), kind="ValueError")
        return np.zeros(len(task.X_test))

    assert "Every sample gets the label 0." in fails(raising).details.message["en"]

    def always(task):
        raise StudentError(FailureDetails(text("It is 0.")), kind="ValueError")

    with pytest.raises(StudentError):
        check_training_accuracy(always, at_least=0.9, seed=0)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"at_least": 90.0}, "at_least must be between 0 and 1, not 90"),
        ({"max_runs": 0}, "max_runs must be at least 1, not 0"),
    ],
)
def test_wrong_arguments_are_refused(keywords, message):
    with pytest.raises(ValueError, match=message):
        check_training_accuracy(softmax_regression, **({"at_least": 0.9, "seed": 0} | keywords))
