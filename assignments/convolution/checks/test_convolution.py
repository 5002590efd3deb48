"""Checks of the convolution layer, forward and backward (slides s.277-310)."""

import time

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_backward, check_shape, check_unchanged, check_value
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    col2im_is_adjoint_to_im2col,
    conv_1x1_is_a_layer_for_each_pixel,
    conv_backward_is_adjoint,
    conv_moves_with_the_image,
    conv_of_the_whole_image_is_a_layer,
    im2col_columns_are_the_patches,
)
from autograder.checks.strategies import conv_settings, images
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference.layers import affine_forward, conv2d_backward, conv2d_forward, im2col

OUTPUT = {"en": "the output", "fa": "خروجی"}
COLUMNS = {"en": "the columns", "fa": "ستون‌ها"}
BOTH = {"en": "the output and the cache", "fa": "خروجی و حافظه"}

# S1: the worked 5x5 image and 3x3 kernel, as correlation.
IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
ANSWER = np.array([[12, 12, 17], [10, 17, 19], [9, 6, 14]])


def right(x, w, b, stride, pad):
    return conv2d_forward(x, w, b, stride=stride, padding=pad)[0]


def layer(rng, C=3, F=4, kernel=(3, 2), size=(7, 6), N=2):
    """Images, filters and biases; no two sizes are equal."""
    return rng.normal(size=(N, C, *size)), rng.normal(size=(F, C, *kernel)), rng.uniform(1, 2, F)


def forward_of(student, name):
    """The layer's output alone, of either version."""

    def forward(x, w, b, stride=1, pad=0):
        answer = student.call(name, x, w, b, stride, pad)
        return answer if name == "conv_forward_naive" else parts_of(answer, 2, topic(BOTH))[0]

    return forward


VERSIONS = ("conv_forward_naive", "conv_forward")
VALUES = {"conv_forward_naive": "test_naive_forward", "conv_forward": "test_conv_forward"}


def check_worked_example(student, name):
    x, w = IMAGE.astype(float)[None, None], KERNEL.astype(float)[None, None]
    check_value(forward_of(student, name)(x, w, np.zeros(1)), ANSWER[None, None], what=OUTPUT)


@pytest.mark.points(3, question="forward")
def test_naive_worked_example(student):
    """The 5x5 image and 3x3 kernel of the course give [[12, 12, 17], [10, 17, 19], [9, 6, 14]].

    fa: تصویر 5x5 و هستهٔ 3x3 درس می‌دهند [[12, 12, 17], [10, 17, 19], [9, 6, 14]].
    hint: The filter lies on the patch as it is: multiply entry by entry, and sum.
    hint-fa: فیلتر بی‌چرخش روی تکه می‌نشیند: درایه به درایه ضرب کنید و جمع بزنید.
    """
    check_worked_example(student, "conv_forward_naive")


@pytest.mark.points(6, question="forward")
def test_naive_forward(student, rng):
    """`conv_forward_naive` with several channels and filters, strides and padding.

    fa: تابع `conv_forward_naive` با چند کانال و فیلتر، گام و padding.
    hint: A filter sums over all channels; its bias is added once.
    hint-fa: فیلتر روی همهٔ کانال‌ها جمع می‌زند و بایاس آن یک بار افزوده می‌شود.
    """
    check_stride_and_padding(student, "conv_forward_naive", rng)


def check_stride_and_padding(student, name, rng):
    forward = forward_of(student, name)
    for size, stride, pad in (((7, 6), 1, 0), ((7, 6), 1, 2), ((7, 6), 2, 1), ((5, 8), 2, 0)):
        x, w, b = layer(rng, size=size, kernel=(3, 2))
        got, expected = forward(x, w, b, stride, pad), right(x, w, b, stride, pad)
        check_shape(got, expected.shape, what=OUTPUT)
        check_value(got, expected, what=OUTPUT)


@pytest.mark.points(3, question="im2col", requires=["test_im2col_of_one_image"])
def test_conv_forward_worked_example(student):
    """`conv_forward` gives the same for the worked example.

    fa: تابع `conv_forward` هم برای مثال درس همان را می‌دهد.
    """
    check_worked_example(student, "conv_forward")


@pytest.mark.points(4, question="im2col")
def test_conv_forward(student, rng):
    """`conv_forward` with several channels and filters, strides and padding.

    fa: تابع `conv_forward` با چند کانال و فیلتر، گام و padding.
    hint: The product is (F, N * OH * OW): reshape to (F, N, OH, OW) first, then move the axes.
    hint-fa: حاصل‌ضرب (F, N * OH * OW) است: نخست به (F, N, OH, OW) تغییر شکل دهید، سپس محورها را
        جابه‌جا کنید.
    """
    check_stride_and_padding(student, "conv_forward", rng)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.points(2, question="forward", requires=[values]))
        for name, values in VALUES.items()
    ],
)
@settings(max_examples=6)
@given(x=images(min_size=3, max_size=6, max_samples=2))
def test_the_response_moves_with_the_image(student, name, x):
    """An object that moves in the image moves its response by as much.

    fa: چیزی که در تصویر جابه‌جا شود، پاسخش هم به همان اندازه جابه‌جا می‌شود.
    """
    conv_moves_with_the_image(forward_of(student, name), x)


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.points(2.5, question="forward", visibility="hidden")
@settings(max_examples=12)
@given(setting=conv_settings())
def test_any_convolution(student, name, setting):
    """Any images, filters, stride and padding that fit.

    fa: هر تصویر، فیلتر، گام و padding که جور درآید.
    """
    got = forward_of(student, name)(setting.x, setting.w, setting.b, setting.stride, setting.pad)
    check_shape(got, setting.output_shape, what=OUTPUT)
    expected = right(setting.x, setting.w, setting.b, setting.stride, setting.pad)
    check_value(got, expected, what=OUTPUT)


# --- im2col -------------------------------------------------------------------------------------


@pytest.mark.points(3, question="im2col")
def test_im2col_of_one_image(student):
    """The columns of one 3x3 image and 2x2 patches are its four patches, each from top to bottom.

    fa: ستون‌های یک تصویر 3x3 با تکه‌های 2x2 چهار تکهٔ آن‌اند، هر یک از بالا به پایین.
    """
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    expected = [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    check_value(student.im2col(x, 2, 2, 1, 0), np.array(expected, float), what=COLUMNS)


@pytest.mark.points(3, question="im2col", requires=["test_im2col_of_one_image"])
@settings(max_examples=10)
@given(setting=conv_settings())
def test_im2col_of_any_images(student, setting):
    """Rows by channel, row and column of the filter; columns image by image.

    fa: سطرها به ترتیب کانال، سطر و ستون فیلتر؛ ستون‌ها تصویر به تصویر.
    hint: Gather into (C, KH, KW, N, OH, OW), then reshape once.
    hint-fa: در (C, KH, KW, N, OH, OW) گرد آورید، سپس یک بار تغییر شکل دهید.
    """
    KH, KW = setting.w.shape[2:]
    im2col_columns_are_the_patches(
        student.im2col, setting.x, setting.w, setting.b, setting.stride, setting.pad
    )
    expected = im2col(setting.x, (KH, KW), stride=setting.stride, padding=setting.pad)
    got = student.im2col(setting.x, KH, KW, setting.stride, setting.pad)
    check_value(got, expected, what=COLUMNS)


@pytest.mark.points(4, question="im2col", requires=["test_im2col_of_one_image"])
@settings(max_examples=10)
@given(setting=conv_settings())
def test_col2im_goes_the_way_back(student, setting):
    """`col2im` adds every value to the pixel that it came from.

    fa: تابع `col2im` هر مقدار را به پیکسلی که از آن آمده می‌افزاید.
    hint: Add with `+=`: a pixel lies in several patches.
    hint-fa: با `+=` بیفزایید: هر پیکسل در چند تکه است.
    """
    col2im_is_adjoint_to_im2col(
        student.im2col, student.col2im, setting.x, setting.w, setting.b, setting.stride, setting.pad
    )


@pytest.mark.points(
    1, question="im2col", visibility="after_due_date", requires=["test_conv_forward"]
)
def test_the_product_is_fast(student, rng):
    """`conv_forward` takes at most 40 times as long as the reference.

    fa: تابع `conv_forward` حداکثر ۴۰ برابر مرجع زمان می‌برد.
    hint: Only the loops over the filter's rows and columns are left; numpy does the rest.
    hint-fa: تنها حلقه‌های روی سطر و ستون فیلتر می‌مانند؛ بقیه را numpy انجام می‌دهد.
    """
    x, w, b = layer(rng, C=8, F=16, kernel=(3, 3), size=(32, 32), N=8)
    forward = forward_of(student, "conv_forward")

    def best(run, clock):
        times = []
        for _ in range(4):  # the first is not counted: libraries settle in
            started = clock()
            run(x, w, b, 1, 1)
            times.append(clock() - started)
        return min(times[1:])

    reference = max(best(right, time.thread_time), 0.004)
    ratio = best(forward, student.processor_seconds) / reference
    if ratio > 40:
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "This is more than 40 times as slow as the reference: a loop over "
                    "pixels is left.",
                    "fa": "بیش از ۴۰ برابر کندتر از مرجع است: هنوز حلقه‌ای روی پیکسل‌ها مانده است.",
                }
            )
        )


@pytest.mark.points(2, question="im2col", requires=["test_conv_forward"])
@settings(max_examples=6)
@given(setting=conv_settings(max_pad=0, edges=("plain", "1x1 filter")))
def test_a_1x1_convolution_is_a_layer_for_each_pixel(student, setting):
    """A 1x1 convolution is a fully connected layer at each pixel; so is one of the whole image.

    fa: کانولوشن 1x1 در هر پیکسل یک لایهٔ تمام‌متصل است؛ فیلتری به اندازهٔ کل تصویر هم همین طور.
    """
    forward = forward_of(student, "conv_forward")

    def affine(x, w, b):
        return affine_forward(x, w, b)[0]

    conv_1x1_is_a_layer_for_each_pixel(forward, affine, setting.x, setting.w, setting.b)
    conv_of_the_whole_image_is_a_layer(forward, affine, setting.x, setting.w, setting.b)


# --- backward -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1)], ids=["plain", "stride and padding"])
@pytest.mark.points(6, question="backward", requires=["test_conv_forward"])
def test_conv_backward(student, rng, stride, pad):
    """dx, dw and db are the gradients of `conv_forward`.

    fa: مقدارهای dx، dw و db گرادیان‌های `conv_forward` هستند.
    hint: dw = dout X_col^T, dX_col = W^T dout, and db sums dout over images and places.
    hint-fa: dw = dout X_col^T، dX_col = W^T dout، و db جمع dout روی تصویرها و نقطه‌هاست.
    """
    x, w, b = layer(rng)

    def forward(x, w, b, stride, pad):
        return conv2d_forward(x, w, b, stride=stride, padding=pad)

    def backward(dout, cache):
        gradients = conv2d_backward(dout, cache)
        return gradients.x, gradients.weight, gradients.bias

    check_backward(
        student,
        "conv_forward",
        "conv_backward",
        {"x": x, "w": w, "b": b},
        rng=rng,
        extra=(stride, pad),
        reference=(forward, backward),
        sizes={"N": 2, "C": 3, "F": 4},
    )


@pytest.mark.points(4, question="backward", visibility="hidden", requires=["test_conv_forward"])
@settings(max_examples=8)
@given(setting=conv_settings())
def test_backward_of_any_convolution(student, setting):
    """The backward pass is adjoint to the forward pass, for any setting.

    fa: گذر پس‌رو برای هر تنظیمی الحاقی گذر پیش‌رو است.
    """

    def backward(dout, x, w, b, stride, pad):
        answer = student.conv_forward(x, w, b, stride, pad)
        cache = parts_of(answer, 2, topic(BOTH))[1]
        gradients = student.conv_backward(dout, cache)
        if isinstance(gradients, dict):
            return tuple(gradients.get(f"d{name}", gradients.get(name)) for name in "xwb")
        return gradients

    conv_backward_is_adjoint(
        forward_of(student, "conv_forward"),
        backward,
        setting.x,
        setting.w,
        setting.b,
        setting.stride,
        setting.pad,
    )


@pytest.mark.points(2, question="backward", requires=["test_conv_forward"])
def test_convolutions_leave_their_arguments_alone(student, rng):
    """Neither the forward nor the backward pass changes what it is given.

    fa: نه گذر پیش‌رو و نه گذر پس‌رو آنچه را گرفته تغییر نمی‌دهد.
    """
    x, w, b = layer(rng)
    answer = student.conv_forward(x, w, b, 1, 1)
    check_unchanged(student)
    out, cache = parts_of(answer, 2, topic(BOTH))
    student.conv_backward(np.ones_like(np.asarray(out, float)), cache)
    check_unchanged(student)
