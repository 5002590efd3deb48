"""ÊãÑíä Çæá: ÏÓÊå ÈäÏí ÎØí"""

import numpy as np

# ---------------------------------------------------------------- 1. distances


def l1_distances_two_loops(X_test, X_train):
    """L1 (Manhattan) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sum over p of |X_test[i, p] - X_train[j, p]|.
    """
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    num_train = X_train.shape[0]
    dists = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            dists[i, j] = np.sum(np.abs(X_test[i] - X_train[j]))
    return dists


def l1_distances_one_loop(X_test, X_train):
    """L1 distances (M, N) with one loop, over the rows of X_test."""
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    dists = np.zeros((num_test, X_train.shape[0]))
    for i in range(num_test):
        dists[i, :] = np.sum(np.abs(X_train - X_test[i, :]), axis=1)
    return dists


def l1_distances_no_loops(X_test, X_train):
    """L1 distances (M, N) without a Python loop (broadcasting)."""
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    return np.sum(np.abs(X_test[:, np.newaxis, :] - X_train[np.newaxis, :, :]), axis=2)


def l2_distances_two_loops(X_test, X_train):
    """L2 (Euclidean) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sqrt(sum over p of (X_test[i, p] - X_train[j, p])**2).
    """
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    num_train = X_train.shape[0]
    dists = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            dists[i, j] = np.sqrt(np.sum((X_test[i] - X_train[j]) ** 2))
    return dists


def l2_distances_one_loop(X_test, X_train):
    """L2 distances (M, N) with one loop, over the rows of X_test."""
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    dists = np.zeros((num_test, X_train.shape[0]))
    for i in range(num_test):
        dists[i, :] = np.sqrt(np.sum((X_train - X_test[i, :]) ** 2, axis=1))
    return dists


def l2_distances_no_loops(X_test, X_train):
    """L2 distances (M, N) without a Python loop and without an array of shape (M, N, D).

    Hint: |a - b|^2 = |a|^2 - 2 a.b + |b|^2, and all a.b together are one matrix product.
    """
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    test_sq = np.sum(X_test**2, axis=1, keepdims=True)
    train_sq = np.sum(X_train**2, axis=1)
    sq = test_sq - 2 * X_test.dot(X_train.T) + train_sq
    sq[sq < 0] = 0
    return np.sqrt(sq)


# ---------------------------------------------------------------- 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    """Labels (M,) by the vote of the k nearest training points.

    distances (M, N), y_train (N,) -> integers (M,). Of equal distances the training point with
    the smaller index is nearer; of labels with equally many votes the smallest wins.
    """
    num_test = distances.shape[0]
    y_pred = np.zeros(num_test, dtype=y_train.dtype)
    for i in range(num_test):
        closest = y_train[np.argsort(distances[i], kind="stable")[:k]]
        y_pred[i] = np.argmax(np.bincount(closest))
    return y_pred


# ---------------------------------------------------------------- 3. linear scores


def linear_scores(X, W, b):
    """Scores (N, C) of a linear classifier: X W + b, for X (N, D), W (D, C), b (C,)."""
    return X.dot(W) + b


def add_bias(X):
    """The bias trick: X (N, D) -> floats (N, D + 1), a column of ones after the last column."""
    return np.hstack((X, np.ones((X.shape[0], 1))))


# ---------------------------------------------------------------- 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
    """Multiclass SVM loss and its gradient, with loops.

    loss = 1/N sum_i sum_{j != y_i} max(0, s_ij - s_iy_i + 1) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW): a number and an array (D, C).
    """
    X = X.astype(np.float64)
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """Same as `svm_loss_naive`, without a Python loop over examples or classes."""
    X = X.astype(np.float64)
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)

    mask = np.zeros(margins.shape)
    mask[margins > 0] = 1
    mask[np.arange(num_train), y] = -np.sum(mask, axis=1)
    dW = X.T.dot(mask) / num_train + 2 * reg * W
    return loss, dW


# ---------------------------------------------------------------- 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
    """Softmax (cross-entropy) loss and its gradient, with loops.

    loss = 1/N sum_i -ln(exp(s_iy_i) / sum_j exp(s_ij)) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW). Large scores must not overflow.
    """
    X = X.astype(np.float64)
    loss = 0.0
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    num_classes = W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        exp_scores = np.exp(scores)
        probs = exp_scores / np.sum(exp_scores)
        loss += -np.log(probs[y[i]])
        for j in range(num_classes):
            if j == y[i]:
                dW[:, j] += (probs[j] - 1) * X[i]
            else:
                dW[:, j] += probs[j] * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """Same as `softmax_loss_naive`, without a Python loop over examples or classes."""
    X = X.astype(np.float64)
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(num_train), y])) / num_train + reg * np.sum(W * W)

    dscores = probs.copy()
    dscores[np.arange(num_train), y] -= 1
    dW = X.T.dot(dscores) / num_train + 2 * reg * W
    return loss, dW


# ---------------------------------------------------------------- 6. training


class LinearClassifier:
    """A linear classifier trained by mini-batch gradient descent.

    loss is "svm" or "softmax". `W` is None at first, then (D + 1, C); its last row is the bias.
    """

    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        """Take `num_iters` steps W <- W - learning_rate * dW and return the list of losses.

        X (N, D) without the bias column, y (N,). Each step draws `batch_size` examples at random
        and uses their loss and gradient. Where `W` is None it starts with small random numbers
        (about 0.001); otherwise training goes on from `W`.
        """
        X = add_bias(X)
        num_train, dim = X.shape
        if self.W is None:
            num_classes = np.max(y) + 1
            self.W = 0.001 * np.random.randn(dim, num_classes)
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
        """Predicted labels, integers (N,), for X (N, D): the class with the highest score."""
        scores = add_bias(X).dot(self.W)
        return np.argmax(scores, axis=1)


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
