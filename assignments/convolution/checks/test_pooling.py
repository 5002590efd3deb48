"""Checks of pooling and of the kinds of convolution (slides s.308-313, S1, S2, S3)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_backward, check_shape, check_value
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    average_pooling_backward_is_adjoint,
    convolution_correlates_with_the_turned_kernel,
    depthwise_keeps_the_channels_apart,
    groups_are_convolutions_side_by_side,
    max_pooling_picks_the_largest,
    max_pooling_routes_to_winners_only,
    pooling_hands_the_whole_gradient_on,
    pooling_keeps_the_channels_apart,
)
from autograder.checks.strategies import images
from autograder.checks.topic import topic
from reference.layers import (
    average_pool2d_backward,
    average_pool2d_forward,
    conv2d_forward,
    correlate2d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)

OUTPUT = {"en": "the output", "fa": "خروجی"}
BOTH = {"en": "the output and the cache", "fa": "خروجی و حافظه"}
FILTERS = {"en": "the filters", "fa": "فیلترها"}
SQUARES = images(min_size=6, max_size=6, max_samples=2)


def forward_of(student, name):
    """The output alone; windows are square here."""

    def pool(x, window, stride):
        return parts_of(student.call(name, x, window[0], stride), 2, topic(BOTH))[0]

    return pool


def backward_of(student, kind):
    def backward(dout, x, window, stride):
        answer = student.call(f"{kind}_pool_forward", x, window[0], stride)
        return student.call(f"{kind}_pool_backward", dout, parts_of(answer, 2, topic(BOTH))[1])

    return backward


@pytest.mark.points(3, question="pooling")
def test_max_pooling(student, rng):
    """Max pooling keeps the largest pixel of each window: 2x2 with stride 2, 3x3 with stride 2.

    fa: ادغام بیشینه بزرگ‌ترین پیکسل هر پنجره را نگه می‌دارد: 2x2 با گام ۲، 3x3 با گام ۲.
    """
    pool = forward_of(student, "max_pool_forward")
    x = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]
    check_value(pool(x, (2, 2), 2), np.array([[6.0, 8.0], [3.0, 4.0]])[None, None], what=OUTPUT)
    x = -rng.uniform(1, 5, (2, 3, 7, 5))
    expected = max_pool2d_forward(x, 3, stride=2)[0]
    check_shape(pool(x, (3, 3), 2), expected.shape, what=OUTPUT)
    check_value(pool(x, (3, 3), 2), expected, what=OUTPUT)


@pytest.mark.points(2, question="pooling", visibility="hidden", requires=["test_max_pooling"])
@settings(max_examples=8)
@given(x=SQUARES)
def test_max_pooling_of_any_images(student, x):
    """Each output is the largest of its window, channel by channel.

    fa: هر خروجی بزرگ‌ترین مقدار پنجرهٔ خود است، کانال به کانال.
    """
    pool = forward_of(student, "max_pool_forward")
    max_pooling_picks_the_largest(pool, x, (2, 2), 2)
    pooling_keeps_the_channels_apart(pool, x, (2, 2), 1)


def pooling_layer(forward, backward):
    def run(x, size, stride):
        return forward(x, size, stride=stride)

    return run, backward


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2)], ids=["apart", "overlapping"])
@pytest.mark.points(2.5, question="pooling", requires=["test_max_pooling"])
def test_max_pooling_backward(student, rng, size, stride):
    """A window hands its gradient to its largest pixel; overlapping windows add up.

    fa: هر پنجره گرادیانش را به بزرگ‌ترین پیکسلش می‌دهد؛ پنجره‌های هم‌پوشان جمع می‌شوند.
    hint: A pixel that wins in two windows gets both gradients: add with `+=`.
    hint-fa: پیکسلی که در دو پنجره برنده است هر دو گرادیان را می‌گیرد: با `+=` بیفزایید.
    """
    x = rng.permutation(2 * 3 * 49).reshape(2, 3, 7, 7).astype(float)
    x = x if size == 3 else x[:, :, :6, :6]
    check_backward(
        student,
        "max_pool_forward",
        "max_pool_backward",
        {"x": x},
        rng=rng,
        extra=(size, stride),
        reference=pooling_layer(max_pool2d_forward, max_pool2d_backward),
    )


@pytest.mark.points(2, question="pooling", visibility="hidden", requires=["test_max_pooling"])
@settings(max_examples=6)
@given(x=SQUARES)
def test_max_pooling_hands_the_whole_gradient_on(student, x):
    """The gradient goes to winners only, and all of it, ties included.

    fa: گرادیان تنها به برنده‌ها می‌رسد، و همهٔ آن، حتی در تساوی.
    """
    backward = backward_of(student, "max")
    pooling_hands_the_whole_gradient_on(backward, x, (2, 2), 2)
    ranks = x.ravel().argsort(kind="stable").argsort().reshape(x.shape).astype(float)
    max_pooling_routes_to_winners_only(backward, ranks, (2, 2), 2)


@pytest.mark.points(2, question="pooling")
def test_average_pooling(student, rng):
    """Average pooling gives the mean of each window.

    fa: ادغام میانگین، میانگین هر پنجره را می‌دهد.
    """
    pool = forward_of(student, "average_pool_forward")
    x = rng.normal(size=(2, 3, 7, 5))
    for size, stride in ((3, 2), (1, 2)):
        expected = average_pool2d_forward(x, size, stride=stride)[0]
        check_shape(pool(x, (size, size), stride), expected.shape, what=OUTPUT)
        check_value(pool(x, (size, size), stride), expected, what=OUTPUT)


@pytest.mark.points(3, question="pooling", requires=["test_average_pooling"])
def test_average_pooling_backward(student, rng):
    """Each pixel of a window gets its share of the gradient.

    fa: هر پیکسل پنجره سهم خود را از گرادیان می‌گیرد.
    """
    check_backward(
        student,
        "average_pool_forward",
        "average_pool_backward",
        {"x": rng.normal(size=(2, 3, 7, 5))},
        rng=rng,
        extra=(3, 2),
        reference=pooling_layer(average_pool2d_forward, average_pool2d_backward),
    )


@pytest.mark.points(1, question="pooling", visibility="hidden", requires=["test_average_pooling"])
@settings(max_examples=6)
@given(x=SQUARES)
def test_average_pooling_backward_is_adjoint(student, x):
    """The backward pass of average pooling is adjoint to its forward pass.

    fa: گذر پس‌روی ادغام میانگین، الحاقی گذر پیش‌روی آن است.
    """
    average_pooling_backward_is_adjoint(
        forward_of(student, "average_pool_forward"), backward_of(student, "average"), x, (2, 2), 2
    )


@pytest.mark.points(2, question="pooling")
def test_global_average_pooling(student, rng):
    """Global average pooling gives one number for each map, shape (N, C).

    fa: ادغام میانگین سراسری برای هر نقشه یک عدد می‌دهد، با شکل (N, C).
    """
    x = rng.normal(size=(2, 3, 5, 4))
    got = student.global_average_pool(x)
    check_shape(got, (2, 3), what=OUTPUT)
    check_value(got, x.mean(axis=(2, 3)), what=OUTPUT)


# --- kinds of convolution -----------------------------------------------------------------------


def plain(x, w, b, stride=1, pad=0):
    return conv2d_forward(x, w, b, stride=stride, padding=pad)[0]


@pytest.mark.points(4, question="kinds")
def test_groups(student, rng):
    """Groups are convolutions side by side: each sees its own channels alone.

    fa: گروه‌ها کانولوشن‌هایی کنار هم‌اند: هر یک تنها کانال‌های خود را می‌بیند.
    """
    x, b = rng.normal(size=(2, 6, 5, 4)), rng.uniform(1, 2, 4)
    for groups in (1, 2):
        w = rng.normal(size=(4, 6 // groups, 3, 2))
        got = student.conv_forward_grouped(x, w, b, 1, 1, groups)
        expected = conv2d_forward(x, w, b, padding=1, groups=groups)[0]
        check_shape(got, expected.shape, what=OUTPUT)
        check_value(got, expected, what=OUTPUT)
    w = rng.normal(size=(4, 3, 3, 2))
    got = student.conv_forward_grouped(x, w, b, 2, 0, 2)
    check_value(got, conv2d_forward(x, w, b, stride=2, groups=2)[0], what=OUTPUT)
    groups_are_convolutions_side_by_side(
        student.conv_forward_grouped, plain, x, rng.normal(size=(4, 6, 3, 2)), b, 1, 0
    )


@pytest.mark.points(2, question="kinds", visibility="after_due_date", requires=["test_groups"])
@settings(max_examples=6)
@given(x=images(min_size=5, max_size=6, max_samples=2, max_channels=3))
def test_a_depthwise_convolution_keeps_the_channels_apart(student, x):
    """With as many groups as channels, each channel makes its own map.

    fa: با گروه‌هایی به شمار کانال‌ها، هر کانال نقشهٔ خود را می‌سازد.
    """
    depthwise_keeps_the_channels_apart(student.conv_forward_grouped, x)


@pytest.mark.points(3, question="kinds")
def test_convolution_turns_the_kernel(student, rng):
    """The convolution of the course's example is [[18, 20, 19], [10, 9, 17], [11, 8, 14]].

    fa: کانولوشن مثال درس [[18, 20, 19], [10, 9, 17], [11, 8, 14]] است.
    hint: Turn the kernel by 180 degrees: rows and columns both.
    hint-fa: هسته را ۱۸۰ درجه بچرخانید: هم سطرها و هم ستون‌ها.
    """
    image = np.array(
        [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]], float
    )
    kernel = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]], float)
    expected = np.array([[18, 20, 19], [10, 9, 17], [11, 8, 14]], float)
    check_value(student.convolve2d(image, kernel), expected, what=OUTPUT)
    convolution_correlates_with_the_turned_kernel(
        student.convolve2d,
        lambda one, other: correlate2d_forward(one, other)[0],
        rng.normal(size=(5, 6)),
        rng.normal(size=(2, 3)),
    )


@pytest.mark.points(3, question="kinds")
def test_a_layer_becomes_filters(student, rng):
    """Filters made of a fully connected layer's weights give the layer's numbers.

    fa: فیلترهایی که از وزن‌های لایهٔ تمام‌متصل ساخته شوند، همان عددهای لایه را می‌دهند.
    hint: Each column of W is one filter, in the order in which `x.reshape(N, -1)` flattens.
    hint-fa: هر ستون W یک فیلتر است، به همان ترتیبی که `x.reshape(N, -1)` هموار می‌کند.
    """
    W, x = rng.normal(size=(3 * 4 * 2, 5)), rng.normal(size=(2, 3, 4, 2))
    got = student.fc_to_filters(W, 3, 4, 2)
    check_shape(got, (5, 3, 4, 2), what=FILTERS)
    # A filter as large as the image fits in one place alone. In numpy, because what is asked of the
    # reference must not depend on the student's answer.
    maps = np.einsum("fchw,nchw->nf", np.asarray(got, float), x)
    check_value(maps, x.reshape(2, -1) @ W, what=OUTPUT)
