"""Networks of the second assignment, with weights that the check sets."""

import numpy as np
from cs231n_layers import as_vector, number

from autograder.checks import check_value
from autograder.errors import StudentError

FC_NET = "cs231n.classifiers.fc_net.FullyConnectedNet"
CONV_NET = "cs231n.classifiers.cnn.ThreeLayerConvNet"
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

    def __init__(self, student, name, arguments, ways):
        dtype = student.define("np.float64")
        failure = None
        for keywords in ways:
            try:
                self.net = student.new(name, *arguments, dtype=dtype, **keywords)
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

    def some_params(self, rng):
        """Parameters of the shapes that the network has, none of them zero."""
        params = self.params()
        check_value(isinstance(params, dict), True, what={"en": "`params`", "fa": "`params`"})
        return {name: rng.normal(size=np.shape(params[name])) for name in sorted(params)}

    def scores(self, params, X):
        """Class scores at test time."""
        return self.remote.loss(self.net, [params], X, None)[0]

    def answers(self, points, X, y):
        """`(loss, gradients)` at each of `points`."""
        return self.remote.loss(self.net, points, X, y)

    def losses(self, points, X, y):
        """The loss at each of `points`."""
        return [number(answer[0]) for answer in self.answers(points, X, y)]

    def loss(self, params, X, y):
        """The loss and its gradients at `params`."""
        answer = self.answers([params], X, y)[0]
        if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
            check_value(answer, (0.0, 0.0), what=(LOSS, GRADIENTS))
        loss, gradients = answer
        if isinstance(gradients, dict):
            gradients = {
                name: np.reshape(as_vector(value, np.ravel(params[name])), np.shape(params[name]))
                if name in params and np.size(value) == np.size(params[name])
                else value
                for name, value in gradients.items()
            }
        return number(loss), gradients


def check_penalty(make, rng, X, y, reg):
    """`reg` adds a documented penalty to the loss, and its own slope to the gradients."""
    plain, penalized = make(0.0), make(reg)
    params = plain.some_params(rng)
    (loss, gradients), (more, steeper) = (net.loss(params, X, y) for net in (plain, penalized))
    weights = [name for name in params if name.startswith("W")]
    squares = sum(float(np.sum(params[name] ** 2)) for name in weights)
    added = np.asarray(more) - np.asarray(loss)
    factor = 1.0 if np.isclose(added, reg * squares, rtol=1e-5) else 0.5
    check_value(added, factor * reg * squares, what=ADDED, hint=EITHER, rtol=1e-5)
    for name in weights:
        check_value(
            np.asarray(steeper[name]) - np.asarray(gradients[name]),
            2 * factor * reg * params[name],
            what=SLOPE,
            hint=EITHER,
            rtol=1e-5,
            atol=1e-7,
        )
