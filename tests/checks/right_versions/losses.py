"""Right versions of components, written differently: test data, imported by path.

For each component several algorithms (loops, einsum, strides, another order of the sums, another
rule at ties); `dressed` adds what differs in the form of an answer.
"""

import numpy as np

# --- losses -------------------------------------------------------------------------------------


def softmax_loops(scores):
    rows = []
    for row in scores:
        shifted = [float(s) - max(map(float, row)) for s in row]
        total = sum(np.exp(s) for s in shifted)
        rows.append([np.exp(s) / total for s in shifted])
    return np.array(rows)


def softmax_logs(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


def softmax_by_columns(scores):
    e = np.exp((scores.T - scores.max(1)).T)
    return np.einsum("ij,i->ij", e, 1 / e.sum(1))


def cross_entropy_loops(scores, labels):
    loss, gradient = 0.0, np.zeros(scores.shape)
    for i, label in enumerate(labels):
        s = scores[i] - np.max(scores[i])
        e = np.exp(s)
        loss += np.log(e.sum()) - s[label]
        gradient[i] = e / e.sum()
        gradient[i, label] -= 1
    return loss / len(labels), gradient / len(labels)


def cross_entropy_one_hot(scores, labels):
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    hot = np.eye(scores.shape[1])[labels]
    return -np.einsum("ij,ij->", hot, logs) / len(hot), (np.exp(logs) - hot) / len(hot)


def cross_entropy_take(scores, labels):
    s = scores - scores.max(1)[:, None]
    logs = s - np.log(np.exp(s).sum(1))[:, None]
    gradient = np.exp(logs)
    np.put_along_axis(
        gradient, labels[:, None], np.take_along_axis(gradient, labels[:, None], 1) - 1, 1
    )
    return -np.take_along_axis(logs, labels[:, None], 1).mean(), gradient / labels.size


def hinge_loops(scores, labels, *, delta=1.0, squared=False):
    loss, gradient = 0.0, np.zeros(scores.shape)
    n, c = scores.shape
    for i in range(n):
        for j in range(c):
            margin = scores[i, j] - scores[i, labels[i]] + delta
            if j != labels[i] and margin > 0:
                loss += margin**2 if squared else margin
                slope = 2 * margin if squared else 1.0
                gradient[i, j] += slope
                gradient[i, labels[i]] -= slope
    return loss / n, gradient / n


def hinge_counting_zero(scores, labels, *, delta=1.0, squared=False):
    """A margin of exactly 0 counts as violated: the other slope of the kink."""
    other = np.ones(scores.shape, bool)
    other[np.arange(len(labels)), labels] = False
    margins = (scores.T - np.choose(labels, scores.T) + delta).T
    on = other & (margins >= 0)
    margins = np.where(on, margins, 0.0)
    slope = 2 * margins if squared else on.astype(float)
    slope[~other] = -slope.sum(1)
    return (margins**2 if squared else margins).sum() / len(labels), slope / len(labels)


def hinge_one_hot(scores, labels, *, delta=1.0, squared=False):
    hot = np.eye(scores.shape[1])[labels]
    true = np.einsum("ij,ij->i", scores, hot)
    margins = np.clip(scores - true[:, None] + delta, 0, None) * (1 - hot)
    slope = 2 * margins if squared else np.sign(margins)
    slope = slope - hot * slope.sum(1, keepdims=True)
    value = (margins * margins).sum() if squared else margins.sum()
    return float(value) / len(hot), slope / len(hot)


# --- layers -------------------------------------------------------------------------------------


def affine_einsum(x, weight, bias=None):
    out = np.einsum("nd,dm->nm", x, weight)
    return (out if bias is None else out + bias), None


def affine_loops(x, weight, bias=None):
    out = np.empty((len(x), weight.shape[1]))
    for n in range(len(x)):
        for m in range(weight.shape[1]):
            out[n, m] = sum(x[n] * weight[:, m]) + (0 if bias is None else bias[m])
    return out, None


def affine_bias_trick(x, weight, bias=None):
    bias = np.zeros(weight.shape[1]) if bias is None else bias
    return np.c_[x, np.ones(len(x))] @ np.r_[weight, bias[None]], None


def relu_where(x):
    return np.where(x > 0, x, 0.0), None


def relu_product(x):
    return x * (x > 0), None


def relu_half(x):
    return (x + abs(x)) / 2, None


def _both(value):
    return value if isinstance(value, tuple) else (value, value)


def conv2d_loops(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    (sh, sw), (ph, pw), (dh, dw) = _both(stride), _both(padding), _both(dilation)
    n, _, h, w = x.shape
    f, depth, kh, kw = weight.shape
    oh = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    padded = np.zeros((n, x.shape[1], h + 2 * ph, w + 2 * pw))
    padded[:, :, ph : ph + h, pw : pw + w] = x
    out = np.zeros((n, f, oh, ow))
    for k in range(f):
        first = (k // (f // groups)) * depth
        for p in range(oh):
            for q in range(ow):
                rows = slice(p * sh, p * sh + dh * (kh - 1) + 1, dh)
                columns = slice(q * sw, q * sw + dw * (kw - 1) + 1, dw)
                patch = padded[:, first : first + depth, rows, columns]
                out[:, k, p, q] = (patch * weight[k]).sum(axis=(1, 2, 3))
    return (out if bias is None else out + bias.reshape(1, -1, 1, 1)), None


def conv2d_by_offsets(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    """One shifted image for each place in the kernel."""
    (sh, sw), (ph, pw), (dh, dw) = _both(stride), _both(padding), _both(dilation)
    f, _, kh, kw = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    oh = (padded.shape[2] - dh * (kh - 1) - 1) // sh + 1
    ow = (padded.shape[3] - dw * (kw - 1) - 1) // sw + 1
    parts = []
    for images, filters in zip(
        np.split(padded, groups, 1), np.split(weight, groups, 0), strict=True
    ):
        out = np.zeros((len(x), f // groups, oh, ow))
        for i in range(kh):
            for j in range(kw):
                rows = slice(i * dh, i * dh + sh * (oh - 1) + 1, sh)
                columns = slice(j * dw, j * dw + sw * (ow - 1) + 1, sw)
                out += np.einsum("nchw,fc->nfhw", images[:, :, rows, columns], filters[:, :, i, j])
        parts.append(out)
    out = np.concatenate(parts, axis=1)
    return (out if bias is None else out + bias[:, None, None]), None


def batch_norm_loops(x, gamma, beta, *, eps=1e-5):
    out = np.empty(x.shape)
    for c in range(x.shape[1]):
        values = x[:, c]
        mean = values.sum() / values.size
        variance = ((values - mean) ** 2).sum() / values.size
        out[:, c] = gamma[c] * (values - mean) / (variance + eps) ** 0.5 + beta[c]
    return out, None


def batch_norm_flat(x, gamma, beta, *, eps=1e-5):
    rows = np.moveaxis(x, 1, -1)
    flat = rows.reshape(-1, x.shape[1])
    scale = gamma / np.sqrt(flat.var(0) + eps)
    return np.moveaxis(
        (flat * scale + (beta - flat.mean(0) * scale)).reshape(rows.shape), -1, 1
    ), None


def batch_norm_squares(x, gamma, beta, *, eps=1e-5):
    """The variance as the mean of the squares of what is left."""
    axes = (0, *range(2, x.ndim))
    shape = [1] * x.ndim
    shape[1] = -1
    centered = x - x.mean(axes, keepdims=True)
    inverse = (np.mean(centered * centered, axes, keepdims=True) + eps) ** -0.5
    return gamma.reshape(shape) * centered * inverse + beta.reshape(shape), None


# --- updates ------------------------------------------------------------------------------------


def adam_loops(
    x, dx, state=None, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    old = {"m": [0.0] * x.size, "v": [0.0] * x.size, "t": 0} if state is None else state
    t, m, v, new = old["t"] + 1, [], [], []
    for i, g in enumerate(dx):
        m.append(old["m"][i] + (1 - beta1) * (g - old["m"][i]))
        v.append(old["v"][i] + (1 - beta2) * (g * g - old["v"][i]))
        a = m[i] / (1 - beta1**t) if bias_correction else m[i]
        b = v[i] / (1 - beta2**t) if bias_correction else v[i]
        new.append(x[i] - learning_rate * a / (b**0.5 + eps))
    return np.array(new), {"m": m, "v": v, "t": t}


def adam_in_one_step_size(
    x, dx, state=None, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = m + (1 - beta1) * (dx - m), v + (1 - beta2) * (dx**2 - v), t + 1
    root = np.sqrt(1 - beta2**t) if bias_correction else 1.0
    size = learning_rate * root / (1 - beta1**t) if bias_correction else learning_rate
    return x - size * m / (np.sqrt(v) + eps * root), (m, v, t)


def momentum_other_sign(x, dx, state=None, *, learning_rate, mu=0.9):
    velocity = np.zeros_like(x) if state is None else state
    velocity = mu * velocity + learning_rate * dx
    return x - velocity, velocity


def momentum_lists(x, dx, state=None, *, learning_rate, mu=0.9):
    v = [mu * a - learning_rate * g for a, g in zip(state or [0.0] * x.size, dx, strict=True)]
    return np.array([a + b for a, b in zip(x, v, strict=True)]), v


ALGORITHMS = {
    "softmax": [softmax_loops, softmax_logs, softmax_by_columns],
    "softmax_cross_entropy": [cross_entropy_loops, cross_entropy_one_hot, cross_entropy_take],
    "hinge": [hinge_loops, hinge_counting_zero, hinge_one_hot],
    "affine_forward": [affine_einsum, affine_loops, affine_bias_trick],
    "relu_forward": [relu_where, relu_product, relu_half],
    "conv2d_forward": [conv2d_loops, conv2d_by_offsets],
    "batch_norm_forward": [batch_norm_loops, batch_norm_flat, batch_norm_squares],
    "adam": [adam_loops, adam_in_one_step_size],
    "momentum": [momentum_other_sign, momentum_lists],
}
"""Other algorithms for the components that the course has its students write."""
