"""Wrong loss and gradients of the two-layer network."""

from typing import Any

import numpy as np

from reference.losses import softmax_cross_entropy
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.training.model import Parameters
from reference.training.two_layer import TwoLayerNet


def _weighted(rng: np.random.Generator) -> list[Call]:
    parameters = {
        "W1": rng.normal(size=(4, 6)),
        "b1": rng.uniform(0.2, 1, 6),
        "W2": rng.normal(size=(6, 3)),
        "b2": rng.uniform(0.2, 1, 3),
    }
    images, labels = rng.normal(size=(5, 4)), rng.permutation(np.arange(5) % 3)
    return [call(parameters, images, labels, regularization=0.1)]


def _loss(kind: Any, made: Call) -> Any:
    return kind(4, 6, 3).loss(*made.args, **made.kwargs)


NET = Component("TwoLayerNet", TwoLayerNet, _weighted, _loss)


def _hidden(parameters: Parameters, images: Array) -> Array:
    return np.maximum(images @ parameters["W1"] + parameters["b1"], 0)


@NET.wrong(
    "relu_gate_forgotten",
    "D23",
    "The gradient passes the ReLU as if it were not there",
    "Where the hidden value is 0 nothing flows back: `dhidden * (hidden > 0)`.",
    "گرادیان از ReLU می‌گذرد گویی نبوده است",
    "جایی که مقدار پنهان 0 است چیزی بازنمی‌گردد: `dhidden * (hidden > 0)`.",
)
class _ReluGateForgotten(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        loss, gradients = super().loss(parameters, images, labels, regularization=regularization)
        scores = self.scores(parameters, images)
        dhidden = softmax_cross_entropy(scores, labels).gradient @ parameters["W2"].T
        first = images.T @ dhidden + regularization * parameters["W1"]
        return loss, gradients | {"W1": first, "b1": dhidden.sum(axis=0)}


@NET.wrong(
    "bias_regularized",
    "D10",
    "The biases are regularized too",
    "Only W1 and W2 are in the penalty; the biases only shift the scores.",
    "بایاس‌ها هم منظم شده‌اند",
    "فقط W1 و W2 در جریمه‌اند؛ بایاس‌ها تنها امتیازها را جابه‌جا می‌کنند.",
)
class _BiasRegularized(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        loss, gradients = super().loss(parameters, images, labels, regularization=regularization)
        for name in ("b1", "b2"):
            loss += regularization / 2 * float(np.sum(parameters[name] ** 2))
            gradients[name] = gradients[name] + regularization * parameters[name]
        return loss, gradients


@NET.wrong(
    "half_missing",
    "D10, s.192",
    "The penalty has no factor 1/2",
    "It is strength / 2 times the sum of squares, whose gradient is strength * W.",
    "جریمه ضریب `1/2` ندارد",
    "جریمه `strength / 2` ضربدر جمع مربع‌هاست و گرادیانش `strength * W`.",
)
class _HalfMissing(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        return super().loss(parameters, images, labels, regularization=2 * regularization)


@NET.wrong(
    "penalty_gradient_missing",
    "D10",
    "The penalty is in the loss but not in the gradients",
    "What is added to the loss has a gradient as well: add strength * W to dW.",
    "جریمه در هزینه هست ولی در گرادیان‌ها نیست",
    "آنچه به هزینه افزوده شود گرادیان هم دارد: `strength * W` را به dW بیفزایید.",
)
class _PenaltyGradientMissing(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        loss, _ = super().loss(parameters, images, labels, regularization=regularization)
        return loss, super().loss(parameters, images, labels)[1]


@NET.wrong(
    "one_weight_regularized",
    "D10",
    "Only W1 is in the penalty",
    "The penalty sums over the weights of both layers.",
    "فقط W1 در جریمه آمده است",
    "جریمه روی وزن‌های هر دو لایه جمع می‌زند.",
)
class _OneWeightRegularized(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        loss, gradients = super().loss(parameters, images, labels, regularization=regularization)
        loss -= regularization / 2 * float(np.sum(parameters["W2"] ** 2))
        return loss, gradients | {"W2": gradients["W2"] - regularization * parameters["W2"]}


@NET.wrong(
    "updated_before_used",
    "D27, s.135",
    "The gradient flows back through W2 after W2 was changed",
    "Compute all gradients first with the weights of the forward pass, then update.",
    "گرادیان پس از تغییر W2 از آن بازگشته است",
    "نخست همهٔ گرادیان‌ها را با وزن‌های گذر پیش‌رو حساب کنید، سپس به‌روز کنید.",
)
class _UpdatedBeforeUsed(TwoLayerNet):
    def loss(
        self,
        parameters: Parameters,
        images: Array,
        labels: Array,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Any:
        loss, gradients = super().loss(parameters, images, labels, regularization=regularization)
        dscores = softmax_cross_entropy(self.scores(parameters, images), labels).gradient
        moved = parameters["W2"] - gradients["W2"]
        dhidden = dscores @ moved.T * (_hidden(parameters, images) > 0)
        first = images.T @ dhidden + regularization * parameters["W1"]
        return loss, gradients | {"W1": first, "b1": dhidden.sum(axis=0)}


@NET.wrong(
    "relu_on_scores",
    "D28",
    "The scores go through a ReLU too",
    "The last layer is linear: negative scores carry information for the softmax.",
    "امتیازها هم از ReLU گذشته‌اند",
    "لایهٔ آخر خطی است: امتیازهای منفی برای سافتمکس معنا دارند.",
)
class _ReluOnScores(TwoLayerNet):
    def _forward(self, parameters: Parameters, x: Array) -> Any:
        hidden, scores = super()._forward(parameters, x)
        return hidden, np.maximum(scores, 0)


TWO_LAYER = (NET,)
