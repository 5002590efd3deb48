"""Checks of layer and group normalization, which take each example by itself."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_backward, check_shape, check_unchanged, check_value
from autograder.checks.answers import parts
from autograder.checks.properties import (
    group_norm_normalizes_each_group,
    group_norm_takes_each_group_alone,
    layer_norm_ignores_brightness_and_contrast,
    layer_norm_normalizes_each_example,
    layer_norm_takes_each_example_alone,
)
from autograder.checks.topic import topic
from reference import normalization as right

OUTPUT = {"en": "the output", "fa": "خروجی"}
BOTH = {"en": "the output and the cache", "fa": "خروجی و حافظه"}
EPS = 1e-2


def output(student, name, *arguments):
    return parts(student.call(f"{name}_forward", *arguments), 2, topic(BOTH))[0]


def layer_norm(student):
    return lambda x, gamma, beta: output(student, "layernorm", x, gamma, beta)


def group_norm(student):
    return lambda x, gamma, beta, groups: output(student, "groupnorm", x, gamma, beta, groups)


def examples(rng, shape):
    """Each example and channel with a mean of its own, the variances not large beside eps."""
    apart = rng.normal(size=(*shape[:2], *[1] * (len(shape) - 2)))
    x = 0.3 * rng.normal(size=shape) + apart
    return x, rng.uniform(1, 2, shape[1]), rng.uniform(1, 2, shape[1])


@pytest.mark.points(2, question="layernorm")
def test_layernorm_of_one_example(student):
    """x = [[1, 2, 3, 4]], eps = 1: the mean is 2.5, the variance 1.25, the output -1, ..., 1.

    fa: برای x = [[1, 2, 3, 4]] و eps = 1 میانگین 2.5، واریانس 1.25 و خروجی -1 تا 1 است.
    hint: (1 - 2.5) / sqrt(1.25 + 1) = -1.
    hint-fa: برای نخستین مقدار (1 - 2.5) / sqrt(1.25 + 1) = -1.
    """
    out = output(student, "layernorm", np.array([[1.0, 2, 3, 4]]), np.ones(4), np.zeros(4), 1.0)
    check_value(out, np.array([[-1, -1 / 3, 1 / 3, 1]]), what=OUTPUT)


@pytest.mark.points(3, question="layernorm")
def test_layernorm_forward(student, rng):
    """Each example is normalized over its own features; gamma and beta belong to the features.

    fa: هر نمونه روی ویژگی‌های خودش نرمال می‌شود؛ gamma و beta از آنِ ویژگی‌ها هستند.
    hint: `axis=1` with keepdims=True for mean and variance.
    hint-fa: میانگین و واریانس با `axis=1` و keepdims=True.
    """
    for shape in ((5, 4), (3, 6), (4, 4)):
        x, gamma, beta = examples(rng, shape)
        out = output(student, "layernorm", x, gamma, beta, EPS)
        check_shape(out, shape, what=OUTPUT)
        check_value(out, right.layer_norm_forward(x, gamma, beta, eps=EPS)[0], what=OUTPUT)


@pytest.mark.points(
    2, question="layernorm", visibility="hidden", requires=["test_layernorm_of_one_example"]
)
@settings(max_examples=10)
@given(case=layer_norm_normalizes_each_example.cases())
def test_layernorm_of_any_examples(student, case):
    """An example depends on no other, and neither on its brightness nor on its contrast.

    fa: خروجی یک نمونه نه به نمونه‌های دیگر بسته است و نه به روشنایی و کنتراست خودش.
    """
    layer_norm_normalizes_each_example(layer_norm(student), *case)
    layer_norm_takes_each_example_alone(layer_norm(student), *case)
    layer_norm_ignores_brightness_and_contrast(layer_norm(student), *case)


@pytest.mark.points(4, question="layernorm", requires=["test_layernorm_forward"])
def test_layernorm_backward(student, rng):
    """dx, dgamma and dbeta are the gradients of `layernorm_forward`.

    fa: مقدارهای dx، dgamma و dbeta گرادیان‌های `layernorm_forward` هستند.
    hint: The means in dx run over the features, the sums in dgamma and dbeta over the examples.
    hint-fa: میانگین‌های dx روی ویژگی‌ها و جمع‌های dgamma و dbeta روی نمونه‌هاست.
    """
    for shape in ((5, 4), (4, 4)):
        x, gamma, beta = examples(rng, shape)
        check_backward(
            student,
            "layernorm_forward",
            "layernorm_backward",
            {"x": x, "gamma": gamma, "beta": beta},
            rng=rng,
            extra=(EPS,),
            reference=(
                lambda x, gamma, beta, eps: right.layer_norm_forward(x, gamma, beta, eps=eps),
                lambda dout, cache: tuple(right.layer_norm_backward(dout, cache)),
            ),
            sizes={"N": shape[0], "D": shape[1]},
        )


@pytest.mark.points(4, question="layernorm")
def test_groupnorm_forward(student, rng):
    """Each group of neighbouring channels of each image has its own mean and variance.

    fa: هر گروه از کانال‌های همسایهٔ هر تصویر میانگین و واریانس خود را دارد.
    hint: Reshape to (N, groups, C / groups, H, W), normalize over the last three axes, go back.
    hint-fa: به (N, groups, C / groups, H, W) تغییر شکل دهید، روی سه محور آخر نرمال کنید و برگردید.
    """
    for groups in (3, 2, 1, 6):
        x, gamma, beta = examples(rng, (3, 6, 2, 3))
        out = output(student, "groupnorm", x, gamma, beta, groups, EPS)
        check_shape(out, x.shape, what=OUTPUT)
        expected, _ = right.group_norm_forward(x, gamma, beta, groups=groups, eps=EPS)
        check_value(out, expected, what=OUTPUT)


@pytest.mark.points(2, question="layernorm", requires=["test_groupnorm_forward"])
@settings(max_examples=8)
@given(case=group_norm_normalizes_each_group.cases())
def test_groupnorm_of_any_images(student, case):
    """Each group has mean 0 and deviation 1 before gamma and beta, whatever is in the others.

    fa: پیش از gamma و beta هر گروه میانگین 0 و انحراف 1 دارد، هر چه در گروه‌های دیگر باشد.
    """
    group_norm_normalizes_each_group(group_norm(student), *case)
    group_norm_takes_each_group_alone(group_norm(student), *case)


@pytest.mark.points(4, question="layernorm", requires=["test_groupnorm_forward"])
def test_groupnorm_backward(student, rng):
    """dx, dgamma and dbeta are the gradients of `groupnorm_forward`.

    fa: مقدارهای dx، dgamma و dbeta گرادیان‌های `groupnorm_forward` هستند.
    hint: Multiply by gamma first, then take the means: the channels of a group have different ones.
    hint-fa: نخست در gamma ضرب کنید، سپس میانگین بگیرید: کانال‌های یک گروه gammaهای گوناگون دارند.
    """
    x, gamma, beta = examples(rng, (2, 6, 2, 3))

    def forward(x, gamma, beta, groups, eps):
        return right.group_norm_forward(x, gamma, beta, groups=groups, eps=eps)

    check_backward(
        student,
        "groupnorm_forward",
        "groupnorm_backward",
        {"x": x, "gamma": gamma, "beta": beta},
        rng=rng,
        extra=(3, EPS),
        reference=(forward, lambda dout, cache: tuple(right.group_norm_backward(dout, cache))),
        sizes={"N": 2, "C": 6},
    )


@pytest.mark.points(
    1, question="layernorm", requires=["test_layernorm_forward", "test_groupnorm_forward"]
)
def test_layer_and_group_norm_leave_their_arguments_alone(student, rng):
    """Neither the forward nor the backward passes change what they are given.

    fa: نه گذرهای پیش‌رو و نه گذرهای پس‌رو آنچه را گرفته‌اند تغییر نمی‌دهند.
    """
    for name, shape, extra in (("layernorm", (3, 4), ()), ("groupnorm", (2, 4, 2, 2), (2,))):
        answer = student.call(f"{name}_forward", *examples(rng, shape), *extra)
        check_unchanged(student)
        student.call(f"{name}_backward", np.ones(shape), parts(answer, 2, topic(BOTH))[1])
        check_unchanged(student)
