"""Wrong versions of the data functions: `Standardize`, `mirror`, `random_crop`, `minibatches`."""

import numpy as np
from train_a_cnn_versions import changed, right, solution

from autograder.checks import TorchModule
from autograder.checks.tensors import tensor
from autograder.components import Component, wrong_version

# --- Standardize --------------------------------------------------------------------------------


def fit_to(mean_of, std_of):
    """A `fit` that learns what the two functions make of a tensor of images."""

    def fit(self, images):
        images = solution().torch.as_tensor(images, dtype=self.mean.dtype)
        std = std_of(images)
        self.mean.copy_(mean_of(images))
        self.std.copy_(solution().torch.where(std > 1e-6, std, solution().torch.ones_like(std)))

    return fit


def mean(images):
    return images.mean(dim=(0, 2, 3))


def std(images):
    return images.std(dim=(0, 2, 3), correction=0)


def of_the_batch(self, images):
    shown = (images - mean(images)[:, None, None]) / (std(images) + 1e-6)[:, None, None]
    return shown


def without_guard(self, images):
    images = solution().torch.as_tensor(images, dtype=self.mean.dtype)
    self.mean.copy_(mean(images))
    self.std.copy_(std(images))


def as_attributes(self, channels):
    solution().nn.Module.__init__(self)
    self.mean, self.std = solution().torch.zeros(channels), solution().torch.ones(channels)


def as_parameters(self, channels):
    torch = solution().torch
    solution().nn.Module.__init__(self)
    self.mean = solution().nn.Parameter(torch.zeros(channels))
    self.std = solution().nn.Parameter(torch.ones(channels))


def fit_parameters(self, images):
    with solution().torch.no_grad():
        fit_to(mean, std)(self, images)


def statistics(student, rng):
    """What a fitted layer makes of other images, and what its `state_dict()` holds."""
    scale = np.array([0.5, 2.0, 0.1])[:, None, None]
    training = (1 + scale * rng.normal(size=(40, 3, 16, 16))).astype(np.float32)
    layer = student.new("Standardize", 3)
    layer.keep("fit", training)
    yield layer.call("__call__", tensor(student, 2 * training))
    yield len(TorchModule().take(student, layer))
    count = student.define("lambda layer: sum(p.numel() for p in layer.parameters())")
    yield count.call("__call__", layer)
    training[:, 1] = 0.25
    layer.keep("fit", training)
    yield np.asarray(layer.call("__call__", tensor(student, training[:2])))[:, 1]


STANDARDIZE = Component(
    "Standardize",
    question="data",
    right=right("Standardize"),
    wrong=(
        wrong_version(
            "Standardize.batch_statistics",
            "Each batch is standardized by its own statistics",
            "Use the mean and std that `fit` has learned from the training images.",
            "هر دسته با آماره‌های خودش استاندارد شده است",
            "میانگین و انحراف معیاری را به کار ببرید که `fit` از تصویرهای آموزشی آموخته است.",
        )(changed("Standardize", forward=of_the_batch)),
        wrong_version(
            "Standardize.one_mean_for_all",
            "All channels get one mean and one std",
            "Each channel has its own: take them over the axes 0, 2 and 3.",
            "همهٔ کانال‌ها یک میانگین و یک انحراف معیار گرفته‌اند",
            "هر کانال از آنِ خود را دارد: روی محورهای 0، 2 و 3 بگیرید.",
        )(
            changed(
                "Standardize",
                fit=fit_to(
                    lambda images: images.mean().expand(images.shape[1]),
                    lambda images: images.std().expand(images.shape[1]),
                ),
            )
        ),
        wrong_version(
            "Standardize.variance_for_std",
            "The images are divided by the variance",
            "Divide by the standard deviation, its root.",
            "تصویرها بر واریانس تقسیم شده‌اند",
            "بر انحراف معیار، یعنی جذر آن، تقسیم کنید.",
        )(changed("Standardize", fit=fit_to(mean, lambda images: std(images) ** 2))),
        wrong_version(
            "Standardize.only_centered",
            "The mean is taken off, and nothing is divided",
            "Divide by the standard deviation of the channel as well.",
            "میانگین کم شده ولی تقسیمی انجام نشده است",
            "بر انحراف معیار کانال هم تقسیم کنید.",
        )(
            changed(
                "Standardize",
                fit=fit_to(mean, lambda images: solution().torch.ones(images.shape[1])),
            )
        ),
        wrong_version(
            "Standardize.constant_channel",
            "A constant channel is divided by 0",
            "Where std is 0, put 1 in its place.",
            "کانال ثابت بر 0 تقسیم شده است",
            "جایی که انحراف معیار 0 است، به جای آن 1 بگذارید.",
        )(changed("Standardize", fit=without_guard)),
        wrong_version(
            "Standardize.not_in_the_state",
            "The statistics are plain attributes, and not in the `state_dict()`",
            "`self.register_buffer('mean', ...)` puts them there.",
            "آماره‌ها ویژگی‌های ساده‌اند و در `state_dict()` نیستند",
            "`self.register_buffer('mean', ...)` آن‌ها را آنجا می‌گذارد.",
        )(changed("Standardize", __init__=as_attributes)),
        wrong_version(
            "Standardize.parameters",
            "The statistics are parameters: the optimizer would change them",
            "They are buffers: `self.register_buffer('mean', ...)`.",
            "آماره‌ها پارامترند: بهینه‌ساز آن‌ها را تغییر می‌دهد",
            "آن‌ها بافرند: `self.register_buffer('mean', ...)`.",
        )(changed("Standardize", __init__=as_parameters, fit=fit_parameters)),
    ),
    session=statistics,
)

# --- mirror -------------------------------------------------------------------------------------


def chosen(images, seed):
    return (np.random.default_rng(seed).random(len(images)) < 0.5)[:, None, None, None]


def kinds(student, rng):
    """Which images come back: the same, mirrored, upside down; one kind for a batch, or several."""
    images = rng.normal(size=(16, 2, 3, 4))
    forms = {"same": images, "mirrored": images[..., ::-1], "turned": images[:, :, ::-1]}
    forms |= {"colours": images[:, ::-1], "order": images[::-1]}
    seen, mixed = set(), False
    for seed in range(12):
        got = np.asarray(student.mirror(images, seed))
        if got.shape != images.shape:
            yield str(got.shape)
            return
        found = {
            next((name for name, form in forms.items() if np.array_equal(g, form[at])), "other")
            for at, g in enumerate(got)
        }
        seen, mixed = seen | found, mixed or len(found) > 1
    yield ", ".join(sorted(seen))
    yield str(mixed)


MIRROR = Component(
    "mirror",
    question="data",
    right=right("mirror"),
    wrong=(
        wrong_version(
            "mirror.upside_down",
            "The images are turned upside down",
            "Left and right are the last axis: `images[..., ::-1]`.",
            "تصویرها سر و ته شده‌اند",
            "چپ و راست محور آخر است: `images[..., ::-1]`.",
        )(lambda images, seed: np.where(chosen(images, seed), images[:, :, ::-1], images)),
        wrong_version(
            "mirror.all",
            "Every image is mirrored",
            "Mirror each with probability 1/2, so that the network sees both.",
            "همهٔ تصویرها آینه شده‌اند",
            "هر یک را با احتمال 1/2 آینه کنید تا شبکه هر دو را ببیند.",
        )(lambda images, seed: images[..., ::-1].copy()),
        wrong_version(
            "mirror.batch_at_once",
            "One draw decides for the whole batch",
            "Draw a number for each image.",
            "یک قرعه برای همهٔ دسته تصمیم گرفته است",
            "برای هر تصویر یک عدد بکشید.",
        )(
            lambda images, seed: (
                images[..., ::-1].copy() if np.random.default_rng(seed).random() < 0.5 else images
            )
        ),
        wrong_version(
            "mirror.colours",
            "The order of the colours is turned round",
            "That is axis 1; left and right are the last axis.",
            "ترتیب رنگ‌ها وارونه شده است",
            "آن محور 1 است؛ چپ و راست محور آخر است.",
        )(lambda images, seed: np.where(chosen(images, seed), images[:, ::-1], images)),
    ),
    session=kinds,
)

# --- random_crop --------------------------------------------------------------------------------


def crop(images, padding, seed, *, places=None, mode="constant"):
    """Cut at `places(rng, N)`, (N, 2)."""
    rng = np.random.default_rng(seed)
    height, width = images.shape[2:]
    edges = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(images, edges, mode=mode)
    drawn = places(rng, len(images), padding)
    return np.stack(
        [
            image[:, row : row + height, column : column + width]
            for image, (row, column) in zip(padded, drawn, strict=True)
        ]
    )


def everywhere(rng, count, padding):
    return rng.integers(0, 2 * padding + 1, (count, 2))


def cropping(**how):
    def random_crop(images, padding, seed):
        return crop(images, padding, seed, **{"places": everywhere, **how})

    return random_crop


def crop_places(student, rng):
    """The places at which crops of 200 images come, and whether a batch has several."""
    images = 1 + rng.random(size=(200, 1, 3, 3))
    got = np.asarray(student.random_crop(images, 1, 1))
    if got.shape != images.shape:
        yield str(got.shape)
        return
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    found = set()
    for g, image in zip(got, padded, strict=True):
        there = [
            f"{row}{column}"
            for row in range(3)
            for column in range(3)
            if np.array_equal(g, image[:, row : row + 3, column : column + 3])
        ]
        found.add(there[0] if there else "none")
    yield "one" if len(found) == 1 else ", ".join(sorted(found))


RANDOM_CROP = Component(
    "random_crop",
    question="data",
    right=right("random_crop"),
    wrong=(
        wrong_version(
            "random_crop.one_place",
            "All images of a batch are cut at one place",
            "Draw a row and a column for each image.",
            "همهٔ تصویرهای دسته از یک جا بریده شده‌اند",
            "برای هر تصویر یک سطر و یک ستون بکشید.",
        )(
            cropping(
                places=lambda rng, count, padding: np.tile(everywhere(rng, 1, padding), (count, 1))
            )
        ),
        wrong_version(
            "random_crop.last_place_missing",
            "The last row and column are never drawn",
            "There are 2 * padding + 1 places; the upper end of `integers` or `range` is left out.",
            "آخرین سطر و ستون هرگز کشیده نمی‌شود",
            "شمار جایگاه‌ها 2 * padding + 1 است؛ کران بالای `integers` و `range` جزو آن نیست.",
        )(
            cropping(
                places=lambda rng, count, padding: rng.integers(0, max(1, 2 * padding), (count, 2))
            )
        ),
        wrong_version(
            "random_crop.diagonal",
            "One number is row and column at once",
            "Draw two numbers for each image.",
            "یک عدد هم سطر و هم ستون است",
            "برای هر تصویر دو عدد بکشید.",
        )(
            cropping(
                places=lambda rng, count, padding: np.repeat(
                    everywhere(rng, count, padding)[:, :1], 2, axis=1
                )
            )
        ),
        wrong_version(
            "random_crop.edge_repeated",
            "The border repeats the edge of the image, and is not zero",
            "`np.pad` without a mode puts zeros; so does `F.pad`.",
            "حاشیه لبهٔ تصویر را تکرار می‌کند و صفر نیست",
            "`np.pad` بدون mode صفر می‌گذارد؛ `F.pad` هم.",
        )(cropping(mode="edge")),
    ),
    session=crop_places,
)

# --- minibatches --------------------------------------------------------------------------------


def cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


def within_batches(samples, batch_size, seed):
    rng = np.random.default_rng(seed)
    return [rng.permutation(batch) for batch in cut(np.arange(samples), batch_size)]


def one_epoch(student, rng):
    """Sizes, how many indices are there, whether the order and the batches are shuffled."""
    batches = [np.asarray(batch) for batch in student.minibatches(103, 10, 3)]
    indices = np.concatenate(batches)
    yield [len(batch) for batch in batches]
    yield "all" if len(set(indices.tolist())) == 103 else str(len(indices))
    yield str(bool(np.all(np.diff(indices) > 0)))
    yield str(all(np.ptp(batch) < 10 for batch in batches))


MINIBATCHES = Component(
    "minibatches",
    question="data",
    right=right("minibatches"),
    wrong=(
        wrong_version(
            "minibatches.last_dropped",
            "What is left over after the full batches is dropped",
            "The last batch is smaller; each index stands in one batch.",
            "آنچه پس از دسته‌های کامل می‌ماند دور ریخته شده است",
            "دستهٔ آخر کوچک‌تر است؛ هر اندیس در یک دسته هست.",
        )(
            lambda samples, batch_size, seed: [
                batch
                for batch in solution().minibatches(samples, batch_size, seed)
                if len(batch) == batch_size
            ]
        ),
        wrong_version(
            "minibatches.with_replacement",
            "Indices are drawn with replacement: some come twice, some never",
            "Shuffle all indices once, `permutation`, and cut.",
            "اندیس‌ها با جایگذاری کشیده شده‌اند: برخی دو بار می‌آیند و برخی هرگز",
            "همهٔ اندیس‌ها را یک بار با `permutation` بر بزنید و ببرید.",
        )(
            lambda samples, batch_size, seed: cut(
                np.random.default_rng(seed).integers(0, samples, samples), batch_size
            )
        ),
        wrong_version(
            "minibatches.not_shuffled",
            "The indices are not shuffled",
            "A batch of neighbours may hold one class only: shuffle first.",
            "اندیس‌ها بر نخورده‌اند",
            "دستهٔ همسایه‌ها شاید تنها یک کلاس داشته باشد: نخست بر بزنید.",
        )(lambda samples, batch_size, seed: cut(np.arange(samples), batch_size)),
        wrong_version(
            "minibatches.shuffled_within",
            "Only the order within each batch is shuffled",
            "Shuffle all indices first, then cut them into batches.",
            "تنها ترتیب درون هر دسته بر خورده است",
            "نخست همهٔ اندیس‌ها را بر بزنید و سپس به دسته‌ها ببرید.",
        )(within_batches),
    ),
    session=one_epoch,
)

DATA = [STANDARDIZE, MIRROR, RANDOM_CROP, MINIBATCHES]
