"""k-nearest neighbours with the L2 distance."""

from builtins import range
from past.builtins import xrange
import numpy as np


class KNearestNeighbor:
    """Remembers the training images, and votes among the nearest."""

    def train(self, X, y):
        """Remember X (N, D) and its labels y (N,)."""
        self.X_train = X
        self.y_train = y

    def predict(self, X, k=1, num_loops=0):
        """Labels of X (M, D), by the votes of the k nearest training images."""
        ways = (
            self.compute_distances_no_loops,
            self.compute_distances_one_loop,
            self.compute_distances_two_loops,
        )
        return self.predict_labels(ways[num_loops](X), k=k)

    def compute_distances_two_loops(self, X):
        """Distances (M, N) of X (M, D) to the training images, in two loops."""
        M, N = X.shape[0], self.X_train.shape[0]
        dists = np.zeros((M, N))
        for i in xrange(M):
            for j in xrange(N):
                dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))
        return dists

    def compute_distances_one_loop(self, X):
        """The same in one loop, over the images of X."""
        M, N = X.shape[0], self.X_train.shape[0]
        dists = np.zeros((M, N))
        for i in xrange(M):
            dists[i] = np.sqrt(np.sum((self.X_train - X[i]) ** 2, axis=1))
        return dists

    def compute_distances_no_loops(self, X):
        """The same without a loop."""
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        squares = np.sum(X**2, axis=1)[:, None] + np.sum(self.X_train**2, axis=1)
        dists = np.sqrt(np.maximum(squares - 2 * X.dot(self.X_train.T), 0))
        return dists

    def predict_labels(self, dists, k=1):
        """Labels (M,) from distances (M, N): the most frequent of k, the smaller one of a tie."""
        y_pred = np.zeros(dists.shape[0])
        for i in xrange(dists.shape[0]):
            closest = self.y_train[np.argsort(dists[i])[:k]]
            y_pred[i] = np.argmax(np.bincount(closest))
        return y_pred
