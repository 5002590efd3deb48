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
    result = []
    for one in w:
        low, high = one.min(), one.max()
        if high == low:
            result.append(0.5 * np.ones(one.shape))
        else:
            result.append((one - low) / (high - low))
    return result


def tile(images, columns, gap=1, background=1.0):
    n, h, w = images.shape
    rows = int(np.ceil(n / columns))
    canvas = np.ones((rows * h + (rows - 1) * gap, columns * w + (columns - 1) * gap)) * background
    k = 0
    for r in range(rows):
        for c in range(columns):
            if k < n:
                canvas[r * (h + gap):r * (h + gap) + h, c * (w + gap):c * (w + gap) + w] = images[k]
            k += 1
    return canvas.tolist()


# ---------------------------------------------------------------- 2. activations


def layer_outputs(x, layers):
    kept = []
    for layer in layers:
        if layer[0] == "conv":
            _, w, b, s, p = layer
            N, C, H, W = x.shape
            K, _, kh, kw = w.shape
            big = np.zeros((N, C, H + 2 * p, W + 2 * p))
            big[:, :, p:p + H, p:p + W] = x
            oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
            out = np.zeros((N, K, oh, ow))
            for n in range(N):
                for k in range(K):
                    for i in range(oh):
                        for j in range(ow):
                            out[n, k, i, j] = (big[n, :, i * s:i * s + kh, j * s:j * s + kw] * w[k]).sum() + b[k]
        elif layer[0] == "relu":
            out = x * (x > 0)
        elif layer[0] == "pool":
            _, f, s = layer
            N, C, H, W = x.shape
            out = np.array([[[[x[n, c, i:i + f, j:j + f].max() for j in range(0, W - f + 1, s)]
                              for i in range(0, H - f + 1, s)] for c in range(C)] for n in range(N)])
        else:
            out = x.reshape(x.shape[0], -1).dot(layer[1]) + layer[2]
        kept.append(out)
        x = out
    return kept


def _windows(x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def activation_statistics(outputs):
    means, stds, sparsities = [], [], []
    for out in outputs:
        flat = out.ravel()
        means.append(sum(flat) / len(flat))
        stds.append(((flat - means[-1]) ** 2).mean() ** 0.5)
        sparsities.append(1 - np.count_nonzero(flat) / flat.size)
    return np.array([means, stds, sparsities])


def dead_units(activations):
    dead = []
    for unit in range(activations.shape[1]):
        if not activations[:, unit].any():
            dead.append(unit)
    return tuple(dead)


# ---------------------------------------------------------------- 3. receptive fields


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel, stride, pad in layers:
        size = size + (kernel - 1) * jump
        start = start - pad * jump
        jump = jump * stride
    return [size, jump, start]


def field_box(layers, row, column, height, width):
    """Return (top, bottom, left, right): what the unit at (row, column) sees of an image.

    `image[:, top:bottom, left:right]` is the part, so bottom and right are exclusive. The padding
    is no part of the image: clip to 0 .. height and 0 .. width.
    """
    size, jump, start = receptive_field(layers)
    top, left = start + row * jump, start + column * jump
    return max(top, 0), min(top + size, height), max(left, 0), min(left + size, width)


def merge_filters(first, second):
    merged = np.zeros((len(first) + len(second) - 1, len(first[0]) + len(second[0]) - 1))
    for a in range(len(first)):
        for b in range(len(first[0])):
            for c in range(len(second)):
                for d in range(len(second[0])):
                    merged[a + c, b + d] += first[a, b] * second[c, d]
    return merged


# ---------------------------------------------------------------- 4. what excites a unit


def top_images(activations, unit, count):
    best = []
    for n in range(len(activations)):
        m = activations[n, unit]
        r, c = np.unravel_index(np.argmax(m), m.shape)
        best.append((-m[r, c], n, (int(r), int(c))))
    best.sort()
    best = best[:count]
    return [n for _, n, _ in best], [-v for v, _, _ in best], [p for _, _, p in best]


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
    heat = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            falls = []
            for i in range(len(scores)):
                for j in range(len(scores[0])):
                    if 0 <= y - i * stride < patch and 0 <= x - j * stride < patch:
                        falls.append(whole - scores[i][j])
            if falls:
                heat[y, x] = sum(falls) / len(falls)
    return heat


def saliency(image, W1, b1, W2, b2, label):
    x = image.flatten()
    hidden = x.dot(W1) + b1
    gradient = np.zeros(x.size)
    for m in range(len(hidden)):
        if hidden[m] > 0:
            gradient += W2[m, label] * W1[:, m]
    gradient = gradient.reshape(image.shape)
    return gradient, np.max(np.abs(gradient), axis=0)


# ---------------------------------------------------------------- 6. t-SNE


def squared_distances(X):
    N = len(X)
    D = np.zeros((N, N))
    for i in range(N):
        for j in range(N):
            D[i, j] = ((X[i] - X[j]) ** 2).sum()
    return D


def conditional_probabilities(distances, betas):
    N = len(distances)
    P = np.zeros((N, N))
    for i in range(N):
        others = [k for k in range(N) if k != i]
        e = -betas[i] * distances[i, others]
        e = np.exp(e - e.max())
        P[i, others] = e / e.sum()
    return P


def perplexity(P):
    result = []
    for row in P:
        H = 0
        for p in row:
            if p > 0:
                H -= p * np.log2(p)
        result.append(2 ** H)
    return result


def calibrated_probabilities(distances, goal):
    N = len(distances)
    betas = np.ones(N)
    for i in range(N):
        low, high = 0, None
        while True:
            d = np.delete(distances[i], i)
            e = np.exp(-betas[i] * (d - d.min()))
            p = e / e.sum()
            found = np.exp(-(p * np.log(p + 1e-300)).sum())
            if abs(found - goal) < 1e-6:
                break
            if found > goal:
                low = betas[i]
                betas[i] = betas[i] * 2 if high is None else (low + high) / 2
            else:
                high = betas[i]
                betas[i] = (low + high) / 2
    return conditional_probabilities(distances, betas)


def joint_probabilities(P):
    """Return the joint probabilities (N, N): p_ij = (p_{j|i} + p_{i|j}) / (2 N), which sum to 1."""
    return (P + P.T) / (2 * len(P))


def student_t(Y):
    N = len(Y)
    w = np.zeros((N, N))
    for i in range(N):
        for j in range(N):
            if i != j:
                w[i, j] = 1 / (1 + ((Y[i] - Y[j]) ** 2).sum())
    return w / w.sum()


def tsne_cost(P, Y):
    Q = student_t(Y)
    cost, grad = 0.0, np.zeros(Y.shape)
    for i in range(len(Y)):
        for j in range(len(Y)):
            if i != j:
                if P[i, j] > 0:
                    cost += P[i, j] * np.log(P[i, j] / Q[i, j])
                diff = Y[i] - Y[j]
                grad[i] += 4 * (P[i, j] - Q[i, j]) * diff / (1 + diff @ diff)
    return cost, grad


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
    codes = [[max(0, v) for v in row] for row in hidden.tolist()]
    far = sorted((sum((a - b) ** 2 for a, b in zip(c, codes[query])), n) for n, c in enumerate(codes) if n != query)
    return [n for _, n in far[:k]]


def neighbors_kept(codes, places, k):
    def near(points, i):
        d = [(np.sum((points[i] - points[j]) ** 2), j) for j in range(len(points)) if j != i]
        return {j for _, j in sorted(d)[:k]}
    return sum(len(near(codes, i) & near(places, i)) for i in range(len(codes))) / (k * len(codes))


def _nearest(points, k):
    distances = squared_distances(points)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k].tolist()
