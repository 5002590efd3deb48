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
    rows = w.reshape(len(w), -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = (rows - rows.min(1, keepdims=True)) / np.ptp(rows, axis=1, keepdims=True)
    return np.nan_to_num(scaled, nan=0.5).reshape(w.shape)


def tile(images, columns, gap=1, background=1.0):
    n, h, w = images.shape
    rows = -(-n // columns)
    cells = np.full((rows * columns, h + gap, w + gap), background, dtype=float)
    cells[:n, :h, :w] = images
    whole = cells.reshape(rows, columns, h + gap, w + gap).transpose(0, 2, 1, 3).reshape(rows * (h + gap), -1)
    return whole[: rows * (h + gap) - gap, : columns * (w + gap) - gap]


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
    return np.where(activations.max(axis=tuple(i for i in range(activations.ndim) if i != 1)) == 0)[0]


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
    size, jump, start = receptive_field(layers)
    top, bottom = np.clip([start + row * jump, start + row * jump + size], 0, height)
    left, right = np.clip([start + column * jump, start + column * jump + size], 0, width)
    return np.array([top, bottom, left, right])


def merge_filters(first, second):
    shape = np.add(first.shape, second.shape) - 1
    return np.fft.irfft2(np.fft.rfft2(first, shape) * np.fft.rfft2(second, shape), shape)


# ---------------------------------------------------------------- 4. what excites a unit


def top_images(activations, unit, count):
    flat = activations[:, unit].reshape(len(activations), -1)
    order = np.lexsort((np.arange(len(flat)), -flat.max(1)))[:count]
    return order, flat.max(1)[order], np.array(np.unravel_index(flat.argmax(1)[order], activations.shape[2:])).T


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
    tops = np.arange(0, image.shape[1] - patch + 1, stride)
    lefts = np.arange(0, image.shape[2] - patch + 1, stride)
    batch = np.repeat(image[None].astype(float), len(tops) * len(lefts), axis=0)
    for hidden, (top, left) in zip(batch, [(t, l) for t in tops for l in lefts]):
        hidden[:, top:top + patch, left:left + patch] = fill
    return probabilities(batch)[:, label].reshape(len(tops), len(lefts))


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
    mask = np.where(image.ravel() @ W1 + b1 > 0, 1.0, 0.0)
    gradient = ((W1 * mask) @ W2)[:, label].reshape(image.shape)
    return gradient, abs(gradient).max(0)


# ---------------------------------------------------------------- 6. t-SNE


def squared_distances(X):
    squares = (X**2).sum(1)
    D = np.maximum(squares[:, None] + squares - 2 * X @ X.T, 0)
    np.fill_diagonal(D, 0)
    return D


def conditional_probabilities(distances, betas):
    E = -betas.reshape(-1, 1) * (distances + np.diag([np.inf] * len(distances)))
    E = np.exp(E - E.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)


def perplexity(P):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.exp(-np.nansum(P * np.log(P), axis=1))


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
    Q = np.maximum(student_t(Y), 1e-300)
    differences = Y[:, None, :] - Y[None, :, :]
    factors = (P - student_t(Y)) / (1 + (differences**2).sum(2))
    return np.sum(P * np.log(np.maximum(P, 1e-300) / Q)), 4 * (factors[:, :, None] * differences).sum(1)


def tsne_steps(P, Y, steps, learning_rate, momentum):
    """Return the places (N, 2) after `steps` steps of gradient descent with momentum from Y.

    V = momentum V - learning_rate gradient and Y = Y + V in each step; V starts at 0.
    """
    V = np.zeros_like(Y, dtype=float)
    for _ in range(steps):
        V = momentum * V - learning_rate * tsne_cost(P, Y)[1]
        Y = Y + V
    return Y


# ---------------------------------------------------------------- 7. codes


def code_neighbors(hidden, query, k):
    codes = hidden.clip(min=0)
    distances = np.linalg.norm(codes - codes[query], axis=1)
    distances[query] = np.inf
    return np.argsort(distances, kind="mergesort")[:k]


def neighbors_kept(codes, places, k):
    def near(points):
        D = np.sqrt(squared_distances(points)) + np.diag(np.full(len(points), np.inf))
        chosen = np.zeros(D.shape, bool)
        np.put_along_axis(chosen, np.argsort(D, 1, kind="stable")[:, :k], True, 1)
        return chosen
    return (near(codes) & near(places)).sum(1).mean() / k


def _nearest(points, k):
    distances = squared_distances(points)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k].tolist()
