"""Linear classifiers and two-layer networks with one mistake each, for `components.py`."""

import numpy as np
from cs231n_two_layers import right_loss, right_scores

from autograder.components import wrong_version
from reference.losses import softmax_loss, svm_loss


class Classifier:
    """A linear classifier: the right one, whose subclasses each do one thing otherwise."""

    loss_function = staticmethod(svm_loss)

    def __init__(self):
        self.W = None

    @staticmethod
    def of(kind):
        """The right classifier of this loss."""
        function = svm_loss if kind == "svm" else softmax_loss
        return type("Right", (Classifier,), {"loss_function": staticmethod(function)})

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200):
        if self.W is None:
            self.W = self.start(X.shape[1], int(np.max(y)) + 1)
        return [
            self.step(*self.drawn(X, y, batch_size), learning_rate, reg) for _ in range(num_iters)
        ]

    def start(self, D, C):
        return 0.001 * np.random.randn(D, C)

    def drawn(self, X, y, batch_size):
        rows = np.random.choice(len(y), batch_size)
        return X[rows], y[rows]

    def step(self, X, y, learning_rate, reg):
        loss, gradient = self.loss(X, y, reg)
        self.W = self.W - learning_rate * gradient
        return float(loss)

    def loss(self, X, y, reg):
        return tuple(self.loss_function(self.W, X, y, strength=reg))

    def predict(self, X):
        return np.argmax(X @ self.W, axis=1)


def _otherwise(kind):
    """The classifiers of one loss with one mistake each."""
    right = Classifier.of(kind)

    @wrong_version(
        "linear_classifier.ascends",
        "The weights move along the gradient, not against it",
        "`W -= learning_rate * gradient`.",
        "وزن‌ها به جای خلاف جهت گرادیان، در جهت آن جابه‌جا می‌شوند",
        "`W -= learning_rate * gradient`.",
    )
    class Ascends(right):
        def step(self, X, y, learning_rate, reg):
            return super().step(X, y, -learning_rate, reg)

    @wrong_version(
        "linear_classifier.smallest_score",
        "The class with the smallest score is predicted",
        "Take `np.argmax` of the scores.",
        "کلاسی پیش‌بینی می‌شود که امتیازش از همه کمتر است",
        "از `np.argmax` امتیازها استفاده کنید.",
    )
    class SmallestScore(right):
        def predict(self, X):
            return np.argmin(X @ self.W, axis=1)

    @wrong_version(
        "linear_classifier.over_the_images",
        "The largest score is sought over the images, not over the classes",
        "With a score for each class in a row: `np.argmax(scores, axis=1)`.",
        "بزرگ‌ترین امتیاز به جای کلاس‌ها، روی تصویرها جسته می‌شود",
        "امتیاز کلاس‌ها در یک سطر است: `np.argmax(scores, axis=1)`.",
    )
    class OverTheImages(right):
        def predict(self, X):
            return np.argmax(X @ self.W, axis=0)

    @wrong_version(
        "linear_classifier.score_for_class",
        "The largest score itself is returned, not its class",
        "`np.argmax` gives the place, `np.max` the score.",
        "به جای کلاس، خود بزرگ‌ترین امتیاز برگردانده می‌شود",
        "تابع `np.argmax` جایگاه را می‌دهد و `np.max` امتیاز را.",
    )
    class ScoreForClass(right):
        def predict(self, X):
            return np.max(X @ self.W, axis=1)

    @wrong_version(
        "linear_classifier.reg_ignored",
        "`reg` does not reach the loss",
        "Pass `reg` on to the loss function.",
        "`reg` به تابع هزینه نمی‌رسد",
        "`reg` را به تابع هزینه بدهید.",
    )
    class RegIgnored(right):
        def loss(self, X, y, reg):
            return super().loss(X, y, 0.0)

    @wrong_version(
        "linear_classifier.losses_not_kept",
        "`train` returns the last loss alone",
        "Append each step's loss to the history.",
        "تابع `train` تنها آخرین هزینه را برمی‌گرداند",
        "هزینهٔ هر گام را به تاریخچه بیفزایید.",
    )
    class LossesNotKept(right):
        def train(self, X, y, **keywords):
            return super().train(X, y, **keywords)[-1:] * 2

    @wrong_version(
        "linear_classifier.weights_not_kept",
        "The weights do not change",
        "Store the updated weights in `self.W`.",
        "وزن‌ها تغییر نمی‌کنند",
        "وزن‌های تازه را در `self.W` بگذارید.",
    )
    class WeightsNotKept(right):
        def step(self, X, y, learning_rate, reg):
            return float(self.loss(X, y, reg)[0])

    return (
        Ascends,
        SmallestScore,
        OverTheImages,
        ScoreForClass,
        RegIgnored,
        LossesNotKept,
        WeightsNotKept,
    )


CLASSIFIERS_WRONG = {kind: _otherwise(kind) for kind in ("svm", "softmax")}


class Network:
    """The two-layer network of `neural_net.py`: the right one."""

    regularized = ("W1", "W2")

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            "W1": std * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": std * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }

    def scores(self, X):
        return right_scores(self.params, X)

    def loss(self, X, y=None, reg=0.0):
        if y is None:
            return self.scores(X)
        loss, gradients = right_loss(self.params, X, y)
        return self.penalized(loss, gradients, reg)

    def penalized(self, loss, gradients, reg):
        for name in self.regularized:
            loss = loss + reg * np.sum(self.params[name] ** 2)
            gradients[name] = gradients[name] + 2 * reg * self.params[name]
        return loss, gradients

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, num_iters=100, batch_size=200, **rest):
        history = []
        for _ in range(num_iters):
            rows = np.random.choice(len(y), batch_size)
            loss, gradients = self.loss(X[rows], y[rows], rest.get("reg", 0.0))
            history.append(loss)
            self.step(gradients, learning_rate)
        return {"loss_history": history}

    def step(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            self.params[name] = self.params[name] - learning_rate * gradient

    def predict(self, X):
        return np.argmax(self.scores(X), axis=1)


@wrong_version(
    "two_layer_net.relu_gate_forgotten",
    "The gradient goes through ReLU as if it were not there",
    "Where the hidden value is 0, no gradient goes through.",
    "گرادیان چنان از ReLU می‌گذرد که گویی نیست",
    "جایی که مقدار پنهان صفر است، گرادیانی عبور نمی‌کند.",
)
class GateForgotten(Network):
    def loss(self, X, y=None, reg=0.0):
        if y is None:
            return self.scores(X)
        loss, gradients = right_loss(self.params, X, y)
        shifted = np.exp(self.scores(X) - self.scores(X).max(axis=1, keepdims=True))
        dscores = shifted / shifted.sum(axis=1, keepdims=True)
        dscores[np.arange(len(y)), y] -= 1
        dhidden = dscores / len(y) @ self.params["W2"].T
        gradients |= {"W1": X.T @ dhidden, "b1": dhidden.sum(axis=0)}
        return self.penalized(loss, gradients, reg)


@wrong_version(
    "two_layer_net.relu_on_scores",
    "The scores go through ReLU too",
    "ReLU stands between the two layers alone.",
    "امتیازها هم از ReLU می‌گذرند",
    "ReLU تنها میان دو لایه است.",
)
class ReluOnScores(Network):
    def scores(self, X):
        return np.maximum(super().scores(X), 0)


@wrong_version(
    "two_layer_net.no_relu",
    "There is no ReLU between the layers",
    "`np.maximum(0, X @ W1 + b1)` before the second layer.",
    "میان دو لایه ReLU نیست",
    "پیش از لایهٔ دوم `np.maximum(0, X @ W1 + b1)`.",
)
class NoRelu(Network):
    def scores(self, X):
        hidden = X @ self.params["W1"] + self.params["b1"]
        return hidden @ self.params["W2"] + self.params["b2"]


@wrong_version(
    "two_layer_net.gradient_mean_missing",
    "The gradients are sums over the batch, the loss is a mean",
    "Divide the gradient of the scores by N.",
    "گرادیان‌ها مجموع روی دسته‌اند و هزینه میانگین",
    "گرادیان امتیازها را بر N تقسیم کنید.",
)
class MeanMissing(Network):
    def loss(self, X, y=None, reg=0.0):
        if y is None:
            return self.scores(X)
        loss, gradients = right_loss(self.params, X, y)
        gradients = {name: len(y) * value for name, value in gradients.items()}
        return self.penalized(loss, gradients, reg)


@wrong_version(
    "two_layer_net.bias_gradients_missing",
    "The gradients of the biases are missing",
    "`db` is the sum of the upstream gradient over the batch.",
    "گرادیان بایاس‌ها نیست",
    "`db` مجموع گرادیان بالادست روی دسته است.",
)
class BiasesMissing(Network):
    def penalized(self, loss, gradients, reg):
        loss, gradients = super().penalized(loss, gradients, reg)
        return loss, {name: value for name, value in gradients.items() if name[0] == "W"}


@wrong_version(
    "two_layer_net.one_weight_regularized",
    "The penalty leaves out `W1`",
    "Both weight matrices are penalized.",
    "جریمه `W1` را در بر ندارد",
    "هر دو ماتریس وزن جریمه می‌شوند.",
)
class OneRegularized(Network):
    regularized = ("W2",)


@wrong_version(
    "two_layer_net.biases_regularized",
    "The penalty is on the biases too",
    "Only the weight matrices are penalized.",
    "بایاس‌ها هم جریمه می‌شوند",
    "تنها ماتریس‌های وزن جریمه می‌شوند.",
)
class BiasesRegularized(Network):
    regularized = ("W1", "W2", "b1", "b2")


@wrong_version(
    "two_layer_net.penalty_gradient_missing",
    "The penalty is in the loss and not in the gradients",
    "Add the penalty's slope to the gradients of `W1` and `W2`.",
    "جریمه در هزینه هست و در گرادیان‌ها نیست",
    "شیب جریمه را به گرادیان‌های `W1` و `W2` بیفزایید.",
)
class PenaltyGradientMissing(Network):
    def penalized(self, loss, gradients, reg):
        return super().penalized(loss, dict(gradients), reg)[0], gradients


@wrong_version(
    "two_layer_net.ascends",
    "The parameters move along the gradients",
    "Subtract `learning_rate * gradient`.",
    "پارامترها در جهت گرادیان جابه‌جا می‌شوند",
    "`learning_rate * gradient` را کم کنید.",
)
class Ascends(Network):
    def step(self, gradients, learning_rate):
        super().step(gradients, -learning_rate)


@wrong_version(
    "two_layer_net.smallest_score",
    "The class with the smallest score is predicted",
    "Take `np.argmax` of the scores over the classes.",
    "کلاسی پیش‌بینی می‌شود که امتیازش از همه کمتر است",
    "از `np.argmax` امتیازها روی کلاس‌ها استفاده کنید.",
)
class SmallestScore(Network):
    def predict(self, X):
        return np.argmin(self.scores(X), axis=1)


NETWORKS_WRONG = (
    GateForgotten,
    ReluOnScores,
    NoRelu,
    MeanMissing,
    BiasesMissing,
    OneRegularized,
    BiasesRegularized,
    PenaltyGradientMissing,
    Ascends,
    SmallestScore,
)
