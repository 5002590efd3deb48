"""Wrong training loops: learning rate, what is returned, what is kept between steps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.optim import momentum
from reference.schedules import exponential_decay
from reference.training import solver as right
from reference.training.curves import EpochRecord
from reference.training.early_stopping import BestSoFar, EarlyStopping
from reference.training.model import Examples, Model, Parameters
from reference.training.solver import Solver, StopReason, TrainingResult
from reference.training.two_layer import TwoLayerNet


def _schedules(rng: np.random.Generator) -> list[Call]:
    first = float(rng.uniform(0.1, 1))
    return [call(lambda epoch: first * 0.5**epoch)]


def _rates(kind: Any, made: Call) -> Any:
    settings = kind(*made.args)
    return [settings.rate(epoch) for epoch in range(4)]


SOLVER = Component("Solver", Solver, _schedules, _rates)


@SOLVER.wrong(
    "one_epoch_ahead",
    "D50",
    "The first epoch has the second epoch's learning rate",
    "The schedule counts finished epochs: 0 in the first one.",
    "دور نخست نرخ یادگیری دور دوم را دارد",
    "زمان‌بندی دورهای تمام‌شده را می‌شمارد: در دور نخست 0.",
)
class _OneEpochAhead(Solver):
    def rate(self, epoch: int) -> float:
        return super().rate(epoch + 1)


@SOLVER.wrong(
    "never_decayed",
    "D50",
    "The learning rate stays that of the first epoch",
    "Ask the schedule again in each epoch.",
    "نرخ یادگیری همان نرخ دور نخست می‌ماند",
    "در هر دور دوباره از زمان‌بندی بپرسید.",
)
class _NeverDecayed(Solver):
    def rate(self, epoch: int) -> float:
        return super().rate(0)


@SOLVER.wrong(
    "decay_compounded",
    "D50",
    "Each epoch's learning rate is decayed from one already decayed",
    "The schedule gives the rate itself: it is not multiplied with the earlier ones.",
    "نرخ هر دور از نرخی که پیش‌تر کاسته شده باز کاسته می‌شود",
    "زمان‌بندی خود نرخ را می‌دهد: در نرخ‌های پیشین ضرب نمی‌شود.",
)
class _DecayCompounded(Solver):
    def rate(self, epoch: int) -> float:
        first = super().rate(0)
        factors = [Solver.rate(self, i) / first for i in range(epoch + 1)]
        return first * float(np.prod(factors))


def _runs(rng: np.random.Generator) -> list[Call]:
    # All training examples are alike, so the order in which they are drawn changes nothing. The
    # validation labels contradict them, so the first epoch is the best.
    parameters = {
        "W1": 0.3 * rng.normal(size=(4, 6)),
        "b1": np.full(6, 0.5),
        "W2": 0.3 * rng.normal(size=(6, 3)),
        "b2": np.zeros(3),
    }
    images = np.tile(rng.normal(size=4), (7, 1))
    training = Examples(images, np.zeros(7, int))
    validation = Examples(images[:3], np.ones(3, int))
    decayed = Solver(
        lambda epoch: exponential_decay(0.1, epoch, k=0.7),
        rule=momentum,
        epochs=3,
        batch_size=2,
        regularization=0.1,
        abort_ratio=None,
    )
    stopped = Solver(
        0.1,
        epochs=6,
        batch_size=3,
        abort_ratio=None,
        early_stopping=EarlyStopping(patience=2),
    )
    return [
        call(
            TwoLayerNet(4, 6, 3),
            training,
            validation,
            solver=settings,
            rng=np.random.default_rng(0),
            parameters=parameters,
        )
        for settings in (decayed, stopped)
    ]


def _outcome(function: Any, made: Call) -> Any:
    """Return the parameters, those given to start from, and the loss on validation examples."""
    result = function(*made.args, **made.kwargs)
    losses = [record.validation_loss for record in result.curves.epochs]
    return result.parameters, made.kwargs["parameters"], losses


TRAIN = Component("train", right.train, _runs, _outcome)


def _with(kind: type[right._Run]) -> Callable[..., TrainingResult]:
    """Return the training loop around another kind of run."""

    def train(
        model: Model,
        training: Examples,
        validation: Examples | None = None,
        *,
        solver: Solver,
        rng: np.random.Generator,
        parameters: Parameters | None = None,
        states: Mapping[str, Any] | None = None,
        on_epoch: Callable[[EpochRecord], None] | None = None,
    ) -> TrainingResult:
        start = model.initialize(rng) if parameters is None else dict(parameters)
        run, best, stopping = kind(model, solver, rng, start, states), None, solver.early_stopping
        for epoch in range(solver.epochs):
            record = run.epoch(epoch, training, training, validation)
            if on_epoch is not None:
                on_epoch(record)
            if stopping is None:
                continue
            value = getattr(record, stopping.monitor)
            best = stopping.watch(best, epoch + 1, value, run.parameters)
            if stopping.exhausted(best):
                break
        return run.result(StopReason.FINISHED, best)

    return train


def _enter(
    mistake: str, source: str, *texts: str
) -> Callable[[type[right._Run]], type[right._Run]]:
    """Enter the training loop around the decorated kind of run."""

    def enter(kind: type[right._Run]) -> type[right._Run]:
        name, hint, name_fa, hint_fa = texts
        TRAIN.wrong(mistake, source, name, hint, name_fa, hint_fa)(_with(kind))
        return kind

    return enter


@_enter(
    "decayed_each_step",
    "D50",
    "The learning rate is decayed in each step instead of each epoch",
    "An epoch has many steps: the schedule counts finished epochs.",
    "نرخ یادگیری به جای هر دور در هر گام کاسته شده است",
    "هر دور گام‌های بسیار دارد: زمان‌بندی دورهای تمام‌شده را می‌شمارد.",
)
class _DecayedEachStep(right._Run):
    def _update(self, batch: Examples, rate: float) -> float:
        return super()._update(batch, self.solver.rate(len(self.losses)))


@_enter(
    "last_parameters",
    "D41, s.207",
    "The last epoch's parameters are returned instead of the best",
    "With early stopping keep a copy of the best epoch's parameters and restore it.",
    "به جای بهترین پارامترها پارامترهای آخرین دور برگردانده شده‌اند",
    "در توقف زودهنگام نسخه‌ای از پارامترهای بهترین دور را نگه دارید و بازگردانید.",
)
class _LastParameters(right._Run):
    def result(self, stop: StopReason, best: BestSoFar | None) -> TrainingResult:
        return super().result(stop, None)


@_enter(
    "states_reset",
    "D47, D49",
    "The update rule forgets its state at every epoch",
    "Velocity and cache live through the whole run: start them once, before the first epoch.",
    "قاعدهٔ به‌روزرسانی در هر دور حالت خود را فراموش می‌کند",
    "سرعت و حافظه در همهٔ آموزش می‌مانند: یک بار پیش از دور نخست بسازیدشان.",
)
class _StatesReset(right._Run):
    def epoch(self, *args: Any) -> EpochRecord:
        self.states = None
        return super().epoch(*args)


@_enter(
    "gradients_accumulated",
    "D21",
    "The gradients of earlier batches are added to those of this one",
    "Each step starts from gradients of 0; in torch call `zero_grad()` first.",
    "گرادیان‌های دسته‌های پیشین به این دسته افزوده شده‌اند",
    "هر گام از گرادیان 0 آغاز می‌شود؛ در torch نخست `zero_grad()` را صدا بزنید.",
)
class _GradientsAccumulated(right._Run):
    def _step(self, gradients: Parameters, rate: float) -> Any:
        before = getattr(self, "before", {})
        self.before = {name: each + before.get(name, 0) for name, each in gradients.items()}
        return super()._step(self.before, rate)


@_enter(
    "last_batch_dropped",
    "teaching",
    "The last batch of an epoch is left out when it is not full",
    "Every epoch visits every example: the last batch may be smaller.",
    "آخرین دستهٔ هر دور اگر پر نباشد کنار گذاشته شده است",
    "هر دور همهٔ نمونه‌ها را می‌بیند: آخرین دسته می‌تواند کوچک‌تر باشد.",
)
class _LastBatchDropped(right._Run):
    def _batches(self, examples: int) -> Iterator[Array]:
        full = self.solver.batch_size or examples
        return (batch for batch in super()._batches(examples) if len(batch) == full)


@_enter(
    "one_batch_each_epoch",
    "teaching",
    "Each epoch takes a single step",
    "An epoch goes through all batches: ceil(N / batch_size) steps.",
    "هر دور فقط یک گام برمی‌دارد",
    "یک دور از همهٔ دسته‌ها می‌گذرد: `ceil(N / batch_size)` گام.",
)
class _OneBatchEachEpoch(right._Run):
    def _batches(self, examples: int) -> Iterator[Array]:
        yield next(super()._batches(examples))


@_enter(
    "validation_trained_on",
    "D40, s.30",
    "The validation examples are trained on too",
    "They only measure: an update never sees them.",
    "نمونه‌های اعتبارسنجی هم در آموزش به کار رفته‌اند",
    "آن‌ها فقط برای سنجش‌اند: هیچ به‌روزرسانی آن‌ها را نمی‌بیند.",
)
class _ValidationTrainedOn(right._Run):
    def epoch(
        self, epoch: int, training: Examples, sample: Examples, validation: Examples | None
    ) -> EpochRecord:
        if validation is not None:
            training = Examples(
                np.concatenate([training.images, validation.images]),
                np.concatenate([training.labels, validation.labels]),
            )
        return super().epoch(epoch, training, sample, validation)


SOLVERS = (SOLVER, TRAIN)
