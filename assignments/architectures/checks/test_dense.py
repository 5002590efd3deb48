"""Checks of DenseNet and CondenseNet (homework 8, Q1 and Q2)."""

import numpy as np
import pytest
from architecture_comparison import OUTPUT, check_computes, check_holds, check_output, images
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_equal, check_value
from autograder.checks.modules import build_module, numbers_for

MASK = {"en": "the mask", "fa": "ماسک"}
PARAMETERS = {"en": "the number of parameters", "fa": "تعداد پارامترها"}

# 4 outputs in 2 groups, 4 inputs. Sums of absolute values: (3, 2, 5, 1) and (4, 6, 2, 3).
WEIGHT = np.array(
    [[1.0, -1.0, 2.0, 0.5], [-2.0, 1.0, -3.0, 0.5], [3.0, -3.0, 1.0, 1.0], [-1.0, 3.0, -1.0, 2.0]],
    np.float32,
)


def weights(outputs, inputs, seed):
    return np.random.RandomState(seed).standard_normal((outputs, inputs)).astype(np.float32)


def keeping(weight, groups, kept):
    """The mask of the inputs of largest importance, by counting those that are larger."""
    sums = np.array([np.linalg.norm(rows, ord=1, axis=0) for rows in np.split(weight, groups)])
    larger = (sums[:, None, :] > sums[:, :, None]).sum(axis=2)
    return (larger < kept).astype(int)


def whole(mask):
    """A mask of bools, floats or ints as whole numbers."""
    try:
        array = np.asarray(mask)
    except ValueError:
        return mask  # no array: the comparison says it
    return array.astype(int) if array.dtype == bool else mask


@pytest.mark.points(1, question="dense")
@pytest.mark.parametrize("arguments", [(6, 64, 32), (1, 24, 12)], ids=["DenseNet-121", "one layer"])
def test_parameters_of_dense_block(student, arguments):
    """The first dense block of DenseNet-121 has 335,040 parameters.

    fa: بلوک متراکم نخست DenseNet-121 دارای 335,040 پارامتر است.
    hint: The bottleneck has 4 * growth_rate channels; layer i reads i * growth_rate channels more.
    hint-fa: گلوگاه `4 * growth_rate` کانال دارد؛ لایهٔ i ام `i * growth_rate` کانال بیشتر دارد.
    """
    check_holds(student, "dense_block", *arguments, input_shape=(arguments[1], 8, 8))


@pytest.mark.points(2, question="dense", requires=["test_parameters_of_dense_block"])
def test_dense_block_computes(student):
    """A narrow dense block gives the right maps.

    fa: یک بلوک متراکم باریک نقشه‌های درست می‌دهد.
    hint: Each layer appends its new channels behind those that it reads.
    hint-fa: هر لایه کانال‌های تازه را پشت آنهایی که می‌خواند می‌گذارد.
    """
    check_computes(student, "dense_block", 3, 4, 3, input_shape=(4, 5, 5))


@pytest.mark.points(
    1, question="dense", visibility="hidden", requires=["test_dense_block_computes"]
)
def test_the_input_passes_a_dense_block(student):
    """The first channels of a dense block's output are its input, untouched.

    fa: نخستین کانال‌های خروجی بلوک متراکم همان ورودی‌اند، بی‌هیچ تغییر.
    """
    module = build_module(student, "dense_block", 4, 5, 2, input_shape=(5, 6, 4))
    module.fill(numbers_for)
    x = images(2, 5, 6, 4, seed=5)
    first = np.asarray(module.output(x))[:, :5]
    check_value(first, x, what=OUTPUT, call=f"{module.call}(x)[:, :5]")


@pytest.mark.points(1, question="dense")
@pytest.mark.parametrize("arguments", [(6, 3), (5, 5)], ids=["half the channels", "all channels"])
def test_transition_computes(student, arguments):
    """A transition: its parameters and what it gives.

    fa: لایهٔ گذار: پارامترهایش و آنچه می‌دهد.
    hint: The 1x1 convolution changes the channels, the average pooling halves the size.
    hint-fa: کانولوشن 1x1 کانال‌ها را عوض می‌کند و ادغام میانگین اندازه را نصف می‌کند.
    """
    check_computes(student, "transition", *arguments, input_shape=(arguments[0], 6, 8))


@pytest.mark.points(0.5, question="dense")
@pytest.mark.parametrize(
    ("groups", "kept", "mask"),
    [
        (2, 2, [[1, 0, 1, 0], [1, 1, 0, 0]]),
        (1, 1, [[0, 1, 0, 0]]),
        (1, 3, [[1, 1, 1, 0]]),
    ],
    ids=["two of four", "one of four", "three of four"],
)
def test_condensing_mask(student, groups, kept, mask):
    """`condensing_mask`: sums (3, 2, 5, 1) and (4, 6, 2, 3) keep inputs 0, 2 and 0, 1.

    fa: `condensing_mask`: جمع‌های (3, 2, 5, 1) و (4, 6, 2, 3) ورودی‌های 0 و 2 و 0 و 1 را نگه می‌دارند.
    hint: Add the absolute values over the outputs of the group, input by input.
    hint-fa: قدر مطلق‌ها را روی خروجی‌های گروه، ورودی به ورودی، جمع کنید.
    """
    got = whole(student.condensing_mask(WEIGHT, groups, kept))
    check_value(got, np.asarray(mask, int), what=MASK)


@pytest.mark.points(0.5, question="dense", requires=["test_condensing_mask"])
def test_condensing_mask_of_all_inputs(student):
    """`condensing_mask` keeps every input where as many are asked for as there are.

    fa: `condensing_mask` همهٔ ورودی‌ها را نگه می‌دارد، وقتی به همان تعداد خواسته شده باشد.
    """
    got = whole(student.condensing_mask(WEIGHT, 2, 4))
    check_value(got, np.ones((2, 4), int), what=MASK)


@pytest.mark.points(1, question="dense", visibility="hidden", requires=["test_condensing_mask"])
@settings(max_examples=12, report_multiple_bugs=False)
@given(
    groups=st.integers(1, 3),
    outputs=st.integers(1, 4),
    inputs=st.integers(2, 9),
    kept=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_condensing_mask_of_any_weights(student, groups, outputs, inputs, kept, seed):
    """`condensing_mask` of any weights.

    fa: `condensing_mask` برای هر وزنی.
    """
    weight, kept = weights(groups * outputs, inputs, seed), min(kept, inputs)
    got = whole(student.condensing_mask(weight, groups, kept))
    check_value(got, keeping(weight, groups, kept), what=MASK)


def masked(weight, mask, x):
    """What the training form gives: a 1x1 convolution with the masked weight."""
    rows = np.repeat(np.asarray(mask, float), len(weight) // len(mask), axis=0)
    return np.einsum("or,nrhw->nohw", weight * rows, x)


@pytest.mark.points(1, question="dense")
@pytest.mark.parametrize(
    ("groups", "outputs", "inputs", "kept"), [(2, 4, 6, 3), (3, 6, 4, 2)], ids=["2", "3"]
)
def test_standard_form_computes(student, groups, outputs, inputs, kept):
    """The testing form gives what the masked 1x1 convolution gives.

    fa: شکل آزمون همان را می‌دهد که کانولوشن 1x1 با وزن ماسک‌دار می‌دهد.
    hint: An input may be picked by several groups, or by none: it is an index, not a reshape.
    hint-fa: یک ورودی را چند گروه یا هیچ گروهی برمی‌دارد: این یک شاخص است، نه تغییر شکل.
    """
    weight = weights(outputs, inputs, seed=3)
    mask = keeping(weights(outputs, inputs, seed=4), groups, kept)
    module = build_module(student, "standard_form", weight, mask, input_shape=(inputs, 3, 3))
    x = images(2, inputs, 3, 3, seed=6)
    check_output(module, x, masked(weight, mask, x))


@pytest.mark.points(1, question="dense", requires=["test_standard_form_computes"])
def test_standard_form_is_smaller(student):
    """From 64 to 64 channels in 4 groups with 16 inputs each, 4,096 weights become 1,024.

    fa: از 64 به 64 کانال در 4 گروه با 16 ورودی در هر یک، 4,096 وزن 1,024 می‌شود.
    hint: The cost is R * O / G, not G * R * O: `groups=` of `nn.Conv2d` does it.
    hint-fa: هزینه R * O / G است، نه G * R * O: گزینهٔ `groups=` در `nn.Conv2d` همین است.
    """
    weight = weights(64, 64, seed=5)
    mask = keeping(weight, 4, 16)
    module = build_module(student, "standard_form", weight, mask, input_shape=(64, 2, 2))
    check_equal(module.parameter_count, 1024, what=PARAMETERS, call=module.call)


@pytest.mark.points(
    1, question="dense", visibility="hidden", requires=["test_standard_form_computes"]
)
def test_groups_are_independent(student):
    """The outputs of a group do not depend on inputs that it does not keep.

    fa: خروجی‌های یک گروه به ورودی‌هایی که نگه نداشته بستگی ندارند.
    """
    weight = np.abs(weights(6, 8, seed=9)) + 0.1
    mask = np.array([[1, 0, 0, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 0, 0, 1]])
    module = build_module(student, "standard_form", weight, mask, input_shape=(8, 2, 2))
    x = images(1, 8, 2, 2, seed=10)
    for group, rows in ((0, slice(0, 3)), (1, slice(3, 6))):
        dout = np.zeros((1, 6, 2, 2))
        dout[:, rows] = 1
        expected = masked(weight.T, np.ones((1, 6)), dout)
        expected[:, mask[group] == 0] = 0
        got = module.input_gradient(x, dout)
        check_value(got, np.float32(expected), what="the gradient", call=module.call)
