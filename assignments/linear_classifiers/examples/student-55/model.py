import numpy as np

from losses import add_bias, softmax_loss_vectorized, svm_loss_vectorized


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
