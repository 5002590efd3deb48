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


# ---------------------------------------------------------------- 7. search


def k_fold_indices(count, num_folds):
    """The parts of cross-validation: `num_folds` pairs (training indices, validation indices).

    The indices 0 to count - 1 are cut into `num_folds` runs in order; where they do not come out
    even, the first count % num_folds runs have one index more (`np.array_split` cuts so). In pair
    i the i-th run is the validation part, and all the others are the training part.
    """
    parts = np.array_split(np.arange(count), num_folds)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(num_folds)]


def cross_validate_k(X, y, k_choices, num_folds):
    """Accuracies of k-nearest neighbours (L2) for each k: a dict k -> list of num_folds numbers.

    X (N, D), y (N,). The i-th number is the share of the i-th validation part of `k_fold_indices`
    that is predicted right from the training part of that pair.
    """
    accuracies = {k: [] for k in k_choices}
    for training, validation in k_fold_indices(len(X), num_folds):
        distances = l2_distances_no_loops(X[validation], X[training])
        for k in k_choices:
            predicted = predict_labels(distances, y[training], k)
            accuracies[k].append(float(np.mean(predicted == y[validation])))
    return accuracies


def best_choice(accuracies):
    """The key of the dict `accuracies` (choice -> list of accuracies) with the highest mean.

    Of choices with equal means, the smallest.
    """
    return max(sorted(accuracies), key=lambda choice: np.mean(accuracies[choice]))


def train_linear_classifier(X, y, learning_rate, reg):
    """Train a `LinearClassifier` on X and y; what is returned predicts the labels of its argument.

    This one is given: `search_settings` calls it for each pair of settings.
    """
    classifier = LinearClassifier()
    classifier.train(X, y, learning_rate, reg, num_iters=100, batch_size=50)
    return classifier.predict


def search_settings(data, learning_rates, regs, train=train_linear_classifier):
    """Try every pair of a learning rate and a regularization; choose by the validation set.

    data: a dict with the arrays "X_train", "y_train", "X_val", "y_val", "X_test" and "y_test".
    `train(X, y, learning_rate, reg)` trains on X and y and returns a function that predicts the
    labels of the rows it is given. Train on the training set alone. The best pair has the highest
    accuracy on the validation set; of equals, the one with the smallest learning rate, and then
    the one with the smallest regularization. The test set is for the very end, for the best alone.

    Returns (learning_rate, reg, validation accuracy, test accuracy) of the best pair.
    """
    best = None
    for learning_rate in sorted(learning_rates):
        for reg in sorted(regs):
            predict = train(data["X_train"], data["y_train"], learning_rate, reg)
            accuracy = float(np.mean(predict(data["X_val"]) == data["y_val"]))
            if best is None or accuracy > best[2]:
                best = (learning_rate, reg, accuracy, predict)
    learning_rate, reg, accuracy, predict = best
    test_accuracy = float(np.mean(predict(data["X_test"]) == data["y_test"]))
    return learning_rate, reg, accuracy, test_accuracy
