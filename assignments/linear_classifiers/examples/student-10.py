# تمرین اول - دسته‌بندی خطی
# همه‌ی تابع‌ها را با مثال‌های اسلایدها امتحان کردم.
import numpy as np


# ---------- تابع‌های کمکی


def be_ashari(X):
    # تصویرها uint8 هستند و تفریق آن‌ها درست کار نمی‌کند
    return np.array(X).astype(np.float64)


def hame_ja(tabe, X_test, X_train):
    # فاصله‌ی هر سطر با هر سطر
    natije = []
    for a in be_ashari(X_test):
        satr = []
        for b in be_ashari(X_train):
            satr.append(tabe(a, b))
        natije.append(satr)
    return np.array(natije)


def tanzim(W, reg):
    # مقدار و گرادیان جمله‌ی تنظیم وزن‌ها
    return reg * np.sum(W * W), 2 * reg * W


# ---------- فاصله‌ها


def l1_distances_two_loops(X_test, X_train):
    return hame_ja(lambda a, b: np.sum(np.abs(a - b)), X_test, X_train)


def l1_distances_one_loop(X_test, X_train):
    X_train = be_ashari(X_train)
    satrha = []
    for a in be_ashari(X_test):
        satrha.append(np.sum(np.abs(X_train - a), axis=1))
    return np.array(satrha)


def l1_distances_no_loops(X_test, X_train):
    A = be_ashari(X_test)
    B = be_ashari(X_train)
    return np.sum(np.abs(A[:, None, :] - B), axis=2)


def l2_distances_two_loops(X_test, X_train):
    return hame_ja(lambda a, b: np.sqrt(np.sum((a - b) ** 2)), X_test, X_train)


def l2_distances_one_loop(X_test, X_train):
    X_train = be_ashari(X_train)
    satrha = []
    for a in be_ashari(X_test):
        satrha.append(np.sqrt(np.sum((X_train - a) ** 2, axis=1)))
    return np.array(satrha)


def l2_distances_no_loops(X_test, X_train):
    A = be_ashari(X_test)
    B = be_ashari(X_train)
    # a^2 - 2ab + b^2
    tavan2 = np.sum(A**2, axis=1)[:, None] - 2 * np.dot(A, B.T) + np.sum(B**2, axis=1)
    tavan2[tavan2 < 0] = 0
    return np.sqrt(tavan2)


# ---------- نزدیک‌ترین همسایه


def predict_labels(distances, y_train, k=1):
    pishbini = []
    for fasele in distances:
        nazdik = np.argsort(fasele, kind="stable")[:k]
        ray = np.bincount(y_train[nazdik])
        pishbini.append(np.argmax(ray))
    return pishbini


# ---------- امتیازها


def linear_scores(X, W, b):
    return np.dot(X, W) + b


def add_bias(X):
    yek = np.ones((X.shape[0], 1))
    return np.concatenate([X, yek], axis=1)


# ---------- توابع هزینه


def svm_loss_naive(W, X, y, reg):
    X = be_ashari(X)
    N = len(X)
    hazine = 0
    dW = np.zeros(W.shape)
    for i in range(N):
        s = np.dot(X[i], W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue  # کلاس درست در مجموع نیست
            hashie = s[j] - s[y[i]] + 1
            if hashie > 0:
                hazine += hashie
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    R, dR = tanzim(W, reg)
    return hazine / N + R, dW / N + dR


def svm_loss_vectorized(W, X, y, reg):
    X = be_ashari(X)
    N = len(X)
    S = np.dot(X, W)
    dorost = S[np.arange(N), y].reshape(N, 1)
    H = np.maximum(0, S - dorost + 1)
    H[np.arange(N), y] = 0
    dS = np.where(H > 0, 1.0, 0.0)
    dS[np.arange(N), y] = -np.sum(dS, axis=1)
    R, dR = tanzim(W, reg)
    return np.sum(H) / N + R, np.dot(X.T, dS) / N + dR


def softmax(S):
    S = S - np.max(S, axis=1, keepdims=True)
    E = np.exp(S)
    return E / np.sum(E, axis=1, keepdims=True)


def softmax_loss_naive(W, X, y, reg):
    X = be_ashari(X)
    N = len(X)
    hazine = 0
    dW = np.zeros(W.shape)
    for i in range(N):
        P = softmax(np.dot(X[i : i + 1], W))[0]
        hazine -= np.log(P[y[i]])
        for j in range(W.shape[1]):
            dW[:, j] += (P[j] - (1 if j == y[i] else 0)) * X[i]
    R, dR = tanzim(W, reg)
    return hazine / N + R, dW / N + dR


def softmax_loss_vectorized(W, X, y, reg):
    X = be_ashari(X)
    N = len(X)
    P = softmax(np.dot(X, W))
    hazine = -np.mean(np.log(P[np.arange(N), y]))
    P[np.arange(N), y] -= 1
    R, dR = tanzim(W, reg)
    return hazine + R, np.dot(X.T, P) / N + dR


# ---------- آموزش


class LinearClassifier:
    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        X = add_bias(X)
        if self.W is None:
            self.W = np.random.randn(X.shape[1], np.max(y) + 1) * 0.001
        hazineha = []
        for _ in range(num_iters):
            dasteh = np.random.choice(len(X), batch_size)
            if self.loss == "svm":
                hazine, dW = svm_loss_vectorized(self.W, X[dasteh], y[dasteh], reg)
            else:
                hazine, dW = softmax_loss_vectorized(self.W, X[dasteh], y[dasteh], reg)
            hazineha.append(hazine)
            self.W = self.W - learning_rate * dW
        return hazineha

    def predict(self, X):
        return list(np.argmax(np.dot(add_bias(X), self.W), axis=1))


# 7. search


def k_fold_indices(count, num_folds):
    validation = np.array_split(range(count), num_folds)
    return [(np.setdiff1d(np.arange(count), part), part) for part in validation]


def cross_validate_k(X, y, k_choices, num_folds):
    def accuracy(tr, va, k):
        return (predict_labels(l2_distances_no_loops(X[va], X[tr]), y[tr], k=k) == y[va]).mean()

    folds = k_fold_indices(len(y), num_folds)
    return {k: np.array([accuracy(tr, va, k) for tr, va in folds]) for k in k_choices}


def best_choice(accuracies):
    return min(accuracies, key=lambda c: (-np.mean(accuracies[c]), c))


def train_linear_classifier(X, y, learning_rate, reg):
    classifier = LinearClassifier()
    classifier.train(X, y, learning_rate, reg, num_iters=100, batch_size=50)
    return classifier.predict


def search_settings(data, learning_rates, regs, train=None):
    train = train or train_linear_classifier
    results = []
    for lr in learning_rates:
        for reg in regs:
            predict = train(data["X_train"], data["y_train"], lr, reg)
            results.append((-np.mean(predict(data["X_val"]) == data["y_val"]), lr, reg, predict))
    accuracy, lr, reg, predict = min(results, key=lambda result: result[:3])
    return lr, reg, -accuracy, np.mean(predict(data["X_test"]) == data["y_test"])
