"""Filters as pictures, layers and their activity: what is right, and what is known to go wrong."""

import numpy as np

from autograder.components import Component, wrong_version
from reference.layers import average_pool2d_forward, conv2d_forward, max_pool2d_forward

# --- filters ------------------------------------------------------------------------------------


def normalize_filters(w, over=(1, 2, 3), grey=0.5):
    w = np.asarray(w, float)
    low = w.min(axis=over, keepdims=True)
    spread = w.max(axis=over, keepdims=True) - low
    return np.where(spread > 0, (w - low) / np.where(spread > 0, spread, 1), grey)


def around_zero(w):
    largest = np.abs(w).max(axis=(1, 2, 3), keepdims=True)
    return np.where(np.ptp(w, axis=(1, 2, 3), keepdims=True) > 0, 0.5 + w / (2 * largest), 0.5)


def over_the_maximum(w):
    return np.where(
        np.ptp(w, axis=(1, 2, 3), keepdims=True) > 0, w / w.max(axis=(1, 2, 3), keepdims=True), 0.5
    )


def banks(rng):
    return [(rng.normal(size=(3, 2, 3, 3)) * np.array([1, 5, 0.1])[:, None, None, None] + 2,)]


def with_a_constant(rng):
    w = rng.normal(size=(3, 1, 2, 4))
    w[1] = 0.7
    return [(w,)]


NORMALIZE = Component(
    "normalize_filters",
    question="filters",
    right=normalize_filters,
    wrong=(
        wrong_version(
            "normalize_filters.over_all_filters",
            "All filters share one minimum and one maximum",
            "Scale each filter by itself: one large filter makes the others grey.",
            "کمینه و بیشینهٔ همهٔ فیلترها یکی است",
            "هر فیلتر را جداگانه مقیاس کنید: یک فیلتر بزرگ بقیه را خاکستری می‌کند.",
        )(lambda w: normalize_filters(w, over=None)),
        wrong_version(
            "normalize_filters.per_channel",
            "Each channel is scaled by itself",
            "A filter is one picture: its channels share the minimum and the maximum.",
            "هر کانال جداگانه مقیاس شده است",
            "هر فیلتر یک تصویر است: کانال‌هایش کمینه و بیشینهٔ مشترک دارند.",
        )(lambda w: normalize_filters(w, over=(2, 3))),
        wrong_version(
            "normalize_filters.around_zero",
            "The filters are scaled by their largest absolute value",
            "Here the smallest weight becomes 0 and the largest 1: (w - min) / (max - min).",
            "فیلترها با بزرگ‌ترین قدرمطلق مقیاس شده‌اند",
            "این‌جا کوچک‌ترین وزن 0 و بزرگ‌ترین 1 می‌شود: `(w - min) / (max - min)`.",
        )(around_zero),
        wrong_version(
            "normalize_filters.minimum_kept",
            "The minimum is not subtracted",
            "Without it negative weights stay negative: (w - min) / (max - min).",
            "کمینه کم نشده است",
            "بدون آن وزن‌های منفی، منفی می‌مانند: `(w - min) / (max - min)`.",
        )(over_the_maximum),
        wrong_version(
            "normalize_filters.constant_is_nan",
            "A constant filter is 0 / 0",
            "Where max = min, the filter becomes 0.5.",
            "فیلتر ثابت `0 / 0` شده است",
            "جایی که `max = min` است، فیلتر 0.5 می‌شود.",
        )(lambda w: normalize_filters(w, grey=np.nan)),
    ),
    probe=(banks, with_a_constant),
)


def tile(images, columns, gap=1, background=1.0, border=0, left_over=None, down=False):
    number, height, width = np.shape(images)
    rows = -(-number // columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    picture = np.full(shape, background, float)
    for n in range(rows * columns):
        row, column = (n % rows, n // rows) if down else divmod(n, columns)
        top, left = row * (height + gap), column * (width + gap)
        if n < number:
            picture[top : top + height, left : left + width] = images[n]
        elif left_over is not None:
            picture[top : top + height, left : left + width] = left_over
    return np.pad(picture, border * gap, constant_values=background)


def some_pictures(rng):
    return [
        (rng.random((5, 2, 3)), 3),
        (rng.random((4, 3, 2)), 1, 2, 0.5),
        (rng.random((7, 2, 2)), 2, 2, 0.25),
    ]


TILE = Component(
    "tile",
    question="filters",
    right=tile,
    wrong=(
        wrong_version(
            "tile.gap_around",
            "There is a gap around the whole picture, too",
            "The gap stands between neighbours alone: R H + (R - 1) gap rows.",
            "دور همهٔ تصویر هم فاصله گذاشته شده است",
            "فاصله تنها میان همسایه‌هاست: `R H + (R - 1) gap` سطر.",
        )(lambda *a: tile(*a, border=1)),
        wrong_version(
            "tile.column_after_column",
            "The pictures run down the columns",
            "Image n stands in row n // columns, column n % columns.",
            "تصویرها ستون به ستون چیده شده‌اند",
            "تصویر n در سطر `n // columns` و ستون `n % columns` می‌ایستد.",
        )(lambda *a: tile(*a, down=True)),
        wrong_version(
            "tile.gap_left_out",
            "There is no gap between the pictures",
            "Neighbours are `gap` pixels apart.",
            "میان تصویرها فاصله‌ای نیست",
            "همسایه‌ها `gap` پیکسل از هم فاصله دارند.",
        )(lambda images, columns, gap=1, background=1.0: tile(images, columns, 0, background)),
        wrong_version(
            "tile.left_over_black",
            "Places without a picture are black",
            "They are of the background, like the gaps.",
            "جاهای بی‌تصویر سیاه‌اند",
            "آن‌ها هم مانند فاصله‌ها رنگ زمینه دارند.",
        )(lambda *a: tile(*a, left_over=0.0)),
        wrong_version(
            "tile.background_fixed",
            "The background is always 1",
            "Use the argument `background`.",
            "زمینه همیشه 1 است",
            "آرگومان `background` را به کار ببرید.",
        )(lambda images, columns, gap=1, background=1.0: tile(images, columns, gap)),
    ),
    probe=some_pictures,
)

# --- activity -----------------------------------------------------------------------------------


def layer_outputs(x, layers, flip=False, biased=True, padded=True, average=False, in_place=False):
    outputs = []
    for kind, *given in layers:
        if kind == "conv":
            w, b, stride, pad = given
            w = w[..., ::-1, ::-1] if flip else w
            x = conv2d_forward(x, w, b * biased, stride=stride, padding=pad * padded)[0]
        elif kind == "relu":
            x = np.maximum(x, 0, out=x if in_place and outputs else None)
        elif kind == "pool":
            pool = average_pool2d_forward if average else max_pool2d_forward
            x = pool(x, given[0], stride=given[1])[0]
        else:
            x = np.reshape(x, (len(x), -1)) @ given[0] + given[1] * biased
        outputs.append(x)
    return outputs


def networks(rng):
    conv = ("conv", rng.normal(size=(3, 2, 3, 3)), rng.uniform(1, 2, 3), 1, 1)
    affine = ("affine", rng.normal(size=(12, 4)), rng.uniform(1, 2, 4))
    x = rng.normal(size=(2, 2, 4, 4))
    return [(x, [conv]), (x, [conv, ("relu",), ("pool", 2, 2), affine])]


OUTPUTS = Component(
    "layer_outputs",
    question="activity",
    right=layer_outputs,
    wrong=(
        wrong_version(
            "layer_outputs.relu_in_place",
            "The ReLU works in place and changes the output that was kept before it",
            "Make a new array: `np.maximum(x, 0)`, not `x[x < 0] = 0`.",
            "ReLU درجا کار می‌کند و خروجی نگه‌داشته‌شدهٔ پیش از خود را تغییر می‌دهد",
            "آرایهٔ تازه بسازید: `np.maximum(x, 0)`، نه `x[x < 0] = 0`.",
        )(lambda x, layers: layer_outputs(x, layers, in_place=True)),
        wrong_version(
            "layer_outputs.filter_flipped",
            "The filters are flipped",
            "Layers of a network compute the cross-correlation: no flip.",
            "فیلترها برگردانده شده‌اند",
            "لایه‌های شبکه همبستگی متقابل حساب می‌کنند: بدون برگرداندن.",
        )(lambda x, layers: layer_outputs(x, layers, flip=True)),
        wrong_version(
            "layer_outputs.bias_missing",
            "The biases are not added",
            "Each filter and each unit adds its own bias.",
            "بایاس‌ها افزوده نشده‌اند",
            "هر فیلتر و هر واحد بایاس خود را می‌افزاید.",
        )(lambda x, layers: layer_outputs(x, layers, biased=False)),
        wrong_version(
            "layer_outputs.padding_ignored",
            "The padding of the convolution is left out",
            "Put `pad` zeros on each of the four sides first.",
            "padding کانولوشن نیامده است",
            "نخست در هر چهار سو `pad` صفر بگذارید.",
        )(lambda x, layers: layer_outputs(x, layers, padded=False)),
        wrong_version(
            "layer_outputs.average_pooling",
            "The pooling takes the mean",
            "It is max pooling here: the largest value of each window.",
            "ادغام میانگین گرفته است",
            "این‌جا ادغام بیشینه است: بزرگ‌ترین مقدار هر پنجره.",
        )(lambda x, layers: layer_outputs(x, layers, average=True)),
    ),
    probe=networks,
)


def statistics(spread=np.std, empty=lambda out: np.mean(out == 0), of=lambda out: out):
    def activation_statistics(outputs):
        means = [float(np.mean(of(out))) for out in outputs]
        return means, [float(spread(out)) for out in outputs], [float(empty(o)) for o in outputs]

    return activation_statistics


activation_statistics = statistics()


def rectified(rng):
    shapes = ((4, 6), (3, 2, 4, 4))
    return [([np.maximum(rng.normal(size=shape) + 0.3, 0) for shape in shapes],)]


STATISTICS = Component(
    "activation_statistics",
    question="activity",
    right=activation_statistics,
    wrong=(
        wrong_version(
            "activation_statistics.share_of_active",
            "The sparsity is the share of the active units",
            "It is the share of the zeros: 1 minus that.",
            "تُنُکی سهم واحدهای فعال است",
            "تُنُکی سهم صفرهاست: 1 منهای آن.",
        )(statistics(empty=lambda out: np.mean(out != 0))),
        wrong_version(
            "activation_statistics.zeros_counted",
            "The sparsity is the number of zeros",
            "Divide by the number of activations: a share from 0 to 1.",
            "تُنُکی شمار صفرهاست",
            "بر شمار فعال‌سازی‌ها تقسیم کنید: سهمی از 0 تا 1.",
        )(statistics(empty=lambda out: np.sum(out == 0))),
        wrong_version(
            "activation_statistics.variance",
            "The variance stands for the standard deviation",
            "The standard deviation is its root: `np.std`.",
            "به جای انحراف معیار واریانس آمده است",
            "انحراف معیار جذر آن است: `np.std`.",
        )(statistics(spread=np.var)),
        wrong_version(
            "activation_statistics.active_only",
            "The mean is over the active units alone",
            "The zeros count, too.",
            "میانگین تنها روی واحدهای فعال است",
            "صفرها هم به حساب می‌آیند.",
        )(statistics(of=lambda out: out[out != 0])),
    ),
    probe=rectified,
)


def by_unit(activations):
    """(N, units, places)."""
    return np.reshape(activations, (*np.shape(activations)[:2], -1))


def dead_units(activations):
    return np.flatnonzero((by_unit(activations) == 0).all(axis=(0, 2))).tolist()


def some_dead(rng):
    units = np.abs(rng.normal(size=(4, 6))) * (rng.random((4, 6)) > 0.4) + np.eye(4, 6)
    units[:, 4], units[:, 5] = 0, [0, 0, 0.01, 0]
    maps = np.abs(rng.normal(size=(3, 5, 2, 3))) + 0.1
    maps[:, 0] = maps[:, 3] = 0  # dead
    maps[1, 1] = 0  # for one image
    maps[:, 4, 0] = 0  # somewhere, for every image
    return [(units,), (maps,)]


def zero_for_one(activations):
    return np.flatnonzero((by_unit(activations) == 0).all(axis=2).any(axis=0)).tolist()


def zero_somewhere(activations):
    return np.flatnonzero((by_unit(activations) == 0).any(axis=2).all(axis=0)).tolist()


def alive(activations):
    return np.flatnonzero((by_unit(activations) != 0).any(axis=(0, 2))).tolist()


def nearly_dead(activations):
    return np.flatnonzero(by_unit(activations).mean(axis=(0, 2)) < 0.05).tolist()


DEAD = Component(
    "dead_units",
    question="activity",
    right=dead_units,
    wrong=(
        wrong_version(
            "dead_units.zero_for_one_image",
            "A unit that is 0 for one image is called dead",
            "One image says nothing: dead is 0 for every image.",
            "واحدی که برای یک تصویر 0 است مرده شمرده شده است",
            "یک تصویر چیزی نمی‌گوید: مرده یعنی 0 برای همهٔ تصویرها.",
        )(zero_for_one),
        wrong_version(
            "dead_units.zero_somewhere",
            "A filter with zeros somewhere in its map is called dead",
            "The whole map must be 0, for every image.",
            "فیلتری که جایی در نقشه‌اش 0 دارد مرده شمرده شده است",
            "همهٔ نقشه باید برای هر تصویر 0 باشد.",
        )(zero_somewhere),
        wrong_version(
            "dead_units.alive",
            "The units that are alive come back",
            "Dead are those that are 0 for every image.",
            "واحدهای زنده برگردانده شده‌اند",
            "مرده آن‌هایی‌اند که برای همهٔ تصویرها 0 هستند.",
        )(alive),
        wrong_version(
            "dead_units.nearly",
            "Units that are seldom active are called dead",
            "A unit that is active once gets a gradient: compare with 0 exactly.",
            "واحدهایی که کم فعال‌اند مرده شمرده شده‌اند",
            "واحدی که یک بار فعال است گرادیان می‌گیرد: دقیقاً با 0 مقایسه کنید.",
        )(nearly_dead),
    ),
    probe=some_dead,
)

PICTURES = [NORMALIZE, TILE, OUTPUTS, STATISTICS, DEAD]
