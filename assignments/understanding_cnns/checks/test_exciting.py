"""Checks of the images and patches that excite a unit most (tutorial part 3)."""

import numpy as np
import pytest
from cnn_fields import top_images, top_patches

from autograder.checks import (
    Call,
    check_against_reference,
    check_labels,
    check_unchanged,
    check_value,
)
from autograder.checks.answers import parts
from autograder.checks.properties.own import own, own_parts
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails

INDICES = {"en": "the image numbers", "fa": "شمارهٔ تصویرها"}
VALUES = {"en": "the activations", "fa": "فعال‌سازی‌ها"}
PLACES = {"en": "the places", "fa": "جاها"}
TOP = (INDICES, VALUES, PLACES)
PATCHES = {"en": "the patches", "fa": "تکه‌ها"}
PATCH = {"en": "a patch", "fa": "یک تکه"}


def maps():
    """Four images' maps of two filters; filter 1 is asked for."""
    made = np.zeros((4, 2, 2, 3))
    made[:, 0] = 9.0
    made[0, 1] = [[1, 0, 2], [0, 0, 0]]
    made[1, 1] = [[0, 0, 0], [0, 7, 0]]
    made[2, 1] = [[0, 0, 0], [0, 0, 0.5]]
    made[3, 1] = [[4, 4.5, 0], [3, 0, 0]]
    return made


@pytest.mark.points(2.5, question="exciting")
def test_top_images_of_a_filter(student):
    """The images with the strongest places of filter 1, the strongest first, and where they are.

    fa: تصویرهایی با قوی‌ترین جاهای فیلتر 1، قوی‌ترین جلوتر، و جای آن‌ها.
    hint: Largest value of each map first; the place is (row, column) of the map.
    hint-fa: نخست بزرگ‌ترین مقدار هر نقشه؛ جا (سطر، ستون) نقشه است.
    """
    expected = (np.array([1, 3, 0]), [7, 4.5, 2], np.array([[1, 1], [0, 1], [0, 2]]))
    check_value(student.top_images(maps(), 1, 3), expected, what=TOP)
    check_unchanged(student)


@pytest.mark.points(1.5, question="exciting", requires=["test_top_images_of_a_filter"])
def test_each_image_counts_once(student):
    """An image that excites the filter everywhere stands in the list once.

    fa: تصویری که فیلتر را همه جا برمی‌انگیزد یک بار در فهرست می‌آید.
    """
    given = maps()
    given[3, 1] = [[5, 6, 5], [5, 5, 5]]
    expected = (np.array([1, 3]), [7, 6], np.array([[1, 1], [0, 1]]))
    check_value(student.top_images(given, 1, 2), expected, what=TOP)


@pytest.mark.points(1.5, question="exciting", requires=["test_top_images_of_a_filter"])
def test_ties_go_to_the_smaller_index(student):
    """Of equal activations the earlier image comes first, and the first place of a map.

    fa: از فعال‌سازی‌های برابر، تصویر جلوتر و نخستین جای نقشه می‌آید.
    hint: `np.argsort(-values, kind="stable")`; a sorted list turned round turns ties, too.
    hint-fa: `np.argsort(-values, kind="stable")`؛ برعکس کردن ترتیب، تساوی‌ها را هم برعکس می‌کند.
    """
    given = np.zeros((5, 1, 2, 2))
    given[1, 0] = given[3, 0] = [[0, 2], [2, 0]]
    given[4, 0, 1, 1] = 3
    expected = (
        np.array([4, 1, 3, 0, 2]),
        [3, 2, 2, 0, 0],
        np.array([[1, 1], [0, 1], [0, 1], [0, 0], [0, 0]]),
    )
    check_value(student.top_images(given, 0, 5), expected, what=TOP)
    many = (np.arange(50) % 5 // 2).astype(float).reshape(50, 1, 1, 1)
    indices, _, _ = own_parts(student.top_images(many, 0, 12), TOP)
    check_labels(indices, [4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 2, 3], what=INDICES)


@pytest.mark.points(
    1, question="exciting", visibility="hidden", requires=["test_top_images_of_a_filter"]
)
def test_top_images_of_any_maps(student, rng):
    """Any filter of any maps, with ties and with negative activations.

    fa: هر فیلتر از هر نقشه‌ای، با تساوی و با فعال‌سازی‌های منفی.
    """
    calls = [
        Call("top_images", (activations, unit, 4))
        for activations in (
            rng.normal(size=(7, 3, 3, 4)),
            -rng.random((6, 3, 2, 2)),
            rng.integers(0, 3, (8, 3, 2, 3)).astype(float),
        )
        for unit in range(3)
    ]
    check_against_reference(student, calls, top_images, unchanged=True)


def images(count, height, width):
    """Each pixel of each image has a number of its own."""
    return np.arange(count * 2 * height * width, dtype=float).reshape(count, 2, height, width)


def check_patches(student, arguments, expected):
    """A list of arrays of the sizes that are expected, each."""
    got = parts(student.top_patches(*arguments), len(expected), topic(PATCHES))
    for number, (patch, wanted) in enumerate(zip(got, expected, strict=True)):
        shape = own(patch, what=PATCH).shape
        if shape != wanted.shape:
            en = f"Patch {number} has another size than what the unit sees of the image."
            fa = f"اندازهٔ تکهٔ {number} با آنچه واحد از تصویر می‌بیند یکی نیست."
            details = FailureDetails(
                {"en": en, "fa": fa}, expected=f"shape {wanted.shape}", got=f"shape {shape}"
            )
            raise CheckFailure(details)
        check_value(patch, wanted, what=PATCH)


@pytest.mark.points(2.5, question="exciting", requires=["test_top_images_of_a_filter"])
def test_top_patches(student):
    """Each patch is what the unit at the strongest place sees, in all channels.

    fa: هر تکه همان است که واحدِ قوی‌ترین جا می‌بیند، در همهٔ کانال‌ها.
    hint: The map is smaller than the image: unit (row, column) starts at row * jump.
    hint-fa: نقشه کوچک‌تر از تصویر است: واحد `(row, column)` از `row * jump` آغاز می‌شود.
    """
    pictures = images(4, 7, 9)
    expected = [pictures[1, :, 2:5, 2:5], pictures[3, :, 0:3, 2:5]]
    arguments = (pictures, maps(), [(3, 2, 0)], 1, 2)
    check_patches(student, arguments, expected)
    check_unchanged(student)


@pytest.mark.points(2, question="exciting", requires=["test_top_patches"])
def test_patches_end_at_the_border(student):
    """At the border a patch is smaller: what lies in the padding is no part of it.

    fa: در لبه تکه کوچک‌تر است: آنچه در padding است بخشی از آن نیست.
    hint: Clip the field as in `field_box`; a patch may be no square.
    hint-fa: میدان را مانند `field_box` محدود کنید؛ تکه لازم نیست مربع باشد.
    """
    pictures = images(4, 4, 6)
    expected = [pictures[1, :, 1:4, 1:4], pictures[3, :, 0:2, 1:4], pictures[0, :, 0:2, 3:6]]
    arguments = (pictures, maps(), [(3, 2, 1)], 1, 3)
    check_patches(student, arguments, expected)


@pytest.mark.points(1, question="exciting", visibility="hidden", requires=["test_top_patches"])
def test_top_patches_of_a_stack(student, rng):
    """Behind two convolutions and a pooling, at any place.

    fa: پس از دو کانولوشن و یک ادغام، در هر جا.
    """
    layers, pictures = [(3, 1, 1), (2, 2, 0), (3, 1, 1)], rng.normal(size=(6, 3, 10, 8))
    for unit in range(2):
        arguments = (pictures, rng.normal(size=(6, 2, 5, 4)), layers, unit, 5)
        check_patches(student, arguments, top_patches(*arguments))
