"""Checks of the plain functions: sizes, the table of a network, its totals (slides s.290-302)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_equal
from autograder.checks.topic import topic
from reference.layer_lists import (
    chain_totals,
    chain_training_bytes,
    layer_rows,
    vgg_layers,
)

SIZE = {"en": "the size", "fa": "اندازه"}
TOTALS = {
    "en": "parameters, multiply_adds, activations",
    "fa": "`parameters, multiply_adds, activations`",
}
BYTES = {"en": "the number of bytes", "fa": "تعداد بایت‌ها"}

VGG16 = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
LENET = (
    ("conv", 6, 5, 1, 2, 1),
    ("pool", 2, 2),
    ("conv", 16, 5, 1, 0, 1),
    ("pool", 2, 2),
    ("fc", 120),
    ("fc", 84),
    ("fc", 10),
)
ALEXNET = (
    ("conv", 96, 11, 4, 0, 1),
    ("pool", 3, 2),
    ("conv", 256, 5, 1, 2, 1),
    ("pool", 3, 2),
    ("conv", 384, 3, 1, 1, 1),
    ("conv", 384, 3, 1, 1, 1),
    ("conv", 256, 3, 1, 1, 1),
    ("pool", 3, 2),
    ("fc", 4096),
    ("fc", 4096),
    ("fc", 1000),
)
GROUPED = (
    ("conv", 8, 5, 2, 1, 1),
    ("conv", 12, 3, 1, 1, 4),
    ("pool", 3, 2),
    ("conv", 6, 3, 2, 2, 3),
    ("fc", 7),
    ("fc", 5),
)


def check_rows(student, layers, input_shape):
    rows = student.layer_table(list(layers), input_shape)
    expected = layer_rows(layers, input_shape)
    if not isinstance(rows, list | tuple) or len(rows) != len(expected):
        raise topic("the answer").failure(
            {
                "en": f"A list of {len(expected)} rows is asked for, one for each layer.",
                "fa": f"فهرستی از {len(expected)} سطر خواسته شده است، یکی برای هر لایه.",
            }
        )
    for layer, got, wanted in zip(layers, rows, expected, strict=True):
        row = {"en": f"the row of `{layer}`", "fa": f"سطر `{layer}`"}
        check_equal(got, wanted, what=row)


@pytest.mark.points(0.5, question="table")
@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ((227, 11, 4, 0, False), 55),
        ((55, 3, 2, 0, False), 27),
        ((32, 5, 1, 2, False), 32),
        ((224, 7, 2, 3, False), 112),
        ((112, 3, 2, 0, True), 56),
        ((112, 3, 2, 0, False), 55),
    ],
    ids=["AlexNet", "pool1", "same", "GoogLeNet", "pooling up", "pooling down"],
)
def test_output_sizes_of_the_course(student, arguments, size):
    """`output_size`: 227 with 11x11 and stride 4 is 55; 112.5 is rounded as asked.

    fa: `output_size`: اندازهٔ 227 با 11x11 و گام 4 می‌شود 55؛ 112.5 همان‌گونه گرد می‌شود که خواسته شده.
    hint: (W - F + 2P) / S + 1, with padding on both sides.
    hint-fa: (W - F + 2P) / S + 1 با پدینگ در هر دو سو.
    """
    check_equal(student.output_size(*arguments), size, what=SIZE)


@pytest.mark.points(
    1, question="table", visibility="hidden", requires=["test_output_sizes_of_the_course"]
)
@settings(max_examples=20, report_multiple_bugs=False)
@given(
    places=st.integers(1, 9),
    left=st.integers(0, 4),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 5),
    padding=st.integers(0, 3),
    ceil=st.booleans(),
)
def test_output_size_of_any_window(student, places, left, kernel, stride, padding, ceil):
    """`output_size` of any window, rounded down or up.

    fa: `output_size` برای هر پنجره، با گرد کردن رو به پایین یا بالا.
    """
    left %= stride
    size = max((places - 1) * stride + left + kernel - 2 * padding, 1)
    room = size + 2 * padding - kernel
    expected = room // stride + 1 + (1 if ceil and room % stride else 0)
    check_equal(student.output_size(size, kernel, stride, padding, ceil), expected, what=SIZE)


@pytest.mark.points(3, question="table")
def test_table_of_alexnet(student):
    """The table of AlexNet: 227-55-27-27-13-13-13-13-6, 34,944 parameters in the first layer.

    fa: جدول AlexNet: ‏227-55-27-27-13-13-13-13-6 و 34,944 پارامتر در لایهٔ نخست.
    hint: A filter reads every channel of its input; each filter has one bias; a pooling has none.
    hint-fa: هر فیلتر همهٔ کانال‌های ورودی را می‌خواند؛ هر فیلتر یک بایاس دارد؛ ادغام هیچ.
    """
    check_rows(student, ALEXNET, (3, 227, 227))


@pytest.mark.points(2, question="table")
def test_table_of_vgg16(student):
    """The table of VGG-16: no pooling has parameters, the first fully connected layer has most.

    fa: جدول VGG-16: هیچ ادغامی پارامتر ندارد و لایهٔ تمام‌متصل نخست بیشترین را دارد.
    hint: The homework's 65,664 at a pooling are an error; a pooling learns nothing.
    hint-fa: عدد 65,664 تمرین برای یک ادغام اشتباه است؛ ادغام چیزی نمی‌آموزد.
    """
    check_rows(student, vgg_layers(VGG16), (3, 224, 224))


@pytest.mark.points(1, question="table", visibility="hidden", requires=["test_table_of_alexnet"])
@pytest.mark.parametrize("input_shape", [(4, 17, 23), (8, 31, 18)], ids=["17x23", "31x18"])
def test_table_with_groups(student, input_shape):
    """The table of a network with groups, on images that are not square.

    fa: جدول شبکه‌ای با گروه‌ها، روی تصویرهایی که مربع نیستند.
    """
    check_rows(student, GROUPED, input_shape)


@pytest.mark.points(1, question="table")
@pytest.mark.parametrize(
    ("layers", "input_shape"),
    [(LENET, (1, 28, 28)), (ALEXNET, (3, 227, 227)), (vgg_layers(VGG16), (3, 224, 224))],
    ids=["LeNet", "AlexNet", "VGG-16"],
)
def test_totals(student, layers, input_shape):
    """The totals: LeNet 61,706 parameters, AlexNet 62,378,344, VGG-16 138,357,544.

    fa: جمع‌ها: LeNet با 61,706 پارامتر، AlexNet با 62,378,344 و VGG-16 با 138,357,544.
    hint: A weight of a convolution is used at every place of its output. The image is stored too.
    hint-fa: هر وزن کانولوشن در همهٔ جاهای خروجی به کار می‌رود. خود تصویر هم نگه داشته می‌شود.
    """
    totals = student.network_totals(list(layers), input_shape)
    check_equal(totals, chain_totals(layers, input_shape), what=TOTALS)


@pytest.mark.points(1, question="table", visibility="hidden", requires=["test_totals"])
@pytest.mark.parametrize("input_shape", [(4, 17, 23), (8, 31, 18)], ids=["17x23", "31x18"])
def test_totals_with_groups(student, input_shape):
    """The totals of a network with groups, on images that are not square.

    fa: جمع‌های شبکه‌ای با گروه‌ها، روی تصویرهایی که مربع نیستند.
    """
    totals = student.network_totals(list(GROUPED), input_shape)
    check_equal(totals, chain_totals(GROUPED, input_shape), what=TOTALS)


@pytest.mark.points(1, question="table")
@pytest.mark.parametrize("buffers", [0, 1, 2], ids=["SGD", "momentum", "Adam"])
def test_training_memory_of_vgg16(student, buffers):
    """Training VGG-16 with 32 images a batch takes more than 5 gigabytes.

    fa: آموزش VGG-16 با 32 تصویر در هر دسته بیش از 5 گیگابایت حافظه می‌خواهد.
    hint: Parameters, their gradients and the optimizer's numbers; activations and their gradients.
    hint-fa: پارامترها، گرادیان‌هایشان و عددهای بهینه‌ساز؛ فعال‌سازی‌ها و گرادیان‌هایشان.
    """
    layers = vgg_layers(VGG16)
    parameters, _, activations = chain_totals(layers, (3, 224, 224))
    expected = chain_training_bytes(layers, (3, 224, 224), batch_size=32, optimizer_buffers=buffers)
    got = student.training_bytes(parameters, activations, 32, buffers)
    check_equal(got, expected, what=BYTES)


@pytest.mark.points(
    1, question="table", visibility="hidden", requires=["test_training_memory_of_vgg16"]
)
@settings(max_examples=12, report_multiple_bugs=False)
@given(
    parameters=st.integers(0, 10**8),
    activations=st.integers(0, 10**8),
    batch_size=st.integers(1, 300),
    buffers=st.integers(0, 3),
)
def test_training_memory_of_any_network(student, parameters, activations, batch_size, buffers):
    """The memory of training any network.

    fa: حافظهٔ آموزش هر شبکه.
    """
    numbers = parameters * (2 + buffers) + 2 * batch_size * activations
    got = student.training_bytes(parameters, activations, batch_size, buffers)
    check_equal(got, 4 * numbers, what=BYTES)
