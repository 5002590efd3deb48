"""Checks of NiN and GoogLeNet (homework 8, Q2)."""

import numpy as np
import pytest
from architecture_comparison import check_computes, check_holds, equal_numbers

from autograder.checks.modules import build_module, check_output_shape
from autograder.checks.topic import topic

# The rows of the homework's table: channels, then the widths of the branches.
GOOGLENET = {
    "3a": (192, 64, (96, 128), (16, 32), 32),
    "3b": (256, 128, (128, 192), (32, 96), 64),
    "4e": (528, 256, (160, 320), (32, 128), 128),
    "5b": (832, 384, (192, 384), (48, 128), 128),
}


@pytest.mark.points(2, question="inception")
def test_nin_block_computes(student):
    """A block of NiN: its parameters and what it gives.

    fa: یک بلوک NiN: پارامترهایش و آنچه می‌دهد.
    hint: A ReLU stands behind each of the three convolutions, the 1x1 ones too.
    hint-fa: پس از هر یک از سه کانولوشن ReLU می‌آید، پس از 1x1ها هم.
    """
    check_computes(student, "nin_block", 3, 5, 3, input_shape=(3, 7, 7))


@pytest.mark.points(
    1, question="inception", visibility="hidden", requires=["test_nin_block_computes"]
)
def test_nin_block_with_stride_and_padding(student):
    """A block of NiN with stride and padding.

    fa: یک بلوک NiN با گام و پدینگ.
    """
    check_computes(student, "nin_block", 4, 3, 5, 2, 2, input_shape=(4, 9, 11), seed=1)


@pytest.mark.points(2, question="inception")
def test_nin_has_7439608_parameters(student):
    """NiN has 7,439,608 parameters; with 10 classes 2,015,398.

    fa: شبکهٔ NiN دارای 7,439,608 پارامتر است؛ با 10 رده 2,015,398.
    hint: The last block gives one map for each class. There is no fully connected layer.
    hint-fa: بلوک آخر برای هر رده یک نقشه می‌دهد. لایهٔ تمام‌متصل نیست.
    """
    check_holds(student, "nin")
    check_holds(student, "nin", classes=10)


@pytest.mark.points(2, question="inception", requires=["test_nin_has_7439608_parameters"])
def test_nin_computes(student):
    """A narrow NiN gives the right scores: the average of each map.

    fa: یک NiN باریک نمره‌های درست می‌دهد: میانگین هر نقشه.
    hint: Global average pooling has no parameters and takes maps of any size.
    hint-fa: ادغام میانگین سراسری پارامتر ندارد و نقشهٔ هر اندازه‌ای را می‌گیرد.
    """
    check_computes(student, "nin", (4, 5, 6), 7, input_shape=(3, 99, 99))


@pytest.mark.points(1, question="inception", visibility="hidden", requires=["test_nin_computes"])
def test_nin_takes_other_images(student):
    """NiN takes images of another size, and none that is square.

    fa: شبکهٔ NiN تصویرهایی با اندازهٔ دیگر را هم می‌پذیرد که مربع هم نیستند.
    """
    check_computes(student, "nin", (3, 4, 2), 5, input_shape=(3, 131, 99), seed=2)


@pytest.mark.points(1, question="inception", requires=["test_nin_computes"])
def test_nin_drops_units_before_its_last_block(student):
    """In training, NiN drops half of the values before its last block.

    fa: در آموزش، NiN نیمی از مقدارها را پیش از بلوک آخر می‌اندازد.
    hint: `nn.Dropout(0.5)` between the third pooling and the last block.
    hint-fa: `nn.Dropout(0.5)` میان ادغام سوم و بلوک آخر.
    """
    shape = (3, 67, 67)  # one place is left: 2 channels, of which k survive, give k / 2, doubled
    module = build_module(student, "nin", (2, 3, 2), 1, input_shape=shape)
    module.fill(equal_numbers)
    x = np.ones((1, *shape))
    still = np.asarray(module.output(x), float).ravel()[0]
    scores = np.asarray(module.output(x, training=True, copies=40), float).ravel()
    with np.errstate(all="ignore"):
        shares = scores / still
    if {0.0, 1.0, 2.0} == set(np.round(shares, 2)):
        return
    varies = np.ptp(scores) > 0
    raise topic("the output", call=f"{module.call}(x)").failure(ELSEWHERE if varies else NOWHERE)


NOWHERE = {
    "en": "In training the scores of equal images are equal: there is no dropout.",
    "fa": "در آموزش نمره‌های تصویرهای برابر برابرند: دراپ‌اوت نیست.",
}
ELSEWHERE = {
    "en": "In training the scores vary, but not as with one dropout of probability 0.5 before the "
    "last block.",
    "fa": "در آموزش نمره‌ها تغییر می‌کنند، ولی نه مانند یک دراپ‌اوت با احتمال 0.5 پیش از بلوک آخر.",
}


@pytest.mark.points(0.5, question="inception")
@pytest.mark.parametrize("row", list(GOOGLENET))
def test_parameters_of_inception(student, row):
    """The modules of GoogLeNet: 3a has 163,328 weights and 368 biases.

    fa: ماژول‌های GoogLeNet: ‏3a دارای 163,328 وزن و 368 بایاس است.
    hint: A 1x1 convolution reduces the channels before each 3x3 and each 5x5.
    hint-fa: پیش از هر 3x3 و هر 5x5 یک کانولوشن 1x1 کانال‌ها را کم می‌کند.
    """
    arguments = GOOGLENET[row]
    check_holds(student, "inception", *arguments, input_shape=(arguments[0], 14, 14))


@pytest.mark.points(1, question="inception", requires=["test_parameters_of_inception"])
def test_inception_concatenates(student):
    """The outputs of the four branches stand side by side: 64 + 128 + 32 + 32 = 256 channels.

    fa: خروجی چهار شاخه کنار هم می‌آید: 64 + 128 + 32 + 32 = 256 کانال.
    hint: `torch.cat` along axis 1; all branches keep the size of the maps.
    hint-fa: `torch.cat` در راستای محور 1؛ همهٔ شاخه‌ها اندازهٔ نقشه را نگه می‌دارند.
    """
    module = build_module(student, "inception", *GOOGLENET["3a"], input_shape=(192, 7, 7))
    check_output_shape(module, (256, 7, 7))


@pytest.mark.points(2, question="inception", requires=["test_inception_concatenates"])
def test_inception_computes(student):
    """A narrow inception module gives the right maps, in the right order.

    fa: یک ماژول inception باریک نقشه‌های درست را به ترتیب درست می‌دهد.
    hint: A ReLU stands behind each of the six convolutions.
    hint-fa: پس از هر یک از شش کانولوشن ReLU می‌آید.
    """
    check_computes(student, "inception", 6, 4, (3, 5), (2, 7), 8, input_shape=(6, 7, 7))


@pytest.mark.points(
    2, question="inception", visibility="hidden", requires=["test_inception_computes"]
)
def test_inception_of_any_width(student):
    """An inception module of other widths, on images that are not square.

    fa: یک ماژول inception با پهناهای دیگر، روی تصویرهایی که مربع نیستند.
    """
    check_computes(student, "inception", 5, 2, (6, 3), (4, 4), 1, input_shape=(5, 6, 9), seed=4)
