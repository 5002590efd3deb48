import numpy as np


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


def predict_labels(distances, y_train, k=1):
    num_test = distances.shape[0]
    y_pred = np.zeros(num_test, dtype=y_train.dtype)
    for i in range(num_test):
        closest = y_train[np.argsort(distances[i], kind="stable")[:k]]
        y_pred[i] = np.argmax(np.bincount(closest))
    return y_pred
