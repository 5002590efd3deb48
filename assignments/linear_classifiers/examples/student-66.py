import numpy as np

# ---------------------------------------------------------------- 1. distances


def l1_distances_two_loops(X_test, X_train):
    """L1 (Manhattan) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sum over p of |X_test[i, p] - X_train[j, p]|.
    """
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            distances[i, j] = np.sum(np.abs(X_test[i] - X_train[j]))
    return distances


def l1_distances_one_loop(X_test, X_train):
    """L1 distances (M, N) with one loop, over the rows of X_test."""
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        distances[i] = np.sum(np.abs(X_train - X_test[i]), axis=1)
    return distances


def l1_distances_no_loops(X_test, X_train):
    """L1 distances (M, N) without a Python loop (broadcasting)."""
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    return np.abs(X_test[:, None, :] - X_train[None, :, :]).sum(axis=2)


def l2_distances_two_loops(X_test, X_train):
    """L2 (Euclidean) distances, one pair at a time.

    X_test (M, D), X_train (N, D), any real dtype -> array (M, N), entry [i, j] is
    sqrt(sum over p of (X_test[i, p] - X_train[j, p])**2).
    """
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            distances[i, j] = np.sqrt(np.sum((X_test[i] - X_train[j]) ** 2))
    return distances


def l2_distances_one_loop(X_test, X_train):
    """L2 distances (M, N) with one loop, over the rows of X_test."""
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        distances[i] = np.sqrt(np.sum((X_train - X_test[i]) ** 2, axis=1))
    return distances


def l2_distances_no_loops(X_test, X_train):
    """L2 distances (M, N) without a Python loop and without an array of shape (M, N, D).

    Hint: |a - b|^2 = |a|^2 - 2 a.b + |b|^2, and all a.b together are one matrix product.
    """
    X_test, X_train = X_test.astype(float), X_train.astype(float)
    squares = np.sum(X_test**2, axis=1)[:, None] + np.sum(X_train**2, axis=1)
    # Rounding can leave -1e-15 where two points coincide, and its root would be NaN.
    return np.sqrt(np.maximum(squares - 2 * X_test @ X_train.T, 0))


# ---------------------------------------------------------------- 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    """Labels (M,) by the vote of the k nearest training points.

    distances (M, N), y_train (N,) -> integers (M,). Of equal distances the training point with
    the smaller index is nearer; of labels with equally many votes the smallest wins.
    """
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return np.array([np.argmax(np.bincount(votes)) for votes in y_train[nearest]])


# ---------------------------------------------------------------- 3. linear scores


def linear_scores(X, W, b):
    """Scores (N, C) of a linear classifier: X W + b, for X (N, D), W (D, C), b (C,)."""
    return X @ W + b


def add_bias(X):
    """The bias trick: X (N, D) -> floats (N, D + 1), a column of ones after the last column."""
    return np.hstack([X, np.ones((len(X), 1))])


# ---------------------------------------------------------------- 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
    """Multiclass SVM loss and its gradient, with loops.

    loss = 1/N sum_i sum_{j != y_i} max(0, s_ij - s_iy_i + 1) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW): a number and an array (D, C).
    """
    X = X.astype(float)
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W


def svm_loss_vectorized(W, X, y, reg):
    """Same as `svm_loss_naive`, without a Python loop over examples or classes."""
    X = X.astype(float)
    rows = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    loss = margins.sum() / len(X) + reg * np.sum(W * W)
    return loss, X.T @ dscores / len(X) + 2 * reg * W


# ---------------------------------------------------------------- 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
    """Softmax (cross-entropy) loss and its gradient, with loops.

    loss = 1/N sum_i -ln(exp(s_iy_i) / sum_j exp(s_ij)) + reg * sum(W * W), s = X W.
    W (D, C), X (N, D), y (N,), reg a number -> (loss, dW). Large scores must not overflow.
    """
    X = X.astype(float)
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        scores -= scores.max()
        total = np.sum(np.exp(scores))
        loss += np.log(total) - scores[y[i]]
        for j in range(W.shape[1]):
            probability = np.exp(scores[j]) / total
            dW[:, j] += (probability - (j == y[i])) * X[i]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    """Same as `softmax_loss_naive`, without a Python loop over examples or classes."""
    X = X.astype(float)
    rows = np.arange(len(X))
    scores = X @ W
    scores -= scores.max(axis=1, keepdims=True)
    log_probabilities = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probabilities)
    dscores[rows, y] -= 1
    loss = -log_probabilities[rows, y].mean() + reg * np.sum(W * W)
    return loss, X.T @ dscores / len(X) + 2 * reg * W


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
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], np.max(y) + 1)
        loss_and_gradient = svm_loss_vectorized if self.loss == "svm" else softmax_loss_vectorized
        history = []
        for _ in range(num_iters):
            batch = np.random.choice(len(X), batch_size)
            loss, dW = loss_and_gradient(self.W, X[batch], y[batch], reg)
            history.append(loss)
            self.W = self.W - learning_rate * dW
        return history

    def predict(self, X):
        """Predicted labels, integers (N,), for X (N, D): the class with the highest score."""
        return np.argmax(add_bias(X) @ self.W, axis=1)


# ---------------------------------------------------------------- 7. search


def k_fold_indices(count, num_folds):
    indices = np.arange(count)
    folds = np.array_split(indices, num_folds)
    pairs = []
    for i in range(num_folds):
        training = np.hstack([folds[j] for j in range(num_folds) if j != i])
        pairs.append((training, folds[i]))
    return pairs


def cross_validate_k(X, y, k_choices, num_folds):
    k_to_accuracies = {}
    folds = k_fold_indices(X.shape[0], num_folds)
    for k in k_choices:
        k_to_accuracies[k] = []
        for train_idx, val_idx in folds:
            dists = l2_distances_no_loops(X[val_idx], X)
            y_pred = predict_labels(dists, y, k)
            num_correct = np.sum(y_pred == y[val_idx])
            k_to_accuracies[k].append(float(num_correct) / len(val_idx))
    return k_to_accuracies


def best_choice(accuracies):
    choices = list(accuracies.keys())
    means = [np.mean(accuracies[c]) for c in choices]
    return choices[int(np.argmax(means))]


def train_linear_classifier(X, y, learning_rate, reg):
    classifier = LinearClassifier()
    classifier.train(X, y, learning_rate, reg, num_iters=100, batch_size=50)
    return classifier.predict


def search_settings(data, learning_rates, regs, train=train_linear_classifier):
    results, predictors = {}, {}
    for lr in learning_rates:
        for reg in regs:
            predictors[lr, reg] = train(
                np.concatenate([data["X_train"], data["X_val"]]),
                np.concatenate([data["y_train"], data["y_val"]]),
                lr,
                reg,
            )
            y_val_pred = predictors[lr, reg](data["X_val"])
            results[lr, reg] = np.mean(y_val_pred == data["y_val"])
    best_val = max(results.values())
    best_lr, best_reg = min(pair for pair in results if results[pair] == best_val)
    y_test_pred = predictors[best_lr, best_reg](data["X_test"])
    return best_lr, best_reg, best_val, np.mean(y_test_pred == data["y_test"])
