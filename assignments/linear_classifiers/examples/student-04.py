import numpy as np

f = lambda A: np.asarray(A, dtype=float)
onehot = lambda y, C: np.eye(C)[y]

l1_distances_no_loops = lambda A, B: abs(f(A)[:, None] - f(B)).sum(2)
l1_distances_one_loop = lambda A, B: np.array([abs(f(B) - a).sum(1) for a in f(A)])
l1_distances_two_loops = lambda A, B: np.array([[abs(a - b).sum() for b in f(B)] for a in f(A)])

l2_distances_no_loops = lambda A, B: np.sqrt(
    np.maximum((f(A) ** 2).sum(1)[:, None] + (f(B) ** 2).sum(1) - 2 * f(A) @ f(B).T, 0)
)
l2_distances_one_loop = lambda A, B: np.array([((f(B) - a) ** 2).sum(1) ** 0.5 for a in f(A)])
l2_distances_two_loops = lambda A, B: np.array(
    [[((a - b) ** 2).sum() ** 0.5 for b in f(B)] for a in f(A)]
)

predict_labels = lambda distances, y_train, k=1: np.array(
    [np.bincount(y_train[np.argsort(d, kind="stable")[:k]]).argmax() for d in distances]
)

linear_scores = lambda X, W, b: X @ W + b
add_bias = lambda X: np.hstack([X, np.ones((len(X), 1))])


def svm_loss_vectorized(W, X, y, reg):
    S, Y = f(X) @ W, onehot(y, W.shape[1])
    M = np.maximum(S - (S * Y).sum(1, keepdims=True) + 1, 0) * (1 - Y)
    G = (M > 0) - Y * (M > 0).sum(1, keepdims=True)
    return M.sum() / len(y) + reg * (W * W).sum(), f(X).T @ G / len(y) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    S, Y = f(X) @ W, onehot(y, W.shape[1])
    S -= S.max(1, keepdims=True)
    P = np.exp(S) / np.exp(S).sum(1, keepdims=True)
    return -(np.log(P) * Y).sum() / len(y) + reg * (W * W).sum(), f(X).T @ (P - Y) / len(y) + 2 * reg * W


def one_by_one(loss, W, X, y, reg):
    """the naive version: the vectorized one on one example at a time, then the mean"""
    parts = [loss(W, X[i : i + 1], y[i : i + 1], reg) for i in range(len(y))]
    return sum(p[0] for p in parts) / len(y), sum(p[1] for p in parts) / len(y)


svm_loss_naive = lambda W, X, y, reg: one_by_one(svm_loss_vectorized, W, X, y, reg)
softmax_loss_naive = lambda W, X, y, reg: one_by_one(softmax_loss_vectorized, W, X, y, reg)


class LinearClassifier:
    def __init__(self, loss="softmax"):
        self.W, self.f = None, {"svm": svm_loss_vectorized, "softmax": softmax_loss_vectorized}[loss]

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        X, out = add_bias(X), []
        if self.W is None:
            self.W = np.random.randn(X.shape[1], y.max() + 1) * 0.001
        for i in [np.random.randint(len(X), size=batch_size) for _ in range(num_iters)]:
            loss, dW = self.f(self.W, X[i], y[i], reg)
            self.W = self.W - learning_rate * dW
            out.append(loss)
        return out

    def predict(self, X):
        return (add_bias(X) @ self.W).argmax(1)


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
