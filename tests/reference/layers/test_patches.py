"""im2col and col2im: the tutorial's shapes, torch's unfold and fold, and adjointness."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import col2im, conv2d_forward, im2col

SEEDS = st.integers(0, 2**32 - 1)


def test_227x227x3_under_11x11_windows_of_stride_4_becomes_363_by_3025():
    x = np.random.default_rng(0).standard_normal((1, 3, 227, 227), dtype=np.float32)
    x_col = im2col(x, 11, stride=4)
    w_row = np.random.default_rng(1).standard_normal((96, 363), dtype=np.float32)
    assert (x_col.shape, w_row.shape) == ((363, 3025), (96, 363))
    out = w_row @ x_col
    assert out.shape == (96, 3025)
    layer, _ = conv2d_forward(x, w_row.reshape(96, 3, 11, 11), stride=4)
    assert layer.shape == (1, 96, 55, 55)
    np.testing.assert_allclose(out.reshape(1, 96, 55, 55), layer, rtol=1e-4, atol=1e-4)


def test_a_column_is_a_patch_with_channels_slowest():
    x = np.arange(18.0).reshape(1, 2, 3, 3)
    assert im2col(x, 2)[:, 1].tolist() == [1, 2, 4, 5, 10, 11, 13, 14]


def test_the_columns_of_a_batch_stand_image_by_image_and_row_by_row():
    x = np.arange(8.0).reshape(2, 1, 2, 2)
    assert im2col(x, 1).tolist() == [list(range(8))]


def test_a_product_with_the_columns_of_a_batch_needs_a_transpose_and_not_only_a_reshape():
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal((2, 3, 4, 4)), rng.standard_normal((5, 3, 2, 2))
    product = w.reshape(5, -1) @ im2col(x, 2)
    out, _ = conv2d_forward(x, w)
    np.testing.assert_allclose(product.reshape(5, 2, 3, 3).transpose(1, 0, 2, 3), out)
    assert not np.allclose(product.reshape(2, 5, 3, 3), out)


def test_a_column_of_a_dilated_window_leaves_pixels_out():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    assert im2col(x, 2, dilation=2)[:, 0].tolist() == [0, 2, 6, 8]


def test_a_column_at_the_border_holds_the_paddings_zeros():
    x = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)
    assert im2col(x, 3, padding=1)[:, 0].tolist() == [0, 0, 0, 0, 1, 2, 0, 3, 4]


@settings(deadline=None, max_examples=60)
@given(data=st.data(), n=st.integers(1, 3), c=st.integers(1, 3), seed=SEEDS)
def test_im2col_and_col2im_equal_torchs_unfold_and_fold(convolution_windows, data, n, c, seed):
    drawn = data.draw(convolution_windows, label="windows")
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, c, *drawn.image_size))
    columns = im2col(x, drawn.kernel, **drawn.window, rounding="floor")
    unfolded = torch.nn.functional.unfold(torch.from_numpy(x), drawn.kernel, **drawn.window)
    side_by_side = unfolded.transpose(0, 1).flatten(1)
    np.testing.assert_array_equal(columns, side_by_side)

    other = rng.standard_normal(columns.shape)
    images = col2im(other, x.shape, drawn.kernel, **drawn.window, rounding="floor")
    by_image = torch.from_numpy(other).reshape(len(other), n, -1).transpose(0, 1)
    folded = torch.nn.functional.fold(by_image, drawn.image_size, drawn.kernel, **drawn.window)
    np.testing.assert_allclose(images, folded, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(data=st.data(), seed=SEEDS)
def test_col2im_is_the_adjoint_of_im2col(convolution_windows, data, seed):
    drawn = data.draw(convolution_windows, label="windows")
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, 2, *drawn.image_size))
    columns = im2col(x, drawn.kernel, **drawn.window, rounding="floor")
    y = rng.standard_normal(columns.shape)
    back = col2im(y, x.shape, drawn.kernel, **drawn.window, rounding="floor")
    assert np.sum(columns * y) == pytest.approx(np.sum(x * back), rel=1e-9, abs=1e-9)


def test_col2im_adds_and_does_not_invert():
    x = np.ones((1, 1, 3, 3))
    back = col2im(im2col(x, 2), x.shape, 2)
    assert back[0, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_pixels_that_floor_leaves_out_receive_nothing():
    x = np.ones((1, 1, 3, 3))
    back = col2im(im2col(x, 2, stride=2, rounding="floor"), x.shape, 2, stride=2, rounding="floor")
    assert back[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("kernel", [1, 2])
def test_the_columns_are_no_view_of_the_images(kernel):
    x = np.ones((1, 1, 2, 2))
    columns = im2col(x, kernel)
    columns[...] = 7
    assert np.all(x == 1)


def test_float32_stays_float32():
    x = np.ones((1, 1, 3, 3), np.float32)
    columns = im2col(x, 2, padding=1)
    assert columns.dtype == np.float32
    assert col2im(columns, x.shape, 2, padding=1).dtype == np.float32


@pytest.mark.parametrize(
    ("x", "kernel", "settings", "message"),
    [
        (np.ones((3, 3)), 2, {}, r"x must have 4 axes \(N, C, H, W\)"),
        (np.ones((1, 1, 4, 4)), 3, {"stride": 2}, r"= 1\.50"),
        (np.ones((1, 1, 4, 4)), (3, 3, 3), {}, "kernel must be an integer or a pair"),
        (np.ones((1, 1, 4, 4)), 5, {}, "must fit into the padded input"),
        (np.full((1, 1, 4, 4), np.nan), 2, {}, "x must be finite"),
    ],
)
def test_wrong_arguments_are_refused(x, kernel, settings, message):
    with pytest.raises(ValueError, match=message):
        im2col(x, kernel, **settings)


def test_columns_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"columns must have the shape \(4, 4\) of the im"):
        col2im(np.ones((4, 9)), (1, 1, 3, 3), 2)
