"""Checks of the residual blocks (homework 8, Q3 and Q4)."""

import numpy as np
import pytest
from architecture_comparison import FILLED, check_computes, check_holds, check_output, images

from autograder.checks import check_value
from autograder.checks.modules import build_module


def zeros(shape):
    return np.zeros(shape, np.float32)


@pytest.mark.points(1, question="residual")
@pytest.mark.parametrize(
    "arguments", [(64, 64), (64, 128, 2)], ids=["same size", "half size, twice the channels"]
)
def test_parameters_of_residual_block(student, arguments):
    """A block of ResNet-18: 73,984 parameters with 64 channels, 230,144 from 64 to 128.

    fa: یک بلوک ResNet-18: ‏73,984 پارامتر با 64 کانال و 230,144 از 64 به 128.
    hint: No convolution has a bias; where nothing changes, the shortcut has no parameters.
    hint-fa: هیچ کانولوشنی بایاس ندارد؛ آنجا که چیزی عوض نمی‌شود میان‌بر پارامتر ندارد.
    """
    check_holds(student, "residual_block", *arguments, input_shape=(64, 8, 8))


@pytest.mark.points(3, question="residual", requires=["test_parameters_of_residual_block"])
def test_residual_block_computes(student):
    """The residual block with an identity shortcut.

    fa: بلوک باقیمانده با میان‌بر همانی.
    hint: The last ReLU stands behind the addition.
    hint-fa: آخرین ReLU پس از جمع می‌آید.
    """
    check_computes(student, "residual_block", 4, 4, input_shape=(4, 6, 6))


@pytest.mark.points(0.5, question="residual", requires=["test_residual_block_computes"])
@pytest.mark.parametrize(
    "arguments",
    [(3, 5), (6, 4), (3, 5, 2), (4, 4, 2)],
    ids=["more channels", "fewer channels", "both", "half size"],
)
def test_residual_block_projects(student, arguments):
    """The residual block whose shortcut is a 1x1 convolution.

    fa: بلوک باقیمانده‌ای که میان‌برش کانولوشن 1x1 است.
    hint: The shortcut has the block's stride, and batch normalization behind its convolution.
    hint-fa: میان‌بر گام بلوک را دارد و پس از کانولوشنش نرمال‌سازی دسته می‌آید.
    """
    check_computes(student, "residual_block", *arguments, input_shape=(arguments[0], 6, 6))


@pytest.mark.points(
    1, question="residual", visibility="hidden", requires=["test_residual_block_computes"]
)
def test_a_silent_branch_leaves_the_input(student):
    """With zeros in all its weights, the residual block gives ReLU(x).

    fa: اگر همهٔ وزن‌های بلوک باقیمانده صفر باشند، ReLU(x) می‌دهد.
    """
    module = build_module(student, "residual_block", 5, 5, input_shape=(5, 4, 4))
    module.fill(zeros)
    x = images(2, 5, 4, 4, seed=7)
    check_output(module, x, np.maximum(x, 0), what=FILLED)


@pytest.mark.points(3, question="residual")
def test_preactivation_block_computes(student):
    """The block with full pre-activation: its parameters and what it gives.

    fa: بلوک با پیش‌فعال‌سازی کامل: پارامترهایش و آنچه می‌دهد.
    hint: Batch normalization and ReLU stand before each convolution, and nothing behind the sum.
    hint-fa: پیش از هر کانولوشن نرمال‌سازی دسته و ReLU می‌آید و پس از جمع هیچ.
    """
    check_computes(student, "preactivation_block", 4, 4, input_shape=(4, 6, 6))


@pytest.mark.points(0.5, question="residual", requires=["test_preactivation_block_computes"])
@pytest.mark.parametrize(
    "arguments",
    [(3, 5), (6, 4), (3, 5, 2), (4, 4, 2)],
    ids=["more channels", "fewer channels", "both", "half size"],
)
def test_preactivation_block_projects(student, arguments):
    """The pre-activation block whose shortcut is a 1x1 convolution.

    fa: بلوک پیش‌فعال‌سازی که میان‌برش کانولوشن 1x1 است.
    hint: The projection reads what the first batch normalization and ReLU give.
    hint-fa: میان‌بر آنچه را نخستین نرمال‌سازی و ReLU می‌دهند می‌خواند.
    """
    check_computes(student, "preactivation_block", *arguments, input_shape=(arguments[0], 6, 6))


@pytest.mark.points(
    1, question="residual", visibility="hidden", requires=["test_preactivation_block_computes"]
)
def test_the_clean_path(student):
    """With zeros in all its weights, the pre-activation block gives x itself, and its gradient 1.

    fa: اگر همهٔ وزن‌های بلوک پیش‌فعال‌سازی صفر باشند، خود x را می‌دهد و گرادیانش 1 است.
    """
    module = build_module(student, "preactivation_block", 5, 5, input_shape=(5, 4, 4))
    module.fill(zeros)
    x, dout = images(2, 5, 4, 4, seed=8), images(2, 5, 4, 4, seed=9)
    check_output(module, x, x, what=FILLED)
    check_value(module.input_gradient(x, dout), dout, what="the gradient", call=module.call)
