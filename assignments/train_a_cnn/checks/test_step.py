"""Checks of one training step and of predictions: gradients, modes, what is changed (s.88)."""

import numpy as np
import pytest

from autograder.checks import TorchModule, check_labels, check_shape, check_value
from autograder.checks.tensors import tensor
from autograder.errors import CheckFailure, FailureDetails

STEP = {"en": "the loss before the step", "fa": "هزینهٔ پیش از گام"}
WEIGHTS = {"en": "the weights after the step", "fa": "وزن‌ها پس از گام"}

LINEAR = (
    "(lambda nn: nn.Sequential(nn.Flatten(), nn.Linear(4, 3, bias=False)).double())"
    "(__import__('torch').nn)"
)
WITH_BATCH_NORM = (
    "(lambda nn: nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5),"
    " nn.Flatten(), nn.Linear(144, 10)))(__import__('torch').nn)"
)
SGD = "lambda net, rate: __import__('torch').optim.SGD(net.parameters(), lr=rate)"
RATE = 0.5

# What a check says was called, where it looked into the network afterwards.
TRAINED = "train_step(network, optimizer, images, labels)"
PREDICTED = "predict(network, images)"


def fail(en, fa, **shown):
    raise CheckFailure(FailureDetails({"en": en, "fa": fa}, **shown))


class Linear:
    """A network without biases whose loss and steps one can compute by hand, and its optimizer."""

    def __init__(self, student, rng):
        self.student = student
        self.W = rng.normal(size=(3, 4))
        self.X = rng.normal(size=(6, 1, 2, 2))
        self.y = np.array([0, 2, 1, 1, 0, 2])
        self.network = student.define(LINEAR)
        TorchModule().put(student, self.network, {"1.weight": self.W})
        self.optimizer = student.define(SGD).keep("__call__", self.network, RATE)

    def step(self, smoothing=0.0):
        """One step of the student's; what it returned, what it should return, and W before."""
        target = (1 - smoothing) * np.eye(3)[self.y] + smoothing / 3
        scores = self.X.reshape(6, 4) @ self.W.T
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        loss = -(target * log_p).sum(axis=1).mean()
        self.W = self.W - RATE * (np.exp(log_p) - target).T @ self.X.reshape(6, 4) / 6
        images, labels = tensor(self.student, self.X), tensor(self.student, self.y)
        return self.student.train_step(
            self.network, self.optimizer, images, labels, smoothing
        ), loss

    def weights(self):
        return TorchModule().take(self.student, self.network)["1.weight"]


@pytest.mark.points(4, question="step")
def test_one_step_of_gradient_descent(student, rng):
    """One step takes the learning rate times the gradient off the weights.

    fa: یک گام به اندازهٔ نرخ یادگیری برابر گرادیان از وزن‌ها کم می‌کند.
    hint: zero_grad, loss, backward, step, in this order.
    hint-fa: به این ترتیب: zero_grad، هزینه، backward، step.
    """
    linear = Linear(student, rng)
    linear.step()
    check_value(linear.weights(), linear.W, what=WEIGHTS, call=TRAINED)


@pytest.mark.points(2, question="step", requires=["test_one_step_of_gradient_descent"])
def test_gradients_do_not_add_up(student, rng):
    """The third step uses its own gradient, without those of the steps before.

    fa: گام سوم گرادیان خودش را به کار می‌برد، بدون گرادیان گام‌های پیشین.
    hint: `backward()` adds to `.grad`: `optimizer.zero_grad()` in every step.
    hint-fa: متد `backward()` به `.grad` می‌افزاید: در هر گام `optimizer.zero_grad()`.
    """
    linear = Linear(student, rng)
    for _ in range(3):
        linear.step()
    check_value(linear.weights(), linear.W, what=WEIGHTS, call=TRAINED)


@pytest.mark.points(2, question="step")
def test_the_loss_before_the_step_comes_back(student, rng):
    """`train_step` returns the loss before its step, as a plain number.

    fa: تابع `train_step` هزینهٔ پیش از گام را به صورت عدد ساده برمی‌گرداند.
    hint: `loss.item()`: a tensor would keep the whole graph in memory.
    hint-fa: `loss.item()`: خود تنسور همهٔ گراف را در حافظه نگه می‌دارد.
    """
    got, right = Linear(student, rng).step()
    if isinstance(got, np.ndarray):
        fail(
            "A Python number is asked for; a tensor came back.",
            "یک عدد پایتون خواسته شده و یک تنسور برگشته است.",
            got=str(got),
        )
    check_value(got, right, what=STEP)


@pytest.mark.points(
    1, question="step", visibility="hidden", requires=["test_one_step_of_gradient_descent"]
)
def test_the_smoothing_counts(student, rng):
    """The loss of the step is smoothed as the argument says.

    fa: هزینهٔ گام همان گونه که آرگومان می‌گوید هموار می‌شود.
    """
    linear = Linear(student, rng)
    got, right = linear.step(0.3)
    check_value(got, right, what=STEP)
    check_value(linear.weights(), linear.W, what=WEIGHTS, call=TRAINED)


@pytest.mark.points(3, question="step")
def test_a_step_is_taken_in_training_mode(student, rng):
    """A step is taken in training mode, also after predictions: batch norm sees the batch.

    fa: گام آموزش در حالت آموزش برداشته می‌شود، پس از پیش‌بینی هم: نرمال‌سازی دسته‌ای دسته را می‌بیند.
    hint: Call `train()` of the network before the forward pass.
    hint-fa: پیش از گذر رو به جلو `train()` شبکه را صدا بزنید.
    """
    network, images = batch_norm_network(student, rng)
    network.keep("eval")
    optimizer = student.define(SGD).keep("__call__", network, 0.1)
    labels = tensor(student, np.arange(20) % 10)
    student.train_step(network, optimizer, tensor(student, images), labels)
    seen = TorchModule().take(student, network)["1.num_batches_tracked"]
    if int(seen) != 1:
        fail(
            "After one step, the batch norm layer should have seen one batch in training mode.",
            "پس از یک گام، لایهٔ نرمال‌سازی دسته‌ای باید یک دسته را در حالت آموزش دیده باشد.",
            expected="1",
            got=str(int(seen)),
            call=TRAINED,
        )


def batch_norm_network(student, rng):
    network = student.define(WITH_BATCH_NORM)
    student.define("lambda net: net.train() and None").call("__call__", network)
    return network, (2 + rng.normal(size=(20, 1, 8, 8))).astype(np.float32)


@pytest.mark.points(2, question="step")
def test_predicted_labels(student, rng):
    """`predict` gives the class with the largest logit for each image, also for one image.

    fa: تابع `predict` برای هر تصویر کلاسی را می‌دهد که بزرگ‌ترین لاجیت را دارد، برای یک تصویر هم.
    """
    network = student.define(WITH_BATCH_NORM)
    network.keep("eval")
    images = rng.normal(size=(30, 1, 8, 8)).astype(np.float32)
    logits = np.asarray(network.call("__call__", tensor(student, images)))
    check_labels(student.predict(network, images), logits.argmax(axis=1))
    check_labels(student.predict(network, images[:1]), logits[:1].argmax(axis=1))


@pytest.mark.points(3, question="step", requires=["test_predicted_labels"])
def test_predictions_are_made_in_evaluation_mode(student, rng):
    """Predictions of a network in training mode: no dropout, and no batch statistics.

    fa: پیش‌بینی با شبکه‌ای که در حالت آموزش است: بدون دراپ‌اوت و بدون آماره‌های دسته.
    hint: Call `eval()` of the network before the forward pass.
    hint-fa: پیش از گذر رو به جلو `eval()` شبکه را صدا بزنید.
    """
    network, images = batch_norm_network(student, rng)
    got = student.predict(network, images)
    check_shape(got, (20,))
    network.keep("eval")
    logits = np.asarray(network.call("__call__", tensor(student, images)))
    check_labels(got, logits.argmax(axis=1))


@pytest.mark.points(2, question="step", requires=["test_predicted_labels"])
def test_predicting_changes_nothing(student, rng):
    """Asking for labels changes no number of the network.

    fa: پرسیدن برچسب‌ها هیچ عددی از شبکه را تغییر نمی‌دهد.
    """
    network, images = batch_norm_network(student, rng)
    before = TorchModule().take(student, network)
    student.predict(network, images)
    after = TorchModule().take(student, network)
    if changed := [name for name in before if not np.array_equal(before[name], after[name])]:
        fail(
            "`predict` has changed the network.",
            "تابع `predict` شبکه را تغییر داده است.",
            got=", ".join(changed),
            call=PREDICTED,
        )


@pytest.mark.points(1, question="step", visibility="hidden", requires=["test_predicted_labels"])
def test_predictions_for_many_images(student, rng):
    """The labels of 1,203 images come back in the images' order.

    fa: برچسب‌های ۱۲۰۳ تصویر به ترتیب تصویرها برمی‌گردند.
    """
    network = student.define(WITH_BATCH_NORM)
    network.keep("eval")
    images = rng.normal(size=(1203, 1, 8, 8)).astype(np.float32)
    logits = np.asarray(network.call("__call__", tensor(student, images)))
    check_labels(student.predict(network, images), logits.argmax(axis=1))
