"""Looking into a convolutional network: filters, activations, receptive fields, occlusion, t-SNE.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed.

No function may change its arguments. Answers may be Python numbers, lists, tuples or arrays.
Images are (N, C, H, W), one image is (C, H, W). Convolutions are as libraries have them: the
filter is not flipped.
"""

import numpy as np

# ---------------------------------------------------------------- 1. filters


def normalize_filters(w):
    """Return filters (F, C, KH, KW) as pictures with values in [0, 1], same shape.

    (w - min) / (max - min), where min and max are those of ONE filter, over all its channels.
    A filter whose weights are all equal becomes 0.5.
    """
    low = w.min(axis=(1, 2, 3), keepdims=True)
    spread = w.max(axis=(1, 2, 3), keepdims=True) - low
    return np.where(spread > 0, (w - low) / np.where(spread > 0, spread, 1), 0.5)


def tile(images, columns, gap=1, background=1.0):
    """Return grey images (N, H, W) side by side as one picture, row after row.

    `columns` images stand in a row; R = ceil(N / columns) rows. Between neighbours (not around
    the whole) there are `gap` pixels of `background`, and so are places that are left over:
    shape (R H + (R - 1) gap, columns W + (columns - 1) gap).
    """
    number, height, width = images.shape
    rows = -(-number // columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    picture = np.full(shape, background, dtype=float)
    for n, image in enumerate(images):
        top, left = n // columns * (height + gap), n % columns * (width + gap)
        picture[top : top + height, left : left + width] = image
    return picture


# ---------------------------------------------------------------- 2. activations


def layer_outputs(x, layers):
    """Return a list with the output of every layer for images x (N, C, H, W).

    Each layer takes the output of the one before. `layers` is a list of tuples:
    ("conv", w, b, stride, pad) with filters w (F, C, KH, KW) and biases b (F,);
    ("relu",); ("pool", size, stride), max pooling without padding;
    ("affine", W, b), on its input as rows (N, D), with W (D, M) and b (M,).
    All windows fit without a remainder.
    """
    outputs = []
    for kind, *parameters in layers:
        if kind == "conv":
            w, b, stride, pad = parameters
            padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
            windows = _windows(padded, w.shape[2:], stride)
            x = np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None]
        elif kind == "relu":
            x = np.maximum(x, 0)
        elif kind == "pool":
            size, stride = parameters
            x = _windows(x, (size, size), stride).max(axis=(4, 5))
        else:
            W, b = parameters
            x = x.reshape(len(x), -1) @ W + b
        outputs.append(x)
    return outputs


def _windows(x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def activation_statistics(outputs):
    """Return three lists (means, stds, sparsities) with a number for each array of `outputs`.

    The sparsity is the share of the activations that are exactly 0. Every number is over all
    images, units and places of a layer.
    """
    means = [float(np.mean(out)) for out in outputs]
    stds = [float(np.std(out)) for out in outputs]
    return means, stds, [float(np.mean(out == 0)) for out in outputs]


def dead_units(activations):
    """Return the numbers of the dead units, in increasing order.

    `activations` is the output of a ReLU for many images: (N, M), M units, or (N, F, H, W), where
    a unit is a filter with its whole map. Dead is a unit that is 0 for EVERY image, everywhere.
    """
    others = (0, *range(2, np.ndim(activations)))
    return np.flatnonzero(np.all(activations == 0, axis=others)).tolist()


# ---------------------------------------------------------------- 3. receptive fields


def receptive_field(layers):
    """Return (size, jump, start) of the units behind a stack of layers [(kernel, stride, pad)].

    Along one axis: a unit sees `size` pixels, neighbouring units see fields `jump` pixels apart,
    and the field of unit 0 starts at pixel `start`, which is negative where it sees padding.
    An image's own pixel has (1, 1, 0).
    """
    size, jump, start = 1, 1, 0
    for kernel, stride, pad in layers:
        size += (kernel - 1) * jump
        start -= pad * jump
        jump *= stride
    return size, jump, start


def field_box(layers, row, column, height, width):
    """Return (top, bottom, left, right): what the unit at (row, column) sees of an image.

    `image[:, top:bottom, left:right]` is the part, so bottom and right are exclusive. The padding
    is no part of the image: clip to 0 .. height and 0 .. width.
    """
    size, jump, start = receptive_field(layers)
    top, left = start + row * jump, start + column * jump
    return max(top, 0), min(top + size, height), max(left, 0), min(left + size, width)


def merge_filters(first, second):
    """Return the ONE filter that does what `first` and then `second` do, without ReLU between.

    Both are 2-D filters (KH, KW) on one channel, with stride 1 and no padding. The answer has
    shape (KH1 + KH2 - 1, KW1 + KW2 - 1): two 3x3 filters make a 5x5 one.
    """
    (height, width), (rows, columns) = first.shape, second.shape
    merged = np.zeros((height + rows - 1, width + columns - 1), dtype=np.float)
    for i in range(rows):
        for j in range(columns):
            merged[i : i + height, j : j + width] += second[i, j] * first
    return merged


# ---------------------------------------------------------------- 4. what excites a unit


def top_images(activations, unit, count):
    """Return (indices, values, places) of the `count` images that excite filter `unit` most.

    `activations` is (N, F, H, W). Each image counts once, with the largest value of its map.
    `indices` (count,) number the images, the most exciting first; `values` (count,) are those
    largest values, and `places` (count, 2) the (row, column) in the map where they stand.
    Of equal values the smaller index comes first, and in a map the first place, row by row.
    """
    maps = activations[:, unit]
    flat = maps.reshape(len(maps), -1)
    strongest, values = flat.argmax(axis=1), flat.mean(axis=1)
    indices = np.argsort(-values, kind="stable")[:count]
    places = np.stack(np.divmod(strongest[indices], maps.shape[2]), axis=1)
    return indices, values[indices], places


def top_patches(images, activations, layers, unit, count):
    """Return a list of the parts (C, h, w) of the images that excite filter `unit` most.

    One part for each of `top_images`, in the same order: what the unit at the strongest place
    sees of the image. `layers` is the stack [(kernel, stride, pad)] from image to activations.
    """
    indices, _, places = top_images(activations, unit, count)
    patches = []
    for index, (row, column) in zip(indices, places, strict=True):
        top, bottom, left, right = field_box(layers, row, column, *images.shape[2:])
        patches.append(images[index, :, top:bottom, left:right])
    return patches


# ---------------------------------------------------------------- 5. occlusion and saliency


def occlusion_scores(probabilities, image, label, patch, stride, fill=0.0):
    """Return the probability of the true class with a patch over the image, at each place.

    `probabilities` is a function: images (N, C, H, W) -> (N, classes). `label` is the image's
    true class. The `patch` x `patch` square of `fill`, in all channels, has its first pixel at
    rows and columns 0, stride, 2 stride, ..., as long as it lies inside the image (C, H, W).
    Shape (rows, columns): entry [i, j] has the square at row i stride, column j stride.
    """
    tops = range(0, image.shape[1] - patch + 1, stride)
    lefts = range(0, image.shape[2] - patch + 1, stride)
    scores = np.zeros((len(tops), len(lefts)))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            hidden = np.array(image, dtype=float)
            hidden[:, top : top + patch, left : left + patch] = fill
            scores[i, j] = probabilities(hidden[None])[0, label]
    return scores


def occlusion_heat(scores, whole, patch, stride, height, width):
    """Return for each pixel (height, width) the mean fall of the score when it is hidden.

    The fall of a place is whole - scores[i, j], where `whole` is the score of the whole image and
    `scores` come from `occlusion_scores`. A pixel gets the mean over all the squares that cover
    it, and 0 if there is none.
    """
    total, covered = np.zeros((height, width)), np.zeros((height, width))
    for i in range(len(scores)):
        for j in range(len(scores[i])):
            window = np.s_[i * stride : i * stride + patch, j * stride : j * stride + patch]
            total[window] += whole - scores[i][j]
            covered[window] += 1
    return total / np.maximum(covered, 1)


def saliency(image, W1, b1, W2, b2, label):
    """Return (gradient, map): how the score of class `label` changes with each pixel.

    The network takes the image (C, H, W) as one row x (D,): hidden = max(0, x W1 + b1) and
    scores = hidden W2 + b2, with W1 (D, M) and W2 (M, classes); no softmax. `gradient` (C, H, W)
    is that of scores[label]; `map` (H, W) is its largest absolute value over the channels.
    """
    active = image.reshape(-1) @ W1 + b1 > 0
    gradient = (W1 @ (active * W2[:, label])).reshape(image.shape)
    return gradient, np.abs(gradient).max(axis=0)


# ---------------------------------------------------------------- 6. t-SNE


def squared_distances(X):
    """Return the squared L2 distances (N, N) of the rows of X (N, D).

    The diagonal is exactly 0, and no distance is negative (rounding must not show).
    """
    return np.square(X[:, None, :] - X[None, :, :]).sum(axis=2)


def conditional_probabilities(distances, betas):
    """Return P (N, N): p_{j|i} = exp(-beta_i d_ij) / sum_{k != i} exp(-beta_i d_ik).

    `distances` d are squared, (N, N), and `betas` (N,) are positive: beta_i = 1 / (2 sigma_i^2).
    Row i is for point i. The diagonal is 0, and each row sums to 1. Must be right for distances
    of 10,000 and more, too: a factor that all terms of a row share changes nothing.
    """
    exponents = -np.asarray(betas)[:, None] * distances
    np.fill_diagonal(exponents, -np.inf)
    weights = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def perplexity(P):
    """Return the perplexity of each row of P (N, N), shape (N,): 2^H, the row's entropy H in bits.

    H = -sum_j p_j log2 p_j with 0 log 0 = 0. Equal chances for k neighbours give k.
    """
    logs = np.log2(np.where(P > 0, P, 1))
    return 2.0 ** -(P * logs).sum(axis=1)


def calibrated_probabilities(distances, goal):
    """Return P (N, N) as `conditional_probabilities`, where each row has the perplexity `goal`.

    Find the beta of each row by bisection, until its perplexity is within 1e-6 of `goal`
    (1 < goal < N - 1). A larger beta makes the perplexity smaller. Start with the range (0, inf)
    and beta = 1: as long as there is no upper end, double beta.
    """
    number = len(distances)
    low, high, betas = np.zeros(number), np.full(number, np.inf), np.ones(number)
    for _ in range(200):
        P = conditional_probabilities(distances, betas)
        error = perplexity(P) - goal
        if np.all(np.abs(error) < 1e-8):
            break
        low, high = np.where(error > 0, betas, low), np.where(error > 0, high, betas)
        betas = np.where(np.isinf(high), 2 * betas, (low + np.where(np.isinf(high), 0, high)) / 2)
    return P


def joint_probabilities(P):
    """Return the joint probabilities (N, N): p_ij = (p_{j|i} + p_{i|j}) / (2 N), which sum to 1."""
    return (P + P.T) / (2 * len(P))


def student_t(Y):
    """Return Q (N, N) of the places Y (N, 2) in the plane, which sums to 1 over ALL pairs.

    q_ij = (1 + |y_i - y_j|^2)^-1 / sum_{k != l} (1 + |y_k - y_l|^2)^-1, with a diagonal of 0.
    """
    weights = 1 / (1 + squared_distances(Y))
    np.fill_diagonal(weights, 0)
    return weights / weights.sum()


def tsne_cost(P, Y):
    """Return (cost, gradient) of t-SNE for the joint probabilities P (N, N) and places Y (N, 2).

    cost = sum_{i != j} p_ij ln(p_ij / q_ij), where 0 ln 0 = 0 and Q = student_t(Y).
    gradient (N, 2): dcost / dy_i = 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2).
    """
    Q = student_t(Y)
    some = P > 0
    cost = np.sum(P[some] * np.log(P[some] / Q[some]))
    forces = (P - Q) / (1 + squared_distances(Y))
    return cost, 4 * (forces.sum(axis=1)[:, None] * Y - forces @ Y)


def tsne_steps(P, Y, steps, learning_rate, momentum):
    """Return the places (N, 2) after `steps` steps of gradient descent with momentum from Y.

    V = momentum V - learning_rate gradient and Y = Y + V in each step; V starts at 0.
    """
    V = np.zeros_like(Y, dtype=float)
    for _ in range(steps):
        V = momentum * V - learning_rate * tsne_cost(P, Y)[1]
        Y = Y + V
        print("step", Y[0])
    return Y


# ---------------------------------------------------------------- 7. codes


def code_neighbors(hidden, query, k):
    """Return the numbers of the k images whose codes are nearest to that of image `query`.

    `hidden` (N, D) is the last hidden layer BEFORE its ReLU; a code is what the next layer gets:
    max(0, hidden). Nearest first, by L2 distance, the image itself left out. Of equal distances
    the smaller number comes first.
    """
    codes = np.maximum(hidden, 0)
    distances = np.square(codes - codes[query]).sum(axis=1)
    order = np.argsort(distances, kind="stable")
    return order[order != query][:k].tolist()


def neighbors_kept(codes, places, k):
    """Return the share (0 to 1) of neighbours that an embedding keeps.

    For each point: how many of its k nearest points by `codes` (N, D) are among its k nearest by
    `places` (N, 2), over k; then the mean over all points. L2 distances, a point is no neighbour
    of itself, and of equal distances the smaller number comes first. The codes are taken as
    they are.
    """
    kept = []
    near, shown = (_nearest(points, k) for points in (codes, places))
    for first, second in zip(near, shown, strict=True):
        kept.append(len(set(first) & set(second)) / k)
    return float(np.mean(kept))


def _nearest(points, k):
    distances = squared_distances(points)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k].tolist()
