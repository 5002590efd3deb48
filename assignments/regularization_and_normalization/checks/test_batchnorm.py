"""Checks of batch normalization, in training and at test time, of features and of channels."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import Call, check_backward, check_shape, check_unchanged, check_value
from autograder.checks.answers import entries, parts
from autograder.checks.properties import (
    batch_norm_at_test_time_takes_each_example_alone,
    batch_norm_centres_on_beta,
    batch_norm_gradient_sums_to_0,
    batch_norm_of_a_batch_twice_is_the_same,
    batch_norm_of_a_constant_is_beta,
    batch_norm_parameters_get_their_sums,
    batch_norm_spreads_by_gamma,
    batch_norm_takes_each_feature_alone,
)
from autograder.checks.topic import topic
from reference.normalization import (
    RunningStatistics,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_inference_forward,
)

OUTPUT = {"en": "the output", "fa": "خروجی"}
ANSWER = {
    "en": "the output, the cache and the running averages",
    "fa": "خروجی، حافظه و میانگین‌های جاری",
}
RUNNING = {"en": "the running averages", "fa": "میانگین‌های جاری"}
MEAN = {"en": "the running mean", "fa": "میانگین جاری"}
VARIANCE = {"en": "the running variance", "fa": "واریانس جاری"}
CASES = batch_norm_centres_on_beta.cases()
EPS = 1e-2
FEATURES, SPATIAL = "batchnorm", "spatial_batchnorm"


def unit(channels):
    """Running averages that no batch has moved yet."""
    return {"mean": np.zeros(channels), "var": np.ones(channels)}


def forward(student, *arguments, name=FEATURES):
    """The output and the running averages, both checked to be there."""
    answer = parts(student.call(f"{name}_forward", *arguments), 3, topic(ANSWER))
    return answer[0], entries(answer[2], ["mean", "var"], topic(RUNNING))


def in_training(student):
    def train(x, gamma, beta):
        return forward(student, x, gamma, beta, unit(len(gamma)), True)[0]

    return train


def batch(rng, shape=(6, 4)):
    """A batch whose variances are not large beside eps; gamma and beta."""
    x = 0.3 * rng.normal(size=shape) + rng.uniform(1, 3, (shape[1], *[1] * (len(shape) - 2)))
    return x, rng.uniform(1, 2, shape[1]), rng.uniform(1, 2, shape[1])


@pytest.mark.points(2, question="batchnorm")
def test_batchnorm_of_a_small_batch(student):
    """x = [[1, 10], [3, 30]], eps = 3: the columns become -1/2, 1/2 and -0.9853, 0.9853.

    fa: برای x = [[1, 10], [3, 30]] و eps = 3 ستون‌ها -1/2 و 1/2 و -0.9853 و 0.9853 می‌شوند.
    hint: The first column has mean 2 and variance 1: (1 - 2) / sqrt(1 + 3) = -1/2.
    hint-fa: میانگین ستون نخست 2 و واریانس آن 1 است: (1 - 2) / sqrt(1 + 3) = -1/2.
    """
    x = np.array([[1.0, 10.0], [3.0, 30.0]])
    out, _ = forward(student, x, np.ones(2), np.zeros(2), unit(2), True, 0.9, 3.0)
    second = 10 / np.sqrt(103)
    check_value(out, np.array([[-0.5, -second], [0.5, second]]), what=OUTPUT)


@pytest.mark.points(4, question="batchnorm")
def test_batchnorm_in_training(student, rng):
    """In training each feature is normalized by its own mean and variance in the batch.

    fa: در آموزش هر ویژگی با میانگین و واریانس خودش در دسته نرمال می‌شود.
    hint: Mean and variance run over the examples, `axis=0`; then gamma * xhat + beta.
    hint-fa: میانگین و واریانس روی نمونه‌هاست، `axis=0`؛ سپس gamma * xhat + beta.
    """
    for shape in ((6, 4), (5, 3), (4, 4)):
        x, gamma, beta = batch(rng, shape)
        out, _ = forward(student, x, gamma, beta, unit(shape[1]), True, 0.9, EPS)
        check_shape(out, shape, what=OUTPUT)
        check_value(out, batch_norm_forward(x, gamma, beta, eps=EPS)[0], what=OUTPUT)


@pytest.mark.points(
    2, question="batchnorm", visibility="hidden", requires=["test_batchnorm_of_a_small_batch"]
)
@settings(max_examples=10)
@given(case=CASES)
def test_batchnorm_of_any_batch(student, case):
    """Any batch comes out with the mean beta and the deviation gamma, each feature by itself.

    fa: هر دسته‌ای با میانگین beta و انحراف gamma بیرون می‌آید، هر ویژگی جدا.
    """
    train = in_training(student)
    batch_norm_centres_on_beta(train, *case)
    batch_norm_spreads_by_gamma(train, *case)
    batch_norm_takes_each_feature_alone(train, *case)
    batch_norm_of_a_batch_twice_is_the_same(train, *case)


@pytest.mark.points(1, question="batchnorm")
@settings(max_examples=5)
@given(case=CASES)
def test_batchnorm_of_a_constant(student, case):
    """A feature that is the same in the whole batch comes out as beta, not as NaN.

    fa: ویژگی‌ای که در کل دسته یکسان است beta می‌شود، نه NaN.
    hint: eps keeps the division away from 0.
    hint-fa: eps جلوی تقسیم بر 0 را می‌گیرد.
    """
    batch_norm_of_a_constant_is_beta(in_training(student), *case)


@pytest.mark.points(3, question="batchnorm")
def test_running_averages(student, rng):
    """In training the running averages keep `momentum` of themselves; the batch gives the rest.

    fa: در آموزش میانگین‌های جاری به اندازهٔ `momentum` از خود نگه می‌دارند و بقیه از دسته می‌آید.
    hint: momentum * running + (1 - momentum) * batch, with the variance x.var(axis=0).
    hint-fa: momentum * running + (1 - momentum) * batch، با واریانس x.var(axis=0).
    """
    x, gamma, beta = batch(rng)
    x = 2 * x
    mean, variance = rng.normal(size=4), rng.uniform(2, 3, 4)
    for momentum in (0.9, 0.25):
        before = {"mean": mean, "var": variance}
        _, after = forward(student, x, gamma, beta, before, True, momentum, EPS)
        moved = momentum * mean + (1 - momentum) * x.mean(axis=0)
        check_value(after["mean"], moved, what=MEAN)
        moved = momentum * variance + (1 - momentum) * x.var(axis=0)
        check_value(after["var"], moved, what=VARIANCE, sizes={"N": 6})


@pytest.mark.points(3, question="batchnorm")
def test_batchnorm_at_test_time(student, rng):
    """At test time the running averages normalize, and stay as they are.

    fa: در زمان آزمون میانگین‌های جاری نرمال می‌کنند و خود بی‌تغییر می‌مانند.
    hint: A prediction must not depend on the other examples: use no mean of x here.
    hint-fa: پیش‌بینی نباید به نمونه‌های دیگر وابسته باشد: این‌جا میانگینی از x به کار نبرید.
    """
    x, gamma, beta = batch(rng)
    statistics = RunningStatistics(rng.normal(size=4), rng.uniform(0.05, 0.4, 4))
    before = {"mean": statistics.mean, "var": statistics.variance}
    out, after = forward(student, x, gamma, beta, before, False, 0.9, EPS)
    expected, _ = batch_norm_inference_forward(x, gamma, beta, statistics, eps=EPS)
    check_value(out, expected, what=OUTPUT)
    check_value(after["mean"], statistics.mean, what=MEAN)
    check_value(after["var"], statistics.variance, what=VARIANCE)

    def inference(x, gamma, beta, mean, variance):
        return forward(student, x, gamma, beta, {"mean": mean, "var": variance}, False)[0]

    batch_norm_at_test_time_takes_each_example_alone(inference, x, gamma, beta)


@pytest.mark.points(
    1,
    question="batchnorm",
    visibility="hidden",
    requires=["test_batchnorm_in_training", "test_batchnorm_at_test_time"],
)
def test_testing_comes_close_to_training(student, rng):
    """After many batches like it, a batch comes out at test time nearly as in training.

    fa: پس از دسته‌های بسیار، یک دستهٔ همانند در آزمون تقریباً مانند آموزش بیرون می‌آید.
    """
    x, gamma, beta = batch(rng)
    running = unit(4)
    for _ in range(60):
        trained, running = forward(student, x, gamma, beta, running, True, 0.7, EPS)
    tested, _ = forward(student, x, gamma, beta, running, False, 0.7, EPS)
    check_value(tested, trained, what=OUTPUT, atol=1e-4)


class OutputAndCache:
    """A student whose forward passes return only what a gradient check looks at."""

    def __init__(self, student):
        self.student = student

    def __getattr__(self, name):
        return getattr(self.student, name)

    def calls(self, calls: list[Call]):
        answers = self.student.calls(calls)
        return [
            tuple(parts(answer, 3, topic(ANSWER))[:2]) if "forward" in call.name else answer
            for call, answer in zip(calls, answers, strict=True)
        ]


def check_gradients(student, rng, name, shape):
    x, gamma, beta = batch(rng, shape)

    def right(x, gamma, beta, running, train, momentum, eps):
        return batch_norm_forward(x, gamma, beta, eps=eps)

    check_backward(
        OutputAndCache(student),
        f"{name}_forward",
        f"{name}_backward",
        {"x": x, "gamma": gamma, "beta": beta},
        rng=rng,
        extra=(unit(shape[1]), True, 0.9, EPS),
        reference=(right, lambda dout, cache: tuple(batch_norm_backward(dout, cache))),
        sizes={"m": x.size // shape[1]},
    )


@pytest.mark.points(5, question="batchnorm", requires=["test_batchnorm_in_training"])
def test_batchnorm_backward(student, rng):
    """dx, dgamma and dbeta are the gradients of `batchnorm_forward` in training.

    fa: مقدارهای dx، dgamma و dbeta گرادیان‌های `batchnorm_forward` در آموزش‌اند.
    hint: Each x moves the batch's mean and variance too: subtract mean(dxhat) and
        xhat * mean(dxhat * xhat) from dxhat = gamma * dout, then divide by the deviation.
    hint-fa: هر x میانگین و واریانس دسته را هم جابه‌جا می‌کند: از dxhat = gamma * dout مقدارهای
        mean(dxhat) و xhat * mean(dxhat * xhat) را کم کنید، سپس بر انحراف معیار تقسیم کنید.
    """
    check_gradients(student, rng, FEATURES, (6, 4))


@pytest.mark.points(
    1,
    question="batchnorm",
    visibility="after_due_date",
    requires=["test_batchnorm_backward"],
)
@settings(max_examples=8)
@given(case=CASES)
def test_batchnorm_gradients_of_any_batch(student, case):
    """dx sums to 0 over the batch, because a shift of the whole batch changes nothing.

    fa: جمع dx روی دسته 0 است، چون جابه‌جایی کل دسته چیزی را عوض نمی‌کند.
    """

    def backward(dout, x, gamma, beta):
        answer = student.batchnorm_forward(x, gamma, beta, unit(len(gamma)), True)
        gradients = student.batchnorm_backward(dout, parts(answer, 3, topic(ANSWER))[1])
        if isinstance(gradients, dict):
            return tuple(gradients.get(f"d{name}") for name in ("x", "gamma", "beta"))
        return gradients

    batch_norm_gradient_sums_to_0(backward, *case)
    batch_norm_parameters_get_their_sums(in_training(student), backward, *case)


@pytest.mark.points(3, question="batchnorm")
def test_spatial_batchnorm(student, rng):
    """Images have one mean and variance for each channel, over all examples and pixels.

    fa: تصویرها برای هر کانال یک میانگین و واریانس دارند، روی همهٔ نمونه‌ها و پیکسل‌ها.
    hint: Average over the axes (0, 2, 3), or bring x to (N * H * W, C): transpose, then reshape.
    hint-fa: روی محورهای (0, 2, 3) میانگین بگیرید، یا x را به (N * H * W, C) ببرید: نخست transpose،
        سپس reshape.
    """
    x, gamma, beta = batch(rng, (3, 4, 2, 5))
    out, after = forward(student, x, gamma, beta, unit(4), True, 0.8, EPS, name=SPATIAL)
    check_shape(out, x.shape, what=OUTPUT)
    check_value(out, batch_norm_forward(x, gamma, beta, eps=EPS)[0], what=OUTPUT)
    check_value(after["mean"], 0.2 * x.mean(axis=(0, 2, 3)), what=MEAN)
    check_value(after["var"], 0.8 + 0.2 * x.var(axis=(0, 2, 3)), what=VARIANCE)
    statistics = RunningStatistics(rng.normal(size=4), rng.uniform(0.05, 0.4, 4))
    before = {"mean": statistics.mean, "var": statistics.variance}
    out, after = forward(student, x, gamma, beta, before, False, 0.8, EPS, name=SPATIAL)
    expected, _ = batch_norm_inference_forward(x, gamma, beta, statistics, eps=EPS)
    check_value(out, expected, what=OUTPUT)
    check_value(after["var"], statistics.variance, what=VARIANCE)


@pytest.mark.points(2, question="batchnorm", requires=["test_spatial_batchnorm"])
def test_spatial_batchnorm_backward(student, rng):
    """dx, dgamma and dbeta are the gradients of `spatial_batchnorm_forward` in training.

    fa: مقدارهای dx، dgamma و dbeta گرادیان‌های `spatial_batchnorm_forward` در آموزش‌اند.
    hint: The same formula with all means and sums over the axes (0, 2, 3).
    hint-fa: همان فرمول، با همهٔ میانگین‌ها و جمع‌ها روی محورهای (0, 2, 3).
    """
    check_gradients(student, rng, SPATIAL, (3, 4, 2, 3))


@pytest.mark.points(1, question="batchnorm", requires=["test_batchnorm_in_training"])
def test_batchnorm_leaves_its_arguments_alone(student, rng):
    """Batch normalization changes none of its arguments, `running` included.

    fa: نرمال‌سازی دسته هیچ‌یک از آرگومان‌هایش را تغییر نمی‌دهد، `running` را هم نه.
    hint: Make a new dict, and new arrays in it: `running["mean"] *= momentum` works in place.
    hint-fa: دیکشنری تازه‌ای با آرایه‌های تازه بسازید: `running["mean"] *= momentum` درجا کار می‌کند.
    """
    x, gamma, beta = batch(rng)
    answer = student.batchnorm_forward(x, gamma, beta, unit(4), True)
    check_unchanged(student)
    student.batchnorm_backward(np.ones_like(x), parts(answer, 3, topic(ANSWER))[1])
    check_unchanged(student)
