"""Checks of the network: its logits, its size, its first loss, its gradients (slides s.189-193)."""

import numpy as np
import pytest

from autograder.checks import TorchModule, check_equal, check_finite, check_shape, check_value
from autograder.checks.tensors import tensor
from autograder.errors import CheckFailure, FailureDetails

LOGITS = {"en": "the logits", "fa": "لاجیت‌ها"}
COUNT = {"en": "the number of parameters", "fa": "شمار پارامترها"}
FIRST = {"en": "the loss before training", "fa": "هزینهٔ پیش از آموزش"}

# channels, size and the most numbers in the state_dict, for each data set
IMAGES = {"digits": (1, 8, 20_000), "mnist": (1, 28, 60_000), "cifar10": (3, 32, 300_000)}

TWO_LAYERS = (
    "(lambda nn: nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(),"
    " nn.Sequential(nn.ReLU(), nn.Linear(72, 10))))(__import__('torch').nn)"
)
SHARED = (
    "(lambda nn, layer: nn.Sequential(layer, nn.ReLU(), layer))"
    "(__import__('torch').nn, __import__('torch').nn.Linear(6, 6))"
)
WITHOUT_GRADIENT = (
    "lambda net, X, y: (__import__('torch').nn.functional.cross_entropy(net(X), y).backward(),"
    " [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()])[1]"
)


def images_of(rng, samples, data):
    channels, size, _ = IMAGES[data]
    return rng.random((samples, channels, size, size)).astype(np.float32)


def build(student, data, classes=10):
    channels, size, _ = IMAGES[data]
    return student.new("build_network", channels, classes, size)


def fail(en, fa, **shown):
    raise CheckFailure(FailureDetails({"en": en, "fa": fa}, **shown))


@pytest.mark.parametrize("data", sorted(IMAGES))
@pytest.mark.points(1, question="network")
def test_logits_for_each_class(student, rng, data):
    """The network gives one logit for each image and each class.

    fa: شبکه برای هر تصویر و هر کلاس یک لاجیت می‌دهد.
    """
    for classes in (10, 7):
        network = build(student, data, classes)
        got = network.call("__call__", tensor(student, images_of(rng, 5, data)))
        check_shape(got, (5, classes), what=LOGITS)
        check_finite(got, what=LOGITS)


@pytest.mark.parametrize("data", sorted(IMAGES))
@pytest.mark.points(1, question="network")
def test_the_network_is_within_its_budget(student, data):
    """The network's `state_dict()` holds no more numbers than the budget allows.

    fa: درون `state_dict()` شبکه بیش از بودجه عدد نیست.
    hint: The last linear layer is often the largest: pool more before it.
    hint-fa: بزرگ‌ترین لایه بیشتر همان لایهٔ خطی آخر است: پیش از آن بیشتر ادغام کنید.
    """
    most = IMAGES[data][2]
    state = TorchModule().take(student, build(student, data))
    count = sum(value.size for value in state.values())
    if not 10 <= count <= most:
        fail(
            "The network's `state_dict()` is not within the budget.",
            "درون `state_dict()` شبکه به اندازهٔ بودجه نیست.",
            expected=f"10 … {most}",
            got="\n".join([str(count), *(f"{name}: {v.shape}" for name, v in state.items())]),
            call="build_network({}, 10, {})".format(*IMAGES[data][:2]),
        )


@pytest.mark.points(3, question="network")
def test_parameters_are_counted(student):
    """A convolution, a batch norm and a linear layer have 970 parameters; buffers do not count.

    fa: یک لایهٔ کانولوشن، یک نرمال‌سازی دسته‌ای و یک لایهٔ خطی ۹۷۰ پارامتر دارند؛ بافرها شمرده نمی‌شوند.
    hint: 8 * 3 * 3 * 3 + 8, then 2 * 8, then 72 * 10 + 10.
    hint-fa: 8 * 3 * 3 * 3 + 8، سپس 2 * 8، سپس 72 * 10 + 10.
    """
    network = student.define(TWO_LAYERS)
    check_equal(student.count_parameters(network), 224 + 16 + 730, what=COUNT)


@pytest.mark.points(1, question="network", visibility="hidden")
def test_shared_parameters_count_once(student):
    """A layer that is used twice has its parameters once.

    fa: لایه‌ای که دو بار به کار رفته پارامترهایش را یک بار دارد.
    """
    check_equal(student.count_parameters(student.define(SHARED)), 42, what=COUNT)


@pytest.mark.parametrize("data", ["digits", "cifar10"])
@pytest.mark.points(2, question="network", requires=["test_logits_for_each_class"])
def test_the_first_loss_is_ln_of_the_classes(student, rng, data):
    """Before training the loss is about ln 10 = 2.30, as no class is likelier than another.

    fa: پیش از آموزش هزینه نزدیک ln 10 = 2.30 است، چون هیچ کلاسی محتمل‌تر از دیگری نیست.
    hint: Give the last layer small weights, so that all logits are near 0.
    hint-fa: به لایهٔ آخر وزن‌های کوچک بدهید تا همهٔ لاجیت‌ها نزدیک 0 باشند.
    """
    labels = np.arange(60) % 10
    network = build(student, data)
    logits = np.asarray(network.call("__call__", tensor(student, images_of(rng, 60, data))))
    check_shape(logits, (60, 10), what=LOGITS)
    top = logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]
    loss = float(np.mean(log_sum - logits[np.arange(60), labels]))
    check_value(loss, np.log(10), what=FIRST, rtol=0.15)


@pytest.mark.parametrize("data", sorted(IMAGES))
@pytest.mark.points(1, question="network", requires=["test_logits_for_each_class"])
def test_every_parameter_gets_a_gradient(student, rng, data):
    """The gradient of the loss reaches every parameter of the network.

    fa: گرادیان هزینه به همهٔ پارامترهای شبکه می‌رسد.
    hint: A layer that is built in `__init__` and not used in `forward` learns nothing; neither
        does one behind units that are always 0.
    hint-fa: لایه‌ای که در `__init__` ساخته شده و در `forward` به کار نرفته چیزی نمی‌آموزد؛ لایه‌ای
        هم که پشت واحدهای همیشه 0 است نمی‌آموزد.
    """
    asked = student.define(WITHOUT_GRADIENT)
    X = tensor(student, images_of(rng, 30, data))
    left_out = asked.call("__call__", build(student, data), X, tensor(student, np.arange(30) % 10))
    if left_out:
        fail(
            "No gradient reaches some of the parameters.",
            "به برخی از پارامترها گرادیانی نمی‌رسد.",
            got=", ".join(map(str, left_out)),
            call="build_network({}, 10, {})".format(*IMAGES[data][:2]),
        )
