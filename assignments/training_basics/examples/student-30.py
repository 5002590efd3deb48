"""Before and during training: activations, initialization, preprocessing, babysitting, search.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed.

No function may change its arguments. Answers may be Python numbers or numpy's. Where a function
takes a `seed`, draw all random numbers from `np.random.default_rng(seed)`: the same seed gives
the same answer.
"""

import numpy as np
from scipy.special import expit

# ---------------------------------------------------------------- 1. activations
# x and dout have any one shape, and so have the answers. `dout` is the gradient of the loss with
# respect to the output; a backward pass returns the gradient with respect to x. At x = 0, where a
# rectifier has no slope, either slope is right.


def sigmoid(x):
    """Return 1 / (1 + e^-x), elementwise. Must be right for x = +-1000 too."""
    return expit(x)


def sigmoid_backward(dout, out):
    """Return the gradient of the sigmoid's input. `out` is the sigmoid's OUTPUT, not its input."""
    return dout * out * (1 - out)


def tanh(x):
    """Return the hyperbolic tangent, elementwise. Must be right for x = +-1000 too."""
    return np.tanh(x)


def tanh_backward(dout, out):
    """Return the gradient of tanh's input. `out` is tanh's OUTPUT, not its input."""
    return dout * (1 - out**2)


def relu(x):
    """Return max(0, x), elementwise."""
    return np.maximum(0, x)


def relu_backward(dout, x):
    """Return the gradient of the ReLU's input x."""
    return dout * (x > 0)


def leaky_relu(x, slope=0.01):
    """Return x where x > 0, and slope * x elsewhere; 0 <= slope < 1."""
    return np.maximum(slope * x, x)


def leaky_relu_backward(dout, x, slope=0.01):
    """Return the gradient of the leaky ReLU's input x."""
    return dout * np.where(x > 0, 1.0, slope)


def elu(x, alpha=1.0):
    """Return x where x > 0, and alpha * (e^x - 1) elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def elu_backward(dout, x, alpha=1.0):
    """Return the gradient of the ELU's input x."""
    return dout * np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0)))


def maxout(x, w, b):
    """Return the largest of K linear pieces: max over k of (x w[k] + b[k]).

    x (N, D), w (K, D, M), b (K, M). Returns (N, M).
    """
    return (x @ w + b[:, None, :]).max(axis=0)


def maxout_backward(dout, x, w, b):
    """Return dx (N, D), dw (K, D, M), db (K, M): only the largest piece gets the gradient."""
    pieces = x @ w + b[:, None, :]
    routed = dout * (np.arange(len(w))[:, None, None] == pieces.argmax(axis=0))
    return (
        (routed @ w.transpose(0, 2, 1)).sum(axis=0),
        x.T @ routed,
        routed.sum(axis=1),
    )


# ---------------------------------------------------------------- 2. initialization
# A shape is a tuple: (D, M) for an affine layer with D inputs and M outputs, used as x @ W, or
# (F, C, KH, KW) for F filters on C channels.


def fan_in(shape):
    """Return how many inputs one output sums over: D, or C * KH * KW."""
    return shape[0] if len(shape) == 2 else shape[1] * shape[2] * shape[3]


def small_weights(shape, seed, std=0.01):
    """Return normal numbers of mean 0 and standard deviation std."""
    return std * np.random.default_rng(seed).standard_normal(shape)


def xavier_weights(shape, seed):
    """Return normal numbers of mean 0 and standard deviation 1 / sqrt(fan_in), as on slide 185."""
    return np.random.default_rng(seed).standard_normal(shape) / np.sqrt(fan_in(shape))


def he_weights(shape, seed):
    """Return normal numbers of mean 0 and standard deviation sqrt(2 / fan_in), for ReLU."""
    return np.random.default_rng(seed).standard_normal(shape) * np.sqrt(2 / fan_in(shape))


def activation_statistics(x, weights, activation):
    """Mean and standard deviation of the activations of each layer.

    x (N, D); weights: a list of L matrices; activation: "tanh" or "relu". The layers have no
    biases: h_0 = x, h_l = activation(h_(l-1) W_l). Returns means, stds: two lists of L numbers,
    each over all the entries of h_l; that of x is not among them.
    """
    means, stds = [], []
    for W in weights:
        x = tanh(x @ W) if activation == "tanh" else relu(x @ W)
        means.append(float(x.mean()))
        stds.append(float(x.std()))
    return means, stds


# ---------------------------------------------------------------- 3. preprocessing
# Statistics are learned from the training set, over its examples (axis 0), and used for every set.


def mean_and_std(train):
    """Learn the mean and the standard deviation of each feature.

    train (N, ...), maybe integers. Returns mean, std, each of the shape of one example. The
    variance is divided by N. A feature that is constant in `train` gets std 1.
    """
    std = train.std(axis=0)
    return train.mean(axis=0), np.where(std == 0, 1.0, std)


def center(X, mean):
    """Return X - mean, as floats. X may hold uint8 pixels."""
    return X - mean


def standardize(X, mean, std):
    """Return (X - mean) / std, as floats."""
    return (X - mean) / std


def channel_means(images):
    """Return the mean of each channel, (C,), of images (N, C, H, W)."""
    return images.mean(axis=(0, 2, 3))


def subtract_channel_means(images, means):
    """Return images (N, C, H, W) without the means (C,) of their channels."""
    return images - means[:, None, None]


def principal_components(train):
    """Learn the directions of largest variance of train (N, D).

    Returns mean (D,), U (D, D), variances (D,): the columns of U are the unit eigenvectors of the
    covariance Xc^T Xc / N, where Xc = train - mean, and `variances` are their eigenvalues, the
    largest first. The signs of the columns do not matter.
    """
    mean = train.mean(axis=0)
    variances, U = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
    return mean, U[:, ::-1], variances[::-1]


def decorrelate(X, mean, U):
    """Return (X - mean) U: the components, whose covariance is diagonal."""
    return (X - mean) @ U


def whiten(X, mean, U, variances, eps=1e-5):
    """Return the components, each divided by sqrt(variance + eps)."""
    return (X - mean) @ U / np.sqrt(variances + eps)


def zca_whiten(X, mean, U, variances, eps=1e-5):
    """Return the whitened data, turned back to the directions of the features: times U^T."""
    return whiten(X, mean, U, variances, eps) @ U.T


# ---------------------------------------------------------------- 4. watching the training


def first_loss(loss, classes):
    """Return the loss to expect before training, when all scores are about equal.

    loss: "softmax" (cross-entropy, natural logarithm) or "svm" (margin 1); no regularization.
    """
    return np.log(classes) if loss == "softmax" else classes - 1.0


def update_ratio(W, dW, learning_rate):
    """Return the norm of the update, learning_rate * dW, over the norm of W (about 1e-3 is good).

    The norm is the root of the sum of all squares. W has any shape.
    """
    return learning_rate * np.linalg.norm(np.ravel(dW)) / np.linalg.norm(np.ravel(W))


def diverged(losses):
    """Return True if any loss is NaN, infinite, or above 3 times the first loss, else False."""
    losses = np.asarray(losses, dtype=float)
    return bool(~np.isfinite(losses).all() or (losses > 3 * losses[0]).any())


def can_overfit(losses, accuracies, largest_loss=0.1):
    """Say whether a training on very few examples has learned them by heart.

    losses, accuracies: of the epochs, on the few training examples. True if at the end, in the
    last epoch, the accuracy is 1 and the loss at most largest_loss, else False.
    """
    return bool(accuracies[-1] == 1 and losses[-1] <= largest_loss)


def judge_learning_rate(losses):
    """Return "too high", "too low" or "good".

    "too high" where the losses diverged, as above. Else "too low" where the last loss is above
    0.99 times the first: it has hardly moved. Else "good".
    """
    if diverged(losses):
        return "too high"
    return "too low" if losses[-1] > 0.99 * losses[0] else "good"


# ---------------------------------------------------------------- 5. search and early stopping


def log_uniform(low_exponent, high_exponent, count, seed):
    """Return `count` numbers 10^u, where u is uniform between the two exponents. Shape (count,)."""
    return 10 ** np.random.default_rng(seed).uniform(low_exponent, high_exponent, count)


def narrowed_range(accuracies, values, best):
    """Return low, high: the smallest and the largest value among the `best` most accurate runs.

    accuracies, values: two lists of one length, a run each; accuracies are those on the validation
    set, and no two of them are equal.
    """
    chosen = np.asarray(values)[np.argsort(accuracies)[::-1][:best]]
    return float(chosen.min()), float(chosen.max())


def at_edge(value, low, high):
    """Say whether a value lies in the lowest or the highest tenth of the range low to high.

    The range is measured by the logarithm, as it was searched: from 1e-4 to 1e-2 the middle is
    1e-3. True or False. Where the best run lies there, better ones may lie outside.
    """
    place = np.log(value / low) / np.log(high / low)
    return bool(place < 0.1 or place > 0.9)


def early_stopping(losses, patience, min_delta=0.0):
    """Return best_epoch, stop_epoch, counted from 0, for the validation losses of the epochs.

    An epoch improves if its loss is below the best loss so far minus min_delta; the first epoch
    always does. best_epoch: the last one that improved. Training stops behind the epoch that is
    the `patience`-th in a row without an improvement: stop_epoch is that one, or the last epoch if
    it never comes.
    """
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


# ---------------------------------------------------------------- 6. evaluation


def accuracy(predicted, labels):
    """Return the share of right predictions, from 0 to 1. (N,) each, or labels a column (N, 1)."""
    return float(np.mean(np.ravel(predicted) == np.ravel(labels)))


def confusion_matrix(predicted, labels, classes):
    """Return the counts, (classes, classes): row = true class, column = predicted class."""
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (labels, predicted), 1)
    return matrix


def recall_per_class(confusion):
    """Return, for each true class, the share of its examples that was found, (C,).

    confusion: as above; every class has examples.
    """
    return np.diag(confusion) / confusion.sum(axis=1)


def split_indices(examples, validation, test, seed):
    """Shuffle the indices 0 .. examples - 1 and divide them into three sets.

    validation, test: how many examples these sets get. Returns train, validation, test: three
    arrays of indices; each index stands in one of them, once.
    """
    order = np.random.default_rng(seed).permutation(examples)
    held = validation + test
    return order[held:], order[:validation], order[validation:held]


def k_fold(examples, folds, seed):
    """Shuffle the indices 0 .. examples - 1 and divide them into folds for cross-validation.

    Returns a list of `folds` pairs (train, validation) of index arrays. Each index is in the
    validation part of one pair; in every pair the train part holds all the others. The sizes of
    the validation parts differ by at most one.
    """
    parts = np.array_split(np.random.default_rng(seed).permutation(examples), folds)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(folds)]
