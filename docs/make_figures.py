"""Make the figures of docs/reference: python docs/make_figures.py [--folder FOLDER] [NAME ...].

Every figure comes from the reference library itself and from fixed seeds. Needs the project
installed (`pip install -e .[dev]`).
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import network_figures
import numpy as np
from matplotlib.figure import Figure
from network_figures import centred, digits, rng

from reference import (
    activations,
    gradients,
    graph,
    init,
    layers,
    linear,
    losses,
    neighbors,
    normalization,
    optim,
    schedules,
    training,
    visualize,
)
from reference.architectures.catalogue import account_of
from reference.arrays import FloatArray
from reference.data import augmentation, loaders, preprocessing

FOLDER = Path(__file__).parent / "reference" / "figures"
DPI = 80


def data_figure() -> Figure:
    """Digits as they are, augmented, and whitened."""
    images = loaders.load_digits().images[:800] / 16
    some = images[10:20]
    rows = preprocessing.flatten(images)
    white = preprocessing.Whitening.fit(rows, eps=1e-2).transform(rows[10:20])
    kinds = {
        "as they are": some,
        "shifted by up to 1 pixel": augmentation.shift(some, rng(), pixels=1),
        "rotated by up to 25°": augmentation.rotate(some, rng(), degrees=25),
        "with noise, std 0.15": np.clip(augmentation.noise(some, rng(), std=0.15), 0, 1),
        "whitened (ZCA)": visualize.unit_range_images(white.reshape(some.shape)),
    }
    figure = Figure(figsize=(5, 4.2), layout="constrained")
    for axes, (name, row) in zip(figure.subplots(len(kinds), 1), kinds.items(), strict=True):
        axes.imshow(visualize.tile(row, columns=10), cmap="gray", vmin=0, vmax=1)
        axes.set_title(name, fontsize=9)
        axes.set_axis_off()
    return figure


def neighbors_figure() -> Figure:
    """Five-fold accuracy of kNN on the digits over k, for both distances."""
    loaded = loaders.load_digits()
    rows, labels = preprocessing.flatten(loaded.images)[:600], loaded.labels[:600]
    ks = [1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50]
    result = neighbors.cross_validate(rows, labels, ks=ks, folds=5, rng=rng())
    figure = Figure(figsize=(5, 3), layout="constrained")
    axes = figure.subplots()
    for color, metric in zip(("C0", "C1"), neighbors.METRICS, strict=True):
        folds = np.array([result.accuracies[metric, k] for k in ks])
        axes.plot(np.repeat(ks, 5), folds.ravel(), ".", color=color, alpha=0.3)
        axes.errorbar(
            ks, folds.mean(axis=1), folds.std(axis=1), color=color, capsize=2, label=metric
        )
    axes.set(xlabel="k", ylabel="validation accuracy", title="600 digits, 5 folds")
    axes.legend()
    return figure


def losses_figure() -> Figure:
    """Losses over the margin, and the templates of a linear classifier."""
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    curves, templates = figure.subplots(1, 2, width_ratios=(1, 1.3))
    margins = np.linspace(-2, 3, 201)
    scores, labels = np.stack([margins, np.zeros_like(margins)], axis=1), np.zeros(201, int)
    curves.plot(margins, losses.hinge_per_example(scores, labels), label="hinge")
    squared = losses.hinge_per_example(scores, labels, squared=True)
    curves.plot(margins, squared, label="squared hinge")
    curves.plot(margins, losses.cross_entropy_per_example(scores, labels), label="softmax")
    curves.set(xlabel="score of the right class minus the other", ylabel="loss", ylim=(-0.2, 6))
    curves.legend()
    classifier = linear.SoftmaxClassifier(strength=1e-3)
    train, _ = digits()
    rows = preprocessing.flatten(centred(train.images))
    classifier.train(rows, train.labels, learning_rate=0.5, steps=300, rng=rng())
    pictures = visualize.filter_images(visualize.affine_filters(classifier.weights, (1, 8, 8)))
    templates.imshow(visualize.tile(pictures, columns=5), cmap="gray", vmin=0, vmax=1)
    templates.set_title("templates of the digits 0 to 9 (softmax)", fontsize=9)
    templates.set_axis_off()
    return figure


def gradients_figure() -> Figure:
    """Error of the three difference quotients over the step."""
    point = np.array([0.3, -1.2, 2.0])
    steps = np.logspace(-15, -1, 57)

    def f(x: FloatArray) -> FloatArray:
        return np.sum(np.exp(x) * np.sin(3 * x))

    exact = np.exp(point) * (np.sin(3 * point) + 3 * np.cos(3 * point))
    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    kinds = ("forward_difference", "central_difference", "complex_step")
    for name in kinds:
        quotient = getattr(gradients, name)
        errors = [gradients.relative_error(quotient(f, point, h=h), exact) for h in steps]
        axes.loglog(steps, np.maximum(errors, 1e-17), label=name.replace("_", " "))
    axes.axvline(1e-5, color="black", linestyle="--", linewidth=0.8, label="h = 1e-5")
    axes.set(xlabel="step h", ylabel="relative error")
    axes.legend(fontsize=8)
    return figure


def graph_figure() -> Figure:
    """The sigmoid neuron of the slides with every value (above) and gradient (below)."""
    neuron = graph.sigmoid_neuron()
    neuron.forward(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    slopes = neuron.backward()
    places = {
        "w0": (0, 6), "x0": (0, 4.5), "w1": (0, 3), "x1": (0, 1.5), "w2": (2, 0.7),
        "w0x0": (1, 5.25), "w1x1": (1, 2.25), "products": (2, 3.75), "sum": (3, 3.75),
        "negative": (4, 3.75), "exponential": (5, 3.75), "denominator": (6, 3.75), "f": (7, 3.75),
    }  # fmt: skip
    signs = {
        "w0x0": "×", "w1x1": "×", "products": "+", "sum": "+", "negative": "×(−1)",
        "exponential": "exp", "denominator": "+1", "f": "1/x",
    }  # fmt: skip
    edges = [
        ("w0", "w0x0"), ("x0", "w0x0"), ("w1", "w1x1"), ("x1", "w1x1"), ("w0x0", "products"),
        ("w1x1", "products"), ("products", "sum"), ("w2", "sum"), ("sum", "negative"),
        ("negative", "exponential"), ("exponential", "denominator"), ("denominator", "f"),
    ]  # fmt: skip
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    axes = figure.subplots()
    for start, end in edges:
        arrow = {"arrowstyle": "->", "color": "grey", "shrinkA": 14, "shrinkB": 14}
        axes.annotate("", places[end], places[start], arrowprops=arrow)
    for name, (x, y) in places.items():
        box = {"boxstyle": "round" if name in signs else "square", "fc": "white", "ec": "grey"}
        axes.text(x, y, signs.get(name, name), ha="center", va="center", fontsize=9, bbox=box)
        axes.text(x, y + 0.38, f"{float(neuron.values[name]):.4g}", ha="center", color="C2")
        axes.text(x, y - 0.66, f"{float(slopes[name]):.4g}", ha="center", color="C3")
    axes.set(xlim=(-0.5, 7.5), ylim=(-0.2, 6.8))
    axes.set_axis_off()
    return figure


def activations_figure() -> Figure:
    """Activation functions, and the std of ten layers for each initialization."""
    figure = Figure(figsize=(8.5, 3.2), layout="constrained")
    curves, spread = figure.subplots(1, 2)
    x = np.linspace(-3, 3, 121)
    functions = {
        "sigmoid": activations.sigmoid_forward,
        "tanh": activations.tanh_forward,
        "ReLU": activations.relu_forward,
        "leaky ReLU, slope 0.1": partial(activations.leaky_relu_forward, slope=0.1),
        "ELU": activations.elu_forward,
    }
    for name, forward in functions.items():
        curves.plot(x, forward(x)[0], label=name)
    curves.set(xlabel="x", ylim=(-1.3, 3))
    curves.legend(fontsize=8)
    cases: dict[str, tuple[init.ActivationName, init.Initializer]] = {
        "tanh, std 0.01": ("tanh", init.small_random),
        "tanh, std 1": ("tanh", partial(init.small_random, std=1.0)),
        "tanh, Xavier": ("tanh", init.xavier_slides),
        "ReLU, Xavier": ("relu", init.xavier_slides),
        "ReLU, He": ("relu", init.he),
    }
    for name, (activation, initializer) in cases.items():
        statistics = init.ten_layer_experiment(
            activation=activation, initializer=initializer, rng=rng(), examples=300, width=300
        )
        spread.semilogy(range(1, 11), [each.std for each in statistics], ".-", label=name)
    spread.set(xlabel="layer", ylabel="std of the activations", ylim=(1e-8, 5))
    spread.legend(fontsize=8, loc="lower left")
    return figure


def layers_figure() -> Figure:
    """A digit through fixed filters and a pooling."""
    image = np.kron(loaders.load_digits().images[5, 0] / 16, np.ones((3, 3)))
    edges = [layers.correlate2d_forward(image, k)[0] for k in (layers.SOBEL_X, layers.SOBEL_Y)]
    batch = image[None, None]
    pictures = {
        "image": image,
        "blur (correlation)": layers.correlate2d_forward(image, layers.BLUR)[0],
        "Sobel x: vertical edges": edges[0],
        "Sobel y: horizontal edges": edges[1],
        "max pooling 3 × 3": layers.max_pool2d_forward(batch, 3)[0][0, 0],
        "average pooling 6 × 6": layers.average_pool2d_forward(batch, 6)[0][0, 0],
    }
    figure = Figure(figsize=(6.5, 4.6), layout="constrained")
    for axes, (name, picture) in zip(figure.subplots(2, 3).ravel(), pictures.items(), strict=True):
        axes.imshow(picture, cmap="gray")
        axes.set_title(f"{name}\n{picture.shape[0]} × {picture.shape[1]}", fontsize=8)
        axes.set_axis_off()
    return figure


def normalization_figure() -> Figure:
    """Which inputs share a mean with one output: where its gradient is not 0."""
    x = rng().normal(size=(6, 6, 2, 2))
    one, each = np.ones(6), np.ones((6, 2, 2))
    kinds = {
        "batch": (partial(normalization.batch_norm_forward, x, one, one), "batch_norm_backward"),
        "layer": (partial(normalization.layer_norm_forward, x, each, each), "layer_norm_backward"),
        "instance": (
            partial(normalization.instance_norm_forward, x, one, one),
            "instance_norm_backward",
        ),
        "group (G = 3)": (
            partial(normalization.group_norm_forward, x, one, one, groups=3),
            "group_norm_backward",
        ),
    }
    figure = Figure(figsize=(8, 2.4), layout="constrained")
    for axes, (name, (forward, backward)) in zip(figure.subplots(1, 4), kinds.items(), strict=True):
        _, cached = forward()
        dout = np.zeros_like(x)
        dout[2, 3, 0, 0] = 1
        reached = np.abs(getattr(normalization, backward)(dout, cached).x).sum(axis=(2, 3)) > 1e-12
        axes.imshow(reached, cmap="Blues", vmin=0, vmax=1.4)
        axes.plot(3, 2, "o", color="C3")
        axes.set(title=name, xlabel="channel", xticks=range(6), yticks=range(6))
    figure.axes[0].set_ylabel("example")
    return figure


def optimizers_figure() -> Figure:
    """Paths of the update rules over a narrow bowl, and the schedules."""
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    bowl, rates = figure.subplots(1, 2, width_ratios=(1.4, 1))
    steep = np.array([1.0, 20.0])
    grid = np.meshgrid(np.linspace(-2.2, 0.6, 60), np.linspace(-1.1, 1.1, 60))
    height = (grid[0] ** 2 * steep[0] + grid[1] ** 2 * steep[1]) / 2
    bowl.contour(*grid, height, levels=np.linspace(0.1, 3.3, 7) ** 2, colors="lightgrey")
    rules = {
        "SGD": (optim.sgd, 0.09), "momentum": (optim.momentum, 0.02),
        "Nesterov": (optim.nesterov, 0.02), "AdaGrad": (optim.adagrad, 0.4),
        "RMSProp": (optim.rmsprop, 0.06), "Adam": (optim.adam, 0.15),
    }  # fmt: skip
    for name, (rule, rate) in rules.items():
        x, state, path = np.array([-2.0, 0.9]), None, []
        for _ in range(30):
            path.append(x)
            x, state = rule(x, steep * x, state, learning_rate=rate)
        bowl.plot(*np.array(path).T, ".-", markersize=3, linewidth=1, label=name)
    bowl.plot(0, 0, "k*")
    bowl.set(title="30 steps on f = (x² + 20 y²) / 2", xlim=(-2.2, 0.8), ylim=(-1.1, 1.1))
    bowl.legend(fontsize=7, loc="lower left", ncols=2)
    t = np.arange(101)
    decays = {
        "step, every 25": partial(schedules.step_decay, every=25),
        "exponential, k = 0.03": partial(schedules.exponential_decay, k=0.03),
        "1/t, k = 0.03": partial(schedules.inverse_time_decay, k=0.03),
        "cosine, total 100": partial(schedules.cosine_decay, total=100),
    }
    for name, decay in decays.items():
        rates.plot(t, [decay(1.0, float(each)) for each in t], label=name)
    rates.set(title="learning rate, from 1", xlabel="t")
    rates.legend(fontsize=7)
    return figure


def training_figure() -> Figure:
    """Losses of four learning rates, and the gap between training and validation."""
    train, validation = digits()
    flat = [
        training.Examples(preprocessing.flatten(centred(each.images)), each.labels)
        for each in (train.take(slice(200)), validation)
    ]
    model = training.TwoLayerNet(inputs=64, hidden=50, classes=10, weight_scale=0.05)
    figure = Figure(figsize=(8.5, 3.2), layout="constrained")
    curves, gap = figure.subplots(1, 2)
    for rate in (0.01, 0.1, 0.3, 20.0):
        solver = training.Solver(learning_rate=rate, epochs=30, batch_size=50)
        run = training.train(model, *flat, solver=solver, rng=rng())
        series = visualize.loss_series(run.curves, window=4)
        curves.plot(series.x, series.y, label=f"{rate:g}: {run.stop.value}")
        if rate == 0.3:
            epochs = run.curves.epochs
            numbers = [each.epoch for each in epochs]
            gap.plot(numbers, [each.training_accuracy for each in epochs], label="training")
            gap.plot(numbers, [each.validation_accuracy for each in epochs], label="validation")
    curves.set(xlabel="update", ylabel="loss", yscale="log", title="learning rates")
    curves.legend(fontsize=8)
    gap.set(xlabel="epoch", ylabel="accuracy", title="learning rate 0.3, 200 examples")
    gap.legend(fontsize=8)
    return figure


def architectures_figure() -> Figure:
    """Parameters against multiply-adds of the ImageNet networks."""
    names = (
        "alexnet", "alexnet_grouped", "vgg11", "vgg19", "googlenet", "nin", "resnet18",
        "resnet50", "resnet152", "densenet121", "densenet201", "condensenet74", "squeezenet1.0",
        "squeezenet1.1",
    )  # fmt: skip
    left = ("alexnet_grouped", "condensenet74", "vgg11", "nin", "densenet201", "squeezenet1.1")
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for name in names:
        costs = account_of(name)
        axes.loglog(costs.multiply_adds / 1e9, costs.parameters / 1e6, "o", color="C0")
        side, factor = ("right", 0.93) if name in left else ("left", 1.08)
        place = (costs.multiply_adds / 1e9 * factor, costs.parameters / 1e6)
        axes.annotate(name, place, fontsize=8, va="center", ha=side)
    axes.set(xlabel="multiply-adds, 10⁹", ylabel="parameters, 10⁶", xlim=(0.13, 50))
    axes.grid(which="both", alpha=0.2)
    return figure


def misconceptions_figure() -> Figure:
    """The hinge loss of the slides' scores, by the right version and by every known wrong one."""
    from reference.misconceptions import COMPONENTS

    scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    labels = np.array([0, 1, 2])
    hinge = COMPONENTS["hinge"]
    names = ["right", *(each.id.partition(".")[2] for each in hinge.known)]
    versions = [hinge.right, *(each.function for each in hinge.known)]
    values = [float(version(scores, labels)[0]) for version in versions]
    figure = Figure(figsize=(7, 0.25 * len(names) + 0.6), layout="constrained")
    axes = figure.subplots()
    colors = ["C3" if abs(value - values[0]) > 1e-9 else "C1" for value in values]
    bars = axes.barh(names, values, color=["C2", *colors[1:]])
    axes.bar_label(bars, fmt="%.4f", fontsize=7, padding=2)
    axes.axvline(values[0], color="C2", linewidth=0.8)
    axes.set(xlabel="mean loss", xlim=(0, 36))
    axes.tick_params(labelsize=7)
    axes.invert_yaxis()
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "data": data_figure,
    "neighbors": neighbors_figure,
    "losses": losses_figure,
    "gradients": gradients_figure,
    "graphs": graph_figure,
    "activations": activations_figure,
    "layers": layers_figure,
    "normalization": normalization_figure,
    "optimizers": optimizers_figure,
    "training": training_figure,
    "architectures": architectures_figure,
    "visualize_filters": network_figures.filters_figure,
    "visualize_maps": network_figures.maps_figure,
    "visualize_exciting": network_figures.exciting_figure,
    "visualize_tsne": network_figures.tsne_figure,
    "visualize_occlusion": network_figures.occlusion_figure,
    "visualize_histograms": network_figures.histograms_figure,
    "visualize_losses": lambda: visualize.draw_loss_curves(
        network_figures.trained()[1].curves, window=10
    ),
    "visualize_ratios": lambda: visualize.draw_ratio_curves(network_figures.trained()[1].curves),
    "misconceptions": misconceptions_figure,
}


def main(arguments: list[str] | None = None) -> None:
    """Write the named figures, or all of them, as FOLDER/NAME.png."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - FIGURES.keys()
    if unknown:
        parser.error(f"unknown figures: {', '.join(sorted(unknown))}")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name in chosen.names or FIGURES:
        # Without the library's version in the file, the same picture is the same bytes.
        FIGURES[name]().savefig(chosen.folder / f"{name}.png", dpi=DPI, metadata={"Software": None})


if __name__ == "__main__":
    main()
