"""Checks of convolution and max pooling, in loops."""

import pytest
from cs231n_layers import OUT, backward, check_gradients, forward

from autograder.checks import check_value
from reference.layers.convolution import conv2d_backward, conv2d_forward
from reference.layers.pooling import max_pool2d_backward, max_pool2d_forward


def images(rng, shape=(2, 3, 5, 5), filters=(4, 3, 3, 3)):
    return rng.normal(size=shape), rng.normal(size=filters), rng.normal(size=filters[0])


def check_forward(student, x, w, b, stride, pad):
    out, _ = forward(student, "conv_forward_naive", x, w, b, {"stride": stride, "pad": pad})
    check_value(out, conv2d_forward(x, w, b, stride=stride, padding=pad)[0], what=OUT)


def check_backward(student, rng, x, w, b, stride, pad):
    out, cache = conv2d_forward(x, w, b, stride=stride, padding=pad)
    dout = rng.normal(size=out.shape)
    right = conv2d_backward(dout, cache)
    _, pair = forward(student, "conv_forward_naive", x, w, b, {"stride": stride, "pad": pad})
    got = backward(student, "conv_backward_naive", dout, pair)
    check_gradients(got, {"dx": right.x, "dw": right.weight, "db": right.bias})


@pytest.mark.points(5, question="convolution")
def test_conv_forward(student, rng):
    """`conv_forward_naive` gives the dot product of every filter with every window, plus `b`.

    fa: تابع `conv_forward_naive` ضرب داخلی هر فیلتر در هر پنجره به‌علاوهٔ `b` را می‌دهد.
    hint: Pad with `np.pad`; the output has `1 + (H + 2 * pad - HH) // stride` rows.
    hint-fa: با `np.pad` لایه‌گذاری کنید؛ خروجی `1 + (H + 2 * pad - HH) // stride` سطر دارد.
    """
    check_forward(student, *images(rng), 1, 1)


@pytest.mark.points(5, question="convolution")
def test_conv_backward(student, rng):
    """`conv_backward_naive` gives `dx`, `dw` and `db`.

    fa: تابع `conv_backward_naive` گرادیان‌های `dx` و `dw` و `db` را می‌دهد.
    hint: Add up in the padded image, and take the padding off at the end.
    hint-fa: در تصویر لایه‌گذاری‌شده جمع کنید و در پایان لایه را بردارید.
    """
    check_backward(student, rng, *images(rng), 1, 1)


def pooled(student, x, height, width, stride):
    parameters = {"pool_height": height, "pool_width": width, "stride": stride}
    return forward(student, "max_pool_forward_naive", x, parameters)


@pytest.mark.points(3, question="convolution")
def test_max_pool_forward(student, rng):
    """`max_pool_forward_naive` takes the largest value of each window.

    fa: تابع `max_pool_forward_naive` بزرگ‌ترین مقدار هر پنجره را برمی‌دارد.
    """
    x = rng.normal(size=(2, 3, 4, 4))
    out, _ = pooled(student, x, 2, 2, 2)
    check_value(out, max_pool2d_forward(x, 2, stride=2)[0], what=OUT)


@pytest.mark.parametrize("stride", [2, 1])
@pytest.mark.points(1.5, question="convolution")
def test_max_pool_backward(student, rng, stride):
    """`max_pool_backward_naive` hands each gradient to the largest value of its window.

    fa: تابع `max_pool_backward_naive` هر گرادیان را به بزرگ‌ترین مقدار پنجره‌اش می‌دهد.
    hint: Where windows overlap, gradients add up.
    hint-fa: جایی که پنجره‌ها روی هم می‌افتند، گرادیان‌ها جمع می‌شوند.
    """
    x = rng.normal(size=(2, 2, 4, 4))
    out, cache = max_pool2d_forward(x, 2, stride=stride)
    dout = rng.normal(size=out.shape)
    _, pair = pooled(student, x, 2, 2, stride)
    got = backward(student, "max_pool_backward_naive", dout, pair)
    check_gradients(got, {"dx": max_pool2d_backward(dout, cache)})


@pytest.mark.points(2, question="convolution", visibility="hidden")
def test_conv_of_oblong_images(student, rng):
    """Images and filters need not be square, and the stride may be 2.

    fa: تصویر و فیلتر لازم نیست مربع باشند و گام می‌تواند ۲ باشد.
    """
    # also the height of a filter fits along the width: the course's own `im2col.py` asks for that
    x, w, b = images(rng, (2, 2, 5, 9), (3, 2, 3, 5))
    check_forward(student, x, w, b, 2, 0)
    check_backward(student, rng, x, w, b, 2, 0)


@pytest.mark.points(2, question="convolution", visibility="hidden")
def test_pooling_of_oblong_windows(student, rng):
    """Windows of 2 by 4 pixels are pooled too.

    fa: پنجره‌های ۲ در ۴ هم ادغام می‌شوند.
    """
    x = rng.normal(size=(2, 2, 4, 8))
    out, _ = pooled(student, x, 2, 4, 2)
    check_value(out, max_pool2d_forward(x, (2, 4), stride=2)[0], what=OUT)
