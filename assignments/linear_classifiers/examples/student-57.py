from collections import Counter

import numpy as np

# 1. distances


def l1_distances_two_loops(X_test, X_train):
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            # float, otherwise uint8 images wrap around
            diff = X_test[i].astype(float) - X_train[j].astype(float)
            d[i][j] = abs(diff).sum()
    return d


def l1_distances_one_loop(X_test, X_train):
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    Xtr = X_train.astype(float)
    for i in range(X_test.shape[0]):
        d[i] = abs(Xtr - X_test[i].astype(float)).sum(axis=1)
    return d


def l1_distances_no_loops(X_test, X_train):
    a = np.expand_dims(X_test.astype(float), 1)
    b = np.expand_dims(X_train.astype(float), 0)
    return abs(a - b).sum(axis=2)


def l2_distances_two_loops(X_test, X_train):
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            d[i][j] = np.linalg.norm(X_test[i].astype(float) - X_train[j].astype(float))
    return d


def l2_distances_one_loop(X_test, X_train):
    d = np.zeros((X_test.shape[0], X_train.shape[0]))
    Xtr = X_train.astype(float)
    for i in range(X_test.shape[0]):
        d[i] = np.linalg.norm(Xtr - X_test[i].astype(float), axis=1)
    return d


def l2_distances_no_loops(X_test, X_train):
    a = X_test.astype(float)
    b = X_train.astype(float)
    # (a-b)^2 = a^2 + b^2 - 2ab
    a2 = (a**2).sum(axis=1).reshape(-1, 1)
    b2 = (b**2).sum(axis=1).reshape(1, -1)
    ab = np.matmul(a, np.transpose(b))
    return np.sqrt(np.maximum(a2 + b2 - 2 * ab, 0))


# 2. k-nearest neighbours


def predict_labels(distances, y_train, k=1):
    y_pred = []
    for row in distances:
        nearest = np.argsort(row, kind="stable")[:k]
        y_pred.append(Counter(y_train[nearest].tolist()).most_common(1)[0][0])
    return np.array(y_pred)


# 3. linear scores


def linear_scores(X, W, b):
    scores = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for c in range(W.shape[1]):
            scores[i, c] = np.sum(X[i] * W[:, c]) + b[c]
    return scores


def add_bias(X):
    N, D = X.shape
    new = np.ones((N, D + 1))
    new[:, :D] = X
    return new


# 4. multiclass SVM loss


def svm_loss_naive(W, X, y, reg):
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


# 5. softmax loss


def softmax_loss_naive(W, X, y, reg):
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
    Xf = X.astype(float)
    N = Xf.shape[0]
    S = Xf @ W
    S = S - S.max(axis=1).reshape(N, 1)
    Y = np.zeros(S.shape)
    Y[range(N), y] = 1
    logp = S - np.log(np.exp(S).sum(axis=1)).reshape(N, 1)
    loss = -(Y * logp).sum() / N + reg * (W**2).sum()
    return loss, Xf.T @ (np.exp(logp) - Y) / N + 2 * reg * W


# 6. training


class LinearClassifier:

    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
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
        S = add_bias(X) @ self.W
        labels = []
        for row in S:
            labels.append(int(np.argmax(row)))
        return np.array(labels)


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
