"""Checks of the linear classifier and its training (slides s.15, s.85-87)."""

import numpy as np
import pytest

from autograder.checks import (
    Attributes,
    Budget,
    Disguise,
    Network,
    check_finite,
    check_labels,
    check_shape,
    check_training_accuracy,
    check_value,
)
from autograder.errors import CheckFailure, FailureDetails

HISTORY = {"en": "the list of losses", "fa": "فهرست هزینه‌ها"}
FIRST = {"en": "the first loss", "fa": "هزینهٔ گام نخست"}
WEIGHTS = {"en": "the weights after one step", "fa": "وزن‌ها پس از یک گام"}
LABELS = {"en": "the predicted labels", "fa": "برچسب‌های پیش‌بینی‌شده"}
NO_FALL = {
    "en": "The mean of the last ten losses is not less than half of the first loss.",
    "fa": "میانگین ده هزینهٔ آخر کمتر از نصف هزینهٔ گام نخست نیست.",
}

# d loss / d scores of one example of class 1 whose three scores are equal: every margin is 1,
# every probability 1/3.
PUSH = {"svm": [1, -2, 1], "softmax": [1 / 3, -2 / 3, 1 / 3]}

# Of the digits, from `autograder calibrate`: the solution fails less than once in 1,000 gradings.
PUBLISHED, AT_LEAST = 0.93, 0.915
SETTINGS = {"learning_rate": 1.0, "reg": 1e-4, "batch_size": 100}
FIRST_LOSS = {"svm": 9.0, "softmax": float(np.log(10))}


@pytest.mark.points(2, question="training")
def test_predict_takes_the_class_with_the_highest_score(student):
    """`predict` gives, for each row, the class with the highest score, the bias counted in.

    fa: متد `predict` برای هر سطر کلاسی را می‌دهد که با احتساب بایاس بیشترین امتیاز را دارد.
    hint: `W` has one row more than X has columns; the last row is the bias.
    hint-fa: آرایهٔ `W` یک سطر بیشتر از تعداد ستون‌های X دارد؛ سطر آخر، بایاس است.
    """
    classifier = student.new("LinearClassifier")
    W = np.array([[1.0, 0.0, 0.0, 0.5], [0.0, 1.0, 0.0, 0.5], [0.0, 0.0, 3.0, 1.0]])
    classifier.set("W", W)
    X = np.array([[5.0, 0.0], [0.0, 5.0], [1.0, 1.0], [4.0, 4.5], [-2.0, 0.0]])
    check_labels(classifier.predict(X), [0, 1, 2, 3, 2])


@pytest.mark.parametrize("loss", ["svm", "softmax"])
@pytest.mark.points(1, question="training")
def test_one_training_step(student, loss):
    """One step of `train` takes `learning_rate` times the gradient off the weights.

    fa: یک گام `train` به اندازهٔ `learning_rate` برابر گرادیان از وزن‌ها کم می‌کند.
    hint: `W <- W - learning_rate * dW`; training goes on from the `W` that is there.
    hint-fa: گام آموزش `W <- W - learning_rate * dW` است و آموزش از همان `W` موجود ادامه می‌یابد.
    """
    classifier = student.new("LinearClassifier", loss=loss)
    classifier.set("W", np.full((3, 3), 0.5))
    X, y = np.array([[1.0, 2.0]]), np.array([1])
    classifier.train(X, y, learning_rate=0.1, reg=0.5, num_iters=1, batch_size=1)
    call = "train(X, y, learning_rate=0.1, reg=0.5, num_iters=1, batch_size=1)"
    gradient = np.outer([1.0, 2.0, 1.0], PUSH[loss]) + 2 * 0.5 * 0.5
    check_value(classifier.get("W"), 0.5 - 0.1 * gradient, what=WEIGHTS, call=call)


@pytest.mark.parametrize("loss", ["svm", "softmax"])
@pytest.mark.points(1, question="training")
def test_training_losses_fall(student, rng, loss):
    """`train` returns one loss a step, the first that of weights near 0, the last much smaller.

    fa: متد `train` برای هر گام یک هزینه برمی‌گرداند؛ هزینهٔ گام نخست همان هزینهٔ وزن‌های نزدیک به صفر
        است و هزینهٔ گام‌های آخر بسیار کوچک‌تر.
    """
    y = np.arange(200) % 4
    X = np.eye(4)[y] + 0.1 * rng.normal(size=(200, 4))
    classifier = student.new("LinearClassifier", loss=loss)
    got = classifier.train(X, y, learning_rate=0.5, reg=1e-4, num_iters=60, batch_size=20)
    check_shape(got, (60,), what=HISTORY)
    check_finite(got, what=HISTORY)
    history = np.asarray(got, dtype=float)
    start = {"svm": 3.0, "softmax": np.log(4)}[loss]
    check_value(history[0], start, what=FIRST, rtol=0.05)
    end = history[-10:].mean()
    if not end < start / 2:
        shown = {"expected": f"< {start / 2:.4g}", "got": f"{end:.4g}"}
        raise CheckFailure(FailureDetails(NO_FALL, **shown))


@pytest.mark.parametrize("loss", ["svm", "softmax"])
@pytest.mark.points(3, question="training")
def test_classifier_reads_digits(student, training_seed, loss):
    """Trained on 1,300 digits, the classifier reads at least 93 % of 400 others right.

    fa: دسته‌بندی که روی ۱۳۰۰ رقم آموزش دیده است، دست‌کم ۹۳ درصد از ۴۰۰ رقم دیگر را درست می‌خواند.
    """
    check_training_accuracy(
        Network(
            student,
            build=lambda task: student.new("LinearClassifier", loss=loss),
            fit=lambda classifier, task, steps: classifier.train(
                task.X_train, task.y_train, num_iters=steps, **SETTINGS
            ),
            steps=150,
            parameters=Attributes("W"),
            looks=6,
        ),
        at_least=AT_LEAST,
        published=PUBLISHED,
        seed=training_seed,
        train_samples=1300,
        test_samples=400,
        disguise=Disguise.ROTATION,
        student=student,
        budget=Budget(seconds=5, steps=150, parameters=650),
        first_loss=FIRST_LOSS[loss],
        what=LABELS,
    )
