"""kNN prediction beside scikit-learn's brute force: one thread, float32, L2, k = 5.

    PYTHONPATH=. python benchmarks/bench_neighbors.py [--rounds 5]

10,000 training points and 1,000 queries of 3,072 values. Targets: the vectorized version in at
most 1.3 times scikit-learn's time; the blocked one in at most 1.3 times the vectorized one's, and
in less than 200 MB above the data. Exits with 1 where a target is missed.
"""

# isort: off
from measuring import MEGABYTE, least_seconds, peak_extra_bytes
# isort: on

import argparse
import sys

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from reference.neighbors import KNearestNeighbors

TRAIN, QUERIES, DIM, CLASSES, K = 10_000, 1_000, 3_072, 10, 5
RATIO, BLOCKED_BYTES = 1.3, 200 * MEGABYTE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(0)
    train = rng.standard_normal((TRAIN, DIM), dtype=np.float32)
    queries = rng.standard_normal((QUERIES, DIM), dtype=np.float32)
    labels = rng.integers(0, CLASSES, TRAIN)
    models = {
        "scikit-learn brute": KNeighborsClassifier(K, algorithm="brute").fit(train, labels),
        "vectorized": KNearestNeighbors(k=K, blocked=False).train(train, labels),
        "blocked": KNearestNeighbors(k=K, blocked=True).train(train, labels),
    }
    passes = {name: lambda model=model: model.predict(queries) for name, model in models.items()}
    answers = [run() for run in passes.values()]
    if not all(np.array_equal(answer, answers[0]) for answer in answers):
        print("the predictions differ")
        return 1
    seconds = least_seconds(passes, rounds=rounds)
    peaks = {name: peak_extra_bytes(run) for name, run in passes.items()}
    print(f"{'':20}{'seconds':>9}{'peak MB':>9}")
    for name in passes:
        print(f"{name:20}{seconds[name]:9.3f}{peaks[name] / MEGABYTE:9.0f}")
    to_sklearn = seconds["vectorized"] / seconds["scikit-learn brute"]
    to_vectorized = seconds["blocked"] / seconds["vectorized"]
    print(f"vectorized / scikit-learn  {to_sklearn:.2f}  (target {RATIO})")
    print(f"blocked / vectorized       {to_vectorized:.2f}  (target {RATIO})")
    met = max(to_sklearn, to_vectorized) <= RATIO and peaks["blocked"] < BLOCKED_BYTES
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
