"""Wrong versions of the loss, the learning rate and the accuracy."""

import numpy as np
from train_a_cnn_versions import right, solution

from autograder.checks.tensors import gradient_of, tensor
from autograder.components import Component, wrong_version

# --- smoothed_cross_entropy ---------------------------------------------------------------------


def cross_entropy(target_of=None, log_p_of=None, reduce=None, smooth=True):
    """A loss with other targets, another log-probability or another reduction."""

    def smoothed_cross_entropy(logits, labels, smoothing=0.0):
        torch = solution().torch
        classes = logits.shape[1]
        log_p = torch.log_softmax(logits, dim=1) if log_p_of is None else log_p_of(logits)
        smoothing = smoothing if smooth else 0.0
        true, other = (target_of or right_target)(smoothing, classes)
        hot = torch.eye(classes, dtype=logits.dtype)[labels]
        losses = -((hot * true + (1 - hot) * other) * log_p).sum(dim=1)
        return losses.mean() if reduce is None else reduce(losses)

    return smoothed_cross_entropy


def right_target(smoothing, classes):
    return 1 - smoothing + smoothing / classes, smoothing / classes


def plain_batch(student, rng):
    for smoothing in (0.0, 0.2):
        logits, labels = 2 * rng.normal(size=(6, 4)), np.array([0, 3, 1, 1, 2, 0])
        yield student.smoothed_cross_entropy(
            tensor(student, logits), tensor(student, labels), smoothing
        )


def huge_batch(student, rng):
    logits = tensor(student, np.array([[1000.0, -1000.0, 0.0]]))
    yield student.smoothed_cross_entropy(logits, tensor(student, np.array([0])), 0.1)


def differentiated(student, rng):
    leaf = tensor(student, rng.normal(size=(5, 3)), requires_grad=True)
    labels = tensor(student, np.array([2, 0, 1, 1, 0]))
    yield gradient_of(student, student.new("smoothed_cross_entropy", leaf, labels, 0.2), leaf)


LOSS_COMPONENT = Component(
    "smoothed_cross_entropy",
    question="loss",
    right=cross_entropy(),
    wrong=(
        wrong_version(
            "smoothed_cross_entropy.sum",
            "The losses of the batch are added up",
            "The loss is the mean over the batch: divide by N.",
            "هزینه‌های دسته جمع شده‌اند",
            "هزینه میانگین روی دسته است: بر N تقسیم کنید.",
        )(cross_entropy(reduce=lambda losses: losses.sum())),
        wrong_version(
            "smoothed_cross_entropy.ignored",
            "Nothing is smoothed",
            "The argument `smoothing` takes a part of the target from the true class.",
            "چیزی هموار نشده است",
            "آرگومان `smoothing` بخشی از هدف را از کلاس درست می‌گیرد.",
        )(cross_entropy(smooth=False)),
        wrong_version(
            "smoothed_cross_entropy.over_others",
            "The smoothing is shared among the K - 1 other classes only",
            "All K classes get smoothing / K, the true one too.",
            "هموارسازی تنها میان K - 1 کلاس دیگر پخش شده است",
            "هر K کلاس smoothing / K می‌گیرند، کلاس درست هم.",
        )(cross_entropy(lambda s, classes: (1 - s, s / (classes - 1)))),
        wrong_version(
            "smoothed_cross_entropy.true_share_missing",
            "The true class gets 1 - smoothing, without its share of the smoothing",
            "Its target is 1 - smoothing + smoothing / K: all targets sum to 1.",
            "کلاس درست 1 - smoothing گرفته، بدون سهم خود از هموارسازی",
            "هدف آن 1 - smoothing + smoothing / K است: جمع هدف‌ها 1 است.",
        )(cross_entropy(lambda s, classes: (1 - s, s / classes))),
        wrong_version(
            "smoothed_cross_entropy.softmax_twice",
            "The softmax is taken twice",
            "`cross_entropy` and `log_softmax` take logits, not probabilities.",
            "سافت‌مکس دو بار گرفته شده است",
            "`cross_entropy` و `log_softmax` لاجیت می‌گیرند، نه احتمال.",
        )(
            cross_entropy(
                log_p_of=lambda logits: solution().torch.log_softmax(
                    solution().torch.softmax(logits, dim=1), dim=1
                )
            )
        ),
        wrong_version(
            "smoothed_cross_entropy.over_the_batch",
            "The softmax runs over the batch, and not over the classes",
            "The classes are axis 1: `dim=1`.",
            "سافت‌مکس روی دسته گرفته شده است، نه روی کلاس‌ها",
            "کلاس‌ها محور 1 اند: `dim=1`.",
        )(cross_entropy(log_p_of=lambda logits: solution().torch.log_softmax(logits, dim=0))),
        wrong_version(
            "smoothed_cross_entropy.overflows",
            "e^x overflows for large logits",
            "`torch.log_softmax` takes the largest logit off first.",
            "e^x برای لاجیت‌های بزرگ سرریز می‌کند",
            "`torch.log_softmax` نخست بزرگ‌ترین لاجیت را کم می‌کند.",
        )(
            cross_entropy(
                log_p_of=lambda logits: (logits.exp() / logits.exp().sum(dim=1, keepdim=True)).log()
            )
        ),
        wrong_version(
            "smoothed_cross_entropy.detached",
            "The loss is cut from the graph: no gradient reaches the logits",
            "Return the tensor itself, without `.item()`, `.detach()` or numpy.",
            "هزینه از گراف بریده شده است: گرادیانی به لاجیت‌ها نمی‌رسد",
            "خود تنسور را برگردانید، بدون `.item()`، `.detach()` یا نامپای.",
        )(cross_entropy(reduce=lambda losses: losses.mean().detach())),
    ),
    session=(plain_batch, huge_batch, differentiated),
)

# --- learning_rate ------------------------------------------------------------------------------


def schedule(rise=None, t_of=None, fall=None):
    """A schedule with another rise, another clock or another fall."""

    def learning_rate(step, steps, peak, warmup):
        if step < warmup:
            return peak * ((step + 1) / warmup if rise is None else rise(step, warmup))
        if t_of is None:
            t = (step - warmup) / (steps - warmup)
        else:
            t = t_of(step, steps, warmup)
        return float(peak * ((1 + np.cos(np.pi * t)) / 2 if fall is None else fall(t)))

    return learning_rate


RATE = Component(
    "learning_rate",
    question="loss",
    right=schedule(),
    wrong=(
        wrong_version(
            "learning_rate.starts_at_zero",
            "The first step has a learning rate of 0",
            "The steps are counted from 0: peak * (step + 1) / warmup.",
            "نرخ یادگیری گام نخست 0 است",
            "گام‌ها از 0 شمرده می‌شوند: peak * (step + 1) / warmup.",
        )(schedule(rise=lambda step, warmup: step / warmup)),
        wrong_version(
            "learning_rate.warmup_counted_in",
            "The cosine counts from the first step, and not from the end of the warmup",
            "t = (step - warmup) / (steps - warmup).",
            "کسینوس از گام نخست شمرده می‌شود، نه از پایان گرم‌کردن",
            "t = (step - warmup) / (steps - warmup).",
        )(schedule(t_of=lambda step, steps, warmup: step / steps)),
        wrong_version(
            "learning_rate.divided_by_all_steps",
            "The cosine is stretched over all the steps, and does not come to its end",
            "After the warmup only steps - warmup are left.",
            "کسینوس روی همهٔ گام‌ها کشیده شده است و به پایان نمی‌رسد",
            "پس از گرم‌کردن تنها steps - warmup گام مانده است.",
        )(schedule(t_of=lambda step, steps, warmup: (step - warmup) / steps)),
        wrong_version(
            "learning_rate.linear",
            "It falls in a straight line",
            "It falls as (1 + cos(pi * t)) / 2.",
            "روی یک خط راست پایین می‌آید",
            "باید مانند (1 + cos(pi * t)) / 2 پایین بیاید.",
        )(schedule(fall=lambda t: 1 - t)),
        wrong_version(
            "learning_rate.half_missing",
            "The half is missing: after the warmup the rate jumps to twice the peak",
            "peak * (1 + cos(pi * t)) / 2.",
            "نصف جا افتاده است: پس از گرم‌کردن نرخ به دو برابر بیشینه می‌پرد",
            "peak * (1 + cos(pi * t)) / 2.",
        )(schedule(fall=lambda t: 1 + np.cos(np.pi * t))),
        wrong_version(
            "learning_rate.whole_period",
            "It runs through a whole period of the cosine and rises again",
            "Half a period, cos(pi * t), falls from 1 to -1.",
            "یک دورهٔ کامل کسینوس پیموده می‌شود و نرخ دوباره بالا می‌رود",
            "نیم‌دوره، cos(pi * t)، از 1 تا -1 پایین می‌آید.",
        )(schedule(fall=lambda t: (1 + np.cos(2 * np.pi * t)) / 2)),
    ),
    probe=lambda rng: [
        (step, steps, 0.3, warmup) for steps, warmup in ((20, 4), (12, 0)) for step in range(steps)
    ],
)

# --- accuracy -----------------------------------------------------------------------------------


def share(student, rng):
    logits, labels = rng.normal(size=(12, 5)), rng.integers(0, 5, 12)
    labels[:7] = logits[:7].argmax(axis=1)
    yield student.accuracy(tensor(student, logits), tensor(student, labels))


def hits(logits, labels):
    return float((logits.argmax(dim=1) == labels).sum())


ACCURACY = Component(
    "accuracy",
    question="loss",
    right=right("accuracy"),
    wrong=(
        wrong_version(
            "accuracy.count",
            "The right samples are counted, and not divided by all",
            "Divide by the number of samples.",
            "نمونه‌های درست شمرده شده‌اند و بر همه تقسیم نشده‌اند",
            "بر شمار نمونه‌ها تقسیم کنید.",
        )(hits),
        wrong_version(
            "accuracy.errors",
            "The share of the wrong samples is returned",
            "The accuracy is the share of the right ones.",
            "سهم نمونه‌های نادرست برگردانده شده است",
            "دقت سهم نمونه‌های درست است.",
        )(lambda logits, labels: 1 - hits(logits, labels) / len(labels)),
        wrong_version(
            "accuracy.percent",
            "It is in percent",
            "The accuracy is a number from 0 to 1.",
            "به درصد است",
            "دقت عددی از 0 تا 1 است.",
        )(lambda logits, labels: 100 * hits(logits, labels) / len(labels)),
        wrong_version(
            "accuracy.divided_by_classes",
            "It is divided by the number of classes",
            "Divide by the number of samples, `len(labels)`.",
            "بر شمار کلاس‌ها تقسیم شده است",
            "بر شمار نمونه‌ها، `len(labels)`، تقسیم کنید.",
        )(lambda logits, labels: hits(logits, labels) / logits.shape[1]),
    ),
    session=share,
)

LOSS = [LOSS_COMPONENT, RATE, ACCURACY]
