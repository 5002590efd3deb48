# the bias is the first row of W, as w0 in the book

import numpy as np

# 1. distances


def l1_distances_two_loops(X_test, X_train):
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
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    dists = np.zeros((num_test, X_train.shape[0]))
    for i in range(num_test):
        dists[i, :] = np.sum(np.abs(X_train - X_test[i, :]), axis=1)
    return dists


def l1_distances_no_loops(X_test, X_train):
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    return np.sum(np.abs(X_test[:, np.newaxis, :] - X_train[np.newaxis, :, :]), axis=2)


def l2_distances_two_loops(X_test, X_train):
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
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    num_test = X_test.shape[0]
    dists = np.zeros((num_test, X_train.shape[0]))
    for i in range(num_test):
        dists[i, :] = np.sqrt(np.sum((X_train - X_test[i, :]) ** 2, axis=1))
    return dists


def l2_distances_no_loops(X_test, X_train):
    X_test = X_test.astype(np.float64)
    X_train = X_train.astype(np.float64)
    test_sq = np.sum(X_test**2, axis=1, keepdims=True)
    train_sq = np.sum(X_train**2, axis=1)
    sq = test_sq - 2 * X_test.dot(X_train.T) + train_sq
    sq[sq < 0] = 0
    return np.sqrt(sq)


# 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    num_test = distances.shape[0]
    y_pred = np.zeros(num_test, dtype=y_train.dtype)
    for i in range(num_test):
        closest = y_train[np.argsort(distances[i], kind="stable")[:k]]
        y_pred[i] = np.argmax(np.bincount(closest))
    return y_pred


# 3. linear scores


def linear_scores(X, W, b):
    return X.dot(W) + b


def add_bias(X):
    return np.hstack((np.ones((X.shape[0], 1)), X))


# 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
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


# 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
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
