"""Convolution and pooling: sizes, loops, im2col, backward passes, pooling, kinds of convolution.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed.

Images x are (N, C, H, W): N images, C channels, H rows, W columns. Filters w are (F, C, KH, KW),
biases b (F,). Padding `pad` puts that many zeros on each of the four sides. All sizes given to
you fit: (H + 2 pad - KH) / stride is a whole number, and so for W.
"""

import numpy as np

# ---------------------------------------------------------------- 1. arithmetic


def output_size(size, kernel, stride, pad):
    """The output size of a convolution along one axis, an int: (W - F + 2P) / S + 1.

    Raises ValueError where the division leaves a fraction.
    """
    if (size - kernel + 2 * pad) % stride:
        raise ValueError(f"a {kernel}-wide filter does not fit into {size} with stride {stride}")
    return (size - kernel + 2 * pad) // stride + 1


def conv_parameters(channels, filters, kernel, groups):
    """The number of parameters of a convolution layer, biases included.

    `filters` filters of kernel x kernel on `channels` channels, in `groups` groups: a filter sees
    channels / groups of them.
    """
    return filters * (channels // groups) * kernel * kernel + filters


def receptive_field(layers):
    """How many pixels along one axis a unit behind the last layer sees, an int.

    layers: a list of (kernel, stride), from the image on.
    """
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


# ---------------------------------------------------------------- 2. loops


def conv_forward_naive(x, w, b, stride, pad):
    """The convolution layer with loops. Returns out (N, F, OH, OW).

    out[n, f, i, j] = b[f] + the sum of w[f] times the patch of x[n] whose corner is at
    (i * stride, j * stride) of the padded image. The filter is not flipped.
    """
    N, _, H, W = x.shape
    F, _, KH, KW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH, OW = output_size(H, KH, stride, pad), output_size(W, KW, stride, pad)
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    top, left = i * stride, j * stride
                    patch = padded[n, :, top : top + KH, left : left + KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out


# ---------------------------------------------------------------- 3. im2col


def im2col(x, KH, KW, stride, pad):
    """Every patch as a column. Returns cols (C * KH * KW, N * OH * OW).

    The rows are ordered as w.reshape(F, -1) is: channel, row, column of the filter. The columns:
    image by image, and within an image row by row of the output.
    """
    raise NotImplementedError


def col2im(cols, x_shape, KH, KW, stride, pad):
    """The way back: every column is added to the place that its patch came from.

    cols (C * KH * KW, N * OH * OW), x_shape = (N, C, H, W). Returns an array of x_shape; where
    patches overlap their values are summed, and what falls on the padding is left out.
    """
    raise NotImplementedError


def conv_forward(x, w, b, stride, pad):
    """The convolution layer by im2col, without a loop over pixels.

    Returns out (N, F, OH, OW) and cache, whatever conv_backward needs.
    """
    raise NotImplementedError


# ---------------------------------------------------------------- 4. backward


def conv_backward(dout, cache):
    """The gradients of the convolution layer, from dout (N, F, OH, OW).

    Returns dx, dw, db, of the shapes of x, w and b.
    """
    raise NotImplementedError


# ---------------------------------------------------------------- 5. pooling


def max_pool_forward(x, size, stride):
    """Max pooling with size x size windows. Returns out (N, C, OH, OW) and cache."""
    raise NotImplementedError


def max_pool_backward(dout, cache):
    """The gradient dx of max pooling: a window gives its gradient to its largest pixel.

    Where several are equal, it goes to one of them or is shared; never to each in full.
    """
    raise NotImplementedError


def average_pool_forward(x, size, stride):
    """Average pooling with size x size windows. Returns out (N, C, OH, OW) and cache."""
    raise NotImplementedError


def average_pool_backward(dout, cache):
    """The gradient dx of average pooling."""
    raise NotImplementedError


def global_average_pool(x):
    """The mean of each map. Returns an array (N, C)."""
    raise NotImplementedError


# ---------------------------------------------------------------- 6. kinds of convolution


def conv_forward_grouped(x, w, b, stride, pad, groups):
    """A convolution in groups. Returns out (N, F, OH, OW).

    w is (F, C / groups, KH, KW): the first F / groups filters see the first C / groups channels,
    and so on. groups = C is the depthwise convolution.
    """
    raise NotImplementedError


def convolve2d(image, kernel):
    """The convolution of signal processing: the kernel is turned by 180 degrees.

    image (H, W), kernel (KH, KW). Returns (H - KH + 1, W - KW + 1): only where they overlap wholly.
    """
    raise NotImplementedError


def fc_to_filters(W, C, H, K):
    """The fully connected layer on C x H x K maps as filters of a convolution.

    W (C * H * K, M) multiplies maps flattened by x.reshape(N, -1). Returns filters (M, C, H, K)
    that give the same M numbers.
    """
    raise NotImplementedError
