"""Checks of fully connected layers as convolutions, and of sliding (tutorial, part 3)."""

import numpy as np
import pytest
from architecture_comparison import check_output, images

from autograder.checks import check_value
from autograder.checks.modules import beside, build_module

SCORES = {"en": "the scores", "fa": "نمره‌ها"}

LINEAR = """lambda weight, bias: (torch := __import__('torch')) and (
    linear := torch.nn.Linear(weight.shape[1], len(weight), bias=bias is not None),
    linear.weight.data.copy_(torch.tensor(weight)),
    bias is not None and linear.bias.data.copy_(torch.tensor(bias)))[0]"""
NETWORK = """lambda weight, stride: (torch := __import__('torch')) and (
    conv := torch.nn.Conv2d(*weight.shape[1::-1], weight.shape[2:], stride=stride, bias=False),
    conv.weight.data.copy_(torch.tensor(weight)))[0]"""
TENSOR = "lambda array: __import__('torch').tensor(array)"


def windows(x, height, width, stride=1):
    """Every window of the images, flattened: (N, rows, columns, C * height * width)."""
    cut = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    cut = cut[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    return cut.reshape(*cut.shape[:3], -1)


def check_convolution(student, weight, bias, volume, x):
    linear = beside(student, LINEAR, weight, bias, shown="linear")
    module = build_module(student, "fc_to_conv", linear, *volume, input_shape=volume)
    scores = windows(x, *volume[1:]) @ weight.T + (0 if bias is None else bias)
    check_output(module, x, scores.transpose(0, 3, 1, 2))


@pytest.mark.points(3, question="sliding")
def test_the_convolution_gives_what_the_layer_gives(student):
    """The convolution has the layer's numbers and gives the layer's outputs.

    fa: کانولوشن همان عددهای لایه را دارد و همان خروجی را می‌دهد.
    hint: Flattening goes channel by channel, in each row by row: so do a filter's weights.
    hint-fa: تخت کردن کانال به کانال و در هر کانال سطر به سطر است: وزن‌های فیلتر هم همین‌طور.
    """
    weight, bias = images(5, 3 * 4 * 2, seed=1), images(5, seed=2)
    check_convolution(student, weight, bias, (3, 4, 2), images(2, 3, 4, 2, seed=3))


@pytest.mark.points(
    2, question="sliding", requires=["test_the_convolution_gives_what_the_layer_gives"]
)
def test_a_larger_volume_gives_36_places(student):
    """On 12x12 maps, a layer made for 7x7 gives 6x6 places: (12 - 7) / 1 + 1 = 6.

    fa: لایه‌ای که برای 7x7 ساخته شده روی نقشه‌های 12x12 می‌دهد 6x6 جا: (12 - 7) / 1 + 1 = 6.
    hint: The kernel is as large as the volume; there is no padding, and the stride is 1.
    hint-fa: هسته به اندازهٔ حجم است؛ پدینگ نیست و گام 1 است.
    """
    weight, bias = images(6, 4 * 7 * 7, seed=4), images(6, seed=5)
    check_convolution(student, weight, bias, (4, 7, 7), images(2, 4, 12, 12, seed=6))


@pytest.mark.points(
    1,
    question="sliding",
    visibility="hidden",
    requires=["test_the_convolution_gives_what_the_layer_gives"],
)
def test_a_layer_without_bias(student):
    """A fully connected layer without a bias becomes a convolution without one.

    fa: لایهٔ تمام‌متصل بی‌بایاس، کانولوشن بی‌بایاس می‌شود.
    """
    weight = images(3, 5 * 2 * 3, seed=7)
    check_convolution(student, weight, None, (5, 2, 3), images(2, 5, 3, 5, seed=8))


def check_grid(student, window, network_stride, stride, size, seed):
    weight, x = images(3, 2, window, window, seed=seed), images(2, 2, *size, seed=seed + 1)
    network = beside(student, NETWORK, weight, network_stride, shown="network")
    scores = student.sliding_scores(
        network, beside(student, TENSOR, x, shown="images"), network_stride, stride
    )
    expected = windows(x, window, window, stride) @ weight.reshape(3, -1).T
    check_value(scores, np.float32(expected.transpose(0, 3, 1, 2)), what=SCORES)


@pytest.mark.points(2, question="sliding")
def test_four_passes_halve_the_stride(student):
    """Windows of half the network's stride take four passes, shifted down, right, and both.

    fa: پنجره‌هایی با نیمی از گام شبکه چهار گذر می‌خواهند: جابه‌جا به پایین، به راست، و هر دو.
    hint: Two passes fill half of the grid. Rows i::2 and columns j::2 belong to the shift (i, j).
    hint-fa: دو گذر نیمی از شبکه را پر می‌کند. سطرهای `i::2` و ستون‌های `j::2` از جابه‌جایی (i, j) است.
    """
    check_grid(student, 6, 4, 2, (16, 12), seed=9)


@pytest.mark.points(
    0.5, question="sliding", visibility="hidden", requires=["test_four_passes_halve_the_stride"]
)
@pytest.mark.parametrize(
    ("window", "network_stride", "stride", "size"),
    [(5, 6, 2, (15, 21)), (4, 4, 1, (11, 15)), (6, 3, 3, (12, 9)), (7, 4, 2, (17, 13))],
    ids=["nine passes", "every pixel", "one pass", "four passes"],
)
def test_any_stride(student, window, network_stride, stride, size):
    """Windows of a third, a fourth and the whole of the network's stride.

    fa: پنجره‌هایی با یک‌سوم، یک‌چهارم و همهٔ گام شبکه.
    """
    check_grid(student, window, network_stride, stride, size, seed=20)
