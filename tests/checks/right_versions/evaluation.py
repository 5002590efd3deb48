"""How good predictions are, and the first checks of a training run."""

import math
from collections import Counter

import numpy as np
import torch
from sklearn import metrics

from right_versions.registry import right


@right("accuracy")
def accuracy_loops(predicted, labels):
    return sum(1 for p, y in zip(predicted, labels, strict=True) if p == y) / len(labels)


@right("accuracy")
def accuracy_of_errors(predicted, labels):
    return 1 - np.count_nonzero(np.subtract(predicted, labels)) / np.size(labels)


@right("accuracy")
def accuracy_of_the_matrix(predicted, labels):
    classes = 1 + max(predicted.max(), labels.max())
    counts = np.zeros((classes, classes))
    np.add.at(counts, (labels, predicted), 1)
    return np.trace(counts) / counts.sum()


@right("accuracy")
def accuracy_torch(predicted, labels):
    return (torch.tensor(predicted) == torch.tensor(labels)).double().mean().item()


@right("accuracy")
def accuracy_sklearn(predicted, labels):
    return metrics.accuracy_score(labels, predicted)


@right("confusion_matrix")
def confusion_loops(predicted, labels, *, classes):
    counts = np.zeros((classes, classes), int)
    for guess, truth in zip(predicted, labels, strict=True):
        counts[truth, guess] += 1
    return counts


@right("confusion_matrix")
def confusion_one_hot(predicted, labels, *, classes):
    identity = np.eye(classes, dtype=int)
    return identity[labels].T @ identity[predicted]


@right("confusion_matrix")
def confusion_counter(predicted, labels, *, classes):
    seen = Counter(zip(labels.tolist(), predicted.tolist(), strict=True))
    return np.array([[seen[i, j] for j in range(classes)] for i in range(classes)])


@right("confusion_matrix")
def confusion_histogram(predicted, labels, *, classes):
    edges = np.arange(classes + 1) - 0.5
    return np.histogram2d(labels, predicted, bins=(edges, edges))[0].astype(int)


@right("confusion_matrix")
def confusion_sklearn(predicted, labels, *, classes):
    return metrics.confusion_matrix(labels, predicted, labels=range(classes))


@right("recall_per_class")
def recall_loops(confusion):
    rows = [[int(n) for n in row] for row in confusion]
    return [row[i] / sum(row) if sum(row) else float("nan") for i, row in enumerate(rows)]


@right("recall_per_class")
def recall_divided(confusion):
    with np.errstate(invalid="ignore"):
        return confusion.diagonal() / confusion.sum(1)


@right("recall_per_class")
def recall_of_shares(confusion):
    """The diagonal of the matrix whose rows add up to 1."""
    sums = confusion.sum(1, keepdims=True).astype(float)
    sums[sums == 0] = np.nan
    return np.diag(confusion / sums)


@right("recall_per_class")
def recall_of_misses(confusion):
    total = confusion @ np.ones(len(confusion))
    missed = total - np.diag(confusion)
    return np.where(total > 0, 1 - missed / np.maximum(total, 1), np.nan)


@right("recall_per_class")
def recall_torch(confusion):
    counts = torch.tensor(confusion, dtype=torch.float64)
    return (torch.diagonal(counts) / counts.sum(1)).numpy()


@right("expected_initial_loss")
def initial_from_scores(kind, classes):
    """The loss of an example whose scores are all 0."""
    scores = np.zeros(classes)
    if kind == "softmax":
        return -np.log(np.exp(scores[0]) / np.exp(scores).sum())
    return np.maximum(0, scores[1:] - scores[0] + 1).sum()


@right("expected_initial_loss")
def initial_logs(kind, classes):
    return {"softmax": math.log2(classes) * math.log(2), "svm": classes - 1}[kind]


@right("expected_initial_loss")
def initial_of_the_probability(kind, classes):
    return -math.log(1 / classes) if kind == "softmax" else float(len(range(1, classes)))


@right("expected_initial_loss")
def initial_entropy(kind, classes):
    p = np.full(classes, 1 / classes)
    return float(-(p * np.log(p)).sum()) if kind == "softmax" else sum([1.0] * (classes - 1))


@right("expected_initial_loss")
def initial_torch(kind, classes):
    scores, label = torch.zeros(1, classes, dtype=torch.float64), torch.tensor([0])
    if kind == "softmax":
        return torch.nn.functional.cross_entropy(scores, label).item()
    return torch.nn.functional.multi_margin_loss(scores, label).item() * classes


@right("expected_initial_loss")
def initial_summed_logs(kind, classes):
    """ln C as the sum of ln(n / (n - 1))."""
    if kind == "svm":
        return -1 + classes
    return sum(math.log(n / (n - 1)) for n in range(2, classes + 1))


@right("update_to_weight_ratio")
def ratio_loops(weights, update):
    squares = [sum(v * v for v in each.ravel().tolist()) for each in (update, weights)]
    return math.sqrt(squares[0] / squares[1])


@right("update_to_weight_ratio")
def ratio_einsum(weights, update):
    return (np.einsum("ij,ij", update, update) / np.einsum("ij,ij", weights, weights)) ** 0.5


@right("update_to_weight_ratio")
def ratio_of_traces(weights, update):
    return np.sqrt(np.trace(update @ update.T)) / np.sqrt(np.trace(weights.T @ weights))


@right("update_to_weight_ratio")
def ratio_of_singular_values(weights, update):
    sizes = [np.linalg.svd(each, compute_uv=False) for each in (update, weights)]
    return np.hypot.reduce(sizes[0]) / np.hypot.reduce(sizes[1])


@right("update_to_weight_ratio")
def ratio_of_hypotenuses(weights, update):
    return math.hypot(*update.ravel()) / math.hypot(*weights.ravel())


@right("accuracy")
def accuracy_one_hot(predicted, labels):
    classes = np.arange(1 + max(predicted.max(), labels.max()))
    hot = [np.equal.outer(each, classes).astype(float) for each in (predicted, labels)]
    return np.einsum("nc,nc", *hot) / len(labels)


@right("confusion_matrix")
def confusion_sorted(predicted, labels, *, classes):
    """How long the run of each pair is in the sorted list of pairs."""
    codes = np.sort(labels * classes + predicted)
    edges = np.searchsorted(codes, np.arange(classes * classes + 1))
    return np.diff(edges).reshape(classes, classes)


@right("recall_per_class")
def recall_of_examples(confusion):
    """The examples themselves, from the counts, and the share of right ones in each class."""
    places = np.indices(confusion.shape).reshape(2, -1)
    truth, guess = np.repeat(places, confusion.ravel(), axis=1)
    found = [
        np.mean(guess[truth == c] == c) if (truth == c).any() else np.nan
        for c in range(len(confusion))
    ]
    return np.array(found)
