"""The assignment's functions as a beginner writes them: loops and lists, down to the last number.

Nothing here is written as the catalogue writes it. A mistake is an edit of these lines.
"""

import math
import random

import numpy as np


def l1_distances_two_loops(X_test, X_train):
    table = []
    for a in X_test.astype(float):
        row = []
        for b in X_train.astype(float):
            total = 0.0
            for p in range(len(a)):
                total += abs(a[p] - b[p])
            row.append(total)
        table.append(row)
    return np.array(table)


def l2_distances_two_loops(X_test, X_train):
    table = []
    for a in X_test.astype(float):
        row = []
        for b in X_train.astype(float):
            total = 0.0
            for p in range(len(a)):
                total += (a[p] - b[p]) ** 2
            row.append(math.sqrt(total))
        table.append(row)
    return np.array(table)


def predict_labels(distances, y_train, k=1):
    answers = []
    for row in distances:
        order = sorted(range(len(row)), key=lambda j: (row[j], j))
        nearest = order[:k]
        labels = [int(y_train[j]) for j in nearest]
        best = min(set(labels), key=lambda label: (-labels.count(label), label))
        answers.append(best)
    return np.array(answers)


def linear_scores(X, W, b):
    out = np.empty((len(X), W.shape[1]))
    for i in range(len(X)):
        for c in range(W.shape[1]):
            out[i, c] = sum(X[i, d] * W[d, c] for d in range(W.shape[0])) + b[c]
    return out


def add_bias(X):
    return np.array([[*row, 1.0] for row in X])


def svm_loss_naive(W, X, y, reg):
    X = X.astype(float)
    N, D, C = len(X), W.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros((D, C))
    for x, label in zip(X, y, strict=True):
        s = [sum(x[d] * W[d, c] for d in range(D)) for c in range(C)]
        violated = 0
        for c in range(C):
            if c == label:
                continue
            margin = s[c] - s[label] + 1
            if margin > 0:
                violated += 1
                loss += margin / N
                dW[:, c] += x / N
        dW[:, label] -= violated * x / N
    penalty = 0.0
    for d in range(D):
        for c in range(C):
            penalty += W[d, c] ** 2
            dW[d, c] += 2 * reg * W[d, c]
    return loss + reg * penalty, dW


def softmax_loss_naive(W, X, y, reg):
    X = X.astype(float)
    N, D, C = len(X), W.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros((D, C))
    for x, label in zip(X, y, strict=True):
        s = [sum(x[d] * W[d, c] for d in range(D)) for c in range(C)]
        top = max(s)
        e = [np.exp(value - top) for value in s]
        p = [value / sum(e) for value in e]
        loss += (math.log(sum(e)) - (s[label] - top)) / N
        for c in range(C):
            dW[:, c] += (p[c] - (c == label)) * x / N
    penalty = 0.0
    for d in range(D):
        for c in range(C):
            penalty += W[d, c] ** 2
            dW[d, c] += 2 * reg * W[d, c]
    return loss + reg * penalty, dW


svm_loss_vectorized, softmax_loss_vectorized = svm_loss_naive, softmax_loss_naive


class LinearClassifier:
    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        data = add_bias(X)
        if self.W is None:
            rows = [[random.gauss(0, 0.001) for c in range(max(y) + 1)] for d in data[0]]
            self.W = np.array(rows)
        losses = []
        for _ in range(num_iters):
            picked = [random.randrange(len(data)) for i in range(batch_size)]
            function = {"svm": svm_loss_vectorized, "softmax": softmax_loss_vectorized}[self.loss]
            value, slope = function(self.W, data[picked], y[picked], reg)
            losses.append(value)
            W = np.copy(self.W)
            W -= learning_rate * slope
            self.W = W
        return losses

    def predict(self, X):
        answers = []
        for row in add_bias(X):
            s = list(row @ self.W)
            answers.append(s.index(max(s)))
        return answers
