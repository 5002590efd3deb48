"""Checks of the data: standardizing, mirroring, cropping, batches (slides s.159-163)."""

import numpy as np
import pytest

from autograder.checks import (
    Call,
    TorchModule,
    check_equal,
    check_labels,
    check_shape,
    check_unchanged,
    check_value,
)
from autograder.checks.tensors import tensor
from autograder.errors import CheckFailure, FailureDetails

STANDARDIZED = {"en": "the standardized images", "fa": "تصویرهای استانداردشده"}
MIRRORED = {"en": "the mirrored images", "fa": "تصویرهای آینه‌شده"}
CROPPED = {"en": "the cropped images", "fa": "تصویرهای بریده‌شده"}
INDICES = {"en": "the indices of all batches", "fa": "اندیس‌های همهٔ دسته‌ها"}
SIZES = {"en": "the sizes of the batches", "fa": "اندازهٔ دسته‌ها"}
DRAWN_IMAGES = {"en": "the drawn images", "fa": "تصویرهای قرعه‌کشی‌شده"}
PARAMETERS = {"en": "the number of parameters", "fa": "شمار پارامترها"}

DRAWN = {
    "mirror": lambda images, seed: Call("mirror", (images, seed)),
    "random_crop": lambda images, seed: Call("random_crop", (images, 2, seed)),
    "minibatches": lambda images, seed: Call("minibatches", (len(images), 7, seed)),
}


def images_of(rng, samples=40, height=5, width=6):
    """Images (N, 3, H, W) of float32 whose channels differ in mean and spread."""
    spread, mean = np.array([[0.5], [2.0], [0.1]]), np.array([[1.0], [-3.0], [0.4]])
    pixels = spread * rng.normal(size=(samples, 3, height * width)) + mean
    return pixels.reshape(samples, 3, height, width).astype(np.float32)


def standardized(images, training):
    mean = training.mean(axis=(0, 2, 3), keepdims=True)
    return (images - mean) / training.std(axis=(0, 2, 3), keepdims=True)


def fitted(student, training):
    layer = student.new("Standardize", training.shape[1])
    layer.keep("fit", training)  # it may return anything, itself too
    return layer


def forward(student, layer, images):
    return layer.call("__call__", tensor(student, images))


def drawn_images(answer, images, what):
    check_shape(answer, images.shape, what=what)
    return np.asarray(answer)


def index_arrays(answer):
    """The batches as flat arrays."""
    kinds = (list, tuple, np.ndarray)
    if not (
        isinstance(answer, kinds) and len(answer) and all(isinstance(b, kinds) for b in answer)
    ):
        fail(
            "A list of index arrays is asked for, one array for each batch.",
            "فهرستی از آرایه‌های اندیس خواسته شده است، برای هر دسته یک آرایه.",
            got=str(answer)[:200],
        )
    for batch in answer:
        check_shape(batch, (len(batch),), what=INDICES)
    return [np.asarray(batch) for batch in answer]


def check_not_idle(student, name, images):
    """Over five seeds, at least one image must have changed."""
    for answer in student.calls([DRAWN[name](images, seed) for seed in range(5)]):
        if not np.array_equal(np.asarray(answer), images):
            return
    fail(
        "All images come back as they were, whatever the seed is.",
        "همهٔ تصویرها همان‌گونه که بودند برمی‌گردند، هر دانه‌ای که بگیرد.",
    )


def fail(en, fa, **shown):
    raise CheckFailure(FailureDetails({"en": en, "fa": fa}, **shown))


@pytest.mark.points(3, question="data")
def test_training_images_are_standardized(student, rng):
    """After `fit`, each channel of the training images has mean 0 and standard deviation 1.

    fa: پس از `fit` هر کانال تصویرهای آموزشی میانگین 0 و انحراف معیار 1 دارد.
    hint: One mean and one std for each channel: over images, rows and columns, (0, 2, 3).
    hint-fa: برای هر کانال یک میانگین و یک انحراف معیار: روی تصویرها، سطرها و ستون‌ها، (0, 2, 3).
    """
    images = images_of(rng)
    got = forward(student, fitted(student, images), images)
    check_value(got, standardized(images, images), what=STANDARDIZED, rtol=2e-3, atol=2e-3)


@pytest.mark.points(2, question="data", requires=["test_training_images_are_standardized"])
def test_other_images_get_the_statistics_of_the_training_images(student, rng):
    """Other images are standardized with the training images' statistics, in both modes.

    fa: تصویرهای دیگر در هر دو حالت آموزش و ارزیابی با آماره‌های تصویرهای آموزشی استاندارد می‌شوند.
    hint: `forward` only uses what `fit` has learned; the batch that it gets tells it nothing.
    hint-fa: متد `forward` تنها آنچه را `fit` آموخته به کار می‌برد و از دستهٔ ورودی چیزی نمی‌آموزد.
    """
    training, other = images_of(rng), 3 * images_of(rng, samples=4) + 1
    layer = fitted(student, training)
    right = standardized(other, training)
    for mode in ("train", "eval"):
        layer.keep(mode)
        got = forward(student, layer, other)
        check_value(got, right, what=STANDARDIZED, rtol=2e-3, atol=2e-3)
    check_value(
        forward(student, layer, other[:1]), right[:1], what=STANDARDIZED, rtol=2e-3, atol=2e-3
    )


@pytest.mark.points(1, question="data", requires=["test_training_images_are_standardized"])
def test_a_constant_channel_stays_finite(student, rng):
    """A channel that is constant in the training images becomes 0, and not NaN.

    fa: کانالی که در تصویرهای آموزشی ثابت است 0 می‌شود، نه NaN.
    """
    images = images_of(rng)
    images[:, 1] = 0.5
    got = forward(student, fitted(student, images), images)
    check_shape(got, images.shape, what=STANDARDIZED)
    check_value(np.asarray(got)[:, 1], np.zeros_like(images[:, 1]), what=STANDARDIZED, atol=1e-3)


@pytest.mark.points(3, question="data", requires=["test_training_images_are_standardized"])
def test_the_statistics_are_part_of_what_was_learned(student, rng):
    """A new layer that loads the `state_dict()` of a fitted one standardizes as that does.

    fa: لایهٔ تازه‌ای که `state_dict()` لایهٔ آموخته را بار کند، همان گونه استاندارد می‌کند.
    hint: Keep mean and std with `self.register_buffer(...)`, and copy into them in `fit`.
    hint-fa: میانگین و انحراف معیار را با `self.register_buffer(...)` نگه دارید و در `fit` درون آن‌ها
        بنویسید.
    """
    images = images_of(rng)
    state = TorchModule().take(student, fitted(student, images))
    layer = student.new("Standardize", 3)
    TorchModule().put(student, layer, state)
    got = forward(student, layer, images)
    check_value(got, standardized(images, images), what=STANDARDIZED, rtol=2e-3, atol=2e-3)
    count = student.define("lambda layer: sum(p.numel() for p in layer.parameters())")
    check_equal(count.call("__call__", layer), 0, what=PARAMETERS)


@pytest.mark.points(1, question="data", requires=["test_training_images_are_standardized"])
def test_before_fit_nothing_changes(student, rng):
    """Before `fit`, images come out as they went in: mean 0, std 1.

    fa: پیش از `fit` تصویرها همان گونه که آمده‌اند بیرون می‌روند: میانگین 0 و انحراف معیار 1.
    """
    images = images_of(rng, samples=3)
    got = forward(student, student.new("Standardize", 3), images)
    check_value(got, images, what=STANDARDIZED)


@pytest.mark.points(2, question="data")
def test_mirrored_images_are_their_own_or_mirrored(student, rng):
    """`mirror` gives each image as it is, or mirrored left to right, in the same order.

    fa: تابع `mirror` هر تصویر را یا همان گونه که هست یا با چپ و راست جابه‌جا می‌دهد، به همان ترتیب.
    hint: Left to right is the last axis; the order must stay, or the labels no longer fit.
    hint-fa: چپ و راست محور آخر است؛ ترتیب باید بماند، وگرنه برچسب‌ها دیگر جور نیستند.
    """
    images = images_of(rng, samples=12)
    got = drawn_images(student.mirror(images, 3), images, MIRRORED)
    for index, image in enumerate(images):
        if not (np.array_equal(got[index], image) or np.array_equal(got[index], image[..., ::-1])):
            fail(
                "An image that comes back is neither the one that stood there nor its mirror.",
                "تصویری که برگشته نه همان تصویر آن جایگاه است و نه آینهٔ آن.",
                where=f"[{index}]",
            )
    check_unchanged(student)
    check_not_idle(student, "mirror", images)


@pytest.mark.points(2, question="data", requires=["test_mirrored_images_are_their_own_or_mirrored"])
def test_half_of_the_images_are_mirrored(student, rng):
    """About half of 400 images are mirrored, each by a draw of its own.

    fa: از ۴۰۰ تصویر حدود نیمی آینه می‌شوند و هر تصویر قرعهٔ خودش را دارد.
    hint: Draw one number for each image, not one for the batch.
    hint-fa: برای هر تصویر یک عدد بکشید، نه یک عدد برای همهٔ دسته.
    """
    images = images_of(rng, samples=400, height=2, width=3)
    got = drawn_images(student.mirror(images, 8), images, MIRRORED)
    mirrored = np.mean(np.any(got != images, axis=(1, 2, 3)))
    if not 0.38 <= mirrored <= 0.62:
        fail(
            "The part of the images that is mirrored is far from one half.",
            "سهم تصویرهایی که آینه شده‌اند از نصف دور است.",
            expected="0.5",
            got=f"{mirrored:.3f}",
        )


@pytest.mark.points(3, question="data")
def test_crops_are_windows_of_the_padded_image(student, rng):
    """Each crop is a window, of the image's size, of that image with zeros around it.

    fa: هر برش پنجره‌ای به اندازهٔ تصویر از همان تصویر با حاشیهٔ صفر است.
    hint: `np.pad` the last two axes only, then cut H rows and W columns, all channels alike.
    hint-fa: تنها دو محور آخر را با `np.pad` گسترش دهید و سپس H سطر و W ستون ببرید، برای همهٔ
        کانال‌ها یکسان.
    """
    images = images_of(rng, samples=30)
    got = drawn_images(student.random_crop(images, 2, 5), images, CROPPED)
    padded = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))
    for index, image in enumerate(padded):
        if not any(np.array_equal(got[index], window) for _, window in windows(image, 5, 6)):
            fail(
                "What comes back is no window of the image with its border of zeros.",
                "آنچه برگشته پنجره‌ای از تصویر با حاشیهٔ صفر نیست.",
                where=f"[{index}]",
            )
    check_unchanged(student)
    check_not_idle(student, "random_crop", images)


def windows(padded, height, width):
    """Every window (C, height, width) of one padded image, with its place."""
    for row in range(padded.shape[1] - height + 1):
        for column in range(padded.shape[2] - width + 1):
            yield (
                (row, column),
                padded[:, row : row + height, column : column + width],
            )


@pytest.mark.points(1, question="data", requires=["test_crops_are_windows_of_the_padded_image"])
def test_all_places_of_a_crop_are_drawn(student, rng):
    """With a padding of 1, each of the 9 places comes for about one image in 9.

    fa: با حاشیهٔ 1 هر یک از ۹ جایگاه برای حدود یک نهم تصویرها می‌آید.
    hint: A window may begin at 0, 1, ..., 2 * padding: 2 * padding + 1 places a side.
    hint-fa: پنجره از 0، 1، ... تا 2 * padding آغاز می‌شود: در هر سو 2 * padding + 1 جایگاه.
    """
    images = images_of(rng, samples=720, height=3, width=3)
    got = drawn_images(student.random_crop(images, 1, 6), images, CROPPED)
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    counts = np.zeros((3, 3), dtype=int)
    for index, image in enumerate(padded):
        for place, window in windows(image, 3, 3):
            counts[place] += np.array_equal(got[index], window)
    if counts.min() < 40 or counts.max() > 130:
        fail(
            "Of 720 images, each place should come about 80 times.",
            "از ۷۲۰ تصویر هر جایگاه باید حدود ۸۰ بار بیاید.",
            expected="80",
            got=f"{counts.min()} … {counts.max()}",
        )


@pytest.mark.points(2, question="data")
def test_an_epoch_shows_every_sample_once(student):
    """The batches of an epoch hold each index once, none twice, none left out.

    fa: دسته‌های یک دوره هر اندیس را درست یک بار دارند: نه دو بار، نه هیچ بار.
    hint: What is left over after the full batches makes a smaller one.
    hint-fa: آنچه پس از دسته‌های کامل می‌ماند دستهٔ کوچک‌تری می‌شود.
    """
    for samples, size in ((10, 5), (23, 4), (3, 8)):
        batches = index_arrays(student.minibatches(samples, size, 1))
        indices = np.concatenate(batches)
        check_labels(np.sort(indices), np.arange(samples), what=INDICES)
        full, rest = divmod(samples, size)
        sizes = [size] * full + [rest] * (rest > 0)
        check_equal([len(batch) for batch in batches], sizes, what=SIZES)


@pytest.mark.points(1, question="data", requires=["test_an_epoch_shows_every_sample_once"])
def test_batches_are_shuffled(student):
    """The samples of a batch come from all over the training set.

    fa: نمونه‌های هر دسته از سراسر مجموعهٔ آموزشی می‌آیند.
    hint: Shuffle all indices first, then cut; shuffling within a batch is not enough.
    hint-fa: نخست همهٔ اندیس‌ها را بر بزنید و سپس ببرید؛ بر زدن درون دسته کافی نیست.
    """
    batches = index_arrays(student.minibatches(200, 20, 2))
    if any(np.ptp(batch) < 60 for batch in batches):
        fail(
            "A batch holds neighbours only.",
            "دسته‌ای تنها نمونه‌های همسایه دارد.",
            got=str(next(np.sort(batch) for batch in batches if np.ptp(batch) < 60)),
        )


@pytest.mark.parametrize("name", sorted(DRAWN))
@pytest.mark.points(1, question="data", visibility="hidden")
def test_a_seed_decides_what_is_drawn(student, rng, name):
    """The same seed draws the same again, and other seeds draw something else.

    fa: یک seed یکسان همان را دوباره می‌دهد و seed دیگر چیز دیگری.
    """
    images = images_of(rng, samples=60)
    first, again, other = student.calls([DRAWN[name](images, seed) for seed in (4, 4, 5)])
    if name == "minibatches":
        rows = [np.concatenate(index_arrays(drawn)) for drawn in (first, again, other)]
    else:
        rows = [drawn_images(drawn, images, DRAWN_IMAGES) for drawn in (first, again, other)]
    if not np.array_equal(rows[0], rows[1]):
        fail("Twice the same seed, and two different answers.", "دو بار یک seed و دو پاسخ گوناگون.")
    if np.array_equal(rows[0], rows[2]):
        fail("Two seeds, and the same answer.", "دو seed گوناگون و یک پاسخ.")
