"""Losses of a linear classifier, and the classifier."""

import numpy as np
import torch

from right_versions import losses
from right_versions.registry import enter, right

SCORES = {
    "einsum": lambda X, W: np.einsum("nd,dc->nc", X, W),
    "outer": lambda X, W: sum(np.outer(x, w) for x, w in zip(X.T, W, strict=True)),
    "loops": lambda X, W: np.array([[sum(x * w) for w in W.T] for x in X]),
    "transposed": lambda X, W: (W.T @ X.T).T,
}
PRODUCTS = {
    "einsum": lambda X, dS: np.einsum("nd,nc->dc", X, dS),
    "outer": lambda X, dS: sum(np.outer(x, d) for x, d in zip(X, dS, strict=True)),
    "loops": lambda X, dS: np.array([[sum(x * d) for d in dS.T] for x in X.T]),
    "transposed": lambda X, dS: (dS.T @ X).T,
}
DATA = {
    "svm_loss": {
        "einsum": losses.hinge_one_hot,
        "outer": losses.hinge_pairs,
        "loops": losses.hinge_loops,
        "transposed": losses.hinge_counting_zero,
    },
    "softmax_loss": {
        "einsum": losses.cross_entropy_one_hot,
        "outer": losses.cross_entropy_differences,
        "loops": losses.cross_entropy_loops,
        "transposed": losses.cross_entropy_take,
    },
}


def penalty_of(W, strength, penalty):
    """Value and gradient, by the name."""
    square = {"l1": 0.0, "l2": 1.0, "half_l2": 0.5, "elastic_net": 1.0}[penalty]
    size = float(penalty in ("l1", "elastic_net"))
    value = square * np.linalg.norm(W) ** 2 + size * np.linalg.norm(W.ravel(), 1)
    return strength * value, strength * (2 * square * W + size * np.sign(W))


def composed(data_loss, scores_of, product_of):
    def version(W, X, labels, *, strength=0.0, penalty="l2", **options):
        loss, dS = data_loss(scores_of(X, W), labels, **options)
        value, gradient = penalty_of(W, strength, penalty)
        return loss + value, product_of(X, dS) + gradient

    return version


for component, ways in DATA.items():
    for way, of_scores in ways.items():
        enter(component, f"{component}_{way}", composed(of_scores, SCORES[way], PRODUCTS[way]))


def torch_penalty(W, strength, penalty):
    square = {"l1": 0.0, "l2": 1.0, "half_l2": 0.5, "elastic_net": 1.0}[penalty]
    size = float(penalty in ("l1", "elastic_net"))
    return strength * (square * (W * W).sum() + size * W.abs().sum())


@right("svm_loss")
def svm_loss_torch(W, X, labels, *, strength=0.0, penalty="l2", delta=1.0, squared=False):
    w, x, y = torch.tensor(W, requires_grad=True), torch.tensor(X), torch.tensor(labels)
    scores = x @ w
    margins = torch.clamp(scores - scores[range(len(y)), y][:, None] + delta, min=0)
    margins = margins.masked_fill(torch.nn.functional.one_hot(y, w.shape[1]).bool(), 0.0)
    loss = (margins**2 if squared else margins).sum(1).mean() + torch_penalty(w, strength, penalty)
    loss.backward()
    return loss.item(), w.grad.numpy()


@right("softmax_loss")
def softmax_loss_torch(W, X, labels, *, strength=0.0, penalty="l2"):
    w, x, y = torch.tensor(W, requires_grad=True), torch.tensor(X), torch.tensor(labels)
    loss = torch.nn.functional.cross_entropy(x @ w, y) + torch_penalty(w, strength, penalty)
    loss.backward()
    return loss.item(), w.grad.numpy()


class SVM:
    """The linear SVM in the course's interface; subclasses say how it computes."""

    def __init__(self, *, strength=0.0, penalty="l2", delta=1.0, squared=False):
        if strength < 0 or delta < 0:
            raise ValueError("must not be negative")
        self.settings = (strength, penalty)
        self.hinge = {"delta": delta, "squared": squared}

    def set_parameters(self, weights, bias):
        self.weights, self.bias = np.array(weights), np.array(bias)

    def predict(self, X):
        return np.argmax(self.scores(X), axis=1)

    def loss(self, X, labels):
        return self.of_scores(self.scores(X), X, labels)

    def train(self, X, labels, *, learning_rate, steps, rng, batch_size=256, scale=1e-4):
        self.set_parameters(
            scale * rng.standard_normal((X.shape[1], labels.max() + 1)), np.zeros(labels.max() + 1)
        )
        losses_seen = []
        while len(losses_seen) < steps:
            rows = rng.choice(len(X), batch_size, replace=False, shuffle=False)
            scores = self.scores(X[rows])
            if not np.all(np.isfinite(scores)):
                return [*losses_seen, float("nan")]
            loss, dW, db = self.of_scores(scores, X[rows], labels[rows])
            losses_seen.append(loss)
            self.set_parameters(self.weights - learning_rate * dW, self.bias - learning_rate * db)
            if np.isnan(loss):
                break
        return losses_seen


def svm(way):
    class Version(SVM):
        def scores(self, X):
            return SCORES[way](X, self.weights) + self.bias

        def of_scores(self, scores, X, labels):
            loss, dS = DATA["svm_loss"][way](scores, labels, **self.hinge)
            value, gradient = penalty_of(self.weights, *self.settings)
            return loss + value, PRODUCTS[way](X, dS) + gradient, np.einsum("nc->c", dS)

    return Version


for way in SCORES:
    enter("LinearSVM", f"LinearSVM_{way}", svm(way))


@right("LinearSVM")
class BiasTrickSVM(SVM):
    """The bias is the last row of one matrix."""

    def scores(self, X):
        return np.c_[X, np.ones(len(X))] @ np.vstack([self.weights, self.bias])

    def of_scores(self, scores, X, labels):
        loss, dS = losses.hinge_counting_zero(scores, labels, **self.hinge)
        both = np.c_[X, np.ones(len(X))].T @ dS
        value, gradient = penalty_of(self.weights, *self.settings)
        return loss + value, both[:-1] + gradient, both[-1]
