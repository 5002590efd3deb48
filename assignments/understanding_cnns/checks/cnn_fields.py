"""Receptive fields and exciting images: what is right, and what is known to go wrong."""

import numpy as np

from autograder.components import Component, wrong_version, wrong_versions
from reference.layers import Window, receptive_fields
from reference.misconceptions import COMPONENTS as KNOWN

# --- receptive fields ---------------------------------------------------------------------------


def behind(fields):
    """The reference's field behind the last layer, as the student's plain numbers."""

    def receptive_field(layers):
        last = fields([Window(*layer) for layer in layers])[-1]
        return last.size, last.jump, last.start

    return receptive_field


def receptive_field(layers):
    return behind(receptive_fields)(layers) if len(layers) else (1, 1, 0)


def other_start(padding, kernel=lambda kernel: 0):
    """A field whose start is moved otherwise by each layer's padding."""

    def field(layers):
        size, jump, _ = receptive_field(layers)
        start, apart = 0, 1
        for width, stride, pad in layers:
            start += kernel(width) * apart - padding(pad, apart)
            apart *= stride
        return size, jump, start

    return field


def jumps_added(layers):
    size, jump, start = 1, 1, 0
    for kernel, stride, pad in layers:
        size, start = size + (kernel - 1) * jump, start - pad * jump
        jump += stride - 1
    return size, jump, start


def kernels_times_jumps(layers):
    _, jump, start = receptive_field(layers)
    strides = np.cumprod([1, *(stride for _, stride, _ in layers)])
    kernels = [kernel for kernel, _, _ in layers]
    return 1 + int(np.dot(kernels, strides[:-1])), jump, start


def unpadded(rng):
    return [([(3, 1, 0), (5, 1, 0)],), ([(5, 2, 0), (3, 2, 0), (3, 3, 0)],)]


def padded(rng):
    return [([(3, 2, 1), (3, 2, 1), (5, 2, 2)],), ([(5, 1, 2), (2, 2, 0), (3, 1, 1)],)]


FIELD = Component(
    "receptive_field",
    question="fields",
    right=receptive_field,
    wrong=(
        *wrong_versions(KNOWN["receptive_fields"], behind),
        wrong_version(
            "receptive_field.whole_kernel_added",
            "Each layer adds its whole kernel to the field",
            "The first pixel is there already: (kernel - 1) * jump.",
            "هر لایه همهٔ هسته‌اش را به میدان می‌افزاید",
            "پیکسل نخست از پیش هست: `(kernel - 1) * jump`.",
        )(kernels_times_jumps),
        wrong_version(
            "receptive_field.padding_ignored",
            "The start leaves out the padding",
            "With padding the first unit sees pixels before the image: start - pad * jump.",
            "آغاز، padding را در نظر نگرفته است",
            "با padding نخستین واحد پیکسل‌های پیش از تصویر را می‌بیند: `start - pad * jump`.",
        )(other_start(lambda pad, jump: 0)),
        wrong_version(
            "receptive_field.padding_not_scaled",
            "The padding of a later layer counts as pixels of the image",
            "A zero beside a map is `jump` pixels wide: start - pad * jump.",
            "padding لایه‌های بعدی به پیکسل تصویر شمرده شده است",
            "یک صفر کنار نقشه به پهنای `jump` پیکسل است: `start - pad * jump`.",
        )(other_start(lambda pad, jump: pad)),
        wrong_version(
            "receptive_field.centre",
            "The start is the centre of the field",
            "Asked for is the first pixel: the kernel does not move it.",
            "آغاز، مرکز میدان است",
            "پیکسل نخست خواسته شده است: هسته آن را جابه‌جا نمی‌کند.",
        )(other_start(lambda pad, jump: pad * jump, lambda kernel: (kernel - 1) / 2)),
        wrong_version(
            "receptive_field.jumps_added",
            "The strides are added up",
            "Two layers of stride 2 put units 4 pixels apart, three of them 8: multiply.",
            "گام‌ها با هم جمع شده‌اند",
            "دو لایه با گام 2 واحدها را 4 پیکسل دور می‌کند و سه لایه 8: ضرب کنید.",
        )(jumps_added),
    ),
    probe=(unpadded, padded),
)


def box(end=0, clip=True, spread=True, swap=False, field=receptive_field):
    def field_box(layers, row, column, height, width):
        size, jump, start = field(layers)
        row, column = (column, row) if swap else (row, column)
        sides = []
        for place, length in ((row, height), (column, width)):
            low = start + int(place) * (jump if spread else 1)
            high = low + size - end
            sides += [max(low, 0), min(high, length - end)] if clip else [low, high]
        return tuple(sides)

    return field_box


field_box = box()


def inner_units(rng):
    return [([(3, 2, 0), (3, 1, 0)], 2, 1, 20, 24), ([(5, 1, 0)], 3, 6, 16, 16)]


def border_units(rng):
    return [([(3, 2, 1), (3, 1, 1)], 0, 4, 10, 12), ([(3, 1, 1), (5, 2, 2)], 3, 0, 8, 9)]


BOX = Component(
    "field_box",
    question="fields",
    right=field_box,
    wrong=(
        wrong_version(
            "field_box.not_clipped",
            "The box reaches beyond the image",
            "A negative index counts from the end: clip to 0 .. height and 0 .. width.",
            "جعبه از تصویر بیرون زده است",
            "اندیس منفی از آخر می‌شمارد: به 0 تا height و 0 تا width محدود کنید.",
        )(box(clip=False)),
        wrong_version(
            "field_box.end_inclusive",
            "Bottom and right are the last pixels",
            "In a slice the end is exclusive: one more.",
            "bottom و right آخرین پیکسل‌ها هستند",
            "در برش، پایان بیرون می‌ماند: یکی بیشتر.",
        )(box(end=1)),
        wrong_version(
            "field_box.jump_ignored",
            "Neighbouring units see fields 1 pixel apart",
            "They are `jump` pixels apart: start + row * jump.",
            "میدان واحدهای همسایه 1 پیکسل فاصله دارد",
            "فاصله `jump` پیکسل است: `start + row * jump`.",
        )(box(spread=False)),
        wrong_version(
            "field_box.row_and_column_swapped",
            "Row and column are swapped",
            "The row gives top and bottom, the column left and right.",
            "سطر و ستون جابه‌جا شده‌اند",
            "سطر، top و bottom را می‌دهد و ستون، left و right را.",
        )(box(swap=True)),
    ),
    probe=(inner_units, border_units),
    builds_on=("receptive_field",),
    built=lambda receptive_field: box(field=receptive_field),
)


def merge_filters(first, second):
    (height, width), (rows, columns) = np.shape(first), np.shape(second)
    merged = np.zeros((height + rows - 1, width + columns - 1))
    for i in range(rows):
        for j in range(columns):
            merged[i : i + height, j : j + width] += second[i][j] * np.asarray(first)
    return merged


def filter_pairs(rng):
    return [
        (rng.normal(size=(3, 3)), rng.normal(size=(3, 3))),
        (rng.normal(size=(2, 3)), rng.normal(size=(3, 1))),
    ]


def cropped(first, second):
    rows, columns = np.shape(first)
    return merge_filters(first, second)[:rows, :columns]


def filters_added(first, second):
    whole = np.zeros(np.add(np.shape(first), np.shape(second)) - 1)
    for each in (first, second):
        whole[: len(each), : len(each[0])] += each
    return whole


MERGE = Component(
    "merge_filters",
    question="fields",
    right=merge_filters,
    wrong=(
        wrong_version(
            "merge_filters.second_flipped",
            "The second filter is laid over the first one the wrong way round",
            "Weight (i, j) of the second filter meets the first one moved by (i, j): add them up.",
            "فیلتر دوم وارونه روی فیلتر نخست گذاشته شده است",
            "وزن `(i, j)` فیلتر دوم به فیلتر نخست می‌رسد که `(i, j)` جابه‌جا شده است: جمع بزنید.",
        )(lambda first, second: merge_filters(first, np.asarray(second)[::-1, ::-1])),
        wrong_version(
            "merge_filters.cropped",
            "The merged filter is as small as the first one",
            "Two 3x3 layers see 5x5 pixels.",
            "فیلتر ادغام‌شده به کوچکی فیلتر نخست است",
            "دو لایهٔ 3x3 ناحیهٔ 5x5 را می‌بینند.",
        )(cropped),
        wrong_version(
            "merge_filters.added",
            "The filters are added",
            "One after another they multiply: each weight of one meets each weight of the other.",
            "فیلترها با هم جمع شده‌اند",
            "فیلترهای پشت سر هم ضرب می‌شوند: هر وزن یکی به هر وزن دیگری می‌رسد.",
        )(filters_added),
    ),
    probe=filter_pairs,
)

# --- exciting images ----------------------------------------------------------------------------


def top_images(activations, unit, count, size=np.max, sign=-1, turn=False):
    maps = np.asarray(activations)[:, unit]
    strongest = maps.reshape(len(maps), -1).argmax(axis=1)
    values = size(maps, axis=(1, 2))
    indices = np.argsort(sign * values, kind="stable")[:count]
    places = np.stack(np.divmod(strongest[indices], maps.shape[2]), axis=1)
    return indices, values[indices], places[:, ::-1] if turn else places


def places_of_all_images(activations, unit, count):
    maps = np.asarray(activations)[:, unit]
    order = np.argsort(-maps.ravel(), kind="stable")[:count]
    indices, rows, columns = np.unravel_index(order, maps.shape)
    return indices, maps.ravel()[order], np.stack([rows, columns], axis=1)


def last_of_equals(activations, unit, count):
    maps = np.asarray(activations)[:, unit]
    values = maps.max(axis=(1, 2))
    indices = np.argsort(values, kind="stable")[::-1][:count]
    strongest = maps.reshape(len(maps), -1).argmax(axis=1)[indices]
    return indices, values[indices], np.stack(np.divmod(strongest, maps.shape[2]), axis=1)


def some_maps(rng):
    maps = rng.normal(size=(6, 3, 3, 4))
    maps[2, 1, 1] += 4
    maps[4, 1, 2, 3] += 9
    return [(maps, 1, 3)]


def equal_maps(rng):
    maps = rng.integers(0, 3, (6, 2, 2, 3)).astype(float)
    return [(maps, 0, 4)]


TOP_IMAGES = Component(
    "top_images",
    question="exciting",
    right=top_images,
    wrong=(
        wrong_version(
            "top_images.weakest",
            "The images with the smallest activations come back",
            "`np.argsort` sorts upwards: sort the negative values.",
            "تصویرهایی با کم‌ترین فعال‌سازی برگردانده شده‌اند",
            "`np.argsort` رو به بالا مرتب می‌کند: منفی مقدارها را مرتب کنید.",
        )(lambda *a: top_images(*a, sign=1)),
        wrong_version(
            "top_images.image_twice",
            "One image counts several times",
            "Take the largest value of each map first, then sort the images.",
            "یک تصویر چند بار شمرده شده است",
            "نخست بزرگ‌ترین مقدار هر نقشه را بگیرید، سپس تصویرها را مرتب کنید.",
        )(places_of_all_images),
        wrong_version(
            "top_images.mean_of_the_map",
            "The images are sorted by the mean of the map",
            "A filter fires at one place: take the largest value of the map.",
            "تصویرها با میانگین نقشه مرتب شده‌اند",
            "فیلتر در یک جا برانگیخته می‌شود: بزرگ‌ترین مقدار نقشه را بگیرید.",
        )(lambda *a: top_images(*a, size=np.mean)),
        wrong_version(
            "top_images.column_first",
            "The places are (column, row)",
            "The row comes first, as in an index: maps[row, column].",
            "جاها به شکل (ستون، سطر) هستند",
            "سطر جلوتر است، مانند اندیس: `maps[row, column]`.",
        )(lambda *a: top_images(*a, turn=True)),
        wrong_version(
            "top_images.last_of_equals",
            "Of equal activations the later image comes first",
            "Turning a sorted list round turns ties, too: sort the negative values, stably.",
            "از فعال‌سازی‌های برابر، تصویر دیرتر جلوتر آمده است",
            "برعکس کردن ترتیب، تساوی‌ها را هم برعکس می‌کند: منفی‌ها را پایدار مرتب کنید.",
        )(last_of_equals),
    ),
    probe=(some_maps, equal_maps),
)


def patches(of_place, best=top_images):
    def top_patches(images, activations, layers, unit, count):
        indices, _, places = best(activations, unit, count)
        height, width = np.shape(images)[2:]
        found = []
        for index, place in zip(indices, places, strict=True):
            top, bottom, left, right = of_place(layers, *place, height, width)
            found.append(np.asarray(images)[index, :, top:bottom, left:right])
        return found

    return top_patches


top_patches = patches(field_box)


def patches_on(top_images, receptive_field):
    return patches(box(field=receptive_field), best=top_images)


def seen(layers, height, width, rng, pad):
    images = rng.normal(size=(5, 2, height, width))
    maps = [(height + 2 * pad - 3) // 2 + 1, (width + 2 * pad - 3) // 2 + 1]
    return images, rng.normal(size=(5, 3, *maps)), layers, 1, 3


def inner_patches(rng):
    return [seen([(3, 2, 0)], 9, 11, rng, 0)]


def border_patches(rng):
    return [seen([(3, 2, 1)], 5, 5, rng, 1) for _ in range(3)]


TOP_PATCHES = Component(
    "top_patches",
    question="exciting",
    right=top_patches,
    wrong=(
        wrong_version(
            "top_patches.whole_image",
            "The whole images come back",
            "Cut out what the unit sees: `field_box`.",
            "همهٔ تصویر برگردانده شده است",
            "آنچه را واحد می‌بیند ببُرید: `field_box`.",
        )(patches(lambda layers, row, column, height, width: (0, height, 0, width))),
        wrong_version(
            "top_patches.place_as_pixel",
            "The place in the map is taken for a pixel of the image",
            "Unit (row, column) sees pixels from start + row * jump on.",
            "جای نقشه پیکسل تصویر پنداشته شده است",
            "واحد `(row, column)` پیکسل‌ها را از `start + row * jump` به بعد می‌بیند.",
        )(patches(box(spread=False))),
        wrong_version(
            "top_patches.not_clipped",
            "A negative first pixel counts from the end of the image",
            "Clip the field to the image: the padding is no part of it.",
            "پیکسل نخست منفی از آخر تصویر شمرده شده است",
            "میدان را به تصویر محدود کنید: padding بخشی از آن نیست.",
        )(patches(box(clip=False))),
    ),
    probe=(inner_patches, border_patches),
    builds_on=("top_images", "receptive_field"),
    built=patches_on,
)

FIELDS = [FIELD, BOX, MERGE, TOP_IMAGES, TOP_PATCHES]
