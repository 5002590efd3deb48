"""Filters, tiles and the figures made of images."""

import io
import sys

import matplotlib.image
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from reference.visualize import (
    affine_filters,
    draw_activation_maps,
    draw_embedding,
    draw_exciting,
    draw_filters,
    draw_heat_map,
    filter_images,
    most_exciting,
    roughness,
    tile,
    tile_at,
    unit_range_images,
)


def saved(figure: Figure) -> np.ndarray:
    """The figure's pixels: it must be drawable without pyplot."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=40)
    file.seek(0)
    return matplotlib.image.imread(file)


def shown(figure: Figure, axes: int = 0) -> np.ndarray:
    return np.asarray(figure.axes[axes].images[0].get_array())


@given(channels=st.sampled_from([1, 3, 4]), seed=st.integers(0, 99))
def test_weight_zero_is_grey_and_each_filter_uses_the_whole_range(channels, seed):
    weight = np.random.default_rng(seed).normal(size=(3, channels, 2, 2))
    weight[:, :, 0, 0] = 0
    pictures = filter_images(weight)
    assert pictures.shape == ((3, channels, 2, 2) if channels != 4 else (12, 1, 2, 2))
    each = pictures.reshape(3, -1)
    assert np.abs(each - 0.5).max(axis=1) == pytest.approx([0.5, 0.5, 0.5])
    assert (pictures[:, :, 0, 0] == 0.5).all()


def test_a_filter_of_zeros_is_grey():
    assert (filter_images(np.zeros((1, 3, 2, 2))) == 0.5).all()


def test_columns_of_an_affine_weight_are_filters():
    weight = np.arange(24.0).reshape(12, 2)
    filters = affine_filters(weight, (3, 2, 2))
    assert filters.shape == (2, 3, 2, 2)
    assert filters[1, 2, 1, 0] == weight[10, 1]
    with pytest.raises(ValueError, match=r"12 values of an image .*got 11"):
        affine_filters(weight[:11], (3, 2, 2))


def test_noise_is_rough_and_a_ramp_is_smooth():
    noise = np.random.default_rng(0).normal(size=(50, 3, 11, 11))
    ramp = np.broadcast_to(np.arange(11.0), (1, 1, 11, 11))
    chessboard = np.indices((10, 10)).sum(axis=0)[None, None] % 2
    assert roughness(noise).mean() == pytest.approx(1, abs=0.05)
    assert roughness(ramp)[0] < 0.05
    assert roughness(chessboard)[0] == pytest.approx(2, abs=0.05)
    assert roughness(np.ones((1, 1, 3, 3)))[0] == 0
    with pytest.raises(ValueError, match="2 x 2"):
        roughness(np.ones((1, 3, 1, 1)))


@given(
    count=st.integers(1, 12),
    channels=st.sampled_from([1, 3]),
    columns=st.integers(1, 5) | st.none(),
    gap=st.integers(0, 2),
)
def test_every_image_stands_in_its_tile(count, channels, columns, gap):
    images = np.random.default_rng(count).random((count, channels, 2, 3))
    picture = tile(images, columns=columns, gap=gap)
    across = min(columns or int(np.ceil(np.sqrt(count))), count)
    for number, image in enumerate(images):
        row, column = divmod(number, across)
        top, left = row * (2 + gap), column * (3 + gap)
        found = picture[top : top + 2, left : left + 3]
        assert np.array_equal(
            found if channels == 3 else found[..., None], np.moveaxis(image, 0, 2)
        )
    values_of_images = count * 6 * channels
    assert np.isclose(picture.sum() - images.sum(), picture.size - values_of_images)


@pytest.mark.parametrize(
    ("images", "cells", "message"),
    [
        (np.zeros((2, 1, 2, 2)), np.array([[0, 0], [0, 0]]), "a cell twice"),
        (np.zeros((2, 1, 2, 2)), np.array([[0, 0]]), "2 pairs"),
        (np.zeros((1, 1, 2, 2)), np.array([[0, -1]]), "from 0 on"),
        (np.zeros((1, 2, 2, 2)), np.array([[0, 0]]), "1 or 3 channels"),
    ],
)
def test_wrong_tiles_are_refused(images, cells, message):
    with pytest.raises(ValueError, match=message):
        tile_at(images, cells)


def test_images_of_any_range_are_brought_to_zero_and_one():
    scaled = unit_range_images(np.array([[[[-3.0, 1.0]]], [[[5.0, 1.0]]]]))
    assert scaled.ravel().tolist() == [0, 0.5, 1, 0.5]
    assert (unit_range_images(np.full((1, 1, 2, 2), 7.0)) == 0.5).all()


def test_filters_are_drawn_as_a_grid_of_pictures():
    weight = np.random.default_rng(0).normal(size=(6, 3, 5, 5))
    figure = draw_filters(weight, columns=3, title="conv1")
    assert shown(figure).shape == (2 * 5 + 1, 3 * 5 + 2, 3)
    assert figure.axes[0].get_title() == "conv1"
    assert saved(figure).size


def test_deep_filters_take_one_row_each():
    figure = draw_filters(np.random.default_rng(0).normal(size=(2, 4, 3, 3)))
    assert shown(figure).shape == (2 * 3 + 1, 4 * 3 + 3)


def test_dead_maps_are_framed():
    maps = np.random.default_rng(0).random((5, 4, 4))
    figure = draw_activation_maps(maps, dead=[1, 4], columns=3)
    corners = [patch.get_xy() for patch in figure.axes[0].patches]
    assert corners == [(4.5, -0.5), (4.5, 4.5)]
    assert saved(figure).size
    with pytest.raises(ValueError, match="5 maps"):
        draw_activation_maps(maps, dead=[5])


def test_exciting_images_stand_in_rows_with_their_activations():
    images = np.random.default_rng(0).random((6, 1, 4, 4))
    activations = np.arange(12.0).reshape(6, 2)
    units = [most_exciting(activations, 0, count=3), most_exciting(activations, 1, count=2)]
    figure = draw_exciting(images, units)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["10.00", "8.00", "6.00", "11.00", "9.00", ""]
    assert np.allclose(shown(figure), unit_range_images(images)[5, 0])
    assert saved(figure).size
    with pytest.raises(ValueError, match="one array for each unit"):
        draw_exciting(images, units, patches=[images[:3]])


def test_the_embedding_shows_each_image_in_its_cell():
    images = np.stack([np.full((1, 2, 2), value) for value in (0.0, 0.5, 1.0)])
    picture = shown(draw_embedding(images, np.array([[0, 1], [1, 1], [1, 0]])))
    assert picture[::3, ::3].tolist() == [[1, 0], [1, 0.5]]


def test_a_heat_map_is_symmetric_around_zero_and_stands_beside_its_image():
    heat = np.array([[0.0, 2.0], [-1.0, 0.0]])
    figure = draw_heat_map(heat, image=np.zeros((3, 2, 2)), title="cat")
    image, map_axes, _colorbar = figure.axes
    assert map_axes.images[0].get_clim() == (-2, 2)
    assert map_axes.get_title() == "cat"
    assert image.images[0].get_array().shape == (2, 2, 3)
    assert saved(figure).size
    assert len(draw_heat_map(np.zeros((2, 2))).axes) == 2
    with pytest.raises(ValueError, match="the shape"):
        draw_heat_map(heat, image=np.zeros((1, 3, 3)))


def test_nothing_is_drawn_through_pyplot():
    saved(draw_filters(np.ones((1, 1, 2, 2))))
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []
