import os
import numpy as np
from ..classifiers.softmax import *


class LinearClassifier(object):
    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200,
              verbose=False):
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], y.max() + 1)
        history = []
        for it in range(num_iters):
            pick = np.random.choice(len(X), batch_size, replace=True)
            loss, grad = self.loss(X[pick], y[pick], reg)
            history.append(loss)
            self.W -= learning_rate * grad
            if verbose and it % 100 == 0:
                print(f"iteration {it}: loss {loss}")
        return history

    def predict(self, X):
        return (X @ self.W).argmax(axis=1)

    def save(self, fname):
        np.save(os.path.join(os.path.dirname(__file__), "../saved/", fname), {"W": self.W})


class LinearSVM(LinearClassifier):
    def loss(self, X_batch, y_batch, reg):
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg)


class Softmax(LinearClassifier):
    def loss(self, X_batch, y_batch, reg):
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
