"""Votes, the kNN classifier, and its cross-validation."""

from collections import Counter

import numpy as np
import torch
from scipy import stats

from right_versions.data import folds_by_cuts
from right_versions.neighbors import DISTANCES, SMALLEST, of_floats
from right_versions.registry import enter, right


@right("majority_vote")
def vote_counter(labels):
    winners = []
    for row in labels.tolist():
        counts = Counter(row)
        winners.append(min(counts, key=lambda label: (-counts[label], label)))
    return np.array(winners)


@right("majority_vote")
def vote_bincount(labels):
    low = labels.min()
    return low + np.array([np.bincount(row - low).argmax() for row in labels])


@right("majority_vote")
def vote_pairs(labels):
    """Each vote counts how many agree with it; of the best the smallest wins."""
    agreeing = (labels[:, :, None] == labels[:, None, :]).sum(2)
    best = agreeing == agreeing.max(1, keepdims=True)
    return np.where(best, labels, labels.max() + 1).min(1)


@right("majority_vote")
def vote_one_hot(labels):
    classes = np.unique(labels)
    return classes[(labels[..., None] == classes).sum(1).argmax(1)]


@right("majority_vote")
def vote_scipy(labels):
    return stats.mode(labels, axis=1).mode


@right("majority_vote")
def vote_torch(labels):
    return torch.mode(torch.tensor(labels), dim=1).values.numpy()


VOTES = (vote_counter, vote_bincount, vote_pairs, vote_one_hot, vote_scipy, vote_torch)


def classifier(distances, smallest, vote):
    class Version:
        def __init__(self, *, k=1, metric="l2", blocked=True, block_bytes=2**25):
            self.k, self.metric = k, metric

        def train(self, images, labels):
            if self.k > len(images):
                raise ValueError("k must be at most the number of training points")
            self.images, self.labels = images, labels

        def predict(self, images):
            found = smallest(of_floats(distances)(images, self.images, metric=self.metric), self.k)
            return vote(self.labels[found])

    return Version


def accuracies(distances, smallest, vote):
    """For each metric, k and fold: a classifier of its own."""
    kind = classifier(distances, smallest, vote)

    def version(images, labels, *, ks, metrics=("l1", "l2"), folds=5, rng=None):
        table, rounds = {}, folds_by_cuts(len(images), folds, rng=rng)
        for k in ks:
            for metric in metrics:
                model, scores = kind(k=k, metric=metric), []
                for fold in rounds:
                    model.train(images[fold.train], labels[fold.train])
                    guesses = model.predict(images[fold.validation])
                    scores.append(np.mean(guesses == labels[fold.validation]))
                table[metric, k] = tuple(scores)
        return (table,)

    return version


PARTS = list(zip(DISTANCES, SMALLEST, VOTES, strict=True))
for number, parts in enumerate(PARTS):
    name = parts[0].__name__
    enter("KNearestNeighbors", f"knn_{name}", classifier(*parts))
    if number < len(PARTS) - 1:
        enter("cross_validate", f"cross_validate_{name}", accuracies(*parts))


@right("cross_validate")
def cross_validate_one_matrix(images, labels, *, ks, metrics=("l1", "l2"), folds=5, rng=None):
    """All distances once; what a fold may not see is infinitely far."""
    table, rounds = {}, folds_by_cuts(len(images), folds, rng=rng)
    for metric in metrics:
        apart = DISTANCES[1](images, images, metric)
        for k in ks:
            scores = []
            for held in (fold.validation for fold in rounds):
                seen = apart[held].copy()
                seen[:, held] = np.inf
                votes = labels[np.argsort(seen, axis=1, kind="stable")[:, :k]]
                scores.append(float((vote_pairs(votes) == labels[held]).sum() / len(held)))
            table[metric, k] = tuple(scores)
    return (table,)
