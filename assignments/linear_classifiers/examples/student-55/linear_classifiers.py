import numpy as np

from distances import *
from losses import *
from model import LinearClassifier


# ---------------------------------------------------------------- 7. search


def k_fold_indices(count, num_folds):
    indices = np.arange(count)
    folds = np.array_split(indices, num_folds)
    pairs = []
    for i in range(num_folds):
        training = np.hstack([folds[j] for j in range(num_folds) if j != i])
        pairs.append((training, folds[i]))
    return pairs


def cross_validate_k(X, y, k_choices, num_folds):
    k_to_accuracies = {}
    folds = k_fold_indices(X.shape[0], num_folds)
    for k in k_choices:
        k_to_accuracies[k] = []
        for train_idx, val_idx in folds:
            dists = l2_distances_no_loops(X[val_idx], X[train_idx])
            y_pred = predict_labels(dists, y[train_idx], k)
            num_correct = np.sum(y_pred == y[val_idx])
            k_to_accuracies[k].append(float(num_correct) / len(val_idx))
    return k_to_accuracies


def best_choice(accuracies):
    choices = sorted(accuracies.keys())
    means = [np.mean(accuracies[c]) for c in choices]
    return choices[int(np.argmax(means))]


def train_linear_classifier(X, y, learning_rate, reg):
    classifier = LinearClassifier()
    classifier.train(X, y, learning_rate, reg, num_iters=100, batch_size=50)
    return classifier.predict


def search_settings(data, learning_rates, regs, train=train_linear_classifier):
    results, predictors = {}, {}
    for lr in learning_rates:
        for reg in regs:
            predictors[lr, reg] = train(data["X_train"], data["y_train"], lr, reg)
            y_val_pred = predictors[lr, reg](data["X_val"])
            results[lr, reg] = np.mean(y_val_pred == data["y_val"])
    best_val = max(results.values())
    best_lr, best_reg = min(pair for pair in results if results[pair] == best_val)
    y_test_pred = predictors[best_lr, best_reg](data["X_test"])
    return best_lr, best_reg, best_val, np.mean(y_test_pred == data["y_test"])
