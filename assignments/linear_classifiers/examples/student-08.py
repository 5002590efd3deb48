"""I use float32 everywhere because it is twice as fast."""

import numpy as np

# 1. distances


def l1_distances_two_loops(X_test, X_train):
    X_test = X_test.astype(np.float32)
    X_train = X_train.astype(np.float32)
    dists = np.zeros((len(X_test), len(X_train)), dtype=np.float32)
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            dists[i, j] = np.abs(X_test[i] - X_train[j]).sum()
    return dists


def l1_distances_one_loop(X_test, X_train):
    X_test = X_test.astype(np.float32)
    X_train = X_train.astype(np.float32)
    dists = np.zeros((len(X_test), len(X_train)), dtype=np.float32)
    for i in range(len(X_test)):
        dists[i] = np.abs(X_train - X_test[i]).sum(axis=1)
    return dists


def l1_distances_no_loops(X_test, X_train):
    a = X_test.astype(np.float32)[:, None, :]
    b = X_train.astype(np.float32)[None, :, :]
    return np.abs(a - b).sum(axis=2)


def l2_distances_two_loops(X_test, X_train):
    X_test = X_test.astype(np.float32)
    X_train = X_train.astype(np.float32)
    dists = np.zeros((len(X_test), len(X_train)), dtype=np.float32)
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            dists[i, j] = np.sqrt(((X_test[i] - X_train[j]) ** 2).sum())
    return dists


def l2_distances_one_loop(X_test, X_train):
    X_test = X_test.astype(np.float32)
    X_train = X_train.astype(np.float32)
    dists = np.zeros((len(X_test), len(X_train)), dtype=np.float32)
    for i in range(len(X_test)):
        dists[i] = np.sqrt(((X_train - X_test[i]) ** 2).sum(axis=1))
    return dists


def l2_distances_no_loops(X_test, X_train):
    a = X_test.astype(np.float32)
    b = X_train.astype(np.float32)
    sq = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T
    return np.sqrt(np.maximum(sq, 0))


# 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    nearest = y_train[np.argsort(distances, axis=1, kind="stable")[:, :k]]
    votes = (nearest[:, :, None] == np.arange(y_train.max() + 1)).sum(axis=1)
    return votes.argmax(axis=1)


# 3. linear scores


def linear_scores(X, W, b):
    return (X.astype(np.float32) @ W.astype(np.float32)) + b.astype(np.float32)


def add_bias(X):
    return np.hstack([X, np.ones((len(X), 1))]).astype(np.float32)


# 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
    W32 = W.astype(np.float32)
    X32 = X.astype(np.float32)
    loss = np.float32(0)
    dW = np.zeros(W.shape, dtype=np.float32)
    for i in range(len(X32)):
        scores = X32[i] @ W32
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X32[i]
                dW[:, y[i]] -= X32[i]
    loss = loss / len(X32) + reg * np.sum(W32 * W32)
    dW = dW / len(X32) + 2 * reg * W32
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    X32, W32 = X.astype(np.float32), W.astype(np.float32)
    N = len(X32)
    scores = X32 @ W32
    margins = np.maximum(0, scores - scores[np.arange(N), y, None] + 1)
    margins[np.arange(N), y] = 0
    grad = (margins > 0).astype(np.float32)
    grad[np.arange(N), y] = -grad.sum(axis=1)
    return margins.sum() / N + reg * (W32 * W32).sum(), X32.T @ grad / N + 2 * reg * W32


# 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
    W32 = W.astype(np.float32)
    X32 = X.astype(np.float32)
    loss = np.float32(0)
    dW = np.zeros(W.shape, dtype=np.float32)
    for i in range(len(X32)):
        s = X32[i] @ W32
        s -= s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss += np.log(np.exp(s).sum()) - s[y[i]]
        p[y[i]] -= 1
        dW += np.outer(X32[i], p)
    return loss / len(X32) + reg * np.sum(W32 * W32), dW / len(X32) + 2 * reg * W32


def softmax_loss_vectorized(W, X, y, reg):
    X32, W32 = X.astype(np.float32), W.astype(np.float32)
    N = len(X32)
    s = X32 @ W32
    s -= s.max(axis=1, keepdims=True)
    e = np.exp(s)
    z = e.sum(axis=1)
    loss = np.mean(np.log(z) - s[np.arange(N), y]) + reg * (W32 * W32).sum()
    p = e / z[:, None]
    p[np.arange(N), y] -= 1
    return loss, X32.T @ p / N + 2 * reg * W32


# 6. training


class LinearClassifier:

    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        X = add_bias(X)
        num_train, dim = X.shape
        if self.W is None:
            num_classes = np.max(y) + 1
            self.W = (0.001 * np.random.randn(dim, num_classes)).astype(np.float32)
        loss_history = []
        for it in range(num_iters):
            indices = np.random.choice(num_train, batch_size)
            X_batch = X[indices]
            y_batch = y[indices]
            if self.loss == "svm":
                loss, grad = svm_loss_vectorized(self.W, X_batch, y_batch, reg)
            else:
                loss, grad = softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
            loss_history.append(loss)
            self.W = self.W - learning_rate * grad
        return loss_history

    def predict(self, X):
        scores = add_bias(X).dot(self.W)
        return np.argmax(scores, axis=1)
