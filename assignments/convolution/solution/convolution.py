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
    ### BEGIN SOLUTION
    if (size - kernel + 2 * pad) % stride:
        raise ValueError(f"a {kernel}-wide filter does not fit into {size} with stride {stride}")
    return (size - kernel + 2 * pad) // stride + 1
    ### END SOLUTION


def conv_parameters(channels, filters, kernel, groups):
    """The number of parameters of a convolution layer, biases included.

    `filters` filters of kernel x kernel on `channels` channels, in `groups` groups: a filter sees
    channels / groups of them.
    """
    ### BEGIN SOLUTION
    return filters * (channels // groups) * kernel * kernel + filters
    ### END SOLUTION


def receptive_field(layers):
    """How many pixels along one axis a unit behind the last layer sees, an int.

    layers: a list of (kernel, stride), from the image on.
    """
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION


# ---------------------------------------------------------------- 2. loops


def conv_forward_naive(x, w, b, stride, pad):
    """The convolution layer with loops. Returns out (N, F, OH, OW).

    out[n, f, i, j] = b[f] + the sum of w[f] times the patch of x[n] whose corner is at
    (i * stride, j * stride) of the padded image. The filter is not flipped.
    """
    ### BEGIN SOLUTION
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
    ### END SOLUTION


# ---------------------------------------------------------------- 3. im2col


def im2col(x, KH, KW, stride, pad):
    """Every patch as a column. Returns cols (C * KH * KW, N * OH * OW).

    The rows are ordered as w.reshape(F, -1) is: channel, row, column of the filter. The columns:
    image by image, and within an image row by row of the output.
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH, OW = output_size(H, KH, stride, pad), output_size(W, KW, stride, pad)
    cols = np.empty((C, KH, KW, N, OH, OW), dtype=x.dtype)
    for i in range(KH):
        for j in range(KW):
            taken = padded[:, :, i : i + OH * stride : stride, j : j + OW * stride : stride]
            cols[:, i, j] = taken.transpose(1, 0, 2, 3)
    return cols.reshape(C * KH * KW, N * OH * OW)
    ### END SOLUTION


def col2im(cols, x_shape, KH, KW, stride, pad):
    """The way back: every column is added to the place that its patch came from.

    cols (C * KH * KW, N * OH * OW), x_shape = (N, C, H, W). Returns an array of x_shape; where
    patches overlap their values are summed, and what falls on the padding is left out.
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    OH, OW = output_size(H, KH, stride, pad), output_size(W, KW, stride, pad)
    cols = cols.reshape(C, KH, KW, N, OH, OW)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(KH):
        for j in range(KW):
            rows = slice(i, i + OH * stride, stride)
            columns = slice(j, j + OW * stride, stride)
            padded[:, :, rows, columns] += cols[:, i, j].transpose(1, 0, 2, 3)
    return padded[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION


def conv_forward(x, w, b, stride, pad):
    """The convolution layer by im2col, without a loop over pixels.

    Returns out (N, F, OH, OW) and cache, whatever conv_backward needs.
    """
    ### BEGIN SOLUTION
    N, _, H, W = x.shape
    F, _, KH, KW = w.shape
    OH, OW = output_size(H, KH, stride, pad), output_size(W, KW, stride, pad)
    cols = im2col(x, KH, KW, stride, pad)
    out = w.reshape(F, -1) @ cols + b[:, None]
    out = out.reshape(F, N, OH, OW).transpose(1, 0, 2, 3)
    return out, (cols, x.shape, w, stride, pad)
    ### END SOLUTION


# ---------------------------------------------------------------- 4. backward


def conv_backward(dout, cache):
    """The gradients of the convolution layer, from dout (N, F, OH, OW).

    Returns dx, dw, db, of the shapes of x, w and b.
    """
    ### BEGIN SOLUTION
    cols, x_shape, w, stride, pad = cache
    F, _, KH, KW = w.shape
    flat = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dw = (flat @ cols.T).reshape(w.shape)
    dx = col2im(w.reshape(F, -1).T @ flat, x_shape, KH, KW, stride, pad)
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# ---------------------------------------------------------------- 5. pooling


def max_pool_forward(x, size, stride):
    """Max pooling with size x size windows. Returns out (N, C, OH, OW) and cache."""
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    flat = x.reshape(N * C, 1, H, W)
    cols = im2col(flat, size, size, stride, 0)
    winners = cols.argmax(axis=0)
    out = cols[winners, np.arange(cols.shape[1])]
    OH, OW = output_size(H, size, stride, 0), output_size(W, size, stride, 0)
    return out.reshape(N, C, OH, OW), (x.shape, winners, cols.shape, size, stride)
    ### END SOLUTION


def max_pool_backward(dout, cache):
    """The gradient dx of max pooling: a window gives its gradient to its largest pixel.

    Where several are equal, it goes to one of them or is shared; never to each in full.
    """
    ### BEGIN SOLUTION
    (N, C, H, W), winners, shape, size, stride = cache
    dcols = np.zeros(shape)
    dcols[winners, np.arange(shape[1])] = dout.ravel()
    return col2im(dcols, (N * C, 1, H, W), size, size, stride, 0).reshape(N, C, H, W)
    ### END SOLUTION


def average_pool_forward(x, size, stride):
    """Average pooling with size x size windows. Returns out (N, C, OH, OW) and cache."""
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    cols = im2col(x.reshape(N * C, 1, H, W), size, size, stride, 0)
    OH, OW = output_size(H, size, stride, 0), output_size(W, size, stride, 0)
    return cols.mean(axis=0).reshape(N, C, OH, OW), (x.shape, size, stride)
    ### END SOLUTION


def average_pool_backward(dout, cache):
    """The gradient dx of average pooling."""
    ### BEGIN SOLUTION
    (N, C, H, W), size, stride = cache
    dcols = np.repeat(dout.reshape(1, -1) / size**2, size**2, axis=0)
    return col2im(dcols, (N * C, 1, H, W), size, size, stride, 0).reshape(N, C, H, W)
    ### END SOLUTION


def global_average_pool(x):
    """The mean of each map. Returns an array (N, C)."""
    ### BEGIN SOLUTION
    return x.mean(axis=(2, 3))
    ### END SOLUTION


# ---------------------------------------------------------------- 6. kinds of convolution


def conv_forward_grouped(x, w, b, stride, pad, groups):
    """A convolution in groups. Returns out (N, F, OH, OW).

    w is (F, C / groups, KH, KW): the first F / groups filters see the first C / groups channels,
    and so on. groups = C is the depthwise convolution.
    """
    ### BEGIN SOLUTION
    C, F = x.shape[1] // groups, len(w) // groups
    parts = []
    for g in range(groups):
        channels, filters = slice(g * C, (g + 1) * C), slice(g * F, (g + 1) * F)
        parts.append(conv_forward(x[:, channels], w[filters], b[filters], stride, pad)[0])
    return np.concatenate(parts, axis=1)
    ### END SOLUTION


def convolve2d(image, kernel):
    """The convolution of signal processing: the kernel is turned by 180 degrees.

    image (H, W), kernel (KH, KW). Returns (H - KH + 1, W - KW + 1): only where they overlap wholly.
    """
    ### BEGIN SOLUTION
    turned = kernel[::-1, ::-1][None, None]
    return conv_forward_naive(image[None, None], turned, np.zeros(1), 1, 0)[0, 0]
    ### END SOLUTION


def fc_to_filters(W, C, H, K):
    """The fully connected layer on C x H x K maps as filters of a convolution.

    W (C * H * K, M) multiplies maps flattened by x.reshape(N, -1). Returns filters (M, C, H, K)
    that give the same M numbers.
    """
    ### BEGIN SOLUTION
    return W.T.reshape(-1, C, H, K)
    ### END SOLUTION
