import numpy as np


def sigmoid(x):
    return np.zeros_like(x)


def sigmoid_backward(dout, out):
    return np.zeros_like(dout)


def tanh(x):
    return np.zeros_like(x)


def tanh_backward(dout, out):
    return np.zeros_like(dout)


def relu(x):
    return np.zeros_like(x)


def relu_backward(dout, x):
    return np.zeros_like(dout)


def leaky_relu(x, slope=0.01):
    return np.zeros_like(x)


def leaky_relu_backward(dout, x, slope=0.01):
    return np.zeros_like(dout)


def elu(x, alpha=1.0):
    return np.zeros_like(x)


def elu_backward(dout, x, alpha=1.0):
    return np.zeros_like(dout)


def maxout(x, w, b):
    return 0


def maxout_backward(dout, x, w, b):
    return np.zeros_like(dout)


def fan_in(shape):
    return 0


def small_weights(shape, seed, std=0.01):
    return np.zeros(shape)


def xavier_weights(shape, seed):
    return np.zeros(shape)


def he_weights(shape, seed):
    return np.zeros(shape)


def activation_statistics(x, weights, activation):
    return 0


def mean_and_std(train):
    return np.zeros(train.shape[1:]), np.zeros(train.shape[1:])


def center(X, mean):
    return np.zeros(X.shape)


def standardize(X, mean, std):
    return np.zeros(X.shape)


def channel_means(images):
    return 0


def subtract_channel_means(images, means):
    return np.zeros(images.shape)


def principal_components(train):
    return 0


def decorrelate(X, mean, U):
    return np.zeros(X.shape)


def whiten(X, mean, U, variances, eps=1e-5):
    return np.zeros(X.shape)


def zca_whiten(X, mean, U, variances, eps=1e-5):
    return np.zeros(X.shape)


def first_loss(loss, classes):
    return 0


def update_ratio(W, dW, learning_rate):
    return 0


def diverged(losses):
    return False


def can_overfit(losses, accuracies, largest_loss=0.1):
    return False


def judge_learning_rate(losses):
    return "good"


def log_uniform(low_exponent, high_exponent, count, seed):
    return np.zeros(count)


def narrowed_range(accuracies, values, best):
    return 0, 0


def at_edge(value, low, high):
    return False


def early_stopping(losses, patience, min_delta=0.0):
    return 0, 0


def accuracy(predicted, labels):
    return 0


def confusion_matrix(predicted, labels, classes):
    return 0


def recall_per_class(confusion):
    return 0


def split_indices(examples, validation, test, seed):
    return np.zeros(examples - validation - test), np.zeros(validation), np.zeros(test)


def k_fold(examples, folds, seed):
    return [(np.zeros(0), np.zeros(0))] * folds

