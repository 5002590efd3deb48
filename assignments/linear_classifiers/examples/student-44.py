"""تمرین اول"""

import numpy as np

# ---------------------------------------------------------------- 1. distances


def l1_distances_two_loops(X_test, X_train):
    """L1 (Manhattan) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sum over p of |X_test[i, p] - X_train[j, p]|.
    """
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            # float, otherwise uint8 images wrap around
            diff = X_test[i].astype(float) - X_train[j].astype(float)
            d[i][j] = abs(diff).sum()
    return d


def l1_distances_one_loop(X_test, X_train):
    """L1 distances (M, N) with one loop, over the rows of X_test."""
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    Xtr = X_train.astype(float)
    for i in range(X_test.shape[0]):
        d[i] = abs(Xtr - X_test[i].astype(float)).sum(axis=1)
    return d


def l1_distances_no_loops(X_test, X_train):
    """L1 distances (M, N) without a Python loop (broadcasting)."""
    a = np.expand_dims(X_test.astype(float), 1)
    b = np.expand_dims(X_train.astype(float), 0)
    return abs(a - b).sum(axis=2)


def l2_distances_two_loops(X_test, X_train):
    """L2 (Euclidean) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sqrt(sum over p of (X_test[i, p] - X_train[j, p])**2).
    """
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            d[i][j] = np.linalg.norm(X_test[i].astype(float) - X_train[j].astype(float))
    return d


def l2_distances_one_loop(X_test, X_train):
    """L2 distances (M, N) with one loop, over the rows of X_test."""
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    Xtr = X_train.astype(float)
    for i in range(X_test.shape[0]):
        d[i] = np.linalg.norm(Xtr - X_test[i].astype(float), axis=1)
    return d


def l2_distances_no_loops(X_test, X_train):
    """L2 distances (M, N) without a Python loop and without an array of shape (M, N, D).

    Hint: |a - b|^2 = |a|^2 - 2 a.b + |b|^2, and all a.b together are one matrix product.
    """
    a = X_test.astype(float)
    b = X_train.astype(float)
    # (a-b)^2 = a^2 + b^2 - 2ab
    a2 = (a**2).sum(axis=1).reshape(-1, 1)
    b2 = (b**2).sum(axis=1).reshape(1, -1)
    ab = np.matmul(a, np.transpose(b))
    return np.sqrt(np.maximum(a2 + b2 - 2 * ab, 0))


# ---------------------------------------------------------------- 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    """Labels (M,) by the vote of the k nearest training points.

    distances (M, N), y_train (N,) -> integers (M,). Of equal distances the training point with
    the smaller index is nearer; of labels with equally many votes the smallest wins.
    """
    y_pred = []
    for i in range(len(distances)):
        order = sorted(range(len(y_train)), key=lambda j: distances[i][j])
        votes = {}
        for j in order[:k]:
            label = int(y_train[j])
            votes[label] = votes.get(label, 0) + 1
        best = max(votes.values())
        # several labels may have the same number of votes, take the smallest one
        y_pred.append(min(label for label in votes if votes[label] == best))
    return np.array(y_pred)


# ---------------------------------------------------------------- 3. linear scores


def linear_scores(X, W, b):
    """Scores (N, C) of a linear classifier: X W + b, for X (N, D), W (D, C), b (C,)."""
    scores = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for c in range(W.shape[1]):
            scores[i, c] = np.sum(X[i] * W[:, c]) + b[c]
    return scores


def add_bias(X):
    """The bias trick: X (N, D) -> floats (N, D + 1), a column of ones after the last column."""
    N, D = X.shape
    new = np.ones((N, D + 1))
    new[:, :D] = X
    return new


# ---------------------------------------------------------------- 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
    """Multiclass SVM loss and its gradient, with loops.

    loss = 1/N sum_i sum_{j != y_i} max(0, s_ij - s_iy_i + 1) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW): a number and an array (D, C).
    """
    N, D = X.shape
    C = W.shape[1]
    loss = 0.0
    dW = np.zeros((D, C))
    for i in range(N):
        s = np.zeros(C)
        for j in range(C):
            s[j] = np.dot(X[i], W[:, j])
        count = 0
        for j in range(C):
            if j != y[i] and s[j] - s[y[i]] + 1 > 0:
                loss = loss + (s[j] - s[y[i]] + 1) / N
                dW[:, j] += X[i] / N
                count = count + 1
        dW[:, y[i]] -= count * (X[i] / N)
    for d in range(D):
        for j in range(C):
            loss = loss + reg * W[d, j] ** 2
            dW[d, j] = dW[d, j] + 2 * reg * W[d, j]
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """Same as `svm_loss_naive`, without a Python loop over examples or classes."""
    Xf = X.astype(float)
    N = Xf.shape[0]
    S = Xf @ W
    Y = np.zeros(S.shape)
    Y[range(N), y] = 1
    true_score = (S * Y).sum(axis=1, keepdims=True)
    # subtract Y so that the true class has margin 0
    M = np.maximum(0, S - true_score + 1 - Y)
    A = (M > 0) * 1.0
    G = A - Y * A.sum(axis=1, keepdims=True)
    return M.sum() / N + reg * (W**2).sum(), Xf.T @ G / N + 2 * reg * W


# ---------------------------------------------------------------- 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
    """Softmax (cross-entropy) loss and its gradient, with loops.

    loss = 1/N sum_i -ln(exp(s_iy_i) / sum_j exp(s_ij)) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW). Large scores must not overflow.
    """
    N, D = X.shape
    C = W.shape[1]
    loss = 0.0
    dW = np.zeros((D, C))
    for i in range(N):
        s = [float(np.dot(X[i], W[:, j])) for j in range(C)]
        biggest = max(s)
        e = [np.exp(v - biggest) for v in s]
        total = sum(e)
        loss = loss + np.log(total) - (s[y[i]] - biggest)
        for j in range(C):
            p = e[j] / total
            if j == y[i]:
                p = p - 1
            dW[:, j] += p * X[i]
    loss = loss / N + reg * np.sum(W**2)
    return loss, dW / N + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    """Same as `softmax_loss_naive`, without a Python loop over examples or classes."""
    Xf = X.astype(float)
    N = Xf.shape[0]
    S = Xf @ W
    S = S - S.max(axis=1).reshape(N, 1)
    Y = np.zeros(S.shape)
    Y[range(N), y] = 1
    logp = S - np.log(np.exp(S).sum(axis=1)).reshape(N, 1)
    loss = -(Y * logp).sum() / N + reg * (W**2).sum()
    return loss, Xf.T @ (np.exp(logp) - Y) / N + 2 * reg * W


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
        Xb = add_bias(X)
        if self.W is None:
            self.W = np.random.normal(0, 0.001, (Xb.shape[1], int(y.max()) + 1))
        losses = []
        for step in range(num_iters):
            idx = np.random.randint(0, len(Xb), size=batch_size)
            f = svm_loss_vectorized if self.loss == "svm" else softmax_loss_vectorized
            L, dW = f(self.W, Xb[idx], y[idx], reg)
            losses.append(L)
            self.W += -learning_rate * dW
        return losses

    def predict(self, X):
        """Predicted labels, integers (N,), for X (N, D): the class with the highest score."""
        S = add_bias(X) @ self.W
        labels = []
        for row in S:
            labels.append(int(np.argmax(row)))
        return np.array(labels)


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
