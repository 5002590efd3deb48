"""Properties of augmentation and of splits of the data (s.29-32)."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.exact import check_labels
from autograder.checks.properties.own import Array, own, own_parts, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import images
from autograder.checks.topic import topic
from autograder.texts import text

__all__ = [
    "a_shift_moves_every_pixel",
    "a_shift_there_and_back_loses_the_rim_only",
    "a_split_is_shuffled",
    "each_example_is_validated_once",
    "each_image_is_mirrored_by_its_own_chance",
    "mirroring_swaps_left_and_right",
    "mirroring_twice_gives_the_image",
    "no_fold_trains_on_its_validation_part",
    "the_three_parts_cover_each_example_once",
]

MIRROR = "mirror(images (N, C, H, W)) -> every image mirrored left to right"
RANDOM_MIRROR = "random_mirror(images (N, C, H, W), seed) -> each image mirrored with chance 1/2"
SHIFT = "shift(images (N, C, H, W), rows, columns) -> moved down and right, 0 where uncovered"
FOLDS = "k_fold(N, folds, seed) -> list of (train indices, validation indices)"
SPLIT = "split(N, seed) -> (train indices, validation indices, test indices)"
WHAT = "the images"


def _images() -> Cases:
    edges = ("plain", "one pixel", "edges only")
    return images(min_size=3, max_size=5, edges=edges).map(lambda x: (x,))


def _counts() -> Cases:
    return st.tuples(st.integers(12, 40), st.integers(0, 99))


@course_property(needs=MIRROR, cases=_images, relates=False)
def mirroring_swaps_left_and_right(mirror: Function, x: Array) -> None:
    """The first column of a mirrored image is the last one of the image; rows stay."""
    check_value(
        mirror(x),
        np.array(
            [[row[::-1] for row in image.swapaxes(0, 2).swapaxes(0, 1)] for image in x]
        ).transpose(0, 3, 1, 2),
        what=WHAT,
    )


@course_property(needs=MIRROR, cases=_images)
def mirroring_twice_gives_the_image(mirror: Function, x: Array) -> None:
    """An image mirrored twice is the image."""
    check_value(mirror(own(mirror(x), x.shape, what=WHAT)), x, what=WHAT)


@course_property(needs=RANDOM_MIRROR, cases=_images, relates=False)
def each_image_is_mirrored_by_its_own_chance(mirror: Function, x: Array) -> None:
    """Of many images about half are mirrored, each by its own chance."""
    many = np.zeros((64, 1, 1, 2), x.dtype)
    many[..., 1] = 1.0
    got = own(mirror(many, int(np.abs(x).sum())), many.shape, what=WHAT)
    check_value(got.sum(axis=3), np.ones((64, 1, 1)), what=WHAT)
    # 6 standard errors of 64 draws are 24.
    within(np.asarray(got[:, 0, 0, 0].sum()), 8.0, 56.0, what="the number of mirrored images")


@course_property(needs=SHIFT, cases=_images, relates=False)
def a_shift_moves_every_pixel(shift: Function, x: Array) -> None:
    """Shifted by one row and two columns, a pixel stands one row down and two to the right."""
    expected = np.zeros(x.shape)
    expected[:, :, 1:, 2:] = x[:, :, :-1, :-2]
    check_value(shift(x, 1, 2), expected, what=WHAT)


@course_property(needs=SHIFT, cases=_images, relates=False)
def a_shift_there_and_back_loses_the_rim_only(shift: Function, x: Array) -> None:
    """Shifted there and back, an image has lost what left it, and nothing else."""
    there = own(shift(x, -1, 1), x.shape, what=WHAT)
    expected = x.copy()
    expected[:, :, 0] = 0.0
    expected[:, :, :, -1] = 0.0
    check_value(shift(there, 1, -1), expected, what=WHAT)


def _indices(got: object, examples: int, name: str) -> Array:
    indices = own(got, what=name)
    within(indices, 0.0, examples - 1.0, what=name)
    return indices.astype(int)


@course_property(needs=FOLDS, cases=_counts, relates=False)
def each_example_is_validated_once(k_fold: Function, examples: int, seed: int) -> None:
    """In k-fold cross-validation every example is in the validation part of exactly one fold."""
    names = ("the training part", "the validation part")
    seen = np.zeros(examples, int)
    for fold in k_fold(examples, 5, seed):
        _, validation = own_parts(fold, names)
        np.add.at(seen, _indices(validation, examples, names[1]), 1)
    check_labels(seen, np.ones(examples, int), what="how often each example is validated")


@course_property(needs=FOLDS, cases=_counts, relates=False)
def no_fold_trains_on_its_validation_part(k_fold: Function, examples: int, seed: int) -> None:
    """In each fold every example is either trained on or validated, never both."""
    names = ("the training part", "the validation part")
    for fold in k_fold(examples, 5, seed):
        parts = own_parts(fold, names)
        counts = np.zeros(examples, int)
        for part, name in zip(parts, names, strict=True):
            np.add.at(counts, _indices(part, examples, name), 1)
        check_labels(counts, np.ones(examples, int), what="how often each example is used")
        sizes = len(own(parts[1], what=names[1])) * 5
        within(np.asarray(sizes), examples - 5.0, examples + 5.0, what=names[1])


@course_property(needs=SPLIT, cases=_counts, relates=False)
def the_three_parts_cover_each_example_once(split: Function, examples: int, seed: int) -> None:
    """Every example is in exactly one of training, validation and test set."""
    names = ("the training part", "the validation part", "the test part")
    counts = np.zeros(examples, int)
    for part, name in zip(own_parts(split(examples, seed), names), names, strict=True):
        np.add.at(counts, _indices(part, examples, name), 1)
    check_labels(counts, np.ones(examples, int), what="how often each example is used")


@course_property(needs=SPLIT, cases=_counts, relates=False)
def a_split_is_shuffled(split: Function, examples: int, seed: int) -> None:
    """Another seed gives another test set: the parts are drawn at random."""
    names = ("the training part", "the validation part", "the test part")
    first, other = (
        np.sort(_indices(own_parts(split(40, at), names)[2], 40, names[2]))
        for at in (seed, seed + 1)
    )
    if np.array_equal(first, other):
        raise topic(names[2]).failure(text("Two different seeds gave the same test set."))
