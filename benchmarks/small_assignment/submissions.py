"""Correct submissions of the small assignment, each written a little differently.

    python benchmarks/small_assignment/submissions.py FOLDER --count 200

Each function comes in three styles (as students write it with loops, step by step, in one breath),
under several names of its variables; a class of any size has no two equal files among its first
few thousand.
"""

from __future__ import annotations

import argparse
from pathlib import Path

SOFTMAX_LOSS = (
    """\
def softmax_loss(W, X, labels, reg):
    {z} = X @ W
    {z} = {z} - {z}.max(axis=1, keepdims=True)
    {p} = np.exp({z})
    {p} /= {p}.sum(axis=1, keepdims=True)
    rows = np.arange(len(X))
    loss = -np.log({p}[rows, labels]).mean() + reg * np.sum(W * W)
    {p}[rows, labels] -= 1
    return loss, X.T @ {p} / len(X) + 2 * reg * W
""",
    """\
def softmax_loss(W, X, labels, reg):
    loss = 0.0
    {g} = np.zeros_like(W)
    for i in range(len(X)):
        {z} = X[i] @ W
        {z} = {z} - np.max({z})
        {p} = np.exp({z}) / np.sum(np.exp({z}))
        loss -= np.log({p}[labels[i]])
        {p}[labels[i]] -= 1
        {g} += np.outer(X[i], {p})
    loss = loss / len(X) + reg * np.sum(W ** 2)
    return loss, {g} / len(X) + 2 * reg * W
""",
    """\
def log_softmax({z}):
    {z} = {z} - {z}.max(axis=1)[:, None]
    return {z} - np.log(np.exp({z}).sum(axis=1))[:, None]


def softmax_loss(W, X, labels, reg):
    {p} = log_softmax(X.dot(W))
    truth = np.eye(W.shape[1])[labels]
    loss = -np.sum(truth * {p}) / X.shape[0] + reg * (W ** 2).sum()
    {g} = X.T.dot(np.exp({p}) - truth) / X.shape[0] + 2 * reg * W
    return loss, {g}
""",
)

SVM_LOSS = (
    """\
def svm_loss(W, X, labels, reg):
    {z} = X @ W
    rows = np.arange(len(X))
    {p} = np.maximum(0, {z} - {z}[rows, labels][:, None] + 1)
    {p}[rows, labels] = 0
    loss = {p}.sum() / len(X) + reg * np.sum(W * W)
    {p} = ({p} > 0).astype(float)
    {p}[rows, labels] = -{p}.sum(axis=1)
    return loss, X.T @ {p} / len(X) + 2 * reg * W
""",
    """\
def svm_loss(W, X, labels, reg):
    {g} = np.zeros(W.shape)
    loss = 0.0
    for i in range(X.shape[0]):
        {z} = X[i] @ W
        right = labels[i]
        for j in range(W.shape[1]):
            margin = {z}[j] - {z}[right] + 1
            if j != right and margin > 0:
                loss += margin
                {g}[:, j] += X[i]
                {g}[:, right] -= X[i]
    return loss / X.shape[0] + reg * np.sum(W ** 2), {g} / X.shape[0] + 2 * reg * W
""",
    """\
def svm_loss(W, X, labels, reg):
    N = X.shape[0]
    truth = np.eye(W.shape[1])[labels]
    {z} = X.dot(W)
    right = ({z} * truth).sum(axis=1, keepdims=True)
    {p} = np.clip({z} - right + 1 - truth, 0, None)
    above = ({p} > 0) * 1.0
    {g} = X.T.dot(above - truth * above.sum(axis=1, keepdims=True)) / N
    return {p}.sum() / N + reg * (W * W).sum(), {g} + 2 * reg * W
""",
)

LOGISTIC_LOSS = (
    """\
def logistic_loss(w, X, targets):
    {z} = X @ w
    loss = np.mean(np.logaddexp(0, {z}) - targets * {z})
    {p} = 1 / (1 + np.exp(-{z}))
    return loss, X.T @ ({p} - targets) / len(X)
""",
    """\
def logistic_loss(w, X, targets):
    {p} = 1.0 / (1.0 + np.exp(-X.dot(w)))
    loss = -np.mean(targets * np.log({p}) + (1 - targets) * np.log(1 - {p}))
    {g} = np.mean(({p} - targets)[:, None] * X, axis=0)
    return loss, {g}
""",
    """\
def sigmoid({z}):
    return 1 / (1 + np.exp(-{z}))


def logistic_loss(w, X, targets):
    loss, {g} = 0.0, np.zeros(len(w))
    for x, t in zip(X, targets):
        {p} = sigmoid(np.dot(x, w))
        loss += -np.log({p}) if t == 1 else -np.log(1 - {p})
        {g} += ({p} - t) * x
    return loss / len(X), {g} / len(X)
""",
)

AFFINE = (
    """\
def affine(x, w, b, d_out):
    {z} = x @ w + b
    return {z}, d_out @ w.T, x.T @ d_out, d_out.sum(axis=0)
""",
    """\
def affine(x, w, b, d_out):
    {z} = np.dot(x, w) + b[None, :]
    {g} = np.dot(x.T, d_out)
    return {z}, np.dot(d_out, w.T), {g}, np.sum(d_out, axis=0)
""",
    """\
def affine(x, w, b, d_out):
    {z} = np.einsum("nd,dm->nm", x, w) + b
    {p} = np.einsum("nm,dm->nd", d_out, w)
    {g} = np.einsum("nd,nm->dm", x, d_out)
    return {z}, {p}, {g}, np.einsum("nm->m", d_out)
""",
)

FUNCTIONS = (SOFTMAX_LOSS, SVM_LOSS, LOGISTIC_LOSS, AFFINE)

NAMES = (
    {"z": "scores", "p": "probs", "g": "grad"},
    {"z": "logits", "p": "p", "g": "dW"},
    {"z": "s", "p": "out", "g": "gradient"},
    {"z": "z", "p": "a", "g": "d"},
    {"z": "f", "p": "result", "g": "g"},
)

WRONG_SVM_LOSS = SVM_LOSS[0].replace("{p}.sum() / len(X) +", "{p}.sum() +")
"""The loss is a sum, not a mean; the gradient is the mean's. It fails two checks of eight."""


def submission(number: int) -> str:
    """The file of student `number`: a correct one."""
    styles = []
    rest = number
    for styles_of_function in FUNCTIONS:
        rest, choice = divmod(rest, len(styles_of_function))
        styles.append(styles_of_function[choice])
    names = NAMES[rest % len(NAMES)]
    return _file([style.format(**names) for style in styles], f"Exercise 1, student {number:04}")


def wrong_submission() -> str:
    """A file that is right but for `svm_loss`, which forgets to divide the loss by N."""
    styles = (SOFTMAX_LOSS[0], WRONG_SVM_LOSS, LOGISTIC_LOSS[0], AFFINE[0])
    return _file([style.format(**NAMES[0]) for style in styles], "Exercise 1, with one mistake")


def write_class(folder: Path, count: int) -> None:
    """Write `count` submissions to `folder`, as `student-0001.py` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        (folder / f"student-{number:04}.py").write_text(submission(number), encoding="utf-8")


def _file(functions: list[str], title: str) -> str:
    return f'"""{title}."""\n\nimport numpy as np\n\n\n' + "\n\n".join(functions)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Write correct submissions of the small assignment."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    write_class(arguments.folder, arguments.count)
