"""Wrong linear classifiers and affine layers."""

from typing import Any

import numpy as np

from reference.data.preprocessing import append_ones
from reference.layers import affine_backward, affine_forward
from reference.layers.affine import AffineCache, LayerGradients
from reference.linear import LinearGradients, LinearSVM
from reference.losses import hinge
from reference.misconceptions.catalogue import Array, Call, Component, call, output
from reference.regularization import penalty_value


def _classifiers(rng: np.random.Generator) -> list[Call]:
    data = {
        "weights": rng.normal(size=(5, 3)),
        "bias": 3 * rng.normal(size=3),
        "X": rng.normal(size=(9, 5)),
        "labels": rng.permutation(np.arange(9) % 3),
        "rng": rng,
    }
    return [call(data, strength=float(rng.uniform(0.2, 0.5)))]


def _train_and_predict(classifier: Any, made: Call) -> Any:
    data, model = made.args[0], classifier(**made.kwargs)
    model.set_parameters(data["weights"], data["bias"])
    before = (
        model.scores(data["X"]),
        model.predict(data["X"]),
        model.loss(data["X"], data["labels"]),
    )
    settings = {"learning_rate": 0.1, "steps": 5, "batch_size": 4, "scale": 0.1}
    losses = model.train(data["X"], data["labels"], rng=data["rng"], **settings)
    return before, losses, model.weights, model.bias


CLASSIFIER = Component("LinearSVM", LinearSVM, _classifiers, _train_and_predict)


@CLASSIFIER.wrong(
    "bias_forgotten",
    "D18, B1, s.39",
    "The scores lack the bias",
    "Scores are `X @ W + b` (the slide's 61.95 should be 60.75 for the same reason).",
    "در امتیازها بایاس نیست",
    "امتیازها `X @ W + b` هستند (61.95 اسلاید هم به همین سبب باید 60.75 باشد).",
)
class _BiasForgotten(LinearSVM):
    def scores(self, X: Any) -> Any:
        return X @ self.weights


@CLASSIFIER.wrong(
    "bias_penalized",
    "D10, s.192",
    "The bias is penalized too",
    "The penalty is on W only: a bias moves the boundary and does not bend it.",
    "بایاس هم جریمه شده است",
    "جریمه فقط بر W است: بایاس مرز را جابه‌جا می‌کند و آن را نمی‌پیچاند.",
)
class _BiasPenalized(LinearSVM):
    def _loss_of_scores(self, scores: Any, X: Any, labels: Any) -> LinearGradients:
        loss, dW, db = super()._loss_of_scores(scores, X, labels)
        value, slope = penalty_value(self.bias, strength=self.strength, penalty=self.penalty)
        return LinearGradients(loss + value, dW, db + slope)


@CLASSIFIER.wrong(
    "bias_gradient_averaged",
    "D8",
    "The gradient of the bias is divided by N twice",
    "The scores' gradient holds 1/N already: db is its `sum(axis=0)`, not its mean.",
    "گرادیان بایاس دو بار بر N تقسیم شده است",
    "گرادیان امتیازها `1/N` را در خود دارد: db برابر `sum(axis=0)` آن است، نه میانگینش.",
)
class _BiasGradientAveraged(LinearSVM):
    def _loss_of_scores(self, scores: Any, X: Any, labels: Any) -> LinearGradients:
        loss, dW, db = super()._loss_of_scores(scores, X, labels)
        return LinearGradients(loss, dW, db / len(X))


@CLASSIFIER.wrong(
    "bias_not_trained",
    "D18",
    "The bias is never updated",
    "The bias is a parameter like W: `b -= learning_rate * db`.",
    "بایاس هرگز به‌روز نشده است",
    "بایاس هم مانند W پارامتر است: `b -= learning_rate * db`.",
)
class _BiasNotTrained(LinearSVM):
    def _step(self, X: Any, labels: Any, learning_rate: float) -> float:
        bias = self.bias
        loss = super()._step(X, labels, learning_rate)
        self.bias = bias
        return loss


@CLASSIFIER.wrong(
    "smallest_score_wins",
    "D4",
    "The class with the smallest score is predicted",
    "The highest score wins: `argmax(axis=1)`.",
    "کلاسی با کوچک‌ترین امتیاز پیش‌بینی شده است",
    "بالاترین امتیاز برنده است: `argmax(axis=1)`.",
)
class _SmallestScoreWins(LinearSVM):
    def predict(self, X: Any) -> Any:
        return self.scores(X).argmin(axis=1)


@CLASSIFIER.wrong(
    "score_for_class",
    "D13",
    "The highest score is returned instead of its class",
    "`max` says how high, `argmax` says which class.",
    "به جای کلاس خود بالاترین امتیاز برگردانده شده است",
    "`max` می‌گوید چه اندازه و `argmax` می‌گوید کدام کلاس.",
)
class _ScoreForClass(LinearSVM):
    def predict(self, X: Any) -> Any:
        return self.scores(X).max(axis=1)


@CLASSIFIER.wrong(
    "ascends",
    "s.85",
    "The update goes along the gradient and raises the loss",
    "Descend: `W -= learning_rate * dW`.",
    "به‌روزرسانی در جهت گرادیان است و هزینه را بالا می‌برد",
    "پایین بروید: `W -= learning_rate * dW`.",
)
class _Ascends(LinearSVM):
    def _step(self, X: Any, labels: Any, learning_rate: float) -> float:
        return super()._step(X, labels, -learning_rate)


@CLASSIFIER.wrong(
    "penalty_not_trained",
    "D10",
    "The update leaves the penalty's gradient out",
    "W moves by the gradient of the whole loss, data loss plus penalty.",
    "گرادیان جریمه در به‌روزرسانی نیامده است",
    "W با گرادیان کل هزینه جابه‌جا می‌شود: هزینهٔ داده‌ها به‌علاوهٔ جریمه.",
)
class _PenaltyNotTrained(LinearSVM):
    def _loss_of_scores(self, scores: Any, X: Any, labels: Any) -> LinearGradients:
        loss, _, db = super()._loss_of_scores(scores, X, labels)
        return LinearGradients(loss, X.T @ hinge(scores, labels).gradient, db)


def _rows(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(4, 3)))]


ONES = Component("append_ones", append_ones, _rows)


@ONES.wrong(
    "ones_first",
    "s.70",
    "The ones stand in the first column",
    "The bias is the last row of W here, so the ones are the last column of X.",
    "ستون یک‌ها در آغاز آمده است",
    "این‌جا بایاس سطر آخر W است، پس یک‌ها ستون آخر X هستند.",
)
def _ones_first(X: Array) -> Array:
    return np.hstack([np.ones((len(X), 1)), X])


@ONES.wrong(
    "zeros_for_ones",
    "teaching",
    "A column of zeros is appended",
    "0 times the bias is nothing; the column must hold ones.",
    "ستونی از صفر افزوده شده است",
    "0 ضرب در بایاس هیچ است؛ ستون باید از یک‌ها باشد.",
)
def _zeros_for_ones(X: Array) -> Array:
    return np.hstack([X, np.zeros((len(X), 1))])


@ONES.wrong(
    "row_of_ones",
    "s.70",
    "A row of ones is appended instead of a column",
    "Every example gets a feature that is 1: a column, (N, D + 1).",
    "به جای ستون، سطری از یک‌ها افزوده شده است",
    "هر نمونه ویژگی‌ای برابر 1 می‌گیرد: یک ستون، `(N, D + 1)`.",
)
def _row_of_ones(X: Array) -> Array:
    return np.vstack([X, np.ones((1, X.shape[1]))])


def _affine(rng: np.random.Generator) -> list[Call]:
    # All square, so that wrong products and transposed weights fit as well.
    return [call(rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=4))]


AFFINE = Component("affine_forward", affine_forward, _affine, output)


@AFFINE.wrong(
    "bias_forgotten",
    "D18, s.39",
    "The bias is not added",
    "The layer computes `x @ W + b`.",
    "بایاس افزوده نشده است",
    "لایه `x @ W + b` را حساب می‌کند.",
)
def _bias_forgotten(x: Array, weight: Array, bias: Array | None = None) -> Array:
    return affine_forward(x, weight)


@AFFINE.wrong(
    "weight_transposed",
    "teaching",
    "The weight is transposed",
    "With examples as rows and W of shape (D, M) the product is `x @ W`.",
    "وزن ترانهاده شده است",
    "وقتی نمونه‌ها سطر باشند و W شکل (D, M) داشته باشد حاصل‌ضرب `x @ W` است.",
)
def _weight_transposed(x: Array, weight: Array, bias: Array | None = None) -> Array:
    return affine_forward(x, weight.T, bias)


@AFFINE.wrong(
    "elementwise",
    "D57",
    "The product is elementwise instead of a matrix product",
    "Each unit sums over its inputs: `x @ W`, not `x * W`.",
    "به جای ضرب ماتریسی ضرب درایه‌به‌درایه شده است",
    "هر واحد روی ورودی‌هایش جمع می‌زند: `x @ W`، نه `x * W`.",
)
def _elementwise(x: Array, weight: Array, bias: Array | None = None) -> Array:
    return x * weight + (0 if bias is None else bias), None


def _affine_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = affine_forward(*_affine(rng)[0].args)
    return [call(rng.normal(size=(4, 4)), cache)]


AFFINE_BACKWARD = Component("affine_backward", affine_backward, _affine_upstream)


@AFFINE_BACKWARD.wrong(
    "weight_not_transposed",
    "teaching",
    "dx uses W instead of its transpose",
    "dout (N, M) goes back to (N, D) through `W.T`.",
    "در dx به جای ترانهادهٔ W خود آن آمده است",
    "dout با شکل (N, M) از راه `W.T` به (N, D) برمی‌گردد.",
)
def _weight_not_transposed(dout: Array, cache: AffineCache) -> Array:
    return affine_backward(dout, cache)._replace(x=dout @ cache.weight)


@AFFINE_BACKWARD.wrong(
    "weight_gradient_transposed",
    "teaching",
    "dW is transposed",
    "dW has W's shape (D, M): `x.T @ dout`.",
    "dW ترانهاده است",
    "dW هم‌شکل W است، (D, M): `x.T @ dout`.",
)
def _weight_gradient_transposed(dout: Array, cache: AffineCache) -> Array:
    return affine_backward(dout, cache)._replace(weight=dout.T @ cache.x)


@AFFINE_BACKWARD.wrong(
    "divided_by_n",
    "D8",
    "The gradients of the parameters are divided by N again",
    "The loss divides by N once; a layer only sums over the examples.",
    "گرادیان پارامترها دوباره بر N تقسیم شده است",
    "هزینه یک بار بر N تقسیم می‌کند؛ لایه فقط روی نمونه‌ها جمع می‌زند.",
)
def _divided_by_n(dout: Array, cache: AffineCache) -> Array:
    right = affine_backward(dout, cache)
    return right._replace(weight=right.weight / len(dout), bias=dout.mean(axis=0))


@AFFINE_BACKWARD.wrong(
    "bias_not_summed",
    "teaching",
    "The gradient of the bias is not summed over the examples",
    "One bias serves all examples: `dout.sum(axis=0)`.",
    "گرادیان بایاس روی نمونه‌ها جمع نشده است",
    "یک بایاس برای همهٔ نمونه‌هاست: `dout.sum(axis=0)`.",
)
def _bias_not_summed(dout: Array, cache: AffineCache) -> Array:
    return affine_backward(dout, cache)._replace(bias=dout)


@AFFINE_BACKWARD.wrong(
    "bias_summed_over_units",
    "teaching",
    "The gradient of the bias is summed over the units",
    "Each unit has a bias of its own: sum over the examples, `axis=0`.",
    "گرادیان بایاس روی واحدها جمع شده است",
    "هر واحد بایاس خود را دارد: روی نمونه‌ها جمع بزنید، `axis=0`.",
)
def _bias_summed_over_units(dout: Array, cache: AffineCache) -> Array:
    return affine_backward(dout, cache)._replace(bias=dout.sum(axis=1))


@AFFINE_BACKWARD.wrong(
    "stops_at_weights",
    "D25",
    "The gradient stops at the weights; the input gets dout as it is",
    "The layers below need `dout @ W.T`: dout passes through the weights.",
    "گرادیان در وزن‌ها می‌ماند؛ ورودی همان dout را گرفته است",
    "لایه‌های پایین‌تر به `dout @ W.T` نیاز دارند: dout از وزن‌ها می‌گذرد.",
)
def _stops_at_weights(dout: Array, cache: AffineCache) -> Array:
    return LayerGradients(dout, cache.x.T @ dout, dout.sum(axis=0))


LINEAR = (CLASSIFIER, ONES, AFFINE, AFFINE_BACKWARD)
