"""Checks of the loss, the learning rate and the accuracy (slides s.80-84, s.193, s.222)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import Call, check_value
from autograder.checks.tensors import gradient_of, tensor
from autograder.errors import CheckFailure, FailureDetails

LOSS = {"en": "the loss", "fa": "هزینه"}
GRADIENT = {"en": "the gradient of the loss with respect to the logits", "fa": "گرادیان هزینه"}
RATES = {"en": "the learning rates", "fa": "نرخ‌های یادگیری"}
ACCURACY = {"en": "the accuracy", "fa": "دقت"}


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def targets(labels, classes, smoothing):
    return (1 - smoothing) * np.eye(classes)[labels] + smoothing / classes


def right_loss(logits, labels, smoothing):
    target = targets(labels, logits.shape[1], smoothing)
    return float(-(target * log_softmax(logits)).sum(axis=1).mean())


def loss_of(student, logits, labels, smoothing=0.0):
    return student.smoothed_cross_entropy(
        tensor(student, logits), tensor(student, labels), smoothing
    )


def rate(step, steps, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup))) / 2


@pytest.mark.points(2, question="loss")
def test_loss_of_the_slides(student):
    """For the scores 3.2, 5.1 and -1.7 of the cat picture, the loss is 2.04.

    fa: برای امتیازهای 3.2، 5.1 و -1.7 تصویر گربه، هزینه 2.04 است.
    hint: Without smoothing it is -ln of the probability of the true class, here -ln 0.13.
    hint-fa: بدون هموارسازی برابر است با -ln احتمال کلاس درست، در اینجا -ln 0.13.
    """
    logits = np.array([[3.2, 5.1, -1.7]])
    got = loss_of(student, logits, np.array([0]))
    check_value(got, right_loss(logits, np.array([0]), 0.0), what=LOSS)


@pytest.mark.points(3, question="loss", requires=["test_loss_of_the_slides"])
def test_the_loss_is_smoothed(student, rng):
    """With smoothing, all classes share in the target, the true one too; the mean over the batch.

    fa: با هموارسازی همهٔ کلاس‌ها در هدف سهم دارند، کلاس درست هم؛ میانگین روی دسته.
    hint: The true class gets 1 - smoothing + smoothing / K, each other class smoothing / K.
    hint-fa: کلاس درست 1 - smoothing + smoothing / K و هر کلاس دیگر smoothing / K می‌گیرد.
    """
    logits, labels = 2 * rng.normal(size=(6, 4)), np.array([0, 3, 1, 1, 2, 0])
    for smoothing in (0.0, 0.1, 0.4):
        got = loss_of(student, logits, labels, smoothing)
        check_value(got, right_loss(logits, labels, smoothing), what=LOSS)


@pytest.mark.points(2, question="loss", requires=["test_loss_of_the_slides"])
def test_huge_logits_have_a_finite_loss(student):
    """Logits of 1000 and -1000 give the right, finite loss.

    fa: لاجیت‌های 1000 و -1000 هزینهٔ درست و متناهی می‌دهند.
    hint: e^1000 overflows, and the log of 0 is infinite: `torch.log_softmax` avoids both.
    hint-fa: e^1000 سرریز می‌کند و لگاریتم 0 بی‌نهایت است: `torch.log_softmax` از هر دو می‌پرهیزد.
    """
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0]])
    for labels in ([0, 1], [1, 2]):
        got = loss_of(student, logits, np.array(labels), 0.1)
        check_value(got, right_loss(logits, np.array(labels), 0.1), what=LOSS)


@pytest.mark.points(3, question="loss", requires=["test_the_loss_is_smoothed"])
def test_the_loss_can_be_differentiated(student, rng):
    """`backward()` of the loss reaches the logits: (softmax - target) / N.

    fa: متد `backward()` هزینه به لاجیت‌ها می‌رسد: (softmax - target) / N.
    hint: Stay with tensors: `.item()`, `.detach()`, numpy and `float(...)` cut the graph.
    hint-fa: با تنسور بمانید: `.item()`، `.detach()`، نامپای و `float(...)` گراف را می‌بُرند.
    """
    logits, labels = rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 0])
    leaf = tensor(student, logits, requires_grad=True)
    loss = student.new("smoothed_cross_entropy", leaf, tensor(student, labels), 0.2)
    right = (np.exp(log_softmax(logits)) - targets(labels, 3, 0.2)) / len(labels)
    check_value(gradient_of(student, loss, leaf), right, what=GRADIENT)


@pytest.mark.points(1, question="loss", visibility="hidden", requires=["test_loss_of_the_slides"])
@given(
    classes=st.integers(2, 12),
    smoothing=st.floats(0, 0.5),
    level=st.floats(-50, 50),
)
def test_equal_logits_cost_ln_of_the_classes(student, classes, smoothing, level):
    """Equal logits cost ln C, however much is smoothed.

    fa: هزینهٔ لاجیت‌های برابر ln C است، با هر اندازه هموارسازی.
    """
    logits = np.full((3, classes), level)
    labels = np.array([0, classes - 1, classes // 2])
    check_value(loss_of(student, logits, labels, smoothing), np.log(classes), what=LOSS)


@pytest.mark.points(2, question="loss")
def test_the_learning_rate_warms_up_and_falls(student):
    """The learning rate grows over 5 steps to 0.1, then falls along a cosine over 45.

    fa: نرخ یادگیری در ۵ گام تا 0.1 بالا می‌رود و سپس در ۴۵ گام روی یک کسینوس پایین می‌آید.
    hint: Step 0 already learns: (step + 1) / warmup. Then t counts from the end of the warmup.
    hint-fa: گام 0 هم می‌آموزد: (step + 1) / warmup. سپس t از پایان گرم‌کردن شمرده می‌شود.
    """
    check_rates(student, 50, 0.1, 5)


@pytest.mark.points(1, question="loss")
def test_no_warmup(student):
    """Without a warmup the learning rate begins at its peak.

    fa: بدون گرم‌کردن، نرخ یادگیری از بیشینهٔ خود آغاز می‌شود.
    """
    check_rates(student, 20, 0.5, 0)


@pytest.mark.points(1, question="loss", visibility="hidden")
@pytest.mark.parametrize(("steps", "peak", "warmup"), [(7, 1.0, 6), (300, 0.003, 30)])
def test_other_schedules(student, steps, peak, warmup):
    """Other numbers of steps and peaks.

    fa: شمار گام‌ها و بیشینه‌های دیگر.
    """
    check_rates(student, steps, peak, warmup)


def check_rates(student, steps, peak, warmup):
    calls = [Call("learning_rate", (step, steps, peak, warmup)) for step in range(steps)]
    right = np.array([rate(step, steps, peak, warmup) for step in range(steps)])
    for call, got, wanted in zip(calls, student.calls(calls), right, strict=True):
        shown = f"learning_rate({', '.join(map(str, call.arguments))})"
        check_value(got, wanted, what=RATES, call=shown, atol=1e-7 * peak)


@pytest.mark.points(2, question="loss")
def test_three_of_four_are_right(student):
    """Three right samples of four are an accuracy of 0.75.

    fa: سه نمونهٔ درست از چهار نمونه یعنی دقت 0.75.
    """
    logits = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [-1.0, -5.0, -0.5], [0.0, 9.0, 8.0]])
    got = student.accuracy(tensor(student, logits), tensor(student, np.array([0, 2, 0, 1])))
    if isinstance(got, np.ndarray):
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "A Python number is asked for; a tensor came back. `.item()` makes one.",
                    "fa": "یک عدد پایتون خواسته شده و یک تنسور برگشته است؛ `.item()` آن را می‌سازد.",
                },
                got=str(got),
            )
        )
    check_value(got, 0.75, what=ACCURACY)


@pytest.mark.points(
    1, question="loss", visibility="hidden", requires=["test_three_of_four_are_right"]
)
def test_accuracy_of_many(student, rng):
    """The accuracy of 300 samples is the number of right ones over 300.

    fa: دقت ۳۰۰ نمونه برابر شمار درست‌ها تقسیم بر ۳۰۰ است.
    """
    logits, labels = rng.normal(size=(300, 5)), rng.integers(0, 5, 300)
    got = student.accuracy(tensor(student, logits), tensor(student, labels))
    check_value(got, float(np.mean(logits.argmax(axis=1) == labels)), what=ACCURACY, rtol=1e-5)
