"""Networks of the second assignment, with weights that the check sets."""

import numpy as np
from cs231n_layers import as_vector, number, shape_of

from autograder.checks import check_shape, check_value
from autograder.errors import StudentError

FC_NET = "cs231n.classifiers.fc_net.FullyConnectedNet"
TWO_LAYERS = "cs231n.classifiers.fc_net.TwoLayerNet"
CONV_NET = "cs231n.classifiers.cnn.ThreeLayerConvNet"
FUNCTION = "cs231n.classifiers.neural_net.two_layer_net"
LOSS = {"en": "the loss", "fa": "هزینه"}
GRADIENTS = {"en": "the gradients", "fa": "گرادیان‌ها"}
ADDED = {"en": "what `reg` adds to the loss", "fa": "آنچه `reg` به هزینه می‌افزاید"}
SLOPE = {"en": "what `reg` adds to the gradient", "fa": "آنچه `reg` به گرادیان می‌افزاید"}
EITHER = {
    "en": "The penalty is half of `reg * sum(W * W)`, or all of it, over every weight matrix; the "
    "gradient is that of your loss.",
    "fa": "جریمه نصف `reg * sum(W * W)` یا همهٔ آن است، روی همهٔ ماتریس‌های وزن؛ گرادیان هم گرادیان "
    "هزینهٔ خودتان است.",
}
_LOSSES = (
    "type('Losses', (), {'loss': lambda self, net, points, X, y: [(setattr(net, 'params', "
    "{k: v.copy() for k, v in p.items()}), net.loss(X.copy(), y) if y is not None "
    "else net.loss(X.copy()))[1] for p in points]})()"
)


class Network:
    """A network of the student's; the first of `ways` to make it that its constructor takes."""

    def __init__(self, student, name, arguments, ways, *, typed=True):
        types = {"dtype": student.define("np.float64")} if typed else {}
        failure = None
        for keywords in ways:
            try:
                self.net = student.new(name, *arguments, **types, **keywords)
                break
            except StudentError as error:
                failure = failure or error
                if error.kind != "TypeError" or "keyword" not in error.details.message["en"]:
                    raise
        else:
            raise failure
        self.remote = student.define(_LOSSES)
        self.remote.description = name.rpartition(".")[2]

    def params(self):
        """The parameters as they are, by name."""
        return self.net.get("params")

    def some_params(self, rng, sizes):
        """Parameters of the shapes that the network has, none of them zero.

        `sizes` are those of the weight matrices, W1 first; the biases have their last or, for
        filters, their first. Raises CheckFailure where the network has others.
        """
        params = self.params()
        wanted = {f"W{at}": size for at, size in enumerate(sizes, start=1)}
        outputs = [size[0] if len(size) == 4 else size[-1] for size in sizes]
        wanted |= {f"b{at}": (size,) for at, size in enumerate(outputs, start=1)}
        if not isinstance(params, dict) or not set(wanted) <= set(params):
            zeros = {name: np.zeros(size) for name, size in wanted.items()}
            check_value(params, zeros, what={"en": "`params`", "fa": "`params`"})
        for name, size in wanted.items():
            value = as_vector(params[name], np.zeros(size))
            check_shape(value, size, what={"en": f"`{name}`", "fa": f"`{name}`"})
        # small, so that a log that is kept from 0 by some 1e-12 does not show
        return {
            name: 0.5 * rng.normal(size=shape_of(params[name]) or ()) for name in sorted(params)
        }

    def scores(self, params, X):
        """Class scores at test time."""
        return self.remote.loss(self.net, [params], X, None)[0]

    def answers(self, points, X, y):
        """`(loss, gradients)` at each of `points`."""
        return self.remote.loss(self.net, points, X, y)

    def losses(self, points, X, y):
        """The loss at each of `points`."""
        return [loss_and_gradients(answer)[0] for answer in self.answers(points, X, y)]

    def loss(self, params, X, y):
        """The loss and its gradients at `params`."""
        loss, gradients = loss_and_gradients(self.answers([params], X, y)[0])
        if isinstance(gradients, dict):
            gradients = {
                name: in_shape_of(value, params.get(name)) for name, value in gradients.items()
            }
        return loss, gradients


class NetworkFunction(Network):
    """`two_layer_net` of 2015, a function of the examples, the parameters, labels and `reg`."""

    def __init__(self, student, reg):
        self.net = student.function(FUNCTION)
        copies = "{k: v.copy() for k, v in p.items()}"
        losses = f"[net(X.copy(), {copies}, y, {reg!r}) for p in points]"
        self.remote = student.define(
            f"type('Losses', (), {{'loss': lambda self, net, points, X, y: {losses}}})()"
        )
        self.remote.description = FUNCTION.rpartition(".")[2]

    def params(self):
        """Zeros for examples of 6 numbers, 5 hidden units and three classes."""
        return {
            "W1": np.zeros((6, 5)),
            "b1": np.zeros(5),
            "W2": np.zeros((5, 3)),
            "b2": np.zeros(3),
        }


def loss_and_gradients(answer):
    """The two of an answer. Raises CheckFailure where it is not two."""
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        check_value(answer, (0.0, 0.0), what=(LOSS, GRADIENTS))
    loss = number(answer[0])
    check_shape(loss, (), what=LOSS)
    return loss, answer[1]


def in_shape_of(value, parameter):
    """A gradient of a bias that came as (1, D), in the shape of the bias."""
    vector = parameter is not None and np.size(parameter) == max(np.shape(parameter), default=0)
    if vector and shape_of(value) is not None and np.size(value) == np.size(parameter):
        return np.reshape(value, np.shape(parameter))
    return value


def check_penalty(make, rng, sizes, X, y, reg):
    """`reg` adds a documented penalty to the loss, and its own slope to the gradients."""
    plain, penalized = make(0.0), make(reg)
    params = plain.some_params(rng, sizes)
    (loss, gradients), (more, steeper) = (net.loss(params, X, y) for net in (plain, penalized))
    weights = [name for name in params if name.startswith("W")]
    squares = sum(float(np.sum(params[name] ** 2)) for name in weights)
    added = np.asarray(more) - np.asarray(loss)
    factor = 1.0 if np.isclose(added, reg * squares, rtol=1e-5) else 0.5
    check_value(added, factor * reg * squares, what=ADDED, hint=EITHER, rtol=1e-5)
    for found in (gradients, steeper):
        if not isinstance(found, dict) or not set(weights) <= set(found):
            check_value(found, {name: params[name] for name in weights}, what=GRADIENTS)
        for name in weights:
            check_shape(found[name], params[name].shape, what=GRADIENTS)
    for name in weights:
        check_value(
            np.asarray(steeper[name]) - np.asarray(gradients[name]),
            2 * factor * reg * params[name],
            what=SLOPE,
            hint=EITHER,
            rtol=1e-5,
            atol=1e-7,
        )
