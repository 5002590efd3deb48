"""Augmentation: each change against numpy or scipy, repeatable by seed, refusals."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from reference.data.augmentation import (
    augment,
    distort,
    mirror,
    noise,
    rotate,
    rotate_by,
    shift,
    shift_by,
    warp,
)

RANDOM = [
    mirror,
    partial(shift, pixels=2),
    partial(rotate, degrees=20),
    partial(distort, amount=0.2),
    partial(noise, std=0.1),
]


def batch(*, examples=4, channels=2, height=6, width=5, seed=0):
    return np.random.default_rng(seed).normal(size=(examples, channels, height, width))


def test_mirroring_flips_columns_of_about_half_the_images_and_keeps_the_others():
    images = batch(examples=200)
    mirrored = mirror(images, np.random.default_rng(0))
    flipped = (mirrored == images[..., ::-1]).all(axis=(1, 2, 3))
    kept = (mirrored == images).all(axis=(1, 2, 3))
    assert (flipped ^ kept).all()
    assert 70 < flipped.sum() < 130
    assert np.array_equal(
        mirror(images, np.random.default_rng(0), probability=1), images[..., ::-1]
    )
    assert np.array_equal(mirror(images, np.random.default_rng(0), probability=0), images)


@given(down=st.integers(-8, 8), right=st.integers(-8, 8))
def test_a_shift_agrees_with_scipys(down, right):
    images = batch(examples=1)
    expected = ndimage.shift(images, (0, 0, down, right), order=0, cval=7.0)
    assert np.array_equal(shift_by(images, [(down, right)], fill=7.0), expected)


def test_random_shifts_reach_every_offset_and_no_further():
    images = np.zeros((400, 1, 5, 5), np.uint8)
    images[:, :, 2, 2] = 1
    where = np.argwhere(shift(images, np.random.default_rng(0), pixels=1))[:, 2:]
    assert len(where) == 400
    assert {tuple(place) for place in where.tolist()} == {
        (r, c) for r in (1, 2, 3) for c in (1, 2, 3)
    }


@pytest.mark.parametrize("quarter", [-1, 1, 2])
def test_a_quarter_turn_is_exact_and_counter_clockwise(quarter):
    images = batch(height=5, width=5)
    turned = rotate_by(images, np.full(4, 90.0 * quarter))
    assert np.allclose(turned, np.rot90(images, quarter, axes=(2, 3)), atol=1e-12)


@given(degrees=st.floats(-180, 180), height=st.integers(1, 7), width=st.integers(1, 7))
def test_a_rotation_agrees_with_scipys(degrees, height, width):
    images = batch(examples=1, height=height, width=width)
    expected = ndimage.rotate(
        images, degrees, axes=(3, 2), reshape=False, order=1, mode="grid-constant", cval=0.5
    )
    ours = rotate_by(images, [degrees], fill=0.5)
    assert np.allclose(ours, expected, atol=1e-9)


@given(seed=st.integers(0, 99))
def test_a_warp_agrees_with_scipys_affine_transform(seed):
    images = batch(examples=1, channels=1, seed=seed)
    matrix = np.eye(2) + np.random.default_rng(seed).uniform(-0.4, 0.4, (2, 2))
    centre = np.array([2.5, 2.0])
    expected = ndimage.affine_transform(
        images[0, 0], matrix, centre - matrix @ centre, order=1, mode="grid-constant"
    )
    assert np.allclose(warp(images, matrix[None])[0, 0], expected, atol=1e-9)


def test_noise_has_the_standard_deviation_asked_for_and_mean_zero():
    images = np.zeros((10, 3, 32, 32), np.float32)
    noisy = noise(images, np.random.default_rng(0), std=0.3)
    assert noisy.dtype == np.float32
    assert noisy.std() == pytest.approx(0.3, rel=0.02)
    assert noisy.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("step", RANDOM)
def test_a_seed_repeats_the_change_and_each_image_gets_its_own(step):
    images = np.repeat(batch(examples=1), 12, axis=0)
    first = step(images, np.random.default_rng(5))
    assert np.array_equal(first, step(images, np.random.default_rng(5)))
    assert len({image.tobytes() for image in first}) > 1
    assert first.shape == images.shape
    assert np.array_equal(images, np.repeat(batch(examples=1), 12, axis=0))


@pytest.mark.parametrize("step", [mirror, partial(shift, pixels=1)])
def test_mirror_and_shift_keep_uint8(step):
    assert step(np.ones((2, 1, 3, 3), np.uint8), np.random.default_rng(0)).dtype == np.uint8


def test_steps_are_applied_one_after_another():
    images = batch()
    steps = [partial(mirror, probability=1), partial(noise, std=0)]
    assert np.array_equal(augment(images, steps, rng=np.random.default_rng(0)), images[..., ::-1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: mirror(np.ones((3, 4, 4)), rng), r"\(N, C, H, W\), got \(3, 4, 4\)"),
        (lambda rng: mirror(batch(), rng, probability=2), r"lie in \[0, 1\]"),
        (lambda rng: shift(batch(), rng, pixels=-1), "pixels must be at least 0"),
        (lambda rng: shift_by(batch(), [(1, 1)]), r"shape \(4, 2\)"),
        (lambda rng: rotate(batch(), rng, degrees=-1), "degrees must be"),
        (lambda rng: distort(batch(), rng, amount=0.5), "amount must be below 0.5"),
        (lambda rng: noise(batch(), rng, std=-0.1), "std must be"),
        (lambda rng: warp(batch(), np.eye(2)), r"inverse must have shape \(4, 2, 2\)"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))
