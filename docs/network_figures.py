"""The figures of the visualization page: a small network trained on the digits, looked into."""

from functools import cache, partial

import numpy as np
from matplotlib.figure import Figure

from reference import init, losses, optim, training, visualize
from reference.architectures import numpy_layers
from reference.architectures.numpy_network import NumpyNetwork
from reference.arrays import FloatArray
from reference.data import loaders, preprocessing
from reference.data.splits import train_validation_test

FILTERS = 8


def rng(seed: int = 0) -> np.random.Generator:
    """A new generator: the figures do not depend on the order in which they are made."""
    return np.random.default_rng(seed)


@cache
def digits() -> tuple[training.Examples, training.Examples]:
    """Scikit-learn's digits, 0 to 1: 1,200 to train on, 300 to validate."""
    loaded = loaders.load_digits()
    split = train_validation_test(1500, validation=0.2, test=0.0, rng=rng())
    train, validation = (
        training.Examples(loaded.images[part] / 16, loaded.labels[part])
        for part in (split.train, split.validation)
    )
    return train, validation


def centred(images: FloatArray) -> FloatArray:
    """Subtract the training mean."""
    return preprocessing.Centering.fit(digits()[0].images).transform(images)


@cache
def trained(
    regularization: float = 0.0, epochs: int = 12
) -> tuple[NumpyNetwork, training.TrainingResult]:
    """A small convolutional network, trained on the centred digits."""
    network = NumpyNetwork(
        layers=(
            ("conv1", numpy_layers.Convolution(FILTERS, 5, padding=2)),
            ("relu1", numpy_layers.Activation("relu")),
            ("pool1", numpy_layers.Pool(2, "max")),
            ("conv2", numpy_layers.Convolution(16, 3, padding=1)),
            ("relu2", numpy_layers.Activation("relu")),
            ("flatten", numpy_layers.Flatten()),
            ("fc1", numpy_layers.Affine(32)),
            ("relu3", numpy_layers.Activation("relu")),
            ("fc2", numpy_layers.Affine(10)),
        ),
        input_shape=(1, 8, 8),
    )
    solver = training.Solver(
        learning_rate=0.03,
        rule=partial(optim.momentum, mu=0.9),
        epochs=epochs,
        batch_size=50,
        regularization=regularization,
    )
    train, validation = (training.Examples(centred(each.images), each.labels) for each in digits())
    return network, training.train(network, train, validation, solver=solver, rng=rng())


def filters_figure() -> Figure:
    """The first layer before and after training, with and without regularization."""
    network, result = trained()
    kinds = {
        "at the start": network.initialize(rng())["conv1.weight"],
        "trained": result.parameters["conv1.weight"],
        "trained, regularization 0.01": trained(0.01, 30)[1].parameters["conv1.weight"],
    }
    figure = visualize.draw_filters(np.concatenate(list(kinds.values())), columns=FILTERS)
    lines = [
        f"{name}: roughness {visualize.roughness(each).mean():.2f}" for name, each in kinds.items()
    ]
    figure.axes[0].set_title("\n".join(lines), fontsize=9)
    return figure


def maps_figure() -> Figure:
    """Activation maps of one digit; two filters were killed by a bias of -10."""
    network, result = trained()
    parameters = dict(result.parameters)
    parameters["conv1.bias"] = parameters["conv1.bias"] - 10.0 * np.isin(range(FILTERS), (2, 5))
    maps = visualize.numpy_layer(network, parameters, "relu1")(centred(digits()[1].images))
    dead = visualize.unit_activity(maps).dead
    return visualize.draw_activation_maps(maps[0], dead=dead, columns=4, title="dead: red")


def exciting_figure() -> Figure:
    """The digits that excite three units of the hidden layer most."""
    network, result = trained()
    images = digits()[1].images
    hidden = visualize.numpy_layer(network, result.parameters, "relu3")(centred(images))
    alive = np.flatnonzero(visualize.unit_activity(hidden).active)[:3]
    units = [visualize.most_exciting(hidden, int(unit), count=8) for unit in alive]
    return visualize.draw_exciting(images, units)


def tsne_figure() -> Figure:
    """Hidden codes of 144 digits in the plane, each in a cell of its own."""
    network, result = trained()
    images = digits()[1].images[:144]
    codes = visualize.numpy_layer(network, result.parameters, "relu3")(centred(images))
    places = visualize.tsne(codes, perplexity=20, rng=rng())
    return visualize.draw_embedding(images, visualize.grid_layout(places))


def occlusion_figure() -> Figure:
    """Where the network looks to see a digit."""
    network, result = trained()
    examples = digits()[1]
    image, label = examples.images[5], int(examples.labels[5])

    def probability(images: FloatArray) -> FloatArray:
        return losses.softmax(network.scores(result.parameters, centred(images)))[:, label]

    heat = visualize.occlusion_map(probability, image, patch=3)
    return visualize.draw_heat_map(heat, image=image, title=f"fall of P({label})")


def histograms_figure() -> Figure:
    """Activations of ten tanh layers from weights of std 0.01."""
    outputs = init.layer_activations(
        rng().standard_normal((300, 300)),
        activation="tanh",
        initializer=init.small_random,
        rng=rng(),
    )
    named = {f"layer {number}": each for number, each in enumerate(outputs, 1)}
    return visualize.draw_activation_histograms(visualize.activation_histograms(named, bins=41))
