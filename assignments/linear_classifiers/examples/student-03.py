"""Distances, kNN, SVM and softmax with einsum and broadcasting."""

import numpy as np

# 1. distances


def l1_distances_two_loops(X_test, X_train):
    rows = []
    for a in np.asarray(X_test, dtype=float):
        row = []
        for b in np.asarray(X_train, dtype=float):
            row.append(np.abs(a - b).sum())
        rows.append(row)
    return np.array(rows)


def l1_distances_one_loop(X_test, X_train):
    train = np.asarray(X_train, dtype=float)
    return np.stack([np.abs(train - a).sum(axis=-1) for a in np.asarray(X_test, dtype=float)])


def l1_distances_no_loops(X_test, X_train):
    return np.abs(np.subtract(X_test[:, None], X_train[None], dtype=float)).sum(-1)


def l2_distances_two_loops(X_test, X_train):
    rows = []
    for a in np.asarray(X_test, dtype=float):
        rows.append([np.sqrt(np.dot(a - b, a - b)) for b in np.asarray(X_train, dtype=float)])
    return np.array(rows)


def l2_distances_one_loop(X_test, X_train):
    train = np.asarray(X_train, dtype=float)
    rows = []
    for a in np.asarray(X_test, dtype=float):
        diff = train - a
        rows.append(np.sqrt(np.einsum("nd,nd->n", diff, diff)))
    return np.stack(rows)


def l2_distances_no_loops(X_test, X_train):
    a, b = np.asarray(X_test, dtype=float), np.asarray(X_train, dtype=float)
    a2, b2 = np.einsum("md,md->m", a, a), np.einsum("nd,nd->n", b, b)
    return np.sqrt(np.clip(np.add.outer(a2, b2) - 2 * a @ b.T, 0, None))


# 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    nearest = y_train[np.argsort(distances, axis=1, kind="stable")[:, :k]]
    votes = (nearest[:, :, None] == np.arange(y_train.max() + 1)).sum(axis=1)
    return votes.argmax(axis=1)


# 3. linear scores


def linear_scores(X, W, b):
    return np.einsum("nd,dc->nc", X, W) + b


def add_bias(X):
    return np.pad(X.astype(float), ((0, 0), (0, 1)), constant_values=1.0)


# 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
    losses, gradients = [], []
    for x, label in zip(np.asarray(X, dtype=float), y):
        margins = np.maximum(0, x @ W - x @ W[:, label] + 1)
        margins[label] = 0
        active = (margins > 0).astype(float)
        active[label] = -active.sum()
        losses.append(margins.sum())
        gradients.append(np.outer(x, active))
    return np.mean(losses) + reg * (W**2).sum(), np.mean(gradients, axis=0) + 2 * reg * W


def svm_loss_vectorized(W, X, y, reg):
    X, n = np.asarray(X, dtype=float), np.arange(len(y))
    margins = np.einsum("nd,dc->nc", X, W)
    margins += 1 - margins[n, y][:, None]
    margins[n, y] = 0
    active = np.where(margins > 0, 1.0, 0.0)
    active[n, y] -= active.sum(axis=1)
    loss = (margins * (margins > 0)).sum() / len(y) + reg * np.einsum("dc,dc->", W, W)
    return loss, np.einsum("nd,nc->dc", X, active) / len(y) + 2 * reg * W


# 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
    losses, gradients = [], []
    for x, label in zip(np.asarray(X, dtype=float), y):
        s = x @ W
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        losses.append(np.log(np.exp(s).sum()) - s[label])
        gradients.append(np.outer(x, p - np.eye(W.shape[1])[label]))
    return np.mean(losses) + reg * (W**2).sum(), np.mean(gradients, axis=0) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    X, n = np.asarray(X, dtype=float), np.arange(len(y))
    logits = np.einsum("nd,dc->nc", X, W)
    logits -= logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    p[n, y] -= 1
    loss = -log_p[n, y].mean() + reg * np.einsum("dc,dc->", W, W)
    return loss, np.einsum("nd,nc->dc", X, p) / len(y) + 2 * reg * W


# 6. training


class LinearClassifier:

    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        rng = np.random.default_rng(0)
        X = add_bias(X)
        if self.W is None:
            self.W = 1e-3 * rng.standard_normal((X.shape[1], len(np.unique(y))))
        loss_function = {"svm": svm_loss_vectorized, "softmax": softmax_loss_vectorized}[self.loss]
        history, order = [], rng.permutation(len(X))
        for _ in range(num_iters):
            # go through the examples in a random order, shuffle again after each epoch
            if len(order) < batch_size:
                order = np.concatenate([order, rng.permutation(len(X))])
            batch, order = order[:batch_size], order[batch_size:]
            loss, dW = loss_function(self.W, X[batch], y[batch], reg)
            history.append(float(loss))
            self.W = self.W - learning_rate * dW
        return history

    def predict(self, X):
        return (add_bias(X) @ self.W).argmax(axis=1)


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
            dists = l2_distances_no_loops(X[val_idx], X[train_idx])
            y_pred = predict_labels(dists, y[train_idx], k)
            num_correct = np.sum(y_pred == y[val_idx])
            k_to_accuracies[k].append(float(num_correct) / len(val_idx))
    return k_to_accuracies


def best_choice(accuracies):
    choices = sorted(accuracies.keys())
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
            predictors[lr, reg] = train(data["X_train"], data["y_train"], lr, reg)
            y_val_pred = predictors[lr, reg](data["X_val"])
            results[lr, reg] = np.mean(y_val_pred == data["y_val"])
    best_val = max(results.values())
    best_lr, best_reg = min(pair for pair in results if results[pair] == best_val)
    y_test_pred = predictors[best_lr, best_reg](data["X_test"])
    return best_lr, best_reg, best_val, np.mean(y_test_pred == data["y_test"])
