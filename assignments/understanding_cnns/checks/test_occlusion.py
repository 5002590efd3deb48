"""Checks of occlusion maps and saliency (tutorial part 3: is the dog what the network sees?)."""

import numpy as np
import pytest
from cnn_occlusion import MODEL, SEES, model, occlusion_heat, occlusion_scores, saliency

from autograder.checks import (
    Call,
    check_against_reference,
    check_gradient,
    check_unchanged,
    check_value,
)
from autograder.checks.properties.own import own, own_parts
from autograder.errors import CheckFailure, FailureDetails

SCORES = {"en": "the probabilities", "fa": "احتمال‌ها"}
HEAT = {"en": "the heat of the pixels", "fa": "گرمای پیکسل‌ها"}
GRADIENT = {"en": "the gradient of the score", "fa": "گرادیان امتیاز"}
MAP = {"en": "the saliency map", "fa": "نقشهٔ برجستگی"}
SALIENCY = (GRADIENT, MAP)

# Class 0 is as probable as the pixels in rows and columns 2 and 3 are bright, class 1 as dark.
LOOKS = (
    "lambda images: (lambda m: np.stack([m, 1 - m], axis=1))"
    "(images[:, :, 2:4, 2:4].mean(axis=(1, 2, 3)))"
)
# A patch of 3 at 0, 2 and 4 hides one, both and none of the two rows.
HIDDEN = np.outer([0.5, 1, 0], [0.5, 1, 0])


def check_scores(got, expected):
    """The probabilities, one for each place of the patch."""
    shape = own(got, what=SCORES).shape
    if shape != expected.shape:
        rows, columns = expected.shape
        en = (
            f"The patch stands at {rows} x {columns} places here: one number for each is asked for."
        )
        fa = f"وصله این‌جا در {rows} x {columns} جا می‌ایستد: برای هر جا یک عدد خواسته شده است."
        details = FailureDetails(
            {"en": en, "fa": fa}, expected=f"shape {expected.shape}", got=f"shape {shape}"
        )
        raise CheckFailure(details)
    check_value(got, expected, what=SCORES)


@pytest.mark.points(2.5, question="occlusion")
def test_occlusion_scores(student):
    """The probability falls where the patch hides what the network looks at.

    fa: احتمال جایی می‌افتد که وصله آنچه را شبکه می‌بیند بپوشاند.
    hint: 7 pixels, a patch of 3, stride 2: it stands at 0, 2 and 4 on each axis.
    hint-fa: ۷ پیکسل، وصلهٔ ۳ و گام ۲: در هر محور در 0 و 2 و 4 می‌ایستد.
    """
    looks, image = student.define(LOOKS), np.ones((1, 7, 7))
    check_scores(student.occlusion_scores(looks, image, 0, 3, 2), 1 - HIDDEN)


@pytest.mark.points(2, question="occlusion")
def test_the_true_class_counts(student):
    """It is the probability of the true class, also where the network prefers another one.

    fa: احتمال کلاس درست است، حتی جایی که شبکه کلاس دیگری را ترجیح می‌دهد.
    hint: Take column `label` of the probabilities, not the largest one.
    hint-fa: ستون `label` احتمال‌ها را بگیرید، نه بزرگ‌ترین را.
    """
    looks, image = student.define(LOOKS), np.ones((1, 7, 7))
    check_scores(student.occlusion_scores(looks, image, 1, 3, 2), HIDDEN)


@pytest.mark.points(1.5, question="occlusion", requires=["test_occlusion_scores"])
def test_grey_patches_cover_all_channels(student):
    """The patch has the value `fill`, in every channel.

    fa: وصله در همهٔ کانال‌ها مقدار `fill` دارد.
    hint: `image[:, top:bottom, left:right] = fill` on a copy.
    hint-fa: `image[:, top:bottom, left:right] = fill` روی یک کپی.
    """
    looks, image = student.define(LOOKS), np.ones((3, 7, 7))
    got = student.occlusion_scores(looks, image, 0, 3, 2, 0.5)
    check_scores(got, 1 - HIDDEN / 2)
    check_scores(student.occlusion_scores(looks, image, 0, 3, 2), 1 - HIDDEN)


@pytest.mark.points(1.5, question="occlusion", requires=["test_occlusion_scores"])
def test_pixels_left_over_stay_visible(student):
    """In an image of 8x10 the patch of 3 with stride 2 has 3x4 places: the rest stays visible.

    fa: در تصویر 8x10 وصلهٔ 3 با گام 2 در 3x4 جا می‌ایستد: بقیه دیده می‌شود.
    hint: Rows and columns are counted by themselves: (H - patch) // stride + 1 places.
    hint-fa: سطرها و ستون‌ها جداگانه شمرده می‌شوند: `(H - patch) // stride + 1` جا.
    """
    looks, image = student.define(LOOKS), np.ones((1, 8, 10))
    image[0, 7] = image[0, :, 9] = 0.0
    expected = 1 - np.outer([0.5, 1, 0], [0.5, 1, 0, 0])
    check_scores(student.occlusion_scores(looks, image, 0, 3, 2), expected)


@pytest.mark.points(1, question="occlusion", requires=["test_occlusion_scores"])
def test_the_image_stays_whole(student):
    """Each place starts from the whole image, and the image that was given stays as it is.

    fa: هر جا از تصویر کامل آغاز می‌شود و تصویر داده‌شده تغییر نمی‌کند.
    hint: `image.copy()` for each place; `hidden = image` is another name, not a copy.
    hint-fa: برای هر جا `image.copy()`؛ `hidden = image` نام دیگری است، نه کپی.
    """
    looks, image = student.define(LOOKS), np.ones((1, 6, 6))
    got = student.occlusion_scores(looks, image, 0, 2, 1)
    check_unchanged(student)
    covered = np.array([0, 0.5, 1, 0.5, 0])
    check_scores(got, 1 - np.outer(covered, covered))


@pytest.mark.points(
    1, question="occlusion", visibility="hidden", requires=["test_occlusion_scores"]
)
def test_occlusion_scores_of_a_softmax(student, rng):
    """Any patch, stride and fill, before a network with three classes.

    fa: هر وصله، گام و مقدار پرکننده، پیش روی شبکه‌ای با سه کلاس.
    """
    looks, image = student.define(MODEL), rng.normal(size=SEES)
    for label, patch, stride, fill in ((0, 2, 2, 0.0), (1, 3, 1, 0.5), (2, 4, 2, -1.0)):
        expected = occlusion_scores(model, image, label, patch, stride, fill)
        got = student.occlusion_scores(looks, image, label, patch, stride, fill)
        check_scores(got, expected)


@pytest.mark.points(2.5, question="occlusion")
def test_occlusion_heat(student):
    """A pixel gets the mean fall over the squares that cover it: the overlap has both.

    fa: هر پیکسل میانگین افت مربع‌هایی را می‌گیرد که آن را می‌پوشانند: جای هم‌پوشان هر دو را دارد.
    hint: Add up whole - score in each square and count the squares, then divide.
    hint-fa: `whole - score` را در هر مربع جمع کنید و مربع‌ها را بشمارید، سپس تقسیم کنید.
    """
    got = student.occlusion_heat(np.array([[0.7, 0.3]]), 0.9, 3, 2, 3, 5)
    check_value(got, [[0.2, 0.2, 0.4, 0.6, 0.6]] * 3, what=HEAT)
    scores = np.array([[0.5, 0.75], [0.25, 1.0]])
    got = student.occlusion_heat(scores, 0.5, 2, 1, 3, 3)
    top, middle, bottom = [0, -0.125, -0.25], [0.125, -0.125, -0.375], [0.25, -0.125, -0.5]
    check_value(got, [top, middle, bottom], what=HEAT)
    check_unchanged(student)


@pytest.mark.points(1, question="occlusion", requires=["test_occlusion_heat"])
def test_heat_of_pixels_that_are_never_hidden(student):
    """A pixel that no square covers gets 0, not NaN.

    fa: پیکسلی که هیچ مربعی نمی‌پوشاند 0 می‌گیرد، نه NaN.
    """
    got = student.occlusion_heat(np.array([[0.5], [0.25]]), 1.0, 2, 3, 6, 3)
    rows = [[0.5, 0.5, 0]] * 2 + [[0, 0, 0]] + [[0.75, 0.75, 0]] * 2 + [[0, 0, 0]]
    check_value(got, rows, what=HEAT)


@pytest.mark.points(1, question="occlusion", visibility="hidden", requires=["test_occlusion_heat"])
def test_heat_of_any_scores(student, rng):
    """Any patch and stride, on images that are no squares.

    fa: هر وصله و گام، روی تصویرهای غیرمربع.
    """
    calls = []
    for patch, stride, height, width in ((3, 1, 7, 6), (4, 2, 9, 12), (2, 3, 8, 5)):
        shape = (height - patch) // stride + 1, (width - patch) // stride + 1
        calls.append(Call("occlusion_heat", (rng.random(shape), 0.6, patch, stride, height, width)))
    check_against_reference(student, calls, occlusion_heat, what=HEAT)


@pytest.mark.points(1.5, question="occlusion")
def test_saliency_of_two_pixels(student):
    """Two pixels, three hidden units of which one is off, two classes.

    fa: دو پیکسل، سه واحد پنهان که یکی خاموش است، دو کلاس.
    hint: The hidden units are (1, 0, 1): the second one passes no gradient.
    hint-fa: واحدهای پنهان `(1, 0, 1)` هستند: دومی گرادیانی نمی‌گذراند.
    """
    image, W1 = np.array([[[1.0, 2.0]]]), np.array([[1.0, -1, 2], [0, 1, -3]])
    W2 = np.array([[2.0, 0], [1, -1], [5, 7]])
    network = (W1, np.array([0.0, -3, 5]), W2, np.array([1.0, 2.0]))
    for label, gradient in ((0, [12, -15]), (1, [14, -21])):
        got = student.saliency(image, *network, label)
        expected = np.array([[gradient]]), np.abs([gradient])
        check_value(got, expected, what=SALIENCY)


@pytest.mark.points(1, question="occlusion", requires=["test_saliency_of_two_pixels"])
def test_saliency_is_the_slope_of_the_score(student, rng):
    """The gradient says how the score of the class changes with each pixel.

    fa: گرادیان می‌گوید امتیاز کلاس با هر پیکسل چگونه تغییر می‌کند.
    hint: Back through W2[:, label], the ReLU's mask and W1, to the image's shape.
    hint-fa: از `W2[:, label]`، ماسک ReLU و W1 به عقب بروید، تا شکل تصویر.
    """
    image, label = rng.normal(size=(2, 3, 4)), 1
    W1, b1 = rng.normal(size=(24, 6)), rng.normal(size=6)
    W2, b2 = rng.normal(size=(6, 3)), rng.normal(size=3)

    def scores(points):
        return [float((np.maximum(p.ravel() @ W1 + b1, 0) @ W2 + b2)[label]) for p in points]

    gradient, _ = own_parts(student.saliency(image, W1, b1, W2, b2, label), SALIENCY)
    check_unchanged(student)
    check_gradient(scores, image, gradient, rng=rng, what=GRADIENT)


@pytest.mark.points(1, question="occlusion", requires=["test_saliency_of_two_pixels"])
def test_saliency_takes_the_strongest_channel(student):
    """The map has the largest absolute value over the channels, whatever its sign.

    fa: نقشه بزرگ‌ترین قدرمطلق روی کانال‌ها را دارد، با هر علامتی.
    """
    image = np.ones((3, 1, 2))
    W1 = np.array([[1.0], [2], [-3], [1], [2], [-1]])
    network = (W1, np.zeros(1), np.array([[2.0]]), np.zeros(1))
    gradient = np.array([[[2, 4]], [[-6, 2]], [[4, -2]]])
    expected = (gradient, np.array([[6, 4]]))
    check_value(student.saliency(image, *network, 0), expected, what=SALIENCY)


@pytest.mark.points(
    0.5, question="occlusion", visibility="hidden", requires=["test_saliency_of_two_pixels"]
)
def test_saliency_of_any_network(student, rng):
    """Every class of a network of any size.

    fa: هر کلاس از شبکه‌ای با هر اندازه.
    """
    sizes = (3, 2, 5), (30, 8), (8,), (8, 4), (4,)
    network = [rng.normal(size=size) for size in sizes]
    calls = [Call("saliency", (*network, label)) for label in range(4)]
    check_against_reference(student, calls, saliency, unchanged=True)
