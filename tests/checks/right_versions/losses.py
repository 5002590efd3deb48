"""Losses of scores (N, C), and softmax."""

import numpy as np
import torch

from right_versions.registry import right


@right("softmax")
def softmax_loops(scores):
    rows = []
    for row in scores:
        shifted = [float(s) - max(map(float, row)) for s in row]
        total = sum(np.exp(s) for s in shifted)
        rows.append([np.exp(s) / total for s in shifted])
    return np.array(rows)


@right("softmax")
def softmax_logs(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


@right("softmax")
def softmax_by_columns(scores):
    e = np.exp((scores.T - scores.max(1)).T)
    return np.einsum("ij,i->ij", e, 1 / e.sum(1))


@right("softmax_cross_entropy")
def cross_entropy_loops(scores, labels):
    loss, gradient = 0.0, np.zeros(scores.shape)
    for i, label in enumerate(labels):
        s = scores[i] - np.max(scores[i])
        e = np.exp(s)
        loss += np.log(e.sum()) - s[label]
        gradient[i] = e / e.sum()
        gradient[i, label] -= 1
    return loss / len(labels), gradient / len(labels)


@right("softmax_cross_entropy")
def cross_entropy_one_hot(scores, labels):
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    hot = np.eye(scores.shape[1])[labels]
    return -np.einsum("ij,ij->", hot, logs) / len(hot), (np.exp(logs) - hot) / len(hot)


@right("softmax_cross_entropy")
def cross_entropy_take(scores, labels):
    s = scores - scores.max(1)[:, None]
    logs = s - np.log(np.exp(s).sum(1))[:, None]
    gradient = np.exp(logs)
    np.put_along_axis(
        gradient, labels[:, None], np.take_along_axis(gradient, labels[:, None], 1) - 1, 1
    )
    return -np.take_along_axis(logs, labels[:, None], 1).mean(), gradient / labels.size


@right("hinge")
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


@right("hinge")
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


@right("hinge")
def hinge_one_hot(scores, labels, *, delta=1.0, squared=False):
    hot = np.eye(scores.shape[1])[labels]
    true = np.einsum("ij,ij->i", scores, hot)
    margins = np.clip(scores - true[:, None] + delta, 0, None) * (1 - hot)
    slope = 2 * margins if squared else np.sign(margins)
    slope = slope - hot * slope.sum(1, keepdims=True)
    value = (margins * margins).sum() if squared else margins.sum()
    return float(value) / len(hot), slope / len(hot)


@right("softmax")
def softmax_relative(scores):
    """The share of class i is 1 over the sum of exp(s_j - s_i)."""
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(2)


@right("softmax")
def softmax_base_two(scores):
    bits = (scores - scores.max(1, keepdims=True)) / np.log(2)
    return np.exp2(bits - np.log2(np.exp2(bits).sum(1, keepdims=True)))


@right("softmax")
def softmax_torch(scores):
    return torch.softmax(torch.tensor(scores), 1).numpy()


@right("softmax_cross_entropy")
def cross_entropy_differences(scores, labels):
    """The loss of an example is the logarithm of the sum of exp(s_j - s_y)."""
    rows = np.arange(len(labels))
    differences = scores - scores[rows, labels][:, None]
    losses = np.logaddexp.reduce(differences, axis=1)
    gradient = np.exp(differences - losses[:, None])
    np.subtract.at(gradient, (rows, labels), 1)
    return losses.sum() / len(rows), gradient / len(rows)


@right("softmax_cross_entropy")
def cross_entropy_torch(scores, labels):
    s = torch.tensor(scores, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(s, torch.tensor(labels))
    (gradient,) = torch.autograd.grad(loss, s)
    return loss.item(), gradient.numpy()


@right("hinge")
def hinge_torch(scores, labels, *, delta=1.0, squared=False):
    s, y = torch.tensor(scores, requires_grad=True), torch.tensor(labels)[:, None]
    margins = torch.relu(s - s.gather(1, y) + delta).scatter(1, y, 0.0)
    loss = (margins**2 if squared else margins).sum() / len(labels)
    return loss.item(), torch.autograd.grad(loss, s)[0].numpy()


@right("hinge")
def hinge_pairs(scores, labels, *, delta=1.0, squared=False):
    """The violated pairs alone, from a list of indices."""
    gaps = scores - np.take_along_axis(scores, labels[:, None], 1) + delta
    rows, classes = np.nonzero((gaps > 0) & (np.arange(scores.shape[1]) != labels[:, None]))
    gaps, gradient = gaps[rows, classes], np.zeros_like(scores)
    slopes = 2 * gaps if squared else np.ones_like(gaps)
    np.add.at(gradient, (rows, classes), slopes)
    np.subtract.at(gradient, (rows, labels[rows]), slopes)
    return (gaps @ gaps if squared else gaps.sum()) / len(labels), gradient / len(labels)
