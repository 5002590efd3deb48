"""Wrong versions of the network, the step, the predictions and the trainer."""

import numpy as np
from train_a_cnn_versions import changed, right, solution

from autograder.checks import TorchModule
from autograder.checks.tensors import tensor
from autograder.components import Component, wrong_version

NETWORK = (
    "(lambda nn: nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(),"
    " nn.Linear(16, 3)))(__import__('torch').nn)"
)
SGD = "lambda net: __import__('torch').optim.SGD(net.parameters(), lr=0.5)"

# --- build_network ------------------------------------------------------------------------------


def rebuilt(change):
    """The solution's network with its last layer, or all of it, changed."""

    def build_network(channels, classes, size):
        return change(solution().build_network(channels, classes, size), classes)

    return build_network


def loud(network, classes):
    for weight in network[-1].parameters():
        weight.data.normal_(std=1.0)
    return network


def ten_classes(network, classes):
    network[-1] = solution().nn.Linear(network[-1].in_features, 10)
    return network


def heavy(network, classes):
    nn = solution().nn
    hidden = nn.Linear(network[-1].in_features, 4000)
    return nn.Sequential(*network[:-1], hidden, nn.ReLU(), nn.Linear(4000, classes))


def dead(network, classes):
    network[2].bias.data.fill_(-100.0)
    return network


def built(student, rng):
    """Coarse facts of a network: shape, size, first loss, what gets a gradient."""
    network = student.new("build_network", 1, 7, 8)
    images = tensor(student, rng.random((20, 1, 8, 8)).astype(np.float32))
    logits = np.asarray(network.call("__call__", images))
    yield str(logits.shape)
    state = TorchModule().take(student, network)
    yield str(sum(value.size for value in state.values()) <= 20_000)
    yield str(bool(np.abs(logits).max() < 3))
    reached = student.define(
        "lambda net, X: (net(X).pow(2).sum().backward(),"
        " all(p.grad is not None and bool(p.grad.any()) for p in net.parameters()))[1]"
    )
    yield str(reached.call("__call__", network, images))


BUILD = Component(
    "build_network",
    question="network",
    right=right("build_network"),
    wrong=(
        wrong_version(
            "build_network.large_first_weights",
            "The last layer begins with large weights",
            "With small ones all classes are about equally likely: the first loss is ln C.",
            "لایهٔ آخر با وزن‌های بزرگ آغاز می‌کند",
            "با وزن‌های کوچک همهٔ کلاس‌ها کم‌وبیش هم‌احتمال‌اند: هزینهٔ نخست ln C است.",
        )(rebuilt(loud)),
        wrong_version(
            "build_network.ten_classes",
            "There are 10 logits, whatever is asked for",
            "The argument `classes` says how many.",
            "همیشه ۱۰ لاجیت هست، هر چه خواسته شود",
            "آرگومان `classes` می‌گوید چند تا.",
        )(rebuilt(ten_classes)),
        wrong_version(
            "build_network.over_the_budget",
            "A wide linear layer makes the network too large",
            "Pool more before it, or leave it out.",
            "یک لایهٔ خطی پهن شبکه را بیش از اندازه بزرگ کرده است",
            "پیش از آن بیشتر ادغام کنید، یا آن را بردارید.",
        )(rebuilt(heavy)),
        wrong_version(
            "build_network.dead_units",
            "The first units are dead: always 0, so nothing before them learns",
            "Begin with biases near 0.",
            "واحدهای نخست مرده‌اند: همیشه 0 اند و چیزی پیش از آن‌ها نمی‌آموزد",
            "با بایاس‌های نزدیک 0 آغاز کنید.",
        )(rebuilt(dead)),
    ),
    session=built,
    builds_on=("Standardize",),
)

# --- count_parameters ---------------------------------------------------------------------------


def some_networks(student, rng):
    nn = "__import__('torch').nn"
    for network in (
        f"(lambda nn: nn.Sequential(nn.Conv2d(2, 5, 3), nn.BatchNorm2d(5), "
        f"nn.Sequential(nn.Linear(7, 3))))({nn})",
        f"(lambda nn, layer: nn.Sequential(layer, layer))({nn}, {nn}.Linear(4, 4))",
    ):
        yield student.count_parameters(student.define(network))


COUNT = Component(
    "count_parameters",
    question="network",
    right=right("count_parameters"),
    wrong=(
        wrong_version(
            "count_parameters.buffers",
            "Buffers are counted too",
            "Use `parameters()`, not `state_dict()`.",
            "بافرها هم شمرده شده‌اند",
            "`parameters()` را به کار ببرید، نه `state_dict()` را.",
        )(lambda network: sum(value.numel() for value in network.state_dict().values())),
        wrong_version(
            "count_parameters.biases_missing",
            "Biases are left out",
            "Every parameter counts, biases and the two of batch norm too.",
            "بایاس‌ها جا افتاده‌اند",
            "همهٔ پارامترها شمرده می‌شوند، بایاس‌ها و دو پارامتر نرمال‌سازی دسته‌ای هم.",
        )(lambda network: sum(p.numel() for p in network.parameters() if p.dim() > 1)),
        wrong_version(
            "count_parameters.tensors",
            "The tensors are counted, and not the numbers in them",
            "Add up `p.numel()`.",
            "تنسورها شمرده شده‌اند، نه عددهای درون آن‌ها",
            "`p.numel()` را جمع بزنید.",
        )(lambda network: len(list(network.parameters()))),
        wrong_version(
            "count_parameters.top_level",
            "Modules inside other modules are left out",
            "`network.parameters()` goes through all of them.",
            "ماژول‌های درون ماژول‌های دیگر جا افتاده‌اند",
            "`network.parameters()` همه را می‌پیماید.",
        )(
            lambda network: sum(
                p.numel()
                for child in dict.fromkeys(network.children())
                for p in child.parameters(recurse=False)
            )
        ),
    ),
    session=some_networks,
)

# --- train_step ---------------------------------------------------------------------------------


def step(zero=True, mode="train", smooth=True, after=False, number=True, backward=True):
    """A step with one of its lines missing or changed."""

    def train_step(network, optimizer, images, labels, smoothing=0.0):
        smoothing = smoothing if smooth else 0.0
        if mode is not None:
            getattr(network, mode)()
        if zero:
            optimizer.zero_grad()
        loss = solution().smoothed_cross_entropy(network(images), labels, smoothing)
        if backward:
            loss.backward()
            optimizer.step()
        if after:
            loss = solution().smoothed_cross_entropy(network(images), labels, smoothing)
        return loss.item() if number else loss

    return train_step


def three_steps(student, rng):
    """Losses and weights of three steps, and whether batch norm has seen the batches."""
    linear = student.define(
        "(lambda nn: nn.Sequential(nn.Flatten(), nn.Linear(4, 3, bias=False)).double())"
        "(__import__('torch').nn)"
    )
    TorchModule().put(student, linear, {"1.weight": rng.normal(size=(3, 4))})
    optimizer = student.define(SGD).keep("__call__", linear)
    images = tensor(student, rng.normal(size=(6, 1, 2, 2)))
    labels = tensor(student, np.array([0, 2, 1, 1, 0, 2]))
    for _ in range(3):
        loss = student.train_step(linear, optimizer, images, labels, 0.2)
        yield "a tensor" if isinstance(loss, np.ndarray) else "a number"
        yield float(loss)
        yield TorchModule().take(student, linear)["1.weight"]
    network = student.define(NETWORK)
    network.keep("eval")
    optimizer = student.define(SGD).keep("__call__", network)
    X = tensor(student, rng.normal(size=(6, 1, 4, 4)).astype(np.float32))
    student.train_step(network, optimizer, X, labels)
    yield str(int(TorchModule().take(student, network)["1.num_batches_tracked"]) > 0)


STEP = Component(
    "train_step",
    question="step",
    right=step(),
    wrong=(
        wrong_version(
            "train_step.gradients_add_up",
            "The gradients of earlier steps are still there",
            "`optimizer.zero_grad()` in every step.",
            "گرادیان گام‌های پیشین هنوز هست",
            "در هر گام `optimizer.zero_grad()`.",
        )(step(zero=False)),
        wrong_version(
            "train_step.evaluation_mode",
            "The network stays in the mode it was in",
            "`network.train()` before the forward pass.",
            "شبکه در همان حالتی می‌ماند که بود",
            "پیش از گذر رو به جلو `network.train()`.",
        )(step(mode=None)),
        wrong_version(
            "train_step.smoothing_ignored",
            "The argument `smoothing` is not used",
            "Hand it to `smoothed_cross_entropy`.",
            "آرگومان `smoothing` به کار نرفته است",
            "آن را به `smoothed_cross_entropy` بدهید.",
        )(step(smooth=False)),
        wrong_version(
            "train_step.loss_after",
            "The loss after the step is returned",
            "Return the loss that `backward()` was called on.",
            "هزینهٔ پس از گام برگردانده شده است",
            "هزینه‌ای را برگردانید که `backward()` روی آن صدا زده شده است.",
        )(step(after=True)),
        wrong_version(
            "train_step.tensor",
            "A tensor is returned, and not a number",
            "`loss.item()`.",
            "به جای عدد یک تنسور برگردانده شده است",
            "`loss.item()`.",
        )(step(number=False)),
        wrong_version(
            "train_step.nothing_learned",
            "The weights do not change",
            "`loss.backward()` and `optimizer.step()`.",
            "وزن‌ها تغییر نمی‌کنند",
            "`loss.backward()` و `optimizer.step()`.",
        )(step(backward=False)),
    ),
    session=three_steps,
    builds_on=("smoothed_cross_entropy",),
)

# --- predict ------------------------------------------------------------------------------------


def predicting(mode="eval", label=lambda logits: logits.argmax(dim=1), parts=500):
    def predict(network, images):
        torch = solution().torch
        if mode is not None:
            getattr(network, mode)()
        with torch.no_grad():
            batches = torch.as_tensor(images, dtype=torch.float32).split(parts)
            return label(torch.cat([network(part) for part in batches[:3]])).numpy()

    return predict


def some_predictions(student, rng):
    network = student.define(NETWORK)
    weights = {
        name: rng.normal(size=value.shape).astype(np.float32)
        for name, value in TorchModule().take(student, network).items()
        if value.dtype.kind == "f"
    }
    weights |= {"1.running_var": np.full(4, 0.3, np.float32), "1.num_batches_tracked": np.array(4)}
    TorchModule().put(student, network, weights)
    images = rng.normal(size=(600, 1, 4, 4)).astype(np.float32)
    student.define("lambda net: net.train() and None").call("__call__", network)
    yield student.predict(network, images)
    yield int(TorchModule().take(student, network)["1.num_batches_tracked"])


PREDICT = Component(
    "predict",
    question="step",
    right=right("predict"),
    wrong=(
        wrong_version(
            "predict.training_mode",
            "The network is in training mode",
            "`network.eval()`: no dropout, and the running statistics in batch norm.",
            "شبکه در حالت آموزش است",
            "`network.eval()`: بدون دراپ‌اوت و با آماره‌های جاری در نرمال‌سازی دسته‌ای.",
        )(predicting(mode=None)),
        wrong_version(
            "predict.logits",
            "The logits are returned",
            "The label is the place of the largest: `argmax(dim=1)`.",
            "لاجیت‌ها برگردانده شده‌اند",
            "برچسب جایگاه بزرگ‌ترین است: `argmax(dim=1)`.",
        )(predicting(label=lambda logits: logits)),
        wrong_version(
            "predict.smallest",
            "The class with the smallest logit is chosen",
            "The largest logit is the most likely class.",
            "کلاس با کوچک‌ترین لاجیت برگزیده شده است",
            "بزرگ‌ترین لاجیت محتمل‌ترین کلاس است.",
        )(predicting(label=lambda logits: logits.argmin(dim=1))),
        wrong_version(
            "predict.over_the_batch",
            "The maximum is taken over the images, and not over the classes",
            "The classes are axis 1.",
            "بیشینه روی تصویرها گرفته شده است، نه روی کلاس‌ها",
            "کلاس‌ها محور 1 اند.",
        )(predicting(label=lambda logits: logits.argmax(dim=0))),
        wrong_version(
            "predict.some_left_out",
            "Only the first few hundred images get a label",
            "Go through all parts, the last and smaller one too.",
            "تنها چند صد تصویر نخست برچسب می‌گیرند",
            "همهٔ بخش‌ها را بپیمایید، بخش آخر و کوچک‌تر را هم.",
        )(predicting(parts=100)),
    ),
    session=some_predictions,
)

# --- Trainer ------------------------------------------------------------------------------------


def begin_anew(self, images, labels, steps):
    for layer in self.network.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    self.done = 0
    return solution().Trainer.train(self, images, labels, steps)


def last_loss(self, images, labels, steps):
    return solution().Trainer.train(self, images, labels, steps)[-1:]


def never_fitted(self, images, labels, steps):
    self.done = max(self.done, 1)
    return solution().Trainer.train(self, images, labels, steps)


def last_layer_alone(self, network, steps, device="cpu"):
    solution().Trainer.__init__(self, network, steps, device)
    self.optimizer = solution().torch.optim.AdamW(network[-1].parameters())


def stands_still(self, images, labels, steps):
    self.optimizer.step = lambda: None
    return solution().Trainer.train(self, images, labels, steps)


def labels_of_others(self, images, labels, steps):
    return solution().Trainer.train(self, images, np.roll(labels, 1 + self.done), steps)


def short_training(student, rng):
    """Coarse facts of a training: losses, what changed, what the network keeps."""
    X = rng.random((60, 1, 8, 8)).astype(np.float32) + np.float32(3)
    y = np.arange(60) % 10
    network = student.new("build_network", 1, 10, 8)
    trainer = student.new("Trainer", network, 12)
    before = TorchModule().take(student, network)
    yield len(trainer.train(X, y, 6))
    after = TorchModule().take(student, network)
    changed_by = [name for name in before if not np.array_equal(before[name], after[name])]
    yield str(len(changed_by) == len(before)), str(len(changed_by) > len(before) // 2)
    yield str(any(v.size == 1 and abs(float(v.item()) - X.mean()) < 1e-3 for v in after.values()))


def trained_by(trainer):
    """A trainer with a network for it to train."""
    return {"Trainer": trainer, "build_network": right("build_network")}


TRAINER = Component(
    "Trainer",
    question="training",
    right=trained_by(right("Trainer")),
    wrong=(
        wrong_version(
            "Trainer.begins_anew",
            "Each stretch of training begins with new weights",
            "Go on with the network, the optimizer and the count of steps that are there.",
            "هر بخش آموزش با وزن‌های تازه آغاز می‌شود",
            "با همان شبکه، بهینه‌ساز و شمار گام‌ها ادامه دهید.",
        )(trained_by(changed("Trainer", train=begin_anew))),
        wrong_version(
            "Trainer.last_loss",
            "Only the last loss is returned",
            "Return a list with the loss of each step.",
            "تنها هزینهٔ آخر برگردانده شده است",
            "فهرستی با هزینهٔ هر گام برگردانید.",
        )(trained_by(changed("Trainer", train=last_loss))),
        wrong_version(
            "Trainer.never_fitted",
            "The `Standardize` layer never sees the training images",
            "Call its `fit` with the training images in the first stretch.",
            "لایهٔ `Standardize` هرگز تصویرهای آموزشی را نمی‌بیند",
            "در نخستین بخش `fit` آن را با تصویرهای آموزشی صدا بزنید.",
        )(trained_by(changed("Trainer", train=never_fitted))),
        wrong_version(
            "Trainer.last_layer_alone",
            "The optimizer knows the last layer only",
            "Give it `network.parameters()`.",
            "بهینه‌ساز تنها لایهٔ آخر را می‌شناسد",
            "`network.parameters()` را به آن بدهید.",
        )(trained_by(changed("Trainer", __init__=last_layer_alone))),
        wrong_version(
            "Trainer.stands_still",
            "Training does not change the network",
            "Each step needs `backward()` and `optimizer.step()`.",
            "آموزش شبکه را تغییر نمی‌دهد",
            "هر گام به `backward()` و `optimizer.step()` نیاز دارد.",
        )(trained_by(changed("Trainer", train=stands_still))),
        wrong_version(
            "Trainer.labels_of_others",
            "The labels do not belong to the images",
            "Take the labels with the same indices as the images.",
            "برچسب‌ها از آنِ تصویرها نیستند",
            "برچسب‌ها را با همان اندیس‌های تصویرها بردارید.",
        )(trained_by(changed("Trainer", train=labels_of_others))),
    ),
    session=short_training,
    builds_on=(
        *("build_network", "train_step", "minibatches", "learning_rate"),
        *("Standardize", "random_crop", "mirror", "smoothed_cross_entropy"),
    ),
)

LEARNING = [BUILD, COUNT, STEP, PREDICT, TRAINER]
