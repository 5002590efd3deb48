"""Checks of LeNet, AlexNet and VGG (slides s.308-315, homework 8)."""

import numpy as np
import pytest
from architecture_comparison import check_computes, check_holds, equal_numbers

from autograder.checks.modules import build_module
from autograder.checks.topic import topic
from autograder.errors import CheckFailure

VGG11 = ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512))
VGG16 = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
NARROW = (4, 6, 6, 8, 4)


def check_two_dropouts(student, module, input_shape, copies):
    """In training the score is k1 * k2 / 4 of that in evaluation, of hidden layers of 4 units.

    With equal weights every hidden unit has the same value, and a layer of 4 units of which k
    survive, doubled by dropout, gives k / 2 of its sum.
    """
    module.fill(equal_numbers)
    x = np.ones((1, *input_shape))
    still = np.asarray(module.output(x), float).ravel()
    scores = np.asarray(module.output(x, training=True, copies=copies), float)
    with np.errstate(all="ignore"):
        shares = scores.reshape(copies, -1)[:, 0] / still[0] * 4
    whole = np.isfinite(shares).all() and np.allclose(shares, shares.round(), atol=0.01)
    if whole and (shares.round() % 2 == 1).any() and shares.max() < 16.1:
        return
    if np.ptp(scores) == 0:
        raise failed(module, NO_DROPOUT)
    raise failed(module, WRONG_DROPOUT)


NO_DROPOUT = {
    "en": "In training the scores of equal images are equal: there is no dropout.",
    "fa": "در آموزش نمره‌های تصویرهای برابر برابرند: دراپ‌اوت نیست.",
}
WRONG_DROPOUT = {
    "en": "In training the scores vary, but not as with two dropouts of probability 0.5, one "
    "behind each of the two hidden layers.",
    "fa": "در آموزش نمره‌ها تغییر می‌کنند، ولی نه مانند دو دراپ‌اوت با احتمال 0.5، هر یک پس از یکی "
    "از دو لایهٔ پنهان.",
}


def failed(module, message) -> CheckFailure:
    return topic("the output", call=f"{module.call}(x)").failure(message)


@pytest.mark.points(2, question="chains")
def test_lenet_has_61706_parameters(student):
    """LeNet-5 has 61,706 parameters.

    fa: شبکهٔ LeNet-5 دارای 61,706 پارامتر است.
    hint: 156 + 2,416 + 48,120 + 10,164 + 850.
    hint-fa: جمع لایه‌ها: 156 + 2,416 + 48,120 + 10,164 + 850.
    """
    check_holds(student, "lenet5", input_shape=(1, 28, 28), meta=False)


@pytest.mark.points(3, question="chains", requires=["test_lenet_has_61706_parameters"])
def test_lenet_computes(student):
    """LeNet-5 gives the right scores: sigmoids, average pooling, nothing behind the last layer.

    fa: شبکهٔ LeNet-5 نمره‌های درست می‌دهد: سیگموئید، ادغام میانگین، و پس از لایهٔ آخر هیچ.
    hint: Only the first convolution is padded.
    hint-fa: تنها کانولوشن نخست پدینگ دارد.
    """
    check_computes(student, "lenet5", 10, input_shape=(1, 28, 28))


@pytest.mark.points(2, question="chains")
def test_alexnet_has_62378344_parameters(student):
    """AlexNet has 62,378,344 parameters; with 10 classes 58,322,314.

    fa: شبکهٔ AlexNet دارای 62,378,344 پارامتر است؛ با 10 رده 58,322,314.
    hint: The convolutions have 96, 256, 384, 384 and 256 filters; 6x6x256 numbers are flattened.
    hint-fa: پنج کانولوشن 96، 256، 384، 384 و 256 فیلتر دارند؛ 6x6x256 عدد تخت می‌شود.
    """
    check_holds(student, "alexnet", input_shape=(3, 227, 227))
    check_holds(student, "alexnet", classes=10, input_shape=(3, 227, 227))


@pytest.mark.points(2, question="chains")
def test_alexnet_in_groups_has_60965224_parameters(student):
    """AlexNet on two GPUs has 60,965,224 parameters.

    fa: شبکهٔ AlexNet روی دو GPU دارای 60,965,224 پارامتر است.
    hint: Groups halve the weights of the second, the fourth and the fifth convolution.
    hint-fa: گروه‌ها وزن‌های کانولوشن دوم، چهارم و پنجم را نصف می‌کنند.
    """
    check_holds(student, "alexnet", groups=2, input_shape=(3, 227, 227))


@pytest.mark.points(3, question="chains", requires=["test_alexnet_has_62378344_parameters"])
def test_alexnet_computes(student):
    """A narrow AlexNet gives the right scores.

    fa: یک AlexNet باریک نمره‌های درست می‌دهد.
    hint: A ReLU stands behind each convolution; the poolings overlap, 3x3 with stride 2.
    hint-fa: پس از هر کانولوشن ReLU می‌آید؛ ادغام‌ها هم‌پوشان‌اند: 3x3 با گام 2.
    """
    check_computes(student, "alexnet", NARROW, 10, 5, input_shape=(3, 227, 227))


@pytest.mark.points(
    2,
    question="chains",
    visibility="hidden",
    requires=["test_alexnet_computes", "test_alexnet_in_groups_has_60965224_parameters"],
)
def test_grouped_alexnet_computes(student):
    """A narrow AlexNet in groups gives the right scores.

    fa: یک AlexNet باریک با گروه‌ها نمره‌های درست می‌دهد.
    """
    check_computes(student, "alexnet", NARROW, 12, 3, 2, input_shape=(3, 227, 227), seed=1)


@pytest.mark.points(1, question="chains", requires=["test_alexnet_computes"])
def test_alexnet_drops_hidden_units(student):
    """In training, AlexNet drops half of the units of both hidden layers.

    fa: در آموزش، AlexNet نیمی از واحدهای هر دو لایهٔ پنهان را می‌اندازد.
    hint: `nn.Dropout(0.5)` behind each of the two hidden layers; never behind the scores.
    hint-fa: `nn.Dropout(0.5)` پس از هر یک از دو لایهٔ پنهان؛ هرگز پس از نمره‌ها.
    """
    shape = (3, 227, 227)
    module = build_module(student, "alexnet", (2, 2, 2, 2, 2), 4, 1, input_shape=shape)
    check_two_dropouts(student, module, shape, 48)


@pytest.mark.points(1, question="chains")
@pytest.mark.parametrize("num_convs", [1, 2, 3])
def test_vgg_block_computes(student, num_convs):
    """A block of VGG: its parameters and what it gives.

    fa: یک بلوک VGG: پارامترهایش و آنچه می‌دهد.
    hint: Each 3x3 convolution has padding 1 and a ReLU; one 2x2 pooling ends the block.
    hint-fa: هر کانولوشن 3x3 پدینگ 1 و ReLU دارد؛ بلوک با یک ادغام 2x2 تمام می‌شود.
    """
    check_computes(student, "vgg_block", num_convs, 3, 5, input_shape=(3, 8, 8))


@pytest.mark.points(1, question="chains", visibility="hidden", requires=["test_vgg_block_computes"])
def test_vgg_block_of_any_width(student):
    """A block of VGG with fewer filters than channels, on images that are not square.

    fa: یک بلوک VGG با فیلترهایی کمتر از کانال‌ها، روی تصویرهایی که مربع نیستند.
    """
    check_computes(student, "vgg_block", 4, 7, 2, input_shape=(7, 10, 6), seed=2)


@pytest.mark.points(1, question="chains")
@pytest.mark.parametrize(
    ("arguments", "names"),
    [((VGG11,), {}), ((VGG16,), {}), ((VGG16,), {"classes": 10})],
    ids=["VGG-11", "VGG-16", "VGG-16 for 10 classes"],
)
def test_parameters_of_vgg(student, arguments, names):
    """VGG-11 has 132,863,336 parameters, VGG-16 138,357,544, with 10 classes 134,301,514.

    fa: ‏VGG-11 دارای 132,863,336 پارامتر است، VGG-16 دارای 138,357,544 و با 10 رده 134,301,514.
    hint: Five blocks turn 224x224 into 7x7: 7x7x512 numbers are flattened.
    hint-fa: پنج بلوک 224x224 را به 7x7 می‌رسانند: 7x7x512 عدد تخت می‌شود.
    """
    check_holds(student, "vgg", *arguments, **names)


@pytest.mark.points(2, question="chains", requires=["test_parameters_of_vgg"])
def test_vgg_computes(student):
    """A narrow VGG of two blocks gives the right scores.

    fa: یک VGG باریک با دو بلوک نمره‌های درست می‌دهد.
    hint: Each block halves `size`; a ReLU stands behind both hidden layers, none behind the scores.
    hint-fa: هر بلوک `size` را نصف می‌کند؛ پس از هر دو لایهٔ پنهان ReLU می‌آید و پس از نمره‌ها نه.
    """
    check_computes(student, "vgg", ((1, 4), (2, 6)), 3, 8, 10, 5, input_shape=(3, 8, 8))


@pytest.mark.points(1, question="chains", requires=["test_vgg_computes"])
def test_vgg_drops_hidden_units(student):
    """In training, VGG drops half of the units of both hidden layers.

    fa: در آموزش، VGG نیمی از واحدهای هر دو لایهٔ پنهان را می‌اندازد.
    hint: `nn.Dropout(0.5)` behind each of the two hidden layers; never behind the scores.
    hint-fa: `nn.Dropout(0.5)` پس از هر یک از دو لایهٔ پنهان؛ هرگز پس از نمره‌ها.
    """
    shape = (3, 8, 8)
    module = build_module(student, "vgg", ((1, 2), (1, 3)), 3, 8, 4, 1, input_shape=shape)
    check_two_dropouts(student, module, shape, 64)


@pytest.mark.points(0.5, question="chains", visibility="hidden", requires=["test_vgg_computes"])
@pytest.mark.parametrize(
    ("arguments", "input_shape"),
    [((((2, 5),), 1, 6, 7, 4), (1, 6, 6)), ((((1, 3),) * 3, 2, 24, 9, 2), (2, 24, 24))],
    ids=["one block", "three blocks"],
)
def test_vgg_of_any_depth(student, arguments, input_shape):
    """A VGG of one block and one of three, on other images.

    fa: یک VGG با یک بلوک و یکی با سه بلوک، روی تصویرهای دیگر.
    """
    check_computes(student, "vgg", *arguments, input_shape=input_shape, seed=3)
