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
