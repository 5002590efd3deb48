"""`LinearClassifier` in the student's signature: right, and with one mistake each.

Like the student's, it is built on `add_bias` and the two vectorized losses.
"""

import numpy as np

from reference.losses import softmax_loss, svm_loss

WRONG_CLASSIFIERS = []
"""(mistake, (name, hint, Persian name, Persian hint), class)."""


def ones_last(X):
    return np.hstack([X, np.ones((len(X), 1))])


def svm(W, X, y, reg):
    return svm_loss(W, X, y, strength=reg)


def softmax(W, X, y, reg):
    return softmax_loss(W, X, y, strength=reg)


def built(add_bias, svm_loss_vectorized, softmax_loss_vectorized):
    """The right classifier on these parts."""
    parts = {"extended": add_bias, "svm": svm_loss_vectorized, "softmax": softmax_loss_vectorized}
    return type("Built", (Classifier,), {name: staticmethod(part) for name, part in parts.items()})


class Classifier:
    """The right version; each wrong one replaces one of its steps."""

    extended, svm, softmax = staticmethod(ones_last), staticmethod(svm), staticmethod(softmax)

    def __init__(self, loss="softmax"):
        self.loss = loss
        self.W = None

    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        X = self.extended(X)
        if self.W is None:
            self.W = self.start(X.shape[1], np.max(y) + 1)
        history = []
        for _ in range(num_iters):
            rows = self.draw(len(X), batch_size)
            loss, dW = self.loss_and_gradient(X[rows], y[rows], reg)
            self.W = self.stepped(dW, learning_rate)
            history.append(loss)
        return self.report(history)

    def start(self, rows, classes):
        return 0.001 * np.random.standard_normal((rows, classes))

    def draw(self, examples, batch_size):
        return np.random.choice(examples, batch_size)

    def loss_and_gradient(self, X, y, reg):
        loss = self.svm if self.loss == "svm" else self.softmax
        return loss(self.W, X, y, reg)

    def stepped(self, dW, learning_rate):
        return self.W - learning_rate * dW

    def report(self, history):
        return history

    def predict(self, X):
        return self.chosen(self.extended(X) @ self.W)

    def chosen(self, scores):
        return np.argmax(scores, axis=1)


# --- where the mistakes show --------------------------------------------------------------------


def predicts(student, rng):
    classifier = student.new("LinearClassifier")
    classifier.set("W", rng.normal(size=(4, 3)) + np.array([[0], [0], [0], [2]]))
    yield classifier.predict(rng.normal(size=(40, 3)))


def goes_on(student, rng):
    """Whether the weights that are there, all about 5, were thrown away for small new ones."""
    classifier = student.new("LinearClassifier", loss="svm")
    W = 5 + rng.normal(size=(4, 3))
    classifier.set("W", W)
    X = rng.normal(size=(6, 3))
    classifier.train(X, np.arange(6) % 3, learning_rate=1e-12, reg=0.0, num_iters=1, batch_size=2)
    after = np.asarray(classifier.get("W"))
    yield bool(np.all(np.abs(after) < 1))  # False for NaN, which is another mistake


def trains(student, rng):
    """All examples are the same one, so that it does not matter which of them are drawn."""
    X, y = np.tile(rng.normal(size=3), (6, 1)), np.full(6, 1)
    steps = {"learning_rate": 0.2, "reg": 0.3, "num_iters": 3, "batch_size": 2}
    W = rng.normal(size=(4, 3))
    for loss in ("svm", "softmax"):
        classifier = student.new("LinearClassifier", loss=loss)
        classifier.set("W", W)
        yield classifier.train(X, y, **steps)
        yield classifier.get("W")
    yield from _starts_and_draws(student)


def _starts_and_draws(student):
    """Whether the weights start small and not all equal, and which examples are ever drawn."""
    X, y = np.eye(3), np.arange(3)
    classifier = student.new("LinearClassifier", loss="svm")
    classifier.train(X, y, learning_rate=1e-12, reg=0.0, num_iters=1, batch_size=3)
    W = np.asarray(classifier.get("W"))
    yield [W.shape, np.abs(W).max() < 0.1]
    classifier.set("W", np.zeros((4, 3)))
    classifier.train(X, y, learning_rate=1e-3, reg=0.0, num_iters=30, batch_size=1)
    yield np.any(np.asarray(classifier.get("W"))[:-1] != 0, axis=1)


# --- wrong versions -----------------------------------------------------------------------------


def wrong(mistake, name, hint, name_fa, hint_fa):
    def enter(kind):
        WRONG_CLASSIFIERS.append((mistake, (name, hint, name_fa, hint_fa), kind))
        return kind

    return enter


@wrong(
    "ascends",
    "The update goes along the gradient and raises the loss",
    "Descend: `W = W - learning_rate * dW`.",
    "به‌روزرسانی در جهت گرادیان است و هزینه را بالا می‌برد",
    "پایین بروید: `W = W - learning_rate * dW`.",
)
class Ascends(Classifier):
    def stepped(self, dW, learning_rate):
        return self.W + learning_rate * dW


@wrong(
    "learning_rate_ignored",
    "The whole gradient is subtracted, without the learning rate",
    "The step is `learning_rate * dW`.",
    "کل گرادیان بدون نرخ یادگیری کم شده است",
    "گام برابر `learning_rate * dW` است.",
)
class LearningRateIgnored(Classifier):
    def stepped(self, dW, learning_rate):
        return self.W - dW


@wrong(
    "step_averaged_again",
    "The gradient is divided by the size of the batch again",
    "The loss function returns a mean already: subtract `learning_rate * dW` as it is.",
    "گرادیان دوباره بر اندازهٔ دسته تقسیم شده است",
    "تابع هزینه خود میانگین برمی‌گرداند: `learning_rate * dW` را همان‌گونه که هست کم کنید.",
)
class StepAveragedAgain(Classifier):
    def loss_and_gradient(self, X, y, reg):
        loss, dW = super().loss_and_gradient(X, y, reg)
        return loss, dW / len(X)


@wrong(
    "never_steps",
    "The weights are never updated",
    "After each batch: `self.W = self.W - learning_rate * dW`.",
    "وزن‌ها هرگز به‌روز نشده‌اند",
    "پس از هر دسته: `self.W = self.W - learning_rate * dW`.",
)
class NeverSteps(Classifier):
    def stepped(self, dW, learning_rate):
        return self.W


@wrong(
    "bias_not_trained",
    "The bias is never updated",
    "The bias is the last row of W and is trained like the others.",
    "بایاس هرگز به‌روز نشده است",
    "بایاس سطر آخر W است و مانند سطرهای دیگر آموزش می‌بیند.",
)
class BiasNotTrained(Classifier):
    def stepped(self, dW, learning_rate):
        return np.vstack([super().stepped(dW, learning_rate)[:-1], self.W[-1:]])


@wrong(
    "reg_ignored",
    "`reg` is not passed on to the loss",
    "W moves by the gradient of the whole loss, with the penalty in it.",
    "ضریب `reg` به تابع هزینه داده نشده است",
    "W با گرادیان کل هزینه جابه‌جا می‌شود که جریمه هم در آن است.",
)
class RegIgnored(Classifier):
    def loss_and_gradient(self, X, y, reg):
        return super().loss_and_gradient(X, y, 0.0)


@wrong(
    "always_svm",
    "The SVM loss is used whatever `loss` says",
    "Keep the argument `loss` and choose the function by it.",
    "هر چه در `loss` بیاید، هزینهٔ SVM به کار رفته است",
    "آرگومان `loss` را نگه دارید و تابع را با آن انتخاب کنید.",
)
class AlwaysSVM(Classifier):
    def loss_and_gradient(self, X, y, reg):
        return self.svm(self.W, X, y, reg)


@wrong(
    "always_softmax",
    "The softmax loss is used whatever `loss` says",
    "Keep the argument `loss` and choose the function by it.",
    "هر چه در `loss` بیاید، هزینهٔ سافتمکس به کار رفته است",
    "آرگومان `loss` را نگه دارید و تابع را با آن انتخاب کنید.",
)
class AlwaysSoftmax(Classifier):
    def loss_and_gradient(self, X, y, reg):
        return self.softmax(self.W, X, y, reg)


@wrong(
    "losses_swapped",
    "`svm` trains with the softmax loss and `softmax` with the SVM loss",
    "Look at the condition that chooses the loss function.",
    "با `svm` هزینهٔ سافتمکس و با `softmax` هزینهٔ SVM به کار رفته است",
    "به شرطی که تابع هزینه را انتخاب می‌کند نگاه کنید.",
)
class LossesSwapped(Classifier):
    def loss_and_gradient(self, X, y, reg):
        loss = self.softmax if self.loss == "svm" else self.svm
        return loss(self.W, X, y, reg)


@wrong(
    "starts_anew",
    "Every call of `train` starts with new weights",
    "Draw random weights only where `self.W is None`; otherwise go on from `self.W`.",
    "هر فراخوانی `train` از وزن‌های تازه آغاز می‌کند",
    "فقط جایی که `self.W is None` است وزن تصادفی بسازید؛ وگرنه از `self.W` ادامه دهید.",
)
class StartsAnew(Classifier):
    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        self.W = None
        return super().train(X, y, learning_rate, reg, num_iters, batch_size)


@wrong(
    "starts_large",
    "The weights start with large random numbers",
    "Start near 0, as with `0.001 * np.random.randn(...)`: all classes are then equally likely.",
    "وزن‌ها با عددهای تصادفی بزرگ آغاز شده‌اند",
    "نزدیک صفر آغاز کنید، مانند `0.001 * np.random.randn(...)`: آنگاه همهٔ کلاس‌ها هم‌احتمال‌اند.",
)
class StartsLarge(Classifier):
    def start(self, rows, classes):
        return np.random.standard_normal((rows, classes))


@wrong(
    "last_loss_alone",
    "Only the loss of the last step is returned",
    "Append the loss of every step to a list and return the list.",
    "فقط هزینهٔ گام آخر برگردانده شده است",
    "هزینهٔ هر گام را به فهرستی بیفزایید و فهرست را برگردانید.",
)
class LastLossAlone(Classifier):
    def report(self, history):
        return history[-1]


@wrong(
    "nothing_returned",
    "`train` returns nothing",
    "End with `return` and the list of losses.",
    "متد `train` چیزی برنمی‌گرداند",
    "در پایان با `return` فهرست هزینه‌ها را برگردانید.",
)
class NothingReturned(Classifier):
    def report(self, history):
        return None


@wrong(
    "one_step_short",
    "One step is missing",
    "Take `num_iters` steps: `for step in range(num_iters)`.",
    "یک گام کم است",
    "به شمار `num_iters` گام بردارید: `for step in range(num_iters)`.",
)
class OneStepShort(Classifier):
    def train(self, X, y, learning_rate=0.1, reg=1e-4, num_iters=200, batch_size=64):
        return super().train(X, y, learning_rate, reg, num_iters - 1, batch_size)


@wrong(
    "first_rows_alone",
    "Every step uses the same first rows of X",
    "Draw the rows of each batch anew: `np.random.choice(len(X), batch_size)`.",
    "همهٔ گام‌ها همان سطرهای نخست X را به کار می‌برند",
    "سطرهای هر دسته را از نو بردارید: `np.random.choice(len(X), batch_size)`.",
)
class FirstRowsAlone(Classifier):
    def draw(self, examples, batch_size):
        return np.arange(min(batch_size, examples))


@wrong(
    "ones_first",
    "The ones stand in the first column, so the bias is the first row of W",
    "The bias is the last row of W: put the ones into the last column of X.",
    "ستون یک‌ها در آغاز آمده است، پس بایاس سطر نخست W شده است",
    "بایاس سطر آخر W است: یک‌ها را در ستون آخر X بگذارید.",
)
class OnesFirst(Classifier):
    @staticmethod
    def extended(X):
        return np.hstack([np.ones((len(X), 1)), X])


@wrong(
    "bias_left_out",
    "The scores lack the bias",
    "The last row of W is the bias: X needs its column of ones, in `predict` too.",
    "در امتیازها بایاس نیست",
    "سطر آخر W بایاس است: X در `predict` هم به ستون یک‌ها نیاز دارد.",
)
class BiasLeftOut(Classifier):
    def predict(self, X):
        return self.chosen(X @ self.W[:-1])


@wrong(
    "smallest_score_wins",
    "The class with the smallest score is predicted",
    "The highest score wins: `argmax(axis=1)`.",
    "کلاسی با کوچک‌ترین امتیاز پیش‌بینی شده است",
    "بالاترین امتیاز برنده است: `argmax(axis=1)`.",
)
class SmallestScoreWins(Classifier):
    def chosen(self, scores):
        return np.argmin(scores, axis=1)


@wrong(
    "score_for_class",
    "The highest score is returned instead of its class",
    "`max` says how high, `argmax` says which class.",
    "به جای کلاس، خود بالاترین امتیاز برگردانده شده است",
    "تابع `max` می‌گوید چه اندازه و `argmax` می‌گوید کدام کلاس.",
)
class ScoreForClass(Classifier):
    def chosen(self, scores):
        return np.max(scores, axis=1)


@wrong(
    "winner_over_examples",
    "The largest score is looked for along the examples",
    "Each row holds the scores of one example: `argmax(axis=1)`.",
    "بیشترین امتیاز در راستای نمونه‌ها جست‌وجو شده است",
    "هر سطر امتیازهای یک نمونه است: `argmax(axis=1)`.",
)
class WinnerOverExamples(Classifier):
    def chosen(self, scores):
        return np.argmax(scores, axis=0)
