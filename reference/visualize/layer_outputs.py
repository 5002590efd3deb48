"""Plain functions from images to a layer's output, made of numpy and torch networks.

Everything in this package takes a function from images (N, C, H, W) to an array. These two make
one of a network and the name of a layer; any other function will do as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.architectures.numpy_network import NumpyNetwork
from reference.arrays import FloatArray, check_choice
from reference.layers.validation import as_images
from reference.training import Parameters

if TYPE_CHECKING:
    from torch import nn

LayerOutput: TypeAlias = Callable[[ArrayLike], FloatArray]
"""Maps images (N, C, H, W) to the activations of a layer, (N, M) or (N, F, H, W)."""


def numpy_layer(network: NumpyNetwork, parameters: Parameters, layer: str) -> LayerOutput:
    """Return the function from images to the output of a named layer at test time.

    Raises ValueError: a layer that the network does not have.
    """
    names = [name for name, _ in network.layers]
    check_choice(layer, "layer", names)
    front = NumpyNetwork(network.layers[: names.index(layer) + 1], network.input_shape)

    def output(images: ArrayLike) -> FloatArray:
        return front.scores(parameters, images)

    return output


def torch_layer(network: nn.Module, layer: str = "") -> LayerOutput:
    """Return the function from images to the output of a named submodule at test time.

    `layer` is a name as in `network.named_modules()`; "" is the network's own output. Images are
    converted to the dtype and device of the network's parameters, nothing is differentiated, and
    dropout and batch normalization work as at test time; their mode is set back afterwards. Of a
    layer that runs several times, the last output is returned.

    Raises ValueError: a layer that the network does not have, or that did not run.
    """
    modules = dict(network.named_modules())
    check_choice(layer, "layer", modules)

    def output(images: ArrayLike) -> FloatArray:
        return _run(network, modules[layer], as_images(images, "images"))

    return output


def _run(network: nn.Module, module: nn.Module, images: FloatArray) -> FloatArray:
    import torch

    seen: list[torch.Tensor] = []

    def keep(_module: nn.Module, _inputs: Any, result: torch.Tensor) -> None:
        # Copied: a ReLU that works in place would otherwise change what is kept here.
        seen[:] = [result.detach().clone()]

    like = next(network.parameters(), torch.empty(0))
    batch = torch.as_tensor(np.ascontiguousarray(images)).to(like.device, like.dtype)
    modes = {each: each.training for each in network.modules()}
    hook = module.register_forward_hook(keep)
    try:
        network.eval()
        with torch.no_grad():
            network(batch)
    finally:
        hook.remove()
        for each, mode in modes.items():
            each.training = mode
    if not seen:
        raise ValueError("the layer must run in the network's forward pass, got no output of it")
    result: FloatArray = seen[0].cpu().numpy()
    return result
