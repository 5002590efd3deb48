"""Occlusion and saliency: what is right, and what is known to go wrong."""

import numpy as np

from autograder.components import Component, wrong_version

SEES = (2, 6, 6)
MODEL = (
    "lambda images: (lambda e: e / e.sum(axis=1, keepdims=True))(np.exp(0.3 * "
    "images.reshape(len(images), -1) @ np.random.default_rng(7).normal(size=(72, 3))))"
)


def model(images):
    """The network of MODEL on the grader's side: images (N, 2, 6, 6) -> probabilities (N, 3)."""
    weights = np.random.default_rng(7).normal(size=(72, 3))
    powers = np.exp(0.3 * images.reshape(len(images), -1) @ weights)
    return powers / powers.sum(axis=1, keepdims=True)


# --- occlusion ----------------------------------------------------------------------------------


def of_label(scores, label):
    return scores[label]


def scores_by(pick=of_label, fresh=True, channels=slice(None), filled=True, last=False, around=0):
    def occlusion_scores(probabilities, image, label, patch, stride, fill=0.0):
        pixels = np.array(image, float)
        starts = []
        for length in pixels.shape[1:]:
            each = list(range(0, length - patch + 1, stride))
            starts.append(each + [length - patch] * (last and each[-1] != length - patch))
        scores = np.zeros([len(each) for each in starts])
        for i, top in enumerate(starts[0]):
            for j, left in enumerate(starts[1]):
                pixels = np.array(image, float) if fresh else pixels
                above, before = (
                    max(top - around * (patch // 2), 0),
                    max(left - around * (patch // 2), 0),
                )
                window = np.s_[channels, above : above + patch, before : before + patch]
                pixels[window] = fill if filled else 0.0
                scores[i, j] = pick(np.asarray(probabilities(pixels[None]))[0], label)
        return scores

    return occlusion_scores


occlusion_scores = scores_by()


def fall(probabilities, image, label, patch, stride, fill=0.0):
    whole = np.asarray(probabilities(np.asarray(image)[None]))[0, label]
    return whole - occlusion_scores(probabilities, image, label, patch, stride, fill)


def every_pixel(probabilities, image, label, patch, stride, fill=0.0):
    return occlusion_scores(probabilities, image, label, patch, 1, fill)


def hide(student, rng):
    look = student.define(MODEL)
    image = rng.normal(size=SEES)
    for label in range(3):
        yield student.occlusion_scores(look, image, label, 2, 2)
    yield student.occlusion_scores(look, image, 0, 3, 2, 0.5)


SCORES = Component(
    "occlusion_scores",
    question="occlusion",
    right=occlusion_scores,
    wrong=(
        wrong_version(
            "occlusion_scores.predicted_class",
            "The largest probability is written down, whichever class has it",
            "Where the true class falls, another one rises: take column `label`.",
            "بزرگ‌ترین احتمال نوشته شده است، از هر کلاسی که باشد",
            "وقتی کلاس درست می‌افتد دیگری بالا می‌رود: ستون `label` را بگیرید.",
        )(scores_by(pick=lambda scores, label: scores.max())),
        wrong_version(
            "occlusion_scores.patches_pile_up",
            "Earlier patches stay in the image",
            "Each place starts from the whole image: copy it anew.",
            "وصله‌های پیشین در تصویر می‌مانند",
            "هر جا از تصویر کامل آغاز می‌شود: دوباره کپی بگیرید.",
        )(scores_by(fresh=False)),
        wrong_version(
            "occlusion_scores.first_channel_only",
            "The patch hides the first channel alone",
            "A grey patch covers all channels: `image[:, top:bottom, left:right]`.",
            "وصله تنها کانال نخست را می‌پوشاند",
            "وصلهٔ خاکستری همهٔ کانال‌ها را می‌پوشاند: `image[:, top:bottom, left:right]`.",
        )(scores_by(channels=0)),
        wrong_version(
            "occlusion_scores.stride_ignored",
            "The patch moves by one pixel at a time",
            "It stands at 0, stride, 2 stride, ...",
            "وصله یک پیکسل یک پیکسل جابه‌جا می‌شود",
            "وصله در 0، stride، 2 stride و ... می‌ایستد.",
        )(every_pixel),
        wrong_version(
            "occlusion_scores.last_place_added",
            "There is one more place at the end of the image",
            "Only multiples of the stride count; the pixels that are left over stay visible.",
            "در پایان تصویر یک جای دیگر افزوده شده است",
            "تنها مضرب‌های گام به حساب می‌آیند؛ پیکسل‌های باقی‌مانده دیده می‌شوند.",
        )(scores_by(last=True)),
        wrong_version(
            "occlusion_scores.fill_ignored",
            "The patch is always 0",
            "Use the argument `fill`: in an image from 0 to 1, 0 is black and not grey.",
            "وصله همیشه 0 است",
            "آرگومان `fill` را به کار ببرید: در تصویری از 0 تا 1 عدد 0 سیاه است، نه خاکستری.",
        )(scores_by(filled=False)),
        wrong_version(
            "occlusion_scores.fall",
            "The fall of the probability comes back",
            "Here it is the probability itself; the fall belongs to `occlusion_heat`.",
            "افت احتمال برگردانده شده است",
            "این‌جا خود احتمال خواسته شده است؛ افت به `occlusion_heat` مربوط است.",
        )(fall),
        wrong_version(
            "occlusion_scores.patch_around_the_place",
            "The patch stands around the place, not from it on",
            "The place is the first pixel of the patch.",
            "وصله دور جا می‌ایستد، نه از آن به بعد",
            "جا نخستین پیکسل وصله است.",
        )(scores_by(around=1)),
    ),
    session=hide,
)


def heat_by(mean=True, sign=1, add=True, step=None, empty=0.0):
    def occlusion_heat(scores, whole, patch, stride, height, width):
        total, covered = np.zeros((height, width)), np.zeros((height, width))
        by = step or stride
        for (i, j), score in np.ndenumerate(scores):
            window = np.s_[i * by : i * by + patch, j * by : j * by + patch]
            total[window] = total[window] * add + sign * (whole - score)
            covered[window] = covered[window] * add + 1
        heat = total / np.maximum(covered, 1) if mean else total
        return np.where(covered > 0, heat, empty)

    return occlusion_heat


occlusion_heat = heat_by()


def overlapping(rng):
    return [(rng.random((3, 3)), 0.9, 3, 2, 7, 7), (rng.random((2, 4)), 0.5, 2, 1, 3, 5)]


def left_over(rng):
    return [(rng.random((3, 2)), 0.9, 3, 2, 8, 7), (rng.random((2, 2)), 0.4, 2, 3, 5, 6)]


HEAT = Component(
    "occlusion_heat",
    question="occlusion",
    right=occlusion_heat,
    wrong=(
        wrong_version(
            "occlusion_heat.summed",
            "The falls are added up",
            "Pixels in the middle are covered more often: take the mean over the squares.",
            "افت‌ها با هم جمع شده‌اند",
            "پیکسل‌های میانی بیشتر پوشیده می‌شوند: میانگین روی مربع‌ها را بگیرید.",
        )(heat_by(mean=False)),
        wrong_version(
            "occlusion_heat.sign",
            "The sign is the other way round",
            "Where the score falls the heat is positive: whole - score.",
            "علامت وارونه است",
            "جایی که امتیاز می‌افتد گرما مثبت است: `whole - score`.",
        )(heat_by(sign=-1)),
        wrong_version(
            "occlusion_heat.last_square",
            "The last square overwrites the others",
            "Add the falls up and count the squares, then divide.",
            "مربع آخر بقیه را بازنویسی می‌کند",
            "افت‌ها را جمع کنید و مربع‌ها را بشمارید، سپس تقسیم کنید.",
        )(heat_by(add=False)),
        wrong_version(
            "occlusion_heat.stride_ignored",
            "The squares are laid next to each other, without the stride",
            "Square [i, j] starts at row i * stride, column j * stride.",
            "مربع‌ها بدون گام کنار هم گذاشته شده‌اند",
            "مربع `[i, j]` از سطر `i * stride` و ستون `j * stride` آغاز می‌شود.",
        )(heat_by(step=1)),
        wrong_version(
            "occlusion_heat.uncovered_is_nan",
            "Pixels that no square covers are 0 / 0",
            "They get 0: nothing is known of them.",
            "پیکسل‌هایی که هیچ مربعی نمی‌پوشاند `0 / 0` شده‌اند",
            "مقدار آن‌ها 0 است: چیزی دربارهٔ آن‌ها دانسته نیست.",
        )(heat_by(empty=np.nan)),
    ),
    probe=(overlapping, left_over),
)

# --- saliency -----------------------------------------------------------------------------------


def saliency_by(
    slope=lambda hidden: hidden > 0, columns=None, over=np.max, size=np.abs, biased=True
):
    def saliency(image, W1, b1, W2, b2, label):
        hidden = np.reshape(image, -1) @ W1 + b1 * biased
        back = W2[:, label] if columns is None else columns(np.maximum(hidden, 0), W2, b2, label)
        gradient = (W1 @ (slope(hidden) * back)).reshape(np.shape(image))
        return gradient, over(size(gradient), axis=0)

    return saliency


saliency = saliency_by()


def of_probability(hidden, W2, b2, label):
    powers = np.exp(hidden @ W2 + b2 - (hidden @ W2 + b2).max())
    shares = powers / powers.sum()
    return shares[label] * (W2[:, label] - W2 @ shares)


def small_networks(rng):
    sizes = (3, 2, 4), (24, 12), (12,), (12, 3), (3,)
    image, W1, b1, W2, b2 = (rng.normal(size=size) for size in sizes)
    return [(image, 0.5 * W1, 2 * b1, W2, b2, label) for label in (0, 2)]


SALIENCY = Component(
    "saliency",
    question="occlusion",
    right=saliency,
    wrong=(
        wrong_version(
            "saliency.relu_ignored",
            "The gradient passes units that are off",
            "Only where hidden > 0 does it pass the ReLU.",
            "گرادیان از واحدهای خاموش هم می‌گذرد",
            "گرادیان تنها جایی از ReLU می‌گذرد که `hidden > 0` است.",
        )(saliency_by(slope=np.ones_like)),
        wrong_version(
            "saliency.bias_ignored",
            "The bias has no say in which units are on",
            "A unit is on where x W1 + b1 > 0.",
            "بایاس در روشن بودن واحدها نقشی ندارد",
            "واحد جایی روشن است که `x W1 + b1 > 0` باشد.",
        )(saliency_by(biased=False)),
        wrong_version(
            "saliency.summed_over_channels",
            "The map is the sum over the channels",
            "It is the largest absolute value over the channels.",
            "نقشه، جمع روی کانال‌هاست",
            "نقشه بزرگ‌ترین قدرمطلق روی کانال‌هاست.",
        )(saliency_by(over=np.sum)),
        wrong_version(
            "saliency.sign_kept",
            "The map takes the maximum without the absolute value",
            "A pixel that lowers the score matters as much: max |gradient|.",
            "نقشه بیشینه را بدون قدرمطلق گرفته است",
            "پیکسلی که امتیاز را پایین می‌آورد هم به همان اندازه مهم است: `max |gradient|`.",
        )(saliency_by(size=np.asarray)),
        wrong_version(
            "saliency.all_classes",
            "The scores of all classes are added up",
            "Asked for is the score of class `label` alone: W2[:, label].",
            "امتیاز همهٔ کلاس‌ها با هم جمع شده است",
            "تنها امتیاز کلاس `label` خواسته شده است: `W2[:, label]`.",
        )(saliency_by(columns=lambda hidden, W2, b2, label: W2.sum(axis=1))),
        wrong_version(
            "saliency.of_the_probability",
            "The gradient is that of the probability",
            "Take the score before the softmax: the probability also rises if others fall.",
            "گرادیان، گرادیان احتمال است",
            "امتیاز پیش از softmax را بگیرید: احتمال با افت دیگران هم بالا می‌رود.",
        )(saliency_by(columns=of_probability)),
    ),
    probe=small_networks,
)

OCCLUSION = [SCORES, HEAT, SALIENCY]
