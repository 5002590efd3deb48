"""A student's network, trained stretch by stretch: counted, watched and carried over by the grader.

::

    network = Network(
        student,
        build=lambda task: student.new("LinearClassifier"),
        fit=lambda net, task, steps: net.train(task.X_train, task.y_train, num_iters=steps),
        steps=300,
        parameters=Attributes("W"),
    )
    check_training_accuracy(network, student=student, budget=Budget(5, parameters=650), ...)

What the network learned is taken out of the student's process as plain numbers, counted, and put
into a new network in a fresh process, which alone is asked for the labels of the held-out samples.
So a network cannot keep more than its parameters: neither the training samples nor anything that
was found out about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.checks.answers import numbers
from autograder.checks.curves import make_curve
from autograder.checks.display import number
from autograder.checks.losses import loss_array
from autograder.checks.student import RemoteObject, Student
from autograder.checks.tasks import Samples, Task
from autograder.checks.topic import topic
from autograder.checks.training import Trained, label_array
from autograder.errors import CheckFailure, FailureDetails, StudentError
from autograder.records import Curve, CurveKind
from autograder.texts import text

SEEN = 500
"""At most so many training samples are asked for their labels, to compare with held-out ones."""

LOOKED_AT = 1000
"""At most so many held-out samples are labelled on the way; at the end all are."""

LARGE = 1 << 23
"""Training samples of more bytes are sent once; others with every stretch, so that code that
changes them in place changes its own copy only."""

AGREEMENT = 0.95
"""The new network gives at least this part of the labels that the trained one gave."""

State = Mapping[str, NDArray[Any]]
"""The parameters of a network by their names."""


class Parameters(Protocol):
    """How the parameters of a network are taken out, and put into another."""

    @property
    def names(self) -> str:
        """Where they are, for messages."""

    def take(self, student: Student, network: RemoteObject) -> State | None:
        """All parameters as plain arrays; None where there are none yet."""

    def put(self, student: Student, network: RemoteObject, state: State) -> None:
        """Put them into another network of the same kind."""


class Attributes:
    """Attributes of the object that hold arrays, or dicts of arrays: `Attributes("W1", "b1")`."""

    def __init__(self, *names: str) -> None:
        if not names:
            raise ValueError('Attributes needs names of attributes, as in Attributes("W", "b")')
        self._names = names

    @property
    def names(self) -> str:
        """The attributes' names."""
        return ", ".join(f"`{name}`" for name in self._names)

    def take(self, student: Student, network: RemoteObject) -> State | None:
        """The attributes as arrays, entries of dicts under `name.key`."""
        state: dict[str, NDArray[Any]] = {}
        for name in self._names:
            value = self._value(network, name)
            if value is None:
                return None
            entries = value if isinstance(value, dict) else {"": value}
            for key, entry in entries.items():
                state[f"{name}.{key}"] = numbers(entry, topic("the weights"))
        return state

    def _value(self, network: RemoteObject, name: str) -> object:
        try:
            return network.get(name)
        except StudentError as error:  # many networks have no weights before they see the data
            if error.kind != "MissingName":
                raise
            return None

    def put(self, student: Student, network: RemoteObject, state: State) -> None:
        """Set the attributes."""
        for name in self._names:
            entries = {
                key[len(name) + 1 :]: value
                for key, value in state.items()
                if key.startswith(f"{name}.")
            }
            network.set(name, entries[""] if list(entries) == [""] else entries)


class TorchModule:
    """The `state_dict` of a torch module: parameters, and buffers such as running means."""

    names = "`state_dict()`"

    def take(self, student: Student, network: RemoteObject) -> State | None:
        """All entries as arrays."""
        taking = student.define(
            "lambda net: {k: v.detach().cpu().numpy() for k, v in net.state_dict().items()}"
        )
        entries = taking.call("__call__", network)
        if not isinstance(entries, dict):
            return None
        about = topic("the weights")
        return {str(name): numbers(value, about) for name, value in entries.items()}

    def put(self, student: Student, network: RemoteObject, state: State) -> None:
        """Load them strictly: every entry, and no other."""
        putting = student.define(
            "lambda net, state: net.load_state_dict("
            "{k: __import__('torch').as_tensor(v) for k, v in state.items()}) and None"
        )
        putting.call("__call__", network, dict(state))


@dataclass(frozen=True)
class Network:
    """A `train` for `check_training_accuracy`; calling it trains one network on one task."""

    student: Student
    build: Callable[[Task], RemoteObject]
    """A new network."""
    fit: Callable[[RemoteObject, Task, int], object]
    """So many further steps from where the network is; returns the loss of each."""
    steps: int | Callable[[Task], int]
    """In all; `lambda task: task.steps(64)` takes them from the budget."""
    parameters: Parameters
    predict: Callable[[RemoteObject, Samples], object] = lambda network, X: network.predict(X)
    hidden: Callable[[RemoteObject, Samples], Sequence[object]] | None = None
    """Activations (N, H) of the hidden layers, to see dead units."""
    looks: int = 10
    """How often on the way accuracy and update are measured."""

    def __call__(self, task: Task) -> Trained:
        """Train, count, carry over and predict."""
        network = self.build(task)
        losses, curves = self._train(network, task)
        hidden = self._hidden(network, task)
        before = self._labels(network, task.X_test, task)
        seen = task.seen(SEEN)
        train_accuracy = seen.accuracy(self._labels(network, seen.X_test, task))
        state = self.parameters.take(self.student, network)
        if state is None:
            raise CheckFailure(
                FailureDetails(
                    text(
                        "After training there is nothing in {names}, where the parameters belong.",
                        names=self.parameters.names,
                    )
                )
            )
        parameters = self._count(state, task)
        labels = self._carried(state, task)
        if not np.mean(labels == before) >= AGREEMENT:
            raise CheckFailure(self._not_carried(float(np.mean(labels == before))))
        return Trained(labels, losses, train_accuracy, hidden, curves, parameters)

    def _train(
        self, network: RemoteObject, task: Task
    ) -> tuple[NDArray[np.float64], tuple[Curve, ...]]:
        steps = self.steps if isinstance(self.steps, int) else self.steps(task)
        student = self.student
        there = task
        if task.X_train.nbytes > LARGE:
            kept: Any = student.keep(task.X_train)
            there = replace(task, X_train=kept)
        progress = _Progress()
        for stretch in np.array_split(np.arange(steps), min(self.looks, steps) or 1):
            weights = self.parameters.take(student, network)
            progress.losses += self._fit(network, there, 1)
            progress.update(weights, self.parameters.take(student, network))
            if len(stretch) > 1:
                progress.losses += self._fit(network, there, len(stretch) - 1)
            judged = (task.seen(SEEN), task.held_out(LOOKED_AT))
            training, held_out = (
                part.accuracy(self._labels(network, part.X_test, task)) for part in judged
            )
            progress.accuracies(training, held_out)
        return np.array(progress.losses), progress.curves()

    def _fit(self, network: RemoteObject, task: Task, steps: int) -> list[float]:
        losses = loss_array(self.fit(network, task, steps), topic("the losses"))
        if len(losses) != steps:
            raise CheckFailure(
                FailureDetails(
                    text(
                        "One loss for each of {steps} steps is asked for, and {count} came back.",
                        steps=steps,
                        count=len(losses),
                    )
                )
            )
        return [float(loss) for loss in losses]

    def _labels(self, network: RemoteObject, X: Samples, task: Task) -> NDArray[Any]:
        predictions = self.predict(network, X)
        return label_array(predictions, len(X), task.classes, topic("the predicted labels"))

    def _hidden(self, network: RemoteObject, task: Task) -> Sequence[NDArray[Any]]:
        if self.hidden is None:
            return ()
        about = topic("the output")
        layers = [numbers(layer, about) for layer in self.hidden(network, task.X_test)]
        return [layer.reshape(len(layer), -1) for layer in layers if layer.ndim >= 2]

    def _count(self, state: State, task: Task) -> int:
        count = sum(value.size for value in state.values())
        most = None if task.budget is None else task.budget.parameters
        if most is not None and count > most:
            raise CheckFailure(
                FailureDetails(
                    text(
                        "The network keeps {count} numbers in {names}; the budget is {most}.",
                        count=count,
                        names=self.parameters.names,
                        most=most,
                    ),
                    expected=f"<= {most}",
                    got="\n".join(
                        f"{name.rstrip('.')}: {value.shape}" for name, value in state.items()
                    ),
                )
            )
        return count

    def _carried(self, state: State, task: Task) -> NDArray[Any]:
        """The labels that a new network in a fresh process gives with these parameters alone."""
        self.student.restart()
        self.student.reseed(task.seed)
        network = self.build(task)
        self.parameters.put(self.student, network, state)
        return self._labels(network, task.X_test, task)

    def _not_carried(self, agreement: float) -> FailureDetails:
        return FailureDetails(
            text(
                "A new network with the same parameters ({names}) labels the held-out samples "
                "otherwise: all that was learned must be in them.",
                names=self.parameters.names,
            ),
            expected="1",
            got=f"{number(agreement, 3)} of the labels are the same",
        )


class _Progress:
    """What is seen of a training on its way."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self._ratios: list[tuple[int, float]] = []
        self._accuracies: list[tuple[int, float, float]] = []

    def update(self, before: State | None, after: State | None) -> None:
        """The step just taken: norm of the change over norm of the weights (slides s.209)."""
        if before is None or after is None or before.keys() != after.keys():
            return
        if any(before[name].shape != after[name].shape for name in before):
            return
        change = sum(float(np.sum((after[name] - before[name]) ** 2.0)) for name in before)
        size = sum(float(np.sum(before[name] ** 2.0)) for name in before)
        ratio = float(np.sqrt(change / size)) if size > 0 else float("nan")
        self._ratios.append((len(self.losses), ratio))

    def accuracies(self, training: float, held_out: float) -> None:
        """On training samples and on held-out ones, after the steps taken so far."""
        self._accuracies.append((len(self.losses), training, held_out))

    def curves(self) -> tuple[Curve, ...]:
        """What was seen, as records."""
        steps = [step for step, _, _ in self._accuracies]
        training = np.array([value for _, value, _ in self._accuracies])
        held_out = np.array([value for _, _, value in self._accuracies])
        ratios = np.array([ratio for _, ratio in self._ratios])
        curves = [
            make_curve(CurveKind.TRAIN_ACCURACY, training, steps),
            make_curve(CurveKind.TEST_ACCURACY, held_out, steps),
        ]
        if len(ratios):
            at = [step for step, _ in self._ratios]
            curves.append(make_curve(CurveKind.UPDATE_RATIO, ratios, at))
        return tuple(curves)
