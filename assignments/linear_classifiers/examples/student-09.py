"""Linear classifiers, object oriented."""

from abc import ABC, abstractmethod

import numpy as np


class Distance(ABC):
    """A distance between images; subclasses say what to do with the differences."""

    @abstractmethod
    def reduce(self, difference):
        """Distance from the differences along the last axis."""

    def two_loops(self, X_test, X_train):
        A, B = self._float(X_test, X_train)
        D = np.zeros((len(A), len(B)))
        for i, a in enumerate(A):
            for j, b in enumerate(B):
                D[i, j] = self.reduce(a - b)
        return D

    def one_loop(self, X_test, X_train):
        A, B = self._float(X_test, X_train)
        D = np.zeros((len(A), len(B)))
        for i, a in enumerate(A):
            D[i] = self.reduce(B - a)
        return D

    def no_loops(self, X_test, X_train):
        A, B = self._float(X_test, X_train)
        return self.reduce(A[:, None, :] - B[None, :, :])

    @staticmethod
    def _float(*arrays):
        return [np.array(array, dtype=np.float64) for array in arrays]


class Manhattan(Distance):
    def reduce(self, difference):
        return np.abs(difference).sum(axis=-1)


class Euclidean(Distance):
    def reduce(self, difference):
        return np.linalg.norm(difference, axis=-1)

    def no_loops(self, X_test, X_train):
        # the (M, N, D) array does not fit in memory
        A, B = self._float(X_test, X_train)
        squared = (A * A).sum(1, keepdims=True) + (B * B).sum(1) - 2 * A.dot(B.T)
        return np.sqrt(np.where(squared > 0, squared, 0))


_l1, _l2 = Manhattan(), Euclidean()
l1_distances_two_loops, l2_distances_two_loops = _l1.two_loops, _l2.two_loops
l1_distances_one_loop, l2_distances_one_loop = _l1.one_loop, _l2.one_loop
l1_distances_no_loops, l2_distances_no_loops = _l1.no_loops, _l2.no_loops


def predict_labels(distances, y_train, k=1):
    order = np.lexsort((np.broadcast_to(np.arange(len(y_train)), distances.shape), distances))
    return np.array([np.bincount(row).argmax() for row in y_train[order[:, :k]]])


def linear_scores(X, W, b):
    return np.dot(X, W) + b


def add_bias(X):
    return np.concatenate((X, np.ones_like(X[:, :1], dtype=float)), axis=1)


class Loss(ABC):
    """Mean over the examples of a loss of the scores, plus reg * sum(W * W)."""

    @abstractmethod
    def one(self, scores, label):
        """Loss of one example and its gradient with respect to the scores."""

    @abstractmethod
    def many(self, scores, labels):
        """Losses of all the examples, and the gradient with respect to the scores."""

    def naive(self, W, X, y, reg):
        X = X.astype(float)
        loss, dW = 0.0, np.zeros_like(W, dtype=float)
        for x, label in zip(X, y):
            value, slope = self.one(x @ W, label)
            loss += value
            dW += x[:, None] * slope[None, :]
        return loss / len(X) + reg * (W**2).sum(), dW / len(X) + 2 * reg * W

    def vectorized(self, W, X, y, reg):
        X = X.astype(float)
        values, slopes = self.many(X @ W, y)
        return values.mean() + reg * (W**2).sum(), X.T @ slopes / len(X) + 2 * reg * W


class Hinge(Loss):
    def one(self, scores, label):
        margins = np.maximum(scores - scores[label] + 1, 0)
        margins[label] = 0
        slope = np.sign(margins)
        slope[label] = -slope.sum()
        return margins.sum(), slope

    def many(self, scores, labels):
        i = np.arange(len(labels))
        margins = np.maximum(scores - scores[i, labels][:, None] + 1, 0)
        margins[i, labels] = 0
        slopes = np.sign(margins)
        slopes[i, labels] = -slopes.sum(axis=1)
        return margins.sum(axis=1), slopes


class CrossEntropy(Loss):
    def one(self, scores, label):
        values, slopes = self.many(scores[None, :], np.array([label]))
        return values[0], slopes[0]

    def many(self, scores, labels):
        i = np.arange(len(labels))
        shifted = scores - scores.max(axis=1, keepdims=True)
        total = np.exp(shifted).sum(axis=1, keepdims=True)
        slopes = np.exp(shifted) / total
        slopes[i, labels] -= 1
        return (np.log(total)[:, 0] - shifted[i, labels]), slopes


_svm, _softmax = Hinge(), CrossEntropy()
svm_loss_naive, svm_loss_vectorized = _svm.naive, _svm.vectorized
softmax_loss_naive, softmax_loss_vectorized = _softmax.naive, _softmax.vectorized


class BaseClassifier:
    criterion = None

    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        X = add_bias(X)
        if self.W is None:
            self.W = np.random.uniform(-1e-3, 1e-3, size=(X.shape[1], 1 + max(y)))
        return [self.step(X, y, learning_rate, reg, batch_size) for _ in range(num_iters)]

    def step(self, X, y, learning_rate, reg, batch_size):
        chosen = np.random.permutation(len(X))[:batch_size]
        loss, gradient = self.criterion.vectorized(self.W, X[chosen], y[chosen], reg)
        self.W -= learning_rate * gradient
        return loss

    def predict(self, X):
        return linear_scores(X, self.W[:-1], self.W[-1]).argmax(axis=1)


class LinearSVM(BaseClassifier):
    criterion = _svm


class Softmax(BaseClassifier):
    criterion = _softmax


def LinearClassifier(loss="softmax"):
    return {"svm": LinearSVM, "softmax": Softmax}[loss]()


# 7. search


def k_fold_indices(count, num_folds):
    sizes = [count // num_folds + (i < count % num_folds) for i in range(num_folds)]
    folds, first = [], 0
    for size in sizes:
        validation = list(range(first, first + size))
        training = [i for i in range(count) if i < first or i >= first + size]
        folds.append((training, validation))
        first += size
    return folds


def cross_validate_k(X, y, k_choices, num_folds):
    result = {}
    for k in k_choices:
        result[k] = []
        for training, validation in k_fold_indices(len(X), num_folds):
            distances = l2_distances_two_loops(X[validation], X[training])
            labels = predict_labels(distances, y[training], k)
            right = 0
            for guess, truth in zip(labels, y[validation]):
                if guess == truth:
                    right += 1
            result[k].append(right / len(validation))
    return result


def best_choice(accuracies):
    best, best_mean = None, -1
    for choice in sorted(accuracies):
        mean = sum(accuracies[choice]) / len(accuracies[choice])
        if mean > best_mean:
            best, best_mean = choice, mean
    return best


def train_linear_classifier(X, y, learning_rate, reg):
    classifier = LinearClassifier()
    classifier.train(X, y, learning_rate, reg, num_iters=100, batch_size=50)
    return classifier.predict


def accuracy_of(predict, X, y):
    labels = predict(X)
    return sum(int(labels[i] == y[i]) for i in range(len(y))) / len(y)


def search_settings(data, learning_rates, regs, train=train_linear_classifier):
    best_accuracy = -1
    for learning_rate in sorted(learning_rates):
        for reg in sorted(regs):
            predict = train(data["X_train"], data["y_train"], learning_rate, reg)
            accuracy = accuracy_of(predict, data["X_val"], data["y_val"])
            if accuracy > best_accuracy:
                best_accuracy, best_predict = accuracy, predict
                best_learning_rate, best_reg = learning_rate, reg
    test_accuracy = accuracy_of(best_predict, data["X_test"], data["y_test"])
    return best_learning_rate, best_reg, best_accuracy, test_accuracy
