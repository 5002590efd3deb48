"""Linear classifiers trained by stochastic gradient descent."""

from builtins import range
from past.builtins import xrange
import numpy as np

from cs231n.classifiers.linear_svm import svm_loss_vectorized
from cs231n.classifiers.softmax import softmax_loss_vectorized


class LinearClassifier:
    """Weights W (D, C), made when training starts."""

    def __init__(self):
        self.W = None

    def train(
        self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False
    ):
        """Train on X (N, D), y (N,); the loss of each step."""
        N, D = X.shape
        if self.W is None:
            self.W = 0.001 * np.random.randn(D, np.max(y) + 1)
        losses = []
        for step in xrange(num_iters):
            batch = np.random.choice(N, batch_size)
            loss, grad = self.loss(X[batch], y[batch], reg)
            losses.append(loss)
            self.W = self.W - learning_rate * grad
            if verbose and step % 100 == 0:
                print("step", step, "loss", losses[-1])
        return losses

    def predict(self, X):
        """Labels (N,) of X (N, D)."""
        y_pred = np.zeros(X.shape[0])
        y_pred = np.argmax(X.dot(self.W), axis=1)
        return y_pred

    def loss(self, X_batch, y_batch, reg):
        """The loss of a batch and its gradient."""
        raise NotImplementedError


class LinearSVM(LinearClassifier):
    """With the multiclass SVM loss."""

    def loss(self, X_batch, y_batch, reg):
        """The SVM loss and its gradient."""
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg)


class Softmax(LinearClassifier):
    """With the softmax loss."""

    def loss(self, X_batch, y_batch, reg):
        """The softmax loss and its gradient."""
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
