"""Checks of the training: stretches, 20 samples, and the accuracy within a budget (s.189-209)."""

import numpy as np
import pytest

from autograder.checks import (
    Budget,
    Disguise,
    Network,
    TorchModule,
    check_finite,
    check_shape,
    check_training_accuracy,
)
from autograder.checks.datasets import digits
from autograder.checks.job import trains_on_gpu
from autograder.errors import CheckFailure, FailureDetails

HISTORY = {"en": "the list of losses", "fa": "فهرست هزینه‌ها"}
LABELS = {"en": "the predicted labels", "fa": "برچسب‌های پیش‌بینی‌شده"}

# From `autograder calibrate`, digits with 30 runs of each solution and MNIST with 20. CIFAR-10 is
# far below ten runs on the CPU: calibrate it before it counts. `cuda` stands for any GPU.
TRAININGS = {
    ("digits", "cpu"): {
        "train_samples": 1300,
        "test_samples": 400,
        "published": 0.94,
        "at_least": 0.925,
        "budget": Budget(seconds=12, steps=200, parameters=20_000),
    },
    ("mnist", "cpu"): {
        "train_samples": 8000,
        "test_samples": 2000,
        "published": 0.96,
        "at_least": 0.945,
        "budget": Budget(seconds=40, steps=200, parameters=60_000),
    },
    ("cifar10", "cpu"): {
        "train_samples": 10_000,
        "test_samples": 2000,
        "published": 0.42,
        "at_least": 0.4,
        "budget": Budget(seconds=90, steps=300, parameters=300_000),
    },
    ("cifar10", "cuda"): {
        "train_samples": 40_000,
        "test_samples": 10_000,
        "published": 0.6,
        "at_least": 0.58,
        "budget": Budget(
            seconds=90,
            steps=2000,
            parameters=300_000,
            gpu=Budget(seconds=90, steps=2000, parameters=300_000),
        ),
    },
}


def fail(en, fa, **shown):
    raise CheckFailure(FailureDetails({"en": en, "fa": fa}, **shown))


def some_digits(samples):
    """Digits (N, 1, 8, 8) of float32, and their labels."""
    data = digits()
    return data.X[:samples].reshape(-1, 1, 8, 8).astype(np.float32), data.y[:samples]


def new_trainer(student, steps):
    network = student.new("build_network", 1, 10, 8)
    return network, student.new("Trainer", network, steps)


@pytest.mark.points(2, question="training")
def test_one_loss_for_each_step(student):
    """`train` returns the loss of each step, in a list.

    fa: متد `train` هزینهٔ هر گام را در یک فهرست برمی‌گرداند.
    """
    _, trainer = new_trainer(student, 12)
    losses = trainer.train(*some_digits(300), 12)
    check_shape(losses, (12,), what=HISTORY)
    check_finite(losses, what=HISTORY)


@pytest.mark.points(2, question="training", requires=["test_one_loss_for_each_step"])
def test_training_changes_every_parameter(student):
    """After a few steps, every parameter of the network is another one.

    fa: پس از چند گام همهٔ پارامترهای شبکه تغییر کرده‌اند.
    hint: Does the optimizer know all parameters: `network.parameters()`?
    hint-fa: آیا بهینه‌ساز همهٔ پارامترها را می‌شناسد: `network.parameters()`؟
    """
    network, trainer = new_trainer(student, 5)
    reading = student.define(
        "lambda net: {name: p.detach().numpy().copy() for name, p in net.named_parameters()}"
    )
    before = reading.call("__call__", network)
    trainer.train(*some_digits(300), 5)
    after = reading.call("__call__", network)
    if same := [name for name in before if np.array_equal(before[name], after[name])]:
        fail(
            "Training has not changed some of the parameters.",
            "آموزش برخی از پارامترها را تغییر نداده است.",
            got=", ".join(same),
            call="trainer.train(images, labels, 5)",
        )


@pytest.mark.points(2, question="training", requires=["test_one_loss_for_each_step"])
def test_the_training_images_are_standardized_in_the_network(student):
    """The mean of the training images' channel is kept in the network's `state_dict()`.

    fa: میانگین کانال تصویرهای آموزشی در `state_dict()` شبکه نگه داشته می‌شود.
    hint: Give the training images to the network's `Standardize` layer in the first stretch.
    hint-fa: در نخستین بخش آموزش، تصویرهای آموزشی را به لایهٔ `Standardize` شبکه بدهید.
    """
    network, trainer = new_trainer(student, 4)
    X, y = some_digits(300)
    X = X + np.float32(2.625)
    trainer.train(X, y, 4)
    state = TorchModule().take(student, network)
    if not any(v.size == 1 and abs(float(v.item()) - X.mean()) < 1e-3 for v in state.values()):
        fail(
            "Nothing in the network's `state_dict()` is the mean of the training images.",
            "در `state_dict()` شبکه میانگین تصویرهای آموزشی نیست.",
            expected=f"{X.mean():.4f}",
            got="\n".join(f"{name}: {v.item():.4f}" for name, v in state.items() if v.size == 1),
            call="trainer.train(images, labels, 4)",
        )


@pytest.mark.points(3, question="training", requires=["test_one_loss_for_each_step"])
def test_a_second_stretch_goes_on(student):
    """Training in two stretches goes on where the first one ended.

    fa: آموزش در دو بخش از همان جایی پی گرفته می‌شود که بخش نخست پایان یافته است.
    hint: Keep the optimizer and the number of steps taken as attributes; make neither anew.
    hint-fa: بهینه‌ساز و شمار گام‌های برداشته‌شده را در خود شیء نگه دارید و از نو نسازید.
    """
    _, trainer = new_trainer(student, 120)
    X, y = some_digits(400)
    first, second = trainer.train(X, y, 80), trainer.train(X, y, 40)
    check_shape(first, (80,), what=HISTORY)
    check_shape(second, (40,), what=HISTORY)
    begin, end = float(np.mean(second[:5])), float(np.mean(second[-10:]))
    if not (begin < 0.5 * np.log(10) and end < 0.4 * np.log(10)):
        fail(
            "The losses of the second stretch are not those of a network that goes on learning.",
            "هزینه‌های بخش دوم از آنِ شبکه‌ای نیست که به آموختن ادامه می‌دهد.",
            expected=f"< {0.5 * np.log(10):.3f}, < {0.4 * np.log(10):.3f}",
            got=f"{begin:.3f}, {end:.3f}",
        )


@pytest.mark.points(4, question="training", requires=["test_one_loss_for_each_step"])
def test_twenty_images_are_learned_by_heart(student):
    """Trained on 20 images alone, the network labels all of them right.

    fa: شبکه‌ای که تنها با ۲۰ تصویر آموزش دیده، همهٔ آن‌ها را درست برچسب می‌زند.
    hint: A network that cannot overfit 20 samples has a mistake in it (slide 193).
    hint-fa: شبکه‌ای که نتواند ۲۰ نمونه را از بر کند جایی خطا دارد (اسلاید ۱۹۳).
    """
    X, y = some_digits(20)
    network, trainer = new_trainer(student, 150)
    trainer.train(X, y, 150)
    labels = np.asarray(student.predict(network, X))
    check_shape(labels, (20,), what=LABELS)
    right = int(np.sum(labels == y))
    if right < 20:
        fail(
            "After 150 steps on 20 images, some of these same images are labelled wrong.",
            "پس از ۱۵۰ گام با ۲۰ تصویر، برخی از همین تصویرها نادرست برچسب خورده‌اند.",
            expected="20",
            got=str(right),
        )


@pytest.mark.points(
    7,
    question="training",
    requires=["test_one_loss_for_each_step", "test_step.py::test_predicted_labels"],
)
def test_accuracy_within_the_budget(student, training_seed, training_data):
    """Trained within the budget, the network labels as many other images right as is asked for.

    fa: شبکه‌ای که در چارچوب بودجه آموزش دیده، به اندازهٔ خواسته‌شده از تصویرهای دیگر را
        درست برچسب می‌زند.
    """
    device = "cuda" if trains_on_gpu(student) else "cpu"
    asked = TRAININGS.get((training_data.name, device)) or TRAININGS[training_data.name, "cpu"]
    steps = asked["budget"].steps
    trainers = {}

    def build(task):
        channels, size = task.X_train.shape[1:3]
        network = student.new("build_network", channels, task.classes, size)
        if device == "cuda":  # moves it there, for the predictions of a new network too
            trainers[network] = student.new("Trainer", network, steps, task.device)
        return network

    def fit(network, task, stretch):
        if network not in trainers:
            trainers[network] = student.new("Trainer", network, steps, task.device)
        return trainers[network].train(task.X_train, task.y_train, stretch)

    check_training_accuracy(
        Network(
            student,
            build=build,
            fit=fit,
            steps=steps,
            parameters=TorchModule(),
            predict=lambda network, X: student.predict(network, X),
        ),
        seed=training_seed,
        data=training_data,
        disguise=Disguise.IMAGE,
        images=True,
        student=student,
        first_loss=float(np.log(10)),
        first_loss_rtol=0.2,
        what=LABELS,
        **asked,
    )
